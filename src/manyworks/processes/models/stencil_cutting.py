"""Laser-cut solder paste stencils.

``run = starts * (apertures / rate + sheets * handling)``: seconds; the foil is the board with a margin
for clamping. Rates are engineering estimates between makers' figures for fibre laser stencil cutters
(5,000 to 15,000 apertures an hour); price lists of 7 to 60 USD a stencil give the spread.

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("CN")
>>> sheet = {"apertures": 400, "sheets": 1, "width_mm": 80, "height_mm": 60}
>>> made = estimate(make_operation("stencil-cutting", sheet), np.array([1.0]), [station])
>>> f"{made.run_s[0, 0] / 60:.0f} min on the machine, {made.input_kg[0, 0] * 1000:.0f} g of steel"
'9 min on the machine, 51 g of steel'
"""

from __future__ import annotations

import numpy as np

from manyworks.model import Operation
from manyworks.processes.changeover import full_change
from manyworks.processes.frame import (
    Array,
    Bench,
    Effort,
    Lines,
    Number,
    price_on_default_machine,
)

_MM2 = 1e-6
_MM = 1e-3


def good_share(_operation: Operation, bench: Bench) -> Number:
    """Share of stencils that are good."""
    return 1.0 - bench["scrap_share"]


def _sheet_m2(operation: Operation, bench: Bench) -> Number:
    width, height = bench.drivers(operation, "width_mm", "height_mm")
    smallest, margin = bench["smallest_sheet_side_mm"], 2.0 * bench["margin_mm"]
    return np.maximum(width + margin, smallest) * np.maximum(height + margin, smallest) * _MM2


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of cutting stencils; a set for both sides counts as one."""
    apertures, sheets = bench.drivers(operation, "apertures", "sheets")
    run_s = starts * (
        apertures / bench["apertures_per_hour"] * 3600.0 + sheets * bench["sheet_minutes"] * 60.0
    )
    change = full_change(operation, bench)
    foil_m2 = starts * sheets * _sheet_m2(operation, bench)
    foil_kg = foil_m2 * bench["sheet_thickness_mm"] * _MM * bench["steel_density"]
    effort = Effort(
        setup_s=change.held_s,
        run_s=run_s,
        setup_labour_s=change.people_s,
        labour_s=run_s * bench["operators"],
        engineer_s=sheets * bench["preparation_minutes"] * 60.0,
        material=foil_m2 * bench["sheet_price"],
        consumables=starts * sheets * bench["consumables_per_sheet"],
        material_co2e_kg=foil_kg * bench["steel_co2e"],
        input_kg=foil_kg,
        product_kg=foil_kg * (1.0 - bench["aperture_share"]),
    )
    return price_on_default_machine(effort, bench)
