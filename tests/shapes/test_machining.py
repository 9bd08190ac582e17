from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.shapes.solid_builders import (
    box,
    carve,
    extrude,
    hollow_box,
    ring,
    t_slot,
)

from manyworks.model.solids import Feature, Machining, Setup
from manyworks.shapes import describe
from manyworks.shapes.machining import _drop_needless, corners_along_tools, limit_by_corners
from manyworks.shapes.rays import make_skin

UP, DOWN = (0.0, 0.0, 1.0), (0.0, 0.0, -1.0)


def plate(width=180.0, depth=180.0, thickness=5.0):
    holes = [(x, y, 1.6) for x in (20.0, 90.0, 160.0) for y in (20.0, 160.0)]
    return extrude([(0, 0), (width, 0), (width, depth), (0, depth)], thickness, holes)


def along(setup, axis=2):
    return abs(setup.direction[axis])


def test_a_plate_is_clamped_by_its_large_sides_and_not_by_its_edges():
    # From the edge three quarters of the skin could be called flank; nobody mills a plate so.
    milling = describe(plate()).machining
    assert len(milling.setups) == 2
    assert all(along(setup) == pytest.approx(1) for setup in milling.setups)
    assert milling.unreached_share == 0


def test_a_slotted_bar_is_not_milled_from_its_end_though_most_of_it_could_be_seen_from_there():
    first = describe(t_slot()).machining.setups[0]
    assert along(first) == pytest.approx(0)


def test_a_round_bar_is_laid_on_its_side():
    # From its end all of the round is flank within reach, yet nobody stands a bar up to mill it.
    first = describe(extrude((0, 0, 8), 70)).machining.setups[0]
    assert along(first) == pytest.approx(0)


def test_a_part_in_a_block_is_not_clamped_aslant_for_what_its_sides_show():
    # A regular octagon bar: every second side is aslant to the block, and all are seen from two sides.
    milling = describe(extrude(ring((0, 0, 20), 8), 15)).machining
    assert len(milling.setups) == 2
    assert all(along(setup) == pytest.approx(1) for setup in milling.setups)


def test_a_side_that_others_stand_in_for_is_dropped_but_a_floor_keeps_its_own():
    points = np.arange(100)
    seen = np.array([points < 60, points >= 40, (points >= 30) & (points < 70)])
    good = seen.astype(float)
    assert _drop_needless([2, 0, 1], seen, good) == [0, 1]
    # The third sees a floor squarely that the others only reach with the side of the tool.
    poor = good.copy()
    poor[:2, 45:55] *= 0.3
    assert _drop_needless([2, 0, 1], seen, poor) == [2, 0, 1]
    # ... unless the floor is small.
    poor = good.copy()
    poor[:2, 48:52] *= 0.3
    assert _drop_needless([2, 0, 1], seen, poor) == [0, 1]


def test_the_shares_of_the_clampings_and_the_unreached_make_up_the_skin():
    milling = describe(t_slot()).machining
    assert sum(s.share for s in milling.setups) + milling.unreached_share == pytest.approx(1, abs=1e-3)


def test_what_is_removed_is_the_block_without_the_part():
    shape = t_slot()
    milling = describe(shape).machining
    assert milling.stock_mm == pytest.approx((60, 40, 30))
    assert milling.removed_mm3 == pytest.approx(60 * 40 * 30 - shape.volume)


def test_a_closed_void_is_out_of_reach():
    inner, outer = 6 * 34**2, 6 * 40**2
    milling = describe(hollow_box(40, 3)).machining
    assert milling.unreached_share == pytest.approx(inner / (inner + outer), abs=0.005)


def test_a_pocket_in_the_side_costs_a_clamping_from_that_side():
    # A pocket from the left in a block that is otherwise milled from above and below.
    shape = carve([0, 10, 60], [0, 15, 25, 40], [0, 8, 12, 20], lambda i, j, k: not (i == 0 and j == k == 1))
    sides = [setup.direction for setup in describe(shape).machining.setups]
    assert any(side[0] == pytest.approx(-1) for side in sides)
    assert describe(shape).machining.unreached_share == 0


def test_a_pocket_open_above_needs_no_side():
    milling = describe(tray_without_window()).machining
    assert len(milling.setups) == 2
    assert milling.unreached_share == 0


def tray_without_window():
    return carve(
        [0, 4, 56, 60], [0, 4, 36, 40], [0, 3, 20], lambda i, j, k: k == 0 or i in (0, 2) or j in (0, 2)
    )


def milled_from(*sides):
    return Machining(
        stock_mm=(1, 1, 1),
        removed_mm3=0,
        setups=tuple(Setup(direction=s, share=0) for s in sides),
        unreached_share=0,
    )


def corner(axis, *, radius=None, depth=None, faces=(), at=(0.0, 0.0, 0.0)):
    kind = "inside radius" if radius else "sharp inside corner"
    return Feature(kind=kind, at_mm=at, axis=axis, radius_mm=radius or 0.0, depth_mm=depth, faces=faces)


def limits(milling, corners, shape=None):
    shape = shape or box(10, 10, 10)
    return limit_by_corners(corners_along_tools(milling, corners, make_skin(shape), shape.faces))


def test_a_corner_along_the_tool_limits_its_radius():
    corners = [corner(UP, radius=3.0, depth=12.0), corner(UP, radius=2.0, depth=4.0)]
    assert limits(milled_from(UP), corners) == (2.0, 4.0)


def test_a_corner_across_the_tool_is_left_by_its_tip():
    assert limits(milled_from(UP, DOWN), [corner((1.0, 0.0, 0.0), radius=1.0, depth=9.0)]) == (None, None)


def test_a_body_without_corners_has_no_least_radius():
    assert limits(milled_from(UP), []) == (None, None)


def test_a_sharp_corner_along_the_only_tool_is_a_radius_of_zero():
    shape = tray_without_window()
    found = [corner(UP, depth=17.0, faces=walls_at(shape, (4, 4, 11)), at=(4.0, 4.0, 11.0))]
    assert limits(milled_from(UP), found, shape) == (0.0, None)


def test_a_sharp_corner_that_another_clamping_sees_as_wall_and_floor_does_not_count():
    # An angle: its inside corner runs along z, but from +x or +y it is a wall and a floor.
    shape = extrude([(0, 0), (40, 0), (40, 3), (3, 3), (3, 40), (0, 40)], 30)
    found = [corner(UP, depth=30.0, faces=walls_at(shape, (3, 3, 15)), at=(3.0, 3.0, 15.0))]
    assert limits(milled_from(UP), found, shape) == (0.0, None)
    assert limits(milled_from(UP, (1.0, 0.0, 0.0)), found, shape) == (None, None)


def test_a_sharp_corner_open_wide_is_as_good_as_round():
    shape = tray_without_window()
    faces = walls_at(shape, (4, 4, 11))
    found = corner(UP, depth=17.0, faces=faces, at=(4.0, 4.0, 11.0))
    assert limits(milled_from(UP), [replace(found, angle_deg=90.0)], shape) == (0.0, None)
    assert limits(milled_from(UP), [replace(found, angle_deg=160.0)], shape) == (None, None)


def test_a_fillet_around_a_floor_is_no_corner_along_the_tool():
    torus = Feature(kind="inside radius", at_mm=(0, 0, 0), axis=UP, radius_mm=1.0)
    assert limits(milled_from(UP), [torus]) == (None, None)


def walls_at(shape, point):
    """The two upright faces that meet at a point, looking away from the material."""
    offsets = np.einsum("ij,ij->i", np.array(point) - shape.faces.centre, shape.faces.normal)
    upright = (np.abs(offsets) < 1e-9) & (np.abs(shape.faces.normal[:, 2]) < 0.1)
    return tuple(int(face) for face in np.flatnonzero(upright))
