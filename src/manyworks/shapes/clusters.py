"""Putting together what hangs together: points near each other, triangles that share an edge."""

from __future__ import annotations

import numpy as np

from manyworks.shapes.mesh_graph import components
from manyworks.shapes.rays import Floats, Integers

# Corners closer than this share of the body's half-diagonal are one corner.
_SAME_CORNER = 1e-6


def cluster_points(points: Floats, reach: float) -> Integers:
    """Number the clusters of points: steps of at most ``reach`` lead from any member to any other; (n,)."""
    if not len(points):
        return np.zeros(0, dtype=np.int64)
    cells = np.floor((points - points.min(axis=0)) / reach).astype(np.int64)
    sizes = cells.max(axis=0) + 3
    keys = ((cells[:, 0] + 1) * sizes[1] + cells[:, 1] + 1) * sizes[2] + cells[:, 2] + 1
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    pairs = [_pairs(ordered, step) for step in _half_neighbours(sizes)]
    starts = order[np.concatenate([first for first, _ in pairs])]
    ends = order[np.concatenate([second for _, second in pairs])]
    near = np.linalg.norm(points[starts] - points[ends], axis=1) <= reach
    return components(starts[near], ends[near], len(points))


def _half_neighbours(sizes: Integers) -> list[int]:
    """Steps between the keys of a cell and itself and half of its 26 neighbours."""
    sides = (-1, 0, 1)
    steps = [int((x * sizes[1] + y) * sizes[2] + z) for x in sides for y in sides for z in sides]
    return [step for step in steps if step >= 0]


def _pairs(ordered: Integers, step: int) -> tuple[Integers, Integers]:
    """All pairs of points whose cells lie ``step`` apart, by place in the ordered keys."""
    first = np.searchsorted(ordered, ordered + step, side="left")
    count = np.searchsorted(ordered, ordered + step, side="right") - first
    starts = np.repeat(np.arange(len(ordered)), count)
    inside = np.arange(len(starts)) - np.repeat(np.cumsum(count) - count, count)
    return starts, first[starts] + inside


def cluster_triangles(corners: Floats, scale: float) -> Integers:
    """Number the clusters of triangles that hang together over common edges; (n,).

    Parameters
    ----------
    corners : (n, 3, 3)
    scale
        Half-diagonal of the body, mm.
    """
    if not len(corners):
        return np.zeros(0, dtype=np.int64)
    grid = np.round(corners.reshape(-1, 3) / (_SAME_CORNER * scale)).astype(np.int64)
    _, names = np.unique(grid, axis=0, return_inverse=True)
    names = names.reshape(-1, 3)
    starts, ends = names.ravel(), np.roll(names, -1, axis=1).ravel()
    keys = np.minimum(starts, ends) * (int(names.max()) + 1) + np.maximum(starts, ends)
    owners = np.repeat(np.arange(len(corners)), 3)
    order = np.argsort(keys, kind="stable")
    same = keys[order][1:] == keys[order][:-1]
    return components(owners[order][1:][same], owners[order][:-1][same], len(corners))
