"""The dual bound of a basket against every assignment there is."""

from __future__ import annotations

import itertools
import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manyworks.quoting.duality import ascend

law = settings(max_examples=150, derandomize=True, deadline=None, database=None)
seeds = st.integers(min_value=0, max_value=10**6)
STEPS = 4


def problem(seed, *, partial):
    """Costs, fixed costs, shares in quarters, and groups of columns that share their stock."""
    dice = random.Random(seed)
    rows, columns = dice.randint(1, 3), dice.randint(1, 4)
    matrix = np.array(
        [[dice.choice((1.0, 2.5, 4.0, 9.0, math.inf)) for _ in range(columns)] for _ in range(rows)]
    )
    fixed = np.array([dice.choice((0.0, 1.0, 3.0, 8.0)) for _ in range(columns)])
    group = np.array([dice.randint(0, columns - 1) for _ in range(columns)])
    shares = (0.25, 0.5, 0.75, 1.0) if partial else (1.0,)
    most = np.array([[dice.choice(shares) for _ in range(columns)] for _ in range(rows)])
    return matrix, fixed, most, group


def cheapest(matrix, fixed, most, group):
    """Least cost over all sets of open columns; inside a set each row fills the cheapest groups first.

    The rows are independent of each other once the columns are open, and filling by price is best
    because a group's columns share one limit.
    """
    sets = itertools.product((False, True), repeat=len(fixed))
    return min(_served(matrix, fixed, most, group, np.array(opened)) for opened in sets)


def _served(matrix, fixed, most, group, opened):
    total = float(fixed[opened].sum())
    for costs, limits in zip(matrix, most, strict=True):
        prices = sorted(
            (min(costs[j] for j in np.flatnonzero(opened & (group == g))), limits[g])
            for g in set(group[opened].tolist())
        )
        left = 1.0
        for price, limit in prices:
            taken = min(left, limit) if math.isfinite(price) else 0.0
            total, left = total + taken * price if taken else total, left - taken
        if left > 1e-9:
            return math.inf
    return total


@given(seeds)
@law
def test_the_bound_is_below_every_assignment(seed):
    case = problem(seed, partial=False)
    assert ascend(*case).bound <= cheapest(*case) + 1e-9


@given(seeds)
@law
def test_the_bound_is_below_every_assignment_where_stock_is_short(seed):
    case = problem(seed, partial=True)
    assert ascend(*case).bound <= cheapest(*case) + 1e-9


def test_the_bound_is_mostly_the_optimum_itself():
    cases = [case for n in range(300) if math.isfinite(cheapest(*(case := problem(n, partial=False))))]
    met = sum(ascend(*case).bound >= cheapest(*case) - 1e-9 for case in cases)
    assert met / len(cases) > 0.8


@given(seeds, st.booleans())
@law
def test_no_column_is_paid_more_than_its_fixed_cost(seed, partial):
    matrix, fixed, most, group = problem(seed, partial=partial)
    ascent = ascend(matrix, fixed, most, group)
    assert (ascent.paid >= 0).all()
    assert (ascent.paid.sum(axis=0) <= fixed + 1e-9).all()
    assert np.allclose(ascent.paid.sum(axis=0) + ascent.slack, fixed)


@given(seeds)
@law
def test_the_slack_of_a_column_may_be_added_to_the_bound_of_whatever_opens_it(seed):
    matrix, fixed, most, group = problem(seed, partial=False)
    ascent = ascend(matrix, fixed, most, group)
    for j in range(len(fixed)):
        forced = fixed.copy()
        forced[j] = 0.0
        with_it = cheapest(matrix, forced, most, group) + fixed[j]
        assert not math.isfinite(ascent.bound) or ascent.bound + ascent.slack[j] <= with_it + 1e-9


@pytest.mark.parametrize("partial", [False, True])
def test_a_row_nobody_serves_has_no_price(partial):
    matrix, fixed = np.array([[math.inf, math.inf]]), np.array([1.0, 2.0])
    most = np.full((1, 2), 0.5 if partial else 1.0)
    assert math.isinf(ascend(matrix, fixed, most, np.array([0, 1])).bound)
