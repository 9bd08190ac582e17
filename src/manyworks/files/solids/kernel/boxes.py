"""Tight boxes of a solid at each of its places, also where its mesh is coarse."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from OCP.BRep import BRep_Tool
from OCP.BRepAdaptor import BRepAdaptor_Curve, BRepAdaptor_Surface
from OCP.collections import IndexedMap_TopoDS_Shape_TopTools_ShapeMapHasher as Shapes
from OCP.GeomAbs import GeomAbs_CurveType
from OCP.gp import gp_Pnt, gp_Vec
from OCP.TopAbs import TopAbs_ShapeEnum as Kind
from OCP.TopExp import TopExp_Explorer
from OCP.TopLoc import TopLoc_Location
from OCP.TopoDS import TopoDS

from manyworks.files.solids.kernel.meshes import FaceMesh

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# The mesher keeps its promise roughly; twice the distance is on the safe side.
_MARGIN = 2.0
# A triangle or a stretch of a curve that may bulge beyond its corners is looked at in so many steps:
# what is missing between mesh and surface shrinks by the square of it.
_STEPS = 8
_FEWER_STEPS = 3
_MANY_TRIANGLES = 2_000
_STRETCHES = 24
# Slopes below this, as a share of the largest, are level.
_LEVEL = 1e-6
_NOTHING: Floats = np.zeros((0, 3))


class BoxFinder:
    """Looks at the true surface and the true edges where they may reach beyond the mesh.

    The kernel's own box goes by the poles of free-form faces and is too large by as much as a
    percent.
    """

    def __init__(self, faces: Sequence[Any], meshes: Sequence[FaceMesh], deflection: float) -> None:
        self._faces = faces
        self._meshes = meshes
        self._points = np.concatenate([mesh.points for mesh in meshes])
        self._reach = _MARGIN * deflection
        self._edge_names = Shapes()
        self._curves: dict[int, Floats] = {}

    def boxes(self, places: Floats) -> Floats:
        """Lowest and highest corner at each place, (k, 2, 3)."""
        first = self._box(places[0])
        return np.array([first, *(self._moved(first, place) for place in places[1:])])

    def _moved(self, first: Floats, place: Floats) -> Floats:
        if np.allclose(place[:, :3], np.eye(3), atol=1e-12):
            return first + place[:, 3]
        return self._box(place)

    def _box(self, place: Floats) -> Floats:
        low, high = _extent(_move(self._points, place))
        tight_low, tight_high = low, high
        for number, mesh in enumerate(self._meshes):
            if mesh.flat or not len(mesh.points):
                continue
            moved = _move(mesh.points, place)
            near = np.any((moved < low + self._reach) | (moved > high - self._reach), axis=1)
            if near.any():
                chosen = mesh.triangles[np.any(near[mesh.triangles], axis=1)]
                finer = np.concatenate((self._surface(number, chosen), self._edges(number)))
                fine_low, fine_high = _extent(np.concatenate((_move(finer, place), moved)))
                tight_low, tight_high = np.minimum(tight_low, fine_low), np.maximum(tight_high, fine_high)
        return np.array([tight_low, tight_high])

    def _surface(self, number: int, triangles: Integers) -> Floats:
        """Points of the surface on a fine grid within those triangles that may bulge."""
        surface = BRepAdaptor_Surface(self._faces[number], True)
        corners, places = np.unique(triangles, return_inverse=True)
        spots = self._meshes[number].parameters[corners]
        slopes = _slopes(surface, spots)[places.reshape(-1, 3)]
        triangles = triangles[_may_bulge(slopes)]
        steps = _STEPS if len(triangles) < _MANY_TRIANGLES else _FEWER_STEPS
        weights = np.array([(i, j, steps - i - j) for i in range(steps + 1) for j in range(steps + 1 - i)])
        grid = (weights / steps) @ self._meshes[number].parameters[triangles]
        found = (surface.Value(u, v) for u, v in grid.reshape(-1, 2).tolist())
        return np.array([(point.X(), point.Y(), point.Z()) for point in found]).reshape(-1, 3)

    def _edges(self, number: int) -> Floats:
        """Points of the curved edges of a face."""
        found = [_NOTHING]
        edges = TopExp_Explorer(self._faces[number], Kind.TopAbs_EDGE)
        while edges.More():
            edge = TopoDS.Edge(edges.Current())
            name = self._edge_names.Add(edge)  # the same for both faces at it
            if name not in self._curves:
                self._curves[name] = _curve_points(edge)
            found.append(self._curves[name])
            edges.Next()
        return np.concatenate(found)


def _slopes(surface: Any, spots: Floats) -> Floats:
    """How fast each coordinate grows along both parameters, (n, 2, 3)."""
    point, along_u, along_v = gp_Pnt(), gp_Vec(), gp_Vec()
    rows: list[tuple[float, ...]] = []
    for u, v in spots.tolist():
        surface.D1(u, v, point, along_u, along_v)
        rows.append((along_u.X(), along_u.Y(), along_u.Z(), along_v.X(), along_v.Y(), along_v.Z()))
    return np.array(rows).reshape(-1, 2, 3)


def _may_bulge(slopes: Floats) -> NDArray[np.bool_]:
    """Triangles within which some coordinate may have its extreme; slopes (m, 3 corners, 2, 3 axes).

    There both slopes are nought: neither may have one sign only, and one at least changes its own.
    """
    level = _LEVEL * np.abs(slopes).max(initial=1e-300)
    low, high = slopes.min(axis=1), slopes.max(axis=1)
    through = (low <= level) & (high >= -level)
    changes = (low < -level) & (high > level)
    return np.asarray((through.all(axis=1) & changes.any(axis=1)).any(axis=1))


def _curve_points(edge: Any) -> Floats:
    """Points of a curve, close together where a coordinate turns round."""
    if BRep_Tool.Degenerated_s(edge) or BRep_Tool.Curve_s(edge, TopLoc_Location(), 0.0, 0.0) is None:
        return _NOTHING
    curve = BRepAdaptor_Curve(edge)
    kind = curve.GetType()
    if kind == GeomAbs_CurveType.GeomAbs_Line:
        return _NOTHING
    if kind == GeomAbs_CurveType.GeomAbs_Circle:
        return _circle_points(curve.Circle(), curve.FirstParameter(), curve.LastParameter())
    steps = np.linspace(curve.FirstParameter(), curve.LastParameter(), _STRETCHES + 1)
    point, along = gp_Pnt(), gp_Vec()
    slopes: list[tuple[float, float, float]] = []
    for at in steps.tolist():
        curve.D1(at, point, along)
        slopes.append((along.X(), along.Y(), along.Z()))
    turns = (np.sign(slopes)[1:] != np.sign(slopes)[:-1]).any(axis=1)
    fine = [
        np.linspace(a, b, 4 * _STEPS + 1) for a, b in zip(steps[:-1][turns], steps[1:][turns], strict=True)
    ]
    found = (curve.Value(at) for at in np.concatenate([_NOTHING[:, 0], *fine]).tolist())
    return np.array([(one.X(), one.Y(), one.Z()) for one in found]).reshape(-1, 3)


def _circle_points(circle: Any, begin: float, end: float) -> Floats:
    """Where each coordinate turns round on an arc: exactly, and in a tenth of the time of a search."""
    centre, right, up = (
        (one.X(), one.Y(), one.Z())
        for one in (circle.Location(), circle.XAxis().Direction(), circle.YAxis().Direction())
    )
    turns = [math.atan2(v, u) + half for u, v in zip(right, up, strict=True) for half in (0.0, math.pi)]
    angles = np.array([turn for turn in turns if (turn - begin) % math.tau <= end - begin])
    arms = np.cos(angles)[:, None] * np.array(right) + np.sin(angles)[:, None] * np.array(up)
    return np.asarray(np.array(centre) + circle.Radius() * arms)


def _move(points: Floats, place: Floats) -> Floats:
    return np.asarray(points @ place[:, :3].T + place[:, 3])


def _extent(points: Floats) -> tuple[Floats, Floats]:
    return points.min(axis=0), points.max(axis=0)
