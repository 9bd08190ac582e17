"""Boards in KiCad's text format before 2013: blocks, units, layers, shapes and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.files.boards import BoardFile, read_legacy
from manyworks.files.boards.legacy_layers import Layers
from manyworks.files.boards.legacy_text import LegacyError, read_blocks, split
from manyworks.files.sources import Source
from manyworks.model import BoardDesign, Finding

EDGES = "".join(
    f"$DRAWSEGMENT\nPo 0 {a} {b} {c} {d} 50\nDe 28 0 900 0 0\n$EndDRAWSEGMENT\n"
    for a, b, c, d in (
        (0, 0, 10000, 0),
        (10000, 0, 10000, 8000),
        (10000, 8000, 0, 8000),
        (0, 8000, 0, 0),
    )
)
GENERAL = "$GENERAL\nLayerCount 2\nBoardThickness 630\n$EndGENERAL\n"


def _brd(*blocks: str, general: str = GENERAL, edges: str = EDGES, version: str = "1") -> bytes:
    head = f"PCBNEW-BOARD Version {version} date 02/04/2011 15:04:20\n"
    return (head + general + "\n".join(blocks) + "\n" + edges + "$EndBOARD\n").encode()


def _source(data: bytes) -> Source:
    return Source(path=Path("b.brd"), name="b.brd", data=data)


def _read(data: bytes) -> tuple[BoardFile, dict[str, Finding]]:
    board, findings = read_legacy(_source(data))
    assert board is not None, findings
    return board, {finding.code: finding for finding in findings}


def _design(data: bytes) -> BoardDesign:
    return _read(data)[0].design


def _error(data: bytes) -> Finding:
    board, findings = read_legacy(_source(data))
    assert board is None
    return next(finding for finding in findings if finding.severity == "error")


def _module(*pads: str, turn: int = 0, layer: int = 15, more: str = "", at: str = "5000 4000") -> str:
    return (
        f'$MODULE M\nPo {at} {turn} {layer} 0 0 ~~\nLi M\n{more}T0 0 0 600 600 0 120 N V 21 N "U1"\n'
        f'T1 0 0 600 600 0 120 N V 21 N "v"\n{"".join(pads)}$EndMODULE  M\n'
    )


def _pad(shape: str, drill: str = "Dr 0 0 0", kind: str = "At STD N 00C0FFFF", at: str = "0 0") -> str:
    return f'$PAD\nSh "1" {shape}\n{drill}\n{kind}\nNe 1 "A"\nPo {at}\n$EndPAD\n'


def _track(*rows: str) -> str:
    return "$TRACK\n" + "\n".join(rows) + "\n$EndTRACK\n"


class TestUnits:
    def test_version_1_counts_in_ten_thousandths_of_an_inch(self) -> None:
        design = _design(_brd())
        assert (design.width_mm, design.height_mm) == (25.4, 20.32)
        assert design.thickness_mm == pytest.approx(1.6002)

    def test_stated_millimetres_win(self) -> None:
        general = "$GENERAL\nUnits mm\nLayerCount 2\nBoardThickness 0.8\n$EndGENERAL\n"
        assert _design(_brd(general=general, version="2")).width_mm == 10000

    def test_the_unit_of_the_set_up_is_followed(self) -> None:
        setup = "$SETUP\nInternalUnit 0.000100 INCH\nLayers 2\n$EndSETUP\n"
        assert _design(_brd(setup)).width_mm == 25.4

    def test_a_board_without_thickness_is_assumed_to_be_usual_aloud(self) -> None:
        board, codes = _read(_brd(general="$GENERAL\nLayerCount 2\n$EndGENERAL\n"))
        assert board.design.thickness_mm == 1.6
        assert "files.board.thickness-assumed" in codes


class TestLayers:
    def test_inner_layers_count_from_the_back(self) -> None:
        layers = Layers(count=4)
        assert [layers.place(layer) for layer in (15, 2, 1, 0, 3, 16)] == [1, 2, 3, 4, None, None]

    @pytest.mark.parametrize(
        ("general", "count"),
        [
            ("$GENERAL\nLayerCount 4\nBoardThickness 630\n$EndGENERAL\n", 4),
            ("$GENERAL\nEnabledLayers 1FFF8007\nBoardThickness 630\n$EndGENERAL\n", 4),
            ("$GENERAL\nLy 1FFF8001\nBoardThickness 630\n$EndGENERAL\n", 2),
        ],
    )
    def test_their_number_is_found_where_it_stands(self, general: str, count: int) -> None:
        assert _design(_brd(general=general)).copper_layers == count

    def test_names_of_the_user_are_kept(self) -> None:
        setup = "$SETUP\nLayers 2\nLayer[0] Solder signal\nLayer[15] Component signal\n$EndSETUP\n"
        names = [layer.name for layer in _design(_brd(setup)).layers[:2]]
        assert names == ["Component", "Solder"]

    def test_a_board_of_no_known_layers_is_an_error(self) -> None:
        assert _error(_brd(general="$GENERAL\n$EndGENERAL\n")).code == "files.board.malformed"

    def test_blind_and_micro_vias_have_their_span(self) -> None:
        general = "$GENERAL\nLayerCount 4\nBoardThickness 630\n$EndGENERAL\n"
        setup = "$SETUP\nLayers 4\nViaDrill 250\nMicroViaDrill 50\n$EndSETUP\n"
        rows = (
            "Po 3 2000 2000 2000 2000 500 -1", "De 240 1 0 0 0",
            "Po 2 3000 2000 3000 2000 500 100", "De 47 1 0 0 0",
            "Po 1 4000 2000 4000 2000 300 -1", "De 16 1 0 0 0",
        )  # fmt: skip
        tools = {
            round(t.diameter_mm / 0.00254): t.span
            for t in _design(_brd(setup, _track(*rows), general=general)).drills
        }
        assert tools == {250: None, 100: (1, 2), 50: (3, 4)}


class TestPads:
    @pytest.mark.parametrize(
        ("shape", "drill", "ring", "slots"),
        [
            ("C 1000 1000 0 0 0", "Dr 500 0 0", 250, 0),
            ("R 1000 2000 0 0 900", "Dr 500 0 0", 250, 0),
            ("O 1000 2000 0 0 0", "Dr 500 100 0", 150, 0),
            ("O 2000 1000 0 0 0", "Dr 600 0 0 O 1600 600", 200, 1),
        ],
    )
    def test_shapes_offsets_and_oblong_holes(self, shape: str, drill: str, ring: float, slots: int) -> None:
        design = _design(_brd(_module(_pad(shape, drill))))
        assert design.min_ring_mm == pytest.approx(ring * 0.00254, abs=1e-4)
        assert (design.plated_holes, design.slots) == (1, slots)

    def test_kinds_of_pads(self) -> None:
        pads = (
            _pad("R 500 500 0 0 0", kind="At SMD N 00888000", at="-1000 0"),
            _pad("R 500 500 0 0 0", kind="At CONN N 00000001", at="0 0"),
            _pad("C 1000 1000 0 0 0", "Dr 1000 0 0", kind="At HOLE N 00C0FFFF", at="2000 0"),
        )
        design = _design(_brd(_module(*pads)))
        assert (design.plated_holes, design.nonplated_holes) == (0, 1)
        assert [land.side for land in design.lands] == ["top", "bottom"]

    def test_a_module_on_the_back_is_not_mirrored_again(self) -> None:
        pad = _pad("C 1000 1000 0 0 0", "Dr 500 0 0", at="1000 300")
        design = _design(_brd(_module(pad, layer=0, turn=900)))
        assert design.placements[0].side == "bottom"
        (opening,) = design.openings
        assert opening.start_mm == (
            pytest.approx(5300 * 0.00254, abs=1e-3),
            pytest.approx(3000 * 0.00254, abs=1e-3),
        )

    def test_virtual_modules_are_not_in_the_parts_list(self) -> None:
        board, _ = _read(
            _brd(_module(_pad("R 500 500 0 0 0", kind="At SMD N 00888000"), more="At VIRTUAL\n"))
        )
        assert board.footprints[0].excluded


class TestCopper:
    def test_vias_take_the_drill_of_their_class_then_of_the_set_up(self) -> None:
        blocks = (
            "$SETUP\nViaDrill 300\n$EndSETUP\n",
            '$EQUIPOT\nNa 1 "A"\n$EndEQUIPOT\n$EQUIPOT\nNa 2 "B"\n$EndEQUIPOT\n',
            '$NCLASS\nName "Default"\nClearance 100\nViaDrill 250\nAddNet "A"\n$EndNCLASS\n',
            '$NCLASS\nName "Fine"\nClearance 80\nViaDrill 120\nAddNet "B"\n$EndNCLASS\n',
            _track(
                "Po 3 2000 2000 2000 2000 500 -1", "De 15 1 1 0 0",
                "Po 3 3000 2000 3000 2000 500", "De 15 1 2 0 0",
                "Po 3 4000 2000 4000 2000 500 400", "De 15 1 1 0 0",
            ),
        )  # fmt: skip
        drills = [round(tool.diameter_mm / 0.00254) for tool in _design(_brd(*blocks)).drills]
        assert drills == [120, 250, 400]

    def test_tracks_on_copper_count_and_fills_do_not(self) -> None:
        nets = '$EQUIPOT\nNa 1 "A"\n$EndEQUIPOT\n$EQUIPOT\nNa 2 "B"\n$EndEQUIPOT\n'
        track = _track(
            "Po 0 1000 2000 4000 2000 100", "De 15 0 1 0 0", "Po 0 1000 1000 2000 1000 10", "De 21 0 1 0 0"
        )
        fill = "$ZONE\nPo 0 1000 2500 4000 2500 20\nDe 15 0 2 0 0\n$EndZONE\n"
        zone = (
            '$CZONE_OUTLINE\nZInfo 1 2 "B"\nZLayer 15\nZMinThickness 100\n'
            "$POLYSCORNERS\n1000 2200 0 0\n4000 2200 0 0\n"
            "4000 2300 1 0\n$endPOLYSCORNERS\n$endCZONE_OUTLINE\n"
        )
        design = _design(_brd(nets, track, fill))
        assert design.min_track_mm == pytest.approx(0.254)
        assert design.min_space_mm == pytest.approx(440 * 0.00254, abs=1e-4)
        assert _design(_brd(nets, track, fill, zone)).min_space_mm == pytest.approx(100 * 0.00254, abs=1e-4)


class TestOutlines:
    def test_circles_and_arcs_of_modules_are_placed(self) -> None:
        circle = _module(more="DC 0 0 0 1000 50 28\n")
        design = _design(_brd(circle))
        assert len(design.outline_mm) == 2
        assert design.area_mm2 == pytest.approx(25.4 * 20.32 - 3.14159 * 2.54**2, abs=0.05)

    def test_polygons_of_modules_close_themselves(self) -> None:
        polygon = _module(more="DP 0 0 0 0 3 10 28\nDl 0 0\nDl 1000 0\nDl 0 1000\n")
        assert _design(_brd(polygon)).area_mm2 == pytest.approx(25.4 * 20.32 - 2.54**2 / 2, abs=0.01)

    def test_a_board_without_edges_is_an_error(self) -> None:
        assert _error(_brd(edges="")).code == "files.board.no-outline"


class TestTrouble:
    @pytest.mark.parametrize(
        ("text", "line"),
        [("$SETUP\nLayers 2\n", 1), ("$SETUP\n$EndTRACK\n", 2), ("$EndSETUP\n", 1), ("$A\n" * 20, 9)],
    )
    def test_blocks_that_do_not_close_say_on_which_line(self, text: str, line: int) -> None:
        with pytest.raises(LegacyError) as raised:
            read_blocks(text)
        assert raised.value.line == line

    def test_a_line_that_only_looks_like_a_block_is_closed_with_its_block(self) -> None:
        sheet = "$SHEETDESCR\n$Sheet User 100 100\nTitle x\n$EndSHEETDESCR\n"
        assert _design(_brd(sheet)).width_mm == 25.4

    def test_every_malformed_element_is_named_with_its_line(self) -> None:
        rows = ("Po 0 1000 x 4000 2000 100", "De 15 0 1 0 0", "Po 3 1 1 1 1 nan", "De 15 1 0 0 0")
        board, findings = read_legacy(_source(_brd(_module(_pad("Q")), _track(*rows))))
        assert board is None
        lines = [f.message for f in findings if f.code == "files.board.malformed"]
        assert len(lines) == 3
        assert all("line" in text for text in lines)

    def test_blocks_nobody_knows_are_named(self) -> None:
        assert (
            "$MAGIC x 1" in _read(_brd("$MAGIC\nx\n$EndMAGIC\n"))[1]["files.board.unknown-elements"].message
        )

    @given(st.text(max_size=60))
    def test_quoted_words_are_one(self, word: str) -> None:
        quoted = word.replace("\\", "\\\\").replace('"', '\\"')
        assert split(f'Na 1 "{quoted}" x') == ["Na", "1", word, "x"] or "\n" in word or "\r" in word

    @given(st.data())
    def test_no_damaged_board_breaks_the_reader(self, data: st.DataObject) -> None:
        whole = _brd(
            _module(_pad("O 2000 1000 0 0 0", "Dr 600 0 0 O 1600 600"), more="DA 0 0 0 100 900 10 28\n"),
            _track("Po 3 2000 2000 2000 2000 500 300", "De 15 1 1 0 0", "Po 0 1 1 9 9 5", "De 15 0 1 0 0"),
        )
        at = data.draw(st.integers(0, len(whole) - 1))
        length = data.draw(st.integers(0, 8))
        fresh = data.draw(
            st.sampled_from([b"", b"-", b"9" * 400, b"1e308", b"nan", b"\xff", b'"', b"$End", b"\n"])
        )
        board, findings = read_legacy(_source(whole[:at] + fresh + whole[at + length :]))
        assert (board is None) == any(f.severity == "error" for f in findings)

    @given(st.binary(max_size=300))
    def test_no_bytes_break_the_reader(self, data: bytes) -> None:
        read_legacy(_source(b"PCBNEW-BOARD Version 1\n" + data))
