"""Small problems with everything mixed: their generator, their enumerated best, and solving them."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from random import Random

import numpy as np
import pytest
from benchmarks.scheduling.mixed import kinds_of
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scheduling.mixed_problems import (
    best_by_enumeration,
    in_levels,
    mixed_case,
    mixed_problem,
)

from manyworks.scheduling.problem.builder import ProblemBuilder
from manyworks.scheduling.problem.checking import check_solution, goals_of
from manyworks.scheduling.problem.data import Objective, Stop

ROOT = Path(__file__).resolve().parents[2]
SEEDS = st.integers(0, 2**32)


def value(data, made):
    return in_levels(data.objective, goals_of(data, made))


def test_every_kind_of_constraint_and_goal_comes_up():
    found = [kinds_of(mixed_problem(Random(seed), 10)) for seed in range(150)]
    kinds = {kind for one in found for kind in one}
    assert kinds == {
        "vehicles",
        "frozen operations",
        "early set-ups",
        "set-ups",
        "calendars",
        "workers or tools",
        "deadlines",
        "goal: tardiness",
        "goals: starts near given ones",
        "goals that waiting never helps",
        "several levels",
    }
    assert all(sum(kind in one for one in found) > 10 for kind in kinds)


def test_equal_seeds_make_equal_problems():
    one, other = mixed_problem(Random(5), 12), mixed_problem(Random(5), 12)
    assert all(np.array_equal(a, b) for a, b in zip(one.tables, other.tables, strict=True))


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS)
def test_the_enumerated_best_is_valid_and_no_worse_than_a_known_schedule(seed):
    data, known = mixed_case(Random(seed), 5)
    best, made = best_by_enumeration(data)
    assert check_solution(data, made) == ()
    assert value(data, made) == pytest.approx(best)
    assert best <= value(data, known)


def one_machine(durations, objective, **more):
    b = ProblemBuilder("one", Objective(levels=(objective,)))
    machine = b.add_resource("saw", setups=more.pop("setups", None))
    job = b.add_job("order")
    for number, duration in enumerate(durations):
        mine = {key: column[number] for key, column in more.items() if key != "family"}
        operation = b.add_operation(job, f"o{number}", **mine)
        b.add_mode(operation, machine, duration, family=more["family"][number] if "family" in more else "")
    return b.build()


def test_enumeration_finds_the_order_of_weighted_shortest_times():
    """Smith 1956: by duration over weight, here 2/3, 3/2, 4/2, 5/1."""
    data = one_machine([5, 2, 4, 3], {"flow": 1.0}, flow_weight=[1.0, 3.0, 2.0, 2.0])
    ends = {1: 2, 3: 5, 2: 9, 0: 14}
    best, made = best_by_enumeration(data)
    assert best == (3.0 * 2 + 2.0 * 5 + 2.0 * 9 + 1.0 * 14,)
    assert made.end.tolist() == [ends[o] for o in range(4)]


def test_enumeration_finds_the_shortest_way_through_set_ups():
    way = {("a", "b"): 1, ("b", "c"): 1, ("c", "d"): 1}
    setups = {(one, other): way.get((one, other), 9) for one in "abcd" for other in "abcd" if one != other}
    data = one_machine([5] * 4, {"setup": 1.0}, family=["c", "a", "d", "b"], setups=setups)
    assert best_by_enumeration(data)[0] == (3.0,)


def test_enumeration_says_when_no_schedule_keeps_all_deadlines():
    assert best_by_enumeration(one_machine([5, 5], {"makespan": 1.0}, deadline=[9, 9])) is None
    assert best_by_enumeration(one_machine([5, 5], {"makespan": 1.0}, deadline=[9, 10])) is not None


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS)
def test_bounds_are_never_above_the_enumerated_best(seed):
    from manyworks.scheduling.bounds import lower_bound

    data = mixed_problem(Random(seed), 5)
    best, _ = best_by_enumeration(data)
    assert lower_bound(data).value <= best[0] + 1e-6


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS)
def test_solving_is_valid_never_below_the_optimum_and_says_when_it_is_there(seed):
    from manyworks.scheduling.solving import solve

    data = mixed_problem(Random(seed), 5, shifted=False)
    best, _ = best_by_enumeration(data)
    result = solve(data, Stop(iterations=1000), seed=1, threads=1)
    assert check_solution(data, result.solution) == ()
    assert result.objective == pytest.approx(value(data, result.solution)[0])
    assert result.objective >= best[0] - 1e-6
    assert result.bound.value <= best[0] + 1e-6
    assert result.status in {"optimal", "feasible"}
    if result.status == "optimal":
        assert result.objective == pytest.approx(best[0])


@pytest.mark.skipif(find_spec("ortools") is None, reason="proofs need OR-Tools")
def test_sixty_problems_are_solved_without_faults_and_mostly_to_the_proven_optimum():
    """In a process of its own: OR-Tools and highspy clash in one."""
    command = [sys.executable, "-m", "benchmarks.scheduling.mixed", "--problems", "60", "--moves", "3000"]
    run = subprocess.run([*command, "--misses"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    rows = [[cell.strip() for cell in line.split("|")] for line in run.stdout.splitlines()]
    table = {cells[1]: cells for cells in rows if len(cells) > 6}
    assert int(table["all"][2]) == 60
    assert int(table["all"][3]) >= 50, "optimum proven"
    equal = float(table["goals that waiting never helps"][6].removesuffix(" %"))
    assert equal >= 95.0, run.stdout
