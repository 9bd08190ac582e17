"""Aperture definitions (``%AD``) -> `Aperture`, in mm."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from manyworks.files.boards.contours import Point
from manyworks.files.fabrication.macros import Macro, Shape, rectangle, regular, turned
from manyworks.files.fabrication.picture import Aperture, path_box
from manyworks.files.limits import COORDINATE_MM

_DEFINITION = re.compile(r"0*(\d{1,9})([A-Za-z_.$][^,]*)(?:,(.*))?$", re.DOTALL)
# A box is called turned only where the turned one is clearly smaller than the one along the axes.
_SMALLER = 0.98
NO_APERTURE = Aperture(kind="C", width=0.0, height=0.0)


def read_aperture(
    text: str, unit_mm: float, macros: Mapping[str, Macro], function: str
) -> tuple[int, Aperture]:
    """Number and aperture of a definition such as ``10C,0.1`` (after ``AD`` and ``D``).

    Raises
    ------
    ValueError
        Where it cannot be understood, or names a macro that is not defined.
    """
    match = _DEFINITION.match(text)
    if match is None:
        raise ValueError(f"an aperture {text[:40]!r} that cannot be understood")
    number, kind = int(match[1]), match[2].strip()
    numbers = [_number(word) for word in re.split("[Xx]", match[3] or "") if word.strip()]
    if kind in _PLAIN:
        aperture = _PLAIN[kind](numbers, unit_mm)
    elif kind in macros:
        aperture = _from_macro(macros[kind], numbers, unit_mm)
    else:
        raise ValueError(f"an aperture of the kind {kind[:40]!r}, which is not defined")
    x, y = aperture.centre
    if not max(aperture.width, aperture.height, abs(x), abs(y)) < COORDINATE_MM:
        raise ValueError("an aperture larger than any board")
    return number, replace(aperture, function=function)


def _number(word: str) -> float:
    value = float(word)
    if not math.isfinite(value):
        raise ValueError(f"{word!r} is no size")
    return value


def _circle(numbers: Sequence[float], unit: float) -> Aperture:
    size = _size(numbers, 0, unit)
    return Aperture(kind="C", width=size, height=size)


def _rectangle(numbers: Sequence[float], unit: float) -> Aperture:
    return Aperture(kind="R", width=_size(numbers, 0, unit), height=_size(numbers, 1, unit))


def _obround(numbers: Sequence[float], unit: float) -> Aperture:
    return Aperture(kind="O", width=_size(numbers, 0, unit), height=_size(numbers, 1, unit))


def _size(numbers: Sequence[float], index: int, unit: float) -> float:
    if not numbers:
        raise ValueError("an aperture without a size")
    # A rectangle with one side only is a square in old files.
    return abs(numbers[index] if index < len(numbers) else numbers[0]) * unit


def _polygon(numbers: Sequence[float], unit: float) -> Aperture:
    if len(numbers) < 2:
        raise ValueError("a polygon without its number of corners")
    angle = numbers[2] if len(numbers) > 2 else 0.0
    corners = turned(regular((0.0, 0.0), abs(numbers[0]) / 2 * unit, int(numbers[1])), angle)
    return _of_shape("P", (corners,), angle)


def _from_macro(macro: Macro, numbers: Sequence[float], unit: float) -> Aperture:
    dark, _clear = macro.contours(numbers)
    shapes = [tuple((x * unit, y * unit) for x, y in shape) for shape in dark if len(shape) > 1]
    if not shapes:
        return Aperture(kind="M", width=0.0, height=0.0)
    return _of_shape("M", tuple(shapes), _leaning(shapes))


def _leaning(shapes: Sequence[Shape]) -> float:
    """Angle of the longest edge, between -45 and 45 degrees: pads are boxes, seldom turned."""
    longest, angle = 0.0, 0.0
    for shape in shapes:
        for (x0, y0), (x1, y1) in zip(shape, (*shape[1:], shape[0]), strict=True):
            length = math.hypot(x1 - x0, y1 - y0)
            if length > longest * 1.001:
                longest, angle = length, math.degrees(math.atan2(y1 - y0, x1 - x0))
    angle = (angle + 45.0) % 90.0 - 45.0
    return 0.0 if abs(angle) < 0.01 else angle


def _of_shape(kind: str, shapes: tuple[Shape, ...], angle: float) -> Aperture:
    """The aperture with its box: the one along the axes unless the turned one is clearly smaller."""
    points = [point for shape in shapes for point in shape]
    plain = path_box(points)
    if angle:
        leaning = path_box(list(turned(points, -angle)))
        if _area(leaning) < _SMALLER * _area(plain):
            centre = turned([_middle(leaning)], angle)[0]
            size = (leaning[2] - leaning[0], leaning[3] - leaning[1])
            return Aperture(
                kind=kind, width=size[0], height=size[1], angle=angle, shape=shapes, centre=centre
            )
    return Aperture(
        kind=kind, width=plain[2] - plain[0], height=plain[3] - plain[1], shape=shapes, centre=_middle(plain)
    )


def _area(box: tuple[float, float, float, float]) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _middle(box: tuple[float, float, float, float]) -> Point:
    return ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)


def outline_of(aperture: Aperture) -> tuple[Shape, ...]:
    """Contours of an aperture around the point of its flash; round ends are given as chords."""
    if aperture.shape:
        return aperture.shape
    width, height = aperture.width, aperture.height
    if aperture.kind == "R":
        return (rectangle((0.0, 0.0), width, height),)
    radius = min(width, height) / 2
    reach_x, reach_y = max(0.0, width / 2 - radius), max(0.0, height / 2 - radius)
    points = [
        (
            math.copysign(reach_x, math.cos(angle)) + radius * math.cos(angle),
            math.copysign(reach_y, math.sin(angle)) + radius * math.sin(angle),
        )
        for angle in (math.tau * (k + 0.5) / 32 for k in range(32))
    ]
    return (tuple(points),)


_PLAIN = {"C": _circle, "R": _rectangle, "O": _obround, "P": _polygon}
