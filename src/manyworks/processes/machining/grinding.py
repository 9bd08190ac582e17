"""What grinding flat and round has in common: sparking out, the wheel and its dressing, the lot."""

from __future__ import annotations

import numpy as np

from manyworks.model import Operation
from manyworks.processes.changeover import full_change
from manyworks.processes.frame import Array, Bench, Effort, Lines, Number, price_on_default_machine
from manyworks.processes.precision import effort_for_grade

_MINUTE = 60.0
_HOUR = 3600.0
_MM3_PER_CM3 = 1000.0


def passes(stock_mm: float, operation: Operation, bench: Bench) -> Number:
    """Passes of the wheel: to take the stock off, fewer where the material gives way, then without infeed.

    Each halving of roughness beyond what comes by itself takes some more passes without infeed.
    """
    ra, energy = bench.drivers(operation, "ra_um", "cutting_energy")
    infeed = bench["infeed_mm"] * (bench["reference_energy"] / energy) ** bench["load_exponent"]
    halvings = np.maximum(np.log2(bench["natural_ra_um"] / ra), 0.0)
    return stock_mm / infeed + bench["spark_out_passes"] + bench["passes_per_halving"] * halvings


def grade_effort(operation: Operation, bench: Bench) -> Number:
    """Longer grinding and measuring for a grade finer than comes by itself."""
    (grade,) = bench.drivers(operation, "it_grade")
    return effort_for_grade(grade, bench)


def ground_lot(
    operation: Operation, starts: Array, wheel_s: Number, removed_mm3: float, holds: float, bench: Bench
) -> Lines:
    """Lines of a lot whose pieces take ``wheel_s`` under the wheel and are held ``holds`` times.

    The wheel is dressed each so many mm3 removed and wears as its grinding ratio says.
    """
    effort = grade_effort(operation, bench)
    dressing = removed_mm3 / bench["mm3_per_dressing"] * bench["dressing_s"]
    handling = holds * (bench["load_s"] + bench["measure_s"] * effort)
    run_s = starts * (wheel_s * effort + dressing + handling)
    change = full_change(operation, bench)
    first = bench["first_article_minutes"] * _MINUTE * effort
    wheel_cm3 = starts * removed_mm3 / _MM3_PER_CM3 / bench["grinding_ratio"]
    hours = run_s / _HOUR
    coolant = hours * bench["coolant_l_per_hour"]
    made = Effort(
        setup_s=change.held_s + first,
        run_s=run_s,
        setup_labour_s=change.people_s + first,
        labour_s=np.maximum(run_s * bench["operators"], starts * handling),
        tools=wheel_cm3 * bench["wheel_usd_per_cm3"],
        consumables=hours * bench["consumables_per_hour"],
        water_l=coolant,
        chemicals_kg=coolant * bench["concentrate_share"],
    )
    return price_on_default_machine(made, bench)
