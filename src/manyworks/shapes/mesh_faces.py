"""A mesh as bodies with faces: what a modelling kernel would say of them, found from triangles alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from manyworks.shapes.loose_bodies import loose_bodies, middle_of
from manyworks.shapes.mesh_borders import find_edges, plane_normals
from manyworks.shapes.mesh_fits import across
from manyworks.shapes.mesh_graph import find_joints, sums, triangle_normals
from manyworks.shapes.mesh_regions import Regions, Skin, find_regions
from manyworks.shapes.shape import EdgeTable, FaceKind, FaceTable, Shape

if TYPE_CHECKING:
    from manyworks.shapes.shape import Floats, Integers, Truths


def from_mesh(triangles: Floats) -> tuple[Shape, ...]:
    """Bodies of a triangle mesh, with the faces found in it.

    Parameters
    ----------
    triangles
        Corners, shape (n, 3, 3), in any order, mm.

    Returns
    -------
    One shape per body: an outer shell with the voids inside it, in the order of the file, facing
    outwards whichever way the triangles were turned. ``exact`` is False. Faces are planes,
    cylinders, cones, spheres and tori fitted to the corners, and free-form faces for all the rest.
    Where the skin is open an edge has face -1, and the volume is that of the open mesh. Above
    1,000 shells the smallest are one body; above 20,000 faces the smallest are one face.

    Notes
    -----
    Flat patches are grown over edges that do not turn; chains of patches whose folds agree on an
    axis are fitted with cylinders, then cones, spheres and tori, by least squares on their corners,
    since a mesher puts corners on the true surface.
    """
    bodies, grain = loose_bodies(triangles)
    return tuple(find_faces(body, grain) for body in bodies)


def find_faces(body: Shape, grain: float) -> Shape:
    """A body of a mesh with its faces and edges, whatever it had before.

    Parameters
    ----------
    body
        Welded, as `loose_bodies` gives it.
    grain
        How exact its corners are, mm.
    """
    middle = middle_of(body.vertices)
    vertices = body.vertices - middle  # far from the origin differences lose digits
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # coordinates out of this world
        normals, areas = triangle_normals(vertices, body.triangles)
        skin = Skin(
            vertices=vertices,
            triangles=body.triangles,
            normals=normals,
            areas=areas,
            joints=find_joints(body.triangles),
            grain=grain,
        )
        regions = find_regions(skin)
        return replace(
            body,
            face_of=regions.face_of,
            faces=_face_table(skin, regions, middle),
            edges=_moved(find_edges(skin, regions), middle),
        )


def _moved(edges: EdgeTable, by: Floats) -> EdgeTable:
    return replace(edges, start=edges.start + by, middle=edges.middle + by, end=edges.end + by)


def _face_table(skin: Skin, regions: Regions, middle: Floats) -> FaceTable:
    count = len(regions.surface_of)
    area = sums(regions.face_of, skin.areas, count)
    weighted = skin.vertices[skin.triangles].mean(axis=1) * skin.areas[:, None]
    centre = sums(regions.face_of, weighted, count) / np.maximum(area, np.finfo(float).tiny)[:, None]
    row = regions.surface_of
    curved = row >= 0
    kind = np.where(row == -1, FaceKind.PLANE, FaceKind.FREE).astype(np.int64)
    kind[curved] = regions.surfaces.kind[row[curved]]
    axial = (kind == FaceKind.CYLINDER) | (kind == FaceKind.CONE)
    origin, axis = np.full((count, 3), np.nan), np.full((count, 3), np.nan)
    radius, half_angle = np.full(count, np.nan), np.full(count, np.nan)
    origin[curved] = regions.surfaces.origin[row[curved]] + middle
    axis[axial] = regions.surfaces.axis[row[axial]]
    radius[curved] = regions.surfaces.radius[row[curved]]
    half_angle[kind == FaceKind.CONE] = np.arctan(regions.surfaces.slope[row[kind == FaceKind.CONE]])
    ring = kind == FaceKind.TORUS
    axis[ring] = regions.surfaces.axis[row[ring]]
    major = np.full(count, np.nan)
    major[ring] = regions.surfaces.major[row[ring]]
    low, high = _extents(skin, regions.face_of, origin - middle, axis, axial)
    cone = kind == FaceKind.CONE
    radius[cone] += np.tan(half_angle[cone]) * (low + high)[cone] / 2
    hollow = np.zeros(count, dtype=bool)
    hollow[curved] = regions.surfaces.hollow[row[curved]]
    return FaceTable(
        kind=kind,
        area=area,
        centre=centre + middle,
        normal=plane_normals(skin, regions.face_of, count),
        origin=origin,
        axis=axis,
        radius=radius,
        major_radius=major,
        half_angle=half_angle,
        sweep=_sweeps(skin, regions.face_of, origin - middle, axis, axial | ring),
        length=np.where(axial, high - low, np.nan),
        hollow=hollow,
    )


def _extents(
    skin: Skin, face_of: Integers, origin: Floats, axis: Floats, axial: Truths
) -> tuple[Floats, Floats]:
    """Least and greatest place along the axis of every face with one."""
    low, high = np.full(len(axial), np.nan), np.full(len(axial), np.nan)
    low[axial], high[axial] = np.inf, -np.inf
    rows = np.flatnonzero(axial[face_of])
    face = face_of[rows]
    for k in range(3):
        away = skin.vertices[skin.triangles[rows, k]] - origin[face]
        along = np.einsum("ij,ij->i", away, axis[face])
        np.minimum.at(low, face, along)
        np.maximum.at(high, face, along)
    return low, high


def _sweeps(skin: Skin, face_of: Integers, origin: Floats, axis: Floats, axial: Truths) -> Floats:
    """Angle around the axis that the triangles of a face cover together; NaN without an axis."""
    sweep = np.full(len(axial), np.nan)
    rows = np.flatnonzero(axial[face_of] & (skin.areas > 0))
    if not len(rows):
        return sweep
    face = face_of[rows]
    u, v = across(np.where(axial[:, None], axis, 1.0))
    corners = skin.vertices[skin.triangles[rows]] - origin[face][:, None]
    angle = np.arctan2(np.einsum("ijk,ik->ij", corners, v[face]), np.einsum("ijk,ik->ij", corners, u[face]))
    turn = (angle - angle[:, :1] + np.pi) % (2 * np.pi) - np.pi
    begin = (angle[:, 0] + turn.min(axis=1)) % (2 * np.pi)
    sweep[axial] = 0.0
    covered = cover_circle(face, begin, np.ptp(turn, axis=1))
    sweep[covered[0]] = covered[1]
    return sweep


def cover_circle(group: Integers, begin: Floats, width: Floats) -> tuple[Integers, Floats]:
    """For each group the angle its arcs cover together: arcs from ``begin`` in 0 .. 2 pi, ``width`` wide."""
    over = np.maximum(begin + width - 2 * np.pi, 0.0)
    wraps = over > 0
    group = np.concatenate((group, group[wraps]))
    end = np.concatenate((begin + width - over, over[wraps]))
    begin = np.concatenate((begin, np.zeros(int(wraps.sum()))))
    order = np.lexsort((begin, group))
    group, begin, end = group[order], begin[order], end[order]
    # Each group on its own stretch of the line, so that one running maximum serves all.
    values, number = np.unique(group, return_inverse=True)
    shift = number * 10.0
    seen = np.maximum.accumulate(end + shift)
    before = np.append(-np.inf, seen[:-1])
    fresh = np.maximum(0.0, end + shift - np.maximum(begin + shift, before))
    return values, sums(number, fresh, len(values))
