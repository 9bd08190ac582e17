"""Putting a product together by hand: handling and insertion times of design for assembly.

Practised seconds of one product are the sum over what is put in, ``(1 + allowance)`` on top:

- part: ``handling + max(orientation - easy, 0) * s/deg`` to take it and turn it right, plus what hard
  parts take (they tangle, are small, take two hands or a hoist, weigh), plus ``insertion`` and the
  shares of parts that are hard to align (+1 s), must be held (+4 s), or are put where hand or eye is
  in the way (+2.5 s);
- screw taken, set and driven 8.8 s; snap +1 s; cable laid 12 s, plug 6 s; glue 12 s a place and its bead
  over the gun's speed; turning the whole 6 s; a look; a trial.

The handling times are the table of Boothroyd and Dewhurst as printed by Whitney (*Mechanical
Assemblies*, fig. 15-1), which a second print of the table bears out. The sum was held against two
published worksheets: a dry iron of 8 parts and 12 screws, 174 s (Open Mechanical Engineering Journal
10, 173, table 4; this model 157 s), and a motor drive of 8 parts and 11 screws, 160 s (*Design for Six
Sigma*, table 10.2; this model 152 s). The weight term and the times of snaps and glue have one source.

A new product is learnt: Wright's law down to a plateau. A lot is done at one bench, or passed along a
line of 2, 4 or 8 stands: each person's work is shorter and its tools at hand (``stand_gain``), some of
it waits for the slowest (``balance_loss``), every hand-over takes ``pass_seconds``, every stand must be
laid out. With ``u = 1 - 1/n`` a line of ``n`` works ``(1 - gain u) / (1 - loss u)`` of the bench's
seconds. The cheapest is taken. Times are those of one stand: a line of four is done in a quarter.

``faults = steps * faults_per_step`` are put right; of them ``scrap_of_faulty`` cost the product. Error
of the practised time about 25 % without a method study.

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("GB")
>>> lamp = make_operation("final-assembly", {"parts": 9, "fasteners": 4, "lines": 8, "cables": 1})
>>> made = estimate(lamp, np.array([10.0, 1000.0]), [station])
>>> [f"{each:.0f} s" for each in made.run_s[0] / made.starts[0]]
['204 s', '129 s']
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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
    price_effort,
)

_STANDS = (1, 2, 4, 8)
"""Lengths of line that are tried; a bench is a line of one."""
_G = 1e-3


def good_share(operation: Operation, bench: Bench) -> Number:
    """Share of products that are good: those without a fault that cannot be put right."""
    bad = bench["faults_per_step"] * bench["scrap_of_faulty"]
    share: Number = (1.0 - bad) ** _steps(operation, bench)
    return share


def _steps(operation: Operation, bench: Bench) -> float:
    """Chances to do something wrong."""
    parts, fasteners, cables = bench.drivers(operation, "parts", "fasteners", "cables")
    connections, glue_joints = bench.drivers(operation, "connections", "glue_joints")
    return parts + fasteners + cables + connections + glue_joints


def _handling_s(operation: Operation, bench: Bench) -> Number:
    """Taking all parts and turning them right."""
    parts, degrees, mass = bench.drivers(operation, "parts", "orientation_deg", "mass_kg")
    small, large, lifted = bench.drivers(operation, "small_parts", "large_parts", "lifted_parts")
    turned = np.maximum(degrees - bench["easy_deg"], 0.0) * bench["orienting_seconds_per_deg"]
    each = bench["handling_seconds"] + turned + bench["difficult_share"] * bench["difficult_seconds"]
    size = small * bench["small_seconds"] + large * bench["large_seconds"] + lifted * bench["lifted_seconds"]
    seconds: Number = parts * each + size + mass * bench["mass_seconds_per_kg"]
    return seconds


def _insertion_s(operation: Operation, bench: Bench) -> Number:
    """Putting all parts where they belong."""
    parts, snaps = bench.drivers(operation, "parts", "snaps")
    each = (
        bench["insertion_seconds"]
        + bench["awkward_share"] * bench["awkward_seconds"]
        + bench["held_share"] * bench["held_seconds"]
        + bench["obstructed_share"] * bench["obstructed_seconds"]
    )
    return parts * each + snaps * bench["snap_seconds"]


def _joining_s(operation: Operation, bench: Bench) -> Number:
    """Screws, cables, plugs, glue, and turning the whole over for them."""
    fasteners, cables, connections = bench.drivers(operation, "fasteners", "cables", "connections")
    joints, bead, turns = bench.drivers(operation, "glue_joints", "glue_mm", "turns")
    wired = cables * bench["cable_seconds"] + connections * bench["connection_seconds"]
    glued = joints * bench["glue_joint_seconds"] + bead / bench["glue_mm_per_second"]
    return fasteners * bench["fastener_seconds"] + wired + glued + turns * bench["turn_seconds"]


def _work_s(operation: Operation, bench: Bench) -> Number:
    """Practised seconds for one product at a bench, its trial apart."""
    work = _handling_s(operation, bench) + _insertion_s(operation, bench) + _joining_s(operation, bench)
    return (work + bench["check_seconds"]) * (1.0 + bench["allowance"])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lot:
    """A lot's set-up and run at a line of some length: seconds of one stand."""

    setup_s: Number
    run_s: Number


def _layouts(operation: Operation, starts: Array, bench: Bench) -> Iterator[_Lot]:
    """The lot at one bench and along lines."""
    units = learned_units(starts, bench["learning_rate"], bench["learning_units"])
    work, setup = _work_s(operation, bench), full_change(operation, bench).held_s
    rework_s = starts * _steps(operation, bench) * bench["faults_per_step"] * bench["rework_minutes"] * 60.0
    for stands in _STANDS:
        others = 1.0 - 1.0 / stands
        share = (1.0 - bench["stand_gain"] * others) / (1.0 - bench["balance_loss"] * others)
        passing = bench["pass_seconds"] * (stands - 1)
        yield _Lot(
            setup_s=setup + bench["stand_setup_minutes"] * 60.0 * (stands - 1),
            run_s=units * (work * share + passing) + rework_s,
        )


def _cheapest(lots: Iterator[_Lot], bench: Bench, hour: Number, power_kw: Number) -> _Lot:
    """The layout whose time costs least; the same hour and wage hold for all, so that time decides."""
    person = bench["operators"] * bench.rates["wage"] * bench["skill_wage_factor"]
    running = (hour + person + power_kw * bench.rates["energy"]) * bench.factor("run_time_factor")
    idle = hour + person + bench["setup_power_share"] * power_kw * bench.rates["energy"]
    idle = idle * bench.factor("setup_time_factor")
    best = next(lots)
    least = best.setup_s * idle + best.run_s * running
    for lot in lots:
        money = lot.setup_s * idle + lot.run_s * running
        better = money < least
        best = _Lot(
            setup_s=np.where(better, lot.setup_s, best.setup_s),
            run_s=np.where(better, lot.run_s, best.run_s),
        )
        least = np.minimum(money, least)
    return best


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of assembling lots at the cheapest length of line."""
    joints, bead, test_s = bench.drivers(operation, "glue_joints", "glue_mm", "test_s")
    hour, power = bench.default_hour(), bench.of_machine("power_kw", "power_kw")
    lot = _cheapest(_layouts(operation, starts, bench), bench, hour, power)
    people, tester_s = bench["operators"], bench["test_setup_minutes"] * 60.0 * (test_s > 0.0)
    glue_kg = starts * (joints * bench["glue_joint_g"] + bead * bench["glue_g_per_mm"]) * _G
    bought_kg = glue_kg * (1.0 + bench["glue_waste_share"])
    effort = Effort(
        setup_s=lot.setup_s + tester_s,
        run_s=lot.run_s + starts * test_s,
        setup_labour_s=(lot.setup_s + tester_s) * people,
        labour_s=(lot.run_s + starts * test_s * bench["test_attendance"]) * people,
        material=bought_kg * bench["glue_price"],
        consumables=starts * bench["consumables_per_piece"],
        material_co2e_kg=bought_kg * bench["glue_co2e"],
        input_kg=bought_kg,
        product_kg=glue_kg,
    )
    return price_effort(effort, bench, hour, power)
