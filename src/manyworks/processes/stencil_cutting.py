"""Laser-cut solder paste stencils.

Drivers: ``apertures`` over all sheets, ``sheets`` (one a side), ``width_mm`` and ``height_mm`` of the board.
"""

from __future__ import annotations

import numpy as np

from manyworks.model import Operation
from manyworks.processes.frame import (
    Array,
    Bench,
    Effort,
    Lines,
    Number,
    drivers_of,
    price_on_default_machine,
)

_MM2 = 1e-6
_MM = 1e-3


def good_share(_operation: Operation, bench: Bench) -> Number:
    """Share of stencils that are good."""
    return 1.0 - bench["scrap_share"]


def _sheet_m2(operation: Operation, bench: Bench) -> Number:
    width, height = drivers_of(operation, "width_mm", "height_mm")
    smallest, margin = bench["smallest_sheet_side_mm"], 2.0 * bench["margin_mm"]
    return np.maximum(width + margin, smallest) * np.maximum(height + margin, smallest) * _MM2


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of cutting stencils; a set for both sides counts as one."""
    apertures, sheets = drivers_of(operation, "apertures", "sheets")
    run_s = starts * (
        apertures / bench["apertures_per_hour"] * 3600.0 + sheets * bench["sheet_minutes"] * 60.0
    )
    setup_s = bench["setup_minutes"] * 60.0
    foil_m2 = starts * sheets * _sheet_m2(operation, bench)
    foil_kg = foil_m2 * bench["sheet_thickness_mm"] * _MM * bench["steel_density"]
    effort = Effort(
        setup_s=setup_s,
        run_s=run_s,
        setup_labour_s=setup_s * bench["operators"],
        labour_s=run_s * bench["operators"],
        engineer_s=sheets * bench["preparation_minutes"] * 60.0,
        material=foil_m2 * bench["sheet_price"],
        consumables=starts * sheets * bench["consumables_per_sheet"],
        material_co2e_kg=foil_kg * bench["steel_co2e"],
    )
    return price_on_default_machine(effort, bench)
