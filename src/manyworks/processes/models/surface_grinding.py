"""Surface grinding: flat faces under a wheel on a reciprocating table.

Seconds of a face: ``(stock / infeed + spark-out) * area (1 + overrun) / (cross feed * table speed)``: the
ordinary formula of reciprocating grinding (Boothroyd and Knight, grinding; second source: Kalpakjian and
Schmid; both from memory), wheel dressed by removed volume. Sparking out grows with the roughness asked.
Pieces come from the step before, so no material is put in. Error: sigma 0.35 own, 0.15 shared (infeed
differs by a factor of two between shops).

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("DE")
>>> plate = make_operation("surface-grinding", {"length_mm": 100, "width_mm": 50, "faces": 2})
>>> made = estimate(plate, np.array([50.0]), [station])
>>> f"{made.run_s[0, 0] / made.starts[0, 0] / 60:.1f} min each"
'7.6 min each'
"""

from __future__ import annotations

from manyworks.model import Operation
from manyworks.processes.frame import Array, Bench, Lines, Number
from manyworks.processes.machining.grinding import ground_lot, passes


def good_share(_operation: Operation, bench: Bench) -> Number:
    """Share of pieces that are good."""
    return 1.0 - bench["scrap_share"]


def face_seconds(operation: Operation, bench: Bench) -> Number:
    """One face under the wheel."""
    length, width, stock = bench.drivers(operation, "length_mm", "width_mm", "stock_mm")
    swept = length * width * (1.0 + bench["overrun_share"])
    return passes(stock, operation, bench) * swept / (bench["cross_feed_mm"] * bench["table_mm_per_s"])


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of grinding lots of flat faces."""
    faces, length, width, stock = bench.drivers(operation, "faces", "length_mm", "width_mm", "stock_mm")
    wheel_s = faces * face_seconds(operation, bench)
    return ground_lot(operation, starts, wheel_s, faces * length * width * stock, faces, bench)
