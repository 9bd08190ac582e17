"""Finished boards looked at, powered, and programmed where they hold a programmable part.

Drivers: ``parts`` on the board, ``programmable`` (1 where a program goes in, else 0).
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
    price_on_default_machine,
)


def good_share(_operation: Operation, bench: Bench) -> Number:
    """Share of boards that pass or can be repaired."""
    return 1.0 - bench["fault_share"] * bench["scrap_of_faulty"]


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of testing lots of boards."""
    parts, programmable = drivers_of(operation, "parts", "programmable")
    each = bench["handling_seconds"] + parts * bench["visual_part_seconds"] + bench["functional_seconds"]
    each = each + programmable * bench["programming_seconds"]
    repair = bench["fault_share"] * bench["repair_minutes"] * 60.0
    prepare = bench["preparation_minutes"] + programmable * bench["programming_preparation_minutes"]
    setup_s = bench["setup_minutes"] * 60.0
    run_s = starts * (each + repair)
    effort = Effort(
        setup_s=setup_s,
        run_s=run_s,
        setup_labour_s=setup_s * bench["operators"],
        labour_s=run_s * bench["operators"],
        engineer_s=prepare * 60.0,
        consumables=starts * bench["consumables_per_board"],
    )
    return price_on_default_machine(effort, bench)
