"""From drawings and solids of sheet, plate and tube to the ways to make them."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from manyworks.model import (
    Bend,
    BillLine,
    Body,
    Feature,
    Item,
    ItemId,
    Nesting,
    Prism,
    Product,
    SheetContour,
    SheetDesign,
    SheetMetal,
    SolidDesign,
)
from manyworks.processes import estimate, out_of_scope, route
from manyworks.processes.routing.coatings import coating_of, colour_of
from manyworks.processes.routing.fold_lines import bending_of
from manyworks.processes.routing.sheet_metal_routes import sheet_metal_ways

DESIGNS = Path(__file__).resolve().parents[3] / "shared" / "data" / "designs"


def rectangle(long, wide, *, inside=False, role="cut", part=0):
    points = ((0.0, 0.0), (long, 0.0), (long, wide), (0.0, wide))
    return SheetContour(
        points_mm=points,
        closed=True,
        role=role,
        layer="0",
        length_mm=2 * (long + wide),
        inside=inside,
        part=part,
    )


def circle(diameter):
    angles = np.linspace(0.0, 2 * math.pi, 64, endpoint=False)
    points = tuple((diameter / 2 * math.cos(a), diameter / 2 * math.sin(a)) for a in angles)
    return SheetContour(
        points_mm=points,
        closed=True,
        role="cut",
        layer="0",
        length_mm=math.pi * diameter,
        inside=True,
        part=0,
        diameter_mm=diameter,
    )


def drawing(*more, **changes):
    """A plate of 200 x 120 mm with four holes of 6 mm."""
    contours = (rectangle(200.0, 120.0), *(circle(6.0) for _ in range(4)), *more)
    cut = [contour for contour in contours if contour.role == "cut"]
    given = {
        "size_mm": (200.0, 120.0),
        "unit": "mm",
        "unit_source": "stated",
        "pieces": 1,
        "area_mm2": 24000.0 - 4 * math.pi * 9,
        "cut_mm": sum(contour.length_mm for contour in cut),
        "engrave_mm": 0.0,
        "pierces": len(cut),
        "contours": contours,
        "thickness_mm": 2.0,
        "material": "steel",
    }
    return SheetDesign(**{**given, **changes})


def routed(design, **item):
    made = Item(**{"id": ItemId("plate"), "name": "Plate", "material": "S235", "design": design, **item})
    return route(Product(root=made.id, items={made.id: made}))


def kinds(routes):
    return {routing.id.rpartition("/")[2]: routing for routing in routes.routings}


def codes(routes):
    return [finding.code for finding in routes.findings]


def solid(body, **item):
    design = SolidDesign(
        size_mm=body.size_mm, volume_mm3=body.volume_mm3, surface_mm2=body.surface_mm2, details=(body,)
    )
    return routed(design, **{"id": ItemId("part"), "name": "Part", **item})


def bracket(radius=2.0, thickness=2.0, **changes):
    """An angle of 100 x 60 x 40 mm bent once from sheet."""
    sheet = SheetMetal(
        thickness_mm=thickness,
        bends=(Bend(radius_mm=radius, angle_deg=90.0, length_mm=60.0, at_mm=(0.0, 0.0, 0.0)),),
        flat_mm=(136.0, 60.0),
        flat_area_mm2=8100.0,
        cut_length_mm=430.0,
        pierces=3,
    )
    holes = tuple(Feature(kind="through hole", at_mm=(0.0, 0.0, 0.0), diameter_mm=5.0) for _ in range(2))
    figures = {
        "size_mm": (100.0, 60.0, 40.0),
        "volume_mm3": 16200.0,
        "surface_mm2": 17060.0,
        "faces": 12,
        "features": holes,
        "sheet": sheet,
    }
    return Body(**{**figures, **changes})


def extruded(length, section, size, surface, **changes):
    prism = Prism(axis=(0.0, 0.0, 1.0), length_mm=length, section_mm2=section, share=1.0)
    figures = {
        "size_mm": size,
        "volume_mm3": section * length,
        "surface_mm2": surface,
        "faces": 8,
        "prism": prism,
    }
    return Body(**{**figures, **changes})


# Drawings ------------------------------------------------------------------------------------


def test_a_steel_plate_is_lasered_or_punched():
    ways = kinds(routed(drawing()))
    assert set(ways) == {"laser-cut", "punched"}
    (laser,) = ways["laser-cut"].operations
    assert laser.requirement.thickness_mm == 2.0
    assert laser.requirement.size_mm == (200.0, 120.0)
    assert laser.drivers["pierces"] == 5.0
    assert laser.drivers["cut_mm"] == pytest.approx(640 + 4 * math.pi * 6)
    assert ways["punched"].min_quantity > 1.0


def test_equal_holes_are_one_tool_and_straight_edges_are_parted():
    (punch,) = kinds(routed(drawing()))["punched"].operations
    assert punch.drivers["holes"] == 4.0
    assert punch.drivers["tools"] == 2.0
    assert punch.drivers["edge_mm"] == pytest.approx(640.0)
    assert punch.drivers["nibble_mm"] == pytest.approx(0.0)


def test_an_opening_too_large_for_one_stroke_is_nibbled():
    (punch,) = kinds(routed(drawing(circle(80.0))))["punched"].operations
    assert punch.drivers["holes"] == 4.0
    assert punch.drivers["nibble_mm"] == pytest.approx(math.pi * 80.0)


def test_acrylic_is_lasered_only_and_thick_metal_is_jet_cut_too():
    assert set(kinds(routed(drawing(thickness_mm=3.0), material="acrylic"))) == {"laser-cut"}
    assert set(kinds(routed(drawing(thickness_mm=10.0), material="304"))) == {"laser-cut", "jet-cut"}


def test_what_is_too_thick_for_a_laser_is_said_and_jet_cut():
    routes = routed(drawing(thickness_mm=40.0), material="6082")
    assert set(kinds(routes)) == {"jet-cut"}
    assert "processes.route.too_thick" in codes(routes)


def test_plasma_cuts_where_it_is_asked_for_or_no_laser_does():
    asked = routed(drawing(thickness_mm=4.0), processes=("plasma-cutting",))
    assert set(kinds(asked)) == {"plasma-cut"}
    thick = drawing(thickness_mm=22.0, contours=(rectangle(200.0, 120.0),), cut_mm=640.0, pierces=1)
    assert set(kinds(routed(thick, material="304"))) == {"plasma-cut", "jet-cut"}
    assert "plasma-cut" not in kinds(routed(drawing(thickness_mm=22.0), material="304"))
    assert "plasma-cut" not in kinds(routed(drawing(thickness_mm=4.0)))


def test_material_and_thickness_that_nobody_states_are_assumed_aloud():
    routes = routed(drawing(thickness_mm=None, material=""), material=None)
    assert kinds(routes)["laser-cut"].operations[0].drivers["thickness_mm"] == 2.0
    found = codes(routes)
    assert "processes.route.assumed_material" in found
    assert "processes.route.assumed_thickness" in found


@pytest.mark.parametrize(
    ("name", "material", "thickness"),
    [
        ("Lid 3 mm acrylic", "PMMA", 3.0),
        ("cover_plywood_4mm", "PLYWOOD", 4.0),
        ("Blech Stainless 1,5 mm", "STAINLESS-304", 1.5),
    ],
)
def test_names_tell_material_and_thickness(name, material, thickness):
    routes = routed(drawing(thickness_mm=None, material=""), material=None, name=name)
    (laser,) = kinds(routes)["laser-cut"].operations
    assert laser.requirement.materials == (material,)
    assert laser.drivers["thickness_mm"] == thickness


def test_thick_sheet_of_no_stated_material_is_wood():
    routes = routed(drawing(thickness_mm=18.0, material=""), material=None)
    assert kinds(routes)["laser-cut"].operations[0].requirement.materials == ("PLYWOOD",)


def test_a_material_nobody_cuts_is_named():
    routes = routed(drawing(), material="unobtainium")
    assert routes.routings == ()
    assert "processes.route.material" in codes(routes)


def test_pockets_are_not_laser_work():
    routes = routed(drawing(rectangle(40.0, 20.0, inside=True, role="pocket")))
    assert routes.routings == ()
    assert "processes.route.part_depth" in codes(routes)


def test_a_drawing_without_a_piece_is_refused():
    routes = routed(drawing(area_mm2=0.0))
    assert routes.routings == ()
    assert "processes.route.no_area" in codes(routes)


def test_fold_lines_of_metal_are_bent_and_those_of_card_are_not():
    fold = SheetContour(
        points_mm=((0.0, 60.0), (200.0, 60.0)), closed=False, role="fold", layer="bend", length_mm=200.0
    )
    steel = kinds(routed(drawing(fold)))["laser-cut"]
    assert [operation.process for operation in steel.operations] == ["laser-cutting", "sheet-metal-bending"]
    bend = steel.operations[1]
    assert bend.after == (steel.operations[0].id,)
    assert bend.requirement.bend_length_mm == 200.0
    card = kinds(routed(drawing(fold), material="cardboard"))["laser-cut"]
    assert [operation.process for operation in card.operations] == ["laser-cutting"]


def fold_at(y, length=200.0):
    return SheetContour(
        points_mm=((0.0, y), (length, y)), closed=False, role="fold", layer="b", length_mm=length
    )


def moved(contour, x, y):
    points = tuple((px + x, py + y) for px, py in contour.points_mm)
    return replace(contour, points_mm=points)


def plain(*more, **changes):
    return drawing(contours=(rectangle(200.0, 120.0), *more), cut_mm=640.0, pierces=1, **changes)


def test_legs_reach_from_a_fold_to_the_edge_or_the_next_fold():
    assert bending_of(plain(fold_at(30.0))).leg_mm == pytest.approx(30.0)
    assert bending_of(plain(fold_at(100.0))).leg_mm == pytest.approx(20.0)
    assert bending_of(plain(fold_at(40.0), fold_at(52.0))).leg_mm == pytest.approx(12.0)
    crossing = SheetContour(
        points_mm=((60.0, 0.0), (60.0, 120.0)), closed=False, role="fold", layer="b", length_mm=120.0
    )
    assert bending_of(plain(fold_at(50.0), crossing)).leg_mm == pytest.approx(50.0)
    assert bending_of(plain()) is None


def test_openings_are_as_near_to_a_fold_as_their_nearest_edge():
    beside = plain(fold_at(60.0), moved(circle(10.0), 100.0, 75.0))
    assert bending_of(beside).opening_mm == pytest.approx(10.0, abs=0.02)
    through = plain(fold_at(60.0), moved(circle(10.0), 100.0, 62.0))
    assert bending_of(through).opening_mm == 0.0
    past_its_end = plain(fold_at(60.0, length=50.0), moved(circle(10.0), 100.0, 62.0))
    assert bending_of(past_its_end).opening_mm is None


@pytest.mark.parametrize(
    ("more", "measure"),
    [((fold_at(5.0),), "flange_ratio"), ((fold_at(60.0), moved(circle(10.0), 100.0, 66.0)), "hole_ratio")],
)
def test_what_a_brake_cannot_bend_is_told_and_not_routed(more, measure):
    routes = routed(plain(*more))
    assert routes.routings == ()
    assert any(measure in finding.message for finding in routes.findings)


def test_the_drawings_own_nest_decides_the_sheet():
    nest = Nesting(sheet_mm=(1000.0, 2000.0), pieces=80, used_share=0.96, gap_mm=5.0, method="as drawn")
    (laser,) = kinds(routed(drawing(nesting=(nest,))))["laser-cut"].operations
    assert laser.drivers["nested_mm2"] == 25000.0


def test_every_routing_is_within_the_scope_of_its_processes_and_can_be_priced(cast):
    for material, thickness in (("S235", 1.0), ("304", 6.0), ("5754", 3.0), ("MDF", 6.0), ("POM", 4.0)):
        routes = routed(drawing(thickness_mm=thickness), material=material, finish="powder coated")
        assert routes.routings
        for routing in routes.routings:
            for operation in routing.operations:
                assert out_of_scope(operation) == ()
                price = estimate(operation, np.array([1.0, 50.0]), [cast.station("GB")]).price
                assert np.all(price > 0.0)


def test_mass_and_size_are_filled_in():
    item = routed(drawing()).items[ItemId("plate")]
    assert item.mass_kg == pytest.approx((24000 - 4 * math.pi * 9) * 2 * 7.85e-6)
    assert item.size_mm == (200.0, 120.0, 2.0)
    assert item.commodity_code


def test_what_the_bill_asks_for_comes_after_the_cut():
    box = Item(id=ItemId("box"), name="Box", mass_kg=0.1, commodity_code="481910")
    plate = Item(
        id=ItemId("plate"),
        name="Plate",
        material="S235",
        design=drawing(),
        bill=(BillLine(item=box.id, quantity=1.0, step="packing"),),
    )
    routes = route(Product(root=plate.id, items={plate.id: plate, box.id: box}))
    assert [o.process for o in kinds(routes)["laser-cut"].operations] == ["laser-cutting", "packing"]


# Solids --------------------------------------------------------------------------------------


def test_a_bracket_is_cut_and_bent():
    ways = kinds(solid(bracket()))
    assert {"laser-cut", "punched"} <= set(ways)
    cut, bend = ways["laser-cut"].operations
    assert bend.drivers["bends"] == 1.0
    assert bend.drivers["mass_kg"] == pytest.approx(8100 * 2 * 7.85e-6)
    assert bend.requirement.clamp_force_t > 0.0
    assert cut.drivers["length_mm"] == 136.0


def test_a_hard_alloy_bent_sharp_is_warned_of():
    assert "processes.route.bend_radius" in codes(solid(bracket(radius=2.0), material="7075"))
    assert "processes.route.bend_radius" not in codes(solid(bracket(radius=2.0), material="5754"))


def test_a_bend_sharper_than_air_bending_makes_leaves_no_way_through_it():
    routes = solid(bracket(radius=0.2))
    assert not {"laser-cut", "punched"} & set(kinds(routes))
    assert "processes.scope.limit" in codes(routes)


def test_a_plate_without_milled_features_is_cut_from_plate():
    plate = extruded(10.0, 12000.0, (150.0, 80.0, 10.0), 24000.0 + 4600.0)
    ways = kinds(solid(plate, material="6082"))
    assert {"laser-cut", "jet-cut"} <= set(ways)
    assert ways["laser-cut"].operations[0].drivers["cut_mm"] == pytest.approx(460.0)


def test_a_plate_with_a_pocket_is_left_to_milling():
    pocket = Feature(kind="pocket", at_mm=(0.0, 0.0, 0.0), depth_mm=3.0)
    plate = extruded(10.0, 12000.0, (150.0, 80.0, 10.0), 28600.0, features=(pocket,))
    assert not {"laser-cut", "jet-cut", "punched"} & set(kinds(solid(plate, material="6082")))


def test_a_block_is_no_plate():
    block = extruded(20.0, 900.0, (30.0, 30.0, 20.0), 1800.0 + 2400.0)
    assert not {"laser-cut", "jet-cut", "punched"} & set(kinds(solid(block, material="6082")))


def test_a_tube_goes_to_the_tube_laser_or_the_saw():
    section = 40 * 40 - 36 * 36.0
    tube = extruded(600.0, section, (40.0, 40.0, 600.0), 600.0 * (160 + 144) + 2 * section)
    ways = kinds(solid(tube))
    assert {"tube-cut", "sawn"} <= set(ways)
    drivers = ways["tube-cut"].operations[0].drivers
    assert drivers["wall_mm"] == pytest.approx(2.0, rel=0.01)
    assert drivers["kg_per_m"] == pytest.approx(section * 1e-6 * 7850)
    assert "tube" in ways["sawn"].assumptions[0]


def test_a_rod_is_sawn_from_bar():
    rod = extruded(200.0, 400.0, (20.0, 20.0, 200.0), 200.0 * 80 + 800.0)
    ways = kinds(solid(rod))
    assert "sawn" in ways
    assert "tube-cut" not in ways
    assert "bar" in ways["sawn"].assumptions[0]


def unmeasured(size, volume, surface, **item):
    design = SolidDesign(size_mm=size, volume_mm3=volume, surface_mm2=surface)
    return routed(design, **{"id": ItemId("part"), "name": "Part", **item})


def test_a_thin_solid_nobody_measured_is_taken_for_sheet_and_that_is_told():
    area = 100 * 60 - 3 * math.pi * 16
    surface = 2 * area + 2 * (320 + 3 * math.pi * 8)
    ways = kinds(unmeasured((100.0, 60.0, 2.0), 2 * area, surface))
    cut = ways["laser-cut"].operations[0]
    assert cut.drivers["cut_mm"] == pytest.approx(320 + 3 * math.pi * 8)
    assert cut.drivers["area_mm2"] == pytest.approx(area)
    assert cut.drivers["pierces"] == 4.0
    assert any("not measured" in line for line in ways["laser-cut"].assumptions)


def test_a_thin_plastic_part_nobody_measured_is_no_sheet_unless_asked():
    lid = (100.0, 60.0, 3.0), 14000.0, 14000.0
    assert not {"laser-cut", "jet-cut"} & set(kinds(unmeasured(*lid, material="ABS")))
    assert "laser-cut" in kinds(unmeasured(*lid, material="ABS", processes=("laser-cutting",)))


def test_a_thick_solid_nobody_measured_is_sheet_work_only_where_that_is_asked():
    plate = (100.0, 60.0, 15.0), 90000.0, 12000.0 + 15 * 320
    assert not {"laser-cut", "jet-cut"} & set(kinds(unmeasured(*plate)))
    assert set(kinds(unmeasured(*plate, processes=("laser-cutting",)))) == {"laser-cut"}


def test_a_solid_whose_walls_are_not_its_box_is_no_plate():
    design = SolidDesign(size_mm=(100.0, 60.0, 5.0), volume_mm3=16000.0, surface_mm2=15000.0, wall_mm=1.5)
    assert not {"laser-cut", "punched"} & set(kinds(routed(design, id=ItemId("tray"))))


def test_a_bent_part_nobody_measured_is_bent_where_that_is_asked():
    routes = unmeasured((100.0, 60.0, 40.0), 16200.0, 17060.0, processes=("sheet-metal-bending",))
    cut, bend = kinds(routes)["laser-cut"].operations
    assert bend.process == "sheet-metal-bending"
    assert cut.drivers["thickness_mm"] == pytest.approx(2 * 16200 / 17060)
    assert cut.drivers["area_mm2"] == pytest.approx(8530.0)


def test_an_assembly_of_bodies_is_not_one_sheet():
    design = SolidDesign(
        size_mm=(100.0, 60.0, 40.0), volume_mm3=1.0, surface_mm2=1.0, bodies=2, details=(bracket(),)
    )
    item = Item(id=ItemId("two"), name="Two", material="S235", design=design)
    assert sheet_metal_ways(item, design, None) == []


# Coating -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", ["Powder coat RAL 9005", "RAL9005 pulverbeschichtet", "喷粉 RAL-9005", "RAL 9005"]
)
def test_a_finish_of_powder_is_understood(words):
    ways = kinds(routed(drawing(), finish=words))
    coat = ways["laser-cut"].operations[-1]
    assert coat.process == "powder-coating"
    assert coat.setup_state["colour"] == "RAL 9005"
    edges = 2.0 * (640 + 4 * math.pi * 6)
    assert coat.drivers["area_mm2"] == pytest.approx(2 * (24000 - 4 * math.pi * 9) + edges)
    assert coat.after == (ways["laser-cut"].operations[-2].id,)


def test_wood_is_not_powder_coated_and_that_is_said():
    routes = routed(drawing(), material="MDF", finish="powder coat RAL 9010")
    assert len(kinds(routes)["laser-cut"].operations) == 1
    assert "processes.route.finish" in codes(routes)


def test_a_finish_nobody_here_gives_is_said():
    assert "processes.route.finish" in codes(routed(drawing(), finish="hard chrome"))
    assert "processes.route.finish" not in codes(routed(drawing(), finish="as cut"))


@pytest.mark.parametrize("words", ["natural", "painted RAL 9005", "clear anodised", ""])
def test_other_finishes_are_not_taken_for_powder(words):
    assert len(kinds(routed(drawing(), finish=words))["laser-cut"].operations) == 1


def test_polycarbonate_is_not_lasered_but_jet_cut():
    assert set(kinds(routed(drawing(thickness_mm=3.0), material="polycarbonate"))) == {"jet-cut"}


def test_an_item_that_asks_for_coating_by_process_is_coated():
    ways = kinds(routed(drawing(), processes=("powder-coating",), colour="red"))
    assert ways["laser-cut"].operations[-1].setup_state["colour"] == "red"


def test_nothing_is_coated_that_nobody_asked_for():
    item = Item(id=ItemId("x"), name="X", finish="as cut")
    assert coating_of(item, 1000.0, kinds(routed(drawing()))["laser-cut"].operations) is None
    assert colour_of(item) == "stock colour"


@pytest.mark.parametrize(
    ("material", "thickness", "blasted"),
    [("S235", 2.0, 0.0), ("S235", 8.0, 1.0), ("304", 8.0, 0.0), ("6082", 8.0, 0.0)],
)
def test_scale_is_blasted_off_thick_steel_before_it_is_coated(material, thickness, blasted):
    design = drawing(thickness_mm=thickness)
    way = kinds(routed(design, material=material, finish="powder coat RAL 9005"))["laser-cut"]
    assert way.operations[-1].drivers.get("blasted", 0.0) == blasted
    assert any("scale_from_mm" in line for line in way.assumptions) == bool(blasted)


# Real drawings -------------------------------------------------------------------------------


@pytest.mark.skipif(not DESIGNS.exists(), reason="the sample designs are not here")
@pytest.mark.parametrize(
    "name",
    [
        "sheet-glasgow-case/top.dxf",
        "sheet-hackrf-case/HackRF_One_Case_v2.dxf",
        "sheet-voron-v0-panels/Mid_Panel.dxf",
    ],
)
def test_real_drawings_are_lasered_at_a_price_of_that_order(name, cast):
    from manyworks.files import read

    product, _ = read(DESIGNS / name)
    root = replace(product.item, material="acrylic")
    routes = route(product.with_items({root.id: root}))
    (laser,) = kinds(routes)["laser-cut"].operations
    assert laser.drivers["pierces"] > 1.0
    each = estimate(laser, np.array([100.0]), [cast.station("GB")]).price[0, 0] / 100.0
    assert 0.2 < each < 10.0
