"""The tightest block around a body, however the file has turned it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from manyworks.shapes.directions import Directions
from manyworks.shapes.rays import Floats, Skin
from manyworks.shapes.shape import FaceKind, FaceTable

# A block along directions found later must be smaller by this share: blocks along the flats of the
# part are how it is held.
_WORTH_TURNING = 0.05
_RIGHT_ANGLE = float(np.sin(np.radians(1.0)))
_MOST_LEADERS = 4
# Outlines with more corners than this are tried along their longest sides only.
_MOST_SIDES = 256
_DIRECTIONS = 16
# A mesh cuts the round off shafts; their rims are put back with this many points each, just outside
# the rim so that the sides between the points touch it.
_RIM = 360
_MOST_RIMS = 24
_WHOLE_TURN = 2 * np.pi * 0.999
# Corners of a round face lie on its two rims where it is cut off square, to this share of its length.
_ON_RIM = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Box:
    """A block around a body.

    Parameters
    ----------
    axes : (3, 3)
        Unit directions of its edges, longest edge first, right-handed.
    low, high : (3,)
        Extent of the body along them.
    """

    axes: Floats
    low: Floats
    high: Floats

    @property
    def size(self) -> Floats:
        """Lengths of its edges, longest first, mm; (3,)."""
        return self.high - self.low

    @property
    def volume(self) -> float:
        """Its volume, mm3."""
        return float(self.size.prod())

    @property
    def faces(self) -> Floats:
        """Area of its faces square to each axis, mm2; (3,)."""
        size = self.size
        return np.array([size[1] * size[2], size[0] * size[2], size[0] * size[1]])


def find_box(skin: Skin, faces: FaceTable, directions: Directions) -> Box:
    """Find the smallest block among those along a body's own directions.

    For each leading direction (flats, then round axes, then inertia) the other two come from flats
    at right angles to it and from the narrowest rectangle around its shadow.
    """
    points = np.vstack((skin.vertices, _rims(skin, faces)))
    frames = _frames(points, directions)
    best = _measure(points, next(frames))
    for axes in frames:
        box = _measure(points, axes)
        if box.volume < best.volume * (1 - _WORTH_TURNING):
            best = box
    return best


def _rims(skin: Skin, faces: FaceTable) -> Floats:
    """Points on the rims of the largest outer cylinders and cones that go all around; (n, 3)."""
    outer = np.isin(faces.kind, (FaceKind.CYLINDER, FaceKind.CONE)) & ~faces.hollow
    numbers = np.flatnonzero(outer & (faces.sweep > _WHOLE_TURN))
    numbers = numbers[np.argsort(-faces.radius[numbers], kind="stable")][:_MOST_RIMS]
    rims = [_rim(skin, faces, int(number)) for number in numbers]
    return np.vstack(rims) if rims else np.zeros((0, 3))


def _rim(skin: Skin, faces: FaceTable, number: int) -> Floats:
    """Points on both rims of a round face; none where it is not cut off square."""
    axis, origin = faces.axis[number], faces.origin[number]
    corners = skin.corners[skin.face_of == number].reshape(-1, 3) - origin
    heights = corners @ axis
    if not len(corners) or not np.isfinite(heights).all():
        return np.zeros((0, 3))
    ends = (float(heights.min()), float(heights.max()))
    aside = np.linalg.norm(corners - heights[:, None] * axis, axis=1)
    near = [np.abs(heights - end) <= _ON_RIM * (ends[1] - ends[0]) for end in ends]
    if not (near[0] | near[1]).all():
        return np.zeros((0, 3))
    turns = np.linspace(0, 2 * np.pi, _RIM, endpoint=False)
    circle = np.column_stack((np.cos(turns), np.sin(turns))) @ square_to(axis) / np.cos(np.pi / _RIM)
    rims = [aside[on].max() * circle + end * axis for on, end in zip(near, ends, strict=True)]
    return np.asarray(origin + np.vstack(rims))


def _measure(points: Floats, axes: Floats) -> Box:
    along = points @ axes.T
    low, high = along.min(axis=0), along.max(axis=0)
    order = np.argsort(low - high, kind="stable")
    axes, low, high = axes[order], low[order], high[order]
    if np.linalg.det(axes) < 0:
        axes = axes * [[1], [1], [-1]]
        low, high = np.append(low[:2], -high[2]), np.append(high[:2], -low[2])
    return Box(axes=axes, low=low, high=high)


def _frames(points: Floats, directions: Directions) -> Iterator[Floats]:
    planes, leaders = (
        directions.planes,
        (directions.planes[:_MOST_LEADERS], directions.rounds[:_MOST_LEADERS]),
    )
    for leader in np.vstack(leaders):
        square = np.abs(planes @ leader) < _RIGHT_ANGLE
        for second in planes[square][:_MOST_LEADERS]:
            yield _frame(leader, second)
    for leader in np.vstack((*leaders, directions.inertia)):
        yield _frame(leader, _narrowest(points, leader))


def _frame(leader: Floats, second: Floats) -> Floats:
    """Three directions at right angles: the first as given, the second as near as may be."""
    second = second - leader * (second @ leader)
    second = second / np.linalg.norm(second)
    return np.array([leader, second, np.cross(leader, second)])


def square_to(direction: Floats) -> Floats:
    """Two directions at right angles to one and to each other; (2, 3)."""
    helper = np.eye(3)[int(np.abs(direction).argmin())]
    return _frame(direction, helper)[1:]


def _narrowest(points: Floats, leader: Floats) -> Floats:
    """Direction of the narrowest rectangle's side around the shadow along ``leader``.

    One side of the rectangle of least area lies along a side of the convex outline.
    """
    import shapely

    across = square_to(leader)
    outline = shapely.convex_hull(shapely.multipoints(_outer(points @ across.T)))
    corners = shapely.get_coordinates(outline)
    sides = np.diff(corners, axis=0)
    lengths = np.linalg.norm(sides, axis=1)
    chosen = np.argsort(-lengths, kind="stable")[:_MOST_SIDES]
    chosen = chosen[lengths[chosen] > 0]
    if not len(chosen):
        return np.asarray(across[0])
    ways = sides[chosen] / lengths[chosen, None]
    turned = np.column_stack((-ways[:, 1], ways[:, 0]))
    areas = np.ptp(corners @ ways.T, axis=0) * np.ptp(corners @ turned.T, axis=0)
    return np.asarray(ways[int(areas.argmin())] @ across)


def _outer(points: Floats) -> Floats:
    """Points of the plane without most of those inside: inside the outermost in sixteen directions.

    Akl and Toussaint's rule; the convex outline stays the same.
    """
    turns = np.arange(_DIRECTIONS) * 2 * np.pi / _DIRECTIONS
    extremes = points[(points @ np.array((np.cos(turns), np.sin(turns)))).argmax(axis=0)]
    sides = np.roll(extremes, -1, axis=0) - extremes
    inside = np.ones(len(points), dtype=np.bool_)
    for (x, y), corner in zip(sides, extremes, strict=True):
        if x or y:
            inside &= x * (points[:, 1] - corner[1]) > y * (points[:, 0] - corner[0])
    return points[~inside]
