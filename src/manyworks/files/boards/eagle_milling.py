"""Milling on an Eagle board: slots inside it, cut-outs, and paths around its edge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from manyworks.files.boards.contours import Outline, Path, assemble, contains
from manyworks.files.boards.elements import Footprint, Hole
from manyworks.files.boards.limits import EAGLE_MILLED
from manyworks.model import Finding, info, warning


@dataclass(frozen=True, slots=True, kw_only=True)
class Milled:
    """What milling makes of a board: further slots, further cut-outs, and footprints whose pads it widens."""

    holes: tuple[Hole, ...]
    outline: Outline
    footprints: tuple[Footprint, ...]


def mill(
    strokes: Sequence[tuple[Path, float]],
    outline: Outline,
    footprints: tuple[Footprint, ...],
    name: str,
    findings: list[Finding],
) -> Milled:
    """Sort milling paths by where they run.

    A closed path inside the board cuts out what it encloses. An open one, with a pen as wide as the
    cutter, is a slot; where it runs over the hole of a pad, that hole becomes the slot and keeps its
    plating. A path that leaves the board is how the edge is routed: the edge layer tells of that.
    """
    if len(strokes) > EAGLE_MILLED:
        text = f"more than {EAGLE_MILLED:,} milling paths; none of them is used"
        findings.append(warning("files.board.milling", name, text, "draw slots as few long paths"))
        strokes = ()
    inside = [(path, width) for path, width in strokes if _inside(path, outline)]
    closed = assemble([path for path, _ in inside])
    rings = {id(path) for path, _ in inside if path[0] == path[-1]}
    loose = {point for chain in closed.open_chains for point in chain}
    slots = [
        (path, width)
        for path, width in inside
        if id(path) not in rings and width > 0 and {path[0], path[-1]} <= loose
    ]
    _say(len(strokes) - len(inside), len(slots), len(closed.outer), name, findings)
    taken: set[Hole] = set()
    drilled = [hole for footprint in footprints for hole in footprint.holes]
    holes = [_slot(path, width, drilled, taken) for path, width in slots]
    outline = replace(outline, inner=(*outline.inner, *closed.outer, *closed.inner))
    return Milled(
        holes=tuple(holes),
        outline=outline,
        footprints=tuple(_without(footprint, taken) for footprint in footprints),
    )


def _inside(path: Path, outline: Outline) -> bool:
    return any(all(contains(ring, point) for point in path[::8] + path[-1:]) for ring in outline.outer)


def _slot(path: Path, width: float, holes: Sequence[Hole], taken: set[Hole]) -> Hole:
    """One slot for one path; a bent one is kept as the straight way between its ends."""
    slot = Hole(drill_mm=width, plated=False, start=path[0], end=path[-1])
    met = [holes[index] for index in _met(slot, holes)]
    taken.update(met)
    plated = any(hole.plated for hole in met)
    rings = [hole.ring_mm + (hole.drill_mm - width) / 2 for hole in met if hole.ring_mm is not None]
    return replace(slot, plated=plated, ring_mm=min(rings, default=None) if plated else None)


def _met(slot: Hole, holes: Sequence[Hole]) -> Iterable[int]:
    """Holes that a slot is milled through and that are no wider than it, give or take a tenth."""
    import numpy as np

    if not holes:
        return []
    centres = np.array([hole.start for hole in holes])
    start, way = np.array(slot.start), np.array(slot.end) - np.array(slot.start)
    length = float(way @ way)
    share = np.clip((centres - start) @ way / (length if length > 0 else 1.0), 0.0, 1.0)
    off = np.linalg.norm(centres - start - share[:, None] * way, axis=1)
    narrow = np.array([hole.drill_mm for hole in holes]) <= slot.drill_mm * 1.1
    return [int(index) for index in np.flatnonzero((off < slot.drill_mm / 2) & narrow)]


def _without(footprint: Footprint, taken: set[Hole]) -> Footprint:
    if not taken.intersection(footprint.holes):
        return footprint
    return replace(footprint, holes=tuple(hole for hole in footprint.holes if hole not in taken))


def _say(around: int, slots: int, cut_outs: int, name: str, findings: list[Finding]) -> None:
    if around or slots or cut_outs:
        text = (
            f"milling: {slots} slots, {cut_outs} cut-outs, and {around} paths that leave the board, "
            "which are taken for the routing of its edge"
        )
        findings.append(info("files.board.milling", name, text))
