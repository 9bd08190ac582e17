"""The same facilities and machines in several tables -> each of them once, and nothing lost unsaid."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from math import cos, hypot, isnan, radians

from manyworks.files.open_know.facilities import Facilities
from manyworks.model import Finding, Machine, MachineId, Place, PlaceId, Shop, ShopId, info

_NOT_PLAIN = re.compile(r"[\W_]+")
_KM_PER_DEGREE = 111.2
_SAME_TOWN_KM = 30.0
_SAME_DOOR = 3
"""Decimals of a degree within which two positions are one door: about 100 m."""
_ALIKE = 0.8


def merge_facilities(parts: Sequence[Facilities]) -> tuple[Facilities, tuple[Finding, ...]]:
    """Put the facilities of several tables together; what stands in two of them stays once.

    Two facilities are one where they have one id, one name in one town, or almost one name at one
    door. Of a machine told in two tables the larger number counts; several of one name in one
    table stay several. A word a facility says it can do goes where a machine says so already.
    """
    merged = _Merged()
    for part in parts:
        merged.add(part)
    return merged.result(), tuple(merged.findings)


@dataclass(slots=True)
class _Merged:
    """What has been put together so far."""

    shops: dict[ShopId, Shop] = field(default_factory=dict)
    places: dict[PlaceId, Place] = field(default_factory=dict)
    machines: dict[MachineId, Machine] = field(default_factory=dict)
    by_name: dict[str, list[ShopId]] = field(default_factory=dict)
    by_door: dict[tuple[float, float], list[ShopId]] = field(default_factory=dict)
    by_shop: dict[ShopId, list[MachineId]] = field(default_factory=dict)
    supplies: dict[ShopId, tuple[str, ...]] = field(default_factory=dict)
    products: dict[ShopId, tuple[str, ...]] = field(default_factory=dict)
    classes: dict[MachineId, str] = field(default_factory=dict)
    words: set[MachineId] = field(default_factory=set)
    idle: set[MachineId] = field(default_factory=set)
    origins: dict[str, str] = field(default_factory=dict)
    used: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)

    def add(self, part: Facilities) -> None:
        """Take in one table."""
        places = {place.id: place for place in part.places}
        same = {shop.id: self._take_shop(shop, places[shop.place], part) for shop in part.shops}
        before = {shop: self._named(shop) for shop in same.values()}
        for machine in part.machines:
            shop = same[machine.shop]
            self._take_machine(replace(machine, shop=shop), part, before[shop])
        for shop, own in same.items():
            self.supplies[own] = _joined(self.supplies.get(own, ()), part.supplies.get(shop, ()))
            self.products[own] = _joined(self.products.get(own, ()), part.products.get(shop, ()))

    def result(self) -> Facilities:
        """All of it; words that machines say already are left out and told."""
        for machine in list(self._covered()):
            del self.machines[machine]
        return Facilities(
            shops=tuple(self.shops.values()),
            machines=tuple(self.machines.values()),
            places=tuple(self.places.values()),
            supplies={shop: words for shop, words in self.supplies.items() if words},
            products={shop: words for shop, words in self.products.items() if words},
            classes={one: kind for one, kind in self.classes.items() if one in self.machines},
            words=frozenset(self.words & self.machines.keys()),
            idle=frozenset(self.idle & self.machines.keys()),
            origins=self.origins,
        )

    def _take_shop(self, shop: Shop, place: Place, part: Facilities) -> ShopId:
        """The id a facility goes by: its own, or that of the one it is the same as."""
        own = self._same(shop, place)
        where = part.origins.get(shop.id, str(shop.id))
        if own is None:
            self.shops[shop.id], self.places[place.id] = shop, place
            self.origins[shop.id] = where
            self._index(shop, place)
            return shop.id
        text = f"'{shop.name}' is '{self.shops[own].name}' of {self.origins[own]}: taken as one"
        self.findings.append(info("files.okw.merged-facility", where, text))
        known = self.places[self.shops[own].place]
        self.places[known.id] = _completed(known, place)
        self._index(self.shops[own], self.places[known.id])
        return own

    def _index(self, shop: Shop, place: Place) -> None:
        door = _door(place)
        named = self.by_name.setdefault(_plain(shop.name), [])
        beside = self.by_door.setdefault(door, []) if door else []
        for ids in (named, beside):
            if shop.id not in ids:
                ids.append(shop.id)

    def _same(self, shop: Shop, place: Place) -> ShopId | None:
        if shop.id in self.shops:
            return shop.id
        for known in self.by_name.get(_plain(shop.name), ()):
            if _near(place, self.places[self.shops[known].place]):
                return known
        door = _door(place)
        for known in self.by_door.get(door, ()) if door else ():
            alike = SequenceMatcher(None, _plain(shop.name), _plain(self.shops[known].name)).ratio()
            if alike >= _ALIKE:
                return known
        return None

    def _named(self, shop: ShopId) -> dict[str, list[MachineId]]:
        """Machines of a facility from the tables before, by plain name."""
        found: dict[str, list[MachineId]] = {}
        for machine in self.by_shop.get(shop, ()):
            found.setdefault(_machine_name(self.machines[machine]), []).append(machine)
        return found

    def _take_machine(self, machine: Machine, part: Facilities, before: dict[str, list[MachineId]]) -> None:
        where = part.origins.get(machine.id, str(machine.shop))
        twins = before.get(_machine_name(machine), [])
        if twins:
            twin = twins.pop(0)
            known = self.machines[twin]
            self.machines[twin] = replace(known, count=max(known.count, machine.count))
            text = f"{machine.name} stands in {self.origins[twin]} already: taken as one"
            self.findings.append(info("files.okw.merged-machine", where, text))
            return
        own = self._free(machine.id)
        self.machines[own] = replace(machine, id=own)
        self.by_shop.setdefault(machine.shop, []).append(own)
        self.origins[own] = where
        if machine.id in part.classes:
            self.classes[own] = part.classes[machine.id]
        self.words |= {own} if machine.id in part.words else set()
        self.idle |= {own} if machine.id in part.idle else set()

    def _free(self, wanted: MachineId) -> MachineId:
        own = wanted
        while own in self.machines:
            self.used[wanted] += 1
            own = MachineId(f"{wanted}-{self.used[wanted] + 1}")
        return own

    def _covered(self) -> Iterator[MachineId]:
        """Words of a facility whose process one of its machines has, or another of its words."""
        for machines in self.by_shop.values():
            told = {process for one in machines if one not in self.words for process in self._does(one)}
            for word in (one for one in machines if one in self.words):
                does = self._does(word)
                if does and does <= told:
                    text = f"'{self.machines[word].name}': its machines say so already"
                    yield word
                    self.findings.append(info("files.okw.merged-word", self.origins[word], text))
                told |= does

    def _does(self, machine: MachineId) -> set[str]:
        return {capability.process for capability in self.machines[machine].capabilities}


def _joined(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _plain(text: str) -> str:
    """Letters and digits alone, without case and accents."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return _NOT_PLAIN.sub("", "".join(sign for sign in folded if not unicodedata.combining(sign)))


def _machine_name(machine: Machine) -> str:
    make = _plain(machine.make)
    name = _plain(machine.model or machine.name)
    return f"{make} {name.removeprefix(make) or name}"


def _is_placed(place: Place) -> bool:
    return not isnan(place.latitude)


def _door(place: Place) -> tuple[float, float] | None:
    known = _is_placed(place)
    return (round(place.latitude, _SAME_DOOR), round(place.longitude, _SAME_DOOR)) if known else None


def _near(one: Place, other: Place) -> bool:
    """Whether two places may be one town: near on the map or, where one is not on it, alike in words."""
    if _is_placed(one) and _is_placed(other):
        north = one.latitude - other.latitude
        east = (one.longitude - other.longitude) * cos(radians(one.latitude))
        return hypot(north, east) * _KM_PER_DEGREE <= _SAME_TOWN_KM
    countries = {place.country for place in (one, other) if place.country}
    towns = {_plain(place.name) for place in (one, other) if place.name}
    return len(countries) == 1 and len(towns) <= 1


def _completed(known: Place, other: Place) -> Place:
    """A place with what another table says of it and this one does not."""
    placed = known if _is_placed(known) else other
    return replace(
        known,
        name=known.name or other.name,
        country=known.country or other.country,
        latitude=placed.latitude,
        longitude=placed.longitude,
    )
