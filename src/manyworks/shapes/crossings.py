"""Where one ray crosses many triangles, in double precision: for a few questions, without a ray tracer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from manyworks.shapes.shape import Floats

# A direction along no axis and no common angle: rays along it seldom graze an edge.
ASKEW = np.array([0.5773018, 0.2113249, 0.7886751])


def crossings(corners: Floats, start: Floats, ray: Floats) -> Floats:
    """Distances along a ray, in its lengths, at which it crosses triangles; inf where it does not.

    Parameters
    ----------
    corners : (n, 3, 3)
    start, ray : (3,)
        Only crossings at or after the start count.

    Notes
    -----
    Moeller and Trumbore 1997. Triangles seen edge-on are never crossed.
    """
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    p = np.cross(ray, second)
    det = np.einsum("ij,ij->i", first, p)
    scale = np.where(det == 0, np.inf, det)
    away = start - corners[:, 0]
    u = np.einsum("ij,ij->i", away, p) / scale
    q = np.cross(away, first)
    v = q @ ray / scale
    t = np.einsum("ij,ij->i", second, q) / scale
    inside = (u >= 0) & (v >= 0) & (u + v <= 1) & (t >= 0) & (det != 0)
    return np.where(inside, t, np.inf)
