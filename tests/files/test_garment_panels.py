"""Panel files: curves of every form, stitches, units, and what is wrong with them."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon
from tests.files.designs import SHARED

from manyworks.files.garments import is_garment, read_garment
from manyworks.files.garments.edges import EdgeError, edge_points
from manyworks.files.sources import Source
from manyworks.model import Finding, GarmentDesign, Severity
from manyworks.shapes.contour_sets import length_of

DESIGNS = SHARED / "data" / "designs" / "garment-korosteleva"


def source(document: Any, name: str = "shirt.json") -> Source:
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    return Source(path=Path(name), name=name, data=data)


def read(document: Any) -> tuple[GarmentDesign | None, tuple[Finding, ...]]:
    file, findings = read_garment(source(document))
    assert (file is None) == any(one.severity is Severity.ERROR for one in findings)
    return (file.design if file else None), findings


def design_of(document: Any) -> GarmentDesign:
    design, findings = read(document)
    assert design is not None, findings
    return design


def rectangle(width: float, height: float, **curves: Any) -> dict[str, Any]:
    """Edges 0 to 3 from the lower left corner; ``e2=curvature`` bends one."""
    edges: list[dict[str, Any]] = [{"endpoints": [k, (k + 1) % 4]} for k in range(4)]
    for name, curvature in curves.items():
        edges[int(name[1])]["curvature"] = curvature
    return {"vertices": [[0, 0], [width, 0], [width, height], [0, height]], "edges": edges}


def pattern(panels: dict[str, Any], stitches: list[Any] | None = None, **properties: Any) -> dict[str, Any]:
    return {
        "pattern": {"panels": panels, "stitches": stitches or []},
        "properties": {"units_in_meter": 100, "curvature_coords": "relative", **properties},
    }


def stitch(panel: str, edge: int, other: str, other_edge: int) -> list[dict[str, Any]]:
    return [{"panel": panel, "edge": edge}, {"panel": other, "edge": other_edge}]


def codes(findings: tuple[Finding, ...]) -> set[str]:
    return {one.code for one in findings}


def test_two_panels_sewn_at_the_sides_are_a_skirt() -> None:
    document = pattern(
        {"front": rectangle(50, 60), "back": rectangle(50, 60)},
        [stitch("front", 1, "back", 3), stitch("front", 3, "back", 1)],
    )
    design = design_of(document)
    assert design.pieces == 2
    assert design.area_mm2 == pytest.approx(2 * 500 * 600)
    assert design.cut_mm == pytest.approx(2 * 2200)
    assert design.seam_mm == pytest.approx(2 * 600)
    assert design.hem_mm == pytest.approx(4 * 500)
    assert [(one.first, one.second, one.ease) for one in design.seams] == [
        ("front:1", "back:3", 0.0),
        ("front:3", "back:1", 0.0),
    ]


@pytest.mark.parametrize(("units", "factor"), [(100, 10), (1000, 1), (1, 1000), (300, 10 / 3), (39.37, 25.4)])
def test_the_stated_unit_is_used(units: float, factor: float) -> None:
    design = design_of(pattern({"a": rectangle(2, 3)}, units_in_meter=units))
    assert design.cut_mm == pytest.approx(10 * factor, rel=1e-4)
    assert design.unit_source.startswith("stated")


def test_a_missing_unit_is_guessed_and_said() -> None:
    document = pattern({"a": rectangle(45, 60)})
    del document["properties"]["units_in_meter"]
    design, findings = read(document)
    assert design is not None
    assert design.cut_mm == pytest.approx(2100)
    assert "files.garment.unit" in codes(findings)
    assert design.unit_source.startswith("guessed")


def test_a_quadratic_curve_has_the_length_of_the_theory() -> None:
    points = edge_points((0.0, 0.0), (2.0, 0.0), [0.5, 0.5], absolute=False)
    # Control (1, 1): a parabola of height 0.5 over a chord of 2.
    expected = math.sqrt(2) + math.asinh(1)
    assert length_of(points) == pytest.approx(expected, rel=2e-4)
    assert max(y for _, y in points) == pytest.approx(0.5, abs=1e-3)


@settings(max_examples=60, deadline=None)
@given(
    angle=st.floats(0, math.tau),
    scale=st.floats(0.1, 100),
    control=st.tuples(st.floats(-1, 2), st.floats(-2, 2)),
)
def test_relative_curves_turn_and_grow_with_their_edge(
    angle: float, scale: float, control: tuple[float, float]
) -> None:
    end = (scale * math.cos(angle), scale * math.sin(angle))
    there = edge_points((0.0, 0.0), end, list(control), absolute=False)
    plain = edge_points((0.0, 0.0), (1.0, 0.0), list(control), absolute=False)
    assert length_of(there) == pytest.approx(scale * length_of(plain), rel=1e-6)


def test_absolute_and_relative_controls_agree() -> None:
    relative = edge_points((1.0, 2.0), (5.0, 4.0), [0.25, 0.5], absolute=False)
    # A quarter along (4, 2), half across to the left (-2, 4).
    absolute = edge_points((1.0, 2.0), (5.0, 4.0), [1 + 1 - 1, 2 + 0.5 + 2], absolute=True)
    assert [v for p in relative for v in p] == pytest.approx([v for p in absolute for v in p])


def test_the_forms_of_a_quadratic_curve_are_one() -> None:
    forms: list[Any] = [[0.3, 0.4], [[0.3, 0.4]], {"type": "quadratic", "params": [[0.3, 0.4]]}]
    drawn = [edge_points((0.0, 0.0), (3.0, 1.0), form, absolute=False) for form in forms]
    assert drawn[0] == drawn[1] == drawn[2]


def test_a_cubic_curve_with_controls_on_thirds_is_straight() -> None:
    points = edge_points(
        (0.0, 0.0), (3.0, 0.0), {"type": "cubic", "params": [[1 / 3, 0], [2 / 3, 0]]}, absolute=False
    )
    assert length_of(points) == pytest.approx(3.0)


@pytest.mark.parametrize("large", [0, 1])
@pytest.mark.parametrize("right", [0, 1])
def test_a_circle_has_its_radius_side_and_size(large: int, right: int) -> None:
    points = edge_points(
        (0.0, 0.0), (2.0, 0.0), {"type": "circle", "params": [2.0, large, right]}, absolute=False
    )
    half = math.asin(0.5)
    expected = 2.0 * (math.tau - 2 * half if large else 2 * half)
    assert length_of(points) == pytest.approx(expected, rel=1e-3)
    # To the right of the way from (0, 0) to (2, 0) is below.
    assert (points[len(points) // 2][1] < 0) == bool(right)


@pytest.mark.parametrize(
    "curvature",
    [
        "x",
        [1],
        [1, "a"],
        [math.nan, 1],
        {"type": "helix", "params": []},
        {"type": "circle", "params": [1]},
        {"type": "cubic", "params": [[1, 2]]},
        {},
    ],
)
def test_curves_that_make_no_sense_are_refused(curvature: Any) -> None:
    with pytest.raises(EdgeError):
        edge_points((0.0, 0.0), (1.0, 0.0), curvature, absolute=False)


def test_edges_of_different_length_are_eased_and_said() -> None:
    document = pattern(
        {"sleeve": rectangle(33, 20), "body": rectangle(30, 20)}, [stitch("sleeve", 2, "body", 0)]
    )
    design, findings = read(document)
    assert design is not None
    assert design.seams[0].ease == pytest.approx(0.1)
    assert design.seam_mm == pytest.approx(315)
    assert "files.garment.ease" in codes(findings)


@pytest.mark.parametrize(
    "given",
    [
        {"from": {"panel": "a", "edge": 1}, "to": {"panel": "b", "edge": 3}},
        [{"panel": "a", "edge": 1}, {"panel": "b", "edge": 3}, "right_wrong"],
        [[{"panel": "a", "edge": 1}], [{"panel": "b", "edge": [3]}]],
    ],
)
def test_every_form_of_a_stitch_is_read(given: Any) -> None:
    design = design_of(pattern({"a": rectangle(50, 60), "b": rectangle(50, 60)}, [given]))
    assert design.seam_mm == pytest.approx(600)


def test_one_edge_may_be_sewn_to_several() -> None:
    sides = [[{"panel": "a", "edge": 0}], [{"panel": "b", "edge": 0}, {"panel": "b", "edge": 2}]]
    design = design_of(pattern({"a": rectangle(60, 20), "b": rectangle(30, 20)}, [sides]))
    assert design.seams[0].second_mm == pytest.approx(600)
    assert design.hem_mm == pytest.approx(2 * 200 + 600 + 2 * 200)


@pytest.mark.parametrize(
    "given",
    [
        stitch("a", 9, "a", 0),
        stitch("a", 0, "ghost", 0),
        [{"panel": "a", "edge": 0}],
        "x",
        [None, None],
        [{"panel": "a", "edge": True}, {"panel": "a", "edge": 1}],
    ],
)
def test_a_stitch_of_edges_that_are_not_there_is_named_and_not_used(given: Any) -> None:
    design, findings = read(pattern({"a": rectangle(50, 60)}, [given]))
    assert design is not None
    assert design.seams == ()
    assert "files.garment.stitches" in codes(findings)


def test_edges_in_any_order_and_direction_close() -> None:
    panel = rectangle(50, 60)
    panel["edges"] = [{"endpoints": ends} for ends in ([0, 1], [3, 2], [1, 2], [0, 3])]
    assert design_of(pattern({"a": panel})).area_mm2 == pytest.approx(300_000)


@pytest.mark.parametrize(
    "panel",
    [
        {},
        {"vertices": [[0, 0], [1, 0]], "edges": []},
        {"vertices": [[0, 0], [9, 0], [9, 9]], "edges": [{"endpoints": [0, 1]}, {"endpoints": [1, 2]}]},
        {"vertices": [[0, 0], [9, 0], [9, 9]], "edges": [{"endpoints": [0, 7]}, {"endpoints": [1, 2]}]},
        {"vertices": [[0, 0], ["x", 0], [9, 9]], "edges": [{"endpoints": [0, 1]}, {"endpoints": [1, 0]}]},
        {"vertices": [[0, 0], [9, 0]], "edges": [{"endpoints": [0, 1]}, {"endpoints": [1, 0]}]},
        {
            "vertices": [[0, 0], [1e300, 0], [9, 9]],
            "edges": [{"endpoints": [0, 1]}, {"endpoints": [1, 2]}, {"endpoints": [2, 0]}],
        },
        17,
    ],
)
def test_a_panel_that_encloses_nothing_is_an_error_that_names_it(panel: Any) -> None:
    design, findings = read(pattern({"good": rectangle(9, 9), "odd one": panel}))
    assert design is None
    assert any("odd one" in one.message for one in findings)


def test_the_marker_holds_all_pieces_along_the_grain() -> None:
    document = pattern({f"p{k}": rectangle(30 + k, 60) for k in range(6)})
    design, findings = read(document)
    assert design is not None
    assert [one.sheet_mm[0] for one in design.marker] == sorted(one.sheet_mm[0] for one in design.marker)
    for one in design.marker:
        width, length = one.sheet_mm
        grown = sum((300 + 10 * k + 20) * 620 for k in range(6))
        assert one.pieces == 6
        assert one.used_share == pytest.approx(grown / (width * length), rel=1e-2)
        assert length >= 620  # upright pieces lie lengthwise on the cloth
    assert {"files.garment.allowance", "files.garment.grain"} <= codes(findings)


def test_pieces_too_wide_for_any_cloth_are_said() -> None:
    design, findings = read(pattern({"tent": rectangle(400, 400)}))
    assert design is not None
    assert design.marker == ()
    assert "files.garment.too-wide" in codes(findings)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (json.dumps(pattern({"a": rectangle(1, 1)})).encode(), True),
        (json.dumps({"panels": {"a": {}}}).encode(), True),
        (b'\xef\xbb\xbf{"pattern": {"panels": {}}}', True),
        (b'{"panels": [1]}', False),
        (b'{"pattern": 3, "panels": 1}', False),
        (b"{" * 100_000 + b'"panels"', False),
        (b"[1, 2]", False),
        (b"not json panels", False),
        (b"", False),
    ],
)
def test_panel_files_are_known_by_their_content(data: bytes, expected: bool) -> None:
    assert is_garment(source(data)) is expected


@settings(max_examples=80, deadline=None)
@given(
    document=st.recursive(
        st.one_of(st.none(), st.booleans(), st.floats(), st.integers(-5, 5), st.text(max_size=5)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=4),
            st.dictionaries(
                st.sampled_from(
                    [
                        "pattern",
                        "panels",
                        "edges",
                        "vertices",
                        "endpoints",
                        "curvature",
                        "type",
                        "params",
                        "stitches",
                        "panel",
                        "edge",
                        "properties",
                        "units_in_meter",
                    ]
                ),
                inner,
                max_size=4,
            ),
        ),
        max_leaves=20,
    )
)
def test_random_documents_raise_nothing(document: Any) -> None:
    read(
        {
            "pattern": {"panels": {"a": document, "b": rectangle(3, 3)}, "stitches": document},
            "properties": document,
        }
    )
    read(document)


@pytest.mark.skipif(not DESIGNS.is_dir(), reason="the real designs are not beside this repository")
@pytest.mark.parametrize(
    ("name", "pieces", "seams"), [("tee", 6, 12), ("wb_pants_straight", 6, 12), ("jumpsuit", 10, 22)]
)
def test_real_patterns_measure_as_by_another_way(name: str, pieces: int, seams: int) -> None:
    raw = json.loads((DESIGNS / f"{name}.json").read_text())
    file, _ = read_garment(source((DESIGNS / f"{name}.json").read_bytes()))
    assert file is not None
    design = file.design
    assert (design.pieces, len(design.seams)) == (pieces, seams)
    scale = 1000 / raw["properties"]["units_in_meter"]
    area = cut = 0.0
    for panel in raw["pattern"]["panels"].values():
        ring = [p for edge in panel["edges"] for p in by_de_casteljau(edge, panel["vertices"])[:-1]]
        polygon = Polygon([(x * scale, y * scale) for x, y in ring])
        area, cut = area + polygon.area, cut + polygon.length
    assert design.area_mm2 == pytest.approx(area, rel=5e-4)
    assert design.cut_mm == pytest.approx(cut, rel=5e-4)
    sewn = {(side["panel"], side["edge"]) for one in raw["pattern"]["stitches"] for side in one}
    edges = sum(len(panel["edges"]) for panel in raw["pattern"]["panels"].values())
    assert design.hem_mm > 0
    assert 2 * design.seam_mm + design.hem_mm == pytest.approx(design.cut_mm)
    assert len(sewn) < edges


def by_de_casteljau(edge: dict[str, Any], vertices: list[list[float]]) -> list[tuple[float, float]]:
    (x0, y0), (x1, y1) = (vertices[k] for k in edge["endpoints"])
    if "curvature" not in edge:
        return [(x0, y0), (x1, y1)]
    cx, cy = edge["curvature"]
    control = complex(x0, y0) + complex(cx, cy) * complex(x1 - x0, y1 - y0)
    points = []
    for k in range(201):
        t = k / 200
        a = (1 - t) * complex(x0, y0) + t * control
        b = (1 - t) * control + t * complex(x1, y1)
        point = (1 - t) * a + t * b
        points.append((point.real, point.imag))
    return points
