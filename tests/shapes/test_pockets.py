"""Pockets, passages, slots, steps and bevels with their sizes, on bodies made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from benchmarks.labelled_parts import turned
from tests.shapes.carved_blocks import CarvedBlock, Outline, Round

from manyworks.model.solids import Feature
from manyworks.shapes import FaceKind
from manyworks.shapes.pockets import find_pockets

SQUARE = [(3.0, 3.0), (6, 3), (6, 7), (3, 7)]


def only(block: CarvedBlock) -> Feature:
    """The one feature of a block."""
    (found,) = find_pockets(block.shape)
    return found


def rounded(low: float, high: float, radius: float) -> tuple[Outline, list[Round]]:
    """A square outline with round corners."""
    near, far = low + radius, high - radius
    corners = [(far, near, -90), (far, far, 0), (near, far, 90), (near, near, 180)]
    outline = [
        (x + radius * float(np.cos(np.radians(a))), y + radius * float(np.sin(np.radians(a))))
        for x, y, start in corners
        for a in np.linspace(start, start + 90, 7)
    ]
    return outline, [Round(x, y, radius) for x, y, _ in corners]


def test_a_block_has_no_pockets() -> None:
    assert find_pockets(CarvedBlock((10, 10, 10)).shape) == ()


def test_a_pocket_is_measured() -> None:
    block = CarvedBlock((10, 10, 10), [(SQUARE, 4.0)])
    pocket = only(block)
    assert pocket.kind == "pocket"
    assert pocket.depth_mm == pytest.approx(6)
    assert (pocket.length_mm, pocket.width_mm) == pytest.approx((4, 3))
    assert pocket.area_mm2 == pytest.approx(12)
    assert pocket.at_mm == pytest.approx((4.5, 5, 10))
    assert pocket.axis == pytest.approx((0, 0, -1))
    assert pocket.radius_mm == 0
    assert pocket.faces == tuple(face for face, cut in enumerate(block.cut_of) if cut == 0)


def test_the_least_radius_of_a_pocket_is_that_of_its_upright_corners() -> None:
    outline, rounds = rounded(2, 8, 1.5)
    pocket = only(CarvedBlock((10, 10, 10), [(outline, 4.0)], rounds))
    assert pocket.kind == "pocket"
    assert pocket.radius_mm == pytest.approx(1.5)
    assert (pocket.length_mm, pocket.width_mm) == pytest.approx((6, 6))
    assert len(pocket.faces) == 9


def test_a_passage_has_no_floor() -> None:
    passage = only(CarvedBlock((10, 10, 10), [(SQUARE, 0.0)]))
    assert (passage.kind, passage.area_mm2) == ("passage", None)
    assert passage.depth_mm == pytest.approx(10)


@pytest.mark.parametrize("floor", [0.0, 4.0])
def test_a_triangle_is_closed_all_around(floor: float) -> None:
    block = CarvedBlock((10, 10, 10), [([(3.0, 3.0), (7, 3), (5, 7)], floor)])
    assert only(block).kind == ("pocket" if floor else "passage")


@pytest.mark.parametrize(
    ("kind", "outline"),
    [
        ("slot", [(0, 4), (10, 4), (10, 6), (0, 6)]),
        ("slot", [(0, 4), (6, 4), (6, 6), (0, 6)]),
        ("step", [(0, 4), (10, 4), (10, 10), (0, 10)]),
        ("step", [(4, 4), (10, 4), (10, 10), (4, 10)]),
    ],
)
def test_a_recess_open_at_its_sides_is_a_slot_or_a_step(kind: str, outline: Outline) -> None:
    found = only(CarvedBlock((10, 10, 10), [(outline, 7.0)]))
    assert found.kind == kind
    assert found.depth_mm == pytest.approx(3)
    assert found.axis == pytest.approx((0, 0, -1))


def test_a_groove_opens_away_from_its_walls() -> None:
    groove = only(CarvedBlock((10, 10, 10), [([(0.0, 4.0), (3, 5), (0, 6)], 0.0)]))
    assert groove.kind == "slot"
    assert groove.axis == pytest.approx((1, 0, 0))
    assert groove.depth_mm == pytest.approx(3)


def test_a_boss_in_a_pocket_belongs_to_it() -> None:
    left = [(1.0, 1.0), (5, 1), (5, 4), (4, 4), (4, 6), (5, 6), (5, 9), (1, 9)]
    right = [(9.0, 9.0), (5, 9), (5, 6), (6, 6), (6, 4), (5, 4), (5, 1), (9, 1)]
    pocket = only(CarvedBlock((10, 10, 10), [(left, 5.0), (right, 5.0)]))
    assert pocket.kind == "pocket"
    assert pocket.area_mm2 == pytest.approx(64 - 4)


def test_a_bevel_is_measured_along_and_across() -> None:
    bevel = only(CarvedBlock((10, 10, 20), [([(10, 10), (9, 10), (10, 9)], 0.0)]))
    assert bevel.kind == "chamfer"
    assert bevel.width_mm == pytest.approx(2**0.5)
    assert bevel.length_mm == pytest.approx(20)
    assert bevel.angle_deg == pytest.approx(45)


def test_pockets_of_one_plate_are_told_apart() -> None:
    cuts = [([(x, 2.0), (x + 3, 2), (x + 3, 8), (x, 8)], 2.0) for x in (2.0, 7.0, 12.0)]
    found = find_pockets(CarvedBlock((20, 10, 5), cuts).shape)
    assert [feature.kind for feature in found] == ["pocket"] * 3
    assert sorted(round(feature.at_mm[0], 6) for feature in found) == [3.5, 8.5, 13.5]


def test_turning_the_body_keeps_kinds_and_sizes() -> None:
    outline, rounds = rounded(2, 6, 0.8)
    cuts = [(outline, 4.0), ([(0, 8), (10, 8), (10, 10), (0, 10)], 6.0), ([(7, 2), (9, 2), (8, 4.5)], 0.0)]
    shape = CarvedBlock((10, 10, 10), cuts, rounds).shape
    straight = find_pockets(shape)
    assert sorted(feature.kind for feature in straight) == ["passage", "pocket", "step"]
    for seed in range(20):
        for one, other in zip(straight, find_pockets(turned(shape, seed)), strict=True):
            assert (one.kind, one.faces) == (other.kind, other.faces)
            assert (other.depth_mm, other.length_mm, other.width_mm) == pytest.approx(
                (one.depth_mm, one.length_mm, one.width_mm), abs=1e-6
            )


def round_block() -> CarvedBlock:
    circle = [(5 + 3 * float(np.cos(a)), 5 + 3 * float(np.sin(a))) for a in np.radians(np.arange(0, 360, 3))]
    return CarvedBlock((10, 10, 10), [(circle, 6.0)], [Round(5, 5, 3)])


def test_a_round_hole_with_its_bottom_is_no_pocket() -> None:
    assert find_pockets(round_block().shape) == ()


def test_a_free_form_wall_all_around_closes_a_pocket() -> None:
    shape = round_block().shape
    free = np.where(shape.faces.hollow, FaceKind.FREE, shape.faces.kind).astype(np.int64)
    (pocket,) = find_pockets(replace(shape, faces=replace(shape.faces, kind=free)))
    assert pocket.kind == "pocket"
    assert pocket.depth_mm == pytest.approx(4)
