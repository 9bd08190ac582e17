"""What milling a body from a block means: the block, the clampings, the corners a tool must leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from manyworks.model.solids import Feature, Machining, Setup
from manyworks.shapes.boxes import Box
from manyworks.shapes.directions import SAME_DIRECTION_DEG
from manyworks.shapes.making import making
from manyworks.shapes.points import as_vector
from manyworks.shapes.rays import OFF_SKIN, Floats, Skin, Truths, first_hits
from manyworks.shapes.samples import Samples
from manyworks.shapes.shape import FaceTable
from manyworks.shapes.visibility import see

# Skin less than about ten degrees from upright is milled with the side of the tool, the rest with its tip.
_FLANK = 0.17
# Clampings that finish less of the skin than this are not made.
_WORTH_CLAMPING = 0.002
_MOST_SETUPS = 12
# A side can stand in for another where it finishes the skin at least this well by comparison, ...
_AS_WELL = 0.5
# ... but for this share of the skin.
_MUCH_WORSE = 0.05
# A corner that opens wider than this keeps less than a thirtieth of the tool's radius.
_WIDE_OPEN_DEG = 150.0
# A block clamped aslant needs a fixture of its own.
_ASLANT = 0.5
_PARALLEL = float(np.cos(np.radians(SAME_DIRECTION_DEG)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sight:
    """Which points of a skin are in sight from which sides.

    Parameters
    ----------
    directions : (k, 3)
        Unit vectors from the body to the viewer; ``directions[2 i + 1] = -directions[2 i]``.
    seen : (k, n)
    """

    directions: Floats
    seen: Truths


def look_around(skin: Skin, samples: Samples, axes: Floats) -> Sight:
    """Look at a body along each axis from both ends."""
    directions = np.repeat(axes, 2, axis=0)
    directions[1::2] *= -1
    return Sight(directions=directions, seen=see(skin, samples.points, samples.normals, directions))


def plan_milling(
    skin: Skin, samples: Samples, box: Box, sight: Sight, volume: float, *, flat: Truths
) -> Machining:
    """Choose the block and the clampings.

    Greedy cover: the side that finishes most of what is left goes first, where skin milled with the
    tool's side counts less the further the tool has to reach down along it, flats that another side
    can face count a third, and large faces of the block are preferred to lay it on. Sides that
    turn out not to be needed are dropped again.

    Parameters
    ----------
    volume
        Of the body, mm3.
    flat : (n,)
        Which points lie on plane faces.
    """
    worth = _worth(skin, samples, sight, flat) * sight.seen
    chosen = _cover(sight.seen, worth * _preference(box, sight.directions)[:, None])
    chosen = _drop_needless(chosen, sight.seen, worth)
    setups: list[Setup] = []
    left = np.ones(len(samples.points), dtype=np.bool_)
    for side in chosen:
        share = float((sight.seen[side] & left).mean())
        left &= ~sight.seen[side]
        setups.append(Setup(direction=as_vector(sight.directions[side]), share=round(share, 4)))
    length, width, height = (round(float(edge), 4) for edge in box.size)
    return Machining(
        stock_mm=(length, width, height),
        removed_mm3=round(max(box.volume - volume, 0.0), 3),
        setups=tuple(setups),
        unreached_share=round(float(left.mean()), 4),
    )


def _worth(skin: Skin, samples: Samples, sight: Sight, flat: Truths) -> Floats:
    """What finishing a point from a side is worth, 0 to 1; (k, n)."""
    facts = making("machining")
    facing = sight.directions @ samples.normals.T
    depths = _depths(skin, samples, sight.directions)
    reach = facts["reach_diameters"] * np.minimum(_room(skin, samples), facts["largest_tool_mm"])
    # Beyond its reach a tool bends with the cube of its length: the worth of deep walls falls likewise.
    deep = np.minimum(1.0, reach / np.maximum(depths, 1e-9)) ** 3
    square = facing > _PARALLEL
    elsewhere = (square & sight.seen).any(axis=0) & flat
    again = np.where(elsewhere & ~square, facts["flank_again"], 1.0)
    return again * np.where(facing > _FLANK, 1.0, deep)


def _depths(skin: Skin, samples: Samples, directions: Floats) -> Floats:
    """How far below the top of the body each point lies as seen from each side, mm; (k, n)."""
    tops = ((skin.vertices - skin.middle) @ directions.T).max(axis=0)
    return np.asarray(tops[:, None] - directions @ (samples.points - skin.middle).T)


def _room(skin: Skin, samples: Samples) -> Floats:
    """Free way in front of each point, square to the skin, mm; (n,)."""
    step = OFF_SKIN * skin.scale
    return first_hits(skin, samples.points + step * samples.normals, samples.normals)[0] + step


def _preference(box: Box, directions: Floats) -> Floats:
    """How much of the block faces each side, 0 to 1, softened by a root; half for aslant ones; (k,)."""
    facing = (directions @ box.axes.T) ** 2
    areas = facing @ box.faces
    preference = np.sqrt(areas / max(float(areas.max()), 1e-12))
    return np.asarray(np.where(facing.max(axis=1) > _PARALLEL**2, preference, _ASLANT * preference))


def _cover(seen: Truths, worth: Floats) -> list[int]:
    chosen: list[int] = []
    left = np.ones(seen.shape[1], dtype=np.bool_)
    while len(chosen) < _MOST_SETUPS:
        fresh = seen & left
        scores = np.where(fresh.mean(axis=1) >= _WORTH_CLAMPING, (worth * fresh).sum(axis=1), -1.0)
        side = int(scores.argmax())
        if scores[side] < 0:
            break
        chosen.append(side)
        left &= ~seen[side]
    return chosen


def _drop_needless(chosen: Sequence[int], seen: Truths, worth: Floats) -> list[int]:
    """Take out sides that the others stand in for, the latest chosen first.

    The others have to see nearly all that a side sees, and most of it about as well: a floor that
    they only reach with the side of the tool keeps its own clamping, a chamfer does not.
    """
    kept = list(chosen)
    for side in reversed(chosen):
        others = [other for other in kept if other != side]
        if not others:
            break
        lost = seen[side] & ~seen[others].any(axis=0)
        worse = seen[side] & (worth[others].max(axis=0) < _AS_WELL * worth[side])
        if lost.mean() < _WORTH_CLAMPING and worse.mean() < _MUCH_WORSE:
            kept = others
    return kept


def corners_along_tools(
    milling: Machining, corners: Sequence[Feature], skin: Skin, faces: FaceTable
) -> tuple[Feature, ...]:
    """Those inside corners that run along the tool of a clamping, so that its radius shows in them.

    A corner between a wall and a floor is left by the tip of the tool and does not count, nor does
    a fillet around a floor (a torus, which has no depth), nor one so open that any tool leaves it
    nearly sharp; neither does a sharp one that another clamping sees as wall and floor.
    """
    sides = np.array([setup.direction for setup in milling.setups]).reshape(-1, 3)
    along = [corner for corner in corners if _runs_along(corner, sides)]
    sharp = [corner for corner in along if not corner.radius_mm]
    by_tip = {
        id(corner)
        for corner, left in zip(sharp, _left_by_tip(sharp, sides, skin, faces), strict=True)
        if left
    }
    return tuple(corner for corner in along if id(corner) not in by_tip)


def _runs_along(corner: Feature, sides: Floats) -> bool:
    if corner.axis is None or corner.depth_mm is None or not len(sides):
        return False
    wide = corner.angle_deg is not None and corner.angle_deg > _WIDE_OPEN_DEG
    if wide and not corner.radius_mm:
        return False
    return float(np.abs(sides @ np.array(corner.axis)).max()) >= _PARALLEL


def _left_by_tip(corners: Sequence[Feature], sides: Floats, skin: Skin, faces: FaceTable) -> Truths:
    """Which sharp corners some clamping sees with one of their faces as its floor; (n,)."""
    count = len(faces.normal)
    floors = np.zeros((len(sides), len(corners)), dtype=np.bool_)
    outwards = np.zeros((len(corners), 3))
    for place, corner in enumerate(corners):
        normals = faces.normal[[face for face in corner.faces if 0 <= face < count]]
        floors[:, place] = (sides @ normals.T > _PARALLEL).any(axis=1)
        outwards[place] = normals.sum(axis=0)
    size = np.linalg.norm(outwards, axis=1)[:, None]
    outwards = np.divide(outwards, size, out=np.zeros_like(outwards), where=size > 1e-6)
    points = np.array([corner.at_mm for corner in corners]).reshape(-1, 3)
    return np.asarray((see(skin, points, outwards, sides) & floors).any(axis=0))


def limit_by_corners(corners: Sequence[Feature]) -> tuple[float | None, float | None]:
    """Least radius of corners along a tool, and the greatest depth over radius; None without any.

    A sharp corner has the radius 0 and no ratio.
    """
    radii = [corner.radius_mm or 0.0 for corner in corners]
    ratios = [
        corner.depth_mm / corner.radius_mm for corner in corners if corner.depth_mm and corner.radius_mm
    ]
    return min(radii, default=None), round(max(ratios), 3) if ratios else None
