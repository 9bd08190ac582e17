"""Shapes of pads: rounded polygons, placed on the board; and the copper left around their holes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from manyworks.files.boards.contours import Point, contains
from manyworks.files.boards.copper import Strokes
from manyworks.files.boards.elements import Hole

_CORNERS = frozenset({"top_left", "top_right", "bottom_right", "bottom_left"})
# An octagon's corners are cut where its sides become equally long.
OCTAGON_CUT = 1 - math.sqrt(0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A convex polygon, line or point, thickened all around by ``half_mm``."""

    points: tuple[Point, ...]
    half_mm: float = 0.0

    def placed(self, at: Point, turn_deg: float, mirror: bool = False) -> Shape:
        """Turned (counter-clockwise as seen, y downwards), mirrored left to right first, and moved."""
        angle = math.radians(turn_deg)
        cos, sin = math.cos(angle), math.sin(angle)
        sign = -1.0 if mirror else 1.0
        points = tuple(
            (at[0] + sign * x * cos + y * sin, at[1] - sign * x * sin + y * cos) for x, y in self.points
        )
        return Shape(points=points, half_mm=self.half_mm)

    def moved(self, way: Point) -> Shape:
        """Shifted within its own frame."""
        points = tuple((x + way[0], y + way[1]) for x, y in self.points)
        return Shape(points=points, half_mm=self.half_mm)

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
