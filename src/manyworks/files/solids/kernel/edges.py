"""The edges of a solid as columns: the faces they join, how these turn, ends and length."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from OCP.BRep import BRep_Tool
from OCP.BRepAdaptor import BRepAdaptor_Curve, BRepAdaptor_Curve2d, BRepAdaptor_Surface
from OCP.BRepTools import BRepTools
from OCP.collections import IndexedMap_TopoDS_Shape_TopTools_ShapeMapHasher as Shapes
from OCP.GCPnts import GCPnts_AbscissaPoint
from OCP.gp import gp_Pnt, gp_Vec
from OCP.TopAbs import TopAbs_Orientation as Way
from OCP.TopAbs import TopAbs_ShapeEnum as Kind
from OCP.TopExp import TopExp, TopExp_Explorer
from OCP.TopoDS import TopoDS

from manyworks.files.solids.kernel.faces import outward

Row = dict[str, Any]
# Parts of an edge tried in turn for the place where its faces are compared; a face may have no
# normal at one (a cone's tip).
_PLACES = (0.5, 0.43, 0.61, 0.27)
_LENGTH_ERROR = 1e-6


def describe_edges(solid: Any, faces: Sequence[Any]) -> list[Row]:
    """One row for every edge; seams and edges without length are left out.

    The first two faces of an edge count where there are more (a solid that touches itself).
    """
    known = Shapes()
    TopExp.MapShapes_s(solid, Kind.TopAbs_EDGE, known)
    sides: list[list[tuple[int, int, Any]]] = [[] for _ in range(known.Extent())]
    for number, face in enumerate(faces):
        for loop, edge in _boundary(face):
            sides[known.FindIndex(edge) - 1].append((number, loop, edge))
    surfaces = [BRepAdaptor_Surface(face, True) for face in faces]
    rows: list[Row] = []
    for side in sides:
        if side and not BRep_Tool.Degenerated_s(side[0][2]):
            first, second = side[0], (side[1] if len(side) > 1 else None)
            if second is None or second[0] != first[0]:
                rows.append(_row(first, second, faces, surfaces))
    return rows


def _boundary(face: Any) -> Iterator[tuple[int, Any]]:
    """Edges of a face with the number of their loop, the outer loop being number 0."""
    outer = BRepTools.OuterWire_s(face)
    number = 0
    wires = TopExp_Explorer(face, Kind.TopAbs_WIRE)
    while wires.More():
        wire = wires.Current()
        loop = 0
        if not (not outer.IsNull() and wire.IsSame(outer)):
            number += 1
            loop = number
        edges = TopExp_Explorer(wire, Kind.TopAbs_EDGE)
        while edges.More():
            edge = TopoDS.Edge(edges.Current())
            if edge.Orientation() in (Way.TopAbs_FORWARD, Way.TopAbs_REVERSED):
                yield loop, edge
            edges.Next()
        wires.Next()


def _row(
    first: tuple[int, int, Any],
    second: tuple[int, int, Any] | None,
    faces: Sequence[Any],
    surfaces: Sequence[Any],
) -> Row:
    edge = first[2]
    curve = BRepAdaptor_Curve(edge)
    low, high = curve.FirstParameter(), curve.LastParameter()
    start, middle, end = (_point(curve, at) for at in (low, (low + high) / 2, high))
    length = float(GCPnts_AbscissaPoint.Length_s(curve, _LENGTH_ERROR))
    return {
        "faces": (first[0], second[0] if second else -1),
        "loops": (first[1], second[1] if second else -1),
        "bend": _bend(first, second, faces, surfaces) if second else 0.0,
        "length": length,
        "start": start,
        "middle": middle,
        "end": end,
        "straight": bool(length - math.dist(start, end) <= 1e-6 * length),
    }


def _point(curve: Any, at: float) -> tuple[float, float, float]:
    point = curve.Value(at)
    return (point.X(), point.Y(), point.Z())


def _bend(
    first: tuple[int, int, Any],
    second: tuple[int, int, Any],
    faces: Sequence[Any],
    surfaces: Sequence[Any],
) -> float:
    """Signed angle between the outward normals at the middle: above 0 convex, below 0 concave.

    With the face to the left of the edge (outward normal up), ``normal x tangent`` points into the
    first face; the edge is convex where the second face's normal points away from that.
    """
    edge = first[2]
    for place in _PLACES:
        one = _normal_at(first, faces, surfaces, place)
        two = _normal_at(second, faces, surfaces, place)
        along = _tangent(edge, place)
        if one is None or two is None or along is None:
            continue
        if edge.Orientation() == Way.TopAbs_REVERSED:
            along = (-along[0], -along[1], -along[2])
        inwards = _cross(one, along)
        turned = math.degrees(math.atan2(math.hypot(*_cross(one, two)), _dot(one, two)))
        return -turned if _dot(inwards, two) > 0 else turned
    return 0.0


def _normal_at(
    side: tuple[int, int, Any], faces: Sequence[Any], surfaces: Sequence[Any], place: float
) -> tuple[float, float, float] | None:
    number, _, edge = side
    flat = BRepAdaptor_Curve2d(edge, faces[number])
    low, high = flat.FirstParameter(), flat.LastParameter()
    point = flat.Value(low + place * (high - low))
    return outward(surfaces[number], faces[number], point.X(), point.Y())


def _tangent(edge: Any, place: float) -> tuple[float, float, float] | None:
    curve = BRepAdaptor_Curve(edge)
    low, high = curve.FirstParameter(), curve.LastParameter()
    point, along = gp_Pnt(), gp_Vec()
    curve.D1(low + place * (high - low), point, along)
    size = along.Magnitude()
    return (along.X() / size, along.Y() / size, along.Z() / size) if size > 1e-12 else None


def _cross(a: tuple[float, float, float], b: tuple[float, float, float]) -> tuple[float, float, float]:
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def _dot(a: tuple[float, float, float], b: tuple[float, float, float]) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
