"""The realistic shop of the benchmarks is possible, busy, late by rules, and the same every time."""

from __future__ import annotations

from collections import Counter
from functools import cache

import numpy as np
import pytest
from benchmarks.scheduling.shop import ShopSize, invent, problem_of
from benchmarks.scheduling.shop_floor import DAY, HOUR, KINDS, WORKING_DAYS
from benchmarks.scheduling.shop_load import balanced_load
from benchmarks.scheduling.shop_orders import Step, change_minutes

from manyworks.model import Mode
from manyworks.scheduling import validate
from manyworks.scheduling.dispatch.dispatching import dispatch
from manyworks.scheduling.dispatch.rules import rules
from manyworks.scheduling.problem.checking import check_solution
from manyworks.scheduling.problem.tables import FOREVER, NONE, PAUSABLE

SEEDS = range(1, 6)
WHOLE = ShopSize()
SMALL = ShopSize(machines=20, people=6, tools=15, operations=200)
GOOD_RULE = "ATCS 8 2, parallel"


@cache
def shop(seed=1, size=WHOLE):
    return invent(size, seed)


@cache
def problem(seed=1, size=WHOLE):
    return problem_of(shop(seed, size), seed)


def orders(made):
    by_order = {}
    for work in made.workload.works:
        by_order.setdefault(work.order, []).append(work)
    return by_order


@pytest.mark.parametrize("seed", SEEDS)
def test_it_has_the_machines_people_tools_and_operations_asked_for(seed):
    made = shop(seed)
    kinds = Counter(one.kind for one in made.workload.resources.values())
    assert kinds == {"machine": WHOLE.machines, "worker": WHOLE.people, "tool": WHOLE.tools}
    assert WHOLE.operations - 3 < len(made.workload.works) <= WHOLE.operations


@pytest.mark.parametrize("seed", SEEDS)
def test_orders_have_three_to_twelve_steps_and_one_end(seed):
    for works in orders(shop(seed)).values():
        assert 3 <= len(works) <= 12
        before = {link.before for work in works for link in work.links}
        assert [work.id for work in works if work.id not in before] == [works[-1].id]


def test_a_third_of_the_orders_or_so_are_assembled_from_parts():
    groups = orders(shop()).values()
    assembled = [works for works in groups if any(len(work.links) > 1 for work in works)]
    assert 0.15 < len(assembled) / len(groups) < 0.5


@pytest.mark.parametrize("seed", [1, 4])
def test_the_workload_is_valid(seed):
    assert validate(shop(seed).workload) == ()


def test_equal_size_and_seed_give_the_same_shop():
    assert invent(SMALL, 7).workload == invent(SMALL, 7).workload


def test_another_seed_gives_another_shop():
    assert invent(SMALL, 7).workload.works != invent(SMALL, 8).workload.works


@pytest.mark.parametrize("seed", SEEDS)
def test_the_busiest_resource_has_the_load_asked_for(seed):
    assert max(shop(seed).loads.values()) == pytest.approx(WHOLE.load)


def test_orders_come_in_slower_where_less_load_is_asked_for():
    half = invent(ShopSize(machines=20, people=6, tools=15, operations=200, load=0.45), 3)
    assert half.weeks == pytest.approx(2 * invent(SMALL, 3).weeks)


def test_work_of_one_resource_and_of_two_alike_is_divided_evenly():
    step = shop().workload.works[0]
    alone = Mode(machine="a", duration_s=600)
    either = (Mode(machine="a", duration_s=600), Mode(machine="b", duration_s=600))
    works = [_with_modes(step, "1", (alone,)), *(_with_modes(step, str(i), either) for i in range(2, 5))]
    loads = balanced_load(works, {"a": 2400.0, "b": 2400.0}, {})
    assert loads["a"] == pytest.approx(0.5, abs=0.02)
    assert loads["b"] == pytest.approx(0.5, abs=0.02)


def _with_modes(work, name, modes):
    return type(work)(
        id=name,
        order=name,
        item=work.item,
        operation=work.operation,
        name=name,
        process=work.process,
        quantity=1.0,
        modes=modes,
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_each_shift_has_somebody_for_every_trade_that_is_needed(seed):
    people = shop(seed).floor.people
    trades = {kind["skill"] for kind in KINDS.values() if "skill" in kind}
    for shift in ("early", "late"):
        assert trades <= {trade for one in people if one.shift == shift for trade in one.skills}


def test_attended_machines_hold_a_person_with_the_trade_and_others_nobody():
    made = shop()
    machines = {one.name: one for group in made.floor.machines.values() for one in group}
    people = {one.name: one for one in made.floor.people}
    for work in made.workload.works:
        for mode in work.modes:
            machine = machines[mode.machine]
            assert len(mode.workers) == machine.attended
            assert all(KINDS[machine.kind]["skill"] in people[name].skills for name in mode.workers)


def test_a_mould_is_only_used_on_presses_of_its_size_or_the_next():
    made = shop()
    sizes = {one.name: one.size for group in made.floor.machines.values() for one in group}
    moulds = {one.name: one.size for one in made.floor.tools["press"]}
    used = {
        (sizes[mode.machine] - moulds[name])
        for work in made.workload.works
        for mode in work.modes
        for name in mode.tools
        if name in moulds
    }
    assert used == {0, 1}


def _step(identity, shade):
    return Step(kind="press", minutes=1.0, identity=identity, tool=None, shade=shade, machines=(), before=())


def test_a_darker_colour_takes_less_than_a_lighter_one_and_another_mould_the_most():
    press = KINDS["press"]
    darker = change_minutes(press, _step("a", 0), _step("a", 3))
    lighter = change_minutes(press, _step("a", 3), _step("a", 2))
    lightest = change_minutes(press, _step("a", 3), _step("a", 0))
    mould = change_minutes(press, _step("a", 0), _step("b", 0))
    assert 0 < darker < lighter < lightest < mould
    assert change_minutes(press, _step("a", 2), _step("a", 2)) == 0


def test_every_work_that_must_not_pause_fits_between_two_breaks_with_any_set_up():
    made = shop()
    widest = max(
        (seconds for one in made.workload.resources.values() for seconds in one.setups.values()), default=0
    )
    assert widest < 4 * HOUR
    for work in made.workload.works:
        if work.pausable:
            continue
        for mode in work.modes:
            setups = made.workload.resources[mode.machine].setups
            worst = max((s for (_, after), s in setups.items() if after == mode.family), default=mode.setup_s)
            assert max(worst, mode.setup_s) + mode.duration_s <= 4 * HOUR


def test_orders_are_due_at_the_end_of_a_working_day_after_they_came_in():
    for works in orders(shop()).values():
        due = works[-1].due_s
        assert due % DAY == 16 * HOUR
        assert due // DAY % 7 < WORKING_DAYS
        assert due > works[0].release_s
        assert [work.due_s for work in works[:-1]] == [None] * (len(works) - 1)


def test_weights_are_one_two_and_four():
    assert {works[-1].weight for works in orders(shop()).values()} == {1.0, 2.0, 4.0}


def test_the_problem_has_ways_set_ups_and_both_kinds_of_work():
    tables = problem().tables
    assert tables.travel.max() > 0
    assert tables.befores["moves"].all()
    assert len(tables.changes) > 0
    assert (tables.resources["family"] > 0).sum() > WHOLE.machines / 2
    flags = tables.operations["flags"][:-1]
    assert 0.5 < np.mean(flags & PAUSABLE != 0) < 1.0
    assert (tables.modes["calendar"][:-1] != NONE).all()


def test_a_good_rule_leaves_some_orders_late_but_not_most():
    data = problem()
    rule = next(rule for rule in rules() if rule.name == GOOD_RULE)
    solution = dispatch(data, rule)
    assert check_solution(data, solution) == ()
    due = data.tables.operations["due"][:-1]
    late = solution.end[due < FOREVER] > due[due < FOREVER]
    assert 0.15 < late.mean() < 0.6


@pytest.mark.parametrize(
    "size",
    [ShopSize(machines=18, people=2, tools=4, operations=60), ShopSize(machines=80, people=30, tools=60)],
)
def test_other_sizes_can_be_made(size):
    data = problem(2, size)
    assert 0 < data.tables.total <= size.operations
    assert Counter(data.kinds) == {"machine": size.machines, "worker": size.people, "tool": size.tools}


def test_a_size_with_too_few_machines_is_refused():
    with pytest.raises(ValueError, match="too few"):
        invent(ShopSize(machines=3), 0)
