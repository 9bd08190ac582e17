"""Views of a solid with the places that matter marked on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from manyworks.model import Feature, Vector, View
from manyworks.report.charts.labels import Box, Room, boxes_beside
from manyworks.report.charts.svg import drawing, element, label, text_width, tooltip

MOST_MARKS = 400
# Up to so many marks in a picture their numbers are written beside them.
MOST_NUMBERS = 40
HOLES = ("through hole", "blind hole", "counterbored hole", "countersunk hole", "stepped hole")
# Kinds of features that are marked in pictures, and the sign of each.
SIGNS = {
    **dict.fromkeys(HOLES, "hole"),
    "thin wall": "thin wall",
    "undercut": "undercut",
    "overhang": "undercut",
    "sharp inside corner": "sharp inside corner",
}
# A hole is marked where its mouth faces the viewer at less than about 75 degrees, a wall likewise.
_FACING = 0.25
_CAPTION = 24.0
_FONT = 12.0
_NUMBER = 11.0
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
    """Whether a mark belongs in a view.

    Holes and walls do where they are not seen on edge (in the isometric view only holes that open
    towards it), sharp corners only in the isometric view; undercuts and overhangs always.
    """
    if feature.kind not in SIGNS:
        return False
    if feature.kind == "sharp inside corner":
        return _is_isometric(view)
    if feature.kind in ("undercut", "overhang") or feature.axis is None:
        return True
    facing = -_dot(feature.axis, view.towards)
    return facing > _FACING or (facing < -_FACING and not (_is_behind(feature, view) and _is_isometric(view)))


def _is_isometric(view: View) -> bool:
    return view.name.startswith("iso")


def _is_behind(feature: Feature, view: View) -> bool:
    """Whether a hole opens away from the viewer; through holes open both ways."""
    if feature.kind not in HOLES or feature.kind == "through hole" or feature.axis is None:
        return False
    return -_dot(feature.axis, view.towards) < -_FACING


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
        dashes = f"{2.5 * pen:.1f}" if _is_behind(feature, view) else None
        shape = element("circle", cx=x, cy=y, r=radius, stroke_width=1.6 * pen, stroke_dasharray=dashes)
        kind = "mark-hole"
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
    """Numbers of holes beside them, as far as they do not cover each other."""
    size = _NUMBER * pen
    border = size * 2
    room = Room(Box(-border, -border, view.width + border, view.height + border))
    for mark in marks:
        if mark.feature.kind not in HOLES:
            continue
        x, y = _at(mark.feature, view)
        words = str(mark.number)
        gap = _radius(mark.feature, view, pen) + 2 * pen
        box = room.take_best(boxes_beside(x, y, gap, text_width(words, size), size), allowed=0.0)
        if box is not None:
            style = f"font-size: {size:.1f}px"
            yield label(words, box.left, box.bottom - 0.15 * size, class_="mark-number", style=style)
