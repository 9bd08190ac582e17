"""Die sinking: cavities eroded with electrodes of their shape, roughed and then finished step by step.

Time of a piece on the machine, seconds::

    rough  = volume / (K I Tm^-1.23),   I = min(current density * area, generator)
    finish = area * s1 * (e^n - 1) / (e - 1)  for n halvings of roughness, each e times as long
    run    = (rough + finish) (1 + flushing share) + changes of electrode + load

Removal by current and melting point is Kalpakjian's empirical law, ``4 10^4 I Tm^-1.23`` mm3/min with Tm
in degrees Celsius (quoted by El-Hofy, *Fundamentals of Machining Processes*, chapter 12); the second
source, Groover (from memory), has the same as ``664 I Tm^-1.23`` mm3/s. Roughness falls with the energy of a
spark and time rises the inverse way: each halving takes about twice as long as the one before (one source:
trade practice). Copper and graphite erode copper, brass and aluminium less evenly than the law says.

Electrodes are made on another machine, whose hour is built from its price like any other: a roughing and a
finishing one for each shape, and new ones as they wear. Error: sigma 0.40 own, 0.15 shared.

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("CN")
>>> rib = {"eroded_mm3": 3000, "eroded_mm2": 1500, "ra_um": 1.6}
>>> made = estimate(make_operation("sinker-edm", rib, material="P20"), np.array([1.0]), [station])
>>> f"{made.run_s[0, 0] / 3600:.1f} h on the machine"
'1.4 h on the machine'
"""

from __future__ import annotations

import numpy as np

from manyworks.model import Operation
from manyworks.processes.changeover import full_change
from manyworks.processes.frame import Array, Bench, Effort, Lines, Number, price_on_default_machine
from manyworks.processes.precision import effort_for_grade

_MINUTE = 60.0
_HOUR = 3600.0
_CM2 = 100.0


def good_share(_operation: Operation, bench: Bench) -> Number:
    """Share of pieces that are good."""
    return 1.0 - bench["scrap_share"]


def _rough_rate(area_mm2: float, melting: float, bench: Bench) -> Number:
    """Removal, mm3/s: the current that the electrode's area and the generator allow."""
    current = np.minimum(bench["current_per_mm2"] * area_mm2, bench["generator_a"])
    return bench["removal_factor"] / _MINUTE * current * melting ** -bench["melting_exponent"]


def erosion_seconds(operation: Operation, bench: Bench) -> Number:
    """Sparks on one piece: roughing, then finishing over the whole skin."""
    volume, area, melting, ra = bench.drivers(operation, "eroded_mm3", "eroded_mm2", "melting", "ra_um")
    cavities, grade = bench.drivers(operation, "cavities", "it_grade")
    rough = volume / _rough_rate(area / max(cavities, 1.0), melting, bench)
    halvings = np.maximum(np.log2(bench["rough_ra_um"] / ra), 0.0)
    steps = (bench["halving_effort"] ** halvings - 1.0) / (bench["halving_effort"] - 1.0)
    finish = area / _CM2 * bench["first_halving_s_per_cm2"] * steps * effort_for_grade(grade, bench)
    return (rough + finish) * (1.0 + bench["flushing_share"])


def _electrodes(operation: Operation, pieces: Array, bench: Bench) -> Number:
    """Electrodes made for a lot: a first set for each shape, and those that wear uses up.

    An electrode gives up a share of the volume it erodes, and is spent when that makes its skin
    recede by what the form allows.
    """
    shapes, volume, area = bench.drivers(operation, "shapes", "eroded_mm3", "eroded_mm2")
    spent = pieces * bench["wear_share"] * volume / (bench["allowed_wear_mm"] * area)
    return bench["electrodes_per_shape"] * (shapes + spent)


def _electrode_s(operation: Operation, bench: Bench) -> Number:
    """Cutting one electrode: clamping and a start, then by its skin."""
    area, cavities = bench.drivers(operation, "eroded_mm2", "cavities")
    skin = area / max(cavities, 1.0) / _CM2
    return (bench["electrode_minutes"] + bench["electrode_minutes_per_cm2"] * skin) * _MINUTE


def _electrode_money(operation: Operation, number: Number, bench: Bench) -> Number:
    """Machine and blanks of the electrodes; the labour is counted with the rest of it."""
    hour = bench.hour(
        bench.of_machine("electrode_mill_capital"),
        bench.of_machine("floor_m2"),
        bench.of_machine("life_years"),
    )
    area, cavities = bench.drivers(operation, "eroded_mm2", "cavities")
    blank = bench["electrode_usd"] + bench["electrode_usd_per_cm2"] * area / max(cavities, 1.0) / _CM2
    return number * (_electrode_s(operation, bench) / _HOUR * hour + blank)


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of die-sinking lots."""
    shapes, cavities = bench.drivers(operation, "shapes", "cavities")
    change = full_change(operation, bench)
    changes = shapes * bench["electrodes_per_shape"] * bench["electrode_change_s"]
    moves = cavities * bench["electrodes_per_shape"] * bench["cavity_s"]
    each = erosion_seconds(operation, bench) + changes + moves + bench["load_s"]
    run_s = starts * each
    electrodes = _electrodes(operation, starts, bench)
    made_s = electrodes * _electrode_s(operation, bench)
    first = bench["first_article_minutes"] * _MINUTE
    hand = starts * (bench["load_s"] + changes + bench["measure_s"])
    hours = run_s / _HOUR
    effort = Effort(
        setup_s=change.held_s + first,
        run_s=run_s,
        setup_labour_s=change.people_s + first + made_s * bench["electrode_operators"],
        labour_s=np.maximum(run_s * bench["operators"], hand),
        engineer_s=shapes * bench["program_minutes_per_shape"] * _MINUTE / bench["lots_per_program"],
        tools=_electrode_money(operation, electrodes, bench),
        consumables=hours * bench["consumables_per_hour"],
        chemicals_kg=hours * bench["dielectric_kg_per_hour"],
    )
    return price_on_default_machine(effort, bench)
