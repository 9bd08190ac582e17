"""Round walls around air: hollow cylinders and cones, gathered by axis into closed rings and chains.

A modelling program may split one wall in halves, and opposite walls may hold half cylinders that
together look like a whole; only pieces that stand side by side along the axis make a ring.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from manyworks.shapes.crossings import ASKEW
from manyworks.shapes.mesh_graph import components
from manyworks.shapes.shape import FaceKind, Shape

if TYPE_CHECKING:
    from manyworks.model.geometry import Vector
    from manyworks.shapes.shape import Floats, Integers

# Share of the full turn that makes a wall closed.
_CLOSED = 0.98
# Axes are one line when parallel within this cosine (a quarter of a degree) ...
_PARALLEL = 1 - 1e-5
# ... and apart by less than this (mm), or this share of the radius.
_APART_MM = 2e-3
_APART_SHARE = 5e-3
# Radii are equal within this share or length (mm).
_RADIUS_SHARE = 2e-3
_RADIUS_MM = 1e-3
# Ends along an axis that are closer than this share of the radius (or mm) touch.
_TOUCH_SHARE = 5e-3
_TOUCH_MM = 2e-3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pieces:
    """Round faces, one row each: the face's number, its axis, its stretch of the axis, its radii.

    ``low`` and ``high`` are measured along ``axis`` from ``point``; ``line`` numbers the axis that
    several pieces share, and ``point`` and ``axis`` are equal for all of them.
    """

    face: Integers
    line: Integers
    point: Floats
    axis: Floats
    low: Floats
    high: Floats
    low_radius: Floats
    high_radius: Floats
    sweep: Floats
    straight: Integers


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """A stretch of an axis with a round wall all about it."""

    faces: tuple[int, ...]
    low: float
    high: float
    low_radius: float
    high_radius: float

    @property
    def is_cone(self) -> bool:
        """Whether the radius changes along it."""
        return not same_radius(self.low_radius, self.high_radius)

    @property
    def least(self) -> float:
        """The smaller radius."""
        return min(self.low_radius, self.high_radius)

    @property
    def most(self) -> float:
        """The larger radius."""
        return max(self.low_radius, self.high_radius)


def same_radius(one: float, other: float) -> bool:
    """Whether two radii are equal for our purposes."""
    return abs(one - other) <= max(_RADIUS_MM, _RADIUS_SHARE * max(one, other))


def as_vector(values: Floats) -> Vector:
    """Plain numbers, without the last digits that are noise."""
    x, y, z = (round(float(value), 6) + 0.0 for value in values)
    return x, y, z


def touch(radius: float) -> float:
    """How close ends along an axis must come to touch."""
    return max(_TOUCH_MM, _TOUCH_SHARE * radius)


# ---- pieces ------------------------------------------------------------------------------------


def round_pieces(shape: Shape, *, hollow: bool) -> Pieces:
    """Cylinders and cones of a shape that are hollow (or that bulge), on shared axes."""
    faces = shape.faces
    round_ = (faces.kind == FaceKind.CYLINDER) | (faces.kind == FaceKind.CONE)
    sound = np.isfinite(faces.axis).all(axis=1) & np.isfinite(faces.origin).all(axis=1)
    chosen = np.flatnonzero(round_ & sound & (faces.hollow == hollow))
    chosen = chosen[np.isin(chosen, shape.face_of)]
    axis = faces.axis[chosen] / np.linalg.norm(faces.axis[chosen], axis=1, keepdims=True)
    line = _shared_lines(faces.centre[chosen], faces.origin[chosen], axis, faces.radius[chosen])
    first = np.unique(line, return_index=True)[1] if len(line) else line
    _, number = np.unique(line, return_inverse=True)
    lead = first[number.reshape(-1)]
    point, axis = faces.origin[chosen][lead], _upright(axis[lead])
    low, high, low_radius, high_radius = _stretches(shape, chosen, point, axis)
    cone = faces.kind[chosen] == FaceKind.CONE
    return Pieces(
        face=chosen,
        line=number.reshape(-1).astype(np.int64),
        point=point,
        axis=axis,
        low=low,
        high=high,
        low_radius=np.where(cone, low_radius, faces.radius[chosen]),
        high_radius=np.where(cone, high_radius, faces.radius[chosen]),
        sweep=np.nan_to_num(faces.sweep[chosen]),
        straight=np.where(cone, 0, 1),
    )


def _upright(axis: Floats) -> Floats:
    """The same directions, each with its largest component positive."""
    rows = np.arange(len(axis))
    # Components that differ by rounding alone must not decide differently for two like axes.
    largest = np.argmax(np.round(np.abs(axis), 6), axis=1) if len(axis) else rows
    return axis * np.where(axis[rows, largest] < 0, -1.0, 1.0)[:, None]


def _shared_lines(centre: Floats, origin: Floats, axis: Floats, radius: Floats) -> Integers:
    """Label pieces whose axes are one line: sorted by a plane's distance, near ones are compared."""
    count = len(centre)
    if count < 2:
        return np.arange(count, dtype=np.int64)
    middle = origin + np.einsum("ij,ij->i", centre - origin, axis)[:, None] * axis
    base = centre.mean(axis=0)
    foot = origin + np.einsum("ij,ij->i", base - origin, axis)[:, None] * axis
    key = (foot - base) @ ASKEW
    order = np.argsort(key, kind="stable")
    allowed = np.maximum(_APART_MM, _APART_SHARE * np.nan_to_num(radius))
    reach = 4 * float(allowed.max()) + 0.01 * float(np.abs(foot - base).max())
    ones, others = [], []
    for shift in range(1, count):
        one, other = order[:-shift], order[shift:]
        near = key[other] - key[one] <= reach
        if not near.any():
            break
        one, other = one[near], other[near]
        parallel = np.abs(np.einsum("ij,ij->i", axis[one], axis[other])) > _PARALLEL
        one, other = one[parallel], other[parallel]
        gap = middle[other] - origin[one]
        gap = gap - np.einsum("ij,ij->i", gap, axis[one])[:, None] * axis[one]
        same = np.linalg.norm(gap, axis=1) <= np.minimum(allowed[one], allowed[other])
        ones.append(one[same])
        others.append(other[same])
    if not ones:
        return np.arange(count, dtype=np.int64)
    return components(np.concatenate(ones), np.concatenate(others), count)


def _stretches(
    shape: Shape, chosen: Integers, point: Floats, axis: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """Least and greatest place along the axis, and the radius at both by a line through the corners."""
    place = np.full(len(shape.faces.kind), -1, dtype=np.int64)
    place[chosen] = np.arange(len(chosen))
    rows = np.flatnonzero(place[shape.face_of] >= 0)
    at = np.repeat(place[shape.face_of[rows]], 3)
    away = shape.vertices[shape.triangles[rows].ravel()] - point[at]
    along = np.einsum("ij,ij->i", away, axis[at])
    reach = np.linalg.norm(away - along[:, None] * axis[at], axis=1)
    count = len(chosen)
    low, high = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(low, at, along)
    np.maximum.at(high, at, along)
    number = np.maximum(np.bincount(at, minlength=count), 1)
    mean_along = np.bincount(at, along, count) / number
    mean_reach = np.bincount(at, reach, count) / number
    spread = np.bincount(at, (along - mean_along[at]) ** 2, count)
    slope = np.bincount(at, (along - mean_along[at]) * reach, count) / np.where(spread > 0, spread, 1.0)
    low_radius = mean_reach + slope * (low - mean_along)
    high_radius = mean_reach + slope * (high - mean_along)
    return low, high, np.maximum(low_radius, 0.0), np.maximum(high_radius, 0.0)


# ---- rings -------------------------------------------------------------------------------------


def stacks(pieces: Pieces, rows: Integers) -> list[Integers]:
    """Pieces of one axis that lie on one surface and follow each other without a gap."""
    found: list[Integers] = []
    for one in _one_surface(pieces, rows):
        order = one[np.argsort(pieces.low[one], kind="stable")]
        reach = np.maximum.accumulate(pieces.high[order])
        radius = float(np.maximum(pieces.low_radius[one], pieces.high_radius[one]).max())
        breaks = np.flatnonzero(pieces.low[order][1:] > reach[:-1] + touch(radius)) + 1
        found.extend(np.split(order, breaks))
    return found


def _one_surface(pieces: Pieces, rows: Integers) -> list[Integers]:
    """Cylinders of one radius; cones of one opening and apex."""
    found: list[list[int]] = []
    for row in rows[np.lexsort((pieces.low[rows], pieces.low_radius[rows], pieces.straight[rows]))]:
        for group in found[-8:]:
            if _same_surface(pieces, group[0], int(row)):
                group.append(int(row))
                break
        else:
            found.append([int(row)])
    return [np.array(group, dtype=np.int64) for group in found]


def _same_surface(pieces: Pieces, one: int, other: int) -> bool:
    if pieces.straight[one] != pieces.straight[other]:
        return False
    if pieces.straight[one]:
        return same_radius(float(pieces.low_radius[one]), float(pieces.low_radius[other]))
    slopes = [
        (pieces.high_radius[row] - pieces.low_radius[row]) / max(pieces.high[row] - pieces.low[row], 1e-9)
        for row in (one, other)
    ]
    here = pieces.low_radius[one] + slopes[0] * (pieces.low[other] - pieces.low[one])
    return abs(slopes[0] - slopes[1]) < 0.02 and same_radius(float(here), float(pieces.low_radius[other]))


def ring_of(pieces: Pieces, stack: Integers) -> Ring | None:
    """The ring that a stack of pieces closes somewhere along the axis; None where it stays open."""
    ends = np.unique(np.concatenate((pieces.low[stack], pieces.high[stack])))
    middles = (ends[1:] + ends[:-1]) / 2
    over = (pieces.low[stack] < middles[:, None]) & (pieces.high[stack] > middles[:, None])
    covered = over @ pieces.sweep[stack]
    full = (covered >= _CLOSED * 2 * np.pi) & (np.diff(ends) > 0)
    if not full.any():
        return None
    part = np.flatnonzero(over[full].any(axis=0))
    low_row = stack[part[np.argmin(pieces.low[stack[part]])]]
    high_row = stack[part[np.argmax(pieces.high[stack[part]])]]
    return Ring(
        faces=tuple(sorted(int(face) for face in pieces.face[stack[part]])),
        low=float(pieces.low[low_row]),
        high=float(pieces.high[high_row]),
        low_radius=float(pieces.low_radius[low_row]),
        high_radius=float(pieces.high_radius[high_row]),
    )
