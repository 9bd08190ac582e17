"""DXF drawings: any text or binary DXF from R12 on, whole or damaged -> lines, texts, layers, unit."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from manyworks.files.sheets.drawing import Drawing, Stroke, TooMuchError, finite, layer_name
from manyworks.files.sheets.dxf_blocks import Drawn, count_ahead, each_drawn
from manyworks.files.sheets.dxf_entities import NotALineError, chords_for, lines_of, text_of
from manyworks.files.sheets.limits import COORDINATE, DRAWING_BYTES, PATHS
from manyworks.files.sources import Source, decode
from manyworks.model import Finding, error, info, warning

if TYPE_CHECKING:
    from ezdxf.document import Drawing as Document

BINARY_MARK = b"AutoCAD Binary DXF\r\n\x1a\x00"
# Units of $INSUNITS: name and mm (AutoCAD DXF reference, header variables).
_UNITS = {
    1: ("inch", 25.4),
    2: ("foot", 304.8),
    3: ("mile", 1_609_344.0),
    4: ("mm", 1.0),
    5: ("cm", 10.0),
    6: ("m", 1_000.0),
    7: ("km", 1_000_000.0),
    8: ("microinch", 25.4e-6),
    9: ("mil", 0.0254),
    10: ("yard", 914.4),
    13: ("micrometre", 0.001),
    14: ("dm", 100.0),
}
_WORDS = re.compile(rb"(?:^|\n)[ \t]*0[ \t]*\r?\n[ \t]*(BLOCK|ENDBLK|INSERT)[ \t]*\r?(?=\n)")
_NAME = re.compile(rb"\n[ \t]*2[ \t]*\r?\n([^\r\n]*)")


def looks_like_dxf(data: bytes) -> bool:
    """Whether bytes begin as a DXF file does."""
    if data.startswith(BINARY_MARK):
        return True
    head = decode(data[:4000])[0].lstrip("\ufeff")
    lines = [line.strip() for line in head.splitlines()[:60]]
    tags = list(zip(lines[::2], lines[1::2], strict=False))
    return any(tag == ("0", "SECTION") for tag in tags) and all(
        code.lstrip("-").isdecimal() for code, _ in tags if code
    )


def open_dxf(source: Source) -> tuple[Document | None, list[Finding]]:
    """The document of a DXF file; repaired where it is damaged, with a finding.

    None with an error where it is no DXF, too large, or its blocks refer to each other without end.
    """
    refused = _refusal(source)
    if refused is not None:
        return None, [refused]
    logging.getLogger("ezdxf").addHandler(logging.NullHandler())  # its warnings become findings here
    from ezdxf.document import Drawing as Document

    try:
        if source.data.startswith(BINARY_MARK):
            from ezdxf.lldxf.tagger import binary_tags_loader

            return Document.load(binary_tags_loader(source.data)), []
        return Document.read(io.StringIO(decode(source.data)[0], newline=None)), []
    except Exception as trouble:  # the parser raises whatever a damaged file makes it stumble over
        return _repair(source, str(trouble))


def _refusal(source: Source) -> Finding | None:
    if len(source.data) > DRAWING_BYTES:
        text = f"the drawing has {len(source.data):,} bytes; at most {DRAWING_BYTES:,} are read"
        return error("files.sheet.too-large", source.name, text, "remove what is not to be cut")
    if not looks_like_dxf(source.data):
        text = "a DXF file was expected: sections of group codes and values"
        return error("files.sheet.not-dxf", source.name, text, "export the drawing again as DXF")
    if _blocks_endless(source.data):
        text = "its blocks hold each other so often, or in a circle, that it cannot be drawn"
        return error("files.sheet.too-much", source.name, text, "explode the blocks and save it again")
    return None


def _repair(source: Source, reason: str) -> tuple[Document | None, list[Finding]]:
    from ezdxf import recover

    try:
        document, auditor = recover.read(io.BytesIO(source.data))
    except Exception as trouble:
        text = f"the DXF file is damaged beyond repair: {str(trouble)[:200] or reason[:200]}"
        return None, [error("files.sheet.malformed", source.name, text, "export the drawing again")]
    count = len(auditor.errors) + len(auditor.fixes)
    text = f"the DXF file is damaged ({reason[:150]}); read with {count} repairs"
    return document, [warning("files.sheet.repaired", source.name, text, "compare the picture")]


def _blocks_endless(data: bytes) -> bool:
    """Whether following blocks into blocks takes too many steps, or never ends."""
    inside: dict[bytes, set[bytes]] = {}
    block = b""
    for match in _WORDS.finditer(data):
        name = _NAME.search(data, match.end(), match.end() + 2_000)
        if match[1] == b"ENDBLK":
            block = b""
        elif match[1] == b"BLOCK":
            block = name[1].strip().lower() if name else b""
            inside.setdefault(block, set())
        elif block and name:
            inside[block].add(name[1].strip().lower())
    return _endless(inside)


def _endless(inside: dict[bytes, set[bytes]]) -> bool:
    ways: dict[bytes, int] = {}
    for root, first in inside.items():
        stack = [(root, iter(first))]
        open_ones = {root}
        while stack:
            name, children = stack[-1]
            child = next((c for c in children if c in inside and c not in ways), None)
            if child is None:
                ways[name] = 1 + sum(ways.get(c, 0) for c in inside[name])
                open_ones.discard(name)
                stack.pop()
            elif child in open_ones:
                return True
            else:
                open_ones.add(child)
                stack.append((child, iter(inside[child])))
    return sum(ways.values()) > PATHS


def read_dxf(source: Source) -> Drawing | list[Finding]:
    """Everything that a DXF file draws, or why it cannot be read."""
    document, findings = open_dxf(source)
    if document is None:
        return findings
    drawing = Drawing(kind="dxf", findings=findings)
    _take_header(document, source.data, drawing)
    try:
        _take_layers(document, drawing)
        _draw(document, source.name, drawing)
    except TooMuchError as trouble:
        text = f"the drawing holds {trouble}"
        return [*findings, error("files.sheet.too-much", source.name, text, "simplify it")]
    except Exception as trouble:
        text = f"the DXF file contradicts itself: {str(trouble)[:200] or type(trouble).__name__}"
        return [*findings, error("files.sheet.malformed", source.name, text, "export the drawing again")]
    return drawing


def unit_of(document: Document, data: bytes) -> tuple[str, float] | None:
    """Name of a document's unit and mm in it; None where its file does not say.

    The parser makes up header variables that are missing, so the file itself is asked whether it has one.
    """
    return _UNITS.get(document.header.get("$INSUNITS", 0)) if b"$INSUNITS" in data else None


def _take_header(document: Document, data: bytes, drawing: Drawing) -> None:
    unit = unit_of(document, data)
    if unit is not None:
        (drawing.unit, drawing.scale), drawing.unit_source = unit, "header"
    measurement = document.header.get("$MEASUREMENT", None) if b"$MEASUREMENT" in data else None
    drawing.metric = bool(measurement) if measurement in (0, 1) else None
    drawing.program = document.acad_release or ""


def _take_layers(document: Document, drawing: Drawing) -> None:
    for layer in document.layers:
        name = layer_name(layer.dxf.name)
        if layer.is_frozen():
            drawing.hidden[name] = "frozen in the file"
        elif layer.is_off():
            drawing.hidden[name] = "switched off in the file"
        elif not layer.dxf.get("plot", 1):
            drawing.hidden[name] = "marked as not plotted in the file"


def _draw(document: Document, name: str, drawing: Drawing) -> None:
    space = list(document.modelspace())
    paper = [layout for layout in document.layouts if layout.name != "Model"]
    sheets = [(layout.name, _real(layout)) for layout in paper]
    if not _real(space) and any(things for _, things in sheets):
        title, space = next((title, things) for title, things in sheets if things)
        text = f"the model is empty; the drawing is taken from the paper sheet {title[:60]!r}"
        drawing.findings.append(warning("files.sheet.paper", name, text, "check the scale of that sheet"))
        sheets = [row for row in sheets if row[0] != title]
    for title, things in sheets:
        if things:
            text = f"{len(things)} things on the paper sheet {title[:60]!r} are not used, only the model is"
            drawing.findings.append(info("files.sheet.paper", name, text))
    _note_references(document, name, drawing)
    chords = chords_for(count_ahead(document, space))
    for drawn in each_drawn(document, space, drawing):
        _take(drawn, drawing, chords)


def _real(things: Iterable[Any]) -> list[Any]:
    return [one for one in things if one.dxftype() != "VIEWPORT"]


def _note_references(document: Document, name: str, drawing: Drawing) -> None:
    outer = [block.name for block in document.blocks if block.block is not None and block.block.is_xref]
    if outer:
        text = f"{len(outer)} other drawings are referred to and not read: {', '.join(outer[:5])[:200]}"
        hint = "bind them into the file before exporting it"
        drawing.findings.append(warning("files.sheet.reference", name, text, hint))


def _take(drawn: Drawn, drawing: Drawing, chords: int) -> None:
    entity = drawn.entity
    drawing.count(drawn.layer)
    text = text_of(entity)
    if text is not None:
        drawing.write(drawn.layer, text)
        drawing.leave_out(drawn.layer, entity.dxftype(), "text")
        return
    try:
        lines = list(_usable(lines_of(entity, chords)))
    except NotALineError as reason:
        drawing.leave_out(drawn.layer, entity.dxftype(), str(reason))
        return
    except TooMuchError:
        raise
    except Exception:
        drawing.leave_out(drawn.layer, entity.dxftype(), "its values make no sense")
        return
    if not lines:
        drawing.leave_out(drawn.layer, entity.dxftype(), "it has no length, or lies out of all bounds")
    for points, diameter in lines:
        stroke = Stroke(
            points=points, layer=drawn.layer, colour=drawn.colour, line=drawn.line, diameter=diameter
        )
        drawing.draw(stroke)


def _usable(
    lines: Iterable[tuple[list[tuple[float, float]], float | None]],
) -> Iterator[tuple[list[tuple[float, float]], float | None]]:
    for points, diameter in lines:
        if len(points) > 1 and finite(points, COORDINATE) and any(p != points[0] for p in points):
            yield points, diameter
