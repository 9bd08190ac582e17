"""Drill files (Excellon, XNC and their dialects) -> holes, slots and routed cuts, in mm."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from manyworks.files.boards.contours import Path, Point
from manyworks.files.fabrication.drill_header import Header, Tool, read_header
from manyworks.files.fabrication.limits import DRILL_BLOCK, DRILL_HITS, POINTS, REPEATS
from manyworks.files.fabrication.numbers import INCH_MM, Digits
from manyworks.files.fabrication.plotter import CLOCKWISE, COUNTER, LINE, TooMuchError, arc_about
from manyworks.files.limits import COORDINATE_MM

_WORDS = re.compile(r"([A-Z])([+-]?[\d.]*)")
_LINES = 1_000_000
# Sizes of numbers that programs write, the most usual first: inches, then millimetres.
_INCH_SIZES = ((2, 4), (2, 5), (2, 3), (3, 3), (2, 6))
_METRIC_SIZES = ((3, 3), (4, 4), (3, 2), (4, 3), (3, 4), (3, 5), (4, 2), (4, 6))
# Two ends this close are one point: a drilled hole, no slot.
_POINT_MM = 0.001


@dataclass(frozen=True, slots=True)
class Cut:
    """One opening: a hit (one point), a slot (two points) or a routed line of more points."""

    path: tuple[Point, ...]
    diameter_mm: float
    plated: bool | None
    tool: int

    @property
    def start(self) -> Point:
        """Where the tool goes in."""
        return self.path[0]

    @property
    def end(self) -> Point:
        """The point of the path furthest from its start."""
        return max(self.path, key=lambda point: math.dist(point, self.path[0]))

    @property
    def slot(self) -> bool:
        """Whether it is longer than wide."""
        return len(self.path) > 1


@dataclass(slots=True)
class Drilling:
    """A drill file as read.

    ``digits`` is the number format that was used, ``certain`` whether the file itself tells it (or
    writes decimal points); ``unsized`` lists tools without a diameter; ``malformed`` counts lines
    that were not understood.
    """

    cuts: list[Cut]
    header: Header
    digits: Digits
    certain: bool
    decimal: bool
    unsized: dict[int, int] = field(default_factory=dict)
    malformed: Counter[str] = field(default_factory=Counter)


def read_excellon(text: str, digits: Digits | None = None, sizes: dict[int, Tool] | None = None) -> Drilling:
    """Read a drill file.

    Parameters
    ----------
    text
        The file.
    digits
        Number format to be used instead of the one the header tells or implies.
    sizes
        Tools of a report beside the file, for those that the file only names.

    Raises
    ------
    TooMuchError
        Where it has more holes than any board has, or some far outside any board.
    """
    lines = _lines(text)
    header, first = read_header(lines)
    for number, tool in (sizes or {}).items():
        header.tools.setdefault(number, tool)
    decimal = any("." in line for line in lines[first:] if line[:1] in "XYG")
    reader = _Reader(header, digits or _implied(header), routed="M15" in lines)
    reader.run(lines[first:])
    certain = header.unit_mm is not None and (decimal or _tells_digits(header))
    return Drilling(reader.cuts, header, reader.digits, certain, decimal, reader.unsized, reader.malformed)


def _lines(text: str) -> list[str]:
    """Lines without empty ones, in capitals but for comments, which have names in them."""
    raw = (line.strip() for line in text.splitlines()[:_LINES])
    plain = (line if line.startswith(";") else line.upper().rstrip("* ") for line in raw)
    return [line for line in plain if line]


def _tells_digits(header: Header) -> bool:
    """Digits counted from the left need the number before the point, from the right those after it."""
    if header.trailing_omitted is None:
        return False
    return header.whole is not None or (header.trailing_omitted and header.unit_mm == INCH_MM)


def _implied(header: Header) -> Digits:
    unit = header.unit_mm if header.unit_mm is not None else INCH_MM
    whole, decimals = _INCH_SIZES[0] if unit == INCH_MM else _METRIC_SIZES[0]
    return Digits(
        whole=whole if header.whole is None else header.whole,
        decimals=decimals if header.decimals is None else header.decimals,
        trailing_omitted=bool(header.trailing_omitted),
        unit_mm=unit,
    )


def possible_digits(header: Header) -> list[Digits]:
    """Number formats that the header leaves open, the most usual first."""
    units = [header.unit_mm] if header.unit_mm is not None else [INCH_MM, 1.0]
    zeros = [header.trailing_omitted] if header.trailing_omitted is not None else [False, True]
    found = []
    for unit in units:
        sizes: Sequence[tuple[int, int]] = _INCH_SIZES if unit == INCH_MM else _METRIC_SIZES
        if header.whole is not None and header.decimals is not None:
            sizes = ((header.whole, header.decimals),)
        found += [
            Digits(whole=whole, decimals=decimals, trailing_omitted=zero, unit_mm=unit)
            for whole, decimals in sizes
            for zero in zeros
        ]
    return list(dict.fromkeys(found))


def _split(line: str) -> list[tuple[str, str]]:
    line = line.replace(" ", "").partition(";")[0]
    words = _WORDS.findall(line)
    if not words or "".join(letter + number for letter, number in words) != line:
        raise ValueError(f"line {line[:40]!r} not understood")
    return words


class _Reader:
    """State of the drilling machine."""

    def __init__(self, header: Header, digits: Digits, *, routed: bool) -> None:
        self.header = header
        self.digits = digits
        self.routed = routed
        self.cuts: list[Cut] = []
        self.unsized: dict[int, int] = {}
        self.malformed: Counter[str] = Counter()
        self.x = self.y = 0.0
        self.tool = 0
        self.incremental = False
        self.routing = False
        self.mode = LINE
        self.down = False
        self.path: Path = []
        self.block: int | None = None
        self.pattern: list[Cut] = []
        self.shift = (0.0, 0.0)
        self.points = 0

    def run(self, lines: list[str]) -> None:
        """Carry out all lines up to the end of the program."""
        for line in lines:
            try:
                if self._line(line):
                    break
            except (ValueError, OverflowError) as trouble:
                self.malformed[str(trouble)[:120]] += 1
        self._lift()

    def _line(self, line: str) -> bool:
        """Carry out one line; True at the end of the program."""
        if line[0] in "XY":
            self._words(_split(line))
            return False
        if self.header.see(line) or line in ("%", "M95", "M48") or line.startswith(("/", "(")):
            if line in ("M71", "M72"):
                self.digits = replace(self.digits, unit_mm=self.header.unit_mm or INCH_MM)
            return False
        if line in ("M30", "M00", "M02"):
            return line != "M02" or self.block is None
        if line.startswith(("M47", "M45", "FMAT", "VER", "ICI", "ATC", "DETECT", "AFS", "CP,", "OSTEP")):
            return False
        self._words(_split(line))
        return False

    def _words(self, words: list[tuple[str, str]]) -> None:
        if ("G", "85") in words:
            middle = words.index(("G", "85"))
            self._slot(dict(words[:middle]), dict(words[middle + 1 :]))
            return
        place: dict[str, str] = {}
        for letter, number in words:
            if letter == "G":
                self._prepare(int(number))
            elif letter == "M":
                self._machine(int(number), dict(words))
            elif letter == "T":
                self._change(number)
            elif letter in "XYIJAR":
                place[letter] = number
            elif letter not in "FSZHCBN":
                raise ValueError(f"{letter}{number[:20]} not understood")
        if place and words[0][0] != "M" and not any(w in (("G", "93"), ("G", "92")) for w in words):
            self._go(place)

    def _prepare(self, code: int) -> None:
        if code in (0, 1, 2, 3):
            self.routing = True
            self.mode = {2: CLOCKWISE, 3: COUNTER}.get(code, LINE)
            if code == 0:
                self._lift()
            elif not self.routed and not self.down:
                self._lower()
        elif code in (5, 81):
            self._lift()
            self.routing = False
        elif code in (90, 91):
            self.incremental = code == 91
        elif code not in (4, 7, 32, 33, 34, 35, 36, 37, 38, 40, 41, 42, 80, 92, 93):
            raise ValueError(f"G{code:02d} not understood")

    def _machine(self, code: int, words: dict[str, str]) -> None:
        if code == 15:
            self._lower()
        elif code in (16, 17, 14):
            self._lift()
        elif code == 25:
            self.block, self.shift = len(self.cuts), (0.0, 0.0)
        elif code == 1:
            self.pattern = self.cuts[self.block or 0 :][:DRILL_BLOCK]
        elif code == 2 and self.block is not None:
            self._repeat_pattern(words)
        elif code in (71, 72):
            self.digits = replace(self.digits, unit_mm=1.0 if code == 71 else INCH_MM)
        elif code not in (0, 2, 6, 8, 9, 18, 30, 48, 95, 50):
            raise ValueError(f"M{code:02d} not understood")

    def _change(self, number: str) -> None:
        self._lift()
        tool = int(number or 0)
        if tool not in self.header.tools and len(number) == 4 and int(number[:2]) in self.header.tools:
            tool = int(number[:2])  # tool and compensation index
        self.tool = tool

    def _to(self, place: dict[str, str]) -> Point:
        x = self.digits.read(place["X"]) if place.get("X") else None
        y = self.digits.read(place["Y"]) if place.get("Y") else None
        if self.incremental:
            self.x, self.y = self.x + (x or 0.0), self.y + (y or 0.0)
        else:
            self.x, self.y = self.x if x is None else x, self.y if y is None else y
        if not (abs(self.x) < COORDINATE_MM and abs(self.y) < COORDINATE_MM):
            self.x = self.y = 0.0
            raise ValueError(f"a place more than {COORDINATE_MM:g} mm away")
        return self.x, self.y

    def _go(self, place: dict[str, str]) -> None:
        if "R" in place:
            self._repeat_hit(place)
        elif not self.routing:
            self._cut([self._to(place)])
        elif self.down:
            self._mill(place)
        else:
            self._to(place)

    def _mill(self, place: dict[str, str]) -> None:
        """A routed line or arc: arcs by centre (I, J) or by radius (A)."""
        start = (self.x, self.y)
        end = self._to(place)
        offset = (0.0, 0.0) if self.mode == LINE else self._offset(start, end, place)
        if offset == (0.0, 0.0):
            self.path.append(end)
        else:
            centre = (start[0] + offset[0], start[1] + offset[1])
            self.path.extend(arc_about(centre, start, end, self.mode == CLOCKWISE, whole=True)[1:] or [end])
        if len(self.path) > POINTS:
            raise TooMuchError("more points than any board has")

    def _offset(self, start: Point, end: Point, place: dict[str, str]) -> Point:
        if not place.get("A"):
            i, j = place.get("I"), place.get("J")
            return (self.digits.read(i) if i else 0.0, self.digits.read(j) if j else 0.0)
        radius = abs(self.digits.read(place["A"]))
        across = math.dist(start, end)
        if across == 0 or radius == 0:
            return 0.0, 0.0
        high = math.sqrt(max(0.0, radius * radius - across * across / 4))
        side = 1.0 if self.mode == COUNTER else -1.0
        dx, dy = (end[0] - start[0]) / across, (end[1] - start[1]) / across
        return dx * across / 2 - side * dy * high, dy * across / 2 + side * dx * high

    def _lower(self) -> None:
        self._lift()
        self.down = True
        self.path = [(self.x, self.y)]

    def _lift(self) -> None:
        path, self.path, self.down = self.path, [], False
        if len(path) > 1:
            self._cut(path)

    def _slot(self, before: dict[str, str], after: dict[str, str]) -> None:
        if "T" in before:
            self._change(before["T"])
        start = self._to(before)
        self._cut([start, self._to(after)])

    def _cut(self, path: Path) -> None:
        if self.tool == 0 and not self.header.tools.get(0):
            raise ValueError("a hole before any tool was chosen")
        if all(math.dist(point, path[0]) < _POINT_MM for point in path):
            path = path[:1]
        tool = self.header.tools.get(self.tool, Tool())
        if tool.diameter_mm is None:
            self.unsized[self.tool] = self.unsized.get(self.tool, 0) + 1
        self._add(Cut(tuple(path), tool.diameter_mm or 0.0, tool.plated, self.tool))

    def _add(self, cut: Cut) -> None:
        self.points += len(cut.path)
        if len(self.cuts) >= DRILL_HITS or self.points > POINTS:
            raise TooMuchError("more holes than any board has")
        self.cuts.append(cut)

    def _repeat_hit(self, place: dict[str, str]) -> None:
        count = int(place["R"] or 0)
        if not 0 <= count <= REPEATS:
            raise ValueError(f"a hole repeated {count} times")
        step_x = self.digits.read(place["X"]) if place.get("X") else 0.0
        step_y = self.digits.read(place["Y"]) if place.get("Y") else 0.0
        for _ in range(count):
            self.x, self.y = self.x + step_x, self.y + step_y
            self._cut([(self.x, self.y)])

    def _repeat_pattern(self, words: dict[str, str]) -> None:
        dx = self.digits.read(words["X"]) if words.get("X") else 0.0
        dy = self.digits.read(words["Y"]) if words.get("Y") else 0.0
        if not (dx or dy):
            self.block = None
            return
        self.shift = (self.shift[0] + dx, self.shift[1] + dy)
        for cut in self.pattern:
            path = tuple((x + self.shift[0], y + self.shift[1]) for x, y in cut.path)
            self._add(replace(cut, path=path))
