"""Least distances on a board: copper to other copper and to the edge, hole to hole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from manyworks.files.boards.contours import Outline, Point
from manyworks.files.boards.copper import NO_NET, Budget, Gap, Strokes, Table, TooManyPairsError, least_gap
from manyworks.files.boards.elements import BoardElements, Hole
from manyworks.files.boards.limits import COPPER_STROKES
from manyworks.model import Finding, info, warning

# An edge stroke has no width; a hole counts as cut open when its wall crosses the edge by this much.
CUT_OPEN_MM = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Distances:
    """The least distances, None where the board has no such thing or it was too much to measure."""

    space_mm: float | None = None
    edge_mm: float | None = None
    hole_gap_mm: float | None = None
    castellated: bool = False


def measure_distances(elements: BoardElements, findings: list[Finding]) -> Distances:
    """Measure them all; what is touching, cut open or left unmeasured becomes a finding."""
    teller = _Teller(elements.source.name, findings)
    if elements.copper.full or len(elements.all_holes) > COPPER_STROKES:
        teller.too_much(f"more than {COPPER_STROKES:,} strokes of copper or holes")
        return Distances()
    holes = _holes_table(elements.all_holes)
    edges = _edge_table(elements.outline)
    opened = _cut_open(holes, edges, elements.all_holes)
    table = elements.copper.table
    return Distances(
        space_mm=teller.gap(lambda: _space(table, Budget()), "copper"),
        edge_mm=teller.gap(lambda: _to_edge(table, edges, opened, Budget()), "edge"),
        hole_gap_mm=teller.gap(lambda: _hole_gap(holes, elements, Budget()), "holes"),
        castellated=bool(opened),
    )


class _Teller:
    """Turns gaps into rounded figures and says aloud what touches."""

    def __init__(self, name: str, findings: list[Finding]) -> None:
        self.name = name
        self.findings = findings

    def gap(self, measure: Callable[[], Gap], subject: str) -> float | None:
        try:
            found = measure()
        except TooManyPairsError:
            self.too_much(f"too many neighbours to compare ({subject})")
            return None
        if found.touching and found.touching_at is not None:
            x, y = found.touching_at
            text = f"{_TOUCHING[subject][0]} at {found.touching} places, the first at ({x:.2f}, {y:.2f})"
            say = warning if subject == "holes" else info
            code = f"files.board.{subject}-touching"
            self.findings.append(say(code, self.name, text, _TOUCHING[subject][1]))
        if found.touching and subject == "edge":
            return 0.0
        return None if found.least_mm is None else round(found.least_mm, 4)

    def too_much(self, why: str) -> None:
        text = f"least distances are not measured: {why}"
        self.findings.append(info("files.board.not-measured", self.name, text))


_TOUCHING = {
    "copper": (
        "copper of different nets touches; those places are left out of the least space",
        "intended for net ties and solder bridges only",
    ),
    "edge": ("copper meets the board's edge", "intended for edge contacts; else keep it away from the edge"),
    "holes": (
        "holes run into each other; those pairs are left out of the least gap",
        "drawn as a slot they can be made",
    ),
}


def _space(table: Table, budget: Budget) -> Gap:
    import numpy as np

    found = Gap()
    # Without counts numpy asks for masks, and loading what knows of them takes as long as the measure.
    for layer in np.unique(table.layers, return_counts=True)[0]:
        part = table.take(table.layers == layer)
        known = part.nets[part.nets != NO_NET]
        if len(known) and known.min() < known.max():
            found = _less(found, least_gap(part, None, _other_net(part), budget))
    return found


def _other_net(part: Table) -> Callable[[Any, Any], Any]:
    known = part.nets != NO_NET
    return lambda i, j: (part.nets[i] != part.nets[j]) & known[i] & known[j]


def _less(a: Gap, b: Gap) -> Gap:
    nearest = a if b.least_mm is None or (a.least_mm is not None and a.least_mm <= b.least_mm) else b
    return Gap(
        least_mm=nearest.least_mm,
        place=nearest.place,
        touching=a.touching + b.touching,
        touching_at=a.touching_at or b.touching_at,
    )


def _edge_table(outline: Outline) -> Table:
    strokes = Strokes()
    for path in (*outline.outer, *outline.inner):
        strokes.area(path, 0.0, 0, "")
    return strokes.table


def _to_edge(table: Table, edges: Table, opened: Sequence[Point], budget: Budget) -> Gap:
    """Copper against the edge, without the rings of holes that the edge cuts open on purpose."""
    import numpy as np

    if opened:
        middles = (table.ends[:, :2] + table.ends[:, 2:]) / 2
        keep = np.ones(len(table), dtype=bool)
        for x, y in opened:
            keep &= np.hypot(middles[:, 0] - x, middles[:, 1] - y) > table.halves + _CASTELLATION_MM
        table = table.take(keep)
    return least_gap(table, edges, lambda i, j: np.ones(len(i), dtype=bool), budget)


# Copper this near to a hole that is cut open belongs to its ring and runs to the edge with it.
_CASTELLATION_MM = 1.5


def _holes_table(holes: Iterable[Hole]) -> Table:
    strokes = Strokes()
    for hole in holes:
        strokes.line(hole.start, hole.end, hole.drill_mm / 2, 0, "")
    return strokes.table


def _cut_open(table: Table, edges: Table, holes: Sequence[Hole]) -> list[Point]:
    """Centres of plated holes that the outer edge runs through: castellations."""
    import numpy as np
    import shapely

    plated = np.array([hole.plated for hole in holes], dtype=bool)
    if not len(edges) or not plated.any():
        return []
    rows = np.flatnonzero(plated)
    centres = (table.ends[rows, :2] + table.ends[rows, 2:]) / 2
    tree = shapely.STRtree(shapely.linestrings(edges.ends.reshape(-1, 2, 2)))
    index, distance = tree.query_nearest(shapely.points(centres), return_distance=True, all_matches=False)
    deep = table.halves[rows][index[0]] - CUT_OPEN_MM
    return [(float(x), float(y)) for x, y in centres[index[0][distance < deep]]]


def _hole_gap(table: Table, elements: BoardElements, budget: Budget) -> Gap:
    """Least wall between two holes that share some depth of the board."""
    import numpy as np

    whole = (1, max(2, elements.copper_layers))
    spans = np.array([hole.span or whole for hole in elements.all_holes], dtype=np.int64).reshape(-1, 2)

    def together(i: Any, j: Any) -> Any:
        return np.maximum(spans[i, 0], spans[j, 0]) < np.minimum(spans[i, 1], spans[j, 1])

    return least_gap(table, None, together, budget)
