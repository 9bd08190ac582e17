"""Countries, customs territories and the tariff zones a place lies in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from manyworks.logistics.tables import read_table
from manyworks.model import Place

ANYWHERE = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """A country or territory by ISO 3166 alpha-2 code.

    ``territory`` is the customs territory it belongs to (members of the EU share one);
    ``landmass`` names what can be reached over land; ``region`` is the widest tariff zone.
    """

    code: str
    name: str
    aliases: tuple[str, ...]
    region: str
    territory: str
    landmass: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A tariff zone inside a country, bounded by latitudes and longitudes."""

    zone: str
    parent: str
    south: float
    north: float
    west: float
    east: float

    def holds(self, place: Place) -> bool:
        """Whether ``place`` lies in the country and inside the box."""
        inside = self.south <= place.latitude <= self.north and self.west <= place.longitude <= self.east
        return place.country == self.parent and inside


@cache
def countries() -> dict[str, Country]:
    """All countries of the room's table by code."""
    return {
        row["code"]: Country(
            code=row["code"],
            name=row["name"],
            aliases=tuple(filter(None, row["aliases"].split(";"))),
            region=row["region"],
            territory=row["customs_territory"],
            landmass=row["landmass"],
        )
        for row in read_table("countries")
    }


def customs_territory(country: str) -> str:
    """Customs territory of a country; an unknown country stands for itself."""
    known = countries().get(country)
    return known.territory if known else country


@cache
def _boxes() -> tuple[Box, ...]:
    return tuple(
        Box(
            zone=row["zone"],
            parent=row["parent"],
            south=float(row["south"]),
            north=float(row["north"]),
            west=float(row["west"]),
            east=float(row["east"]),
        )
        for row in read_table("zones")
    )


@lru_cache(maxsize=65536)
def zones_of(place: Place) -> tuple[str, ...]:
    """Tariff zones of a place from the narrowest to ``*``.

    The place's own zone comes first unless it is one of the usual ones: the box it lies in, its
    country, its customs territory and its region.
    """
    known = countries().get(place.country)
    wide = (known.territory, known.region) if known else ()
    boxes = tuple(box.zone for box in _boxes() if box.holds(place))
    chain = (*boxes, place.country, *wide, ANYWHERE)
    own = () if place.zone in chain else (place.zone,)
    return tuple(dict.fromkeys(filter(None, (*own, *chain))))
