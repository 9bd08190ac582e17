"""Damage that once broke a reader: each small, each of them a finding now; and names made to deceive."""

from __future__ import annotations

import contextlib
import io
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.files.designs import BOARD, RECTANGLE
from tests.files.test_eagle_reading import _brd as eagle
from tests.files.test_garment_dxf import BOX, Style

from manyworks.cli import main
from manyworks.files import read, read_network
from manyworks.files.fabrication import read_fabrication
from manyworks.files.garments import read_garment
from manyworks.files.solids.part21 import look_over
from manyworks.files.sources import Source
from manyworks.files.toml_text import parse_toml
from manyworks.manufacturability import check
from manyworks.model import Finding, Product
from manyworks.report import read_page
from manyworks.shapes.contour_sets import as_polygons, least_opening, width_of_opening

Write = Callable[[str, str | bytes], Path]
GERBER = "%FSLAX24Y24*%\n%MOMM*%\n%ADD10C,0.2*%\n%ADD11R,1X1*%\n"
STEP = b"ISO-10303-21;\nHEADER;\nFILE_SCHEMA(('AUTOMOTIVE_DESIGN'));\nENDSEC;\nDATA;\n"
NETWORK = {"network.toml": 'name = "n"\ncurrency = "EUR"\n', "shops.csv": "shop,shop,name\na,,b\n"}


def settled(path: Path) -> tuple[Product | None, tuple[Finding, ...]]:
    product, findings = read(path)
    assert (product is None) == any(finding.severity == "error" for finding in findings)
    return product, findings


@pytest.mark.parametrize("layer", ["²", "²1", "①", "٣", "１", "-1", ""])
def test_layers_that_only_look_like_numbers(write: Write, layer: str) -> None:
    plain = f'<wire x1="0" y1="0" x2="9" y2="9" width="1" layer="{layer}"/>'
    settled(write("a.brd", eagle(plain=plain)))


@pytest.mark.parametrize(
    "line", ["$TEXTPCB\nDe ² 1 x\n$EndTEXTPCB", "$" + "A" * 20_000, "$End" + "A" * 20_000]
)
def test_lines_of_old_boards_that_make_no_sense(write: Write, line: str) -> None:
    _, findings = settled(write("a.brd", f"PCBNEW-BOARD Version 1 date x\n{line}\n"))
    assert all(len(finding.message) < 500 for finding in findings)


def test_a_column_of_a_network_that_stands_twice_and_is_empty(tmp_path: Path) -> None:
    for name, text in NETWORK.items():
        (tmp_path / name).write_text(text)
    network, findings = read_network(tmp_path)
    assert network is None
    assert "files.network.header" in {finding.code for finding in findings}


def test_copper_that_takes_no_room_is_no_board(write: Write) -> None:
    product, findings = settled(write("a.gtl", GERBER + "D10*\nX0Y0D02*\nX0Y0D01*\nM02*\n"))
    assert product is None or findings
    product, findings = settled(write("b.gtl", GERBER.replace("C,0.2", "C,0") + "D10*\nX0Y0D03*\nM02*\n"))
    assert product is None
    assert "files.fabrication.no-board" in {finding.code for finding in findings}


@pytest.mark.parametrize("clear", ["", "%LPC*%\n" + "X0Y0D03*\n" * 3_000])
def test_copper_that_lies_on_itself_is_counted_and_not_compared(write: Write, clear: str) -> None:
    begin = time.process_time()
    product, findings = settled(
        write("a.gtl", GERBER + "D11*\n" + "X0Y0D03*\nX90000Y0D03*\n" * 6_000 + clear + "M02*\n")
    )
    assert product is not None
    assert "files.fabrication.not-measured" in {finding.code for finding in findings}
    assert time.process_time() - begin < 5


SPIKED = [
    (0.0, 0.0),
    (10.0, 0.0),
    (10.0, 10.0),
    (5.0, 10.0),
    (5.0, 20.0),
    (5.0, 10.0),
    (0.0, 10.0),
    (0.0, 0.0),
]
FLAT = [(0.0, 0.0), (1.0, 1.0), (2.0, 2.0), (0.0, 0.0)]


def test_an_opening_with_a_spike_is_as_wide_as_without() -> None:
    assert width_of_opening(SPIKED) == pytest.approx(10, abs=0.05)
    assert as_polygons([SPIKED])[0].area == pytest.approx(100)


def test_an_opening_without_any_area_has_no_width() -> None:
    assert width_of_opening(FLAT) == 0
    assert least_opening([FLAT]) == 0


def test_a_pattern_piece_with_a_spike_at_its_mirror_line() -> None:
    style = Style()
    spiked = [*BOX[:3], (150, 500), (150, 900), (150, 500), BOX[3]]
    piece = style.piece("FRONT", spiked, "Quantity: 1")
    piece.add_line((0, 0), (0, 500), dxfattribs={"layer": "6"})
    found, findings = read_garment(style.source())
    assert found is not None or findings


@given(st.text(alphabet="'/*#=1(;x \n", max_size=60))
def test_texts_and_comments_in_any_order(middle: str) -> None:
    data = STEP + b"#1=A(#2);#2=B();" + middle.encode() + b"\nENDSEC;\nEND-ISO-10303-21;\n"
    found = look_over(Source(path=Path("a.step"), name="a.step", data=data))
    assert isinstance(found, str | Finding)


def test_an_apostrophe_in_a_comment_opens_no_text() -> None:
    data = STEP + b"/* it's */#1=A(#1);/* it's */\nENDSEC;\n"
    found = look_over(Source(path=Path("a.step"), name="a.step", data=data))
    assert isinstance(found, Finding)
    assert found.code == "files.solid.self-referring"


def test_a_comment_within_a_text_is_text() -> None:
    data = STEP + b"#1=A('/*',#1);#2=B('*/');\nENDSEC;\n"
    found = look_over(Source(path=Path("a.step"), name="a.step", data=data))
    assert isinstance(found, Finding)
    assert found.code == "files.solid.self-referring"


@pytest.mark.parametrize(
    "text", ['a = "' + "x" * 900_000, "a-b_" * 200_000 + " = 1", 'a = """' + "\"' " * 200_000]
)
def test_long_words_in_a_product_file_take_no_time(text: str) -> None:
    begin = time.process_time()
    with contextlib.suppress(ValueError):
        parse_toml(text)
    assert time.process_time() - begin < 2


def test_drills_of_no_width_do_not_break_the_checks(write: Write) -> None:
    layers = {
        "b.gko": GERBER
        + "D10*\nX0Y0D02*\nX500000Y0D01*\nX500000Y300000D01*\nX0Y300000D01*\nX0Y0D01*\nM02*\n",
        "b.gtl": GERBER + "D11*\nX100000Y100000D03*\nM02*\n",
        "b.drl": "M48\nMETRIC\nT1C0.000\n%\nT1\nX10.0Y10.0\nM30\n",
    }
    paths = [write(name, text) for name, text in layers.items()]
    sources = [Source(path=path, name=path.name, data=path.read_bytes()) for path in paths]
    assert read_fabrication(sources)
    product, _ = read(*paths)
    if product is not None:
        check(product)


@pytest.mark.parametrize("last", ["99999999999999999999", "²", "0", "999"])
def test_drill_files_between_layers_that_no_board_has(write: Write, last: str) -> None:
    edge = "D10*\nX0Y0D02*\nX500000Y0D01*\nX500000Y300000D01*\nX0Y300000D01*\nX0Y0D01*\nM02*\n"
    head = f"M48\n; #@! TF.FileFunction,Plated,1,{last},PTH\nMETRIC\nT1C0.3\n%\nT1\n"
    paths = [
        write("b.gko", GERBER + edge),
        write("b.gtl", GERBER + "D11*\nX100000Y100000D03*\nM02*\n"),
        write("b.drl", head + "X10.0Y10.0\nX20.0Y10.0\nM30\n"),
    ]
    product, findings = read(*paths)
    assert (product is None) == any(finding.severity == "error" for finding in findings)


DECEIT = [
    "\x1b[2J\x1b]0;owned\x07",
    "\u202egnp.exe",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "\u200b" * 50,
    "{{7*7}}",
    "A" * 20_000,
]


@pytest.mark.parametrize("name", DECEIT)
def test_names_in_cells_command_neither_terminal_nor_page(
    write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    cell = '"' + name.replace('"', '""') + '"'
    path = write("bom.csv", f"Designator,Qty,Value,MPN\nR1,1,{cell},{cell}\nR2,1,1k,{cell}\n")
    page = tmp_path / "page.html"
    main(["read", str(path), "--html", str(page)])
    shown = "".join(capsys.readouterr())
    assert not any(ord(one) < 32 and one not in "\n\t" for one in shown)
    assert "\u202e" not in shown
    text = page.read_text() if page.exists() else ""
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert len(text) < 3_000_000


@pytest.mark.parametrize(
    "name", ["a\x1b[2J.gtl", "a\u202egpj.csv", "a<script>.csv", "a\nb.csv", "x" * 230 + ".csv"]
)
def test_names_of_files_command_neither_terminal_nor_page(
    write: Write, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    path = write(name.replace("/", "_"), "Designator,Qty,Value\nR1,1,1k\n")
    main(["read", str(path)])
    shown = "".join(capsys.readouterr())
    assert not any(ord(one) < 32 and one not in "\n\t" for one in shown)
    assert "\u202e" not in shown
    product, findings = settled(path)
    if product is not None:
        page = read_page(product, findings, check(product))
        assert "a<script>" not in page
        assert "\x1b" not in page


def test_names_in_a_board_command_no_page(write: Write) -> None:
    evil = "</title><script>alert(1)</script>"
    part = (
        f'(footprint "{evil}" (layer "F.Cu") (at 5 5) (attr smd) (property "Reference" "{evil}" (at 0 0))'
        f'(property "Value" "{evil}" (at 0 0)) (pad "1" smd rect (at 0 0) (size 1 1) (layers "F.Cu")))'
    )
    product, findings = settled(write("b.kicad_pcb", BOARD.format(extra=RECTANGLE + part)))
    assert product is not None
    page = io.StringIO(read_page(product, findings, check(product))).read()
    assert "<script>alert" not in page
