"""The board's edge among the layers that may hold it: centre lines -> outer contours and cut-outs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from manyworks.files.boards.contours import Outline, Path, assemble, bounds, contains, signed_area
from manyworks.files.fabrication.gerber import Layer
from manyworks.files.fabrication.kinds import Kind
from manyworks.files.fabrication.limits import OUTLINE_CHAINS, OUTLINE_POINTS
from manyworks.files.fabrication.marks import Marks
from manyworks.files.fabrication.members import Member
from manyworks.model import Finding, info, warning

# Copper may stand over the edge a little (castellated holes, plated edges, marks on rails).
_COVERS = 0.97
_BESIDE_MM = 0.5
# Beside the board, whatever is smaller than this share of it and bears no copper is a note or a mark.
_NOTE_SHARE = 0.02
# A drawing frame is clearly larger than the board within it.
_FRAME_SHARE = 0.97
# Two boards of a panel are alike to this.
_ALIKE_MM = 0.05
# A board within a panel bears more than this share of all copper; a mark in a cut-out does not.
_BEARS_SHARE = 0.005
# Crossings among more lines than this are not looked for.
_CROSSING = 5_000
_RANKS = {"outline": 3, "keepout": 2, "mechanical": 1, "unknown": 0}
_SURE = 10
# A layer that is only perhaps the outline but closes is worth more than a likelier one that does not.
_MENDED = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """The board's edge.

    ``outline`` holds boards (and rails) and their cut-outs; ``pieces`` is how many boards alike there
    are; ``member`` the file it comes from; ``remarks`` what to say if this is the one; ``mended`` that
    its lines do not close as they are drawn.
    """

    outline: Outline
    pieces: int
    member: Member
    remarks: tuple[Finding, ...] = ()
    mended: bool = False

    @property
    def size(self) -> str:
        """Its extent in words."""
        left, low, right, high = self.outline.box
        return f"{right - left:.2f} x {high - low:.2f} mm"


@dataclass(frozen=True, slots=True)
class _Candidate:
    edge: Edge
    covers: float

    @property
    def rank(self) -> tuple[bool, float, int]:
        role = self.edge.member.role
        number = re.search(r"(\d+)$", self.edge.member.ending)
        place = int(number[1][:4]) if number else 0
        trust = _RANKS[role.role] + (_SURE if role.sure else 0) - (_MENDED if self.edge.mended else 0)
        return self.covers >= _COVERS, trust, -place


def find_edge(members: Sequence[Member], marks: Marks, findings: list[Finding]) -> Edge | None:
    """The outline of a set.

    Parameters
    ----------
    members
        All files; those whose role may be the outline are looked at.
    marks
        Points where there is copper or a hole: the outline goes around them.
    findings
        Remarks are added.

    Returns
    -------
    None where no file holds a closed line that could be it.
    """
    candidates = []
    for member in members:
        if member.role.role in _RANKS and not member.remark and member.kind is Kind.GERBER:
            edge = _edge_of(member, marks, findings)
            if edge is not None:
                candidates.append(_Candidate(edge, _share(edge.outline, marks)))
    candidates.sort(key=lambda candidate: candidate.rank, reverse=True)
    if not candidates:
        return None
    best = candidates[0]
    if best.covers < _COVERS and _RANKS[best.edge.member.role.role] < _RANKS["outline"]:
        return None
    findings.extend(best.edge.remarks)
    findings.extend(_doubts(best, candidates[1:]))
    return best.edge


def _edge_of(member: Member, marks: Marks, findings: list[Finding]) -> Edge | None:
    layer = member.draw(findings)
    if layer is None:
        return None
    if member.role.role == "unknown" and (layer.picture.flashes or layer.picture.regions):
        return None  # only lines make an outline
    chains = _chains(layer)
    if len(chains) > OUTLINE_CHAINS or sum(map(len, chains)) > OUTLINE_POINTS:
        text = "more lines than any outline has; it is not looked at as one"
        findings.append(warning("files.fabrication.outline-too-large", member.name, text))
        return None
    outline = assemble(chains)
    edge = _sorted(outline, marks, member)
    if edge is None or _share(edge.outline, marks) < _COVERS:
        edge = _around_faces(chains, marks, member) or _closed_up(outline, marks, member) or edge
    return edge


def _chains(layer: Layer) -> list[Path]:
    """Centre lines without those marked as something other than the profile. Else filled contours."""
    strokes = [
        stroke
        for stroke in layer.picture.strokes
        if stroke.dark and (not stroke.function or stroke.function.startswith("Profile"))
    ]
    chains = [stroke.points for stroke in strokes if len(stroke.points) > 1]
    if not chains:
        chains = [[*region.points, region.points[0]] for region in layer.picture.regions if region.dark]
    return chains


def _sorted(outline: Outline, marks: Marks, member: Member) -> Edge | None:
    """Boards and cut-outs of an outline: notes left out, a drawing frame taken off."""
    if not outline.outer:
        return None
    bears = {id(path): marks.inside(path) for path in (*outline.outer, *outline.inner)}
    outer, inner = _without_notes(outline.outer, outline.inner, bears)
    outer, inner, framed = _without_frame(outer, inner, bears)
    least = max(1.0, len(marks) * _BEARS_SHARE)
    boards = [path for path in inner if bears[id(path)] > least]
    cut = [path for path in inner if bears[id(path)] <= least]
    found = Outline(outer=tuple(outer), inner=tuple(cut), open_chains=outline.open_chains)
    alone = [path for path in outer if bears[id(path)]]
    pieces = _alike_most(boards if len(boards) > 1 else alone)
    edge = Edge(outline=found, pieces=pieces, member=member)
    return replace(edge, remarks=tuple(_remarks(edge, outline, framed)))


def _without_notes(
    outer: Sequence[Path], inner: Sequence[Path], bears: dict[int, int]
) -> tuple[list[Path], list[Path]]:
    """Without small contours beside the board that bear nothing: letters, arrows, marks."""
    bearing = [path for path in outer if bears[id(path)]] or list(outer)
    largest = max(abs(signed_area(path)) for path in bearing)
    kept = [path for path in outer if bears[id(path)] or abs(signed_area(path)) >= _NOTE_SHARE * largest]
    if len(kept) == len(outer):
        return kept, list(inner)
    boxes = [bounds(path) for path in kept]
    return kept, [path for path in inner if any(_meets(bounds(path), box) for box in boxes)]


def _meets(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]


def _without_frame(
    outer: list[Path], inner: list[Path], bears: dict[int, int]
) -> tuple[list[Path], list[Path], bool]:
    """Where one inner contour holds all copper that the only outer one holds, that is the board."""
    framed = False
    while len(outer) == 1 and bears[id(outer[0])]:
        frame = outer[0]
        area = abs(signed_area(frame))
        board = [
            path
            for path in inner
            if bears[id(path)] == bears[id(frame)] and abs(signed_area(path)) < _FRAME_SHARE * area
        ]
        if not board:
            break
        within = max(board, key=lambda path: abs(signed_area(path)))
        inner = [path for path in inner if path is not within and contains(within, path[0])]
        outer, framed = [within], True
    return outer, inner, framed


def _alike_most(boards: Sequence[Path]) -> int:
    """How many of the most frequent size there are."""
    sizes: Counter[tuple[int, int]] = Counter()
    for path in boards:
        left, low, right, high = bounds(path)
        sizes[round((right - left) / _ALIKE_MM), round((high - low) / _ALIKE_MM)] += 1
    return max(sizes.values(), default=1)


def _remarks(edge: Edge, drawn: Outline, framed: bool) -> list[Finding]:
    name, found = edge.member.name, []
    left_out = len(drawn.outer) - len(edge.outline.outer)
    if framed:
        text = f"a frame around the board is left out; the board is {edge.size}"
        found.append(info("files.fabrication.outline-frame", name, text))
    elif left_out > 0:
        text = f"{left_out} small contours beside the board are taken for notes and left out"
        found.append(info("files.fabrication.outline-notes", name, text))
    if drawn.joined:
        text = "ends of the outline that do not quite meet were joined"
        found.append(warning("files.fabrication.outline-gap", name, text, "join the ends of the outline"))
    if drawn.open_chains:
        text = f"{len(drawn.open_chains)} lines that close no contour are left out"
        found.append(info("files.fabrication.outline-stray", name, text))
    if len(edge.outline.outer) > 1 or edge.pieces > 1:
        text = (
            f"{len(edge.outline.outer)} separate outlines, {edge.pieces} boards alike; "
            f"the size is that of all together ({edge.size})"
        )
        found.append(info("files.fabrication.panel", name, text))
    return found


def _share(outline: Outline, marks: Marks) -> float:
    """Share of the marks within the outline's box or just outside of it."""
    return marks.in_box(outline.box, _BESIDE_MM) / len(marks) if len(marks) else 1.0


def _around_faces(chains: Sequence[Path], marks: Marks, member: Member) -> Edge | None:
    """Lines that cross, overlap or end on each other: the rim of all areas they enclose together."""
    import shapely

    if member.role.role == "unknown" or len(chains) > _CROSSING:
        return None
    lines = shapely.union_all([shapely.LineString(chain) for chain in chains if len(chain) > 1])
    faces = shapely.union_all(shapely.get_parts(shapely.polygonize([lines])))
    parts = [part for part in shapely.get_parts(faces) if isinstance(part, shapely.Polygon)]
    outer = sorted((_points(part.exterior) for part in parts), key=lambda path: -abs(signed_area(path)))
    inner = tuple(_points(ring) for part in parts for ring in part.interiors)
    edge = _sorted(Outline(outer=tuple(outer), inner=inner), marks, member)
    if edge is None or _share(edge.outline, marks) < _COVERS:
        return None
    text = "lines of the outline cross or overlap; the rim of what they enclose is taken"
    remark = warning("files.fabrication.outline-crossing", member.name, text, "draw the outline as one line")
    return replace(edge, remarks=(remark, *edge.remarks), mended=True)


def _points(ring: Any) -> Path:
    return [(float(x), float(y)) for x, y in ring.coords[:-1]]


def _closed_up(outline: Outline, marks: Marks, member: Member) -> Edge | None:
    """Lines that do not close: the longest is joined up where it goes around the copper."""
    chains = [chain for chain in outline.open_chains if len(chain) > 2]
    if member.role.role not in ("outline", "keepout") or not chains:
        return None
    longest = max(chains, key=_extent)
    closed = Outline(outer=(longest,))
    if _share(closed, marks) < _COVERS or not abs(signed_area(longest)):
        return None
    text = "the outline does not close; its longest line is joined up"
    remark = warning("files.fabrication.outline-open", member.name, text, "join the ends of the outline")
    return Edge(outline=closed, pieces=1, member=member, remarks=(remark,), mended=True)


def _extent(path: Path) -> float:
    left, low, right, high = bounds(path)
    return (right - left) + (high - low)


def _doubts(best: _Candidate, others: Sequence[_Candidate]) -> list[Finding]:
    found = []
    name = best.edge.member.name
    if best.covers < _COVERS:
        text = f"{1 - best.covers:.0%} of copper and holes lie outside of the outline"
        found.append(warning("files.fabrication.outline-small", name, text, "check the outline"))
    for other in others[:20]:
        if (
            other.covers < _COVERS
            or other.rank[1] <= 0
            or other.edge.mended
            or _alike(best.edge.outline, other.edge.outline)
        ):
            continue
        text = (
            f"the outline is taken from here ({best.edge.size}); "
            f"{other.edge.member.name} also holds one ({other.edge.size})"
        )
        say = warning if other.rank[1] == best.rank[1] else info
        found.append(say("files.fabrication.outlines", name, text, "name the outline layer"))
    return found


def _alike(a: Outline, b: Outline) -> bool:
    return all(abs(p - q) <= _ALIKE_MM for p, q in zip(a.box, b.box, strict=True))
