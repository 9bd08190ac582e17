"""CNC milling in three, four or five axes, from a sawn block to a deburred piece.

Time of a piece on the machine, seconds::

    cut   = rough + pockets + finish + holes + threads + moves of each place + outer edges
    run   = cut (1 + non-cutting share) + tools * change / pieces a load + setups (load + probe)
    rough = removed volume / min(P eta / k, a_p a_e v_f),   v_f = teeth * chip load * turns
    finish = skin / (step * share * v_f), times the efforts of tolerance and surface
    hole  = depth / (turns * feed a turn), pecking beyond four diameters; thread = there and back
    edges = 4 (l + w + h) / feed of a chamfer mill

Removal by power over specific cutting energy and feed by chip load are textbook (Boothroyd, Dewhurst and
Knight, *Product Design for Manufacture and Assembly*, machining chapter; second source: Groover,
*Fundamentals of Modern Manufacturing*; both from memory). Chip loads and cutting speeds are those of three
catalogues (ATA 2022, page 1301; Tungaloy VEE; Iscar solid carbide 2022, page 92: 0.003 to 0.01 of the
diameter a tooth). A finishing pass takes chips about half as thick (tables of cncoptimization.com; a second
one of GitHub lazylock/prlcnc). Skin of pockets that only a small cutter reaches is finished
with one of 1.8 times the corner radius; a cutter longer than three diameters loses feed with the power 1.5 of
its length over that. Free forms are finished line by line with a ball nose: step ``sqrt(8 r h)`` for a
scallop of height ``h = 4 Ra`` (geometry of a circle; Ra as a quarter of the height: one source), at the
full chip load, because so light a cut thins the chip.

Before a lot: stock is ordered, each clamping is set up and its zero found, tools are measured in, the program
is written, the first piece measured. Somebody tends ``operators`` of a machine (one each in a job shop:
mmsonline.com); deburring and measuring are done meanwhile and count where they take longer. The hour of
machine, person, office and margin that comes out lies where shops tell theirs: 15 to 25 USD in China,
60 to 120 in the United States (preciseworksplus.com, machinetoolsearch.com).

Parametric machining-time models reach about 25 % mean error (Journal of Intelligent Manufacturing 2021);
published prices of whole jobs spread further, by who sells them: sigma 0.36 own, 0.22 shared.

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("CN")
>>> block = {"length_mm": 80, "width_mm": 50, "height_mm": 25, "volume_mm3": 60e3, "surface_mm2": 18e3}
>>> operation = make_operation("cnc-milling", block, material="EN AW-6082")
>>> made = estimate(operation, np.array([10.0, 1000.0]), [station])
>>> [f"{seconds / 60:.1f} min" for seconds in made.run_s[0] / made.starts[0]]
['9.5 min', '9.5 min']
>>> bool(made.price[0, 1] / 1000 < made.price[0, 0] / 10)
True
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from manyworks.model import Machine, Operation
from manyworks.processes.changeover import full_change
from manyworks.processes.frame import Array, Bench, Effort, Lines, Number, price_effort
from manyworks.processes.machining.cutting import (
    MM3,
    Metal,
    Stock,
    chip_factor,
    drill_seconds,
    metal_of,
    power_removal,
    stock_of,
    tool_money,
    turns_per_second,
)
from manyworks.processes.precision import effort_for_finish, effort_for_grade

_MINUTE = 60.0
_HOUR = 3600.0
_MICROMETRE = 1e-3
_SCALLOP_PER_RA = 4.0
_CLASSES = (3.0, 4.0, 5.0)


def good_share(_operation: Operation, bench: Bench) -> Number:
    """Share of pieces that are good."""
    return 1.0 - bench["scrap_share"]


def _block_mm3(operation: Operation, bench: Bench) -> Number:
    """Block as sawn: the box with an allowance on every side and the saw's kerf at one end."""
    length, width, height = bench.drivers(operation, "length_mm", "width_mm", "height_mm")
    more = 2.0 * bench["stock_allowance_mm"]
    return (length + more + bench["saw_kerf_mm"]) * (width + more) * (height + more)


def _stock_mm3(operation: Operation, bench: Bench) -> Number:
    """What is cut: a block of its own, or the piece that the step before hands on."""
    (given,) = bench.drivers(operation, "given_mm3")
    return given if given > 0.0 else _block_mm3(operation, bench)


def _stock(operation: Operation, starts: Array, bench: Bench) -> Stock:
    """Blocks of a lot with what ordering them costs; nothing where the step before hands the pieces on."""
    (given,) = bench.drivers(operation, "given_mm3")
    trials = bench["first_off_pieces"]
    if given > 0.0:
        return stock_of(operation, starts, trials, 0.0, bench)
    block, ordering = _block_mm3(operation, bench), bench["stock_order_usd"]
    return stock_of(operation, starts, trials, block, bench, ordering=ordering)


# Cutting -------------------------------------------------------------------------------------


def _feed(diameter_mm: Number, metal: Metal, bench: Bench) -> Number:
    """Feed of an end mill, mm/s."""
    tooth = bench["tooth_load_share"] * diameter_mm * chip_factor(metal, bench)
    return bench["teeth"] * tooth * turns_per_second(diameter_mm, metal.speed, bench)


def _removal(diameter_mm: Number, metal: Metal, bench: Bench) -> Number:
    """Roughing, mm3/s: what the cutter bears, at most what the spindle's power removes."""
    section = bench["rough_depth_share"] * bench["rough_width_share"] * diameter_mm**2
    return np.minimum(section * _feed(diameter_mm, metal, bench), power_removal(metal, bench))


def _roughing(operation: Operation, metal: Metal, bench: Bench) -> Number:
    volume, pockets = bench.drivers(operation, "volume_mm3", "pocket_mm3")
    removed = np.maximum(_stock_mm3(operation, bench) - volume, 0.0)
    inside = np.minimum(pockets, removed)
    large, small = bench["rough_tool_mm"], np.minimum(bench["rough_tool_mm"], bench["finish_tool_mm"])
    return (removed - inside) / _removal(large, metal, bench) + inside / _removal(small, metal, bench)


def _skin_rate(diameter_mm: Number, metal: Metal, bench: Bench) -> Number:
    """Skin finished by a cutter's side or face, mm2/s: thinner chips than in roughing leave it smooth."""
    feed = bench["finish_load_share"] * _feed(diameter_mm, metal, bench)
    return bench["finish_step_share"] * diameter_mm * feed


def _corner_rate(operation: Operation, metal: Metal, bench: Bench) -> Number:
    """Skin that only the cutter for the corners reaches, mm2/s."""
    radius, ratio = bench.drivers(operation, "corner_radius_mm", "depth_ratio")
    cutter = np.minimum(bench["finish_tool_mm"], bench["corner_tool_share"] * 2.0 * radius)
    slender = np.maximum(ratio / (2.0 * bench["stiff_length_ratio"]), 1.0) ** bench["slender_exponent"]
    return _skin_rate(cutter, metal, bench) / slender


def _freeform_rate(ra_um: float, metal: Metal, bench: Bench) -> Number:
    """Skin finished line by line with a ball nose, mm2/s: step ``sqrt(8 r h)``."""
    ball = bench["ball_tool_mm"]
    height = _SCALLOP_PER_RA * ra_um * _MICROMETRE
    return np.sqrt(4.0 * ball * height) * _feed(ball, metal, bench)


def _finishing(operation: Operation, metal: Metal, bench: Bench) -> Number:
    """Time to finish the whole skin: plain, pockets' corners, free forms; with tolerance and surface."""
    skin, pocket, narrow, freeform = bench.drivers(
        operation, "surface_mm2", "pocket_mm2", "narrow_share", "freeform_mm2"
    )
    (ra,) = bench.drivers(operation, "ra_um")
    corner, free = pocket * min(narrow, 1.0), min(freeform, skin)
    plain = _skin_rate(bench["finish_tool_mm"], metal, bench)
    flat = max(skin - corner - free, 0.0) / plain + min(corner, skin) / _corner_rate(operation, metal, bench)
    lines = free / np.minimum(_freeform_rate(ra, metal, bench), plain)
    return (flat * effort_for_finish(ra, bench) + lines) * _tolerance_effort(operation, bench)


def _tolerance_effort(operation: Operation, bench: Bench) -> Number:
    """Longer finishing and measuring where a share of the skin is of a grade finer than comes by itself."""
    grade, share = bench.drivers(operation, "it_grade", "toleranced_share")
    return 1.0 + min(share, 1.0) * (effort_for_grade(grade, bench) - 1.0)


def _holes(operation: Operation, metal: Metal, bench: Bench) -> Number:
    """Holes and threads: drilled, tapped there and back at the pitch of the thread."""
    holes, tapped, diameter, depth = bench.drivers(operation, "holes", "tapped", "hole_mm", "hole_depth_mm")
    wide = np.maximum(diameter, bench["least_drill_mm"])
    turns = turns_per_second(wide, metal.speed * bench["tap_speed_share"], bench)
    # There and back, depth and pitch both in proportion to the diameter.
    thread = 2.0 * bench["thread_depths"] / (bench["pitch_share"] * turns) + bench["tap_moves_s"]
    drilled = drill_seconds(diameter, depth, metal, bench) + bench["hole_moves_s"]
    return holes * drilled + tapped * thread


def cutting_seconds(operation: Operation, bench: Bench) -> Number:
    """Seconds a cutter is in a piece, holes with their moves."""
    metal = metal_of(operation, bench)
    (features,) = bench.drivers(operation, "features")
    return (
        _roughing(operation, metal, bench)
        + _finishing(operation, metal, bench)
        + _holes(operation, metal, bench)
        + features * bench["feature_moves_s"]
        + _outer_edges(operation, bench)
    )


def _outer_edges(operation: Operation, bench: Bench) -> Number:
    """Seconds of a chamfer mill along the twelve edges of the box."""
    edges = 4.0 * sum(bench.drivers(operation, "length_mm", "width_mm", "height_mm"))
    return edges / bench["edge_mm_per_s"]


# The piece and the lot -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """Seconds of one piece: cutter in work, machine held, hands busy at and beside the machine."""

    cutting_s: Number
    run_s: Number
    hand_s: Number


def _load_seconds(operation: Operation, bench: Bench) -> Number:
    """Clamping and taking off once; heavy pieces take longer."""
    (density,) = bench.drivers(operation, "density")
    mass = _stock_mm3(operation, bench) * MM3 * density
    return bench["load_s"] + bench["load_s_per_kg"] * mass


def _piece(operation: Operation, bench: Bench) -> _Piece:
    setups, tools, features = bench.drivers(operation, "setups", "tools", "features")
    cutting = cutting_seconds(operation, bench)
    load = setups * _load_seconds(operation, bench)
    changes = tools * bench["tool_change_s"] / bench["pieces_per_load"]
    at_machine = cutting * (1.0 + bench["noncut_share"]) + changes + setups * bench["probe_s"]
    measuring = bench["measure_s"] * _tolerance_effort(operation, bench)
    deburring = bench["deburr_s"] + features * bench["deburr_s_per_feature"]
    return _Piece(
        cutting_s=cutting,
        run_s=at_machine + load * (1.0 - bench["load_outside_share"]),
        hand_s=load + deburring + measuring + _saw_seconds(operation, bench),
    )


def _saw_seconds(operation: Operation, bench: Bench) -> Number:
    """Somebody's time at the saw for a piece: section by rate, most of it unattended."""
    given, width, height, energy = bench.drivers(
        operation, "given_mm3", "width_mm", "height_mm", "cutting_energy"
    )
    if given > 0.0:
        return 0.0
    rate = bench["saw_mm2_per_s"] * bench["reference_energy"] / energy
    return bench["saw_handling_s"] + bench["saw_attended_share"] * width * height / rate


def _engineer_s(operation: Operation, bench: Bench) -> Number:
    """Programming, spread over the lots that use the program."""
    setups, features, freeform, axes = bench.drivers(operation, "setups", "features", "freeform_mm2", "axes")
    minutes = (
        bench["program_minutes"]
        + setups * bench["program_minutes_per_setup"]
        + features * bench["program_minutes_per_feature"]
        + freeform * bench["program_minutes_per_freeform_cm2"] / 100.0
    )
    positioned = 1.0 + bench["program_share_per_axis"] * max(axes - _CLASSES[0], 0.0)
    return minutes * _MINUTE * positioned / bench["lots_per_program"]


def _axes(operation: Operation, bench: Bench) -> Array:
    """Axes of each machine: its own where stated and more, else what the piece asks; shape (S, 1)."""
    (asked,) = bench.drivers(operation, "axes")
    own = [_axes_of(station.machine) if station.machine.capabilities else 0.0 for station in bench.stations]
    return np.maximum(np.array(own, dtype=np.float64), asked)[:, None]


def _axes_of(machine: Machine) -> float:
    return max(float(capability.axes or 0) for capability in machine.capabilities)


def _by_axes(axes: Array, name: str, bench: Bench) -> Array:
    """A figure of the machine by its number of axes, its own where it states it."""
    three, four, five = (bench.of_machine(f"{name}{kind}") for kind in ("", "_4_axis", "_5_axis"))
    fourth, fifth = (np.clip(axes - above, 0.0, 1.0) for above in _CLASSES[:2])
    typical = three + fourth * (four - three) + fifth * (five - four)
    stated = [getattr(station.machine, name) for station in bench.stations]
    own = np.array([np.nan if value is None else value for value in stated], dtype=np.float64)[:, None]
    return np.where(np.isnan(own), typical, own)


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of milling lots."""
    piece, change = _piece(operation, bench), full_change(operation, bench)
    (setups,) = bench.drivers(operation, "setups")
    first = bench["first_article_minutes"] * _MINUTE * _tolerance_effort(operation, bench)
    trials = bench["first_off_pieces"]
    pieces = starts + trials
    stock = _stock(operation, starts, bench)
    setup_s = change.held_s + first + trials * piece.run_s
    run_s = starts * piece.run_s
    wet_h = (run_s + trials * piece.run_s) / _HOUR
    coolant = wet_h * bench["coolant_l_per_hour"]
    worn = tool_money(pieces * piece.cutting_s, metal_of(operation, bench), bench)
    jaws = setups * bench["fixture_usd"] / bench["lots_per_program"]
    effort = Effort(
        setup_s=setup_s,
        run_s=run_s,
        setup_labour_s=change.people_s + first + trials * piece.run_s,
        labour_s=np.maximum(run_s * bench["operators"], starts * piece.hand_s),
        engineer_s=_engineer_s(operation, bench),
        material=stock.money,
        tools=worn + jaws,
        consumables=wet_h * bench["consumables_per_hour"],
        material_co2e_kg=stock.co2e_kg,
        input_kg=stock.input_kg,
        product_kg=stock.product_kg,
        water_l=coolant,
        chemicals_kg=coolant * bench["concentrate_share"],
    )
    axes = _axes(operation, bench)
    life = bench.of_machine("life_years", "life_years")
    hour = bench.hour(_by_axes(axes, "capital", bench), _by_axes(axes, "floor_m2", bench), life)
    return price_effort(effort, bench, hour, _by_axes(axes, "power_kw", bench))
