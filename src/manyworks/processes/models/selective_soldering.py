"""Parts with legs put in by hand and soldered from below by a small wave that travels from joint to joint.

``solder = load + settle + joints * (flux + point)`` seconds of the machine, ``insert = parts * t_in`` of
people beside it; the lot takes the slower of the two. Set-up: solder nozzle, carrier, program by joint.
Faulty joints cost a repairer's minutes.

Checked against: a leg soldered by hand takes 8 to 12 s with handling, so that the machine pays from some
tens of boards on (general practice, 1 to 3 s a point); insertion after the tables of design for assembly
(handling 1.1 to 4 s and insertion 1.5 to 12 s a part). One source for the time of a point. Error: sigma 0.3
of its own, 0.18 by country.

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("GB")
>>> board = make_operation("selective-soldering", {"parts": 8, "joints": 60, "lines": 5})
>>> made = estimate(board, np.array([20.0]), [station])
>>> f"{made.run_s[0, 0] / made.starts[0, 0]:.0f} s a board, set up in {made.setup_s[0, 0] / 60:.0f} min"
'157 s a board, set up in 20 min'
"""

from __future__ import annotations

import numpy as np

from manyworks.model import Operation
from manyworks.processes.changeover import full_change
from manyworks.processes.frame import Array, Bench, Effort, Lines, Number, price_on_default_machine

_PPM = 1e-6
_MILLIGRAM = 1e-6


def _defects(operation: Operation, bench: Bench) -> Number:
    (joints,) = bench.drivers(operation, "joints")
    return joints * bench["defects_per_million_joints"] * _PPM


def good_share(operation: Operation, bench: Bench) -> Number:
    """Share of boards not scrapped; most faults are reworked."""
    lost: Number = -np.expm1(-_defects(operation, bench)) * bench["scrap_of_defective"]
    return 1.0 - lost


def seconds_per_board(operation: Operation, bench: Bench) -> Number:
    """Seconds between two boards: the wave's, or the people's who put the parts in."""
    parts, joints = bench.drivers(operation, "parts", "joints")
    wave = bench["load_seconds"] + joints * (bench["flux_seconds"] + bench["point_seconds"])
    return np.maximum(wave, parts * bench["insert_seconds"] / bench["inserters"])


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of soldering lots of boards."""
    parts, joints = bench.drivers(operation, "parts", "joints")
    change = full_change(operation, bench)
    run_s = starts * seconds_per_board(operation, bench)
    people_s = parts * bench["insert_seconds"] + _defects(operation, bench) * bench["rework_minutes"] * 60.0
    program = bench["programming_minutes"] + joints * bench["programming_joint_minutes"]
    joined_kg = starts * joints * bench["solder_mg_per_joint"] * _MILLIGRAM
    solder_kg = joined_kg * (1.0 + bench["dross"])
    flux_kg = starts * joints * bench["flux_mg_per_joint"] * _MILLIGRAM
    effort = Effort(
        setup_s=change.held_s,
        run_s=run_s,
        setup_labour_s=change.people_s,
        labour_s=run_s * bench["operators"] + starts * people_s,
        engineer_s=program * 60.0,
        material=solder_kg * bench["solder_price"],
        tools=run_s / 3600.0 * bench["nozzle_wear"],
        consumables=flux_kg * bench["flux_price"] + run_s / 3600.0 * bench["nitrogen_price"],
        material_co2e_kg=solder_kg * bench["solder_co2e"],
        input_kg=solder_kg,
        product_kg=joined_kg,
        chemicals_kg=flux_kg,
    )
    return price_on_default_machine(effort, bench)
