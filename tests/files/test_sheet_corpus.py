"""Real drawings: figures by another way (flattening by the parser's own tools, areas by shapely)."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import ezdxf
import pytest
import shapely
from ezdxf import path as paths
from tests.files.designs import SHARED

from manyworks.files.sheets import read_sheet
from manyworks.files.sources import Source
from manyworks.model import Finding, SheetDesign

DESIGNS = SHARED / "data" / "designs"
pytestmark = pytest.mark.skipif(
    not DESIGNS.is_dir(), reason="the real designs are not beside this repository"
)

OPENDESK = "sheet-opendesk-desk/Desk.Cutting-Files-Sheet-1.dxf"
HACKRF = "sheet-hackrf-case/HackRF_One_Case_v2"
PLAIN = [
    "sheet-voron-v0-panels/Mid_Panel.dxf",
    "sheet-voron-v0-panels/Deck_Panel.dxf",
    "sheet-voron-v0-panels/Side_Panel.dxf",
    "sheet-glasgow-case/top.dxf",
    "bom-thelio/Thelio Wifi Window.dxf",
]


@cache
def read(name: str) -> tuple[SheetDesign, tuple[Finding, ...]]:
    path = DESIGNS / name
    file, findings = read_sheet(Source(path=path, name=path.name, data=path.read_bytes()))
    assert file is not None, findings
    return file.design, findings


@cache
def lines_of(name: str) -> list[Any]:
    """Every line of the model, flattened finely by the parser's own path tools."""
    document = ezdxf.readfile(DESIGNS / name)
    found = []
    for entity in document.modelspace():
        for part in entity.virtual_entities() if entity.dxftype() == "INSERT" else (entity,):
            if part.dxftype() in ("LINE", "ARC", "CIRCLE", "LWPOLYLINE", "POLYLINE", "SPLINE", "ELLIPSE"):
                points = [(p.x, p.y) for p in paths.make_path(part).flattening(0.02)]
                if len(points) > 1:
                    found.append((part.dxf.layer, shapely.LineString(points)))
    return found


@pytest.mark.parametrize("name", PLAIN)
def test_plain_parts_measure_as_by_another_way(name: str) -> None:
    design, _ = read(name)
    lines = shapely.union_all([line for _, line in lines_of(name)], grid_size=1e-4)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    outer = max(faces, key=lambda one: shapely.Polygon(one.exterior).area)
    assert design.pieces == 1
    assert design.cut_mm == pytest.approx(lines.length, rel=5e-4)
    assert design.area_mm2 == pytest.approx(outer.area, rel=1e-3)


@pytest.mark.parametrize(
    ("name", "size", "holes"),
    [
        ("sheet-voron-v0-panels/Mid_Panel.dxf", (230.0, 170.0), 10),
        ("sheet-voron-v0-panels/Deck_Panel.dxf", (209.0, 172.0), 0),
        ("sheet-voron-v0-panels/Side_Panel.dxf", (212.0, 230.0), 0),
        ("sheet-glasgow-case/top.dxf", (80.0, 49.0), 4),
        ("bom-thelio/Thelio Wifi Window.dxf", (100.0, 60.0), 0),
        ("bom-thelio/140MM Fan Spacer.dxf", (140.0, 140.0), 5),
    ],
)
def test_sizes_and_openings_are_those_in_the_picture(
    name: str, size: tuple[float, float], holes: int
) -> None:
    design, _ = read(name)
    assert design.size_mm == pytest.approx(size, abs=0.01)
    assert sum(one.inside for one in design.contours) == holes


def test_the_opendesk_sheet_is_counted_once_and_only_where_it_is_cut() -> None:
    design, findings = read(OPENDESK)
    boards = [line.bounds for layer, line in lines_of(OPENDESK) if layer.startswith("BOARD")]
    x0, y0, x1, y1 = min(boards)
    front = [
        line
        for layer, line in lines_of(OPENDESK)
        if layer.startswith("TOP-CUT") and x0 <= line.centroid.x <= x1 and y0 <= line.centroid.y <= y1
    ]
    length = shapely.union_all(front, grid_size=1e-4).length
    assert design.cut_mm == pytest.approx(length, rel=2e-3)
    assert design.cut_mm < 30_000  # all layers and views together give 113 m
    assert (design.thickness_mm, design.pieces) == (18.0, 19)
    # One fillet from the top and one from the reverse face, drawn mirrored, of 2,410 mm each.
    assert design.engrave_mm == pytest.approx(2 * 2409.5, abs=1)
    assert design.nesting[0].sheet_mm == pytest.approx((1220, 2440))
    assert "files.sheet.views" in {one.code for one in findings}


def test_the_opendesk_layers_are_taken_by_name_and_none_is_lost() -> None:
    design, _ = read(OPENDESK)
    document = ezdxf.readfile(DESIGNS / OPENDESK)
    drawn = sum(
        len(list(one.virtual_entities())) if one.dxftype() == "INSERT" else 1 for one in document.modelspace()
    )
    assert sum(layer.entities for layer in design.layers) == drawn
    roles = {layer.name: layer.role for layer in design.layers}
    assert roles["BOARD_18MM-NOMINAL"] == "sheet"
    assert roles["TOP-POCKET-INSIDE_09MM"] == "pocket"
    assert roles["00-NOPRINT_TEXT"] == roles["00_NOPRINT_TOLERANCE"] == "note"


def test_the_same_case_as_svg_and_dxf_gives_the_same_numbers() -> None:
    vector, _ = read(f"{HACKRF}.svg")
    drawn, findings = read(f"{HACKRF}.dxf")
    for name in ("area_mm2", "cut_mm", "min_web_mm", "min_hole_mm"):
        assert getattr(drawn, name) == pytest.approx(getattr(vector, name), rel=0.01)
    assert drawn.size_mm == pytest.approx(vector.size_mm, rel=0.01)
    assert (drawn.pieces, drawn.pierces) == (vector.pieces, vector.pierces)
    # The DXF holds four lines more, of 5, 112, 122 and 77 mm, that close nothing: guides.
    assert drawn.open_ends == 4
    assert "files.sheet.guides" in {one.code for one in findings}


def test_the_framework_outline_is_drawn_twice_and_counted_once() -> None:
    design, _ = read("solid-framework-expansion-card/ExpansionCard_Printable_Outline.dxf")
    assert design.doubles == 32
    assert design.pieces == 1
    assert design.size_mm == pytest.approx((26.05, 29.70), abs=0.01)
    assert [round(one.diameter_mm or 0, 2) for one in design.contours if one.inside] == [2.2, 2.2]


def test_every_part_of_the_corpus_fits_its_nesting() -> None:
    for path in sorted(DESIGNS.rglob("*.dxf")) + sorted(DESIGNS.rglob("*.svg")):
        design, _ = read(str(path.relative_to(DESIGNS)))
        assert design.nesting
        assert all(0 < one.used_share <= 1 and one.pieces > 0 for one in design.nesting)
        assert all(math.isfinite(v) for one in design.contours for p in one.points_mm for v in p)
