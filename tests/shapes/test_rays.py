from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.shapes.solid_builders import Floats, box, cup, move, rotation, t_slot

from manyworks.shapes.rays import are_blocked, first_hits, make_skin
from manyworks.shapes.samples import count_samples, spread_samples


def nearest_by_force(corners: Floats, origin: Floats, direction: Floats) -> float:
    """Distance to the first triangle by trying them all (Moeller and Trumbore, double precision)."""
    first, side, other = corners[:, 0], corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    p = np.cross(direction, other)
    volume = np.einsum("ij,ij->i", side, p)
    with np.errstate(divide="ignore", invalid="ignore"):
        offset = origin - first
        u = np.einsum("ij,ij->i", offset, p) / volume
        q = np.cross(offset, side)
        v = q @ direction / volume
        t = np.einsum("ij,ij->i", other, q) / volume
        inside = (u >= 0) & (v >= 0) & (u + v <= 1) & (t > 1e-9)
    return float(t[inside].min()) if inside.any() else np.inf


@pytest.mark.parametrize("shape", [box(50, 30, 10), cup(), t_slot()], ids=["box", "cup", "slot"])
def test_first_hits_are_those_of_trying_every_triangle(shape):
    skin = make_skin(shape)
    random = np.random.default_rng(1)
    origins = random.uniform(-60, 80, size=(400, 3))
    directions = random.normal(size=(400, 3))
    directions /= np.linalg.norm(directions, axis=1)[:, None]
    distances, triangles = first_hits(skin, origins, directions)
    for origin, direction, distance in zip(origins, directions, distances, strict=True):
        assert distance == pytest.approx(nearest_by_force(skin.corners, origin, direction), abs=1e-6)
    assert ((triangles < 0) == np.isinf(distances)).all()
    assert (are_blocked(skin, origins, directions) == (triangles >= 0)).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.floats(1e-2, 1e4))
def test_distances_stay_exact_far_from_the_origin_and_at_any_size(seed, size):
    shape = box(size, size, size)
    shape = move(replace(shape, vertices=shape.vertices - size / 2), rotation(seed), (1e4, -2e4, 5e3))
    skin = make_skin(shape)
    direction = rotation(seed)[:, 0]
    distances, _ = first_hits(
        skin, (np.array([1e4, -2e4, 5e3]) - 3 * size * direction)[None], direction[None]
    )
    assert distances[0] == pytest.approx(2.5 * size, rel=1e-6, abs=1e-9)


def test_blocked_within_a_distance_looks_no_further():
    skin = make_skin(box(10, 10, 10))
    origin, direction = np.array([[5.0, 5.0, -4.0]]), np.array([[0.0, 0.0, 1.0]])
    assert not are_blocked(skin, origin, direction, within_mm=3.9).any()
    assert are_blocked(skin, origin, direction, within_mm=4.1).all()


def test_a_body_with_corners_that_are_no_numbers_has_no_skin():
    shape = box(10, 10, 10)
    vertices = shape.vertices.copy()
    vertices[3, 1] = np.nan
    assert make_skin(replace(shape, vertices=vertices)) is None


def test_slivers_without_area_are_left_out():
    shape = box(10, 10, 10)
    line = np.array([[0, 0, 1]])
    more = replace(shape, triangles=np.vstack((shape.triangles, line)), face_of=np.append(shape.face_of, 0))
    assert len(make_skin(more).areas) == 12


def test_points_are_spread_in_proportion_to_area():
    skin = make_skin(box(50, 30, 10))
    samples = spread_samples(skin, 2000)
    counts = np.bincount(samples.faces, minlength=6) / 2000
    areas = np.bincount(skin.face_of, weights=skin.areas) / skin.area
    assert np.abs(counts - areas).max() < 1e-3
    for face in range(2):
        mean = samples.points[samples.faces == face].mean(axis=0)
        assert mean[:2] == pytest.approx([25, 15], abs=0.5)


def test_the_number_of_points_rises_with_the_body_and_is_bounded():
    assert count_samples(6, 12) == 2000
    assert count_samples(300, 6000) == 3600
    assert count_samples(10, 10**7) == count_samples(10**6, 10) == 12000
