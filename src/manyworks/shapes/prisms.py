"""Whether a body has one section all along an axis: what can be extruded, or cut from plate."""

from __future__ import annotations

import numpy as np

from manyworks.model.solids import Prism
from manyworks.shapes.boxes import square_to
from manyworks.shapes.directions import SAME_DIRECTION_DEG
from manyworks.shapes.points import as_vector
from manyworks.shapes.rays import Floats, Skin, Truths
from manyworks.shapes.samples import Samples

LEAST_SHARE = 0.8
# Sections whose areas differ by more than this are not one section.
_MOST_SPREAD = 0.15
# ... nor is it the section of the whole body where it misses the volume by more than this.
_MOST_MISSING = 0.05
_SECTIONS = 9
_ALONG = float(np.sin(np.radians(SAME_DIRECTION_DEG)))
_SQUARE = float(np.cos(np.radians(SAME_DIRECTION_DEG)))
# End faces lie within this share of the length of the ends.
_AT_END = 2e-3
# Axes whose shares differ by less than this are equally good.
_AS_GOOD = 0.01


def find_prism(skin: Skin, samples: Samples, axes: Floats, volume: float) -> Prism | None:
    """Find the axis along which the section stays the same; None where none does.

    The axis with the largest share of skin that either runs along it or is one of its two ends
    wins; among equals (a block has three) the one along which the body is most of a plate or most
    of a bar. Its plane sections must agree with each other within 15 %, and with the volume within 5 %.
    """
    if not len(axes):
        return None
    shares = np.array([constant_share(skin, samples, axis) for axis in axes])
    slenderness = np.array([_slenderness(skin, axis, volume) for axis in axes])
    good = shares >= shares.max() - _AS_GOOD
    axis_number = int(np.where(good, np.round(slenderness, 3), -1.0).argmax())
    axis, share = axes[axis_number], float(shares[axis_number])
    if share < LEAST_SHARE:
        return None
    length = float(np.ptp(skin.vertices @ axis))
    sections = section_areas(skin, axis, _SECTIONS)
    middle = float(np.median(sections))
    uneven = float(np.ptp(sections)) > _MOST_SPREAD * middle
    if uneven or abs(middle * length - volume) > _MOST_MISSING * volume:
        return None
    return Prism(
        axis=as_vector(axis), length_mm=round(length, 4), section_mm2=round(middle, 3), share=round(share, 4)
    )


def constant_share(skin: Skin, samples: Samples, axis: Floats) -> float:
    """Share of the skin that runs along an axis or is one of the two flat ends across it."""
    heights = skin.vertices @ axis
    low, high = float(heights.min()), float(heights.max())
    steepness = samples.normals @ axis
    levels = samples.points @ axis
    end = _AT_END * (high - low)
    at_end = np.where(steepness > 0, levels > high - end, levels < low + end)
    return float(((np.abs(steepness) < _ALONG) | ((np.abs(steepness) > _SQUARE) & at_end)).mean())


def _slenderness(skin: Skin, axis: Floats, volume: float) -> float:
    """How far a body is from a cube seen along an axis: large for plates and for bars."""
    length = max(float(np.ptp(skin.vertices @ axis)), 1e-9)
    section = max(volume / length, 1e-12)
    return abs(float(np.log(length / np.sqrt(section))))


def section_areas(skin: Skin, axis: Floats, count: int) -> Floats:
    """Areas of plane sections across an axis, evenly spread between the ends, mm2; (count,).

    Each triangle that crosses a plane adds one side of the outline; the sides' signed triangles
    with the origin add up to the area (Green's theorem), inner outlines negative.
    """
    levels = (skin.corners - skin.middle) @ axis
    flat = (skin.corners - skin.middle) @ square_to(axis).T
    lowest, highest = levels.min(axis=1), levels.max(axis=1)
    low, high = float(lowest.min()), float(highest.max())
    # Off the round fractions, where designers put their steps.
    planes = low + (high - low) * (np.arange(count) + 0.4877) / count
    crossed = [(lowest <= plane) & (highest > plane) for plane in planes]
    areas = [_section(levels[on], flat[on], plane) for on, plane in zip(crossed, planes, strict=True)]
    return np.array(areas)


def _section(levels: Floats, flat: Floats, plane: float) -> float:
    """Area of one section, from the triangles that cross it: heights of their corners, and places."""
    up: Truths = np.asarray(levels > plane)
    next_level, next_corner = (np.roll(part, -1, axis=1) for part in (levels, flat))
    next_up: Truths = np.roll(up, -1, axis=1)
    change = up != next_up
    share = np.divide(plane - levels, next_level - levels, out=np.zeros_like(levels), where=change)
    points = flat + share[:, :, None] * (next_corner - flat)
    # Outward triangles are run through from the side that goes down to the side that goes up.
    falls, rises = up & ~next_up, ~up & next_up
    starts, ends = points[falls], points[rises]
    return float(np.abs((starts[:, 0] * ends[:, 1] - starts[:, 1] * ends[:, 0]).sum()) / 2)
