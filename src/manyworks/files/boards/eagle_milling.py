"""Milling on an Eagle board: slots inside it, cut-outs, and paths around its edge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from manyworks.files.boards.contours import Outline, Path, assemble, contains
from manyworks.files.boards.elements import Footprint, Hole
from manyworks.model import Finding, info


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
    holes = [hole for path, width in slots for hole in _slots(path, width, footprints, taken)]
    outline = replace(outline, inner=(*outline.inner, *closed.outer, *closed.inner))
    return Milled(
        holes=tuple(holes),
        outline=outline,
        footprints=tuple(_without(footprint, taken) for footprint in footprints),
    )


def _inside(path: Path, outline: Outline) -> bool:
    return any(all(contains(ring, point) for point in path[::8] + path[-1:]) for ring in outline.outer)


def _slots(path: Path, width: float, footprints: Iterable[Footprint], taken: set[Hole]) -> Iterable[Hole]:
    """One slot for a straight path; a bent one makes one for each of its pieces."""
    for start, end in pairwise(path):
        slot = Hole(drill_mm=width, plated=False, start=start, end=end)
        met = [hole for footprint in footprints for hole in footprint.holes if _meets(hole, slot)]
        taken.update(met)
        plated = any(hole.plated for hole in met)
        rings = [hole.ring_mm + (hole.drill_mm - width) / 2 for hole in met if hole.ring_mm is not None]
        yield replace(slot, plated=plated, ring_mm=min(rings, default=None) if plated else None)


def _meets(hole: Hole, slot: Hole) -> bool:
    """Whether a slot is milled through a hole no wider than itself, give or take a tenth."""
    (ax, ay), (bx, by), (x, y) = slot.start, slot.end, hole.start
    length = (bx - ax) ** 2 + (by - ay) ** 2
    share = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length if length > 0 else 0.0
    share = min(1.0, max(0.0, share))
    off = ((x - ax - (bx - ax) * share) ** 2 + (y - ay - (by - ay) * share) ** 2) ** 0.5
    return off < slot.drill_mm / 2 and hole.drill_mm <= slot.drill_mm * 1.1


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
