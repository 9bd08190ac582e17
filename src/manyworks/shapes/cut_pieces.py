"""Pieces: faces that one cut certainly left, because they meet in inside corners.

A cut by a convex prism leaves faces that meet in inside corners only; where two cuts meet, the
corner is an outside one. A bevel is the exception: it meets side walls of the cut it breaks in inside
corners, and is taken off.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from manyworks.shapes.adjacency import group_faces, inside_corners, points_of_faces
from manyworks.shapes.bevels import SAME_NORMAL, bevel_rims, find_blades
from manyworks.shapes.shape import FaceKind, Shape
from manyworks.shapes.stock_block import PLANE_TOLERANCE, StockBlock, faces_on_block

if TYPE_CHECKING:
    from manyworks.shapes.shape import Floats, Integers, Truths

# A cut leaves eight faces at most, several times over where others cross it; larger groups, as the
# inside of a housing, are no prism and stay whole.
MOST_FACES_OF_CUT = 40


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Piece:
    """Plane faces of one cut.

    Parameters
    ----------
    faces
        Numbers of the faces.
    normals, offsets : (k, 3), (k,)
        Their distinct planes; the volume cut away is where ``normal @ point >= offset``.
    blades : (k,)
        Planes where the cut was open when it was made.
    points : (n, 3)
        Vertices of the faces.
    fillers
        Faces of bevels that fill inside corners of the cut.
    bevel
        Whether it is a bevel, taken off from the faces of another cut.
    """

    faces: tuple[int, ...]
    normals: Floats
    offsets: Floats
    blades: Truths
    points: Floats
    fillers: tuple[int, ...] = ()
    bevel: bool = False


def find_cut_faces(shape: Shape, block: StockBlock) -> Truths:
    """Tell which faces (f,) are planes that a cut left in the block; those without a measure are not."""
    faces = shape.faces
    known = np.isfinite(np.hstack((faces.normal, faces.centre))).all(axis=1)
    cut: Truths = known & (faces.kind == FaceKind.PLANE) & ~faces_on_block(shape, block)
    return cut


def find_pieces(shape: Shape, block: StockBlock) -> tuple[Piece, ...]:
    """Find the pieces of all cuts, in the order of their first faces."""
    cut = find_cut_faces(shape, block)
    points = points_of_faces(shape)
    blades = find_blades(shape, block, cut, points)
    tolerance = PLANE_TOLERANCE * block.diagonal
    groups = group_faces(len(cut), shape.edges.faces[inside_corners(shape, cut)])
    pieces = [
        replace(_gather(shape, part, points, blades, tolerance), fillers=fillers, bevel=bevel)
        for group in groups
        if cut[group[0]]
        for part, fillers, bevel in _split_group(shape, group, points, tolerance)
    ]
    return tuple(sorted(pieces, key=lambda piece: piece.faces))


def _split_group(
    shape: Shape, group: tuple[int, ...], points: tuple[Floats, ...], tolerance: float
) -> Iterator[tuple[tuple[int, ...], tuple[int, ...], bool]]:
    """Parts of a group: their faces, the bevels that fill their corners, whether they are a bevel.

    The faces a prism leaves all lie on the inner side of one another's planes; those that do not
    are parted from the others, bevels first.
    """
    if not 1 < len(group) <= MOST_FACES_OF_CUT:
        yield group, (), False
        return
    fillers = [face for face in group if bevel_rims(shape, face, inner=True)]
    faces = [face for face in group if face not in fillers]
    yield from (((face,), (), True) for face in fillers)
    broken = {face for face in faces if bevel_rims(shape, face, inner=False)}
    parted: list[int] = []
    while len(faces) > 1:
        own = [_off_planes(shape, points[face], fillers + parted, tolerance) for face in faces]
        clashes = _count_clashes(shape, faces, own, tolerance)
        if clashes.max() == 0:
            break
        weights = [100 if face in broken else 1 for face in faces]
        parted.append(faces.pop(int(np.argmax(clashes * weights))))
        yield (parted[-1],), (), parted[-1] in broken
    if faces:
        yield tuple(faces), tuple(fillers), False


def _off_planes(shape: Shape, points: Floats, taken: list[int], tolerance: float) -> Floats:
    """Points that are not on bevels taken off before: a bevel moves the corners it breaks."""
    normals, centres = shape.faces.normal[taken], shape.faces.centre[taken]
    height = np.abs(points @ normals.T - (normals * centres).sum(axis=1))
    kept: Floats = points[(height > tolerance).all(axis=1)]
    return kept


def _count_clashes(shape: Shape, faces: list[int], points: list[Floats], tolerance: float) -> Integers:
    """How many other faces each face cuts into (twice) or is cut by."""
    normals, centres = shape.faces.normal[faces], shape.faces.centre[faces]
    offsets = (normals * centres).sum(axis=1)
    lowest = np.array(
        [(own @ normals.T).min(axis=0) if len(own) else np.full(len(faces), np.inf) for own in points]
    )
    behind = (lowest < offsets - tolerance).T
    totals: Integers = (behind | behind.T).sum(axis=1) + behind.sum(axis=1)
    return totals


def _gather(
    shape: Shape,
    faces: tuple[int, ...],
    points: tuple[Floats, ...],
    blades: frozenset[int],
    tolerance: float,
) -> Piece:
    """A piece with its distinct planes; a plane is a blade where one of its faces is."""
    normals: list[Floats] = []
    offsets: list[float] = []
    marks: list[bool] = []
    for face in faces:
        normal = shape.faces.normal[face]
        offset = float(normal @ shape.faces.centre[face])
        same = np.abs(np.array(normals).reshape(-1, 3) - normal).max(axis=1, initial=0) < SAME_NORMAL
        same &= np.abs(np.array(offsets) - offset) < tolerance
        if same.any():
            marks[int(np.argmax(same))] |= face in blades
            continue
        normals.append(normal)
        offsets.append(offset)
        marks.append(face in blades)
    return Piece(
        faces=faces,
        normals=np.array(normals),
        offsets=np.array(offsets),
        blades=np.array(marks),
        points=np.vstack([points[face] for face in faces]),
    )
