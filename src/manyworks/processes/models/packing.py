"""Picking, boxing, labelling.

Drivers: ``pieces`` put into one pack, ``lines`` (part numbers picked).
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
    """Share of packs that are good."""
    return 1.0 - bench["scrap_share"]


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of packing lots."""
    pieces, lines = drivers_of(operation, "pieces", "lines")
    each = pieces * bench["piece_seconds"] + bench["pack_seconds"] + bench["label_seconds"]
    run_s = starts * each * (1.0 + bench["allowance"])
    setup_s = (bench["setup_minutes"] + lines * bench["line_setup_minutes"]) * 60.0
    effort = Effort(
        setup_s=setup_s,
        run_s=run_s,
        setup_labour_s=setup_s * bench["operators"],
        labour_s=run_s * bench["operators"],
        consumables=starts * bench["consumables_per_pack"],
    )
    return price_on_default_machine(effort, bench)
