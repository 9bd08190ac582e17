"""Inside corners: what limits the tool that clears a pocket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from manyworks.model.solids import Feature
from manyworks.shapes.bores import Pieces, as_vector, ring_of, round_pieces, stacks
from manyworks.shapes.shape import FaceKind, Shape

if TYPE_CHECKING:
    from manyworks.shapes.shape import Integers

# Edges between planes that turn inwards by more than this (degrees) are sharp inside corners.
_SHARP = 5.0
# Pieces of one fillet touch when they share an edge that turns less than this (degrees).
_FLUSH = 5.0


def find_inside_corners(shape: Shape) -> tuple[Feature, ...]:
    """Sharp inside corners and inside radii of a body.

    Returns
    -------
    ``sharp inside corner`` for every straight concave edge between two planes: radius 0, the
    angle of the air in it, its direction, its length as ``length_mm`` and ``depth_mm``, its
    middle. ``inside radius`` for every hollow cylinder that is no hole (fillets, slot ends): the
    radius, the angle it turns, the direction of its axis, the extent along it as ``depth_mm``;
    also for hollow tori, with the radius of the tube and the axis of the torus, without depth.
    Pieces of one cylinder that touch are one.
    """
    return (*_sharp(shape), *_round(shape), *_tori(shape))


def _sharp(shape: Shape) -> list[Feature]:
    edges = shape.edges
    flat = np.append(shape.faces.kind == FaceKind.PLANE, False)  # the last row is for -1
    rows = np.flatnonzero(edges.straight & (edges.bend < -_SHARP) & flat[edges.faces].all(axis=1))
    found = []
    for row in rows.tolist():
        way = edges.end[row] - edges.start[row]
        length = float(np.linalg.norm(way))
        if not length > 0:
            continue
        found.append(
            Feature(
                kind="sharp inside corner",
                at_mm=as_vector(edges.middle[row]),
                axis=as_vector(way / length),
                radius_mm=0.0,
                depth_mm=round(length, 4),
                length_mm=round(length, 4),
                angle_deg=round(180.0 + float(edges.bend[row]), 3),
                faces=tuple(sorted(edges.faces[row].tolist())),
            )
        )
    return found


def _round(shape: Shape) -> list[Feature]:
    pieces = round_pieces(shape, hollow=True)
    found: list[Feature] = []
    for line in range(int(pieces.line.max(initial=-1)) + 1):
        rows = np.flatnonzero((pieces.line == line) & (pieces.straight == 1))
        for stack in stacks(pieces, rows):
            if ring_of(pieces, stack) is None:
                found.extend(_fillet(shape, pieces, part) for part in _joined(shape, pieces, stack))
    return found


def _joined(shape: Shape, pieces: Pieces, stack: Integers) -> list[Integers]:
    """Pieces of one surface that share a smooth edge; slot ends across from each other do not."""
    if len(stack) == 1:
        return [stack]
    place = {int(pieces.face[row]): row for row in stack}
    left = dict.fromkeys(place.values())
    smooth = shape.edges.faces[np.abs(shape.edges.bend) < _FLUSH].tolist()
    pairs = [(place[a], place[b]) for a, b in smooth if a in place and b in place]
    groups = []
    while left:
        group = {next(iter(left))}
        while more := {r for pair in pairs if group & set(pair) for r in pair} - group:
            group |= more
        for row in group:
            left.pop(row, None)
        groups.append(np.array(sorted(group), dtype=np.int64))
    return groups


def _fillet(shape: Shape, pieces: Pieces, rows: Integers) -> Feature:
    faces = pieces.face[rows]
    first = rows[0]
    depth = float(pieces.high[rows].max() - pieces.low[rows].min())
    radius = float(shape.faces.radius[faces[0]])
    sweep = float(shape.faces.sweep[faces[0]])
    if len(rows) > 1:
        sweep = min(float(shape.faces.area[faces].sum()) / max(radius * depth, 1e-12), 2 * np.pi)
    middle = np.average(shape.faces.centre[faces], axis=0, weights=shape.faces.area[faces])
    return Feature(
        kind="inside radius",
        at_mm=as_vector(middle),
        axis=as_vector(pieces.axis[first]),
        radius_mm=round(radius, 4),
        depth_mm=round(depth, 4),
        angle_deg=round(float(np.degrees(sweep)), 3),
        faces=tuple(sorted(faces.tolist())),
    )


def _tori(shape: Shape) -> list[Feature]:
    faces = shape.faces
    rows = np.flatnonzero((faces.kind == FaceKind.TORUS) & faces.hollow)
    return [
        Feature(
            kind="inside radius",
            at_mm=as_vector(faces.centre[row]),
            axis=as_vector(faces.axis[row]) if np.isfinite(faces.axis[row]).all() else None,
            radius_mm=round(float(faces.radius[row]), 4),
            faces=(row,),
        )
        for row in rows.tolist()
        if np.isfinite(faces.radius[row])
    ]
