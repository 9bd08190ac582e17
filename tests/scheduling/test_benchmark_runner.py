"""The runner of the scheduling benchmarks: what it runs, keeps and reports; rivals obey the checker."""

from __future__ import annotations

import json
from argparse import ArgumentParser

import pytest
from benchmarks.scheduling import report, run
from benchmarks.scheduling.families import FAMILIES, instances
from benchmarks.scheduling.results import append_row, key_of, read_rows, read_table, write_table
from benchmarks.scheduling.rivals import Order, run_contender

JOB_SHOP = "3 3\n0 3 1 2 2 2\n0 2 2 1 1 4\n1 4 2 3 0 1\n"
SETUPS = {"jobs": [[[0, 3]], [[0, 2]], [[0, 2]]], "setup": [[[0, 1, 9], [9, 0, 2], [9, 9, 0]]]}
SETUPS_OPTIMUM = 3 + 1 + 2 + 2 + 2.0
BEST = "file,instance,family,size,objective,lb,ub,lb_source,ub_source,source\n"


@pytest.fixture
def data(tmp_path):
    for folder, name in (("ta", "ta2"), ("ta", "ta10"), ("ta", "ta1"), ("abz", "abz5")):
        (tmp_path / "jsp" / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / "jsp" / folder / f"{name}.txt").write_text(JOB_SHOP)
    (tmp_path / "sdst_jsp").mkdir()
    (tmp_path / "sdst_jsp" / "la21.json").write_text(json.dumps(SETUPS))
    (tmp_path / "bks.csv").write_text(
        BEST
        + "jsp/ta/ta1.txt,ta1,ta,3 x 3,makespan,10,10,,,\n"
        + "jsp/ta/ta2.txt,ta2,ta,3 x 3,makespan,12,11,,,\n"
        + "sdst_jsp/la21.json,la21,tt,3 x 1,makespan,8,10,,Optal-4W-2FDS=10 | CPO-4W=12,\n"
    )
    return tmp_path


def row(**more):
    base = {
        "family": "ta",
        "instance": "ta1",
        "operations": 9,
        "solver": "manyworks",
        "seconds": 30.0,
        "seed": 0,
        "threads": 2,
        "objective": 11.0,
        "bound": 10.0,
        "bound_kind": "",
        "status": "feasible",
        "took": 30.0,
        "found_at": 1.0,
        "moves": 5,
        "late": None,
        "faults": 0,
        "peak_mb": 100.0,
        "note": "",
        "date": "",
    }
    return {**base, **more}


def asked(*arguments):
    parser = ArgumentParser()
    run.add_arguments(parser)
    return parser.parse_args(arguments)


def table_of(rows, data, family="ta"):
    return list(report.write_report([report.outcome_of(FAMILIES[family], rows, data)]))


def test_instances_come_in_the_order_of_their_numbers(data):
    assert [one.name for one in instances(FAMILIES["ta"], data)] == ["ta1", "ta2", "ta10"]


def test_a_sample_takes_every_so_many_th_and_a_pattern_the_names_that_fit(data):
    assert [one.name for one in instances(FAMILIES["ta"], data, sample=2)] == ["ta1", "ta10"]
    assert [one.name for one in instances(FAMILIES["ta"], data, "ta1?,ta2")] == ["ta2", "ta10"]


def test_a_lower_bound_above_the_upper_one_stands_for_both(data):
    known = {one.name: one.known for one in instances(FAMILIES["ta"], data)}
    assert (known["ta2"].upper, known["ta2"].doubtful) == (12.0, True)
    assert (known["ta1"].upper, known["ta1"].doubtful) == (10.0, False)


def test_the_weighted_set_has_three_problems_of_each_shop_that_is_there(data):
    names = [one.name for one in instances(FAMILIES["weighted"], data)]
    assert names == ["abz5 x 1.3", "abz5 x 1.5", "abz5 x 1.6"]


def test_due_dates_of_the_weighted_set_are_rounded_down_and_weights_fall(data):
    problem = instances(FAMILIES["weighted"], data)[0].load()
    last = problem.tables.sinks
    assert problem.tables.operations["due"][last].tolist() == [9, 9, 10]  # of 7, 7 and 8
    assert problem.tables.operations["weight"][last].tolist() == [4.0, 2.0, 2.0]


def test_an_instance_is_run_by_all_before_the_next_begins(data):
    given = asked("--family", "ta", "--data", str(data), "--seeds", "0", "1", "--rivals", "cpsat")
    order = [(one.instance, one.solver, one.seed) for one in run.orders(given)]
    assert order[:3] == [("ta1", "manyworks", 0), ("ta1", "manyworks", 1), ("ta1", "cpsat", 0)]
    assert len(order) == 9


def test_runs_that_are_there_already_are_skipped(data, tmp_path, monkeypatch):
    made = []
    monkeypatch.setattr(
        run, "run_contender", lambda order: made.append(order) or row(instance=order.instance)
    )
    given = asked("--family", "ta", "--data", str(data), "--rivals", "--results", str(tmp_path / "runs"))
    assert run.run(given) == 0
    assert run.run(given) == 0
    assert [one.instance for one in made] == ["ta1", "ta2", "ta10"]


def test_a_broken_schedule_makes_the_series_fail(data, tmp_path, monkeypatch):
    monkeypatch.setattr(run, "run_contender", lambda order: row(faults=1, first_fault="overlap"))
    given = asked("--family", "ta", "--data", str(data), "--rivals", "--results", str(tmp_path / "runs"))
    assert run.run(given) == 1


def test_a_line_that_was_cut_off_is_left_out_and_the_next_one_kept(tmp_path):
    path = tmp_path / "runs.jsonl"
    append_row(path, row())
    path.write_text(path.read_text() + '{"family": "ta", "inst')
    append_row(path, row(seed=1))
    assert [one["seed"] for one in read_rows(path)] == [0, 1]


def test_the_published_table_holds_every_run(tmp_path):
    rows = [row(seed=1), row(), row(solver="cpsat", objective=None, bound=None, took=None)]
    write_table(tmp_path / "all.csv", rows, ["ta"])
    found = read_table(tmp_path / "all.csv")
    assert sorted(map(key_of, found)) == sorted(map(key_of, rows))
    assert {one["solver"]: one["objective"] for one in found} == {"manyworks": 11.0, "cpsat": None}


def test_gaps_are_means_over_seeds_and_the_worst_is_the_worst_run(data):
    line = table_of([row(objective=11.0), row(objective=12.0, seed=1)], data)[4]
    assert (
        line
        == "| Job shop, Taillard | manyworks, 30 s | 1 | 2 | 1 | 15.00 % | 20.00 % (ta1) | 0 | 0 | 0 | 30.0 |"
    )


def test_a_rival_is_compared_on_what_it_did_not_prove(data):
    rows = [
        row(objective=10.0),
        row(objective=10.0, bound=10.0, solver="cpsat", status="optimal"),
        row(instance="ta2", objective=13.0),
        row(instance="ta2", objective=14.0, solver="cpsat"),
        row(instance="ta10", objective=13.0),
        row(instance="ta10", objective=None, solver="cpsat", status="unknown"),
    ]
    line = next(line for line in table_of(rows, data) if "2 of 3" in line)
    assert (
        line == "| Job shop, Taillard | CP-SAT, 30 s | 2 of 3 | 1 | 16.67 % | 8.33 % | 4.17 % | 1 | 0 | 0 |"
    )


def test_a_value_below_a_published_bound_is_told(data):
    assert any("below the published lower bound 10" in line for line in table_of([row(objective=9.0)], data))


def test_published_runs_of_other_solvers_stand_beside_ours(data):
    rows = [row(family="sdst_jsp", instance="la21", objective=11.0, seconds=20.0)]
    lines = table_of(rows, data, "sdst_jsp")
    assert "| manyworks, 20 s | 1 | 11.0 | 10.00 % |" in lines
    assert "| CP Optimizer 22.1, 600 s (published) | 1 | 12.0 | 20.00 % |" in lines


def test_a_rival_proves_a_small_optimum_with_set_ups_and_passes_the_checker(data):
    order = Order(
        data=str(data), family="sdst_jsp", instance="la21", solver="cpsat", seconds=10.0, seed=0, threads=1
    )
    made = run_contender(order)
    assert made["status"] == "optimal", made
    assert (made["objective"], made["bound"]) == (SETUPS_OPTIMUM, SETUPS_OPTIMUM)
    assert made["faults"] == 0
    assert made["peak_mb"] > 10


def test_a_contender_that_fails_is_reported_not_raised(data):
    order = Order(
        data=str(data), family="ta", instance="none", solver="rules", seconds=1.0, seed=0, threads=1
    )
    made = run_contender(order)
    assert (made["status"], made["objective"]) == ("failed", None)
    assert "StopIteration" in made["note"]
