"""Graphics of a KiCad board: lines, arcs, circles, rectangles, polygons and curves as points."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from manyworks.files.boards.contours import Path, Point, arc_through, bezier, sweep
from manyworks.files.boards.sexpr import Node, child, children, number, numbers, words

_SHAPES = ("line", "arc", "circle", "rect", "poly", "curve")
GRAPHICS = tuple(prefix + shape for prefix in ("gr_", "fp_") for shape in _SHAPES)


def graphics_on(node: Node, layer: str) -> Iterator[Node]:
    """The graphics of a board or a footprint on one layer."""
    for shape in children(node, *GRAPHICS):
        if layer in words(child(shape, "layer", "layers")):
            yield shape


def read_shape(node: Node) -> Path:
    """Points of one graphic; first and last equal where the shape is closed by itself.

    Raises
    ------
    ValueError
        A number is missing or is none.
    """
    return _READERS[str(node[0])[3:]](node)


def stroke_width(node: Node) -> float:
    """Width of the pen: of its own before format 7, of its stroke since; 0 where none is given."""
    stated = words(child(child(node, "stroke") or node, "width"))
    return max(0.0, number(stated[0])) if stated else 0.0


def points_of(node: Node | None) -> Path:
    """Points of a ``pts`` list, arcs in it too."""
    path: Path = []
    for part in (node or [])[1:]:
        if isinstance(part, list) and part and part[0] == "arc":
            path.extend(_arc(part))
        elif isinstance(part, list) and len(part) > 2:
            path.append((number(part[1]), number(part[2])))
    return path


def _point(node: Node, name: str) -> Point:
    x, y = numbers(child(node, name), 2)
    return x, y


def _line(node: Node) -> Path:
    return [_point(node, "start"), _point(node, "end")]


def _arc(node: Node) -> Path:
    """Formats from 6 give three points; before, the centre, the start point and an angle."""
    start, end = _point(node, "start"), _point(node, "end")
    if child(node, "mid") is not None:
        return arc_through(start, _point(node, "mid"), end)
    angle = math.radians(max(-360.0, min(360.0, numbers(child(node, "angle"), 1)[0])))
    return sweep(start, end, angle)


def _circle(node: Node) -> Path:
    return sweep(_point(node, "center"), _point(node, "end"), math.tau)


def _rect(node: Node) -> Path:
    (x0, y0), (x1, y1) = _point(node, "start"), _point(node, "end")
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]


def _poly(node: Node) -> Path:
    path = points_of(child(node, "pts"))
    return [*path, path[0]] if path else path


def _curve(node: Node) -> Path:
    points = [(number(part[1]), number(part[2])) for part in children(child(node, "pts") or [], "xy")]
    if len(points) != 4:
        raise ValueError(f"a curve has 4 points, found {len(points)}")
    return bezier(*points)


_READERS: dict[str, Callable[[Node], Path]] = {
    "line": _line,
    "arc": _arc,
    "circle": _circle,
    "rect": _rect,
    "poly": _poly,
    "curve": _curve,
}
