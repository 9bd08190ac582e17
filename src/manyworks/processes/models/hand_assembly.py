"""Boards placed and soldered by hand, one or some hundreds of them, at one bench.

``board = handling + parts * place + mechanical * fit + min(iron, paste) + joints * look``, seconds:

- iron: ``chip * t_chip + pin * t_pin`` joint by joint;
- paste: ``(chip + pin) * t_dot`` from a syringe, parts laid on, all soldered at once on a hot plate
  (``hot_plate_seconds`` a board); whichever is quicker;
- leads through holes ``through * t_through``; bodies with joints underneath are soldered with hot air
  one by one (``hidden_parts * t_hidden``).

A new board is learned: each doubling takes the time to ``learning_rate`` of it (Wright) until the
practised time at ``learning_units`` boards. Rework follows from the faults a million joints.

Checked against: 10 to 20 s a part with tweezers by practised people, iron joints 3 to 6 s, drag-soldered
pins 1.5 to 3 s, leads 8 to 12 s with their part's handling, learning 85 to 90 % (general practice;
aPriori's hand placement is a rate by class of skill as well); as a second source the list of a Chinese
house, 3.50 USD and 0.0173 USD a joint by hand, which a Shenzhen wage of 6 USD/h meets at 7 to 8 s a joint.
Error: sigma 0.3 of its own (workers differ by half), 0.18 by country.

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("GB")
>>> board = {"parts": 30, "chip_joints": 40, "pin_joints": 20, "through_joints": 12, "lines": 12}
>>> made = estimate(make_operation("hand-assembly", board), np.array([1.0, 50.0]), [station])
>>> [f"{minutes:.1f}" for minutes in made.run_s[0] / [60, 3000]]
['25.8', '12.9']
"""

from __future__ import annotations

import numpy as np

from manyworks.model import Operation
from manyworks.processes.changeover import full_change
from manyworks.processes.frame import (
    Array,
    Bench,
    Effort,
    Lines,
    Number,
    learned_units,
    price_on_default_machine,
)

_JOINTS = ("chip_joints", "pin_joints", "through_joints", "hidden_joints")
_PPM = 1e-6
_MILLIGRAM = 1e-6


def _joints(operation: Operation, bench: Bench) -> float:
    return sum(bench.drivers(operation, *_JOINTS))


def _defects(operation: Operation, bench: Bench) -> Number:
    return _joints(operation, bench) * bench["defects_per_million_joints"] * _PPM


def good_share(operation: Operation, bench: Bench) -> Number:
    """Share of boards not scrapped; most faults are reworked."""
    lost: Number = -np.expm1(-_defects(operation, bench)) * bench["scrap_of_defective"]
    return 1.0 - lost


def _soldering_s(operation: Operation, bench: Bench) -> Number:
    """Practised soldering of one board: surface joints by iron or with paste on a hot plate."""
    chip, pin, through, hidden = bench.drivers(
        operation, "chip_joints", "pin_joints", "through_joints", "hidden_parts"
    )
    iron = chip * bench["chip_joint_seconds"] + pin * bench["pin_joint_seconds"]
    plate = (chip + pin) * bench["paste_dot_seconds"] + bench["hot_plate_seconds"]
    surface: Number = np.minimum(iron, plate)
    return surface + through * bench["through_joint_seconds"] + hidden * bench["hidden_part_seconds"]


def seconds_per_board(operation: Operation, bench: Bench) -> Number:
    """Practised time for one board: handle, place, solder, look."""
    parts, mechanical = bench.drivers(operation, "parts", "mechanical")
    placing = max(parts - mechanical, 0.0) * bench["place_seconds"]
    placing = placing + mechanical * bench["mechanical_seconds"]
    looking = _joints(operation, bench) * bench["inspect_joint_seconds"]
    return bench["board_handling_seconds"] + placing + _soldering_s(operation, bench) + looking


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of lots of boards at one bench."""
    change = full_change(operation, bench)
    units = learned_units(starts, bench["learning_rate"], bench["learning_units"])
    rework_s = starts * _defects(operation, bench) * bench["rework_minutes"] * 60.0
    run_s = units * seconds_per_board(operation, bench) + rework_s
    joined_kg = starts * _joints(operation, bench) * bench["solder_mg_per_joint"] * _MILLIGRAM
    solder_kg = joined_kg * (1.0 + bench["solder_waste"])
    flux_kg = starts * bench["flux_g_per_board"] * 1e-3
    effort = Effort(
        setup_s=change.held_s,
        run_s=run_s,
        setup_labour_s=change.people_s,
        labour_s=run_s * bench["operators"],
        material=solder_kg * bench["solder_price"],
        tools=starts * _joints(operation, bench) * bench["tip_wear"],
        consumables=starts * bench["wipes_per_board"],
        material_co2e_kg=solder_kg * bench["solder_co2e"],
        input_kg=solder_kg,
        product_kg=joined_kg,
        chemicals_kg=flux_kg,
    )
    return price_on_default_machine(effort, bench)
