"""Each check: a part that passes, one that fails, one of which the design does not tell."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.manufacturability.makers import board, body, machine, network, placement, product, sheet, solid

from manyworks.manufacturability import Check, check, limits, to_findings
from manyworks.manufacturability.measures import measures
from manyworks.model import (
    Bend,
    BillLine,
    BoardLayer,
    Design,
    DrillTool,
    Feature,
    GarmentDesign,
    ItemId,
    Land,
    Machining,
    Moulding,
    Opening,
    Panel,
    Parameter,
    Printing,
    ProcessGuess,
    Seam,
    SheetContour,
    SheetMetal,
    Walls,
)

THING = ItemId("thing")
ORIGIN = (0.0, 0.0, 0.0)


def verdict(name: str, design: Design, process: str, **item: Any) -> Check:
    """The check of one threshold for a product of one design."""
    found = check(product(design, **item), processes={THING: process})
    (one,) = [c for c in found if c.name == name]
    return one


def bare(**more: Any) -> tuple[Design, str]:
    return board(**more), "pcb-fabrication"


def assembled(*parts: Any, **more: Any) -> tuple[Design, str]:
    return board(placements=parts, **{"footprints_total": len(parts) + 1, **more}), "smt-assembly"


def milled(**more: Any) -> tuple[Design, str]:
    return solid(body(**more)), "cnc-milling"


def bent(**more: Any) -> tuple[Design, str]:
    bend = Bend(radius_mm=more.pop("radius", 1.0), angle_deg=90.0, length_mm=40.0, at_mm=ORIGIN)
    metal = SheetMetal(
        thickness_mm=1.0,
        bends=(bend,),
        flat_mm=(80.0, 40.0),
        flat_area_mm2=3200.0,
        cut_length_mm=240.0,
        pierces=1,
    )
    return solid(body(sheet=metal, **more)), "sheet-metal-work"


def cut(**more: Any) -> tuple[Design, str]:
    return sheet(**more), "laser-cutting"


def moulded(**more: Any) -> tuple[Design, str]:
    return solid(body(**more)), "injection-moulding"


def printed(**more: Any) -> tuple[Design, str]:
    return solid(body(**more)), "fdm-printing"


def sewn(**more: Any) -> tuple[Design, str]:
    panel = Panel(
        name="front",
        outline_mm=((0, 0), (more.pop("width", 500.0), 0), (500.0, 2000.0), (0, 2000.0)),
        area_mm2=1e6,
        perimeter_mm=5000.0,
    )
    seam = Seam(first="a", second="b", first_mm=100.0, second_mm=100.0, ease=more.pop("ease", 0.0))
    plain: dict[str, Any] = {
        "panels": (panel,),
        "seams": (seam,),
        "pieces": 1,
        "area_mm2": 1e6,
        "cut_mm": 5000.0,
        "seam_mm": 100.0,
        "hem_mm": 0.0,
        "allowance_mm": 10.0,
    }
    return GarmentDesign(**{**plain, **more}), "sewing"


def walls(thin: float = 2.0, usual: float = 2.0, thick: float = 2.0) -> Walls:
    return Walls(p1_mm=thin, p5_mm=thin, p50_mm=usual, p95_mm=thick, samples=100)


def machining(**more: Any) -> Machining:
    plain: dict[str, Any] = {
        "stock_mm": (60.0, 40.0, 20.0),
        "removed_mm3": 1.0,
        "setups": (),
        "unreached_share": 0.0,
    }
    return Machining(**{**plain, **more})


def moulding(**more: Any) -> Moulding:
    return replace(body().moulding, **more)  # type: ignore[type-var]


def hole(diameter: float, depth: float = 5.0) -> Feature:
    return Feature(kind="through hole", at_mm=ORIGIN, diameter_mm=diameter, depth_mm=depth)


def pocket(width: float, depth: float) -> Feature:
    return Feature(kind="pocket", at_mm=ORIGIN, width_mm=width, depth_mm=depth)


def tool(diameter: float, **more: Any) -> tuple[DrillTool, ...]:
    return (DrillTool(**{"diameter_mm": diameter, "holes": 4, **more}),)


BGA = "Package_BGA:BGA-64_9x9mm"
FAILING: list[tuple[str, tuple[Design, str]]] = [
    ("max_board_long_mm", bare(width_mm=900.0)),
    ("max_board_short_mm", bare(width_mm=900.0, height_mm=700.0)),
    ("min_board_side_mm", bare(height_mm=2.0)),
    ("single_board_side_mm", bare(height_mm=9.4)),
    ("min_track_mm", bare(min_track_mm=0.09)),
    ("min_space_mm", bare(min_space_mm=0.09)),
    ("fine_track_mm", bare(min_track_mm=0.13)),
    ("min_drill_mm", bare(drills=tool(0.1))),
    ("usual_drill_mm", bare(drills=tool(0.17))),
    ("max_drill_mm", bare(drills=tool(8.0))),
    ("min_via_drill_mm", bare(drills=tool(0.25))),
    ("min_ring_mm", bare(min_ring_mm=0.05)),
    ("comfortable_ring_mm", bare(min_ring_mm=0.15)),
    ("min_npth_mm", bare(drills=tool(0.3, plated=False))),
    ("min_plated_slot_mm", bare(drills=tool(0.4, holes=0, slots=2))),
    ("min_unplated_slot_mm", bare(drills=tool(0.8, holes=0, slots=2, plated=False))),
    ("min_hole_gap_mm", bare(min_hole_gap_mm=0.1)),
    ("min_pad_hole_gap_mm", bare(min_hole_gap_mm=0.3)),
    ("max_buried_spans", bare(drills=tool(0.2, span=(1, 2)), blind_vias=True)),
    ("copper_to_edge_mm", bare(copper_to_edge_mm=0.1)),
    ("copper_to_groove_mm", bare(copper_to_edge_mm=0.35, pieces=4)),
    ("max_outlines", bare(pieces=2)),
    ("max_thickness_gap_mm", bare(thickness_mm=1.4)),
    ("max_aspect_ratio", bare(thickness_mm=3.2, drills=tool(0.3))),
    ("usual_aspect_ratio", bare(drills=tool(0.18))),
    (
        "min_bga_pad_mm",
        bare(
            placements=(placement("U1", footprint=BGA),),
            lands=(Land(side="top", centre_mm=(1, 1), size_mm=(0.2, 0.2), reference="U1"),),
        ),
    ),
    (
        "min_castellation_mm",
        bare(openings=(Opening(start_mm=(0, 40), end_mm=(0, 40), diameter_mm=0.4, plated=True),)),
    ),
    ("max_missing_layers", bare(layers=(BoardLayer(name="a.gtl", role="copper", side="top", why="name"),))),
    (
        "max_sharp_cutouts",
        bare(outline_mm=(*board().outline_mm, ((10.0, 10.0), (20.0, 10.0), (20.0, 20.0), (10.0, 20.0)))),
    ),
    ("max_unmatched_designators", assembled(placement("R2"))),
    ("min_pitch_mm", assembled(placement(pitch_mm=0.3))),
    ("min_chip_mm", assembled(placement(footprint="R_0201_0603Metric"))),
    ("max_assembly_long_mm", assembled(placement(), width_mm=600.0)),
    ("max_assembly_short_mm", assembled(placement(), width_mm=490.0, height_mm=480.0)),
    ("min_assembly_short_mm", assembled(placement(), height_mm=30.0)),
    ("min_fiducials", assembled(placement())),
    ("max_tiny_chips", assembled(placement())),
    ("max_hidden_joints", assembled(placement(footprint=BGA))),
    ("max_turned_packages", assembled(placement(footprint="Package_TO_SOT_SMD:SOT-23"))),
    ("min_inside_radius_mm", milled(machining=machining(min_inside_radius_mm=0.0))),
    ("max_corner_depth_ratio", milled(machining=machining(depth_ratio=12.0))),
    ("min_milled_wall_mm", milled(walls=walls(thin=0.5))),
    ("max_cavity_ratio", milled(features=(pocket(2.0, 20.0),))),
    ("max_hole_ratio", milled(features=(hole(1.0, 20.0),))),
    ("best_hole_ratio", milled(features=(hole(1.0, 6.0),))),
    ("max_milled_long_mm", milled(size_mm=(600.0, 40.0, 20.0))),
    ("max_milled_middle_mm", milled(size_mm=(550.0, 400.0, 20.0))),
    ("max_milled_short_mm", milled(size_mm=(300.0, 200.0, 120.0))),
    ("max_unreached_share", milled(machining=machining(unreached_share=0.1))),
    ("min_bend_ratio", bent(radius=0.2)),
    ("min_sheet_hole_ratio", bent(features=(hole(0.9),))),
    ("min_sheet_hole_mm", bent(features=(hole(0.5),))),
    ("max_thickness_spread", bent(walls=walls(1.0, 1.0, 2.0))),
    ("min_cut_hole_ratio", cut(min_hole_mm=1.0)),
    ("min_cut_web_mm", cut(min_web_mm=0.4)),
    ("max_open_ends", cut(open_ends=2)),
    ("max_doubles", cut(doubles=3)),
    ("max_pieces_per_drawing", cut(pieces=5)),
    ("min_moulded_wall_mm", moulded(walls=walls(0.5, 0.5, 0.5))),
    ("max_moulded_wall_mm", moulded(walls=walls(2.0, 3.0, 6.0))),
    ("max_wall_ratio", moulded(walls=walls(1.0, 1.0, 3.0))),
    ("max_undrafted_share", moulded(moulding=moulding(no_draft_share=0.4))),
    ("max_moulded_long_mm", moulded(size_mm=(800.0, 40.0, 20.0))),
    ("max_projected_mm2", moulded(moulding=moulding(projected_mm2=2e5))),
    ("max_moulded_volume_mm3", moulded(volume_mm3=1e6)),
    ("max_mould_depth_mm", moulded(moulding=moulding(depth_mm=300.0))),
    ("max_slides", moulded(moulding=moulding(slides=2))),
    (
        "max_overhang_share",
        printed(
            printing=Printing(
                up=(0, 0, 1), height_mm=20, overhang_mm2=4000.0, support_mm3=100.0, base_mm2=100.0
            )
        ),
    ),
    ("min_printed_wall_mm", printed(walls=walls(thin=0.4))),
    ("max_open_skins", (solid(watertight=False), "fdm-printing")),
    ("min_size_mm", printed(size_mm=(0.06, 0.04, 0.02))),
    ("max_size_mm", printed(size_mm=(3000.0, 40.0, 20.0))),
    ("max_ease", sewn(ease=0.1)),
    ("max_fabric_width_mm", sewn(width=1800.0)),
    ("min_allowance_mm", sewn(allowance_mm=3.0)),
]

PASSING: list[tuple[str, tuple[Design, str]]] = [
    *[(name, bare()) for name in ("max_board_long_mm", "min_track_mm", "min_space_mm", "min_drill_mm")],
    *[(name, bare()) for name in ("min_ring_mm", "min_npth_mm", "min_hole_gap_mm", "max_buried_spans")],
    *[(name, bare()) for name in ("copper_to_edge_mm", "max_outlines", "max_thickness_gap_mm")],
    *[(name, bare()) for name in ("max_aspect_ratio", "max_sharp_cutouts")],
    ("min_pitch_mm", assembled(placement())),
    ("min_chip_mm", assembled(placement())),
    ("max_hidden_joints", assembled(placement())),
    ("min_inside_radius_mm", milled(machining=machining(min_inside_radius_mm=3.0))),
    ("max_cavity_ratio", milled(features=(pocket(10.0, 20.0),))),
    ("max_hole_ratio", milled(features=(hole(5.0),))),
    ("min_bend_ratio", bent()),
    ("min_sheet_hole_ratio", bent(features=(hole(3.0),))),
    ("max_thickness_spread", bent(walls=walls(1.0, 1.0, 1.0))),
    ("min_cut_web_mm", cut(min_web_mm=4.0)),
    ("max_open_ends", cut()),
    ("min_moulded_wall_mm", moulded()),
    ("max_slides", moulded()),
    ("min_printed_wall_mm", printed()),
    ("max_open_skins", printed()),
    ("max_ease", sewn()),
    ("min_allowance_mm", sewn()),
]

UNKNOWN: list[tuple[str, tuple[Design, str]]] = [
    ("min_space_mm", bare(min_space_mm=None)),
    ("min_ring_mm", bare(min_ring_mm=None)),
    ("min_hole_gap_mm", bare(min_hole_gap_mm=None)),
    ("copper_to_edge_mm", bare(copper_to_edge_mm=None)),
    ("max_thickness_gap_mm", bare(thickness_mm=0.0)),
    ("min_drill_mm", bare(drills=())),
    ("min_bga_pad_mm", bare(placements=(placement("U1", footprint=BGA),))),
    ("min_silkscreen_mm", bare(layers=(BoardLayer(name="F.SilkS", role="silkscreen", side="top"),))),
    ("reflow_peak_c", assembled(placement())),
    ("usual_tolerance_mm", milled()),
    ("min_milled_wall_mm", milled(walls=None)),
    ("min_flange_ratio", bent()),
    ("cut_tolerance_mm", cut()),
    ("min_cut_hole_ratio", cut(min_hole_mm=1.0, thickness_mm=None)),
    ("max_rib_ratio", moulded()),
    ("max_slides", moulded(moulding=None)),
    ("max_overhang_share", printed(printing=None)),
    ("min_allowance_mm", sewn(allowance_mm=None)),
]


@pytest.mark.parametrize(("name", "part"), FAILING, ids=[name for name, _ in FAILING])
def test_a_part_beyond_the_threshold_fails(name: str, part: tuple[Design, str]) -> None:
    bill = (BillLine(item=ItemId("part/r"), quantity=1, designators=("R1",)),)
    assert verdict(name, *part, bill=bill).verdict == "fails"


@pytest.mark.parametrize(("name", "part"), PASSING, ids=[name for name, _ in PASSING])
def test_an_easy_part_passes(name: str, part: tuple[Design, str]) -> None:
    assert verdict(name, *part).verdict == "passes"


@pytest.mark.parametrize(("name", "part"), UNKNOWN, ids=[name for name, _ in UNKNOWN])
def test_what_the_design_does_not_tell_is_not_known(name: str, part: tuple[Design, str]) -> None:
    one = verdict(name, *part)
    assert one.verdict == "not known"
    assert "it needs" in one.message
    assert one.measured is None


def test_every_number_from_1_to_48_has_a_limit() -> None:
    assert {limit.number for limit in limits()} == set(range(1, 49))


def test_every_limit_is_shown_failing_or_not_known() -> None:
    shown = {name for name, _ in (*FAILING, *UNKNOWN)}
    elsewhere = {"max_setups", "min_resin_wall_mm", "min_powder_feature_mm", "min_fused_feature_mm"}
    sizes = {"max_powder_long_mm", "max_fused_long_mm", "max_resin_long_mm"}
    assert {limit.name for limit in limits()} - shown == elsewhere | sizes


@pytest.mark.parametrize(
    ("process", "name", "size"),
    [
        ("sla-printing", "max_resin_long_mm", 800.0),
        ("sls-printing", "max_powder_long_mm", 500.0),
        ("mjf-printing", "max_fused_long_mm", 400.0),
    ],
)
def test_other_printers_have_their_own_room(process: str, name: str, size: float) -> None:
    assert verdict(name, solid(body(size_mm=(size, 40.0, 20.0))), process).verdict == "fails"


def test_names_of_thresholds_are_unique() -> None:
    names = [limit.name for limit in limits()]
    assert len(names) == len(set(names))


def test_every_measure_is_used_and_every_limit_has_one() -> None:
    assert {limit.measure for limit in limits()} == set(measures())


def test_the_wall_a_resin_allows_depends_on_the_resin() -> None:
    part = moulded(walls=walls(1.0, 1.0, 1.0))
    assert verdict("min_moulded_wall_mm", *part, material="ABS").verdict == "fails"
    assert verdict("min_moulded_wall_mm", *part, material="PP").verdict == "passes"


def test_heavy_copper_asks_for_wider_tracks() -> None:
    assert verdict("min_track_mm", *bare(min_track_mm=0.12)).verdict == "passes"
    assert verdict("min_track_mm", *bare(min_track_mm=0.12, copper_um=70.0)).verdict == "fails"


def test_a_stated_tolerance_is_compared() -> None:
    tight = (Parameter(name="tolerance of the bore", value=0.02, unit="mm"),)
    assert verdict("usual_tolerance_mm", *milled(), parameters=tight).verdict == "fails"


def test_places_say_where_the_part_fails() -> None:
    one = verdict("min_pitch_mm", *assembled(placement("U1", pitch_mm=0.3, x_mm=5.0), placement("R1")))
    assert [(place.at_mm, place.words.split()[0]) for place in one.places] == [((5.0, 10.0), "U1")]


def test_the_shape_decides_the_process_where_nobody_does() -> None:
    guesses = (
        ProcessGuess(process="cnc-milling", confidence=0.8),
        ProcessGuess(process="fdm-printing", confidence=0.1),
    )
    found = check(product(solid(body(guesses=guesses))))
    assert {c.process for c in found} == {"cnc-milling"}
    assert "0.80" in found[0].why


def test_what_the_design_insists_on_comes_before_the_shape() -> None:
    guesses = (ProcessGuess(process="cnc-milling", confidence=0.8),)
    found = check(product(solid(body(guesses=guesses)), processes=("injection-moulding",)))
    assert {c.process for c in found} == {"injection-moulding"}


class TestShops:
    """Thresholds of shops."""

    def test_a_capability_overrides_the_usual_threshold(self) -> None:
        shops = network(
            machine("fine", "pcb-fabrication", min_track_mm=0.05), machine("plain", "pcb-fabrication")
        )
        found = check(product(board(min_track_mm=0.08)), network=shops)
        (one,) = [c for c in found if c.name == "min_track_mm"]
        assert one.verdict == "fails"
        assert one.shops_able == ("fine",)
        assert [shop for shop, _ in one.shops_unable] == ["plain"]

    def test_any_threshold_may_be_a_coefficient_of_a_machine(self) -> None:
        shops = network(machine("deep", "pcb-fabrication", {"max_buried_spans": 6}))
        found = check(product(board(drills=tool(0.2, span=(1, 2)), blind_vias=True)), network=shops)
        (one,) = [c for c in found if c.name == "max_buried_spans"]
        assert one.shops_able == ("deep",)

    def test_an_envelope_is_the_limit_of_the_sides(self) -> None:
        shops = network(machine("small", "pcb-fabrication", envelope_mm=(50.0, 90.0)))
        found = check(product(board()), network=shops)
        reasons = {c.name: dict(c.shops_unable) for c in found}
        assert "at most 90 mm" in reasons["max_board_long_mm"]["small"]
        assert "at most 50 mm" in reasons["max_board_short_mm"]["small"]

    def test_shops_of_other_processes_are_not_named(self) -> None:
        found = check(product(board()), network=network(machine("press", "injection-moulding")))
        assert not any(c.shops_able or c.shops_unable for c in found)


LIMITS = st.sampled_from([limit for limit in limits() if limit.name in dict(FAILING)])


@given(limit=LIMITS, first=st.floats(1e-3, 1e3), second=st.floats(1e-3, 1e3))
def test_a_more_generous_threshold_never_fails_what_a_stricter_one_passes(
    limit: Any, first: float, second: float
) -> None:
    strict, generous = sorted((first, second), reverse=limit.sense == "at least")
    design, process = dict(FAILING)[limit.name]
    found = [
        next(
            c.verdict
            for c in check(product(design), processes={THING: process}, thresholds={limit.name: threshold})
            if c.name == limit.name
        )
        for threshold in (strict, generous)
    ]
    assert found != ["passes", "fails"]


def test_findings_tell_failures_and_gaps_only() -> None:
    checks = check(product(board(min_track_mm=0.09, min_space_mm=None)))
    findings = to_findings(checks)
    assert len(findings) == sum(c.verdict != "passes" for c in checks)
    assert {f.code for f in findings} == {
        "manufacturability.check.fails",
        "manufacturability.check.unknown",
    }


def test_a_failing_contour_has_its_place() -> None:
    line = SheetContour(
        points_mm=((1.0, 2.0), (3.0, 4.0)), closed=False, role="cut", layer="0", length_mm=3.0
    )
    one = verdict("max_open_ends", *cut(open_ends=1, contours=(line,)))
    assert one.places[0].at_mm == (1.0, 2.0)


def test_a_short_name_inside_another_word_is_no_material() -> None:
    part = milled(walls=walls(thin=1.0))
    assert verdict("min_milled_wall_mm", *part, material="steel plate").verdict == "passes"
    assert verdict("min_milled_wall_mm", *part, material="PLA, black").verdict == "fails"
