"""The search against brute force on small invented cases: both are priced by the same evaluator."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.quoting.invented import all_chains, brute_force, invent

from manyworks.quoting.bounds import Bounds
from manyworks.quoting.columns import list_columns
from manyworks.quoting.search import search

MOST_CHAINS = 250
KNOWN = (
    *((seed, False) for seed in (76, 120, 150, 725, 1127)),
    *((seed, True) for seed in (13, 150, 165, 280, 1127)),
)
"""Seeds that once found a mistake, and whether their case is wild."""

CENT = 1e-6

seeds = st.integers(min_value=0, max_value=10**6)
"""Seeds of cases; those with too many chains for brute force are passed over."""


def law(examples):
    return settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
    )


@cache
def small(seed, wild):
    """A case, a quantity and the cheapest price by brute force; None if it has too many chains."""
    case, quantity = invent(seed, wild=wild), 1 + seed % 3
    few = len(list(itertools.islice(all_chains(case, quantity), MOST_CHAINS + 1))) <= MOST_CHAINS
    return (case, quantity, brute_force(case, quantity)) if few else None


def judged(seed, *, wild=False):
    found = small(seed, wild)
    assume(found is not None)
    return found


def cheapest(result):
    return result.found[0].assessment.total if result.found else math.inf


def same(one, other):
    return one == other or abs(one - other) <= CENT


@given(seeds)
@law(200)
def test_the_exact_search_finds_what_brute_force_finds(seed):
    case, quantity, best = judged(seed)
    result = search(case, quantity, exact=True)
    assert same(cheapest(result), best)


@given(seeds)
@law(100)
def test_it_does_so_where_parts_are_shared_and_sellers_are_choosy(seed):
    case, quantity, best = judged(seed, wild=True)
    assert same(cheapest(search(case, quantity, exact=True)), best)


@pytest.mark.parametrize(("seed", "wild"), KNOWN)
@pytest.mark.parametrize("exact", [True, False])
def test_cases_that_once_went_wrong(seed, wild, exact):
    case, quantity = invent(seed, wild=wild), 1 + seed % 3
    best = brute_force(case, quantity)
    result = search(case, quantity, exact=exact)
    assert result.bound <= best + CENT
    assert math.isfinite(cheapest(result)) == math.isfinite(best)
    if exact:
        assert same(cheapest(result), best)
        assert result.gap <= 1e-9


@given(seeds)
@law(40)
def test_the_exact_search_leaves_no_gap(seed):
    result = search(*judged(seed)[:2], exact=True)
    assume(result.found)
    assert result.gap <= 1e-9


@given(seeds)
@law(60)
def test_the_stated_gap_holds_what_the_default_search_may_have_missed(seed):
    case, quantity, best = judged(seed)
    result = search(case, quantity)
    assert result.bound <= best + CENT
    assert math.isfinite(cheapest(result)) == math.isfinite(best)
    if result.found:
        assert cheapest(result) * (1 - result.gap) <= best + CENT


@given(seeds)
@law(40)
def test_no_chain_found_is_below_the_cheapest_there_is(seed):
    case, quantity, best = judged(seed)
    for found in search(case, quantity).found:
        assert found.assessment.total >= best - CENT


@given(seeds)
@law(60)
def test_the_bound_of_the_whole_is_below_every_chain(seed):
    case, quantity, best = judged(seed)
    bounds = Bounds(case, float(quantity), list_columns(case, float(quantity), None))
    assert bounds.bound <= best + CENT


@given(seeds)
@law(60)
def test_no_bound_rules_out_a_column_of_the_cheapest_chain(seed):
    case, quantity, best = judged(seed)
    found = search(case, quantity, exact=True).found
    assume(found)
    columns = list_columns(case, float(quantity), None)
    bounds = Bounds(case, float(quantity), columns)
    placed = {step.operation: step.quantity for step in found[0].assessment.steps}
    for operation, good in placed.items():
        (column,) = (
            c for c in columns.by_stage[operation, good] if c.seat == found[0].chain.seats[operation]
        )
        assert bounds.through(column) <= best + CENT


@given(seeds)
@law(40)
def test_what_is_found_is_not_dominated_and_the_cheapest_stands_first(seed):
    case, quantity, _ = judged(seed)
    figures = [found.figures for found in search(case, quantity).found]
    assert figures == sorted(figures)
    for one, other in itertools.permutations(figures, 2):
        assert any(a > b + 1e-9 for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("quantity", [1, 2, 3])
def test_a_case_without_any_seat_has_no_chain(quantity):
    case = invent(1)
    empty = replace(case, seats=dict.fromkeys(case.seats, ()), goods={}, _efforts={})
    assert search(empty, quantity).found == ()
