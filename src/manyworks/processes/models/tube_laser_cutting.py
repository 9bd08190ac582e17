"""Tubes and profiles cut by a laser that turns them.

Time of a piece, seconds: ``cut / v' + cuts * (t_pierce + t_lift + corners * v' / a) + length / feed``,
as on a flatbed (`manyworks.processes.models.laser_cutting`) with the speed lowered because the tube
turns under the head; bars are loaded one after the other. Bars: `manyworks.processes.bar_stock`, exact
for one length. Speeds are those of flat sheet (two sources); the factor for turning and the loader's
time have one source or none and are the larger part of the stated error, ln-sigma 0.33 (own), 0.15
(shared).

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("GB")
>>> leg = {"length_mm": 600, "cut_mm": 400, "pierces": 4, "wall_mm": 2, "kg_per_m": 2.3}
>>> made = estimate(make_operation("tube-laser-cutting", leg, material="S235"), np.array([90.0]), [station])
>>> f"{made.input_kg[0, 0]:.0f} kg of tube for {made.product_kg[0, 0]:.0f} kg of pieces"
'143 kg of tube for 124 kg of pieces'
"""

from __future__ import annotations

import numpy as np

from manyworks.model import Operation
from manyworks.processes.bar_stock import bars_of, stock_money
from manyworks.processes.changeover import full_change
from manyworks.processes.cutting_speeds import USUAL_FAMILY, SpeedLaw, contour_s, laws_of, speed_laws
from manyworks.processes.frame import (
    SECONDS,
    Array,
    Bench,
    Effort,
    Lines,
    Number,
    price_on_default_machine,
)
from manyworks.processes.precision import effort_for_grade, tolerance_grade

_MM = 1e-3
_MINUTE = 60.0


def good_share(_operation: Operation, bench: Bench) -> Number:
    """Share of pieces that are good."""
    return 1.0 - bench["scrap_share"]


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of cutting lots."""
    length, kg_per_m, co2e = bench.drivers(operation, "length_mm", "kg_per_m", "co2e")
    law, pace = _law(operation, bench)
    bars = bars_of(length, starts, bench)
    beam_s = _beam_s(operation, bench, law, pace)
    run_s = starts * (beam_s + _idle_s(operation, bench)) + bars.laid * bench["bar_seconds"]
    input_kg = bars.charged_m * kg_per_m
    product_kg = np.minimum(starts * length * _MM * kg_per_m, input_kg)
    change = full_change(operation, bench)
    first_s = bench["first_part_minutes"] * _MINUTE
    effort = Effort(
        setup_s=change.held_s + first_s,
        run_s=run_s,
        setup_labour_s=change.people_s + first_s,
        labour_s=run_s * bench["operators"] + _bench_s(operation, starts, input_kg, bench),
        engineer_s=bench["programming_minutes"] * _MINUTE,
        material=stock_money(operation, "tube_usd", input_kg, product_kg, bench),
        tools=run_s / SECONDS * bench["wear_per_hour"],
        consumables=starts * beam_s / SECONDS * _gas(operation, law, bench),
        material_co2e_kg=input_kg * co2e,
        input_kg=input_kg,
        product_kg=product_kg,
    )
    return price_on_default_machine(effort, bench)


def _law(operation: Operation, bench: Bench) -> tuple[SpeedLaw, Number]:
    """The gas for the tube (steel with oxygen: inside the far wall stays cool) and the pace."""
    laws = laws_of(operation, metals_only=True)
    pace = bench["own_speed"] * bench["shop_speed"]
    if laws is None:
        laws = speed_laws(USUAL_FAMILY)
        pace = pace * bench.drivers(operation, "speed_factor")[0]
    return laws[0], pace


def _beam_s(operation: Operation, bench: Bench, law: SpeedLaw, pace: Number) -> Number:
    cut, pierces, wall = bench.drivers(operation, "cut_mm", "pierces", "wall_mm")
    tolerance, length = bench.drivers(operation, "tolerance_mm", "length_mm")
    v = law.m_per_min(wall, bench["laser_kw"]) * pace / _MINUTE
    strength = (bench["laser_kw"] / law.reference) ** 0.5
    effort = effort_for_grade(tolerance_grade(tolerance, length), bench)
    piercing = pierces * wall * bench["pierce_seconds_per_mm"] / strength
    return contour_s(cut, pierces, v, bench) * effort + piercing


def _idle_s(operation: Operation, bench: Bench) -> Number:
    length, pierces = bench.drivers(operation, "length_mm", "pierces")
    fed_s = length * _MM / (bench["feed_m_per_min"] / _MINUTE)
    return pierces * bench["lift_seconds"] + fed_s + bench["piece_seconds"]


def _bench_s(operation: Operation, starts: Array, input_kg: Number, bench: Bench) -> Number:
    """Person-seconds beside the machine: bars and pieces carried, edges brushed."""
    (cut,) = bench.drivers(operation, "cut_mm")
    deburr_s = starts * cut * _MM * bench["deburr_seconds_per_m"]
    return deburr_s + input_kg * bench["unload_seconds_per_kg"]


def _gas(operation: Operation, law: SpeedLaw, bench: Bench) -> Number:
    """Money of the gas of an hour with the beam on."""
    (wall,) = bench.drivers(operation, "wall_mm")
    return law.gas_m3_per_hour(wall) * bench[f"{law.gas}_price"]
