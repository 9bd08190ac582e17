"""Lines, arcs and curves of a board's edge -> closed contours: which is the board, which a cut-out."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from manyworks.files.limits import CONTOURS, DRAWN_POINTS, OUTER_CONTOURS, OUTLINE_TESTS

Point: TypeAlias = tuple[float, float]
Path: TypeAlias = list[Point]

# How far chords may stay inside a curve: far below what a board shop can hold.
SAGITTA_MM = 0.001
# KiCad itself joins ends this close; the second is a slip of the hand worth a warning.
JOIN_MM = 0.01
LOOSE_JOIN_MM = 0.2
_MAX_CHORDS = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """Closed contours of a board, and chains that do not close.

    ``outer`` holds the contours that lie in no other, largest first; ``inner`` the cut-outs;
    ``open_chains`` what does not close; ``joined`` whether gaps wider than usual were bridged;
    ``too_many`` that the drawing was beyond any board's and was not sorted out.
    """

    outer: tuple[Path, ...] = ()
    inner: tuple[Path, ...] = ()
    open_chains: tuple[Path, ...] = ()
    joined: bool = False
    too_many: bool = False

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Extent of the outer contours: least x, least y, greatest x, greatest y."""
        return bounds(point for path in self.outer for point in path)

    @property
    def area(self) -> float:
        """Area inside the outer contours less the cut-outs, in mm2."""
        return sum(abs(signed_area(path)) for path in self.outer) - sum(
            abs(signed_area(path)) for path in self.inner
        )


def bounds(points: Iterable[Point]) -> tuple[float, float, float, float]:
    """Least x, least y, greatest x, greatest y of at least one point."""
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def signed_area(path: Sequence[Point]) -> float:
    """Shoelace area; the sign tells the turning sense."""
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(path, [*path[1:], path[0]], strict=True)) / 2


def sweep(centre: Point, start: Point, angle: float) -> Path:
    """Points on an arc from ``start`` around ``centre`` through ``angle`` radians (x towards y)."""
    dx, dy = start[0] - centre[0], start[1] - centre[1]
    radius = math.hypot(dx, dy)
    if radius <= SAGITTA_MM:
        return [start]
    step = 2 * math.acos(1 - SAGITTA_MM / radius)
    chords = max(2, min(_MAX_CHORDS, math.ceil(abs(angle) / step)))
    turns = ((math.cos(t), math.sin(t)) for t in (angle * k / chords for k in range(chords + 1)))
    return [(centre[0] + dx * c - dy * s, centre[1] + dx * s + dy * c) for c, s in turns]


def arc_through(start: Point, middle: Point, end: Point) -> Path:
    """Points on the arc from ``start`` over ``middle`` to ``end``; a line where they are in line."""
    (ax, ay), (bx, by), (cx, cy) = start, middle, end
    ex, ey, fx, fy = bx - ax, by - ay, cx - ax, cy - ay
    cross = 2 * (ex * fy - ey * fx)
    if abs(cross) < 1e-12:
        return [start, middle, end]
    e2, f2 = ex * ex + ey * ey, fx * fx + fy * fy
    centre = (ax + (fy * e2 - ey * f2) / cross, ay + (ex * f2 - fx * e2) / cross)
    first = math.atan2(ay - centre[1], ax - centre[0])
    last = math.atan2(cy - centre[1], cx - centre[0])
    angle = (last - first) % math.tau
    path = sweep(centre, start, angle if cross > 0 else angle - math.tau)
    return [*path[:-1], end]


def bezier(a: Point, b: Point, c: Point, d: Point) -> Path:
    """Points on a cubic curve, close enough for a board edge."""
    length = math.dist(a, b) + math.dist(b, c) + math.dist(c, d)
    count = max(8, min(_MAX_CHORDS, math.ceil(math.sqrt(length / SAGITTA_MM))))
    return [_on_cubic(a, b, c, d, k / count) for k in range(count + 1)]


def _on_cubic(a: Point, b: Point, c: Point, d: Point, t: float) -> Point:
    u = 1 - t
    p, q, r, s = u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t
    return (p * a[0] + q * b[0] + r * c[0] + s * d[0], p * a[1] + q * b[1] + r * c[1] + s * d[1])


def assemble(chains: Sequence[Path]) -> Outline:
    """Join loose pieces end to end and sort the closed contours into boards and cut-outs."""
    closed, loose = _link(chains, JOIN_MM)
    joined = False
    if loose:
        further, still = _link(loose, LOOSE_JOIN_MM)
        joined = bool(further)
        closed, loose = closed + further, still
    return _sort_out(closed, loose, joined)


def _link(chains: Sequence[Path], tolerance: float) -> tuple[list[Path], list[Path]]:
    """Closed contours and open chains made of pieces whose ends meet within ``tolerance``."""
    nodes = _Nodes(tolerance)
    closed: list[Path] = []
    pieces: dict[int, tuple[int, int, Path]] = {}
    seen: set[tuple[int, int, int]] = set()
    for index, path in enumerate(chains):
        a, b = nodes.find(path[0]), nodes.find(path[-1])
        middle = nodes.find(path[len(path) // 2] if len(path) > 2 else _half(path))
        if a == b:
            if len(path) > 2 and abs(signed_area(path)) > tolerance * tolerance:
                closed.append(path[:-1])
        elif (key := (min(a, b), max(a, b), middle)) not in seen:
            seen.add(key)  # an edge drawn twice must not be walked twice
            pieces[index] = (a, b, path)
    rings, loose = _walk(pieces)
    return closed + rings, loose


def _half(path: Path) -> Point:
    return ((path[0][0] + path[-1][0]) / 2, (path[0][1] + path[-1][1]) / 2)


class _Nodes:
    """Names for points: points within a tolerance get one name."""

    def __init__(self, tolerance: float) -> None:
        self.tolerance = tolerance
        self.cells: dict[tuple[int, int], list[tuple[Point, int]]] = defaultdict(list)
        self.count = 0

    def find(self, point: Point) -> int:
        column, row = int(point[0] // self.tolerance), int(point[1] // self.tolerance)
        for i in (column - 1, column, column + 1):
            for j in (row - 1, row, row + 1):
                for other, name in self.cells.get((i, j), ()):
                    if math.dist(other, point) <= self.tolerance:
                        return name
        self.count += 1
        self.cells[column, row].append((point, self.count))
        return self.count


def _walk(pieces: dict[int, tuple[int, int, Path]]) -> tuple[list[Path], list[Path]]:
    """Follow pieces from end to end; what comes back to its start is closed."""
    at: dict[int, list[int]] = defaultdict(list)
    for index, (a, b, _) in pieces.items():
        at[a].append(index)
        at[b].append(index)
    closed: list[Path] = []
    loose: list[Path] = []
    # Loose ends first, so that an open chain is walked whole and no ring is entered through a spur.
    ends = {node: len(indices) for node, indices in at.items()}
    order = sorted(pieces, key=lambda i: min(ends[pieces[i][0]], ends[pieces[i][1]]))
    for indices in at.values():
        indices.reverse()  # used up from the end, first come first
    unused = set(order)
    for index in order:
        if index not in unused:
            continue
        a, b, _ = pieces[index]
        start = b if ends[a] != 1 and ends[b] == 1 else a
        path, end = _follow(index, start, pieces, at, unused)
        (closed if end == start else loose).append(path)
    return closed, loose


def _follow(
    index: int,
    start: int,
    pieces: dict[int, tuple[int, int, Path]],
    at: dict[int, list[int]],
    unused: set[int],
) -> tuple[Path, int]:
    path: Path = []
    node, step = start, index
    while True:
        unused.discard(step)
        a, b, points = pieces[step]
        forward = points if a == node else points[::-1]
        path.extend(forward[1:] if path else forward)
        node = b if a == node else a
        if node == start:
            return path[:-1], node
        while at[node] and at[node][-1] not in unused:
            at[node].pop()
        if not at[node]:
            return path, node
        step = at[node][-1]


def _sort_out(closed: list[Path], loose: list[Path], joined: bool) -> Outline:
    if len(closed) > CONTOURS:
        return Outline(too_many=True)
    outer: list[tuple[Path, tuple[float, float, float, float]]] = []
    inner: list[Path] = []
    room = OUTLINE_TESTS
    for path in sorted(closed, key=lambda p: -abs(signed_area(p))):
        box = bounds(path)
        near = [big for big, other in outer if _overlaps(box, other)]
        room -= sum(map(len, near))
        if room < 0:
            return Outline(too_many=True)
        if any(_touches(path, big) for big in near):
            inner.append(path)
        elif len(outer) >= OUTER_CONTOURS:
            return Outline(too_many=True)
        else:
            outer.append((path, box))
    return Outline(
        outer=tuple(path for path, _ in outer), inner=tuple(inner), open_chains=tuple(loose), joined=joined
    )


def _overlaps(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]


def _touches(path: Path, big: Path) -> bool:
    """Whether a corner of ``path`` lies inside ``big``: also a slot that runs out past the edge."""
    sample = path if len(path) <= 16 else path[:: -(-len(path) // 16)]
    return any(contains(big, point) for point in sample)


def contains(path: Path, point: Point) -> bool:
    """Whether a closed contour holds a point (even-odd rule)."""
    x, y = point
    inside = False
    x0, y0 = path[-1]
    for x1, y1 in path:
        if (y1 > y) != (y0 > y) and x < (x0 - x1) * (y - y1) / (y0 - y1) + x1:
            inside = not inside
        x0, y0 = x1, y1
    return inside


def simplify(path: Path, tolerance: float) -> Path:
    """Fewer points of a contour, none dropped further than ``tolerance`` off (Douglas and Peucker 1973)."""
    path = path[:: -(-len(path) // DRAWN_POINTS)]
    keep = [False] * len(path)
    keep[0] = keep[-1] = True
    stack = [(0, len(path) - 1)]
    while stack:
        first, last = stack.pop()
        worst, index = 0.0, 0
        for i in range(first + 1, last):
            off = _off_chord(path[i], path[first], path[last])
            if off > worst:
                worst, index = off, i
        if worst > tolerance:
            keep[index] = True
            stack += [(first, index), (index, last)]
    return [point for point, kept in zip(path, keep, strict=True) if kept]


def _off_chord(point: Point, a: Point, b: Point) -> float:
    length = math.dist(a, b)
    if length < 1e-9:
        return math.dist(point, a)
    return abs((b[0] - a[0]) * (a[1] - point[1]) - (a[0] - point[0]) * (b[1] - a[1])) / length
