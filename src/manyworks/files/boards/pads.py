"""Shapes of pads: rounded polygons, placed on the board; and the copper left around their holes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from manyworks.files.boards.contours import Point, contains
from manyworks.files.boards.copper import Strokes
from manyworks.files.boards.elements import Hole
from manyworks.model import Land

_CORNERS = frozenset({"top_left", "top_right", "bottom_right", "bottom_left"})
# An octagon's corners are cut where its sides become equally long.
OCTAGON_CUT = 1 - math.sqrt(0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A convex polygon, line or point, thickened all around by ``half_mm``; ``centre`` is its box's."""

    points: tuple[Point, ...]
    half_mm: float = 0.0
    centre: Point = (0.0, 0.0)

    def placed(self, at: Point, turn_deg: float, mirror: bool = False) -> Shape:
        """Turned (counter-clockwise as seen, y downwards), mirrored left to right first, and moved."""
        angle = math.radians(turn_deg)
        cos, sin = math.cos(angle), math.sin(angle)
        sign = -1.0 if mirror else 1.0

        def place(point: Point) -> Point:
            x, y = sign * point[0], point[1]
            return at[0] + x * cos + y * sin, at[1] - x * sin + y * cos

        return replace(self, points=tuple(map(place, self.points)), centre=place(self.centre))

    def moved(self, way: Point) -> Shape:
        """Shifted within its own frame."""
        points = tuple((x + way[0], y + way[1]) for x, y in self.points)
        return replace(self, points=points, centre=(self.centre[0] + way[0], self.centre[1] + way[1]))

    def draw(self, strokes: Strokes, layers: Iterable[int], net: str) -> None:
        """Add its copper to every one of some layers."""
        for layer in layers:
            strokes.area(self.points, self.half_mm, layer, net)

    def ring(self, hole: Hole) -> float:
        """Least copper between a hole in it and its edge; negative where the hole breaks out."""
        return min(self._depth(hole.start), self._depth(hole.end)) - hole.drill_mm / 2

    def _depth(self, point: Point) -> float:
        """How deep a point lies inside."""
        if len(self.points) == 1:
            return self.half_mm - math.dist(self.points[0], point)
        ring = [*self.points, self.points[0]] if len(self.points) > 2 else list(self.points)
        off = min(_off_piece(point, a, b) for a, b in pairwise(ring))
        inside = len(self.points) > 2 and contains(list(self.points), point)
        return self.half_mm + (off if inside else -off)


def _off_piece(point: Point, a: Point, b: Point) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    share = ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / length if length > 0 else 0.0
    share = min(1.0, max(0.0, share))
    return math.dist(point, (a[0] + dx * share, a[1] + dy * share))


def round_pad(diameter: float) -> Shape:
    """A disc."""
    return Shape(points=((0.0, 0.0),), half_mm=diameter / 2)


def long_pad(width: float, height: float) -> Shape:
    """Two half discs with straight sides between them."""
    reach = abs(width - height) / 2
    if reach <= 0:
        return round_pad(width)
    points = ((-reach, 0.0), (reach, 0.0)) if width > height else ((0.0, -reach), (0.0, reach))
    return Shape(points=points, half_mm=min(width, height) / 2)


def square_pad(width: float, height: float, *, corner: float = 0.0, lean: Point = (0.0, 0.0)) -> Shape:
    """A rectangle with corners rounded by ``corner``.

    ``lean`` makes it a trapezoid as KiCad does: how much longer than its middle the right side is
    than the left (first), and the bottom is than the top (second).
    """
    room = min(width, height) / 2
    if corner >= room:
        return long_pad(width, height)
    x, y = width / 2 - corner, height / 2 - corner
    a, b = lean[1] / 2, lean[0] / 2
    points = ((-x - a, y + b), (-x + a, -y - b), (x - a, -y + b), (x + a, y - b))
    return Shape(points=points, half_mm=corner)


def cut_pad(width: float, height: float, cut: float, corners: Iterable[str] | None = None) -> Shape:
    """A rectangle with straight cuts across its corners (``top_left`` ...), all of them by default."""
    chosen = _CORNERS if corners is None else frozenset(corners)
    x, y = width / 2, height / 2
    cut = min(cut, x, y)
    if cut <= 0 or not chosen:
        return square_pad(width, height)
    points: list[Point] = []
    for name, corner, cuts in (
        ("top_left", (-x, -y), ((-x, -y + cut), (-x + cut, -y))),
        ("top_right", (x, -y), ((x - cut, -y), (x, -y + cut))),
        ("bottom_right", (x, y), ((x, y - cut), (x - cut, y))),
        ("bottom_left", (-x, y), ((-x + cut, y), (-x, y - cut))),
    ):
        points.extend(cuts if name in chosen else (corner,))
    return Shape(points=tuple(points))


def octagon_pad(width: float, height: float) -> Shape:
    """An octagon; a stretched one keeps the cuts of its narrow side."""
    return cut_pad(width, height, min(width, height) * OCTAGON_CUT)


def pad_hole(size: Point, place: Point, turn_deg: float, *, plated: bool, pad: Shape | None) -> Hole:
    """The hole of a pad: round, or oblong along its longer measure; its ring where it is plated.

    ``pad`` is the copper around it where it lies on the board.
    """
    way = long_pad(*size).placed(place, turn_deg)
    hole = Hole(drill_mm=min(size), plated=plated, start=way.points[0], end=way.points[-1])
    return replace(hole, ring_mm=round(pad.ring(hole), 6)) if plated and pad is not None else hole


def pad_land(pad: Shape, size: Point, turn_deg: float, *, places: Iterable[int], last: int) -> Land | None:
    """How a surface pad looks from outside; None where it is on no outer layer.

    ``places`` are its copper layers from 1 at the top, ``last`` is the one at the bottom.
    """
    outer = {1, last}.intersection(places)
    if not outer:
        return None
    return Land(
        side="top" if 1 in outer else "bottom",
        centre_mm=(round(pad.centre[0], 4), round(pad.centre[1], 4)),
        size_mm=(round(size[0], 4), round(size[1], 4)),
        rotation_deg=turn_deg % 360,
        round=len(pad.points) == 1,
    )
