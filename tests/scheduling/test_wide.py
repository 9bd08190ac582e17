"""Search at large scale: valid, never worse, exact in its times, and as good as theory where theory knows."""

from __future__ import annotations

import time
from itertools import count, pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.scheduling.mixed_problems import best_by_enumeration, mixed_problem

from manyworks.scheduling.dispatch.dispatching import dispatch
from manyworks.scheduling.dispatch.rules import rules
from manyworks.scheduling.engine.sweep import state_of, total_cost
from manyworks.scheduling.engine.wide import first_schedule, improve_wide, makespan_bound
from manyworks.scheduling.engine.wide_lists import balance
from manyworks.scheduling.engine.wide_shops import bind_shortest, is_plain, loads_of, make_shop, price_of
from manyworks.scheduling.problem.builder import ProblemBuilder
from manyworks.scheduling.problem.checking import check_solution, goals_of
from manyworks.scheduling.problem.data import GOAL_NAMES, MAKESPAN_ONLY, Objective
from manyworks.scheduling.problem.plain import plain_problem

LOOKS = 400
SEEDS = st.integers(0, 2**32)
SLOW = settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
GOALS = ({"makespan": 1.0}, {"tardiness": 1.0}, {"flow": 1.0}, {"moved": 3.0, "shift": 1.0, "makespan": 1.0})


def cost(data, made):
    goals = goals_of(data, made)
    return sum(price * goals[name] for price, name in zip(data.tables.price, GOAL_NAMES, strict=True))


def network(seed, operations=30, objective=MAKESPAN_ONLY):
    """A plain shop with all it may have: forks and joins, lags, releases, no time at all, due dates."""
    random = Random(seed)
    builder = ProblemBuilder("network", objective)
    machines = [builder.add_resource(f"m{i}") for i in range(random.randint(1, 5))]
    job = builder.add_job("j")
    for o in range(operations):
        builder.add_operation(
            job,
            f"o{o}",
            release=random.choice((0, 0, 0, random.randint(0, 40))),
            due=random.choice((None, random.randint(0, 80))),
            flow_weight=1.0,
        )
        for machine in random.sample(machines, random.randint(1, len(machines))):
            builder.add_mode(o, machine, random.choice((0, random.randint(1, 9), random.randint(1, 9))))
        for before in random.sample(range(o), min(o, random.choice((0, 1, 1, 2)))):
            builder.add_precedence(before, o, random.choice((0, 0, 5)))
        if random.random() < 0.3:
            builder.refer(o, random.randint(0, 50), random.choice(machines))
    return builder.build()


def job_shop(seed, jobs, machines, choices=1):
    rng = np.random.default_rng(seed)
    steps = jobs * machines
    if choices == 1:
        machine = np.concatenate([rng.permutation(machines) for _ in range(jobs)])
    else:
        machine = np.argsort(rng.random((steps, machines)), axis=1)[:, :choices].ravel()
    return plain_problem(
        "shop",
        np.arange(jobs + 1) * machines,
        np.arange(steps + 1) * choices,
        machine,
        rng.integers(1, 100, steps * choices),
        machines,
    )


def asked_at_most(times):
    """Say stop after so many questions."""
    left = iter(range(times))
    return lambda: next(left, None) is None


@SLOW
@given(SEEDS)
def test_the_first_schedule_of_any_plain_shop_holds(seed):
    data = network(seed)
    assert is_plain(data.tables)
    assert check_solution(data, first_schedule(data)) == ()


@SLOW
@given(SEEDS, st.sampled_from(GOALS))
def test_improvement_hands_over_ever_better_schedules_that_hold(seed, goals):
    data = network(seed, objective=Objective(levels=(goals,)))
    start, offers = first_schedule(data), []
    end = improve_wide(data, start, asked_at_most(150), offer=lambda made, at: offers.append((made, at)))
    for made, at in offers:
        assert check_solution(data, made) == ()
        assert at == pytest.approx(cost(data, made))
    falling = [price_of(data.tables, start), *(at for _, at in offers)]
    assert all(a > b for a, b in pairwise(falling))
    assert cost(data, end) == pytest.approx(falling[-1])


@settings(SLOW, max_examples=20)
@given(SEEDS)
def test_no_schedule_ends_before_the_bound(seed):
    data = network(seed, operations=5)
    if data.tables.total * len(data.tables.modes) > 120:
        return
    best = best_by_enumeration(data)
    assert best is not None
    assert makespan_bound(data.tables) <= best[0][0]


@pytest.mark.parametrize("choices", [1, 3])
def test_what_exchanges_leave_behind_is_timed_exactly(choices):
    data = job_shop(1, 40, 12, choices)
    began = time.monotonic()
    made = improve_wide(data, first_schedule(data), lambda: time.monotonic() > began + 1.0)
    assert check_solution(data, made) == ()
    # The evaluator, which moves all to the left, cannot make it shorter by more than gaps it holds.
    assert total_cost(data.tables, state_of(data.tables, made)) <= made.end.max()


@pytest.mark.parametrize("seed", range(3))
def test_with_many_jobs_a_machine_the_busiest_machine_is_never_idle(seed):
    # Theory: for many jobs on few machines the optimum is the load of the busiest machine.
    data = job_shop(seed, 150, 6)
    looks = count()
    made = improve_wide(data, first_schedule(data), lambda: next(looks) > 25 * LOOKS)
    loads = np.bincount(data.tables.modes["machine"][:-1], weights=data.tables.modes["duration"][:-1])
    assert made.end.max() == loads.max()


def test_exchanges_go_far_below_what_list_scheduling_finds_on_square_shops():
    data = job_shop(4, 40, 40)
    start, looks = first_schedule(data), count()
    made = improve_wide(data, start, lambda: next(looks) > LOOKS)
    assert made.end.max() < 0.93 * start.end.max()


def test_the_same_seed_gives_the_same_answer_with_one_thread_or_two():
    data = job_shop(7, 60, 60)
    found = []
    for threads in (1, 2):
        offers, late = [], time.monotonic() + 15.0
        made = improve_wide(
            data,
            first_schedule(data),
            lambda offers=offers, late=late: len(offers) >= 12 or time.monotonic() > late,
            seed=3,
            threads=threads,
            offer=lambda made, at, offers=offers: offers.append(at),
        )
        found.append((made, offers))
    assert found[0][1] == found[1][1]
    assert np.array_equal(found[0][0].start, found[1][0].start)


@pytest.mark.parametrize("seed", range(3))
def test_balance_brings_all_machines_near_the_mean(seed):
    data = job_shop(seed, 100, 20, choices=3)
    shop = make_shop(data.tables)
    bind_shortest(shop)
    loads = loads_of(shop, 20)
    mean = loads.mean()
    balance(shop, loads, np.ones(20), float(mean), 20)
    assert np.array_equal(loads, loads_of(shop, 20))
    assert loads.max() < 1.05 * mean


def test_idle_machines_take_the_quickest_mode():
    data = job_shop(1, 2, 20, choices=3)
    shop = make_shop(data.tables)
    bind_shortest(shop)
    quickest = shop.steps["duration"].copy()
    loads = loads_of(shop, 20)
    balance(shop, loads, np.ones(20), float(loads.max()) * 10, 20)
    assert np.array_equal(shop.steps["duration"], quickest)


@SLOW
@given(SEEDS)
def test_problems_that_are_not_plain_are_not_made_worse(seed):
    data = mixed_problem(Random(seed), 10)
    start = dispatch(data, rules()[7])
    made = improve_wide(data, start, asked_at_most(60))
    assert cost(data, made) <= cost(data, start)


def test_nothing_to_do_is_no_trouble():
    data = plain_problem("empty", np.array([0]), np.array([0]), np.array([]), np.array([]), 3)
    made = first_schedule(data)
    assert improve_wide(data, made, lambda: False).start.size == 0
