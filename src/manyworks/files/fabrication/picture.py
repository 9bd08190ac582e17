"""What a Gerber file draws: strokes, flashes and filled regions, in mm."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from manyworks.files.boards.contours import Path, Point

Box: TypeAlias = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Turn:
    """Mirror, then scale, then rotate: what LM, LS and LR do to an aperture."""

    mirror_x: bool = False
    mirror_y: bool = False
    degrees: float = 0.0
    scale: float = 1.0

    def mover(self, at: Point) -> Callable[[Point], Point]:
        """What turns points of the aperture and moves them to a place."""
        angle = math.radians(self.degrees)
        cos, sin = self.scale * math.cos(angle), self.scale * math.sin(angle)
        flip_x, flip_y = -1 if self.mirror_x else 1, -1 if self.mirror_y else 1
        a, b, c, d = flip_x * cos, -flip_y * sin, flip_x * sin, flip_y * cos
        x0, y0 = at
        return lambda point: (x0 + a * point[0] + b * point[1], y0 + c * point[0] + d * point[1])

    def place(self, point: Point, at: Point = (0.0, 0.0)) -> Point:
        """A point of the aperture, turned and moved."""
        return self.mover(at)(point)

    def then(self, other: Turn) -> Turn:
        """One turn followed by another; mirroring turns the sense of an angle."""
        flips = other.mirror_x != other.mirror_y
        return Turn(
            self.mirror_x != other.mirror_x,
            self.mirror_y != other.mirror_y,
            (-self.degrees if flips else self.degrees) + other.degrees,
            self.scale * other.scale,
        )


STRAIGHT = Turn()


@dataclass(frozen=True, slots=True, kw_only=True)
class Aperture:
    """A tool of the photoplotter.

    Parameters
    ----------
    kind
        ``C`` circle, ``R`` rectangle, ``O`` obround, ``P`` polygon, ``M`` macro.
    width, height
        Size of its box in mm.
    angle
        Turn in degrees of the box (rotated macros and polygons).
    shape
        Contours of a macro or a polygon; empty for the plain shapes.
    centre
        Centre of the box away from the point of the flash.
    function
        ``.AperFunction`` as the file has it; empty where it does not tell.
    """

    kind: str
    width: float
    height: float
    angle: float = 0.0
    shape: tuple[tuple[Point, ...], ...] = ()
    centre: Point = (0.0, 0.0)
    function: str = ""

    @property
    def thin(self) -> float:
        """The smaller side: the width of a stroke drawn with it, the pad around a hole."""
        return min(self.width, self.height)

    @property
    def round(self) -> bool:
        """Whether it is a circle."""
        return self.kind == "C"


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line of several points drawn without lifting the pen.

    ``level`` counts how often the file changed between drawing and clearing before: what is even is
    drawn, what is odd clears what was drawn before it. So for flashes and regions.
    """

    points: Path
    aperture: Aperture
    width: float
    function: str
    net: str
    level: int

    @property
    def dark(self) -> bool:
        """Whether it is drawn, not cleared."""
        return self.level % 2 == 0


@dataclass(frozen=True, slots=True)
class Flash:
    """An aperture printed once."""

    at: Point
    aperture: Aperture
    turn: Turn
    net: str
    level: int

    @property
    def dark(self) -> bool:
        """Whether it is drawn, not cleared."""
        return self.level % 2 == 0

    @property
    def function(self) -> str:
        """What the pad is for; empty where the file does not tell."""
        return self.aperture.function

    @property
    def centre(self) -> Point:
        """Centre of its box."""
        if self.turn is STRAIGHT:
            return self.at[0] + self.aperture.centre[0], self.at[1] + self.aperture.centre[1]
        return self.turn.place(self.aperture.centre, self.at)

    @property
    def size(self) -> tuple[float, float]:
        """Size of its box, before it is turned."""
        return (self.aperture.width * self.turn.scale, self.aperture.height * self.turn.scale)


@dataclass(frozen=True, slots=True)
class Region:
    """A filled contour."""

    points: Path
    function: str
    net: str
    level: int

    @property
    def dark(self) -> bool:
        """Whether it is drawn, not cleared."""
        return self.level % 2 == 0


@dataclass(slots=True)
class Picture:
    """Everything a file (or a block of it) draws."""

    strokes: list[Stroke] = field(default_factory=list)
    flashes: list[Flash] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.strokes) + len(self.flashes) + len(self.regions)

    @property
    def points(self) -> Iterator[Point]:
        """All points drawn or flashed, without the width of the pen."""
        for stroke in self.strokes:
            yield from stroke.points
        for region in self.regions:
            yield from region.points
        for flash in self.flashes:
            yield flash.at

    def add(self, block: Picture, at: Point, turn: Turn, *, level: int = 0) -> None:
        """Draw a block at a place. ``level`` is that of the moment; clear within the block stays clear."""
        move = turn.mover(at)
        for stroke in block.strokes:
            path = [move(point) for point in stroke.points]
            width = stroke.width * turn.scale
            self.strokes.append(
                Stroke(path, stroke.aperture, width, stroke.function, stroke.net, stroke.level + level)
            )
        for flash in block.flashes:
            both = turn if flash.turn is STRAIGHT else flash.turn.then(turn)
            self.flashes.append(Flash(move(flash.at), flash.aperture, both, flash.net, flash.level + level))
        for region in block.regions:
            path = [move(point) for point in region.points]
            self.regions.append(Region(path, region.function, region.net, region.level + level))


def extent(picture: Picture) -> Box | None:
    """Box of all that is drawn, with half the pen's width; None where nothing is drawn."""
    boxes = [*map(_stroke_box, picture.strokes), *map(_region_box, picture.regions)]
    boxes += map(flash_box, picture.flashes)
    return join(boxes)


def join(boxes: list[Box]) -> Box | None:
    """The box around boxes; None for none."""
    if not boxes:
        return None
    lefts, lows, rights, highs = zip(*boxes, strict=True)
    return min(lefts), min(lows), max(rights), max(highs)


def _stroke_box(stroke: Stroke) -> Box:
    left, low, right, high = path_box(stroke.points)
    half = stroke.width / 2
    return left - half, low - half, right + half, high + half


def _region_box(region: Region) -> Box:
    return path_box(region.points)


def path_box(path: Path) -> Box:
    """Box of a line's points."""
    xs, ys = zip(*path, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def flash_box(flash: Flash) -> Box:
    """Box of a flash along the axes; one that is turned gets the box of its corners."""
    width, height = flash.size
    angle = math.radians(flash.turn.degrees + flash.aperture.angle)
    if flash.aperture.round:
        angle = 0.0
    cos, sin = abs(math.cos(angle)), abs(math.sin(angle))
    half_x, half_y = (width * cos + height * sin) / 2, (width * sin + height * cos) / 2
    x, y = flash.centre
    return x - half_x, y - half_y, x + half_x, y + half_y
