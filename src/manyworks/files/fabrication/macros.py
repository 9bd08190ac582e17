"""Aperture macros (``%AM``): arithmetic and primitives -> contours.

Source: Ucamco, The Gerber Layer Format Specification, revision 2024.05, chapter 4.5.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from manyworks.files.boards.contours import Point, sweep
from manyworks.files.fabrication.limits import (
    EXPRESSION_CHARACTERS,
    EXPRESSION_DEPTH,
    MACRO_POINTS,
    MACRO_PRIMITIVES,
)

Shape: TypeAlias = tuple[Point, ...]
_SYMBOL = re.compile(r"\s*(\$\d+|\d+\.?\d*|\.\d+|[-+xX/()])")
_SIDES = 32


@dataclass(frozen=True, slots=True)
class Macro:
    """The statements of a macro between ``*``, not yet evaluated."""

    statements: tuple[str, ...]

    def contours(self, parameters: Sequence[float]) -> tuple[list[Shape], list[Shape]]:
        """Dark and clear contours in the file's unit for the parameters of one aperture.

        Raises
        ------
        ValueError
            Where the macro cannot be understood.
        """
        values = {index + 1: value for index, value in enumerate(parameters)}
        dark: list[Shape] = []
        clear: list[Shape] = []
        for statement in self.statements[:MACRO_PRIMITIVES]:
            if statement.startswith("$"):
                name, _, text = statement[1:].partition("=")
                values[int(name)] = evaluate(text, values)
            elif statement and not statement.startswith("0 ") and statement != "0":
                code, *numbers = [evaluate(part, values) for part in statement.split(",")]
                exposed, shapes = _draw(int(code), numbers)
                (dark if exposed else clear).extend(shapes)
        if sum(map(len, dark)) + sum(map(len, clear)) > MACRO_POINTS:
            raise ValueError("a macro of too many points")
        return dark, clear


def evaluate(text: str, values: dict[int, float]) -> float:
    """Value of an arithmetic expression: ``+ - x /``, brackets and variables; missing ones are 0.

    Raises
    ------
    ValueError
        Where it is no such expression.
    """
    if len(text) > EXPRESSION_CHARACTERS:
        raise ValueError("an expression that is too long")
    result = _Expression(text, values).whole()
    if not math.isfinite(result):
        raise ValueError("an expression without a value")
    return result


class _Expression:
    """Recursive descent: sums of products of signed factors."""

    def __init__(self, text: str, values: dict[int, float]) -> None:
        self.symbols: list[str] = _SYMBOL.findall(text)
        if "".join(self.symbols) != re.sub(r"\s", "", text):
            raise ValueError(f"{text[:40]!r} is no expression")
        self.values = values
        self.at = 0
        self.depth = 0

    def whole(self) -> float:
        result = self._sum()
        if self.at != len(self.symbols):
            raise ValueError("an expression with something left over")
        return result

    def _next(self) -> str:
        return self.symbols[self.at] if self.at < len(self.symbols) else ""

    def _sum(self) -> float:
        result = self._product()
        while self._next() in ("+", "-"):
            sign = 1 if self._next() == "+" else -1
            self.at += 1
            result += sign * self._product()
        return result

    def _product(self) -> float:
        result = self._factor()
        while (symbol := self._next()) in ("x", "X", "/") and symbol:
            self.at += 1
            factor = self._factor()
            if symbol == "/" and factor == 0:
                raise ValueError("a division by zero")
            result = result / factor if symbol == "/" else result * factor
        return result

    def _factor(self) -> float:
        symbol = self._next()
        self.at += 1
        self.depth += 1
        if self.depth > EXPRESSION_DEPTH:
            raise ValueError("an expression that is nested too deeply")
        try:
            return self._value(symbol)
        finally:
            self.depth -= 1

    def _value(self, symbol: str) -> float:
        if symbol in ("+", "-"):
            return self._factor() if symbol == "+" else -self._factor()
        if symbol == "(":
            result = self._sum()
            if self._next() != ")":
                raise ValueError("a bracket that is not closed")
            self.at += 1
            return result
        if symbol.startswith("$"):
            return self.values.get(int(symbol[1:]), 0.0)
        return float(symbol)


def _draw(code: int, numbers: list[float]) -> tuple[bool, list[Shape]]:
    draw = _PRIMITIVES.get(code)
    if draw is None:
        raise ValueError(f"a macro has no primitive {code}")
    try:
        if code in (6, 7):
            return True, draw(numbers)
        return numbers[0] != 0, draw(numbers[1:])
    except (IndexError, OverflowError) as trouble:
        raise ValueError(f"primitive {code} lacks numbers") from trouble


def turned(points: Sequence[Point], degrees: float) -> Shape:
    """Points turned around the origin."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return tuple((x * cos - y * sin, x * sin + y * cos) for x, y in points)


def _optional(numbers: list[float], index: int) -> float:
    return numbers[index] if len(numbers) > index else 0.0


def _circle(numbers: list[float]) -> list[Shape]:
    diameter, x, y = numbers[:3]
    return [turned(ring((x, y), diameter / 2), _optional(numbers, 3))]


def ring(centre: Point, radius: float) -> Shape:
    """Points of a circle."""
    angles = [math.tau * k / _SIDES for k in range(_SIDES)]
    return tuple((centre[0] + radius * math.cos(a), centre[1] + radius * math.sin(a)) for a in angles)


def _vector_line(numbers: list[float]) -> list[Shape]:
    width, x0, y0, x1, y1 = numbers[:5]
    length = math.hypot(x1 - x0, y1 - y0) or 1.0
    across_x, across_y = -(y1 - y0) / length * width / 2, (x1 - x0) / length * width / 2
    corners = [
        (x0 + across_x, y0 + across_y),
        (x1 + across_x, y1 + across_y),
        (x1 - across_x, y1 - across_y),
        (x0 - across_x, y0 - across_y),
    ]
    return [turned(corners, _optional(numbers, 5))]


def _centre_line(numbers: list[float]) -> list[Shape]:
    width, height, x, y = numbers[:4]
    return [turned(rectangle((x, y), width, height), _optional(numbers, 4))]


def _corner_line(numbers: list[float]) -> list[Shape]:
    width, height, x, y = numbers[:4]
    middle = (x + width / 2, y + height / 2)
    return [turned(rectangle(middle, width, height), _optional(numbers, 4))]


def rectangle(centre: Point, width: float, height: float) -> Shape:
    """Corners of a rectangle, counter-clockwise."""
    (x, y), dx, dy = centre, width / 2, height / 2
    return ((x - dx, y - dy), (x + dx, y - dy), (x + dx, y + dy), (x - dx, y + dy))


def _outline(numbers: list[float]) -> list[Shape]:
    count = int(numbers[0])
    if not 2 <= count <= MACRO_POINTS or len(numbers) < 2 * count + 3:
        raise ValueError("a macro outline of a wrong number of points")
    points = list(zip(numbers[1 : 2 * count + 1 : 2], numbers[2 : 2 * count + 2 : 2], strict=True))
    return [turned(points, _optional(numbers, 2 * count + 3))]


def _polygon(numbers: list[float]) -> list[Shape]:
    corners, x, y, diameter = numbers[:4]
    return [turned(regular((x, y), diameter / 2, int(corners)), _optional(numbers, 4))]


def regular(centre: Point, radius: float, corners: int) -> Shape:
    """Corners of a regular polygon, the first to the right of the centre.

    Raises
    ------
    ValueError
        For fewer than 3 or more than 100 corners.
    """
    if not 3 <= corners <= 100:
        raise ValueError(f"a polygon of {corners} corners")
    angles = [math.tau * k / corners for k in range(corners)]
    return tuple((centre[0] + radius * math.cos(a), centre[1] + radius * math.sin(a)) for a in angles)


def _moire(numbers: list[float]) -> list[Shape]:
    x, y, diameter = numbers[:3]
    return [ring((x, y), diameter / 2)]


def _thermal(numbers: list[float]) -> list[Shape]:
    """Four quarters of a ring with gaps between them."""
    x, y, outer, inner, gap = numbers[:5]
    quarter = _quarter(outer / 2, inner / 2, gap / 2)
    quarters = [turned(quarter, 90.0 * k) for k in range(4)]
    return [turned([(x + dx, y + dy) for dx, dy in shape], _optional(numbers, 5)) for shape in quarters]


def _quarter(outer: float, inner: float, gap: float) -> list[Point]:
    far = math.asin(max(-1.0, min(1.0, gap / outer))) if outer else 0.0
    near = math.asin(max(-1.0, min(1.0, gap / inner))) if inner else math.pi / 4
    out = sweep((0.0, 0.0), _polar(outer, far), math.pi / 2 - 2 * far)
    back = sweep((0.0, 0.0), _polar(inner, near), math.pi / 2 - 2 * near)
    return [*out, *reversed(back)]


def _polar(radius: float, angle: float) -> Point:
    return (radius * math.cos(angle), radius * math.sin(angle))


_PRIMITIVES: dict[int, Callable[[list[float]], list[Shape]]] = {
    1: _circle,
    2: _vector_line,
    20: _vector_line,
    21: _centre_line,
    22: _corner_line,
    4: _outline,
    5: _polygon,
    6: _moire,
    7: _thermal,
}
