"""The directions a body is built along: normals of its planes, axes of its round faces, its inertia."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from manyworks.shapes.rays import Floats, Skin
from manyworks.shapes.shape import FaceKind, Shape

# Directions closer than this are one: what drawing, export and meshing lose.
SAME_DIRECTION_DEG = 1.5
_SAME = float(np.cos(np.radians(SAME_DIRECTION_DEG)))
# Families smaller than this share of the skin do not decide how a part is held.
_SMALLEST_SHARE = 0.002
_ROUND = (FaceKind.CYLINDER, FaceKind.CONE, FaceKind.TORUS)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Directions:
    """Families of parallel directions, the one with most skin first; a direction and its opposite are one.

    Parameters
    ----------
    planes : (p, 3)
        Normals of flat skin.
    rounds : (r, 3)
        Axes of cylinders, cones and tori.
    inertia : (3, 3)
        Principal axes of the skin.
    """

    planes: Floats
    rounds: Floats
    inertia: Floats


def find_directions(shape: Shape, skin: Skin, most: int = 8) -> Directions:
    """Find the families of directions of a body, at most ``most`` of each sort."""
    faces = shape.faces
    flat = faces.kind == FaceKind.PLANE
    if flat.any():
        planes = gather(faces.normal[flat], faces.area[flat], shape.area, most)
    else:
        planes = gather(skin.normals, skin.areas, shape.area, most)
    turned = np.isin(faces.kind, _ROUND) & np.isfinite(faces.axis).all(axis=1)
    rounds = gather(faces.axis[turned], faces.area[turned], shape.area, most)
    return Directions(planes=planes, rounds=rounds, inertia=_inertia(skin))


def gather(directions: Floats, weights: Floats, whole: float, most: int) -> Floats:
    """Gather directions into families of parallels: leaders by weight, (k, 3), heaviest family first."""
    left = np.where(np.isfinite(directions).all(axis=1), weights, 0.0)
    directions = np.nan_to_num(directions)
    leaders: list[Floats] = []
    totals: list[float] = []
    # A few more than asked for, since small leaders may turn out to lead large families.
    for _ in range(2 * most):
        if not len(left) or left.max() <= 0:
            break
        leader = directions[int(left.argmax())]
        members = (np.abs(directions @ leader) > _SAME) & (left > 0)
        leaders.append(leader)
        totals.append(float(left[members].sum()))
        left = np.where(members, 0.0, left)
    order = sorted(range(len(totals)), key=lambda place: -totals[place])
    kept = [leaders[place] for place in order if totals[place] > _SMALLEST_SHARE * whole][:most]
    return np.array(kept).reshape(-1, 3)


def join_families(*families: Floats, most: int) -> Floats:
    """One list of directions out of several, without repeats, in the order given; (k, 3)."""
    kept: list[Floats] = []
    for direction in np.vstack(families):
        if len(kept) < most and all(abs(float(direction @ other)) < _SAME for other in kept):
            kept.append(direction)
    return np.array(kept).reshape(-1, 3)


def _inertia(skin: Skin) -> Floats:
    """Principal axes of the skin as a thin shell (triangles by their centres), longest first; (3, 3)."""
    centres = skin.corners.mean(axis=1)
    middle = np.average(centres, axis=0, weights=skin.areas)
    offsets = (centres - middle) * np.sqrt(skin.areas)[:, None]
    _, axes = np.linalg.eigh(offsets.T @ offsets)
    return np.ascontiguousarray(axes.T[::-1])
