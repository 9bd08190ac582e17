"""Whether a body is one of revolution, around which axis, and what bar or tube it is turned from."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from manyworks.model.solids import Turning
from manyworks.shapes.directions import SAME_DIRECTION_DEG, Directions
from manyworks.shapes.points import as_vector
from manyworks.shapes.rays import OFF_SKIN, Floats, Skin, Truths, first_hits
from manyworks.shapes.samples import Samples
from manyworks.shapes.shape import FaceKind, FaceTable, Shape

# Below this share of the skin a part is not called turned.
LEAST_SHARE = 0.8
_LINES = 4
_POINTS = 1_500
# Each point is turned by these many parts of a circle that share no symmetry with common shapes.
_TURNS = 11
_GOLDEN = 2.399963229728653
# A point counts where this share of its turned copies lies on the skin: keyways and flats take some.
_LEAST_COPIES = 0.7
_MOST_MISSED = _TURNS - math.ceil(_LEAST_COPIES * _TURNS)
# Turned copies may lie this far off the skin: chords of a mesh, as shares of the half-diagonal.
_CHORD = 0.006
# ... and its facets may lean this much to either side.
_LEAN = float(np.cos(np.radians(25.0)))
# Axes of round faces this close, as a share of the half-diagonal, are one line.
_SAME_LINE = 0.005
_SMALLEST_LINE = 0.02
_PARALLEL = float(np.cos(np.radians(SAME_DIRECTION_DEG)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Line:
    """An axis: a point and a unit direction."""

    point: Floats
    direction: Floats


def find_turning(shape: Shape, skin: Skin, samples: Samples, directions: Directions) -> Turning | None:
    """Find the axis around which most of the skin maps onto itself; None below 80 % of the skin.

    Points of the skin are turned around each likely axis and looked for on the skin again, so that
    surfaces of revolution count whatever they are called in the file, and square shoulders do not.
    """
    lines = list(_lines(shape.faces, skin, directions))
    shares = [_share(skin, samples, line) for line in lines]
    best = int(np.argmax(np.round(shares, 3)))
    if shares[best] < LEAST_SHARE:
        return None
    line = lines[best]
    along, radii = _cylindrical(skin.vertices, line)
    return Turning(
        axis=as_vector(line.direction),
        diameter_mm=round(2 * float(radii.max()), 4),
        length_mm=round(float(np.ptp(along)), 4),
        share=round(shares[best], 4),
        bore_mm=_bore(shape.faces, skin, line),
    )


def _lines(faces: FaceTable, skin: Skin, directions: Directions) -> Iterator[Line]:
    """Likely axes: of the round faces, those with most skin first; then inertia through the middle."""
    turned = np.isin(faces.kind, (FaceKind.CYLINDER, FaceKind.CONE, FaceKind.TORUS))
    weights = np.where(turned & np.isfinite(faces.axis).all(axis=1), faces.area, 0.0)
    for _ in range(_LINES):
        if not len(weights) or weights.max() <= 0:
            break
        leader = int(weights.argmax())
        line = Line(point=faces.origin[leader], direction=faces.axis[leader])
        on_line = are_on_line(faces, line, _SAME_LINE * skin.scale) & (weights > 0)
        if weights[on_line].sum() > _SMALLEST_LINE * skin.area:
            yield line
        weights = np.where(on_line, 0.0, weights)
    middle = np.average(skin.corners.mean(axis=1), axis=0, weights=skin.areas)
    for direction in directions.inertia:
        yield Line(point=middle, direction=direction)


def are_on_line(faces: FaceTable, line: Line, within_mm: float) -> Truths:
    """Which faces turn around a line; (f,)."""
    axes, offsets = np.nan_to_num(faces.axis), np.nan_to_num(faces.origin - line.point)
    aside = offsets - (offsets @ line.direction)[:, None] * line.direction
    near = np.linalg.norm(aside, axis=1) <= within_mm
    return np.asarray(near & (np.abs(axes @ line.direction) > _PARALLEL) & (faces.kind != FaceKind.PLANE))


def _share(skin: Skin, samples: Samples, line: Line) -> float:
    """Share of the points whose copies around the line lie on the skin again; 0 where it is too small."""
    stride = max(len(samples.points) // _POINTS, 1)
    offsets, normals = samples.points[::stride] - line.point, samples.normals[::stride]
    reach = _CHORD * skin.scale
    rows, missed = np.arange(len(offsets)), np.zeros(len(offsets), dtype=np.int64)
    for turn in range(1, _TURNS + 1):
        rotation = _turn(line.direction, turn * _GOLDEN)
        outwards = normals[rows] @ rotation.T
        starts = line.point + offsets[rows] @ rotation.T + reach * outwards
        distances, met = first_hits(skin, starts, -outwards)
        agree = np.einsum("ij,ij->i", skin.normals[met], outwards) > _LEAN
        missed[rows] += ~(agree & (distances <= 2 * reach))
        rows = np.flatnonzero(missed <= _MOST_MISSED)
        if len(rows) < LEAST_SHARE * len(offsets):
            return 0.0
    return len(rows) / len(offsets)


def _turn(axis: Floats, angle: float) -> Floats:
    """Matrix of a turn around an axis through the origin (Rodrigues); (3, 3)."""
    x, y, z = axis
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross)


def _cylindrical(points: Floats, line: Line) -> tuple[Floats, Floats]:
    """Heights along a line and distances from it."""
    offsets = points - line.point
    along = offsets @ line.direction
    return along, np.linalg.norm(offsets - along[:, None] * line.direction, axis=1)


def _bore(faces: FaceTable, skin: Skin, line: Line) -> float | None:
    """Diameter of the bore: the narrowest place where it goes through, else of the largest blind one."""
    along, radii = _cylindrical(skin.vertices, line)
    beyond = OFF_SKIN * skin.scale + float(np.ptp(along))
    start = line.point + line.direction * (float(along.min()) - beyond)
    distances, _ = first_hits(skin, start[None], line.direction[None])
    if not np.isfinite(distances[0]):
        return round(2 * float(radii.min()), 4)
    blind = are_on_line(faces, line, _SAME_LINE * skin.scale) & faces.hollow
    blind &= faces.kind == FaceKind.CYLINDER
    return round(2 * float(faces.radius[blind].max()), 4) if blind.any() else None
