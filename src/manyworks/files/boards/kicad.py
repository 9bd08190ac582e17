"""KiCad boards, formats 4 to 9: one list in, a `BoardDesign` and its footprints out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path as FilePath

from manyworks.files.boards.contours import Path
from manyworks.files.boards.copper import Strokes
from manyworks.files.boards.elements import BoardElements, BoardFile, Stack
from manyworks.files.boards.kicad_copper import CopperReader, Nets, graphics_of, read_nets
from manyworks.files.boards.kicad_layers import EDGE_LAYER, Layers, read_layers, read_stack, read_thickness
from manyworks.files.boards.kicad_pads import FOOTPRINT_GRAPHICS, FootprintReader, frame_of
from manyworks.files.boards.kicad_shapes import graphics_on, read_shape
from manyworks.files.boards.measures import measure_board
from manyworks.files.boards.outlines import settle_outline
from manyworks.files.boards.sexpr import Node, SexprError, child, children, numbers, parse, words
from manyworks.files.boards.trouble import Trouble, unless_errors
from manyworks.files.limits import BOARD_BYTES
from manyworks.files.sources import Source, open_source
from manyworks.model import Finding, error, info

# Lists of a board that are read, or that say nothing of how it is made.
_KNOWN_WORDS = """
version generator generator_version host general page paper title_block property layers setup net
net_class footprint module segment arc via zone gr_line gr_arc gr_circle gr_rect gr_poly gr_curve gr_text
gr_text_box gr_bbox dimension target group image table generated embedded_fonts embedded_files variants
tstamp uuid
"""
_KNOWN = frozenset(_KNOWN_WORDS.split())


def read_board(path: FilePath, name: str) -> tuple[BoardFile | None, tuple[Finding, ...]]:
    """Read a ``.kicad_pcb`` file.

    Parameters
    ----------
    path
        The file.
    name
        What findings call it.

    Returns
    -------
    The board, or None with at least one error finding; lengths in mm, areas in mm2.
    """
    source = open_source(path, name, BOARD_BYTES)
    return (None, (source,)) if isinstance(source, Finding) else read_kicad(source)


def read_kicad(source: Source) -> tuple[BoardFile | None, tuple[Finding, ...]]:
    """Read a KiCad board of formats 4 to 9 (program versions 4 to 9, also written by others).

    Returns
    -------
    The board, or None with at least one error finding; lengths in mm, areas in mm2.
    """
    name = source.name
    try:
        root = parse(source.data.decode("utf-8", errors="replace"))
    except SexprError as trouble:
        text = f"not a KiCad board: {trouble}"
        return None, (error("files.board.malformed", f"{name}:{trouble.line}", text),)
    if not root or root[0] != "kicad_pcb":
        return None, (_not_a_board(root, name),)
    findings: list[Finding] = []
    return unless_errors(_measure(root, source, findings), findings)


def _not_a_board(root: Node, name: str) -> Finding:
    head = root[0] if root and isinstance(root[0], str) else "nothing"
    return error(
        "files.board.malformed", f"{name}:1", f"a list 'kicad_pcb' was expected, found {head[:40]!r}"
    )


def _label(node: Node) -> str:
    return " ".join(part for part in node[:2] if isinstance(part, str))[:60]


def _measure(root: Node, source: Source, findings: list[Finding]) -> BoardFile | None:
    trouble: Trouble[Node] = Trouble(source.name, findings, _label)
    layers = read_layers(root)
    if not layers.numbers:
        trouble.add("the board names no copper layer")
        return None
    elements = _elements(root, source, layers, trouble)
    findings.extend(_unknown(root, source.name))
    trouble.close()
    return None if elements is None else measure_board(elements, findings)


def _elements(root: Node, source: Source, layers: Layers, trouble: Trouble[Node]) -> BoardElements | None:
    nets = trouble.attempt(read_nets, root, default=Nets())
    copper = Strokes()
    reader = CopperReader(layers=layers, nets=nets, copper=copper)
    pads = FootprintReader(layers=layers, copper=copper, net_of=nets.of)
    footprints = tuple(trouble.gather(pads.read, children(root, "footprint", "module")))
    outline = settle_outline(_edges(root, trouble), EDGE_LAYER, source.name, trouble.findings)
    holes = tuple(trouble.gather(reader.via, children(root, "via")))
    tracks = list(trouble.gather(reader.track, children(root, "segment", "arc")))
    for _ in trouble.gather(reader.zone, children(root, "zone")):
        pass
    _graphics(root, reader, trouble)
    rules = list(trouble.gather(_clearance, children(root, "net_class")))
    stack = trouble.attempt(read_stack, child(root, "setup") or ["setup"], default=Stack(thickness_mm=0.0))
    thickness = trouble.attempt(read_thickness, child(root, "general") or ["general"], default=0.0)
    if outline is None:
        return None
    return BoardElements(
        source=source,
        layers=layers.rows,
        outline=outline,
        stack=replace(stack, thickness_mm=thickness),
        footprints=footprints,
        holes=holes,
        copper=copper,
        track_mm=min(tracks, default=None),
        rule_space_mm=min(rules, default=None),
    )


def _edges(root: Node, trouble: Trouble[Node]) -> Iterator[Path]:
    yield from trouble.gather(read_shape, graphics_on(root, EDGE_LAYER))
    for footprint in children(root, "footprint", "module"):
        shapes = list(graphics_on(footprint, EDGE_LAYER))
        if shapes:
            try:
                frame, _ = frame_of(footprint)
            except ValueError:
                continue  # reported where footprints are read
            yield from (frame.place_all(path) for path in trouble.gather(read_shape, shapes))


def _graphics(root: Node, reader: CopperReader, trouble: Trouble[Node]) -> None:
    """Drawings on copper: they are metal, but mostly of no net, so that no space is measured to them."""
    drawn = sum(trouble.gather(reader.graphic, graphics_of(root)))
    drawn += sum(
        bool(reader.layers.on(words(child(shape, "layer", "layers"))))
        for footprint in children(root, "footprint", "module")
        for shape in children(footprint, *FOOTPRINT_GRAPHICS)
    )
    texts = sum(
        bool(reader.layers.on(words(child(text, "layer"))))
        for text in children(root, "gr_text", "gr_text_box")
    )
    if drawn or texts:
        message = f"on copper: {drawn} drawings and {texts} texts; spaces to them are not measured"
        trouble.findings.append(info("files.board.copper-drawings", trouble.name, message))


def _clearance(node: Node) -> float | None:
    rule = child(node, "clearance")
    return numbers(rule, 1)[0] if rule is not None else None


def _unknown(root: Node, name: str) -> Iterator[Finding]:
    """Lists that no format up to 9 has: named, so that what a newer one adds is not lost silently."""
    kinds = Counter(str(part[0])[:40] for part in root[1:] if isinstance(part, list) and part)
    strange = {kind: count for kind, count in kinds.items() if kind not in _KNOWN}
    if strange:
        listed = ", ".join(f"{kind} x {count}" for kind, count in sorted(strange.items())[:20])
        yield info("files.board.unknown-elements", name, f"elements that are not understood: {listed}")
