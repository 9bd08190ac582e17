"""What tables of facilities leave open and a network needs: country, position, clock, working hours."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files as resources
from math import isnan

from manyworks.files.network.cells import countries
from manyworks.files.network.clocks import principal_town, time_zone
from manyworks.files.network.shifts import parse_shifts
from manyworks.files.open_know.facilities import Facilities
from manyworks.model import Finding, Machine, Place, PlaceId, Shop, ShopId, info, warning

Town = Callable[[str, str], Place | None]
"""Finds a town by its name and country; an empty name asks for the country's largest."""
Land = Callable[[float, float], str]
"""Country of a position; empty where it cannot be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """Facilities a network can be made of, those it cannot, and all that was assumed or found."""

    facilities: Facilities
    left_out: tuple[Shop, ...] = ()
    left_machines: tuple[Machine, ...] = ()
    findings: tuple[Finding, ...] = ()


def complete_facilities(facilities: Facilities, *, find_town: Town, find_land: Land) -> Completed:
    """Give every facility a country, a position, a time zone and working hours, and tell which were assumed.

    A position that is not stated is that of another facility in the same town, else of the town,
    else of the largest town of the country. A facility whose country cannot be told is left out, told.
    """
    search = _Search(facilities=facilities, find_town=find_town, find_land=find_land)
    places: dict[PlaceId, Place] = {}
    shops: list[Shop] = []
    left: list[Shop] = []
    for shop in facilities.shops:
        place = search.complete(shop)
        if place is None:
            left.append(shop)
            continue
        places[place.id] = place
        shops.append(search.open(shop, place))
    out = {shop.id for shop in left}
    machines = tuple(machine for machine in facilities.machines if machine.shop not in out)
    rest = tuple(machine for machine in facilities.machines if machine.shop in out)
    whole = replace(facilities, shops=tuple(shops), places=tuple(places.values()), machines=machines)
    return Completed(
        facilities=whole,
        left_out=tuple(left),
        left_machines=rest,
        findings=(*search.findings, *_told_left(left, rest, facilities)),
    )


def _told_left(left: list[Shop], rest: tuple[Machine, ...], facilities: Facilities) -> Iterator[Finding]:
    lost: dict[ShopId, list[str]] = {}
    for machine in rest:
        lost.setdefault(machine.shop, []).append(machine.name)
    for shop in left:
        named = f" and its {len(lost[shop.id])} machines" if shop.id in lost else ""
        text = f"'{shop.name}' says neither its country nor a position: it{named} cannot be used"
        where = facilities.origins.get(shop.id, str(shop.id))
        yield warning("files.okw.nowhere", where, text, "fill in its country or its latitude and longitude")


@dataclass(slots=True, kw_only=True)
class _Search:
    """Looks up what is missing; ``findings`` what was assumed."""

    facilities: Facilities
    find_town: Town
    find_land: Land
    findings: list[Finding] = field(default_factory=list)
    stated: dict[PlaceId, Place] = field(init=False)
    towns: dict[tuple[str, str], Place] = field(init=False)

    def __post_init__(self) -> None:
        self.stated = {place.id: place for place in self.facilities.places}
        self.towns = {
            (place.country, place.name.casefold()): place
            for place in reversed(self.facilities.places)
            if place.name and not isnan(place.latitude)
        }

    def complete(self, shop: Shop) -> Place | None:
        """The facility's place with country and position; None where they cannot be had."""
        place = self._in_country(shop, self.stated[shop.place])
        if not place.country:
            return None
        named = replace(place, name=place.name or shop.name)
        return self._on_map(shop, named, place.name)

    def open(self, shop: Shop, place: Place) -> Shop:
        """The facility with clock and hours, where it does not state its own."""
        zone = time_zone(place.country, place.latitude, place.longitude)
        if not zone:
            text = f"no time zone is known for {place.country}: UTC is taken"
            self._assume("timezone", shop, text, "fill in its timezone")
            zone = "UTC"
        else:
            self._assume("timezone", shop, zone, f"nearest of the zones of {place.country}")
        if shop.shifts:
            return replace(shop, timezone=zone)
        assumed = _assumed()
        source = f"{assumed['source']}; confidence {assumed['confidence']}"
        self._assume("shifts", shop, f"{assumed['shifts']}, no public holidays", source)
        return replace(shop, timezone=zone, shifts=parse_shifts(assumed["shifts"]))

    def _in_country(self, shop: Shop, place: Place) -> Place:
        known = countries()
        if place.country in known:
            return place
        if place.country:
            text = f"'{place.country}' is no country of ISO 3166"
            self.findings.append(warning("files.okw.country", self._where(shop), text, "correct it"))
        if isnan(place.latitude):
            return replace(place, country="")
        found = self.find_land(place.latitude, place.longitude)
        if found:
            text = f"{found}: country of the nearest town known"
            self._assume("country", shop, text, "fill in its country")
        return replace(place, country=found if found in known else "")

    def _on_map(self, shop: Shop, place: Place, town: str) -> Place | None:
        if not isnan(place.latitude):
            return place
        beside = self.towns.get((place.country, town.casefold())) if town else None
        found = beside or (self.find_town(town, place.country) if town else None)
        how = "another facility in the same town" if beside else "the town"
        if found is None:
            found, how = self.find_town("", place.country), "the largest town known of the country"
        if found is None:
            found, how = _principal(place), "the principal town of its time zone"
        if found is None:
            return None
        at = f"{found.latitude:.3f},{found.longitude:.3f}"
        self._assume("position", shop, f"{at}: position of {how}, {found.name}", "fill in its position")
        return replace(place, latitude=found.latitude, longitude=found.longitude)

    def _assume(self, what: str, shop: Shop, text: str, hint: str) -> None:
        self.findings.append(info(f"files.okw.assumed-{what}", str(shop.id), text, hint))

    def _where(self, shop: Shop) -> str:
        return self.facilities.origins.get(shop.id, str(shop.id))


def _principal(place: Place) -> Place | None:
    town = principal_town(place.country)
    return replace(place, name=town[0], latitude=town[1], longitude=town[2]) if town else None


@cache
def _assumed() -> Mapping[str, str]:
    text = resources("manyworks.files").joinpath("data/imported_shops.toml").read_text(encoding="utf-8")
    rows: Mapping[str, str] = tomllib.loads(text)["assumed"]
    return rows
