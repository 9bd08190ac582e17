"""Panel files: JSON with panels of vertices and edges, and the stitches between edges.

The format of the Garment-Pattern-Generator and GarmentCode programs (Korosteleva and Lee 2021;
Korosteleva and Sorkine-Hornung 2023).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from manyworks.files.garments.edges import EdgeError, Path, Point, edge_points, is_number
from manyworks.files.garments.limits import (
    COORDINATE,
    EDGES,
    FINDINGS_PER_KIND,
    NAME_CHARACTERS,
    PANELS,
    PATTERN_BYTES,
    STITCHES,
    VERTICES,
)
from manyworks.files.garments.patterns import Pattern, PatternPiece, say_assumed_allowance
from manyworks.files.garments.vocabulary import vocabulary
from manyworks.files.sources import Source, decode
from manyworks.model import Finding, Seam, error, warning
from manyworks.shapes.contour_sets import area_of, box_of, length_of


@dataclass(frozen=True, slots=True, kw_only=True)
class _Panel:
    """A panel's outline and the lengths of its edges, mm."""

    outline: Path
    edges: tuple[float, ...]


@dataclass(slots=True, kw_only=True)
class _Trouble:
    """Findings of one kind up to a number, then a count."""

    where: str
    findings: list[Finding]
    counts: dict[str, int] = field(default_factory=dict)

    def bad(self, code: str, text: str, hint: str = "") -> None:
        """Something that stops the work."""
        self._add(error(f"files.garment.{code}", self.where, text, hint))

    def odd(self, code: str, text: str, hint: str = "") -> None:
        """Something that somebody should look at."""
        self._add(warning(f"files.garment.{code}", self.where, text, hint))

    def _add(self, finding: Finding) -> None:
        count = self.counts[finding.code] = self.counts.get(finding.code, 0) + 1
        if count <= FINDINGS_PER_KIND:
            self.findings.append(finding)

    def close(self) -> None:
        """Say how many more there were."""
        for code, count in self.counts.items():
            if count > FINDINGS_PER_KIND:
                text = f"{count - FINDINGS_PER_KIND} further findings of this kind"
                self.findings.append(warning(code, self.where, text))


def parse_panels(data: bytes) -> dict[str, Any] | None:
    """The document of a panel file; None where it is none."""
    if len(data) > PATTERN_BYTES or b"panels" not in data:
        return None
    try:
        document = json.loads(decode(data)[0])
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict):
        return None
    pattern = document.get("pattern", document)
    is_panels = isinstance(pattern, dict) and isinstance(pattern.get("panels"), dict)
    return document if is_panels else None


def read_panels(source: Source, document: dict[str, Any], findings: list[Finding]) -> Pattern | None:
    """The pattern of a panel file; None with an error where a panel cannot be made."""
    trouble = _Trouble(where=source.name, findings=findings)
    pattern = document.get("pattern", document)
    table = pattern["panels"]
    if not 0 < len(table) <= PANELS:
        trouble.bad("panels", f"{len(table):,} panels; between 1 and {PANELS} are read")
        return None
    given = document.get("properties")
    properties = given if isinstance(given, dict) else {}
    scale, unit_source = _scale(properties, table, trouble)
    absolute = properties.get("curvature_coords") == "absolute"
    panels = {
        str(name): panel
        for name, row in table.items()
        if (panel := _panel(str(name), row, scale, absolute, trouble)) is not None
    }
    stitches = _stitches(pattern.get("stitches"), trouble)
    result = _pattern(panels, stitches, unit_source, source.name, trouble)
    trouble.close()
    return result if len(panels) == len(table) else None


def _pattern(
    panels: Mapping[str, _Panel],
    stitches: Sequence[tuple[list[tuple[str, int]], list[tuple[str, int]]]],
    unit_source: str,
    where: str,
    trouble: _Trouble,
) -> Pattern:
    seams, sewn = _seams(panels, stitches, trouble)
    add = float(vocabulary()["cutting"]["allowance_mm"])
    trouble.findings.append(say_assumed_allowance(add, where))
    free = sum(
        length
        for name, panel in panels.items()
        for index, length in enumerate(panel.edges)
        if (name, index) not in sewn
    )
    return Pattern(
        pieces=tuple(
            PatternPiece(name=name[:NAME_CHARACTERS], outline=panel.outline) for name, panel in panels.items()
        ),
        seams=tuple(seams),
        seam_mm=sum((seam.first_mm + seam.second_mm) / 2 for seam in seams),
        hem_mm=free,
        unit="mm",
        unit_source=unit_source,
        add_mm=add,
    )


def _scale(properties: Mapping[str, Any], table: Mapping[str, Any], trouble: _Trouble) -> tuple[float, str]:
    """Mm per unit of the file, and how it is known."""
    stated = properties.get("units_in_meter")
    if isinstance(stated, int | float) and is_number(stated) and stated > 0:
        return 1000.0 / stated, f"stated ({stated:g} units in a metre)"
    if stated is not None:
        trouble.odd("unit", f"units_in_meter is {str(stated)[:40]!r}; a number above 0 was expected")
    extent = max((_extent(row) for row in table.values()), default=0.0)
    bounds = vocabulary()["units"]
    fitting = (
        (scale, name)
        for scale, name in ((10.0, "cm"), (1.0, "mm"), (1000.0, "m"), (25.4, "inch"))
        if bounds["smallest_mm"] * 2 <= extent * scale <= bounds["largest_mm"] / 2
    )
    scale, name = next(fitting, (10.0, "cm"))
    text = f"the unit is not stated; {name} is taken: the largest panel is {extent * scale:,.0f} mm"
    trouble.odd("unit", text, "state units_in_meter in the properties")
    return scale, f"guessed from size ({name})"


def _extent(row: Any) -> float:
    points = _vertices(row)
    if not points:
        return 0.0
    x0, y0, x1, y1 = box_of(points)
    return max(x1 - x0, y1 - y0)


def _vertices(row: Any) -> list[Point]:
    rows = row.get("vertices") if isinstance(row, dict) else None
    if not isinstance(rows, list) or len(rows) > VERTICES:
        return []
    good = [one for one in rows if isinstance(one, list) and len(one) >= 2 and all(map(is_number, one[:2]))]
    return [(float(one[0]), float(one[1])) for one in good] if len(good) == len(rows) else []


def _panel(name: str, row: Any, scale: float, absolute: bool, trouble: _Trouble) -> _Panel | None:
    shown = name[:NAME_CHARACTERS]
    vertices = _vertices(row)
    edges = row.get("edges") if isinstance(row, dict) else None
    if len(vertices) < 2 or not isinstance(edges, list) or not 2 <= len(edges) <= VERTICES:
        trouble.bad("panel", f"panel {shown!r} has no vertices that are pairs of numbers, or no edges")
        return None
    try:
        drawn = [_edge(edge, vertices, absolute) for edge in edges]
        loop = _loop([ends for ends, _ in drawn])
    except EdgeError as reason:
        trouble.bad("panel", f"panel {shown!r} has {reason}", "export the pattern again")
        return None
    outline = [
        (x * scale, y * scale)
        for index, forward in loop
        for x, y in (drawn[index][1] if forward else drawn[index][1][::-1])[:-1]
    ]
    if any(max(abs(x), abs(y)) > COORDINATE for x, y in outline) or area_of(outline) <= 0:
        trouble.bad("panel", f"panel {shown!r} encloses nothing, or lies out of all bounds")
        return None
    return _Panel(outline=outline, edges=tuple(length_of(points) * scale for _, points in drawn))


def _edge(edge: Any, vertices: Sequence[Point], absolute: bool) -> tuple[tuple[int, int], Path]:
    ends = edge.get("endpoints") if isinstance(edge, dict) else None
    if not isinstance(ends, list) or len(ends) != 2 or not all(type(k) is int for k in ends):
        raise EdgeError("an edge without two endpoints")
    if not all(0 <= k < len(vertices) for k in ends):
        raise EdgeError(f"an edge between vertices {ends[0]} and {ends[1]} of {len(vertices)}")
    start, end = vertices[ends[0]], vertices[ends[1]]
    return (ends[0], ends[1]), edge_points(start, end, edge.get("curvature"), absolute=absolute)


def _loop(ends: Sequence[tuple[int, int]]) -> list[tuple[int, bool]]:
    """The edges in the order in which they follow each other, and whether each runs forward."""
    at: dict[int, list[int]] = {}
    for index, pair in enumerate(ends):
        for vertex in pair:
            at.setdefault(vertex, []).append(index)
    if any(len(indices) != 2 for indices in at.values()):
        raise EdgeError("edges that do not make one closed line")
    loop = [(0, True)]
    vertex = ends[0][1]
    used = {0}
    while vertex != ends[0][0]:
        index = next((k for k in at[vertex] if k not in used), -1)
        if index < 0:
            break
        used.add(index)
        forward = ends[index][0] == vertex
        loop.append((index, forward))
        vertex = ends[index][1 if forward else 0]
    if len(loop) != len(ends):
        raise EdgeError("edges that make several closed lines")
    return loop


def _stitches(given: Any, trouble: _Trouble) -> list[tuple[list[tuple[str, int]], list[tuple[str, int]]]]:
    if given is None:
        return []
    if not isinstance(given, list) or len(given) > STITCHES:
        trouble.odd("stitches", f"stitches are no list of at most {STITCHES:,}; none is used")
        return []
    result = []
    for number, stitch in enumerate(given):
        sides = list(_sides(stitch))
        if len(sides) == 2 and all(sides):
            result.append((sides[0], sides[1]))
        else:
            trouble.odd("stitches", f"stitch {number} does not name two edges and is not used")
    return result


def _sides(stitch: Any) -> Iterator[list[tuple[str, int]]]:
    """Both sides of a stitch, in the list form and in the older one with ``from`` and ``to``."""
    if isinstance(stitch, dict):
        stitch = [stitch.get("from"), stitch.get("to")]
    if isinstance(stitch, list):
        for side in stitch[:2]:  # a third element says which face is outside
            yield list(_edges_of(side))


def _edges_of(side: Any) -> Iterator[tuple[str, int]]:
    for one in side if isinstance(side, list) else [side]:
        if not isinstance(one, dict) or "panel" not in one:
            continue
        edges = one.get("edge")
        for edge in edges if isinstance(edges, list) else [edges]:
            if type(edge) is int:
                yield str(one["panel"]), edge


def _seams(
    panels: Mapping[str, _Panel],
    stitches: Iterable[tuple[list[tuple[str, int]], list[tuple[str, int]]]],
    trouble: _Trouble,
) -> tuple[list[Seam], set[tuple[str, int]]]:
    seams: list[Seam] = []
    sewn: set[tuple[str, int]] = set()
    for first, second in stitches:
        lost = [name for name in (*first, *second) if not _exists(name, panels)]
        if lost or len(first) + len(second) > EDGES:
            panel, edge = lost[0] if lost else first[0]
            trouble.odd("stitches", f"a stitch names edge {edge} of panel {panel[:60]!r}, which is not there")
            continue
        sewn.update(first, second)
        a = sum(panels[panel].edges[edge] for panel, edge in first)
        b = sum(panels[panel].edges[edge] for panel, edge in second)
        seams.append(
            Seam(
                first=_called(first),
                second=_called(second),
                first_mm=a,
                second_mm=b,
                ease=max(a, b) / min(a, b) - 1 if min(a, b) > 0 else 0.0,
            )
        )
    return seams, sewn


def _exists(name: tuple[str, int], panels: Mapping[str, _Panel]) -> bool:
    return name[0] in panels and 0 <= name[1] < len(panels[name[0]].edges)


def _called(side: Sequence[tuple[str, int]]) -> str:
    return " + ".join(f"{panel[:60]}:{edge}" for panel, edge in side[:6])
