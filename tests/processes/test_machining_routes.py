"""From solids to cutting: clampings, turning, sharp corners, tolerance and finish, and what is left out."""

import math
from dataclasses import replace

import numpy as np
import pytest

from manyworks.model import (
    Bend,
    Body,
    Feature,
    Item,
    ItemId,
    Machine,
    MachineId,
    Machining,
    Parameter,
    Prism,
    Product,
    Setup,
    Severity,
    SheetMetal,
    ShopId,
    SolidDesign,
    Turning,
    Walls,
)
from manyworks.processes import Station, estimate, find_material, out_of_scope, rate_card, route
from manyworks.processes.tables import process_table

UP, DOWN = (0.0, 0.0, 1.0), (0.0, 0.0, -1.0)
EAST, WEST = (1.0, 0.0, 0.0), (-1.0, 0.0, 0.0)
NORTH = (0.0, 1.0, 0.0)
TILTED = (0.0, math.sqrt(0.5), math.sqrt(0.5))


def setups(*directions):
    share = 1.0 / len(directions)
    return tuple(Setup(direction=direction, share=share) for direction in directions)


def machining(*directions, **figures):
    stated = {"stock_mm": (80.0, 50.0, 20.0), "removed_mm3": 30_000.0, "unreached_share": 0.0, **figures}
    return Machining(setups=setups(*(directions or (UP, DOWN))), **stated)


def hole(diameter=5.0, depth=20.0, axis=DOWN, thread="", kind="through hole"):
    return Feature(
        kind=kind, at_mm=(0.0, 0.0, 0.0), axis=axis, diameter_mm=diameter, depth_mm=depth, thread=thread
    )


def pocket(radius=4.0, kind="pocket", faces=(1, 2, 3, 4, 5), **sides):
    figures = {"length_mm": 30.0, "width_mm": 20.0, "depth_mm": 8.0, "area_mm2": 600.0, **sides}
    return Feature(kind=kind, at_mm=(0.0, 0.0, 0.0), axis=DOWN, radius_mm=radius, faces=faces, **figures)


def edge(axis, faces, length=8.0):
    return Feature(
        kind="sharp inside corner",
        at_mm=(0.0, 0.0, 0.0),
        axis=axis,
        radius_mm=0.0,
        depth_mm=length,
        length_mm=length,
        faces=faces,
    )


def solid(*features, size=(80.0, 50.0, 20.0), volume=50_000.0, surface=18_000.0, **parts):
    figures = {"machining": machining(), **parts}
    body = Body(size_mm=size, volume_mm3=volume, surface_mm2=surface, faces=20, features=features, **figures)
    return SolidDesign(size_mm=size, volume_mm3=volume, surface_mm2=surface, details=(body,))


def routed(design, material="6082", **figures):
    item = Item(id=ItemId("part"), name="Part", material=material, design=design, **figures)
    return route(Product(root=item.id, items={item.id: item}))


def ways(routes):
    """Routings of cutting by their kind."""
    cut = ("cnc-milling", "cnc-turning")
    return {
        r.kind: r for r in routes.routings if r.item == "part" and any(o.process in cut for o in r.operations)
    }


def only(routes):
    (routing,) = ways(routes).values()
    return routing


def steps(routing):
    return [operation.process for operation in routing.operations]


def codes(routes, severity=None):
    return {f.code for f in routes.findings if severity is None or f.severity is severity}


def price(routing, lot=100.0, country="GB"):
    machine = Machine(id=MachineId("m"), shop=ShopId("s"), name="m", capabilities=())
    station = Station(machine=machine, rates=rate_card(country, {"USD": 1.0}))
    return sum(float(estimate(o, np.array([lot]), [station]).price[0, 0]) for o in routing.operations) / lot


# Milling -------------------------------------------------------------------------------------


def test_what_was_measured_becomes_drivers():
    holes = (hole(), hole(4.2, 10.0, thread="M5"), hole(4.2, 10.0, thread="M5"))
    (mill,) = only(routed(solid(*holes, pocket()))).operations
    assert mill.process == "cnc-milling"
    told = mill.drivers
    assert (told["length_mm"], told["width_mm"], told["height_mm"]) == (80.0, 50.0, 20.0)
    assert (told["holes"], told["tapped"], told["setups"], told["axes"]) == (3.0, 2.0, 2.0, 3.0)
    assert told["hole_mm"] == pytest.approx((5 + 4.2 + 4.2) / 3)
    assert told["pocket_mm3"] == pytest.approx(30 * 20 * 8)
    assert told["pocket_mm2"] == pytest.approx(600 + 2 * 50 * 8)
    assert told["corner_radius_mm"] == pytest.approx(4.0)
    skin = 18_000 - math.pi * (5 * 20 + 2 * 4.2 * 10)
    assert told["surface_mm2"] == pytest.approx(skin)
    assert set(told) == set(process_table("cnc-milling").drivers)


def test_a_hole_too_wide_for_a_drill_is_milled_out():
    told = only(routed(solid(hole(40.0)))).operations[0].drivers
    assert told["holes"] == 0.0
    assert told["pocket_mm3"] == pytest.approx(math.pi / 4 * 40**2 * 20)


def test_the_machine_must_take_the_size_and_the_material_as_written():
    (mill,) = only(routed(solid(), material="EN AW-6082 T6")).operations
    assert mill.requirement.size_mm == (80.0, 50.0, 20.0)
    assert mill.requirement.materials == ("EN AW-6082 T6",)
    assert mill.requirement.axes is None


def test_tools_are_named_so_that_jobs_can_share_them():
    one = only(routed(solid(hole(5.0)))).operations[0].setup_state["tools"].split("|")
    other = only(routed(solid(hole(3.0), hole(2.5, thread="M3")))).operations[0].setup_state["tools"]
    assert 0 < len(set(other.split("|")) - set(one)) < len(other.split("|"))
    assert "tap M3" in other


def test_two_sides_are_cut_on_three_axes_only():
    assert set(ways(routed(solid()))) == {"milled"}


def test_many_sides_are_also_drawn_up_for_four_and_five_axes_with_fewer_clampings():
    found = ways(routed(solid(machining=machining(UP, DOWN, EAST, WEST, NORTH))))
    assert {kind: r.operations[0].drivers["setups"] for kind, r in found.items()} == {
        "milled": 5.0,
        "milled in 4 axes": 2.0,
        "milled in 5 axes": 2.0,
    }
    assert found["milled in 5 axes"].operations[0].requirement.axes == 5


def test_a_tilted_side_square_to_an_axis_needs_four_axes_and_another_five():
    around = ways(routed(solid(machining=machining(UP, NORTH, TILTED, EAST))))
    assert set(around) == {"milled in 4 axes", "milled in 5 axes"}
    skew = (math.sqrt(1 / 3),) * 3
    assert set(ways(routed(solid(machining=machining(UP, DOWN, skew))))) == {"milled in 5 axes"}


def test_a_direction_with_hardly_any_skin_is_no_clamping_and_that_is_told():
    few = replace(machining(), setups=(*setups(UP, DOWN), Setup(direction=EAST, share=0.001)))
    routing = only(routed(solid(machining=few)))
    assert routing.operations[0].drivers["setups"] == 2.0
    assert any("deburring by hand" in text for text in routing.assumptions)


def test_hidden_skin_is_not_milled_and_that_is_said():
    routes = routed(solid(machining=machining(unreached_share=0.2)))
    assert not ways(routes)
    assert "processes.route.unreached" in codes(routes, Severity.WARNING)


def test_walls_that_bend_away_are_not_milled_and_that_is_said():
    walls = Walls(p1_mm=0.1, p5_mm=0.2, p50_mm=2.0, p95_mm=5.0, samples=1000)
    routes = routed(solid(walls=walls))
    assert not ways(routes)
    assert "processes.route.thin_wall" in codes(routes, Severity.WARNING)


def test_bent_thin_sheet_is_not_cut_from_the_solid_unless_asked_for():
    bend = Bend(radius_mm=2.0, angle_deg=90.0, length_mm=50.0, at_mm=(0.0, 0.0, 0.0))
    sheet = SheetMetal(
        thickness_mm=1.0,
        bends=(bend,),
        flat_mm=(100.0, 50.0),
        flat_area_mm2=5000.0,
        cut_length_mm=300.0,
        pierces=1,
    )
    assert not ways(routed(solid(sheet=sheet)))
    assert ways(routed(solid(sheet=sheet), processes=("cnc-milling",)))


def test_a_pocket_too_deep_for_its_corner_is_left_out_and_the_way_out_named():
    routes = routed(solid(pocket(1.0), machining=machining(min_inside_radius_mm=1.0, depth_ratio=40.0)))
    assert not ways(routes)
    (finding,) = [f for f in routes.findings if f.code == "processes.scope.limit"]
    assert "sinker-edm" in finding.hint


def test_corners_too_small_for_any_cutter_are_refused():
    routes = routed(solid(pocket(0.1), machining=machining(min_inside_radius_mm=0.1, depth_ratio=5.0)))
    assert not ways(routes)


def test_small_corners_of_a_small_pocket_do_not_slow_all_pockets():
    large = [pocket(6.0, faces=(n,)) for n in range(6)]
    tiny = pocket(1.0, faces=(9,), length_mm=4.0, width_mm=4.0, depth_mm=2.0, area_mm2=16.0)
    without = only(routed(solid(*large))).operations[0].drivers["corner_radius_mm"]
    with_it = only(routed(solid(*large, tiny))).operations[0].drivers["corner_radius_mm"]
    assert 3.0 < with_it < without


def test_unmeasured_parts_are_taken_as_ordinary_ones_and_that_is_told():
    design = replace(solid(), details=())
    routing = only(routed(design))
    assert routing.operations[0].drivers["holes"] == 4.0
    assert any("features were not measured" in text for text in routing.assumptions)
    assert any("unmeasured_setups" in text for text in routing.assumptions)
    assert not out_of_scope(routing.operations[0])


def test_every_way_can_be_priced_and_more_work_costs_more():
    plain, busy = only(routed(solid())), only(routed(solid(*[hole() for _ in range(20)], pocket())))
    assert 3.0 < price(plain) < price(busy) < 100.0


def test_the_defaults_behind_each_step_are_told():
    routing = only(routed(solid(hole(4.2, thread="M5"), pocket()), finish="polished"))
    lines = " ".join(routing.assumptions)
    for name in ("tools_again", "corner_share", "ra_before_polishing_um", "general_grade"):
        assert f" {name} = " in lines, name
    assert "taken as tapped (M5)" in lines
    assert "AL-6082 as bar" in lines


def test_a_material_nobody_cuts_is_not_milled():
    assert not ways(routed(solid(), material="cardboard"))


def test_plastics_are_milled_where_they_are_sold_as_rod_or_cutting_is_asked_for():
    assert ways(routed(solid(), material="POM"))
    assert not ways(routed(solid(), material="ABS"))
    assert ways(routed(solid(), material="ABS", processes=("cnc-milling",)))
    assert not ways(routed(solid(), material=None))


# Sharp corners -------------------------------------------------------------------------------

POCKET_WALLS = ((1, 2), (2, 3), (3, 4), (4, 1))


def test_sharp_corners_down_a_pocket_are_eroded_and_those_along_its_floor_are_not():
    features = (
        pocket(0.0),
        *[edge(UP, pair) for pair in POCKET_WALLS],
        *[edge(EAST, (wall, 5), 30.0) for wall in (1, 2, 3, 4)],
    )
    routes = routed(solid(*features))
    routing = only(routes)
    assert steps(routing) == ["cnc-milling", "sinker-edm"]
    eroded = routing.operations[1].drivers
    assert eroded["cavities"] == 4.0
    # What a cutter of 1.5 mm radius leaves in a square corner of 8 mm depth, four times.
    assert eroded["eroded_mm3"] == pytest.approx(4 * 8 * 1.5**2 * (1 - math.pi / 4))
    assert "processes.route.sharp_corners" in codes(routes)


def test_sharp_corners_of_a_passage_are_cut_by_wire():
    features = (pocket(0.0, kind="passage", depth_mm=20.0), *[edge(UP, pair, 20.0) for pair in POCKET_WALLS])
    routing = only(routed(solid(*features)))
    assert steps(routing) == ["cnc-milling", "wire-edm"]
    assert routing.operations[1].drivers["cut_mm"] == pytest.approx(100.0)
    assert routing.operations[1].drivers["height_mm"] == pytest.approx(20.0)
    assert routing.operations[1].after == (routing.operations[0].id,)


def test_sharp_corners_in_plastic_stay_round_and_that_is_a_warning():
    features = (pocket(0.0), *[edge(UP, pair) for pair in POCKET_WALLS])
    routes = routed(solid(*features), material="POM")
    assert steps(only(routes)) == ["cnc-milling"]
    assert "processes.route.sharp_corners" in codes(routes, Severity.WARNING)


def test_a_constant_section_is_cut_by_wire_only_where_that_is_asked_for():
    size, section = (40.0, 30.0, 25.0), 40.0 * 30.0
    skin = 2 * section + 25.0 * 2 * (40 + 30)
    prism = Prism(axis=UP, length_mm=25.0, section_mm2=section, share=1.0)
    design = solid(size=size, volume=section * 25.0, surface=skin, prism=prism)
    assert set(ways(routed(design, material="D2"))) == {"milled"}
    routes = routed(design, material="D2", processes=("wire-edm",))
    (routing,) = routes.routings
    told = routing.operations[0].drivers
    assert steps(routing) == ["wire-edm"]
    assert (told["cut_mm"], told["height_mm"]) == (pytest.approx(140.0), 25.0)
    assert told["stock_mm3"] == pytest.approx(25 * 50 * 40)
    assert set(told) == set(process_table("wire-edm").drivers)


# Turning -------------------------------------------------------------------------------------


def shaft(*features, share=1.0, bore=None, diameter=20.0, length=60.0):
    turning = Turning(axis=UP, diameter_mm=diameter, length_mm=length, share=share, bore_mm=bore)
    volume = math.pi / 4 * diameter**2 * length * 0.9
    surface = math.pi * diameter * length + math.pi / 2 * diameter**2
    size = (diameter, diameter, length)
    return solid(*features, size=size, volume=volume, surface=surface, turning=turning)


def test_a_round_part_is_turned_and_also_milled():
    found = ways(routed(shaft()))
    assert set(found) == {"milled", "turned"}
    asked = found["turned"].operations[0].requirement
    assert (asked.diameter_mm, asked.length_mm, asked.size_mm) == (20.0, 60.0, None)
    assert price(found["turned"]) < price(found["milled"])


def test_a_bore_on_the_axis_is_drilled_in_the_lathe():
    found = ways(routed(shaft(hole(8.0, 60.0, axis=UP), bore=8.0)))
    assert steps(found["turned"]) == ["cnc-turning"]
    assert found["turned"].operations[0].drivers["bore_mm"] == 8.0
    assert set(found["turned"].operations[0].drivers) == set(process_table("cnc-turning").drivers)


def test_a_cross_hole_is_milled_into_the_turned_piece():
    found = ways(routed(shaft(hole(4.0, 20.0, axis=EAST, thread="M5"), share=0.95)))
    routing = found["turned and milled"]
    assert steps(routing) == ["cnc-turning", "cnc-milling"]
    turn, mill = routing.operations
    assert mill.after == (turn.id,)
    assert (mill.drivers["holes"], mill.drivers["tapped"], mill.drivers["setups"]) == (1.0, 1.0, 1.0)
    assert mill.drivers["given_mm3"] >= routed(shaft()).items[ItemId("part")].design.volume_mm3


def test_a_long_thin_shaft_is_refused_by_the_lathe():
    routes = routed(shaft(diameter=5.0, length=100.0))
    assert "turned" not in ways(routes)
    assert any("whips" in f.message for f in routes.findings)


def test_turning_asked_for_a_part_of_which_only_the_box_is_known():
    design = replace(solid(size=(20.0, 20.2, 60.0), volume=15_000.0, surface=4_500.0), details=())
    routing = only(routed(design, processes=("cnc-turning",)))
    assert routing.kind == "turned"
    assert routing.operations[0].drivers["diameter_mm"] == pytest.approx(20.2)


# Tolerance and finish ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "grade"),
    [
        ({"description": "general ±0.05 mm"}, 9.9),
        ({"description": "+/- 0,05"}, 9.9),
        ({"description": "all dimensions +-50 um"}, 9.9),
        ({"parameters": (Parameter(name="tolerance", value=0.05, unit="mm"),)}, 9.9),
        ({"description": "seats to IT7"}, 7.0),
        ({"description": "bore 8 H7"}, 7.0),
        ({"finish": "ISO 2768-f"}, 11.5),
        ({"description": "ISO 2768-mK"}, 13.0),
        ({"description": "weight 1 ±0.2 kg"}, 13.0),
        ({}, 13.0),
    ],
)
def test_tolerances_are_read_as_people_write_them(stated, grade):
    (mill,) = only(routed(solid(), **stated)).operations
    assert mill.drivers["it_grade"] == pytest.approx(grade, abs=0.1)


def test_a_stated_tolerance_is_asked_of_the_machine():
    (mill,) = only(routed(solid(), description="±0.02 mm")).operations
    assert mill.requirement.tolerance_mm == pytest.approx(0.02)
    (by_grade,) = only(routed(solid(), description="IT8")).operations
    assert (by_grade.requirement.it_grade, by_grade.requirement.nominal_mm) == (8, 50.0)


def test_a_grade_beyond_milling_is_ground_and_milling_leaves_stock_for_it():
    routing = only(routed(solid(), material="S235", description="±0.004 mm"))
    assert steps(routing) == ["cnc-milling", "surface-grinding"]
    mill, grind = routing.operations
    assert mill.requirement.tolerance_mm is None
    assert grind.requirement.tolerance_mm == pytest.approx(0.004)
    assert not out_of_scope(mill)


def test_a_fine_shaft_is_ground_round():
    found = ways(routed(shaft(), material="S235", description="IT5"))
    turned = next(r for r in found.values() if r.operations[0].process == "cnc-turning")
    assert steps(turned) == ["cnc-turning", "cylindrical-grinding"]
    assert turned.operations[1].requirement.diameter_mm == 20.0


def test_what_not_even_grinding_holds_is_left_out_and_said():
    routes = routed(solid(), material="S235", description="±0.0005 mm")
    assert not ways(routes)
    assert any("lapping" in f.hint for f in routes.findings)


@pytest.mark.parametrize(
    ("finish", "after", "ra"),
    [
        ("as machined", [], 3.2),
        ("Ra 1.6", [], 1.6),
        ("Ra=0.8 um", [], 0.8),
        ("polished", ["polishing"], 0.2),
        ("Mirror polished", ["polishing"], 0.025),
        ("SPI A-2", ["polishing"], 0.025),
        ("ground", ["surface-grinding"], 0.8),
        ("Ra 0.05", ["polishing"], 0.05),
        ("fine ground", ["surface-grinding"], 0.4),
        ("background colour as machined", [], 3.2),
    ],
)
def test_finishes_are_read_as_people_write_them(finish, after, ra):
    routing = only(routed(solid(), finish=finish))
    assert steps(routing) == ["cnc-milling", *after]
    assert routing.operations[-1].drivers["ra_um"] == pytest.approx(ra)


def test_finer_finishes_cost_more():
    finishes = ("as machined", "Ra 0.8", "polished", "SPI A-2")
    prices = [price(only(routed(solid(), finish=finish))) for finish in finishes]
    assert prices == sorted(prices)
    assert prices[-1] > 2.0 * prices[0]


def test_a_finish_nobody_models_is_said_and_the_part_is_cut_all_the_same():
    routes = routed(solid(), finish="anodised black")
    assert ways(routes)
    assert "processes.route.finish" in codes(routes, Severity.WARNING)


@pytest.mark.parametrize("directions", [(UP, DOWN), (UP, DOWN, EAST, NORTH)])
def test_a_wish_for_five_axes_keeps_the_five_axis_way_alone(directions):
    routes = routed(solid(machining=machining(*directions)), processes=("cnc-milling-5-axis",))
    axes = {routing.operations[0].requirement.axes for routing in routes.routings}
    assert axes == {5}
    assert not any(finding.code == "processes.route.unwanted" for finding in routes.findings)


def test_a_wish_for_five_axes_without_a_material_means_aluminium_and_says_so():
    routes = routed(solid(), material=None, processes=("cnc-milling-5-axis",))
    assert routes.routings
    assert any(finding.code == "processes.route.assumed_material" for finding in routes.findings)


def test_without_the_wish_a_part_of_two_sides_is_not_drawn_up_for_five_axes():
    routes = routed(solid(machining=machining(UP, DOWN)))
    assert all(routing.operations[0].requirement.axes is None for routing in routes.routings)


@pytest.mark.parametrize(
    ("material", "code"), [("Inconel 718", "750890"), ("Monel 400", "750890"), ("EN-GJL-250", "732599")]
)
def test_nickel_alloys_and_cast_iron_are_milled_and_have_their_own_code(material, code):
    routes = routed(solid(), material=material)
    assert any(routing.operations[0].process == "cnc-milling" for routing in routes.routings)
    (part,) = routes.items.values()
    assert part.commodity_code == code


def test_a_nickel_alloy_takes_many_times_as_long_as_cast_iron():
    station = Station(
        machine=Machine(id=MachineId("m"), shop=ShopId("s"), name="m", capabilities=()),
        rates=rate_card("DE", {"USD": 1.0}),
    )
    seconds = [
        float(estimate(operation, np.array([10.0]), [station]).run_s[0, 0])
        for material in ("Inconel 718", "cast iron")
        for operation in routed(solid(), material=material).routings[0].operations[:1]
    ]
    assert seconds[0] > 3.0 * seconds[1]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("316 stainless steel", "STAINLESS-316"),
        ("stainless steel 1.4404", "STAINLESS-316"),
        ("stainless steel", "STAINLESS-304"),
        ("tool steel P20", "STEEL-P20"),
        ("7075-T6 aluminum", "AL-7075"),
        ("cast iron EN-GJS-500-7", "IRON-GJS500"),
        ("Inconel 625", "NICKEL-625"),
        ("6082 or 7075", None),
        ("brass or copper", None),
    ],
)
def test_a_grade_says_more_than_the_kind_of_metal_beside_it(text, name):
    found = find_material(text)
    assert (found.name if found else None) == name
