"""Boards joined for the assembly line: how many, and what the joining costs of the board house's panel."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from manyworks.model import BoardDesign
from manyworks.processes.frame import Bench
from manyworks.processes.pcb_panels import boards_per_panel
from manyworks.processes.tables import default, process_table


@dataclass(frozen=True, slots=True, kw_only=True)
class LineArray:
    """Boards side by side and behind each other, rails on two sides, length along the oven in mm.

    ``rail_mm`` is 0 where boards run as the board house joins them anyway.
    """

    across: float = 1.0
    along: float = 1.0
    rail_mm: float = 0.0
    length_mm: float = 0.0

    @property
    def boards(self) -> float:
        """Boards in the array."""
        return self.across * self.along

    def fabrication_drivers(self) -> dict[str, float]:
        """Drivers of the bare board's process: a delivery panel where rails are needed, else none."""
        railed = self.rail_mm > 0.0
        return {
            "array_across": self.across if railed else 1.0,
            "array_along": self.along if railed else 1.0,
            "array_rail_mm": self.rail_mm,
        }


def line_array(design: BoardDesign) -> LineArray:
    """The array a board runs in.

    Boards that a conveyor holds by themselves run as many together as fit ``array_side_mm``, at no loss
    of panel. Narrower ones need rails; of all arrays that a conveyor holds the one is taken that puts
    most boards on a working panel, the larger where two put as many.
    """
    side, edges = default("array_side_mm"), (design.width_mm, design.height_mm)
    across, along = (max(math.floor(side / edge), 1) for edge in edges)
    if min(edges) >= default("conveyor_least_mm"):
        return LineArray(across=float(across), along=float(along), length_mm=along * design.height_mm)
    return _railed(design, across, along)


def _railed(design: BoardDesign, most_across: int, most_along: int) -> LineArray:
    bench = Bench(process_table("pcb-fabrication"), [])
    gap, rail = bench["array_gap_mm"], default("array_rail_mm")
    across, along = np.meshgrid(np.arange(1.0, most_across + 1.0), np.arange(1.0, most_along + 1.0))
    wide = across * design.width_mm + (across - 1.0) * gap + 2.0 * rail
    high = along * design.height_mm + (along - 1.0) * gap
    held = np.minimum(wide, high) >= default("conveyor_least_mm")
    boards = np.where(held, across * along * boards_per_panel(wide, high, bench), 0.0)
    # The largest arrays count a little more: fewer to handle for the same use of the panel.
    best = int(np.argmax(boards + across * along / (across * along).max()))
    chosen = float(across.flat[best]), float(along.flat[best])
    return LineArray(across=chosen[0], along=chosen[1], rail_mm=rail, length_mm=float(high.flat[best]))
