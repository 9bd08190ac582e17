"""DXF of the clothing industry (ANSI/AAMA-292, ASTM D6673): one block for each pattern piece."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from manyworks.files.garments.limits import (
    COORDINATE,
    COPIES,
    EDGES,
    FINDINGS_PER_KIND,
    NAME_CHARACTERS,
    PANELS,
)
from manyworks.files.garments.patterns import Path, Pattern, PatternPiece, Point
from manyworks.files.garments.pieces import PieceLines, make_piece
from manyworks.files.garments.vocabulary import text_kinds, vocabulary
from manyworks.files.sheets.drawing import TooMuchError, finite
from manyworks.files.sheets.dxf import open_dxf, unit_of
from manyworks.files.sheets.dxf_blocks import count_ahead, each_drawn
from manyworks.files.sheets.dxf_entities import NotALineError, lines_of, text_of
from manyworks.files.sources import Source
from manyworks.model import Finding, error, info, warning
from manyworks.shapes.contour_sets import box_of

if TYPE_CHECKING:
    from ezdxf.document import Drawing as Document

_KEYED = re.compile(r"\s*([^:]{2,40}?)\s*:\s*(.*?)\s*", re.DOTALL)
_NUMBERS = re.compile(r"\d+")
# Two sew lines of a piece are one seam's; a seam joins two edges.
_EDGES_OF_A_SEAM = 2.0
# What the text "Units" says: ASTM D6673 knows METRIC (millimetres) and ENGLISH (inches).
_WORDS = {
    "metric": ("mm", 1.0),
    "mm": ("mm", 1.0),
    "cm": ("cm", 10.0),
    "english": ("inch", 25.4),
    "inch": ("inch", 25.4),
    "inches": ("inch", 25.4),
}
_LAYER_ROLES = {
    "boundary": "boundary",
    "mirror line": "mirror",
    "grain line": "grain",
    "cut-outs": "cut_outs",
    "sew lines": "sewing",
    "notches": "notches",
}


@dataclass(slots=True, kw_only=True)
class _Block:
    """What one block draws, by the meaning of its layers; lengths in the file's unit."""

    name: str
    lines: dict[str, list[Path]] = field(default_factory=dict)
    points: Counter[str] = field(default_factory=Counter)
    texts: dict[str, str] = field(default_factory=dict)
    unused: Counter[str] = field(default_factory=Counter)


def read_pieces(source: Source, findings: list[Finding]) -> Pattern | None:
    """The pattern of a DXF file after AAMA or ASTM; None with an error where it holds no pieces."""
    document, found = open_dxf(source)
    findings.extend(found)
    if document is None:
        return None
    try:
        blocks = _blocks(document)
        style = _take("", document.modelspace(), document, texts_only=True).texts
    except TooMuchError as trouble:
        text = f"the pattern holds {trouble}"
        findings.append(error("files.garment.too-much", source.name, text, "simplify it"))
        return None
    except Exception as trouble:
        text = f"the DXF file contradicts itself: {str(trouble)[:200] or type(trouble).__name__}"
        findings.append(error("files.garment.malformed", source.name, text, "export the pattern again"))
        return None
    pieces = [one for one in blocks if one.lines.get("boundary")]
    if not 0 < len(pieces) <= PANELS:
        text = f"{len(pieces)} pattern pieces (blocks with a boundary on layer 1); 1 to {PANELS} are read"
        findings.append(error("files.garment.no-pieces", source.name, text, "export as AAMA or ASTM DXF"))
        return None
    return _pattern(pieces, style, unit_of(document, source.data), source.name, findings)


def _blocks(document: Document) -> list[_Block]:
    """The blocks that are placed in the drawing, or all of them where none is."""
    placed = [one.dxf.get("name", "") for one in document.modelspace().query("INSERT")]
    names = list(dict.fromkeys(placed)) or [b.name for b in document.blocks if not b.name.startswith("*")]
    found = []
    for name in names[: 10 * PANELS]:
        block = document.blocks.get(name)
        if block is not None:
            found.append(_take(name, block, document))
    if not any(one.lines.get("boundary") for one in found):
        found = _loose_pieces(_take("", document.modelspace(), document))
    return found


def _loose_pieces(page: _Block) -> list[_Block]:
    """Pieces drawn without blocks: every boundary is one, and the texts cannot be told apart."""
    boundaries = page.lines.get("boundary", [])
    return [_Block(name=f"piece {n + 1}", lines={"boundary": [line]}) for n, line in enumerate(boundaries)]


def _take(name: str, things: Iterable[Any], document: Document, *, texts_only: bool = False) -> _Block:
    from manyworks.files.sheets.drawing import Drawing

    block = _Block(name=name)
    kept = [one for one in things if not (texts_only and one.dxftype() == "INSERT")]
    count_ahead(document, kept)
    for drawn in each_drawn(document, kept, Drawing(kind="dxf")):
        text = text_of(drawn.entity)
        if text is not None:
            _take_text(text, block)
            continue
        role = _role(drawn.layer)
        if drawn.entity.dxftype() == "POINT":
            block.points[role] += 1
        elif not texts_only:
            _take_lines(drawn.entity, role, block)
    return block


def _role(layer: str) -> str:
    number = layer.strip().removeprefix("L").removeprefix("l").lstrip("0")
    meaning = vocabulary()["layers"].get(number, "")
    return _LAYER_ROLES.get(meaning, meaning or f"layer {layer[:40]}")


def _take_lines(entity: Any, role: str, block: _Block) -> None:
    try:
        lines = [points for points, _ in lines_of(entity) if len(points) > 1 and finite(points, COORDINATE)]
    except NotALineError:
        lines = []
    if not lines or role not in _LAYER_ROLES.values():
        block.unused[role] += 1
    kept = block.lines.setdefault(role, [])
    kept.extend(lines)
    if len(kept) > EDGES:
        raise TooMuchError(f"more than {EDGES:,} lines of one kind")


def _take_text(text: str, block: _Block) -> None:
    match = _KEYED.fullmatch(text[:500])
    kind = text_kinds().get(match[1].casefold().strip()) if match else None
    if match and kind and match[2]:
        block.texts.setdefault(kind, match[2][:NAME_CHARACTERS])


def _pattern(
    blocks: Sequence[_Block],
    style: dict[str, str],
    header: tuple[str, float] | None,
    where: str,
    findings: list[Finding],
) -> Pattern | None:
    size, chosen = _one_size(blocks, style, where, findings)
    scale, unit, unit_source = _unit(chosen, style, header, where, findings)
    made = []
    for block in chosen:
        lines = {role: [_scaled(line, scale) for line in some] for role, some in block.lines.items()}
        count, flipped = _quantity(block, where, findings)
        given = PieceLines(
            name=block.texts.get("name", block.name)[:NAME_CHARACTERS],
            boundary=lines.get("boundary", []),
            mirror=lines.get("mirror", []),
            grain=lines.get("grain", []),
            cut_outs=lines.get("cut_outs", []),
            sewing=lines.get("sewing", []),
            notches=block.points["notches"] + len(lines.get("notches", [])),
            pieces=count + flipped,
            fabric=block.texts.get("fabric", ""),
        )
        piece = make_piece(given, where, findings)
        if piece is not None:
            made.append(piece)
    findings.extend(_say_unused(chosen, where))
    if not made:
        return None
    return _sewn(
        [piece for piece, _ in made], [seam for _, seam in made], size, unit, unit_source, where, findings
    )


def _sewn(
    pieces: Sequence[PatternPiece],
    sewing: Sequence[tuple[float, float | None]],
    size: str,
    unit: str,
    unit_source: str,
    where: str,
    findings: list[Finding],
) -> Pattern:
    """The file does not say which edges meet: half of all edges is the length of the seams, about."""
    total = sum(length * piece.pieces for piece, (length, _) in zip(pieces, sewing, strict=True))
    allowances = [one for _, one in sewing if one is not None]
    text = "the file does not say which edges are sewn together: seams are half of all edges, hems too"
    findings.append(info("files.garment.seams", where, text))
    allowance = sorted(allowances)[len(allowances) // 2] if allowances else None
    if allowance is None:
        text = "no sew lines: the outlines are taken as they are cut, with whatever allowance they hold"
        findings.append(info("files.garment.allowance", where, text, "draw sew lines (layer 14)"))
    return Pattern(
        pieces=tuple(pieces),
        seams=(),
        seam_mm=total / _EDGES_OF_A_SEAM,
        hem_mm=0.0,
        unit=unit,
        unit_source=unit_source,
        size_name=size,
        allowance_mm=allowance,
    )


def _scaled(line: Path, scale: float) -> Path:
    return [(x * scale, y * scale) for x, y in line]


def _one_size(
    blocks: Sequence[_Block], style: dict[str, str], where: str, findings: list[Finding]
) -> tuple[str, list[_Block]]:
    """The blocks of one size: the sample size where the file has several."""
    sizes = Counter(block.texts["size"] for block in blocks if "size" in block.texts)
    sample = style.get("sample_size", "")
    if len(sizes) < 2:
        return next(iter(sizes), sample), list(blocks)
    size = sample if sample in sizes else sorted(sizes, key=lambda one: -sizes[one])[0]
    others = ", ".join(one for one in sizes if one != size)[:200]
    reason = "the sample size" if size == sample else "the first with most pieces"
    text = f"{len(sizes)} sizes: {size!r} is taken, {reason}; not {others}"
    findings.append(warning("files.garment.sizes", where, text, "one file for the size that is wanted"))
    return size, [block for block in blocks if block.texts.get("size", size) == size]


def _unit(
    blocks: Sequence[_Block],
    style: dict[str, str],
    header: tuple[str, float] | None,
    where: str,
    findings: list[Finding],
) -> tuple[float, str, str]:
    """Mm per unit, its name, and how it is known: a text ``Units``, the DXF header, or the largest piece."""
    bounds = vocabulary()["units"]
    stated = style.get("units") or next((b.texts["units"] for b in blocks if "units" in b.texts), "")
    word = stated.casefold().strip()
    largest = max(_extent(block) for block in blocks)
    unit, source = (_WORDS[word], f"stated ({stated})") if word in _WORDS else (header, "header")
    if unit is None:
        return _guess_unit(largest, where, findings)
    name, scale = unit
    if word == "metric" and largest < bounds["smallest_mm"] <= largest * 10:
        text = f"units are metric, but as mm the largest piece is {largest:,.0f} mm: cm are taken"
        findings.append(warning("files.garment.unit", where, text, "check the size of a piece"))
        return 10.0, "cm", "guessed from size"
    return scale, name, source


def _guess_unit(largest: float, where: str, findings: list[Finding]) -> tuple[float, str, str]:
    bounds = vocabulary()["units"]
    options = (("mm", 1.0), ("inch", 25.4), ("cm", 10.0), ("m", 1000.0))
    fitting = (
        one for one in options if 2 * bounds["smallest_mm"] <= largest * one[1] <= bounds["largest_mm"]
    )
    name, scale = next(fitting, options[0])
    text = f"the unit is not stated; {name} is taken: the largest piece is {largest * scale:,.0f} mm"
    hint = "write a text 'Units: METRIC' or 'Units: ENGLISH'"
    findings.append(warning("files.garment.unit", where, text, hint))
    return scale, name, "guessed from size"


def _extent(block: _Block) -> float:
    points: list[Point] = [point for line in block.lines.get("boundary", ()) for point in line]
    x0, y0, x1, y1 = box_of(points)
    return max(x1 - x0, y1 - y0)


def _quantity(block: _Block, where: str, findings: list[Finding]) -> tuple[int, int]:
    """Pieces as drawn and flipped ones: ``2``, or ``1,1`` (one and its mirror image)."""
    text = block.texts.get("quantity", "")
    numbers = [int(n[:6]) for n in _NUMBERS.findall(text)[:2]]
    if not numbers or not 0 < sum(numbers) <= COPIES:
        if text:
            said = (
                f"the quantity {text[:40]!r} of piece {block.name[:40]!r} is no number of pieces; 1 is taken"
            )
            findings.append(warning("files.garment.quantity", where, said))
        return 1, 0
    return numbers[0], numbers[1] if len(numbers) > 1 else 0


def _say_unused(blocks: Sequence[_Block], where: str) -> Iterator[Finding]:
    unused: Counter[str] = Counter()
    for block in blocks:
        unused.update(block.unused)
    for role, count in unused.most_common(FINDINGS_PER_KIND):
        yield info("files.garment.left-out", where, f"{count} things not used: {role}")
    if len(unused) > FINDINGS_PER_KIND:
        yield info(
            "files.garment.left-out", where, f"{len(unused) - FINDINGS_PER_KIND} further kinds not used"
        )
