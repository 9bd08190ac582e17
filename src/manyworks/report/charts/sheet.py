"""Drawings for cutting, and the panels of a garment."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from manyworks.model import Contour, GarmentDesign, Panel, SheetDesign
from manyworks.report.charts.svg import drawing, element, label, tooltip

MOST_POINTS = 60_000
ROLES = ("cut", "engrave", "score", "fold", "pocket", "drill", "sheet")
_MARGIN = 12.0
_CAPTION = 24.0
_TALLEST = 1.1


def draw_sheet(sheet: SheetDesign, *, width: float) -> str:
    """The contours by role, the y axis upwards; empty where nothing is drawn."""
    contours = [c for c in sheet.contours if c.role in ROLES and _finite(c.points_mm)]
    box = _box(point for contour in contours for point in contour.points_mm)
    if box is None:
        return ""
    left, low, right, high = box
    scale = (width - 2 * _MARGIN) / max(right - left, (high - low) / _TALLEST, 1e-6)
    spare = (width - 2 * _MARGIN - (right - left) * scale) / 2
    paths: dict[str, list[str]] = defaultdict(list)
    points = 0
    for contour in contours:
        points += len(contour.points_mm)
        if points > MOST_POINTS:
            break
        placed = [
            (_MARGIN + spare + (x - left) * scale, _MARGIN + (high - y) * scale) for x, y in contour.points_mm
        ]
        paths[contour.role].append(_line(placed, closed=contour.closed))
    height = (high - low) * scale + 2 * _MARGIN
    size = f"{sheet.size_mm[0]:.1f} \N{MULTIPLICATION SIGN} {sheet.size_mm[1]:.1f} mm"
    layers = (_role(role, paths[role]) for role in ROLES if role in paths)
    words = label(f"cut lines {size}", width / 2, height + 6, class_="tick middle")
    return drawing(
        width, height + _CAPTION - _MARGIN, f"Drawing, {size}", *layers, words, class_="sheet-drawing"
    )


def _role(role: str, lines: Sequence[str]) -> str:
    return element("path", tooltip(role), d="".join(lines), class_=f"line-{role}", fill_rule="evenodd")


def _line(points: Iterable[tuple[float, float]], *, closed: bool) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + ("Z" if closed else "")


def _finite(points: Contour) -> bool:
    return bool(points) and all(math.isfinite(x) and math.isfinite(y) for x, y in points)


def _box(points: Iterable[tuple[float, float]]) -> tuple[float, float, float, float] | None:
    pairs = list(points)
    if not pairs:
        return None
    xs, ys = zip(*pairs, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def draw_garment(garment: GarmentDesign, *, width: float) -> str:
    """All panels side by side at one scale, wrapped into rows; not as they lie on the cloth."""
    panels = [panel for panel in garment.panels if _finite(panel.outline_mm)]
    if not panels:
        return ""
    widest = max(_size(panel)[0] for panel in panels)
    total = sum(_size(panel)[0] for panel in panels)
    scale = (width - 2 * _MARGIN) / max(widest, min(total, math.sqrt(total * widest) * 1.6))
    children: list[str] = []
    x = y = _MARGIN
    row = 0.0
    for panel in panels:
        wide, high = (side * scale for side in _size(panel))
        if x > _MARGIN and x + wide > width - _MARGIN:
            x, y, row = _MARGIN, y + row + 30, 0.0
        children += _panel(panel, x, y, scale)
        x, row = x + wide + 14, max(row, high)
    name = f"{len(panels)} panels of a garment"
    return drawing(width, y + row + 34, name, *children, class_="sheet-drawing")


def _size(panel: Panel) -> tuple[float, float]:
    box = _box(panel.outline_mm)
    return (box[2] - box[0], box[3] - box[1]) if box else (0.0, 0.0)


def _panel(panel: Panel, x: float, y: float, scale: float) -> Iterator[str]:
    box = _box(panel.outline_mm)
    if box is None:
        return
    left, _, right, high = box
    placed = [(x + (px - left) * scale, y + (high - py) * scale) for px, py in panel.outline_mm]
    words = f"{panel.name}, {panel.area_mm2 / 1e6:.3f} m2, {panel.pieces} to cut"
    yield element("path", tooltip(words), d=_line(placed, closed=True), class_="panel-shape")
    middle, bottom = x + (right - left) * scale / 2, y + (high - box[1]) * scale
    times = f" \N{MULTIPLICATION SIGN} {panel.pieces}" if panel.pieces > 1 else ""
    yield label(f"{panel.name[:24]}{times}", middle, bottom + 16, class_="tick middle panel-name")
