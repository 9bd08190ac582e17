"""A board from above and from below: outline, pads, holes, parts."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from manyworks.model import BoardDesign, Contour, Land, Opening, Placement
from manyworks.report.charts.labels import Box, Room, boxes_beside
from manyworks.report.charts.svg import drawing, element, label, text_width, tooltip

MOST_PLACEMENTS = 2000
MOST_LANDS = 6000
MOST_OPENINGS = 6000
# Designators are written beside so many parts of a side at most, where they hide no other designator.
MOST_NAMES = 300
_NAME_SIZE = 8.0
_MARGIN = 12.0
_CAPTION = 34.0


@dataclass(frozen=True, slots=True)
class _Frame:
    """Board millimetres to drawing units; the bottom is shown as seen from below."""

    left: float
    right: float
    low: float
    high: float
    scale: float
    flip_x: bool
    flip_y: bool

    def place(self, x: float, y: float) -> tuple[float, float]:
        across = self.right - x if self.flip_x else x - self.left
        down = self.high - y if self.flip_y else y - self.low
        return _MARGIN + across * self.scale, _MARGIN + down * self.scale

    @property
    def height(self) -> float:
        return (self.high - self.low) * self.scale + 2 * _MARGIN


def draw_board(board: BoardDesign, *, width: float, side: str = "top") -> str:
    """One side of a board; empty without an outline.

    Parameters
    ----------
    width
        Of the drawing.
    side
        ``top``, or ``bottom`` as seen from below (mirrored left to right).
    """
    frame = _frame(board, width, side)
    if frame is None:
        return ""
    parts = [part for part in board.placements if part.fitted and part.side == side][:MOST_PLACEMENTS]
    size = f"{board.width_mm:.1f} \N{MULTIPLICATION SIGN} {board.height_mm:.1f} mm"
    words = f"{side}, {len(parts)} parts" if parts else side
    children = [
        element("path", d=_rings(board.outline_mm, frame), fill_rule="evenodd", class_="board"),
        element("path", d=_lands(board.lands, side, frame), class_="land"),
        *_holes(board.openings, frame),
        *(_part(part, frame) for part in parts),
        *_names(parts[:MOST_NAMES], frame, width),
        label(f"{size}, {words}", width / 2, frame.height + 14, class_="tick middle"),
    ]
    name = f"Board, {side} side, {size}"
    return drawing(width, frame.height + _CAPTION - _MARGIN, name, *children, class_="board-drawing")


def _frame(board: BoardDesign, width: float, side: str) -> _Frame | None:
    corners = [(x, y) for ring in board.outline_mm for x, y in ring if math.isfinite(x) and math.isfinite(y)]
    if not corners:
        return None
    xs, ys = zip(*corners, strict=True)
    left, right, low, high = min(xs), max(xs), min(ys), max(ys)
    scale = (width - 2 * _MARGIN) / max(right - left, (high - low) / 1.2, 1e-6)
    spare = (width - 2 * _MARGIN) / scale - (right - left)
    return _Frame(
        left - spare / 2,
        right + spare / 2,
        low,
        high,
        scale,
        flip_x=side == "bottom",
        flip_y=board.y_up,
    )


def _rings(rings: Iterable[Contour], frame: _Frame) -> str:
    return "".join(_polygon(frame.place(x, y) for x, y in ring) for ring in rings if ring)


def _polygon(points: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"


def _lands(lands: Sequence[Land], side: str, frame: _Frame) -> str:
    """All pads of a side as one path; pads below a pixel are left to the eye."""
    shown = [land for land in lands if land.side == side][:MOST_LANDS]
    return "".join(_land(land, frame) for land in shown)


def _land(land: Land, frame: _Frame) -> str:
    wide, high = land.size_mm[0] / 2, land.size_mm[1] / 2
    x, y = land.centre_mm
    if land.round and abs(wide - high) < 1e-6:
        return _circle(*frame.place(x, y), wide * frame.scale)
    angle = math.radians(land.rotation_deg)
    cos, sin = math.cos(angle), math.sin(angle)
    corners = ((-wide, -high), (wide, -high), (wide, high), (-wide, high))
    return _polygon(frame.place(x + dx * cos - dy * sin, y + dx * sin + dy * cos) for dx, dy in corners)


def _circle(x: float, y: float, radius: float) -> str:
    return f"M{x - radius:.1f} {y:.1f}a{radius:.2f} {radius:.2f} 0 1 0 {2 * radius:.2f} 0a{radius:.2f} {radius:.2f} 0 1 0 {-2 * radius:.2f} 0Z"  # noqa: E501 - one figure


def _holes(openings: Sequence[Opening], frame: _Frame) -> Iterator[str]:
    """Holes and slots by tool: one path each, drawn with the tool's round pen."""
    tools: dict[tuple[float, bool], list[str]] = defaultdict(list)
    for opening in openings[:MOST_OPENINGS]:
        (x, y), (x2, y2) = frame.place(*opening.start_mm), frame.place(*opening.end_mm)
        tools[opening.diameter_mm, opening.plated].append(f"M{x:.1f} {y:.1f}L{x2 + 0.01:.2f} {y2:.1f}")
    for (diameter, plated), lines in sorted(tools.items()):
        kind = "plated" if plated else "not plated"
        yield element(
            "path",
            tooltip(f"{len(lines)} \N{MULTIPLICATION SIGN} {diameter:g} mm, {kind}"),
            d="".join(lines),
            stroke_width=max(diameter * frame.scale, 0.6),
            class_="hole plated" if plated else "hole",
        )


def _part(part: Placement, frame: _Frame) -> str:
    x, y = frame.place(part.x_mm, part.y_mm)
    words = tooltip(" ".join(filter(None, (part.designator, part.value, part.footprint.rpartition(":")[2]))))
    return element("g", words, element("circle", cx=x, cy=y, r=2.6), class_=f"part-{part.side}")


def _names(parts: Sequence[Placement], frame: _Frame, width: float) -> Iterator[str]:
    """Designators beside their parts, as far as they cover neither each other nor the drawing's border."""
    room = Room(Box(0.0, 0.0, width, frame.height + _CAPTION))
    for part in parts:
        words = part.designator[:12]
        x, y = frame.place(part.x_mm, part.y_mm)
        beside = boxes_beside(x, y, 3.4, text_width(words, _NAME_SIZE), _NAME_SIZE)
        box = room.take_best(beside, allowed=0.0)
        if box is not None:
            yield label(words, box.left, box.bottom - 1.2, class_="part-name")
