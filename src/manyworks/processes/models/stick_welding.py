"""Parts welded with coated electrodes.

Formulas: see `manyworks.processes.arc_welding`: metal ``leg^2 / 2 * length``, arc time by
deposition or travel, operating factor, and fitting, handling, cleaning, grinding beside it. Deposition
0.7 to 1.5 kg/h, operating factor 0.30, efficiency 0.54 to 0.66 with stubs: ESAB's lesson IX and a
makers' handbook agree. Stated error: ln-sigma 0.37 (own), 0.15 (shared).

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("GB")
>>> frame = {"weld_mm": 600, "leg_mm": 5, "parts": 4, "seams": 6}
>>> made = estimate(make_operation("stick-welding", frame, material="S235"), np.array([20.0]), [station])
>>> f"{made.run_s[0, 0] / 20 / 60:.0f} min a frame, {made.input_kg[0, 0] / 20 * 1000:.0f} g of filler"
'20 min a frame, 117 g of filler'
"""

from manyworks.processes.arc_welding import good_share, take

__all__ = ["good_share", "take"]
