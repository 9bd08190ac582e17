"""Lower bounds against enumeration and theory."""

import time
from itertools import permutations
from random import Random

import numpy as np
import pytest
from tests.scheduling.mixed_problems import best_by_enumeration, mixed_case

from manyworks.scheduling.bounds import lower_bound
from manyworks.scheduling.bounds_sums import least_assignment
from manyworks.scheduling.problem.builder import ProblemBuilder
from manyworks.scheduling.problem.data import Objective
from manyworks.scheduling.problem.plain import plain_problem


def shop(objective=None, machines=1, **resource):
    builder = ProblemBuilder("shop", objective or Objective(levels=({"makespan": 1.0},)))
    return builder, [builder.add_resource(f"M{i}", **resource) for i in range(machines)]


def add(builder, machines, duration, **operation):
    job = builder.add_job(f"J{len(builder.jobs)}")
    made = builder.add_operation(job, f"o{len(builder.operations)}", **operation)
    for machine in machines:
        builder.add_mode(made, machine, duration)
    return made


@pytest.mark.parametrize("seed", range(150))
def test_no_bound_is_above_the_optimum_of_enumeration(seed):
    data, _ = mixed_case(Random(seed), 5, shifted=False)
    best = best_by_enumeration(data)
    assert best is not None
    assert lower_bound(data).value <= best[0][0] + 1e-9


@pytest.mark.parametrize("seed", range(1000, 1100))
def test_no_bound_is_above_a_known_schedule(seed):
    from manyworks.scheduling.problem.checking import goals_of

    data, known = mixed_case(Random(seed), 25)
    goals = goals_of(data, known)
    value = sum(price * goals[name] for name, price in data.objective.levels[0].items())
    assert lower_bound(data).value <= value + 1e-9


def test_most_of_the_small_mixed_problems_are_closed_by_their_bound():
    closed = 0
    for seed in range(60):
        data, _ = mixed_case(Random(seed), 4, shifted=False)
        closed += lower_bound(data).value >= best_by_enumeration(data)[0][0] - 1e-9
    assert closed >= 36


def test_a_machine_alone_counts_its_heads_work_and_tails():
    builder, (machine, other) = shop(machines=2)
    for _ in range(3):
        made = add(builder, [machine], 10, release=5)
        builder.add_precedence(made, add(builder, [other], 4))
    bound = lower_bound(builder.build())
    assert (bound.value, bound.kind) == (39.0, "load of M0")


def test_work_may_be_interrupted_in_the_bound_of_one_machine():
    builder, (machine,) = shop()
    add(builder, [machine], 10)
    add(builder, [machine], 2, release=4)
    assert lower_bound(builder.build()).value == 12.0


def test_machines_share_what_any_of_them_may_do():
    builder, machines = shop(machines=4)
    for _ in range(6):
        add(builder, machines[:2], 10)
    add(builder, machines[2:], 3)
    bound = lower_bound(builder.build())
    assert bound.value == pytest.approx(30.0, abs=1.0)
    assert bound.kind == "shared load of M0, M1"


def test_people_are_a_bottleneck_like_machines():
    builder, machines = shop(machines=3)
    worker = builder.add_resource("ann", "worker")
    for i in range(6):
        made = builder.add_operation(builder.add_job(f"J{i}"), f"o{i}")
        for machine in machines:
            builder.add_mode(made, machine, 5, others=(worker,))
    assert lower_bound(builder.build()).value == 30.0


def test_breaks_delay_the_bound():
    builder, (machine,) = shop(intervals=((0, 8), (24, 32), (48, 56)))
    for _ in range(4):
        add(builder, [machine], 5, pausable=True)
    assert lower_bound(builder.build()).value == 52.0


def test_least_set_ups_are_part_of_the_load():
    builder, (machine,) = shop()
    job = builder.add_job("J")
    for i in range(3):
        builder.add_mode(builder.add_operation(job, f"o{i}"), machine, 10, setup=4, family=f"f{i}")
    assert lower_bound(builder.build()).value == 42.0


def test_equal_families_may_follow_each_other_without_set_up():
    builder, (machine,) = shop()
    job = builder.add_job("J")
    for i in range(3):
        builder.add_mode(builder.add_operation(job, f"o{i}"), machine, 10, setup=4, family="f")
    assert lower_bound(builder.build()).value == 30.0


def test_orders_in_turn_are_late_in_turn():
    builder, (machine,) = shop(Objective(levels=({"tardiness": 2.0},)))
    for _ in range(4):
        add(builder, [machine], 10, due=10, weight=1.0)
    bound = lower_bound(builder.build())
    assert (bound.value, bound.kind) == (120.0, "every order at its earliest, in turn on M0")


def test_weighted_flow_of_one_machine_is_met_by_the_shortest_first():
    builder, (machine,) = shop(Objective(levels=({"flow": 1.0},)))
    for duration in (3, 5, 8):
        add(builder, [machine], duration, flow_weight=1.0)
    assert lower_bound(builder.build()).value == 3 + 8 + 16


@pytest.mark.parametrize("seed", range(20))
def test_the_least_assignment_is_that_of_all_permutations(seed):
    cost = np.random.default_rng(seed).integers(0, 50, (5, 5)).astype(np.float64)
    best = min(sum(cost[i, column] for i, column in enumerate(one)) for one in permutations(range(5)))
    assert least_assignment(cost) == pytest.approx(best)


def test_nothing_to_do_takes_nothing():
    assert lower_bound(ProblemBuilder("empty").build()).value == 0.0


def test_a_million_operations_are_bounded_in_seconds():
    jobs, machines = 1000, 1000
    random = np.random.default_rng(1)
    total = jobs * machines
    data = plain_problem(
        "large",
        np.arange(0, total + 1, machines),
        np.arange(total + 1),
        np.concatenate([random.permutation(machines) for _ in range(jobs)]),
        random.integers(1, 100, total),
        machines,
    )
    lower_bound(mixed_case(Random(1), 5)[0])
    began = time.process_time()
    bound = lower_bound(data)
    assert time.process_time() - began < 4.0
    loads = np.bincount(data.tables.modes["machine"][:-1], data.tables.modes["duration"][:-1])
    assert bound.value >= loads.max()
