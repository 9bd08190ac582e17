"""Polishing: by hand keeping the form of a mould, or buffing open faces.

Hours a 100 cm2: ``h1 ((1 um / Ra)^p - (1 um / Ra start)^p)``: each finer paper, stone or paste takes longer
than the one before. ``h1`` and ``p`` are set so that steel goes from milled (Ra 1.6 um) to stoned (SPI C,
Ra 0.4) in about an hour, to fine paper (SPI B-1, 0.1) in five, to diamond (SPI A-2, 0.025) in 18 and to a
mirror (A-1, 0.0125) in 35: mould makers' 15 to 40 h a 100 cm2 for diamond finishes. Roughness of SPI grades:
renato.design and Bales (two sources); the hours: one source each. Buffing open faces on a wheel or belt takes
a small share of that. Error: sigma 0.45 own (skill decides), 0.15 shared.

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("CN")
>>> mirror = make_operation("polishing", {"area_mm2": 10000, "ra_um": 0.025, "kept_form": 1})
>>> made = estimate(mirror, np.array([1.0]), [station])
>>> f"{made.run_s[0, 0] / 3600:.0f} h"
'18 h'
"""

from __future__ import annotations

import numpy as np

from manyworks.model import Operation
from manyworks.processes.changeover import full_change
from manyworks.processes.frame import Array, Bench, Effort, Lines, Number, price_on_default_machine

_HOUR = 3600.0
_MM2 = 1e4


def good_share(_operation: Operation, bench: Bench) -> Number:
    """Share of pieces that are good."""
    return 1.0 - bench["scrap_share"]


def polishing_seconds(operation: Operation, bench: Bench) -> Number:
    """One piece on the bench, without handling."""
    area, ra, before, kept = bench.drivers(operation, "area_mm2", "ra_um", "start_ra_um", "kept_form")
    power = bench["finish_power"]
    steps = np.maximum(ra**-power - np.maximum(before, ra) ** -power, 0.0)
    share = 1.0 if kept else bench["buffing_share"]
    seconds: Number = area / _MM2 * bench["hours_at_1_um"] * steps * share * _HOUR
    return seconds


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of polishing lots."""
    change = full_change(operation, bench)
    run_s = starts * (polishing_seconds(operation, bench) + bench["handling_s"])
    hours = run_s / _HOUR
    effort = Effort(
        setup_s=change.held_s,
        run_s=run_s,
        setup_labour_s=change.people_s,
        labour_s=run_s * bench["operators"],
        tools=hours * bench["abrasives_usd_per_hour"],
        consumables=hours * bench["consumables_per_hour"],
        water_l=hours * bench["water_l_per_hour"],
    )
    return price_on_default_machine(effort, bench)
