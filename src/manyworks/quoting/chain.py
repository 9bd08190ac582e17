"""A chosen chain: who makes what, who sells what, who carries it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from manyworks.model import ItemId, LaneId, OfferId, Operation, OperationId, PlaceId, Routing, RoutingId
from manyworks.quoting.case import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Buy:
    """``units`` of an offer for one item, for the operation that consumes it (None: for the buyer).

    ``offer`` None: nobody offers it, its price is assumed; ``units`` are then pieces.
    """

    item: ItemId
    operation: OperationId | None
    offer: OfferId | None
    units: float


Consignment = tuple[PlaceId, OperationId | None]
"""Where a consignment starts and for which operation it is (None: to the buyer)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """A complete decision. Items without a routing here are bought.

    ``seats`` names a seat (its index in the case) for every operation of the chosen routings,
    ``lanes`` a carrier for every consignment.
    """

    routings: Mapping[ItemId, RoutingId] = field(default_factory=dict)
    seats: Mapping[OperationId, int] = field(default_factory=dict)
    buys: tuple[Buy, ...] = ()
    lanes: Mapping[Consignment, LaneId] = field(default_factory=dict)

    def routing(self, case: Case, item: ItemId) -> Routing | None:
        """The chosen way to make ``item``; None if it is bought."""
        chosen = self.routings.get(item)
        return next((r for r in case.routings.get(item, ()) if r.id == chosen), None)


def items_in_order(case: Case) -> tuple[ItemId, ...]:
    """Every item the product may need, consumers before what they consume.

    A reverse post-order walk; the graph of items is acyclic by then.
    """
    done: dict[ItemId, None] = {}

    def walk(item: ItemId) -> None:
        if item in done:
            return
        for operation in operations_of(case, item):
            for consumed in consumed_by(operation):
                walk(consumed)
        done[item] = None

    walk(case.root)
    return tuple(reversed(done))


def operations_of(case: Case, item: ItemId) -> Iterator[Operation]:
    """All operations of all routings of an item."""
    for routing in case.routings.get(item, ()):
        yield from routing.operations


def consumed_by(operation: Operation) -> Iterator[ItemId]:
    """Items and tools an operation takes."""
    yield from (line.item for line in operation.inputs)
    yield from (tool.item for tool in operation.tools)
