"""Which kind of cut left each face of a machined block.

The classes are those of the MFCAD set of machined blocks (Cao, Robinson, Hua, Boussuge, Colligan and
Pan, "Graph representation of 3D CAD models for machining feature recognition with deep learning",
2020): fifteen cuts with straight walls, and what is left of the block. They are told from the volume
a cut removed: how many walls it has, how they stand to each other, and how many sides are open.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from manyworks.shapes.cut_pieces import find_cut_faces, find_pieces
from manyworks.shapes.removed_volumes import Carving, RemovedVolume
from manyworks.shapes.shape import Shape
from manyworks.shapes.stock_block import faces_on_block, find_block

if TYPE_CHECKING:
    from manyworks.shapes.shape import Floats

# Classes in the order of the set's label numbers, as measured on its parts: a part whose name lists
# the numbers 11 and 12 has a pocket of six walls and a slot closed at one end.
FACE_CLASSES = (
    "chamfer",
    "triangular_passage",
    "rectangular_passage",
    "6sides_passage",
    "triangular_through_slot",
    "rectangular_through_slot",
    "rectangular_through_step",
    "2sides_through_step",
    "slanted_through_step",
    "triangular_pocket",
    "rectangular_pocket",
    "6sides_pocket",
    "rectangular_blind_slot",
    "triangular_blind_step",
    "rectangular_blind_step",
    "stock",
)
# Curved faces, and plane faces of cuts that are none of the fifteen.
OTHER = "other"
# Sides on which each cut is open at least; further sides of the block may open steps and slots. A step
# of two slanted sides has no lookalike, so the side that may be closed by another cut is not asked for.
OPEN_SIDES = {
    "triangular_passage": 2,
    "rectangular_passage": 2,
    "6sides_passage": 2,
    "triangular_through_slot": 3,
    "rectangular_through_slot": 3,
    "rectangular_through_step": 4,
    "2sides_through_step": 3,
    "slanted_through_step": 4,
    "triangular_pocket": 1,
    "rectangular_pocket": 1,
    "6sides_pocket": 1,
    "rectangular_blind_slot": 2,
    "triangular_blind_step": 3,
    "rectangular_blind_step": 3,
}
# Cosine of the angle by which walls may miss being parallel or square: half a degree.
SQUARE = float(np.sin(np.radians(0.5)))
OPPOSITE = -float(np.cos(np.radians(0.5)))
# Bodies with more cut faces are no machined blocks; telling their cuts apart would take too long.
MOST_CUT_FACES = 1000


def classify_faces(shape: Shape) -> tuple[str, ...]:
    """Name the cut that left each face.

    Returns
    -------
    tuple of str
        One of `FACE_CLASSES` or `OTHER` for each face, in the order of the faces. The result does
        not depend on how the body lies in its file.
    """
    block = find_block(shape)
    cut = find_cut_faces(shape, block)
    classes = np.where(faces_on_block(shape, block), "stock", OTHER).astype(object)
    if cut.sum() <= MOST_CUT_FACES:
        carving = Carving(shape, block, find_pieces(shape, block))
        for number, name in name_pieces(carving).items():
            classes[list(carving.pieces[number].faces)] = name
    return tuple(classes.tolist())


def name_pieces(carving: Carving) -> dict[int, str]:
    """Name the cut of every piece: whole ones first, so that what is left finds its company."""
    alone = [carving.volume_of(number) for number in range(len(carving.pieces))]
    names = {k: "chamfer" for k, piece in enumerate(carving.pieces) if piece.bevel}
    for number, volume in enumerate(alone):
        if volume.empty and (name := _exact_name(volume)):
            names.setdefault(number, name)
    unnamed = [k for k in range(len(alone)) if k not in names]
    for number in sorted(unnamed, key=lambda k: -len(carving.pieces[k].offsets)):
        if number in names:
            continue
        volume, name = _best_name(alone[number], carving.variants_of(number, alone[number]))
        for piece in volume.pieces:
            names.setdefault(piece, name or OTHER)
    return names


def _best_name(alone: RemovedVolume, variants: Iterable[RemovedVolume]) -> tuple[RemovedVolume, str]:
    """The first variant that is open on as many sides as its name asks for; else the first with a name."""
    second: RemovedVolume | None = alone if alone.empty and name_volume(alone) else None
    for volume in variants:
        if name := _exact_name(volume):
            return volume, name
        if second is None and name_volume(volume):
            second = volume
    best = second or alone
    return best, name_volume(best)


def _exact_name(volume: RemovedVolume) -> str:
    """The name of a volume, where it is open on the sides the name asks for."""
    name = name_volume(volume)
    least = OPEN_SIDES.get(name, 0)
    count = len(volume.openings)
    return name if count == least or count > least > 2 or name == "chamfer" else ""


def name_volume(volume: RemovedVolume) -> str:
    """Name a removed volume by its walls; empty where no class has such walls."""
    walls, openings = volume.walls, volume.openings
    if len(walls) == 1:
        return "rectangular_through_step" if _faces_opening(walls, openings) else "chamfer"
    if len(walls) == 2:
        return _name_pair(walls, openings)
    around = len(walls) > 2 and float(np.linalg.svd(walls)[1][-1]) < SQUARE
    return _name_tunnel(walls, openings) if around else _name_floored(walls, openings)


def _name_pair(walls: Floats, openings: Floats) -> str:
    """Two walls: a floor and a wall stand square on each other, the walls of a groove do not."""
    across = float(walls[0] @ walls[1])
    if across < OPPOSITE:
        return "rectangular_through_slot"
    if abs(across) > SQUARE:
        return "triangular_through_slot"
    if len(openings) < OPEN_SIDES["slanted_through_step"]:
        return "triangular_blind_step"
    return "rectangular_through_step" if _faces_opening(walls, openings) else "slanted_through_step"


def _name_tunnel(walls: Floats, openings: Floats) -> str:
    """Walls around one direction, without a floor across it."""
    pairs = _count_opposite(walls)
    if len(walls) == 3 and pairs:
        return "rectangular_through_slot"
    if len(walls) == 3 and len(openings) == OPEN_SIDES["triangular_passage"]:
        return "triangular_passage"
    if len(walls) == 4 and pairs == 2:
        return "rectangular_passage"
    return "6sides_passage" if len(walls) == 6 and pairs == 3 else ""


def _name_floored(walls: Floats, openings: Floats) -> str:
    """Walls with a floor across them."""
    pairs = _count_opposite(walls)
    if len(walls) == 3:
        square = (np.abs(walls @ walls.T - np.eye(3)) < SQUARE).all()
        corner = square and len(openings) <= OPEN_SIDES["rectangular_blind_step"]
        return "rectangular_blind_step" if corner else "2sides_through_step"
    if len(walls) == 4:
        return "rectangular_blind_slot" if pairs else "triangular_pocket"
    if len(walls) == 5:
        return "rectangular_pocket" if pairs == 2 else ""
    return "6sides_pocket" if len(walls) == 7 and pairs == 3 else ""


def _faces_opening(walls: Floats, openings: Floats) -> bool:
    """Whether every wall faces an opening squarely."""
    return len(openings) > 0 and bool(((walls @ openings.T) > -OPPOSITE).any(axis=1).all())


def _count_opposite(walls: Floats) -> int:
    return int((walls @ walls.T < OPPOSITE).sum()) // 2
