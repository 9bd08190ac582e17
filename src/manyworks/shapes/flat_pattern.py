"""Lay one side of a bent sheet out in the plane, face by face."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from manyworks.shapes.k_factors import k_factor
from manyworks.shapes.mesh_graph import half_edges
from manyworks.shapes.shape import FaceKind, Shape

if TYPE_CHECKING:
    from manyworks.shapes.shape import Floats, Integers

# Edges that turn less than this (degrees) lead on to the next face of a side.
_SMOOTH = 5.0
# A cylinder that turns further than this (radians) is a tube.
_CLOSED = 1.95 * np.pi
# Places of a corner reached two ways may differ by this share of the thickness, or of the pattern.
_MEET = 0.5
_MEET_SHARE = 1e-3
# Overlap of the pattern with itself that is put down to chords, as a share of its area.
_OVERLAP = 0.03
# Outlines snap to a grid of this share of the thickness, so that neighbours share their border.
_SNAP = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class FlatPattern:
    """Sides of the smallest rectangle, true area, length of all contours, number of contours."""

    length: float
    width: float
    area: float
    cut: float
    contours: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Local:
    """A face's own plane: first and second direction; for bends the axis point and unrolled radius."""

    origin: Floats
    first: Floats
    second: Floats
    bend: tuple[Floats, float, float] | None = None  # radial start, neutral radius, turning sense
    squeeze: float = 1.0  # the neutral radius over the face's own

    def map(self, points: Floats) -> Floats:
        """Points of the face on its plane, shape (n, 2)."""
        away = points - self.origin
        second = away @ self.second
        if self.bend is None:
            return np.stack((away @ self.first, second), axis=1)
        radial, reach, sense = self.bend
        angle = np.arctan2(away @ self.first, away @ radial)
        return np.stack((sense * reach * angle, second), axis=1)

    def stretch(self, points: Floats) -> float:
        """How much longer the way along points is in the pattern than on the face."""
        steps = np.diff(self.map(points), axis=0)
        own = np.linalg.norm(steps / (self.squeeze, 1.0), axis=1).sum()
        return float(np.linalg.norm(steps, axis=1).sum() / own) if own > 0 else 1.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Placed:
    """A face in the pattern: its own plane, turned and moved."""

    local: _Local
    turn: Floats
    shift: Floats

    def map(self, points: Floats) -> Floats:
        return self.local.map(points) @ self.turn.T + self.shift


def unfold(shape: Shape, side: Integers, thickness: float) -> FlatPattern | None:
    """Unfold a side of flat faces and cylinders; None where it closes on itself or overlaps."""
    usable = np.isin(shape.faces.kind[side], (FaceKind.PLANE, FaceKind.CYLINDER))
    side = side[usable]
    rolled = shape.faces.kind[side] == FaceKind.CYLINDER
    if (shape.faces.sweep[side][rolled] > _CLOSED).any():
        return None
    placed = _place(shape, side, thickness)
    if placed is None:
        return None
    area = sum(_flat_area(shape, face, thickness) for face in placed)
    outline = _outline(shape, placed, thickness)
    # A snap so coarse that nothing is left of a broken face gives no outline at all.
    if outline is None or outline.area < (1 - _OVERLAP) * area or len(placed) < len(side):
        return None
    length, width = _rectangle(outline)
    parts = getattr(outline, "geoms", [outline])
    return FlatPattern(
        length=length,
        width=width,
        area=area,
        cut=_cut_length(shape, placed),
        contours=sum(1 + len(part.interiors) for part in parts),
    )


# ---- each face on its own ----------------------------------------------------------------------


def _neutral_radius(shape: Shape, face: int, thickness: float) -> float:
    radius = float(shape.faces.radius[face])
    inside = radius if shape.faces.hollow[face] else max(radius - thickness, 0.0)
    return inside + k_factor(inside, thickness) * thickness


def _flat_area(shape: Shape, face: int, thickness: float) -> float:
    area = float(shape.faces.area[face])
    if shape.faces.kind[face] == FaceKind.PLANE:
        return area
    return area * _neutral_radius(shape, face, thickness) / float(shape.faces.radius[face])


def _local(shape: Shape, face: int, thickness: float) -> _Local:
    """Axes that make a right-handed system with the outward normal, so that nothing is mirrored."""
    faces = shape.faces
    if faces.kind[face] == FaceKind.PLANE:
        normal = faces.normal[face]
        first = np.cross(normal, np.eye(3)[int(np.argmin(np.abs(normal)))])
        first /= np.linalg.norm(first)
        return _Local(origin=faces.centre[face], first=first, second=np.cross(normal, first))
    axis, origin = faces.axis[face], faces.origin[face]
    radial = faces.centre[face] - origin
    radial = radial - (radial @ axis) * axis
    radial /= max(float(np.linalg.norm(radial)), np.finfo(float).tiny)
    sense = -1.0 if faces.hollow[face] else 1.0
    reach = _neutral_radius(shape, face, thickness)
    return _Local(
        origin=origin,
        first=np.cross(axis, radial),
        second=axis,
        bend=(radial, reach, sense),
        squeeze=reach / float(faces.radius[face]),
    )


# ---- side by side ------------------------------------------------------------------------------


def _place(shape: Shape, side: Integers, thickness: float) -> dict[int, _Placed] | None:
    """Place faces outwards from the largest flat one; None where two ways do not meet."""
    around = _neighbours(shape, side)
    flat = shape.faces.kind[side] == FaceKind.PLANE
    first = int(side[np.lexsort((-shape.faces.area[side], ~flat))[0]])
    local = _local(shape, first, thickness)
    placed = {first: _Placed(local=local, turn=np.eye(2), shift=np.zeros(2))}
    queue = deque([first])
    extent = float(np.linalg.norm(np.ptp(shape.vertices, axis=0)))
    allowed = max(_MEET * thickness, _MEET_SHARE * extent)
    while queue:
        face = queue.popleft()
        for edge, beyond in around.get(face, ()):
            ends = np.stack((shape.edges.start[edge], shape.edges.end[edge]))
            there = placed[face].map(ends)
            if beyond in placed:
                if np.abs(placed[beyond].map(ends) - there).max() > allowed:
                    return None
                continue
            placed[beyond] = _attach(_local(shape, beyond, thickness), ends, there)
            queue.append(beyond)
    return placed


def _neighbours(shape: Shape, side: Integers) -> dict[int, list[tuple[int, int]]]:
    """For each face of a side the edges that lead on, and the faces beyond, longest edge first."""
    inside = np.zeros(len(shape.faces.kind), dtype=bool)
    inside[side] = True
    edges = shape.edges
    within = (edges.faces >= 0).all(axis=1) & inside[edges.faces].all(axis=1)
    open_ = np.linalg.norm(edges.end - edges.start, axis=1) > 0
    rows = np.flatnonzero(within & open_ & (np.abs(edges.bend) < _SMOOTH))
    around: dict[int, list[tuple[int, int]]] = {}
    for row in rows[np.argsort(-edges.length[rows], kind="stable")].tolist():
        one, other = edges.faces[row].tolist()
        if one != other:
            around.setdefault(one, []).append((row, other))
            around.setdefault(other, []).append((row, one))
    return around


def _attach(local: _Local, ends: Floats, there: Floats) -> _Placed:
    """Turn and move a face so that its edge comes to lie where the neighbour has it."""
    here = local.map(ends)
    x, y = here[1] - here[0]
    u, v = there[1] - there[0]
    angle = np.arctan2(v, u) - np.arctan2(y, x)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return _Placed(local=local, turn=turn, shift=there.mean(axis=0) - turn @ here.mean(axis=0))


# ---- the whole ---------------------------------------------------------------------------------


def _outline(shape: Shape, placed: dict[int, _Placed], thickness: float) -> Any:
    import shapely

    order = np.argsort(shape.face_of, kind="stable")
    bounds = np.searchsorted(shape.face_of[order], np.arange(len(shape.faces.kind) + 1))
    outlines = [
        _face_outline(shape, place, shape.triangles[order[bounds[face] : bounds[face + 1]]], thickness)
        for face, place in placed.items()
    ]
    return shapely.union_all(outlines, grid_size=_SNAP * thickness)


def _face_outline(shape: Shape, place: _Placed, triangles: Integers, thickness: float) -> Any:
    """The area inside a face's border; where borders cross, the union of its triangles, which is slower."""
    import shapely

    _, start, end = half_edges(triangles)
    size = len(shape.vertices)
    alone = ~np.isin(start * size + end, end * size + start)
    ends = np.stack((place.map(shape.vertices[start[alone]]), place.map(shape.vertices[end[alone]])), axis=1)
    outline = shapely.build_area(shapely.multilinestrings(shapely.linestrings(ends)))
    corners = place.map(shape.vertices[triangles.ravel()]).reshape(-1, 3, 2)
    (ax, ay), (bx, by) = (corners[:, 1] - corners[:, 0]).T, (corners[:, 2] - corners[:, 0]).T
    if abs(outline.area - abs(float((ax * by - ay * bx).sum())) / 2) <= 1e-6 * outline.area:
        return outline
    rings = np.concatenate((corners, corners[:, :1]), axis=1)
    return shapely.union_all(shapely.polygons(rings), grid_size=_SNAP * thickness)


def _rectangle(outline: Any) -> tuple[float, float]:
    import shapely

    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(outline))
    sides = np.linalg.norm(np.diff(corners, axis=0), axis=1)[:2]
    return float(sides.max()), float(sides.min())


def _cut_length(shape: Shape, placed: dict[int, _Placed]) -> float:
    """Borders of the side, each as much longer or shorter as its three points are in the pattern."""
    edges = shape.edges
    inside = np.zeros(len(shape.faces.kind) + 1, dtype=bool)  # the last row is for -1
    inside[list(placed)] = True
    total = 0.0
    for row in np.flatnonzero(inside[edges.faces].sum(axis=1) == 1).tolist():
        face = int(edges.faces[row][inside[edges.faces[row]]][0])
        points = np.stack((edges.start[row], edges.middle[row], edges.end[row]))
        total += float(edges.length[row]) * placed[face].local.stretch(points)
    return total
