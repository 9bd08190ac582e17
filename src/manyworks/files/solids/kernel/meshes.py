"""The mesh the kernel keeps with a face, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from OCP.BRep import BRep_Tool
from OCP.BRepAdaptor import BRepAdaptor_Surface
from OCP.GeomAbs import GeomAbs_SurfaceType
from OCP.TopAbs import TopAbs_Orientation
from OCP.TopLoc import TopLoc_Location

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class TooManyTrianglesError(Exception):
    """The mesh would be larger than what is handed on."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FaceMesh:
    """A face's mesh; empty where it could not be made.

    Parameters
    ----------
    points : (n, 3)
    parameters : (n, 2)
        Where the points lie on the face's surface.
    triangles : (m, 3)
        Rows of ``points``, outward by the right-hand rule.
    flat
        Whether the face is a plane.
    """

    points: Floats
    parameters: Floats
    triangles: Integers
    flat: bool


def mesh_of(face: Any, most: int) -> FaceMesh:
    """Points and triangles of a face that has been meshed.

    Raises
    ------
    TooManyTrianglesError
        Where there are more than ``most`` triangles.
    """
    flat = BRepAdaptor_Surface(face, False).GetType() == GeomAbs_SurfaceType.GeomAbs_Plane
    place = TopLoc_Location()
    mesh = BRep_Tool.Triangulation_s(face, place)
    if mesh is None:
        none = np.zeros((0, 3), dtype=np.int64)
        return FaceMesh(points=np.zeros((0, 3)), parameters=np.zeros((0, 2)), triangles=none, flat=flat)
    if mesh.NbTriangles() > most:
        raise TooManyTrianglesError
    numbers = range(1, mesh.NbNodes() + 1)
    points = np.array([(node.X(), node.Y(), node.Z()) for node in map(mesh.Node, numbers)])
    spots = [(0.0, 0.0)] * len(points)
    if not flat:
        spots = [(spot.X(), spot.Y()) for spot in map(mesh.UVNode, numbers)]
    corners = [mesh.Triangle(index).Get() for index in range(1, mesh.NbTriangles() + 1)]
    triangles = np.array(corners, dtype=np.int64).reshape(-1, 3) - 1
    step = place.Transformation()
    matrix = np.array([[step.Value(row, column) for column in range(1, 5)] for row in range(1, 4)])
    turned = face.Orientation() == TopAbs_Orientation.TopAbs_REVERSED
    return FaceMesh(
        points=points @ matrix[:, :3].T + matrix[:, 3],
        parameters=np.array(spots),
        triangles=triangles[:, ::-1] if turned != step.IsNegative() else triangles,
        flat=flat,
    )
