"""Blanks bent on a press brake, stroke by stroke.

Time of a piece: ``load + bends * (stroke * angle effort + turn(mass, length))`` seconds; two people
where it is heavy or long. The form (bends times stroke plus handling by mass, loading once) is that of
a commercial estimator's help pages (apriori.com, bend brake cycle time), its numbers agree with an open
costing sheet (15 s a bend to 3 kg, 20 s to 5 kg, 30 s with two people above). Set-up: tools laid in for
each pair of punch and die, program, and the first part bent, measured and corrected bend by bend. That
setting is more than half of the time of ordinary small lots is what a time study of custom shops found
(thefabricator.com, FABTECH 2016); a single part of four bends comes to about the least charge of 25 GBP that
a quoting tool shows as its example (quoteandcut.com).

Force ``1.42 Rm t^2 L / V``; a brake above 100 t costs in proportion to it. Two other rules (575 t^2/V in
inches, 1.33) give +13 % and -6 %. Stated error: ln-sigma 0.32 (own), 0.15 (shared).

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("GB")
>>> part = {"bends": 2, "bend_mm": 120, "thickness_mm": 3, "length_mm": 200, "mass_kg": 0.5}
>>> bent = make_operation("sheet-metal-bending", part, material="S235")
>>> made = estimate(bent, np.array([100.0]), [station])
>>> f"{made.run_s[0, 0] / 100:.0f} s a piece, {made.setup_s[0, 0] / 60:.0f} min to set up"
'37 s a piece, 15 min to set up'
"""

from __future__ import annotations

import numpy as np

from manyworks.model import Operation
from manyworks.processes.changeover import full_change
from manyworks.processes.frame import Array, Bench, Effort, Lines, Number, price_effort
from manyworks.processes.machine_size import sized

_MM = 1e-3
_MINUTE = 60.0
_N_PER_T = 9806.65


def good_share(_operation: Operation, bench: Bench) -> Number:
    """Share of bent parts that are good."""
    return 1.0 - bench["scrap_share"]


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of bending lots."""
    (bends,) = bench.drivers(operation, "bends")
    people = _people(operation, bench)
    run_s = starts * _piece_s(operation, bench)
    change = full_change(operation, bench)
    trial_s = bends * bench["trial_minutes_per_bend"] * _MINUTE
    effort = Effort(
        setup_s=change.held_s + trial_s,
        run_s=run_s,
        setup_labour_s=change.people_s + trial_s * people,
        labour_s=run_s * bench["operators"] * people,
        engineer_s=bench["programming_minutes"] * _MINUTE,
        tools=starts * bends * bench["tool_wear_per_stroke"],
    )
    return price_effort(effort, bench, _hour(operation, bench), bench.of_machine("power_kw", "power_kw"))


def _piece_s(operation: Operation, bench: Bench) -> Number:
    bends, mass, length = bench.drivers(operation, "bends", "mass_kg", "length_mm")
    turn = bench["turn_seconds"] + mass * bench["turn_seconds_per_kg"]
    turn = turn + length * _MM * bench["turn_seconds_per_m"]
    stroke = bench["stroke_seconds"] * _angle_effort(operation, bench)
    return bench["load_seconds"] + bends * (stroke + turn)


def _angle_effort(operation: Operation, bench: Bench) -> Number:
    """Factor on a stroke for angles truer than they come: each halving measures and corrects once more."""
    (tolerance,) = bench.drivers(operation, "angle_tolerance_deg")
    halvings = np.maximum(np.log2(bench["natural_angle_deg"] / tolerance), 0.0)
    factor: Number = bench["angle_effort"] ** halvings
    return factor


def _people(operation: Operation, bench: Bench) -> Number:
    """One, or two where the piece is heavy or long."""
    mass, length = bench.drivers(operation, "mass_kg", "length_mm")
    two = (mass > bench["second_person_kg"]) | (length > bench["second_person_mm"])
    return np.where(two, 2.0, 1.0)


def force_t(operation: Operation, bench: Bench) -> Number:
    """Force that the longest bend needs, tonnes, with margin."""
    tensile, thickness, bend = bench.drivers(operation, "tensile", "thickness_mm", "bend_mm")
    newtons = bench["force_constant"] * tensile * thickness * bend / bench["usual_die"]
    return newtons / _N_PER_T * bench["force_margin"]


def _hour(operation: Operation, bench: Bench) -> Number:
    """Hour of a brake that is strong enough; a brake that states its price is."""
    stronger = np.maximum(force_t(operation, bench) / bench["reference_force_t"], 1.0)
    capital = sized(bench, "capital", "capital", stronger)
    floor, life = bench.of_machine("floor_m2", "floor_m2"), bench.of_machine("life_years", "life_years")
    return bench.hour(capital, floor, life)
