"""Inside corners: sharp ones between planes, radii of fillets and slot ends."""

from __future__ import annotations

import numpy as np
import pytest
from tests.shapes.cut_parts import (
    X,
    Z,
    any_turn,
    ball,
    block,
    cut,
    exact,
    fuse,
    meshed,
    needs_kernel,
    rod,
    turned,
)
from tests.shapes.solid_builders import box, extrude

from manyworks.shapes import from_mesh
from manyworks.shapes.corners import find_inside_corners


@pytest.fixture(params=["exact", "mesh"])
def read(request):
    needs_kernel()
    return exact if request.param == "exact" else meshed


def of_kind(shape, kind):
    return [corner for corner in find_inside_corners(shape) if corner.kind == kind]


def test_a_block_has_no_inside_corner():
    assert find_inside_corners(from_mesh(box(3, 4, 5).vertices[box(3, 4, 5).triangles])[0]) == ()


def test_a_square_pocket_has_four_upright_and_four_floor_corners(read):
    corners = of_kind(read(cut(block(40, 30, 10), block(10, 8, 9, (10, 10, 4)))), "sharp inside corner")
    upright = [corner for corner in corners if abs(corner.axis[2]) > 0.99]
    assert len(corners) == 8
    assert [corner.depth_mm for corner in upright] == pytest.approx([6] * 4)
    assert {corner.radius_mm for corner in corners} == {0}
    assert [corner.angle_deg for corner in corners] == pytest.approx([90] * 8, abs=1e-3)


def test_rounded_corners_of_a_pocket_have_radius_and_depth(read):
    rods = [rod((x, y, 4), Z, 2, 9) for x in (12, 28) for y in (12, 18)]
    pocket = fuse(block(20, 6, 9, (10, 12, 4)), block(16, 10, 9, (12, 10, 4)), *rods)
    corners = of_kind(read(cut(block(40, 30, 10), pocket)), "inside radius")
    assert [(c.radius_mm, c.depth_mm, c.angle_deg) for c in corners] == [
        (pytest.approx(2, abs=1e-3), pytest.approx(6, abs=1e-4), pytest.approx(90, abs=0.1))
    ] * 4
    assert all(abs(corner.axis[2]) > 1 - 1e-6 for corner in corners)


def test_both_ends_of_a_slot_are_inside_radii_of_half_a_turn(read):
    slot = fuse(block(10, 4, 12, (10, 8, -1)), rod((10, 10, -1), Z, 2, 12), rod((20, 10, -1), Z, 2, 12))
    corners = of_kind(read(cut(block(40, 30, 8), slot)), "inside radius")
    assert [(c.radius_mm, round(c.angle_deg)) for c in corners] == [(pytest.approx(2, abs=1e-3), 180)] * 2


def test_holes_are_no_inside_radii(read):
    assert find_inside_corners(read(cut(block(40, 30, 8), rod((10, 10, -1), Z, 2, 12)))) == ()


def test_a_blunt_corner_tells_its_angle():
    part = extrude([(0, 0), (20, 0), (20, 10), (10, 5), (0, 10)], 4)
    (corner,) = find_inside_corners(from_mesh(part.vertices[part.triangles])[0])
    opening = 2 * np.degrees(np.arctan2(10, 5))
    assert corner.angle_deg == pytest.approx(360 - 2 * 116.565 if opening > 180 else opening, abs=0.01)
    assert corner.at_mm == pytest.approx((10, 5, 2), abs=1e-6)


def test_outside_corners_and_round_edges_do_not_count(read):
    assert find_inside_corners(read(fuse(block(20, 10, 10), rod((20, 5, 0), Z, 5, 10)))) == ()
    assert find_inside_corners(read(ball((0, 0, 0), 5))) == ()


@pytest.mark.parametrize("seed", range(3))
def test_turning_changes_nothing_but_the_place(read, seed):
    part = cut(block(40, 30, 10), block(10, 8, 9, (10, 10, 4)), rod((-1, 30, 10), X, 2, 50))
    before, after = (find_inside_corners(read(one)) for one in (part, turned(part, any_turn(seed))))
    assert sorted((c.kind, round(c.radius_mm, 2), round(c.depth_mm, 2)) for c in before) == sorted(
        (c.kind, round(c.radius_mm, 2), round(c.depth_mm, 2)) for c in after
    )
