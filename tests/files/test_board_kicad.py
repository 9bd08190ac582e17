"""What KiCad boards of different formats say beyond pads and tracks: stack, layers, oddities."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.files.designs import BOARD, RECTANGLE, footprint

from manyworks.files.boards import BoardFile, read_board, read_kicad
from manyworks.files.sources import Source
from manyworks.model import Finding

WriteBoard = Callable[..., Path]


def _read(path: Path) -> tuple[BoardFile, dict[str, Finding]]:
    board, findings = read_board(path, path.name)
    assert board is not None, findings
    return board, {finding.code: finding for finding in findings}


def _of(text: str) -> BoardFile:
    board, findings = read_kicad(Source(path=Path("b.kicad_pcb"), name="zip/b.kicad_pcb", data=text.encode()))
    assert board is not None, findings
    return board


STACKUP = """(setup (stackup
  (layer "F.SilkS" (type "Top Silk Screen") (color "White"))
  (layer "F.Mask" (type "Top Solder Mask") (color "Black") (thickness 0.01))
  (layer "F.Cu" (type "copper") (thickness 0.07))
  (layer "dielectric 1" (type "core") (thickness 1.44) (material "{material}"))
  (layer "B.Cu" (type "copper") (thickness 0.035))
  (copper_finish "ENIG") {more}))"""


class TestStack:
    def test_finish_colour_copper_and_material_come_from_the_stack_up(self, write_board: WriteBoard) -> None:
        design = _read(write_board(STACKUP.format(material="FR4", more="")))[0].design
        assert (design.finish, design.mask_colour, design.copper_um) == ("ENIG", "Black", 70)
        assert design.flexible is False
        assert design.castellated is None
        assert design.edge_plated is None

    def test_a_core_of_film_makes_it_flexible(self, write_board: WriteBoard) -> None:
        assert _read(write_board(STACKUP.format(material="Polyimide", more="")))[0].design.flexible is True

    def test_castellation_and_edge_plating_are_taken_as_stated(self, write_board: WriteBoard) -> None:
        more = "(castellated_pads yes) (edge_plating yes)"
        design = _read(write_board(STACKUP.format(material="FR4", more=more)))[0].design
        assert (design.castellated, design.edge_plated) == (True, True)

    def test_without_a_stack_up_nothing_is_told(self, write_board: WriteBoard) -> None:
        design = _read(write_board())[0].design
        assert (design.flexible, design.castellated, design.edge_plated, design.copper_um) == (None,) * 4
        assert (design.finish, design.mask_colour) == ("", "")


FOUR = '(31 "B.Cu" signal)'
LAYERS_9 = (
    '(0 "F.Cu" signal) (4 "In1.Cu" power) (6 "In2.Cu" signal) (2 "B.Cu" signal) (5 "F.SilkS" user "Legend")'
    '(1 "F.Mask" user) (13 "F.Paste" user) (25 "Edge.Cuts" user) (39 "User.1" user)'
)


def _nine(extra: str) -> str:
    layers = '(0 "F.Cu" signal) (31 "B.Cu" signal) (44 "Edge.Cuts" user)'
    return BOARD.replace(layers, LAYERS_9).replace("20240108", "20241229").format(extra=RECTANGLE + extra)


class TestLayers:
    def test_every_layer_has_its_role_side_and_place(self) -> None:
        rows = {layer.name: layer for layer in _of(_nine("")).design.layers}
        assert {name: (row.role, row.side, row.number) for name, row in rows.items()} == {
            "F.Cu": ("copper", "top", 1),
            "In1.Cu": ("copper", "inner", 2),
            "In2.Cu": ("copper", "inner", 3),
            "B.Cu": ("copper", "bottom", 4),
            "F.SilkS": ("silkscreen", "top", None),
            "F.Mask": ("mask", "top", None),
            "F.Paste": ("paste", "top", None),
            "Edge.Cuts": ("outline", "", None),
            "User.1": ("drawing", "", None),
        }
        assert all(row.why for row in rows.values())

    @pytest.mark.parametrize(
        ("via", "span"),
        [
            ('(via (at 5 5) (size 0.5) (drill 0.2) (layers "F.Cu" "B.Cu"))', None),
            ('(via blind (at 5 5) (size 0.5) (drill 0.2) (layers "F.Cu" "In1.Cu"))', (1, 2)),
            ('(via buried (at 5 5) (size 0.5) (drill 0.2) (layers "In2.Cu" "In1.Cu"))', (2, 3)),
            ('(via micro (at 5 5) (size 0.5) (drill 0.1) (layers "In2.Cu" "B.Cu"))', (3, 4)),
        ],
    )
    def test_spans_of_vias_count_from_the_top(self, via: str, span: tuple[int, int] | None) -> None:
        (tool,) = _of(_nine(via)).design.drills
        assert tool.span == span

    def test_stacked_micro_vias_are_not_holes_run_into_each_other(self) -> None:
        vias = "".join(
            f'(via micro (at 5 5) (size 0.4) (drill 0.1) (layers "{a}" "{b}"))'
            for a, b in (("F.Cu", "In1.Cu"), ("In1.Cu", "In2.Cu"))
        )
        source = Source(path=Path("b"), name="b", data=_nine(vias).encode())
        board, findings = read_kicad(source)
        assert board is not None
        assert board.design.min_hole_gap_mm is None
        assert "files.board.holes-touching" not in {finding.code for finding in findings}

    def test_a_pad_without_unused_inner_rings_keeps_no_space_there(self) -> None:
        nets = '(net 0 "") (net 1 "A") (net 2 "B")'
        track = '(segment (start 3 10.6) (end 18 10.6) (width 0.2) (layer "In1.Cu") (net 2))'
        pad = '(pad "1" thru_hole circle (at 0 0) (size 1.6 1.6) (drill 0.6) (layers "*.Cu") {} (net 1 "A"))'
        touching = [
            "files.board.copper-touching"
            in {
                finding.code
                for finding in read_kicad(
                    Source(
                        path=Path("b"),
                        name="b",
                        data=_nine(nets + track + footprint("J1", pads=pad.format(removed))).encode(),
                    )
                )[1]
            }
            for removed in ("", "(remove_unused_layers yes) (keep_end_layers yes)")
        ]
        assert touching == [True, False]

    def test_ring_of_a_via_counts_its_smaller_inner_pads(self) -> None:
        via = (
            '(via (at 5 5) (size 0.8) (drill 0.3) (layers "F.Cu" "B.Cu") (padstack (mode front_inner_back)'
            '(layer "Inner" (size 0.5)) (layer "B.Cu" (size 0.8))))'
        )
        assert _of(_nine(via)).design.min_ring_mm == pytest.approx(0.1)


class TestOddities:
    def test_what_newer_formats_add_is_read_over(self) -> None:
        """Tables, images, targets, teardrops, groups, embedded fonts and files, jumper groups."""
        extra = """
        (property "REV" "A") (group "" (uuid "1") (members "2"))
        (target plus (at 1 1) (size 5) (width 0.1) (layer "Edge.Cuts"))
        (image (at 10 10) (layer "F.SilkS") (scale 1) (data "iVBORw0KGgo"))
        (table (column_count 2) (layer "User.1") (cells (table_cell "a" (start 0 0) (end 5 5))))
        (generated (uuid "3") (type tuning_pattern) (members "4"))
        (embedded_fonts no) (embedded_files (file (name "x.step") (type model) (data |KLUv/WAAcA+AAA==
          AAAAbbbbCCCC/+==|) (checksum "00")))
        (zone (net 0) (net_name "") (layers "F&B.Cu") (uuid "5") (attr (teardrop (type padvia)))
          (filled_polygon (layer "F.Cu") (pts (xy 5 6) (xy 9 6) (xy 9 9))))
        """
        source = Source(path=Path("b"), name="b", data=_nine(extra).encode())
        board, findings = read_kicad(source)
        assert board is not None
        assert not [
            f for f in findings if f.code in ("files.board.unknown-elements", "files.board.malformed")
        ]

    def test_what_is_not_known_at_all_is_named(self, write_board: WriteBoard) -> None:
        _, codes = _read(write_board("(hologram (at 1 1))", "(hologram (at 2 1))"))
        assert "hologram x 2" in codes["files.board.unknown-elements"].message

    def test_nets_may_be_named_without_numbers(self) -> None:
        tracks = "".join(
            f'(segment (start 3 {y}) (end 9 {y}) (width 0.2) (layer "F.Cu") (net "{net}"))'
            for y, net in ((5, "GND"), (5.25, "GND"), (5.75, "VCC"))
        )
        assert _of(_nine(tracks)).design.min_space_mm == pytest.approx(0.3)

    def test_attributes_and_fields_leave_parts_out(self, write_board: WriteBoard) -> None:
        board, _ = _read(
            write_board(
                footprint("R1", attr="smd exclude_from_pos_files exclude_from_bom dnp"),
                footprint("R2").replace("(attr smd)", '(attr smd) (property "DNP" "DNP" (at 0 0))'),
                footprint("R3", attr="smd allow_soldermask_bridges"),
            )
        )
        assert [f.placement.fitted for f in board.footprints] == [False, False, True]
        assert [f.excluded for f in board.footprints] == [True, False, False]

    def test_texts_of_users_are_no_reference(self, write_board: WriteBoard) -> None:
        part = footprint("R1").replace(
            "(attr smd)", '(attr smd) (fp_text user "${REFERENCE}" (at 0 0) (layer "F.Fab"))'
        )
        assert _read(write_board(part))[0].design.placements[0].designator == "R1"

    def test_free_pads_draw_their_own_shape(self, write_board: WriteBoard) -> None:
        pad = (
            '(pad "1" smd custom (at 0 0) (size 0.5 0.5) (layers "F.Cu") (net 1 "A")'
            "(options (clearance outline) (anchor circle))"
            "(primitives (gr_poly (pts (xy 0 0) (xy 4 0) (xy 4 1)) (width 0.2) (fill yes))))"
        )
        track = '(segment (start 20 5) (end 20 15) (width 0.2) (layer "F.Cu") (net 2))'
        nets = '(net 0 "") (net 1 "A") (net 2 "B")'
        design = _read(write_board(nets, footprint("J1", pads=pad), track))[0].design
        assert design.min_space_mm == pytest.approx(20 - 14 - 0.1 - 0.1)

    @pytest.mark.parametrize(
        ("shape", "more", "edge"),
        [
            ("rect", "", 9.0),
            ("circle", "", 9.0),
            ("oval", "", 9.0),
            ("roundrect", "(roundrect_rratio 0.25)", 9.0),
            ("roundrect", "(roundrect_rratio 0) (chamfer_ratio 0.3) (chamfer top_left bottom_left)", 9.0),
            ("trapezoid", "(rect_delta 0 0.4)", 9.0),
        ],
    )
    def test_shapes_of_pads_reach_as_far_as_their_size(
        self, write_board: WriteBoard, shape: str, more: str, edge: float
    ) -> None:
        pad = f'(pad "1" smd {shape} (at 0 0) (size 2 1) (layers "F.Cu") {more})'
        design = _read(write_board(footprint("J1", pads=pad, at="10 15")))[0].design
        assert design.copper_to_edge_mm == pytest.approx(edge)
        assert design.lands[0].size_mm == (2, 1)

    def test_several_boards_of_a_size_are_a_panel_and_marks_are_not(self, write_board: WriteBoard) -> None:
        boards = "".join(
            f'(gr_rect (start {x} 0) (end {x + 10} 10) (layer "Edge.Cuts"))' for x in (0, 12, 24)
        )
        mark = '(gr_circle (center 40 5) (end 41 5) (layer "Edge.Cuts"))'
        design = _read(write_board(outline=boards + mark))[0].design
        assert design.pieces == 3

    def test_a_via_that_nobody_gives_a_drill_is_an_error(self, write_board: WriteBoard) -> None:
        path = write_board('(via (at 1 1) (size 0.8) (layers "F.Cu" "B.Cu") (net 0))')
        board, findings = read_board(path, "b")
        assert board is None
        assert "drilled" in findings[0].message


@given(st.data())
def test_no_damaged_board_breaks_the_reader(data: st.DataObject) -> None:
    zone = (
        '(zone (net 1) (layer "F.Cu") (min_thickness 0.2) (filled_polygon (pts (xy 5 6) (xy 9 6) (xy 9 9))))'
    )
    whole = _nine(footprint("R1", at="10 10 45") + zone + STACKUP.format(material="FR4", more=""))
    at = data.draw(st.integers(0, len(whole) - 1))
    length = data.draw(st.integers(0, 8))
    fresh = data.draw(st.sampled_from(["", "-", "9" * 400, "1e308", "nan", '"', "(", ")", " 0 ", "(at)"]))
    text = whole[:at] + fresh + whole[at + length :]
    board, findings = read_kicad(Source(path=Path("b"), name="b", data=text.encode()))
    assert (board is None) == any(finding.severity == "error" for finding in findings)
