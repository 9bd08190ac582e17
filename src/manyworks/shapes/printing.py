"""How a body is best printed in layers: which side down, what overhangs, what must be propped up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from manyworks.model.solids import Feature, Printing
from manyworks.shapes.boxes import Box
from manyworks.shapes.clusters import cluster_points
from manyworks.shapes.making import making
from manyworks.shapes.points import as_vector
from manyworks.shapes.rays import OFF_SKIN, Floats, Integers, Skin, first_hits
from manyworks.shapes.samples import Samples

# Faces drawn at exactly the limit are drawn so to print without support; the facets that a mesh makes
# of such a cone lean up to about a degree more.
_TOLERANCE_DEG = 1.5
# How the sides are weighed: room to prop up against the body's volume, overhang against its skin,
# height against its longest edge, height against the width of the foot. Support is thrown away and
# leaves scars; height costs time; a tall body on a small foot lets go of the bed.
_OVERHANG_WEIGHT = 1.0
_HEIGHT_WEIGHT = 0.1
_TIPPING_WEIGHT = 0.02
# Sides whose costs differ by less than this are equally good: the larger foot decides.
_AS_GOOD = 0.003
# What a body without a flat side stands on, mm2.
_LEAST_FOOT_MM2 = 1.0
_REACH = 2.5
_MOST_PLACES = 12
# Overhangs smaller than this share of the skin print without being looked at.
_SMALLEST_PLACE = 0.001


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Standing:
    """A body stood on one side: the points that overhang, and the way down below each."""

    up: Floats
    height: float
    base: float
    hanging: Integers
    drops: Floats
    support: float
    overhang: float


def plan_print(skin: Skin, samples: Samples, box: Box, volume: float) -> tuple[Printing, tuple[Feature, ...]]:
    """Choose the side to print from among the six of the block.

    Returns
    -------
    The best way up, and the places that overhang then, the largest first.
    """
    ups = np.vstack((box.axes, -box.axes))
    standings = [_stand(skin, samples, up) for up in ups]
    costs = np.array([_cost(standing, skin, box, volume) for standing in standings])
    feet = np.array([standing.base for standing in standings])
    best = standings[int(np.where(costs <= costs.min() + _AS_GOOD, np.round(feet, 3), -1.0).argmax())]
    plan = Printing(
        up=as_vector(best.up),
        height_mm=round(best.height, 4),
        overhang_mm2=round(best.overhang, 3),
        support_mm3=round(best.support, 3),
        base_mm2=round(best.base, 3),
    )
    return plan, _places(samples, best)


def _cost(standing: _Standing, skin: Skin, box: Box, volume: float) -> float:
    cost = standing.support / max(volume, 1e-9) + _OVERHANG_WEIGHT * standing.overhang / skin.area
    cost += _HEIGHT_WEIGHT * standing.height / float(box.size[0])
    cost += _TIPPING_WEIGHT * standing.height / float(np.sqrt(standing.base + _LEAST_FOOT_MM2))
    return cost


def _stand(skin: Skin, samples: Samples, up: Floats) -> _Standing:
    facts = making("printing")
    levels = (skin.corners - skin.middle) @ up
    bottom, contact = float(levels.min()), facts["bed_contact_mm"]
    limit = -float(np.sin(np.radians(facts["steepest_deg"] + _TOLERANCE_DEG)))
    down = skin.normals @ up < limit
    base = float(skin.areas[down & (levels.max(axis=1) < bottom + contact)].sum())
    heights = (samples.points - skin.middle) @ up - bottom
    steepness = samples.normals @ up
    hanging = np.flatnonzero((steepness < limit) & (heights > contact))
    drops = _drops(skin, samples.points[hanging], heights[hanging], up)
    return _Standing(
        up=up,
        height=float(levels.max()) - bottom,
        base=base,
        hanging=hanging,
        drops=drops,
        support=samples.area * float((drops * -steepness[hanging]).sum()),
        overhang=samples.area * len(hanging),
    )


def _drops(skin: Skin, points: Floats, heights: Floats, up: Floats) -> Floats:
    """Free way below each point down to the body itself or the bed, mm."""
    step = OFF_SKIN * skin.scale
    down = np.broadcast_to(-up, points.shape)
    distances, _ = first_hits(skin, points - step * up, down)
    return np.minimum(distances + step, heights)


def _places(samples: Samples, standing: _Standing) -> tuple[Feature, ...]:
    if not len(standing.hanging):
        return ()
    points = samples.points[standing.hanging]
    names = cluster_points(points, _REACH * samples.spacing)
    groups = [np.flatnonzero(names == name) for name in np.unique(names)]
    whole = len(samples.points)
    groups = [group for group in groups if len(group) >= _SMALLEST_PLACE * whole]
    groups.sort(key=lambda group: (-len(group), int(group[0])))
    return tuple(_place(samples, standing, group) for group in groups[:_MOST_PLACES])


def _place(samples: Samples, standing: _Standing, group: Integers) -> Feature:
    members = standing.hanging[group]
    points = samples.points[members]
    nearest = int(np.linalg.norm(points - points.mean(axis=0), axis=1).argmin())
    return Feature(
        kind="overhang",
        at_mm=as_vector(points[nearest]),
        axis=as_vector(-standing.up),
        depth_mm=round(float(standing.drops[group].max()), 4),
        area_mm2=round(samples.area * len(group), 3),
        faces=tuple(sorted({int(face) for face in samples.faces[members]})),
    )
