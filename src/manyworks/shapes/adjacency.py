"""Which faces of a body meet, in which corners, and the points each face reaches."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from manyworks.shapes.shape import Shape

if TYPE_CHECKING:
    from manyworks.shapes.shape import Floats, Integers, Truths

# Degrees: an edge that bends less is smooth, neither an inside nor an outside corner.
SMOOTH_BEND = 0.5


def group_faces(count: int, pairs: Integers) -> tuple[tuple[int, ...], ...]:
    """Put ``count`` faces into groups joined by ``pairs`` (k, 2); groups and members in rising order."""
    leader = list(range(count))

    def find(face: int) -> int:
        while leader[face] != face:
            leader[face] = leader[leader[face]]
            face = leader[face]
        return face

    for first, second in pairs.tolist():
        low, high = sorted((find(first), find(second)))
        leader[high] = low
    groups: dict[int, list[int]] = {}
    for face in range(count):
        groups.setdefault(find(face), []).append(face)
    return tuple(tuple(group) for group in groups.values())


def closed_edges(shape: Shape) -> Truths:
    """Tell which edges (e,) have a face on both sides."""
    return (shape.edges.faces[:, 0] >= 0) & (shape.edges.faces[:, 1] >= 0)


def inside_corners(shape: Shape, among: Truths) -> Truths:
    """Tell which edges (e,) are inside corners between two faces marked in ``among`` (f,)."""
    first, second = shape.edges.faces.T
    chosen: Truths = closed_edges(shape) & (shape.edges.bend < -SMOOTH_BEND) & among[first] & among[second]
    return chosen


def outside_neighbours(shape: Shape, faces: tuple[int, ...]) -> tuple[int, ...]:
    """Faces beyond the outside corners of a group of faces, in rising order."""
    members = np.isin(shape.edges.faces, faces)
    rim = closed_edges(shape) & (members.sum(axis=1) == 1) & (shape.edges.bend > SMOOTH_BEND)
    return tuple(np.unique(shape.edges.faces[rim][~members[rim]]).tolist())


def points_of_faces(shape: Shape) -> tuple[Floats, ...]:
    """The distinct vertices (n, 3) of each face's triangles."""
    order = np.argsort(shape.face_of, kind="stable")
    bounds = np.searchsorted(shape.face_of[order], np.arange(len(shape.faces.area) + 1))
    return tuple(
        shape.vertices[np.unique(shape.triangles[order[low:high]])] for low, high in pairwise(bounds)
    )
