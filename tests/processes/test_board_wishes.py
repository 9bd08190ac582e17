"""What people write of a board, and what is in its layers, becomes drivers, steps and states."""

from dataclasses import replace

import numpy as np
import pytest

from manyworks.model import DrillTool, ItemId, Product
from manyworks.processes import changeover, process_table, route
from manyworks.processes.frame import Bench
from manyworks.processes.pcb_panels import boards_per_panel
from manyworks.processes.routing.board_words import is_package, laminates_named

PCB = "board/bare/fabricated/pcb"


def with_item(product, **changes):
    return product.with_items({product.root: replace(product.item, **changes)})


def with_chip(product, footprint, pads):
    """The same board with its one large part in another package."""
    design = product.item.design
    placements = tuple(
        replace(p, footprint=footprint, surface_pads=pads, pitch_mm=0.5) if p.designator == "U1" else p
        for p in design.placements
    )
    return with_item(product, design=replace(design, placements=placements))


def steps(product):
    """Processes of every way to assemble the board, by the way's name."""
    return {
        routing.id.rpartition("/")[2]: [operation.process for operation in routing.operations]
        for routing in route(product).routings
        if routing.item == "board"
    }


def bare(cast, item=None, **design):
    product = with_item(cast.board(**design), **(item or {}))
    made = cast.operations(route(product)).values()
    return next(operation.drivers for operation in made if operation.process == "pcb-fabrication")


# ---- the bare board ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "driver"),
    [
        ("ENIG", "enig"),
        ("Immersion Gold", "enig"),
        ("HAL lead-free", "hasl"),
        ("HASL", "hasl"),
        ("OSP", "osp"),
        ("Immersion silver", "immersion_silver"),
        ("immersion tin", "immersion_tin"),
        ("ENEPIG", "enepig"),
        ("沉金", "enig"),
        ("HASL (tin-lead)", "hasl"),
        ("Lead-free tin", "hasl"),
        ("HASL with gold fingers", "hasl"),
        ("flash gold", "enig"),
        ("", "hasl"),
    ],
)
def test_finishes_are_known_by_what_people_write(cast, written, driver):
    drivers = bare(cast, finish=written)
    names = ("hasl", "enig", "osp", "immersion_silver", "immersion_tin", "enepig")
    assert [name for name in names if drivers[name]] == [driver]


def test_microvias_on_both_faces_take_one_build_up(cast):
    spans = ((1, 2), (5, 6))
    drills = tuple(DrillTool(diameter_mm=0.1, holes=30, span=span) for span in spans)
    through = DrillTool(diameter_mm=0.25, holes=20)
    drivers = bare(
        cast, copper_layers=6, blind_vias=True, plated_holes=80, min_drill_mm=0.1, drills=(*drills, through)
    )
    assert (drivers["sequential"], drivers["microvias"], drivers["filled_vias"]) == (1, 60, 0)
    assert drivers["holes"] == 22
    assert drivers["drill_mm"] == 0.25
    assert drivers["enig"] == 1


def test_microvias_below_microvias_take_two_and_are_filled(cast):
    drills = tuple(DrillTool(diameter_mm=0.1, holes=30, span=span) for span in ((1, 2), (2, 3)))
    drivers = bare(cast, copper_layers=8, blind_vias=True, drills=drills)
    assert (drivers["sequential"], drivers["filled_vias"]) == (2, 30)


def test_a_drilled_hole_that_ends_inside_takes_one_more_pressing(cast):
    drills = (DrillTool(diameter_mm=0.3, holes=10, span=(1, 2)), DrillTool(diameter_mm=0.3, holes=70))
    drivers = bare(cast, copper_layers=4, blind_vias=True, drills=drills)
    assert (drivers["sequential"], drivers["microvias"]) == (1, 0)


def test_holes_through_the_whole_board_take_none(cast):
    drills = (DrillTool(diameter_mm=0.3, holes=80, span=(1, 4)),)
    assert bare(cast, copper_layers=4, drills=drills)["sequential"] == 0


def test_a_flexible_board_is_of_polyimide_thin_gold_and_stiffened(cast):
    product = cast.board(flexible=True, thickness_mm=0.0)
    made = cast.operations(route(product))[PCB]
    assert made.drivers["flex_layers"] == 2
    assert made.drivers["thickness_mm"] == 0.15
    assert made.drivers["enig"] == 1
    assert made.drivers["stiffeners"] == 2
    assert made.requirement.materials == ("polyimide",)


def test_rigid_flex_has_some_layers_that_bend(cast):
    drivers = bare(cast, {"description": "Camera, rigid-flex"}, copper_layers=6)
    assert drivers["flex_layers"] == 2


def test_a_board_in_a_flexible_product_is_rigid(cast):
    assert (
        bare(cast, {"description": "Controller of a flexible lamp, tin box, gold case"})["flex_layers"] == 0
    )


@pytest.mark.parametrize(
    ("material", "expected"),
    [
        ("FR-4", {"laminate_ratio": 1.0, "hybrid": 0, "metal_core": 0}),
        ("FR4 TG170", {"laminate_ratio": 1.3, "hybrid": 0}),
        ("Rogers RO4350B", {"laminate_ratio": 12.0, "hybrid": 0}),
        ("RO4350B + FR-4", {"laminate_ratio": 1 + 0.4 * 11, "hybrid": 1}),
        ("ceramic hybrid", {"laminate_ratio": 1 + 0.4 * 11, "hybrid": 1}),
        ("PTFE", {"laminate_ratio": 16.0, "plasma": 1}),
        ("aluminium", {"laminate_ratio": 1.7, "metal_core": 1, "hybrid": 0}),
        ("something new", {"laminate_ratio": 1.0}),
    ],
)
def test_laminates_bring_their_price_and_their_steps(cast, material, expected):
    drivers = bare(cast, {"material": material})
    assert {name: pytest.approx(drivers[name]) for name in expected} == expected


def test_a_laminate_nobody_knows_is_priced_as_the_plain_one_and_told(cast):
    routes = route(with_item(cast.board(), material="unobtainium"))
    (bare_routing,) = (r for r in routes.routings if r.item == "board/bare")
    assert any("'unobtainium' is not known here" in line for line in bare_routing.assumptions)


@pytest.mark.parametrize("material", ["Alumina 96 %", "AlN", "LTCC", "DBC ceramic substrate"])
def test_fired_ceramic_is_refused_with_what_to_do(cast, material):
    routes = route(with_item(cast.board(), material=material))
    assert not [r for r in routes.routings if r.item == "board/bare"]
    (finding,) = (f for f in routes.findings if f.code == "processes.route.laminate")
    assert "RO4350B" in finding.hint


def test_only_whole_words_name_a_laminate():
    assert not laminates_named("imstar limestone")
    assert [found.name for found in laminates_named("S1000-2 or IT-180")] == ["FR-4 high Tg"]


def test_edges_copper_and_colour_reach_the_board_house(cast):
    product = cast.board(castellated=True, copper_um=70.0, mask_colour="Black")
    made = cast.operations(route(product))[PCB]
    assert made.drivers["plated_edge_mm"] == pytest.approx(0.5 * 220)
    assert (made.drivers["copper_um"], made.requirement.copper_um) == (70.0, 70.0)
    assert made.drivers["odd_mask"] == 1
    assert made.setup_state == {"mask_colour": "black"}


def test_ordinary_copper_is_asked_of_nobody(cast):
    assert cast.operations(route(cast.board(copper_um=35.0)))[PCB].requirement.copper_um is None


@pytest.mark.parametrize(
    ("description", "driver"),
    [
        ("USB hub, impedance controlled", "impedance"),
        ("Card with gold fingers", "hard_gold_mm2"),
        ("Module with half-holes", "plated_edge_mm"),
        ("Amplifier, via in pad", "filled_vias"),
        ("Shield, edge plated", "plated_edge_mm"),
    ],
)
def test_wishes_in_the_description_are_heard(cast, description, driver):
    assert bare(cast)[driver] == 0
    assert bare(cast, {"description": description})[driver] > 0


def test_what_no_house_can_drill_is_left_out_and_told(cast):
    product = cast.board(min_drill_mm=0.05)
    routes = route(product)
    assert not [r for r in routes.routings if r.item == "board/bare"]
    assert "processes.scope.limit" in {finding.code for finding in routes.findings}


# ---- steps ---------------------------------------------------------------------------------


def test_ball_grids_are_always_x_rayed(cast):
    product = with_chip(cast.board(), "Package_BGA:BGA-100_10x10", 100)
    assert steps(product) == {
        "hand": ["hand-assembly", "x-ray-inspection", "board-test"],
        "line": ["smt-assembly", "x-ray-inspection", "hand-assembly", "board-test"],
    }
    looked = cast.operations(route(product))["board/line/xray"].drivers
    assert (looked["hidden_parts"], looked["hidden_joints"]) == (1, 100)


def test_leadless_bodies_may_be_x_rayed(cast):
    found = steps(with_chip(cast.board(), "Package_DFN_QFN:QFN-20-1EP_3x3mm", 21))
    assert set(found) == {"hand", "hand-xray", "line", "line-xray"}
    assert "x-ray-inspection" in found["line-xray"]
    assert "x-ray-inspection" not in found["line"]


def test_x_ray_asked_for_is_in_every_way(cast):
    product = with_item(with_chip(cast.board(), "QFN-20", 21), description="Sensor, X-ray inspected")
    assert all("x-ray-inspection" in found for found in steps(product).values())


def test_a_package_named_in_the_parts_list_alone_is_seen(cast):
    product = with_chip(cast.board(), "custom:U1", 30)
    part = replace(product.items[ItemId("part/u")], description="microcontroller, WLCSP-30")
    assert "x-ray-inspection" in steps(product.with_items({part.id: part}))["line"]


def test_two_ended_bodies_are_not_looked_under(cast):
    assert set(steps(with_chip(cast.board(), "D_DFN1006-2", 2))) == {"hand", "line"}


def test_a_word_within_another_is_no_package():
    assert is_package("WSON-8-1EP", "leadless")
    assert not is_package("Samson_relay", "leadless")


def test_hidden_joints_are_slow_by_hand_and_fine_on_the_line(cast):
    made = cast.operations(route(with_chip(cast.board(), "QFN-20-1EP", 21)))
    hand, line = made["board/hand/hand"].drivers, made["board/line/place"].drivers
    assert (hand["hidden_parts"], hand["hidden_joints"], hand["pin_joints"]) == (1, 21, 0)
    assert (line["fine_parts"], line["fine_joints"], line["joints"]) == (1, 21, 55 + 21)


def test_coating_comes_last_and_rests(cast):
    product = with_item(cast.board(), finish="conformal coating, one side coated")
    assert steps(product)["line"][-1] == "conformal-coating"
    coat = cast.operations(route(product))["board/line/coat"]
    assert coat.hold_s == 12 * 3600
    assert coat.drivers == {"area_mm2": 3000.0, "sides": 1.0, "keep_out": 4.0}
    assert coat.after == ("board/line/test",)


def test_a_step_may_be_asked_for_by_its_process(cast):
    product = with_item(cast.board(), processes=("smt-assembly", "conformal-coating"))
    assert steps(product) == {
        "line": ["smt-assembly", "hand-assembly", "board-test", "conformal-coating"],
    }


def with_legs(product, pads):
    """The same board with so many legs at each of its four headers."""
    design = product.item.design
    placements = tuple(
        replace(p, through_pads=pads) if p.designator.startswith("J") else p for p in design.placements
    )
    return with_item(product, design=replace(design, placements=placements))


def test_many_legs_may_be_soldered_by_a_wave(cast):
    product = with_legs(cast.board(), 10)
    assert steps(product)["line-wave"] == ["smt-assembly", "selective-soldering", "board-test"]
    wave = cast.operations(route(product))["board/line-wave/wave"]
    assert wave.drivers == {"parts": 4, "joints": 40, "lines": 1}
    assert [(i.item, i.quantity) for i in wave.inputs] == [("part/j", 4)]
    assert set(steps(cast.board())) == {"hand", "line"}


def test_every_part_is_used_once_in_every_way(cast):
    product = with_legs(with_chip(cast.board(), "QFN-20", 21), 10)
    routes = [r for r in route(product).routings if r.item == "board"]
    assert len(routes) == 6
    for routing in routes:
        taken = [i.item for operation in routing.operations for i in operation.inputs]
        assert sorted(taken) == sorted(["board/bare", "part/r", "part/c", "part/q", "part/u", "part/j"])


@pytest.mark.parametrize("country", ["CN", "GB"])
def test_hands_solder_the_legs_of_three_boards_and_a_wave_those_of_thousands(cast, country):
    made = cast.operations(route(with_legs(cast.board(), 12)))
    hand, wave = made["board/line/hand"], made["board/line-wave/wave"]
    assert cast.price(hand, 3, country) < cast.price(wave, 3, country)
    assert cast.price(wave, 3000, country) < cast.price(hand, 3000, country)


def test_nets_are_measured_where_asked(cast):
    made = cast.operations(route(with_item(cast.board(), description="with flying probe test")))
    assert made["board/line/test"].drivers["nets"] == 35
    assert "nets" not in cast.operations(cast.board_routes)["board/line/test"].drivers


def test_narrow_boards_come_joined_with_rails_as_they_run(cast):
    product = cast.board(width_mm=18.0, height_mm=22.0, area_mm2=396.0)
    made = cast.operations(route(product))
    bare_drivers, line = made[PCB].drivers, made["board/line/place"].drivers
    across, along = bare_drivers["array_across"], bare_drivers["array_along"]
    assert across * along == line["per_array"] > 1
    assert bare_drivers["array_rail_mm"] == 5
    assert across * 18 + (across - 1) * 2 + 10 >= 50
    assert line["array_mm"] == along * 22 + (along - 1) * 2 <= 250


def test_the_array_of_narrow_boards_wastes_little_of_the_panel(cast):
    """As many boards on a panel as any array of up to 200 mm puts there, tried one by one."""
    drivers = cast.operations(route(cast.board(width_mm=18.0, height_mm=22.0, area_mm2=396.0)))[PCB].drivers
    own = Bench(process_table("pcb-fabrication"), [cast.station()])

    def boards(across, along):
        wide, high = across * 18 + (across - 1) * 2 + 10, along * 22 + (along - 1) * 2
        if min(wide, high) < 50:
            return 0.0
        return across * along * float(np.ravel(boards_per_panel(wide, high, own))[0])

    best = max(boards(a, b) for a in range(1, 12) for b in range(1, 10))
    assert boards(int(drivers["array_across"]), int(drivers["array_along"])) == best


def test_wide_boards_and_boards_without_a_line_come_single(cast):
    wide = cast.operations(route(cast.board()))[PCB].drivers
    bare_one = bare(cast, {"bill": ()}, width_mm=18.0, height_mm=22.0, area_mm2=396.0, placements=())
    for drivers in (wide, bare_one):
        assert (drivers["array_across"], drivers["array_along"], drivers["array_rail_mm"]) == (1, 1, 0)


# ---- states between jobs -------------------------------------------------------------------


def test_the_line_holds_feeders_stencil_and_program(cast):
    place = cast.operations(cast.board_routes)["board/line/place"]
    assert place.setup_state["feeders"].split("|") == ["part/c", "part/q", "part/r", "part/u"]
    assert place.setup_state["stencil"] == "board/stencil"
    assert place.requirement.thickness_mm == 1.6


def test_a_board_that_shares_parts_is_changed_over_sooner(cast):
    """Three of four feeders stay: one minute instead of four, and stencil and program as for any board."""
    first = cast.operations(cast.board_routes)["board/line/place"]
    state = {**first.setup_state, "feeders": "part/c|part/q|part/r|part/x", "stencil": "b", "program": "b"}
    second = replace(first, setup_family="b", setup_state=state)
    after, cold = (changeover(before, second, cast.station()) for before in (first, None))
    assert cold.minutes - after.minutes == pytest.approx(3 * 1.0)
    assert after.minutes == pytest.approx(1.0 + 8 + 7)


def test_every_operation_of_a_board_holds_states_its_cell_knows(cast):
    product = with_item(with_chip(cast.board(), "BGA-100", 100), description="conformal coated")
    for operation in cast.operations(route(product)).values():
        known = set(process_table(operation.process).changeover)
        assert set(operation.setup_state) <= known, operation.id


def test_every_step_of_a_wished_board_has_all_that_its_estimate_needs(cast):
    product = with_legs(with_chip(cast.board(sides=2, copper_layers=6), "BGA-100", 100), 10)
    product = with_item(product, description="conformal coated, rigid-flex, flying probe", material="Rogers")
    made = cast.operations(route(product))
    assert {"selective-soldering", "x-ray-inspection", "conformal-coating"} <= {
        o.process for o in made.values()
    }
    for operation in made.values():
        assert not set(operation.drivers) - set(process_table(operation.process).drivers), operation.id
        each = [cast.price(operation, lot) / lot for lot in (1.0, 100.0, 10_000.0)]
        assert each == sorted(each, reverse=True), operation.id


def test_routing_a_wished_board_again_changes_nothing(cast):
    product = with_item(with_chip(cast.board(), "BGA-100", 100), description="conformal coated, flex pcb")
    once = route(product)
    assert route(product.with_items(once.items)).routings == once.routings


def test_a_bare_board_bought_alone_hears_wishes_too(cast):
    item = replace(cast.board(placements=()).item, bill=(), description="gold fingers", material="Rogers")
    made = cast.operations(route(Product(root=item.id, items={item.id: item})))
    (operation,) = made.values()
    assert operation.drivers["hard_gold_mm2"] > 0
    assert operation.drivers["laminate_ratio"] == 12.0
