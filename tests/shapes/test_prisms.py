from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.shapes.solid_builders import (
    box,
    cup,
    extrude,
    l_bracket,
    move,
    rotation,
    t_slot,
    table,
    tray_with_window,
)

from manyworks.shapes import describe
from manyworks.shapes.prisms import section_areas
from manyworks.shapes.rays import make_skin


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(5, 30), min_size=3, max_size=14), st.floats(1, 200), st.integers(0, 99))
def test_sections_of_an_extrusion_are_its_outline(radii, height, seed):
    turns = np.arange(len(radii)) * 2 * np.pi / len(radii)
    shape = extrude([(r * np.cos(t), r * np.sin(t)) for r, t in zip(radii, turns, strict=True)], height)
    turn = rotation(seed)
    areas = section_areas(make_skin(move(shape, turn)), turn[:, 2], 7)
    assert areas == pytest.approx(np.full(7, shape.volume / height), rel=1e-6)


def test_a_hole_is_no_part_of_a_section():
    shape = extrude((0, 0, 10), 40, [(0, 0, 7)])
    areas = section_areas(make_skin(shape), np.array([0.0, 0.0, 1.0]), 5)
    assert areas == pytest.approx(np.full(5, shape.volume / 40))


def test_the_sections_of_a_cone_add_up_to_its_volume():
    shape = cup()
    areas = section_areas(make_skin(shape), np.array([0.0, 0.0, 1.0]), 3000)
    assert areas.mean() * 30 == pytest.approx(shape.volume, rel=1e-3)


def test_an_angle_is_a_prism_along_its_legs():
    prism = describe(l_bracket()).prism
    assert abs(prism.axis[2]) == pytest.approx(1)
    assert prism.length_mm == pytest.approx(30)
    assert prism.section_mm2 == pytest.approx(231)
    assert prism.share == 1


def test_a_slotted_bar_is_a_prism():
    prism = describe(t_slot()).prism
    assert (prism.length_mm, prism.section_mm2) == (pytest.approx(60), pytest.approx(880))


@pytest.mark.parametrize(("size", "length"), [((100, 60, 5), 5), ((10, 12, 200), 200)])
def test_a_block_is_taken_for_the_plate_or_the_bar_it_is_most(size, length):
    assert describe(box(*size)).prism.length_mm == pytest.approx(length)


@pytest.mark.parametrize("shape", [cup(), table(), tray_with_window()], ids=["cup", "table", "tray"])
def test_bodies_whose_section_changes_are_no_prisms(shape):
    assert describe(shape).prism is None
