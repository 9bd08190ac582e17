"""Assembled boards covered with a thin film of lacquer, connectors and contacts kept free.

``board = masks * (on + off) + sides * (load + area / pace) + inspect + touch up`` seconds with a spray gun
(the parts of aPriori's conformal coat model); a robot (``selective`` = 1) needs no masks but a program:
``program + places * program_place`` minutes once, ``load + area / robot pace`` a side.
Lacquer ``area * sides * film * density / (solids * transfer)`` by mass; the solvent leaves with the
air. Curing is the operation's hold: no machine waits.

Checked against: aPriori's formula (2019); as second sources 10 to 20 boards an hour by machine and 2 to 5
by hand with much masking, films of 25 to 100 um (fr4pcb.tech), and 0.42 USD a board with 650 USD once
(mfgcalcs.com default for an appliance board). Error: sigma 0.35 of its own, 0.18 by country.

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("CN")
>>> board = make_operation("conformal-coating", {"area_mm2": 8000, "keep_out": 3})
>>> made = estimate(board, np.array([500.0]), [station])
>>> f"{made.run_s[0, 0] / made.starts[0, 0]:.0f} s and {made.input_kg[0, 0] / 500 * 1000:.1f} g a board"
'154 s and 6.5 g a board'
"""

from __future__ import annotations

from manyworks.model import Operation
from manyworks.processes.changeover import full_change
from manyworks.processes.frame import Array, Bench, Effort, Lines, Number, price_on_default_machine

_LITRES_PER_MM2_UM = 1e-9
"""A square millimetre one micrometre thick, in litres."""


def good_share(_operation: Operation, bench: Bench) -> Number:
    """Share of boards not lost; most faults of the film are touched up."""
    return 1.0 - bench["scrap_share"]


def seconds_per_board(operation: Operation, bench: Bench) -> Number:
    """Seconds of the booth or the robot for one board."""
    area, sides, places = bench.drivers(operation, "area_mm2", "sides", "keep_out")
    masks = places * (bench["mask_seconds"] + bench["unmask_seconds"])
    gun = masks + sides * (bench["load_seconds"] + area / bench["spray_mm2_per_second"])
    robot = sides * (bench["load_seconds"] + area / bench["robot_mm2_per_second"])
    looking = sides * (bench["inspect_seconds"] + bench["touch_up_seconds"])
    return gun + bench["selective"] * (robot - gun) + looking


def _lacquer(operation: Operation, starts: Array, bench: Bench) -> tuple[Number, Number]:
    """Kilograms of lacquer that leave the gun, and of dry film on the boards."""
    area, sides, film = bench.drivers(operation, "area_mm2", "sides", "film_um")
    film_kg = starts * area * sides * film * _LITRES_PER_MM2_UM * bench["film_density"]
    gun, robot = bench["spray_transfer"], bench["robot_transfer"]
    transfer = gun + bench["selective"] * (robot - gun)
    return film_kg / (bench["solids_share"] * transfer), film_kg


def _engineer_s(operation: Operation, bench: Bench) -> Number:
    """Seconds of programming a robot; of a masking plan for the gun."""
    (places,) = bench.drivers(operation, "keep_out")
    robot = bench["robot_program_minutes"] + places * bench["robot_program_place_minutes"]
    gun = bench["mask_plan_minutes"]
    return (gun + bench["selective"] * (robot - gun)) * 60.0


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of coating lots of boards."""
    (places,) = bench.drivers(operation, "keep_out")
    run_s = starts * seconds_per_board(operation, bench)
    change = full_change(operation, bench)
    sprayed_kg, film_kg = _lacquer(operation, starts, bench)
    lacquer_kg = sprayed_kg + change.scrap_kg
    masks = starts * places * bench["mask_price"] * (1.0 - bench["selective"])
    effort = Effort(
        setup_s=change.held_s,
        run_s=run_s,
        setup_labour_s=change.people_s,
        labour_s=run_s * bench["operators"],
        engineer_s=_engineer_s(operation, bench),
        material=lacquer_kg / bench["lacquer_density"] * bench["lacquer_price"],
        consumables=masks + bench["thinner_l"] * bench["thinner_price"],
        material_co2e_kg=lacquer_kg * bench["lacquer_co2e"],
        input_kg=lacquer_kg,
        product_kg=film_kg,
        chemicals_kg=lacquer_kg - film_kg + bench["thinner_l"] * bench["thinner_density"],
    )
    return price_on_default_machine(effort, bench)
