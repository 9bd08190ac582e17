"""Graphics of an Eagle board: wires with a curve, circles, rectangles and polygons, y downwards."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from manyworks.files.boards.contours import Path, Point, sweep
from manyworks.files.boards.sexpr import number

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ROTATION = re.compile(r"(S?)(M?)R([\d.]+)")


def value(element: Element, name: str, default: float | None = None) -> float:
    """A number of an element's attribute.

    Raises
    ------
    ValueError
        Missing without a default, or no sensible number.
    """
    text = element.get(name)
    if text is None:
        if default is None:
            raise ValueError(f"{name} is missing")
        return default
    return number(text)


def layer_of(element: Element) -> int:
    """Number of the layer an element lies on; 0 for none.

    Raises
    ------
    ValueError
        No whole number.
    """
    return int(element.get("layer", "0")[:6])


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Where a package sits: turned counter-clockwise first, then mirrored left to right, then moved.

    Seen through the board from above, a mirrored package so turns the other way.
    """

    x: float = 0.0
    y: float = 0.0
    turn_deg: float = 0.0
    mirrored: bool = False

    @property
    def _turns(self) -> tuple[float, float]:
        angle = math.radians(self.turn_deg)
        return math.cos(angle), math.sin(angle)

    def place(self, point: Point) -> Point:
        """A point of the package on the board, y still upwards."""
        cos, sin = self._turns
        x, y = point[0] * cos - point[1] * sin, point[0] * sin + point[1] * cos
        return self.x + (-x if self.mirrored else x), self.y + y

    def place_all(self, path: Path) -> Path:
        """Points of the package on the board, turned over to y downwards."""
        return [turned_over(self.place(point)) for point in path]


def turned_over(point: Point) -> Point:
    """The same point with y counted downwards."""
    return point[0], -point[1]


def frame_of(element: Element) -> Frame:
    """Frame of a placed package.

    Raises
    ------
    ValueError
        A place or rotation that is none.
    """
    turn, mirrored = rotation(element)
    return Frame(x=value(element, "x"), y=value(element, "y"), turn_deg=turn, mirrored=mirrored)


def rotation(element: Element) -> tuple[float, bool]:
    """Degrees counter-clockwise and whether mirrored, from texts such as ``R90`` or ``MR180``.

    Raises
    ------
    ValueError
        No rotation.
    """
    found = _ROTATION.fullmatch(element.get("rot", "R0")[:30])
    if found is None:
        raise ValueError(f"{element.get('rot')!r} is no rotation such as R90 or MR180")
    return number(found[3]) % 360, bool(found[2])


def curve(start: Point, end: Point, degrees: float) -> Path:
    """Points of a line that bends by so many degrees to the left (y upwards); 0 is straight."""
    if abs(degrees) < 1e-6 or start == end:
        return [start, end]
    angle = math.radians(max(-359.9, min(359.9, degrees)))
    dx, dy = end[0] - start[0], end[1] - start[1]
    off = 0.5 / math.tan(angle / 2)
    centre = (start[0] + dx / 2 - dy * off, start[1] + dy / 2 + dx * off)
    return [*sweep(centre, start, angle)[:-1], end]


def read_shape(element: Element) -> Path:
    """Points of a graphic in its own frame; first and last equal where it is closed by itself.

    Raises
    ------
    ValueError
        A number is missing or is none.
    """
    readers = {"wire": _wire, "circle": _circle, "rectangle": _rectangle, "polygon": _polygon}
    return readers[element.tag](element)


SHAPES = ("wire", "circle", "rectangle", "polygon")


def _wire(element: Element) -> Path:
    start = value(element, "x1"), value(element, "y1")
    end = value(element, "x2"), value(element, "y2")
    return curve(start, end, value(element, "curve", 0.0))


def _circle(element: Element) -> Path:
    x, y, radius = value(element, "x"), value(element, "y"), value(element, "radius")
    return sweep((x, y), (x + radius, y), math.tau)


def _rectangle(element: Element) -> Path:
    x0, y0 = value(element, "x1"), value(element, "y1")
    x1, y1 = value(element, "x2"), value(element, "y2")
    turn, _ = rotation(element)
    middle = ((x0 + x1) / 2, (y0 + y1) / 2)
    frame = Frame(x=middle[0], y=middle[1], turn_deg=turn)
    half, high = (x1 - x0) / 2, (y1 - y0) / 2
    corners = [(-half, -high), (half, -high), (half, high), (-half, high), (-half, -high)]
    return [frame.place(corner) for corner in corners]


def _polygon(element: Element) -> Path:
    corners = [
        ((value(vertex, "x"), value(vertex, "y")), value(vertex, "curve", 0.0))
        for vertex in element.iter("vertex")
    ]
    path: Path = []
    for (start, bend), (end, _) in zip(corners, [*corners[1:], *corners[:1]], strict=True):
        path.extend(curve(start, end, bend)[:-1])
    return [*path, path[0]] if path else path
