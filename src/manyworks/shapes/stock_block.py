"""The block a body was cut from: its own directions and six planes, however the body lies in the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from manyworks.shapes.shape import FaceKind, Shape

if TYPE_CHECKING:
    from manyworks.shapes.shape import Floats, Truths

# Two directions are one, or at right angles, within this angle: kernels keep 1e-7, meshes about 1e-3.
ANGLE_TOLERANCE = float(np.radians(0.1))
# Points lie on a plane within this share of the block's diagonal.
PLANE_TOLERANCE = 1e-5
# Enough directions to hold the three of any block; bounds the search on free-form bodies.
MOST_DIRECTIONS = 40


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StockBlock:
    """A box around a body along directions of the body itself.

    Parameters
    ----------
    axes : (3, 3)
        Unit rows at right angles.
    low, high : (3,)
        Extent along each axis: ``low <= axes @ point <= high``.
    """

    axes: Floats
    low: Floats
    high: Floats

    @property
    def diagonal(self) -> float:
        """Length from corner to corner."""
        return float(np.linalg.norm(self.high - self.low))

    def half_spaces(self) -> tuple[Floats, Floats]:
        """Inner side of the six planes: normals (6, 3) and offsets (6,) with ``normal @ point >= offset``."""
        return np.vstack((self.axes, -self.axes)), np.concatenate((self.low, -self.high))


def find_block(shape: Shape) -> StockBlock:
    """Find the block: the three directions at right angles that most plane area faces.

    A body without planes falls back on the axes of its cylinders and cones, then on its axes of
    inertia.
    """
    axes = _best_frame(*_directions(shape))
    if axes is None:
        axes = _inertia_axes(shape)
    along = shape.vertices @ axes.T
    return StockBlock(axes=axes, low=along.min(axis=0), high=along.max(axis=0))


def faces_on_block(shape: Shape, block: StockBlock) -> Truths:
    """Tell which faces (f,) are what is left of the block's own six sides."""
    faces = shape.faces
    normals, offsets = block.half_spaces()
    facing = faces.normal @ -normals.T > np.cos(ANGLE_TOLERANCE)
    near = np.abs(faces.centre @ normals.T - offsets) < PLANE_TOLERANCE * block.diagonal
    on_a_side: Truths = (facing & near).any(axis=1) & (faces.kind == FaceKind.PLANE)
    return on_a_side


def _directions(shape: Shape) -> tuple[Floats, Floats]:
    """Distinct directions (k, 3), sign aside, with the area that speaks for each, largest first."""
    faces = shape.faces
    flat = faces.kind == FaceKind.PLANE
    round_ = np.isin(faces.kind, (FaceKind.CYLINDER, FaceKind.CONE, FaceKind.TORUS))
    vectors = np.where(flat[:, None], faces.normal, faces.axis)[flat | round_]
    # A cylinder speaks for its axis only where planes leave the choice open.
    weights = np.where(flat, faces.area, 1e-3 * faces.area)[flat | round_]
    found: list[Floats] = []
    totals: list[float] = []
    for vector, weight in zip(vectors, weights, strict=True):
        if not np.isfinite(vector).all():
            continue
        same = np.abs(np.array(found).reshape(-1, 3) @ vector) > np.cos(ANGLE_TOLERANCE)
        if same.any():
            totals[int(np.argmax(same))] += float(weight)
        elif np.linalg.norm(vector) > 0.5:
            found.append(vector)
            totals.append(float(weight))
    order = np.argsort(-np.array(totals), kind="stable")[:MOST_DIRECTIONS]
    return np.array(found).reshape(-1, 3)[order], np.array(totals)[order]


def _best_frame(directions: Floats, weights: Floats) -> Floats | None:
    """The three directions at right angles with most weight; two or one are completed."""
    best, best_weight = None, 0.0
    square = np.triu(np.abs(directions @ directions.T) < np.sin(ANGLE_TOLERANCE))
    for i, j in np.argwhere(square):
        third = np.cross(directions[i], directions[j])
        along = np.abs(directions @ third) > np.cos(ANGLE_TOLERANCE)
        weight = float(weights[i] + weights[j] + weights[along].sum())
        # The margin keeps the choice the same when a turned body's areas differ in the last digit.
        if weight > best_weight * (1 + 1e-6):
            best, best_weight = _square(directions[i], directions[j]), weight
    if best is None and len(directions):
        best = _square(directions[0], None)
    return best


def _square(first: Floats, second: Floats | None) -> Floats:
    """Rows at right angles: the first direction, what of the second is square to it, and their product."""
    if second is None:
        second = np.eye(3)[np.argmin(np.abs(first))]
    second = second - (second @ first) * first
    second = second / np.linalg.norm(second)
    return np.array((first, second, np.cross(first, second)))


def _inertia_axes(shape: Shape) -> Floats:
    """Principal axes of the skin's triangles, weighted by area."""
    corners = shape.vertices[shape.triangles]
    area = 0.5 * np.linalg.norm(
        np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1
    )
    middle = corners.mean(axis=1)
    offset = middle - np.average(middle, axis=0, weights=np.maximum(area, 1e-300))
    axes: Floats = np.linalg.eigh((offset * area[:, None]).T @ offset)[1].T
    return axes
