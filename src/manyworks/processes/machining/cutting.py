"""What milling, turning and eroding from bars and blocks have in common: stock, cutters, holes.

A cutter of diameter ``D`` turns at ``min(v, pi D n_max)`` and advances ``teeth * c * D * (k0 / k)^x``
a turn: the chip load of a catalogue grows about with the diameter, and the cutter bears less of it the
more the material resists (``k``, specific cutting energy, J/mm3). Power bounds what is removed:
``P eta / k``. Both are the ordinary textbook relations (Boothroyd and Knight; Groover; both from
memory).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from manyworks.model import Operation
from manyworks.processes.frame import Array, Bench, Number

MM3 = 1e-9
_KILO = 1e3
_MINUTE = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """Material of a lot: money net of scrap sold, embodied carbon, kg put in and kg in the pieces."""

    money: Number
    co2e_kg: Number
    input_kg: Number
    product_kg: Number


def stock_of(
    operation: Operation,
    starts: Array,
    extra: Number,
    stock_mm3: Number,
    bench: Bench,
    *,
    ordering: Number = 0.0,
) -> Stock:
    """Blanks of ``stock_mm3`` for ``starts`` pieces and ``extra`` ones that the set-up spoils.

    Swarf, rests of bars and spoilt pieces are sold; scrap never fetches more than new material costs.
    ``ordering`` is what one order of stock costs beside the material.
    """
    density, price, scrap, carbon, volume = bench.drivers(
        operation, "density", "material_usd", "scrap_usd", "material_co2e", "volume_mm3"
    )
    factor = bench.rates["material_factor"]
    bought = (starts + extra) * stock_mm3 * MM3 * density * (1.0 + bench["remnant_share"])
    held = starts * np.minimum(volume, stock_mm3) * MM3 * density
    worth = bench["scrap_return"] * min(scrap, price)
    return Stock(
        money=(bought * price - (bought - held) * worth) * factor + ordering,
        co2e_kg=bought * carbon,
        input_kg=bought,
        product_kg=held,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Metal:
    """How a material is cut: ``speed`` m/min, ``energy`` J/mm3."""

    speed: float
    energy: float


def metal_of(operation: Operation, bench: Bench) -> Metal:
    """The material of an operation as the cutter feels it."""
    speed, energy = bench.drivers(operation, "cutting_speed", "cutting_energy")
    return Metal(speed=speed, energy=energy)


def chip_factor(metal: Metal, bench: Bench) -> Number:
    """How much more chip a cutter bears than in mild steel: ``(k0 / k)^x``."""
    factor: Number = (bench["reference_energy"] / metal.energy) ** bench["load_exponent"]
    return factor


def turns_per_second(diameter_mm: Number, speed: Number, bench: Bench) -> Number:
    """Turns of a cutter or a workpiece at a surface speed (m/min), within what the spindle does."""
    wanted = speed * _KILO / (np.pi * diameter_mm)
    return np.minimum(wanted, bench["spindle_rpm"]) / _MINUTE


def power_removal(metal: Metal, bench: Bench) -> Number:
    """What the spindle's power removes, mm3/s: ``P eta / k``."""
    return bench["spindle_kw"] * _KILO * bench["spindle_efficiency"] / metal.energy


def drill_seconds(diameter_mm: Number, depth_mm: Number, metal: Metal, bench: Bench) -> Number:
    """One hole: ``depth / (n f)``, slower beyond a few diameters where the drill has to be withdrawn."""
    diameter_mm = np.maximum(diameter_mm, bench["least_drill_mm"])
    turns = turns_per_second(diameter_mm, metal.speed * bench["drill_speed_share"], bench)
    feed = bench["drill_feed_share"] * diameter_mm * chip_factor(metal, bench)
    deep = np.maximum(depth_mm / diameter_mm - bench["easy_drill_depths"], 0.0)
    return depth_mm / (turns * feed) * (1.0 + bench["peck_share"] * deep)


def tool_money(cutting_s: Number, metal: Metal, bench: Bench) -> Number:
    """Cutters worn out: price over life, life falling with a power of the cutting energy."""
    hardship = (metal.energy / bench["reference_energy"]) ** bench["wear_exponent"]
    return cutting_s / (bench["tool_life_minutes"] * _MINUTE) * bench["tool_usd"] * hardship
