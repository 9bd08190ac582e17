"""Pictures of a solid from four sides: shaded skin, dark edges, nothing around it."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.model.solids import View
from manyworks.shapes.pictures import encode_png
from manyworks.shapes.points import as_vector
from manyworks.shapes.products import cross
from manyworks.shapes.rays import Floats, Integers, Skin, Truths, first_hits, make_skin
from manyworks.shapes.shape import Shape

_PIXELS = 360
_MARGIN = 4
_BYTES = 30_000
# Faces that meet at less than this look smooth.
_CREASE = math.cos(math.radians(14.0))
# Triangles whose corners turn by less than this, radians, are shaded evenly.
_FLAT = 1e-9
# Neighbouring points further apart than this, in pixels and off both tangent planes, are a step.
_STEP = 1.5
# Directions (to the right, up, to the viewer) and strengths of the light; what is left is ambient.
_LIGHT = np.array([-0.42, 0.58, 0.70])
_AMBIENT, _DIFFUSE = 0.42, 0.55
_DARKEST, _LIGHTEST = 24, 250
_EDGE = 0.30
# An odd number of many bits (Steele, Lea and Flood 2014): spreads what it is multiplied with.
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_COARSER = (1, 4, 8, 16, 32)

# Name, direction to the viewer, direction to the right.
_SIDES = (
    ("front", (0.0, -1.0, 0.0), (1.0, 0.0, 0.0)),
    ("right", (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)),
    ("top", (0.0, 0.0, 1.0), (1.0, 0.0, 0.0)),
    ("isometric", (1.0, -1.0, 1.0), (1.0, 1.0, 0.0)),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Camera:
    """A parallel view: axes of the picture and where its pixels lie."""

    towards: Floats
    right: Floats
    up: Floats
    left: float
    top: float
    pixel: float
    width: int
    height: int


def render_views(shapes: Sequence[Shape]) -> tuple[View, ...]:
    """Draw bodies together, as they stand, from the front, the right, the top and at an angle.

    Returns
    -------
    Four pictures of at most 360 pixels and 30 kB each, all of the same scale; none where there is
    nothing to draw.
    """
    skin = make_skin(_together(shapes)) if shapes else None
    if skin is None:
        return ()
    smooth = _smooth_normals(skin)
    cameras = [(name, _aim(skin, np.array(towards), np.array(right))) for name, towards, right in _SIDES]
    return tuple(_draw(name, camera, skin, smooth) for name, camera in cameras)


def _together(shapes: Sequence[Shape]) -> Shape:
    """All bodies as one mesh; faces keep apart."""
    vertices = np.cumsum([0, *(len(shape.vertices) for shape in shapes)])
    faces = np.cumsum([0, *(len(shape.faces.kind) for shape in shapes)])
    first = shapes[0]
    return Shape(
        vertices=np.concatenate([shape.vertices for shape in shapes]),
        triangles=np.concatenate([s.triangles + at for s, at in zip(shapes, vertices, strict=False)]),
        face_of=np.concatenate([s.face_of + at for s, at in zip(shapes, faces, strict=False)]),
        faces=first.faces,
        edges=first.edges,
        exact=False,
        volume=0.0,
        area=0.0,
    )


def _smooth_normals(skin: Skin) -> Floats:
    """A normal for each corner of each triangle, (m, 3, 3): the mean over its face around that corner."""
    _, place = np.unique(_keys(skin), return_inverse=True)
    weighted = np.repeat(skin.normals * skin.areas[:, None], 3, axis=0)
    sums = np.stack([np.bincount(place, weights=weighted[:, axis]) for axis in range(3)], axis=1)
    sizes = np.linalg.norm(sums, axis=1, keepdims=True)
    means = np.divide(sums, sizes, out=np.zeros_like(sums), where=sizes > 0)
    return np.asarray(means[place].reshape(-1, 3, 3))


def _keys(skin: Skin) -> NDArray[np.uint64]:
    """A number for each corner and its face: equal for equal ones, and hardly ever else."""
    bits = np.ascontiguousarray(skin.points + 0.0).view(np.uint64)
    face = np.repeat(skin.face_of, 3).astype(np.uint64)
    key = np.zeros(len(bits), dtype=np.uint64)
    for column in (*bits.T, face):
        key = (key ^ column) * _MIX
        key ^= key >> np.uint64(29)
    return key


def _aim(skin: Skin, towards: Floats, right: Floats) -> _Camera:
    towards, right = towards / np.linalg.norm(towards), right / np.linalg.norm(right)
    up = cross(towards, right)
    flat = skin.vertices @ np.column_stack((right, up))
    low, high = flat.min(axis=0), flat.max(axis=0)
    # One scale for all four: the longest way through the box fits.
    pixel = 2 * skin.scale / (_PIXELS - 2 * _MARGIN)
    width, height = (int(size) + 2 * _MARGIN for size in np.ceil((high - low) / pixel))
    spare = (np.array([width, height]) * pixel - (high - low)) / 2
    return _Camera(
        towards=towards,
        right=right,
        up=up,
        left=float(low[0] - spare[0]),
        top=float(high[1] + spare[1]),
        pixel=float(pixel),
        width=width,
        height=height,
    )


def _draw(name: str, camera: _Camera, skin: Skin, smooth: Floats) -> View:
    picture = _shade(camera, skin, smooth)
    return View(
        name=name,
        towards=as_vector(camera.towards),
        right=as_vector(camera.right),
        up=as_vector(camera.up),
        left=camera.left,
        top=camera.top,
        mm_per_pixel=camera.pixel,
        width=camera.width,
        height=camera.height,
        png_base64=base64.b64encode(_small_png(picture)).decode("ascii"),
    )


def _small_png(picture: Floats) -> bytes:
    """The picture with as many greys as fit into its bytes."""
    png = b""
    for step in _COARSER:
        levels = np.where(picture > 0, np.maximum(np.round(picture / step) * step, 1), 0)
        png = encode_png(np.minimum(levels, 255).astype(np.uint8))
        if len(png) <= _BYTES:
            break
    return png


def _shade(camera: _Camera, skin: Skin, smooth: Floats) -> Floats:
    """Greys from 1 to 255, 0 where nothing is; (height, width)."""
    origins = _pixel_points(camera, skin)
    ways = np.broadcast_to(-camera.towards, origins.shape)
    distances, met = first_hits(skin, origins, ways)
    hit = met >= 0
    points = origins[hit] + distances[hit, None] * ways[hit]
    normals = np.zeros_like(origins)
    normals[hit] = _normals_at(points, met[hit], skin, smooth)
    spots = np.zeros_like(origins)
    spots[hit] = points
    shape = (camera.height, camera.width)
    seen = hit.reshape(shape)
    light = _LIGHT @ np.array([camera.right, camera.up, camera.towards]) / np.linalg.norm(_LIGHT)
    lit = _AMBIENT + _DIFFUSE * np.clip(normals @ light, 0, 1).reshape(shape)
    face = np.where(hit, skin.face_of[met], -1).reshape(shape)
    edge = _edges(seen, face, normals.reshape(*shape, 3), spots.reshape(*shape, 3), camera.pixel)
    grey = _DARKEST + (_LIGHTEST - _DARKEST) * lit
    return np.where(seen, np.where(edge, grey * _EDGE, grey), 0.0)


def _pixel_points(camera: _Camera, skin: Skin) -> Floats:
    """Middles of all pixels, in front of the body, row after row."""
    across = camera.left + (np.arange(camera.width) + 0.5) * camera.pixel
    down = camera.top - (np.arange(camera.height) + 0.5) * camera.pixel
    front = float((skin.vertices @ camera.towards).max()) + 0.01 * skin.scale
    flat = across[None, :, None] * camera.right + down[:, None, None] * camera.up
    return np.asarray((flat + front * camera.towards).reshape(-1, 3))


def _normals_at(points: Floats, met: Integers, skin: Skin, smooth: Floats) -> Floats:
    """Smooth normals between the corners of the triangles met."""
    normals = skin.normals[met]
    curved = np.asarray(np.abs(smooth - skin.normals[:, None]).max(axis=(1, 2)) > _FLAT)
    bent = np.flatnonzero(curved[met])
    normals[bent] = _mixed_at(points[bent], met[bent], skin, smooth)
    return normals


def _mixed_at(points: Floats, met: Integers, skin: Skin, smooth: Floats) -> Floats:
    """Mean of the normals at the three corners, each weighing more the nearer it is (barycentric)."""
    a, b, c = (skin.corners[met, corner] for corner in range(3))
    normal, doubled = skin.normals[met], 2 * skin.areas[met]
    u = np.einsum("ij,ij->i", cross(c - b, points - b), normal) / doubled
    v = np.einsum("ij,ij->i", cross(a - c, points - c), normal) / doubled
    weights = np.clip(np.column_stack((u, v, 1 - u - v)), 0, 1)
    mixed = np.einsum("ij,ijk->ik", weights, smooth[met])
    sizes = np.linalg.norm(mixed, axis=1, keepdims=True)
    return np.where(sizes > 0.1, mixed / np.maximum(sizes, 0.1), normal)


def _edges(seen: Truths, face: Integers, normals: Floats, spots: Floats, pixel: float) -> Truths:
    """Pixels on the outline, on a crease between faces, or on a step from one surface to one behind."""
    edge = np.zeros_like(seen)
    padded = np.pad(seen, 1)
    outline = ~(padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:])
    edge |= seen & outline
    for here, there in ((np.s_[:, :-1], np.s_[:, 1:]), (np.s_[:-1], np.s_[1:])):
        both = seen[here] & seen[there]
        apart = spots[there] - spots[here]
        off = np.minimum(
            np.abs(np.einsum("ijk,ijk->ij", apart, normals[here])),
            np.abs(np.einsum("ijk,ijk->ij", apart, normals[there])),
        )
        turned = np.einsum("ijk,ijk->ij", normals[here], normals[there]) < _CREASE
        edge[here] |= both & ((turned & (face[here] != face[there])) | (off > _STEP * pixel))
    return edge
