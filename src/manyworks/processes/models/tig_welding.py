"""Parts welded by TIG: an arc from a tungsten electrode, filler fed by hand.

Formulas: see `manyworks.processes.arc_welding`: metal ``leg^2 / 2 * length``, arc time by
deposition or travel, operating factor, and fitting, handling, cleaning, grinding beside it. Deposition
0.3 to 0.8 kg/h of steel (one source); travel by hand limits thin sheet: two tables of conditions agree
on 15 to 40 cm/min, gas on 5 to 8 L/min. Stated error: ln-sigma 0.37 (own), 0.15 (shared).

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("GB")
>>> frame = {"weld_mm": 600, "leg_mm": 2, "parts": 4, "seams": 6}
>>> made = estimate(make_operation("tig-welding", frame, material="304"), np.array([20.0]), [station])
>>> f"{made.run_s[0, 0] / 20 / 60:.0f} min a frame, {made.input_kg[0, 0] / 20 * 1000:.0f} g of filler"
'13 min a frame, 12 g of filler'
"""

from manyworks.processes.arc_welding import good_share, take

__all__ = ["good_share", "take"]
