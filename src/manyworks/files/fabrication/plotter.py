"""The photoplotter that a Gerber file drives: moves, draws and flashes -> a `Picture`.

Source: Ucamco, The Gerber Layer Format Specification, revision 2024.05, chapters 2 and 4.
"""

from __future__ import annotations

import math

from manyworks.files.boards.contours import SAGITTA_MM, Path, Point, sweep
from manyworks.files.fabrication.apertures import NO_APERTURE
from manyworks.files.fabrication.limits import BLOCK_DEPTH, OBJECTS, POINTS, REPEATS
from manyworks.files.fabrication.picture import STRAIGHT, Aperture, Flash, Picture, Region, Stroke, Turn

LINE, CLOCKWISE, COUNTER = 1, 2, 3
# A sensible arc ends as far from its centre as it begins; coordinates are rounded.
_RADIUS_MM = 0.05


class TooMuchError(Exception):
    """A file draws more than any board has."""


class Plotter:
    """State of the machine. Coordinates are in mm; methods are called once for each statement."""

    def __init__(self) -> None:
        self.picture = Picture()
        self.x = self.y = 0.0
        self.mode = LINE
        self.single_quadrant: bool | None = None
        self.aperture: Aperture = NO_APERTURE
        self.block: Picture | None = None
        self.level = 0
        self.turn = STRAIGHT
        self.function = ""
        self.net = ""
        self.in_region = False
        self._path: Path = []
        self._outer: list[tuple[Picture, tuple[float, ...]]] = []
        self._objects = 0
        self._points = 0

    def draw(self, x: float, y: float, i: float, j: float) -> None:
        """Interpolate to a point."""
        if not self._path:
            self._path.append((self.x, self.y))
        if self.mode == LINE or (i == 0 and j == 0):
            self._path.append((x, y))
        else:
            self._path.extend(self._arc((self.x, self.y), (x, y), i, j)[1:] or [(x, y)])
        self.x, self.y = x, y

    def move(self, x: float, y: float) -> None:
        """Go to a point without drawing; ends a stroke, or a contour of a region."""
        if self._path:
            self.lift()
        self.x, self.y = x, y

    def flash(self, x: float, y: float) -> None:
        """Print the aperture, or the block of objects that it stands for."""
        if self._path:
            self.lift()
        self.x, self.y = x, y
        if self.block is not None:
            self._grow(len(self.block))
            self.picture.add(self.block, (x, y), self.turn, level=self.level)
            return
        self._grow(1)
        self.picture.flashes.append(Flash((x, y), self.aperture, self.turn, self.net, self.level))

    def lift(self) -> None:
        """End the stroke or contour that is being drawn; to be called before the pen changes."""
        path, self._path = self._path, []
        if len(path) < 2:  # a draw that failed leaves its start alone
            return
        self._grow(1)
        self._points += len(path)
        if self._points > POINTS:
            raise TooMuchError("more points than any board has")
        if self.in_region:
            if len(path) > 2:
                self.picture.regions.append(Region(path, self.function, self.net, self.level))
            return
        pen = self.aperture
        width = pen.thin * self.turn.scale
        self.picture.strokes.append(Stroke(path, pen, width, pen.function, self.net, self.level))

    def set_polarity(self, *, dark: bool) -> None:
        """Draw or clear from now on."""
        self.lift()
        if dark != (self.level % 2 == 0):
            self.level += 1

    def begin_region(self) -> None:
        """Contours follow instead of strokes."""
        self.lift()
        self.in_region = True

    def end_region(self) -> None:
        """Back to strokes."""
        self.lift()
        self.in_region = False

    def begin_block(self, *repeats: float) -> None:
        """What follows is drawn into a block; ``repeats`` are columns, rows and their steps in mm."""
        self.lift()
        if len(self._outer) >= BLOCK_DEPTH:
            raise TooMuchError("blocks in blocks, too deep")
        self._outer.append((self.picture, repeats))
        self.picture = Picture()

    def end_block(self) -> Picture | None:
        """The block just drawn; a step-and-repeat block is drawn as often as it asks. None outside one."""
        self.lift()
        if not self._outer:
            return None
        block = self.picture
        self.picture, repeats = self._outer.pop()
        if repeats:
            columns, rows, step_x, step_y = repeats
            self._repeat(block, int(columns), int(rows), (step_x, step_y))
        return block

    @property
    def repeating(self) -> bool:
        """Whether a step-and-repeat block is open."""
        return bool(self._outer) and bool(self._outer[-1][1])

    def finish(self) -> Picture:
        """The whole picture; blocks that were left open are closed."""
        self.lift()
        while self._outer:
            if not self._outer[-1][1]:
                self._outer[-1] = (self._outer[-1][0], (1.0, 1.0, 0.0, 0.0))
            self.end_block()
        return self.picture

    def _repeat(self, block: Picture, columns: int, rows: int, step: Point) -> None:
        if columns * rows > REPEATS:
            raise TooMuchError("more repeats than any panel has")
        points = sum(len(stroke.points) for stroke in block.strokes)
        points += sum(len(region.points) for region in block.regions)
        self._points += points * columns * rows
        if self._points > POINTS:
            raise TooMuchError("more points than any board has")
        for column in range(columns):
            for row in range(rows):
                self._grow(len(block))
                self.picture.add(block, (column * step[0], row * step[1]), STRAIGHT)

    def _grow(self, count: int) -> None:
        self._objects += count
        if self._objects > OBJECTS:
            raise TooMuchError("more objects than any board has")

    def _arc(self, start: Point, end: Point, i: float, j: float) -> Path:
        clockwise = self.mode == CLOCKWISE
        single = self.single_quadrant
        if single is None:  # the file does not tell: signed offsets fit, or they do not
            single = _misfit((start[0] + i, start[1] + j), start, end) > _RADIUS_MM
        if single:
            return _single_quadrant(start, end, abs(i), abs(j), clockwise)
        return arc_about((start[0] + i, start[1] + j), start, end, clockwise, whole=True)


def _misfit(centre: Point, start: Point, end: Point) -> float:
    return abs(math.dist(centre, start) - math.dist(centre, end))


def _single_quadrant(start: Point, end: Point, i: float, j: float, clockwise: bool) -> Path:
    """Of the four centres that unsigned offsets allow, the one of an arc of at most 90 degrees."""
    best: Path = [start, end]
    least = math.inf
    for centre in [(start[0] + si * i, start[1] + sj * j) for si in (1, -1) for sj in (1, -1)]:
        angle = _angle(centre, start, end, clockwise, whole=False)
        off = _misfit(centre, start, end) + (0 if abs(angle) <= math.pi / 2 + 0.01 else 1e6)
        if off < least:
            least, best = off, arc_about(centre, start, end, clockwise, whole=False)
    return best


def _angle(centre: Point, start: Point, end: Point, clockwise: bool, *, whole: bool) -> float:
    if math.dist(start, end) < 1e-9:
        return (-math.tau if clockwise else math.tau) if whole else 0.0
    first = math.atan2(start[1] - centre[1], start[0] - centre[0])
    last = math.atan2(end[1] - centre[1], end[0] - centre[0])
    turn = (last - first) % math.tau
    return turn - math.tau if clockwise else turn


def arc_about(centre: Point, start: Point, end: Point, clockwise: bool, *, whole: bool) -> Path:
    """Points on the arc around a centre; a full circle where start and end are one and it is ``whole``."""
    if math.dist(centre, start) <= SAGITTA_MM:
        return [start, end]
    angle = _angle(centre, start, end, clockwise, whole=whole)
    return [*sweep(centre, start, angle)[:-1], end]


def combined(mirror: str, degrees: float, scale: float) -> Turn:
    """The turn that LM, LR and LS set."""
    return Turn("X" in mirror, "Y" in mirror, degrees, scale)
