"""Bare boards: how many on a panel, what each centre of the line does to it, what goes into it.

Panels: ``boards/panel = floor((W - 2e + g) / (w + g)) * floor((L - 2e + g) / (l + g))``, the better of
both ways round; an order takes whole panels (or the share that a pooling house sells). Each of some
twenty centres works ``passes / rate`` hours: by panel (imaging, etching, mask), by pair of inner layers,
by pressing (one, and one more for each build-up of microvias), by round of plated holes, by drill stroke
(``holes / stack``, the stack as deep as the smallest bit reaches), by laser shot, by millimetre of
contour. Money of an hour is the centre's annuity, floor, upkeep and people; the clock sees the slowest
centre. Flexible layers bring polyimide, coverlay and slow handling, rigid-flex no-flow prepreg and plasma;
immersion gold costs its mass, ``2 * bare share * thickness * density * price``.

``yield = base - layers - log2(fine / track) - pressings - special builds``, a share each.

Checked against (a Chinese house, lots of 20 m2): list 430 / 720 / 1,200 / 1,800 CNY/m2 for 2 / 4 / 6 / 8
layers (greatpcb.com; the same list at china-pcba.com): model 1.2 / 1.2 / 0.9 / 0.8 times; its 3,500 and
5,500 for 10 and 12 layers are two to three times the model's. Second sources: 2 layers 480 to 900 CNY/m2
at 5 m2 and 270 to 500 at 50 m2 (topfastpcba.com), model 620 and 490; its 100 to 180 at 500 m2 is below the
laminate's price, model 470; radio-frequency laminate 800 to 1,500 before its factor for small orders,
model 2,000 at 20 m2. Immersion gold 30 USD/m2 (JLCPCB support), model 43 at a higher price of gold.
Microvia builds 1.3 to 1.45 times a plain board for 1+N+1, twice for 2+N+2 (AtlasPCB), model 1.3 and 1.8 in
series, 1.2 and 1.5 for ten pieces. Rigid-flex 2 to 5 times a rigid board (hdicircuitboard.com) and 0.35 to
0.40 USD a square inch and layer in small US series (iconnect007.com 113122), model 2.2 to 3.9 times and
0.28 to 0.38. Fresh water 0.5 to 0.9 m3/m2 and 0.3 to 0.4 a layer more (limits at kleyou.net). Error: sigma
0.32 of its own, 0.18 by country; houses of prototypes ask from half to twice the model, giveaways less; a
factor of two at ten layers and more.

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("CN")
>>> sizes = {"width_mm": 100, "height_mm": 80, "layers": 4, "holes": 320, "route_mm": 360}
>>> board = make_operation("pcb-fabrication", {**sizes, "test_points": 640, "hasl": 1})
>>> made = estimate(board, np.array([50.0, 2500.0]), [station])
>>> [f"{hours:.2f} h" for hours in made.run_s[0] / 3600], f"{made.starts[0, 1]:.0f} started"
(['0.13 h', '6.22 h'], '2626 started')
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from manyworks.model import Operation
from manyworks.processes.changeover import full_change
from manyworks.processes.frame import SECONDS, Array, Bench, Lines, Number
from manyworks.processes.pcb_centres import Line, centre_hours, centres, line, over_centres, slowest_hours
from manyworks.processes.pcb_panels import MM2, boards_per_panel, fitted_boards, panel_m2

__all__ = ["boards_per_panel", "good_share", "take"]

_ORDINARY_COPPER_UM = 35.0
_MM_OF_STOCK = 1.6
_MICRON = 1e-6
_MM = 1e-3
# A drill or a track below this is a mistyped number; it keeps divisions whole.
_LEAST_MM = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class _Build:
    """What the stack-up says: counts of layers by kind, pressings, rounds of plating."""

    layers: float
    inner: float
    flexible: float
    sequential: float
    pressings: float
    plated: float
    rigid_flex: bool
    flex: bool


def _build(operation: Operation, bench: Bench) -> _Build:
    layers, sequential, flexible, metal = bench.drivers(
        operation, "layers", "sequential", "flex_layers", "metal_core"
    )
    flexible = min(flexible, layers)
    inner = max(float(np.ceil((layers - 2.0) / 2.0)), 0.0)
    return _Build(
        layers=layers,
        inner=inner,
        flexible=flexible,
        sequential=sequential,
        pressings=float(layers > 2.0) + sequential,
        plated=0.0 if layers < 2.0 else 1.0 + sequential,
        rigid_flex=0.0 < flexible < layers,
        flex=flexible > 0.0 and not metal,
    )


# What is spoilt ------------------------------------------------------------------------------


def _fineness(operation: Operation, bench: Bench) -> Number:
    """How often the finest track must be doubled to be an ordinary one; 0 where it is."""
    (track,) = bench.drivers(operation, "track_mm")
    return np.maximum(np.log2(bench["fine_track_mm"] / max(track, _LEAST_MM)), 0.0)


def good_share(operation: Operation, bench: Bench) -> Number:
    """Share of good boards: falls with layers, fine tracks, further pressings and special builds."""
    build = _build(operation, bench)
    filled, hybrid, impedance, edge, microvias = bench.drivers(
        operation, "filled_vias", "hybrid", "impedance", "plated_edge_mm", "microvias"
    )
    loss = bench["yield_loss_per_layer"] * max(build.layers - 2.0, 0.0)
    loss = loss + bench["fine_track_yield_loss"] * _fineness(operation, bench)
    loss = loss + bench["sequential_yield_loss"] * build.sequential
    loss = loss + bench["microvia_yield_loss"] * (microvias > 0.0) + bench["fill_yield_loss"] * (filled > 0.0)
    loss = loss + bench["hybrid_yield_loss"] * hybrid + bench["impedance_yield_loss"] * impedance
    loss = loss + bench["edge_yield_loss"] * (edge > 0.0) + bench["flex_yield_loss"] * build.flex
    loss = loss + bench["rigid_flex_yield_loss"] * build.rigid_flex
    return np.maximum(bench["two_layer_yield"] - loss, bench["lowest_yield"])


# Time at the centres -------------------------------------------------------------------------


def _copper_pace(operation: Operation, bench: Bench) -> Number:
    """Longer etching and plating of copper thicker than the ordinary 35 um."""
    (copper,) = bench.drivers(operation, "copper_um")
    return 1.0 + bench["thick_copper_slowdown"] * max(copper / _ORDINARY_COPPER_UM - 1.0, 0.0)


def _sheets_by_hand(build: _Build) -> float:
    """Sheets cut out and laid up by hand: coverlay of each flexible core, bonds with windows in them."""
    cores = float(np.ceil(build.flexible / 2.0)) * build.flex
    return cores + (build.inner + 1.0) * build.rigid_flex


def _panel_hours(operation: Operation, bench: Bench) -> Array:
    """Hours of one panel at each centre, shape (S or 1, centres)."""
    build = _build(operation, bench)
    filled, plasma, hybrid, impedance = bench.drivers(
        operation, "filled_vias", "plasma", "hybrid", "impedance"
    )
    slow = bench["flex_slowdown"] if build.flex else 1.0
    copper = _copper_pace(operation, bench) * slow
    fine = (1.0 + bench["fine_track_slowdown"] * _fineness(operation, bench)) * slow
    presses = build.pressings * (1.0 + bench["hybrid_press_slowdown"] * hybrid)
    windows = 1.0 + bench["build_up_imaging"] * build.sequential
    cleaned = max(plasma, hybrid, float(build.rigid_flex)) * max(build.plated, 1.0)
    amounts = {
        "panel": slow,
        "inner": build.inner * fine,
        "inner_etch": build.inner * copper,
        "lamination": presses * slow,
        "plating": build.plated * copper,
        "image": fine * windows,
        "etch": copper * windows,
        "coverlay": _sheets_by_hand(build),
        "plasma": cleaned,
        "fill": float(filled > 0.0) * max(build.plated, 1.0),
        "coupon": impedance,
    }
    return centre_hours(amounts, bench)


def _stack(operation: Operation, bench: Bench) -> Number:
    """Panels drilled on top of each other: as deep as the smallest bit reaches; below one it pecks."""
    thickness, drill = bench.drivers(operation, "thickness_mm", "drill_mm")
    reach = bench["drill_depth_ratio"] * max(drill, _LEAST_MM) / max(thickness, _LEAST_MM)
    return np.clip(reach, bench["deepest_peck"], bench["drill_stack"])


def _strokes(operation: Operation, bench: Bench) -> Number:
    """Strokes of the drill for one board."""
    (holes,) = bench.drivers(operation, "holes")
    return holes / _stack(operation, bench)


def _board_hours(operation: Operation, bench: Bench) -> Array:
    """Hours of one board at each centre that counts holes and millimetres, shape (S or 1, centres)."""
    drill, route, microvias, edge, stiffeners, metal = bench.drivers(
        operation, "drill_mm", "route_mm", "microvias", "plated_edge_mm", "stiffeners", "metal_core"
    )
    small = np.maximum(bench["small_drill_mm"] / max(drill, _LEAST_MM), 1.0)
    hard = 1.0 + (bench["metal_slowdown"] - 1.0) * metal
    amounts = {
        "hit": _strokes(operation, bench) * small * hard,
        "microvia": microvias,
        "route": route * hard + edge * bench["edge_route_factor"],
        "stiffener": stiffeners,
    }
    return centre_hours(amounts, bench)


# What goes in --------------------------------------------------------------------------------


def _laminate_price(operation: Operation, build: _Build, bench: Bench) -> Number:
    """Price of a square metre of the stack's laminate, prepreg and foil."""
    thickness, ratio, copper = bench.drivers(operation, "thickness_mm", "laminate_ratio", "copper_um")
    thicker = np.maximum(1.0 + bench["thickness_price_share"] * (thickness / _MM_OF_STOCK - 1.0), 0.0)
    heavier = max(copper - _ORDINARY_COPPER_UM, 0.0) * _MICRON * build.layers
    foil = heavier * bench["copper_density"] * bench["foil_price"]
    if build.layers > 2.0:
        # Cores with a bond on either side; every pressing closes with a foil above and below.
        thin = bench["outer_foil_um"] * _MICRON * bench["copper_density"] * bench["foil_price"]
        pressed = bench["inner_core_price"] * build.inner + bench["bond_price"] * (build.inner + 1.0)
        rigid = np.maximum(pressed + 2.0 * thin * build.pressings, bench["core_price"])
    else:
        rigid = bench["core_price"] * (bench["single_side_share"] if build.layers < 2.0 else 1.0)
    rigid_share = 1.0 if not build.flex else max(1.0 - build.flexible / build.layers, 0.0)
    return rigid * ratio * thicker * rigid_share + foil + _flexible_price(build, bench)


def _flexible_price(build: _Build, bench: Bench) -> Number:
    """Price of a square metre of polyimide cores, their coverlay, and prepreg that does not flow out."""
    if not build.flex:
        return 0.0
    cores = float(np.ceil(build.flexible / 2.0))
    bonded = build.inner + 1.0 if build.rigid_flex else max(cores - 1.0, 0.0)
    price = cores * (bench["polyimide_price"] + 2.0 * bench["coverlay_price"])
    return price + bonded * 2.0 * bench["no_flow_price"]


def _gold_price(bench: Bench) -> Number:
    """Price of a square metre of immersion gold on nickel, by the mass of gold on both sides' bare copper."""
    bare_m2 = 2.0 * bench["exposed_copper_share"]
    gold_kg = bare_m2 * bench["immersion_gold_um"] * _MICRON * bench["gold_density"]
    return gold_kg * bench["gold_price"] + bench["nickel_price"]


def _finish_price(operation: Operation, bench: Bench) -> Number:
    """Price of a square metre of the surface finish."""
    kinds = ("hasl", "enig", "osp", "immersion_silver", "immersion_tin", "enepig")
    stated = dict(zip(kinds, bench.drivers(operation, *kinds), strict=True))
    price: Number = 0.0
    for kind in ("hasl", "osp", "immersion_silver", "immersion_tin"):
        if stated[kind]:
            price = price + stated[kind] * bench[f"{kind}_price"]
    if stated["enig"] or stated["enepig"]:
        price = price + (stated["enig"] + stated["enepig"]) * _gold_price(bench)
        price = price + stated["enepig"] * bench["palladium_price"]
    return price


def _panel_price(operation: Operation, build: _Build, bench: Bench) -> Number:
    """Price of a square metre of panel: laminate, wet chemistry, mask, finish."""
    impedance, filled = bench.drivers(operation, "impedance", "filled_vias")
    wet = bench["chemistry_price"] + bench["inner_chemistry_price"] * build.inner + bench["mask_legend_price"]
    wet = wet + bench["plating_price"] * max(build.plated - 1.0, 0.0) * _copper_pace(operation, bench)
    wet = wet + bench["fill_price"] * (filled > 0.0)
    laminate = _laminate_price(operation, build, bench) / bench["material_use"]
    coupon = 1.0 + bench["coupon_share"] * impedance
    return (laminate + wet + _finish_price(operation, bench)) * coupon


def _board_price(operation: Operation, bench: Bench) -> Number:
    """Material that counts by board: hard gold on contacts, stiffeners."""
    gold_mm2, stiff_mm2 = bench.drivers(operation, "hard_gold_mm2", "stiffener_mm2")
    gold_kg = gold_mm2 * MM2 * bench["hard_gold_um"] * _MICRON * bench["gold_density"]
    return gold_kg * bench["gold_price"] + stiff_mm2 * MM2 * bench["stiffener_price"]


def _bits(operation: Operation, bench: Bench) -> Number:
    """Drill bits used up by one board, in money."""
    (wear,) = bench.drivers(operation, "bit_wear")
    return _strokes(operation, bench) * wear / bench["drill_bit_hits"] * bench["drill_bit_price"]


def _carbon(operation: Operation, build: _Build, bench: Bench) -> Number:
    """Embodied CO2e of a square metre of panel."""
    (thickness,) = bench.drivers(operation, "thickness_mm")
    laminate = bench["laminate_co2e"] * thickness / _MM_OF_STOCK + bench["inner_co2e"] * build.inner
    return laminate + bench["chemistry_co2e"] * max(build.plated, 1.0)


def _water(build: _Build, bench: Bench) -> Number:
    """Litres for a square metre of panel: so much for outer layers, more for each layer inside."""
    outer = bench["water_outer"] * (bench["single_side_share"] if build.layers < 2.0 else 1.0)
    inside = bench["water_layer"] * max(build.layers - 2.0, 0.0)
    return outer + inside + bench["water_build_up"] * build.sequential


# The whole lot -------------------------------------------------------------------------------


def _test(operation: Operation, boards: Array, cost: Line, bench: Bench) -> tuple[Number, Number, Number]:
    """Hours of electrical test, its hours on the clock, and the price of a fixture.

    Flying probe, or a bed of nails where that is cheaper in all. Probing is shared out over the
    house's probers, so that it keeps the pace of a bed of nails.
    """
    (points,) = bench.drivers(operation, "test_points")
    pace = bench.factor("run_time_factor")
    probe_h = boards * points / bench["test_points_per_hour"] * pace
    nails_h = np.minimum(boards * bench["fixture_seconds"] / SECONDS * pace, probe_h)
    fixture = bench["fixture_fixed"] + bench["fixture_per_point"] * points
    machine, people, power = cost.at_test()
    hour = machine + people * cost.wage + power * bench.rates["energy"]
    worth = (probe_h - nails_h) * hour > fixture
    return np.where(worth, nails_h, probe_h), nails_h, np.where(worth, fixture, 0.0)


def _engineer_hours(operation: Operation, build: _Build, bench: Bench) -> Number:
    """Hours of data preparation of one design."""
    impedance, edge, hybrid = bench.drivers(operation, "impedance", "plated_edge_mm", "hybrid")
    special = impedance + (edge > 0.0) + hybrid + build.flex + build.rigid_flex
    minutes = bench["cam_minutes"] + bench["cam_layer_minutes"] * build.layers
    minutes = minutes + bench["special_minutes"] * (special + build.sequential)
    return minutes / 60.0 * bench.factor("setup_time_factor")


def _panels(operation: Operation, starts: Array, bench: Bench) -> Array:
    """Panels an order pays for, in steps of the smallest share that the shop sells."""
    part = bench["smallest_panel_share"]
    needed: Array = np.ceil(starts / fitted_boards(operation, bench) / part * (1.0 - 1e-9)) * part
    return needed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """A lot on the line: panels and boards started, hours of one of each, shared set-ups, at every centre."""

    panels: Array
    boards: Array
    by_panel: Array
    by_board: Array
    setups: Array
    cost: Line

    def sum(self, weight: Array) -> Array:
        """Hours of the lot at all centres, each with its weight (money or kW of an hour, people)."""
        by_panel, by_board = over_centres(self.by_panel * weight), over_centres(self.by_board * weight)
        total: Array = self.panels * by_panel + self.boards * by_board
        return total

    def prepare(self, weight: Array) -> Array:
        """The lot's share of the hours of setting all centres up, each with its weight."""
        total: Array = np.minimum(self.panels, 1.0) * over_centres(self.setups * weight)
        return total

    def held_h(self) -> Array:
        """Longest set-up of any centre."""
        longest: Array = np.minimum(self.panels, 1.0) * over_centres(self.setups, np.max)
        return longest


def _work(operation: Operation, starts: Array, bench: Bench) -> _Work:
    by_panel, by_board = _panel_hours(operation, bench), _board_hours(operation, bench)
    used = (by_panel + by_board) > 0.0
    return _Work(
        panels=_panels(operation, starts, bench),
        boards=starts,
        by_panel=by_panel,
        by_board=by_board,
        setups=np.where(used, centres().setup_h * bench.factor("setup_time_factor"), 0.0),
        cost=line(bench),
    )


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of lots of bare boards.

    An order pays panels in steps of ``smallest_panel_share`` and that share of the line's set-ups;
    holes, contour and test count by board. On the clock the lot holds the slowest centre; the line's
    other hours are the operation's hold.
    """
    build, work = _build(operation, bench), _work(operation, starts, bench)
    cost, change = work.cost, full_change(operation, bench)
    test_h, test_clock_h, fixture = _test(operation, starts, cost, bench)
    test_machine, test_people, test_kw = cost.at_test()
    pace = bench.factor("setup_time_factor") / SECONDS
    change_h, engineer_h = change.people_s * pace, _engineer_hours(operation, build, bench)
    labour_h = work.sum(cost.people) + test_h * test_people
    clock_h = slowest_hours(work.panels, work.by_panel, starts, work.by_board)
    engineer = bench.rates["wage"] * bench["engineer_wage_factor"]
    preparing = work.prepare(cost.rate + cost.people * cost.wage)
    square = work.panels * panel_m2(bench)
    idle_kwh = work.prepare(cost.power_kw) * bench["setup_power_share"]
    return Lines(
        setup_s=(work.held_h() + change.held_s * pace) * SECONDS,
        run_s=np.maximum(clock_h, test_clock_h) * SECONDS,
        attended_s=(labour_h + work.prepare(cost.people) + change_h + engineer_h) * SECONDS,
        energy_kwh=work.sum(cost.power_kw) + test_h * test_kw + idle_kwh,
        setup=preparing + engineer_h * engineer + change_h * cost.wage,
        machine=work.sum(cost.rate) + test_h * test_machine,
        labour=labour_h * cost.wage,
        material=square * _panel_price(operation, build, bench) + starts * _board_price(operation, bench),
        consumables=square * bench["packing_price"],
        tools=starts * _bits(operation, bench) + (build.layers + 2.0) * bench["phototool_price"] + fixture,
        **_footprint(operation, build, square, starts, bench),
    )


def _footprint(
    operation: Operation, build: _Build, square: Array, starts: Array, bench: Bench
) -> dict[str, Number]:
    """Mass, water, chemicals and embodied CO2e of a lot of so many square metres of panel."""
    width, height, thickness = bench.drivers(operation, "width_mm", "height_mm", "thickness_mm")
    kg_m2 = thickness * _MM * bench["board_density"]
    return {
        "material_co2e_kg": square * _carbon(operation, build, bench),
        "input_kg": square * kg_m2 / bench["material_use"],
        "product_kg": starts * width * height * MM2 * kg_m2,
        "water_l": square * _water(build, bench),
        "chemicals_kg": square * bench["chemicals_round"] * max(build.plated, 1.0),
    }
