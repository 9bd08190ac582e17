"""DXF drawings of every kind: entities, blocks, spaces, units, damage."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ezdxf
import pytest
from ezdxf.document import Drawing

from manyworks.files.sheets import read_sheet
from manyworks.files.sources import Source
from manyworks.model import Finding, Severity, SheetDesign

Read = tuple[SheetDesign | None, tuple[Finding, ...]]


def text_of(document: Drawing) -> bytes:
    stream = io.StringIO()
    document.write(stream)
    return stream.getvalue().encode("utf-8", "surrogateescape")


def read(data: bytes | Drawing, name: str = "part.dxf") -> Read:
    content = data if isinstance(data, bytes) else text_of(data)
    file, findings = read_sheet(Source(path=Path(name), name=name, data=content))
    bad = any(one.severity is Severity.ERROR for one in findings)
    assert (file is None) == bad
    return (file.design if file else None), findings


def drawing(units: int = 4, version: str = "R2010") -> tuple[Drawing, Any]:
    document = ezdxf.new(version)
    document.header["$INSUNITS"] = units
    return document, document.modelspace()


def codes(findings: tuple[Finding, ...]) -> set[str]:
    return {one.code for one in findings}


def rectangle(space: Any, x: float, y: float, width: float, height: float, layer: str = "0") -> None:
    corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    for a, b in zip(corners, corners[1:] + corners[:1], strict=True):
        space.add_line(a, b, dxfattribs={"layer": layer})


@pytest.mark.parametrize("version", ["R12", "R2000", "R2004", "R2007", "R2010", "R2013", "R2018"])
def test_every_version_gives_the_same_plate(version: str) -> None:
    document, space = drawing(version=version)
    rectangle(space, 0, 0, 100, 60)
    space.add_circle((20, 30), 5)
    design, _ = read(document)
    assert design is not None
    assert design.size_mm == pytest.approx((100, 60))
    assert design.area_mm2 == pytest.approx(6000 - math.pi * 25, rel=1e-4)
    assert design.cut_mm == pytest.approx(320 + math.pi * 10, rel=1e-4)
    assert (design.pieces, design.pierces, design.open_ends, design.doubles) == (1, 2, 0, 0)
    assert design.min_hole_mm == pytest.approx(10, rel=1e-3)
    assert design.min_web_mm == pytest.approx(15, rel=1e-3)


def test_binary_dxf_is_read_as_its_text_is() -> None:
    document, space = drawing()
    space.add_lwpolyline([(0, 0), (50, 0), (50, 20), (0, 20)], close=True)
    stream = io.BytesIO()
    document.write(stream, fmt="bin")
    design, _ = read(stream.getvalue())
    assert design is not None
    assert design.cut_mm == pytest.approx(140)


def add_arcs(space: Any) -> None:
    space.add_arc((0, 0), 10, 0, 180)
    space.add_line((-10, 0), (10, 0))


def add_bulges(space: Any) -> None:
    space.add_lwpolyline([(10, 0, 1.0), (-10, 0, 0.0)], format="xyb", close=True)


def add_old_polyline(space: Any) -> None:
    space.add_polyline2d([(10, 0, 1.0), (-10, 0, 0.0)], format="xyb", close=True)


def add_ellipse(space: Any) -> None:
    space.add_ellipse((0, 0), major_axis=(10, 0), ratio=1.0, start_param=0, end_param=math.pi)
    space.add_line((-10, 0), (10, 0))


def add_mirrored_arc(space: Any) -> None:
    # Drawn looking from below: x runs the other way.
    space.add_arc((0, 0), 10, 0, 180, dxfattribs={"extrusion": (0, 0, -1)})
    space.add_line((-10, 0), (10, 0))


def add_spline(space: Any) -> None:
    angles = [math.pi * k / 40 for k in range(41)]
    space.add_spline(fit_points=[(10 * math.cos(t), 10 * math.sin(t)) for t in angles])
    space.add_line((-10, 0), (10, 0))


@pytest.mark.parametrize(
    "draw", [add_arcs, add_bulges, add_old_polyline, add_ellipse, add_mirrored_arc, add_spline]
)
def test_a_half_disc_measures_the_same_however_it_is_drawn(draw: Callable[[Any], None]) -> None:
    document, space = drawing()
    draw(space)
    design, _ = read(document)
    assert design is not None
    assert design.area_mm2 == pytest.approx(math.pi * 50, rel=1e-3)
    assert design.cut_mm == pytest.approx(math.pi * 10 + 20, rel=1e-3)
    assert design.size_mm == pytest.approx((20, 10), rel=1e-3)


def test_two_half_arcs_are_a_circle() -> None:
    document, space = drawing()
    rectangle(space, -50, -50, 100, 100)
    space.add_lwpolyline([(4, 0, 1.0), (-4, 0, 1.0)], format="xyb", close=True)
    design, _ = read(document)
    assert design is not None
    assert [one.diameter_mm for one in design.contours if one.inside] == [pytest.approx(8.0)]


def test_blocks_are_written_out_mirrored_scaled_turned_and_repeated() -> None:
    document, space = drawing()
    block = document.blocks.new("HOLE")
    block.add_circle((5, 0), 2)
    rectangle(space, -100, -100, 200, 200)
    space.add_blockref("HOLE", (0, 0))
    space.add_blockref("HOLE", (0, 0), dxfattribs={"xscale": -1})
    space.add_blockref("HOLE", (50, 50), dxfattribs={"xscale": 2, "yscale": 2, "rotation": 90})
    space.add_blockref(
        "HOLE",
        (-80, -80),
        dxfattribs={"column_count": 3, "row_count": 2, "column_spacing": 20, "row_spacing": 20},
    )
    design, _ = read(document)
    assert design is not None
    holes = sorted(one.diameter_mm or 0 for one in design.contours if one.inside)
    assert holes == pytest.approx([4.0] * 8 + [8.0])


def test_a_circle_in_a_block_stretched_one_way_is_an_ellipse() -> None:
    document, space = drawing()
    document.blocks.new("C").add_circle((0, 0), 10)
    space.add_blockref("C", (0, 0), dxfattribs={"xscale": 2})
    design, _ = read(document)
    assert design is not None
    assert design.area_mm2 == pytest.approx(math.pi * 200, rel=1e-3)
    assert design.contours[0].diameter_mm is None


def test_things_on_layer_zero_of_a_block_go_to_the_layer_of_the_block() -> None:
    document, space = drawing()
    document.blocks.new("B").add_circle((10, 10), 3)
    rectangle(space, 0, 0, 50, 50, layer="CUT")
    space.add_blockref("B", (0, 0), dxfattribs={"layer": "ENGRAVE"})
    design, _ = read(document)
    assert design is not None
    assert {one.role for one in design.contours if one.layer == "ENGRAVE"} == {"engrave"}
    assert design.engrave_mm == pytest.approx(math.pi * 6, rel=1e-3)


def test_frozen_and_switched_off_layers_are_not_cut_but_listed() -> None:
    document, space = drawing()
    rectangle(space, 0, 0, 50, 50)
    for name, hide in (("OLD", "freeze"), ("IDEA", "off")):
        layer = document.layers.add(name)
        getattr(layer, hide)()
        space.add_circle((10, 10), 3, dxfattribs={"layer": name})
    design, findings = read(document)
    assert design is not None
    assert design.pierces == 1
    assert {one.name: one.role for one in design.layers}["OLD"] == "ignore"
    assert sum(one.code == "files.sheet.hidden" for one in findings) == 2


def test_every_thing_drawn_is_used_or_named() -> None:
    document, space = drawing()
    rectangle(space, 0, 0, 50, 50)
    space.add_text("hello")
    space.add_mtext("world")
    space.add_point((1, 1))
    space.add_hatch()
    space.add_3dface([(0, 0), (1, 0), (1, 1), (0, 1)])
    space.add_solid([(0, 0), (1, 0), (1, 1)])
    space.add_line((5, 5), (5, 5))
    space.add_linear_dim((0, -5), (0, 0), (50, 0)).render()
    design, findings = read(document)
    assert design is not None
    listed = sum(layer.entities for layer in design.layers)
    used = sum(layer.used for layer in design.layers)
    left = [one.message for one in findings if one.code == "files.sheet.left-out"]
    assert used == 4
    assert listed - used == sum(int(text.split()[0]) for text in left)
    assert any("3DFACE" in text and "flat" in text for text in left)
    assert any("DIMENSION" in text for text in left)


def test_solids_alone_are_refused_by_name() -> None:
    document, space = drawing()
    space.add_3dface([(0, 0, 0), (9, 0, 0), (9, 9, 0), (0, 9, 0)])
    design, findings = read(document)
    assert design is None
    assert "3DFACE" in " ".join(one.message for one in findings)


@pytest.mark.parametrize(
    ("code", "factor", "name"),
    [(1, 25.4, "inch"), (4, 1.0, "mm"), (5, 10.0, "cm"), (6, 1000.0, "m"), (2, 304.8, "foot")],
)
def test_the_header_unit_is_used(code: int, factor: float, name: str) -> None:
    document, space = drawing(units=code)
    rectangle(space, 0, 0, 0.8, 0.5)
    design, _ = read(document)
    assert design is not None
    assert design.size_mm == pytest.approx((0.8 * factor, 0.5 * factor))
    assert (design.unit, design.unit_source) == (name, "header")


def test_without_a_unit_millimetres_are_taken_and_said() -> None:
    document, space = drawing(units=0)
    rectangle(space, 0, 0, 123.4, 60)
    design, findings = read(document)
    assert design is not None
    assert design.unit == "mm"
    assert design.unit_source.startswith("guessed from size")
    assert "files.sheet.unit-guessed" in codes(findings)


def test_without_a_unit_lengths_round_in_inches_make_it_inches() -> None:
    document, space = drawing(units=0)
    del document.header["$MEASUREMENT"]
    rectangle(space, 0, 0, 5.875, 3.375)
    for x in (0.4375, 1.3125, 5.4375):
        space.add_circle((x, 1), 0.15625)
    design, _ = read(document)
    assert design is not None
    assert design.unit == "inch"
    assert design.size_mm == pytest.approx((149.225, 85.725))


def test_a_header_unit_that_gives_a_giant_is_doubted() -> None:
    document, space = drawing(units=1)
    rectangle(space, 0, 0, 500, 300)
    _, findings = read(document)
    assert "files.sheet.unit-doubtful" in codes(findings)


def test_an_empty_model_is_taken_from_the_paper_and_said() -> None:
    document, _ = drawing()
    rectangle(document.layout("Layout1"), 0, 0, 40, 30)
    design, findings = read(document)
    assert design is not None
    assert design.size_mm == pytest.approx((40, 30))
    assert "files.sheet.paper" in codes(findings)


def test_a_damaged_file_is_repaired_and_said() -> None:
    document, space = drawing()
    rectangle(space, 0, 0, 40, 30)
    broken = text_of(document).replace(b"\n 70\n0\n", b"\n 70\n0.0\n", 3)
    design, findings = read(broken)
    assert design is not None
    assert design.cut_mm == pytest.approx(140)
    if broken != text_of(document):
        assert not codes(findings) & {"files.sheet.malformed"}


def test_parts_openings_and_parts_in_openings_are_told_apart() -> None:
    document, space = drawing()
    for x in (0, 200):
        rectangle(space, x, 0, 100, 100)
        rectangle(space, x + 20, 20, 60, 60)
        rectangle(space, x + 40, 40, 20, 20)
    design, findings = read(document)
    assert design is not None
    assert design.pieces == 4
    assert design.area_mm2 == pytest.approx(2 * (10_000 - 3_600 + 400))
    assert sorted(one.inside for one in design.contours) == [False] * 4 + [True] * 2
    assert "files.sheet.island" in codes(findings)


def test_lines_drawn_twice_are_counted_once_and_said() -> None:
    document, space = drawing()
    rectangle(space, 0, 0, 100, 50)
    rectangle(space, 0, 0, 100, 50)
    design, findings = read(document)
    assert design is not None
    assert (design.doubles, design.pierces) == (4, 1)
    assert design.cut_mm == pytest.approx(300)
    assert "files.sheet.doubles" in codes(findings)


def test_two_parts_that_share_an_edge_are_two_pieces_and_the_edge_counts_once() -> None:
    document, space = drawing()
    for x in (0, 50):
        space.add_lwpolyline([(x, 0), (x + 50, 0), (x + 50, 40), (x, 40)], close=True)
    design, findings = read(document)
    assert design is not None
    assert design.pieces == 2
    assert design.cut_mm == pytest.approx(2 * 180 - 40)
    assert "files.sheet.overlaps" in codes(findings)


def test_parts_drawn_with_common_lines_on_a_cutting_layer_are_separated() -> None:
    document, space = drawing()
    rectangle(space, 0, 0, 100, 40, layer="CUT")
    space.add_line((50, 0), (50, 40), dxfattribs={"layer": "CUT"})
    design, _ = read(document)
    assert design is not None
    assert design.pieces == 2
    assert design.cut_mm == pytest.approx(320)


def test_open_lines_on_a_layer_that_says_nothing_are_no_cuts_but_named() -> None:
    document, space = drawing()
    rectangle(space, 0, 0, 100, 40)
    space.add_line((50, 5), (50, 35))
    design, findings = read(document)
    assert design is not None
    assert (design.pieces, design.open_ends) == (1, 1)
    assert design.cut_mm == pytest.approx(280)
    assert {"files.sheet.open", "files.sheet.guides"} <= codes(findings)


def test_many_open_lines_are_slits_and_cut() -> None:
    document, space = drawing()
    rectangle(space, 0, 0, 100, 40)
    for k in range(20):
        space.add_line((10 + 4 * k, 5), (10 + 4 * k, 35))
    design, _ = read(document)
    assert design is not None
    assert design.cut_mm == pytest.approx(280 + 600)
    assert design.pierces == 21


def test_small_gaps_are_closed_and_said() -> None:
    document, space = drawing()
    space.add_lwpolyline([(0, 0), (100, 0), (100, 40), (0, 40), (0, 0.1)])
    design, findings = read(document)
    assert design is not None
    assert design.open_ends == 0
    assert "files.sheet.gaps" in codes(findings)


def test_a_drawing_frame_with_texts_is_no_part() -> None:
    document, space = drawing()
    rectangle(space, 0, 0, 400, 277)
    for k in range(6):
        space.add_text(f"note {k}", dxfattribs={"insert": (300, 10 * k)})
    rectangle(space, 50, 50, 100, 80)
    rectangle(space, 200, 50, 90, 80)
    design, findings = read(document)
    assert design is not None
    assert design.pieces == 2
    assert design.size_mm == pytest.approx((240, 80))
    assert "files.sheet.frame" in codes(findings)


def test_a_plate_with_openings_is_no_frame() -> None:
    document, space = drawing()
    rectangle(space, 0, 0, 400, 277)
    rectangle(space, 50, 50, 100, 80)
    rectangle(space, 200, 50, 90, 80)
    design, _ = read(document)
    assert design is not None
    assert design.pieces == 1


def test_a_stock_sheet_around_parts_with_holes_is_no_part() -> None:
    document, space = drawing()
    rectangle(space, 0, 0, 2440, 1220)
    for k in range(3):
        rectangle(space, 20 + 300 * k, 20, 200, 100)
        space.add_circle((60 + 300 * k, 60), 10)
    design, findings = read(document)
    assert design is not None
    assert design.pieces == 3
    assert design.nesting[0].method == "as drawn"
    assert "files.sheet.stock-edge" in codes(findings)


@pytest.mark.parametrize("texts", [("FRONT FACE", "BOTH FACES"), ()])
def test_one_sheet_drawn_from_two_faces_is_counted_once_where_texts_say_so(texts: tuple[str, ...]) -> None:
    document, space = drawing()
    for x in (0, 3000):
        rectangle(space, x, 0, 1220, 2440, layer="SHEET")
        rectangle(space, x + 100, 100, 300, 200, layer="CUT")
        space.add_circle((x + 800, 400), 100, dxfattribs={"layer": "CUT"})
    for text in texts:
        space.add_text(text)
    design, findings = read(document)
    assert design is not None
    assert design.pieces == (2 if texts else 4)
    assert ("files.sheet.views" if texts else "files.sheet.repeated") in codes(findings)


def test_thickness_and_material_come_from_names_and_short_texts() -> None:
    document, space = drawing()
    rectangle(space, 0, 0, 100, 50)
    design, _ = read(document, "lid_3mm_acrylic.dxf")
    assert design is not None
    assert (design.thickness_mm, design.material) == (3.0, "acrylic")
    space.add_text("Thickness: 6 mm")
    design, findings = read(document, "lid_3mm_acrylic.dxf")
    assert design is not None
    assert design.thickness_mm is None
    assert "files.sheet.thickness" in codes(findings)
    design, _ = read(document, "140MM fan.dxf")
    assert design is not None
    assert design.thickness_mm == 6.0


def test_nesting_estimates_do_not_use_more_than_the_sheet() -> None:
    document, space = drawing()
    rectangle(space, 0, 0, 100, 50)
    design, _ = read(document)
    assert design is not None
    assert len(design.nesting) == 3
    for one in design.nesting:
        width, length = one.sheet_mm
        assert one.used_share == pytest.approx(one.pieces * 5_000 / (width * length), rel=1e-3)
        assert one.used_share <= 1
