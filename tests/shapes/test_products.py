from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.shapes.solid_builders import cup

from manyworks.shapes.loose_bodies import loose_bodies
from manyworks.shapes.mesh_faces import find_faces, from_mesh
from manyworks.shapes.mesh_graph import sums
from manyworks.shapes.products import cross


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 30))
def test_cross_products_are_those_of_numpy_to_the_last_bit(seed, rows):
    one, other = np.random.default_rng(seed).normal(scale=1e3, size=(2, rows, 3))
    assert np.array_equal(cross(one, other), np.cross(one, other))
    assert np.array_equal(cross(one, other[:1]), np.cross(one, other[:1]))
    assert np.array_equal(cross(np.ones(3), other), np.cross(np.ones(3), other))


@pytest.mark.parametrize("rows", [0, 1, 500, 5_000])
def test_sums_of_columns_are_those_of_each_column(rows):
    random = np.random.default_rng(rows)
    group, values = random.integers(0, 7, rows), random.normal(size=(rows, 4))
    expected = np.zeros((7, 4))
    np.add.at(expected, group, values)
    assert sums(group, values, 7) == pytest.approx(expected, abs=1e-9)


def test_a_body_before_its_faces_measures_as_one_with_them():
    part = cup()
    (body,), grain = loose_bodies(part.vertices[part.triangles])
    (whole,) = from_mesh(part.vertices[part.triangles])
    assert (body.volume, body.area) == (whole.volume, whole.area)
    assert len(body.faces.kind) == 1
    assert len(body.edges.length) == 0
    assert np.array_equal(find_faces(body, grain).face_of, whole.face_of)
