"""Operations of no length at one moment: times give them no order, links and set-ups do."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.scheduling.mixed_problems import best_by_enumeration, in_levels, mixed_case
from tests.scheduling.replan_cases import FEW, by_work, planned
from tests.scheduling.workloads import on, resource, work, workload

from manyworks.model import Link
from manyworks.scheduling import check
from manyworks.scheduling.dispatch.dispatching import dispatch
from manyworks.scheduling.dispatch.rules import rules
from manyworks.scheduling.engine.state import order_of
from manyworks.scheduling.engine.sweep import solution_of, state_of
from manyworks.scheduling.problem.builder import ProblemBuilder
from manyworks.scheduling.problem.checking import check_solution, goals_of
from manyworks.scheduling.problem.data import Objective, Solution
from manyworks.scheduling.problem.tables import FROZEN
from manyworks.scheduling.promising import Promiser
from manyworks.scheduling.replanning import replan
from manyworks.scheduling.solvers.process import RemoteCpSat
from manyworks.scheduling.solvers.support import is_installed

SEEDS = st.integers(0, 2**32)
SOME = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
HOPED_FOR = {"scheduling.check.deadline", "scheduling.check.frozen-moved"}
needs_ortools = pytest.mark.skipif(not is_installed(), reason="OR-Tools is not installed")
COLOURS = ("red", "blue", "green")


def instants(families, starts, *, changes, links=(), machines=None):
    """Operations of no length on machines set up for red, with a set-up of 9 s where none is stated."""
    b = ProblemBuilder("moments")
    rows = [b.add_resource(f"m{i}", setups=changes, family="red") for i in range(max(machines or [0]) + 1)]
    for number, family in enumerate(families):
        operation = b.add_operation(b.add_job(f"j{number}"), f"o{number}")
        b.add_mode(operation, rows[machines[number] if machines else 0], 0, setup=9, family=family)
    for one, other in links:
        b.add_precedence(one, other)
    at = np.array(starts, dtype=np.int64)
    modes = np.arange(len(at), dtype=np.int64)
    return b.build(), Solution(modes, at, at.copy(), np.zeros_like(at))


def chain(*colours):
    """Set-ups that take no time only from each colour to the next."""
    return dict.fromkeys(zip(("red", *colours), colours, strict=False), 0)


def test_an_order_is_found_in_which_the_stated_set_ups_come_about():
    data, made = instants(("green", "blue"), (5, 5), changes=chain("blue", "green"))
    assert check_solution(data, made) == ()
    assert order_of(data.tables, made).tolist() == [1, 0]


def test_what_comes_last_at_one_moment_suits_what_comes_first_at_the_next():
    families, changes = ("green", "blue", "grey", "black"), chain("blue", "green", "black", "grey")
    data, made = instants(
        families, (5, 5, 8, 8), changes={**changes, ("red", "green"): 0, ("green", "blue"): 0}
    )
    assert check_solution(data, made) == ()
    assert order_of(data.tables, made).tolist() == [1, 0, 3, 2]


def test_the_order_on_one_machine_follows_from_links_by_way_of_another():
    data, made = instants(
        ("blue", "blue", "blue"),
        (5, 5, 5),
        changes=chain("blue"),
        links=[(2, 1), (1, 0)],
        machines=(0, 1, 0),
    )
    assert check_solution(data, made) == ()
    assert order_of(data.tables, made).tolist() == [2, 1, 0]


@SOME
@given(SEEDS, st.sampled_from((0.3, 0.7)))
def test_a_valid_solution_full_of_instants_is_taken_over_and_ends_no_later(seed, instant):
    data, made = mixed_case(Random(seed), 14, instant=instant)
    assert check_solution(data, made) == ()
    again = solution_of(state_of(data.tables, made))
    assert check_solution(data, again) == ()
    assert np.all(again.end <= made.end)


@SOME
@given(SEEDS, st.integers(0, len(rules()) - 1))
def test_rules_keep_links_and_set_ups_of_instants(seed, number):
    data, _ = mixed_case(Random(seed), 12, instant=0.7)
    made = dispatch(data, rules()[number])
    broken = {one.code for one in check_solution(data, made)} - HOPED_FOR
    if np.any(data.tables.operations["flags"] & FROZEN):
        broken -= {"scheduling.check.link"}
    assert broken == set()


def test_what_something_frozen_waits_for_goes_ahead_of_it_at_the_same_moment():
    b = ProblemBuilder("frozen")
    mill = b.add_resource("mill", setups={("red", "blue"): 0, ("blue", "green"): 0}, family="red")
    job = b.add_job("order")
    first, second, third = (
        b.add_operation(job, f"o{i}", release=release) for i, release in enumerate((30, 0, 0))
    )
    for operation, family, run in ((first, "blue", 0), (second, "green", 0), (third, "grey", 7)):
        b.add_mode(operation, mill, run, setup=9, family=family)
    b.freeze(second, 30)
    b.add_precedence(first, second)
    data = b.build()
    for rule in rules():
        assert check_solution(data, dispatch(data, rule)) == ()


def test_a_set_up_at_the_beginning_does_not_look_into_the_matrix_of_another_machine():
    b = ProblemBuilder("matrices")
    wide = {(f"c{i}", f"c{j}"): 1 for i in range(6) for j in range(6) if i != j}
    machines = [b.add_resource("wide", setups=wide), b.add_resource("small", setups={("c0", "c1"): 5})]
    for number, (machine, family) in enumerate(((0, "c5"), (1, "c0"), (1, "c1"))):
        operation = b.add_operation(b.add_job(f"j{number}"), f"o{number}")
        b.add_mode(operation, machines[machine], 0, family=family)
    none = np.zeros(3, dtype=np.int64)
    assert check_solution(b.build(), Solution(np.arange(3), none, none, none)) == ()


def load_of(random):
    """A workload with many works of no length; every machine is set up for something."""
    machines = [
        resource(
            f"m{i}",
            setups={(a, b): random.randint(0, 9) for a in COLOURS for b in COLOURS if random.random() < 0.4},
        )
        for i in range(random.randint(1, 2))
    ]
    names = [f"k{i}" for i in range(random.randint(2, 8))]
    random.shuffle(names)
    works = [
        work(
            name,
            *(mode_of(random) for _ in range(random.randint(1, 2))),
            after=[Link(before=one) for one in random.sample(names[:i], min(i, random.randint(0, 2)))],
            release_s=random.choice((0, 0, 10)),
            due_s=random.choice((None, random.randint(0, 60))),
            order=f"order {i % 3}",
        )
        for i, name in enumerate(names)
    ]
    return workload(works, *machines, *(resource(f"m{i}") for i in range(len(machines), 2)))


def mode_of(random):
    duration = 0 if random.random() < 0.7 else random.randint(1, 20)
    setup = random.choice((0, random.randint(0, 9)))
    return on(f"m{random.randint(0, 1)}", duration, setup_s=setup, family=random.choice(COLOURS))


@pytest.fixture(scope="module")
def remote():
    made = RemoteCpSat()
    yield made
    made.close()


@needs_ortools
@pytest.mark.parametrize("seed", range(8))
def test_exact_optima_with_instants_are_those_of_enumeration(remote, seed):
    data, _ = mixed_case(Random(seed), 6, shifted=False, instant=0.7)
    answer = remote.ask(data, seconds=20.0)
    best = best_by_enumeration(data)
    assert check_solution(data, answer.solution) == ()
    assert in_levels(data.objective, goals_of(data, answer.solution)) == pytest.approx(best[0])


@needs_ortools
def test_exact_search_puts_nothing_ahead_of_what_it_waits_for(remote):
    b = ProblemBuilder("against", Objective(levels=({"setup": 1.0},)))
    saw = b.add_resource("saw", setups={("red", "green"): 0, ("green", "blue"): 0}, family="red")
    job = b.add_job("order")
    for number, family in enumerate(("blue", "green")):
        b.add_mode(b.add_operation(job, f"o{number}"), saw, 0, setup=9, family=family)
    b.add_precedence(0, 1)
    assert remote.ask(b.build(), seconds=20.0).bound == 18


@needs_ortools
def test_exact_search_sets_no_pair_up_by_each_other(remote):
    b = ProblemBuilder("circle", Objective(levels=({"setup": 1.0},)))
    machines = [b.add_resource("saw"), b.add_resource("mill")]
    for number, setup in enumerate((5, 2)):
        operation = b.add_operation(b.add_job(f"j{number}"), f"o{number}")
        b.add_mode(operation, machines[0], 0, setup=setup, family="red")
        b.add_mode(operation, machines[1], 0, setup=9, family="red")
    assert remote.ask(b.build(), seconds=20.0).bound == 2


@needs_ortools
def test_exact_search_begins_no_early_set_up_before_what_it_waits_for_on_the_machine(remote):
    b = ProblemBuilder("early")
    saw, job = b.add_resource("saw"), b.add_job("order")
    for number in range(2):
        b.add_mode(b.add_operation(job, f"o{number}", early_setup=bool(number)), saw, 0, setup=5)
    b.freeze(0, 44)
    b.add_precedence(0, 1)
    assert remote.ask(b.build(), seconds=20.0).bound == 49


@SOME
@given(SEEDS)
def test_plans_full_of_instants_check_and_stay_as_they_are_when_planned_again(seed):
    load = load_of(Random(seed))
    made = planned(load)
    assert check(load, made) == ()
    again = replan(load, made, [], 0, stop=FEW)
    assert by_work(again.schedule) == by_work(made)


@SOME
@given(SEEDS)
def test_orders_full_of_instants_are_promised_in_plans_that_check(seed):
    random = Random(seed)
    load = load_of(random)
    made = planned(load)
    names = [f"n{i}" for i in range(3)]
    links = [[] if random.random() < 0.5 else names[:i] for i in range(3)]
    new = [work(name, mode_of(random), after=links[i], order="new") for i, name in enumerate(names)]
    random.shuffle(new)
    promiser = Promiser(load, made)
    for more in ({}, {"give_way_after_s": 20}):
        grown, plan = promiser.accept(promiser.promise(new, not_before_s=random.randint(0, 12), **more))
        assert check(grown, plan) == ()
