"""Where another way becomes the cheaper one, against the crossing of two straight lines."""

from __future__ import annotations

import math

import pytest
from tests.quoting.by_hand import THING, TOWN, case, seat
from tests.quoting.invented import operation

from manyworks.model import Input, Item, ItemId, Routing, RoutingId, Shop, ShopId
from manyworks.quoting.break_even import find_break_evens
from manyworks.quoting.search import search

PART = ItemId("part")
BENCH = Shop(id=ShopId("bench"), name="Bench", place=TOWN.id)
LITTLE = {"setup": 10.0, "unit": 4.0, "good": 1.0}
LARGE = {"setup": 100.0, "unit": 1.0, "good": 1.0}
CROSSING = (100.0 - 10.0) / (4.0 - 1.0)


def two_ways(per_thing=1.0, **limits):
    """A thing of parts that are made with little set-up or with a lot of it."""
    assemble, little, large = (
        operation("thing/a", Input(item=PART, quantity=per_thing)),
        operation("part/little"),
        operation("part/large"),
    )
    ways = [
        Routing(id=RoutingId(f"part/{kind}"), item=PART, kind=kind, operations=(step,))
        for kind, step in (("printed", little), ("moulded", large))
    ]
    return case(
        items={name: Item(id=name, name=str(name)) for name in (THING, PART)},
        routings={
            THING: (
                Routing(id=RoutingId("thing/0"), item=THING, kind="put together", operations=(assemble,)),
            ),
            PART: tuple(ways),
        },
        seats={
            assemble.id: (seat(BENCH, unit=1.0, setup=1.0, good=1.0),),
            little.id: (seat(BENCH, **LITTLE),),
            large.id: (seat(BENCH, **LARGE, **limits),),
        },
        goods={},
        estimates={},
        ship_to=TOWN,
    )


def found(asked, *quantities):
    return find_break_evens(asked, [search(asked, quantity) for quantity in quantities])


@pytest.mark.parametrize(("low", "high"), [(1, 31), (5, 500), (1, 100_000), (29, 31)])
def test_the_quantity_is_where_the_lines_cross(low, high):
    (one,) = found(two_ways(), low, high)
    assert (one.item, one.before, one.after) == (PART, "printed", "moulded")
    assert one.quantity == pytest.approx(CROSSING, abs=1)


def test_it_counts_products_not_parts():
    (one,) = found(two_ways(per_thing=3.0), 1, 100)
    assert one.quantity == pytest.approx(CROSSING / 3, abs=1)


def test_a_smallest_lot_beyond_the_crossing_moves_it():
    (one,) = found(two_ways(min_lot=57.0), 5, 500)
    assert one.quantity == pytest.approx(57, abs=1)


def test_each_step_lies_between_the_quantities_asked_for():
    (one,) = found(two_ways(), 10, 20, 50, 1000)
    assert 20 < one.quantity <= 50


@pytest.mark.parametrize("quantities", [(1, 5, 20), (50, 500), (7,), ()])
def test_without_a_change_there_is_none(quantities):
    assert found(two_ways(), *quantities) == ()


def test_at_the_quantity_found_the_new_way_is_no_dearer_and_before_it_is():
    (one,) = found(two_ways(), 1, 100)

    def dearer(quantity):
        costs = [way["setup"] + way["unit"] * quantity for way in (LITTLE, LARGE)]
        return costs[1] - costs[0]

    assert dearer(one.quantity) <= 0 < dearer(one.quantity - 1)


def test_a_quantity_nobody_makes_is_passed_over():
    asked = two_ways(max_lot=math.inf)
    nothing = search(two_ways(), 1)
    empty = type(nothing)(quantity=3, found=(), bound=0.0, programme=nothing.programme)
    (one,) = find_break_evens(asked, [search(asked, 1), empty, search(asked, 100)])
    assert one.quantity == pytest.approx(CROSSING, abs=1)
