"""Lines in the plane -> closed contours, open chains, which lies in which, and the webs left between."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import shapely
from shapely import LineString, STRtree

if TYPE_CHECKING:
    from numpy.typing import NDArray

Point: TypeAlias = tuple[float, float]
Path: TypeAlias = Sequence[Point]

# Nesting is sought in bundles of this many contours, so that many nested ones cost time and not memory.
_BUNDLE = 256
# Pairs of a contour and one around it; two thousand rings in each other make two million.
_PAIRS = 2_000_000
# Inscribed circles are sought in at most this many openings of different shape.
_OPENINGS = 300
# A region cut off by lines counts as a piece from this width on; thinner ones come of rounding.
_SLIVER_MM = 0.05
# Lines of fewer points are summed faster without arrays.
_SHORT = 40
# Twelve corners on a circle hold this share of it.
_FULL = 0.95
# Pairs of lines that cross or meet; beyond any drawing, where each meets a few others.
_CROSSINGS = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A drawn line: its points and a number of the caller's that says where it came from."""

    points: Path
    tag: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Pieces that follow each other; ``tag`` of the longest. Where ``closed``, the start is not repeated."""

    points: Path
    closed: bool
    tag: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chains:
    """What lines make together: ``doubles`` counts pieces dropped, ``bridged`` gaps wider than usual."""

    chains: tuple[Chain, ...]
    doubles: int
    bridged: int


class _Nodes:
    """Names for points: those within a tolerance of each other get one name."""

    def __init__(self, tolerance: float) -> None:
        self.tolerance = tolerance
        self.cells: dict[tuple[int, int], list[tuple[Point, int]]] = {}
        self.count = 0

    def name(self, point: Point) -> int:
        column, row = math.floor(point[0] / self.tolerance), math.floor(point[1] / self.tolerance)
        for i in (column, column - 1, column + 1):
            for j in (row, row - 1, row + 1):
                for other, name in self.cells.get((i, j), ()):
                    if math.dist(other, point) <= self.tolerance:
                        return name
        self.count += 1
        self.cells.setdefault((column, row), []).append((point, self.count))
        return self.count


def box_of(points: Iterable[Point]) -> tuple[float, float, float, float]:
    """Least x, least y, greatest x, greatest y of at least one point."""
    xs, ys = zip(*points, strict=True)
    return float(min(xs)), float(min(ys)), float(max(xs)), float(max(ys))


def length_of(points: Path, *, closed: bool = False) -> float:
    """Length of a line; back to its start where ``closed``."""
    total = sum(map(math.dist, points[:-1], points[1:]))
    return total + (math.dist(points[-1], points[0]) if closed else 0.0)


def area_of(points: Path) -> float:
    """Area inside a closed line, never below zero (shoelace formula)."""
    if len(points) < _SHORT:
        x0, y0 = points[0]
        around = zip(points, [*points[1:], points[0]], strict=True)
        return abs(sum((ax - x0) * (by - y0) - (bx - x0) * (ay - y0) for (ax, ay), (bx, by) in around)) / 2
    ring = np.asarray(points, dtype=float)
    x, y = ring[:, 0], ring[:, 1]
    # Taken from the first point, so that a far-away origin costs no digits.
    x, y = x - x[0], y - y[0]
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def halfway(points: Path) -> Point:
    """The point in the middle of a line, the same from either end."""
    left = length_of(points) / 2
    for a, b in pairwise(points):
        step = math.dist(a, b)
        if step >= left > 0:
            share = left / step
            return (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))
        left -= step
    return (points[-1][0], points[-1][1])


def drop_doubles(pieces: Sequence[Piece], tolerance: float) -> tuple[list[Piece], int]:
    """Pieces without those that another one repeats, in either direction, and how many they were."""
    nodes = _Nodes(tolerance)
    seen: set[tuple[int, int, int, int]] = set()
    kept: list[Piece] = []
    for piece in pieces:
        key = _double_key(piece.points, nodes, tolerance)
        if key not in seen:
            seen.add(key)
            kept.append(piece)
    return kept, len(pieces) - len(kept)


def _double_key(points: Path, nodes: _Nodes, tolerance: float) -> tuple[int, int, int, int]:
    first, last = nodes.name(points[0]), nodes.name(points[-1])
    if first != last:
        return (min(first, last), max(first, last), nodes.name(halfway(points)), 0)
    # A closed line may start anywhere: known by its box and its length.
    array = np.asarray(points, dtype=float)
    low, high = array.min(axis=0), array.max(axis=0)
    corners = nodes.name((low[0], low[1])), nodes.name((high[0], high[1]))
    return (-1, *corners, round(length_of(points) / (4 * tolerance)))


def chain(pieces: Sequence[Piece], tolerance: float, loose: float) -> Chains:
    """Join pieces end to end where just two ends meet.

    Parameters
    ----------
    pieces
        Open lines, or closed ones whose last point repeats the first; mm.
    tolerance
        Ends this near are one point, mm.
    loose
        Ends that meet no other are joined to their nearest like up to this far, mm.
    """
    kept, doubles = drop_doubles(pieces, tolerance)
    chains = _follow(kept, tolerance)
    open_ones = [one for one in chains if not one.closed]
    if len(open_ones) == 0 or loose <= tolerance:
        return Chains(chains=tuple(chains), doubles=doubles, bridged=0)
    joints = _bridge(open_ones, loose)
    if not joints:
        return Chains(chains=tuple(chains), doubles=doubles, bridged=0)
    again = [Piece(points=one.points, tag=one.tag) for one in open_ones] + joints
    closed = [one for one in chains if one.closed]
    joined = _follow(again, tolerance)
    return Chains(chains=(*closed, *joined), doubles=doubles, bridged=len(joints))


def _follow(pieces: Sequence[Piece], tolerance: float) -> list[Chain]:
    nodes = _Nodes(tolerance)
    ends = [(nodes.name(piece.points[0]), nodes.name(piece.points[-1])) for piece in pieces]
    at: dict[int, list[int]] = {}
    result: list[Chain] = []
    for index, (a, b) in enumerate(ends):
        if a == b:
            ring = _as_ring(pieces[index].points, pieces[index].tag)
            result.extend((ring,) if ring else ())
        else:
            at.setdefault(a, []).append(index)
            at.setdefault(b, []).append(index)
    walker = _Walker(pieces, ends, at)
    # From where lines end or branch first: what is left after that are rings.
    starts = [node for node, indices in at.items() if len(indices) != 2]
    for node in [*starts, *at]:
        for index in at[node]:
            if index not in walker.done:
                found = walker.walk(node, index)
                result.extend((found,) if found else ())
    return result


def _as_ring(points: Path, tag: int) -> Chain | None:
    """A closed line; nothing where it encloses nothing (a line there and back, a dot)."""
    ring = points[:-1] if points[0] == points[-1] or len(points) > 3 else points
    return Chain(points=ring, closed=True, tag=tag) if len(ring) > 2 and area_of(ring) > 1e-9 else None


class _Walker:
    """Follows pieces through points where exactly two meet."""

    def __init__(
        self, pieces: Sequence[Piece], ends: list[tuple[int, int]], at: dict[int, list[int]]
    ) -> None:
        self.pieces, self.ends, self.at = pieces, ends, at
        self.done: set[int] = set()

    def walk(self, start: int, index: int) -> Chain | None:
        points: list[Point] = []
        longest, tag, node = -1.0, 0, start
        while True:
            self.done.add(index)
            piece = self.pieces[index]
            a, b = self.ends[index]
            forward = piece.points if a == node else piece.points[::-1]
            points.extend(forward[1:] if points else forward)
            length = length_of(piece.points)
            if length > longest:
                longest, tag = length, piece.tag
            node = b if a == node else a
            onward = [k for k in self.at[node] if k not in self.done]
            if node == start or len(self.at[node]) != 2 or not onward:
                break
            index = onward[0]
        if node == start:
            return _as_ring(points, tag)
        return Chain(points=points, closed=False, tag=tag)


def _bridge(chains: Sequence[Chain], loose: float) -> list[Piece]:
    """Short lines between free ends that are each other's nearest, up to ``loose`` apart."""
    ends = [(one.points[k], index, one.tag) for index, one in enumerate(chains) for k in (0, -1)]
    points = shapely.points(np.array([end[0] for end in ends], dtype=float))
    tree = STRtree(points)
    (mine, others), _ = tree.query_nearest(
        points, max_distance=loose, exclusive=True, return_distance=True, all_matches=False
    )
    nearest = dict(zip(mine.tolist(), others.tolist(), strict=True))
    return [
        Piece(points=(ends[a][0], ends[b][0]), tag=ends[a][2])
        for a, b in nearest.items()
        if a < b and nearest.get(b) == a
    ]


def _ring(contour: Path) -> Any:
    return shapely.linearrings(np.asarray(contour, dtype=float))


def as_polygons(contours: Sequence[Path]) -> list[Any]:
    """Shapely polygons of closed lines, mended where they cross themselves."""
    return [mend_polygon(shapely.polygons(_ring(contour))) for contour in contours]


def mend_polygon(polygon: Any) -> Any:
    """The areas of a polygon that may cross itself; an empty polygon where it has none.

    Mending leaves lines behind where the outline runs to a point and back: they are no area.
    """
    if polygon.is_valid:
        return polygon
    mended = shapely.make_valid(polygon)
    if mended.geom_type in ("Polygon", "MultiPolygon"):
        return mended
    areas = [one for one in shapely.get_parts(mended) if one.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(areas) if areas else shapely.Polygon()


def nest(contours: Sequence[Path]) -> tuple[tuple[int, int], ...] | None:
    """For every closed contour: how many others lie around it, and the smallest of them (-1 for none).

    None where so many lie in each other that it would take too long to tell.
    """
    if not contours:
        return ()
    polygons = as_polygons(contours)
    areas = np.array([one.area for one in polygons])
    inner = np.array([one.point_on_surface() for one in polygons], dtype=object)
    tree = STRtree(polygons)
    result: list[tuple[int, int]] = []
    room = _PAIRS
    for start in range(0, len(contours), _BUNDLE):
        mine, around = tree.query(inner[start : start + _BUNDLE], predicate="intersects")
        room -= len(mine)
        if room < 0:
            return None
        result.extend(_around(mine, around, areas, start, min(_BUNDLE, len(contours) - start)))
    return tuple(result)


def _around(
    mine: NDArray[np.intp], around: NDArray[np.intp], areas: NDArray[np.float64], start: int, count: int
) -> list[tuple[int, int]]:
    rank = np.lexsort((np.arange(len(areas)), -areas)).argsort()
    bigger = rank[around] < rank[mine + start]
    rows: list[tuple[int, int]] = []
    for k in range(count):
        outer = around[(mine == k) & bigger]
        rows.append((len(outer), int(outer[areas[outer].argmin()]) if len(outer) else -1))
    return rows


def least_web(contours: Sequence[Path], groups: Sequence[int], touch: float) -> float | None:
    """Least distance between two contours of one group, mm; nearer than ``touch`` they meet and do not count.

    Parameters
    ----------
    contours
        Closed lines.
    groups
        The part each belongs to; below zero for none.
    """
    members: dict[int, list[int]] = {}
    for index, group in enumerate(groups):
        if group >= 0:
            members.setdefault(group, []).append(index)
    least = math.inf
    for indices in members.values():
        if len(indices) > 1:
            rings = np.array([_ring(contours[k]) for k in indices], dtype=object)
            least = min(least, _least_between(rings, touch))
    return None if math.isinf(least) else least


def _least_between(rings: NDArray[Any], touch: float) -> float:
    tree = STRtree(rings)
    _, far = tree.query_nearest(rings, exclusive=True, return_distance=True, all_matches=False)
    apart = far[far > touch]
    return float(apart.min()) if len(apart) else math.inf


def width_of_opening(contour: Path) -> float:
    """How wide an opening is: diameter of the largest circle inside it, mm."""
    polygon = as_polygons([contour])[0]
    if polygon.is_empty:
        return 0.0
    tolerance = max(1e-4, math.sqrt(polygon.area) * 1e-3)
    return 2.0 * float(shapely.maximum_inscribed_circle(polygon, tolerance=tolerance).length)


def least_opening(contours: Iterable[Path]) -> float | None:
    """Width of the narrowest of some openings, mm; None without any."""
    shapes: dict[tuple[float, float], Path] = {}
    for contour in contours:
        key = (round(area_of(contour), 3), round(length_of(contour, closed=True), 3))
        shapes.setdefault(key, contour)
    # Twice the area over half the length bounds the width from above: likely narrow ones first.
    order = sorted(shapes, key=lambda key: key[0] / max(key[1], 1e-9))
    return min((width_of_opening(shapes[key]) for key in order[:_OPENINGS]), default=None)


def count_regions(outer: Path, openings: Sequence[Path], lines: Sequence[Path]) -> int:
    """Into how many pieces open cuts divide a part; at least 1.

    Lines that run into the part's edge are lengthened a little there, since drawn ends rarely meet exactly.
    """
    part = shapely.difference(as_polygons([outer])[0], shapely.union_all(as_polygons(openings)))
    drawn = [LineString(_lengthened(line)) for line in lines if len(line) > 1]
    near = [line for line in drawn if line.intersects(part)]
    if not near:
        return 1
    network = shapely.union_all([part.boundary, *near])
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(network)))
    inside = [face for face in faces if _is_real(face) and part.contains(face.point_on_surface())]
    return max(1, len(inside))


def _is_real(face: Any) -> bool:
    return bool(face.area > _SLIVER_MM * face.length / 2)


def _lengthened(line: Path, by: float = 0.02) -> list[Point]:
    first = _beyond(line[1], line[0], by)
    last = _beyond(line[-2], line[-1], by)
    return [first, *line[1:-1], last]


def _beyond(inner: Point, end: Point, by: float) -> Point:
    far = math.dist(inner, end) or 1.0
    return (end[0] + by * (end[0] - inner[0]) / far, end[1] + by * (end[1] - inner[1]) / far)


def is_tangle(lines: Sequence[Path]) -> bool:
    """Whether lines cross each other so often that asking what they enclose would take too long."""
    drawn = np.array([LineString(line) for line in lines if len(line) > 1], dtype=object)
    tree = STRtree(drawn)
    pairs = 0
    for start in range(0, len(drawn), _BUNDLE // 4):
        pairs += tree.query(drawn[start : start + _BUNDLE // 4], predicate="intersects").shape[1]
        if pairs > _CROSSINGS:
            return True
    return False


def split_network(lines: Sequence[Path]) -> tuple[list[list[Point]], list[list[list[Point]]]]:
    """Lines that share edges, so that no ring closes alone -> outer edges of what they enclose, and the rest.

    Returns
    -------
    The outer edges, closed; and for every line the stretches of it that lie on no outer edge.
    """
    drawn = [LineString(_lengthened(line)) for line in lines if len(line) > 1]
    network = shapely.union_all(drawn)
    faces = [
        one for one in shapely.get_parts(shapely.polygonize(shapely.get_parts(network))) if _is_real(one)
    ]
    if not faces:
        return [], [[list(line)] for line in lines]
    outer = [one.exterior for one in shapely.get_parts(shapely.union_all(faces))]
    edge = shapely.union_all(outer).buffer(_SLIVER_MM / 10)
    rest = [_stretches(LineString(line).difference(edge)) for line in lines]
    return [_points_of(ring)[:-1] for ring in outer], rest


def _stretches(line: Any) -> list[list[Point]]:
    parts = shapely.get_parts(shapely.line_merge(line) if line.geom_type == "MultiLineString" else line)
    return [_points_of(one) for one in parts if one.length > _SLIVER_MM]


def _points_of(line: Any) -> list[Point]:
    return [(float(x), float(y)) for x, y in line.coords]


def length_drawn_twice(lines: Sequence[Path]) -> float:
    """Length of stretches where lines lie on each other, each counted once less than it is drawn, mm."""
    drawn = [LineString(line) for line in lines]
    total = sum(line.length for line in drawn)
    return max(0.0, float(total - shapely.union_all(drawn).length))


def round_diameter(points: Path, share: float = 0.004) -> float | None:
    """The diameter where a closed line is a circle, to within a share of its radius; mm."""
    if len(points) < 12:
        return None
    ring = np.asarray(points, dtype=float)
    far = np.hypot(*(ring - (ring.min(axis=0) + ring.max(axis=0)) / 2).T)
    radius = float(far.mean())
    # All corners of a rounded square are equally far out too, but it holds less.
    full = area_of(points) >= _FULL * math.pi * radius * radius
    return 2 * radius if full and np.ptp(far) <= 2 * share * radius else None
