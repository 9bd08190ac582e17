"""Everything one quote needs to know, looked up once: who can do, sell and carry what.

The search, the model and the evaluator read a `Case` and nothing else, so that a test can put a
small invented one before all three.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from manyworks.logistics import Service
from manyworks.model import (
    Input,
    Item,
    ItemId,
    LaneId,
    Machine,
    Offer,
    OfferId,
    Operation,
    OperationId,
    Place,
    PlaceId,
    PriceBreak,
    Routing,
    Shop,
    ShopId,
    Spread,
)
from manyworks.processes import Estimate, Station

SECONDS_PER_HOUR = 3600.0
DAYS_PER_WEEK = 7.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One machine at one shop that may carry out an operation, for lots from ``min_lot`` to ``max_lot``.

    ``week_hours`` is how many hours a week the shop works.
    """

    shop: Shop
    machine: Machine
    station: Station
    place: Place
    min_lot: float = 0.0
    max_lot: float = math.inf
    week_hours: float = 168.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """What one operation takes at one seat for one number of good pieces. Money, seconds, kg, days."""

    starts: float
    price: float
    costs: tuple[tuple[str, float], ...]
    setup_s: float
    run_s: float
    attended_s: float
    co2e_kg: float
    days: float
    own_sigma: float
    shared_sigma: float
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Good:
    """An offer for an item: ``pieces_per_unit`` good pieces are expected of each unit sold."""

    offer: Offer
    seller: Shop
    place: Place
    pieces_per_unit: float

    def price(self, units: float) -> float:
        """Unit price for ``units`` sold units (all-units discount)."""
        return price_at(self.offer.breaks, units)

    def least_units(self, pieces: float) -> float:
        """Fewest units that may be bought and yield ``pieces`` good pieces; inf beyond the stock."""
        wanted = max(pieces / self.pieces_per_unit, self.offer.breaks[0].min_quantity)
        units = math.ceil(wanted / self.offer.multiple - 1e-9) * self.offer.multiple
        return units if units <= self.most_units + 1e-9 else math.inf

    @property
    def most_units(self) -> float:
        """Units in stock, in whole multiples."""
        if self.offer.stock is None:
            return math.inf
        return math.floor(self.offer.stock / self.offer.multiple + 1e-9) * self.offer.multiple


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One bracket of one carrier's service between two places."""

    service: Service
    fixed: float
    per_kg: float
    min_kg: float
    max_kg: float

    @property
    def lane(self) -> LaneId:
        """The lane this leg runs on."""
        return self.service.lane

    @property
    def days(self) -> float:
        """Expected transit in days."""
        return self.service.transit_days.mean

    @property
    def flat(self) -> float:
        """What the consignment costs before any weight: the fixed price and the customs entry."""
        return self.fixed + (self.service.entry_fee if self.service.crosses_border else 0.0)

    def weight(self, kg: float, m3: float) -> float:
        """Weight in kg as charged: as weighed, or by volume where that is more."""
        return max(kg, m3 * self.service.kg_per_m3)

    def chargeable(self, kg: float, m3: float) -> float:
        """Chargeable weight in kg, raised to the bracket's smallest."""
        return max(self.weight(kg, m3), self.min_kg)

    def freight(self, kg: float, m3: float) -> float:
        """Freight without customs entry; inf if the consignment is too heavy for the bracket."""
        weight = self.chargeable(kg, m3)
        return self.fixed + self.per_kg * weight if weight <= self.max_kg * (1 + 1e-9) else math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRates:
    """Duty as a share of the goods' value and of their freight."""

    goods: float = 0.0
    freight: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PartEstimate:
    """Delivered price of one piece of a part nobody offers, and its lead time in days."""

    unit_price: Spread
    lead_days: float
    basis: str


def cheapest_for_some(legs: Sequence[Leg]) -> tuple[Leg, ...]:
    """Legs that no other beats in every figure of its tariff."""
    kept: list[Leg] = []
    for leg in sorted(legs, key=lambda one: (one.flat, one.per_kg, one.service.kg_per_m3)):
        if not any(_beats(other, leg) for other in kept):
            kept.append(leg)
    return tuple(kept)


def worthwhile(legs: Sequence[Leg]) -> tuple[Leg, ...]:
    """Legs that no other beats in its tariff, its pace and its footprint at once."""
    kept: list[Leg] = []
    for leg in sorted(legs, key=lambda one: (one.flat, one.per_kg, one.service.kg_per_m3, one.days)):
        if not any(
            _beats(other, leg)
            and other.days <= leg.days
            and other.service.co2e_kg_per_kg <= leg.service.co2e_kg_per_kg
            for other in kept
        ):
            kept.append(leg)
    return tuple(kept)


def _beats(one: Leg, other: Leg) -> bool:
    return (
        one.flat <= other.flat
        and one.fixed <= other.fixed
        and one.per_kg <= other.per_kg
        and one.per_kg * one.service.kg_per_m3 <= other.per_kg * other.service.kg_per_m3
        and one.per_kg * one.min_kg <= other.per_kg * other.min_kg
        and one.max_kg >= other.max_kg
        and one.service.kg_per_m3 <= other.service.kg_per_m3
    )


def price_at(breaks: Sequence[PriceBreak], units: float) -> float:
    """Unit price of the highest break that ``units`` reach."""
    price = breaks[0].unit_price
    for step in breaks[1:]:
        if step.min_quantity > units + 1e-9:
            break
        price = step.unit_price
    return price


@dataclass(frozen=True, kw_only=True)
class Case:
    """A product, and who can make, sell and carry each part of it.

    Parameters
    ----------
    routings
        For each item that can be made, its alternatives. Operations form a chain in their order.
    seats, goods
        Who can do each operation, who sells each item.
    estimates
        What to assume of an item that offers cannot cover.
    estimate, services, duty, packed, embodied
        The rooms' functions: cost of an operation; carriers between two places; duty rates by
        (item, country of origin, sent from, to); mass in kg and volume in m3 of one packed unit;
        kg CO2e in one bought unit by (item, condition).
    owned
        Usable tool instances by (shop, item).
    """

    root: ItemId
    items: Mapping[ItemId, Item]
    routings: Mapping[ItemId, tuple[Routing, ...]]
    seats: Mapping[OperationId, tuple[Seat, ...]]
    goods: Mapping[ItemId, tuple[Good, ...]]
    estimates: Mapping[ItemId, PartEstimate]
    ship_to: Place
    estimate: Callable[[Operation, np.ndarray, Sequence[Station]], Estimate]
    services: Callable[[Place, Place], tuple[Service, ...]]
    duty: Callable[[ItemId, str, str, str], DutyRates]
    packed: Callable[[ItemId], tuple[float, float]]
    embodied: Callable[[ItemId, str], float]
    owned: Mapping[tuple[ShopId, ItemId], float] = field(default_factory=dict)
    _efforts: dict[tuple[OperationId, float], tuple[Effort | None, ...]] = field(default_factory=dict)
    _legs: dict[tuple[PlaceId, PlaceId], tuple[Leg, ...]] = field(default_factory=dict)
    _worthwhile: dict[tuple[PlaceId, PlaceId], tuple[Leg, ...]] = field(default_factory=dict)
    _sensible: dict[tuple[PlaceId, PlaceId], tuple[Leg, ...]] = field(default_factory=dict)
    _duties: dict[tuple[ItemId, str, str, str], DutyRates] = field(default_factory=dict)
    _packed: dict[ItemId, tuple[float, float]] = field(default_factory=dict)

    def efforts(self, operation: Operation, good: float) -> tuple[Effort | None, ...]:
        """What ``good`` pieces of ``operation`` take at each of its seats; None where it is declined.

        A seat declines lots outside its range and operations worth less than its smallest order.
        """
        key = (operation.id, good)
        if key not in self._efforts:
            seats = self.seats[operation.id]
            self._efforts[key] = tuple(
                _accepted(seat, good, effort)
                for seat, effort in zip(seats, self.asked(operation, good), strict=True)
            )
        return self._efforts[key]

    def asked(self, operation: Operation, good: float) -> tuple[Effort, ...]:
        """What ``good`` pieces would take at each seat, whether or not the shop takes them."""
        seats = self.seats[operation.id]
        if not seats:
            return ()
        result = self.estimate(operation, np.array([float(good)]), [seat.station for seat in seats])
        return tuple(_effort(result, row, seat) for row, seat in enumerate(seats))

    def needs(self, operation: Operation, starts: float, shop: ShopId) -> list[tuple[ItemId, float]]:
        """Items and tools that ``starts`` of ``operation`` take at ``shop``, beside the stage before.

        An item that stands in several lines is wanted once, in their sum.
        """
        wanted: dict[ItemId, float] = {}
        for line in operation.inputs:
            pieces = self._input(line, starts * line.quantity)
            wanted[line.item] = wanted.get(line.item, 0.0) + pieces
        for tool in operation.tools:
            missing = math.ceil(starts / tool.life - 1e-9) - self.owned.get((shop, tool.item), 0.0)
            if missing > 0:
                wanted[tool.item] = wanted.get(tool.item, 0.0) + missing
        return list(wanted.items())

    def _input(self, line: Input, amount: float) -> float:
        wanted = amount + max(line.attrition_min, line.attrition * amount)
        return math.ceil(wanted - 1e-9) if self.items[line.item].unit == "piece" else wanted

    def legs(self, origin: Place, destination: Place) -> tuple[Leg, ...]:
        """Every bracket of every service between two places; () within one place or if nobody carries."""
        key = (origin.id, destination.id)
        if key not in self._legs:
            self._legs[key] = tuple(
                Leg(
                    service=service,
                    fixed=bracket.fixed,
                    per_kg=bracket.per_kg,
                    min_kg=bracket.min_kg,
                    max_kg=bracket.max_kg,
                )
                for service in self.services(origin, destination)
                for bracket in service.brackets
            )
        return self._legs[key]

    def worthwhile_legs(self, origin: Place, destination: Place) -> tuple[Leg, ...]:
        """Legs that something may want for price, pace or footprint."""
        key = (origin.id, destination.id)
        if key not in self._worthwhile:
            self._worthwhile[key] = worthwhile(self.legs(origin, destination))
        return self._worthwhile[key]

    def sensible_legs(self, origin: Place, destination: Place) -> tuple[Leg, ...]:
        """Legs that some load may want for its price alone."""
        key = (origin.id, destination.id)
        if key not in self._sensible:
            self._sensible[key] = cheapest_for_some(self.legs(origin, destination))
        return self._sensible[key]

    def duty_rates(self, item: ItemId, origin: str, sent_from: str, to: str) -> DutyRates:
        """Duty on an item that originates in one country and is sent from another."""
        key = (item, origin, sent_from, to)
        if key not in self._duties:
            self._duties[key] = self.duty(*key) if sent_from != to else DutyRates()
        return self._duties[key]

    def size(self, item: ItemId) -> tuple[float, float]:
        """Mass in kg and volume in m3 of one packed unit."""
        if item not in self._packed:
            self._packed[item] = self.packed(item)
        return self._packed[item]

    def good(self, item: ItemId, offer: OfferId) -> Good:
        """The offer of that id for the item."""
        return next(good for good in self.goods[item] if good.offer.id == offer)

    def supply(self, item: ItemId, destination: Place) -> float:
        """Good pieces of ``item`` on offer that can be carried to ``destination``."""
        return sum(
            good.most_units * good.pieces_per_unit
            for good in self.goods.get(item, ())
            if self.reaches(good.place, destination)
        )

    def reaches(self, origin: Place, destination: Place) -> bool:
        """Whether anything can go from one place to the other."""
        return origin.id == destination.id or bool(self.legs(origin, destination))


def _effort(result: Estimate, row: int, seat: Seat) -> Effort:
    costs = tuple((kind, float(values[row, 0])) for kind, values in result.costs.items())
    setup, run = float(result.setup_s[row, 0]), float(result.run_s[row, 0])
    machines = max(1, min(seat.machine.count, int(result.starts[row, 0])))
    return Effort(
        starts=float(result.starts[row, 0]),
        price=sum(amount for _, amount in costs),
        costs=costs,
        setup_s=setup,
        run_s=run,
        attended_s=float(result.attended_s[row, 0]),
        co2e_kg=float(result.co2e_kg[row, 0]),
        days=(setup + run / machines) / SECONDS_PER_HOUR / seat.week_hours * DAYS_PER_WEEK,
        own_sigma=float(result.own_sigma[row]),
        shared_sigma=float(np.broadcast_to(result.shared_sigma, result.own_sigma.shape)[row]),
        assumptions=result.assumptions,
    )


def _accepted(seat: Seat, good: float, effort: Effort) -> Effort | None:
    return None if why_declined(seat, good, effort.price) else effort


def why_declined(seat: Seat, good: float, price: float) -> str:
    """Why a shop does not take ``good`` pieces worth ``price``; empty if it takes them."""
    if good < seat.min_lot:
        return f"takes lots from {seat.min_lot:g} pieces, asked for {good:g}"
    if good > seat.max_lot:
        return f"takes lots up to {seat.max_lot:g} pieces, asked for {good:g}"
    if price < seat.shop.smallest_order - 1e-9:
        return f"declines work below {seat.shop.smallest_order:g}, this is worth {price:.2f}"
    return ""
