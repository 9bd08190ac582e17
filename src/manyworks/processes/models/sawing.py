"""Bars, tubes and profiles sawn to length.

Time of a piece, seconds: ``section / cos(angle) / rate * 60 + cycle + length / feed``; bars are loaded
one after the other. The rate is an area a minute by family of material (``cutting_speeds.toml``: two
blade makers' charts agree within a factor of 1.5), lower for thin sections and tubes, whose teeth meet
two walls only. Bars: `manyworks.processes.bar_stock`, exact for one length. A band wears by the area it
saws, faster where it saws slower. Stated error: ln-sigma 0.3 (own), 0.15 (shared).

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("GB")
>>> slug = {"length_mm": 62, "section_mm2": 1200}
>>> made = estimate(make_operation("sawing", slug, material="6082"), np.array([200.0]), [station])
>>> f"{made.run_s[0, 0] / 200:.0f} s a piece, {made.waste_kg[0, 0] / made.input_kg[0, 0]:.1%} of the bar lost"
'19 s a piece, 10.0% of the bar lost'
"""

from __future__ import annotations

import math

import numpy as np

from manyworks.model import Operation
from manyworks.processes.bar_stock import bars_of, stock_money
from manyworks.processes.changeover import full_change
from manyworks.processes.cutting_speeds import USUAL_FAMILY, saw_rate, stated_saw_rate
from manyworks.processes.frame import Array, Bench, Effort, Lines, Number, price_on_default_machine
from manyworks.processes.precision import effort_for_grade, tolerance_grade

_MM = 1e-3
_MM3 = 1e-9
_MM2_IN_CM2 = 100.0
_MM2_IN_M2 = 1e6
_MINUTE = 60.0


def good_share(_operation: Operation, bench: Bench) -> Number:
    """Share of pieces that are good."""
    return 1.0 - bench["scrap_share"]


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of sawing lots."""
    length, section, density = bench.drivers(operation, "length_mm", "section_mm2", "density")
    (co2e,) = bench.drivers(operation, "co2e")
    bars = bars_of(length, starts, bench)
    run_s = starts * _piece_s(operation, bench) + bars.laid * bench["bar_seconds"]
    kg_per_m = section * density * _MM3 / _MM
    input_kg = bars.charged_m * kg_per_m
    product_kg = np.minimum(starts * length * _MM * kg_per_m, input_kg)
    change = full_change(operation, bench)
    beside_s = starts * bench["deburr_seconds"] + input_kg * bench["unload_seconds_per_kg"]
    effort = Effort(
        setup_s=change.held_s,
        run_s=run_s,
        setup_labour_s=change.people_s,
        labour_s=run_s * bench["operators"] + beside_s,
        engineer_s=bench["programming_minutes"] * _MINUTE,
        material=stock_money(operation, "stock_usd", input_kg, product_kg, bench),
        tools=starts * _cut_mm2(operation, bench) / _MM2_IN_M2 * _blade_per_m2(operation, bench),
        material_co2e_kg=input_kg * co2e,
        input_kg=input_kg,
        product_kg=product_kg,
    )
    return price_on_default_machine(effort, bench)


def _cut_mm2(operation: Operation, bench: Bench) -> float:
    """Area that one cut goes through."""
    section, angle = bench.drivers(operation, "section_mm2", "angle_deg")
    return section / math.cos(math.radians(min(angle, 85.0)))


def _rate(operation: Operation, bench: Bench) -> float:
    """Area sawn in a minute, cm2."""
    known = stated_saw_rate(operation)
    return known if known is not None else bench.drivers(operation, "cm2_per_min")[0]


def _piece_s(operation: Operation, bench: Bench) -> Number:
    length, section, tolerance = bench.drivers(operation, "length_mm", "section_mm2", "tolerance_mm")
    grown = np.minimum(section / bench["thin_mm2"], 1.0)
    share = bench["thin_share"] + (1.0 - bench["thin_share"]) * grown
    # A larger section may reach the full rate, but no cut through more takes less time.
    cut = _cut_mm2(operation, bench) / _MM2_IN_CM2 / (_rate(operation, bench) * bench["own_speed"] * share)
    effort = effort_for_grade(tolerance_grade(tolerance, length), bench)
    fed_s = length * _MM / bench["feed_m_per_min"] * _MINUTE
    return cut * _MINUTE * effort + bench["cycle_seconds"] + fed_s


def _blade_per_m2(operation: Operation, bench: Bench) -> Number:
    """Money of the band for a square metre sawn: what is sawn slower wears it as much faster."""
    return bench["blade_usd"] / bench["blade_life_m2"] * _usual_rate() / _rate(operation, bench)


def _usual_rate() -> float:
    """Area of mild steel sawn in a minute, cm2."""
    rate = saw_rate(USUAL_FAMILY)
    if rate is None:
        raise ValueError(USUAL_FAMILY)
    return rate
