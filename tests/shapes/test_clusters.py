from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.shapes.solid_builders import box, cup, hollow_box, rotation

from manyworks.shapes.clusters import cluster_points, cluster_triangles
from manyworks.shapes.rays import make_skin


def clusters_by_force(points, reach):
    """Groups of points by walking to every neighbour of every member."""
    near = np.linalg.norm(points[:, None] - points[None], axis=2) <= reach
    left, groups = set(range(len(points))), []
    while left:
        group, edge = set(), {left.pop()}
        while edge:
            place = edge.pop()
            group.add(place)
            edge |= {int(other) for other in np.flatnonzero(near[place])} - group
        left -= group
        groups.append(frozenset(group))
    return set(groups)


def groups_of(names):
    return {frozenset(np.flatnonzero(names == name).tolist()) for name in np.unique(names)}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 80), st.floats(0.5, 30))
def test_clusters_of_points_are_those_of_walking_from_neighbour_to_neighbour(seed, count, reach):
    points = np.random.default_rng(seed).uniform(-40, 40, size=(count, 3))
    assert groups_of(cluster_points(points, reach)) == clusters_by_force(points, reach)


def test_clusters_do_not_depend_on_how_the_file_is_turned():
    points = np.random.default_rng(3).uniform(-40, 40, size=(60, 3))
    for seed in range(10):
        assert groups_of(cluster_points(points @ rotation(seed).T, 9.0)) == groups_of(
            cluster_points(points, 9.0)
        )


def test_no_points_and_no_triangles_are_no_clusters():
    assert len(cluster_points(np.zeros((0, 3)), 1.0)) == 0
    assert len(cluster_triangles(np.zeros((0, 3, 3)), 1.0)) == 0


def test_the_skin_of_a_void_is_a_cluster_of_its_own():
    for shape, count in ((box(10, 10, 10), 1), (cup(), 1), (hollow_box(40, 3), 2)):
        skin = make_skin(shape)
        assert len(np.unique(cluster_triangles(skin.corners, skin.scale))) == count
