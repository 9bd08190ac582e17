"""Goods leaving a shop: fetched, put in outer cartons, made ready as parcels or pallets.

A carton as wide as it is high and long takes ``8 a2`` of board (a regular slotted box: ``2 (L + W) (W +
H)``); makers' weights of cube boxes from 6 to 24 inches give 0.64 to 0.68 kg/m2 by that formula.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from manyworks.processes.frame import Array, Bench, Number

_CUBE = 8.0
_DM2 = 0.01
_SMALLEST = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Consignment:
    """What leaves: ``units`` of ``mass_kg`` and ``litres`` each, to ``orders`` addresses.

    ``units`` and ``orders`` broadcast to (stations, quantities).
    """

    units: Array
    orders: Array
    mass_kg: float
    litres: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """What making ready takes: person-seconds, money, kg and kg CO2e of what is packed in."""

    labour_s: Number
    money: Number
    kg: Number
    co2e_kg: Number


def walking_s(starts: Array, lines: float, litres: float, bench: Bench) -> Number:
    """Seconds of fetching from the store: one walk a part number each time the trolley is full."""
    loads = np.ceil(starts * litres / bench["trolley_l"])
    seconds: Number = loads * lines * bench["walk_seconds"]
    return seconds


def box_m2(litres: Number) -> Number:
    """Board of a box of this volume, m2."""
    area: Number = _CUBE * np.asarray(litres) ** (2.0 / 3.0) * _DM2
    return area


def dispatch(goods: Consignment, bench: Bench, *, on_pallets: bool = False) -> Dispatch:
    """The cheaper of making ready parcels and building pallets; pallets where the freight asks for them.

    What the journey costs is not in it: pallets mostly pay there, not in the packing room.
    """
    cartons, packed = _cartons(goods, bench)
    loose = replace(packed, labour_s=packed.labour_s + cartons * bench["parcel_label_seconds"])
    stacked = _stacked(goods, cartons, packed, bench)
    hour = bench.rates["wage"] * bench["skill_wage_factor"] * bench.factor("run_time_factor") / 3600.0
    cheaper = stacked.labour_s * hour + stacked.money < loose.labour_s * hour + loose.money
    return Dispatch(
        **{
            name: np.where(cheaper | on_pallets, getattr(stacked, name), getattr(loose, name))
            for name in ("labour_s", "money", "kg", "co2e_kg")
        }
    )


def _units_per_carton(goods: Consignment, bench: Bench) -> Array:
    """What a carton holds by weight and room, at least one unit, at most those of one address."""
    by_mass = bench["carton_kg"] / max(goods.mass_kg, _SMALLEST)
    by_room = bench["carton_l"] * bench["carton_fill"] / max(goods.litres, _SMALLEST)
    to_one = goods.units / goods.orders
    return np.maximum(np.floor(np.minimum(np.minimum(by_mass, by_room), to_one) * (1.0 + 1e-9)), 1.0)


def _cartons(goods: Consignment, bench: Bench) -> tuple[Array, Dispatch]:
    """Their number, and what filling and closing them takes with the papers of each address."""
    each = _units_per_carton(goods, bench)
    full = np.floor(goods.units / each * (1.0 + 1e-9))
    rest = np.maximum(goods.units - full * each, 0.0)
    # Smaller cartons take more board a litre; the last one is as small as what is left.
    sizes = full * each ** (2.0 / 3.0) + rest ** (2.0 / 3.0)
    board = box_m2(goods.litres / bench["carton_fill"]) * sizes
    number = np.ceil(goods.units / each * (1.0 - 1e-9))
    kg = board * bench["board_kg_per_m2"]
    packed = Dispatch(
        labour_s=number * bench["carton_seconds"] + goods.orders * bench["order_seconds"],
        money=board * bench["board_price"] + number * bench["carton_sundries"],
        kg=kg,
        co2e_kg=kg * bench["board_co2e"],
    )
    return number, packed


def _pallets(goods: Consignment, bench: Bench) -> Array:
    """Pallets by room and weight, one an address at least."""
    room = goods.units * goods.litres / bench["carton_fill"] / bench["pallet_l"]
    mass = goods.units * goods.mass_kg / bench["pallet_kg"]
    pallets: Array = np.maximum(goods.orders, np.ceil(np.maximum(room, mass)))
    return pallets


def _stacked(goods: Consignment, cartons: Array, packed: Dispatch, bench: Bench) -> Dispatch:
    """The cartons stacked and wrapped instead of labelled one by one, one booking an address."""
    pallets = _pallets(goods, bench)
    booking = goods.orders * bench["freight_minutes"] * 60.0
    built = cartons * bench["stack_seconds"] + pallets * bench["pallet_minutes"] * 60.0
    return Dispatch(
        labour_s=packed.labour_s + built + booking,
        money=packed.money + pallets * bench["pallet_price"],
        kg=packed.kg + pallets * bench["pallet_own_kg"],
        co2e_kg=packed.co2e_kg + pallets * bench["pallet_co2e"],
    )
