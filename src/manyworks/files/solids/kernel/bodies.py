"""A solid -> the arrays of a `manyworks.shapes.Shape`, with its exact measures."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from OCP.Bnd import Bnd_Box
from OCP.BRepBndLib import BRepBndLib
from OCP.BRepCheck import BRepCheck_Analyzer
from OCP.BRepGProp import BRepGProp
from OCP.BRepMesh import BRepMesh_IncrementalMesh
from OCP.collections import IndexedMap_TopoDS_Shape_TopTools_ShapeMapHasher as Shapes
from OCP.GProp import GProp_GProps
from OCP.TopAbs import TopAbs_ShapeEnum as Kind
from OCP.TopExp import TopExp
from OCP.TopoDS import TopoDS

from manyworks.files.solids.kernel.boxes import BoxFinder
from manyworks.files.solids.kernel.columns import EDGE_COLUMNS, FACE_COLUMNS, Columns
from manyworks.files.solids.kernel.edges import describe_edges
from manyworks.files.solids.kernel.faces import describe_face
from manyworks.files.solids.kernel.meshes import FaceMesh, TooManyTrianglesError, mesh_of

Floats = NDArray[np.float64]

# The mesh lies within this of the skin (mm), and within this part of the diagonal for tiny parts.
_DEFLECTION_MM = 0.1
_DEFLECTION_SHARE = 0.002
# ... and within this part of the typical thickness, so that wires and thin sheets stay round.
_DEFLECTION_DEPTH = 0.05
_ANGLE = 0.4
_VOLUME_ERROR = 1e-5
# Nodes of neighbouring faces closer than this (mm) are one corner of the mesh.
_SAME_CORNER_MM = 1e-6


def describe_solid(solid: Any, places: Floats, most_triangles: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Measure a solid and mesh it.

    Parameters
    ----------
    solid
        At its first place.
    places : (k, 3, 4)
        How it is moved to each of its places.
    most_triangles
        More are refused.

    Returns
    -------
    A head (volume, area, validity, faces without a mesh) and the arrays of a `Shape` with its
    boxes, (k, 2, 3); units mm.
    """
    numbered = Shapes()
    TopExp.MapShapes_s(solid, Kind.TopAbs_FACE, numbered)
    faces = [TopoDS.Face(numbered.FindKey(index)) for index in range(1, numbered.Extent() + 1)]
    diagonal = _rough_diagonal(solid)
    volume = _volume(solid)
    deflection = min(_DEFLECTION_MM, _DEFLECTION_SHARE * diagonal, _DEFLECTION_DEPTH * _depth(solid, volume))
    BRepMesh_IncrementalMesh(solid, deflection, False, _ANGLE, False)
    meshes = [mesh_of(face, most_triangles) for face in faces]
    if sum(len(mesh.triangles) for mesh in meshes) > most_triangles:
        raise TooManyTrianglesError
    rows = [
        describe_face(face, mesh.points, mesh.triangles) for face, mesh in zip(faces, meshes, strict=True)
    ]
    edges = describe_edges(solid, faces)
    head = {
        "volume": volume,
        "area": sum(row["area"] for row in rows),
        "faces": len(faces),
        "valid": bool(BRepCheck_Analyzer(solid).IsValid()),
        "unmeshed": sum(1 for mesh in meshes if not len(mesh.triangles)),
    }
    arrays = {
        "boxes": BoxFinder(faces, meshes, deflection).boxes(places),
        "places": places,
        **_joined(meshes),
        **_columns("faces.", rows, FACE_COLUMNS),
        **_columns("edges.", edges, EDGE_COLUMNS),
    }
    return head, arrays


def _volume(solid: Any) -> float:
    """Volume by adaptive integration: the quick one is off by percents for free-form faces."""
    measures = GProp_GProps()
    BRepGProp.VolumeProperties_s(solid, measures, _VOLUME_ERROR, False, False)
    return float(measures.Mass())


def _depth(solid: Any, volume: float) -> float:
    """Twice the volume over the skin: the thickness of a plate, half the diameter of a wire."""
    skin = GProp_GProps()
    BRepGProp.SurfaceProperties_s(solid, skin)
    return 2 * abs(volume) / skin.Mass() if skin.Mass() > 0 else _DEFLECTION_MM


def _rough_diagonal(solid: Any) -> float:
    box = Bnd_Box()
    BRepBndLib.Add_s(solid, box, False)
    return float(box.SquareExtent() ** 0.5)


def _joined(meshes: list[FaceMesh]) -> dict[str, Any]:
    """One mesh of all faces, neighbours sharing their corners."""
    starts = np.cumsum([0, *(len(mesh.points) for mesh in meshes)])
    points = np.concatenate([mesh.points for mesh in meshes])
    triangles = np.concatenate([mesh.triangles + at for mesh, at in zip(meshes, starts, strict=False)])
    face_of = np.repeat(np.arange(len(meshes)), [len(mesh.triangles) for mesh in meshes])
    _, first, place = np.unique(
        np.round(points / _SAME_CORNER_MM).astype(np.int64), axis=0, return_index=True, return_inverse=True
    )
    triangles = place.reshape(-1)[triangles]
    whole = (triangles != np.roll(triangles, 1, axis=1)).all(axis=1)
    return {"vertices": points[first], "triangles": triangles[whole], "face_of": face_of[whole]}


def _columns(prefix: str, rows: list[dict[str, Any]], kinds: Columns) -> dict[str, Any]:
    return {
        prefix + name: np.array([row[name] for row in rows], dtype=kind).reshape((-1, width)[: min(width, 2)])
        for name, (kind, width) in kinds.items()
    }
