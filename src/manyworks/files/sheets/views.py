"""What frames the parts of a drawing: the stock's edge, drawing frames, and the same sheet drawn again."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from manyworks.files.sheets.contours import Contour
from manyworks.files.sheets.conventions import speaks_of_views, vocabulary
from manyworks.files.sheets.drawing import Drawing
from manyworks.files.sheets.limits import VIEW_CONTOURS
from manyworks.files.sheets.roles import is_machined
from manyworks.model import Finding, info, warning

Box: TypeAlias = tuple[float, float, float, float]

# Two lines at the same place on two drawings of a sheet, mm.
_SAME_MM = 0.5
# A rectangle fills its box.
_FILLS = 0.999
# Texts and dimensions that make a drawing one with a frame.
_FRAME_TEXTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Framed:
    """Contours left to be made, and the stock sheets drawn around them (least x, least y, greatest x, y)."""

    contours: tuple[Contour, ...]
    sheets: tuple[Box, ...]


def settle_frames(
    contours: Sequence[Contour], drawing: Drawing, where: str, findings: list[Finding]
) -> Framed:
    """Take frames and stock edges out of the parts, and second drawings of one sheet."""
    rest = _without_frames(contours, drawing, where, findings)
    rest = _with_stock(rest, where, findings)
    outlines = [one for one in rest if one.role == "sheet" and one.closed]
    sheets = tuple(one.box for one in outlines if _is_rectangle(one))
    machined = [one for one in rest if is_machined(one.role)]
    if len(sheets) > 1 and len(machined) <= VIEW_CONTOURS:
        machined = _seen_once(machined, sheets, drawing, where, findings)
    return Framed(contours=tuple(machined), sheets=sheets)


def _is_rectangle(one: Contour) -> bool:
    x0, y0, x1, y1 = one.box
    return one.closed and one.area >= _FILLS * (x1 - x0) * (y1 - y0) > 0


def _holds(a: Box, b: Box) -> bool:
    return a[0] <= b[0] and a[1] <= b[1] and b[2] <= a[2] and b[3] <= a[3]


def _sides(one: Contour) -> tuple[float, float]:
    x0, y0, x1, y1 = one.box
    short, long = sorted((x1 - x0, y1 - y0))
    return short, long


def _around(contours: Sequence[Contour]) -> list[Contour]:
    """Rectangles that are cut and hold at least two other cut contours, the largest first."""
    cuts = [one for one in contours if one.role == "cut" and one.closed]
    boxes = [one.box for one in cuts]
    largest = sorted((one for one in cuts if _is_rectangle(one)), key=lambda one: -one.area)[:20]
    # Each holds itself too.
    held = [(one, sum(_holds(here, box) for box in boxes)) for one in largest for here in (one.box,)]
    return [one for one, count in held if count > 2]


def _without_frames(
    contours: Sequence[Contour], drawing: Drawing, where: str, findings: list[Finding]
) -> list[Contour]:
    """Rectangles of a paper's size around everything, in a drawing with texts, are frames."""
    notes = sum(1 for (_, _, reason), _ in drawing.left_out.items() if "dimension" in reason)
    if len(drawing.texts) + notes < _FRAME_TEXTS:
        return list(contours)
    frames = [one for one in _around(contours) if _is_paper(*_sides(one))]
    for one in frames:
        short, long = _sides(one)
        text = f"a rectangle of {short:.0f} x {long:.0f} mm is taken for the drawing's frame and not cut"
        findings.append(warning("files.sheet.frame", where, text, "put it on a layer named 'frame'"))
    return [one for one in contours if one not in frames]


def _is_paper(short: float, long: float) -> bool:
    paper = vocabulary()["paper"]
    return any(
        0 <= width - short <= 2 * paper["margin"] and 0 <= height - long <= 2 * paper["margin"]
        for width, height in paper["sizes"]
    )


def _with_stock(contours: list[Contour], where: str, findings: list[Finding]) -> list[Contour]:
    """A rectangle of a stock size around parts that have openings themselves is the sheet, not a part."""
    if any(one.role == "sheet" for one in contours):
        return contours
    found = [one for one in _around(contours) if _is_stock(*_sides(one)) and _parts_within(one, contours)]
    for one in found:
        short, long = _sides(one)
        text = (
            f"a rectangle of {short:.0f} x {long:.0f} mm is taken for the stock sheet's edge, not for a part"
        )
        findings.append(warning("files.sheet.stock-edge", where, text, "put it on a layer named 'sheet'"))
    return [replace(one, role="sheet") if one in found else one for one in contours]


def _is_stock(short: float, long: float) -> bool:
    return any(
        abs(short - width) <= 1.0 + width * 0.002 and abs(long - length) <= 1.0 + length * 0.002
        for width, length in (row["size_mm"] for row in vocabulary()["stock"])
    )


def _parts_within(sheet: Contour, contours: Iterable[Contour]) -> bool:
    inner = [
        one
        for one in contours
        if one is not sheet and one.role == "cut" and one.closed and _holds(sheet.box, one.box)
    ]
    largest = sorted(inner, key=lambda one: -one.area)[:50]
    return any(_holds(a.box, b.box) for a in largest for b in inner if b is not a)


def _seen_once(
    contours: list[Contour],
    sheets: Sequence[Box],
    drawing: Drawing,
    where: str,
    findings: list[Finding],
) -> list[Contour]:
    """Drop what is drawn again at the same place of a further drawing of the same sheet."""
    repeated = _repeated(contours, sheets)
    if not repeated:
        return contours
    if not speaks_of_views(text for _, text in drawing.texts):
        text = f"{len(repeated)} of {len(contours)} contours lie at the same place on {len(sheets)} sheets"
        hint = "if these are views of one sheet, keep one; they are counted as so many sheets"
        findings.append(warning("files.sheet.repeated", where, text, hint))
        return contours
    text = (
        f"{len(sheets)} drawings of one sheet (faces): {len(repeated)} contours drawn again are counted once"
    )
    findings.append(info("files.sheet.views", where, text))
    return [one for k, one in enumerate(contours) if k not in repeated]


def _repeated(contours: Sequence[Contour], sheets: Sequence[Box]) -> set[int]:
    """Contours of a layer that lie where one of the same layer lies on an earlier sheet of the same size."""
    first = sheets[0]
    size = first[2] - first[0], first[3] - first[1]
    alike = [box for box in sheets if math.dist((box[2] - box[0], box[3] - box[1]), size) <= 2 * _SAME_MM]
    seen: dict[tuple[str, int, int], list[_Spot]] = {}
    repeated: set[int] = set()
    for box in alike:
        here = [(k, _spot(one, box)) for k, one in enumerate(contours) if _lies_in(one, box)]
        repeated.update(k for k, spot in here if _is_seen(seen, spot, size[0]))
        for _, spot in here:
            seen.setdefault((spot.layer, math.floor(spot.x), math.floor(spot.y)), []).append(spot)
    return repeated


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a contour lies on its sheet: the middle of its box."""

    x: float
    y: float
    length: float
    layer: str


def _spot(one: Contour, box: Box) -> _Spot:
    x, y = _middle(one)
    return _Spot(x - box[0], y - box[1], one.length, one.layer)


def _middle(one: Contour) -> tuple[float, float]:
    x0, y0, x1, y1 = one.box
    return (x0 + x1) / 2, (y0 + y1) / 2


def _lies_in(one: Contour, box: Box) -> bool:
    x, y = _middle(one)
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _is_seen(seen: dict[tuple[str, int, int], list[_Spot]], spot: _Spot, width: float) -> bool:
    """At the same place, or mirrored, as the reverse face shows it."""
    for at in (spot.x, width - spot.x):
        cells = [(math.floor(at) + i, math.floor(spot.y) + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
        others = (other for cell in cells for other in seen.get((spot.layer, *cell), ()))
        if any(
            math.dist((other.x, other.y, other.length), (at, spot.y, spot.length)) <= _SAME_MM
            for other in others
        ):
            return True
    return False
