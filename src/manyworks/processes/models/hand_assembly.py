"""Boards placed and soldered by hand.

Drivers: ``parts`` (all parts handled), ``chip_joints`` (pads of two- and three-legged surface parts),
``pin_joints`` (pads of larger surface parts), ``through_joints``, ``mechanical`` (parts without joints),
``lines`` (part numbers laid out).
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
    learned_units,
    price_on_default_machine,
)

_JOINTS = ("chip_joints", "pin_joints", "through_joints")


def _defects(operation: Operation, bench: Bench) -> Number:
    joints = sum(drivers_of(operation, *_JOINTS))
    return joints * bench["defects_per_million_joints"] * 1e-6


def good_share(operation: Operation, bench: Bench) -> Number:
    """Share of boards not scrapped; most faults are reworked."""
    return 1.0 - -np.expm1(-_defects(operation, bench)) * bench["scrap_of_defective"]


def seconds_per_board(operation: Operation, bench: Bench) -> Number:
    """Practised time for one board: handle, place, solder, look."""
    parts, mechanical = drivers_of(operation, "parts", "mechanical")
    chip, pin, through = drivers_of(operation, *_JOINTS)
    soldering = (
        chip * bench["chip_joint_seconds"]
        + pin * bench["pin_joint_seconds"]
        + through * bench["through_joint_seconds"]
    )
    placing = (parts - mechanical) * bench["place_seconds"] + mechanical * bench["mechanical_seconds"]
    looking = (chip + pin + through) * bench["inspect_joint_seconds"]
    return bench["board_handling_seconds"] + placing + soldering + looking


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of lots of boards at one bench."""
    (lines,) = drivers_of(operation, "lines")
    joints = sum(drivers_of(operation, *_JOINTS))
    setup_s = (bench["setup_minutes"] + lines * bench["kit_line_minutes"]) * 60.0
    units = learned_units(starts, bench["learning_rate"], bench["learning_units"])
    rework_s = starts * _defects(operation, bench) * bench["rework_minutes"] * 60.0
    run_s = units * seconds_per_board(operation, bench) + rework_s
    solder_kg = starts * joints * bench["solder_mg_per_joint"] * 1e-6
    effort = Effort(
        setup_s=setup_s,
        run_s=run_s,
        setup_labour_s=setup_s * bench["operators"],
        labour_s=run_s * bench["operators"],
        material=solder_kg * bench["solder_price"],
        consumables=starts * bench["wipes_per_board"],
        material_co2e_kg=solder_kg * bench["solder_co2e"],
    )
    return price_on_default_machine(effort, bench)
