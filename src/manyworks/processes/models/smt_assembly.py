"""Pick-and-place line: paste printer, placer, reflow oven, optical inspection.

Drivers: ``placements`` and ``sides`` (1 or 2), ``joints`` (surface pads), ``lines`` (part numbers, one
feeder each), ``per_array`` (boards that run joined together), ``array_mm`` (length along the oven).
"""

from __future__ import annotations

import numpy as np

from manyworks.model import Operation
from manyworks.processes.frame import (
    SECONDS,
    Array,
    Bench,
    Effort,
    Lines,
    Number,
    drivers_of,
    price_on_default_machine,
)


def _defects(operation: Operation, bench: Bench) -> Number:
    """Expected faulty joints on a board."""
    (joints,) = drivers_of(operation, "joints")
    return joints * bench["defects_per_million_joints"] * 1e-6


def good_share(operation: Operation, bench: Bench) -> Number:
    """Share of boards not scrapped: first-pass yield ``(1 - d)^joints``, most of the rest reworked."""
    return 1.0 - -np.expm1(-_defects(operation, bench)) * bench["scrap_of_defective"]


def seconds_per_board(operation: Operation, bench: Bench) -> Number:
    """Takt of the line, all sides: the slowest of printer, placer, oven and inspection."""
    placements, sides, per_array, length = drivers_of(
        operation, "placements", "sides", "per_array", "array_mm"
    )
    placing = placements / sides / (bench["nameplate_placements_per_hour"] * bench["efficiency"]) * SECONDS
    place = placing + bench["array_load_seconds"] / per_array
    printing = bench["array_print_seconds"] / per_array
    oven = (length + bench["reflow_gap_mm"]) / bench["reflow_speed_mm_per_s"] / per_array
    slowest = np.maximum(
        np.maximum(place, printing), np.maximum(oven, bench["inspection_seconds"] / per_array)
    )
    return sides * slowest


def _setup_s(operation: Operation, bench: Bench) -> Number:
    lines, sides, placements = drivers_of(operation, "lines", "sides", "placements")
    per_side = bench["side_setup_minutes"] + bench["first_article_minutes"] + bench["line_fill_minutes"]
    checking = placements * bench["first_article_part_seconds"]
    return (lines * bench["feeder_minutes"] + sides * per_side) * 60.0 + checking


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of lots of boards through the line."""
    lines, joints, sides = drivers_of(operation, "lines", "joints", "sides")
    setup_s = _setup_s(operation, bench)
    run_s = starts * seconds_per_board(operation, bench)
    programming = bench["programming_minutes"] + lines * bench["programming_per_line_minutes"]
    rework_s = starts * _defects(operation, bench) * bench["rework_minutes"] * 60.0
    paste_kg = starts * joints * bench["paste_mg_per_joint"] * 1e-6 * (1.0 + bench["paste_waste"])
    paste_kg = paste_kg + sides * bench["paste_per_setup_g"] * 1e-3
    effort = Effort(
        setup_s=setup_s,
        run_s=run_s,
        setup_labour_s=setup_s * bench["operators"],
        labour_s=run_s * bench["operators"] + rework_s,
        engineer_s=programming * 60.0,
        material=paste_kg * bench["paste_price"],
        consumables=starts * bench["wipes_per_board"],
        material_co2e_kg=paste_kg * bench["paste_co2e"],
    )
    return price_on_default_machine(effort, bench)
