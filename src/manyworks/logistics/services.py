"""Which carriers take a consignment from one place to another, at what price, how fast, how clean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from manyworks.logistics.customs import NO_FEE, Duty, find_duty, find_entry_fee, find_relief
from manyworks.logistics.distances import great_circle_km, road_km
from manyworks.logistics.emissions import SET_NAME, carry
from manyworks.logistics.geography import countries, customs_territory, zones_of
from manyworks.logistics.tables import explain_constant
from manyworks.logistics.tariffs import (
    Tariff,
    in_currency,
    is_valid_on,
    network_tariff,
    own_tariffs,
    scale,
)
from manyworks.model import Finding, LaneId, Network, Place, RateBracket, Spread, error

_OWN_CURRENCY = "USD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A carrier's offer between two places, for one consignment.

    Parameters
    ----------
    lane, mode
        See `manyworks.model.Lane`.
    brackets
        Tariff in the network's currency by chargeable kg. A consignment pays the lowest price among
        the brackets that hold its weight; that price never falls with weight.
    kg_per_m3
        Chargeable kg of a cubic metre.
    transit_days
        Door to door, calendar days, customs clearance included.
    distance_km
        Legs on land and the main leg together.
    co2e_kg_per_kg
        kg CO2e of carrying one kg (as weighed, not as charged), well-to-wheel.
    crosses_border, entry_fee
        Whether it crosses a customs border, and what the entry of one consignment then costs.
    shared, shared_sigma, own_sigma
        Name of the common uncertainty of the lane's price, its log standard deviation, and the
        price's own.
    assumptions
        What the figures rest on, a sentence each.
    """

    lane: LaneId
    mode: str
    brackets: tuple[RateBracket, ...]
    kg_per_m3: float
    transit_days: Spread
    distance_km: float
    co2e_kg_per_kg: float
    crosses_border: bool
    entry_fee: float
    shared: str
    shared_sigma: float
    own_sigma: float
    assumptions: tuple[str, ...] = ()

    def chargeable_kg(self, kg: float, m3: float) -> float:
        """The larger of the weight and the volume's weight."""
        return max(kg, m3 * self.kg_per_m3)

    def freight(self, kg: float, m3: float) -> float | None:
        """Price of carrying one consignment; None where it is too heavy or too light for the lane."""
        weight = self.chargeable_kg(kg, m3)
        prices = (
            bracket.fixed + bracket.per_kg * weight
            for bracket in self.brackets
            if bracket.min_kg <= weight <= bracket.max_kg
        )
        return min(prices, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trip:
    """What decides which tariffs apply between two places."""

    origin: Place
    destination: Place
    km: float
    crosses_border: bool

    def suits(self, tariff: Tariff) -> bool:
        """Whether a tariff's scope and distance allow the trip."""
        if tariff.product == "hand" and self.crosses_border:
            return False
        return tariff.min_km <= self.km <= tariff.max_km and self._within(tariff.scope)

    def _within(self, scope: str) -> bool:
        same_country = self.origin.country == self.destination.country
        if scope == "domestic":
            return same_country
        if scope == "international":
            return not same_country
        return scope != "customs-union" or not self.crosses_border


class Logistics:
    """How things move between the places of a network.

    The network's own lanes come first: where one of them joins two places (by its zones), the
    room's planning figures for the same mode, or for a lane of the same id, are not offered there.
    The room's lanes are priced in US dollars and need ``network.exchange["USD"]``; without it only
    the network's own lanes are offered, and ``findings`` says so.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self._usd = 1.0 if network.currency == _OWN_CURRENCY else network.exchange.get(_OWN_CURRENCY)
        self._tariffs = _by_zones(self._usable_tariffs())
        self._services: dict[tuple[Place, Place], tuple[Service, ...]] = {}
        self._duties: dict[tuple[str | None, str, str, str], Duty] = {}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What keeps the room's own lanes from being offered."""
        if self._usd is not None:
            return ()
        theirs = self.network.currency
        message = (
            f"no exchange rate from {_OWN_CURRENCY} to {theirs}: "
            "planning figures for freight and customs entry are left out"
        )
        hint = f"give the worth of one {_OWN_CURRENCY} in {theirs} in the network's exchange table"
        return (error("logistics.exchange.missing", self.network.name, message, hint),)

    def services(self, origin: Place, destination: Place) -> tuple[Service, ...]:
        """All services from door to door, ordered by lane id; empty where nobody carries."""
        key = (origin, destination)
        found = self._services.get(key)
        if found is None:
            found = self._services[key] = self._find_services(origin, destination)
        return found

    def why_not(self, origin: Place, destination: Place) -> Finding:
        """Say why `services` is empty between two places."""
        where = f"{origin.id} -> {destination.id}"
        if self.findings:
            return replace(self.findings[0], where=where)
        unknown = [place for place in (origin, destination) if place.country not in countries()]
        if unknown:
            message = f"the country {unknown[0].country!r} of {unknown[0].name} is not known"
            hint = "give the ISO 3166 code of two letters (GB, CN, US)"
            return error("logistics.place.country", where, message, hint)
        ends = " and ".join(", ".join(zones_of(place)) for place in (origin, destination))
        message = f"no lane joins {origin.name} to {destination.name}; their zones are {ends}"
        return error("logistics.lane.none", where, message, "add a lane between these zones to the network")

    def duty(self, commodity_code: str | None, origin_country: str, sent_from: str, to_country: str) -> Duty:
        """Duty on an item made in one country and sent between two (ISO alpha-2 codes)."""
        key = (commodity_code, origin_country, sent_from, to_country)
        found = self._duties.get(key)
        if found is None:
            found = self._duties[key] = self._find_duty(*key)
        return found

    def _usable_tariffs(self) -> Iterator[Tariff]:
        ids = {lane.id for lane in self.network.lanes}
        if self._usd is not None:
            yield from (in_currency(own, self._usd) for own in own_tariffs() if own.lane.id not in ids)
        valid = (lane for lane in self.network.lanes if is_valid_on(lane, self.network.as_of))
        yield from map(network_tariff, valid)

    def _find_services(self, origin: Place, destination: Place) -> tuple[Service, ...]:
        trip = _Trip(
            origin=origin,
            destination=destination,
            km=great_circle_km(origin, destination),
            crosses_border=customs_territory(origin.country) != customs_territory(destination.country),
        )
        chosen = _narrowest(self._candidates(trip))
        return tuple(self._service(trip, tariff) for tariff in sorted(chosen, key=lambda t: t.lane.id))

    def _candidates(self, trip: _Trip) -> Iterator[tuple[int, Tariff]]:
        """Tariffs that suit a trip, each with how far its zones are from the narrowest."""
        for start, from_zone in enumerate(zones_of(trip.origin)):
            for end, to_zone in enumerate(zones_of(trip.destination)):
                for tariff in self._tariffs.get((from_zone, to_zone), ()):
                    if trip.suits(tariff):
                        yield start + end, tariff

    def _service(self, trip: _Trip, tariff: Tariff) -> Service:
        lane = tariff.lane
        carriage = carry(trip.origin, trip.destination, lane.mode, tariff.vehicle)
        growth = 1 + tariff.per_km * road_km(trip.origin, trip.destination)
        fee = find_entry_fee(trip.destination.country, lane.mode) if trip.crosses_border else NO_FEE
        return Service(
            lane=lane.id,
            mode=lane.mode,
            brackets=scale(lane.brackets, growth),
            kg_per_m3=lane.kg_per_m3,
            transit_days=lane.transit_days,
            distance_km=carriage.distance_km,
            co2e_kg_per_kg=carriage.co2e_kg_per_kg,
            crosses_border=trip.crosses_border,
            entry_fee=fee.usd * (self._usd or 0.0),
            shared=f"lane:{lane.id}",
            shared_sigma=tariff.shared_sigma,
            own_sigma=tariff.own_sigma,
            assumptions=(tariff.assumption, *fee.assumptions, SET_NAME, *_distance_notes(lane.mode)),
        )

    def _find_duty(self, code: str | None, origin_country: str, sent_from: str, to_country: str) -> Duty:
        duty = find_duty(code, origin_country, sent_from, to_country)
        relief = find_relief(to_country, self.network.as_of) if duty.rate else None
        if relief is None:
            return duty
        same = relief.currency == self.network.currency
        rate = 1.0 if same else self.network.exchange.get(relief.currency)
        words = f"duty relief for consignments up to {relief.currency} {relief.below:g} is not applied"
        return replace(
            duty,
            relief_below=None if rate is None else relief.below * rate,
            assumptions=(*duty.assumptions, f"{words} ({relief.note})" if relief.note else words),
        )


def _distance_notes(mode: str) -> tuple[str, ...]:
    """What the length of a route rests on, by mode."""
    names = {
        "hand": ("circuity_walk",),
        "rail": ("circuity_rail",),
        "parcel": ("circuity_road", "parcel_van_km"),
    }
    return tuple(map(explain_constant, names.get(mode, ("circuity_road",))))


def _by_zones(tariffs: Iterable[Tariff]) -> dict[tuple[str, str], list[Tariff]]:
    groups: dict[tuple[str, str], list[Tariff]] = {}
    for tariff in tariffs:
        groups.setdefault((tariff.lane.from_zone, tariff.lane.to_zone), []).append(tariff)
    return groups


def _narrowest(candidates: Iterable[tuple[int, Tariff]]) -> list[Tariff]:
    """The tariffs of each product between the narrowest zones; a network's mode silences the room's."""
    found = list(candidates)
    spoken_for = {tariff.lane.mode for _, tariff in found if tariff.from_network}
    open_ = [(width, t) for width, t in found if t.from_network or t.lane.mode not in spoken_for]
    best: dict[str, int] = {}
    for width, tariff in open_:
        best[tariff.product] = min(width, best.get(tariff.product, width))
    return [tariff for width, tariff in open_ if width == best[tariff.product]]
