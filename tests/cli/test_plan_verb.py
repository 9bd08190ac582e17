"""``manyworks plan`` and ``manyworks check``."""

from __future__ import annotations

import json

import pytest
from tests.cli.small_shop import ORDERS, TABLES, write_network, write_orders

from manyworks.cli import plans


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A plan on disk, made once: its text, to be written anew for each test."""

    from manyworks.cli import main

    base = tmp_path_factory.mktemp("made")
    orders, network = write_orders(base), write_network(base / "network")
    assert main(["plan", str(orders), "--network", str(network), "--out", str(base / "deep" / "out")]) == 0
    return base / "deep" / "out"


@pytest.fixture
def document(made):
    return json.loads((made / "plan.json").read_text(encoding="utf-8"))


def checked(run, folder, document):
    path = folder / "plan.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return run("check", path)


def test_it_makes_the_folder_and_writes_a_plan_and_a_page(made):
    assert sorted(path.name for path in made.iterdir()) == ["index.html", "plan.json"]
    page = (made / "index.html").read_text(encoding="utf-8")
    assert "first" in page
    assert "second" in page


def test_it_tells_when_each_order_arrives(run, orders, network, tmp_path):
    code, said, findings = run("plan", orders, "--network", network, "--out", tmp_path / "out", "--verbose")
    assert code == 0
    rows = {line.split()[0]: line for line in said.splitlines() if line.strip()}
    assert "2027-01-29" in rows["first"]
    assert "soon" in rows["second"]
    assert "Printer 1" in said
    assert "error" not in findings


def test_the_plan_holds_what_it_says_it_holds(document):
    assert document["format"] == "manyworks-plan/1"
    assert document["currency"] == "GBP"
    assert {order["id"]: order["quantity"] for order in document["orders"]} == {"first": 50, "second": 40}
    for order in document["orders"]:
        assert round(sum(line["amount"] for line in order["lines"]), 2) == order["total"]


def test_a_calendar_is_written_once_for_all_machines_of_a_shop(document):
    used = {resource["calendar"] for resource in document["resources"]}
    assert used == set(document["calendars"]) == {"print-house", "pack-room"}
    assert len(document["resources"]) > len(used)


def test_a_plan_as_made_holds(run, made):
    code, said, findings = run("check", made)
    assert code == 0
    assert said.startswith("holds: ")
    assert findings == ""


def test_work_moved_onto_another_is_found(run, document, tmp_path):
    jobs = {work["id"]: work for work in document["works"]}
    table = [done for done in document["schedule"]["assignments"] if jobs[done["work"]]["item"] == "keyring"]
    one, other = sorted(table, key=lambda done: done["start_s"])[:2]
    shift = one["start_s"] - other["start_s"]
    other["start_s"] += shift
    other["end_s"] += shift
    other["segments"] = [[start + shift, end + shift] for start, end in other["segments"]]
    code, _, said = checked(run, tmp_path, document)
    assert code == 1
    assert any("[scheduling.check.overlap]" in line for line in said.splitlines())


CORRUPTIONS = {
    "a work left out": (lambda d: d["schedule"]["assignments"].pop(), "work-missing"),
    "an order said to be done sooner": (
        lambda d: d["orders"][0].update(finish="2026-11-21T00:00:00+00:00"),
        "document.finish",
    ),
    "a cheaper total": (lambda d: d["orders"][0].update(total=1.0), "document.sum"),
    "an order left out": (lambda d: d["orders"].pop(), "document.order"),
    "a makespan too good": (lambda d: d["schedule"].update(makespan_s=5), "check.makespan"),
    "a shorter calendar": (lambda d: d["calendars"].update({"pack-room": [[0, 9]]}), "check.outside-hours"),
    "a mode nobody has": (lambda d: d["schedule"]["assignments"][0].update(mode=99), "no-such-mode"),
    "a resource left out": (lambda d: d["resources"].pop(0), "unknown-resource"),
    "a resource twice": (lambda d: d["resources"].append(d["resources"][0]), "document.twice"),
    "a text for a time": (lambda d: d["works"][0].update(release_s="soon"), "document.value"),
    "a time that is not finite": (lambda d: d["works"][0].update(weight=float("inf")), "document.value"),
    "a field left out": (lambda d: d["works"][0].pop("links"), "document.missing"),
    "an unknown calendar": (lambda d: d["resources"][0].update(calendar="x"), "document.unknown"),
    "an unknown list of modes": (lambda d: d["works"][0].update(modes="x"), "document.unknown"),
    "an epoch without a zone": (lambda d: d.update(epoch="2026-11-20T00:00:00"), "document.value"),
    "a huge end": (lambda d: d["schedule"]["assignments"][0].update(end_s=2**53), "scheduling.check"),
    "a number beyond all": (lambda d: d["schedule"].update(makespan_s=10**40), "document.value"),
    "another format": (lambda d: d.update(format="plan/9"), "document.format"),
    "orders that are none": (lambda d: d.update(orders=[1, "a", None]), "document.value"),
    "a list for an object": (lambda d: d.update(schedule=[]), "document.value"),
}


@pytest.mark.parametrize(("corrupt", "code"), CORRUPTIONS.values(), ids=CORRUPTIONS.keys())
def test_a_corrupted_plan_is_found(corrupt, code, run, document, tmp_path):
    corrupt(document)
    ended, said, findings = checked(run, tmp_path, document)
    assert ended == 1
    assert said == ""
    assert any(code in line and line.startswith("error: ") for line in findings.splitlines()), findings


@pytest.mark.parametrize("text", ["", "[]", "{", "nul", "[" * 100_000, '{"format": "manyworks-plan/1"}'])
def test_what_is_no_plan_is_told(text, run, tmp_path):
    (tmp_path / "plan.json").write_text(text, encoding="utf-8")
    code, _, said = run("check", tmp_path)
    assert code == 1
    assert "plan.json" in said


def test_a_missing_plan_is_told(run, tmp_path):
    code, _, said = run("check", tmp_path / "none")
    assert code == 1
    assert "none" in said


def test_a_late_order_is_a_warning(run, network, tmp_path):
    orders = write_orders(tmp_path, ORDERS.replace("2027-01-29", "2026-11-21"))
    code, said, findings = run("plan", orders, "--network", network, "--out", tmp_path / "out")
    assert code == 0
    assert any(line.startswith("warning: first: ") for line in findings.splitlines())
    assert " days" in next(line for line in said.splitlines() if line.startswith("first"))


def test_a_file_in_the_way_of_the_folder_is_told_before_planning(run, orders, network, tmp_path, monkeypatch):
    monkeypatch.setattr(plans, "plan", lambda *_, **__: pytest.fail("planned"))
    (tmp_path / "out").write_text("")
    code, _, said = run("plan", orders, "--network", network, "--out", tmp_path / "out")
    assert code == 1
    assert any(line.startswith("error: ") and "is no folder" in line for line in said.splitlines())


def test_nothing_is_written_where_planning_fails(run, orders, network, tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise plans.RequestError([])

    monkeypatch.setattr(plans, "plan", refuse)
    assert run("plan", orders, "--network", network, "--out", tmp_path / "out")[0] == 1
    assert not (tmp_path / "out").exists()


def test_an_order_that_cannot_be_made_is_named_with_its_file(run, orders, product, tmp_path):
    rows = TABLES["capabilities.csv"].splitlines()
    poor = write_network(tmp_path / "poor", capabilities="\n".join(row for row in rows if "final" not in row))
    code, _, said = run("plan", orders, "--network", poor, "--out", tmp_path / "out")
    assert code == 1
    told = [line for line in said.splitlines() if "nobody in the network" in line]
    assert [line.split(": ")[:3] for line in told] == [
        ["error", "orders.toml", "order first"],
        ["error", "orders.toml", "order second"],
    ]
