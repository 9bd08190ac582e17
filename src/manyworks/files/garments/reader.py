"""Sewing patterns, panel JSON or DXF of the clothing industry -> `GarmentDesign`."""

from __future__ import annotations

import re

from manyworks.files.pieces import DesignFile
from manyworks.files.sources import Source
from manyworks.model import Finding, GarmentDesign, error
from manyworks.model.findings import errors

_PIECE = re.compile(rb"piece[ _]?name[ \t]*:|(?:ansi/)?\baama\b|astm[^\r\n]{0,20}d[ -]?6673", re.IGNORECASE)


def is_garment(source: Source) -> bool:
    """Whether a file is a sewing pattern, by its content: panel JSON, or a DXF that names pattern pieces."""
    from manyworks.files.garments.panels import parse_panels

    head = source.data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"{"):
        return parse_panels(source.data) is not None
    from manyworks.files.sheets.dxf import looks_like_dxf

    return _PIECE.search(source.data) is not None and looks_like_dxf(source.data)


def read_garment(source: Source) -> tuple[DesignFile[GarmentDesign] | None, tuple[Finding, ...]]:
    """Read a sewing pattern: panel JSON, or DXF after AAMA or ASTM D6673.

    Returns
    -------
    The design in mm and mm2, with role ``garment``; None exactly where a finding is an error.
    """
    from manyworks.files.garments.panels import parse_panels, read_panels
    from manyworks.files.garments.patterns import build_garment

    findings: list[Finding] = []
    document = parse_panels(source.data)
    if document is not None:
        pattern = read_panels(source, document, findings)
    else:
        from manyworks.files.garments.aama import read_pieces

        pattern = read_pieces(source, findings)
    if pattern is None and not errors(findings):
        text = "this is no sewing pattern: neither panels in JSON nor pieces after AAMA or ASTM in DXF"
        findings.append(error("files.garment.unknown", source.name, text))
    if pattern is None or errors(findings):
        return None, tuple(findings)
    design = build_garment(pattern, source.name, findings)
    return DesignFile(design=design, sources=(source,), role="garment"), tuple(findings)
