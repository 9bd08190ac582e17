from __future__ import annotations

import numpy as np
import pytest
from tests.shapes.solid_builders import cup, extrude, move, rotation, t_slot, table, tray_with_window
from tests.shapes.test_rays import nearest_by_force

from manyworks.shapes.rays import make_skin
from manyworks.shapes.samples import spread_samples
from manyworks.shapes.visibility import see

AXES = np.vstack((np.eye(3), -np.eye(3)))


@pytest.mark.parametrize("shape", [tray_with_window(), table(), t_slot()], ids=["tray", "table", "slot"])
def test_floors_are_in_sight_where_no_triangle_stands_before_them(shape):
    skin = make_skin(shape)
    samples = spread_samples(skin, 120)
    seen = see(skin, samples.points, samples.normals, AXES)
    facing = AXES @ samples.normals.T
    for way, point in zip(*np.nonzero(facing > 0.5), strict=True):
        start = samples.points[point] + 1e-3 * samples.normals[point]
        assert seen[way, point] == np.isinf(nearest_by_force(skin.corners, start, AXES[way]))
    assert not seen[facing < -0.5].any()


@pytest.mark.parametrize("seed", range(5))
def test_upright_walls_are_in_sight_from_both_ends(seed):
    turn = rotation(seed)
    skin = make_skin(move(extrude((0, 0, 10), 40, [(0, 0, 7)]), turn, (30, 30, -10)))
    samples = spread_samples(skin, 600)
    walls = np.abs(samples.normals @ turn[:, 2]) < 0.1
    assert see(skin, samples.points, samples.normals, np.array([turn[:, 2], -turn[:, 2]]))[:, walls].all()


def test_a_wall_leaning_over_is_out_of_sight_beyond_half_a_degree():
    def inner_wall_seen(degrees):
        lean = 30 * float(np.tan(np.radians(degrees)))
        skin = make_skin(cup(top=20 - lean, bottom=20, height=30))
        samples = spread_samples(skin, 1000)
        inner = (samples.normals[:, 2] < -0.001) & (np.linalg.norm(samples.points[:, :2], axis=1) < 18.5)
        inner &= samples.points[:, 2] > 2.5
        return see(skin, samples.points[inner], samples.normals[inner], AXES[2:3]).mean()

    assert inner_wall_seen(0.3) == 1
    assert inner_wall_seen(2.0) == 0
