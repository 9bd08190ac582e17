"""Whatever stands in a file: a product or findings, never another exception."""

from __future__ import annotations

import math
import os
import string
import struct
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.files.designs import BOARD, RECTANGLE, footprint

from manyworks.files import FilesError, read, read_network
from manyworks.files.boards.sexpr import SexprError, parse

Write = Callable[[str, str | bytes], Path]
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
VALID = BOARD.format(
    extra="\n".join(
        (
            RECTANGLE,
            footprint("R1"),
            footprint("R2", layer="B.Cu", at="20 10 90"),
            '(gr_arc (start 5 5) (mid 6 4) (end 7 5) (layer "Edge.Cuts"))',
            '(gr_curve (pts (xy 1 1) (xy 2 2) (xy 3 1) (xy 1 1)) (layer "Edge.Cuts"))',
            '(segment (start 0 0) (end 1 1) (width 0.2) (layer "F.Cu") (net 1))',
            '(via (at 1 1) (size 0.6) (drill 0.3) (layers "F.Cu" "B.Cu") (net 1))',
        )
    )
)
WORDS = ["nan", "inf", "-1e308", "(", ")", '"', "at", "1e999", "pts", "", "0", "xy", "\x00", "é", "drill"]
CELLS = st.one_of(
    st.sampled_from(
        ["Designator", "Qty", "Value", "MPN", "R1-R9999999", "R1-R4", "x", "nan", "inf", "1e999", "-3", "DNP",
         '"', ";", "\t", "9.0", "1,5", "Mid X", "Mid Y", "Layer", "12mm", "", "---", "Ref", "|", "\ufeff"]
    ),
    st.text(max_size=8),
)  # fmt: skip


def _settles(path: Path) -> None:
    product, findings = read(path)
    assert (product is None) == any(finding.severity == "error" for finding in findings)
    assert all(finding.code.startswith("files.") for finding in findings)


@QUICK
@given(st.integers(0, len(VALID)), st.integers(0, 40), st.sampled_from(WORDS))
def test_a_damaged_board(tmp_path: Path, at: int, cut: int, word: str) -> None:
    path = tmp_path / "b.kicad_pcb"
    path.write_text(VALID[:at] + word + VALID[at + cut :])
    _settles(path)


@QUICK
@given(st.lists(st.lists(CELLS, max_size=7), max_size=12), st.sampled_from([",", ";", "\t", "|"]))
def test_any_table(tmp_path: Path, rows: list[list[str]], delimiter: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("\n".join(delimiter.join(row) for row in rows).encode("utf-8", "surrogatepass"))
    _settles(path)


@QUICK
@given(st.lists(CELLS, min_size=1, max_size=6), st.lists(st.lists(CELLS, max_size=7), max_size=8))
def test_any_table_under_names_of_parts_lists(
    tmp_path: Path, names: list[str], rows: list[list[str]]
) -> None:
    path = tmp_path / "t.csv"
    head = ["Designator", "Quantity", "Value", *names]
    path.write_bytes("\n".join(",".join(row) for row in [head, *rows]).encode("utf-8", "surrogatepass"))
    _settles(path)


@QUICK
@given(st.binary(max_size=600), st.sampled_from([".stl", ".csv", ".kicad_pcb", ".toml", ".pos", ".step", ""]))
def test_any_bytes_under_any_ending(tmp_path: Path, data: bytes, ending: str) -> None:
    path = tmp_path / f"f{ending}"
    path.write_bytes(data)
    _settles(path)


@QUICK
@given(st.lists(st.floats(width=32), min_size=12, max_size=120))
def test_any_corners(tmp_path: Path, numbers: list[float]) -> None:
    count = len(numbers) // 12
    body = b"".join(struct.pack("<12fH", *numbers[k * 12 : k * 12 + 12], 0) for k in range(count))
    path = tmp_path / "s.stl"
    path.write_bytes(bytes(80) + struct.pack("<I", count) + body)
    _settles(path)


TOML_VALUES = st.sampled_from(
    ['"x"', "1", "-1", "nan", "inf", "true", "[1,2,3]", '["a"]', "{}", "1979-05-27", '"../x"', '"/etc/hosts"',
     '"b.kicad_pcb"', '"t.csv"', '"s.stl"', '"\\u0000"', "[[[[]]]]", "99999999999999999999"]
)  # fmt: skip
TOML_KEYS = st.sampled_from(
    ["id", "name", "design", "bill", "positions", "mass_kg", "size_mm", "parent", "item", "quantity", "step",
     "processes", "parameters", "commodity_code", "substitutes", "designators", "fitted", "nonsense"]
)  # fmt: skip


@QUICK
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["[product]", "[[item]]", "[[bill]]", "[other]", ""]),
            st.dictionaries(TOML_KEYS, TOML_VALUES, max_size=6),
        ),
        max_size=5,
    )
)
def test_any_product_file(tmp_path: Path, tables: list[tuple[str, dict[str, str]]]) -> None:
    (tmp_path / "b.kicad_pcb").write_text(VALID)
    (tmp_path / "t.csv").write_text("Designator,Value\nR1,1k\n")
    lines = [line for head, keys in tables for line in (head, *(f"{k} = {v}" for k, v in keys.items()))]
    path = tmp_path / "product.toml"
    path.write_text("\n".join(lines))
    _settles(path)


def test_nesting_beyond_any_board_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "deep.kicad_pcb"
    path.write_text("(kicad_pcb " + "(a " * 200_000)
    _, findings = read(path)
    assert [finding.code for finding in findings] == ["files.board.malformed"]
    assert "deeper" in findings[0].message


def test_nesting_beyond_any_product_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "product.toml"
    path.write_text("a = " + "[" * 50_000)
    _, findings = read(path)
    assert "files.product.malformed" in {finding.code for finding in findings}


def test_a_range_of_millions_is_not_written_out(tmp_path: Path) -> None:
    path = tmp_path / "bom.csv"
    path.write_text("Designator,Value,Qty\nR1-R99999999,1k,1\n")
    product, _ = read(path)
    assert product is not None
    assert len(product.item.bill[0].designators) == 1


def test_a_table_of_too_many_rows_is_cut_with_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "bom.csv"
    path.write_text("Value,Qty\n" + "1k,1\n" * 60_000)
    product, findings = read(path)
    assert product is not None
    assert len(product.item.bill) < 60_000
    assert "files.table.too-long" in {finding.code for finding in findings}


@pytest.mark.parametrize("claim", [1_000_000_000 // 50, 0xFFFFFFFF, 3])
def test_a_solid_that_claims_more_than_the_file_holds_is_refused_unread(tmp_path: Path, claim: int) -> None:
    path = tmp_path / "s.stl"
    path.write_bytes(bytes(80) + struct.pack("<I", claim) + bytes(50))
    _, findings = read(path)
    assert [finding.code for finding in findings] == ["files.solid.size-claim"]


def test_paths_nobody_can_open_are_findings() -> None:
    for path in ("", "\0", "a" * 5000, "/nowhere/at all", string.printable):
        _, findings = read(path)
        assert any(finding.severity == "error" for finding in findings)


def test_the_strict_door_raises_every_finding(tmp_path: Path) -> None:
    path = tmp_path / "bom.csv"
    path.write_text("Value,Qty\n1k,many\n2k,few\n")
    with pytest.raises(FilesError) as raised:
        read(path, strict=True)
    assert [f.where for f in raised.value.findings if f.code == "files.bill.quantity"] == [
        "bom.csv:row 2",
        "bom.csv:row 3",
    ]


def test_a_quote_never_closed_is_not_looked_at_again_and_again(tmp_path: Path) -> None:
    path = tmp_path / "quote.kicad_pcb"
    path.write_text('(kicad_pcb "' + '\\"' * 300_000)
    _, (finding,) = read(path)
    assert "never closed" in finding.message


def test_an_outline_of_thousands_of_circles_is_refused(tmp_path: Path) -> None:
    circles = "".join(f'(gr_circle (center {k} 0) (end {k}.4 0) (layer "Edge.Cuts"))' for k in range(5_000))
    path = tmp_path / "circles.kicad_pcb"
    path.write_text(BOARD.format(extra=circles))
    _, findings = read(path)
    assert "files.board.outline-too-large" in {finding.code for finding in findings}


@pytest.mark.parametrize("name", ["pipe.csv", "pipe", "pipe.stl", "pipe.kicad_pcb", "product.toml"])
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    product, findings = read(tmp_path / name)
    assert product is None
    assert findings


@pytest.mark.parametrize(
    "body",
    ['(gr_text "' + "\\n" * 500_000, '(gr_text "never closed\n' + "(a b c d)\n" * 100_000, "()" * 3_000_000],
    ids=["escapes", "open quote", "brackets"],
)
def test_a_broken_board_takes_little_memory(body: str) -> None:
    text = f"(kicad_pcb (version 20211014)\n{body}"
    tracemalloc.start()
    with pytest.raises(SexprError):
        parse(text)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 15 * len(text)


@pytest.mark.parametrize(
    "line", ["a." * 100_000 + "a = 1", "x = { " + "a." * 100_000 + "a = 1 }", '"".' * 9_000]
)
def test_a_key_of_very_many_parts(write: Write, line: str) -> None:
    product, findings = read(write("product.toml", f"# a product\n{line}\n"))
    assert product is None
    assert [(finding.code, finding.where) for finding in findings] == [
        ("files.product.malformed", "product.toml:2")
    ]


def _star(spokes: int) -> str:
    shape = '(gr_line (start 0 0) (end {} {}) (layer "Edge.Cuts"))'
    return "\n".join(shape.format(k % 300 + 1, k // 300 + 1) for k in range(spokes))


def _triangles_in_a_horseshoe(corners: int, triangles: int) -> str:
    inner = [
        (100 + 99 * math.cos(t), 99 * math.sin(t)) for t in (3 + k * 6 / corners for k in range(corners))
    ]
    outer = [(100 + 100 * math.cos(t), 100 * math.sin(t)) for t in (9, 3)]
    text = "".join(f"(xy {x:.4f} {y:.4f})" for x, y in [*inner, *outer])
    shape = '(gr_poly (pts (xy {0} 0) (xy {1} 0) (xy {0} 0.3)) (layer "Edge.Cuts"))'
    small = "\n".join(shape.format(90 + k / 100, 90.2 + k / 100) for k in range(triangles))
    return f'(gr_poly (pts {text}) (layer "Edge.Cuts"))\n{small}'


@pytest.mark.parametrize(
    ("outline", "code"),
    [
        (_star(40_000), "files.board.outline-open"),
        (_triangles_in_a_horseshoe(20_000, 1_500), "files.board.outline-too-large"),
        ('(gr_rect (start 0 0) (end 0 0) (layer "Edge.Cuts"))', "files.board.no-outline"),
        ('(gr_rect (start 1 1) (end 1 9) (layer "Edge.Cuts"))', "files.board.no-outline"),
    ],
    ids=["star", "horseshoe", "point", "line"],
)
def test_outlines_that_are_none_are_refused_in_time(write: Write, outline: str, code: str) -> None:
    path = write("b.kicad_pcb", BOARD.format(extra=outline))
    start = time.process_time()
    product, findings = read(path)
    assert time.process_time() - start < 8
    assert product is None
    assert code in {finding.code for finding in findings}


@pytest.mark.parametrize("number", ["9" * 4000, "inf", "nan", "-1", "0", "1e308"])
def test_a_number_beyond_reason_in_a_product_file(write: Write, number: str) -> None:
    product, findings = read(write("product.toml", f'[product]\nid = "a"\nmass_kg = {number}\n'))
    assert product is None
    assert ("files.product.value", "product.toml:3") in {(f.code, f.where) for f in findings}


def test_a_soup_of_triangles_is_measured_in_time(write: Write) -> None:
    corners = np.random.default_rng(0).uniform(0, 100, (60_000, 9)).astype("<f4")
    facets = np.zeros((len(corners), 50), np.uint8)
    facets[:, 12:48] = corners.view(np.uint8)
    path = write("s.stl", b"\0" * 80 + struct.pack("<I", len(corners)) + facets.tobytes())
    start = time.process_time()
    read(path)
    assert time.process_time() - start < 5


def test_a_folder_that_may_not_be_read_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: object = ".") -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refuse)
    monkeypatch.setattr(os, "listdir", refuse)
    for reader in (read, read_network):
        thing, findings = reader(tmp_path)
        assert thing is None
        assert any("Permission denied" in finding.message for finding in findings)


@pytest.mark.parametrize("line", ["mass_kg = 1e-300", "size_mm = [1, 1, 9e11]"])
def test_sizes_beyond_reason_in_a_product_file(write: Write, line: str) -> None:
    product, findings = read(write("product.toml", f'[product]\nid = "a"\n{line}\n'))
    assert product is None
    assert ("files.product.value", "product.toml:3") in {(f.code, f.where) for f in findings}
