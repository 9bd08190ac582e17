"""Which time zone a place keeps, from the public-domain table of the time zone data."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_POSITION = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?")


def time_zone(country: str, latitude: float, longitude: float) -> str:
    """The zone of the country whose principal town is nearest; empty for a country without one.

    Near a border between two zones of one country the nearest town may keep the other.
    """
    zones = _zones().get(country, ())
    near = min(zones, key=lambda zone: _angle(zone[1], (latitude, longitude)), default=None)
    return near[0] if near else ""


def principal_town(country: str) -> tuple[str, float, float] | None:
    """Name and position of the town a country's first time zone is called after; None where it has none."""
    zones = _zones().get(country)
    if not zones:
        return None
    name, (latitude, longitude) = zones[0]
    return name.rpartition("/")[2].replace("_", " "), latitude, longitude


def _angle(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle angle between two positions in degrees (haversine)."""
    (lat_a, lon_a), (lat_b, lon_b) = (tuple(map(math.radians, place)) for place in (one, other))
    half = math.sin((lat_b - lat_a) / 2) ** 2
    half += math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return math.degrees(2 * math.asin(min(1.0, math.sqrt(half))))


@cache
def _zones() -> Mapping[str, tuple[tuple[str, tuple[float, float]], ...]]:
    """Zones with their principal town's position, by country."""
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    found: dict[str, tuple[tuple[str, tuple[float, float]], ...]] = {}
    for line in table.splitlines():
        if line and not line.startswith("#"):
            country, position, name, *_ = line.split("\t")
            found[country] = (*found.get(country, ()), (name, _position(position)))
    return found


def _position(text: str) -> tuple[float, float]:
    """Degrees of a position written as in ISO 6709: ``+5130-00007``."""
    match = _POSITION.fullmatch(text)
    if match is None:
        raise ValueError(text)
    parts = match.groups(default="0")
    return _degrees(*parts[:4]), _degrees(*parts[4:])


def _degrees(sign: str, degrees: str, minutes: str, seconds: str) -> float:
    value = int(degrees) + int(minutes) / 60 + int(seconds) / 3600
    return -value if sign == "-" else value
