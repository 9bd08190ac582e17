"""One small board drawn by four programs: every measure must come out the same."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.files.boards import BoardFile, is_eagle, is_legacy, read_eagle, read_kicad, read_legacy
from manyworks.files.sources import Source
from manyworks.model import BoardDesign, Finding

Read = Callable[[Source], tuple[BoardFile | None, tuple[Finding, ...]]]

# A board of 40 x 25 mm with one corner rounded by 5 mm; y upwards. R1 on top, turned by 30 degrees;
# J1 below, turned by 90; a loose hole, a via, tracks of two nets side by side.
R1, R1_TURN, J1, J1_TURN = (12.0, 15.0), 30.0, (28.0, 10.0), 90.0
PITCH, HOLE, VIA = 1.6, (35.0, 20.0), (20.0, 5.0)


def _kicad(turn: float = R1_TURN) -> str:
    """The board with y downwards, as KiCad 8 writes it."""

    def at(point: tuple[float, float]) -> str:
        return f"{point[0]} {-point[1]}"

    edge = '(stroke (width 0.1) (type solid)) (layer "Edge.Cuts")'
    corner = (40 - 5 + 5 * math.cos(math.pi / 4), 25 - 5 + 5 * math.sin(math.pi / 4))
    return f"""(kicad_pcb (version 20240108) (generator "pcbnew") (generator_version "8.0")
  (general (thickness 1.6) (legacy_teardrops no))
  (layers (0 "F.Cu" signal) (31 "B.Cu" signal) (35 "F.Paste" user) (44 "Edge.Cuts" user))
  (net 0 "") (net 1 "A") (net 2 "B")
  (gr_line (start 0 0) (end 40 0) {edge}) (gr_line (start 40 0) (end {at((40, 20))}) {edge})
  (gr_arc (start {at((40, 20))}) (mid {at(corner)}) (end {at((35, 25))}) {edge})
  (gr_line (start {at((35, 25))}) (end {at((0, 25))}) {edge})
  (gr_line (start {at((0, 25))}) (end 0 0) {edge})
  (footprint "R_0603" (layer "F.Cu") (uuid "1") (at {at(R1)} {turn}) (attr smd)
    (property "Reference" "R1" (at 0 0)) (property "Value" "1k" (at 0 0))
    (pad "1" smd rect (at -0.8 0 {turn}) (size 0.8 0.9) (layers "F.Cu" "F.Paste" "F.Mask") (net 1 "A"))
    (pad "2" smd rect (at 0.8 0 {turn}) (size 0.8 0.9) (layers "F.Cu" "F.Paste" "F.Mask") (net 2 "B")))
  (footprint "HDR2" (layer "B.Cu") (uuid "2") (at {at(J1)} {J1_TURN}) (attr through_hole)
    (property "Reference" "J1" (at 0 0)) (property "Value" "2P" (at 0 0))
    (pad "1" thru_hole circle (at -1.27 0) (size 1.8 1.8) (drill 1) (layers "*.Cu") (net 1 "A"))
    (pad "2" thru_hole circle (at 1.27 0) (size 1.8 1.8) (drill 1) (layers "*.Cu") (net 2 "B")))
  (footprint "Hole" (layer "F.Cu") (uuid "3") (at {at(HOLE)})
    (property "Reference" "H1" (at 0 0)) (property "Value" "" (at 0 0))
    (pad "" np_thru_hole circle (at 0 0) (size 3.2 3.2) (drill 3.2) (layers "*.Cu")))
  (segment (start 3 -8) (end 18 -8) (width 0.25) (layer "F.Cu") (net 1))
  (segment (start 3 -8.5) (end 18 -8.5) (width 0.3) (layer "F.Cu") (net 2))
  (via (at {at(VIA)}) (size 0.7) (drill 0.3) (layers "F.Cu" "B.Cu") (net 1))
)"""


def _legacy(version: int, turn: float = R1_TURN) -> str:
    """The same board as KiCad wrote it before 2013: version 1 in 1/10000 inch, version 2 in mm."""
    unit = 0.00254 if version == 1 else 1.0

    def n(*sizes: float) -> str:
        return " ".join(f"{size / unit:.10g}" for size in sizes)

    def at(point: tuple[float, float]) -> str:
        return n(point[0], -point[1])

    def pad(name: str, x: float, kind: str) -> str:
        net = {"1": '1 "A"', "2": '2 "B"'}.get(name, '0 ""')
        rows = {
            "smd": (f'Sh "{name}" R {n(0.8, 0.9)} 0 0 {turn * 10:g}', "Dr 0 0 0", "At SMD N 00888000"),
            "tht": (f'Sh "{name}" C {n(1.8, 1.8)} 0 0 900', f"Dr {n(1)} 0 0", "At STD N 00C0FFFF"),
            "hole": (f'Sh "{name}" C {n(3.2, 3.2)} 0 0 0', f"Dr {n(3.2)} 0 0", "At HOLE N 00C0FFFF"),
        }[kind]
        return "\n".join(("$PAD", *rows, f"Ne {net}", f"Po {n(x)} 0", "$EndPAD"))

    def module(
        name: str, ref: str, value: str, place: tuple[float, float], turn: float, layer: int, *pads: str
    ) -> str:
        return "\n".join(
            (
                f"$MODULE {name}", f"Po {at(place)} {turn * 10:g} {layer} 4F5A 0 ~~", f"Li {name}",
                f'T0 0 0 {n(1, 1)} 0 {n(0.1)} N V 21 N "{ref}"',
                f'T1 0 0 {n(1, 1)} 0 {n(0.1)} N V 21 N "{value}"',
                *pads, f"$EndMODULE  {name}",
            )
        )  # fmt: skip

    def line(a: tuple[float, float], b: tuple[float, float], shape: int = 0, angle: int = 900) -> str:
        return f"$DRAWSEGMENT\nPo {shape} {at(a)} {at(b)} {n(0.1)}\nDe 28 0 {angle} 0 0\n$EndDRAWSEGMENT"

    units = "Units mm\n" if version == 2 else ""
    return f"""PCBNEW-BOARD Version {version} date 22/02/2013 10:33:30

# Created by Pcbnew
$GENERAL
encoding utf-8
{units}LayerCount 2
BoardThickness {n(1.6)}
$EndGENERAL
$SETUP
Layers 2
Layer[0] Back signal
Layer[15] Front signal
ViaDrill {n(0.9)}
$EndSETUP
$EQUIPOT
Na 1 "A"
St ~
$EndEQUIPOT
$EQUIPOT
Na 2 "B"
St ~
$EndEQUIPOT
$NCLASS
Name "Default"
Clearance {n(0.15)}
ViaDrill {n(0.3)}
AddNet "A"
$EndNCLASS
{module("R_0603", "R1", "1k", R1, turn, 15, pad("1", -0.8, "smd"), pad("2", 0.8, "smd"))}
{module("HDR2", "J1", "2P", J1, J1_TURN, 0, pad("1", -1.27, "tht"), pad("2", 1.27, "tht"))}
{module("Hole", "H1", "", HOLE, 0, 15, pad("", 0, "hole"))}
{line((0, 0), (40, 0))}
{line((40, 0), (40, 20))}
{line((35, 20), (35, 25), 2, 900)}
{line((35, 25), (0, 25))}
{line((0, 25), (0, 0))}
$TRACK
Po 0 {at((3, 8))} {at((18, 8))} {n(0.25)} -1
De 15 0 1 0 0
Po 0 {at((3, 8.5))} {at((18, 8.5))} {n(0.3)} -1
De 15 0 2 0 0
Po 3 {at(VIA)} {at(VIA)} {n(0.7)} -1
De 15 1 1 0 0
$EndTRACK
$ZONE
$EndZONE
$EndBOARD
"""


def _eagle(turn: float = R1_TURN) -> str:
    """The same board as Eagle 9 writes it; its bottom part is mirrored, so that it turns the other way."""
    return f"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE eagle SYSTEM "eagle.dtd">
<eagle version="9.6.2"><drawing>
<layers><layer number="1" name="Top"/><layer number="16" name="Bottom"/><layer number="20" name="Dimension"/>
</layers>
<board><plain>
<wire x1="0" y1="0" x2="40" y2="0" width="0" layer="20"/>
<wire x1="40" y1="0" x2="40" y2="20" width="0" layer="20"/>
<wire x1="40" y1="20" x2="35" y2="25" width="0" layer="20" curve="90"/>
<wire x1="35" y1="25" x2="0" y2="25" width="0" layer="20"/>
<wire x1="0" y1="25" x2="0" y2="0" width="0" layer="20"/>
</plain>
<libraries><library name="lib" urn="urn:adsk.eagle:library:1"><packages>
<package name="R_0603" urn="x" library_version="2"><smd name="1" x="-0.8" y="0" dx="0.8" dy="0.9" layer="1"/>
<smd name="2" x="0.8" y="0" dx="0.8" dy="0.9" layer="1"/></package>
<package name="HDR2"><pad name="1" x="-1.27" y="0" drill="1" diameter="1.8"/>
<pad name="2" x="1.27" y="0" drill="1" diameter="1.8"/></package>
<package name="Hole"><hole x="0" y="0" drill="3.2"/></package>
</packages></library></libraries>
<designrules name="x"><param name="layerSetup" value="(1*16)"/>
<param name="mtCopper" value="{" ".join(["0.035mm"] * 16)}"/>
<param name="mtIsolate" value="1.53mm {" ".join(["0.2mm"] * 14)}"/>
<param name="mdWireWire" value="6mil"/><param name="rvPadTop" value="0.25"/>
<param name="rlMinPadTop" value="0.1mm"/>
<param name="rlMaxPadTop" value="20mil"/><param name="rvViaOuter" value="0.25"/>
<param name="rlMinViaOuter" value="0.1mm"/><param name="rlMaxViaOuter" value="20mil"/></designrules>
<elements>
<element name="R1" library="lib" library_urn="urn:adsk.eagle:library:1" package="R_0603" value="1k"
 x="{R1[0]}" y="{R1[1]}" rot="R{turn:g}"/>
<element name="J1" library="lib" package="HDR2" value="2P" x="{J1[0]}" y="{J1[1]}" rot="MR90"/>
<element name="H1" library="lib" package="Hole" value="" x="{HOLE[0]}" y="{HOLE[1]}"/></elements>
<signals>
<signal name="A"><contactref element="R1" pad="1"/><contactref element="J1" pad="1"/>
<wire x1="3" y1="8" x2="18" y2="8" width="0.25" layer="1"/>
<via x="{VIA[0]}" y="{VIA[1]}" extent="1-16" drill="0.3" diameter="0.7"/></signal>
<signal name="B"><contactref element="R1" pad="2"/><contactref element="J1" pad="2"/>
<wire x1="3" y1="8.5" x2="18" y2="8.5" width="0.3" layer="1"/></signal>
</signals></board></drawing></eagle>
"""


DIALECTS: dict[str, tuple[Read, Callable[[], str]]] = {
    "kicad": (read_kicad, _kicad),
    "legacy 1": (read_legacy, lambda: _legacy(1)),
    "legacy 2": (read_legacy, lambda: _legacy(2)),
    "eagle": (read_eagle, _eagle),
}


def _read(name: str) -> BoardFile:
    read, write = DIALECTS[name]
    board, findings = read(Source(path=Path("b.brd"), name="b.brd", data=write().encode()))
    assert board is not None, findings
    return board


@pytest.fixture(scope="module")
def boards() -> dict[str, BoardFile]:
    return {name: _read(name) for name in DIALECTS}


@pytest.mark.parametrize("name", DIALECTS)
class TestEveryDialect:
    def test_size_area_and_thickness(self, boards: dict[str, BoardFile], name: str) -> None:
        design = boards[name].design
        assert (design.width_mm, design.height_mm) == (pytest.approx(40), pytest.approx(25))
        assert design.area_mm2 == pytest.approx(40 * 25 - 25 + math.pi * 25 / 4, abs=0.02)
        assert design.thickness_mm == pytest.approx(1.6)
        assert design.copper_layers == 2

    def test_holes_tools_and_openings(self, boards: dict[str, BoardFile], name: str) -> None:
        design = boards[name].design
        assert (design.plated_holes, design.nonplated_holes, design.slots) == (3, 1, 0)
        tools = [(round(t.diameter_mm, 4), t.holes, t.plated, t.span) for t in design.drills]
        assert tools == [(0.3, 1, True, None), (1.0, 2, True, None), (3.2, 1, False, None)]
        assert len(design.openings) == 4
        assert not design.blind_vias

    def test_least_widths_and_distances(self, boards: dict[str, BoardFile], name: str) -> None:
        design = boards[name].design
        assert design.min_track_mm == pytest.approx(0.25, abs=1e-6)
        assert design.min_ring_mm == pytest.approx(0.2, abs=1e-4)
        # Two tracks of different nets, 0.5 mm apart from middle to middle.
        assert design.min_space_mm == pytest.approx(0.5 - 0.125 - 0.15, abs=1e-4)
        # The left ends of the tracks have a round end of half their width.
        assert design.copper_to_edge_mm == pytest.approx(3 - 0.15, abs=1e-4)
        assert design.min_hole_gap_mm == pytest.approx(2.54 - 1, abs=1e-4)
        assert design.min_drill_mm == pytest.approx(0.3, abs=1e-6)

    def test_parts_with_side_pads_and_pitch(self, boards: dict[str, BoardFile], name: str) -> None:
        placed = {p.designator: p for p in boards[name].design.placements}
        resistor, header = placed["R1"], placed["J1"]
        assert (resistor.side, resistor.surface_pads, resistor.through_pads) == ("top", 2, 0)
        assert resistor.pitch_mm == pytest.approx(PITCH, abs=1e-3)
        assert (header.side, header.surface_pads, header.through_pads) == ("bottom", 0, 2)
        assert (resistor.value, resistor.footprint) == ("1k", "R_0603")
        assert (resistor.x_mm, resistor.y_mm, resistor.rotation_deg) == (12, -15, 30)

    def test_lands_lie_where_the_pads_are(self, boards: dict[str, BoardFile], name: str) -> None:
        lands = sorted(boards[name].design.lands, key=lambda land: land.centre_mm)
        turn = math.radians(R1_TURN)
        for land, sign in zip(lands, (-1, 1), strict=True):
            assert land.side == "top"
            assert land.centre_mm[0] == pytest.approx(12 + sign * 0.8 * math.cos(turn), abs=1e-3)
            assert land.centre_mm[1] == pytest.approx(-15 - sign * 0.8 * math.sin(turn), abs=1e-3)
            assert land.size_mm == (pytest.approx(0.8), pytest.approx(0.9))
            assert land.rotation_deg == pytest.approx(30)

    def test_copper_layers_come_first_and_from_the_top(self, boards: dict[str, BoardFile], name: str) -> None:
        layers = boards[name].design.layers
        copper = [(layer.side, layer.number) for layer in layers if layer.role == "copper"]
        assert copper == [("top", 1), ("bottom", 2)]
        assert [layer.role for layer in layers].count("outline") == 1

    def test_kinds_are_told_apart(self, boards: dict[str, BoardFile], name: str) -> None:
        kinds = {f.placement.designator: f.kind for f in boards[name].footprints}
        assert kinds == {"R1": "part", "J1": "part", "H1": "mounting hole"}


def test_a_brd_file_is_claimed_by_one_reader_only() -> None:
    for name, write in (("eagle", _eagle), ("legacy", lambda: _legacy(2))):
        source = Source(path=Path("b.brd"), name="b.brd", data=write().encode())
        assert (is_eagle(source), is_legacy(source)) == (name == "eagle", name == "legacy")
    other = Source(path=Path("b.brd"), name="b.brd", data=b"\x00\x01binary of somebody else")
    assert not is_eagle(other)
    assert not is_legacy(other)


def _measures(design: BoardDesign) -> list[float | None]:
    return [
        design.area_mm2, design.min_space_mm, design.copper_to_edge_mm, design.min_hole_gap_mm,
        design.min_ring_mm,
    ]  # fmt: skip


@given(st.integers(0, 23))
def test_measures_are_the_same_in_all_dialects_however_a_part_is_turned(step: int) -> None:
    turn = 15.0 * step
    texts = (
        (read_kicad, _kicad(turn)),
        (read_legacy, _legacy(2, turn)),
        (read_eagle, _eagle(turn)),
    )
    measured = []
    for read, text in texts:
        board, findings = read(Source(path=Path("b"), name="b", data=text.encode()))
        assert board is not None, findings
        measured.append(_measures(board.design))
    for one in measured[1:]:
        assert one == pytest.approx(measured[0], abs=2e-3)
