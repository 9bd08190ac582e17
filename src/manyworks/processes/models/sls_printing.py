"""Printing in plastic powder with a laser (SLS).

Nests in three dimensions: the formulas are those of `manyworks.processes.printing.powder`.

The laser builds 10 to 25 mm an hour over a bed of 340 mm; half of the powder around the parts is spent.
Second sources: Sinterit's steps for powder and refresh (sinterit.com, how to calculate SLS costs) and a
list price by bounding box, 0.11 GBP/cm3 (3dpeople.uk), which the tests hold within a factor of two.
Stated error: half either way (log sigma 0.32 own, 0.24 shared): how nests are packed decides.

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("GB")
>>> part = {"volume_mm3": 12000, "size_x_mm": 60, "size_y_mm": 40, "size_z_mm": 30}
>>> made = estimate(make_operation("sls-printing", part, material="PA12"), np.array([50.0]), [station])
>>> f"{made.run_s[0, 0] / 3600:.1f} h for fifty, {made.input_kg[0, 0]:.2f} kg of new powder"
'8.8 h for fifty, 2.64 kg of new powder'
"""

from __future__ import annotations

from manyworks.model import Operation
from manyworks.processes.frame import Array, Bench, Lines, Number, price_on_default_machine
from manyworks.processes.printing.powder import printing


def good_share(_operation: Operation, bench: Bench) -> Number:
    """Share of parts that are good."""
    return 1.0 - bench["failure_share"]


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of printing lots."""
    return price_on_default_machine(printing(operation, starts, bench), bench, bench.beyond_shifts())
