"""DXF of the clothing industry: pieces as blocks, texts, mirror and grain lines, sizes, units."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import ezdxf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from manyworks.files.garments import is_garment, read_garment
from manyworks.files.sources import Source
from manyworks.model import Finding, GarmentDesign, Severity

BOX = [(0, 0), (300, 0), (300, 500), (0, 500)]


class Style:
    """A pattern file as exporters write it: one block for each piece, style texts in the drawing."""

    def __init__(self, *texts: str, units: str = "Units: METRIC", version: str = "R12") -> None:
        self.document = ezdxf.new(version)
        self.space = self.document.modelspace()
        for text in ("Style Name: SKIRT", "ANSI/AAMA VERSION: 1.0.0", units, *texts):
            if text:
                self.space.add_text(text, dxfattribs={"layer": "1"})

    def piece(self, name: str, outline: list[tuple[float, float]], *texts: str, block: str = "") -> Any:
        layout = self.document.blocks.new(block or name.replace(" ", "_"))
        layout.add_polyline2d(outline, close=True, dxfattribs={"layer": "1"})
        for text in (f"Piece Name: {name}", *texts):
            layout.add_text(text, dxfattribs={"layer": "1"})
        self.space.add_blockref(block or name.replace(" ", "_"), (0, 0))
        return layout

    def source(self) -> Source:
        stream = io.StringIO()
        self.document.write(stream)
        return Source(path=Path("skirt.dxf"), name="skirt.dxf", data=stream.getvalue().encode())

    def read(self) -> tuple[GarmentDesign | None, tuple[Finding, ...]]:
        return read(self.source())

    def design(self) -> GarmentDesign:
        design, findings = self.read()
        assert design is not None, findings
        return design


def read(source: Source) -> tuple[GarmentDesign | None, tuple[Finding, ...]]:
    file, findings = read_garment(source)
    assert (file is None) == any(one.severity is Severity.ERROR for one in findings)
    return (file.design if file else None), findings


def codes(findings: tuple[Finding, ...]) -> set[str]:
    return {one.code for one in findings}


def test_pieces_have_name_quantity_fabric_size_and_area() -> None:
    style = Style()
    style.piece("FRONT", BOX, "Quantity: 2", "Material: SELF", "Size: 38")
    style.piece("POCKET BAG", [(0, 0), (100, 0), (100, 150)], "Quantity: 1,1", "Material: LINING", "Size: 38")
    design = style.design()
    assert [(p.name, p.pieces, p.fabric) for p in design.panels] == [
        ("FRONT", 2, "SELF"),
        ("POCKET BAG", 2, "LINING"),
    ]
    assert design.pieces == 4
    assert design.size_name == "38"
    assert design.area_mm2 == pytest.approx(2 * 150_000 + 2 * 7_500)
    assert design.cut_mm == pytest.approx(2 * 1600 + 2 * (250 + (100**2 + 150**2) ** 0.5))
    assert (design.unit, design.unit_source) == ("mm", "stated (METRIC)")


def test_every_fabric_has_markers_of_its_own() -> None:
    style = Style()
    style.piece("FRONT", BOX, "Material: SELF")
    style.piece("LINING", BOX, "Material: SILK")
    methods = [one.method for one in style.design().marker]
    assert len(methods) == 6
    assert sum("SELF" in one for one in methods) == sum("SILK" in one for one in methods) == 3


@pytest.mark.parametrize(
    ("units", "scale", "name"),
    [("Units: METRIC", 1, "mm"), ("UNITS: ENGLISH", 25.4, "inch"), ("Units: cm", 10, "cm")],
)
def test_the_stated_unit_is_used(units: str, scale: float, name: str) -> None:
    style = Style(units=units)
    style.piece("FRONT", [(0, 0), (90, 0), (90, 120), (0, 120)])
    design = style.design()
    assert design.area_mm2 == pytest.approx(10_800 * scale**2)
    assert design.unit == name


def test_without_a_unit_it_is_guessed_and_said() -> None:
    style = Style(units="")
    style.piece("FRONT", [(0, 0), (12, 0), (12, 20), (0, 20)])
    design, findings = style.read()
    assert design is not None
    assert design.unit == "inch"
    assert "files.garment.unit" in codes(findings)


def test_metric_pieces_of_the_size_of_a_thumb_are_centimetres() -> None:
    style = Style()
    style.piece("FRONT", [(0, 0), (30, 0), (30, 50), (0, 50)])
    design, findings = style.read()
    assert design is not None
    assert design.area_mm2 == pytest.approx(150_000)
    assert "files.garment.unit" in codes(findings)


def test_a_half_piece_is_unfolded_at_its_mirror_line() -> None:
    style = Style()
    back = style.piece("BACK", BOX, "Quantity: 1")
    back.add_line((0, 0), (0, 500), dxfattribs={"layer": "6"})
    back.add_circle((100, 100), 10, dxfattribs={"layer": "11"})
    design = style.design()
    panel = design.panels[0]
    assert panel.pieces == 1
    assert panel.area_mm2 == pytest.approx(2 * 150_000 - 2 * 314.16, rel=1e-4)
    assert panel.perimeter_mm == pytest.approx(2 * 600 + 2 * 500 + 2 * 62.83, rel=1e-3)
    xs = [x for x, _ in panel.outline_mm]
    assert (min(xs), max(xs)) == pytest.approx((-300, 300))


def test_a_whole_piece_with_a_line_in_its_middle_is_not_unfolded() -> None:
    style = Style()
    back = style.piece("BACK", BOX)
    back.add_line((150, 0), (150, 500), dxfattribs={"layer": "6"})
    design, findings = style.read()
    assert design is not None
    assert design.area_mm2 == pytest.approx(150_000)
    assert "files.garment.mirror" in codes(findings)


def test_the_grain_line_turns_the_piece_on_the_cloth() -> None:
    def marker(angle: tuple[float, float]) -> tuple[GarmentDesign, float]:
        style = Style()
        front = style.piece("FRONT", [(0, 0), (1300, 0), (1300, 200), (0, 200)])
        front.add_line((0, 0), angle, dxfattribs={"layer": "7"})
        design = style.design()
        return design, design.marker[-1].sheet_mm[1]

    along, length = marker((100, 0))
    assert along.panels[0].grain_deg == pytest.approx(0)
    assert length == pytest.approx(1300, abs=5)
    across, length = marker((0, 100))
    assert across.panels[0].grain_deg == pytest.approx(90)
    assert length == pytest.approx(200, abs=5)


def test_notches_of_every_kind_are_counted() -> None:
    style = Style()
    front = style.piece("FRONT", BOX)
    for layer in ("4", "80", "83"):
        front.add_point((0, 100), dxfattribs={"layer": layer})
    front.add_line((0, 200), (5, 200), dxfattribs={"layer": "4"})
    front.add_point((0, 0), dxfattribs={"layer": "2"})
    assert style.design().panels[0].notches == 4


def test_cut_outs_are_cut_and_are_no_cloth() -> None:
    style = Style()
    front = style.piece("FRONT", BOX)
    front.add_polyline2d(
        [(100, 100), (150, 100), (150, 150), (100, 150)], close=True, dxfattribs={"layer": "11"}
    )
    panel = style.design().panels[0]
    assert panel.area_mm2 == pytest.approx(150_000 - 2_500)
    assert panel.perimeter_mm == pytest.approx(1800)


def test_sew_lines_give_allowance_and_seams() -> None:
    style = Style()
    front = style.piece("FRONT", BOX, "Quantity: 2")
    front.add_polyline2d([(12, 12), (288, 12), (288, 488), (12, 488), (12, 12)], dxfattribs={"layer": "14"})
    design, findings = style.read()
    assert design is not None
    assert design.allowance_mm == pytest.approx(12, abs=0.1)
    assert design.seam_mm == pytest.approx(2 * (2 * 276 + 2 * 476) / 2)
    assert "files.garment.seams" in codes(findings)


def test_without_sew_lines_the_outline_is_taken_as_cut_and_said() -> None:
    style = Style()
    style.piece("FRONT", BOX)
    design, findings = style.read()
    assert design is not None
    assert design.allowance_mm is None
    assert "files.garment.allowance" in codes(findings)
    assert "allowance added" not in design.marker[0].method


def test_of_several_sizes_the_sample_size_is_taken() -> None:
    style = Style("Sample Size: M")
    for k, size in enumerate("SML"):
        width = 280 + 20 * k
        outline = [(0, 0), (width, 0), (width, 500), (0, 500)]
        style.piece("FRONT", outline, f"Size: {size}", block=f"FRONT_{size}")
    design, findings = style.read()
    assert design is not None
    assert (design.size_name, design.pieces) == ("M", 1)
    assert design.area_mm2 == pytest.approx(300 * 500)
    assert "files.garment.sizes" in codes(findings)


def test_a_boundary_of_single_lines_closes() -> None:
    style = Style()
    layout = style.document.blocks.new("YOKE")
    for a, b in zip(BOX, BOX[1:] + BOX[:1], strict=True):
        layout.add_line(a, b, dxfattribs={"layer": "1"})
    layout.add_text("Piece Name: YOKE", dxfattribs={"layer": "1"})
    style.space.add_blockref("YOKE", (0, 0))
    assert style.design().area_mm2 == pytest.approx(150_000)


def test_an_open_boundary_is_an_error_that_names_the_piece() -> None:
    style = Style()
    layout = style.document.blocks.new("CUFF")
    layout.add_polyline2d(BOX, dxfattribs={"layer": "1"})
    layout.add_text("Piece Name: CUFF", dxfattribs={"layer": "1"})
    style.space.add_blockref("CUFF", (0, 0))
    design, findings = style.read()
    assert design is None
    assert any("CUFF" in one.message for one in findings)


@pytest.mark.parametrize("quantity", ["0", "many", "99999"])
def test_a_quantity_that_is_none_is_one_and_said(quantity: str) -> None:
    style = Style()
    style.piece("FRONT", BOX, f"Quantity: {quantity}")
    design, findings = style.read()
    assert design is not None
    assert design.pieces == 1
    assert "files.garment.quantity" in codes(findings)


def test_what_is_not_used_is_named() -> None:
    style = Style()
    front = style.piece("FRONT", BOX)
    front.add_line((10, 10), (50, 50), dxfattribs={"layer": "8"})
    front.add_line((10, 10), (50, 50), dxfattribs={"layer": "99"})
    _, findings = style.read()
    said = " ".join(one.message for one in findings if one.code == "files.garment.left-out")
    assert "internal lines" in said
    assert "layer 99" in said


def test_a_pattern_without_blocks_is_read_from_the_drawing() -> None:
    style = Style("Piece Name: LOOSE")
    style.space.add_polyline2d(BOX, close=True, dxfattribs={"layer": "1"})
    style.space.add_polyline2d([(x + 400, y) for x, y in BOX], close=True, dxfattribs={"layer": "1"})
    assert style.design().pieces == 2


def test_patterns_are_told_from_other_drawings() -> None:
    style = Style()
    style.piece("FRONT", BOX)
    assert is_garment(style.source())
    plain = ezdxf.new("R2010")
    plain.modelspace().add_circle((0, 0), 5)
    stream = io.StringIO()
    plain.write(stream)
    assert not is_garment(Source(path=Path("a.dxf"), name="a.dxf", data=stream.getvalue().encode()))
    assert not is_garment(Source(path=Path("a.txt"), name="a.txt", data=b"Piece Name: FRONT"))


def test_a_pattern_without_pieces_is_refused() -> None:
    design, findings = Style("Piece Name: NONE").read()
    assert design is None
    assert "files.garment.no-pieces" in codes(findings)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_random_damage_raises_nothing(data: st.DataObject) -> None:
    style = Style()
    style.piece("FRONT", BOX, "Quantity: 2")
    lines = style.source().data.decode().split("\n")
    start = lines.index("BLOCKS")
    for _ in range(4):
        at = data.draw(st.integers(start, len(lines) - 1))
        lines[at] = data.draw(st.sampled_from(["", "nan", "0", "1e308", "POLYLINE", "8", "70", "x", "-1"]))
    read(Source(path=Path("a.dxf"), name="a.dxf", data="\n".join(lines).encode()))
