"""Drill files give the same holes in every dialect, each hole once, plated or not, with its span."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.files.fabrication_writer import (
    POSTS,
    VIAS,
    at,
    board,
    codes,
    copper,
    drill,
    gerber,
    outline,
    read,
)

from manyworks.files.fabrication import excellon
from manyworks.files.fabrication.excellon import Drilling, read_excellon
from manyworks.files.fabrication.plotter import TooMuchError
from manyworks.model import BoardDesign

TOP_BOTTOM = {"b.GTL": copper(), "b.GBL": copper(), "b.GKO": outline()}
FOUR = {
    "b-F_Cu.gbr": copper(),
    "b-In1_Cu.gbr": copper(),
    "b-In2_Cu.gbr": copper(),
    "b-B_Cu.gbr": copper(),
    "b-Edge_Cuts.gbr": outline(),
}


def holes(text: str) -> list[tuple[float, float, float]]:
    cuts = read_excellon(text).cuts
    return [(round(c.start[0], 3), round(c.start[1], 3), round(c.diameter_mm, 3)) for c in cuts]


def slots(text: str) -> list[list[tuple[float, float]]]:
    return [[(round(x, 3), round(y, 3)) for x, y in c.path] for c in read_excellon(text).cuts if c.slot]


def with_drills(*texts: str, **named: str) -> BoardDesign:
    files = {f"d{k}.drl": text for k, text in enumerate(texts)}
    return board({**TOP_BOTTOM, **files, **{name.replace("__", "."): text for name, text in named.items()}})


MIXED = "; #@! TF.FileFunction,MixedPlating,1,2"
SAME = [(10.0, 10.0, 0.8), (20.0, 10.0, 0.8), (20.0, 15.5, 1.0)]


@pytest.mark.parametrize(
    "text",
    [
        # KiCad, decimal
        "M48\n;FORMAT={-:-/ absolute / metric / decimal}\nFMAT,2\nMETRIC,TZ\nT1C0.800\nT2C1.0\n%\nG90\nG05\n"
        "M71\nT1\nX10.0Y10.0\nX20.Y10.0\nT2\nX20.0Y15.5\nT0\nM30\n",
        # KiCad, suppressed zeros
        "M48\n; FORMAT={3:3/ absolute / metric / suppress leading zeros}\nFMAT,2\nMETRIC,TZ\nT1C0.8\nT2C1\n"
        "%\nG90\nT1\nX10000Y10000\nX20000Y10000\nT2\nX20000Y15500\nM30\n",
        "M48\n; FORMAT={3:3/ absolute / metric / suppress trailing zeros}\nMETRIC,LZ\nT1C0.8\nT2C1\n%\n"
        "T1\nX010Y010\nX020Y010\nT2\nX020Y0155\nM30\n",
        "M48\n; FORMAT={3:3/ absolute / metric / keep zeros}\nMETRIC\nT1C0.8\nT2C1\n%\n"
        "T1\nX010000Y010000\nX020000Y010000\nT2\nX020000Y015500\nM30\n",
        # Altium
        "M48\n;Layer_Color=9474304\n;FILE_FORMAT=4:4\nMETRIC,LZ\n;TYPE=PLATED\nT1F00S00C0.8000\n"
        "T2F00S00C1.0000\n%\nT01\nX0010Y0010\nX002\nT02\nX0020Y00155\nM30\n",
        "M48\n;FILE_FORMAT=4:4\nMETRIC,TZ\nT1F00S00C0.8\nT2F00S00C1\n%\nT01\nX100000Y100000\nX200000\nT02\n"
        "Y155000\nM30\n",
        # Eagle
        "M48\n;GenerationSoftware,Autodesk,EAGLE,9.6.2*%\nFMAT,2\nICI,OFF\nMETRIC,TZ,000.000\nT1C0.800\n"
        "T2C1.000\n%\nG90\nM71\nT1\nX10000Y10000\nX20000Y10000\nT2\nX20000Y15500\nM30\n",
        # inches
        "M48\nINCH,TZ\nT01C0.0315\nT02C0.03937\n%\nT01\nX003937Y003937\nX007874Y003937\nT02\n"
        "X007874Y006102\nM30\n",
        "M48\nM72\nT01C0.0315\nT02C0.03937\n%\nT01\nX.3937Y.3937\nX.7874Y.3937\nT02\nX.7874Y.6102\nM30\n",
        # tools with feeds, Windows lines, comments, lower case, step commands
        "M48\r\nmetric\r\nT01F200S65C0.8;drill\r\nT02S65F200C1.0H100\r\nM95\r\nG81\r\nT01\r\n/ skipped\r\n"
        "(text)\r\nX10.Y10.\r\nX20.\r\nT02X20.Y15.5\r\nM30\r\n",
        # incremental
        "M48\nMETRIC\nT1C0.8\nT2C1\n%\nG91\nT1\nX10.0Y10.0\nX10.0Y0.0\nT2\nX0.0Y5.5\nM30\n",
        # tools and compensation, Allegro's comments
        ";   Holesize 1. = 0.800000 Tolerance = +0.0/-0.0 PLATED MM Quantity = 2\n"
        ";   Holesize 2. = 1.000000 Tolerance = +0.0/-0.0 PLATED MM Quantity = 1\n%\nG90\nM71\n"
        "T01\nX10.Y10.\nX20.Y10.\nT02\nX20.Y15.5\nM30\n",
    ],
)
def test_three_holes_are_the_same_in_every_dialect(text: str) -> None:
    drilling = read_excellon(text)
    found = holes(text)
    assert len(found) == len(SAME)
    for hole, wanted in zip(found, SAME, strict=True):
        assert hole == pytest.approx(wanted, abs=0.006)
    assert not drilling.malformed


@pytest.mark.parametrize(
    "body",
    [
        "X10.0Y10.0G85X12.0Y10.0",
        "X10.0Y10.0G85X12.0",
        "G00X10.0Y10.0\nM15\nG01X12.0Y10.0\nM16\nG05",
        "G00X10.0Y10.0\nM15\nG01X12.0\nM17\nG05",
        "G00X10.0Y10.0\nG01X12.0Y10.0\nG05",
    ],
)
def test_a_slot_is_one_opening_however_it_is_cut(body: str) -> None:
    text = f"M48\nMETRIC\nT1C1.0\n%\nG90\nG05\nT1\n{body}\nX30.0Y20.0\nM30\n"
    assert slots(text) == [[(10.0, 10.0), (12.0, 10.0)]]
    assert len(read_excellon(text).cuts) == 2


def test_a_slot_without_length_is_a_hole() -> None:
    assert slots("M48\nMETRIC\nT1C1.0\n%\nT1\nX10.0Y10.0G85X10.0Y10.0\nM30\n") == []


@pytest.mark.parametrize("end", ["G03X10.0Y20.0I0J5.0", "G03X10.0Y20.0A5.0"])
def test_a_routed_arc_bulges(end: str) -> None:
    text = f"M48\nMETRIC\nT1C1.0\n%\nT1\nG00X10.0Y10.0\nM15\n{end}\nM16\nM30\n"
    (path,) = slots(text)
    assert max(x for x, _ in path) == pytest.approx(15.0, abs=0.01)
    assert all(math.dist(point, (10, 15)) == pytest.approx(5, abs=0.002) for point in path)


def test_hits_are_repeated() -> None:
    text = "M48\nMETRIC\nT1C1.0\n%\nT1\nX1.0Y1.0\nR3X2.0\nM30\n"
    assert [hole[0] for hole in holes(text)] == [1.0, 3.0, 5.0, 7.0]


def test_patterns_are_repeated() -> None:
    text = "M48\nMETRIC\nT1C1.0\n%\nT1\nM25\nX1.0Y1.0\nX2.0Y1.0\nM01\nM02X10.0Y0.0\nM02X0.0Y10.0\nM08\nM30\n"
    assert [hole[:2] for hole in holes(text)] == [
        *((1.0, 1.0), (2.0, 1.0), (11.0, 1.0), (12.0, 1.0), (11.0, 11.0), (12.0, 11.0))
    ]


@given(
    st.lists(st.tuples(st.integers(1, 49_999), st.integers(1, 29_999)), min_size=1, max_size=10, unique=True)
)
def test_leading_and_trailing_zeros_mean_the_same(places: list[tuple[int, int]]) -> None:
    def left(value: int) -> str:
        return f"{value:06d}".rstrip("0") or "0"

    right = "".join(f"X{x}Y{y}\n" for x, y in places)
    kept = "".join(f"X{left(x)}Y{left(y)}\n" for x, y in places)
    one = holes("M48\nMETRIC,TZ,000.000\nT1C1\n%\nT1\n" + right + "M30\n")
    other = holes("M48\nMETRIC,LZ,000.000\nT1C1\n%\nT1\n" + kept + "M30\n")
    assert one == other == [(x / 1000, y / 1000, 1.0) for x, y in places]


@pytest.mark.parametrize(
    ("decimals", "unit", "word"),
    [(3, 1.0, "METRIC"), (2, 1.0, "METRIC"), (4, 25.4, "INCH"), (3, 25.4, "INCH")],
)
def test_an_untold_number_format_is_found_by_the_board(decimals: int, unit: float, word: str) -> None:
    spread = [(2.54, 2.54), (45.72, 25.4), (10.16, 20.32), *VIAS]
    lines = [f"X{round(x / unit * 10**decimals)}Y{round(y / unit * 10**decimals)}" for x, y in spread]
    text = "\n".join(["M48", word, f"T1C{0.4 / unit:.4f}", "%", "T1", *lines, "M30"])
    (found,), findings = read({**TOP_BOTTOM, "b.drl": text})
    places = sorted(opening.start_mm for opening in found.design.openings)
    for place, wanted in zip(places, sorted(spread), strict=True):
        assert place == pytest.approx(wanted, abs=0.06)
    assert "drill-format" in codes(findings)


def test_an_untold_unit_is_found_by_the_board_and_said() -> None:
    lines = [f"X{round(x * 1000):06d}Y{round(y * 1000):06d}" for x, y in (*VIAS, (45, 25))]
    text = "\n".join(["M48", "T1C0.4", "%", "T1", *lines, "M30"])
    (found,), findings = read({**TOP_BOTTOM, "b.drl": text})
    assert max(o.start_mm[0] for o in found.design.openings) == pytest.approx(45)
    assert {"drill-format", "guessed"} & set(codes(findings))


def test_tools_that_only_a_report_sizes_are_taken_from_it() -> None:
    report = (
        "Drill report for amp.kicad_pcb\n\nDrill file 'b.drl' contains\n    plated through holes:\n"
        '    T1  0.40mm  0.016"  (3 holes)\n'
    )
    text = "M48\nMETRIC\n%\nT1\n" + "".join(f"X{x}Y{y}\n" for x, y in VIAS) + "M30\n"
    files = {**TOP_BOTTOM, "b.drl": text}
    (alone,), findings = read(files)
    assert alone.design.min_drill_mm is None
    assert "tool-size" in codes(findings)
    assert board({**files, "b.rpt": report}).min_drill_mm == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("name", "header", "plated"),
    [
        ("b-PTH.drl", (), True),
        ("b-NPTH.drl", (), False),
        ("b.drl", (";TYPE=PLATED",), True),
        ("b.drl", (";TYPE=NON_PLATED",), False),
        ("b.drl", ("; #@! TF.FileFunction,NonPlated,1,2,NPTH",), False),
        ("b.drl", (MIXED, "; #@! TA.AperFunction,NonPlated,NPTH,ComponentDrill"), False),
        ("b.drl", (MIXED, "; #@! TA.AperFunction,Plated,PTH,ViaDrill"), True),
        ("b-RoundHoles-NonPlated.TXT", (), False),
        ("b.unplated-drill.cnc", (), False),
        ("Drill_NPTH_Through.DRL", (), False),
        ("b.drl", (), True),
    ],
)
def test_plating_is_told_by_attribute_comment_or_name(
    name: str, header: tuple[str, ...], plated: bool
) -> None:
    made = board({**TOP_BOTTOM, name: drill(header=("METRIC", *header))})
    assert (made.plated_holes, made.nonplated_holes) == ((3, 0) if plated else (0, 3))


def test_without_a_word_of_it_holes_with_pads_are_plated() -> None:
    text = "M48\nMETRIC\nT1C0.4\nT2C3.2\n%\nT1\n" + "".join(f"X{x}Y{y}\n" for x, y in VIAS)
    text += "T2\n" + "".join(f"X{x}Y{y}\n" for x, y in POSTS) + "M30\n"
    (found,), findings = read({**TOP_BOTTOM, "b.drl": text})
    assert (found.design.plated_holes, found.design.nonplated_holes) == (3, 2)
    assert "plating" in codes(findings)


@pytest.mark.parametrize(
    ("name", "header", "span"),
    [
        ("b-front-in1.drl", (), (1, 2)),
        ("b-in1-in2.drl", (), (2, 3)),
        ("b-in2-back.drl", (), (3, 4)),
        ("b-L1-L2.drl", (), (1, 2)),
        ("b-F_Cu-In1_Cu.drl", (), (1, 2)),
        ("b-1-2.drl", (), (1, 2)),
        ("drill_1_2.xln", (), (1, 2)),
        ("drill_1_16.xln", (), None),
        ("b-1-4.drl", (), None),
        ("b-PTH.drl", (), None),
        ("x.drl", ("; #@! TF.FileFunction,Plated,2,3,Buried",), (2, 3)),
        ("x.drl", ("; #@! TF.FileFunction,Plated,1,4,PTH",), None),
    ],
)
def test_spans_are_told_by_attribute_or_name(
    name: str, header: tuple[str, ...], span: tuple[int, int] | None
) -> None:
    made = board({**FOUR, name: drill(header=("METRIC", *header))})
    assert [tool.span for tool in made.drills] == [span]
    assert made.blind_vias is (span is not None)
    assert made.plated_holes == len(VIAS)


def test_without_a_word_of_it_holes_end_where_their_pads_do() -> None:
    bare = gerber("D10*", at(1, 1) + "D03*")
    layers = {"b.GTL": copper(), "b.G1": copper(), "b.G2": bare, "b.GBL": bare, "b.GM1": outline()}
    (found,), findings = read({**layers, "b-RoundHoles.TX2": drill()})
    assert [tool.span for tool in found.design.drills] == [(1, 2)]
    assert "span-by-pads" in codes(findings)


def test_through_holes_need_no_pads_inside() -> None:
    bare = gerber("D10*", at(1, 1) + "D03*")
    layers = {"b.GTL": copper(), "b.G1": bare, "b.G2": bare, "b.GBL": copper(), "b.GM1": outline()}
    assert [tool.span for tool in board({**layers, "b.TXT": drill()}).drills] == [None]


def test_altium_reports_tell_spans_by_the_names_of_layers() -> None:
    named = (("GTL", "L1"), ("G1", "L4"), ("G2", "L9"), ("GBL", "L10"))
    extensions = "Gerber File Extension Report For: b.GBR\n"
    extensions += "".join(f".{ending:<10} {name}\n" for ending, name in named)
    drills = "NCDrill File Report For: b.PcbDoc\n\nLayer Pair : L4 to L9\n"
    drills += "ASCII Plated RoundHoles File : b-R.TX2\n"
    layers = {"b.GTL": copper(), "b.G1": copper(), "b.G2": copper(), "b.GBL": copper(), "b.GM1": outline()}
    made = board({**layers, "b-R.TX2": drill(), "b.EXTREP": extensions, "b.DRR": drills})
    assert [tool.span for tool in made.drills] == [(2, 3)]


def test_a_file_that_repeats_others_is_counted_once() -> None:
    both = "M48\nMETRIC\nT1C0.400\nT2C3.200\n%\nT1\n" + "".join(f"X{x}Y{y}\n" for x, y in VIAS)
    both += "T2\n" + "".join(f"X{x}Y{y}\n" for x, y in POSTS) + "M30\n"
    files = {"b-RoundHoles.TXT": both, "b-RoundHoles-Plated.TXT": drill()}
    files["b-RoundHoles-NonPlated.TXT"] = drill(POSTS, 3.2)
    (found,), findings = read({**TOP_BOTTOM, **files})
    assert (found.design.plated_holes, found.design.nonplated_holes) == (3, 2)
    assert "drill-repeats" in codes(findings)
    unused = [layer.name for layer in found.design.layers if layer.role == "drill" and not layer.used]
    assert unused == ["b-RoundHoles.TXT"]


def test_holes_that_two_files_share_are_counted_once() -> None:
    files = {"b-one-PTH.drl": drill([*VIAS, (5, 5)]), "b-two-PTH.drl": drill([*VIAS, (6, 6)])}
    (found,), findings = read({**TOP_BOTTOM, **files})
    assert found.design.plated_holes == 5
    assert "drill-repeats" in codes(findings)


def test_the_same_holes_at_another_depth_are_other_holes() -> None:
    files = {"b-front-in1.drl": drill(size=0.1), "b-in2-back.drl": drill(size=0.1)}
    assert board({**FOUR, **files}).plated_holes == 6


def test_holes_in_gerber_form_are_drilled() -> None:
    shapes = {10: "C,0.4", 11: "O,2X1"}
    body = ["D10*", *[at(*via) + "D03*" for via in VIAS], "D11*", at(30, 15) + "D03*"]
    plated = gerber(*body, apertures=shapes, attributes=["TF.FileFunction,Plated,1,2,PTH,Drill"])
    made = board({**TOP_BOTTOM, "b-PTH-drl.gbr": plated})
    assert (made.plated_holes, made.slots, made.min_drill_mm) == (4, 1, 0.4)
    assert made.openings[-1].start_mm == (29.5, 15.0)


def test_tools_sum_to_the_counts() -> None:
    made = with_drills(drill(), b_NPTH__drl=drill(POSTS, 3.2))
    made_with_tools = sum(tool.holes + tool.slots for tool in made.drills)
    assert made_with_tools == made.plated_holes + made.nonplated_holes == 5
    assert len(made.openings) == 5


def test_holes_beside_the_board_are_said_aloud() -> None:
    _, findings = read({**TOP_BOTTOM, "b.drl": drill([(150.0, 10.0), (160.0, 10.0)])})
    assert "drill-beside" in codes(findings)


def test_a_missing_drill_file_is_said_aloud() -> None:
    _, findings = read(TOP_BOTTOM)
    assert "no-drills" in codes(findings)


@pytest.mark.parametrize(
    "line", ["QX1Y1", "X1..2Y1", "G77X1Y1", "M99", "R99999999X1", "X9999999.0Y1.0", "!!", "T1C99999"]
)
def test_lines_that_are_not_understood_are_counted(line: str) -> None:
    drilling = read_excellon(f"M48\nMETRIC\nT1C1\n%\nT1\nX1.0Y1.0\n{line}\nX2.0Y2.0\nM30\n")
    assert sum(drilling.malformed.values()) == 1
    assert [cut.start for cut in drilling.cuts][-1] == (2.0, 2.0)


def test_more_holes_than_any_board_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excellon, "DRILL_HITS", 30_000)
    with pytest.raises(TooMuchError):
        read_excellon("M48\nMETRIC\nT1C1\n%\nT1\nX1.0Y1.0\n" + "R20000X0.01\n" * 20 + "M30\n")


@given(st.text(alphabet="MTXYGRCF;%*0123456789.-\n,", max_size=200))
def test_no_text_makes_it_fail(text: str) -> None:
    assert isinstance(read_excellon("M48\nMETRIC\nT1C1\n%\nT1\n" + text), Drilling)
