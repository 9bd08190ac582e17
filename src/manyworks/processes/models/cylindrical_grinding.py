"""Cylindrical grinding: round seats between centres.

Seconds of a seat: ``(stock / 2 / infeed + spark-out) * (length / (traverse a turn * n) + reversal)`` with
``n = v_w / (pi D)``: traverse grinding (Boothroyd and Knight; second source: Kalpakjian and
Schmid; both from memory). ``stock`` is on the diameter. Each seat is found and measured by itself. Pieces
come from the step before. Error: sigma 0.35 own, 0.15 shared.

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("DE")
>>> shaft = make_operation("cylindrical-grinding", {"diameter_mm": 30, "length_mm": 40, "seats": 2})
>>> made = estimate(shaft, np.array([50.0]), [station])
>>> f"{made.run_s[0, 0] / made.starts[0, 0] / 60:.1f} min each"
'4.5 min each'
"""

from __future__ import annotations

import numpy as np

from manyworks.model import Operation
from manyworks.processes.frame import Array, Bench, Lines, Number
from manyworks.processes.machining.grinding import ground_lot, passes


def good_share(_operation: Operation, bench: Bench) -> Number:
    """Share of pieces that are good."""
    return 1.0 - bench["scrap_share"]


def seat_seconds(operation: Operation, bench: Bench) -> Number:
    """One seat under the wheel."""
    diameter, length, stock = bench.drivers(operation, "diameter_mm", "length_mm", "stock_mm")
    turns = bench["work_mm_per_s"] / (np.pi * diameter)
    one = length / (bench["traverse_mm"] * turns) + bench["reversal_s"]
    return passes(stock / 2.0, operation, bench) * one + bench["seat_s"]


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of grinding lots of round seats."""
    seats, diameter, length, stock = bench.drivers(operation, "seats", "diameter_mm", "length_mm", "stock_mm")
    removed = seats * np.pi * diameter * length * stock / 2.0
    return ground_lot(operation, starts, seats * seat_seconds(operation, bench), removed, 1.0, bench)
