"""More to choose from never makes the best dearer."""

from __future__ import annotations

import math
from dataclasses import replace

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.quoting.invented import invent

from manyworks.quoting.search import search

law = settings(
    max_examples=60,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
seeds, picks = st.integers(min_value=0, max_value=10**6), st.integers(min_value=0, max_value=10**3)


def price(case, quantity):
    result = search(case, quantity, exact=True)
    return result.found[0].assessment.total if result.found else math.inf


def fresh(case, **changes):
    """The case with changes and nothing remembered."""
    return replace(
        case, **changes, _efforts={}, _legs={}, _worthwhile={}, _sensible={}, _duties={}, _packed={}
    )


def without(table, key, index):
    """The table without one entry, and without the key if nothing is left of it."""
    left = tuple(one for n, one in enumerate(table[key]) if n != index)
    return {**{other: row for other, row in table.items() if other != key}, **({key: left} if left else {})}


def one_of(table, pick):
    rows = [(key, index) for key, values in table.items() for index in range(len(values))]
    return rows[pick % len(rows)]


@given(seeds, picks)
@law
def test_one_more_machine_never_raises_the_price(seed, pick):
    case, quantity = invent(seed), 1 + seed % 3
    seats = dict.fromkeys(case.seats, ()) | without(case.seats, *one_of(case.seats, pick))
    fewer = fresh(case, seats=seats)
    assert price(case, quantity) <= price(fewer, quantity) + 1e-6


@given(seeds, picks)
@law
def test_one_more_offer_never_raises_the_price(seed, pick):
    case, quantity = invent(seed), 1 + seed % 3
    item, index = one_of(case.goods, pick)
    # A part is assumed where offers run short: without an offer it may be, with it not.
    fewer = fresh(case, goods=without(case.goods, item, index), estimates={})
    assert price(fresh(case, estimates={}), quantity) <= price(fewer, quantity) + 1e-6


@given(seeds, picks)
@law
def test_one_more_carrier_never_raises_the_price(seed, pick):
    case, quantity = invent(seed), 1 + seed % 3
    here = {seat.place.id: seat.place for seats in case.seats.values() for seat in seats}
    here |= {good.place.id: good.place for goods in case.goods.values() for good in goods}
    here[case.ship_to.id] = case.ship_to
    pairs = [(a, b) for a in here.values() for b in here.values() if a != b and case.services(a, b)]
    assume(pairs)
    origin, destination = pairs[pick % len(pairs)]

    def fewer(a, b):
        services = case.services(a, b)
        return services[1:] if (a.id, b.id) == (origin.id, destination.id) else services

    more = fresh(case, estimates={})
    assert price(more, quantity) <= price(fresh(case, estimates={}, services=fewer), quantity) + 1e-6


@given(seeds)
@law
def test_the_whole_never_costs_less_for_more_pieces(seed):
    """Whoever pays for two may throw one away; where small lots are taken and nothing is assumed."""
    case = invent(seed)
    seats = {op: tuple(replace(seat, min_lot=0.0) for seat in row) for op, row in case.seats.items()}
    case = fresh(case, seats=seats, estimates={})
    assert price(case, 1) <= price(case, 2) + 1e-6
