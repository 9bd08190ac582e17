"""How many pieces of everything a chosen chain takes, and what flows where."""

from __future__ import annotations

from dataclasses import dataclass, field

from manyworks.model import (
    Finding,
    FindingsError,
    ItemId,
    OfferId,
    Operation,
    OperationId,
    Place,
    Routing,
    error,
)
from manyworks.quoting.case import Case, Effort, Seat
from manyworks.quoting.chain import Buy, Chain, items_in_order

TOLERANCE = 1e-6


class ChainError(FindingsError):
    """The chain cannot be carried out; carries every reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An operation at its seat: ``good`` pieces out of ``effort.starts`` started."""

    item: ItemId
    routing: Routing
    operation: Operation
    seat: Seat
    good: float
    effort: Effort


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """``pieces`` of ``item`` wanted at ``place`` by an operation (None: by the buyer)."""

    item: ItemId
    operation: OperationId | None
    place: Place
    pieces: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Pieces of an item on their way from where they come from to the operation that takes them.

    ``source`` is the operation that made them, or the purchase; ``origin_country`` where they
    originate for duty; ``share`` which part of the source's output this flow is.
    """

    item: ItemId
    pieces: float
    origin: Place
    destination: Place
    operation: OperationId | None
    source: OperationId | Buy
    origin_country: str
    share: float = 1.0


@dataclass(slots=True, kw_only=True)
class Explosion:
    """Placed operations (children last), demands and flows of one chain; problems found on the way."""

    placed: dict[OperationId, Placed] = field(default_factory=dict)
    demands: list[Demand] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)


def explode(case: Case, chain: Chain, quantity: float) -> Explosion:
    """Work out quantities from the buyer down, with each operation's own and all later yields.

    Raises
    ------
    ChainError
        If an operation has no seat or is declined, a demand is not covered, an offer is bought
        outside its minimum, multiple or stock, or nothing carries a flow.
    """
    result = Explosion()
    result.demands.append(Demand(item=case.root, operation=None, place=case.ship_to, pieces=quantity))
    for item in items_in_order(case):
        wanted = [demand for demand in result.demands if demand.item == item]
        if wanted:
            _supply(case, chain, item, wanted, result)
    _check_stock(case, chain, result)
    if result.problems:
        raise ChainError(result.problems)
    return result


def _supply(case: Case, chain: Chain, item: ItemId, wanted: list[Demand], result: Explosion) -> None:
    routing = chain.routing(case, item)
    if routing is None:
        for demand in wanted:
            _buy(case, chain, demand, result)
        return
    total = sum(demand.pieces for demand in wanted)
    if not routing.min_quantity <= total <= routing.max_quantity:
        result.problems.append(error("quoting.chain.range", routing.id, f"does not make {total:g} pieces"))
    last = _make(case, chain, routing, total, result)
    if last is None:
        return
    for demand in wanted:
        result.flows.append(
            Flow(
                item=item,
                pieces=demand.pieces,
                origin=last.seat.place,
                destination=demand.place,
                operation=demand.operation,
                source=last.operation.id,
                origin_country=last.seat.place.country,
                share=demand.pieces / total,
            )
        )


def _make(case: Case, chain: Chain, routing: Routing, total: float, result: Explosion) -> Placed | None:
    """Place the routing's operations from the last to the first; the last one, or None if that fails."""
    good, later = total, None
    last: Placed | None = None
    for operation in reversed(routing.operations):
        placed = _place(case, chain, routing, operation, good, result)
        if placed is None:
            return None
        if later is not None:
            result.flows.append(_stage_flow(placed, later))
        last = last or placed
        good, later = placed.effort.starts, placed
    return last


def _place(
    case: Case, chain: Chain, routing: Routing, operation: Operation, good: float, result: Explosion
) -> Placed | None:
    index = chain.seats.get(operation.id)
    effort = None if index is None else case.efforts(operation, good)[index]
    if index is None or effort is None:
        result.problems.append(error("quoting.chain.seat", operation.id, f"nobody takes {good:g} pieces"))
        return None
    seat = case.seats[operation.id][index]
    placed = Placed(
        item=routing.item, routing=routing, operation=operation, seat=seat, good=good, effort=effort
    )
    result.placed[operation.id] = placed
    for item, pieces in case.needs(operation, effort.starts, seat.shop.id):
        result.demands.append(Demand(item=item, operation=operation.id, place=seat.place, pieces=pieces))
    return placed


def _stage_flow(earlier: Placed, later: Placed) -> Flow:
    return Flow(
        item=earlier.item,
        pieces=earlier.good,
        origin=earlier.seat.place,
        destination=later.seat.place,
        operation=later.operation.id,
        source=earlier.operation.id,
        origin_country=earlier.seat.place.country,
    )


def _buy(case: Case, chain: Chain, demand: Demand, result: Explosion) -> None:
    buys = [b for b in chain.buys if b.item == demand.item and b.operation == demand.operation]
    covered = 0.0
    for buy in buys:
        if buy.offer is None:
            covered += buy.units
            continue
        good = case.good(buy.item, buy.offer)
        covered += buy.units * good.pieces_per_unit
        result.flows.append(
            Flow(
                item=buy.item,
                pieces=buy.units * good.offer.units_per,
                origin=good.place,
                destination=demand.place,
                operation=demand.operation,
                source=buy,
                origin_country=good.offer.origin or good.place.country,
            )
        )
    if covered < demand.pieces - TOLERANCE:
        message = (
            f"{covered:g} pieces come in for {demand.operation or 'the buyer'}, {demand.pieces:g} are wanted"
        )
        result.problems.append(error("quoting.chain.short", demand.item, message))


def _check_stock(case: Case, chain: Chain, result: Explosion) -> None:
    """Offers are bought within their minimum, multiple and stock."""
    taken: dict[OfferId, float] = {}
    for buy in chain.buys:
        if buy.offer is None:
            continue
        good = case.good(buy.item, buy.offer)
        lots = buy.units / good.offer.multiple
        if buy.units < good.offer.breaks[0].min_quantity - TOLERANCE or abs(lots - round(lots)) > TOLERANCE:
            result.problems.append(
                error("quoting.chain.multiple", buy.offer, f"does not sell {buy.units:g} units")
            )
        taken[buy.offer] = taken.get(buy.offer, 0.0) + buy.units
        if taken[buy.offer] > good.most_units + TOLERANCE:
            message = f"has not {taken[buy.offer]:g} units"
            result.problems.append(error("quoting.chain.stock", buy.offer, message))
