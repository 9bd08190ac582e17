"""Lines joined to contours, contours sorted into each other, webs and openings measured."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon

from manyworks.shapes.contour_sets import (
    Piece,
    area_of,
    chain,
    count_regions,
    least_opening,
    least_web,
    length_drawn_twice,
    length_of,
    nest,
    round_diameter,
    split_network,
    width_of_opening,
)

Points = list[tuple[float, float]]


def square(x: float, y: float, side: float) -> Points:
    return [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]


def circle(x: float, y: float, radius: float, count: int = 120) -> Points:
    return [
        (x + radius * math.cos(math.tau * k / count), y + radius * math.sin(math.tau * k / count))
        for k in range(count)
    ]


def sides_of(ring: Points) -> list[Piece]:
    return [
        Piece(points=[a, b], tag=k) for k, (a, b) in enumerate(zip(ring, ring[1:] + ring[:1], strict=True))
    ]


@settings(max_examples=50, deadline=None)
@given(order=st.permutations(range(12)), flips=st.lists(st.booleans(), min_size=12, max_size=12))
def test_shuffled_and_turned_lines_close_to_the_same_contours(order: list[int], flips: list[bool]) -> None:
    pieces = [*sides_of(square(0, 0, 10)), *sides_of(circle(30, 0, 5, 8))]
    mixed = [
        Piece(points=pieces[k].points[::-1] if flip else pieces[k].points, tag=k)
        for k, flip in zip(order, flips, strict=True)
    ]
    found = chain(mixed, 0.01, 0.2)
    assert all(one.closed for one in found.chains)
    areas = sorted(area_of(one.points) for one in found.chains)
    assert areas == pytest.approx(sorted((100.0, area_of(circle(30, 0, 5, 8)))))


def test_lines_drawn_twice_count_once_in_either_direction() -> None:
    pieces = sides_of(square(0, 0, 10))
    again = [Piece(points=one.points[::-1], tag=9) for one in pieces[:3]]
    found = chain([*pieces, *again], 0.01, 0.2)
    assert found.doubles == 3
    assert len(found.chains) == 1


def test_a_closed_line_drawn_twice_from_another_corner_counts_once() -> None:
    ring = square(0, 0, 10)
    turned = ring[2:] + ring[:2]
    found = chain([Piece(points=[*r, r[0]], tag=0) for r in (ring, turned)], 0.01, 0.2)
    assert found.doubles == 1


def test_an_arc_and_its_chord_are_no_doubles() -> None:
    arc = [(math.cos(t), math.sin(t)) for t in (math.pi * k / 20 for k in range(21))]
    found = chain([Piece(points=arc, tag=0), Piece(points=[arc[0], arc[-1]], tag=1)], 0.01, 0.2)
    assert found.doubles == 0
    assert [one.closed for one in found.chains] == [True]


def test_small_gaps_are_bridged_and_counted_and_wide_ones_are_not() -> None:
    def with_gap(gap: float) -> list[Piece]:
        return [Piece(points=[(0, 0), (10, 0), (10, 10), (0, 10), (0, gap)], tag=0)]

    assert [one.closed for one in chain(with_gap(0.1), 0.01, 0.2).chains] == [True]
    assert chain(with_gap(0.1), 0.01, 0.2).bridged == 1
    assert [one.closed for one in chain(with_gap(0.5), 0.01, 0.2).chains] == [False]
    assert chain(with_gap(0.005), 0.01, 0.2).bridged == 0


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_nesting_depth_agrees_with_counting_by_hand(seed: int) -> None:
    rng = random.Random(seed)
    rings = [square(0, 0, 1000)]
    for k in range(8):
        rings.append(square(100 * k + 10, 10, 80))
        if rng.random() < 0.7:
            rings.append(square(100 * k + 30, 30, 40))
            if rng.random() < 0.5:
                rings.append(circle(100 * k + 50, 50, 10))
    rng.shuffle(rings)
    found = nest(rings)
    assert found is not None
    polygons = [Polygon(ring) for ring in rings]
    for k, (depth, around) in enumerate(found):
        holding = [n for n, other in enumerate(polygons) if n != k and other.contains(polygons[k])]
        assert depth == len(holding)
        assert around == min(holding, key=lambda n: polygons[n].area, default=-1)


def test_so_many_rings_in_rings_that_it_would_take_too_long_are_refused() -> None:
    assert nest([square(-k, -k, 2 * k + 1) for k in range(1, 2200)]) is None


def test_the_least_web_is_between_contours_of_one_part_only() -> None:
    rings = [square(0, 0, 100), circle(10, 50, 4), circle(50, 50, 4), square(100.5, 0, 50)]
    assert least_web(rings, [0, 0, 0, 1], 0.01) == pytest.approx(6.0, abs=0.01)
    assert least_web(rings[:1], [0], 0.01) is None


def test_the_width_of_an_opening_is_the_largest_circle_in_it() -> None:
    assert width_of_opening([(0, 0), (30, 0), (30, 3), (0, 3)]) == pytest.approx(3.0, abs=0.05)
    assert width_of_opening(circle(0, 0, 2)) == pytest.approx(4.0, abs=0.02)
    bent_slot = [(0, 0), (20, 0), (20, 2), (2, 2), (2, 20), (0, 20)]
    assert width_of_opening(bent_slot) == pytest.approx(2.34, abs=0.05)  # the corner is a little wider
    assert least_opening([circle(0, 0, 2), [(0, 0), (30, 0), (30, 3), (0, 3)]]) == pytest.approx(
        3.0, abs=0.05
    )
    assert least_opening([]) is None


def test_open_cuts_divide_a_part() -> None:
    part = square(0, 0, 100)
    assert count_regions(part, [], [[(0, 50), (100, 50)]]) == 2
    assert count_regions(part, [], [[(0, 50), (100, 50)], [(50, 0), (50, 100)]]) == 4
    assert count_regions(part, [], [[(10, 50), (90, 50)]]) == 1
    assert count_regions(part, [square(40, 40, 20)], [[(0, 50), (40, 50)]]) == 1
    assert count_regions(part, [square(40, 40, 20)], [[(0, 50), (40, 50)], [(60, 50), (100, 50)]]) == 2


def test_lines_that_share_edges_give_their_outer_edge_and_what_is_inside() -> None:
    lines = [[(0, 0), (10, 0), (10, 10)], [(10, 10), (0, 10), (0, 0)], [(0, 0), (10, 10)]]
    outlines, rest = split_network(lines)
    assert [area_of(one) for one in outlines] == [pytest.approx(100.0, abs=0.1)]
    assert sum(length_of(one) for some in rest for one in some) == pytest.approx(math.sqrt(200), abs=0.1)


def test_overlap_in_part_is_measured() -> None:
    assert length_drawn_twice([[(0, 0), (10, 0)], [(5, 0), (15, 0)]]) == pytest.approx(5.0)
    assert length_drawn_twice([[(0, 0), (10, 0)], [(5, -5), (5, 5)]]) == pytest.approx(0.0, abs=1e-9)


def test_circles_are_known_by_their_points_and_polygons_are_not_circles() -> None:
    assert round_diameter(circle(3, 4, 5)) == pytest.approx(10.0)
    assert round_diameter(circle(3, 4, 5, 6)) is None
    assert round_diameter([(x, 1.1 * y) for x, y in circle(0, 0, 5)]) is None
    rounded = [p for x, y in square(-9, -9, 18) for p in circle(x, y, 0.5, 40)[:10]]
    assert round_diameter([*rounded]) is None
    corners = [
        (s * (9 + c), t * (9 + d))
        for s, t in ((1, 1), (-1, 1), (-1, -1), (1, -1))
        for c, d in [(0.02, 0), (0.01, 0.01), (0, 0.02)]
    ]
    assert round_diameter(corners) is None
