"""Views of a solid with the places that matter marked on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from manyworks.model import Feature, Vector, View
from manyworks.report.charts.svg import drawing, element, label, tooltip

MOST_MARKS = 400
# Up to so many marks in a picture their numbers are written beside them.
MOST_NUMBERS = 40
HOLES = ("through hole", "blind hole", "counterbored hole", "countersunk hole", "stepped hole")
# A hole is marked where its mouth faces the viewer at less than about 75 degrees.
_FACING = 0.25
_CAPTION = 24.0
_FONT = 12.0
# Pens and letters are drawn for a picture of this side and grow with larger ones.
_USUAL_SIDE = 260.0


@dataclass(frozen=True, slots=True)
class SolidMark:
    """A feature and the number it has in the table beside the picture."""

    number: int
    feature: Feature


def draw_view(view: View, marks: Sequence[SolidMark]) -> str:
    """One view: the picture, holes as circles, thin walls, undercuts and sharp corners as signs."""
    shown = [mark for mark in marks if _is_seen(mark.feature, view)][:MOST_MARKS]
    pen = max(view.width, view.height) / _USUAL_SIDE
    picture = element(
        "image",
        href=f"data:image/png;base64,{view.png_base64}",
        width=view.width,
        height=view.height,
    )
    numbers = _numbers(shown, view, pen) if len(shown) <= MOST_NUMBERS else iter(())
    high = view.height + _CAPTION * pen
    caption = label(
        view.name,
        view.width / 2,
        high - 8 * pen,
        class_="tick middle",
        style=f"font-size: {_FONT * pen:.1f}px",
    )
    signs = (_mark(mark, view, pen) for mark in shown)
    return drawing(
        view.width, high, f"{view.name} view", picture, *signs, *numbers, caption, class_="solid-drawing"
    )


def _is_seen(feature: Feature, view: View) -> bool:
    """Whether a mark belongs in a view: holes where they open towards the viewer, the rest always."""
    if feature.kind not in (*HOLES, "thin wall", "undercut", "sharp inside corner", "overhang"):
        return False
    if feature.kind not in HOLES or feature.axis is None:
        return feature.kind != "sharp inside corner" or view.name.startswith("iso")
    facing = -_dot(feature.axis, view.towards)
    return abs(facing) > _FACING if feature.kind == "through hole" else facing > _FACING


def _dot(first: Vector, second: Vector) -> float:
    return sum(a * b for a, b in zip(first, second, strict=True))


def _at(feature: Feature, view: View) -> tuple[float, float]:
    x = (_dot(feature.at_mm, view.right) - view.left) / view.mm_per_pixel
    y = (view.top - _dot(feature.at_mm, view.up)) / view.mm_per_pixel
    return x, y


def _mark(mark: SolidMark, view: View, pen: float) -> str:
    feature = mark.feature
    x, y = _at(feature, view)
    words = tooltip(describe(feature))
    if feature.kind in HOLES:
        radius = _radius(feature, view, pen) + 1.5 * pen
        shape, kind = element("circle", cx=x, cy=y, r=radius, stroke_width=1.6 * pen), "mark-hole"
    elif feature.kind == "thin wall":
        shape, kind = _sign(x, y, ((0, -5), (5, 0), (0, 5), (-5, 0)), pen), "mark-thin"
    elif feature.kind in ("undercut", "overhang"):
        shape, kind = _sign(x, y, ((0, -5), (5, 4), (-5, 4)), pen), "mark-undercut"
    else:
        cross = f"M{x - 3 * pen:.1f} {y:.1f}h{6 * pen:.1f}M{x:.1f} {y - 3 * pen:.1f}v{6 * pen:.1f}"
        shape, kind = element("path", d=cross, stroke_width=1.4 * pen), "mark-corner"
    return element("g", words, shape, class_=kind)


def _sign(x: float, y: float, corners: Sequence[tuple[float, float]], pen: float) -> str:
    path = "L".join(f"{x + dx * pen:.1f} {y + dy * pen:.1f}" for dx, dy in corners)
    return element("path", d=f"M{path}Z", stroke_width=1.2 * pen)


def _radius(feature: Feature, view: View, pen: float) -> float:
    return max((feature.diameter_mm or 1.0) / 2 / view.mm_per_pixel, 2.5 * pen)


def describe(feature: Feature) -> str:
    """A feature in a few words: ``blind hole, 2.5 mm, 5 mm deep, fits M3``."""
    sizes = (
        ("", feature.diameter_mm, " mm"),
        ("", feature.width_mm, " mm wide"),
        ("", feature.depth_mm, " mm deep"),
        ("radius ", feature.radius_mm, " mm"),
    )
    told = [f"{before}{value:.3g}{after}" for before, value, after in sizes if value is not None]
    return ", ".join([feature.kind, *told, *([f"fits {feature.thread}"] if feature.thread else [])])


def _numbers(marks: Sequence[SolidMark], view: View, pen: float) -> Iterator[str]:
    for mark in marks:
        if mark.feature.kind in HOLES:
            x, y = _at(mark.feature, view)
            radius = _radius(mark.feature, view, pen)
            words = str(mark.number)
            yield label(
                words,
                x + radius + 2 * pen,
                y - radius,
                class_="mark-number",
                style=f"font-size: {11 * pen:.1f}px",
            )
