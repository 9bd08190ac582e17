"""Eagle boards, the XML files of version 6 and later -> a `BoardDesign` and its footprints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from manyworks.files.boards.contours import Path
from manyworks.files.boards.copper import Strokes
from manyworks.files.boards.eagle_layers import (
    EDGE,
    MILLING,
    UNROUTED,
    Stackup,
    board_layers,
    count_drawn,
    outside,
    stackup_of,
)
from manyworks.files.boards.eagle_milling import mill
from manyworks.files.boards.eagle_packages import (
    PackageReader,
    Packages,
    loose_hole,
    placed_shapes,
    read_packages,
)
from manyworks.files.boards.eagle_rules import Rules, length_mm
from manyworks.files.boards.eagle_shapes import SHAPES, layer_of, read_shape, turned_over, value
from manyworks.files.boards.eagle_signals import SignalReader, nets_of_pads
from manyworks.files.boards.elements import BoardElements, BoardFile, Hole, Stack
from manyworks.files.boards.limits import EAGLE_ELEMENTS, EAGLE_PLACED
from manyworks.files.boards.measures import measure_board
from manyworks.files.boards.outlines import settle_outline
from manyworks.files.boards.stack import stated_or_usual
from manyworks.files.boards.trouble import Trouble, unless_errors
from manyworks.files.limits import FINDINGS_PER_KIND
from manyworks.files.sources import Source
from manyworks.model import BoardLayer, Finding, error, info, warning

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_HEAD = 4000
# The first bytes of a board of versions 3 to 5, which is no text.
_BINARY = (b"\x10\x00", b"\x10\x80")
EDGE_NAME = "layer 20 (Dimension)"


def is_eagle(source: Source) -> bool:
    """Whether the content is an Eagle drawing, of any version."""
    return source.data.startswith(_BINARY) or b"<eagle" in source.data[:_HEAD]


def read_eagle(source: Source) -> tuple[BoardFile | None, tuple[Finding, ...]]:
    """Read an Eagle ``.brd`` of version 6 or later (XML, lengths in mm).

    Areas poured with copper are stored as their borders only: the program fills them when it
    exports, so that spaces and distances to poured copper are not measured.

    Returns
    -------
    The board, or None with at least one error finding; lengths in mm, areas in mm2.
    """
    name = source.name
    if source.data.startswith(_BINARY):
        text = "an Eagle board of a version before 6, which is no text, is not read"
        return None, (error("files.board.eagle-binary", name, text, "save it with version 6 or later"),)
    root = _parse(source)
    if isinstance(root, Finding):
        return None, (root,)
    board = root.find("drawing/board")
    if root.tag != "eagle" or board is None:
        return None, (_no_board(root, name),)
    findings: list[Finding] = []
    return unless_errors(_read(root, board, source, findings), findings)


def _parse(source: Source) -> Element | Finding:
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    name = source.name
    if source.data.count(b"<") > EAGLE_ELEMENTS:
        text = f"more than {EAGLE_ELEMENTS:,} elements"
        return error("files.board.too-large", name, text, "remove libraries that are not used")
    try:
        root: Element = fromstring(source.data, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except ParseError as trouble:
        line = getattr(trouble, "position", (0, 0))[0]
        text = f"not an Eagle board: {str(trouble)[:150]}"
        return error("files.board.malformed", f"{name}:{line}", text, "is the file complete?")
    except DefusedXmlException as trouble:
        text = f"entities are not allowed in a board: {type(trouble).__name__}"
        return error("files.board.malformed", name, text, "remove the entity declarations")
    except (ValueError, LookupError, RecursionError) as trouble:
        return error("files.board.malformed", name, f"not an Eagle board: {str(trouble)[:150]}")
    return root


def _no_board(root: Element, name: str) -> Finding:
    for kind in ("schematic", "library"):
        if root.tag == "eagle" and root.find(f"drawing/{kind}") is not None:
            text = f"this is an Eagle {kind}, no board"
            return error("files.board.eagle-other", name, text, "give the .brd file")
    return error("files.board.malformed", name, f"a board was expected, found <{root.tag[:40]}>")


def _label(element: Element) -> str:
    told = (f"{key}={element.get(key)}" for key in ("name", "x", "y", "x1", "y1") if element.get(key))
    return " ".join((element.tag, *told))[:80]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawing:
    """What the parts of a board are read with."""

    board: Element
    source: Source
    packages: Packages
    rules: Rules
    stack: Stackup
    copper: Strokes
    trouble: Trouble[Element]


def _read(root: Element, board: Element, source: Source, findings: list[Finding]) -> BoardFile | None:
    trouble: Trouble[Element] = Trouble(source.name, findings, _label)
    rules = _read_rules(board, trouble)
    drawn = count_drawn(board)
    stack = stackup_of(rules.stack, drawn)
    drawing = _Drawing(
        board=board,
        source=source,
        packages=read_packages(board),
        rules=rules,
        stack=stack,
        copper=Strokes(),
        trouble=trouble,
    )
    names = {layer_number(row): row.get("name", "") for row in root.iterfind("drawing/layers/layer")}
    if _placed_too_much(drawing):
        text = f"its packages written out make more than {EAGLE_PLACED:,} elements"
        findings.append(error("files.board.too-large", source.name, text))
        return None
    findings.extend(_remarks(drawing, outside(stack, drawn)))
    elements = _elements(drawing, tuple(board_layers(names, stack, drawn)))
    trouble.close()
    return None if elements is None else measure_board(elements, findings)


def layer_number(row: Element) -> int:
    """Number of a row of the layer list; 0 for one that is none."""
    text = row.get("number", "")
    return int(text) if text.isdecimal() and len(text) < 6 else 0


def _read_rules(board: Element, trouble: Trouble[Element]) -> Rules:
    """The design rules; those that cannot be understood are named and left out."""
    texts: dict[str, str] = {}
    told: list[Finding] = []
    for row in board.iterfind("designrules/param"):
        name, text = row.get("name", ""), row.get("value", "")
        try:
            _check_rule(row)
        except ValueError as reason:
            message = f"the design rule {name[:40]!r} is left out: {reason}"
            told.append(warning("files.board.rule", trouble.name, message[:300], "correct the design rules"))
        else:
            texts[name] = text
    trouble.findings.extend(told[:FINDINGS_PER_KIND])
    return Rules(texts=texts)


def _check_rule(row: Element) -> None:
    """Understand a rule before it is needed.

    Raises
    ------
    ValueError
        A length or share that is none.
    """
    name, text = row.get("name", ""), row.get("value", "")
    rules = Rules(texts={name: text})
    if name.startswith(("md", "rl", "ms")) and name != "msBlindViaRatio":
        length_mm(text)
    elif name.startswith("rv"):
        rules.ring(name[2:], 1.0)
    elif name.startswith("psElongation"):
        rules.share(name, 1.0)
    elif name in ("mtCopper", "mtIsolate"):
        for part in text.split()[:64]:
            length_mm(part)


def _placed_too_much(drawing: _Drawing) -> bool:
    sizes = {id(package): len(package) for package in drawing.packages.by_name.values()}
    total = 0
    for element in drawing.board.iterfind("elements/element"):
        try:
            total += sizes[id(drawing.packages.of(element))]
        except ValueError:
            continue  # reported where elements are read
    return total > EAGLE_PLACED


def _elements(drawing: _Drawing, layers: tuple[BoardLayer, ...]) -> BoardElements | None:
    board, trouble = drawing.board, drawing.trouble
    reader = PackageReader(
        packages=drawing.packages,
        rules=drawing.rules,
        stack=drawing.stack,
        copper=drawing.copper,
        nets=nets_of_pads(board),
        variant=_variant(board),
    )
    footprints = tuple(trouble.gather(reader.read, board.iterfind("elements/element")))
    holes = tuple(trouble.gather(_plain_hole, board.iterfind("plain/hole")))
    vias, tracks = _signals(drawing)
    edges = (path for path, _ in _shapes_on(drawing, EDGE))
    outline = settle_outline(edges, EDGE_NAME, drawing.source.name, trouble.findings)
    strokes = list(_shapes_on(drawing, MILLING))
    if outline is None:
        return None
    milled = mill(strokes, outline, footprints, drawing.source.name, trouble.findings)
    return BoardElements(
        source=drawing.source,
        layers=layers,
        outline=milled.outline,
        stack=_stack(drawing),
        footprints=milled.footprints,
        holes=(*vias, *holes, *milled.holes),
        copper=drawing.copper,
        track_mm=min(tracks, default=None),
        rule_space_mm=drawing.rules.space_mm,
    )


def _variant(board: Element) -> str:
    """Name of the assembly variant in use; empty for the plain board."""
    current = board.find("variantdefs/variantdef[@current='yes']")
    return "" if current is None else current.get("name", "")


def _signals(drawing: _Drawing) -> tuple[list[Hole], list[float]]:
    """Vias, and widths of tracks."""
    vias: list[Hole] = []
    tracks: list[float] = []
    for signal in drawing.board.iterfind("signals/signal"):
        reader = SignalReader(
            net=signal.get("name", ""), rules=drawing.rules, stack=drawing.stack, copper=drawing.copper
        )
        vias.extend(drawing.trouble.gather(reader.via, signal.iterfind("via")))
        tracks.extend(drawing.trouble.gather(reader.track, signal.iterfind("wire")))
    return vias, tracks


def _plain_hole(part: Element) -> Hole:
    return loose_hole(part, turned_over((value(part, "x"), value(part, "y"))))


def _shapes_on(drawing: _Drawing, layer: int) -> Iterator[tuple[Path, float]]:
    """Graphics of one layer, those of placed packages too, and the width of their pen."""

    def free(part: Element) -> tuple[Path, float] | None:
        if part.tag not in SHAPES or layer_of(part) != layer:
            return None
        return [turned_over(point) for point in read_shape(part)], value(part, "width", 0.0)

    def placed(element: Element) -> list[tuple[Path, float]] | None:
        try:
            package = drawing.packages.of(element)
        except ValueError:
            return None  # reported where elements are read
        return list(placed_shapes(element, package, layer))

    yield from drawing.trouble.gather(free, drawing.board.iterfind("plain/*"))
    for shapes in drawing.trouble.gather(placed, drawing.board.iterfind("elements/element")):
        yield from shapes


def _stack(drawing: _Drawing) -> Stack:
    """What the design rules tell of the stack."""
    name, findings = drawing.source.name, drawing.trouble.findings
    stated = drawing.rules.thickness_mm(drawing.stack.count)
    stack = stated_or_usual(stated, name, findings)
    if stack.thickness_mm == stated:
        text = f"{stated:g} mm thick by the stack of its design rules, which few people set"
        findings.append(info("files.board.thickness-from-rules", name, text, "say so with the order"))
    return replace(stack, copper_um=drawing.rules.copper_um)


def _remarks(drawing: _Drawing, strange: list[int]) -> Iterator[Finding]:
    name = drawing.source.name
    if strange:
        text = f"drawn on copper layers {strange} that its layer set-up does not have"
        yield warning("files.board.copper-outside-stack", name, text, "add them to the layer set-up")
    signals = list(drawing.board.iterfind("signals/signal"))
    poured = sum(1 for signal in signals for _ in signal.iterfind("polygon"))
    if poured:
        text = f"{poured} poured areas are stored as borders; spaces and edge distances leave them out"
        yield info("files.board.poured", name, text)
    airwires = sum(
        wire.get("layer") == str(UNROUTED) for signal in signals for wire in signal.iterfind("wire")
    )
    if airwires:
        text = f"{airwires} connections are not routed"
        yield warning("files.board.unrouted", name, text, "finish the board before it is made")
    yield from _copper_drawings(drawing)


def _copper_drawings(drawing: _Drawing) -> Iterator[Finding]:
    """Drawings on copper outside signals: metal, but of no net."""
    free = [part for part in drawing.board.iterfind("plain/*") if _on_copper(part, drawing.stack)]
    texts = sum(part.tag == "text" for part in free)
    packaged = sum(
        _on_copper(part, drawing.stack)
        for package in {id(p): p for p in drawing.packages.by_name.values()}.values()
        for part in package
        if part.tag in SHAPES
    )
    if free or packaged:
        text = (
            f"on copper: {len(free) - texts + packaged} drawings and {texts} texts; "
            "spaces to them are not measured"
        )
        yield info("files.board.copper-drawings", drawing.source.name, text)


def _on_copper(part: Element, stack: Stackup) -> bool:
    text = part.get("layer", "")
    return text.isdecimal() and len(text) < 4 and stack.place(int(text)) is not None
