"""Covering one line of a basket from the shelves of several sellers: whole, or in parts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from manyworks.model import ItemId, Offer, OfferId, Place, PriceBreak, Shop, ShopId
from manyworks.quoting.amounts import enough
from manyworks.quoting.case import Case, Good, Leg, PartEstimate

DEPTH = 2
"""A line is spread over at most one seller more than this."""

SMALLEST = 1e-6
"""Amounts that are assumed come in steps of this."""

ROUNDING = 1.0 + 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """``pieces`` of an item to be bought."""

    item: ItemId
    pieces: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Source:
    """A seller with the leg its parcel takes; None: it sells at the very place. ``fee`` for an order."""

    seller: ShopId
    fee: float
    place: Place
    leg: Leg | None

    @property
    def flat(self) -> float:
        """What using the source costs before any goods."""
        return self.fee + (self.leg.flat + self.leg.per_kg * self.leg.min_kg if self.leg else 0.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shelf:
    """A good as one source delivers it: freight, duty and carbon of one sold unit, days until it is there."""

    good: Good
    source: Source
    duty: float
    freight: float
    co2e_kg: float
    days: float

    def cost(self, units: float) -> float:
        """Landed cost of units, parcels and fees apart."""
        return (self.good.price(units) * (1 + self.duty) + self.freight) * units


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """Units taken from a shelf."""

    shelf: Shelf
    units: float


def put_on_shelf(case: Case, line: Line, good: Good, source: Source, place: Place) -> Shelf:
    """Landed figures of a good by a source at a place."""
    item = line.item
    kg, m3 = case.size(item)
    pieces = good.offer.units_per
    carbon = pieces * case.embodied(item, good.offer.condition)
    if source.leg is None:
        return Shelf(
            good=good, source=source, duty=0.0, freight=0.0, co2e_kg=carbon, days=good.offer.lead_days
        )
    service = source.leg.service
    origin = good.offer.origin or good.place.country
    rates = case.duty_rates(item, origin, good.place.country, place.country)
    freight = source.leg.per_kg * max(kg, m3 * service.kg_per_m3) * pieces
    return Shelf(
        good=good,
        source=source,
        duty=rates.goods,
        freight=freight * (1 + rates.freight),
        co2e_kg=carbon + service.co2e_kg_per_kg * kg * pieces,
        days=good.offer.lead_days + source.leg.days,
    )


def _fill(shelves: Sequence[Shelf], pieces: float, by: str) -> tuple[float, list[Pick]]:
    """Empty the cheapest shelves one after the other until one of the rest holds what is still missing."""
    spent, picks, rest = 0.0, list[Pick](), list(shelves)
    best, chosen = whole(rest, pieces, by)
    while rest:
        parts = [(shelf, _part(shelf, pieces)) for shelf in rest]
        able = [(weigh(s, n, by) / (n * s.good.pieces_per_unit), s, n) for s, n in parts if n > 0]
        if not able:
            break
        _, shelf, units = min(able, key=lambda row: row[0])
        spent, pieces = spent + weigh(shelf, units, by), pieces - units * shelf.good.pieces_per_unit
        picks, rest = [*picks, Pick(shelf=shelf, units=units)], [s for s in rest if s.good is not shelf.good]
        last, more = whole(rest, pieces, by)
        if spent + last < best - 1e-12:
            best, chosen = spent + last, [*picks, *more]
    return best, chosen


def assumed_good(part: PartEstimate, place: Place) -> Good:
    """A good nobody sells, at the assumed price, wherever it is wanted; any amount of it."""
    nobody = Shop(id=ShopId(""), name="nobody", place=place.id)
    offer = Offer(
        id=OfferId(""),
        seller=nobody.id,
        breaks=(PriceBreak(min_quantity=0.0, unit_price=part.unit_price.mean),),
        multiple=SMALLEST,
        lead_days=part.lead_days,
    )
    return Good(offer=offer, seller=nobody, place=place, pieces_per_unit=1.0)


def cover(shelves: Sequence[Shelf], pieces: float, by: str, depth: int = DEPTH) -> tuple[float, list[Pick]]:
    """Cheapest (or cleanest) way found to cover ``pieces``: one shelf, or what one can give and the rest.

    Returns
    -------
    Cost (or kg CO2e) and picks; (inf, []) if the shelves do not hold enough.
    """
    best, picks = whole(shelves, pieces, by) if depth < DEPTH else _fill(shelves, pieces, by)
    if depth <= 0:
        return best, picks
    for shelf in shelves:
        units = _part(shelf, pieces)
        if units <= 0:
            continue
        here = weigh(shelf, units, by)
        # a part that costs more a piece than the whole elsewhere does not help
        if here * pieces >= best * units * shelf.good.pieces_per_unit * ROUNDING:
            continue
        others = [other for other in shelves if other.good is not shelf.good]
        rest, more = cover(others, pieces - units * shelf.good.pieces_per_unit, by, depth - 1)
        if here + rest < best - 1e-12:
            best, picks = here + rest, [Pick(shelf=shelf, units=units), *more]
    return best, picks


def nearest(shelves: Iterable[Shelf], by: str) -> list[Shelf]:
    """For every good the one shelf that delivers it best, sources' own costs apart."""
    best: dict[str, Shelf] = {}
    for shelf in shelves:
        offer = shelf.good.offer
        units = max(offer.multiple, offer.breaks[0].min_quantity)
        if offer.id not in best or weigh(shelf, units, by) < weigh(best[offer.id], units, by):
            best[offer.id] = shelf
    return list(best.values())


def whole(shelves: Iterable[Shelf], pieces: float, by: str) -> tuple[float, list[Pick]]:
    """The best single shelf that holds enough."""
    best, pick = math.inf, None
    for shelf in shelves:
        for units in enough(shelf.good, pieces):
            cost = weigh(shelf, units, by)
            if cost < best:
                best, pick = cost, Pick(shelf=shelf, units=units)
    return best, [pick] if pick else []


def weigh(shelf: Shelf, units: float, by: str) -> float:
    """What is to be kept small; a trace of cost keeps a clean choice from being needlessly dear."""
    cost = shelf.cost(units)
    return cost if by == "cost" else shelf.co2e_kg * units + 1e-6 * cost


def _part(shelf: Shelf, pieces: float) -> float:
    """Most units of a shelf that are all of use, but not enough by themselves; 0 if there are none."""
    good = shelf.good
    multiple = good.offer.multiple
    wanted = math.floor(min(pieces / good.pieces_per_unit, good.most_units) / multiple + 1e-9) * multiple
    enough = wanted * good.pieces_per_unit >= pieces - 1e-9
    return 0.0 if enough or wanted < good.offer.breaks[0].min_quantity else wanted
