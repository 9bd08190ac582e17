"""From which quantity on another way to make an item is cheaper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from manyworks.model import BreakEven, ItemId, Place, RoutingId
from manyworks.quoting.case import Case, Good
from manyworks.quoting.programme import Programme
from manyworks.quoting.search import Search


def find_break_evens(case: Case, searches: Sequence[Search]) -> tuple[BreakEven, ...]:
    """Quantities of the product between the ones asked for at which an item's cheapest way changes.

    The item's alternatives are compared delivered to where the cheapest chain of the smaller
    quantity needs it, everything else equal; the quantity is found by bisection.
    """
    found: list[BreakEven] = []
    able = sorted((s for s in searches if s.found), key=lambda search: search.quantity)
    for smaller, larger in pairwise(able):
        for item, before, after in _changes(smaller, larger):
            place = _wanted_at(case, smaller, item)
            quantity = _bisect(case, item, place, before, after, smaller, larger)
            names = {routing.id: routing.kind for routing in case.routings[item]}
            found.append(BreakEven(item=item, before=names[before], after=names[after], quantity=quantity))
    return tuple(found)


def _changes(smaller: Search, larger: Search) -> Iterator[tuple[ItemId, RoutingId, RoutingId]]:
    one, other = smaller.found[0].chain.routings, larger.found[0].chain.routings
    for item, before in one.items():
        after = other.get(item)
        if after is not None and after != before:
            yield item, before, after


def _wanted_at(case: Case, search: Search, item: ItemId) -> Place:
    """Where the cheapest chain takes the item to."""
    chain = search.found[0].chain
    for routings in case.routings.values():
        for routing in routings:
            for operation in routing.operations:
                seat = chain.seats.get(operation.id)
                if seat is not None and item in {line.item for line in operation.inputs}:
                    return case.seats[operation.id][seat].place
    return case.ship_to


def _bisect(
    case: Case,
    item: ItemId,
    place: Place,
    before: RoutingId,
    after: RoutingId,
    smaller: Search,
    larger: Search,
) -> int:
    """Smallest product quantity found at which ``after`` is not dearer than ``before``."""
    low, high = smaller.quantity, larger.quantity
    scale = _pieces(smaller, item) / low
    while high - low > max(1, low // 100):
        middle = round((low * high) ** 0.5)
        middle = min(max(middle, low + 1), high - 1)
        pieces = round(middle * scale)
        if _cheapest(case, item, place, after, pieces) <= _cheapest(case, item, place, before, pieces):
            high = middle
        else:
            low = middle
    return high


def _pieces(search: Search, item: ItemId) -> float:
    steps = [step for step in search.found[0].assessment.steps if step.item == item]
    return max(step.quantity for step in steps)


def _cheapest(case: Case, item: ItemId, place: Place, routing: RoutingId, pieces: int) -> float:
    """Price of ``pieces`` of the item made one way and brought to a place; inf if nobody does."""
    ways = tuple(r for r in case.routings[item] if r.id == routing)
    alone = replace(
        case, root=item, ship_to=place, routings={**case.routings, item: ways}, goods=_less(case, item)
    )
    labels = Programme(case=alone, quantity=float(pieces), only_cost=True).labels()
    return labels[0].cost if labels else float("inf")


def _less(case: Case, item: ItemId) -> dict[ItemId, tuple[Good, ...]]:
    return {other: goods for other, goods in case.goods.items() if other != item}
