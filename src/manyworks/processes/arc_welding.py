"""What all arc welding by hand has in common; each process has its own figures.

Weld metal of a piece: ``leg^2 / 2 * reinforcement * length``. Arc time is the longer of metal over
deposition rate and length over the fastest travel by hand (thin sheet is limited by travel); the
welder's time is arc time over the operating factor (starts, wire, looking), and beside it fitting and
tacking each part, going to each seam, handling, cleaning and grinding. This is the cost formula of
welding handbooks (metal over deposition rate times operating factor), which put all of the latter into
one factor; keeping them apart lets small weldments of many parts cost what they do. Wire used is metal
over deposition efficiency; gas flows during the arc.
"""

from __future__ import annotations

import numpy as np

from manyworks.model import Operation
from manyworks.processes.changeover import full_change
from manyworks.processes.frame import SECONDS, Array, Bench, Effort, Lines, Number, price_on_default_machine

_MM3 = 1e-9
_MM3_IN_CM3 = 1e3
_MM = 1e-3
_MINUTE = 60.0
_LITRE = 1e-3


def good_share(_operation: Operation, bench: Bench) -> Number:
    """Share of weldments that are good or were mended."""
    return 1.0 - bench["scrap_share"]


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of welding lots."""
    arc_s = _arc_s(operation, bench) * (1.0 + bench["rework_share"])
    run_s = starts * (arc_s / bench["operating_factor"] + _beside_s(operation, bench))
    change = full_change(operation, bench)
    first_s = bench["first_part_minutes"] * _MINUTE
    filler_kg, deposit_kg = _filler_kg(operation, starts, bench)
    price, co2e = bench.drivers(operation, "filler_usd", "co2e")
    dollar = bench.rates["material_factor"]
    effort = Effort(
        setup_s=change.held_s + first_s,
        run_s=run_s,
        setup_labour_s=change.people_s + first_s,
        labour_s=run_s * bench["operators"],
        engineer_s=bench["programming_minutes"] * _MINUTE,
        material=filler_kg * (price * bench["filler_factor"] * dollar + bench["filler_added_usd"]),
        tools=run_s / SECONDS * bench["tips_usd_per_hour"] + starts * _discs(operation, bench),
        consumables=starts * arc_s / _MINUTE * _gas(bench),
        material_co2e_kg=filler_kg * co2e,
        input_kg=filler_kg,
        product_kg=deposit_kg,
    )
    return price_on_default_machine(effort, bench)


def weld_mm3(operation: Operation, bench: Bench) -> Number:
    """Weld metal of one piece."""
    length, leg = bench.drivers(operation, "weld_mm", "leg_mm")
    return leg**2 / 2.0 * length * bench["reinforcement"]


def _arc_s(operation: Operation, bench: Bench) -> Number:
    (length,) = bench.drivers(operation, "weld_mm")
    melting = weld_mm3(operation, bench) / _MM3_IN_CM3 / bench["deposition_cm3_per_hour"] * SECONDS
    travelling = length / bench["fastest_mm_per_min"] * _MINUTE
    return np.maximum(melting, travelling)


def _beside_s(operation: Operation, bench: Bench) -> Number:
    """Seconds of a piece that are neither arc nor its starts and stops."""
    parts, seams, mass = bench.drivers(operation, "parts", "seams", "mass_kg")
    length, ground = bench.drivers(operation, "weld_mm", "grind_mm")
    fitted = parts * bench["fit_minutes"] * _MINUTE + seams * bench["seam_seconds"]
    handled = bench["handle_seconds"] + mass * bench["handle_seconds_per_kg"]
    cleaned = length * _MM * bench["clean_seconds_per_m"]
    return fitted + handled + cleaned + ground * _MM * bench["grind_minutes_per_m"] * _MINUTE


def _filler_kg(operation: Operation, starts: Array, bench: Bench) -> tuple[Number, Number]:
    """Filler used, and what of it stays in the seams of all started pieces (mended seams hold no more)."""
    (density,) = bench.drivers(operation, "density")
    deposit = starts * weld_mm3(operation, bench) * _MM3 * density
    return deposit * (1.0 + bench["rework_share"]) / bench["deposition_efficiency"], deposit


def _gas(bench: Bench) -> Number:
    """Money of the gas of a minute with the arc on."""
    return bench["gas_l_per_min"] * _LITRE * bench["gas_usd_per_m3"]


def _discs(operation: Operation, bench: Bench) -> Number:
    (ground,) = bench.drivers(operation, "grind_mm")
    return ground * _MM * bench["grind_usd_per_m"]
