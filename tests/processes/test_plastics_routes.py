"""From plastic parts to routings: printed, and moulded in soft, hard and hardened tools."""

import math
from dataclasses import replace

import pytest

from manyworks.model import (
    Body,
    Item,
    ItemId,
    Moulding,
    Parameter,
    Printing,
    Product,
    Severity,
    SolidDesign,
)
from manyworks.processes import route
from manyworks.processes.plastics import find_plastic, known_plastics
from manyworks.processes.routing.mould_routes import flow_ratio
from manyworks.processes.routing.plastic_wishes import finish_ra_um, wishes_of
from manyworks.processes.tables import read_data

SHELL = SolidDesign(
    size_mm=(60.0, 40.0, 8.0),
    volume_mm3=60 * 40 * 8 - 56.4 * 36.4 * 6.2,
    surface_mm2=2 * 60 * 40 + 2 * 8 * 100 + 2 * 6.2 * 92.8,
    wall_mm=1.8,
    projected_mm2=2400.0,
    height_mm=8.0,
)


def routes(design=SHELL, **figures):
    item = Item(**{"id": ItemId("case"), "name": "Case", "material": "ABS", "design": design, **figures})
    return route(Product(root=item.id, items={item.id: item}))


def ways(found):
    return [str(r.id).removeprefix("case/") for r in found.routings if r.item == "case"]


def operation(found, routing):
    return next(r for r in found.routings if r.id == f"case/{routing}").operations[0]


def codes(found, severity=None):
    return {f.code for f in found.findings if severity is None or f.severity is severity}


def body(**parts):
    figures = {"size_mm": SHELL.size_mm, "volume_mm3": SHELL.volume_mm3, "surface_mm2": SHELL.surface_mm2}
    return replace(SHELL, details=(Body(**figures, faces=50, **parts),))


# Which ways ----------------------------------------------------------------------------------


def test_a_plastic_part_is_printed_or_moulded_by_how_many_are_wanted():
    found = routes()
    assert ways(found)[:4] == ["printed", "moulded-soft", "moulded-hard", "moulded-single"]
    least = {str(r.id): r.min_quantity for r in found.routings if r.item == "case"}
    assert least["case/moulded-hard"] == 1.0
    assert 50_000 < least["case/moulded-hardened-4"] < least["case/moulded-hardened-8"]


@pytest.mark.parametrize(
    ("material", "printed"),
    [
        ("ABS", ["printed"]),
        ("PA12", ["printed", "printed-sls", "printed-mjf"]),
        ("standard resin", ["printed-dlp", "printed-sla"]),
        ("POM", []),
        (None, ["printed", "printed-dlp", "printed-sla", "printed-sls", "printed-mjf"]),
    ],
)
def test_a_part_is_printed_in_each_form_its_plastic_is_sold_in(material, printed):
    assert [way for way in ways(routes(material=material)) if way.startswith("printed")] == printed


def test_a_resin_that_light_hardens_is_not_moulded():
    assert not [way for way in ways(routes(material="ABS-like resin")) if way.startswith("moulded")]


def test_nylon_from_powder_is_pa12_and_that_is_said():
    found = routes(material="nylon")
    assert operation(found, "printed-sls").requirement.materials == ("PA12",)
    assert operation(found, "moulded-soft").requirement.materials == ("PA6",)
    told = next(r for r in found.routings if r.id == "case/printed-sls").assumptions
    assert any("nylon is printed as PA12" in text for text in told)


def test_a_material_nobody_names_is_assumed_and_said():
    found = routes(material=None)
    assert "processes.route.assumed_material" in codes(found)
    assert operation(found, "printed").requirement.materials == ("PLA",)
    assert operation(found, "moulded-soft").requirement.materials == ("ABS",)


def test_a_plastic_not_sold_as_filament_is_not_printed_from_it_and_that_is_said():
    assert "processes.route.assumed_no_filament" in codes(routes(material="POM"))


def test_every_plastic_can_be_made_somehow():
    for name in known_plastics():
        assert ways(routes(material=name)), name


def test_thermoplastics_are_found_before_resins():
    assert find_plastic("ABS resin").name == "ABS"
    assert find_plastic("resin").name == "RESIN-STANDARD"
    assert find_plastic("epoxy resin") is None
    assert find_plastic("PC black ABS") is None


# Moulds and presses --------------------------------------------------------------------------


def test_tools_last_their_shots_times_their_cavities():
    found = routes()
    tools = {way: operation(found, way).tools[0] for way in ways(found) if way.startswith("moulded")}
    assert (tools["moulded-soft"].item, tools["moulded-soft"].life) == ("case/mould-soft", 5_000)
    assert (tools["moulded-hard"].item, tools["moulded-hard"].life) == ("case/mould-hard", 2 * 500_000)
    assert tools["moulded-hardened-8"].life == 8 * 1_000_000


def test_clamp_force_follows_from_shadow_pressure_and_way_of_the_melt():
    """Way: half the diagonal and the depth over 1.8 mm, of 175 (0.9^0.3 less at this wall)."""
    asked = operation(routes(), "moulded-soft").requirement
    share = (math.hypot(60, 40) / 2 + 8) / 1.8 / (175 * 0.9**0.3)
    pressure = 40 * (0.5 + 0.5 * 2 * share)
    runner = (math.sqrt(2400) + 25) * 3.3
    assert asked.clamp_force_t == pytest.approx((2400 + runner) * pressure / 9806.65 * 1.15)
    assert asked.materials == ("ABS",)


def test_a_shot_is_parts_and_runner_in_a_barrel_four_fifths_full():
    asked = operation(routes(), "moulded-soft").requirement
    runner_cm3 = 1.2 + math.pi / 4 * 3.3**2 * (math.sqrt(2400) + 25) * 1e-3
    assert asked.shot_g == pytest.approx((SHELL.volume_mm3 * 1e-3 + runner_cm3) * 1.05 / 0.8)


def test_two_cavities_need_twice_the_clamp_force():
    one, two = (operation(routes(), way).requirement for way in ("moulded-single", "moulded-hard"))
    assert two.clamp_force_t == pytest.approx(2 * one.clamp_force_t)
    assert one.shot_g < two.shot_g < 2 * one.shot_g


def test_a_large_part_gets_one_cavity_and_no_more():
    found = routes(replace(SHELL, projected_mm2=40_000.0))
    assert operation(found, "moulded-hard").drivers["cavities"] == 1
    assert "moulded-single" not in ways(found)
    assert "moulded-hardened-8" not in ways(found)


def test_moulds_are_items_that_can_be_shipped():
    found = routes()
    for way in ways(found):
        if way.startswith("moulded"):
            mould = found.items[ItemId(f"case/{way.replace('moulded', 'mould')}")]
            assert 3.0 < mould.mass_kg < 1_500.0
            assert mould.commodity_code == "848071"


def test_unmeasured_walls_and_shadows_are_taken_from_the_body():
    design = replace(SHELL, wall_mm=None, projected_mm2=None, height_mm=None)
    found = routes(design)
    wall = 2.0 * design.volume_mm3 / design.surface_mm2
    told = next(r for r in found.routings if r.kind == "moulded, soft tool").assumptions
    assert any(f"wall to cool = {wall:.3g} mm (twice" in text for text in told)
    assert operation(found, "moulded-soft").drivers["projected_cm2"] == 24.0


def test_slides_faces_and_shadow_are_those_measured():
    measured = Moulding(
        pull=(0.0, 0.0, 1.0),
        projected_mm2=2200.0,
        depth_mm=9.0,
        undercut_share=0.02,
        no_draft_share=0.1,
        slides=2,
    )
    found = routes(body(moulding=measured))
    cut = next(r for r in found.routings if r.item == "case/mould-hard").operations[0]
    assert (cut.drivers["slides"], cut.drivers["patches"]) == (2.0, 35.0)
    assert (cut.drivers["projected_cm2"], cut.drivers["depth_cm"]) == (22.0, 0.9)
    plain = next(r for r in routes().routings if r.item == "case/mould-hard").operations[0]
    assert cut.drivers["base_cm2"] > plain.drivers["base_cm2"]


def test_a_deep_part_stands_in_its_mould_as_it_is_pulled():
    pulled = Moulding(
        pull=(1.0, 0.0, 0.0),
        projected_mm2=320.0,
        depth_mm=60.0,
        undercut_share=0.0,
        no_draft_share=0.1,
        slides=0,
    )
    cut = next(r for r in routes(body(moulding=pulled)).routings if r.item == "case/mould-soft").operations[0]
    assert cut.drivers["base_cm2"] == pytest.approx((40 + 80) * (8 + 80) / 100)
    assert cut.drivers["base_cm"] == pytest.approx(16.0)


def test_a_part_of_nothing_but_undercuts_is_printed():
    spring = Moulding(
        pull=(0.0, 0.0, 1.0),
        projected_mm2=2400.0,
        depth_mm=8.0,
        undercut_share=0.5,
        no_draft_share=0.5,
        slides=15,
    )
    found = routes(body(moulding=spring))
    assert ways(found) == ["printed"]
    assert any("side cores" in f.message for f in found.findings)


def test_a_press_is_changed_mould_resin_and_colour():
    assert operation(routes(colour="red"), "moulded-hard").setup_state == {
        "mould": "case/mould-hard",
        "resin": "ABS",
        "colour": "red",
    }


# Flow ----------------------------------------------------------------------------------------


def test_flow_is_half_the_diagonal_and_the_depth_over_the_wall():
    assert flow_ratio(60.0, 80.0, 10.0, 2.0, 1) == pytest.approx((50 + 10) / 2)
    assert flow_ratio(60.0, 80.0, 10.0, 2.0, 4) == pytest.approx((25 + 10) / 2)


def test_a_wide_thin_part_gets_more_gates_and_one_too_thin_is_refused():
    wide = SolidDesign(
        size_mm=(500.0, 400.0, 12.0), volume_mm3=4.2e5, surface_mm2=4.3e5, wall_mm=1.0, projected_mm2=2e5
    )
    told = next(
        r for r in routes(replace(wide, wall_mm=1.5)).routings if r.id == "case/moulded-soft"
    ).assumptions
    assert any("2 gates" in text for text in told)
    found = routes(replace(wide, wall_mm=0.4), material="PC")
    assert not [way for way in ways(found) if way.startswith("moulded")]
    limit = next(f for f in found.findings if f.code == "processes.scope.limit")
    assert "gates" in limit.hint


# What is asked -------------------------------------------------------------------------------


def asked(**figures):
    return Item(id=ItemId("x"), name="x", **figures)


def test_spi_grades_vdi_numbers_and_ra_say_how_smooth():
    assert finish_ra_um("SPI A-1 polish") == 0.025
    assert finish_ra_um("spi-b2") == 0.13
    assert finish_ra_um("VDI 30") == pytest.approx(3.16, rel=0.01)
    assert finish_ra_um("VDI 3400 12") == pytest.approx(0.4, rel=0.01)
    assert finish_ra_um("Ra 0.4") == 0.4
    assert finish_ra_um("mirror") == 0.025
    assert finish_ra_um("powder coated") is None


def test_spi_grades_grow_rougher_from_a1_to_d3():
    grades = read_data("route_plastics")["spi_ra_um"]
    assert list(grades.values()) == sorted(grades.values())
    assert len(grades) == 12


@pytest.mark.parametrize(
    ("figures", "iso_class"),
    [
        ({"parameters": (Parameter(name="iso_class", value=7.0, unit="class"),)}, 7),
        ({"description": "moulded in an ISO class 8 clean room"}, 8),
        ({"description": "cleanroom, ISO 14644-1 class 7"}, 7),
        ({"description": "clean, made under ISO 9001 and ISO 13485"}, 0),
        ({"description": "ISO 7 threads"}, 0),
        ({}, 0),
    ],
)
def test_a_clean_room_is_read_from_parameters_and_words(figures, iso_class):
    assert wishes_of(asked(**figures), 60.0).iso_class == iso_class


def test_a_clean_room_is_required_of_the_press_and_priced():
    room = (Parameter(name="iso_class", value=7.0, unit="class"),)
    job = operation(routes(material="PC", parameters=room), "moulded-hard")
    assert job.requirement.iso_class == 7
    assert job.drivers["iso_class"] == 7.0


def test_a_fine_tolerance_rules_printing_out_and_makes_the_mould_dearer():
    fine = (
        Parameter(name="tolerance_mm", value=0.05, unit="mm"),
        Parameter(name="nominal_mm", value=40.0, unit="mm"),
    )
    found = routes(parameters=fine)
    assert "printed" not in ways(found)
    assert "processes.scope.limit" in codes(found, Severity.WARNING)
    cut = next(r for r in found.routings if r.item == "case/mould-hard").operations[0]
    assert 10.0 < cut.drivers["it_grade"] < 11.0
    assert operation(found, "moulded-hard").requirement.tolerance_mm == 0.05


def test_a_polish_is_asked_of_the_mould():
    found = routes(finish="SPI A2")
    cut = next(r for r in found.routings if r.item == "case/mould-hard").operations[0]
    assert cut.drivers["ra_um"] == 0.04
    assert "printed" not in ways(found)


# Printing ------------------------------------------------------------------------------------


def test_a_part_is_laid_and_held_as_measured():
    laid = Printing(up=(0.0, 1.0, 0.0), height_mm=40.0, overhang_mm2=100.0, support_mm3=321.0, base_mm2=480.0)
    drivers = operation(routes(body(printing=laid)), "printed").drivers
    assert (drivers["size_x_mm"], drivers["size_y_mm"], drivers["size_z_mm"]) == (60.0, 8.0, 40.0)
    assert drivers["support_mm3"] == 321.0


def test_a_cake_of_powder_cools_before_it_is_broken_out():
    found = routes(material="PA12")
    assert operation(found, "printed-sls").hold_s > 8 * 3600
    assert operation(found, "printed").hold_s == 0.0


def test_a_tolerance_without_its_size_is_taken_at_the_largest_side_and_that_is_said():
    loose = (Parameter(name="tolerance_mm", value=0.3, unit="mm"),)
    told = next(r for r in routes(parameters=loose).routings if r.id == "case/moulded-soft").assumptions
    assert any("largest side, 60 mm" in text for text in told)


def test_a_clean_room_no_press_stands_in_is_refused():
    room = (Parameter(name="iso_class", value=4.0, unit="class"),)
    found = routes(parameters=room)
    assert not [way for way in ways(found) if way.startswith("moulded")]
    assert "processes.route.clean_room" in codes(found, Severity.WARNING)


def test_a_measured_thick_spot_is_not_taken_for_a_hot_spot_as_well():
    drivers = [
        operation(routes(replace(SHELL, wall_max_mm=wall)), "moulded-soft").drivers["wall_mm"]
        for wall in (1.8, 2.0, 4.0)
    ]
    assert drivers[:2] == [1.8, 1.8]
    assert drivers[2] == pytest.approx(4.0 / math.sqrt(1.5))
