"""How large an SVG drawing is: width and height with units, view box, pixels per inch of its program."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from manyworks.files.sheets.drawing import Drawing
from manyworks.files.sheets.svg_shapes import Matrix
from manyworks.files.sources import Source
from manyworks.model import warning

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# CSS Values and Units: absolute lengths in mm.
_MM = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72, "pc": 25.4 / 6, "q": 0.25}
_LENGTH = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*([a-z%]*)\s*", re.IGNORECASE)
_INKSCAPE_VERSION = "{http://www.inkscape.org/namespaces/inkscape}version"
_INCH_MM = 25.4


def settle_size(root: Element, source: Source, drawing: Drawing) -> Matrix:
    """Set the drawing's unit and return the matrix from its coordinates to that unit, y upwards.

    Where width or height have a true unit the drawing comes out in mm; else in pixels, with the pixels per
    inch of the program that wrote it: 72 for Illustrator, 90 for Inkscape before 0.92, else 96 (CSS).
    """
    width, height = _length(root.get("width")), _length(root.get("height"))
    box = _view_box(root.get("viewBox"))
    per_inch, program = _pixels_per_inch(root, source.data)
    drawing.program = program
    true = [one for one in (width, height) if one is not None and one[1] in _MM]
    pixel = _INCH_MM / per_inch
    if true:
        drawing.unit, drawing.scale, drawing.unit_source = true[0][1], 1.0, "stated"
        scales = _to_mm(width, height, box, pixel)
    else:
        drawing.unit, drawing.scale = "px", 1.0
        drawing.unit_source = f"guessed: {per_inch:g} pixels per inch, as {program or 'CSS'} draws"
        scales = _to_mm(width, height, box, pixel)
        text = f"the size is stated in pixels only; {per_inch:g} per inch are taken ({program or 'CSS'})"
        hint = "set the document's size in mm and save it again"
        drawing.findings.append(warning("files.sheet.unit-guessed", source.name, text, hint))
    x0, y0 = (box[0], box[1]) if box else (0.0, 0.0)
    return (scales[0], 0.0, 0.0, -scales[1], -x0 * scales[0], y0 * scales[1])


def _length(text: str | None) -> tuple[float, str] | None:
    match = _LENGTH.fullmatch(text[:50]) if text else None
    if match is None or match[2] == "%" or not 0 < float(match[1]) < 1e9:
        return None
    return float(match[1]), match[2].lower() or "px"


def _view_box(text: str | None) -> tuple[float, float, float, float] | None:
    parts = (text or "")[:200].replace(",", " ").split()
    try:
        x, y, width, height = map(float, parts)
    except ValueError:
        return None
    good = all(abs(v) < 1e9 for v in (x, y, width, height)) and width > 0 and height > 0
    return (x, y, width, height) if good else None


def _to_mm(
    width: tuple[float, str] | None,
    height: tuple[float, str] | None,
    box: tuple[float, float, float, float] | None,
    pixel: float,
) -> tuple[float, float]:
    """Mm per coordinate along x and y; both the same unless the file wants it stretched."""
    if box is None:
        return pixel, pixel
    across = _in_mm(width, pixel) / box[2] if width else None
    along = _in_mm(height, pixel) / box[3] if height else None
    if across is None and along is None:
        return pixel, pixel
    # The view box is fitted whole unless told otherwise: the smaller scale holds for both.
    least = min(one for one in (across, along) if one is not None)
    return least, least


def _in_mm(length: tuple[float, str], pixel: float) -> float:
    return length[0] * _MM.get(length[1], pixel)


def _pixels_per_inch(root: Element, data: bytes) -> tuple[float, str]:
    version = root.get(_INKSCAPE_VERSION, "")
    match = re.match(r"0\.(\d+)", version)
    if match:
        return (90.0 if int(match[1][:2]) < 92 else 96.0), f"Inkscape 0.{match[1]}"
    if version:
        return 96.0, "Inkscape"
    if b"Illustrator" in data[:4000]:
        return 72.0, "Illustrator"
    if b"boxes.py" in data[:4000].lower():
        return 96.0, "Boxes.py"
    return 96.0, ""
