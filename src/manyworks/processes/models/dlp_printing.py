"""Printing in resin by flashing whole layers: projector (DLP) or masked light (MSLA).

A plate takes ``layers * (exposure + lift)`` however full it is, so the price of a part is its share of
a plate. ``layers`` counts the part's height and the feet of its supports. Second source for the form and the
figures: filamentcalc.com (50 mm at 0.05 mm, 2.5 s exposure, 6 s lift: 2.4 h) and docs.phas.io (a fixed
time a layer); the tests hold the first. An order pays for plates of its own or for room on plates
shared with other orders, whichever is cheaper (see
`manyworks.processes.printing.builds.charged_seconds`). Washing, curing and taking supports off
is by hand. Stated error: half either way (log sigma 0.34 own, 0.22 shared).

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("CN")
>>> part = {"volume_mm3": 6000, "size_x_mm": 40, "size_y_mm": 30, "size_z_mm": 25}
>>> made = estimate(make_operation("dlp-printing", part), np.array([20.0]), [station])
>>> f"{made.run_s[0, 0] / 3600:.1f} h for twenty, {made.input_kg[0, 0]:.3f} kg of resin"
'3.1 h for twenty, 0.188 kg of resin'
"""

from __future__ import annotations

from manyworks.model import Operation
from manyworks.processes.frame import Array, Bench, Lines, Number, price_on_default_machine
from manyworks.processes.printing.resin import printing


def good_share(_operation: Operation, bench: Bench) -> Number:
    """Share of prints that come out."""
    return 1.0 - bench["failure_share"]


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of printing lots."""
    layer_s = bench["exposure_seconds"] + bench["lift_seconds"]
    effort = printing(operation, starts, bench, layer_s, 0.0)
    return price_on_default_machine(effort, bench, bench.beyond_shifts())
