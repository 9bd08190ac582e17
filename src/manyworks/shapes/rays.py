"""A body's skin made ready for rays: what a straight line meets first, and whether it gets away.

The ray tracer counts in single precision, so the skin is moved to the origin and scaled to a
half-diagonal of 1 before it goes in; distances are then worked out again in double precision from
the plane of the triangle that was met.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from manyworks.shapes.mesh_graph import distinct
from manyworks.shapes.products import cross
from manyworks.shapes.shape import Shape

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Truths: TypeAlias = NDArray[np.bool_]

# Rays start this far off the skin, as a share of the half-diagonal: a hundred times the rounding
# of single precision, a tenth of the thinnest wall worth measuring.
OFF_SKIN = 1e-5
# Triangles smaller than this share of the mean are slivers without a reliable normal.
_SLIVER = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Skin:
    """The triangles of a body (``m`` rows) and the ray tracer's copy of them.

    Parameters
    ----------
    vertices : (n, 3)
        The points that triangles hang on, each once where the body's are.
    corners : (m, 3, 3)
        On the file's axes, mm.
    normals : (m, 3)
        Unit, outwards.
    areas : (m,)
    face_of : (m,)
    middle : (3,)
        Middle of the box along the file's axes.
    scale
        Half the diagonal of that box, mm.
    scene
        The ray tracer's scene.
    """

    vertices: Floats
    corners: Floats
    normals: Floats
    areas: Floats
    face_of: Integers
    middle: Floats
    scale: float
    scene: Any

    @property
    def area(self) -> float:
        """Area of the whole skin, mm2."""
        return float(self.areas.sum())

    @property
    def points(self) -> Floats:
        """All corners, one row each, (3 m, 3)."""
        return self.corners.reshape(-1, 3)


def make_skin(shape: Shape) -> Skin | None:
    """Prepare a body for rays; None where it has no triangle with an area, or a corner is not a number."""
    corners = shape.vertices[shape.triangles]
    if not len(corners) or not np.isfinite(corners).all():
        return None
    crosses = cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    doubled = np.linalg.norm(crosses, axis=1)
    keep = doubled > _SLIVER * float(doubled.mean())
    if not keep.any():
        return None
    corners, crosses, doubled = corners[keep], crosses[keep], doubled[keep]
    low, high = corners.min(axis=(0, 1)), corners.max(axis=(0, 1))
    middle, scale = (low + high) / 2, float(np.linalg.norm(high - low)) / 2
    return Skin(
        vertices=shape.vertices[distinct(shape.triangles[keep].ravel())],
        corners=corners,
        normals=crosses / doubled[:, None],
        areas=doubled / 2,
        face_of=shape.face_of[keep],
        middle=middle,
        scale=scale,
        scene=_build_scene((corners - middle) / scale),
    )


def _build_scene(corners: Floats) -> Any:
    from embreex.mesh_construction import TriangleMesh
    from embreex.rtcore_scene import EmbreeScene

    scene = EmbreeScene(robust=True)
    TriangleMesh(scene, np.ascontiguousarray(corners, dtype=np.float32))
    return scene


def first_hits(skin: Skin, origins: Floats, directions: Floats) -> tuple[Floats, Integers]:
    """What each ray meets first.

    Parameters
    ----------
    origins, directions : (n, 3)
        Starting points on the file's axes, and unit directions.

    Returns
    -------
    Distances in mm, (n,), infinite where nothing is met; and the triangles met, (n,), -1 for none.
    """
    if not len(origins):
        return np.zeros(0), np.zeros(0, dtype=np.int64)
    starts, ways = _to_scene(skin, origins, directions)
    triangles = skin.scene.run(starts, ways, query="INTERSECT").astype(np.int64)
    distances = np.full(len(origins), np.inf)
    hit = np.flatnonzero(triangles >= 0)
    met = triangles[hit]
    normals = skin.normals[met]
    steepness = np.einsum("ij,ij->i", directions[hit], normals)
    ahead = np.einsum("ij,ij->i", skin.corners[met, 0] - origins[hit], normals)
    along = np.divide(ahead, steepness, out=np.zeros(len(hit)), where=np.abs(steepness) > 1e-9)
    distances[hit] = np.maximum(along, 0.0)
    return distances, triangles


def are_blocked(skin: Skin, origins: Floats, directions: Floats, within_mm: float | None = None) -> Truths:
    """Whether each ray meets the skin, at all or within a distance; (n,)."""
    if not len(origins):
        return np.zeros(0, dtype=np.bool_)
    starts, ways = _to_scene(skin, origins, directions)
    if within_mm is None:
        met = skin.scene.run(starts, ways, query="OCCLUDED")
    else:
        limits = np.full(len(starts), within_mm / skin.scale, dtype=np.float32)
        met = skin.scene.run(starts, ways, dists=limits, query="INTERSECT")
    return np.asarray(met >= 0, dtype=np.bool_)


def _to_scene(
    skin: Skin, origins: Floats, directions: Floats
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    starts = np.ascontiguousarray((origins - skin.middle) / skin.scale, dtype=np.float32)
    return starts, np.ascontiguousarray(directions, dtype=np.float32)
