"""Blocks with upright cuts from above, made as exact bodies with faces and edges, without a kernel."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from manyworks.shapes import EdgeTable, FaceKind, FaceTable, Shape

Floats = NDArray[np.float64]
Outline = Sequence[tuple[float, float]]
Step = tuple[float, int]
# Face, loop, start, end and the direction the face looks to.
Side = tuple[int, int, Floats, Floats, Floats]


@dataclass(frozen=True)
class Round:
    """An upright corner at (x, y): walls at ``radius`` from it are one hollow cylinder."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Patch:
    """A flat part of a face: rows along, across and outwards, an origin, and the region in that plane."""

    face: int
    axes: Floats
    origin: Floats
    region: shapely.Polygon

    def place(self, points: Floats) -> Floats:
        return self.origin + points[:, :2] @ self.axes[:2]

    def rings(self) -> Iterator[Floats]:
        region = shapely.geometry.polygon.orient(self.region)
        for ring in (region.exterior, *region.interiors):
            yield self.place(shapely.get_coordinates(ring)[:-1])


class CarvedBlock:
    """A block from the origin to ``size`` less prisms (outline, height of the floor) open to the top.

    ``cut_of`` tells for each face of ``shape`` the cut that left it, -1 for the block itself.
    """

    def __init__(
        self,
        size: tuple[float, float, float],
        cuts: Sequence[tuple[Outline, float]] = (),
        rounds: Sequence[Round] = (),
    ) -> None:
        self.size = size
        self.square = shapely.box(0, 0, size[0], size[1])
        self.cuts = [(shapely.Polygon(outline), floor) for outline, floor in cuts]
        self.rounds = rounds
        self.cut_of: list[int] = []
        lines = [self.square.boundary, *(outline.boundary for outline, _ in self.cuts)]
        self.cells = [
            cell
            for cell in shapely.get_parts(shapely.polygonize([shapely.unary_union(lines)]))
            if self.square.contains(cell.point_on_surface())
        ]
        patches = [*self._flats(), *self._walls()]
        self.shape = _assemble(patches, dict(enumerate(self._face_rounds)))

    def _step(self, point: shapely.Point) -> Step:
        """Height of the body at a point and the cut that made it."""
        if not self.square.contains(point):
            return 0.0, -1
        reached = [(floor, k) for k, (outline, floor) in enumerate(self.cuts) if outline.contains(point)]
        return min(reached, default=(self.size[2], -1))

    def _new_face(self, cut: int, around: Round | None = None) -> int:
        if not self.cut_of:
            self._face_rounds: list[Round | None] = []
        self.cut_of.append(cut)
        self._face_rounds.append(around)
        return len(self.cut_of) - 1

    def _flats(self) -> Iterator[Patch]:
        levels: dict[Step, list[shapely.Polygon]] = defaultdict(list)
        for cell in self.cells:
            step = self._step(cell.point_on_surface())
            if step[0] > 0:
                levels[step].append(cell)
        for (height, cut), cells in levels.items():
            for region in shapely.get_parts(shapely.unary_union(cells)):
                yield Patch(self._new_face(cut), np.eye(3), np.array((0, 0, height)), region)
        below = np.array(((0.0, 1, 0), (1, 0, 0), (0, 0, -1)))
        for region in shapely.get_parts(shapely.unary_union([c for cells in levels.values() for c in cells])):
            turned = shapely.transform(region, lambda points: points[:, ::-1])
            yield Patch(self._new_face(-1), below, np.zeros(3), turned)

    def _walls(self) -> Iterator[Patch]:
        """Rectangles between cells of different height, joined where they are on one plane."""
        planes: dict[object, list[tuple[Floats, Floats, float, float]]] = defaultdict(list)
        noded = shapely.unary_union([cell.boundary for cell in self.cells])
        for line in shapely.get_parts(noded):
            for start, end in pairwise(shapely.get_coordinates(line)):
                wall = self._wall(start, end)
                if wall is not None:
                    planes[wall[0]].append(wall[1])
        for key, quads in planes.items():
            yield from self._join(key, quads)

    def _wall(self, start: Floats, end: Floats):  # type: ignore[no-untyped-def]
        middle, side = (start + end) / 2, _side(start, end)
        right, left = (self._step(shapely.Point(middle + step * side)) for step in (1e-6, -1e-6))
        if right[0] == left[0]:
            return None
        if left[0] < right[0]:
            start, end, side, right, left = end, start, -side, left, right
        edge = shapely.Point(middle)
        standing = [k for k, (outline, _) in enumerate(self.cuts) if outline.exterior.distance(edge) < 1e-7]
        cut = -1 if right[1] < 0 else right[1] if right[1] in standing else standing[0]
        around = next((r for r in self.rounds if _on(r, start) and _on(r, end)), None)
        key = (cut, around or (tuple(np.round(side, 6) + 0.0), round(float(side @ middle), 6)), around)
        return key, (start, end, right[0], left[0])

    def _join(self, key, quads) -> Iterator[Patch]:  # type: ignore[no-untyped-def]
        cut, _, around = key
        if around is not None:
            face = self._new_face(cut, around)
            for start, end, low, high in quads:
                region = shapely.box(0, 0, float(np.linalg.norm(end - start)), high - low)
                yield Patch(face, _upright(start, end), np.array((*start, low)), region)
            return
        origin, axes = quads[0][0], _upright(quads[0][0], quads[0][1])
        parts = []
        for start, end, low, high in quads:
            near, far = sorted(float((point - origin) @ axes[0, :2]) for point in (start, end))
            parts.append(shapely.set_precision(shapely.box(near, low, far, high), 1e-9))
        for region in shapely.get_parts(shapely.unary_union(parts)):
            yield Patch(self._new_face(cut), axes, np.array((*origin, 0)), region)


def _on(around: Round, point: Floats) -> bool:
    return bool(abs(np.hypot(*(point - (around.x, around.y))) - around.radius) < 1e-6)


def _side(start: Floats, end: Floats) -> Floats:
    along = (end - start) / np.linalg.norm(end - start)
    return np.array((along[1], -along[0]))


def _upright(start: Floats, end: Floats) -> Floats:
    side = _side(start, end)
    return np.array(((-side[1], side[0], 0), (0, 0, 1), (side[0], side[1], 0)))


def _assemble(patches: list[Patch], rounds: dict[int, Round | None]) -> Shape:
    corners: list[Floats] = []
    face_of: list[int] = []
    for patch in patches:
        for part in shapely.get_parts(shapely.constrained_delaunay_triangles(patch.region)):
            ring = shapely.get_coordinates(shapely.geometry.polygon.orient(part))[:3]
            corners.append(patch.place(ring))
            face_of.append(patch.face)
    triangles = np.array(corners)
    vertices, index = np.unique(np.round(triangles.reshape(-1, 3), 9), axis=0, return_inverse=True)
    faces = _face_table(triangles, np.array(face_of), rounds)
    first, second, third = triangles.transpose(1, 0, 2)
    return Shape(
        vertices=vertices,
        triangles=index.reshape(-1, 3),
        face_of=np.array(face_of),
        faces=faces,
        edges=_edge_table(patches, rounds),
        exact=True,
        volume=float((first * np.cross(second, third)).sum() / 6),
        area=float(faces.area.sum()),
    )


def _face_table(triangles: Floats, face_of: NDArray[np.int64], rounds: dict[int, Round | None]) -> FaceTable:
    count = len(rounds)
    cross = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]) / 2
    area = np.linalg.norm(cross, axis=1)
    total = np.bincount(face_of, area, count)

    def gather(rows: Floats) -> Floats:
        return np.stack([np.bincount(face_of, column, count) for column in rows.T], axis=1)

    centre = gather(triangles.mean(axis=1) * area[:, None]) / total[:, None]
    normal = gather(cross)
    curved = np.array([rounds[k] is not None for k in range(count)])
    none = np.full(count, np.nan)
    axis = np.where(curved[:, None], np.array((0.0, 0, 1)), np.nan)
    origin = np.array([(r.x, r.y, 0) if (r := rounds[k]) else [np.nan] * 3 for k in range(count)])
    return FaceTable(
        kind=np.where(curved, FaceKind.CYLINDER, FaceKind.PLANE).astype(np.int64),
        area=total,
        centre=centre,
        normal=normal / np.linalg.norm(normal, axis=1)[:, None],
        origin=origin,
        axis=axis,
        radius=np.array([r.radius if (r := rounds[k]) else np.nan for k in range(count)]),
        major_radius=none,
        half_angle=none,
        sweep=np.where(curved, np.pi / 2, np.nan),
        length=none,
        hollow=curved,
    )


def _edge_table(patches: list[Patch], rounds: dict[int, Round | None]) -> EdgeTable:
    corners = np.unique(np.round(np.vstack([ring for p in patches for ring in p.rings()]), 7), axis=0)
    sides: dict[tuple[bytes, ...], list[Side]] = defaultdict(list)
    for patch in patches:
        for loop, ring in enumerate(patch.rings()):
            for start, end in pairwise(np.vstack((ring, ring[:1]))):
                for one, two in pairwise(_split(start, end, corners)):
                    key = tuple(sorted((np.round(p, 5) + 0.0).tobytes() for p in (one, two)))
                    sides[key].append((patch.face, loop, one, two, patch.axes[2]))
    rows = [pair for pair in sides.values() if len(pair) == 2 and pair[0][0] != pair[1][0]]
    bends = [_bend(a, b, smooth=bool((rounds[a[0]] or rounds[b[0]]) and _upward(a))) for a, b in rows]
    start, end = (np.array([a[k] for a, _ in rows]) for k in (2, 3))
    return EdgeTable(
        faces=np.array([(a[0], b[0]) for a, b in rows]),
        loops=np.array([(a[1], b[1]) for a, b in rows]),
        bend=np.array(bends),
        length=np.linalg.norm(end - start, axis=1),
        start=start,
        middle=(start + end) / 2,
        end=end,
        straight=np.ones(len(rows), dtype=bool),
    )


def _upward(side: Side) -> bool:
    return bool(np.allclose(side[2][:2], side[3][:2]))


def _bend(one: Side, two: Side, *, smooth: bool) -> float:
    if smooth:
        return 0.0
    inward = np.cross(one[4], one[3] - one[2])
    angle = float(np.degrees(np.arctan2(np.linalg.norm(np.cross(one[4], two[4])), one[4] @ two[4])))
    return -angle if two[4] @ inward > 0 else angle


def _split(start: Floats, end: Floats, corners: Floats) -> Floats:
    """The segment's ends with every corner that lies on it between them."""
    along = end - start
    length = float(np.linalg.norm(along))
    place = (corners - start) @ along / length**2
    aside = np.linalg.norm(corners - start - place[:, None] * along, axis=1)
    inner = corners[(aside < 1e-6) & (place * length > 1e-6) & ((1 - place) * length > 1e-6)]
    order = np.argsort((inner - start) @ along)
    return np.vstack((start, inner[order], end))
