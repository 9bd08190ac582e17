"""The area of the shadow a body throws along a direction."""

from __future__ import annotations

import numpy as np

from manyworks.shapes.boxes import square_to
from manyworks.shapes.rays import Floats, Integers, Skin

# Scan lines over the longer side of a shadow. Along a line the shadow is exact, between lines it is
# taken by midpoints: the area of a disc comes out to 1e-4.
_LINES = 600
_FEWEST_LINES = 60
# Scan lines are turned by this much, radians, off the directions that drawings prefer: an outline's
# edge that runs along the lines would be a step wide or not there.
_OFF_GRID = 0.3217
# Crossings of lines and triangles looked at in one go, at most.
_MOST_CROSSINGS = 3_000_000


def shadow_area(skin: Skin, direction: Floats) -> float:
    """Area of the shadow along a direction, mm2.

    Only triangles that face the direction throw it: for a closed skin the others add nothing.
    """
    facing = skin.normals @ direction > 0
    cosine, sine = np.cos(_OFF_GRID), np.sin(_OFF_GRID)
    across = np.array([[cosine, sine], [-sine, cosine]]) @ square_to(direction)
    corners = (skin.corners[facing] - skin.middle) @ across.T
    if not len(corners):
        return 0.0
    return union_area(corners)


def union_area(corners: Floats) -> float:
    """Area covered by triangles of the plane, overlaps once.

    Parameters
    ----------
    corners : (n, 3, 2)
    """
    order = np.argsort(corners[:, :, 1], axis=1)
    xs, ys = (np.take_along_axis(corners[:, :, k], order, axis=1).T for k in range(2))
    low, high = ys[0], ys[2]
    bottom, extent = float(low.min()), float(high.max() - low.min())
    if extent <= 0:
        return 0.0
    crossings = float((high - low).sum()) / extent
    lines = int(np.clip(_MOST_CROSSINGS / max(crossings, 1.0), _FEWEST_LINES, _LINES))
    step = extent / lines
    first = np.ceil((low - bottom) / step - 0.5).astype(np.int64)
    count = np.maximum(np.ceil((high - bottom) / step - 0.5).astype(np.int64) - first, 0)
    owner = np.repeat(np.arange(len(corners)), count)
    line = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count) + first[owner]
    left, right = _spans(xs, ys, owner, bottom + (line + 0.5) * step)
    return step * _covered(line, left, right)


def _spans(xs: Floats, ys: Floats, owner: Integers, heights: Floats) -> tuple[Floats, Floats]:
    """Where lines at some heights enter and leave their triangles; corners (3, n) from low to high."""

    def along(begin: int, end: int) -> Floats:
        """Where the lines meet a side, made longer if need be."""
        rise = ys[end] - ys[begin]
        slope = np.divide(xs[end] - xs[begin], rise, out=np.zeros_like(rise), where=rise > 0)
        place: Floats = xs[begin][owner] + slope[owner] * (heights - ys[begin][owner])
        return place

    through = along(0, 2)
    around = np.where(heights < ys[1][owner], along(0, 1), along(1, 2))
    return np.minimum(through, around), np.maximum(through, around)


def _covered(line: Floats, left: Floats, right: Floats) -> float:
    """Length covered by spans, each on its own line, overlaps once."""
    whole = right > left
    line, left, right = line[whole], left[whole], right[whole]
    if not len(left):
        return 0.0
    # Lines are laid end to end on one axis, further apart than any span reaches.
    shift = line * (2 * float(right.max() - left.min()) + 1.0)
    left, right = left + shift, right + shift
    order = np.argsort(left, kind="stable")
    left, right = left[order], np.maximum.accumulate(right[order])
    fresh = right - np.maximum(left, np.concatenate(([-np.inf], right[:-1])))
    return float(np.maximum(fresh, 0.0).sum())
