"""The evaluator times every solution as a plain simulation does, and every move can be taken back."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scheduling.mixed_problems import mixed_case, random_order, shop_of, simulate

from manyworks.scheduling.engine.moves import move, undo
from manyworks.scheduling.engine.state import NONE, empty_state, order_of
from manyworks.scheduling.engine.sweep import build, commit, solution_of, state_of, total_cost
from manyworks.scheduling.problem.checking import check_solution, goals_of
from manyworks.scheduling.problem.data import GOAL_NAMES

SEEDS = st.integers(0, 2**32)
PROMISES = {"scheduling.check.deadline", "scheduling.check.frozen-moved"}
"""Rules that a search may break at a price."""


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def priced(data, made):
    goals = goals_of(data, made)
    return sum(price * goals[name] for price, name in zip(data.tables.price, GOAL_NAMES, strict=True))


def lists_of(data, state):
    """Operations of every resource in their order, read forwards and backwards."""
    shift = data.tables.shift
    lists = []
    for ends in state.ends:
        for first, step in (("head", "behind"), ("tail", "ahead")):
            node, row = int(ends[first]), []
            while node != NONE:
                row.append(node >> shift)
                node = int(state.nodes[node][step])
            lists.append(row if first == "head" else row[::-1])
    return lists


def random_move(random, data, state):
    """Try to move a random operation to a random place; tell whether that was possible."""
    p = data.tables
    v = random.randrange(p.total)
    first = p.operations["first_mode"]
    mode = random.randrange(first[v], first[v + 1])
    machine = int(p.modes["machine"][mode])
    others = [o for o in range(p.total) if o != v and p.modes["machine"][state.jobs["mode"][o]] == machine]
    ahead = random.choice([NONE, *(o << p.shift for o in others)])
    return move(p, state, v, mode, ahead)


def whole(data, state):
    """All that makes a state: times, lists, order, cost."""
    return (
        solution_of(state),
        lists_of(data, state),
        state.order.tolist(),
        state.position.tolist(),
        state.jobs.copy(),
        total_cost(data.tables, state),
    )


def assert_equal(one, other):
    assert same(one[0], other[0])
    assert one[1:4] == other[1:4]
    assert np.array_equal(one[4], other[4])
    assert one[5] == pytest.approx(other[5], rel=1e-9, abs=1e-6)


def assert_sound(data, state):
    """Lists and order agree, times are those of a build from scratch, and the referee accepts them."""
    p, made = data.tables, solution_of(state)
    lists = lists_of(data, state)
    assert lists[::2] == lists[1::2]
    assert all(np.all(np.diff(state.position[row]) > 0) for row in lists)
    assert np.array_equal(state.position[state.order], np.arange(p.total))
    assert not state.dirty.any()
    assert not state.marks.any()
    fresh = empty_state(p)
    build(p, fresh, made.mode, state.order.copy())
    assert same(solution_of(fresh), made)
    assert lists_of(data, fresh) == lists
    assert total_cost(p, state) == pytest.approx(total_cost(p, fresh), rel=1e-9, abs=1e-6)
    assert {finding.code for finding in check_solution(data, made)} <= PROMISES


@settings(max_examples=80, deadline=None)
@given(seed=SEEDS)
def test_any_order_is_timed_as_by_a_plain_simulation(seed):
    random = Random(seed)
    data, _ = mixed_case(random, 12)
    shop = shop_of(data)
    order, modes = random_order(random, shop), [random.randrange(len(modes)) for modes in shop.modes]
    simulation = simulate(shop, modes, order)
    state = empty_state(data.tables)
    rows = np.array([shop.modes[o][number].row for o, number in enumerate(modes)])
    build(data.tables, state, rows, np.array(order))
    if simulation is None:
        assert check_solution(data, solution_of(state)) != ()
    else:
        assert same(solution_of(state), simulation.solution())
        assert total_cost(data.tables, state) == pytest.approx(priced(data, solution_of(state)), rel=1e-9)


@settings(max_examples=80, deadline=None)
@given(seed=SEEDS)
def test_a_solution_taken_over_is_valid_and_ends_no_later(seed):
    data, made = mixed_case(Random(seed), 12)
    state = state_of(data.tables, made)
    assert_sound(data, state)
    assert check_solution(data, solution_of(state)) == ()
    assert np.all(solution_of(state).end <= made.end)


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS)
def test_any_times_give_an_order_that_respects_links(seed):
    random = Random(seed)
    data, made = mixed_case(random, 14)
    p = data.tables
    start = np.array([random.randint(0, 9) for _ in range(p.total)])
    position = np.argsort(order_of(p, made._replace(start=start, end=start)))
    after = np.repeat(np.arange(p.total), np.diff(p.operations["first_before"]))
    assert sorted(position) == list(range(p.total))
    assert np.all(position[p.befores["operation"]] < position[after])
    unlinked = np.flatnonzero(np.isin(np.arange(p.total), [*after, *p.befores["operation"]], invert=True))
    assert np.all(np.diff(start[unlinked[np.argsort(position[unlinked])]]) >= 0)


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS)
def test_after_any_moves_the_state_is_that_of_a_fresh_build(seed):
    random = Random(seed)
    data, made = mixed_case(random, 14)
    state = state_of(data.tables, made)
    for _ in range(8):
        random_move(random, data, state)
        if random.random() < 0.7:
            commit(state)
        assert_sound(data, state)


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS)
def test_undo_goes_back_to_the_last_commit(seed):
    random = Random(seed)
    data, made = mixed_case(random, 14)
    state = state_of(data.tables, made)
    for _ in range(4):
        before = whole(data, state)
        for _ in range(random.randint(1, 6)):
            random_move(random, data, state)
        undo(data.tables, state)
        assert_equal(whole(data, state), before)
        if random_move(random, data, state):
            commit(state)


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS)
def test_a_refused_move_changes_nothing(seed):
    random = Random(seed)
    data, made = mixed_case(random, 10)
    state = state_of(data.tables, made)
    for _ in range(20):
        before = whole(data, state)
        if random_move(random, data, state):
            commit(state)
        else:
            assert_equal(whole(data, state), before)


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS)
def test_the_cost_is_the_priced_sum_of_all_goals(seed):
    random = Random(seed)
    data, made = mixed_case(random, 10)
    state = state_of(data.tables, made)
    for _ in range(5):
        random_move(random, data, state)
        commit(state)
        cost = priced(data, solution_of(state))
        assert total_cost(data.tables, state) == pytest.approx(cost, rel=1e-9, abs=1e-6)
