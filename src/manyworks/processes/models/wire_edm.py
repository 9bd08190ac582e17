"""Wire erosion: a profile cut through a conducting block by a running wire.

Time of a piece on the machine, seconds::

    first cut = L (h + h0) (1 + (h / h1)^2) / (rate * material)
    trims     = number * share of the first cut
    run       = first cut + trims + starts * (hole + threading) + openings * slug + load

``rate`` is the area a thick cut in steel would make a minute if nothing hindered flushing. The wire
bears no more than ``rate / h0`` of travel in thin plate (``h0``), and flushing gets worse in thick blocks
(``h1``). The material enters by its melting point, ``(Tm / Tm steel)^-1.23``, the law of sinking (see there;
one source for wire). Trims: one for each halving of roughness and one for each grade and a half of tolerance
beyond the first cut's, whichever are more; each takes about a half of the first cut (the cut estimator of
additive.tools, ``L H / rate (1 + 0.5 (passes - 1))``; roughness by passes as in a guide of Mecvil: 1.6 to
3.2 um after one, 0.4 to 0.8 after two or three, 0.2 after four to six).

The machine runs mostly by itself; in a shop of short jobs one person tends two or three. Error: rates of
machines differ by a factor of two with wire and generator: sigma 0.35 own, 0.18 shared.

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("DE")
>>> punch = make_operation("wire-edm", {"cut_mm": 120, "height_mm": 40, "ra_um": 0.8}, material="D2")
>>> made = estimate(punch, np.array([4.0]), [station])
>>> f"{made.run_s[0, 0] / 4 / 60:.0f} min each"
'71 min each'
"""

from __future__ import annotations

import numpy as np

from manyworks.model import Operation
from manyworks.processes.changeover import full_change
from manyworks.processes.frame import Array, Bench, Effort, Lines, Number, price_on_default_machine
from manyworks.processes.machining.cutting import stock_of

_MINUTE = 60.0
_HOUR = 3600.0


def good_share(_operation: Operation, bench: Bench) -> Number:
    """Share of pieces that are good."""
    return 1.0 - bench["scrap_share"]


def erosion_factor(melting: float, bench: Bench) -> Number:
    """How much faster than steel a metal erodes: ``(Tm / Tm steel)^-1.23``."""
    factor: Number = (bench["reference_melting"] / melting) ** bench["melting_exponent"]
    return factor


def first_cut_seconds(operation: Operation, bench: Bench) -> Number:
    """The main cut along the whole profile."""
    length, height, melting = bench.drivers(operation, "cut_mm", "height_mm", "melting")
    thick = 1.0 + (height / bench["thick_mm"]) ** 2
    rate = bench["cut_mm2_per_min"] * erosion_factor(melting, bench)
    return length * (height + bench["thin_mm"]) * thick / rate * _MINUTE


def trims(operation: Operation, bench: Bench) -> Number:
    """Further passes along the profile that roughness or tolerance ask for."""
    ra, grade = bench.drivers(operation, "ra_um", "it_grade")
    for_finish = np.ceil(np.log2(np.maximum(bench["first_ra_um"] / ra, 1.0)) - 1e-9)
    for_size = np.ceil(np.maximum(bench["natural_it"] - grade, 0.0) / bench["grades_per_trim"] - 1e-9)
    return np.maximum(for_finish, for_size)


def run_seconds(operation: Operation, bench: Bench) -> Number:
    """One piece on the machine."""
    starts, openings = bench.drivers(operation, "start_holes", "openings")
    cut = first_cut_seconds(operation, bench)
    passes = 1.0 + trims(operation, bench) * bench["trim_share"]
    holes = starts * (bench["start_hole_s"] + bench["threading_s"])
    return cut * passes + holes + openings * bench["slug_s"] + _load_s(bench)


def _load_s(bench: Bench) -> Number:
    return bench["load_s"] / bench["pieces_per_load"]


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of eroding lots by wire."""
    block, cuts = bench.drivers(operation, "stock_mm3", "openings")
    change = full_change(operation, bench)
    first = bench["first_article_minutes"] * _MINUTE
    each = run_seconds(operation, bench)
    run_s = starts * each
    hours = run_s / _HOUR
    stock = stock_of(operation, starts, 0.0, block, bench)
    hand = starts * (_load_s(bench) + cuts * bench["slug_s"] + bench["measure_s"])
    effort = Effort(
        setup_s=change.held_s + first,
        run_s=run_s,
        setup_labour_s=change.people_s + first,
        labour_s=np.maximum(run_s * bench["operators"], hand),
        engineer_s=(bench["program_minutes"] + cuts * bench["program_minutes_per_opening"])
        * _MINUTE
        / bench["lots_per_program"],
        material=stock.money,
        tools=hours * bench["wire_kg_per_hour"] * bench["wire_usd_per_kg"],
        consumables=hours * bench["consumables_per_hour"],
        material_co2e_kg=stock.co2e_kg + hours * bench["wire_kg_per_hour"] * bench["wire_co2e"],
        input_kg=stock.input_kg,
        product_kg=stock.product_kg,
        water_l=hours * bench["water_l_per_hour"],
    )
    return price_on_default_machine(effort, bench)
