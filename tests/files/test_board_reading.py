"""KiCad boards written on the spot: formats, pads, holes, outlines and what is wrong with them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.files.designs import BOARD, RECTANGLE, footprint

from manyworks.files.boards import BoardFile, read_board
from manyworks.files.boards.sexpr import SexprError, parse
from manyworks.model import Finding

WriteBoard = Callable[..., Path]
Write = Callable[[str, str], Path]


def _read(path: Path) -> tuple[BoardFile, tuple[Finding, ...]]:
    board, findings = read_board(path, path.name)
    assert board is not None, findings
    return board, findings


def _codes(path: Path) -> set[str]:
    return {finding.code for finding in read_board(path, path.name)[1]}


ATOM = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters='()"'), min_size=1)
TREE = st.recursive(ATOM, lambda inner: st.lists(inner, max_size=4), max_leaves=30)


class TestLists:
    @given(st.lists(TREE, max_size=5))
    def test_what_is_written_is_read_back(self, tree: list[object]) -> None:
        def text(node: object) -> str:
            return f"({' '.join(map(text, node))})" if isinstance(node, list) else str(node)

        assert parse(text(tree)) == tree

    @given(st.text())
    def test_quoted_text_is_kept_whole(self, word: str) -> None:
        quoted = word.replace("\\", "\\\\").replace('"', '\\"')
        assert parse(f'(a "{quoted}")') == ["a", word]

    @pytest.mark.parametrize(
        ("text", "line"), [("(a\n(b", 2), ("(a))", 1), ('(a\n"b)', 2), ("", 1), ("(a) (b)", 1), ("a", 1)]
    )
    def test_a_malformed_text_says_on_which_line(self, text: str, line: int) -> None:
        with pytest.raises(SexprError) as raised:
            parse(text)
        assert raised.value.line == line


class TestFormats:
    def test_layer_numbers_of_format_9(self, write: Write) -> None:
        text = BOARD.replace(
            '(0 "F.Cu" signal) (31 "B.Cu" signal) (44 "Edge.Cuts" user)',
            '(0 "F.Cu" signal) (4 "In1.Cu" power) (6 "In2.Cu" signal) (2 "B.Cu" signal)',
        )
        extra = RECTANGLE + footprint("R1", layer="B.Cu")
        board, _ = _read(write("b.kicad_pcb", text.format(extra=extra)))
        assert board.design.copper_layers == 4
        assert board.design.placements[0].side == "bottom"
        assert not board.design.blind_vias

    def test_format_4_takes_reference_and_value_from_texts(self, write_board: WriteBoard) -> None:
        board, _ = _read(
            write_board(
                "(module R_0603 (layer F.Cu) (at 1 2 90) (fp_text reference R7 (at 0 0) (layer F.SilkS))"
                "(fp_text value 4k7 (at 0 0) (layer F.Fab))"
                "(pad 1 smd rect (at 0 0) (size 1 1) (layers F.Cu)))"
            )
        )
        (placement,) = board.design.placements
        assert (placement.designator, placement.value, placement.footprint) == ("R7", "4k7", "R_0603")
        assert (placement.x_mm, placement.y_mm, placement.rotation_deg) == (1, 2, 90)

    def test_a_via_without_drill_takes_that_of_its_net_class(self, write_board: WriteBoard) -> None:
        board, _ = _read(
            write_board(
                '(net 1 "GND") (net 2 "VCC")'
                '(net_class Default "" (clearance 0.2) (via_drill 0.4) (add_net "GND"))'
                '(net_class Fine "" (clearance 0.15) (via_drill 0.25) (add_net "VCC"))',
                '(via (at 1 1) (size 0.8) (layers "F.Cu" "B.Cu") (net 2))',
            )
        )
        assert board.design.min_drill_mm == 0.25

    def test_a_rule_in_place_of_a_measure_is_said_aloud(self, write_board: WriteBoard) -> None:
        path = write_board('(net_class Default "" (clearance 0.2) (via_drill 0.4))')
        assert _read(path)[0].design.min_space_mm == 0.2
        assert "files.board.space-is-a-rule" in _codes(path)

    def test_blind_vias_are_seen_by_word_and_by_span(self, write: Write) -> None:
        text = BOARD.replace(
            '(31 "B.Cu" signal)', '(1 "In1.Cu" signal) (2 "In2.Cu" signal) (31 "B.Cu" signal)'
        )
        for via in (
            '(via blind (at 1 1) (drill 0.2) (layers "F.Cu" "B.Cu"))',
            '(via (at 1 1) (drill 0.2) (layers "F.Cu" "In1.Cu"))',
        ):
            board, _ = _read(write("b.kicad_pcb", text.format(extra=RECTANGLE + via)))
            assert board.design.blind_vias

    def test_finish_comes_from_the_stack_up(self, write_board: WriteBoard) -> None:
        board, _ = _read(write_board('(setup (stackup (copper_finish "ENIG")))'))
        assert board.design.finish == "ENIG"


class TestPads:
    def test_stitching_holes_in_a_thermal_pad_are_neither_joints_nor_pitch(
        self, write_board: WriteBoard
    ) -> None:
        pads = (
            '(pad "1" smd rect (at -2 0) (size 0.3 0.6) (layers "F.Cu" "F.Paste"))'
            '(pad "2" smd rect (at -2 0.5) (size 0.3 0.6) (layers "F.Cu" "F.Paste"))'
            '(pad "9" smd rect (at 0 0) (size 3 3) (layers "F.Cu" "F.Paste"))'
            '(pad "9" thru_hole circle (at 0.3 0) (size 0.5 0.5) (drill 0.2) (layers "*.Cu"))'
        )
        board, _ = _read(write_board(footprint("U1", name="QFN", pads=pads)))
        (placement,) = board.design.placements
        assert (placement.surface_pads, placement.through_pads, placement.pitch_mm) == (3, 0, 0.5)
        assert board.design.plated_holes == 1

    def test_paste_openings_are_no_pads(self, write_board: WriteBoard) -> None:
        pads = (
            '(pad "1" smd rect (at 0 0) (size 3 3) (layers "F.Cu" "F.Mask"))'
            '(pad "" smd rect (at 0.5 0) (size 1 1) (layers "F.Paste"))'
        )
        assert _read(write_board(footprint("U1", pads=pads)))[0].design.placements[0].surface_pads == 1

    def test_slots_count_once_and_their_tool_is_the_narrow_side(self, write_board: WriteBoard) -> None:
        pads = (
            '(pad "1" thru_hole oval (at 0 0) (size 2 3) (drill oval 0.9 1.8) (layers "*.Cu"))'
            '(pad "2" thru_hole circle (at 4 0) (size 2 2) (drill oval 1 1) (layers "*.Cu"))'
            '(pad "" np_thru_hole circle (at 8 0) (size 2 2) (drill 2) (layers "*.Cu"))'
        )
        design = _read(write_board(footprint("J1", name="Jack", pads=pads)))[0].design
        assert (design.plated_holes, design.nonplated_holes, design.slots) == (2, 1, 1)
        assert design.min_drill_mm == 0.9

    @pytest.mark.parametrize("turn", [0, 30, 90, 217.5])
    def test_pitch_does_not_depend_on_rotation(self, write_board: WriteBoard, turn: float) -> None:
        board, _ = _read(write_board(footprint("R1", at=f"10 10 {turn}")))
        assert board.design.placements[0].pitch_mm == pytest.approx(1.6, abs=1e-3)

    def test_marked_parts_are_not_fitted(self, write_board: WriteBoard) -> None:
        board, _ = _read(
            write_board(footprint("R1", attr="smd dnp"), footprint("R2", value="DNP"), footprint("R3"))
        )
        assert [p.fitted for p in board.design.placements] == [False, False, True]

    @pytest.mark.parametrize(
        ("reference", "name", "kind"),
        [
            ("FID1", "Fiducial:Fiducial_1mm_Mask2mm", "fiducial"),
            ("REF**", "MountingHole:MountingHole_3.2mm_M3", "mounting hole"),
            ("H4", "Custom:M3", "part"),
            ("TP3", "TestPoint:TestPoint_Pad_D1.0mm", "test point"),
            ("G***", "Symbols:Flame", "logo"),
            ("JP1", "Jumper:SolderJumper-2_P1.3mm_Open", "solder jumper"),
            ("R1", "Resistor_SMD:R_0603_1608Metric", "part"),
            ("U1", "Package_SO:SOIC-8_3.9x4.9mm_P1.27mm", "part"),
        ],
    )
    def test_kinds(self, write_board: WriteBoard, reference: str, name: str, kind: str) -> None:
        board, _ = _read(write_board(footprint(reference, name=name)))
        assert board.footprints[0].kind == kind


def _line(*ends: tuple[float, float]) -> str:
    return "".join(
        f'(gr_line (start {a[0]} {a[1]}) (end {b[0]} {b[1]}) (layer "Edge.Cuts"))'
        for a, b in itertools.pairwise(ends)
    )


SQUARE = ((0, 0), (20, 0), (20, 10), (0, 10), (0, 0))


class TestOutlines:
    @pytest.mark.parametrize("order", [(0, 1, 2, 3), (2, 0, 3, 1), (3, 2, 1, 0)])
    def test_pieces_may_come_in_any_order_and_sense(
        self, write_board: WriteBoard, order: tuple[int, ...]
    ) -> None:
        sides = [_line(SQUARE[k], SQUARE[k + 1]) if k % 2 else _line(SQUARE[k + 1], SQUARE[k]) for k in order]
        design = _read(write_board(outline="".join(sides)))[0].design
        assert (design.width_mm, design.height_mm, design.area_mm2) == (20, 10, 200)

    def test_an_edge_drawn_twice_counts_once(self, write_board: WriteBoard) -> None:
        outline = _line(*SQUARE) + _line((0, 0), (20, 0)) + _line((20, 10), (20, 0))
        design = _read(write_board(outline=outline))[0].design
        assert design.area_mm2 == 200

    def test_three_point_and_centre_arcs_give_the_same_circle(self, write_board: WriteBoard) -> None:
        layer = '(layer "Edge.Cuts")'
        new = "".join(
            f"(gr_arc {points} {layer})"
            for points in ("(start 0 5) (mid 5 0) (end 10 5)", "(start 10 5) (mid 5 10) (end 0 5)")
        )
        old = "".join(f"(gr_arc (start 5 5) (end {end}) (angle 180) {layer})" for end in ("0 5", "10 5"))
        circle = f"(gr_circle (center 5 5) (end 10 5) {layer})"
        for outline in (new, old, circle):
            design = _read(write_board(outline=outline))[0].design
            assert design.width_mm == pytest.approx(10, abs=0.003)
            assert design.height_mm == pytest.approx(10, abs=0.003)
            assert design.area_mm2 == pytest.approx(math.pi * 25, rel=3e-4)

    def test_cut_outs_are_taken_off_the_area_and_not_off_the_size(self, write_board: WriteBoard) -> None:
        hole = '(gr_circle (center 10 5) (end 12 5) (layer "Edge.Cuts"))'
        design = _read(write_board(outline=_line(*SQUARE) + hole))[0].design
        assert design.area_mm2 == pytest.approx(200 - 4 * math.pi, rel=1e-4)
        assert (design.width_mm, len(design.outline_mm)) == (20, 2)

    def test_a_slot_that_runs_out_past_the_edge_does_not_widen_the_board(
        self, write_board: WriteBoard
    ) -> None:
        slot = '(gr_rect (start 15 4) (end 25 6) (layer "Edge.Cuts"))'
        assert _read(write_board(outline=_line(*SQUARE) + slot))[0].design.width_mm == 20

    def test_edges_inside_a_turned_footprint_are_part_of_the_outline(self, write_board: WriteBoard) -> None:
        edge = (
            '(footprint "Shape" (layer "F.Cu") (at 100 50 90)'
            '(fp_rect (start 0 0) (end 20 10) (layer "Edge.Cuts")))'
        )
        design = _read(write_board(edge, outline=""))[0].design
        assert (design.width_mm, design.height_mm) == (pytest.approx(10), pytest.approx(20))

    def test_a_board_without_edge_is_an_error(self, write_board: WriteBoard) -> None:
        path = write_board(footprint("R1"), outline="")
        assert read_board(path, "b")[0] is None
        assert "files.board.no-outline" in _codes(path)

    def test_an_open_edge_is_an_error_that_says_where(self, write_board: WriteBoard) -> None:
        path = write_board(outline=_line(*SQUARE[:4], (0, 3)))
        board, findings = read_board(path, "b")
        assert board is None
        (finding,) = [f for f in findings if f.code == "files.board.outline-open"]
        assert "3.000 mm" in finding.message

    def test_a_small_gap_is_bridged_with_a_warning(self, write_board: WriteBoard) -> None:
        path = write_board(outline=_line(*SQUARE[:4], (0.05, 0.05)))
        assert _read(path)[0].design.width_mm == 20
        assert "files.board.outline-gap" in _codes(path)

    def test_a_stray_line_is_named_and_does_not_count(self, write_board: WriteBoard) -> None:
        path = write_board(outline=_line(*SQUARE) + _line((30, 0), (35, 0)))
        assert _read(path)[0].design.width_mm == 20
        assert "files.board.outline-stray" in _codes(path)

    def test_several_boards_in_one_file_are_a_warning(self, write_board: WriteBoard) -> None:
        other = '(gr_rect (start 30 0) (end 40 10) (layer "Edge.Cuts"))'
        path = write_board(outline=_line(*SQUARE) + other)
        assert _read(path)[0].design.width_mm == 40
        assert "files.board.several-outlines" in _codes(path)

    @given(
        st.lists(st.integers(3, 40), min_size=3, max_size=12),
        st.floats(-500, 500),
        st.floats(-500, 500),
        st.booleans(),
    )
    def test_area_of_any_star_is_that_of_the_shoelace(
        self, radii: list[int], x: float, y: float, backwards: bool
    ) -> None:
        from manyworks.files.boards.contours import assemble

        count = len(radii)
        turns = [math.tau * k / count for k in range(count)]
        star = [(x + r * math.cos(t), y + r * math.sin(t)) for r, t in zip(radii, turns, strict=True)]
        expected = sum(radii[k] * radii[k - 1] for k in range(count)) * math.sin(math.tau / count) / 2
        sides = [[star[k - 1], star[k]] for k in range(count)]
        if backwards:
            sides = [side[::-1] for side in reversed(sides)]
        outline = assemble(sides)
        assert len(outline.outer) == 1
        assert outline.area == pytest.approx(expected, rel=1e-6)


class TestTrouble:
    def test_all_malformed_elements_are_named_at_once(self, write_board: WriteBoard) -> None:
        _, findings = read_board(
            write_board(
                '(segment (start 0 0) (end 1 1) (width nan) (layer "F.Cu"))',
                '(via (at 1 1) (drill x) (layers "F.Cu" "B.Cu"))',
                '(footprint "A" (layer "F.Cu"))',
            ),
            "b",
        )
        assert len([f for f in findings if f.code == "files.board.malformed"]) == 3

    def test_two_parts_of_one_name_are_a_warning(self, write_board: WriteBoard) -> None:
        path = write_board(footprint("R1"), footprint("R1", at="20 20"))
        assert "files.board.designator-twice" in _codes(path)

    def test_something_else_in_brackets_is_no_board(self, write: Write) -> None:
        assert _codes(write("b.kicad_pcb", "(kicad_sch (version 1))")) == {"files.board.malformed"}


@pytest.mark.parametrize(
    "general", ["(general)", "", *(f"(general (thickness {mm}))" for mm in ("-1.6", "0", "nan", "1e6", "x"))]
)
def test_a_board_must_say_how_thick_it_is(write: Write, general: str) -> None:
    text = BOARD.format(extra=RECTANGLE).replace("(general (thickness 1.6))", general)
    path = write("b.kicad_pcb", text)
    (finding,) = (f for f in read_board(path, path.name)[1] if f.severity == "error")
    assert finding.code == "files.board.malformed"
    assert "general" in finding.message
