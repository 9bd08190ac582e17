from __future__ import annotations

import numpy as np
import pytest
from tests.shapes.solid_builders import cup, hollow_box, revolve, table, tray_with_window

from manyworks.shapes import describe
from manyworks.shapes.boxes import find_box
from manyworks.shapes.directions import find_directions
from manyworks.shapes.printing import _stand, plan_print
from manyworks.shapes.rays import make_skin
from manyworks.shapes.samples import spread_samples


def standing(shape, up):
    skin = make_skin(shape)
    return _stand(skin, spread_samples(skin, 4000), np.array(up))


def test_a_cup_is_printed_standing_on_its_bottom():
    plan = describe(cup()).printing
    assert plan.up == pytest.approx((0, 0, 1))
    assert plan.overhang_mm2 == plan.support_mm3 == 0
    assert plan.height_mm == pytest.approx(30)
    assert plan.base_mm2 == pytest.approx(np.pi * 18**2, rel=0.005)


def test_a_table_is_printed_upside_down():
    plan = describe(table()).printing
    assert plan.up == pytest.approx((0, 0, -1))
    assert plan.overhang_mm2 == 0
    assert plan.base_mm2 == pytest.approx(1600)


def test_a_table_on_its_foot_is_propped_up_all_around_the_post():
    upright = standing(table(), (0, 0, 1))
    assert upright.overhang == pytest.approx(1600 - 100, rel=0.01)
    assert upright.support == pytest.approx(1500 * 20, rel=0.01)
    assert upright.base == pytest.approx(100)


def test_support_inside_a_body_stands_on_the_body():
    inside = standing(hollow_box(40, 3), (0, 0, 1))
    assert inside.overhang == pytest.approx(34**2, rel=0.01)
    assert inside.support == pytest.approx(34**3, rel=0.01)


@pytest.mark.parametrize(("degrees", "hangs"), [(40, False), (45, False), (50, True)])
def test_only_what_leans_more_than_45_degrees_hangs(degrees, hangs):
    # A cone that widens upwards, leaning by so many degrees from upright.
    top = 10 + 20 * float(np.tan(np.radians(degrees)))
    cone = revolve([(0, 0), (10, 0), (top, 20), (0, 20)], chords=96)
    assert bool(standing(cone, (0, 0, 1)).overhang) is hangs


def test_the_places_that_overhang_are_named_with_the_way_down():
    shape = tray_with_window()
    skin = make_skin(shape)
    samples = spread_samples(skin, 12000)
    block = find_box(skin, shape.faces, find_directions(shape, skin))
    plan, places = plan_print(skin, samples, block, shape.volume)
    assert plan.up == pytest.approx((0, 0, 1))
    (place,) = places
    assert place.kind == "overhang"
    assert place.depth_mm == pytest.approx(8, abs=1e-3)
    assert place.area_mm2 == pytest.approx(20, rel=0.35)
    assert place.at_mm[2] == pytest.approx(16)
