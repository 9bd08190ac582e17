"""Laws of solutions that lie between two others, and of random ones to begin from."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.scheduling.engine.relink import arrangement, blend, distance, ranks_of

SIZES = st.integers(2, 30)


def random_order(source, total, links):
    """A random order in which the first of each link comes first."""
    key = source.random(total)
    for before, after in links:
        if key[before] > key[after]:
            key[before], key[after] = key[after], key[before]
    return np.argsort(key)


@given(SIZES, st.integers(0, 1000), st.floats(0, 1))
def test_whatever_both_orders_agree_on_holds_between_them(total, seed, share):
    source = np.random.default_rng(seed)
    orders = (source.permutation(total), source.permutation(total))
    modes = (np.zeros(total, dtype=np.int64), np.ones(total, dtype=np.int64))
    ranks = [ranks_of(order) for order in orders]
    between = ranks_of(blend(modes, orders, share, source)[1])
    for a in range(total):
        for b in range(total):
            if ranks[0][a] < ranks[0][b] and ranks[1][a] < ranks[1][b]:
                assert between[a] < between[b]


@given(SIZES, st.integers(0, 1000), st.floats(0, 1))
def test_a_blend_is_a_permutation_with_modes_of_either(total, seed, share):
    source = np.random.default_rng(seed)
    orders = (source.permutation(total), source.permutation(total))
    modes = (np.arange(total) * 2, np.arange(total) * 2 + 1)
    chosen, order = blend(modes, orders, share, source)
    assert np.array_equal(np.sort(order), np.arange(total))
    assert np.all((chosen == modes[0]) | (chosen == modes[1]))


@pytest.mark.parametrize("share", [0, 1])
def test_all_of_one_is_that_one(share):
    source = np.random.default_rng(1)
    orders = (source.permutation(9), source.permutation(9))
    modes = (np.zeros(9, dtype=np.int64), np.ones(9, dtype=np.int64))
    chosen, order = blend(modes, orders, float(share), source)
    assert np.array_equal(chosen, modes[share])
    assert np.array_equal(order, orders[share])


def test_an_arrangement_tells_what_stands_ahead_on_the_machine():
    machines = np.array([0, 1, 0, 1])
    seen = arrangement(machines, np.array([0, 1, 2, 3]), np.array([3, 2, 0, 1]))
    assert seen[1].tolist() == [2, 3, -1, -1]


def test_the_distance_counts_other_modes_and_other_operations_ahead():
    machines = np.array([0, 0, 0, 1])
    one = arrangement(machines, np.array([0, 1, 2]), np.array([0, 1, 2]))
    swapped = arrangement(machines, np.array([0, 1, 2]), np.array([1, 0, 2]))
    elsewhere = arrangement(machines, np.array([0, 1, 3]), np.array([0, 1, 2]))
    assert distance(one, one) == 0
    assert distance(one, swapped) == 3
    assert distance(one, elsewhere) == 1
