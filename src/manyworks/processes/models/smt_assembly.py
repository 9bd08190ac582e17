"""Pick-and-place line: paste printed, parts placed, reflowed, looked at by a camera, arrays parted.

Time of a lot of ``n`` boards, by side (``s`` of them), arrays of ``b`` boards:

- placing ``P / s / (nameplate * efficiency) + F / s * fine_part_seconds + ceil(L / slots) * t_load / b``:
  ``P`` parts, ``F`` of them slow (large, fine pitch, balls), ``L`` part numbers in feeders; boards pass
  again where the feeders do not all fit;
- printing ``t_print / b``; inspection ``t_camera / b + P / s * t_look``;
- oven ``(length + gap) / speed / b`` on a conveyor, or ``ceil(n / (b * load)) * t_oven`` where a batch
  oven takes ``load`` arrays at once (``batch_oven`` = 1);
- ``run = n * s * slowest of them``: machines of a line work side by side.

Set-up is the change-over (feeders, stencil, profile, program) and a first article. First-pass yield is
``(1 - d)^joints``; faulty joints cost a repairer's minutes, few boards are lost.

Checked against: real over nameplate rate of placers 0.3 to 0.6 (SMTA handbook 5.9 by smtcalc) and
change-over practice 1 to 5 minutes a feeder (AtlasPCB, circuitnet); second sources: whole change-overs of
30 to 60 minutes (neotel.tech), more than 45 by hand (ems007.com), which twenty feeders meet; the price lists
of a Chinese house (8 USD, 0.0017 USD a joint) and of Western assemblers (200 placements: 40 to 80 USD
for one of five, 3 to 7 for one of a thousand), both within a factor of two. Error: sigma 0.28 of its
own and 0.18 by country.

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("CN")
>>> board = {"placements": 80, "joints": 240, "sides": 1, "lines": 20, "per_array": 4, "array_mm": 150}
>>> made = estimate(make_operation("smt-assembly", board), np.array([10.0, 1000.0]), [station])
>>> f"{made.run_s[0, 1] / 1000:.0f} s a board, set up in {made.setup_s[0, 1] / 60:.0f} min"
'56 s a board, set up in 66 min'
"""

from __future__ import annotations

import numpy as np

from manyworks.model import Operation
from manyworks.processes.changeover import full_change
from manyworks.processes.frame import SECONDS, Array, Bench, Effort, Lines, Number, price_on_default_machine

_PPM = 1e-6
_MILLIGRAM = 1e-6


def _defects(operation: Operation, bench: Bench) -> Number:
    """Expected faulty joints on a board; those of fine pitch and under bodies fail more often."""
    joints, fine = bench.drivers(operation, "joints", "fine_joints")
    weighted = joints + fine * (bench["fine_joint_factor"] - 1.0)
    return weighted * bench["defects_per_million_joints"] * _PPM


def good_share(operation: Operation, bench: Bench) -> Number:
    """Share of boards not scrapped: first-pass yield ``(1 - d)^joints``, most of the rest reworked."""
    return 1.0 - -np.expm1(-_defects(operation, bench)) * bench["scrap_of_defective"]


def _array(operation: Operation, bench: Bench) -> float:
    (per_array,) = bench.drivers(operation, "per_array")
    return max(per_array, 1.0)


def _placing(operation: Operation, bench: Bench) -> Number:
    """Seconds of the placer for all sides of a board."""
    placements, sides, lines, slow = bench.drivers(operation, "placements", "sides", "lines", "fine_parts")
    passes = np.maximum(np.ceil(lines / bench["feeder_slots"]), 1.0)
    rate = bench["nameplate_placements_per_hour"] * bench["efficiency"] / SECONDS
    loading = sides * passes * bench["array_load_seconds"] / _array(operation, bench)
    return placements / rate + slow * bench["fine_part_seconds"] + loading


def _before_oven(operation: Operation, bench: Bench) -> Number:
    """Seconds of a board, all sides, at the slowest of printer, placer and camera."""
    placements, sides = bench.drivers(operation, "placements", "sides")
    per_array = _array(operation, bench)
    printing = sides * bench["array_print_seconds"] / per_array
    looking = sides * bench["inspection_seconds"] / per_array + placements * bench["inspection_part_seconds"]
    return np.maximum(np.maximum(_placing(operation, bench), printing), looking)


def seconds_per_board(operation: Operation, bench: Bench) -> Number:
    """Takt of a line with a conveyor oven, all sides: the slowest of its machines."""
    sides, length = bench.drivers(operation, "sides", "array_mm")
    oven = (length + bench["reflow_gap_mm"]) / bench["reflow_speed_mm_per_s"] / _array(operation, bench)
    return np.maximum(_before_oven(operation, bench), sides * oven)


def _run_s(operation: Operation, starts: Array, bench: Bench) -> Number:
    """Seconds of the line for a lot: a conveyor's takt, or the loads of a batch oven."""
    batch = bench["batch_oven"]
    conveyor = starts * seconds_per_board(operation, bench)
    if not np.any(batch):
        return conveyor
    (sides,) = bench.drivers(operation, "sides")
    loads = np.ceil(starts / (_array(operation, bench) * bench["oven_load_arrays"]))
    baking = sides * loads * bench["oven_minutes"] * 60.0
    batched = np.maximum(starts * _before_oven(operation, bench), baking)
    return conveyor + batch * (batched - conveyor)


def _first_article_s(operation: Operation, bench: Bench) -> Number:
    """Seconds to fill the line and check every part of the first board."""
    sides, placements = bench.drivers(operation, "sides", "placements")
    minutes = sides * (bench["first_article_minutes"] + bench["line_fill_minutes"])
    return minutes * 60.0 + placements * bench["first_article_part_seconds"]


def _engineer_s(operation: Operation, bench: Bench) -> Number:
    """Seconds of programming placer, profile and camera."""
    (lines,) = bench.drivers(operation, "lines")
    minutes = bench["programming_minutes"] + bench["inspection_programming_minutes"]
    return (minutes + lines * bench["programming_per_line_minutes"]) * 60.0


def _labour_s(operation: Operation, starts: Array, run_s: Number, bench: Bench) -> Number:
    """Person-seconds of running, repairing and parting arrays."""
    repair = _defects(operation, bench) * bench["rework_minutes"] * 60.0
    parting = bench["depanel_seconds"] if _array(operation, bench) > 1.0 else 0.0
    return run_s * bench["operators"] + starts * (repair + parting)


def _paste_kg(operation: Operation, starts: Array, bench: Bench) -> tuple[Number, Number]:
    """Paste printed, and paste used with what is thrown away and stays on the stencil."""
    joints, sides = bench.drivers(operation, "joints", "sides")
    printed = starts * joints * bench["paste_mg_per_joint"] * _MILLIGRAM
    return printed, printed * (1.0 + bench["paste_waste"]) + sides * bench["paste_per_setup_g"] * 1e-3


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of lots of boards through the line."""
    placements, sides = bench.drivers(operation, "placements", "sides")
    change, first_s = full_change(operation, bench), _first_article_s(operation, bench)
    run_s = _run_s(operation, starts, bench)
    printed, used = _paste_kg(operation, starts, bench)
    wash_kg = sides * bench["cleaner_per_setup_kg"]
    effort = Effort(
        setup_s=change.held_s + first_s,
        run_s=run_s,
        setup_labour_s=change.people_s + first_s * bench["operators"],
        labour_s=_labour_s(operation, starts, run_s, bench),
        engineer_s=_engineer_s(operation, bench),
        material=used * bench["paste_price"],
        tools=starts * placements * bench["nozzle_wear"],
        consumables=starts * bench["wipes_per_board"] + wash_kg * bench["cleaner_price"],
        material_co2e_kg=used * bench["paste_co2e"],
        input_kg=used,
        product_kg=printed * bench["metal_share"],
        chemicals_kg=wash_kg + used * (1.0 - bench["metal_share"]),
    )
    return price_on_default_machine(effort, bench)
