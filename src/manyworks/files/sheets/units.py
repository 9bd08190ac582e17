"""The unit of a drawing whose file does not say it: from its size, its header's hints, its round numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from manyworks.files.sheets.conventions import vocabulary
from manyworks.files.sheets.drawing import Drawing, Path, Point
from manyworks.model import Finding, warning
from manyworks.shapes.contour_sets import box_of

# Lengths looked at for round numbers.
_LOOKED_AT = 400
# A drawn length counts as round this near to a multiple of the step.
_ROUND = 2e-4
_METRIC = (("mm", 1.0), ("m", 1000.0), ("cm", 10.0))
_INCH = ("inch", 25.4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit, the mm in it, and how it is known."""

    name: str
    scale: float
    source: str


def settle_unit(drawing: Drawing, where: str, findings: list[Finding]) -> Unit:
    """The unit that the file states, or the likeliest; a guess is said aloud."""
    extent = _extent(drawing)
    if drawing.scale is not None:
        unit = Unit(name=drawing.unit, scale=drawing.scale, source=drawing.unit_source)
        findings.extend(_doubt(extent * unit.scale, unit, where))
        return unit
    name, scale, reason = _guess(drawing, extent)
    text = f"the file does not state its unit; {name} is taken ({reason}): {extent * scale:,.1f} mm across"
    hint = "set the drawing's unit and save it again if that is wrong"
    findings.append(warning("files.sheet.unit-guessed", where, text, hint))
    return Unit(name=name, scale=scale, source=f"guessed from {reason}")


def _doubt(across: float, unit: Unit, where: str) -> list[Finding]:
    bounds = vocabulary()["units"]
    if 0 < across < bounds["smallest_mm"] or across > bounds["largest_mm"]:
        text = f"by its {unit.source} the drawing is in {unit.name}, so {across:,.3g} mm across"
        hint = "check the drawing's unit: this is no usual size"
        return [warning("files.sheet.unit-doubtful", where, text, hint)]
    return []


def _extent(drawing: Drawing) -> float:
    corners = [corner for stroke in drawing.strokes for corner in _corners(stroke.points)]
    if not corners:
        return 0.0
    x0, y0, x1, y1 = box_of(corners)
    return max(x1 - x0, y1 - y0)


def _corners(points: Path) -> tuple[Point, Point]:
    x0, y0, x1, y1 = box_of(points)
    return (x0, y0), (x1, y1)


def _guess(drawing: Drawing, extent: float) -> tuple[str, float, str]:
    bounds = vocabulary()["units"]
    if _rounder_in_inches(drawing) and not drawing.metric and extent * _INCH[1] <= bounds["largest_mm"]:
        return *_INCH, "size and lengths that are round in inches"
    for name, scale in _METRIC if extent < bounds["smallest_mm"] else _METRIC[:1]:
        if extent * scale >= bounds["smallest_mm"]:
            hint = " and the header's hint of metric units" if drawing.metric else ""
            return name, scale, f"size{hint}"
    return "mm", 1.0, "size"


def _rounder_in_inches(drawing: Drawing) -> bool:
    """Whether more lengths are whole 32nds of an inch, or tenths of one, than halves of a millimetre."""
    lengths = list(islice(_lengths(drawing), _LOOKED_AT))
    inches = sum(1 for v in lengths if (_is_round(v, 1 / 32) or _is_round(v, 0.05)) and not _is_round(v, 0.5))
    metric = sum(1 for v in lengths if _is_round(v, 0.1) and not _is_round(v, 0.25))
    return inches > 2 * metric and inches * 3 > len(lengths)


def _lengths(drawing: Drawing) -> Iterator[float]:
    for stroke in drawing.strokes:
        if stroke.diameter is not None:
            yield stroke.diameter
        elif len(stroke.points) <= 20:
            yield from (d for d in (math.dist(a, b) for a, b in pairwise(stroke.points)) if d > 0)


def _is_round(value: float, step: float) -> bool:
    return abs(value / step - round(value / step)) * step <= _ROUND
