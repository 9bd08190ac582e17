"""``manyworks schedule``."""

from __future__ import annotations

import json
import signal
import sys
from itertools import pairwise
from types import ModuleType

import pytest

from manyworks.cli.arguments import build_parser
from manyworks.scheduling.instances import FORMATS

FLEXIBLE = "3 2\n2 2 0 5 1 6 1 1 3\n2 1 1 4 2 0 7 1 8\n1 1 0 2\n"
SHOP = {
    "name": "bench",
    "calendars": {"day": [[0, 30], [50, 80], [100, 500]]},
    "resources": [
        {"name": "lathe <1>", "calendar": "day", "setups": [["steel", "brass", 4], ["brass", "steel", 6]]},
        {"name": "anna", "kind": "worker"},
    ],
    "jobs": ["knob", "pin"],
    "operations": [
        {
            "name": f"{job} {step}",
            "job": job,
            "due": due,
            "pausable": True,
            "modes": [
                {"machine": "lathe <1>", "others": ["anna"], "duration": 12, "setup": 3, "family": family}
            ],
        }
        for job, family, due in (("knob", "brass", 20), ("pin", "steel", 400))
        for step in range(2)
    ],
    "precedence": [{"before": "knob 0", "after": "knob 1"}, {"before": "pin 0", "after": "pin 1"}],
    "objective": [{"tardiness": 1}, {"makespan": 1}],
}


@pytest.fixture
def flexible(tmp_path):
    path = tmp_path / "shop.txt"
    path.write_text(FLEXIBLE)
    return path


@pytest.fixture
def shop(tmp_path):
    path = tmp_path / "bench.json"
    path.write_text(json.dumps(SHOP))
    return path


def test_formats_are_spelled_as_the_readers_spell_them():
    parsed = [build_parser().parse_args(["schedule", "x", "--format", one]).format for one in FORMATS]
    assert parsed == list(FORMATS)


def test_a_benchmark_is_scheduled_and_told(run, flexible):
    code, said, findings = run("schedule", flexible, "--iterations", 300)
    assert code == 0
    rows = dict(line.split(None, 1) for line in said.splitlines())
    assert rows["instance"] == "shop (fjsp)"
    assert rows["operations"] == "5 in 3 jobs"
    assert rows["machines"] == "2"
    assert rows["status"] in {"optimal, checked", "feasible, checked"}
    assert float(rows["makespan"]) == float(rows["objective"].split()[0]) >= float(rows["bound"].split()[0])
    assert "error" not in findings


def test_the_json_holds_every_operation_and_how_good_it_is(run, flexible, tmp_path):
    code, *_ = run(
        "schedule", flexible, "--iterations", 300, "--seed", 5, "--threads", 1, "--json", tmp_path / "o.json"
    )
    assert code == 0
    found = json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))
    assert found["checked"] is True
    assert (found["format"], found["seed"], found["threads"]) == ("fjsp", 5, 1)
    assert found["objective"] == found["makespan"] == found["goals"]["makespan"]
    assert found["bound"] <= found["objective"]
    assert found["improvements"][-1][1] == found["objective"]
    assert [one["operation"] for one in found["assignments"]] == [
        *("operation 0.0", "operation 0.1", "operation 1.0", "operation 1.1", "operation 2.0")
    ]
    by_machine = {}
    for one in found["assignments"]:
        by_machine.setdefault(one["machine"], []).append((one["start"], one["end"]))
    for held in by_machine.values():
        held.sort()
        assert all(end <= start for (_, end), (start, _) in pairwise(held))
    assert max(one["end"] for one in found["assignments"]) == found["makespan"]
    assert found["assignments"][0]["job"] == found["assignments"][1]["job"] == "job 0"
    assert found["assignments"][0]["end"] <= found["assignments"][1]["start"]


def test_a_document_written_in_many_pieces_misses_nothing(run, flexible, tmp_path, monkeypatch):
    run("schedule", flexible, "--iterations", 50, "--threads", 1, "--json", tmp_path / "whole.json")
    monkeypatch.setattr("manyworks.cli.schedule_text.PIECE", 2)
    run("schedule", flexible, "--iterations", 50, "--threads", 1, "--json", tmp_path / "pieces.json")
    whole, pieces = (json.loads((tmp_path / name).read_text()) for name in ("whole.json", "pieces.json"))
    assert pieces["assignments"] == whole["assignments"]
    assert len(pieces["assignments"]) == 5


def test_equal_seeds_give_equal_json_but_for_the_clock(run, flexible, tmp_path):
    for name in ("a", "b"):
        run("schedule", flexible, "--iterations", 200, "--threads", 1, "--json", tmp_path / name)
    a, b = (json.loads((tmp_path / name).read_text()) for name in ("a", "b"))
    assert a["assignments"] == b["assignments"]
    assert [value for _, value in a["improvements"]] == [value for _, value in b["improvements"]]


def test_json_alone_goes_to_standard_output(run, flexible):
    code, said, _ = run("schedule", flexible, "--iterations", 50, "--json", "-")
    assert code == 0
    assert len(json.loads(said)["assignments"]) == 5


def test_a_shop_of_ones_own_is_scheduled_within_its_hours_and_drawn(run, shop, tmp_path):
    code, said, _ = run(
        "schedule", shop, "--iterations", 200, "--json", tmp_path / "o.json", "--gantt", tmp_path / "o.html"
    )
    assert code == 0
    assert "1, 1 worker" in said
    found = json.loads((tmp_path / "o.json").read_text())
    assert found["levels"] == [{"tardiness": 1}, {"makespan": 1}]
    for one in found["assignments"]:
        assert one["others"] == ["anna"]
        assert any(start <= one["start"] < end for start, end in SHOP["calendars"]["day"])
    page = (tmp_path / "o.html").read_text(encoding="utf-8")
    assert "lathe &lt;1&gt;" in page
    assert "lathe <1>" not in page
    assert "http" not in page.replace("http://www.w3.org", "")
    assert page.count('class="set-up"') >= 2


def test_the_work_of_a_plan_is_searched_again(run, orders, network, tmp_path):
    assert run("plan", orders, "--network", network, "--out", tmp_path / "out")[0] == 0
    plan = json.loads((tmp_path / "out" / "plan.json").read_text())
    code, said, _ = run(
        "schedule", tmp_path / "out" / "plan.json", "--iterations", 50, "--json", tmp_path / "o.json"
    )
    assert code == 0
    assert "workload (plan)" in said
    found = json.loads((tmp_path / "o.json").read_text())
    assert {one["operation"] for one in found["assignments"]} == {work["id"] for work in plan["works"]}
    assert found["levels"] == [{"tardiness": 1.0}, {"makespan": 1.0}]


def test_due_dates_by_factor_ask_for_tardiness(run, flexible, tmp_path):
    code, said, _ = run(
        "schedule", flexible, "--iterations", 100, "--due-factor", "1.0", "--json", tmp_path / "o.json"
    )
    assert code == 0
    found = json.loads((tmp_path / "o.json").read_text())
    assert found["levels"] == [{"tardiness": 1.0}, {"makespan": 1.0}]
    ends = {one["job"]: one["end"] for one in found["assignments"]}
    weights, dues = {"job 0": 4, "job 1": 2, "job 2": 2}, {"job 0": 8, "job 1": 11, "job 2": 2}
    late = sum(weights[job] * max(ends[job] - dues[job], 0) for job in dues)
    assert found["objective"] == late
    assert "tardiness,makespan" in said


def test_goals_are_asked_for_in_levels(run, flexible, tmp_path):
    run(
        "schedule",
        flexible,
        "--iterations",
        100,
        "--objective",
        "flow,2*makespan",
        "--json",
        tmp_path / "o.json",
    )
    found = json.loads((tmp_path / "o.json").read_text())
    ends = {one["job"]: one["end"] for one in found["assignments"]}
    assert found["levels"] == [{"flow": 1.0}, {"makespan": 2.0}]
    assert found["objective"] == sum(ends.values())


def test_times_of_a_layout_with_decimals_are_told_in_the_unit_of_the_file(run, tmp_path):
    (tmp_path / "shop.txt").write_text("1 1 1\n1 1 1 10\n")
    (tmp_path / "trucks_layout1.txt").write_text("0 2.5\n2.5 0\n")
    code, *_ = run("schedule", tmp_path / "shop.txt", "--iterations", 20, "--json", tmp_path / "o.json")
    assert code == 0
    found = json.loads((tmp_path / "o.json").read_text())
    assert (found["format"], found["makespan"]) == ("fjspt", 12.5)
    assert [(one["start"], one["end"]) for one in found["assignments"]] == [(0, 2.5), (2.5, 12.5)]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--iterations", "0"],
        ["--seconds", "0"],
        ["--seconds", "nan"],
        ["--threads", "-1"],
        ["--due-factor", "0"],
        ["--due-factor", "1e3"],
        ["--format", "xml"],
    ],
)
def test_budgets_and_formats_that_make_no_sense_are_refused(run, flexible, arguments):
    assert run("schedule", flexible, *arguments)[0] == 2


def test_everything_wrong_is_told_before_anything_is_searched(run, tmp_path, monkeypatch):
    monkeypatch.setitem(
        sys.modules, "manyworks.scheduling.solving", _solving(lambda *_: pytest.fail("searched"))
    )
    (tmp_path / "bad.txt").write_text("2 1\n0 5 0 x\n0 -1\n")
    code, said, findings = run("schedule", tmp_path / "bad.txt", "--json", tmp_path / "no" / "where.json")
    assert (code, said) == (1, "")
    assert "bad.txt:2: expected numbers, found 'x'" in findings
    assert "where.json: cannot be written" in findings
    code, _, findings = run("schedule", tmp_path / "missing.txt")
    assert code == 1
    assert "is no file" in findings


def test_an_input_is_not_written_over(run, flexible):
    code, _, findings = run("schedule", flexible, "--json", flexible)
    assert code == 1
    assert "belongs to what is read" in findings
    assert flexible.read_text() == FLEXIBLE


def test_goals_nobody_knows_are_refused(run, flexible):
    code, _, findings = run("schedule", flexible, "--objective", "beauty")
    assert code == 1
    assert "expected goals, each once" in findings


def _solving(solve):
    module = ModuleType("manyworks.scheduling.solving")
    module.solve = solve
    return module


def test_ctrl_c_gives_the_best_so_far(run, flexible, tmp_path, monkeypatch):
    from manyworks.scheduling.solving import solve

    def interrupted(data, stop, **more):
        assert not stop.cancelled()
        signal.raise_signal(signal.SIGINT)
        assert stop.cancelled()
        return solve(data, stop, **more)

    usual = signal.getsignal(signal.SIGINT)
    monkeypatch.setitem(sys.modules, "manyworks.scheduling.solving", _solving(interrupted))
    code, said, _ = run("schedule", flexible, "--seconds", "60", "--json", tmp_path / "o.json")
    assert code == 130
    assert json.loads((tmp_path / "o.json").read_text())["status"] in {"stopped", "optimal"}
    assert "checked" in said
    assert signal.getsignal(signal.SIGINT) is usual


def test_a_second_ctrl_c_ends_everything(run, flexible, tmp_path, monkeypatch):
    def stubborn(data, stop, **more):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        pytest.fail("went on")

    monkeypatch.setitem(sys.modules, "manyworks.scheduling.solving", _solving(stubborn))
    code, said, findings = run("schedule", flexible, "--json", tmp_path / "o.json")
    assert (code, said) == (130, "")
    assert "stopped" in findings
    assert not (tmp_path / "o.json").exists()
