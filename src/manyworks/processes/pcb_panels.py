"""How many boards lie on a working panel of a board house."""

from __future__ import annotations

import numpy as np

from manyworks.model import Operation
from manyworks.processes.frame import Bench, Number

MM2 = 1e-6
# A side below this is a mistyped number; it keeps divisions whole.
_LEAST_MM = 1.0


def _fit(panel: Number, side: Number, bench: Bench) -> Number:
    """How many pieces lie along one side of a panel, edges and gaps off."""
    gap = bench["panel_gap_mm"]
    step = np.maximum(side, bench["smallest_outline_mm"]) + gap
    return np.maximum(np.floor((panel - 2.0 * bench["panel_edge_mm"] + gap) / step), 0.0)


def boards_per_panel(width_mm: Number, height_mm: Number, bench: Bench) -> Number:
    """Pieces on a working panel, the better of the two ways round.

    Below one where a piece is larger than the panel: it then takes its share of larger ones.
    """
    width, height = np.maximum(width_mm, _LEAST_MM), np.maximum(height_mm, _LEAST_MM)
    wide, long = bench["panel_width_mm"], bench["panel_length_mm"]
    upright = _fit(wide, width, bench) * _fit(long, height, bench)
    turned = _fit(wide, height, bench) * _fit(long, width, bench)
    # Boards smaller than the smallest outline share one outline.
    small = bench["smallest_outline_mm"]
    nested = np.maximum(np.floor(small / width), 1.0) * np.maximum(np.floor(small / height), 1.0)
    oversize = np.minimum(wide * long / (width * height), 1.0)
    most = np.maximum(upright, turned)
    return np.where(most > 0.0, most * nested, oversize)


def fitted_boards(operation: Operation, bench: Bench) -> Number:
    """Boards on a panel: single ones, or joined in delivery panels with rails for the assembly line."""
    width, height, across, along, rail = bench.drivers(
        operation, "width_mm", "height_mm", "array_across", "array_along", "array_rail_mm"
    )
    across, along = max(across, 1.0), max(along, 1.0)
    if across * along == 1.0:
        return boards_per_panel(width, height, bench)
    gap = bench["array_gap_mm"]
    wide = across * width + (across - 1.0) * gap + 2.0 * rail
    high = along * height + (along - 1.0) * gap
    return across * along * boards_per_panel(wide, high, bench)


def panel_m2(bench: Bench) -> Number:
    """Area of a working panel."""
    return bench["panel_width_mm"] * bench["panel_length_mm"] * MM2
