"""Parts welded by MIG or MAG: an arc from a wire under gas.

Formulas: see `manyworks.processes.arc_welding`: metal ``leg^2 / 2 * length``, arc time by
deposition or travel, operating factor, and fitting, handling, cleaning, grinding beside it. Deposition
1 to 4 kg/h of steel, operating factor 0.45 at best, efficiency 0.93 to 0.98: two handbooks' lessons
(Lincoln, ESAB) agree; labour is about 85 % of the cost in one of them (NAVEDTRA 14251A), which the test
of this model holds against it. Stated error: ln-sigma 0.37 (own), 0.15 (shared).

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("GB")
>>> frame = {"weld_mm": 600, "leg_mm": 4, "parts": 4, "seams": 6}
>>> made = estimate(make_operation("mig-welding", frame, material="S235"), np.array([20.0]), [station])
>>> f"{made.run_s[0, 0] / 20 / 60:.0f} min a frame, {made.input_kg[0, 0] / 20 * 1000:.0f} g of filler"
'10 min a frame, 47 g of filler'
"""

from manyworks.processes.arc_welding import good_share, take

__all__ = ["good_share", "take"]
