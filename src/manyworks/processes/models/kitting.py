"""Parts counted out into kits.

A kit takes ``lines * line + (pieces - lines) * piece + kit`` seconds, with ``(1 + allowance)`` on top:
the first piece of a part number is reached for and placed (4 to 8 s by published rates), each further
one only counted. One walk a part number brings the parts, and again each time the trolley is
full. One source for the placing times; the rest are engineering estimates. Error about 30 %.

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("GB")
>>> made = estimate(make_operation("kitting", {"pieces": 20, "lines": 8}), np.array([100.0]), [station])
>>> f"{made.run_s[0, 0] / 100:.0f} s a kit"
'78 s a kit'
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
from manyworks.processes.parcels import walking_s


def good_share(_operation: Operation, bench: Bench) -> Number:
    """Share of kits that are complete."""
    return 1.0 - bench["scrap_share"]


def _run_s(operation: Operation, starts: Array, bench: Bench) -> Number:
    """Seconds at the bench, walks to the store included."""
    pieces, lines, litres = bench.drivers(operation, "pieces", "lines", "litres")
    counted = np.maximum(pieces - lines, 0.0) * bench["piece_seconds"]
    # A part number that is only counted takes no less than its counting.
    each = lines * np.maximum(bench["line_seconds"], bench["piece_seconds"]) + counted + bench["kit_seconds"]
    walks = walking_s(starts, lines, litres, bench)
    seconds: Number = (starts * each + walks) * (1.0 + bench["allowance"])
    return seconds


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of counting out kits."""
    (trays,) = bench.drivers(operation, "trays")
    run_s, change = _run_s(operation, starts, bench), full_change(operation, bench)
    bags, spoilt = starts * (1.0 - trays), 1.0 + bench["spoilt_share"]
    bag_kg = bags * bench["kit_own_kg"]
    effort = Effort(
        setup_s=change.held_s,
        run_s=run_s,
        setup_labour_s=change.people_s,
        labour_s=run_s * bench["operators"],
        material=bags * bench["kit_price"] * spoilt,
        consumables=starts * trays * bench["tray_price"],
        material_co2e_kg=bag_kg * bench["kit_co2e"] * spoilt,
        input_kg=bag_kg * spoilt,
        product_kg=bag_kg,
    )
    return price_on_default_machine(effort, bench)
