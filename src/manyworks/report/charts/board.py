"""A board's outline with what sits on it."""

from __future__ import annotations

from collections.abc import Sequence

from manyworks.model import BoardDesign, Placement
from manyworks.report.charts.svg import drawing, element, label, tooltip

MOST_PLACEMENTS = 2000


def draw_board(board: BoardDesign, *, width: float) -> str:
    """The outline (inner cut-outs as holes) and a dot for every fitted part; empty without an outline."""
    corners = [corner for ring in board.outline_mm for corner in ring]
    if not corners:
        return ""
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    top, bottom = min(y for _, y in corners), max(y for _, y in corners)
    scale = (width - 24) / max(right - left, (bottom - top) / 1.2, 1e-6)
    height = (bottom - top) * scale + 44
    rings = [
        [(12 + (x - left) * scale, 12 + (y - top) * scale) for x, y in ring] for ring in board.outline_mm
    ]
    path = "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z" for ring in rings)
    outline = element("path", d=path, fill_rule="evenodd", class_="board")
    dots = [
        _dot(p, 12 + (p.x_mm - left) * scale, 12 + (p.y_mm - top) * scale) for p in _fitted(board.placements)
    ]
    size = f"{board.width_mm:.1f} \N{MULTIPLICATION SIGN} {board.height_mm:.1f} mm"
    words = label(size, width / 2, height - 8, class_="tick middle")
    return drawing(width, height, f"Board outline, {size}", outline, *dots, words, class_="board-drawing")


def _fitted(placements: Sequence[Placement]) -> list[Placement]:
    return [placement for placement in placements if placement.fitted][:MOST_PLACEMENTS]


def _dot(placement: Placement, x: float, y: float) -> str:
    words = tooltip(f"{placement.designator} {placement.value}".strip())
    if placement.side == "bottom":
        return element("g", words, element("circle", cx=x, cy=y, r=3, class_="part-bottom"))
    return element("g", words, element("rect", x=x - 3, y=y - 3, width=6, height=6, class_="part-top"))
