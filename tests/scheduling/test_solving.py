"""What `solve` promises: checked results, honest bounds, budgets, equal answers for equal seeds."""

import random
import time
from dataclasses import replace

import numpy as np
import pytest
from tests.scheduling.mixed_problems import mixed_problem

from manyworks.scheduling.errors import SchedulingError
from manyworks.scheduling.problem.builder import ProblemBuilder
from manyworks.scheduling.problem.checking import check_solution, goals_of
from manyworks.scheduling.problem.data import TARDINESS_THEN_MAKESPAN, Objective, Stop
from manyworks.scheduling.solving import solve
from manyworks.scheduling.warming import warm_up


def job_shop(seed, jobs=6, machines=4, objective=None, choices=1):
    rng = random.Random(seed)
    builder = ProblemBuilder("shop", objective or Objective(levels=({"makespan": 1.0},)))
    numbers = [builder.add_resource(f"m{i}") for i in range(machines)]
    for number in range(jobs):
        job, before = builder.add_job(f"j{number}"), None
        order = rng.sample(numbers, machines)
        for step, machine in enumerate(order):
            due = rng.randint(10, 40) if step == machines - 1 else None
            operation = builder.add_operation(job, f"j{number}.{step}", due=due, weight=rng.randint(1, 4))
            others = [one for one in numbers if one != machine]
            for one in [machine, *rng.sample(others, choices - 1)]:
                builder.add_mode(operation, one, rng.randint(1, 9))
            if before is not None:
                builder.add_precedence(before, operation)
            before = operation
    return builder.build()


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one.solution, other.solution, strict=True))


@pytest.mark.parametrize("seed", range(8))
def test_every_result_of_a_mixed_problem_is_checked_and_not_below_its_bound(seed):
    data = mixed_problem(random.Random(seed), 10)
    result = solve(data, Stop(iterations=500), seed=seed)
    assert result.checked
    assert check_solution(data, result.solution) == ()
    assert result.goals == goals_of(data, result.solution)
    assert result.bound.value <= result.objective


@pytest.mark.parametrize("objective", [Objective(levels=({"makespan": 1.0},)), TARDINESS_THEN_MAKESPAN])
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_equal_seeds_threads_and_moves_give_equal_answers(objective, threads):
    data = job_shop(3, jobs=8, machines=5, objective=objective, choices=2)
    one, other = (solve(data, Stop(iterations=3000), seed=5, threads=threads) for _ in range(2))
    assert same(one, other)
    assert one.objective == other.objective


def test_more_moves_are_not_worse():
    data = job_shop(4, jobs=10, machines=6, objective=TARDINESS_THEN_MAKESPAN)
    few, many = (solve(data, Stop(iterations=moves), seed=1) for moves in (20, 20_000))
    assert many.objective <= few.objective


def test_improvements_fall_and_end_at_the_objective():
    result = solve(job_shop(5, jobs=12, machines=8, choices=2), Stop(iterations=5000))
    values = [value for _, value in result.improvements]
    assert values == sorted(values, reverse=True)
    assert len(set(values)) == len(values)
    assert values[-1] == result.objective


def test_a_start_is_never_made_worse():
    data = job_shop(6, jobs=10, machines=6, choices=2)
    good = solve(data, Stop(iterations=20_000), seed=1)
    again = solve(data, Stop(iterations=1), seed=2, start=good.solution)
    assert again.objective <= good.objective


def test_a_time_budget_is_kept():
    data = job_shop(7, jobs=30, machines=15)
    solve(data, Stop(iterations=1))
    began = time.monotonic()
    solve(data, Stop(seconds=0.5))
    assert time.monotonic() - began < 5.0


def test_a_cancelled_search_gives_its_best_and_says_so():
    data = job_shop(8, jobs=30, machines=15, objective=TARDINESS_THEN_MAKESPAN)
    asked = []
    result = solve(data, Stop(seconds=600, cancelled=lambda: len(asked) > 3 or asked.append(1) is not None))
    assert result.status in {"stopped", "optimal"}
    assert result.checked


def test_a_target_ends_the_search():
    data = job_shop(9, jobs=20, machines=10)
    first = solve(data, Stop(iterations=1)).objective
    began = time.monotonic()
    result = solve(data, Stop(seconds=60, objective=first))
    assert result.objective <= first
    assert time.monotonic() - began < 30


def test_a_lower_level_decides_between_equals_of_the_upper():
    builder = ProblemBuilder("levels", Objective(levels=({"tardiness": 1.0}, {"makespan": 1.0})))
    machines = [builder.add_resource("slow"), builder.add_resource("fast")]
    operation = builder.add_operation(builder.add_job("j"), "o", due=100)
    for machine, duration in zip(machines, (50, 20), strict=True):
        builder.add_mode(operation, machine, duration)
    assert solve(builder.build(), Stop(iterations=50)).makespan == 20


def test_small_problems_are_proven_with_time():
    pytest.importorskip("ortools", reason="OR-Tools is not installed")
    data = job_shop(10, jobs=5, machines=3, objective=TARDINESS_THEN_MAKESPAN)
    result = solve(data, Stop(seconds=60))
    assert result.status == "optimal"
    assert result.seconds < 50


@pytest.mark.parametrize("stop", [Stop(seconds=-1.0), Stop(seconds=float("nan")), Stop(iterations=0)])
def test_budgets_that_make_no_sense_are_refused(stop):
    with pytest.raises(SchedulingError) as trouble:
        solve(job_shop(1), stop)
    assert {finding.code for finding in trouble.value.findings} == {"scheduling.budget.bad"}


def test_remarks_of_the_reader_come_with_the_result():
    from manyworks.model import info

    remark = info("scheduling.instance.assumed", "x", "something was assumed")
    data = replace(job_shop(2), assumptions=(remark,))
    assert remark in solve(data, Stop(iterations=5)).notes


def test_the_clock_starts_when_compiled_code_is_loaded(monkeypatch):
    data = job_shop(3)
    warm_up(data)
    monkeypatch.setattr("manyworks.scheduling.solving.warm_up", lambda data: time.sleep(0.5))
    result = solve(data, Stop(iterations=10), threads=1)
    assert result.improvements[0][0] < 0.5


@pytest.mark.parametrize("objective", [Objective(levels=({"makespan": 1.0},)), TARDINESS_THEN_MAKESPAN])
def test_what_a_search_begins_with_is_loaded_once(objective):
    data = job_shop(3, objective=objective)
    warm_up(data)
    began = time.perf_counter()
    warm_up(data)
    assert time.perf_counter() - began < 0.05
