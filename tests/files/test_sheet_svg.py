"""SVG drawings: sizes and units, shapes, transforms, styles, layers, uses, and what is no line."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import pytest

from manyworks.files.sheets import read_sheet
from manyworks.files.sources import Source
from manyworks.model import Finding, Severity, SheetDesign

NS = (
    'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"'
)
# Length of the cubic curve below by the Bernstein formula in ten thousand chords.
_STEPS = [k / 10_000 for k in range(10_001)]
_CURVE = [(30 * (3 * t * t - 2 * t**3), 60 * t * (1 - t)) for t in _STEPS]
CUBIC = sum(math.dist(a, b) for a, b in pairwise(_CURVE))
LINE = 'fill="none" stroke="#000"'


def read(body: str, head: str = 'width="200mm" height="100mm" viewBox="0 0 200 100"') -> tuple:
    data = f"<svg {NS} {head}>{body}</svg>".encode()
    file, findings = read_sheet(Source(path=Path("a.svg"), name="a.svg", data=data))
    assert (file is None) == any(one.severity is Severity.ERROR for one in findings)
    return (file.design if file else None), findings


def design_of(body: str, head: str = 'width="200mm" height="100mm" viewBox="0 0 200 100"') -> SheetDesign:
    design, findings = read(body, head)
    assert design is not None, findings
    return design


def codes(findings: tuple[Finding, ...]) -> set[str]:
    return {one.code for one in findings}


@pytest.mark.parametrize(
    ("head", "side"),
    [
        ('width="200mm" height="100mm" viewBox="0 0 200 100"', 50.0),
        ('width="20cm" height="10cm" viewBox="0 0 400 200"', 25.0),
        ('width="4in" height="2in" viewBox="0 0 400 200"', 12.7),
        ('width="144pt" viewBox="0 0 144 100"', 50 * 25.4 / 72),
        ('width="200mm" height="400mm" viewBox="0 0 200 100"', 50.0),
        ('viewBox="0 0 200 100"', 50 * 25.4 / 96),
        ('width="200" height="100"', 50 * 25.4 / 96),
        ('width="200px" height="100px" viewBox="0 0 100 50"', 100 * 25.4 / 96),
        ('width="200" inkscape:version="0.91 r13725"', 50 * 25.4 / 90),
        ('width="200" inkscape:version="0.92.3"', 50 * 25.4 / 96),
        ('width="200" inkscape:version="1.2"', 50 * 25.4 / 96),
        ('width="100%" height="100%" viewBox="0 0 200 100"', 50 * 25.4 / 96),
    ],
)
def test_the_size_follows_width_view_box_and_program(head: str, side: float) -> None:
    design = design_of(f'<rect x="10" y="10" width="50" height="50" {LINE}/>', head)
    assert design.size_mm == pytest.approx((side, side))
    stated = any(unit in head for unit in ("mm", "cm", '"4in', "pt"))
    assert (design.unit_source == "stated") == stated


def test_illustrator_draws_at_72_pixels_per_inch() -> None:
    data = (
        f'<!-- Generator: Adobe Illustrator 25 --><svg {NS} width="72" height="72">'
        f'<rect width="72" height="36" {LINE}/></svg>'
    )
    file, findings = read_sheet(Source(path=Path("a.svg"), name="a.svg", data=data.encode()))
    assert file is not None
    assert file.design.size_mm == pytest.approx((25.4, 12.7))
    assert "files.sheet.unit-guessed" in codes(findings)


@pytest.mark.parametrize(
    ("shape", "area", "length"),
    [
        ('<rect x="1" y="2" width="30" height="20" {0}/>', 600, 100),
        ('<rect width="30" height="20" rx="5" {0}/>', 600 - (4 - math.pi) * 25, 60 + 10 * math.pi),
        ('<circle cx="20" cy="20" r="10" {0}/>', 100 * math.pi, 20 * math.pi),
        ('<ellipse cx="20" cy="20" rx="10" ry="10" {0}/>', 100 * math.pi, 20 * math.pi),
        ('<polygon points="0,0 30,0 30,40" {0}/>', 600, 120),
        ('<polyline points="0,0 30,0 30,40 0,0" {0}/>', 600, 120),
        ('<path d="M0 0h30v20h-30z" {0}/>', 600, 100),
        ('<path d="m10,0 a10 10 0 1 0 0.0001,0z" {0}/>', 100 * math.pi, 20 * math.pi),
        ('<path d="M0 0 Q 15 30 30 0 Z" {0}/>', 300, 30 + 44.37),
        ('<path d="M0 0 C 0 20 30 20 30 0 Z" {0}/>', 360, 30 + CUBIC),
        ('<g transform="translate(5 5) rotate(30)"><rect width="30" height="20" {0}/></g>', 600, 100),
        (
            '<g transform="scale(2)"><g transform="matrix(0 1 -1 0 3 4)">'
            '<rect width="15" height="10" {0}/></g></g>',
            600,
            100,
        ),
        ('<g transform="scale(-1 1)"><polygon points="0,0 30,0 30,40" {0}/></g>', 600, 120),
        ('<svg x="10" y="10"><rect width="30" height="20" {0}/></svg>', 600, 100),
        ('<line x1="0" y1="0" x2="30" y2="0" {0}/><polyline points="30,0 30,40 0,0" {0}/>', 600, 120),
    ],
)
def test_every_shape_measures_as_theory_says(shape: str, area: float, length: float) -> None:
    design = design_of(shape.replace("{0}", LINE))
    assert design.area_mm2 == pytest.approx(area, rel=2e-3)
    assert design.cut_mm == pytest.approx(length, rel=2e-3)


def test_a_path_of_several_lines_is_several_contours() -> None:
    design = design_of(f'<path d="M0 0h100v80h-100z M10 10h10v10h-10z m30 0h10v10h-10z" {LINE}/>')
    assert (design.pieces, design.pierces) == (1, 3)
    assert sum(layer.used for layer in design.layers) == sum(layer.entities for layer in design.layers) == 3


def test_uses_and_symbols_are_written_out() -> None:
    body = (
        f'<defs><g id="hole"><circle r="2" {LINE}/></g>'
        f'<symbol id="s"><rect width="5" height="5" {LINE}/></symbol></defs>'
        f'<rect width="100" height="80" {LINE}/><use href="#hole" x="20" y="20"/>'
        '<use xlink:href="#hole" transform="translate(40 20)"/><use href="#s" x="60" y="20"/>'
    )
    design = design_of(body)
    assert design.pierces == 4
    assert sorted(one.diameter_mm for one in design.contours if one.diameter_mm) == pytest.approx([4, 4])


def test_a_use_of_itself_ends_and_is_named() -> None:
    design, findings = read(f'<g id="a"><use href="#a"/><rect width="10" height="10" {LINE}/></g>')
    assert design is not None
    assert any("uses itself" in one.message for one in findings)


def test_inkscape_layers_tell_their_role() -> None:
    body = "".join(
        f'<g inkscape:groupmode="layer" inkscape:label="{label}">'
        f'<rect x="{x}" y="5" width="{w}" height="{w}" {LINE}/></g>'
        for label, x, w in (("Schnitt", 0, 80), ("Gravur", 10, 20), ("Notizen text", 40, 10))
    )
    design = design_of(body)
    assert {one.name: one.role for one in design.layers} == {
        "Schnitt": "cut",
        "Gravur": "engrave",
        "Notizen text": "note",
    }
    assert design.cut_mm == pytest.approx(320)
    assert design.engrave_mm == pytest.approx(80)


def test_ids_that_somebody_chose_are_layers() -> None:
    body = (
        f'<g id="cut"><rect width="80" height="80" {LINE}/></g>'
        f'<g id="engrave"><rect x="9" y="9" width="9" height="9" {LINE}/></g>'
    )
    assert {one.name for one in design_of(body).layers} == {"cut", "engrave"}


@pytest.mark.parametrize(
    "style",
    [
        'style="fill:none;stroke:#ff0000"|style="fill:none;stroke:#0000ff"',
        'fill="none" stroke="red"|fill="none" stroke="rgb(0,0,255)"',
        'class="a"|class="b"',
    ],
)
def test_red_lines_are_cut_and_blue_ones_engraved(style: str) -> None:
    outer, inner = style.split("|")
    body = (
        "<style>/* x */ .a {fill:none; stroke:#F00} .b{fill:none;stroke:blue}</style>"
        f'<rect width="100" height="80" {outer}/><rect x="9" y="9" width="10" height="10" {inner}/>'
    )
    design = design_of(body)
    assert (design.cut_mm, design.engrave_mm) == (pytest.approx(360), pytest.approx(40))


def test_styles_are_inherited_from_groups() -> None:
    body = (
        '<g style="fill:none;stroke:red"><rect width="100" height="80"/>'
        '<g stroke="blue" style="stroke:blue"><rect x="9" y="9" width="10" height="10"/></g></g>'
    )
    assert design_of(body).engrave_mm == pytest.approx(40)


def test_painted_areas_beside_lines_are_engraved() -> None:
    body = f'<rect width="100" height="80" {LINE}/><rect x="9" y="9" width="10" height="10" fill="black"/>'
    design = design_of(body)
    assert (design.cut_mm, design.engrave_mm) == (pytest.approx(360), pytest.approx(40))


def test_painted_areas_alone_are_the_parts() -> None:
    assert design_of('<path d="M0 0h50v50h-50z"/>').cut_mm == pytest.approx(200)


def test_texts_and_pictures_are_named_and_not_made() -> None:
    body = (
        f'<rect width="100" height="80" {LINE}/><text x="5" y="9">Made by me</text>'
        '<image width="9" height="9" href="x.png"/>'
    )
    design, findings = read(body)
    assert design is not None
    assert design.pierces == 1
    assert "files.sheet.text" in codes(findings)
    assert any("picture" in one.message for one in findings)
    assert sum(layer.entities - layer.used for layer in design.layers) == 2


def test_hidden_things_are_not_cut_and_named() -> None:
    body = (
        f'<rect width="100" height="80" {LINE}/>'
        f'<g style="display:none"><circle cx="9" cy="9" r="2" {LINE}/></g>'
        f'<circle cx="20" cy="9" r="2" visibility="hidden" {LINE}/><circle cx="30" cy="9" r="2" fill="none"/>'
        f'<defs><circle r="1" {LINE}/></defs><clipPath id="c"><rect width="5" height="5"/></clipPath>'
    )
    design, findings = read(body)
    assert design is not None
    assert design.pierces == 1
    assert "files.sheet.hidden" in codes(findings)
    assert any("painted neither" in one.message for one in findings)


def test_clipped_things_are_said_to_be_taken_whole() -> None:
    _, findings = read(f'<g clip-path="url(#c)"><rect width="100" height="80" {LINE}/></g>')
    assert "files.sheet.clipped" in codes(findings)


def test_a_doctype_without_entities_is_read() -> None:
    data = (
        '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
        '"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
        f'<svg {NS} width="100mm" viewBox="0 0 100 100"><rect width="10" height="10" {LINE}/></svg>'
    )
    file, _ = read_sheet(Source(path=Path("a.svg"), name="a.svg", data=data.encode()))
    assert file is not None


@pytest.mark.parametrize("comment", ["", "<!-- Created with Boxes.py -->"])
def test_blue_inner_lines_are_cut_where_boxes_drew_them_and_engraved_elsewhere(comment: str) -> None:
    body = (
        f'{comment}<rect width="100" height="80" fill="none" stroke="rgb(0,0,0)"/>'
        '<rect x="9" y="9" width="10" height="10" fill="none" stroke="rgb(0,0,255)"/>'
    )
    design = design_of(body)
    assert design.cut_mm == pytest.approx(400 if comment else 360)
    assert design.engrave_mm == pytest.approx(0 if comment else 40)
