"""A result as what its page is made of: set-ups, trips, breaks, late ones."""

from __future__ import annotations

import numpy as np
import pytest

from manyworks.cli.schedule_text import Run
from manyworks.cli.schedule_view import view_run
from manyworks.scheduling.instances import Instance
from manyworks.scheduling.problem.builder import ProblemBuilder
from manyworks.scheduling.problem.data import Bound, Result, Solution


def run_of(builder, starts, ends, setups=None, *, mode=None, scale=1):
    """A run of a problem with its operations placed by hand."""
    problem = builder.build()
    total = problem.tables.total
    setups, mode = setups or [0] * total, mode or problem.tables.operations["first_mode"][:-1]
    result = Result(
        problem=problem,
        solution=Solution(*(np.array(column, dtype=np.int64) for column in (mode, starts, ends, setups))),
        objective=float(max(ends)),
        goals={"makespan": max(ends), "moved": 0.0},
        makespan=max(ends),
        bound=Bound(value=1.0, kind="nothing"),
        status="feasible",
        seconds=1.0,
        iterations=1,
        improvements=((0.1, float(max(ends))),),
        checked=True,
    )
    return Run(
        instance=Instance(problem=problem, format="manyworks", scale=scale), result=result, seed=0, threads=1
    )


def add(builder, name, machine, duration, others=(), **more):
    operation = builder.add_operation(builder.add_job(f"job of {name}"), name, **more)
    builder.add_mode(operation, machine, duration, others=others)
    return operation


@pytest.fixture
def builder():
    return ProblemBuilder("by hand")


def bars(view, name):
    (lane,) = [lane for lane in view.lanes if lane.name == name]
    return [(bar.start, bar.end, bar.setup) for bar in lane.bars]


def test_an_early_set_up_lies_before_the_start_on_the_machine_alone(builder):
    saw, anna = builder.add_resource("saw"), builder.add_resource("anna", "worker")
    add(builder, "a", saw, 5, [anna], early_setup=True)
    add(builder, "b", saw, 5, [anna], early_setup=True)
    view = view_run(run_of(builder, [0, 9], [5, 14], [0, 3]))
    assert bars(view, "saw") == [(0, 5, 0), (6, 14, 3)]
    assert bars(view, "anna") == [(0, 5, 0), (9, 14, 0)]


def test_an_ordinary_set_up_is_the_first_part_and_hatched_on_the_machine_alone(builder):
    saw, anna = builder.add_resource("saw"), builder.add_resource("anna", "worker")
    add(builder, "a", saw, 5, [anna])
    view = view_run(run_of(builder, [2], [10], [3]))
    assert bars(view, "saw") == [(2, 10, 3)]
    assert bars(view, "anna") == [(2, 10, 0)]


def test_a_trip_that_stays_where_it_is_takes_no_vehicle(builder):
    builder.set_travel([[0, 4], [4, 0]])
    cart = builder.add_resource("cart", "vehicle")
    add(builder, "stay", cart, 0, carries=True)
    add(builder, "go", cart, 0, carries=True)
    view = view_run(run_of(builder, [3, 6], [3, 10], [0, 2]))
    assert bars(view, "cart") == [(4, 10, 2)]
    (bar,) = view.lanes[0].bars
    assert bar.detail == "go (job of go) on cart: 6 to 10, empty way 2"


def test_work_over_a_break_is_drawn_in_the_stretches_that_are_worked(builder):
    saw = builder.add_resource("saw", intervals=[(0, 10), (15, 40)])
    add(builder, "a", saw, 12, pausable=True)
    view = view_run(run_of(builder, [4], [21]))
    assert view.lanes[0].bars[0].segments == ((4, 10), (15, 21))
    assert view.lanes[0].working == ((0, 10), (15, 40))


def test_late_jobs_come_the_dearest_first(builder):
    saw = builder.add_resource("saw")
    add(builder, "cheap", saw, 5, due=1, weight=1.0)
    add(builder, "dear", saw, 5, due=8, weight=9.0)
    add(builder, "early", saw, 5, due=50)
    view = view_run(run_of(builder, [0, 5, 10], [5, 10, 15]))
    assert [one.operation for one in view.late] == ["dear", "cheap"]
    assert [bar.late for bar in view.lanes[0].bars] == [True, True, False]
    assert (view.due_jobs, len(view.dues)) == (3, 3)


def test_too_many_bars_are_left_to_strips(builder, monkeypatch):
    monkeypatch.setattr("manyworks.cli.schedule_view.MOST_BARS", 2)
    saw = builder.add_resource("saw")
    for number in range(3):
        add(builder, f"a{number}", saw, 5, due=2)
    view = view_run(run_of(builder, [0, 5, 10], [5, 10, 15]))
    assert (view.lanes[0].bars, view.dues) == ((), [])
    assert (view.lanes[0].start.tolist(), view.lanes[0].end.tolist()) == ([0, 5, 10], [5, 10, 15])


def test_values_are_in_the_unit_of_the_file_and_counts_are_not(builder):
    saw = builder.add_resource("saw")
    add(builder, "a", saw, 5)
    run = run_of(builder, [0], [5], scale=2)
    assert (run.goals, run.time(5), run.time(4)) == ({"makespan": 2.5, "moved": 0}, 2.5, 2)
    assert view_run(run).objective == 2.5
