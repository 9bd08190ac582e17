"""A mesh as bodies that can be measured, before anybody asks for their faces."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from manyworks.shapes.mesh_bodies import LooseBody, split_bodies
from manyworks.shapes.mesh_graph import triangle_normals
from manyworks.shapes.products import cross
from manyworks.shapes.shape import EdgeTable, FaceKind, FaceTable, Shape

if TYPE_CHECKING:
    from manyworks.shapes.shape import Floats

# How exact corners are, as a share of the largest coordinate: single precision, or six digits of text.
_GRAIN = 2.5e-7


def loose_bodies(triangles: Floats) -> tuple[tuple[Shape, ...], float]:
    """Bodies of a triangle mesh with all of their skin as one free-form face: enough to measure them.

    Parameters
    ----------
    triangles
        Corners, shape (n, 3, 3), in any order, mm.

    Returns
    -------
    The bodies as `mesh_faces.from_mesh` gives them, but for faces and edges, and how exact their corners are:
    what `mesh_faces.find_faces` needs to find these.
    """
    corners = np.asarray(triangles, dtype=np.float64).reshape(-1, 3, 3)
    finite = np.abs(corners[np.isfinite(corners)])
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # coordinates out of this world
        return tuple(map(_loose, split_bodies(corners))), _GRAIN * float(finite.max(initial=0.0))


def _loose(body: LooseBody) -> Shape:
    vertices = body.vertices - middle_of(body.vertices)  # far from the origin differences lose digits
    a, b, c = (vertices[body.triangles[:, k]] for k in range(3))
    _, areas = triangle_normals(vertices, body.triangles)
    area = float(areas.sum())
    return Shape(
        vertices=body.vertices,
        triangles=body.triangles,
        face_of=np.zeros(len(body.triangles), dtype=np.int64),
        faces=_one_face(area),
        edges=_no_edges(),
        exact=False,
        volume=abs(float(np.einsum("ij,ij->", a, cross(b, c)) / 6)),
        area=area,
    )


def middle_of(vertices: Floats) -> Floats:
    """The middle of the box around a body; (3,)."""
    middle: Floats = (vertices.min(axis=0) + vertices.max(axis=0)) / 2
    return middle


def _one_face(area: float) -> FaceTable:
    unknown, nowhere = np.full(1, np.nan), np.full((1, 3), np.nan)
    return FaceTable(
        kind=np.full(1, FaceKind.FREE, dtype=np.int64),
        area=np.full(1, area),
        centre=nowhere,
        normal=np.zeros((1, 3)),
        origin=nowhere,
        axis=nowhere,
        radius=unknown,
        major_radius=unknown,
        half_angle=unknown,
        sweep=unknown,
        length=unknown,
        hollow=np.zeros(1, dtype=bool),
    )


def _no_edges() -> EdgeTable:
    pairs, points = np.zeros((0, 2), dtype=np.int64), np.zeros((0, 3))
    return EdgeTable(
        faces=pairs,
        loops=pairs,
        bend=np.zeros(0),
        length=np.zeros(0),
        start=points,
        middle=points,
        end=points,
        straight=np.zeros(0, dtype=bool),
    )
