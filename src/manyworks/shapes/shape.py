"""One body as arrays: triangles tagged by face, a table of faces, a table of the edges between them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Integers: TypeAlias = NDArray[np.int64]
    Truths: TypeAlias = NDArray[np.bool_]


class FaceKind(IntEnum):
    """The surface a face lies on."""

    PLANE = 0
    CYLINDER = 1
    CONE = 2
    SPHERE = 3
    TORUS = 4
    FREE = 5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FaceTable:
    """The faces of a body, one row each (``f`` rows). NaN where a column does not apply.

    Parameters
    ----------
    kind : (f,)
        `FaceKind`.
    area : (f,)
    centre : (f, 3)
        Centre of area.
    normal : (f, 3)
        Unit; outwards. For planes exact, else the area-weighted mean, scaled to 1 (zero where the
        face closes on itself).
    origin, axis : (f, 3)
        A point on the axis and its unit direction for cylinders, cones and tori; the centre of
        spheres is ``origin``.
    radius : (f,)
        Of cylinders and spheres; the tube of a torus; the mean of a cone's trimmed part.
    major_radius : (f,)
        Of tori.
    half_angle : (f,)
        Of cones, radians.
    sweep : (f,)
        Angle covered around the axis, radians, up to 2 pi.
    length : (f,)
        Extent along the axis (cylinders, cones).
    hollow : (f,)
        True where a curved face is concave: material lies outside it (a hole's wall).
    """

    kind: Integers
    area: Floats
    centre: Floats
    normal: Floats
    origin: Floats
    axis: Floats
    radius: Floats
    major_radius: Floats
    half_angle: Floats
    sweep: Floats
    length: Floats
    hollow: Truths


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EdgeTable:
    """The edges of a body, one row each (``e`` rows); seams of closed faces are left out.

    Parameters
    ----------
    faces : (e, 2)
        The faces on both sides; -1 where the skin is open.
    loops : (e, 2)
        Which loop of each of these faces the edge is in: 0 for the outer one, 1, 2 ... for holes.
    bend : (e,)
        Signed angle between the outward normals at the edge's middle, degrees: above 0 where the
        edge is convex (material turns away), below 0 where it is concave, near 0 where smooth.
    length : (e,)
    start, middle, end : (e, 3)
        Points; start equals end for closed edges.
    straight : (e,)
        Whether it is a straight line.
    """

    faces: Integers
    loops: Integers
    bend: Floats
    length: Floats
    start: Floats
    middle: Floats
    end: Floats
    straight: Truths


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shape:
    """One closed body.

    Parameters
    ----------
    vertices : (n, 3)
    triangles : (m, 3)
        Rows of ``vertices``, outward by the right-hand rule.
    face_of : (m,)
        The face of each triangle.
    exact
        True where faces and measures come from the modelling kernel; False where faces were found
        in a mesh.
    volume, area
        From the kernel where exact, else from the mesh.
    """

    vertices: Floats
    triangles: Integers
    face_of: Integers
    faces: FaceTable
    edges: EdgeTable
    exact: bool
    volume: float
    area: float
    name: str = ""
