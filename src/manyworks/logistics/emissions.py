"""CO2e of carrying a kilogram: one published set of factors, well-to-wheel, never mixed with another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from manyworks.logistics.distances import air_km, hub_road_km, rail_km, road_km, sea_km, walk_km
from manyworks.logistics.tables import constant, read_table
from manyworks.model import Place

SET_NAME = (
    "CO2e of transport: UK Government conversion factors 2025, well-to-wheel, "
    "flights with radiative forcing, sea routes through Suez"
)

_USUAL = {"air": "air", "express": "air", "sea": "sea", "rail": "rail", "hand": "walk"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Factor in kg CO2e per tonne-km for legs of ``from_km`` up to ``to_km``."""

    from_km: float
    to_km: float
    kg_per_tkm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Carriage:
    """A route from door to door: its length in km and its kg CO2e per kg carried."""

    distance_km: float
    co2e_kg_per_kg: float


@cache
def _bands(vehicle: str) -> tuple[Band, ...]:
    return tuple(
        Band(
            from_km=float(row["from_km"]),
            to_km=float(row["to_km"] or "inf"),
            kg_per_tkm=float(row["direct"]) + float(row["well_to_tank"]),
        )
        for row in read_table("co2e_uk_2025")
        if row["factor"] == vehicle
    )


def emission_factor(vehicle: str, km: float) -> float:
    """Well-to-wheel kg CO2e per tonne-km of a vehicle on a leg of ``km``.

    ``vehicle`` is a name in ``data/co2e_uk_2025.csv``: ``walk``, ``van``, ``hgv``, ``artic``,
    ``rail``, ``sea`` or ``air``.
    """
    return next(band.kg_per_tkm for band in _bands(vehicle) if band.from_km <= km < band.to_km)


def _carriage(*legs: tuple[str | float, float]) -> Carriage:
    """Sum legs of (vehicle or kg per tonne-km, km)."""
    kilograms = sum(
        km / 1000 * (emission_factor(vehicle, km) if isinstance(vehicle, str) else vehicle)
        for vehicle, km in legs
    )
    return Carriage(distance_km=sum(km for _, km in legs), co2e_kg_per_kg=kilograms)


def _parcel(a: Place, b: Place, main: str | float) -> Carriage:
    """Rounds of a van at both ends, a lorry between depots."""
    km = road_km(a, b)
    rounds = min(km, constant("parcel_van_km"))
    return _carriage(("van", rounds), (main, km - rounds))


def carry(a: Place, b: Place, mode: str, main: str | float | None = None) -> Carriage:
    """Route from door to door by a mode of `manyworks.model.Lane`.

    ``main`` replaces the mode's usual vehicle on the main leg: a vehicle's name or a factor in
    kg CO2e per tonne-km.
    """
    vehicle = _USUAL.get(mode, "hgv") if main is None else main
    if mode in ("air", "express"):
        return _carriage(("van", hub_road_km(a, b, "airport")), (vehicle, air_km(a, b)))
    if mode == "sea":
        return _carriage(("hgv", hub_road_km(a, b, "port")), (vehicle, sea_km(a, b)))
    if mode == "parcel":
        return _parcel(a, b, vehicle)
    ways = {"rail": rail_km, "hand": walk_km}
    return _carriage((vehicle, ways.get(mode, road_km)(a, b)))
