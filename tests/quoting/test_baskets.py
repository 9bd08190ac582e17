"""Buying the lines of one operation: against brute force, and within what sellers sell."""

from __future__ import annotations

import itertools
import math
import random
import statistics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manyworks.model import Offer, OfferId, Place, PlaceId, PriceBreak, Shop, ShopId
from manyworks.quoting.baskets import locate
from manyworks.quoting.case import Good
from manyworks.quoting.shelves import Shelf, Source, cover

law = settings(max_examples=150, derandomize=True, deadline=None, database=None)
seeds = st.integers(min_value=0, max_value=10**6)
HERE = Place(id=PlaceId("here"), name="here", country="GB", latitude=0.0, longitude=0.0)


# ---- which sellers ---------------------------------------------------------------------------


def market(seed):
    dice = random.Random(seed)
    rows, columns = dice.randint(1, 6), dice.randint(1, 6)
    matrix = np.array(
        [
            [math.inf if dice.random() < 0.25 else dice.uniform(0.1, 5.0) for _ in range(columns)]
            for _ in range(rows)
        ]
    )
    return matrix, np.array([dice.uniform(0.0, 8.0) for _ in range(columns)])


def cost_of(assignment, matrix, fixed):
    served = sum(matrix[i, j] for i, j in enumerate(assignment))
    return float(served + fixed[list(set(assignment))].sum())


def optimum(matrix, fixed):
    columns = range(len(fixed))
    sets = (some for n in range(1, len(fixed) + 1) for some in itertools.combinations(columns, n))
    return min(float(matrix[:, some].min(axis=1).sum() + fixed[list(some)].sum()) for some in sets)


@given(seeds)
@law
def test_an_assignment_is_never_better_than_the_best(seed):
    matrix, fixed = market(seed)
    assignment = locate(matrix, fixed)
    best = optimum(matrix, fixed)
    if assignment is None:
        assert math.isinf(best)
    else:
        assert cost_of(assignment.tolist(), matrix, fixed) >= best - 1e-9


def test_assignments_are_within_one_per_cent_on_average():
    ratios = []
    for seed in range(300):
        matrix, fixed = market(seed)
        assignment = locate(matrix, fixed)
        if assignment is not None:
            ratios.append(cost_of(assignment.tolist(), matrix, fixed) / optimum(matrix, fixed))
    assert len(ratios) > 200
    assert statistics.mean(ratios) <= 1.01


def test_a_line_nobody_sells_has_no_assignment():
    assert locate(np.array([[1.0], [math.inf]]), np.array([0.0])) is None


def test_one_parcel_beats_the_cheaper_goods_that_need_two():
    matrix = np.array([[1.0, 9.0, 2.0], [9.0, 1.0, 2.0]])
    assert locate(matrix, np.array([3.0, 3.0, 3.0])).tolist() == [2, 2]


# ---- how many of each ------------------------------------------------------------------------


def shelf(number, dice):
    price, second = dice.choice((0.5, 1.0, 2.0)), dice.choice((None, 4.0, 6.0))
    breaks = [PriceBreak(min_quantity=dice.choice((1.0, 1.0, 3.0)), unit_price=price)]
    breaks += [PriceBreak(min_quantity=second, unit_price=price * 0.5)] if second else []
    shop = Shop(id=ShopId(f"s{number}"), name=f"s{number}", place=HERE.id)
    offer = Offer(
        id=OfferId(f"o{number}"),
        seller=shop.id,
        breaks=tuple(breaks),
        multiple=dice.choice((1.0, 1.0, 2.0)),
        stock=dice.choice((None, 2.0, 3.0, 5.0)),
    )
    good = Good(offer=offer, seller=shop, place=HERE, pieces_per_unit=dice.choice((1.0, 1.0, 0.8, 2.0)))
    source = Source(seller=shop.id, fee=0.0, place=HERE, leg=None)
    return Shelf(
        good=good, source=source, duty=0.0, freight=dice.choice((0.0, 0.2)), co2e_kg=dice.random(), days=0.0
    )


def stand(seed):
    dice = random.Random(seed)
    return [shelf(n, dice) for n in range(dice.randint(1, 3))], float(dice.randint(1, 8))


def sold(one, most):
    """Every number of units the seller sells, up to more than enough."""
    good = one.good
    top = min(good.most_units, most)
    return [0.0] + [
        units
        for units in np.arange(good.offer.multiple, top + 1e-9, good.offer.multiple)
        if units >= good.offer.breaks[0].min_quantity
    ]


def least(shelves, pieces):
    best = math.inf
    for units in itertools.product(*(sold(one, 20.0) for one in shelves)):
        have = sum(n * one.good.pieces_per_unit for n, one in zip(units, shelves, strict=True))
        if have >= pieces - 1e-9:
            best = min(best, sum(one.cost(n) for n, one in zip(units, shelves, strict=True) if n))
    return best


@given(seeds)
@law
def test_a_line_is_covered_within_stock_multiple_and_minimum(seed):
    shelves, pieces = stand(seed)
    cost, picks = cover(shelves, pieces, "cost")
    assert math.isfinite(cost) == bool(picks)
    for pick in picks:
        offer, lots = pick.shelf.good.offer, pick.units / pick.shelf.good.offer.multiple
        assert pick.units <= (math.inf if offer.stock is None else offer.stock) + 1e-9
        assert pick.units >= offer.breaks[0].min_quantity
        assert lots == pytest.approx(round(lots))
    if picks:
        assert sum(pick.units * pick.shelf.good.pieces_per_unit for pick in picks) >= pieces - 1e-9
        assert sum(pick.shelf.cost(pick.units) for pick in picks) == pytest.approx(cost)


def test_covers_are_never_better_than_the_best_and_within_five_per_cent_on_average():
    ratios = []
    for seed in range(250):
        shelves, pieces = stand(seed)
        cost, best = cover(shelves, pieces, "cost")[0], least(shelves, pieces)
        assert cost >= best - 1e-9
        if math.isfinite(cost):
            ratios.append(cost / best)
    assert len(ratios) > 100
    assert statistics.mean(ratios) <= 1.05


def test_shelves_that_hold_too_little_cover_nothing():
    dice = random.Random(1)
    one = shelf(0, dice)
    scarce = Good(
        offer=Offer(id=OfferId("o"), seller=ShopId("s0"), breaks=one.good.offer.breaks, stock=2.0),
        seller=one.good.seller,
        place=HERE,
        pieces_per_unit=1.0,
    )
    few = Shelf(good=scarce, source=one.source, duty=0.0, freight=0.0, co2e_kg=0.0, days=0.0)
    assert cover([few], 3.0, "cost") == (math.inf, [])
