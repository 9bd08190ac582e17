"""Printing in plastic powder with ink and lamps (multi jet fusion).

Nests in three dimensions: the formulas are those of `manyworks.processes.printing.powder`.

Every layer takes the same time, so the build grows by about 30 mm an hour however full it is (380 mm in
8 to 13 hours); a fifth of the powder around the parts is replaced (hawkridgesys.com: PA12 is run at 80 parts
used to 20 fresh). Second source for the build: docs.phas.io (380 x 284 x 380 mm, layers of 0.08 mm, 8 to
12 h, 0.18 EUR/cm3 of shrink wrap and 80 EUR a set-up), which the tests hold within a factor of two. Stated
error: a third to a half either way (log sigma 0.30 own, 0.22 shared): how nests are packed decides.

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("GB")
>>> part = {"volume_mm3": 12000, "size_x_mm": 60, "size_y_mm": 40, "size_z_mm": 30}
>>> made = estimate(make_operation("mjf-printing", part, material="PA12"), np.array([50.0]), [station])
>>> f"{made.run_s[0, 0] / 3600:.1f} h for fifty, {made.input_kg[0, 0]:.2f} kg of new powder"
'4.6 h for fifty, 1.27 kg of new powder'
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
