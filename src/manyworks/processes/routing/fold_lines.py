"""Fold lines of a drawing: how short the legs are that they leave, how near openings lie to them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from manyworks.model import SheetContour, SheetDesign
from manyworks.processes.routing.blanks import Bending

# Lines that differ less in direction (sine of the angle) are parallel.
_PARALLEL = 0.02
_NEXT_TO_NOTHING = 1e-6

_Point = tuple[float, float]


def bending_of(design: SheetDesign) -> Bending | None:
    """The bends that a drawing's fold lines ask for; None where it has none.

    A leg reaches from a fold to the outline or to the next parallel fold on the same side, whichever is
    nearer; an opening is as near as the nearest of its points that lies beside the fold.
    """
    folds = [contour for contour in design.contours if contour.role == "fold" and len(contour.points_mm) > 1]
    if not folds:
        return None
    cuts = [contour for contour in design.contours if contour.role == "cut"]
    outlines = [contour for contour in cuts if not contour.inside]
    openings = [contour for contour in cuts if contour.inside]
    legs = [leg for fold in folds for leg in _legs(fold, outlines, folds)]
    gaps = [gap for fold in folds for opening in openings if (gap := _gap(fold, opening)) is not None]
    return Bending(
        strokes=len(folds),
        longest_mm=max(fold.length_mm for fold in folds),
        leg_mm=min(legs, default=None),
        opening_mm=min(gaps, default=None),
    )


def _ends(fold: SheetContour) -> tuple[_Point, _Point]:
    first, last = fold.points_mm[0], fold.points_mm[-1]
    return (first[0], first[1]), (last[0], last[1])


def _offset(fold: SheetContour, point: Sequence[float]) -> tuple[float, float]:
    """Where a point lies from a fold: along it and across it, mm."""
    (x, y), (to_x, to_y) = _ends(fold)
    length = max(math.hypot(to_x - x, to_y - y), _NEXT_TO_NOTHING)
    along, across = (to_x - x) / length, (to_y - y) / length
    dx, dy = point[0] - x, point[1] - y
    return dx * along + dy * across, dy * along - dx * across


def _legs(fold: SheetContour, outlines: Sequence[SheetContour], folds: Sequence[SheetContour]) -> list[float]:
    """How far the sheet reaches to both sides of a fold."""
    reach = [_offset(fold, point)[1] for outline in outlines for point in outline.points_mm]
    others = [side for other in folds if (side := _beside(fold, other)) is not None]
    sides = []
    for sign in (1.0, -1.0):
        far = max((sign * side for side in reach), default=0.0)
        near = min((sign * side for side in others if sign * side > 0.0), default=far)
        sides.append(min(far, near))
    return [side for side in sides if side > _NEXT_TO_NOTHING]


def _beside(fold: SheetContour, other: SheetContour) -> float | None:
    """Distance of a parallel fold, with its side; None where it is the same line or not parallel."""
    first, last = (_offset(fold, point)[1] for point in _ends(other))
    if abs(last - first) > _PARALLEL * max(other.length_mm, _NEXT_TO_NOTHING):
        return None
    middle = (first + last) / 2.0
    return middle if abs(middle) > _PARALLEL * max(fold.length_mm, other.length_mm) else None


def _gap(fold: SheetContour, opening: SheetContour) -> float | None:
    """Least distance of an opening from a fold that passes beside or through it; None where it does not."""
    offsets = [_offset(fold, point) for point in opening.points_mm]
    sides = [across for along, across in offsets if 0.0 <= along <= fold.length_mm]
    if not sides:
        return None
    return 0.0 if min(sides) < 0.0 < max(sides) else min(abs(side) for side in sides)
