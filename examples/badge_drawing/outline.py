"""The badge's contours: chains of straight lines and arcs that can be moved outwards and sampled.

Axes as on a screen: x to the right, y down, the middle of the badge is (0, 0). Every chain is
closed and runs clockwise as seen, so that outwards is always to the left of the direction of travel.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

Point = tuple[float, float]

WIDTH = 88.0
HEIGHT = 56.0
CORNER = 8.0
WAVES = 3
WAVE_STEEPNESS = math.radians(35.0)
SLOT = ((0.0, -22.0), 18.0, 6.4)
STEP = math.radians(9.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A straight piece of a contour."""

    start: Point
    end: Point

    def sample(self) -> list[Point]:
        """The piece's points, without its end."""
        return [self.start]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arc:
    """A round piece: from angle ``begin`` on by ``turn`` radians (positive: clockwise as seen)."""

    centre: Point
    radius: float
    begin: float
    turn: float

    def at(self, share: float) -> Point:
        """The point after ``share`` (0 to 1) of the arc."""
        angle = self.begin + share * self.turn
        return (
            self.centre[0] + self.radius * math.cos(angle),
            self.centre[1] + self.radius * math.sin(angle),
        )

    def sample(self) -> list[Point]:
        """The piece's points, without its end."""
        steps = max(2, math.ceil(abs(self.turn) / STEP))
        return [self.at(i / steps) for i in range(steps)]


Contour = list[Line | Arc]


def outline(outwards: float = 0.0) -> Contour:
    """The badge's edge, moved outwards by a distance: round corners, a wave along the bottom."""
    x, y, r = WIDTH / 2 - CORNER, HEIGHT / 2 - CORNER, CORNER + outwards
    half, quarter = math.pi, math.pi / 2
    return [
        Line(start=(-x, -y - r), end=(x, -y - r)),
        Arc(centre=(x, -y), radius=r, begin=-quarter, turn=quarter),
        Line(start=(x + r, -y), end=(x + r, y)),
        Arc(centre=(x, y), radius=r, begin=0.0, turn=quarter),
        *wave(x, HEIGHT / 2, outwards),
        Arc(centre=(-x, y), radius=r, begin=quarter, turn=quarter),
        Line(start=(-x - r, y), end=(-x - r, -y)),
        Arc(centre=(-x, -y), radius=r, begin=half, turn=quarter),
    ]


def wave(reach: float, y: float, outwards: float) -> list[Arc]:
    """The bottom edge from ``(reach, y)`` back to ``(-reach, y)``: arcs that bulge out and in by turns."""
    half_chord = reach / WAVES / 2
    radius = half_chord / math.sin(WAVE_STEEPNESS)
    low, high = y - radius, y + radius - 2 * radius * (1 - math.cos(WAVE_STEEPNESS))
    straight_down, straight_up = math.pi / 2, -math.pi / 2
    arcs = [Arc(centre=(reach, low), radius=radius + outwards, begin=straight_down, turn=WAVE_STEEPNESS)]
    for i in range(1, 2 * WAVES):
        x = reach - 2 * half_chord * i
        if i % 2:
            begin = straight_up + WAVE_STEEPNESS
            arcs.append(
                Arc(centre=(x, high), radius=radius - outwards, begin=begin, turn=-2 * WAVE_STEEPNESS)
            )
        else:
            begin = straight_down - WAVE_STEEPNESS
            arcs.append(Arc(centre=(x, low), radius=radius + outwards, begin=begin, turn=2 * WAVE_STEEPNESS))
    begin = straight_down - WAVE_STEEPNESS
    arcs.append(Arc(centre=(-reach, low), radius=radius + outwards, begin=begin, turn=WAVE_STEEPNESS))
    return arcs


def stadium(centre: Point, length: float, width: float) -> Contour:
    """A slot with round ends, ``length`` over all."""
    x, y = centre
    r, reach = width / 2, (length - width) / 2
    return [
        Line(start=(x - reach, y - r), end=(x + reach, y - r)),
        Arc(centre=(x + reach, y), radius=r, begin=-math.pi / 2, turn=math.pi),
        Line(start=(x + reach, y + r), end=(x - reach, y + r)),
        Arc(centre=(x - reach, y), radius=r, begin=math.pi / 2, turn=math.pi),
    ]


def circle(centre: Point, diameter: float) -> Contour:
    """A full circle."""
    return [Arc(centre=centre, radius=diameter / 2, begin=0.0, turn=2 * math.pi)]


def sample(contour: Contour) -> list[Point]:
    """Points along a contour; the last one is not the first again."""
    return [point for piece in contour for point in piece.sample()]
