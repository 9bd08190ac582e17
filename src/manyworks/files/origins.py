"""Position files whose places count from another origin than the fabrication files: brought onto the pads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from manyworks.files.pad_shares import mirrored_pads, nearest
from manyworks.files.tables import Position
from manyworks.model import BoardDesign, Land

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Fewer parts than this stand on some pads somewhere by chance.
_FEWEST = 5
# Of the parts on one side, so many must have pads on both sides of their centre.
_STANDING = 0.6
# ... and so many more than where they are given.
_BETTER = 0.3
# Origins are looked for with so many parts and pads; more do not make them surer.
_PARTS = 150
_PADS = 3_000
# Pads of small parts are closer to its centre than this: differences of places are counted in such cells.
_CELL_MM = 1.5
_ROUNDS = 3


def moved_onto_pads(
    design: BoardDesign, positions: Sequence[Position]
) -> tuple[tuple[Position, ...], tuple[float, float]] | None:
    """Positions moved so that parts stand on their pads, and by how much (mm); None where no move helps.

    The move is the commonest difference between a place and a pad of its side, made exact by the
    middles of the pad pairs around the places. It is believed where most places then have pads
    mirrored in them, and none lies outside the board.
    """
    import numpy as np

    side = max(("top", "bottom"), key=lambda name: sum((p.side or "top") == name for p in positions))
    kept = [p for p in positions if (p.side or "top") == side]
    lands = [land for land in design.lands if land.side == side]
    if len(kept) < _FEWEST or len(lands) < 2:
        return None
    places = np.array([(p.x_mm, p.y_mm) for p in kept[:: len(kept) // _PARTS + 1]])
    centres = np.array([land.centre_mm for land in lands])
    before = _standing(places, lands)
    if before >= _STANDING:
        return None
    move = _commonest(centres[None, :: len(centres) // _PADS + 1, :] - places[:, None, :])
    for _ in range(_ROUNDS):
        near, _ = nearest(places + move, centres, 2)
        move = move + np.median(centres[near].mean(axis=1) - (places + move), axis=0)
    dx, dy = (round(float(value), 3) for value in move)
    moved = tuple(replace(p, x_mm=p.x_mm + dx, y_mm=p.y_mm + dy) for p in positions)
    if _standing(places + move, lands) < max(_STANDING, before + _BETTER) or not _inside(design, moved):
        return None
    return moved, (dx, dy)


def _commonest(differences: NDArray[np.float64]) -> NDArray[np.float64]:
    """The middle of the fullest cell of a grid laid over differences, and over it moved by half a cell."""
    import numpy as np

    flat = differences.reshape(-1, 2)
    best, most = flat[0], 0
    for shift in ((0.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.5, 0.5)):
        cells = np.floor(flat / _CELL_MM + shift).astype(np.int64)
        keys = cells[:, 0] * 10_000_019 + cells[:, 1]
        _, first, counts = np.unique(keys, return_index=True, return_counts=True)
        if counts.max() > most:
            most = int(counts.max())
            best = (cells[first[counts.argmax()]] + 0.5 - shift) * _CELL_MM
    return np.asarray(best, dtype=float)


def _standing(places: NDArray[np.float64], lands: Sequence[Land]) -> float:
    """Share of places that are the middle of two pads of one size, or of one pad."""
    import numpy as np

    centres = np.array([land.centre_mm for land in lands])
    near, _ = nearest(places, centres, 4)
    found = np.zeros(len(places), dtype=bool)
    for column in range(near.shape[1]):
        asked = [lands[index] for index in near[:, column]]
        images = 2 * places - centres[near[:, column]]
        found |= mirrored_pads(asked, images[:, None, :], lands)[:, 0]
    return float(found.mean())


def _inside(design: BoardDesign, positions: Sequence[Position]) -> bool:
    points = [point for contour in design.outline_mm for point in contour]
    if not points:
        return True
    xs, ys = zip(*points, strict=True)
    return all(min(xs) <= p.x_mm <= max(xs) and min(ys) <= p.y_mm <= max(ys) for p in positions)
