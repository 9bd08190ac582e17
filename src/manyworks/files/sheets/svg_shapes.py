"""SVG shapes and paths -> points, moved by their matrix."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from manyworks.files.sheets.drawing import Path
from manyworks.files.sheets.dxf_entities import CHORDS, Line, arc_points
from manyworks.files.sheets.limits import LINE_POINTS, PATH_CHARACTERS

# (a, b, c, d, e, f): x' = a x + c y + e, y' = b x + d y + f.
Matrix: TypeAlias = tuple[float, float, float, float, float, float]

# Chords of one curve of a path; fewer where a path has very many.
_CURVE, _CURVE_SHORT, _MANY = 48, 8, 4_000
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_UNIT_MM = {"mm": 96 / 25.4, "cm": 960 / 25.4, "in": 96.0, "pt": 96 / 72, "pc": 16.0, "px": 1.0, "": 1.0}
_ROUND = 1e-6


class NotAShapeError(Exception):
    """The element draws nothing that can be followed; the text says why."""


def matrix_of(transform: str) -> Matrix:
    """The matrix of a transform attribute."""
    import svgelements

    try:
        found = svgelements.Matrix(transform[:2_000])
        values = (
            float(found.a),
            float(found.b),
            float(found.c),
            float(found.d),
            float(found.e),
            float(found.f),
        )
    except Exception:
        values = (math.nan,) * 6  # whatever it moves is then out of all bounds, and named
    return values


def both(inner: Matrix, outer: Matrix) -> Matrix:
    """The matrix that moves by one, then by the other."""
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return (
        g * a + i * b,
        h * a + j * b,
        g * c + i * d,
        h * c + j * d,
        g * e + i * f + k,
        h * e + j * f + m,
    )


def shift(x: float, y: float) -> Matrix:
    """The matrix of a shift."""
    return (1.0, 0.0, 0.0, 1.0, x, y)


def parse_number(text: str | None) -> float:
    """A coordinate or length in user units; 0 where there is none."""
    match = _NUMBER.match(text.strip()) if text else None
    if match is None or text is None:
        return 0.0
    value = float(match[0]) * _UNIT_MM.get(text.strip()[match.end() :].strip().lower(), 1.0)
    return value if math.isfinite(value) else 0.0


def outlines_of(
    tag: str, attributes: Mapping[str, str], matrix: Matrix, chords: int = CHORDS
) -> Iterator[Line]:
    """Lines of a shape, with the diameter where it is a circle still.

    Raises
    ------
    NotAShapeError
        Where the shape's values make none.
    """
    if tag == "path":
        for points in _path(attributes.get("d", ""), chords):
            yield _moved(points, matrix), None
    elif tag in ("circle", "ellipse"):
        yield _ellipse(tag, attributes, matrix, chords)
    elif tag == "rect":
        yield _moved(_rectangle(attributes), matrix), None
    else:
        yield _moved(_corners(tag, attributes), matrix), None


def _moved(points: Path, matrix: Matrix) -> Path:
    a, b, c, d, e, f = matrix
    return [(a * x + c * y + e, b * x + d * y + f) for x, y in points]


def _ellipse(tag: str, attributes: Mapping[str, str], matrix: Matrix, chords: int) -> Line:
    centre = parse_number(attributes.get("cx")), parse_number(attributes.get("cy"))
    radius = parse_number(attributes.get("r" if tag == "circle" else "rx"))
    other = radius if tag == "circle" else parse_number(attributes.get("ry"))
    if radius <= 0 or other <= 0:
        raise NotAShapeError("a circle without a radius")
    round_one = arc_points((0.0, 0.0), 1.0, 0.0, math.tau, chords)
    points = [(centre[0] + radius * x, centre[1] + other * y) for x, y in round_one]
    moved = _moved([*points[:-1], points[0]], matrix)
    a, b, c, d = matrix[:4]
    across, along = math.hypot(a, b) * radius, math.hypot(c, d) * other
    skew = abs(a * c + b * d) * radius * other
    is_circle = abs(across - along) <= _ROUND * across and skew <= _ROUND * across * along
    return moved, (2 * across if is_circle else None)


def _rectangle(attributes: Mapping[str, str]) -> Path:
    x, y, width, height = (parse_number(attributes.get(key)) for key in ("x", "y", "width", "height"))
    if width <= 0 or height <= 0:
        raise NotAShapeError("a rectangle without a size")
    rx, ry = attributes.get("rx"), attributes.get("ry")
    rx_value = min(max(0.0, parse_number(rx if rx is not None else ry)), width / 2)
    ry_value = min(max(0.0, parse_number(ry if ry is not None else rx)), height / 2)
    if rx_value <= 0 or ry_value <= 0:
        return [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)]
    quarter = arc_points((0.0, 0.0), 1.0, 0.0, math.pi / 2)
    corners = (
        (x + width - rx_value, y + height - ry_value, 1, 1, False),
        (x + rx_value, y + height - ry_value, -1, 1, True),
        (x + rx_value, y + ry_value, -1, -1, False),
        (x + width - rx_value, y + ry_value, 1, -1, True),
    )
    points: Path = []
    for cx, cy, sx, sy, turned in corners:
        part = [(cx + sx * rx_value * u, cy + sy * ry_value * v) for u, v in quarter]
        points.extend(part[::-1] if turned else part)
    return [*points, points[0]]


def _corners(tag: str, attributes: Mapping[str, str]) -> Path:
    if tag == "line":
        x1, y1, x2, y2 = (parse_number(attributes.get(key)) for key in ("x1", "y1", "x2", "y2"))
        return [(x1, y1), (x2, y2)]
    numbers = [float(n) for n in _NUMBER.findall(attributes.get("points", ""))]
    points: Path = list(zip(numbers[::2], numbers[1::2], strict=False))
    if len(points) > LINE_POINTS:
        raise NotAShapeError(f"a line of more than {LINE_POINTS:,} corners")
    return [*points, points[0]] if tag == "polygon" and points else points


def _path(text: str, chords: int) -> Iterator[Path]:
    """The lines of path data; a closed one ends where it began."""
    import svgelements

    if len(text) > PATH_CHARACTERS:
        raise NotAShapeError(f"a path of more than {PATH_CHARACTERS:,} characters")
    try:
        segments = list(svgelements.Path(text))
    except Exception:
        raise NotAShapeError("path data that cannot be read") from None
    short = len(segments) >= _MANY or chords < CHORDS
    points: Path = []
    for segment in segments:
        if isinstance(segment, svgelements.Move):
            if len(points) > 1:
                yield points
            points = [_xy(segment.end)] if segment.end is not None else []
        elif segment.end is not None and points:
            points.extend(_segment(segment, chords, _CURVE_SHORT if short else _CURVE))
            if isinstance(segment, svgelements.Close):
                yield points
                points = [points[0]]
        if len(points) > LINE_POINTS:
            raise NotAShapeError(f"a line of more than {LINE_POINTS:,} points")
    if len(points) > 1:
        yield points


def _segment(segment: Any, chords: int, pieces: int) -> Path:
    import svgelements

    if isinstance(segment, svgelements.Close):
        return [_xy(segment.end)]
    if isinstance(segment, svgelements.Arc):
        sweep = abs(float(segment.sweep or 0.0))
        count = max(2, math.ceil(sweep / math.tau * chords)) if math.isfinite(sweep) else 2
    elif isinstance(segment, svgelements.Line):
        return [_xy(segment.end)]
    else:
        count = pieces
    middle = [_xy(segment.point(k / count)) for k in range(1, count)]
    return [*middle, _xy(segment.end)]


def _xy(point: Any) -> tuple[float, float]:
    return float(point.x), float(point.y)
