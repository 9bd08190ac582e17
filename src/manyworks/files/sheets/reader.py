"""A drawing for a cutter, DXF or SVG -> `SheetDesign`."""

from __future__ import annotations

from manyworks.files.pieces import DesignFile
from manyworks.files.sheets.drawing import Drawing
from manyworks.files.sources import Source
from manyworks.model import Finding, SheetDesign, error
from manyworks.model.findings import errors


def read_sheet(source: Source) -> tuple[DesignFile[SheetDesign] | None, tuple[Finding, ...]]:
    """Read a DXF or SVG drawing of flat parts.

    Layers, colours and kinds of line decide what is cut, engraved, folded or only a note, see
    ``data/sheets.toml``; what nothing tells is said in findings and in each layer's ``why``.

    Returns
    -------
    The design in mm and mm2, with role ``sheet``; None exactly where a finding is an error.
    """
    drawing = _read_drawing(source)
    if isinstance(drawing, list):
        return None, tuple(drawing)
    findings = drawing.findings
    design = _understand(drawing, source.name, findings)
    if design is None or errors(findings):
        return None, tuple(findings)
    return DesignFile(design=design, sources=(source,), role="sheet"), tuple(findings)


def _read_drawing(source: Source) -> Drawing | list[Finding]:
    from manyworks.files.sheets.dxf import looks_like_dxf, read_dxf
    from manyworks.files.sheets.svg import looks_like_svg, read_svg

    if looks_like_svg(source.data):
        return read_svg(source)
    if looks_like_dxf(source.data) or source.path.suffix.lower() == ".dxf":
        return read_dxf(source)
    text = "this is neither a DXF nor an SVG drawing"
    return [error("files.sheet.unknown", source.name, text, "export the drawing as DXF or SVG")]


def _understand(drawing: Drawing, where: str, findings: list[Finding]) -> SheetDesign | None:
    from manyworks.files.sheets.contours import build_contours
    from manyworks.files.sheets.design import build_design, say_left_out
    from manyworks.files.sheets.roles import settle_roles
    from manyworks.files.sheets.units import settle_unit
    from manyworks.files.sheets.views import settle_frames

    findings.extend(say_left_out(drawing, where))
    roles = settle_roles(drawing, where, findings)
    unit = settle_unit(drawing, where, findings)
    joined = build_contours(drawing, roles, unit, where, findings)
    if errors(findings):
        return None
    framed = settle_frames(joined.contours, drawing, where, findings)
    return build_design(drawing, roles, unit, joined, framed, where, findings)
