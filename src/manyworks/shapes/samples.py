"""Points spread evenly over a skin by a fixed rule, so that equal bodies measure equal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from manyworks.shapes.rays import Floats, Integers, Skin

FEWEST = 2_000
MOST = 12_000
# Bodies of many faces or many triangles have more places to look at.
_PER_FACE = 12
_TRIANGLES_PER_SAMPLE = 4
# The plastic number's powers: the two-dimensional sequence with the least gaps (Roberts, 2018).
_FIRST_STEP = 0.7548776662466927
_SECOND_STEP = 0.5698402909980532


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Samples:
    """Points of a skin (``n`` rows), each standing for the same ``area``.

    Parameters
    ----------
    points, normals : (n, 3)
    triangles, faces : (n,)
        Where each point lies.
    area
        Skin that one point stands for, mm2.
    """

    points: Floats
    normals: Floats
    triangles: Integers
    faces: Integers
    area: float

    @property
    def spacing(self) -> float:
        """Typical distance from a point to the next, mm."""
        return float(np.sqrt(self.area))


def count_samples(faces: int, triangles: int) -> int:
    """How many points a body deserves: 2,000, rising with its faces and triangles, bounded."""
    return int(np.clip(max(_PER_FACE * faces, triangles // _TRIANGLES_PER_SAMPLE), FEWEST, MOST))


def spread_samples(skin: Skin, count: int) -> Samples:
    """Spread points over a skin: equal steps along the running area, a low-discrepancy rule inside."""
    index = np.arange(count)
    running = np.cumsum(skin.areas)
    places = (index + 0.5) / count * running[-1]
    triangles = np.searchsorted(running, places).clip(0, len(running) - 1)
    u, v = (index * _FIRST_STEP + 0.5) % 1, (index * _SECOND_STEP + 0.5) % 1
    fold = u + v > 1
    u, v = np.where(fold, 1 - u, u)[:, None], np.where(fold, 1 - v, v)[:, None]
    corners = skin.corners[triangles]
    points = corners[:, 0] * (1 - u - v) + corners[:, 1] * u + corners[:, 2] * v
    return Samples(
        points=points,
        normals=skin.normals[triangles],
        triangles=triangles.astype(np.int64),
        faces=skin.face_of[triangles],
        area=skin.area / count,
    )
