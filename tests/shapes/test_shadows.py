from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.shapes.solid_builders import cup, move, rotation, t_slot, table

from manyworks.shapes.rays import make_skin
from manyworks.shapes.shadows import shadow_area, union_area


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 40))
def test_the_area_of_overlapping_triangles_is_that_of_their_union(seed, count):
    random = np.random.default_rng(seed)
    corners = random.uniform(0, 100, size=(count, 1, 2)) + random.normal(scale=20, size=(count, 3, 2))
    polygons = [shapely.Polygon(triangle) for triangle in corners]
    expected = shapely.union_all(polygons).area
    assert union_area(corners) == pytest.approx(expected, rel=0.01, abs=2.0)


def test_the_shadow_of_a_cup_is_a_disc():
    area = shadow_area(make_skin(cup()), np.array([0.0, 0.0, 1.0]))
    chords = 48 / 2 * 20**2 * np.sin(2 * np.pi / 48)
    assert area == pytest.approx(chords, rel=2e-4)


@pytest.mark.parametrize("seed", range(4))
def test_the_shadow_turns_with_the_body(seed):
    turn = rotation(seed)
    direction = np.array([0.0, 0.0, 1.0])
    still = shadow_area(make_skin(t_slot()), direction)
    assert still == pytest.approx(880, rel=5e-4)
    assert shadow_area(make_skin(move(t_slot(), turn)), turn @ direction) == pytest.approx(still, rel=5e-4)


def test_what_is_covered_twice_counts_once():
    assert shadow_area(make_skin(table()), np.array([0.0, 0.0, 1.0])) == pytest.approx(1600, rel=5e-4)
    assert shadow_area(make_skin(table()), np.array([1.0, 0.0, 0.0])) == pytest.approx(40 * 4 + 200, rel=2e-3)
