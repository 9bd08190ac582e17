"""Printing in resin with a laser that draws each layer (stereolithography).

A plate takes ``layers * recoat`` and its parts ``volume / rate`` each: the laser draws every cubic
millimetre, so that more parts take longer, unlike with flashed layers. Protolabs says the same of what
decides: drawing by volume, recoating by height; docs.phas.io is the second source, and so is aPriori's cost
model guide (resin curing: volume over rate, layers times delay and wipe, 15 min of set-up a batch). The
rate is that of bureau machines with a bed of 600 mm: lines of 0.1 to 0.15 mm at 6 to 10 m/s, half of the
time. What it costs in China was held against yigurp.com (light curing by the gram: machine 0.05 to
0.2 RMB, list prices from 0.1 and mostly 1 to 5 RMB); sellers who price by volume alone are below what
thin parts cost here. An order pays for plates of its own or for room on shared ones, whichever is cheaper:
its set-up is its share of the papers, not a platform. Washing, curing and taking
supports off is by hand. Stated error: half either way (log sigma 0.36 own, 0.27 shared).

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("CN")
>>> part = {"volume_mm3": 6000, "size_x_mm": 40, "size_y_mm": 30, "size_z_mm": 25}
>>> made = estimate(make_operation("sla-printing", part), np.array([20.0]), [station])
>>> f"{made.run_s[0, 0] / 3600:.1f} h for twenty, {made.input_kg[0, 0]:.3f} kg of resin"
'1.1 h for twenty, 0.188 kg of resin'
"""

from __future__ import annotations

from manyworks.model import Operation
from manyworks.processes.frame import Array, Bench, Lines, Number, price_on_default_machine
from manyworks.processes.printing.resin import printing, resin_mm3


def good_share(_operation: Operation, bench: Bench) -> Number:
    """Share of prints that come out."""
    return 1.0 - bench["failure_share"]


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of printing lots."""
    drawing = resin_mm3(operation, bench) / bench["drawing_mm3_per_s"]
    effort = printing(operation, starts, bench, bench["recoat_seconds"], drawing)
    return price_on_default_machine(effort, bench, bench.beyond_shifts())
