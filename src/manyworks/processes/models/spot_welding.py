"""Sheets joined in spots between two electrodes.

Time of a whole, seconds: ``spots * (spot + t * weld time per mm) + parts * fit + handling by mass and
length``. Electrodes wear by the spot. Weld time growing with thickness is textbook practice (some ten
cycles a millimetre); the seconds of a spot are an engineering estimate: one source. Stated error:
ln-sigma 0.35 (own), 0.15 (shared).

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("GB")
>>> box = {"spots": 12, "thickness_mm": 1.2, "mass_kg": 1.5, "length_mm": 400}
>>> made = estimate(make_operation("spot-welding", box), np.array([100.0]), [station])
>>> f"{made.run_s[0, 0] / 100:.0f} s a box"
'72 s a box'
"""

from __future__ import annotations

from manyworks.model import Operation
from manyworks.processes.changeover import full_change
from manyworks.processes.frame import Array, Bench, Effort, Lines, Number, price_on_default_machine

_MM = 1e-3
_MINUTE = 60.0


def good_share(_operation: Operation, bench: Bench) -> Number:
    """Share of wholes that are good."""
    return 1.0 - bench["scrap_share"]


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of spot welding lots."""
    (spots,) = bench.drivers(operation, "spots")
    run_s = starts * _whole_s(operation, bench)
    change = full_change(operation, bench)
    first_s = bench["first_part_minutes"] * _MINUTE
    effort = Effort(
        setup_s=change.held_s + first_s,
        run_s=run_s,
        setup_labour_s=change.people_s + first_s,
        labour_s=run_s * bench["operators"],
        engineer_s=bench["programming_minutes"] * _MINUTE,
        tools=starts * spots * bench["electrode_usd"] / bench["electrode_life"],
    )
    return price_on_default_machine(effort, bench)


def _whole_s(operation: Operation, bench: Bench) -> Number:
    spots, thickness, parts = bench.drivers(operation, "spots", "thickness_mm", "parts")
    mass, length = bench.drivers(operation, "mass_kg", "length_mm")
    welded = spots * (bench["spot_seconds"] + thickness * bench["weld_seconds_per_mm"])
    handled = bench["handle_seconds"] + mass * bench["handle_seconds_per_kg"]
    return welded + parts * bench["fit_seconds"] + handled + length * _MM * bench["handle_seconds_per_m"]
