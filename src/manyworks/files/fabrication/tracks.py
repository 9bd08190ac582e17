"""The thinnest track among what is drawn on copper: no area edges, no letters, no pads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from manyworks.files.boards.contours import Outline, Point
from manyworks.files.fabrication.pads import Pads
from manyworks.files.fabrication.picture import Picture, Stroke

_GRID_MM = 0.002


def thinnest_track(pictures: Sequence[Picture], at_hole: Callable[[Point], bool]) -> float | None:
    """Width in mm of the thinnest track of all layers; None where there is none.

    Where a file marks its conductors (``.AperFunction``), those alone count. Otherwise a line is a
    track unless it runs along the edge of a filled area; and of each width at least one line must
    reach a pad or a hole, which letters and frames do not.
    """
    widths = [_thinnest(picture, at_hole) for picture in pictures]
    return min((width for width in widths if width is not None), default=None)


def _thinnest(picture: Picture, at_hole: Callable[[Point], bool]) -> float | None:
    lines = [stroke for stroke in picture.strokes if stroke.dark and stroke.width > 0]
    told = any(stroke.function for stroke in lines) or any(flash.function for flash in picture.flashes)
    if told:
        lines = [stroke for stroke in lines if stroke.function.startswith("Conductor")]
    lines = _off_areas(picture, lines)
    groups: dict[float, list[Stroke]] = defaultdict(list)
    for stroke in lines:
        groups[round(stroke.width, 6)].append(stroke)
    if told:
        return min(groups, default=None)
    pads = Pads(picture)
    for width in sorted(groups):
        if any(pads.under(end) or at_hole(end) for end in _ends(groups[width])):
            return width
    return None


def without_edge(picture: Picture, outline: Outline) -> tuple[Picture, int]:
    """A layer without the board's edge, which some programs draw on all layers, and its number of lines."""
    corners = {_cell(point) for path in (*outline.outer, *outline.inner) for point in path}
    kept = [
        stroke
        for stroke in picture.strokes
        if stroke.function or not all(_near(point, corners) for point in stroke.points)
    ]
    count = len(picture.strokes) - len(kept)
    return (replace(picture, strokes=kept) if count else picture), count


def _near(point: Point, cells: set[tuple[int, int]]) -> bool:
    column, row = _cell(point)
    return any((column + i, row + j) in cells for i in (-1, 0, 1) for j in (-1, 0, 1))


def _ends(strokes: Iterable[Stroke]) -> Iterable[Point]:
    for stroke in strokes:
        yield stroke.points[0]
        yield stroke.points[-1]


def _off_areas(picture: Picture, lines: list[Stroke]) -> list[Stroke]:
    """Lines without those whose points are all corners of filled areas: their edges."""
    corners = {_cell(point) for region in picture.regions for point in region.points}
    if not corners:
        return lines
    return [stroke for stroke in lines if not all(_cell(point) in corners for point in stroke.points)]


def _cell(point: Point) -> tuple[int, int]:
    return round(point[0] / _GRID_MM), round(point[1] / _GRID_MM)
