"""Put a case together: ask every room what it knows about a product and a network."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from manyworks.logistics import Logistics, find_commodity, packed
from manyworks.market import Candidate, Market, OfferCandidate, Refusal, part_mass_kg, part_size_mm
from manyworks.model import (
    Finding,
    Item,
    ItemId,
    Network,
    Operation,
    OperationId,
    Place,
    Product,
    RateCard,
    Routing,
    Shop,
    ShopId,
    Spread,
    info,
    warning,
)
from manyworks.processes import estimate, route, shop_rates, station_at
from manyworks.quoting.assumed import embodied_factor, uncertainty
from manyworks.quoting.case import Case, DutyRates, Good, PartEstimate, Seat

HOURS_AROUND_THE_CLOCK = 168.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A case with all that was noticed while it was put together.

    ``refusals`` by operation say who cannot or will not, ``why_not`` why nobody carries between two
    places, ``findings`` the rest.
    """

    case: Case
    product: Product
    refusals: Mapping[OperationId, tuple[Refusal, ...]]
    findings: tuple[Finding, ...]
    why_not: Callable[[Place, Place], Finding]


def prepare(product: Product, network: Network, ship_to: Place) -> Prepared:
    """Route the product, match its operations, find offers for what is bought.

    Raises
    ------
    ProcessesError
        If a shop stands in a country the rate book does not know.
    """
    routes = route(product)
    findings = [*routes.findings]
    whole = _coded(product.with_items(routes.items), findings)
    market, logistics = Market(network), Logistics(network)
    routings = _by_item(routes.routings)
    operations = [operation for routing in routes.routings for operation in routing.operations]
    matches = {op.id: market.match(op.requirement, on=network.as_of) for op in operations}
    cards = _Stations(network)
    seats = {op: tuple(cards.seat(c) for c in match.candidates) for op, match in matches.items()}
    goods, estimates = _goods(whole, routings, network, market, findings)
    bodies = _Bodies(whole)
    case = Case(
        root=whole.root,
        items=whole.items,
        routings=routings,
        seats=seats,
        goods=goods,
        estimates=estimates,
        ship_to=ship_to,
        estimate=estimate,
        services=logistics.services,
        duty=_Duties(whole, logistics, findings),
        packed=_Packing(bodies, findings),
        embodied=_Embodied(bodies),
        owned=_owned(network),
    )
    refusals = {op: match.refusals for op, match in matches.items()}
    return Prepared(
        case=case, product=whole, refusals=refusals, findings=tuple(findings), why_not=logistics.why_not
    )


def _coded(product: Product, findings: list[Finding]) -> Product:
    """Give items without a commodity code the heading of their kind, and say so."""
    coded: dict[ItemId, Item] = {}
    for item in product.items.values():
        commodity = find_commodity(item) if not item.commodity_code else None
        if commodity is not None:
            coded[item.id] = replace(item, commodity_code=commodity.code)
            findings.append(info("quoting.commodity.assumed", item.id, commodity.assumption))
    return product.with_items(coded)


def _by_item(routings: tuple[Routing, ...]) -> dict[ItemId, tuple[Routing, ...]]:
    groups: dict[ItemId, list[Routing]] = {}
    for routing in routings:
        groups.setdefault(routing.item, []).append(routing)
    return {item: tuple(group) for item, group in groups.items()}


class _Stations:
    """Rate cards and stations of a network's machines, each made once."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._cards: dict[ShopId, RateCard] = {}

    def seat(self, candidate: Candidate) -> Seat:
        shop = self.network.shops[candidate.shop]
        machine = self.network.machines[candidate.machine]
        place = self.network.place_of(shop.id)
        if shop.id not in self._cards:
            self._cards[shop.id] = shop_rates(self.network, shop)
        capability = candidate.capability
        return Seat(
            shop=shop,
            machine=machine,
            station=station_at(machine, shop, self._cards[shop.id]),
            place=place,
            min_lot=capability.min_lot or 0.0,
            max_lot=float("inf") if capability.max_lot is None else capability.max_lot,
            week_hours=week_hours(shop),
        )


def week_hours(shop: Shop) -> float:
    """Hours a week the shop works; around the clock where it states no shifts."""
    minutes = sum(
        len(shift.weekdays)
        * (shift.end_min - shift.start_min - sum(end - start for start, end in shift.breaks))
        for shift in shop.shifts
    )
    return minutes / 60 if minutes else HOURS_AROUND_THE_CLOCK


def _goods(
    product: Product,
    routings: Mapping[ItemId, tuple[Routing, ...]],
    network: Network,
    market: Market,
    findings: list[Finding],
) -> tuple[dict[ItemId, tuple[Good, ...]], dict[ItemId, PartEstimate]]:
    goods: dict[ItemId, tuple[Good, ...]] = {}
    estimates: dict[ItemId, PartEstimate] = {}
    replacements = _substitutes(product)
    for item in dict.fromkeys(_consumed(product.root, routings)):
        wanted = (item, *replacements.get(item, ()))
        offers = {c.offer.id: c for one in wanted for c in market.offers_for(product.items[one]).offers}
        found = tuple(_good(network, candidate) for candidate in offers.values())
        if found:
            goods[item] = found
        if item not in routings:
            estimates[item] = _assume(product.items[item], network, market, found)
            if not found:
                findings.append(_nobody(product.items[item], estimates[item], network.currency))
    return goods, estimates


def _substitutes(product: Product) -> dict[ItemId, tuple[ItemId, ...]]:
    """What a bill allows to be bought instead of an item."""
    allowed: dict[ItemId, tuple[ItemId, ...]] = {}
    for item in product.items.values():
        for line in item.bill:
            known = tuple(one for one in line.substitutes if one in product.items)
            allowed[line.item] = tuple(dict.fromkeys((*allowed.get(line.item, ()), *known)))
    return allowed


def _consumed(root: ItemId, routings: Mapping[ItemId, tuple[Routing, ...]]) -> Iterator[ItemId]:
    yield root
    for group in routings.values():
        for routing in group:
            for operation in routing.operations:
                yield from _taken(operation)


def _taken(operation: Operation) -> Iterator[ItemId]:
    yield from (line.item for line in operation.inputs)
    yield from (tool.item for tool in operation.tools)


def _good(network: Network, candidate: OfferCandidate) -> Good:
    offer = candidate.offer
    return Good(
        offer=offer,
        seller=network.shops[offer.seller],
        place=network.place_of(offer.seller),
        pieces_per_unit=offer.units_per * offer.expected_yield,
    )


def _assume(item: Item, network: Network, market: Market, found: tuple[Good, ...]) -> PartEstimate:
    """Assumed price of a piece; where there are offers, but too few, no lower than the dearest."""
    priced = market.estimate_price(item)
    rate = network.exchange["USD"]
    dearest = max((good.price(math.inf) / good.pieces_per_unit for good in found), default=0.0)
    usd = priced.unit_price_usd
    price = Spread(
        mean=max(usd.mean * rate, dearest),
        p10=usd.p10 * rate,
        p50=usd.p50 * rate,
        p90=max(usd.p90 * rate, dearest),
        shared_sigma=usd.shared_sigma,
        own_sigma=usd.own_sigma,
    )
    return PartEstimate(unit_price=price, lead_days=uncertainty().estimate_lead_days, basis=priced.basis)


def _nobody(item: Item, part: PartEstimate, currency: str) -> Finding:
    price = part.unit_price
    return warning(
        "quoting.part.no_offer",
        item.id,
        f"nobody in the network offers {item.name}; "
        f"{price.mean:.4g} {currency} a piece is assumed ({price.p10:.4g} to {price.p90:.4g}): {part.basis}",
        "ask a seller, name a substitute, or add an offer to the network",
    )


def _owned(network: Network) -> dict[tuple[ShopId, ItemId], float]:
    owned: dict[tuple[ShopId, ItemId], float] = {}
    for tool in network.tools.values():
        if tool.life_left > 0:
            owned[tool.shop, tool.item] = owned.get((tool.shop, tool.item), 0.0) + 1.0
    return owned


class _Duties:
    """Duty rates by item; each lookup that is not certain is noted once."""

    def __init__(self, product: Product, logistics: Logistics, findings: list[Finding]) -> None:
        self.product, self.logistics, self.findings = product, logistics, findings
        self._noted: set[tuple[str, str, str]] = set()

    def __call__(self, item: ItemId, origin: str, sent_from: str, to: str) -> DutyRates:
        duty = self.logistics.duty(self.product.items[item].commodity_code, origin, sent_from, to)
        if duty.finding is not None:
            key = (duty.finding.code, duty.finding.where, duty.finding.message)
            if key not in self._noted:
                self._noted.add(key)
                self.findings.append(duty.finding)
        return DutyRates(goods=duty.rate, freight=duty.rate if duty.freight_dutiable else 0.0)


class _Bodies:
    """Items with mass and size: bought parts that state none take those of their package or class."""

    def __init__(self, product: Product) -> None:
        self.product = product
        self._known: dict[ItemId, tuple[Item, tuple[str, ...]]] = {}

    def __call__(self, item: ItemId) -> tuple[Item, tuple[str, ...]]:
        """Return the item with mass and size, and what was assumed of them."""
        if item not in self._known:
            thing = self.product.items[item]
            made = thing.design is not None or bool(thing.bill)
            self._known[item] = (thing, ()) if made else _sized(thing)
        return self._known[item]


def _sized(item: Item) -> tuple[Item, tuple[str, ...]]:
    mass, of_mass = part_mass_kg(item)
    size, of_size = part_size_mm(item)
    return replace(item, mass_kg=mass, size_mm=size), tuple(text for text in (of_mass, of_size) if text)


class _Packing:
    """Mass and volume of one packed unit; whatever was assumed is noted once."""

    def __init__(self, bodies: _Bodies, findings: list[Finding]) -> None:
        self.bodies, self.findings = bodies, findings

    def __call__(self, item: ItemId) -> tuple[float, float]:
        thing, assumed = self.bodies(item)
        size = packed(thing, self.bodies.product)
        self.findings.extend(info("quoting.size.assumed", item, text) for text in assumed)
        return size.mass_kg, size.volume_m3


class _Embodied:
    """Carbon in bought goods: mass times the factor of their kind."""

    def __init__(self, bodies: _Bodies) -> None:
        self.bodies = bodies
        self._known: dict[tuple[ItemId, str], float] = {}

    def __call__(self, item: ItemId, condition: str) -> float:
        key = (item, condition)
        if key not in self._known:
            thing, _ = self.bodies(item)
            factor = embodied_factor(thing.commodity_code or "", condition)
            self._known[key] = (thing.mass_kg or 0.0) * factor
        return self._known[key]
