"""Position files of every board tool: units, turns, sides, rows that are no places."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.files.sources import Source
from manyworks.files.tables import Position, Table, read_positions, read_table
from manyworks.model import Finding

HEAD = "Designator,Mid X,Mid Y,Layer,Rotation\n"


def _table(text: str | bytes, name: str) -> Table:
    data = text if isinstance(text, bytes) else text.encode()
    table = read_table(Source(path=Path(name), name=name, data=data))
    assert table is not None
    return table


def _read(text: str | bytes, name: str = "p.csv") -> tuple[tuple[Position, ...], tuple[Finding, ...]]:
    table = _table(text, name)
    assert table.kind == "positions", table.understood
    return read_positions(table)


def _codes(findings: tuple[Finding, ...]) -> set[str]:
    return {finding.code for finding in findings}


ALTIUM = """Altium Designer Pick and Place Locations
C:\\Board\\Pick Place for Board.csv

========================================================================================
File Design Information:

Date:       01/02/26
Units used: {unit}

{rows}
"""
KICAD = """### Footprint positions - created on Thu 01 Jan 2026 ###
### Printed by Pcbnew version kicad 8.0
## Unit = mm, Angle = deg.
## Side : top
# Ref     Val        Package                PosX       PosY       Rot  Side
C1        100 nF     C_0603_1608Metric     2.5400    25.4000   90.0000  top
## End
"""
ALLEGRO = """A!REFDES!SYM_X!SYM_Y!SYM_ROTATE!SYM_MIRROR!SYM_NAME!
J!board.brd!Thu Jan 01 10:00:00 2026!0.00!units: mils
S!C1!100.00!1000.00!90.000!YES!CAP0603!
S!C2!200.00!1000.00!0.000!NO!CAP0603!
"""
PLACE_TXT = """UUNITS = MILLIMETERS

REFDES    SYM_X      SYM_Y      SYM_ROTATE  SYM_MIRROR  SYM_NAME
C1        2.54       25.4       90          m           CAP0603
C2        5.08       25.4       0                       CAP0603
"""
EAGLE_BOARD = """Partlist

Exported from board.brd at 1/1/26 10:00

Part     Value    Package  Library  Position (mil)   Orientation

C1       100nF    C0603    rcl      (100 1000)       R90
R1                R0603    rcl      (2000 50.5)      MR180
"""


@pytest.mark.parametrize(
    ("text", "name", "side"),
    [
        (KICAD, "b.pos", "top"),
        ("Ref,Val,Package,PosX,PosY,Rot,Side\nC1,100n,C_0603,2.54,25.4,90,top\n", "b.csv", "top"),
        ('"Reference","Value","Footprint","X","Y","Rotation","Side"\n"C1","1u","C",2.54,25.4,90,"top"\n',
         "b.csv", "top"),
        (HEAD + "C1,2.54,25.4,T,90\n", "b.csv", "top"),
        ("Designator\tFootprint\tMid X\tMid Y\tRef X\tRef Y\tPad X\tPad Y\tLayer\tRotation\tComment\n"
         "C1\tC0603\t2.54mm\t25.4mm\t2.54mm\t25.4mm\t2mm\t25mm\tB\t90\t100n\n", "b.csv", "bottom"),
        (ALTIUM.format(unit="mm", rows='"Designator","Comment","Layer","Footprint","Center-X(mm)",'
         '"Center-Y(mm)","Rotation"\n"C1","1u","BottomLayer","0603","2.54","25.4","90"'), "b.csv", "bottom"),
        (ALTIUM.format(unit="mil", rows='"Designator","Comment","Layer","Footprint","Center-X(mil)",'
         '"Center-Y(mil)","Rotation"\n"C1","1u","TopLayer","0603","100","1000","90"'), "b.csv", "top"),
        (ALTIUM.format(unit="mil", rows=(
            "Designator Comment   Layer       Footprint Center-X Center-Y Rotation\n"
            "C1         100nF 50V BottomLayer CAP0603   100.0    1000.0   90")), "b.txt", "bottom"),
        (ALLEGRO, "place.txt", "bottom"),
        (PLACE_TXT, "place_txt.txt", "bottom"),
        ("C1 2.54 25.40 90 100nF C0603\nX1 1.00 2.00 0 MICRO USB USB\nR1 5.08 25.40 270  R0603\n",
         "b.mnt", "top"),
        ("C1 2.54 25.40 90 100nF C0603\nR1 5.08 25.40 270 10k R0603\n", "b.mnb", "bottom"),
        (EAGLE_BOARD, "b.txt", ""),
        ("RefDes,PartType,PartDecal,Layer,Orient.,X,Y\nC1,1u,0603,Bottom,90,2.54,25.4\n", "b.csv", "bottom"),
        ("RefDes,Name,X (mm),Y (mm),Side,Rotate,Value\nC1,C0603,2.54,25.4,Top,90,1u\n", "b.csv", "top"),
        ("RefDes;X (inch);Y (inch);Rotation;Side\nC1;0,1;1,0;90;Top\n", "b.csv", "top"),
        ("位号,中心点X,中心点Y,旋转角度,层\nC1,2.54mm,25.4mm,90,顶层\n".encode("gbk"), "b.csv", "top"),
    ],
    ids=["kicad pos", "kicad csv", "kicad 8", "jlcpcb", "easyeda", "altium mm", "altium mil", "altium text",
         "allegro extract", "allegro report", "eagle mnt", "eagle mnb", "eagle partlist", "pads", "diptrace",
         "inch with comma", "chinese"],
)  # fmt: skip
def test_one_place_in_the_words_of_every_tool(text: str | bytes, name: str, side: str) -> None:
    positions, _ = _read(text, name)
    found = next(position for position in positions if position.designator == "C1")
    assert (found.x_mm, found.y_mm, found.rotation_deg) == (pytest.approx(2.54), pytest.approx(25.4), 90)
    assert found.side == side


def test_easyeda_in_utf_16_with_tabs() -> None:
    text = "Designator\tFootprint\tMid X\tMid Y\tLayer\tRotation\nU1\tSOIC\t59.18mm\t-3.2mm\tB\t270\n"
    (position,), findings = _read(text.encode("utf-16"))
    assert (position.x_mm, position.y_mm, position.side) == (59.18, -3.2, "bottom")
    assert "files.positions.unit" not in _codes(findings)


def test_a_part_without_value_keeps_its_package() -> None:
    positions, _ = _read("C1 2.54 25.40 90 100nF C0603\nR1 5.08 25.40 270  R0603\n", "b.mnt")
    assert [(p.value, p.footprint) for p in positions] == [("100nF", "C0603"), ("", "R0603")]


def test_a_mark_of_mirroring_in_the_turn_is_the_bottom_side() -> None:
    positions, _ = _read(EAGLE_BOARD, "b.txt")
    assert [(p.designator, p.rotation_deg, p.side) for p in positions] == [
        ("C1", 90, ""),
        ("R1", 180, "bottom"),
    ]


@pytest.mark.parametrize(
    ("cell", "turn"),
    [("90", 90), ("-0.000000", 0), ("R90", 90), ("270°", 270), ("45,5", 45.5), ("", 0), ("1e1", 10)],
)
def test_turns_as_people_write_them(cell: str, turn: float) -> None:
    (position,), _ = _read(f'{HEAD}C1,1,2,T,"{cell}"\n')
    assert position.rotation_deg == turn


def test_places_with_a_name_and_a_unit_of_their_own_and_one_above() -> None:
    (position,), _ = _read("Units: inch\n" + HEAD + "C1,0.1,1,T,90\n")
    assert position.x_mm == pytest.approx(2.54)
    (position,), _ = _read("Units: inch\n" + HEAD + "C1,2.54mm,25.4mm,T,90\n")
    assert position.x_mm == pytest.approx(2.54)


def test_places_further_apart_than_any_board_ask_for_the_unit() -> None:
    _, findings = _read(HEAD + "C1,0,0,T,0\nC2,5200,100,T,0\n")
    assert "files.positions.spread" in _codes(findings)


def test_a_side_nobody_knows_is_asked_about() -> None:
    (position,), findings = _read(HEAD + "C1,1,2,sideways,0\n")
    assert position.side == ""
    assert "files.positions.side-unknown" in _codes(findings)


def test_a_file_without_sides_says_so() -> None:
    _, findings = _read("Designator,X,Y,Rotation\nC1,1,2,0\n")
    assert "files.positions.no-side" in _codes(findings)


def test_a_designator_with_two_places_is_a_warning() -> None:
    _, findings = _read(HEAD + "C1,1,2,T,0\nC1,11,2,T,0\n")
    assert "files.positions.twice" in _codes(findings)


def test_a_row_without_designator_is_named() -> None:
    positions, findings = _read(HEAD + "C1,1,2,T,0\n,7,7,T,0\n")
    assert len(positions) == 1
    assert [finding.where for finding in findings if finding.code == "files.positions.row-skipped"] == [
        "p.csv:row 3"
    ]


@pytest.mark.parametrize("cell", ["nan", "inf", "1e999", "here", "1e300", "--1"])
def test_what_is_no_length_is_an_error(cell: str) -> None:
    positions, findings = _read(f"{HEAD}C1,{cell},2,T,0\nC2,1,2,T,0\n")
    assert [position.designator for position in positions] == ["C2"]
    assert "files.positions.number" in _codes(findings)


def test_many_bad_rows_make_few_findings() -> None:
    _, findings = _read(HEAD + "C1,x,2,T,0\n" * 5000)
    assert len(findings) < 30


def test_no_rows_below_the_names_is_no_trouble() -> None:
    assert _read(HEAD)[0] == ()


@given(
    st.lists(
        st.tuples(
            st.from_regex(r"[A-Z]{1,2}[1-9][0-9]{0,2}", fullmatch=True),
            st.integers(-99_999, 99_999).map(lambda k: k / 1000),
            st.integers(-99_999, 99_999).map(lambda k: k / 1000),
            st.integers(0, 359),
            st.sampled_from(["top", "bottom"]),
        ),
        min_size=1,
        max_size=8,
        unique_by=lambda row: row[0],
    )
)
def test_places_written_in_any_unit_come_back(rows: list[tuple[str, float, float, int, str]]) -> None:
    for unit, factor in (("mm", 1.0), ("mil", 0.0254), ("inch", 25.4)):
        lines = (f"{n},{x / factor:.9f},{y / factor:.9f},{side},{turn}" for n, x, y, turn, side in rows)
        text = f"Designator,Mid X ({unit}),Mid Y ({unit}),Layer,Rotation\n" + "\n".join(lines)
        positions, _ = _read(text)
        assert [(p.designator, p.rotation_deg, p.side) for p in positions] == [
            (n, t, s) for n, _, _, t, s in rows
        ]
        assert [p.x_mm for p in positions] == pytest.approx([x for _, x, *_ in rows], abs=1e-6)
