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


@dataclass(frozen=True, slots=True)
class SolidMark:
    """A feature and the number it has in the table beside the picture."""

    number: int
    feature: Feature


def draw_view(view: View, marks: Sequence[SolidMark]) -> str:
    """One view: the picture, holes as circles, thin walls, undercuts and sharp corners as signs."""
    shown = [mark for mark in marks if _is_seen(mark.feature, view)][:MOST_MARKS]
    picture = element(
        "image",
        href=f"data:image/png;base64,{view.png_base64}",
        width=view.width,
        height=view.height,
    )
    numbers = _numbers(shown, view) if len(shown) <= MOST_NUMBERS else iter(())
    caption = label(view.name, view.width / 2, view.height + 16, class_="tick middle")
    return drawing(
        view.width,
        view.height + _CAPTION,
        f"{view.name} view",
        picture,
        *(_mark(mark, view) for mark in shown),
        *numbers,
        caption,
        class_="solid-drawing",
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


def _mark(mark: SolidMark, view: View) -> str:
    feature = mark.feature
    x, y = _at(feature, view)
    words = tooltip(describe(feature))
    if feature.kind in HOLES:
        radius = max((feature.diameter_mm or 1.0) / 2 / view.mm_per_pixel, 2.5)
        return element("g", words, element("circle", cx=x, cy=y, r=radius + 1.5), class_="mark-hole")
    if feature.kind == "thin wall":
        return element(
            "g", words, element("path", d=f"M{x:.1f} {y - 5:.1f}l5 5l-5 5l-5 -5Z"), class_="mark-thin"
        )
    if feature.kind in ("undercut", "overhang"):
        return element(
            "g", words, element("path", d=f"M{x:.1f} {y - 5:.1f}l5 9l-10 0Z"), class_="mark-undercut"
        )
    return element(
        "g", words, element("path", d=f"M{x - 3:.1f} {y:.1f}h6M{x:.1f} {y - 3:.1f}v6"), class_="mark-corner"
    )


def describe(feature: Feature) -> str:
    """A feature in a few words: ``through hole, 3.2 mm, 5 mm deep``."""
    sizes = (
        ("", feature.diameter_mm, " mm"),
        ("", feature.width_mm, " mm wide"),
        ("", feature.depth_mm, " mm deep"),
        ("radius ", feature.radius_mm, " mm"),
    )
    told = [f"{before}{value:.3g}{after}" for before, value, after in sizes if value is not None]
    return ", ".join([feature.kind, *told, *([feature.thread] if feature.thread else [])])


def _numbers(marks: Sequence[SolidMark], view: View) -> Iterator[str]:
    for mark in marks:
        if mark.feature.kind in HOLES:
            x, y = _at(mark.feature, view)
            radius = max((mark.feature.diameter_mm or 1.0) / 2 / view.mm_per_pixel, 2.5)
            yield label(str(mark.number), x + radius + 2, y - radius, class_="mark-number")
