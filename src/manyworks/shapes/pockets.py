"""Pockets, passages, slots, steps and bevels of any body, with their depth and least corner radius.

Faces that meet in inside corners, or run smoothly into a hollow blend, belong to one recess. The
side it opens to, and how far its walls go around, tell what it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from manyworks.model.solids import Feature
from manyworks.shapes.adjacency import (
    SMOOTH_BEND,
    closed_edges,
    group_faces,
    inside_corners,
    points_of_faces,
)
from manyworks.shapes.bevels import bevel_rims, likely_bevels
from manyworks.shapes.shape import FaceKind, Shape
from manyworks.shapes.stock_block import StockBlock, faces_on_block, find_block

if TYPE_CHECKING:
    from manyworks.model.geometry import Vector
    from manyworks.shapes.shape import Floats, Truths

# Cosines of the angle between a face and the direction the tool comes from: a floor faces it, a wall
# stands along it (draft up to six degrees), and what looks away is undercut.
FLOOR = 0.98
WALL = 0.1
UNDERCUT = -0.02
# Share of a recess that may be undercut before its direction is doubtful.
MOST_UNDERCUT = 0.02
# Degrees without a wall around a recess: a triangle leaves 140 at most, a slot open at an end 180.
CLOSED_GAP_DEG = 165.0
SLOT_GAP_DEG = 195.0
# Walls below this share of the largest do not close a gap.
LEAST_WALL = 0.01
# Recesses and bevels described: more are found on scanned or free-form skins only.
MOST_RECESSES = 500
# Directions tried for one recess.
MOST_DIRECTIONS = 16


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recess:
    """The triangles of a group of faces: normals (m, 3), areas (m,), face numbers (m,); its points."""

    faces: tuple[int, ...]
    normals: Floats
    areas: Floats
    points: Floats


def find_pockets(shape: Shape) -> tuple[Feature, ...]:
    """Find pockets, passages, slots, steps and plane bevels; round holes are not among them.

    Returns
    -------
    tuple of Feature
        ``axis`` points from the mouth into the body, ``depth_mm`` is measured along it,
        ``length_mm`` and ``width_mm`` across it. ``radius_mm`` is the least radius between walls
        along the axis: 0 where two walls meet sharply, None where nothing is hollow. ``area_mm2``
        is the floor (the face of a bevel). At most 500 recesses, the largest, and 500 bevels.
    """
    block = find_block(shape)
    inner = ~faces_on_block(shape, block)
    groups = group_faces(len(inner), shape.edges.faces[_joined(shape, inner)])
    bevels = [group[0] for group in groups if len(group) == 1 and inner[group[0]]]
    likely = likely_bevels(shape)
    chamfers = [feature for face in bevels if likely[face] for feature in _describe_bevel(shape, face)]
    wide = [group for group in groups if len(group) > 1 and not _revolved(shape, group)]
    wide = sorted(wide, key=lambda group: -shape.faces.area[list(group)].sum())[:MOST_RECESSES]
    recesses = [_describe(shape, block, recess) for recess in _gather(shape, sorted(wide))]
    return (*recesses, *chamfers[:MOST_RECESSES])


def _gather(shape: Shape, groups: list[tuple[int, ...]]) -> Iterator[Recess]:
    """The triangles and points of groups of faces."""
    points = points_of_faces(shape)
    normals, areas = _triangle_normals(shape)
    order = np.argsort(shape.face_of, kind="stable")
    bounds = np.searchsorted(shape.face_of[order], np.arange(len(points) + 1))
    for group in groups:
        rows = np.concatenate([order[bounds[face] : bounds[face + 1]] for face in group])
        yield Recess(
            faces=group,
            normals=normals[rows],
            areas=areas[rows],
            points=np.vstack([points[face] for face in group]),
        )


def _triangle_normals(shape: Shape) -> tuple[Floats, Floats]:
    """Unit normals (m, 3) and areas (m,) of the triangles."""
    first, second, third = shape.vertices[shape.triangles].transpose(1, 0, 2)
    cross = np.cross(second - first, third - first)
    size = np.linalg.norm(cross, axis=1)
    return cross / np.maximum(size, 1e-300)[:, None], size / 2


def _joined(shape: Shape, inner: Truths) -> Truths:
    """Edges (e,) within one recess: inside corners, and smooth ones in a plane or into a hollow blend."""
    first, second = shape.edges.faces.T
    hollow, flat = shape.faces.hollow, shape.faces.kind == FaceKind.PLANE
    smooth = closed_edges(shape) & (np.abs(shape.edges.bend) <= SMOOTH_BEND) & inner[first] & inner[second]
    continued = smooth & (hollow[first] | hollow[second] | (flat[first] & flat[second]))
    joined: Truths = inside_corners(shape, inner) | continued
    return joined


def _revolved(shape: Shape, group: tuple[int, ...]) -> bool:
    """Whether all faces are turned about one axis: a hole with its bottom, or a shoulder of a shaft."""
    faces = shape.faces
    kinds = faces.kind[list(group)]
    turned = [face for face, kind in zip(group, kinds, strict=True) if FaceKind.PLANE < kind < FaceKind.FREE]
    axial = [face for face in turned if faces.kind[face] != FaceKind.SPHERE]
    if not axial or (kinds == FaceKind.FREE).any():
        return False
    axis, origin = faces.axis[axial[0]], faces.origin[axial[0]]
    reach = max(float(faces.radius[axial].max()), 1e-9)
    offset = faces.origin[turned] - origin
    aside = np.linalg.norm(offset - np.outer(offset @ axis, axis), axis=1)
    flat = [face for face, kind in zip(group, kinds, strict=True) if kind == FaceKind.PLANE]
    along = np.abs(np.vstack((faces.axis[axial], faces.normal[flat])) @ axis)
    return bool((along > FLOOR).all() and (aside < 0.01 * reach).all())


def _describe(shape: Shape, block: StockBlock, recess: Recess) -> Feature:
    """Name and measure a recess seen from the side the tool comes from."""
    towards = _find_opening(shape, block, recess)
    facing = recess.normals @ towards
    floor = float(recess.areas[facing > FLOOR].sum())
    gap = _widest_gap(recess, towards)
    if floor == 0 and gap >= CLOSED_GAP_DEG:
        towards = _unit(recess.areas @ recess.normals, towards)
    heights = recess.points @ towards
    length, width, middle = _measure_across(recess, towards)
    return Feature(
        kind=_name(gap, bool(floor)),
        at_mm=_vector(middle + towards * heights.max()),
        axis=_vector(-towards),
        depth_mm=float(np.ptp(heights)),
        length_mm=length,
        width_mm=width,
        radius_mm=_least_radius(shape, recess.faces, towards),
        area_mm2=floor or None,
        faces=recess.faces,
    )


def _name(gap: float, floored: bool) -> str:
    if gap < CLOSED_GAP_DEG:
        return "pocket" if floored else "passage"
    return "slot" if gap < SLOT_GAP_DEG or not floored else "step"


def _find_opening(shape: Shape, block: StockBlock, recess: Recess) -> Floats:
    """The direction out of a recess that sees all of it, with most floor; else the one that sees most."""
    group = list(recess.faces)
    faces = shape.faces
    flat = [face for face in group if faces.kind[face] == FaceKind.PLANE]
    flat = sorted(flat, key=lambda face: -faces.area[face])[:MOST_DIRECTIONS]
    round_ = [face for face in group if faces.kind[face] in (FaceKind.CYLINDER, FaceKind.CONE)][:2]
    axes = np.vstack((faces.axis[round_], block.axes))
    tried = np.vstack((faces.normal[flat], axes, -axes, _edge_directions(faces.normal[flat])))
    tried = tried[np.abs((tried**2).sum(axis=1) - 1) < 1e-6]
    facing = recess.normals @ tried.T
    total = max(float(recess.areas.sum()), 1e-300)
    undercut = recess.areas @ (facing < UNDERCUT) / total
    floor = recess.areas @ (facing > FLOOR) / total
    # Rounded, so that the choice between equals is the same however the body lies.
    merit = np.round(
        np.where(undercut < MOST_UNDERCUT, 1 + floor, 1 - undercut) - (undercut >= MOST_UNDERCUT), 6
    )
    best: Floats = tried[int(np.argmax(merit))]
    return best


def _edge_directions(normals: Floats) -> Floats:
    """Directions along the corner of the two largest walls: a passage without a floor runs along them."""
    if len(normals) < 2:
        return np.empty((0, 3))
    along = np.cross(normals[0], normals[1:])
    size = np.linalg.norm(along, axis=1)
    kept = along[size > WALL] / size[size > WALL][:, None]
    return np.vstack((kept[:1], -kept[:1]))


def _widest_gap(recess: Recess, towards: Floats) -> float:
    """Degrees around ``towards`` that no wall faces."""
    walls = np.abs(recess.normals @ towards) < 0.7
    if not recess.areas[walls].any():
        return 360.0
    first, second = _plane_axes(towards)
    turn = np.degrees(np.arctan2(recess.normals[walls] @ second, recess.normals[walls] @ first)) % 360
    area = np.bincount(np.round(turn).astype(int) % 360, weights=recess.areas[walls], minlength=360)
    present = np.flatnonzero(area > LEAST_WALL * area.max())
    return float(np.diff(np.append(present, present[0] + 360)).max())


def _measure_across(recess: Recess, towards: Floats) -> tuple[float, float, Floats]:
    """Length, width and middle of the smallest box around a recess, seen along ``towards``.

    One side of the smallest box lies along a side of the convex hull (Freeman and Shapira 1975).
    """
    import shapely

    frame = np.array(_plane_axes(towards))
    flat = recess.points @ frame.T
    hull = shapely.get_coordinates(shapely.convex_hull(shapely.MultiPoint(flat)))
    sides = np.diff(hull, axis=0)
    sides = sides[np.hypot(*sides.T) > 1e-9]
    if not len(sides):
        return 0.0, 0.0, hull[0] @ frame
    boxes = []
    for along in sides / np.hypot(*sides.T)[:, None]:
        axes = np.array((along, (-along[1], along[0])))
        low, high = (hull @ axes.T).min(axis=0), (hull @ axes.T).max(axis=0)
        boxes.append((high - low, (low + high) / 2 @ axes @ frame))
    least = min(float(size.prod()) for size, _ in boxes)
    # Triangles have several smallest boxes: the slimmest, whatever the last digit of their areas.
    size, middle = min(
        (box for box in boxes if box[0].prod() <= least * (1 + 1e-6)), key=lambda box: float(box[0].min())
    )
    return float(size.max()), float(size.min()), middle


def _least_radius(shape: Shape, group: tuple[int, ...], towards: Floats) -> float | None:
    """Least radius between walls along ``towards``: 0 where an inside corner runs that way."""
    faces, edges = shape.faces, shape.edges
    marked = np.zeros(len(faces.area), dtype=bool)
    marked[list(group)] = True
    corners = inside_corners(shape, marked) & edges.straight
    along = edges.end[corners] - edges.start[corners]
    size = np.maximum(np.linalg.norm(along, axis=1), 1e-300)
    if (np.abs(along @ towards) > FLOOR * size).any():
        return 0.0
    hollow = marked & faces.hollow & (faces.kind == FaceKind.CYLINDER)
    standing = hollow & (np.abs(np.nan_to_num(faces.axis) @ towards) > FLOOR)
    return float(faces.radius[standing].min()) if standing.any() else None


def _describe_bevel(shape: Shape, face: int) -> tuple[Feature, ...]:
    """A plane face that breaks an outside edge by the same amount on both sides."""
    rims = bevel_rims(shape, face, inner=False)
    if rims is None:
        return ()
    edges = shape.edges
    first, second = rims
    along = edges.end[first] - edges.start[first]
    step = edges.middle[second] - edges.middle[first]
    width = np.linalg.norm(np.cross(along, step)) / np.linalg.norm(along)
    return (
        Feature(
            kind="chamfer",
            at_mm=_vector(shape.faces.centre[face]),
            axis=_vector(-shape.faces.normal[face]),
            width_mm=float(width),
            length_mm=float(max(edges.length[first], edges.length[second])),
            angle_deg=float(edges.bend[first]),
            area_mm2=float(shape.faces.area[face]),
            faces=(face,),
        ),
    )


def _plane_axes(towards: Floats) -> tuple[Floats, Floats]:
    """Two unit directions square to ``towards`` and to each other."""
    first = np.cross(towards, np.eye(3)[np.argmin(np.abs(towards))])
    first = first / np.linalg.norm(first)
    return first, np.cross(towards, first)


def _unit(vector: Floats, otherwise: Floats) -> Floats:
    size = float(np.linalg.norm(vector))
    return vector / size if size > 1e-9 else otherwise


def _vector(point: Floats) -> Vector:
    x, y, z = point.tolist()
    return x, y, z
