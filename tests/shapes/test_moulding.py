from __future__ import annotations

import numpy as np
import pytest
from tests.shapes.solid_builders import (
    box,
    carve,
    cup,
    extrude,
    hollow_box,
    revolve,
    tray_with_window,
)

from manyworks.shapes import describe, descriptions
from manyworks.shapes import moulding as moulding_module


def undercuts(body):
    return [feature for feature in body.features if feature.kind == "undercut"]


def test_a_drafted_cup_opens_along_its_axis_without_undercut():
    mould = describe(cup()).moulding
    assert abs(mould.pull[2]) == pytest.approx(1)
    assert (mould.undercut_share, mould.slides, mould.no_draft_share) == (0, 0, 0)
    assert mould.depth_mm == pytest.approx(30)
    assert mould.projected_mm2 == pytest.approx(np.pi * 20**2, rel=0.005)


def test_walls_along_the_pull_have_no_draft():
    inner, outer, height = 7.0, 10.0, 40.0
    walls, ends = 2 * np.pi * (inner + outer) * height, 2 * np.pi * (outer**2 - inner**2)
    mould = describe(extrude((0, 0, outer), height, [(0, 0, inner)])).moulding
    assert mould.no_draft_share == pytest.approx(walls / (walls + ends), abs=0.005)


def test_a_wall_leaning_by_half_a_degree_more_than_asked_has_draft():
    lean = np.tan(np.radians(1.0)) * 30
    mould = describe(cup(top=18 + lean, bottom=18, height=30)).moulding
    assert mould.no_draft_share == 0


def test_a_window_in_a_wall_needs_one_slide():
    body = describe(tray_with_window())
    window = 2 * 2 * (10 + 8)
    assert abs(body.moulding.pull[2]) == pytest.approx(1)
    assert body.moulding.slides == 1
    # The lower edge of the window looks up and the upper one down, but both lie under the wall.
    assert body.moulding.undercut_share * body.surface_mm2 == pytest.approx(window, rel=0.35)
    (place,) = undercuts(body)
    assert 25 <= place.at_mm[0] <= 35
    assert 0 <= place.at_mm[1] <= 2
    assert 8 <= place.at_mm[2] <= 16


def test_windows_in_two_walls_need_two_slides():
    shape = carve(
        [0, 2, 25, 35, 58, 60],
        [0, 2, 38, 40],
        [0, 2, 8, 16, 20],
        lambda i, j, k: (k == 0 or i in (0, 4) or j in (0, 2)) and not (i == 2 and j in (0, 2) and k == 2),
    )
    assert describe(shape).moulding.slides == 2


def test_the_share_of_a_closed_void_is_undercut_whichever_way_the_mould_opens():
    inner, outer = 6 * 34**2, 6 * 40**2
    mould = describe(hollow_box(40, 3)).moulding
    assert mould.undercut_share == pytest.approx(inner / (inner + outer), abs=0.005)
    assert mould.slides == 1


def test_a_groove_around_a_pulley_opens_across_its_axis():
    # Along the axis the groove is hidden; across it two halves meet in the middle of the pulley.
    pulley = revolve([(0, 0), (20, 0), (20, 4), (12, 4), (12, 10), (20, 10), (20, 14), (0, 14)])
    mould = describe(pulley).moulding
    assert abs(mould.pull[2]) < 0.01
    assert mould.undercut_share < 0.01


def test_among_pulls_without_undercut_the_largest_shadow_wins():
    mould = describe(box(50, 30, 10)).moulding
    assert abs(mould.pull[2]) == pytest.approx(1)
    assert mould.projected_mm2 == pytest.approx(1500, rel=1e-3)


def test_meshes_of_very_many_triangles_count_their_slides_by_points(monkeypatch):
    monkeypatch.setattr(moulding_module, "_MOST_TRIANGLES", 1)
    body = descriptions.describe(tray_with_window())
    assert body.moulding.slides == 1
    assert len(undercuts(body)) == 1
