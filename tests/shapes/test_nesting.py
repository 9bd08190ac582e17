"""Laying pieces on sheets and rolls: nothing overlaps, nothing sticks out, better than boxes in rows."""

from __future__ import annotations

import math
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon

from manyworks.shapes.contour_sets import area_of
from manyworks.shapes.nesting import Layout, Placement, faults, fill_sheet, lay_out

Outline = list[tuple[float, float]]


def star(size: float, spikes: int, depth: float, squeeze: float = 1.0) -> Outline:
    count = 4 * spikes
    return [
        (
            size * (1 - depth * (k % 2)) * math.cos(math.tau * k / count),
            squeeze * size * (1 - depth * (k % 2)) * math.sin(math.tau * k / count),
        )
        for k in range(count)
    ]


def box(width: float, height: float) -> Outline:
    return [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)]


def ell(arm: float, thick: float) -> Outline:
    return [(0, 0), (arm, 0), (arm, thick), (thick, thick), (thick, arm), (0, arm)]


outlines = st.one_of(
    st.builds(box, st.floats(5, 300), st.floats(5, 300)),
    st.builds(star, st.floats(10, 150), st.integers(2, 6), st.floats(0, 0.7), st.floats(0.4, 1.0)),
    st.builds(ell, st.floats(60, 200), st.floats(5, 50)),
)


@settings(max_examples=15, deadline=None)
@given(pieces=st.lists(outlines, min_size=1, max_size=9), gap=st.sampled_from([0.0, 2.0, 15.0]))
def test_no_pieces_overlap_and_all_lie_inside(pieces: list[Outline], gap: float) -> None:
    layout = lay_out(pieces, 400.0, gap=gap, turns=(0.0, 90.0, 180.0, 270.0))
    assert faults(pieces, layout, gap=gap) == []
    assert layout.left == ()


@settings(max_examples=15, deadline=None)
@given(pieces=st.lists(outlines, min_size=1, max_size=8))
def test_a_sheet_of_given_length_is_never_left(pieces: list[Outline]) -> None:
    layout = lay_out(pieces, 320.0, length=350.0, gap=3.0)
    assert faults(pieces, layout, gap=3.0) == []
    assert layout.length <= 350.0 + 1e-6
    assert len(layout.placements) + len(layout.left) == len(pieces)


@settings(max_examples=15, deadline=None)
@given(sides=st.lists(st.tuples(st.floats(10, 200), st.floats(10, 200)), min_size=1, max_size=12))
def test_never_worse_than_boxes_in_rows(sides: list[tuple[float, float]]) -> None:
    layout = lay_out([box(*side) for side in sides], 400.0, turns=(0.0,))
    assert layout.length <= rows_of_boxes(sides, 400.0) + 1e-3


def rows_of_boxes(sides: list[tuple[float, float]], width: float) -> float:
    """Next-fit decreasing depth, written for the test alone."""
    length = deep = across = 0.0
    for along, high in sorted(sides, reverse=True):
        if across + high > width:
            length, deep, across = length + deep, 0.0, 0.0
        deep, across = max(deep, along), across + high
    return length + deep


def test_interlocking_pieces_use_more_than_their_boxes_would() -> None:
    pieces = [ell(200, 40)] * 12
    layout = lay_out(pieces, 410.0)
    in_boxes = 12 * area_of(pieces[0]) / (410.0 * 6 * 200)
    assert faults(pieces, layout) == []
    assert layout.used > 1.2 * in_boxes


def test_squares_fill_a_sheet_completely() -> None:
    layout = lay_out([box(100, 100)] * 12, 400.0)
    assert layout.length == pytest.approx(300.0, abs=0.01)
    assert layout.used == pytest.approx(1.0, abs=1e-4)


def test_the_same_pieces_give_the_same_layout() -> None:
    pieces = [star(40 + 7 * k, 3 + k % 3, 0.4) for k in range(10)]
    assert lay_out(pieces, 500.0, gap=2.0) == lay_out(pieces, 500.0, gap=2.0)


def test_only_the_allowed_turns_are_used() -> None:
    pieces = [ell(100, 20), box(90, 30), star(40, 3, 0.5)] * 3
    turns = {one.turn for one in lay_out(pieces, 300.0, turns=(0.0, 180.0)).placements}
    assert turns <= {0.0, 180.0}
    assert {one.turn for one in lay_out(pieces, 300.0, turns=(0.0,)).placements} == {0.0}


def test_what_is_too_wide_is_left_out_and_named() -> None:
    layout = lay_out([box(50, 500), box(50, 50)], 300.0, turns=(0.0, 180.0))
    assert layout.left == (0,)
    assert [one.piece for one in layout.placements] == [1]


def test_forty_pieces_take_less_than_half_a_second() -> None:
    pieces = [star(60 + 5 * (k % 9), 3 + k % 5, 0.1 + 0.004 * k, 0.7) for k in range(40)]
    started = time.process_time()
    layout = lay_out(pieces, 1450.0, gap=2.0)
    assert time.process_time() - started < 0.8  # 0.3 s on a quiet machine
    assert layout.used > 0.55


@pytest.mark.parametrize(
    ("placements", "fault"),
    [
        ([(0, 0.0, 0.0), (1, 5.0, 0.0)], "too near"),
        ([(0, 0.0, 0.0), (1, 10.5, 0.0)], "too near"),
        ([(0, 0.0, 0.0), (1, 0.0, 95.0)], "outside"),
        ([(0, -1.0, 0.0), (1, 20.0, 0.0)], "outside"),
    ],
)
def test_the_checker_finds_faults(placements: list[tuple[int, float, float]], fault: str) -> None:
    pieces = [box(10, 10), box(10, 10)]
    laid = tuple(Placement(piece=k, turn=0.0, x=x, y=y) for k, x, y in placements)
    layout = Layout(width=100.0, length=50.0, placements=laid, used=0.0)
    assert any(fault in one for one in faults(pieces, layout, gap=1.0))


def test_the_used_share_is_area_over_the_strip() -> None:
    pieces = [star(50, 4, 0.3), box(70, 20), ell(90, 30)]
    layout = lay_out(pieces, 250.0)
    laid = [Polygon(one.lay(pieces[one.piece])) for one in layout.placements]
    assert layout.used == pytest.approx(sum(p.area for p in laid) / (250.0 * layout.length))


@pytest.mark.parametrize(
    ("outline", "gap", "expected"),
    [
        (box(100, 60), 0.0, 40),  # 400 x 600 in rows
        (box(100, 60), 10.0, 24),  # 3 x 8 or 5 x 4 ...
        ([(0, 0), (200, 0), (0, 120)], 0.0, 18),  # two make a box of 200 x 120
    ],
)
def test_copies_of_one_piece_fill_a_sheet_at_least_as_rows_do(
    outline: Outline, gap: float, expected: int
) -> None:
    count, used = fill_sheet([outline], (400.0, 600.0), gap=gap)
    assert count >= expected
    assert used == pytest.approx(count * area_of(outline) / (400.0 * 600.0))
    assert used <= 1.0 + 1e-9


def test_a_set_of_pieces_is_repeated_over_the_sheet() -> None:
    count, used = fill_sheet([box(100, 100), box(100, 50)], (300.0, 1000.0))
    assert count % 2 == 0
    assert count >= 36
    assert used <= 1.0
