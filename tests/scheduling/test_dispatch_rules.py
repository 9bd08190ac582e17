"""Dispatching by rules: every constraint holds, theory's optimal rules are optimal, nothing is lost."""

from __future__ import annotations

from itertools import pairwise, permutations
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.scheduling.mixed_problems import mixed_case, mixed_problem

from manyworks.scheduling import SchedulingError
from manyworks.scheduling.dispatch.dispatching import best_of_rules, default_attempts, dispatch, improve
from manyworks.scheduling.dispatch.rules import GIVEN, RANDOM, Rule, rules
from manyworks.scheduling.problem.builder import ProblemBuilder
from manyworks.scheduling.problem.checking import check_solution, goals_of
from manyworks.scheduling.problem.data import GOAL_NAMES, Objective
from manyworks.scheduling.problem.tables import FROZEN

SEEDS = st.integers(0, 2**32)
SLOW = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
HOPED_FOR = {"scheduling.check.deadline", "scheduling.check.frozen-moved"}
AS_GIVEN = Rule(name="given", number=GIVEN)


def named(name):
    return next(rule for rule in rules() if rule.name == name)


def cost(data, made):
    goals = goals_of(data, made)
    return sum(price * goals[name] for price, name in zip(data.tables.price, GOAL_NAMES, strict=True))


def broken(data, made):
    """Rules broken, but for those that rules of dispatching can only aim at."""
    allowed = set(HOPED_FOR)
    if np.any(data.tables.operations["flags"] & FROZEN):
        allowed.add("scheduling.check.link")
    return {one.code for one in check_solution(data, made)} - allowed


def test_there_are_fifty_different_rules():
    assert len({rule.name for rule in rules()}) == len(rules()) == 50


@SLOW
@given(SEEDS, st.integers(0, 49))
def test_every_rule_keeps_every_constraint_of_mixed_problems(seed, number):
    data = mixed_problem(Random(seed), 14)
    assert broken(data, dispatch(data, rules()[number])) == set()


@SLOW
@given(SEEDS)
def test_noise_changes_the_order_but_keeps_every_constraint(seed):
    data = mixed_problem(Random(seed), 12)
    rule = Rule(name="random", number=RANDOM)
    assert broken(data, dispatch(data, rule, noise=0.9, seed=seed)) == set()


@SLOW
@given(SEEDS)
def test_placing_by_the_starts_of_a_schedule_never_ends_later(seed):
    data, known = mixed_case(Random(seed), 12)
    if np.any(data.tables.operations["flags"]):
        return
    order = known.start + known.end * 1e-6
    made = dispatch(data, AS_GIVEN, keys=order, modes=known.mode)
    assert np.array_equal(made.mode, known.mode)
    # Set-ups aside, what goes into a gap or as early as it can delays nothing placed after it.
    if not data.tables.changes.size and not data.tables.modes["setup"].any():
        assert np.all(made.end <= known.end)


@SLOW
@given(SEEDS)
def test_fifty_attempts_are_as_good_as_the_best_of_all_rules(seed):
    data = mixed_problem(Random(seed), 8)
    best = cost(data, best_of_rules(data, count=50))
    assert best == pytest.approx(min(cost(data, dispatch(data, rule)) for rule in rules()))


def test_the_same_seed_gives_the_same_answer():
    data = mixed_problem(Random(3), 14)
    one, other = (best_of_rules(data, count=120, seed=5) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@SLOW
@given(SEEDS)
def test_improving_hands_over_ever_better_schedules_that_hold(seed):
    data = mixed_problem(Random(seed), 10)
    start, costs, asked = dispatch(data, rules()[7]), [], iter(range(150))
    end = improve(
        data, start, lambda: next(asked, None) is None, offer=lambda made, at: costs.append((made, at))
    )
    assert all(at == pytest.approx(cost(data, made)) for made, at in costs)
    assert all(a[1] > b[1] for a, b in pairwise(costs))
    assert cost(data, end) <= cost(data, start)
    assert broken(data, end) == set()


def one_machine(jobs, objective):
    """One machine, jobs of (duration, due, weight)."""
    builder = ProblemBuilder("one machine", objective)
    machine = builder.add_resource("m")
    for i, (duration, due, weight) in enumerate(jobs):
        job = builder.add_job(f"j{i}")
        o = builder.add_operation(job, f"o{i}", due=due, weight=weight, flow_weight=weight)
        builder.add_mode(o, machine, duration)
    return builder.build()


def some_jobs(seed):
    random = Random(seed)
    return [(random.randint(1, 9), random.randint(1, 30), random.randint(1, 5)) for _ in range(6)]


def ends_in_order(jobs, order):
    return dict(zip(order, np.cumsum([jobs[i][0] for i in order]).tolist(), strict=True))


@pytest.mark.parametrize("seed", range(6))
def test_weighted_shortest_first_is_optimal_for_weighted_flow_on_one_machine(seed):
    jobs = some_jobs(seed)
    data = one_machine(jobs, Objective(levels=({"flow": 1.0},)))
    made = dispatch(data, named("weighted shortest, serial"))
    least = min(
        sum(jobs[i][2] * end for i, end in ends_in_order(jobs, order).items())
        for order in permutations(range(6))
    )
    assert goals_of(data, made)["flow"] == least


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("rule", ["earliest due date, serial", "operation due date, parallel"])
def test_earliest_due_date_is_optimal_for_the_greatest_lateness_on_one_machine(seed, rule):
    jobs = some_jobs(seed)
    made = dispatch(one_machine(jobs, Objective(levels=({"tardiness": 1.0},))), named(rule))
    least = min(
        max(end - jobs[i][1] for i, end in ends_in_order(jobs, order).items())
        for order in permutations(range(6))
    )
    assert max(end - jobs[i][1] for i, end in enumerate(made.end)) == least


def test_a_parallel_rule_lets_no_machine_wait_for_what_it_could_do():
    builder = ProblemBuilder("non-delay")
    machine, other = builder.add_resource("m"), builder.add_resource("n")
    job = builder.add_job("j")
    first, urgent, patient = (builder.add_operation(job, name) for name in ("first", "urgent", "patient"))
    builder.add_mode(first, other, 2)
    builder.add_mode(urgent, machine, 50)
    builder.add_mode(patient, machine, 5)
    builder.add_precedence(first, urgent)
    made = dispatch(builder.build(), named("most work remaining, parallel"))
    assert made.start.tolist() == [0, 5, 0]


def test_work_without_room_is_named_and_what_only_waits_for_it_is_not():
    builder = ProblemBuilder("short days")
    machine = builder.add_resource("mill", intervals=[(0, 10), (20, 30)])
    job = builder.add_job("j")
    names = ("one", "two", "waits a while", "after")
    one, two, long, after = (builder.add_operation(job, name) for name in names)
    for o, duration in ((one, 8), (two, 8), (long, 8), (after, 1)):
        builder.add_mode(o, machine, duration)
    for before, behind in ((one, two), (two, long), (long, after)):
        builder.add_precedence(before, behind)
    data = builder.build()
    for attempt in (lambda: dispatch(data, rules()[0]), lambda: best_of_rules(data, count=3)):
        with pytest.raises(SchedulingError) as raised:
            attempt()
        (finding,) = raised.value.findings
        assert (finding.code, finding.where) == ("scheduling.horizon.ends", "waits a while")
        assert "'mill'" in finding.message
        assert "30" in finding.message


def test_a_transport_takes_the_goods_to_the_machine_that_ends_them_first():
    builder = ProblemBuilder("carried")
    builder.set_travel([[0, 3, 9], [3, 0, 9], [9, 9, 0]])
    start = builder.add_resource("here", location=0)
    near, far = builder.add_resource("near", location=1), builder.add_resource("far", location=2)
    vehicle = builder.add_resource("truck", "vehicle", location=2)
    job = builder.add_job("j")
    made, carried, done = (
        builder.add_operation(job, "made"),
        builder.add_operation(job, "carried", carries=True),
        builder.add_operation(job, "done"),
    )
    builder.add_mode(made, start, 5)
    builder.add_mode(carried, vehicle, 0)
    builder.add_mode(done, near, 4)
    builder.add_mode(done, far, 2)
    builder.add_precedence(made, carried)
    builder.add_precedence(carried, done)
    data = builder.build()
    found = dispatch(data, rules()[0])
    # The truck comes empty from afar in 9 while the goods are made, then needs 3 to the near machine.
    assert (found.start.tolist(), found.end.tolist()) == ([0, 9, 12], [5, 12, 16])
    assert check_solution(data, found) == ()


def test_without_a_budget_the_number_of_attempts_depends_on_the_size_alone():
    assert default_attempts(10) == 500
    assert default_attempts(1000) == 200
    assert default_attempts(10**7) == 1
