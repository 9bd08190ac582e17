"""KiCad boards of the text format before 2013 (``PCBNEW-BOARD``), versions 1 and 2."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from manyworks.files.boards.contours import Path
from manyworks.files.boards.copper import Strokes
from manyworks.files.boards.elements import BoardElements, BoardFile, Hole
from manyworks.files.boards.legacy_layers import EDGE, Layers, Nets, read_layers, read_nets, read_unit
from manyworks.files.boards.legacy_modules import DrawingReader, ModuleReader
from manyworks.files.boards.legacy_text import Block, LegacyError, read_blocks, split
from manyworks.files.boards.measures import measure_board
from manyworks.files.boards.outlines import settle_outline
from manyworks.files.boards.pads import round_pad
from manyworks.files.boards.sexpr import number
from manyworks.files.boards.stack import stated_or_usual
from manyworks.files.boards.trouble import Trouble, unless_errors
from manyworks.files.sources import Source, decode
from manyworks.model import Finding, error, info

_MAGIC = b"PCBNEW-BOARD"
_HEAD = 200
EDGE_NAME = "layer 28 (edges)"
_MICRO, _BLIND = "1", "2"
_KNOWN_WORDS = """
GENERAL SHEETDESCR SETUP EQUIPOT NCLASS MODULE DRAWSEGMENT TEXTPCB MIREPCB COTATION TRACK ZONE
CZONE_OUTLINE
"""
_KNOWN = frozenset(_KNOWN_WORDS.split())


def is_legacy(source: Source) -> bool:
    """Whether the content is a KiCad board of the text format before 2013."""
    return _MAGIC in source.data[:_HEAD]


def read_legacy(source: Source) -> tuple[BoardFile | None, tuple[Finding, ...]]:
    """Read a KiCad ``.brd``: version 1 counts in ten-thousandths of an inch, version 2 in mm.

    Returns
    -------
    The board, or None with at least one error finding; lengths in mm, areas in mm2.
    """
    findings: list[Finding] = []
    try:
        root = read_blocks(decode(source.data)[0])
    except LegacyError as trouble:
        text = f"not a KiCad board: {trouble}"
        return None, (error("files.board.malformed", f"{source.name}:{trouble.line}", text),)
    return unless_errors(_read(root, source, findings), findings)


def _label(block: Block) -> str:
    return f"${block.name} {block.head[:40]}".strip() + f", line {block.line}" if block.name else "the file"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawing:
    root: Block
    source: Source
    unit: float
    layers: Layers
    nets: Nets
    copper: Strokes
    trouble: Trouble[Block]


def _read(root: Block, source: Source, findings: list[Finding]) -> BoardFile | None:
    trouble: Trouble[Block] = Trouble(source.name, findings, _label)
    layers = trouble.attempt(read_layers, root, default=None)
    if layers is None:
        return None
    drawing = _Drawing(
        root=root,
        source=source,
        unit=trouble.attempt(read_unit, root, default=1.0),
        layers=layers,
        nets=trouble.attempt(read_nets, root, default=Nets()),
        copper=Strokes(),
        trouble=trouble,
    )
    elements = _elements(drawing)
    findings.extend(_unknown(root, source.name))
    trouble.close()
    return None if elements is None else measure_board(elements, findings)


def _elements(drawing: _Drawing) -> BoardElements | None:
    root, trouble = drawing.root, drawing.trouble
    modules = ModuleReader(layers=drawing.layers, unit=drawing.unit, copper=drawing.copper)
    footprints = tuple(trouble.gather(modules.read, root.inside("MODULE")))
    drawn = list(_drawings(drawing, modules))
    edges = (path for path, layer, _ in drawn if layer == EDGE)
    outline = settle_outline(edges, EDGE_NAME, drawing.source.name, trouble.findings)
    tracks, vias = _tracks(drawing)
    _pour(drawing)
    rules = list(trouble.gather(lambda block: _clearance(block, drawing.unit), root.inside("NCLASS")))
    counts = Counter(layer for _, layer, _ in drawn)
    _copper_drawings(counts, drawing)
    thickness = next(trouble.gather(lambda b: _thickness(b, drawing.unit), root.inside("GENERAL")), None)
    if outline is None:
        return None
    return BoardElements(
        source=drawing.source,
        layers=tuple(drawing.layers.rows(counts)),
        outline=outline,
        stack=stated_or_usual(thickness, drawing.source.name, trouble.findings),
        footprints=footprints,
        holes=tuple(vias),
        copper=drawing.copper,
        track_mm=min(tracks, default=None),
        rule_space_mm=min((rule for rule in rules if rule > 0), default=None),
    )


def _thickness(general: Block, unit: float) -> float | None:
    stated = general.row("BoardThickness")
    return round(number(stated[1]) * unit, 4) if len(stated) > 1 else None


def _clearance(group: Block, unit: float) -> float | None:
    stated = group.row("Clearance")
    return number(stated[1]) * unit if len(stated) > 1 else None


def _drawings(drawing: _Drawing, modules: ModuleReader) -> Iterator[tuple[Path, int, float]]:
    reader = DrawingReader(unit=drawing.unit)

    def placed(block: Block) -> list[tuple[Path, int, float]]:
        try:
            frame, _, _ = modules.frame(block)
        except (ValueError, IndexError):
            return []  # reported where modules are read
        return [(frame.place_all(path), layer, width) for path, layer, width in reader.of_module(block)]

    yield from drawing.trouble.gather(reader.segment, drawing.root.inside("DRAWSEGMENT"))
    for shapes in drawing.trouble.gather(placed, drawing.root.inside("MODULE")):
        yield from shapes


def _copper_drawings(counts: Counter[int], drawing: _Drawing) -> None:
    drawn = sum(count for layer, count in counts.items() if drawing.layers.place(layer) is not None)
    texts = 0
    for text in drawing.root.inside("TEXTPCB"):
        layer = text.row("De")[1:2]
        texts += bool(layer) and layer[0].isdecimal() and drawing.layers.place(int(layer[0][:4])) is not None
    if drawn or texts:
        message = f"on copper: {drawn} drawings and {texts} texts; spaces to them are not measured"
        drawing.trouble.findings.append(info("files.board.copper-drawings", drawing.source.name, message))


def _tracks(drawing: _Drawing) -> tuple[list[float], list[Hole]]:
    """Widths of tracks, and vias: lines in pairs, ``Po`` with the place and ``De`` with the rest."""
    widths: list[float] = []
    vias: list[Hole] = []

    def read(pair: Block) -> None:
        place, rest = pair.row("Po"), pair.row("De")
        if rest[2] == "1":
            vias.append(_via(drawing, place, rest))
        elif (width := _stroke(drawing, place, rest)) is not None:
            widths.append(width)

    _each_pair(drawing, "TRACK", read)
    return widths, vias


def _each_pair(drawing: _Drawing, name: str, read: Callable[[Block], None]) -> None:
    """Give every two lines of a block to a reader; those it cannot read are named by their line."""
    for block in drawing.root.inside(name):
        pairs = (
            Block(name, "", place[0], [place, rest])
            for place, rest in zip(block.lines[::2], block.lines[1::2], strict=False)
        )
        for _ in drawing.trouble.gather(read, pairs):
            pass


def _stroke(drawing: _Drawing, place: list[str], rest: list[str]) -> float | None:
    """Draw a straight piece of copper; its width, None off copper."""
    on, width = drawing.layers.place(int(rest[1])), number(place[6]) * drawing.unit
    if on is None or width <= 0:
        return None
    x0, y0, x1, y1 = (number(word) * drawing.unit for word in place[2:6])
    net = drawing.nets.names.get(rest[3], "")
    drawing.copper.line((x0, y0), (x1, y1), width / 2, on, net)
    return round(width, 6)


def _via(drawing: _Drawing, place: list[str], rest: list[str]) -> Hole:
    x, y, diameter = (number(word) * drawing.unit for word in (place[2], place[3], place[6]))
    net = drawing.nets.names.get(rest[3], "")
    own = number(place[7]) if len(place) > 7 else -1.0
    drill = (own if own > 0 else drawing.nets.drill(net, place[1] == _MICRO)) * drawing.unit
    if drill <= 0:
        raise ValueError("neither it nor its net class says how wide it is drilled")
    span = _span(drawing.layers, int(rest[1])) if place[1] in (_MICRO, _BLIND) else None
    first, last = span or (1, drawing.layers.count)
    shape = round_pad(diameter).moved((x, y))
    shape.draw(drawing.copper, range(first, last + 1), net)
    ring = round((diameter - drill) / 2, 6)
    return Hole(drill_mm=round(drill, 6), plated=True, start=(x, y), end=(x, y), ring_mm=ring, span=span)


def _span(layers: Layers, ends: int) -> tuple[int, int]:
    """First and last layer of a blind or buried via: four bits each."""
    first, last = layers.place(ends & 15), layers.place(ends >> 4 & 15)
    if first is None or last is None:
        raise ValueError(f"its layers {ends} are none of the board")
    return min(first, last), max(first, last)


def _pour(drawing: _Drawing) -> None:
    """Filled areas: strokes of the older kind, polygons with a pen of the newer one."""

    def stroke(pair: Block) -> None:
        _stroke(drawing, pair.row("Po"), pair.row("De"))

    def zone(block: Block) -> None:
        on = drawing.layers.place(int(block.row("ZLayer")[1]))
        if on is None:
            return
        net = drawing.nets.names.get((block.row("ZInfo") or ["", "", ""])[2], "")
        half = number((block.row("ZMinThickness") or ["", "0"])[1]) * drawing.unit / 2
        for path in _contours(block, drawing.unit):
            drawing.copper.area(path, half, on, net)
        for rows in block.inside("FILLSEGMENTS"):
            for words in rows.rows():
                x0, y0, x1, y1 = (number(word) * drawing.unit for word in words[:4])
                drawing.copper.line((x0, y0), (x1, y1), half, on, net)

    _each_pair(drawing, "ZONE", stroke)
    for _ in drawing.trouble.gather(zone, drawing.root.inside("CZONE_OUTLINE")):
        pass


def _contours(block: Block, unit: float) -> Iterator[Path]:
    """Corners of filled polygons; the last of each is marked."""
    for corners in block.inside("POLYSCORNERS"):
        path: Path = []
        for _, text in corners.lines:
            words = split(text)
            path.append((number(words[0]) * unit, number(words[1]) * unit))
            if words[2:3] == ["1"]:
                yield path
                path = []


def _unknown(root: Block, name: str) -> Iterator[Finding]:
    strange = Counter(block.name[:40] for block in root.blocks if block.name not in _KNOWN)
    if strange:
        listed = ", ".join(f"${kind} x {count}" for kind, count in sorted(strange.items())[:20])
        yield info("files.board.unknown-elements", name, f"elements that are not understood: {listed}")
