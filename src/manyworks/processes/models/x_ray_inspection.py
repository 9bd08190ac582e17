"""Joints under bodies looked at by X-ray: ball grids, leadless packages.

``board = load + hidden_parts * image + joints * judge`` seconds for each imaged board; imaged is
``sample_share`` of the first ``image_all_up_to`` boards of a lot and of ``series_sample_share`` of the
rest, since a line in series is watched by samples. Once a lot: the program of views, and a cabinet set up.

Checked against: 30 to 90 s an image (general practice); as a second source 0.50 to 2.00 USD a board with
two ball grids in series, more by hand (queenems.com, X-ray inspection guide), which the model meets
between Shenzhen and US rates. Error: sigma 0.3 of its own, 0.18 by country.

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("CN")
>>> board = make_operation("x-ray-inspection", {"hidden_parts": 2, "hidden_joints": 300})
>>> made = estimate(board, np.array([1000.0]), [station])
>>> f"{made.run_s[0, 0] / made.starts[0, 0]:.0f} s a board"
'114 s a board'
"""

from __future__ import annotations

import numpy as np

from manyworks.model import Operation
from manyworks.processes.changeover import full_change
from manyworks.processes.frame import Array, Bench, Effort, Lines, Number, price_on_default_machine


def good_share(operation: Operation, bench: Bench) -> Number:
    """Share of boards not lost: faulty joints found here are mostly reworked."""
    (joints,) = bench.drivers(operation, "hidden_joints")
    faulty = -np.expm1(-joints * bench["defects_per_million_joints"] * 1e-6)
    return 1.0 - faulty * bench["scrap_of_defective"]


def seconds_per_board(operation: Operation, bench: Bench) -> Number:
    """Seconds of the cabinet for one imaged board."""
    parts, joints = bench.drivers(operation, "hidden_parts", "hidden_joints")
    return bench["load_seconds"] + parts * bench["image_seconds"] + joints * bench["joint_seconds"]


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of looking at lots of boards."""
    parts, share = bench.drivers(operation, "hidden_parts", "sample_share")
    first = np.minimum(starts, bench["image_all_up_to"])
    imaged = np.ceil(min(share, 1.0) * (first + bench["series_sample_share"] * (starts - first)))
    run_s = imaged * seconds_per_board(operation, bench)
    change = full_change(operation, bench)
    program = bench["programming_minutes"] + parts * bench["programming_part_minutes"]
    effort = Effort(
        setup_s=change.held_s,
        run_s=run_s,
        setup_labour_s=change.people_s,
        labour_s=run_s * bench["operators"],
        engineer_s=program * 60.0,
        tools=run_s / 3600.0 * bench["tube_wear"],
    )
    return price_on_default_machine(effort, bench)
