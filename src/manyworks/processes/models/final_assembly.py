"""Putting a product together at a bench: handling and insertion times of design for assembly.

Drivers: ``parts`` put in (fasteners apart), ``fasteners`` driven, ``lines`` (part numbers).
"""

from __future__ import annotations

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


def good_share(_operation: Operation, bench: Bench) -> Number:
    """Share of products that are good."""
    return 1.0 - bench["scrap_share"]


def seconds_per_piece(operation: Operation, bench: Bench) -> Number:
    """Practised time for one product."""
    parts, fasteners = drivers_of(operation, "parts", "fasteners")
    fitting = parts * (bench["handling_seconds"] + bench["insertion_seconds"])
    work = fitting + fasteners * bench["fastener_seconds"] + bench["check_seconds"]
    return work * (1.0 + bench["allowance"])


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of assembling lots."""
    (lines,) = drivers_of(operation, "lines")
    setup_s = (bench["setup_minutes"] + lines * bench["line_setup_minutes"]) * 60.0
    units = learned_units(starts, bench["learning_rate"], bench["learning_units"])
    rework_s = starts * bench["rework_share"] * bench["rework_minutes"] * 60.0
    run_s = units * seconds_per_piece(operation, bench) + rework_s
    effort = Effort(
        setup_s=setup_s,
        run_s=run_s,
        setup_labour_s=setup_s * bench["operators"],
        labour_s=run_s * bench["operators"],
        consumables=starts * bench["consumables_per_piece"],
    )
    return price_on_default_machine(effort, bench)
