"""Pads of a board that only its fabrication files show: which part each belongs to."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from manyworks.files.tables import Position
from manyworks.model import BoardDesign, Land

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# A pad farther from every part's centre is a test point's, a fiducial's or a hole's.
PAD_FAR_MM = 15.0
# A part's centre is rarely farther than this from its nearest pad; positions of another board are.
PAD_NEAR_MM = 6.0
# So many of the nearest parts are asked whether a pad is theirs; more small parts than that hardly
# ever lie between a pad and the middle of its part.
_ASKED = 16
# Pads are compared with parts in blocks, so that a large board needs no large table.
_BLOCK = 1_000
# Pitches are looked for among so many pads of a part.
_PITCHED = 200

Share = tuple[int, int, "float | None"]


def share_out(design: BoardDesign, positions: Sequence[Position]) -> dict[str, Share]:
    """Surface pads, through pads and pitch (mm; None below two pads) of every part, by designator.

    A pad that names its part is that part's. Another one goes to the nearest part in whose centre
    it has a mirror image, as the pads of most packages have, so that a large part keeps its
    pads though smaller ones are nearer to them; without any such part, to the nearest one.
    """
    surface: dict[str, set[tuple[float, float]]] = {p.designator: set() for p in positions}
    through: dict[str, set[tuple[float, float]]] = {p.designator: set() for p in positions}
    holes = {_cell(o.start_mm) for o in design.openings if o.plated}
    open_pads: dict[str, list[Land]] = {}
    for land in design.lands:
        drilled = bool(holes & set(_cells_around(land.centre_mm)))
        if land.reference:
            _put(land, land.reference, through if drilled else surface)
        else:
            open_pads.setdefault("" if drilled else land.side, []).append(land)
    for side, lands in open_pads.items():
        kept = [p for p in positions if not side or (p.side or "top") == side]
        for land, owner in zip(lands, _owners(lands, kept), strict=True):
            _put(land, owner, surface if side else through)
    return {
        name: (len(surface[name]), len(through[name]), _pitch(sorted(surface[name] | through[name])))
        for name in surface
    }


def _put(land: Land, owner: str, pads: dict[str, set[tuple[float, float]]]) -> None:
    if owner in pads:
        x, y = land.centre_mm
        pads[owner].add((round(x, 2), round(y, 2)))


def _owners(lands: Sequence[Land], positions: Sequence[Position]) -> list[str]:
    """The designator whose pad each land is; empty where no part is near."""
    if not positions or not lands:
        return [""] * len(lands)
    import numpy as np

    places = np.array([(p.x_mm, p.y_mm) for p in positions])
    centres = np.array([land.centre_mm for land in lands])
    near, gaps = nearest(centres, places, _ASKED)
    mirrored = mirrored_pads(lands, 2 * places[near] - centres[:, None, :], lands)
    best = np.where(mirrored, gaps, gaps + 1e6).argmin(axis=1)
    rows = np.arange(len(lands))
    return [
        positions[part].designator if gap <= PAD_FAR_MM else ""
        for part, gap in zip(near[rows, best].tolist(), gaps[rows, best].tolist(), strict=True)
    ]


def nearest(
    points: NDArray[np.float64], targets: NDArray[np.float64], count: int
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """For every point, the ``count`` nearest targets (fewer where there are not so many) and how far.

    Both results have a row for each point, the nearest target first.
    """
    import numpy as np

    most = min(count, len(targets))
    found, far = [], []
    for start in range(0, len(points), _BLOCK):
        block = points[start : start + _BLOCK]
        gaps = np.hypot(block[:, None, 0] - targets[None, :, 0], block[:, None, 1] - targets[None, :, 1])
        chosen = np.argpartition(gaps, most - 1, axis=1)[:, :most]
        order = np.take_along_axis(gaps, chosen, axis=1).argsort(axis=1, kind="stable")
        chosen = np.take_along_axis(chosen, order, axis=1)
        found.append(chosen)
        far.append(np.take_along_axis(gaps, chosen, axis=1))
    return np.concatenate(found), np.concatenate(far)


def mirrored_pads(
    asked: Sequence[Land], images: NDArray[np.float64], lands: Sequence[Land]
) -> NDArray[np.bool_]:
    """Whether one of the lands has an asked pad's size and stands at its image (asked x n x 2)."""
    import numpy as np

    sizes: dict[tuple[float, float], int] = {}
    own = np.array([sizes.setdefault(_size(land), len(sizes)) for land in asked])
    size = np.array([sizes.setdefault(_size(land), len(sizes)) for land in lands])
    cells = np.rint(np.array([land.centre_mm for land in lands]) * 10).astype(np.int64)
    taken = _key(cells[:, 0], cells[:, 1], size)
    wanted = np.rint(images * 10).astype(np.int64)
    found = np.zeros(wanted.shape[:2], dtype=bool)
    for dx in (-1, 0, 1):
        for dy in (-1, 0, 1):
            found |= np.isin(_key(wanted[..., 0] + dx, wanted[..., 1] + dy, own[:, None]), taken)
    return found


def _size(land: Land) -> tuple[float, float]:
    short, long = sorted(land.size_mm)
    return round(short, 3), round(long, 3)


def _key(x: NDArray[np.int64], y: NDArray[np.int64], size: NDArray[np.int64]) -> NDArray[np.int64]:
    """One number for a tenth of a millimetre squared and a size: boards are below 1 km, sizes below 2^14."""
    return (size << 48) + ((x + (1 << 23)) << 24) + (y + (1 << 23))


def _cell(at: tuple[float, float]) -> tuple[int, int]:
    """Squares of a tenth of a millimetre: a pad's hole is drilled that close to its centre."""
    return round(at[0] * 10), round(at[1] * 10)


def _cells_around(at: tuple[float, float]) -> Iterator[tuple[int, int]]:
    x, y = _cell(at)
    return ((x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1))


def _pitch(points: Sequence[tuple[float, float]]) -> float | None:
    gaps = [math.dist(a, b) for i, a in enumerate(points[:_PITCHED]) for b in points[i + 1 : _PITCHED]]
    least = min((gap for gap in gaps if gap > 1e-3), default=None)
    return None if least is None else round(least, 4)
