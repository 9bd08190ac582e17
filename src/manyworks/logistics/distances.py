"""How far apart things are: over the ground, by sea, by air, and to the nearest port or airport."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from math import asin, cos, radians, sin, sqrt

from manyworks.logistics.geography import countries
from manyworks.logistics.tables import constant, read_table
from manyworks.model import Place, PlaceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """A port (UN/LOCODE) or airport (IATA code) where the main leg starts or ends."""

    code: str
    kind: str
    place: Place


def great_circle_km(a: Place, b: Place) -> float:
    """Shortest distance in km over a round earth (haversine formula)."""
    south, north = radians(a.latitude), radians(b.latitude)
    rise = sin((north - south) / 2) ** 2
    turn = sin(radians(b.longitude - a.longitude) / 2) ** 2
    chord = min(1.0, rise + cos(south) * cos(north) * turn)
    return 2 * constant("earth_radius") * asin(sqrt(chord))


def road_km(a: Place, b: Place) -> float:
    """Distance in km by road: the great circle times the circuity of roads."""
    return great_circle_km(a, b) * constant("circuity_road")


def walk_km(a: Place, b: Place) -> float:
    """Distance in km on foot or by scooter in a town."""
    return great_circle_km(a, b) * constant("circuity_walk")


def rail_km(a: Place, b: Place) -> float:
    """Distance in km by rail."""
    return great_circle_km(a, b) * constant("circuity_rail")


@cache
def hubs(kind: str) -> tuple[Hub, ...]:
    """All hubs of a kind: ``port`` or ``airport``."""
    return tuple(
        Hub(
            code=row["code"],
            kind=kind,
            place=Place(
                id=PlaceId(row["code"]),
                name=row["name"],
                country=row["country"],
                latitude=float(row["latitude"]),
                longitude=float(row["longitude"]),
                kind=kind,
            ),
        )
        for row in read_table("hubs")
        if row["kind"] == kind
    )


@cache
def _reachable_hubs(country: str, kind: str) -> tuple[Hub, ...]:
    """Hubs of the country, else of its landmass, else all: freight leaves by its own country's gates."""
    own = tuple(hub for hub in hubs(kind) if hub.place.country == country)
    if own or country not in countries():
        return own or hubs(kind)
    landmass = countries()[country].landmass
    near = tuple(hub for hub in hubs(kind) if countries()[hub.place.country].landmass == landmass)
    return near or hubs(kind)


@lru_cache(maxsize=65536)
def nearest_hub(place: Place, kind: str) -> Hub:
    """The hub of a kind (``port``, ``airport``) that serves a place."""
    return min(_reachable_hubs(place.country, kind), key=lambda hub: great_circle_km(place, hub.place))


@cache
def _sea_table() -> dict[frozenset[str], float]:
    return {frozenset((row["from"], row["to"])): float(row["km"]) for row in read_table("sea_distances")}


@cache
def _routed_sea_km(start: tuple[float, float], end: tuple[float, float]) -> float | None:
    """Shortest sea route between two (longitude, latitude) points; None where none is found."""
    import searoute  # late: a second to load, and rarely needed beside the own table

    try:
        return float(searoute.searoute(list(start), list(end)).properties["length"])
    except Exception:  # the library raises many kinds for points it cannot route; all mean "no route"
        return None


def port_km(a: Hub, b: Hub) -> float:
    """Distance in km by sea between two ports, through the Suez and Panama canals where shorter."""
    if a.code == b.code:
        return 0.0
    direct = great_circle_km(a.place, b.place)
    known = _sea_table().get(frozenset((a.code, b.code)))
    if known is None:
        ends = sorted((hub.place.longitude, hub.place.latitude) for hub in (a, b))
        known = _routed_sea_km(ends[0], ends[1])
    # Routes start at the nearest point of a coarse network, so neighbours may come out too near.
    return direct * constant("sea_fallback_circuity") if known is None else max(known, direct)


def sea_km(a: Place, b: Place) -> float:
    """Distance in km by sea between the ports that serve two places (legs on land left out)."""
    return port_km(nearest_hub(a, "port"), nearest_hub(b, "port"))


def air_km(a: Place, b: Place) -> float:
    """Great-circle distance in km between the airports that serve two places.

    The factors of the UK set already hold the uplift for flown over great-circle distance.
    """
    return great_circle_km(nearest_hub(a, "airport").place, nearest_hub(b, "airport").place)


def hub_road_km(a: Place, b: Place, kind: str) -> float:
    """Distance in km by road from a place to its hub and from the other hub to the other place."""
    return road_km(a, nearest_hub(a, kind).place) + road_km(nearest_hub(b, kind).place, b)
