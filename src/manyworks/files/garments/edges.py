"""Edges of pattern panels: straight, or bent as quadratic, cubic and circle curves -> points."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, TypeAlias

Point: TypeAlias = tuple[float, float]
Path: TypeAlias = list[Point]

# Chords of one curve: its length comes out less than 0.01 % small.
_CHORDS = 48


class EdgeError(Exception):
    """An edge that makes no sense; the text says why."""


def edge_points(start: Point, end: Point, curvature: Any, *, absolute: bool) -> Path:
    """Points of an edge from its start to its end, both included.

    Parameters
    ----------
    curvature
        None for a straight edge; a control point ``[x, y]`` of a quadratic curve; or a table with ``type``
        ``quadratic`` or ``cubic`` and control points, or ``circle`` with radius, large arc, right.
    absolute
        Whether control points are given in the panel's coordinates, not along (x) and across (y, to the
        left) the edge in shares of its length.

    Raises
    ------
    EdgeError
        Where the curve is of another kind or its values are none.
    """
    if curvature is None:
        return [start, end]
    kind, values = _form(curvature)
    if kind == "circle":
        return _circle(start, end, values)
    controls = [_control(start, end, value, absolute=absolute) for value in values]
    if kind == "quadratic" and len(controls) == 1:
        return _bezier([start, *controls, end])
    if kind == "cubic" and len(controls) == 2:
        return _bezier([start, *controls, end])
    raise EdgeError(f"a {kind} curve with {len(controls)} control points")


def _form(curvature: Any) -> tuple[str, list[Any]]:
    if isinstance(curvature, dict):
        kind, values = curvature.get("type"), curvature.get("params")
        if not isinstance(values, list) or kind not in ("quadratic", "cubic", "circle"):
            raise EdgeError(f"a curve of an unknown kind {str(kind)[:40]!r}")
        return str(kind), values
    if isinstance(curvature, list) and curvature and isinstance(curvature[0], list):
        return ("quadratic" if len(curvature) == 1 else "cubic"), curvature
    if isinstance(curvature, list):
        return "quadratic", [curvature]
    raise EdgeError("a curvature that is neither a point nor a table")


def _control(start: Point, end: Point, value: Any, *, absolute: bool) -> Point:
    x, y = _pair(value)
    if absolute:
        return x, y
    ex, ey = end[0] - start[0], end[1] - start[1]
    return start[0] + x * ex - y * ey, start[1] + x * ey + y * ex


def _pair(value: Any) -> Point:
    if not isinstance(value, list | tuple) or len(value) != 2 or not all(map(is_number, value)):
        raise EdgeError("a control point that is not two numbers")
    return float(value[0]), float(value[1])


def is_number(value: Any) -> bool:
    """Whether a value is a finite number of a sensible size."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9


def _bezier(controls: Sequence[Point]) -> Path:
    degree = len(controls) - 1
    weights = [math.comb(degree, k) for k in range(degree + 1)]
    points: Path = [controls[0]]
    for step in range(1, _CHORDS):
        t = step / _CHORDS
        parts = [w * t**k * (1 - t) ** (degree - k) for k, w in enumerate(weights)]
        points.append(
            (
                sum(p * c[0] for p, c in zip(parts, controls, strict=True)),
                sum(p * c[1] for p, c in zip(parts, controls, strict=True)),
            )
        )
    return [*points, controls[-1]]


def _circle(start: Point, end: Point, values: Sequence[Any]) -> Path:
    """An arc by radius, whether it is the longer one, and whether it bends to the right of the way.

    The arc turns counter-clockwise where ``right`` is set, as the SVG path command A does with y upwards.
    """
    if len(values) != 3 or not is_number(values[0]):
        raise EdgeError("a circle without radius, size and side")
    chord = math.dist(start, end)
    if chord <= 0:
        raise EdgeError("a circle between equal points")
    radius = max(abs(float(values[0])), chord / 2)
    large, right = bool(values[1]), bool(values[2])
    half = math.asin(min(1.0, chord / 2 / radius))
    sweep = math.tau - 2 * half if large else 2 * half
    off = math.sqrt(max(0.0, radius * radius - chord * chord / 4))
    # The centre lies to the left of the way for a short arc that turns left.
    side = 1.0 if right != large else -1.0
    ux, uy = (end[0] - start[0]) / chord, (end[1] - start[1]) / chord
    centre = (
        (start[0] + end[0]) / 2 - side * uy * off,
        (start[1] + end[1]) / 2 + side * ux * off,
    )
    first = math.atan2(start[1] - centre[1], start[0] - centre[0])
    turn = sweep if right else -sweep
    middle = [
        (
            centre[0] + radius * math.cos(first + turn * k / _CHORDS),
            centre[1] + radius * math.sin(first + turn * k / _CHORDS),
        )
        for k in range(1, _CHORDS)
    ]
    return [start, *middle, end]
