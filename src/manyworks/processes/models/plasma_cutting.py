"""Coarse flat parts cut from plate by a plasma arc.

Time of a piece: ``cut / v' + pierces * (t_pierce + t_lift + corners * v' / a) + travel`` as with a laser, v
from `manyworks.processes.cutting_speeds`: fitted to one maker's quality speeds at 20 to 40 A, checked against
another's ratings at 65 to 105 A (within a third). A nozzle and electrode last a number of starts and of
hours (three sources); dross is knocked off by hand. Compressed air is in the power. Stated error: ln-sigma
0.35 (own), 0.15 (shared).

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("GB")
>>> base = {"cut_mm": 1500, "pierces": 5, "thickness_mm": 10, "length_mm": 400, "width_mm": 250}
>>> made = estimate(make_operation("plasma-cutting", base, material="S275"), np.array([20.0]), [station])
>>> f"{made.run_s[0, 0] / 20:.0f} s a piece"
'86 s a piece'
"""

from __future__ import annotations

import numpy as np

from manyworks.model import Operation
from manyworks.processes.changeover import full_change
from manyworks.processes.cutting_speeds import PLASMA, USUAL_FAMILY, SpeedLaw, contour_s, laws_of, speed_laws
from manyworks.processes.frame import SECONDS, Array, Bench, Effort, Lines, Number, price_on_default_machine
from manyworks.processes.precision import effort_for_grade, tolerance_grade
from manyworks.processes.sheet_stock import denest_s, sheet_material, sheets_of

_MM = 1e-3
_MINUTE = 60.0


def good_share(_operation: Operation, bench: Bench) -> Number:
    """Share of parts that are good."""
    return 1.0 - bench["scrap_share"]


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of cutting lots."""
    cut, pierces = bench.drivers(operation, "cut_mm", "pierces")
    sheets = sheets_of(operation, starts, bench)
    material = sheet_material(operation, starts, sheets.charged_mm2, bench)
    arc_s = starts * _arc_s(operation, bench)
    run_s = arc_s + starts * _idle_s(operation, bench) + sheets.laid * bench["exchange_seconds"]
    by_hand_s = denest_s(operation, starts, bench) + starts * cut * _MM * bench["dross_seconds_per_m"]
    sets = starts * pierces / bench["set_starts"] + arc_s / SECONDS / bench["set_hours"]
    change = full_change(operation, bench)
    first_s = bench["first_part_minutes"] * _MINUTE
    effort = Effort(
        setup_s=change.held_s + first_s,
        run_s=run_s,
        setup_labour_s=change.people_s + first_s,
        labour_s=run_s * bench["operators"] + by_hand_s,
        engineer_s=bench["programming_minutes"] * _MINUTE,
        material=material.money,
        tools=sets * bench["set_usd"],
        material_co2e_kg=material.co2e_kg,
        input_kg=material.input_kg,
        product_kg=material.product_kg,
    )
    return price_on_default_machine(effort, bench)


def _law(operation: Operation, bench: Bench) -> tuple[SpeedLaw, Number]:
    laws = laws_of(operation, tool=PLASMA)
    pace = bench["own_speed"] * bench["shop_speed"]
    if laws is None:
        laws = speed_laws(USUAL_FAMILY, PLASMA)
        pace = pace * bench.drivers(operation, "speed_factor")[0]
    return laws[0], pace


def _arc_s(operation: Operation, bench: Bench) -> Number:
    """Seconds of a piece with the arc lit."""
    cut, pierces, thickness = bench.drivers(operation, "cut_mm", "pierces", "thickness_mm")
    tolerance, length = bench.drivers(operation, "tolerance_mm", "length_mm")
    law, pace = _law(operation, bench)
    v = law.m_per_min(thickness, bench["amps"]) * pace / _MINUTE
    effort = effort_for_grade(tolerance_grade(tolerance, length), bench)
    return contour_s(cut, pierces, v, bench) * effort + pierces * thickness * bench["pierce_seconds_per_mm"]


def _idle_s(operation: Operation, bench: Bench) -> Number:
    length, width, pierces = bench.drivers(operation, "length_mm", "width_mm", "pierces")
    moved_s: Number = np.sqrt(length * width * pierces) * _MM / (bench["rapid_m_per_min"] / _MINUTE)
    return pierces * bench["lift_seconds"] + moved_s
