"""Whether the room between two coaxial rings belongs to one hole or is a slot between two walls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from manyworks.shapes.crossings import crossings

if TYPE_CHECKING:
    from manyworks.shapes.shape import Floats, Shape, Truths

# Rays shot square to the axis from the middle of the gap.
_RAYS = 24
# A wall must stand within this many radii, for this share of the rays.
_NEAR = 1.6
_SHARE = 0.8


def is_one_room(shape: Shape, middle: Floats, axis: Floats, gap: float, radius: float) -> bool:
    """Whether a gap of an axis is air with walls around it, as near as those of the hole.

    Printed parts have steps of odd shape below a head's recess; a slot that cuts a hole in two is
    open to the sides, and a floor between two blind holes crosses the axis.
    """
    corners = _nearby(shape, middle, gap + (_NEAR + 1) * radius)
    if not len(corners) or _hits(corners, middle - gap * axis, axis[None], 2 * gap).any():
        return False
    u = np.cross(axis, np.eye(3)[int(np.argmin(np.abs(axis)))])
    u /= np.linalg.norm(u)
    turn = (np.arange(_RAYS) + 0.37) * 2 * np.pi / _RAYS
    rays = np.cos(turn)[:, None] * u + np.sin(turn)[:, None] * np.cross(axis, u)
    return bool(_hits(corners, middle, rays, _NEAR * radius).mean() >= _SHARE)


def _nearby(shape: Shape, middle: Floats, reach: float) -> Floats:
    """Triangles whose box comes within reach."""
    corners = shape.vertices[shape.triangles]
    near = (corners.min(axis=1) <= middle + reach) & (corners.max(axis=1) >= middle - reach)
    chosen: Floats = corners[near.all(axis=1)]
    return chosen


def _hits(corners: Floats, start: Floats, rays: Floats, reach: float) -> Truths:
    """Whether each ray from one point meets a triangle within reach."""
    return np.array([bool((crossings(corners, start, ray) <= reach).any()) for ray in rays])
