"""Parts of finished boards swapped: taken off, the place cleaned, a new one soldered on.

``board = handling + parts * (find + remove + place) + joints * (clean + solder)
+ hidden * (profile run + dress + align)``, seconds: ``parts`` with legs or ends, ``hidden`` bodies with
joints underneath (ball grids, leadless), which take a rework station and an oven-like profile. Boards are
baked dry first (the operation's hold). The new parts are inputs of the operation.

Checked against: 5 min a fault in assembly (general practice); second sources 50 USD for a ball grid
removed and replaced and 8 USD a part after reflow at US rates of 2000 (smtnet.com threads 1432 and 767,
after CEERIS), 45 USD a board reballed (mfgcalcs.com default). Error: sigma 0.4 of its own, 0.18 by country.

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("US")
>>> swap = make_operation("board-rework", {"parts": 0, "joints": 0, "hidden_parts": 1})
>>> made = estimate(swap, np.array([20.0]), [station])
>>> f"{made.run_s[0, 0] / made.starts[0, 0] / 60:.0f} min a ball grid"
'33 min a ball grid'
"""

from __future__ import annotations

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


def good_share(operation: Operation, bench: Bench) -> Number:
    """Share of boards that come out whole: each swap may lift a pad or cook a neighbour."""
    parts, hidden = bench.drivers(operation, "parts", "hidden_parts")
    good: Number = (1.0 - bench["part_loss"]) ** parts * (1.0 - bench["hidden_loss"]) ** hidden
    return good


def seconds_per_board(operation: Operation, bench: Bench) -> Number:
    """Practised time for one board."""
    parts, joints, hidden = bench.drivers(operation, "parts", "joints", "hidden_parts")
    swap = parts * bench["swap_seconds"] + joints * bench["joint_seconds"]
    return bench["board_handling_seconds"] + swap + hidden * bench["hidden_minutes"] * 60.0


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of swapping parts on lots of boards."""
    parts, joints, hidden = bench.drivers(operation, "parts", "joints", "hidden_parts")
    change = full_change(operation, bench)
    run_s = learned_units(starts, bench["learning_rate"], bench["learning_units"])
    run_s = run_s * seconds_per_board(operation, bench)
    solder_kg = starts * (joints + hidden * bench["joints_of_hidden"]) * bench["solder_mg_per_joint"] * 1e-6
    used_kg = solder_kg * (1.0 + bench["solder_waste"])
    effort = Effort(
        setup_s=change.held_s,
        run_s=run_s,
        setup_labour_s=change.people_s,
        labour_s=run_s * bench["operators"],
        engineer_s=bench["profile_minutes"] * 60.0 * float(hidden > 0.0),
        material=used_kg * bench["solder_price"],
        tools=starts * (parts + hidden) * bench["tool_wear"],
        consumables=starts * (parts * bench["braid_per_part"] + hidden * bench["braid_per_hidden"]),
        material_co2e_kg=used_kg * bench["solder_co2e"],
        input_kg=used_kg,
        product_kg=solder_kg,
        chemicals_kg=starts * (parts + hidden) * bench["flux_g_per_part"] * 1e-3,
    )
    return price_on_default_machine(effort, bench)
