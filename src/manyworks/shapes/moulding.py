"""What a two-part mould means for a body: which way it opens, what gets in the way, its shadow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from manyworks.model.solids import Feature, Moulding
from manyworks.shapes.clusters import cluster_points, cluster_triangles
from manyworks.shapes.machining import Sight
from manyworks.shapes.making import making
from manyworks.shapes.points import as_vector
from manyworks.shapes.rays import Floats, Integers, Skin, Truths
from manyworks.shapes.samples import Samples
from manyworks.shapes.shadows import shadow_area
from manyworks.shapes.visibility import see

# Pull directions whose undercut differs by less than this share of the skin are equally good.
_AS_GOOD = 0.005
# Undercut regions smaller than this share of the skin are what meshing leaves, not shape.
_SMALLEST_REGION = 0.001
_MOST_REGIONS = 20
# Above this many triangles undercut regions are found by points alone, ...
_MOST_TRIANGLES = 200_000
# ... which hang together over this many spacings.
_REACH = 2.5
_HALF = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Patches:
    """Hidden pieces of skin, one row each, and the number of the cluster each belongs to."""

    points: Floats
    normals: Floats
    areas: Floats
    faces: Integers
    cluster: Integers


def plan_mould(skin: Skin, samples: Samples, sight: Sight) -> tuple[Moulding, tuple[Feature, ...]]:
    """Choose the pull direction and measure what a mould must do.

    The direction with least undercut wins; among equals the one with the largest shadow.

    Returns
    -------
    The mould, and its undercut regions, the largest first.
    """
    side = _best_pull(samples, sight)
    pull = sight.directions[side]
    hidden = ~(sight.seen[side] | sight.seen[side ^ 1])
    regions = _find_undercuts(skin, samples, hidden, pull)
    upright = float(np.sin(np.radians(making("moulding")["least_draft_deg"])))
    steep = np.abs(samples.normals @ pull) < upright
    heights = (skin.vertices - skin.middle) @ pull
    mould = Moulding(
        pull=as_vector(pull),
        projected_mm2=round(shadow_area(skin, pull), 3),
        depth_mm=round(float(np.ptp(heights)), 4),
        undercut_share=round(float(hidden.mean()), 4),
        no_draft_share=round(float(steep.mean()), 4),
        slides=len(regions),
    )
    return mould, regions[:_MOST_REGIONS]


def _best_pull(samples: Samples, sight: Sight) -> int:
    """The side with least undercut, then the largest shadow: what is in sight, foreshortened."""
    hidden = ~(sight.seen[0::2] | sight.seen[1::2])
    undercut = hidden.mean(axis=1)
    facing = np.maximum(sight.directions @ samples.normals.T, 0.0)
    shadows = (facing * sight.seen).sum(axis=1).reshape(-1, 2)
    good = undercut <= undercut.min() + _AS_GOOD
    axis = int(np.where(good, shadows.max(axis=1), -1.0).argmax())
    in_sight = sight.seen[2 * axis : 2 * axis + 2].sum(axis=1)
    return 2 * axis + int(in_sight[1] > in_sight[0])


def _find_undercuts(skin: Skin, samples: Samples, hidden: Truths, pull: Floats) -> tuple[Feature, ...]:
    """Connected regions that neither mould half sees, the largest first.

    Regions are made of triangles; of points, where a mesh has too many triangles to look at each.
    """
    if len(skin.areas) > _MOST_TRIANGLES:
        patches = _patches_of_points(samples, hidden)
    else:
        patches = _patches_of_triangles(skin, samples, hidden, pull)
    areas = np.bincount(patches.cluster, weights=patches.areas, minlength=len(patches.areas))
    large = np.flatnonzero(areas > _SMALLEST_REGION * skin.area)
    regions = [_region(patches, patches.cluster == name) for name in large]
    return tuple(sorted(regions, key=lambda region: (-(region.area_mm2 or 0.0), region.at_mm)))


def _patches_of_points(samples: Samples, hidden: Truths) -> _Patches:
    points = samples.points[hidden]
    return _Patches(
        points=points,
        normals=samples.normals[hidden],
        areas=np.full(len(points), samples.area),
        faces=samples.faces[hidden],
        cluster=cluster_points(points, _REACH * samples.spacing),
    )


def _patches_of_triangles(skin: Skin, samples: Samples, hidden: Truths, pull: Floats) -> _Patches:
    """Triangles of which at least half is hidden, judged by their middle and the points on them."""
    centres = skin.corners.mean(axis=1)
    unseen = ~see(skin, centres, skin.normals, np.array([pull, -pull])).any(axis=0)
    count = len(centres)
    votes = unseen + np.bincount(samples.triangles, weights=hidden, minlength=count)
    share = votes / (1 + np.bincount(samples.triangles, minlength=count))
    chosen = np.flatnonzero(share >= _HALF)
    return _Patches(
        points=centres[chosen],
        normals=skin.normals[chosen],
        areas=skin.areas[chosen] * share[chosen],
        faces=skin.face_of[chosen],
        cluster=cluster_triangles(skin.corners[chosen], skin.scale),
    )


def _region(patches: _Patches, members: Truths) -> Feature:
    points, areas = patches.points[members], patches.areas[members]
    middle = np.average(points, axis=0, weights=areas)
    nearest = int(np.linalg.norm(points - middle, axis=1).argmin())
    mean = np.average(patches.normals[members], axis=0, weights=areas)
    length = float(np.linalg.norm(mean))
    return Feature(
        kind="undercut",
        at_mm=as_vector(points[nearest]),
        # A region that faces all ways (the inside of a bore) has no direction of its own.
        axis=as_vector(mean / length) if length > _HALF else None,
        area_mm2=round(float(areas.sum()), 3),
        faces=tuple(sorted({int(face) for face in patches.faces[members]})),
    )
