"""What was cut out of a block, one convex volume at a time, told from the faces each cut left.

The block between the planes of a cut's faces is the volume it removed: no skin of the body passes
through it. Where later cuts took faces away the volume is not empty, and further planes are tried:
those of other pieces of the same cut, and those of neighbouring cuts through which this one opens.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from manyworks.shapes.adjacency import SMOOTH_BEND, closed_edges, outside_neighbours
from manyworks.shapes.convex_cells import Cell, Skin, block_cell, cut_cell
from manyworks.shapes.cut_pieces import Piece
from manyworks.shapes.shape import FaceKind, Shape
from manyworks.shapes.stock_block import PLANE_TOLERANCE, StockBlock

if TYPE_CHECKING:
    from manyworks.shapes.shape import Floats

# Pieces or planes added to a piece at most, and volumes tried for a piece and for a body, before a
# cut that lost faces is taken as it is: three cover a cut that two others crossed. Blocks with five cuts
# that cross each other take 2 trials as a rule and 75 at most; other bodies are not worth more.
MOST_ADDED = 3
MOST_TRIALS = 80
MOST_TRIALS_OF_BODY = 150


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RemovedVolume:
    """A convex volume that was cut away.

    Parameters
    ----------
    pieces
        Numbers of the pieces whose planes are its walls.
    walls : (w, 3)
        Directions the walls face, into the volume.
    openings : (o, 3)
        Directions out of the volume where it meets the outside or another removed volume.
    empty
        False where the skin of the body passes through it still.
    """

    pieces: tuple[int, ...]
    walls: Floats
    openings: Floats
    empty: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plane:
    """A plane to cut with: the kept side is ``normal @ point >= offset``.

    ``piece`` is the piece it belongs to, -1 for another cut's; ``wall`` whether it bounds or opens;
    ``filler`` whether it belongs to a bevel that fills a corner and counts as neither.
    """

    normal: Floats
    offset: float
    piece: int
    wall: bool
    filler: bool = False


class Carving:
    """A body beside the block it was cut from, ready to be asked for the volumes removed."""

    def __init__(self, shape: Shape, block: StockBlock, pieces: tuple[Piece, ...]) -> None:
        self.shape = shape
        self.block = block
        self.pieces = pieces
        self.skin = Skin(shape.vertices[shape.triangles], block)
        self.tolerance = PLANE_TOLERANCE * block.diagonal
        self.trials_left = MOST_TRIALS_OF_BODY

    def volume_of(self, piece: int) -> RemovedVolume:
        """The volume between the planes of a piece alone."""
        return self._volume(self._planes_of(piece))

    def variants_of(self, piece: int, alone: RemovedVolume) -> Iterator[RemovedVolume]:
        """Other empty volumes that could have left a piece, the simplest first.

        Where the volume of the piece alone is empty, each wall in turn is taken for an opening that a
        wider part of the body closed; else planes of other pieces and of neighbouring cuts are added.
        A piece that runs into a blend has none: its corners are filled.
        """
        own = self._planes_of(piece)
        if alone.empty:
            for k in range(len(own) if len(own) > 2 else 0):
                yield self._volume(
                    [replace(plane, wall=plane.wall and j != k) for j, plane in enumerate(own)]
                )
            return
        if self._blended(piece):
            return
        extras = [*self._companions(piece), *([plane] for plane in self._openings(piece))]
        sets = (chosen for count in range(1, MOST_ADDED + 1) for chosen in combinations(extras, count))
        for _, chosen in zip(range(MOST_TRIALS), sets, strict=False):
            if self.trials_left <= 0:
                return
            self.trials_left -= 1
            volume = self._volume([*own, *(plane for planes in chosen for plane in planes)])
            if volume.empty:
                yield volume

    def _blended(self, number: int) -> bool:
        edges = self.shape.edges
        smooth = closed_edges(self.shape) & (np.abs(edges.bend) <= SMOOTH_BEND)
        return bool(np.isin(edges.faces[smooth], self.pieces[number].faces).any())

    def _planes_of(self, number: int) -> list[Plane]:
        piece, faces = self.pieces[number], self.shape.faces
        walls = [
            Plane(normal=normal, offset=float(offset), piece=number, wall=not blade)
            for normal, offset, blade in zip(piece.normals, piece.offsets, piece.blades, strict=True)
        ]
        fillers = [
            Plane(
                normal=faces.normal[face],
                offset=float(faces.normal[face] @ faces.centre[face]),
                piece=-1,
                wall=False,
                filler=True,
            )
            for face in piece.fillers
        ]
        return walls + fillers

    def _companions(self, number: int) -> Iterator[list[Plane]]:
        """Other pieces that could be of the same cut: each lies on the inner side of the other's planes."""
        this = self.pieces[number]
        for k, other in enumerate(self.pieces):
            if k != number and not other.bevel and self._beside(this, other) and self._beside(other, this):
                yield self._planes_of(k)

    def _beside(self, walls: Piece, faces: Piece) -> bool:
        return bool((faces.points @ walls.normals.T - walls.offsets > -self.tolerance).all())

    def _openings(self, number: int) -> Iterator[Plane]:
        """Planes of neighbouring faces, seen from the side this piece lies on."""
        this, faces = self.pieces[number], self.shape.faces
        for face in outside_neighbours(self.shape, this.faces):
            offset = float(faces.normal[face] @ faces.centre[face])
            behind = (this.points @ faces.normal[face] - offset < self.tolerance).all()
            if faces.kind[face] == FaceKind.PLANE and behind:
                yield Plane(normal=-faces.normal[face], offset=-offset, piece=-1, wall=False)

    def _volume(self, planes: list[Plane]) -> RemovedVolume:
        cell: Cell | None = block_cell(self.block)
        for number, plane in enumerate(planes):
            cell = cut_cell(cell, plane.normal, plane.offset, number) if cell else None
        facets = cell.facets if cell else ()
        facets = tuple(facet for facet in facets if facet.source < 0 or not planes[facet.source].filler)
        bounds = [facet.source >= 0 and planes[facet.source].wall for facet in facets]
        outward = np.array([facet.outward for facet in facets]).reshape(-1, 3)
        return RemovedVolume(
            pieces=tuple(sorted({plane.piece for plane in planes} - {-1})),
            walls=-outward[np.array(bounds, dtype=bool)],
            openings=outward[~np.array(bounds, dtype=bool)],
            empty=cell is not None and self.skin.misses(cell),
        )
