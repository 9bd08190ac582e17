"""What a KiCad board has on its edge layer -> the outline, or findings that say what is wrong with it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from manyworks.files.boards.contours import (
    LOOSE_JOIN_MM,
    Outline,
    Path,
    Point,
    arc_through,
    assemble,
    bezier,
    bounds,
    sweep,
)
from manyworks.files.boards.footprints import frame_of
from manyworks.files.boards.sexpr import Node, child, children, number, numbers, words
from manyworks.files.limits import COORDINATE_MM, FINDINGS_PER_KIND, OUTLINE_POINTS
from manyworks.model import Finding, error, warning

EDGE_LAYER = "Edge.Cuts"
_SHAPES = ("line", "arc", "circle", "rect", "poly", "curve")


class Gather(Protocol):
    """Applies a reader to nodes and turns malformed ones into findings."""

    def __call__(self, read: Callable[[Node], Path | None], nodes: Iterable[Node], /) -> Iterator[Path]:
        """Paths of the nodes that could be read."""
        ...


def read_edges(root: Node, gather: Gather, name: str, findings: list[Finding]) -> Outline | None:
    """The board's outline; None, with an error finding, where there is none to make a board from."""
    chains: list[Path] = []
    points = 0
    for chain in _chains(root, gather):
        chains.append(chain)
        points += len(chain)
        if points > OUTLINE_POINTS:
            findings.append(_too_large(name))
            return None
    outline = _assemble(chains, name, findings)
    if outline is not None:
        findings.extend(_remarks(outline, name))
    return outline


def _chains(root: Node, gather: Gather) -> Iterator[Path]:
    yield from gather(_read_shape, _on_edge(root, "gr_"))
    for footprint in children(root, "footprint", "module"):
        shapes = list(_on_edge(footprint, "fp_"))
        if shapes:
            try:
                frame, _ = frame_of(footprint)
            except ValueError:
                continue  # reported where footprints are read
            yield from (frame.place_all(path) for path in gather(_read_shape, shapes))


def _too_large(name: str) -> Finding:
    return error("files.board.outline-too-large", name, "the outline is beyond any board's size")


def _on_edge(node: Node, prefix: str) -> Iterator[Node]:
    wanted = tuple(prefix + shape for shape in _SHAPES)
    for shape in children(node, *wanted):
        if EDGE_LAYER in words(child(shape, "layer", "layers")):
            yield shape


def _assemble(chains: list[Path], name: str, findings: list[Finding]) -> Outline | None:
    chains = [chain for chain in chains if len(chain) > 1]
    if not chains:
        findings.append(
            error(
                "files.board.no-outline",
                name,
                f"nothing is drawn on {EDGE_LAYER}, so the board has no shape",
                f"draw the board's edge on {EDGE_LAYER}",
            )
        )
        return None
    if _far(chains):
        findings.append(_too_large(name))
        return None
    outline = assemble(chains)
    trouble = _why_not(outline, name)
    if trouble is not None:
        findings.append(trouble)
        return None
    return outline


def _far(chains: list[Path]) -> bool:
    return any(abs(x) > COORDINATE_MM or abs(y) > COORDINATE_MM for chain in chains for x, y in chain)


def _why_not(outline: Outline, name: str) -> Finding | None:
    if outline.too_many:
        return error(
            "files.board.outline-too-large", name, "the outline falls into too many separate contours"
        )
    widest = max(outline.open_chains, key=_extent, default=None)
    if widest is None:
        return None if outline.outer else _flat(name)
    if not outline.outer or _extent(widest) > _extent(outline.outer[0]):
        return error(
            "files.board.outline-open",
            name,
            f"the outline does not close: a gap of {math.dist(widest[0], widest[-1]):.3f} mm "
            f"between {_text(widest[0])} and {_text(widest[-1])}",
            "join the ends of the outline",
        )
    return None


def _flat(name: str) -> Finding:
    text = f"what is drawn on {EDGE_LAYER} encloses no area"
    return error("files.board.no-outline", name, text, f"draw the board's edge on {EDGE_LAYER}")


def _extent(path: Path) -> float:
    left, top, right, bottom = bounds(path)
    return math.hypot(right - left, bottom - top)


def _text(point: Point) -> str:
    return f"({point[0]:.2f}, {point[1]:.2f})"


def _remarks(outline: Outline, name: str) -> Iterator[Finding]:
    if outline.joined:
        yield warning(
            "files.board.outline-gap",
            name,
            f"ends of the outline up to {LOOSE_JOIN_MM} mm apart were joined",
            "join the ends of the outline",
        )
    if len(outline.outer) > 1:
        yield warning(
            "files.board.several-outlines",
            name,
            f"{len(outline.outer)} separate outlines; the size is that of all together",
            "keep one board in a file, or treat this as a panel",
        )
    for chain in outline.open_chains[:FINDINGS_PER_KIND]:
        yield warning(
            "files.board.outline-stray",
            name,
            f"a line from {_text(chain[0])} to {_text(chain[-1])} on {EDGE_LAYER} closes no contour",
            "remove it or close it",
        )


def _read_shape(node: Node) -> Path | None:
    """Points of one graphic; first and last equal where the shape is closed by itself.

    Raises
    ------
    ValueError
        A number is missing or is none.
    """
    shape = str(node[0])[3:]
    return _READERS[shape](node)


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
    path: Path = []
    for part in (child(node, "pts") or [])[1:]:
        if isinstance(part, list) and part and part[0] == "arc":
            path.extend(_arc(part))
        elif isinstance(part, list) and len(part) > 2:
            path.append((number(part[1]), number(part[2])))
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
