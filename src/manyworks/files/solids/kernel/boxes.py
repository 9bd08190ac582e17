"""Tight boxes of a solid at each of its places, also where its mesh is coarse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from OCP.BRep import BRep_Tool
from OCP.BRepAdaptor import BRepAdaptor_Curve, BRepAdaptor_Surface
from OCP.GeomAbs import GeomAbs_CurveType
from OCP.TopAbs import TopAbs_ShapeEnum as Kind
from OCP.TopExp import TopExp_Explorer
from OCP.TopLoc import TopLoc_Location
from OCP.TopoDS import TopoDS

from manyworks.files.solids.kernel.meshes import FaceMesh

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# The mesher keeps its promise roughly; twice the distance is on the safe side.
_MARGIN = 2.0
# Each triangle near the limit is looked at on a grid of so many steps along its sides: what is
# missing between mesh and surface shrinks by the square of it.
_STEPS = 8
_FEWER_STEPS = 3
_MANY_TRIANGLES = 2_000
_CURVE_POINTS = 400


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
            near = ((moved < low + self._reach) | (moved > high - self._reach)).any(axis=1)
            if near.any():
                chosen = mesh.triangles[near[mesh.triangles].any(axis=1)]
                finer = np.concatenate((self._surface(number, chosen), self._edges(number)))
                fine_low, fine_high = _extent(np.concatenate((_move(finer, place), moved)))
                tight_low, tight_high = np.minimum(tight_low, fine_low), np.maximum(tight_high, fine_high)
        return np.array([tight_low, tight_high])

    def _surface(self, number: int, triangles: Integers) -> Floats:
        """Points of the surface on a fine grid within some triangles."""
        steps = _STEPS if len(triangles) < _MANY_TRIANGLES else _FEWER_STEPS
        weights = np.array([(i, j, steps - i - j) for i in range(steps + 1) for j in range(steps + 1 - i)])
        spots = (weights / steps) @ self._meshes[number].parameters[triangles]
        surface = BRepAdaptor_Surface(self._faces[number], True)
        found = (surface.Value(u, v) for u, v in spots.reshape(-1, 2).tolist())
        return np.array([(point.X(), point.Y(), point.Z()) for point in found]).reshape(-1, 3)

    def _edges(self, number: int) -> Floats:
        """Points of the curved edges of a face."""
        if number not in self._curves:
            found: list[tuple[float, float, float]] = []
            edges = TopExp_Explorer(self._faces[number], Kind.TopAbs_EDGE)
            while edges.More():
                found += _curve_points(TopoDS.Edge(edges.Current()))
                edges.Next()
            self._curves[number] = np.array(found).reshape(-1, 3)
        return self._curves[number]


def _curve_points(edge: Any) -> list[tuple[float, float, float]]:
    if BRep_Tool.Degenerated_s(edge) or BRep_Tool.Curve_s(edge, TopLoc_Location(), 0.0, 0.0) is None:
        return []
    curve = BRepAdaptor_Curve(edge)
    if curve.GetType() == GeomAbs_CurveType.GeomAbs_Line:
        return []
    low, high = curve.FirstParameter(), curve.LastParameter()
    found = (curve.Value(at) for at in np.linspace(low, high, _CURVE_POINTS + 1).tolist())
    return [(point.X(), point.Y(), point.Z()) for point in found]


def _move(points: Floats, place: Floats) -> Floats:
    return np.asarray(points @ place[:, :3].T + place[:, 3])


def _extent(points: Floats) -> tuple[Floats, Floats]:
    return points.min(axis=0), points.max(axis=0)
