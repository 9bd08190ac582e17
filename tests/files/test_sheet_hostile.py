"""Drawings made to hurt: bombs, endless blocks, nonsense; bounded, and always a finding."""

from __future__ import annotations

import io
import random
import time
from pathlib import Path

import ezdxf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from manyworks.files.sheets import read_sheet
from manyworks.files.sources import Source
from manyworks.model import Finding, Severity, SheetDesign


def read(data: bytes, name: str) -> tuple[SheetDesign | None, tuple[Finding, ...]]:
    file, findings = read_sheet(Source(path=Path(name), name=name, data=data))
    assert (file is None) == any(one.severity is Severity.ERROR for one in findings)
    return (file.design if file else None), findings


def refused(data: bytes, name: str, code: str, seconds: float = 5.0) -> None:
    started = time.process_time()
    design, findings = read(data, name)
    assert design is None
    assert code in {one.code for one in findings}
    assert time.process_time() - started < seconds


def dxf(*tags: tuple[int, object]) -> bytes:
    return "\n".join(f"{code}\n{value}" for code, value in (*tags, (0, "EOF"))).encode()


def block(name: str, *inserts: str) -> list[tuple[int, object]]:
    rows: list[tuple[int, object]] = [(0, "BLOCK"), (8, "0"), (2, name), (70, 0), (10, 0), (20, 0), (3, name)]
    for child in inserts:
        rows += [(0, "INSERT"), (8, "0"), (2, child), (10, 0), (20, 0)]
    return [*rows, (0, "LINE"), (8, "0"), (10, 0), (20, 0), (11, 1), (21, 1), (0, "ENDBLK"), (8, "0")]


def with_blocks(rows: list[tuple[int, object]], first: str) -> bytes:
    return dxf(
        (0, "SECTION"),
        (2, "BLOCKS"),
        *rows,
        (0, "ENDSEC"),
        (0, "SECTION"),
        (2, "ENTITIES"),
        (0, "INSERT"),
        (8, "0"),
        (2, first),
        (10, 0),
        (20, 0),
        (0, "ENDSEC"),
    )


def test_blocks_that_double_at_every_level_are_refused() -> None:
    rows: list[tuple[int, object]] = []
    for level in range(40):
        for side in "AB":
            rows += block(f"{side}{level}", f"A{level + 1}", f"B{level + 1}")
    refused(with_blocks(rows, "A0"), "a.dxf", "files.sheet.too-much")


def test_a_block_inside_itself_is_refused() -> None:
    refused(with_blocks(block("A", "B") + block("B", "A"), "A"), "a.dxf", "files.sheet.too-much")


def test_a_grid_of_grids_of_blocks_is_refused() -> None:
    document = ezdxf.new("R2010")
    document.blocks.new("A").add_line((0, 0), (1, 1))
    grid = {"column_count": 300, "row_count": 300, "column_spacing": 2, "row_spacing": 2}
    document.blocks.new("B").add_blockref("A", (0, 0), dxfattribs=grid)
    document.modelspace().add_blockref("B", (0, 0), dxfattribs=grid)
    stream = io.StringIO()
    document.write(stream)
    refused(stream.getvalue().encode(), "a.dxf", "files.sheet.too-much")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "files.sheet.not-dxf"),
        (b"\x00" * 1000, "files.sheet.not-dxf"),
        (b"0\nSECTION\n2\nENTITIES\n0\nENDSEC\n0\nEOF\n", "files.sheet.nothing-cut"),
        (b"0\nSECTION\n2\nENT", ""),
        (b"AutoCAD Binary DXF\r\n\x1a\x00" + b"\x01" * 200, "files.sheet.malformed"),
        (b"0\nSECTION\n" + b"2\nX\n" * 50, ""),
    ],
)
def test_what_is_no_drawing_is_refused(data: bytes, code: str) -> None:
    design, findings = read(data, "a.dxf")
    assert design is None
    assert not code or code in {one.code for one in findings}


@pytest.mark.parametrize("value", ["nan", "inf", "1e300", "-1e308", "x"])
def test_coordinates_that_are_no_numbers_are_named_and_the_rest_is_read(value: str) -> None:
    rows: list[tuple[int, object]] = []
    for a, b in (((0, 0), (9, 0)), ((9, 0), (9, 9)), ((9, 9), (0, 0))):
        rows += [(0, "LINE"), (8, "0"), (10, a[0]), (20, a[1]), (11, b[0]), (21, b[1])]
    rows += [
        (0, "CIRCLE"),
        (8, "0"),
        (10, value),
        (20, 0),
        (40, 1),
        (0, "ARC"),
        (8, "0"),
        (10, 0),
        (20, 0),
        (40, value),
        (50, 0),
        (51, value),
    ]
    design, findings = read(dxf((0, "SECTION"), (2, "ENTITIES"), *rows, (0, "ENDSEC")), "a.dxf")
    if design is not None:
        assert design.area_mm2 == pytest.approx(40.5)
    assert findings


def test_a_spline_of_nonsense_is_named() -> None:
    document = ezdxf.new("R2010")
    space = document.modelspace()
    space.add_lwpolyline([(0, 0), (50, 0), (50, 50)], close=True)
    for points in ([(0, 0)] * 4, [(0, 0), (1e9, 1e9), (0, 1), (5, 5)], [(0, 0), (0, 0), (0, 0), (1, 1)]):
        space.add_open_spline(points)
    stream = io.StringIO()
    document.write(stream)
    design, _ = read(stream.getvalue().encode(), "a.dxf")
    assert design is not None


def test_an_svg_that_declares_entities_is_refused() -> None:
    laughs = "".join(f'<!ENTITY l{k} "{f"&l{k - 1};" * 10 if k else "ha"}">' for k in range(12))
    data = f'<!DOCTYPE svg [{laughs}]><svg xmlns="http://www.w3.org/2000/svg"><text>&l11;</text></svg>'
    refused(data.encode(), "a.svg", "files.sheet.entities")


def test_an_svg_that_reaches_for_files_is_refused() -> None:
    data = b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg">&x;</svg>'
    refused(data, "a.svg", "files.sheet.entities")


def test_uses_of_uses_without_end_are_refused() -> None:
    groups = "".join(f'<g id="g{k}">' + f'<use href="#g{k + 1}"/>' * 10 + "</g>" for k in range(12))
    last = '<g id="g12"><rect width="1" height="1"/></g>'
    data = f'<svg xmlns="http://www.w3.org/2000/svg" width="10mm">{groups}{last}</svg>'
    refused(data.encode(), "a.svg", "files.sheet.too-much")


def test_groups_nested_too_deep_are_refused() -> None:
    data = '<svg xmlns="http://www.w3.org/2000/svg">' + "<g>" * 50_000 + "</g>" * 50_000 + "</svg>"
    refused(data.encode(), "a.svg", "files.sheet.too-much")


def test_thousands_of_lines_across_each_other_do_not_take_for_ever() -> None:
    rng = random.Random(1)
    document = ezdxf.new("R12")
    for _ in range(2000):
        a, b = ((rng.uniform(0, 999), rng.uniform(0, 999)) for _ in range(2))
        document.modelspace().add_line(a, b, dxfattribs={"layer": "CUT"})
    stream = io.StringIO()
    document.write(stream)
    refused(stream.getvalue().encode(), "a.dxf", "files.sheet.nothing-cut")


def test_an_svg_cut_short_is_refused() -> None:
    refused(b'<svg xmlns="http://www.w3.org/2000/svg"><rect', "a.svg", "files.sheet.malformed")


def test_a_file_too_large_is_refused() -> None:
    refused(b"0\nSECTION\n2\nENTITIES\n" + b"999\nx\n" * 4_000_000, "a.dxf", "files.sheet.too-large")


def test_another_format_is_refused() -> None:
    refused(b"%PDF-1.4", "a.pdf", "files.sheet.unknown")


TOKENS = st.sampled_from(
    [
        "0",
        "SECTION",
        "ENTITIES",
        "LINE",
        "LWPOLYLINE",
        "SPLINE",
        "INSERT",
        "BLOCK",
        "ARC",
        "HATCH",
        "MTEXT",
        "TEXT",
        "8",
        "10",
        "20",
        "11",
        "21",
        "40",
        "41",
        "42",
        "50",
        "51",
        "62",
        "70",
        "71",
        "72",
        "73",
        "90",
        "2",
        "1",
        "-1",
        "1e9",
        "nan",
        "3",
        "210",
        "230",
        "ENDSEC",
        "EOF",
        "POLYLINE",
        "VERTEX",
        "SEQEND",
        "ELLIPSE",
        "DIMENSION",
        "\u00e4",
    ]
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(tokens=st.lists(TOKENS, max_size=60))
def test_random_tags_raise_nothing(tokens: list[str]) -> None:
    text = "0\nSECTION\n2\nENTITIES\n" + "\n".join(tokens) + "\n0\nENDSEC\n0\nEOF\n"
    read(text.encode(), "a.dxf")


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6))
def test_a_good_drawing_with_random_damage_raises_nothing(seed: int) -> None:
    rng = random.Random(seed)
    data = bytearray(GOOD)
    for _ in range(rng.randrange(1, 12)):
        at = rng.randrange(len(data))
        data[at : at + rng.randrange(4)] = rng.randbytes(rng.randrange(4))
    read(bytes(data), "a.dxf")


def good() -> bytes:
    document = ezdxf.new("R12")
    space = document.modelspace()
    space.add_polyline2d([(0, 0), (50, 0, 0.3), (50, 20), (0, 20)], close=True)
    space.add_circle((10, 10), 2)
    space.add_text("t=3mm")
    document.blocks.new("B").add_arc((0, 0), 2, 0, 90)
    space.add_blockref("B", (5, 5))
    stream = io.StringIO()
    document.write(stream)
    return stream.getvalue().encode()


GOOD = good()

PARTS = st.sampled_from(
    [
        '<rect width="5" height="5"/>',
        '<path d="M0 0 L1e400 2z"/>',
        '<path d="m q a"/>',
        '<g transform="rotate(x)">',
        "</g>",
        '<circle r="nan"/>',
        '<use href="#a"/>',
        '<g id="a">',
        '<path d="M0 0 A 0 0 0 2 3 4 4 z"/>',
        "<style>*{fill:url(#x)}</style>",
        '<rect width="-1" height="9e999" transform="scale(0)"/>',
        '<polygon points="1,2,3"/>',
        "<text>x</text>",
        '<svg viewBox="0">',
        "</svg>",
        '<path d="M0 0 C 1 1 2 2"/>',
        '<line x1="1e308" x2="-1e308"/>',
        '<g style="stroke:#12;fill:rgb(300,x)">',
    ]
)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    parts=st.lists(PARTS, max_size=12),
    head=st.sampled_from(['width="10mm"', 'viewBox="0 0 0 0"', 'width="nan"', ""]),
)
def test_random_svg_raises_nothing(parts: list[str], head: str) -> None:
    data = f'<svg xmlns="http://www.w3.org/2000/svg" {head}>{"".join(parts)}</svg>'
    read(data.encode(), "a.svg")
