"""Which triangles touch: joints between triangles, open borders, connected parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from manyworks.shapes.products import cross

if TYPE_CHECKING:
    from manyworks.shapes.shape import Floats, Integers, Truths

# Triangles that may run along one edge in the same direction: 2 where two corners of a body touch.
# Keys stay below 2**63 for meshes of up to 10**9 vertices.
_MOST_AT_AN_EDGE = 8
# Up to this many values columns are summed together: one call instead of many pays for few rows.
_AT_ONCE = 3_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Joints:
    """Edges of a mesh, one row where two triangles meet, and the half-edges without a partner.

    Parameters
    ----------
    left, right : (j,)
        Triangles on both sides.
    start, end : (j,)
        Vertices, in the direction of the left triangle.
    open_triangle, open_start, open_end : (o,)
        Half-edges that no other triangle runs the other way.
    """

    left: Integers
    right: Integers
    start: Integers
    end: Integers
    open_triangle: Integers
    open_start: Integers
    open_end: Integers


def components(one: Integers, other: Integers, count: int) -> Integers:
    """Label each of ``count`` nodes with the least node it can reach over the links ``one``-``other``.

    Every round hooks the higher of two roots to the lower and flattens all trees, so that at most
    half of the roots with a link left survive a round.
    """
    label = np.arange(count, dtype=np.int64)
    while True:
        first, second = label[one], label[other]
        apart = first != second
        if not apart.any():
            return label
        one, other, first, second = one[apart], other[apart], first[apart], second[apart]
        np.minimum.at(label, np.maximum(first, second), np.minimum(first, second))
        while True:
            flatter = label[label]
            if np.array_equal(flatter, label):
                break
            label = flatter


def distinct(keys: Integers) -> Integers:
    """The different keys in rising order, by sorting: far faster than hashing for millions."""
    keys = np.sort(keys)
    return keys[np.append(True, keys[1:] != keys[:-1])] if len(keys) else keys


def sums(group: Integers, values: Floats, count: int) -> Floats:
    """Sums of values, shape (n,) or (n, k), for each of ``count`` groups."""
    if values.ndim == 1:
        return np.bincount(group, values, count).astype(np.float64, copy=False)
    width = values.shape[1]
    if values.size > _AT_ONCE:  # the names of cells take as much memory as the values
        return np.stack([sums(group, values[:, k], count) for k in range(width)], axis=1)
    cells = group[:, None] * width + np.arange(width)
    return sums(cells.ravel(), values.ravel(), count * width).reshape(count, width)


def number_from_zero(labels: Integers) -> tuple[Integers, int]:
    """Numbers 0, 1, 2 ... for labels, in order of the labels, and how many there are."""
    values, numbers = np.unique(labels, return_inverse=True)
    return numbers.reshape(-1).astype(np.int64), len(values)


def half_edges(triangles: Integers) -> tuple[Integers, Integers, Integers]:
    """Triangle, start and end vertex of the three half-edges of every triangle."""
    owner = np.repeat(np.arange(len(triangles), dtype=np.int64), 3)
    return owner, triangles.ravel(), np.roll(triangles, -1, axis=1).ravel()


def find_joints(triangles: Integers) -> Joints:
    """Match every half-edge with one that runs the other way.

    Where more than two triangles meet in an edge, half-edges are matched in the order of the file.
    """
    owner, start, end = half_edges(triangles)
    forward = np.flatnonzero(start < end)
    backward = np.flatnonzero(start > end)
    size = int(triangles.max(initial=0)) + 1
    forward, forward_keys = _ranked(forward, start[forward] * size + end[forward])
    backward, backward_keys = _ranked(backward, end[backward] * size + start[backward])
    _, at_forward, at_backward = np.intersect1d(
        forward_keys, backward_keys, assume_unique=True, return_indices=True
    )
    one, other = forward[at_forward], backward[at_backward]
    alone = np.ones(len(owner), dtype=bool)
    alone[one] = alone[other] = False
    lonely = np.flatnonzero(alone)
    return Joints(
        left=owner[one],
        right=owner[other],
        start=start[one],
        end=end[one],
        open_triangle=owner[lonely],
        open_start=start[lonely],
        open_end=end[lonely],
    )


def _ranked(halves: Integers, keys: Integers) -> tuple[Integers, Integers]:
    """Half-edges sorted by key, and keys made unique by the rank among equals."""
    order = np.argsort(keys, kind="stable")
    halves, keys = halves[order], keys[order]
    begins = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))) if len(keys) else order
    rank = np.arange(len(keys)) - np.repeat(begins, np.diff(np.append(begins, len(keys))))
    kept = rank < _MOST_AT_AN_EDGE
    return halves[kept], (keys * _MOST_AT_AN_EDGE + rank)[kept]


def undirected_pairs(triangles: Integers) -> tuple[Integers, Integers, Truths]:
    """Triangles that share an edge with exactly one other, and whether both run it in opposite senses."""
    owner, start, end = half_edges(triangles)
    size = int(triangles.max(initial=0)) + 1
    keys = np.minimum(start, end) * size + np.maximum(start, end)
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    begins = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    twos = begins[np.diff(np.append(begins, len(keys))) == 2]
    one, other = order[twos], order[twos + 1]
    return owner[one], owner[other], start[one] == end[other]


def triangle_normals(vertices: Floats, triangles: Integers) -> tuple[Floats, Floats]:
    """Unit normals (zero where a triangle is a line) and areas."""
    a, b, c = (vertices[triangles[:, k]] for k in range(3))
    doubled = cross(b - a, c - a)
    double = np.linalg.norm(doubled, axis=1)
    return doubled / np.where(double > 0, double, 1.0)[:, None], double / 2
