"""Pads on copper: where they are, how wide, and the copper they leave around a hole."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

from manyworks.files.boards.contours import Point
from manyworks.files.fabrication.excellon import Cut
from manyworks.files.fabrication.limits import LANDS
from manyworks.files.fabrication.picture import Flash, Picture, flash_box, path_box
from manyworks.model import Land

# A pad belongs to a hole when their centres are this close.
_SAME_MM = 0.06
_CELL_MM = 0.5
# A pad only as large as its hole leaves no copper.
_RING_MM = 0.01


class Pads:
    """Pads of one layer, found by place."""

    def __init__(self, picture: Picture) -> None:
        self.cells: dict[tuple[int, int], list[Flash]] = defaultdict(list)
        self.count = 0
        for flash in picture.flashes:
            if flash.dark:
                x, y = flash.centre
                self.cells[int(x // _CELL_MM), int(y // _CELL_MM)].append(flash)
                self.count += 1

    def at(self, point: Point) -> list[Flash]:
        """Pads with their centre at a point."""
        column, row = int(point[0] // _CELL_MM), int(point[1] // _CELL_MM)
        return [
            flash
            for i in (column - 1, column, column + 1)
            for j in (row - 1, row, row + 1)
            for flash in self.cells.get((i, j), ())
            if math.dist(flash.centre, point) <= _SAME_MM
        ]

    def under(self, point: Point) -> bool:
        """Whether a point lies in the box of a pad that is not larger than two cells around it."""
        column, row = int(point[0] // _CELL_MM), int(point[1] // _CELL_MM)
        for i in range(column - 2, column + 3):
            for j in range(row - 2, row + 3):
                for flash in self.cells.get((i, j), ()):
                    left, low, right, high = flash_box(flash)
                    if left <= point[0] <= right and low <= point[1] <= high:
                        return True
        return False


def ring_around(cut: Cut, layers: Iterable[Pads]) -> float | None:
    """Least copper around an opening on the layers that have a pad there; None where none has."""
    middle = ((cut.start[0] + cut.end[0]) / 2, (cut.start[1] + cut.end[1]) / 2)
    length = math.dist(cut.start, cut.end)
    rings = []
    for pads in layers:
        found = [_left_over(flash, cut.diameter_mm, length) for flash in pads.at(middle)]
        if found:
            rings.append(max(found))
    return min(rings, default=None)


def _left_over(flash: Flash, diameter: float, length: float) -> float:
    wide, tall = flash.size
    across = (min(wide, tall) - diameter) / 2
    return min(across, (max(wide, tall) - diameter - length) / 2) if length else across


def has_pad(point: Point, diameter: float, layers: Sequence[Pads]) -> bool | None:
    """Whether a copper layer has a pad wider than a hole; None where no layer has pads at all."""
    if not any(pads.count for pads in layers):
        return None
    return any(min(flash.size) > diameter + 2 * _RING_MM for pads in layers for flash in pads.at(point))


def lands_of(side: str, copper: Picture, mask: Picture | None) -> list[Land]:
    """Pads as seen on an outer side: by their function where told, else those that the mask lays open."""
    pads = [flash for flash in copper.flashes if flash.dark and _is_pad(flash.function)]
    if not pads and not any(flash.function for flash in copper.flashes):
        pads = _laid_open(copper, mask)
    return [_land(side, flash) for flash in pads[:LANDS]]


def _is_pad(function: str) -> bool:
    first = function.partition(",")[0]
    return first.endswith("Pad") and first != "ViaPad"


def _laid_open(copper: Picture, mask: Picture | None) -> list[Flash]:
    """Pads with an opening of the mask around them; openings are flashed or drawn as areas."""
    if mask is None:
        return [flash for flash in copper.flashes if flash.dark]
    openings = Pads(mask)
    areas: dict[tuple[int, int], list[Point]] = defaultdict(list)
    for region in mask.regions:
        left, low, right, high = path_box(region.points)
        middle = ((left + right) / 2, (low + high) / 2)
        areas[int(middle[0] // 1), int(middle[1] // 1)].append(middle)
    return [
        flash
        for flash in copper.flashes
        if flash.dark and (openings.at(flash.centre) or _at_any(flash.centre, areas))
    ]


def _at_any(point: Point, places: dict[tuple[int, int], list[Point]]) -> bool:
    column, row = int(point[0] // 1), int(point[1] // 1)
    return any(
        math.dist(point, place) <= _SAME_MM
        for i in (column - 1, column, column + 1)
        for j in (row - 1, row, row + 1)
        for place in places.get((i, j), ())
    )


def _land(side: str, flash: Flash) -> Land:
    x, y = flash.centre
    wide, tall = flash.size
    return Land(
        side=side,
        centre_mm=(round(x, 4), round(y, 4)),
        size_mm=(round(wide, 4), round(tall, 4)),
        rotation_deg=round(flash.aperture.angle + flash.turn.degrees, 3),
        round=flash.aperture.round,
    )
