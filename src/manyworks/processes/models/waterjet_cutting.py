"""Flat parts cut from plate by water with garnet.

Speed, mm/min (Zeng and Kim 1996, from general knowledge: no source could be read again, hence low
confidence): ``u = (N P^1.594 d_o^1.374 M^0.343 / (788 q h d_m^0.618))^1.15`` with N the machinability
number, P MPa, d_o and d_m orifice and focusing tube in mm, M garnet in g/min, q the quality number, h the
thickness in mm: 10 mm of mild steel at 350 MPa and q = 3 gives about 130 mm/min, the order that makers'
calculators give. Time of a piece: ``cut / (u corner share) * effort for tolerance and finish + piercing +
moves``. An hour with its operator costs shops 75 to 100 USD and is sold at 125 to 150 in the US of 2015
(flowwaterjetblog.com); here 97 and 146 at today's wages, the low end. Water through the orifice is checked
by ``0.7 A sqrt(2 p / rho)``. Stated error: ln-sigma 0.33 (own), 0.15 (shared).

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("GB")
>>> plate = {"cut_mm": 640, "pierces": 1, "thickness_mm": 20, "length_mm": 200, "width_mm": 120}
>>> made = estimate(make_operation("waterjet-cutting", plate, material="6082"), np.array([10.0]), [station])
>>> f"{made.run_s[0, 0] / 10 / 60:.1f} min a piece"
'4.3 min a piece'
"""

from __future__ import annotations

import numpy as np

from manyworks.model import Operation
from manyworks.processes.changeover import full_change
from manyworks.processes.cutting_speeds import jet_machinability
from manyworks.processes.frame import SECONDS, Array, Bench, Effort, Lines, Number, price_on_default_machine
from manyworks.processes.precision import effort_for_finish, effort_for_grade, tolerance_grade
from manyworks.processes.sheet_stock import denest_s, sheet_material, sheets_of

_MM = 1e-3
_KG = 1e-3
_MINUTE = 60.0


def good_share(_operation: Operation, bench: Bench) -> Number:
    """Share of parts that are good."""
    return 1.0 - bench["scrap_share"]


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of cutting lots."""
    sheets = sheets_of(operation, starts, bench)
    material = sheet_material(operation, starts, sheets.charged_mm2, bench)
    jet_s = starts * _jet_s(operation, bench)
    run_s = jet_s + starts * _idle_s(operation, bench) + sheets.laid * bench["exchange_seconds"]
    garnet_kg = jet_s / _MINUTE * bench["garnet_g_per_min"] * _KG
    change = full_change(operation, bench)
    first_s = bench["first_part_minutes"] * _MINUTE
    effort = Effort(
        setup_s=change.held_s + first_s,
        run_s=run_s,
        setup_labour_s=change.people_s + first_s,
        labour_s=run_s * bench["operators"] + denest_s(operation, starts, bench),
        engineer_s=bench["programming_minutes"] * _MINUTE,
        material=material.money,
        tools=jet_s / SECONDS * bench["wear_per_hour"],
        consumables=garnet_kg * bench["garnet_usd_per_kg"],
        material_co2e_kg=material.co2e_kg,
        input_kg=material.input_kg,
        product_kg=material.product_kg,
        water_l=jet_s / _MINUTE * bench["water_l_per_min"],
    )
    return price_on_default_machine(effort, bench)


def _machinability(operation: Operation, bench: Bench) -> float:
    known = jet_machinability(operation)
    return known if known is not None else bench.drivers(operation, "machinability")[0]


def _mm_per_min(operation: Operation, bench: Bench) -> Number:
    (thickness,) = bench.drivers(operation, "thickness_mm")
    power = bench["pressure_mpa"] ** 1.594 * bench["orifice_mm"] ** 1.374
    garnet = bench["garnet_g_per_min"] ** 0.343 / bench["focus_mm"] ** 0.618
    against = bench["speed_constant"] * bench["natural_quality"] * thickness
    speed: Number = (_machinability(operation, bench) * power * garnet / against) ** bench["speed_power"]
    return speed


def _jet_s(operation: Operation, bench: Bench) -> Number:
    """Seconds of a piece with the jet on."""
    cut, pierces, thickness = bench.drivers(operation, "cut_mm", "pierces", "thickness_mm")
    tolerance, length, ra = bench.drivers(operation, "tolerance_mm", "length_mm", "ra_um")
    grade = effort_for_grade(tolerance_grade(tolerance, length), bench)
    effort = np.maximum(grade, effort_for_finish(ra, bench))
    speed = _mm_per_min(operation, bench) * bench["own_speed"] * bench["corner_share"]
    return cut / speed * _MINUTE * effort + pierces * thickness * bench["pierce_seconds_per_mm"]


def _idle_s(operation: Operation, bench: Bench) -> Number:
    length, width, pierces = bench.drivers(operation, "length_mm", "width_mm", "pierces")
    moved_s: Number = np.sqrt(length * width * pierces) * _MM / (bench["rapid_m_per_min"] / _MINUTE)
    return pierces * bench["lift_seconds"] + moved_s
