"""The faces of a solid as columns: surface, area, axis, radius, what is hollow."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from OCP.BRepAdaptor import BRepAdaptor_Surface
from OCP.BRepGProp import BRepGProp
from OCP.BRepTools import BRepTools
from OCP.GeomAbs import GeomAbs_SurfaceType as Surface
from OCP.gp import gp_Cone, gp_Cylinder, gp_Pln, gp_Pnt, gp_Sphere, gp_Vec
from OCP.GProp import GProp_GProps
from OCP.ShapeAnalysis import ShapeAnalysis_CanonicalRecognition
from OCP.TopAbs import TopAbs_Orientation

from manyworks.shapes import FaceKind

Floats = NDArray[np.float64]

# How far (mm) a free-form face may lie off a plane, cylinder, cone or sphere to be taken for one.
_SAME_SURFACE_MM = 1e-3
# A cylinder this much larger than the face on it is a plane that is slightly off, or free form.
_LARGEST_RADIUS = 1e3
_AREA_ERROR = 1e-5
_NONE = (math.nan, math.nan, math.nan)


@dataclass(slots=True, kw_only=True)
class Ground:
    """The surface a face lies on."""

    kind: FaceKind
    origin: tuple[float, ...] = _NONE
    axis: tuple[float, ...] = _NONE
    radius: float = math.nan
    major_radius: float = math.nan
    half_angle: float = math.nan


def describe_face(face: Any, points: Floats, triangles: NDArray[np.int64]) -> dict[str, Any]:
    """One row of a face table; ``points`` and outward ``triangles`` are the face's own mesh."""
    surface = BRepAdaptor_Surface(face, True)
    ground = _ground(surface, face, points)
    area, centre = _area(face, ground)
    corners = points[triangles]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    middles = corners.mean(axis=1)
    return {
        "kind": int(ground.kind),
        "area": area,
        "centre": centre,
        "normal": _normal(surface, face, ground, normals),
        "origin": ground.origin,
        "axis": ground.axis,
        "radius": _cone_radius(ground, points) if ground.kind is FaceKind.CONE else ground.radius,
        "major_radius": ground.major_radius,
        "half_angle": ground.half_angle,
        "sweep": _sweep(ground, surface, face, corners),
        "length": _length(ground, points),
        "hollow": _hollow(ground, middles, normals, face, surface),
    }


def _xyz(point: Any) -> tuple[float, float, float]:
    return (point.X(), point.Y(), point.Z())


def _ground(surface: Any, face: Any, points: Floats) -> Ground:
    kind = surface.GetType()
    if kind == Surface.GeomAbs_Plane:
        return Ground(kind=FaceKind.PLANE)
    if kind == Surface.GeomAbs_Cylinder:
        return _cylinder(surface.Cylinder())
    if kind == Surface.GeomAbs_Cone:
        return _cone(surface.Cone())
    if kind == Surface.GeomAbs_Sphere:
        return _sphere(surface.Sphere())
    if kind == Surface.GeomAbs_Torus:
        return _torus(surface.Torus())
    return _recognised(face, float(np.ptp(points, axis=0).max()) if len(points) else 0.0)


def _cylinder(cylinder: Any) -> Ground:
    line = cylinder.Axis()
    return Ground(
        kind=FaceKind.CYLINDER,
        origin=_xyz(line.Location()),
        axis=_xyz(line.Direction()),
        radius=cylinder.Radius(),
    )


def _cone(cone: Any) -> Ground:
    """A cone; its axis points to where it is wide."""
    line, angle = cone.Axis(), cone.SemiAngle()
    axis = _xyz(line.Direction())
    return Ground(
        kind=FaceKind.CONE,
        origin=_xyz(cone.Apex()),
        axis=axis if angle >= 0 else (-axis[0], -axis[1], -axis[2]),
        radius=cone.RefRadius(),
        half_angle=abs(angle),
    )


def _sphere(sphere: Any) -> Ground:
    return Ground(kind=FaceKind.SPHERE, origin=_xyz(sphere.Location()), radius=sphere.Radius())


def _torus(torus: Any) -> Ground:
    line = torus.Axis()
    return Ground(
        kind=FaceKind.TORUS,
        origin=_xyz(line.Location()),
        axis=_xyz(line.Direction()),
        radius=torus.MinorRadius(),
        major_radius=torus.MajorRadius(),
    )


def _recognised(face: Any, extent: float) -> Ground:
    """A free-form face that lies on a simple surface all the same, as exports by splines have them."""
    look = ShapeAnalysis_CanonicalRecognition(face)
    if look.IsPlane(_SAME_SURFACE_MM, gp_Pln()):
        return Ground(kind=FaceKind.PLANE)
    for ask, form, make in (
        (look.IsCylinder, gp_Cylinder(), _cylinder),
        (look.IsCone, gp_Cone(), _cone),
        (look.IsSphere, gp_Sphere(), _sphere),
    ):
        if ask(_SAME_SURFACE_MM, form):
            found = make(form)
            if 0 < found.radius <= _LARGEST_RADIUS * extent:
                return found
    return Ground(kind=FaceKind.FREE)


def _area(face: Any, ground: Ground) -> tuple[float, tuple[float, float, float]]:
    """Area and its centre; adaptive integration for free form, where the quick one is too rough."""
    measures = GProp_GProps()
    if ground.kind is FaceKind.FREE:
        BRepGProp.SurfaceProperties_s(face, measures, _AREA_ERROR)
    else:
        BRepGProp.SurfaceProperties_s(face, measures)
    return measures.Mass(), _xyz(measures.CentreOfMass())


def _normal(surface: Any, face: Any, ground: Ground, normals: Floats) -> tuple[float, ...]:
    if ground.kind is FaceKind.PLANE and surface.GetType() == Surface.GeomAbs_Plane:
        return outward(surface, face, 0.0, 0.0) or (0.0, 0.0, 0.0)
    total = normals.sum(axis=0)
    size = float(np.linalg.norm(total))
    # A face that closes on itself looks nowhere.
    if size <= 1e-6 * float(np.linalg.norm(normals, axis=1).sum()):
        return (0.0, 0.0, 0.0)
    return tuple(float(part) for part in total / size)


def outward(surface: Any, face: Any, u: float, v: float) -> tuple[float, float, float] | None:
    """Unit outward normal of a face at a point of its surface; None where it has none (a tip)."""
    point, along_u, along_v = gp_Pnt(), gp_Vec(), gp_Vec()
    surface.D1(u, v, point, along_u, along_v)
    normal = along_u.Crossed(along_v)
    size = float(normal.Magnitude())
    if size <= 1e-12:
        return None
    way = -1.0 / size if face.Orientation() == TopAbs_Orientation.TopAbs_REVERSED else 1.0 / size
    return (normal.X() * way, normal.Y() * way, normal.Z() * way)


def _off_axis(ground: Ground, points: Floats) -> tuple[Floats, Floats]:
    """Height along the axis and the vector from the axis, for each point."""
    axis = np.array(ground.axis)
    from_origin = points - np.array(ground.origin)
    height = from_origin @ axis
    return height, from_origin - height[..., None] * axis


def _cone_radius(ground: Ground, points: Floats) -> float:
    distances = np.linalg.norm(_off_axis(ground, points)[1], axis=1)
    return float(distances.min() + distances.max()) / 2


def _length(ground: Ground, points: Floats) -> float:
    if ground.kind not in (FaceKind.CYLINDER, FaceKind.CONE):
        return math.nan
    return float(np.ptp(_off_axis(ground, points)[0]))


def _sweep(ground: Ground, surface: Any, face: Any, corners: Floats) -> float:
    """Angle covered around the axis: by the surface's own parameter, else by the mesh."""
    if ground.kind in (FaceKind.PLANE, FaceKind.FREE):
        return math.nan
    if surface.GetType() in (
        Surface.GeomAbs_Cylinder,
        Surface.GeomAbs_Cone,
        Surface.GeomAbs_Sphere,
        Surface.GeomAbs_Torus,
    ):
        low, high, _, _ = BRepTools.UVBounds_s(face)
        return min(float(high - low), math.tau)
    return math.nan if ground.kind is FaceKind.SPHERE else _covered(ground, corners)


def _covered(ground: Ground, corners: Floats) -> float:
    """Union of the angles that triangles cover around an axis."""
    axis = np.array(ground.axis)
    aside = np.cross(axis, np.eye(3)[int(np.argmin(np.abs(axis)))])
    aside /= np.linalg.norm(aside)
    out = _off_axis(ground, corners.reshape(-1, 3))[1]
    angles = np.arctan2(out @ np.cross(axis, aside), out @ aside).reshape(-1, 3)
    spread = (angles - angles[:, :1] + math.pi) % math.tau - math.pi
    low, high = angles[:, 0] + spread.min(axis=1), angles[:, 0] + spread.max(axis=1)
    order = np.argsort(low)
    low, high = low[order], np.maximum.accumulate(high[order])
    gaps = np.maximum(low[1:] - high[:-1], 0).sum() + max(low[0] + math.tau - high[-1], 0.0)
    return float(math.tau - gaps)


def _hollow(ground: Ground, middles: Floats, normals: Floats, face: Any, surface: Any) -> bool:
    """Whether outward normals look towards the axis, the centre, the tube's middle or of the bend."""
    if ground.kind is FaceKind.PLANE:
        return False
    if ground.kind is FaceKind.FREE:
        return _bends_inwards(face, surface)
    if ground.kind is FaceKind.SPHERE:
        away = middles - np.array(ground.origin)
    else:
        away = _off_axis(ground, middles)[1]
    if ground.kind is FaceKind.TORUS:
        size = np.linalg.norm(away, axis=1, keepdims=True)
        ring = np.array(ground.origin) + away / np.maximum(size, 1e-12) * ground.major_radius
        away = middles - ring
    return bool(np.einsum("ij,ij->", away, normals) < 0)


def _bends_inwards(face: Any, surface: Any) -> bool:
    """Sign of the mean curvature at the middle of a free-form face."""
    from OCP.BRepLProp import BRepLProp_SLProps

    low_u, high_u, low_v, high_v = BRepTools.UVBounds_s(face)
    bend = BRepLProp_SLProps(surface, (low_u + high_u) / 2, (low_v + high_v) / 2, 2, 1e-9)
    if not bend.IsCurvatureDefined():
        return False
    # Against the surface's normal a positive mean curvature bends towards it.
    towards = float(bend.MeanCurvature())
    return towards < 0 if face.Orientation() == TopAbs_Orientation.TopAbs_REVERSED else towards > 0
