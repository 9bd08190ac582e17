"""CNC turning from bar, or in the chuck where the bar does not go through the spindle.

Time of a piece on the machine, seconds::

    rough  = removed volume / min(P eta / k, a_p f v)
    finish = profile / (f_Ra n),   f_Ra = sqrt(32 r Ra) at most the roughing feed
    part   = (D / 2) / (f_part n);  bore drilled as in milling; grooves and threads each a time of their own
    run    = cut (1 + non-cutting share) + tools * change + bar feed, or chucking by hand

The surface speed ``v`` is that of milling the material times a ratio that catalogues of inserts show, at most
``pi D n_max``. Volume over feed, depth and speed is
textbook (Boothroyd and Knight; second source Groover; both from memory); the feed for a roughness follows
from the marks of a round nose, ``Ra = f^2 / (32 r)`` (Boothroyd and Knight: 0.0321 f^2 / r; by geometry the
height of the marks is ``f^2 / 8 r``, about four times Ra). A slender piece bends: beyond four diameters
of free length the cut is taken slower.

Bars lose their kerf at the part-off and their end in the chuck; an order of stock costs a little of its own.
Error less than in milling because a turned shape leaves less to choose: sigma 0.29 own, 0.17 shared.

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("DE")
>>> bush = {"diameter_mm": 25, "length_mm": 30, "volume_mm3": 9e3, "turned_mm": 55, "bore_mm": 12}
>>> operation = make_operation("cnc-turning", {**bush, "bore_depth_mm": 30}, material="brass")
>>> made = estimate(operation, np.array([20.0, 2000.0]), [station])
>>> [f"{seconds:.0f} s" for seconds in made.run_s[0] / made.starts[0]]
['41 s', '41 s']
>>> bool(made.price[0, 1] / 2000 < made.price[0, 0] / 20)
True
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from manyworks.model import Operation
from manyworks.processes.changeover import full_change
from manyworks.processes.frame import Array, Bench, Effort, Lines, Number, price_on_default_machine
from manyworks.processes.machining.cutting import (
    MM3,
    Metal,
    chip_factor,
    drill_seconds,
    metal_of,
    power_removal,
    stock_of,
    tool_money,
    turns_per_second,
)
from manyworks.processes.precision import effort_for_grade

_MINUTE = 60.0
_HOUR = 3600.0
_MICROMETRE = 1e-3
_NOSE = 32.0


def good_share(_operation: Operation, bench: Bench) -> Number:
    """Share of pieces that are good."""
    return 1.0 - bench["scrap_share"]


def _stock_mm3(operation: Operation, bench: Bench) -> Number:
    """Length of bar a piece takes: with a skin to turn off, a face and the part-off."""
    diameter, length = bench.drivers(operation, "diameter_mm", "length_mm")
    ends = bench["facing_mm"] + bench["part_off_mm"]
    # Thin bars are sold in finer steps.
    more = np.minimum(2.0 * bench["stock_allowance_mm"], diameter / 2.0)
    return np.pi / 4.0 * (diameter + more) ** 2 * (length + ends)


# Cutting -------------------------------------------------------------------------------------


def _surface_mm_s(diameter_mm: float, metal: Metal, bench: Bench) -> Number:
    """Surface speed, mm/s."""
    speed = metal.speed * bench["turning_speed_ratio"]
    return np.pi * diameter_mm * turns_per_second(diameter_mm, speed, bench)


def _rough_feed(metal: Metal, bench: Bench) -> Number:
    return bench["rough_feed_mm"] * chip_factor(metal, bench)


def _roughing(operation: Operation, metal: Metal, bench: Bench) -> Number:
    volume, diameter = bench.drivers(operation, "volume_mm3", "diameter_mm")
    removed = np.maximum(_stock_mm3(operation, bench) - volume, 0.0)
    speed = _surface_mm_s(diameter, metal, bench)
    rate = np.minimum(
        bench["rough_depth_mm"] * _rough_feed(metal, bench) * speed, power_removal(metal, bench)
    )
    return removed / rate


def _finishing(operation: Operation, metal: Metal, bench: Bench) -> Number:
    profile, diameter, ra = bench.drivers(operation, "turned_mm", "diameter_mm", "ra_um")
    marks = np.sqrt(_NOSE * bench["nose_radius_mm"] * ra * _MICROMETRE)
    feed = np.minimum(marks, _rough_feed(metal, bench))
    turns = turns_per_second(diameter, metal.speed * bench["turning_speed_ratio"], bench)
    return profile / (feed * turns) * _tolerance_effort(operation, bench)


def _tolerance_effort(operation: Operation, bench: Bench) -> Number:
    grade, share = bench.drivers(operation, "it_grade", "toleranced_share")
    return 1.0 + min(share, 1.0) * (effort_for_grade(grade, bench) - 1.0)


def _parting(operation: Operation, metal: Metal, bench: Bench) -> Number:
    (diameter,) = bench.drivers(operation, "diameter_mm")
    speed = metal.speed * bench["turning_speed_ratio"] * bench["part_speed_share"]
    turns = turns_per_second(diameter, speed, bench)
    return diameter / 2.0 / (bench["part_feed_mm"] * chip_factor(metal, bench) * turns)


def _bore(operation: Operation, metal: Metal, bench: Bench) -> Number:
    """Centring and drilling; nothing where there is no bore."""
    bore, depth = bench.drivers(operation, "bore_mm", "bore_depth_mm")
    if bore <= 0.0 or depth <= 0.0:
        return 0.0
    return drill_seconds(bore, depth, metal, bench) + bench["hole_moves_s"]


def cutting_seconds(operation: Operation, bench: Bench) -> Number:
    """Seconds a tool is in a piece."""
    metal = metal_of(operation, bench)
    grooves, threads, slenderness = bench.drivers(operation, "grooves", "threads", "slenderness")
    bending = np.maximum(slenderness / bench["stiff_length_ratio"], 1.0) ** bench["slender_exponent"]
    turned = _roughing(operation, metal, bench) + _finishing(operation, metal, bench)
    details = grooves * bench["groove_s"] + threads * bench["thread_s"]
    return turned * bending + details + _parting(operation, metal, bench) + _bore(operation, metal, bench)


# The piece and the lot -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """Seconds of one piece: tool in work, machine held, hands busy at and beside the machine."""

    cutting_s: Number
    run_s: Number
    hand_s: Number


def _handling(operation: Operation, bench: Bench) -> tuple[Number, Number]:
    """Seconds the machine waits for a piece to be held, and those of somebody's hands for it.

    From bar the first holding is by itself and somebody pushes in a new bar now and then; a bar too
    thick for the spindle is sawn, and every holding is by hand.
    """
    diameter, length, chuckings, density = bench.drivers(
        operation, "diameter_mm", "length_mm", "chuckings", "density"
    )
    mass = _stock_mm3(operation, bench) * MM3 * density
    by_hand = bench["load_s"] + bench["load_s_per_kg"] * mass
    from_bar = diameter <= bench["bar_capacity_mm"]
    share_of_bar = np.minimum(length / bench["bar_length_mm"], 1.0)
    fed = np.minimum(bench["bar_feed_s"] + bench["bar_change_s"] * share_of_bar, by_hand)
    hands_fed = np.minimum(bench["bar_change_s"] * share_of_bar, by_hand)
    again = np.maximum(chuckings - 1.0, 0.0) * by_hand
    saw = np.where(from_bar, 0.0, bench["saw_s"])
    return (
        np.where(from_bar, fed, by_hand) + again,
        np.where(from_bar, hands_fed, by_hand) + again + saw,
    )


def _piece(operation: Operation, bench: Bench) -> _Piece:
    tools, features = bench.drivers(operation, "tools", "features")
    cutting = cutting_seconds(operation, bench)
    waits, hands = _handling(operation, bench)
    measuring = bench["measure_s"] * _tolerance_effort(operation, bench)
    return _Piece(
        cutting_s=cutting,
        run_s=cutting * (1.0 + bench["noncut_share"]) + tools * bench["tool_change_s"] + waits,
        hand_s=hands + measuring + bench["deburr_s"] + features * bench["deburr_s_per_feature"],
    )


def _engineer_s(operation: Operation, bench: Bench) -> Number:
    chuckings, features = bench.drivers(operation, "chuckings", "features")
    minutes = (
        bench["program_minutes"]
        + chuckings * bench["program_minutes_per_setup"]
        + features * bench["program_minutes_per_feature"]
    )
    return minutes * _MINUTE / bench["lots_per_program"]


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of turning lots."""
    piece, change = _piece(operation, bench), full_change(operation, bench)
    first = bench["first_article_minutes"] * _MINUTE * _tolerance_effort(operation, bench)
    trials = bench["first_off_pieces"]
    ordering = bench["stock_order_usd"]
    stock = stock_of(operation, starts, trials, _stock_mm3(operation, bench), bench, ordering=ordering)
    tried = trials * piece.run_s
    run_s = starts * piece.run_s
    wet_h = (run_s + tried) / _HOUR
    coolant = wet_h * bench["coolant_l_per_hour"]
    effort = Effort(
        setup_s=change.held_s + first + tried,
        run_s=run_s,
        setup_labour_s=change.people_s + first + tried,
        labour_s=np.maximum(run_s * bench["operators"], starts * piece.hand_s),
        engineer_s=_engineer_s(operation, bench),
        material=stock.money,
        tools=tool_money((starts + trials) * piece.cutting_s, metal_of(operation, bench), bench),
        consumables=wet_h * bench["consumables_per_hour"],
        material_co2e_kg=stock.co2e_kg,
        input_kg=stock.input_kg,
        product_kg=stock.product_kg,
        water_l=coolant,
        chemicals_kg=coolant * bench["concentrate_share"],
    )
    return price_on_default_machine(effort, bench)
