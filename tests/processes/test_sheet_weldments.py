"""Weldments and coats: bills that are welded, fillets, what is coated and when."""

from dataclasses import replace

import numpy as np
import pytest

from manyworks.model import (
    Bend,
    BillLine,
    Body,
    Feature,
    Item,
    ItemId,
    Machining,
    Product,
    Setup,
    SheetMetal,
    SolidDesign,
)
from manyworks.processes import estimate, route
from manyworks.processes.routing.weldments import Member, weld_operation


def codes(routes):
    return [finding.code for finding in routes.findings]


def solid_of(body):
    return SolidDesign(
        size_mm=body.size_mm, volume_mm3=body.volume_mm3, surface_mm2=body.surface_mm2, details=(body,)
    )


# Joints --------------------------------------------------------------------------------------


def member(name, size, quantity=1.0, **more):
    return Member(item=Item(id=ItemId(name), name=name, size_mm=size, **more), quantity=quantity)


def test_a_frame_of_tubes_is_mig_welded_at_its_joints(cast):
    tube = member("tube", (600.0, 40.0, 40.0), 4.0, material="S235", mass_kg=1.4)
    weldment = weld_operation(Item(id=ItemId("frame"), name="Frame"), [tube], "welded")
    drivers = weldment.operation.drivers
    assert weldment.operation.process == "mig-welding"
    assert drivers["parts"] == 4.0
    assert drivers["weld_mm"] == pytest.approx(3 * 160 * 0.5)
    assert drivers["mass_kg"] == pytest.approx(5.6)
    assert any("seam_share" in line for line in weldment.assumptions)
    assert estimate(weldment.operation, np.array([10.0]), [cast.station("GB")]).price[0, 0] > 0.0


@pytest.mark.parametrize(
    ("step", "process"),
    [("TIG welding", "tig-welding"), ("stick-welding", "stick-welding"), ("spot", "spot-welding")],
)
def test_the_step_of_the_bill_names_the_process(step, process, cast):
    plates = [member("a", (200.0, 100.0, 3.0), material="304"), member("b", (100.0, 50.0, 3.0))]
    weldment = weld_operation(Item(id=ItemId("w"), name="W"), plates, "welded", step=step)
    assert weldment.operation.process == process
    assert estimate(weldment.operation, np.array([10.0]), [cast.station("GB")]).price[0, 0] > 0.0


def test_thin_sheet_is_tig_welded_where_nobody_says_how():
    plates = [member("a", (200.0, 100.0, 1.5), material="304"), member("b", (100.0, 50.0, 1.5))]
    assert weld_operation(Item(id=ItemId("w"), name="W"), plates, "w").operation.process == "tig-welding"


def test_a_stated_length_of_seam_is_taken():
    plates = [member("a", (200.0, 100.0, 5.0), material="S235"), member("b", (100.0, 50.0, 5.0))]
    weldment = weld_operation(Item(id=ItemId("w"), name="W"), plates, "w", weld_mm=420.0)
    assert weldment.operation.drivers["weld_mm"] == 420.0
    assert not any("seam_share" in line for line in weldment.assumptions)


@pytest.mark.parametrize(
    ("size", "mass", "leg"),
    [
        # 40 x 40 x 2 mm tube of 0.6 m: 178,000 mm3 over 160 x 600 mm of skin is a wall of 1.86 mm.
        ((600.0, 40.0, 40.0), 1.4, 2.0),
        # The same box full of steel is a bar: as thick as it is.
        ((600.0, 20.0, 20.0), 1.88, 14.0),
        # A plate of unknown mass is as thick as its thinnest side, a square of unknown mass a tube.
        ((300.0, 200.0, 10.0), None, 7.0),
        ((600.0, 40.0, 40.0), None, 0.7 * 3.0),
    ],
)
def test_fillets_are_sized_by_the_wall_and_not_by_the_box(size, mass, leg):
    one = member("one", size, 2.0, material="S235", mass_kg=mass)
    weld = weld_operation(Item(id=ItemId("w"), name="W"), [one], "w", step="mig-welding").operation
    assert weld.drivers["leg_mm"] == pytest.approx(leg, rel=0.02)


def test_thin_mild_steel_is_mig_welded_and_thin_stainless_is_not():
    for material, process in (("S235", "mig-welding"), ("304", "tig-welding")):
        plates = [member(name, (200.0, 100.0, 1.5), material=material, mass_kg=0.24) for name in "ab"]
        assert weld_operation(Item(id=ItemId("w"), name="W"), plates, "w").operation.process == process


# Bills ---------------------------------------------------------------------------------------

TUBE = Item(id=ItemId("tube"), name="Tube", material="S235", size_mm=(600.0, 40.0, 40.0), mass_kg=1.4)
FOOT = Item(id=ItemId("foot"), name="Foot, rubber", mass_kg=0.01)
WIRE = Item(id=ItemId("wire"), name="Welding wire", unit="kg")
CARTON = Item(id=ItemId("carton"), name="Carton box")


def frame(*lines, parts=(TUBE, FOOT, WIRE, CARTON), **figures):
    root = Item(id=ItemId("frame"), name="Frame", bill=lines, **figures)
    return route(Product(root=root.id, items={item.id: item for item in (*parts, root)}))


def needs(item, quantity, step=""):
    return BillLine(item=ItemId(item), quantity=quantity, step=step)


def test_a_bill_is_welded_then_fitted_then_packed():
    routes = frame(needs("tube", 4.0, "welding"), needs("foot", 4.0), needs("carton", 1.0, "packing"))
    (made,) = routes.routings
    weld, fit, pack = made.operations
    assert [one.process for one in made.operations] == ["mig-welding", "final-assembly", "packing"]
    assert made.kind == "welded, assembled and packed"
    assert (weld.after, fit.after, pack.after) == ((), (weld.id,), (fit.id,))
    assert [[line.item for line in one.inputs] for one in made.operations] == [["tube"], ["foot"], ["carton"]]
    assert weld.drivers["parts"] == 4.0
    assert weld.drivers["mass_kg"] == pytest.approx(5.6)
    assert any("seam_share" in line for line in made.assumptions)


@pytest.mark.parametrize("step", ["welding", "arc-welding", "mig-welding", "tig-welding", "spot-welding"])
def test_welding_is_a_known_step_however_it_is_called(step):
    routes = frame(needs("tube", 2.0, step))
    assert "processes.route.unknown_step" not in codes(routes)
    (made,) = routes.routings
    assert made.operations[0].process.endswith("-welding")
    assert made.kind == "welded and packed"


def test_a_whole_that_is_asked_to_be_welded_is_welded_from_all_it_consists_of():
    (made,) = frame(needs("tube", 3.0), processes=("tig-welding",)).routings
    assert [one.process for one in made.operations] == ["tig-welding", "packing"]


def test_wire_is_used_up_in_welding_and_is_no_part():
    (made,) = frame(needs("tube", 3.0, "welding"), needs("wire", 0.2, "welding")).routings
    weld = made.operations[0]
    assert weld.drivers["parts"] == 3.0
    assert {line.item: line.quantity for line in weld.inputs} == {"tube": 3.0, "wire": 0.2}


def test_two_ways_of_welding_are_two_operations_and_the_second_has_one_part_more():
    studs = Item(id=ItemId("stud"), name="Stud", material="S235", size_mm=(30.0, 20.0, 1.0), mass_kg=0.01)
    lines = (needs("tube", 2.0, "mig-welding"), needs("stud", 6.0, "spot-welding"))
    (made,) = frame(*lines, parts=(TUBE, studs)).routings
    mig, spot, _ = made.operations
    assert (mig.process, spot.process) == ("mig-welding", "spot-welding")
    assert mig.id != spot.id
    assert spot.after == (mig.id,)
    assert spot.drivers["parts"] == 7.0
    assert spot.drivers["mass_kg"] == pytest.approx(2 * 1.4 + 6 * 0.01)


def test_a_welded_frame_is_coated_before_feet_are_put_in():
    lines = (needs("tube", 4.0, "welding"), needs("foot", 4.0))
    (made,) = frame(*lines, finish="powder coat RAL 7016").routings
    assert [one.process for one in made.operations] == [
        "mig-welding",
        "powder-coating",
        "final-assembly",
        "packing",
    ]
    skin = 4 * 2 * (600 * 40 + 40 * 40 + 40 * 600)
    assert made.operations[1].drivers["area_mm2"] == pytest.approx(skin)


def test_what_is_welded_onto_a_part_is_on_before_it_is_coated():
    nut = Item(id=ItemId("nut"), name="Weld nut", material="S235", size_mm=(10.0, 10.0, 6.0), mass_kg=0.003)
    sheet = SheetMetal(
        thickness_mm=2.0,
        bends=(Bend(radius_mm=2.0, angle_deg=90.0, length_mm=60.0, at_mm=(0.0, 0.0, 0.0)),),
        flat_mm=(136.0, 60.0),
        flat_area_mm2=8100.0,
        cut_length_mm=430.0,
        pierces=3,
    )
    figures = {"size_mm": (100.0, 60.0, 40.0), "volume_mm3": 16200.0, "surface_mm2": 17060.0, "faces": 12}
    body = Body(**figures, sheet=sheet)
    part = Item(
        id=ItemId("part"),
        name="Part",
        material="S235",
        design=solid_of(body),
        finish="powder coat RAL 9005",
        bill=(needs("nut", 2.0, "spot-welding"),),
    )
    routes = route(Product(root=part.id, items={part.id: part, nut.id: nut}))
    for made in routes.routings:
        _, bend, weld, coat = made.operations
        assert (weld.process, coat.process) == ("spot-welding", "powder-coating")
        assert weld.after == (bend.id,)
        assert coat.after == (weld.id,)
        assert weld.drivers["parts"] == 3.0


def test_welding_that_is_out_of_scope_is_said_and_the_routing_left_out():
    heavy = replace(TUBE, mass_kg=3000.0)
    routes = frame(needs("tube", 2.0, "mig-welding"), parts=(heavy,))
    assert not routes.routings
    assert "processes.scope.limit" in codes(routes)


def test_a_frame_of_thick_steel_is_blasted_and_one_of_tube_is_not():
    bar = Item(id=ItemId("bar"), name="Bar", material="S235", size_mm=(600.0, 20.0, 20.0), mass_kg=1.88)
    for part, blasted in ((bar, 1.0), (TUBE, 0.0)):
        (made,) = frame(needs(part.id, 4.0, "welding"), parts=(part,), finish="powder coat RAL 7016").routings
        assert made.operations[1].drivers.get("blasted", 0.0) == blasted


# Coats of parts cut from the solid -----------------------------------------------------------


def milled(material, finish):
    """A block with two tapped holes, cut from above."""
    tapped = Feature(
        kind="blind hole",
        at_mm=(0.0, 0.0, 0.0),
        axis=(0.0, 0.0, -1.0),
        diameter_mm=4.2,
        depth_mm=12.0,
        thread="M5",
    )
    cut = Machining(
        setups=(Setup(direction=(0.0, 0.0, 1.0), share=1.0),),
        stock_mm=(80.0, 50.0, 20.0),
        removed_mm3=30000.0,
        unreached_share=0.0,
    )
    body = Body(
        size_mm=(80.0, 50.0, 20.0),
        volume_mm3=50000.0,
        surface_mm2=18000.0,
        faces=20,
        features=(tapped, tapped),
        machining=cut,
    )
    part = Item(
        id=ItemId("part"),
        name="Part",
        material=material,
        design=solid_of(body),
        finish=finish,
        processes=("cnc-milling",),
    )
    return route(Product(root=part.id, items={part.id: part}))


def test_a_milled_part_is_powder_coated_with_its_threads_plugged():
    routes = milled("6082", "powder coat RAL 9005")
    (made,) = (one for one in routes.routings if one.id.endswith("/milled"))
    *_, before, coat = made.operations
    assert made.kind.endswith("powder coated")
    assert coat.process == "powder-coating"
    assert coat.after == (before.id,)
    assert (coat.drivers["masked"], coat.drivers["area_mm2"]) == (2.0, 18000.0)
    assert "processes.route.finish" not in codes(routes)


def test_a_milled_plastic_part_is_not_powder_coated_and_that_is_said_once():
    routes = milled("POM", "powder coat RAL 9005")
    assert all(one.process != "powder-coating" for way in routes.routings for one in way.operations)
    assert codes(routes).count("processes.route.finish") == 1
