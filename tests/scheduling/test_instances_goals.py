"""Goals as they are written on a command line, and due dates by rule."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.scheduling.errors import SchedulingError
from manyworks.scheduling.instances.goals import (
    job_weights,
    last_operations,
    parse_objective,
    set_due_dates,
    set_objective,
    shortest_work,
)
from manyworks.scheduling.problem.builder import ProblemBuilder
from manyworks.scheduling.problem.data import GOAL_NAMES
from manyworks.scheduling.problem.tables import FOREVER


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("makespan", ({"makespan": 1.0},)),
        ("tardiness,makespan", ({"tardiness": 1.0}, {"makespan": 1.0})),
        ("2*tardiness+0.5*setup, makespan", ({"tardiness": 2.0, "setup": 0.5}, {"makespan": 1.0})),
    ],
)
def test_goals_are_read_in_levels_with_prices(text, levels):
    assert parse_objective(text).levels == levels


@pytest.mark.parametrize(
    "text", ["", "beauty", "makespan,", "makespan,makespan", "-1*makespan", "1e9*flow", "2 * flow"]
)
def test_goals_nobody_knows_or_twice_are_refused(text):
    with pytest.raises(SchedulingError, match="expected goals, each once, out of tardiness"):
        parse_objective(text)


@given(
    levels=st.lists(st.sampled_from(GOAL_NAMES), min_size=1, unique=True),
    prices=st.lists(st.integers(1, 99), min_size=7, max_size=7),
)
def test_what_is_written_is_what_is_asked_for(levels, prices):
    text = ",".join(f"{price}*{goal}" for goal, price in zip(levels, prices, strict=False))
    found = parse_objective(text).levels
    assert found == tuple({goal: float(price)} for goal, price in zip(levels, prices, strict=False))


@pytest.fixture
def tree():
    """Two jobs: a chain of two operations; two parts that are put together, from 5 on."""
    builder = ProblemBuilder("tree")
    machines = [builder.add_resource("one"), builder.add_resource("two")]
    for job, (count, release) in enumerate([(2, 0), (3, 5)]):
        builder.add_job(f"job {job}")
        for step in range(count):
            operation = builder.add_operation(job, f"{job}.{step}", release=release)
            builder.add_mode(operation, machines[0], 10 + step)
            builder.add_mode(operation, machines[1], 20)
    for before, after in [(0, 1), (2, 4), (3, 4)]:
        builder.add_precedence(before, after)
    return builder.build()


def test_the_last_operations_of_a_job_are_those_nothing_of_it_waits_for(tree):
    assert last_operations(tree.tables).tolist() == [1, 4]


def test_work_is_summed_over_shortest_modes(tree):
    assert shortest_work(tree.tables).tolist() == [21, 33]


def test_jobs_are_due_at_their_release_plus_a_multiple_of_their_work_rounded_down(tree):
    made = set_due_dates(tree, "1.3")
    assert made.tables.operations["due"][:-1].tolist() == [FOREVER, 27, FOREVER, FOREVER, 47]
    assert tree.tables.operations["due"][1] == FOREVER


def test_a_factor_is_exact(tree):
    # In binary floating point 21 x 2.3333333333 x ... and the like may fall a hair below a whole number.
    builder = ProblemBuilder("exact")
    machine = builder.add_resource("one")
    builder.add_mode(builder.add_operation(builder.add_job("job"), "work"), machine, 100)
    due = set_due_dates(builder.build(), "1.15").tables.operations["due"][0]
    assert int(due) == 115 == int(100 * Fraction("1.15"))
    assert int(100 * 1.15) == 114


@pytest.mark.parametrize(
    ("jobs", "weights"),
    [
        (10, [4, 4, 2, 2, 2, 2, 2, 2, 1, 1]),
        (15, [4] * 3 + [2] * 9 + [1] * 3),
        (1, [4]),
        (6, [4, 4, 2, 2, 2, 1]),
    ],
)
def test_the_first_fifth_weighs_four_the_last_fifth_one(jobs, weights):
    assert job_weights(jobs).tolist() == weights


def test_flow_weighs_the_last_operation_of_every_job_where_nothing_else_is_said(tree):
    made = set_objective(tree, parse_objective("flow"))
    assert made.tables.operations["flow_weight"][:-1].tolist() == [0, 1, 0, 0, 1]
    assert made.tables.price[GOAL_NAMES.index("flow")] == 1.0
    assert [note.code for note in made.assumptions] == ["scheduling.objective.flow"]


@pytest.mark.parametrize("goal", ["tardiness", "moved", "shift"])
def test_goals_that_nothing_is_measured_against_are_refused(tree, goal):
    with pytest.raises(SchedulingError, match="is asked for" if goal != "moved" else "are|is asked for"):
        set_objective(tree, parse_objective(goal))
