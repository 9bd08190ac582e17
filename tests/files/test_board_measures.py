"""Distances, rings and tools of boards, against brute force and hand-made figures."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.files.designs import footprint, truth

from manyworks.files.boards import read_board
from manyworks.files.boards.copper import TOUCHING_MM, Budget, Strokes, TooManyPairsError, least_gap
from manyworks.files.boards.elements import Hole
from manyworks.files.boards.pads import cut_pad, long_pad, octagon_pad, round_pad, square_pad
from manyworks.model import BoardDesign, Finding

WriteBoard = Callable[..., Path]
PLACE = st.floats(-8, 8).map(lambda x: round(x, 2))
STROKE = st.tuples(PLACE, PLACE, PLACE, PLACE, st.sampled_from([0.0, 0.1, 0.75]), st.integers(0, 2))


def _read(path: Path) -> tuple[BoardDesign, dict[str, Finding]]:
    board, findings = read_board(path, path.name)
    assert board is not None, findings
    return board.design, {finding.code: finding for finding in findings}


@cache
def _real(path: Path) -> BoardDesign:
    return _read(path)[0]


@given(st.lists(STROKE, min_size=2, max_size=12))
def test_the_least_gap_is_that_of_brute_force(strokes: list[tuple[float, ...]]) -> None:
    import shapely

    table = Strokes()
    for x0, y0, x1, y1, half, net in strokes:
        table.line((x0, y0), (x1, y1), half, 1, f"net {net}")
    rows = table.table
    found = least_gap(rows, None, lambda i, j: rows.nets[i] != rows.nets[j], Budget())
    gaps = [
        shapely.LineString([a[:2], a[2:4]]).distance(shapely.LineString([b[:2], b[2:4]])) - a[4] - b[4]
        for a, b in itertools.combinations(strokes, 2)
        if a[5] != b[5]
    ]
    apart = [gap for gap in gaps if TOUCHING_MM < gap <= 10]
    if not apart:
        assert found.least_mm is None
    else:
        assert found.least_mm == pytest.approx(min(apart), abs=1e-9)
        assert found.touching == sum(gap <= TOUCHING_MM for gap in gaps)


def test_the_gap_between_two_tables_counts_every_pair_of_them() -> None:
    first, second = Strokes(), Strokes()
    first.line((0, 0), (1, 0), 0.1, 1, "a")
    second.line((0, 3), (1, 3), 0.4, 1, "a")
    gap = least_gap(first.table, second.table, lambda i, j: np.ones(len(i), dtype=bool), Budget())
    assert gap.least_mm == pytest.approx(2.5)


def test_a_board_beyond_measure_is_left_alone() -> None:
    strokes = Strokes()
    for index in range(20):
        strokes.line((0, index * 0.01), (1, index * 0.01), 0.001, 1, str(index))
    with pytest.raises(TooManyPairsError):
        least_gap(strokes.table, None, lambda i, j: i != j, Budget(10))


def test_thousands_of_holes_in_one_place_are_bounded() -> None:
    strokes = Strokes()
    for index in range(60_000):
        strokes.line((0, 0), (0, 0), 0.1, 1, str(index))
    with pytest.raises(TooManyPairsError):
        least_gap(strokes.table, None, lambda i, j: i != j, Budget())


def test_more_strokes_than_are_kept_are_told() -> None:
    strokes = Strokes(limit=3)
    strokes.path([(0, 0), (1, 0), (2, 0), (3, 0), (4, 0)], 0.1, 1, "a")
    assert len(strokes) == 3
    assert strokes.full


class TestRings:
    @pytest.mark.parametrize(
        ("shape", "ring"),
        [
            (round_pad(2), 0.5),
            (square_pad(2, 3), 0.5),
            (square_pad(3, 2, corner=0.5), 0.5),
            (long_pad(4, 2), 0.5),
            (octagon_pad(2, 2), 0.5),
            (cut_pad(2, 2, 0.2, ["top_left"]), 0.5),
            (square_pad(2, 2).moved((0.3, 0)), 0.2),
            (round_pad(2).moved((0.3, 0.4)), 0.0),
            (square_pad(2, 2).moved((5, 0)), -4.5),
        ],
    )
    def test_the_ring_is_the_least_copper_around_the_hole(self, shape: object, ring: float) -> None:
        hole = Hole(drill_mm=1, plated=True, start=(0, 0), end=(0, 0))
        assert shape.ring(hole) == pytest.approx(ring)  # type: ignore[attr-defined]

    def test_the_ring_of_a_slot_is_taken_at_both_its_ends(self) -> None:
        slot = Hole(drill_mm=1, plated=True, start=(-1, 0), end=(1, 0))
        assert long_pad(4, 2).ring(slot) == pytest.approx(0.5)
        assert long_pad(4, 2).moved((0.2, 0)).ring(slot) == pytest.approx(0.3)

    @given(st.floats(0, 360), st.floats(-20, 20), st.booleans())
    def test_turning_and_mirroring_keep_the_ring(self, turn: float, x: float, mirror: bool) -> None:
        hole = Hole(drill_mm=1, plated=True, start=(x, 3), end=(x, 3))
        placed = square_pad(3, 2, corner=0.2).moved((0.4, 0)).placed((x, 3), turn, mirror)
        assert placed.ring(hole) == pytest.approx(0.5, abs=1e-6)


def _via(x: float, y: float, *, size: float = 0.6, drill: float = 0.3, net: int = 1, more: str = "") -> str:
    return f'(via {more} (at {x} {y}) (size {size}) (drill {drill}) (layers "F.Cu" "B.Cu") (net {net}))'


def _track(x0: float, x1: float, y: float, net: int, layer: str = "F.Cu", width: float = 0.2) -> str:
    return f'(segment (start {x0} {y}) (end {x1} {y}) (width {width}) (layer "{layer}") (net {net}))'


NETS = '(net 0 "") (net 1 "A") (net 2 "B")'


class TestDistances:
    def test_space_is_measured_between_nets_on_one_layer(self, write_board: WriteBoard) -> None:
        design, codes = _read(
            write_board(
                NETS,
                _track(5, 9, 5, 1),
                _track(5, 9, 5.5, 2),
                _track(5, 9, 5.25, 2, "B.Cu"),
                _track(5, 9, 4.9, 1),
            )
        )
        assert design.min_space_mm == pytest.approx(0.3)
        assert "files.board.space-is-a-rule" not in codes

    def test_copper_of_no_net_keeps_no_space(self, write_board: WriteBoard) -> None:
        design, _ = _read(write_board(NETS, _track(5, 9, 5, 1), _track(5, 9, 5.5, 0)))
        assert design.min_space_mm is None

    def test_touching_nets_are_named_and_left_out(self, write_board: WriteBoard) -> None:
        board = write_board(NETS, _track(5, 9, 5, 1), _track(8, 12, 5, 2), _via(20, 5), _via(21, 5, net=2))
        design, codes = _read(board)
        assert design.min_space_mm == pytest.approx(0.4)
        assert "1 places" in codes["files.board.copper-touching"].message

    def test_filled_areas_count_with_their_pen_unless_it_is_switched_off(
        self, write_board: WriteBoard
    ) -> None:
        zone = (
            '(zone (net 2) (net_name "B") (layer "F.Cu") (min_thickness 0.2) {}'
            '(filled_polygon (layer "F.Cu") (pts (xy 5 6) (xy 9 6) (xy 9 9) (xy 5 9))))'
        )
        for off, space in (("", 0.8), ("(filled_areas_thickness no)", 0.9)):
            design, _ = _read(write_board(NETS, _track(5, 9, 5, 1), zone.format(off)))
            assert design.min_space_mm == pytest.approx(space)

    def test_edge_distance_reaches_the_nearest_copper_of_any_layer(self, write_board: WriteBoard) -> None:
        design, _ = _read(write_board(NETS, _track(5, 9, 5, 1), _track(5, 9, 29.5, 1, "B.Cu", 0.4)))
        assert design.copper_to_edge_mm == pytest.approx(0.3)

    def test_copper_across_the_edge_is_zero_and_said(self, write_board: WriteBoard) -> None:
        design, codes = _read(write_board(NETS, _track(45, 52, 5, 1)))
        assert design.copper_to_edge_mm == 0
        assert "files.board.edge-touching" in codes

    def test_cut_outs_are_edges_too(self, write_board: WriteBoard) -> None:
        cut = '(gr_circle (center 20 20) (end 22 20) (layer "Edge.Cuts"))'
        design, _ = _read(write_board(NETS, cut, _track(10, 17, 20, 1)))
        assert design.copper_to_edge_mm == pytest.approx(0.9, abs=2e-3)

    def test_hole_gaps_go_from_wall_to_wall(self, write_board: WriteBoard) -> None:
        pads = (
            '(pad "1" thru_hole oval (at 0 0) (size 3 2) (drill oval 2 1) (layers "*.Cu"))'
            '(pad "" np_thru_hole circle (at 3 0) (size 1 1) (drill 1) (layers "*.Cu"))'
        )
        design, _ = _read(write_board(footprint("J1", pads=pads)))
        assert design.min_hole_gap_mm == pytest.approx(3 - 0.5 - 1)

    def test_holes_that_run_into_each_other_are_a_warning(self, write_board: WriteBoard) -> None:
        design, codes = _read(write_board(NETS, _via(5, 5), _via(5.2, 5), _via(9, 5), _via(10, 5)))
        assert design.min_hole_gap_mm == pytest.approx(0.7)
        assert codes["files.board.holes-touching"].severity == "warning"

    def test_a_plated_hole_cut_by_the_edge_is_a_castellation(self, write_board: WriteBoard) -> None:
        pad = '(pad "1" thru_hole circle (at 0 0) (size 1.6 1.6) (drill 1) (layers "*.Cu") (net 1 "A"))'
        cut = footprint("J1", at="50 10", pads=pad)
        design, codes = _read(write_board(NETS, cut, _track(40, 47, 20, 1)))
        assert design.castellated is True
        assert design.copper_to_edge_mm == pytest.approx(2.9)
        assert "files.board.edge-touching" not in codes
        whole, _ = _read(write_board(NETS, footprint("J1", at="40 10", pads=pad)))
        assert whole.castellated is None


class TestHoles:
    def test_tools_sum_to_the_counts(self, write_board: WriteBoard) -> None:
        pads = (
            '(pad "1" thru_hole oval (at 0 0) (size 3 2) (drill oval 1.5 1) (layers "*.Cu"))'
            '(pad "2" thru_hole circle (at 5 0) (size 2 2) (drill 1) (layers "*.Cu"))'
            '(pad "" np_thru_hole circle (at 9 0) (size 1 1) (drill 1) (layers "*.Cu"))'
        )
        design, _ = _read(write_board(NETS, _via(5, 25), footprint("J1", pads=pads)))
        assert [(t.diameter_mm, t.holes, t.slots, t.plated) for t in design.drills] == [
            (0.3, 1, 0, True),
            (1.0, 1, 1, True),
            (1.0, 1, 0, False),
        ]
        slot = next(opening for opening in design.openings if opening.start_mm != opening.end_mm)
        assert math.dist(slot.start_mm, slot.end_mm) == pytest.approx(0.5)

    def test_a_plated_hole_without_ring_is_named_and_left_out(self, write_board: WriteBoard) -> None:
        pads = '(pad "1" thru_hole circle (at 0 0) (size 3 3) (drill 3) (layers "*.Cu"))'
        design, codes = _read(write_board(NETS, _via(5, 5), footprint("H1", pads=pads)))
        assert design.min_ring_mm == pytest.approx(0.15)
        assert "1 plated holes" in codes["files.board.ringless"].message

    def test_the_ring_of_a_pad_off_its_hole_is_that_of_the_thin_side(self, write_board: WriteBoard) -> None:
        pads = '(pad "1" thru_hole circle (at 0 0 45) (size 2 2) (drill 1 (offset 0.3 0)) (layers "*.Cu"))'
        design, _ = _read(write_board(footprint("J1", pads=pads)))
        assert design.min_ring_mm == pytest.approx(0.2)


BOARDS = [row for row in truth("boards.csv") if ".kicad_pcb" in row["files"]]


@pytest.mark.parametrize("row", BOARDS, ids=[row["files"].split(";")[0] for row in BOARDS])
class TestRealBoards:
    def _design(self, row: dict[str, str], shared: Path) -> BoardDesign:
        return _real(shared / "data" / "designs" / row["folder"] / row["files"].split(";")[0])

    def test_tools_and_openings_agree_with_the_counts(self, row: dict[str, str], shared: Path) -> None:
        design = self._design(row, shared)
        holes = design.plated_holes + design.nonplated_holes
        assert sum(tool.holes + tool.slots for tool in design.drills) == holes == len(design.openings)
        assert sum(tool.slots for tool in design.drills) == design.slots
        plated = sum(tool.holes + tool.slots for tool in design.drills if tool.plated)
        assert plated == design.plated_holes

    def test_no_distance_is_negative_and_none_is_absurd(self, row: dict[str, str], shared: Path) -> None:
        design = self._design(row, shared)
        for measure in (design.min_ring_mm, design.min_hole_gap_mm, design.min_space_mm):
            assert measure is None or 0.02 < measure < 3
        assert design.copper_to_edge_mm is None or 0 <= design.copper_to_edge_mm < 5

    def test_every_layer_of_the_file_is_listed(self, row: dict[str, str], shared: Path) -> None:
        path = shared / "data" / "designs" / row["folder"] / row["files"].split(";")[0]
        rows = path.read_text().partition("(layers")[2].partition("(setup")[0]
        names = re.findall(r'\(\d+ "?([\w.]+)"? ', rows)
        assert [layer.name for layer in self._design(row, shared).layers] == names


@pytest.mark.parametrize("name", ["board-voron-daylight/Daylight_Matchstick", "board-tomu-v0.4.6/tomu"])
def test_the_space_of_a_real_board_is_that_of_whole_shapes(name: str, shared: Path) -> None:
    """Pads, tracks, vias and fills as areas, every pair of different nets compared by a geometry engine."""
    import shapely

    from manyworks.files.boards import kicad

    path = shared / "data" / "designs" / f"{name}.kicad_pcb"
    kept: list[Strokes] = []

    class Kept(Strokes):
        def __init__(self) -> None:
            super().__init__()
            kept.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kicad, "Strokes", Kept)
        design, _ = _read(path)
    table = kept[0].table
    least = math.inf
    for layer in np.unique(table.layers):
        rows = table.take(table.layers == layer)
        lines = shapely.linestrings(rows.ends.reshape(-1, 2, 2))
        areas = [shapely.buffer(line, half) for line, half in zip(lines, rows.halves, strict=True)]
        nets = [int(net) for net in np.unique(rows.nets) if net >= 0]
        whole = {
            net: shapely.union_all([area for area, own in zip(areas, rows.nets, strict=True) if own == net])
            for net in nets
        }
        for a, b in itertools.combinations(nets, 2):
            gap = shapely.distance(whole[a], whole[b])
            if gap > 1e-3:
                least = min(least, float(gap))
    assert design.min_space_mm == pytest.approx(least, abs=2e-3)


def test_where_copper_touches_does_not_depend_on_the_order_it_was_drawn_in() -> None:
    crosses = [(x, y, net) for net, (x, y) in enumerate([(9.0, 1.0), (2.0, 5.0), (2.0, 3.0), (6.0, 4.0)])]
    places = set()
    for order in itertools.permutations(crosses):
        table = Strokes()
        for x, y, net in order:
            table.line((x - 0.5, y), (x + 0.5, y), 0.1, 1, f"a{net}")
            table.line((x - 0.5, y), (x + 0.5, y), 0.1, 1, f"b{net}")
        rows = table.table
        found = least_gap(rows, None, lambda i, j, rows=rows: rows.nets[i] != rows.nets[j], Budget())
        places.add((found.touching, found.touching_at))
    assert places == {(4, (2.0, 3.0))}


def test_a_line_of_several_points_is_as_many_strokes() -> None:
    line, pieces = Strokes(), Strokes()
    line.path([(0, 0), (1, 0), (1, 2)], 0.1, 1, "a")
    line.path([(5, 5)], 0.3, 2, "")
    line.area([(0, 0), (4, 0), (4, 3)], 0.0, 3, "b")
    for start, end in [((0, 0), (1, 0)), ((1, 0), (1, 2))]:
        pieces.line(start, end, 0.1, 1, "a")
    pieces.line((5, 5), (5, 5), 0.3, 2, "")
    for start, end in [((0, 0), (4, 0)), ((4, 0), (4, 3)), ((4, 3), (0, 0))]:
        pieces.line(start, end, 0.0, 3, "b")
    for name in ("ends", "halves", "layers", "nets"):
        assert np.array_equal(getattr(line.table, name), getattr(pieces.table, name))
    assert len(line) == len(pieces) == 6
