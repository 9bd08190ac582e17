"""Which places of a skin can be seen from far away in a direction: what tools, moulds and eyes reach."""

from __future__ import annotations

import numpy as np

from manyworks.shapes.rays import Floats, Skin, Truths, are_blocked

# Skin leaning over by less than this still counts as upright: drawn upright, and bent by rounding
# or by the chords of a mesh.
UPRIGHT_DEG = 0.5
UPRIGHT = float(np.sin(np.radians(UPRIGHT_DEG)))
# Rays start this share of the half-diagonal off the skin and lean away from it, so that they do not
# graze the wall they start on.
_LIFT = 1e-4
_LEAN = 1.2 * UPRIGHT


def see(skin: Skin, points: Floats, normals: Floats, directions: Floats) -> Truths:
    """Which points are in sight from which directions.

    A point is in sight where the skin does not turn away by more than half a degree and nothing
    stands between it and far away.

    Parameters
    ----------
    points, normals : (n, 3)
        Points of the skin and the outward normals there.
    directions : (k, 3)
        Unit vectors from the body towards the viewer.

    Returns
    -------
    Truths, (k, n).
    """
    seen = normals @ directions.T >= -UPRIGHT
    for place, direction in enumerate(directions):
        facing = np.flatnonzero(seen[:, place])
        ways = direction + _LEAN * normals[facing]
        ways /= np.linalg.norm(ways, axis=1)[:, None]
        starts = points[facing] + _LIFT * skin.scale * normals[facing]
        seen[facing, place] = ~are_blocked(skin, starts, ways)
    return np.ascontiguousarray(seen.T)
