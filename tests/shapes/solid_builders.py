"""Bodies built by hand: extrusions and turned profiles as tagged triangles with a table of their faces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from manyworks.shapes.shape import EdgeTable, FaceKind, FaceTable, Shape

Floats = NDArray[np.float64]
Points = Sequence[tuple[float, float]]
Circle = tuple[float, float, float]
CHORDS = 48


class Draft:
    """Faces and triangles gathered one by one."""

    def __init__(self) -> None:
        self.triangles: list[Floats] = []
        self.face_of: list[int] = []
        self.rows: list[dict[str, object]] = []

    def add(self, kind: FaceKind, triangles: Sequence[Floats], **columns: object) -> None:
        """Add a face with its triangles."""
        self.face_of += [len(self.rows)] * len(triangles)
        self.triangles += [np.asarray(triangle, dtype=float) for triangle in triangles]
        self.rows.append({"kind": int(kind), **columns})

    def build(self) -> Shape:
        """Make the body: measures from its triangles."""
        corners = np.array(self.triangles)
        crosses = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        areas = np.linalg.norm(crosses, axis=1) / 2
        face_of = np.array(self.face_of)
        volume = float(np.einsum("ij,ij->i", corners[:, 0], crosses).sum() / 6)
        assert volume > 0
        return Shape(
            vertices=corners.reshape(-1, 3),
            triangles=np.arange(3 * len(corners)).reshape(-1, 3),
            face_of=face_of,
            faces=self._table(corners, crosses, areas, face_of),
            edges=no_edges(),
            exact=True,
            volume=volume,
            area=float(areas.sum()),
        )

    def _table(
        self, corners: Floats, crosses: Floats, areas: Floats, face_of: NDArray[np.int64]
    ) -> FaceTable:
        count = len(self.rows)
        area = np.bincount(face_of, areas, count)
        weighted = corners.mean(axis=1) * areas[:, None]
        centre = np.column_stack([np.bincount(face_of, weighted[:, k], count) for k in range(3)])
        normal = np.column_stack([np.bincount(face_of, crosses[:, k], count) for k in range(3)])
        size = np.linalg.norm(normal, axis=1)
        normal = np.divide(normal, size[:, None], out=np.zeros_like(normal), where=size[:, None] > 1e-9)

        def column(name: str, width: int = 0) -> Floats:
            empty = [np.nan] * width if width else np.nan
            return np.array([row.get(name, empty) for row in self.rows], dtype=float)

        return FaceTable(
            kind=np.array([row["kind"] for row in self.rows]),
            area=area,
            centre=centre / area[:, None],
            normal=normal,
            origin=column("origin", 3),
            axis=column("axis", 3),
            radius=column("radius"),
            major_radius=column("major_radius"),
            half_angle=column("half_angle"),
            sweep=column("sweep"),
            length=column("length"),
            hollow=np.array([bool(row.get("hollow", False)) for row in self.rows]),
        )


def no_edges() -> EdgeTable:
    """An edge table without rows."""
    none, points = np.zeros(0), np.zeros((0, 3))
    return EdgeTable(
        faces=np.zeros((0, 2), dtype=np.int64),
        loops=np.zeros((0, 2), dtype=np.int64),
        bend=none,
        length=none,
        start=points,
        middle=points,
        end=points,
        straight=np.zeros(0, dtype=np.bool_),
    )


def ring(circle: Circle, chords: int = CHORDS) -> list[tuple[float, float]]:
    """Corners of a circle, counter-clockwise."""
    x, y, radius = circle
    turns = np.arange(chords) * 2 * np.pi / chords
    return [(x + radius * float(np.cos(t)), y + radius * float(np.sin(t))) for t in turns]


def extrude(
    outline: Points | Circle, height: float, holes: Sequence[Points | Circle] = (), bottom: float = 0.0
) -> Shape:
    """Extrude an outline with holes along z; circles are given as (x, y, radius) and become cylinders."""
    draft = Draft()
    add_extrusion(draft, outline, bottom, bottom + height, holes)
    return draft.build()


def add_extrusion(
    draft: Draft, outline: Points | Circle, bottom: float, top: float, holes: Sequence[Points | Circle] = ()
) -> None:
    """Add the walls and both ends of an extrusion."""
    import shapely

    loops = [_loop(outline), *(_loop(hole) for hole in holes)]
    plane = shapely.Polygon(loops[0], loops[1:])
    parts = shapely.constrained_delaunay_triangles(plane).geoms
    flat = [np.array(shapely.geometry.polygon.orient(part).exterior.coords)[:3] for part in parts]
    draft.add(FaceKind.PLANE, [np.column_stack((part, np.full(3, top))) for part in flat])
    draft.add(FaceKind.PLANE, [np.column_stack((part[::-1], np.full(3, bottom))) for part in flat])
    for number, shape in enumerate((outline, *holes)):
        _add_walls(draft, shape, loops[number], (bottom, top), inside=number > 0)


def _loop(shape: Points | Circle) -> list[tuple[float, float]]:
    return ring(shape) if _is_circle(shape) else list(shape)  # type: ignore[arg-type]


def _is_circle(shape: Points | Circle) -> bool:
    return isinstance(shape, tuple) and len(shape) == 3 and not isinstance(shape[0], tuple)


def _add_walls(
    draft: Draft, shape: Points | Circle, loop: Points, levels: tuple[float, float], *, inside: bool
) -> None:
    points = np.array(loop)
    following = np.roll(points, -1, axis=0)
    x, y = points[:, 0], points[:, 1]
    turned_left = float((x * following[:, 1] - y * following[:, 0]).sum()) > 0
    if turned_left == inside:
        points, following = following, points
    walls = [_wall(a, b, levels) for a, b in zip(points, following, strict=True)]
    if not _is_circle(shape):
        for wall in walls:
            draft.add(FaceKind.PLANE, wall)
        return
    draft.add(
        FaceKind.CYLINDER,
        [triangle for wall in walls for triangle in wall],
        origin=(shape[0], shape[1], levels[0]),
        axis=(0.0, 0.0, 1.0),
        radius=shape[2],
        sweep=2 * np.pi,
        length=levels[1] - levels[0],
        hollow=inside,
    )


def _wall(a: Floats, b: Floats, levels: tuple[float, float]) -> list[Floats]:
    (ax, ay), (bx, by) = a, b
    low, high = levels
    return [
        np.array([(ax, ay, low), (bx, by, low), (bx, by, high)]),
        np.array([(ax, ay, low), (bx, by, high), (ax, ay, high)]),
    ]


def revolve(profile: Points, chords: int = CHORDS, kind: FaceKind | None = None) -> Shape:
    """Turn a closed profile of (radius, height) around z; it runs so that material lies on its left.

    Sides become cylinders, cones and planes unless ``kind`` names one sort for all.
    """
    draft = Draft()
    turns = np.arange(chords + 1) * 2 * np.pi / chords
    for (r1, z1), (r2, z2) in zip(profile, [*profile[1:], profile[0]], strict=True):
        if max(r1, r2) == 0:
            continue
        triangles: list[Floats] = []
        for t, u in pairwise(turns):
            a, b = _turned(r1, z1, t), _turned(r1, z1, u)
            c, d = _turned(r2, z2, u), _turned(r2, z2, t)
            triangles += [np.array(part) for part in ((a, b, c), (a, c, d)) if _has_area(part)]
        sort = FaceKind.CYLINDER if r1 == r2 else FaceKind.PLANE if z1 == z2 else FaceKind.CONE
        draft.add(
            sort if kind is None else kind,
            triangles,
            origin=(0.0, 0.0, z1),
            axis=(0.0, 0.0, 1.0) if kind is None and z1 != z2 else (np.nan,) * 3,
            radius=(r1 + r2) / 2,
            sweep=2 * np.pi,
            length=abs(z2 - z1),
            hollow=z2 < z1,
        )
    return draft.build()


def _turned(radius: float, height: float, turn: float) -> tuple[float, float, float]:
    return (radius * float(np.cos(turn)), radius * float(np.sin(turn)), height)


def _has_area(corners: tuple[tuple[float, float, float], ...]) -> bool:
    a, b, c = (np.array(corner) for corner in corners)
    return float(np.linalg.norm(np.cross(b - a, c - a))) > 1e-12


def box(x: float, y: float, z: float) -> Shape:
    """A block with a corner at the origin."""
    return extrude([(0, 0), (x, 0), (x, y), (0, y)], z)


def hollow_box(size: float, wall: float) -> Shape:
    """A cube with a closed void inside."""
    draft = Draft()
    add_extrusion(draft, [(0, 0), (size, 0), (size, size), (0, size)], 0, size)
    low, high = wall, size - wall
    inner = Draft()
    add_extrusion(inner, [(low, low), (high, low), (high, high), (low, high)], low, high)
    for triangle, face in zip(inner.triangles, inner.face_of, strict=True):
        draft.triangles.append(triangle[::-1])
        draft.face_of.append(face + len(draft.rows))
    draft.rows += inner.rows
    return draft.build()


def cup(top: float = 20.0, bottom: float = 18.0, height: float = 30.0, wall: float = 2.0) -> Shape:
    """A drafted cup, open at the top."""
    return revolve(
        [(0, 0), (bottom, 0), (top, height), (top - wall, height), (bottom - wall, wall), (0, wall)]
    )


Cells = Callable[[int, int, int], bool]


def carve(xs: Sequence[float], ys: Sequence[float], zs: Sequence[float], keep: Cells) -> Shape:
    """A body of bricks between grid planes: those cells (i, j, k) that are kept.

    All skin on one plane that faces one way is one face.
    """
    grid = (xs, ys, zs)
    shape = tuple(len(lines) - 1 for lines in grid)
    kept = np.array(
        [[[keep(i, j, k) for k in range(shape[2])] for j in range(shape[1])] for i in range(shape[0])]
    )
    padded = np.pad(kept, 1)
    faces: dict[tuple[int, int, float], list[Floats]] = {}
    for cell in zip(*np.nonzero(kept), strict=True):
        for axis in range(3):
            for side in (-1, 1):
                beyond = [place + 1 for place in cell]
                beyond[axis] += side
                if not padded[tuple(beyond)]:
                    level = grid[axis][cell[axis] + (side > 0)]
                    faces.setdefault((axis, side, level), []).extend(_brick_side(grid, cell, axis, side))
    draft = Draft()
    for triangles in faces.values():
        draft.add(FaceKind.PLANE, triangles)
    return draft.build()


def _brick_side(grid: Sequence[Sequence[float]], cell: Sequence[int], axis: int, side: int) -> list[Floats]:
    across, along = (axis + 1) % 3, (axis + 2) % 3
    corners = []
    for u, v in ((0, 0), (1, 0), (1, 1), (0, 1)):
        corner = np.zeros(3)
        corner[axis] = grid[axis][cell[axis] + (side > 0)]
        corner[across], corner[along] = grid[across][cell[across] + u], grid[along][cell[along] + v]
        corners.append(corner)
    a, b, c, d = corners if side > 0 else corners[::-1]
    return [np.array((a, b, c)), np.array((a, c, d))]


def tray_with_window() -> Shape:
    """An open tray 60 x 40 x 20, walls and floor 2 mm, with a window 10 x 8 through one long wall."""
    return carve(
        [0, 2, 25, 35, 58, 60],
        [0, 2, 38, 40],
        [0, 2, 8, 16, 20],
        lambda i, j, k: (k == 0 or i in (0, 4) or j in (0, 2)) and not (i == 2 and j == 0 and k == 2),
    )


def table() -> Shape:
    """A plate 40 x 40 x 4 on a square post 10 x 10 x 20."""
    lines = [0, 15, 25, 40]
    return carve(lines, lines, [0, 20, 24], lambda i, j, k: k == 1 or (i == 1 and j == 1))


def t_slot(length: float = 60.0) -> Shape:
    """A bar with a T-shaped slot along it (along z)."""
    outline = [(0, 0), (40, 0), (40, 30), (24, 30), (24, 20), (32, 20), (32, 10), (8, 10), (8, 20), (16, 20)]
    return extrude([*outline, (16, 30), (0, 30)], length)


def l_bracket(leg: float = 40.0, wall: float = 3.0, width: float = 30.0) -> Shape:
    """An angle of two legs."""
    return extrude([(0, 0), (leg, 0), (leg, wall), (wall, wall), (wall, leg), (0, leg)], width)


def rotation(seed: int) -> Floats:
    """A random turn; (3, 3)."""
    matrix, scale = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    matrix = matrix * np.sign(np.diag(scale))
    return np.asarray(matrix if np.linalg.det(matrix) > 0 else -matrix)


def move(shape: Shape, turn: Floats, shift: Sequence[float] = (0.0, 0.0, 0.0)) -> Shape:
    """The same body elsewhere, turned."""
    offset = np.asarray(shift)
    faces, edges = shape.faces, shape.edges
    return replace(
        shape,
        vertices=shape.vertices @ turn.T + offset,
        faces=replace(
            faces,
            centre=faces.centre @ turn.T + offset,
            normal=faces.normal @ turn.T,
            origin=faces.origin @ turn.T + offset,
            axis=faces.axis @ turn.T,
        ),
        edges=replace(
            edges,
            start=edges.start @ turn.T + offset,
            middle=edges.middle @ turn.T + offset,
            end=edges.end @ turn.T + offset,
        ),
    )
