from __future__ import annotations

import numpy as np
import pytest
from tests.shapes.solid_builders import box, carve, cup, extrude, hollow_box, l_bracket, move, rotation
from tests.shapes.test_rays import nearest_by_force

from manyworks.shapes.boxes import find_box
from manyworks.shapes.directions import find_directions
from manyworks.shapes.rays import make_skin
from manyworks.shapes.samples import spread_samples
from manyworks.shapes.walls import Thickness, find_thin_places, find_walls, measure_thickness


def measured(shape, count=2000):
    skin = make_skin(shape)
    samples = spread_samples(skin, count)
    block = find_box(skin, shape.faces, find_directions(shape, skin))
    thickness = measure_thickness(skin, samples, block.axes)
    return samples, thickness, find_walls(thickness)


def web():
    """A block 40 x 20 x 20 with pockets from both long sides that leave a web of 1.5 mm."""
    return carve([0, 8, 32, 40], [0, 9.25, 10.75, 20], [0, 20], lambda i, j, k: i != 1 or j == 1)


@pytest.mark.parametrize(
    ("shape", "wall"),
    [
        (box(50, 30, 10), 10),
        (hollow_box(40, 3), 3),
        (l_bracket(wall=3), 3),
        (extrude([(0, 0), (90, 0), (90, 60), (0, 60)], 0.2), 0.2),
    ],
    ids=["block", "hollow", "angle", "foil"],
)
def test_the_typical_wall_is_the_one_drawn(shape, wall):
    _, _, walls = measured(shape)
    assert walls.p50_mm == pytest.approx(wall, rel=1e-4)


def test_the_wall_of_a_tube_is_the_difference_of_its_radii():
    _, _, walls = measured(extrude((0, 0, 10), 40, [(0, 0, 7)]))
    assert walls.p50_mm == pytest.approx(3, rel=0.005)


def test_percentiles_rise():
    _, _, walls = measured(cup())
    assert walls.p1_mm <= walls.p5_mm <= walls.p50_mm <= walls.p95_mm


def test_rays_find_the_wall_that_trying_every_triangle_finds():
    shape = cup()
    skin = make_skin(shape)
    samples, thickness, _ = measured(shape, 150)
    for point, normal, behind in zip(samples.points, samples.normals, thickness.behind, strict=True):
        expected = nearest_by_force(skin.corners, point - 1e-4 * normal, -normal) + 1e-4
        if np.isfinite(behind) and expected < 2.05:
            assert behind == pytest.approx(expected, abs=1e-5)


def test_the_rim_of_a_plate_does_not_make_it_as_thick_as_wide():
    _, _, walls = measured(extrude([(0, 0), (90, 0), (90, 60), (0, 60)], 4))
    assert walls.p95_mm == pytest.approx(4)


def test_a_thick_lump_on_a_thin_plate_is_thick():
    lump = carve([0, 30, 50, 100], [0, 40, 60, 100], [0, 2, 22], lambda i, j, k: k == 0 or i == j == 1)
    _, _, walls = measured(lump, 6000)
    assert walls.p50_mm == pytest.approx(2)
    assert walls.p95_mm == pytest.approx(20, rel=0.05)


def test_rays_that_leave_through_a_slanted_side_are_no_wall():
    # A flat wedge of 20 degrees: seen from the slope, the base is 20 degrees off and counts; seen from
    # the short back, the slope is 70 degrees off and does not.
    wedge = extrude([(0, 0), (60, 0), (60, 60 * np.tan(np.radians(20)))], 30)
    samples, thickness, _ = measured(wedge)
    back = samples.normals[:, 0] > 0.99
    assert not thickness.found[back].any()
    assert thickness.found[samples.normals[:, 1] < -0.99].any()


def test_the_thinnest_place_is_found_where_it_is():
    samples, thickness, walls = measured(web())
    place = find_thin_places(samples, thickness, walls)[0]
    assert place.kind == "thin wall"
    assert place.width_mm == pytest.approx(1.5, abs=1e-4)
    assert 8 < place.at_mm[0] < 32
    assert place.at_mm[1] == pytest.approx(9.25, abs=1e-6) or place.at_mm[1] == pytest.approx(10.75, abs=1e-6)
    assert abs(place.axis[1]) == pytest.approx(1)
    assert place.area_mm2 == pytest.approx(2 * 24 * 20, rel=0.1)


def test_two_thin_places_apart_are_two():
    comb = carve([0, 30, 31, 60, 61, 90], [0, 10, 30], [0, 20], lambda i, j, k: j == 0 or i in (1, 3))
    samples, thickness, walls = measured(comb)
    places = find_thin_places(samples, thickness, walls)
    assert sorted(round(place.at_mm[0]) // 10 for place in places) == [3, 6]


def test_walls_thin_for_no_process_are_not_named():
    samples, thickness, walls = measured(box(50, 30, 10))
    assert find_thin_places(samples, thickness, walls) == ()


@pytest.mark.parametrize("seed", range(20))
def test_walls_do_not_change_when_the_file_is_turned(seed):
    still, turned = measured(web()), measured(move(web(), rotation(seed), (5, 6, 7)))
    for name in ("p1_mm", "p5_mm", "p50_mm", "p95_mm"):
        assert getattr(turned[2], name) == pytest.approx(getattr(still[2], name), rel=1e-3)
    assert len(find_thin_places(*turned)) == len(find_thin_places(*still))


def test_skin_that_no_ray_crosses_behind_has_no_walls():
    assert find_walls(Thickness(behind=np.full(500, np.inf))) is None
