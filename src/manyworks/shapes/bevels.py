"""Faces that follow from how a cut was placed, not from its section: bevels and blades."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from manyworks.shapes.adjacency import closed_edges
from manyworks.shapes.shape import FaceKind, Shape
from manyworks.shapes.stock_block import ANGLE_TOLERANCE, PLANE_TOLERANCE, StockBlock

if TYPE_CHECKING:
    from manyworks.shapes.shape import Floats, Integers, Truths

# A bevel takes the same off both sides of its edge, so it bends by half the corner on either side.
SAME_BEND_DEG = 0.05
# The walls of a regular hexagon bend by 60 degrees on both sides, those of a slot by 90.
LEAST_BEVEL_DEG = 1.0
MOST_OUTER_BEVEL_DEG = 89.0
MOST_INNER_BEVEL_DEG = 59.0
# Degrees: a blade's edge is sharper than a square corner.
BLADE_DEG = 90.5
# Unit normals of one plane agree to this much: kernels keep 1e-7, files in single precision 1e-4.
SAME_NORMAL = 1e-4


# Pairs of corners compared between two walls at most; larger faces are not walls of a block's cuts.
MOST_PAIRS = 1_000_000


def likely_bevels(shape: Shape) -> Truths:
    """Tell which faces (f,) have two straight edges that bend as those of an outer bevel may."""
    edges = shape.edges
    bent = closed_edges(shape) & edges.straight
    bent &= (edges.bend > LEAST_BEVEL_DEG) & (edges.bend < MOST_OUTER_BEVEL_DEG)
    counts = np.bincount(edges.faces[bent].ravel(), minlength=len(shape.faces.area))
    likely: Truths = (counts > 1) & (shape.faces.kind == FaceKind.PLANE)
    return likely


def bevel_rims(shape: Shape, face: int, *, inner: bool) -> tuple[int, int] | None:
    """Find the two long edges of a bevel: parallel, apart, and bent alike.

    ``inner`` bevels fill an inside corner; the others break an outside one. None where the face is
    not a bevel.
    """
    edges = shape.edges
    bend = -edges.bend if inner else edges.bend
    most = MOST_INNER_BEVEL_DEG if inner else MOST_OUTER_BEVEL_DEG
    mine = (edges.faces == face).any(axis=1) & edges.straight & (bend > LEAST_BEVEL_DEG) & (bend < most)
    rims = np.flatnonzero(mine).tolist()
    for k, first in enumerate(rims):
        for second in rims[k + 1 :]:
            if abs(bend[first] - bend[second]) < SAME_BEND_DEG and _run_apart(shape, first, second):
                return first, second
    return None


def _run_apart(shape: Shape, first: int, second: int) -> bool:
    """Whether two edges are parallel but not on one line."""
    edges = shape.edges
    along, other = (edges.end[k] - edges.start[k] for k in (first, second))
    step = edges.middle[second] - edges.middle[first]
    parallel = (
        np.linalg.norm(np.cross(along, other)) <= ANGLE_TOLERANCE * edges.length[[first, second]].prod()
    )
    apart = np.linalg.norm(np.cross(along, step)) > ANGLE_TOLERANCE * edges.length[first] ** 2
    return bool(parallel and apart)


def find_blades(shape: Shape, block: StockBlock, cut: Truths, points: tuple[Floats, ...]) -> frozenset[int]:
    """Find walls that stand where their cut was open when it was made.

    A cut placed along an edge of the body is open on that side. Where the body widens below the
    edge, the cut leaves a wall there which ends in a blade, or which continues the plane of the
    other cut that made the edge, facing the other way.

    Parameters
    ----------
    cut : (f,)
        The plane faces that are not of the block.
    points
        Vertices of each face.
    """
    tolerance = PLANE_TOLERANCE * block.diagonal
    return frozenset(
        (*_sharp_walls(shape, block, cut, tolerance), *_backed_walls(shape, cut, points, tolerance))
    )


def _sharp_walls(shape: Shape, block: StockBlock, cut: Truths, tolerance: float) -> Iterator[int]:
    """Walls square to a side of the block that meet another cut in a blade on that side."""
    edges = shape.edges
    normals, sides = block.half_spaces()
    ends = np.stack((edges.start, edges.end))
    on_side: Truths = np.abs(ends @ normals.T - sides).max(axis=0) < tolerance
    first, second = edges.faces.T
    sharp = closed_edges(shape) & (edges.bend > BLADE_DEG) & cut[first] & cut[second]
    for edge in np.flatnonzero(sharp & on_side.any(axis=1)):
        for face in edges.faces[edge].tolist():
            square = np.abs(normals @ shape.faces.normal[face]) < ANGLE_TOLERANCE
            if (on_side[edge] & square).any():
                yield face


def _backed_walls(shape: Shape, cut: Truths, points: tuple[Floats, ...], tolerance: float) -> Iterator[int]:
    """Walls on the plane of a longer wall that faces the other way and ends where they begin."""
    faces = shape.faces
    offsets = (faces.normal * faces.centre).sum(axis=1)
    for face in np.flatnonzero(cut):
        against = cut & (np.abs(faces.normal + faces.normal[face]).max(axis=1) < SAME_NORMAL)
        against &= np.abs(offsets + offsets[face]) < tolerance
        backs: Integers = np.flatnonzero(against)
        if len(backs) and _lies_between(points[face], np.vstack([points[k] for k in backs]), tolerance):
            yield int(face)


def _lies_between(mine: Floats, others: Floats, tolerance: float) -> bool:
    """Whether all of ``mine`` is between the corners it shares with ``others``, which reach beyond."""
    if len(mine) * len(others) > MOST_PAIRS:
        return False
    shared = mine[(np.abs(mine[:, None] - others).max(axis=2) < tolerance).any(axis=1)]
    if len(shared) < 2:
        return False
    along = shared[np.argmax(((shared - shared[0]) ** 2).sum(axis=1))] - shared[0]
    along = along / max(float(np.linalg.norm(along)), 1e-300)
    ends, own, beyond = shared @ along, mine @ along, others @ along
    within = own.min() > ends.min() - tolerance and own.max() < ends.max() + tolerance
    return bool(within and (beyond.min() < ends.min() - tolerance or beyond.max() > ends.max() + tolerance))
