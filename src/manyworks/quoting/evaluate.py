"""The judge: prices a whole chosen chain from scratch.

It shares no code with the label programme or the fixed-charge model; both, and brute force, are
held against it. What it adds up is defined here and nowhere else.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from manyworks.model import (
    CostLine,
    ItemId,
    Move,
    OfferId,
    OperationId,
    Purchase,
    Shop,
    ShopId,
    Spread,
    Step,
    error,
)
from manyworks.quoting.assumed import uncertainty
from manyworks.quoting.case import Case, Leg
from manyworks.quoting.chain import Buy, Chain, items_in_order
from manyworks.quoting.explosion import ChainError, Explosion, Flow, Placed, explode
from manyworks.quoting.timeline import Stretch, finish

Z90 = 1.2815515655446004
"""Standard normal deviate of the 90th percentile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """kg CO2e of one source, with the name of what it has in common with others."""

    what: str
    kg: float
    shared: str
    sigma: float


@dataclass(slots=True, kw_only=True)
class Assessment:
    """What a chain costs (network's currency), when it is there (days), what it emits (kg CO2e)."""

    lines: list[CostLine] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    purchases: list[Purchase] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    timeline: list[Stretch] = field(default_factory=list)
    footprints: list[Footprint] = field(default_factory=list)

    @property
    def total(self) -> float:
        """Landed price of the whole quantity."""
        return math.fsum(line.amount for line in self.lines)

    @property
    def lead_days(self) -> float:
        """Days from the order until the last piece arrives, without spread."""
        return float(finish(self.timeline))

    @property
    def co2e_kg(self) -> float:
        """Footprint of the whole quantity."""
        return math.fsum(part.kg for part in self.footprints)


@dataclass(slots=True, kw_only=True)
class _Audit:
    """Books kept while one chain is gone through, children before parents."""

    case: Case
    chain: Chain
    explosion: Explosion
    result: Assessment = field(default_factory=Assessment)
    value: dict[OperationId, float] = field(default_factory=dict)
    ready: dict[object, int] = field(default_factory=dict)
    owed: dict[ShopId, float] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def evaluate(case: Case, chain: Chain, quantity: float) -> Assessment:
    """Price, lead time and footprint of a chain for ``quantity`` good pieces at the buyer's place.

    Raises
    ------
    ChainError
        If the chain cannot be carried out, with every reason.
    """
    audit = _Audit(case=case, chain=chain, explosion=explode(case, chain, quantity))
    for buy in chain.buys:
        _purchase(audit, buy)
    for item in reversed(items_in_order(case)):
        for placed in _placed_of(audit, item):
            _operation(audit, placed)
    _arrivals(audit, None)
    _orders(audit)
    if audit.problems:
        raise ChainError([error("quoting.chain.carry", str(case.root), text) for text in audit.problems])
    return audit.result


def _placed_of(audit: _Audit, item: ItemId) -> Iterable[Placed]:
    routing = audit.chain.routing(audit.case, item)
    placed = audit.explosion.placed
    return (placed[op.id] for op in routing.operations if op.id in placed) if routing else ()


def _purchase(audit: _Audit, buy: Buy) -> None:
    if buy.offer is None:
        _assumed_purchase(audit, buy)
        return
    good = audit.case.good(buy.item, buy.offer)
    price = good.price(buy.units)
    amount = price * buy.units
    sigma = uncertainty()
    _line(
        audit,
        "part",
        str(buy.item),
        str(good.seller.id),
        amount,
        f"seller:{good.seller.id}",
        sigma.seller,
        0.0,
    )
    _owe(audit, good.seller, amount)
    pieces = buy.units * good.pieces_per_unit
    audit.result.purchases.append(
        Purchase(
            item=buy.item,
            operation=buy.operation or OperationId(""),
            offer=buy.offer,
            seller=good.seller.id,
            units=buy.units,
            pieces=pieces,
            unit_price=price,
            amount=amount,
            condition=good.offer.condition,
            lead_days=good.offer.lead_days,
        )
    )
    _embodied(audit, buy.item, good.offer.condition, buy.units * good.offer.units_per)
    audit.ready[buy] = _stretch(
        audit, f"buy {buy.item}", good.offer.lead_days, (), f"seller:{good.seller.id}", 0.0, sigma.lead
    )


def _assumed_purchase(audit: _Audit, buy: Buy) -> None:
    part = audit.case.estimates[buy.item]
    amount = part.unit_price.mean * buy.units
    own = part.unit_price.own_sigma or uncertainty().estimate
    _line(
        audit,
        "estimate",
        str(buy.item),
        "nobody offers it",
        amount,
        "parts",
        part.unit_price.shared_sigma,
        own,
    )
    audit.result.purchases.append(
        Purchase(
            item=buy.item,
            operation=buy.operation or OperationId(""),
            offer=None,
            seller=None,
            units=buy.units,
            pieces=buy.units,
            unit_price=part.unit_price.mean,
            amount=amount,
            condition="unknown",
            lead_days=part.lead_days,
        )
    )
    _embodied(audit, buy.item, "new", buy.units)
    audit.ready[buy] = _stretch(audit, f"find {buy.item}", part.lead_days, (), "", 0.0, uncertainty().lead)


def _operation(audit: _Audit, placed: Placed) -> None:
    seat, effort, operation = placed.seat, placed.effort, placed.operation
    waits, value = _arrivals(audit, operation.id)
    shop, country = seat.shop, f"country:{seat.place.country}"
    for kind, amount in effort.costs:
        _line(
            audit, kind, operation.name, str(shop.id), amount, country, effort.shared_sigma, effort.own_sigma,
            visible_to=str(shop.id),
        )  # fmt: skip
    _owe(audit, shop, effort.price)
    audit.value[operation.id] = value + effort.price
    if effort.co2e_kg:
        audit.result.footprints.append(
            Footprint(what=operation.name, kg=effort.co2e_kg, shared=country, sigma=uncertainty().footprint)
        )
    queue = _stretch(
        audit, f"queue at {shop.id}", shop.queue_days, (), f"shop:{shop.id}", 0.0, uncertainty().queue
    )
    days = effort.days + operation.hold_s / 86400
    audit.ready[operation.id] = _stretch(
        audit, operation.name, days, (*waits, queue), f"shop:{shop.id}", effort.shared_sigma, effort.own_sigma
    )
    audit.result.steps.append(
        Step(
            item=placed.item,
            routing=placed.routing.id,
            operation=operation.id,
            process=operation.process,
            shop=shop.id,
            machine=seat.machine.id,
            quantity=placed.good,
            starts=effort.starts,
            setup_s=effort.setup_s,
            run_s=effort.run_s,
            attended_s=effort.attended_s,
            queue_days=shop.queue_days,
            price=effort.price,
        )
    )


def _arrivals(audit: _Audit, operation: OperationId | None) -> tuple[tuple[int, ...], float]:
    """Book everything that comes in for an operation; what it waits for, and the value that came in."""
    waits: list[int] = []
    value = 0.0
    for buy in audit.chain.buys:
        if buy.operation == operation and buy.offer is None:
            waits.append(audit.ready[buy])
            value += audit.case.estimates[buy.item].unit_price.mean * buy.units
    groups: dict[str, list[Flow]] = {}
    for flow in audit.explosion.flows:
        if flow.operation == operation:
            groups.setdefault(flow.origin.id, []).append(flow)
            value += _value_of(audit, flow)
    for flows in groups.values():
        arrival, cost = _consign(audit, flows)
        waits.extend(arrival)
        value += cost
    if operation is None:
        _stretch(audit, "all there", 0.0, tuple(waits), "", 0.0, 0.0)
    return tuple(waits), value


def _value_of(audit: _Audit, flow: Flow) -> float:
    """What the goods of a flow cost so far, for customs: making, parts, freight, entry and duty."""
    if isinstance(flow.source, Buy):
        good = audit.case.good(flow.source.item, flow.source.offer or OfferId(""))
        return good.price(flow.source.units) * flow.source.units
    return audit.value[flow.source] * flow.share


def _consign(audit: _Audit, flows: list[Flow]) -> tuple[list[int], float]:
    """Send what one place has for one operation as one consignment; its stretch and its cost."""
    first = flows[0]
    sources = [audit.ready[flow.source] for flow in flows]
    if first.origin.id == first.destination.id:
        return sources, 0.0
    kg, m3 = _load(audit.case, flows)
    leg = _leg(audit, first, kg, m3)
    if leg is None:
        return sources, 0.0
    move = _move(audit, flows, leg, kg, m3)
    audit.result.moves.append(move)
    service, name = leg.service, f"{first.origin.id} -> {first.destination.id}"
    _line(
        audit,
        "freight",
        name,
        str(leg.lane),
        move.freight,
        service.shared,
        service.shared_sigma,
        service.own_sigma,
    )
    if move.entry_fee:
        _line(audit, "customs entry", name, str(leg.lane), move.entry_fee, "", 0.0, 0.0)
    if move.duty:
        _line(audit, "duty", name, first.destination.country, move.duty, "", 0.0, 0.0)
    if move.co2e_kg:
        audit.result.footprints.append(
            Footprint(
                what=name, kg=move.co2e_kg, shared=f"mode:{service.mode}", sigma=uncertainty().footprint
            )
        )
    own = _sigma(service.transit_days)
    arrival = _stretch(audit, f"{service.mode} {name}", leg.days, tuple(sources), service.shared, 0.0, own)
    return [arrival], move.freight + move.entry_fee + move.duty


def _load(case: Case, flows: list[Flow]) -> tuple[float, float]:
    sizes = [(flow.pieces, *case.size(flow.item)) for flow in flows]
    return sum(n * kg for n, kg, _ in sizes), sum(n * m3 for n, _, m3 in sizes)


def _leg(audit: _Audit, flow: Flow, kg: float, m3: float) -> Leg | None:
    """The cheapest bracket of the chosen lane that takes the load."""
    lane = audit.chain.lanes.get((flow.origin.id, flow.operation))
    legs = [leg for leg in audit.case.legs(flow.origin, flow.destination) if leg.lane == lane]
    legs = [leg for leg in legs if math.isfinite(leg.freight(kg, m3))]
    if not legs:
        audit.problems.append(
            f"nothing chosen carries {kg:.3f} kg, {m3:.4f} m3 from {flow.origin.id} to {flow.destination.id}"
        )
        return None
    return min(legs, key=lambda leg: leg.freight(kg, m3))


def _move(audit: _Audit, flows: list[Flow], leg: Leg, kg: float, m3: float) -> Move:
    first, service = flows[0], leg.service
    freight = leg.freight(kg, m3)
    return Move(
        origin=first.origin.id,
        destination=first.destination.id,
        operation=first.operation,
        items=tuple(dict.fromkeys(flow.item for flow in flows)),
        mode=service.mode,
        lane=str(leg.lane),
        mass_kg=kg,
        volume_m3=m3,
        chargeable_kg=leg.chargeable(kg, m3),
        distance_km=service.distance_km,
        freight=freight,
        entry_fee=service.entry_fee if service.crosses_border else 0.0,
        duty=_duty(audit, flows, leg) if service.crosses_border else 0.0,
        transit_days=service.transit_days,
        co2e_kg=service.co2e_kg_per_kg * kg,
    )


def _duty(audit: _Audit, flows: list[Flow], leg: Leg) -> float:
    """Duty of a consignment: each line's own rate on its value and on the freight of its own weight.

    The part of the freight that no weight causes is charged at the highest rate in the
    consignment, which never understates it.
    """
    total, highest = 0.0, 0.0
    for flow in flows:
        rates = audit.case.duty_rates(
            flow.item, flow.origin_country, flow.origin.country, flow.destination.country
        )
        kg, m3 = audit.case.size(flow.item)
        own = max(kg, m3 * leg.service.kg_per_m3) * flow.pieces
        total += rates.goods * _value_of(audit, flow) + rates.freight * leg.per_kg * own
        highest = max(highest, rates.freight)
    return total + highest * leg.fixed


def _orders(audit: _Audit) -> None:
    """Once for every shop an order is placed with: its fee, its minimum charge, its smallest order."""
    shops = {seat.shop.id: seat.shop for seats in audit.case.seats.values() for seat in seats}
    shops |= {good.seller.id: good.seller for goods in audit.case.goods.values() for good in goods}
    sellers = {purchase.seller for purchase in audit.result.purchases}
    for shop_id, amount in audit.owed.items():
        shop = shops[shop_id]
        if shop.order_fee:
            _line(audit, "order fee", shop.name, str(shop_id), shop.order_fee, "", 0.0, 0.0)
        if amount < shop.minimum_charge:
            _line(
                audit, "minimum charge", shop.name, str(shop_id), shop.minimum_charge - amount, "", 0.0, 0.0
            )
        if shop_id in sellers and amount < shop.smallest_order - 1e-6:
            audit.problems.append(
                f"{shop_id} takes no order below {shop.smallest_order:g}, this one is {amount:.2f}"
            )


def _owe(audit: _Audit, shop: Shop, amount: float) -> None:
    audit.owed[shop.id] = audit.owed.get(shop.id, 0.0) + amount


def _line(  # noqa: PLR0913, PLR0917 - one argument a column of the line
    audit: _Audit, kind: str, what: str, where: str, amount: float,
    shared: str, shared_sigma: float, own_sigma: float, visible_to: str = "buyer",
) -> None:  # fmt: skip
    audit.result.lines.append(
        CostLine(
            kind=kind,
            what=what,
            where=where,
            amount=amount,
            shared=shared,
            shared_sigma=shared_sigma,
            own_sigma=own_sigma,
            visible_to=visible_to,
        )
    )


def _stretch(
    audit: _Audit,
    name: str,
    days: float,
    after: tuple[int, ...],
    shared: str,
    shared_sigma: float,
    own: float,
) -> int:
    audit.result.timeline.append(
        Stretch(name=name, days=days, after=after, shared=shared, shared_sigma=shared_sigma, own_sigma=own)
    )
    return len(audit.result.timeline) - 1


def _embodied(audit: _Audit, item: ItemId, condition: str, pieces: float) -> None:
    kg = audit.case.embodied(item, condition) * pieces
    if kg:
        audit.result.footprints.append(
            Footprint(what=str(item), kg=kg, shared="embodied", sigma=uncertainty().footprint)
        )


def _sigma(spread: Spread) -> float:
    if spread.p10 <= 0 or spread.p90 <= spread.p10:
        return spread.own_sigma
    return math.log(spread.p90 / spread.p10) / (2 * Z90)
