"""KiCad boards, formats 4 to 9: one list in, a `BoardDesign` and its footprints out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from manyworks.files.boards.contours import Outline, simplify
from manyworks.files.boards.edges import read_edges
from manyworks.files.boards.footprints import Footprint, Hole, read_footprint
from manyworks.files.boards.sexpr import Node, SexprError, child, children, number, numbers, parse, words
from manyworks.files.limits import BOARD_BYTES, FINDINGS_PER_KIND, THICKEST_MM
from manyworks.files.sources import Source, open_source
from manyworks.model import BoardDesign, Finding, error, info, warning

Result = TypeVar("Result")

# Drawings need no more than this; every measure is taken from the full contour.
DRAWING_MM = 0.02
_COPPER_KINDS = frozenset({"signal", "power", "mixed", "jumper"})
_BOTTOM_ORDINALS = ("31", "2")


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardFile:
    """A board as its file has it: the design without a parts list's opinion, and every footprint."""

    design: BoardDesign
    footprints: tuple[Footprint, ...]
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layers:
    names: tuple[str, ...]
    top: str
    bottom: str


def read_board(path: Path, name: str) -> tuple[BoardFile | None, tuple[Finding, ...]]:
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
    if isinstance(source, Finding):
        return None, (source,)
    try:
        root = parse(source.data.decode("utf-8", errors="replace"))
    except SexprError as trouble:
        return None, (
            error("files.board.malformed", f"{name}:{trouble.line}", f"not a KiCad board: {trouble}"),
        )
    if not root or root[0] != "kicad_pcb":
        return None, (_not_a_board(root, name),)
    findings: list[Finding] = []
    board = _measure(root, source, findings)
    return board, tuple(findings)


def _not_a_board(root: Node, name: str) -> Finding:
    head = root[0] if root and isinstance(root[0], str) else "nothing"
    return error(
        "files.board.malformed", f"{name}:1", f"a list 'kicad_pcb' was expected, found {head[:40]!r}"
    )


def _measure(root: Node, source: Source, findings: list[Finding]) -> BoardFile | None:
    trouble = _Trouble(source.name, findings)
    layers = _read_layers(root)
    if not layers.names:
        trouble.add("the board names no copper layer")
        return None
    copper = frozenset(layers.names)
    footprints = tuple(
        trouble.gather(
            (lambda node: read_footprint(node, copper, layers.bottom)), children(root, "footprint", "module")
        )
    )
    outline = read_edges(root, trouble.gather, source.name, findings)
    vias = list(trouble.gather(_via_reader(root), children(root, "via")))
    trouble.close()
    if outline is None:
        return None
    holes = [*vias, *(hole for footprint in footprints for hole in footprint.holes)]
    design = _design(root, layers, outline, holes, footprints, trouble)
    if design.min_space_mm is not None:
        findings.append(_rule_said_aloud(design.min_space_mm, source.name))
    findings.extend(_doubles(footprints, source.name))
    return BoardFile(design=design, footprints=footprints, source=source)


def _design(
    root: Node,
    layers: _Layers,
    outline: Outline,
    holes: list[Hole],
    footprints: tuple[Footprint, ...],
    trouble: _Trouble,
) -> BoardDesign:
    left, top, right, bottom = outline.box
    openings = [hole for hole in holes if hole.drill_mm > 0]
    return BoardDesign(
        width_mm=round(right - left, 4),
        height_mm=round(bottom - top, 4),
        area_mm2=round(outline.area, 3),
        copper_layers=len(layers.names),
        thickness_mm=trouble.attempt(_thickness, child(root, "general") or ["general"], default=0.0),
        plated_holes=sum(hole.plated for hole in holes),
        nonplated_holes=sum(not hole.plated for hole in holes),
        slots=sum(hole.slot for hole in holes),
        min_track_mm=min(
            trouble.gather(_track_reader(layers), children(root, "segment", "arc")), default=None
        ),
        min_space_mm=min(trouble.gather(_clearance, children(root, "net_class")), default=None),
        min_drill_mm=min((hole.drill_mm for hole in openings), default=None),
        placements=tuple(footprint.placement for footprint in footprints),
        footprints_total=len(footprints),
        blind_vias=any(_is_blind(node, layers) for node in children(root, "via")),
        finish=_finish(root),
        outline_mm=tuple(
            tuple((round(x, 3), round(y, 3)) for x, y in simplify(path, DRAWING_MM))
            for path in (*outline.outer, *outline.inner)
        ),
    )


class _Trouble:
    """Collects what could not be understood, so that one bad element does not hide the others."""

    def __init__(self, name: str, findings: list[Finding]) -> None:
        self.name = name
        self.findings = findings
        self.count = 0

    def add(self, message: str) -> None:
        self.count += 1
        if self.count <= FINDINGS_PER_KIND:
            self.findings.append(error("files.board.malformed", self.name, message))

    def gather(self, read: Callable[[Node], Result | None], nodes: Iterable[Node]) -> Iterator[Result]:
        """What ``read`` makes of every node; a node that is malformed becomes a finding."""
        for node in nodes:
            result = self.attempt(read, node, default=None)
            if result is not None:
                yield result

    def attempt(self, read: Callable[[Node], Result], node: Node, *, default: Result) -> Result:
        try:
            return read(node)
        except (ValueError, IndexError, TypeError, OverflowError) as trouble:
            head = " ".join(part for part in node[:2] if isinstance(part, str))[:60]
            self.add(f"'{head}' cannot be understood: {trouble}")
            return default

    def close(self) -> None:
        more = self.count - FINDINGS_PER_KIND
        if more > 0:
            self.findings.append(
                error("files.board.malformed", self.name, f"{more} further elements like that")
            )


def _read_layers(root: Node) -> _Layers:
    """Copper layers in file order. Formats up to 5 let people rename them, so kinds decide."""
    copper = [
        (row[0], row[1])
        for row in (child(root, "layers") or [])[1:]
        if isinstance(row, list)
        and len(row) > 2
        and isinstance(row[0], str)
        and isinstance(row[1], str)
        and row[2] in _COPPER_KINDS
    ]
    names = tuple(name for _, name in copper)
    by_ordinal = dict(copper)
    last = names[-1] if names else ""
    bottom = next((by_ordinal[key] for key in _BOTTOM_ORDINALS if key in by_ordinal), last)
    if "B.Cu" in names:
        bottom = "B.Cu"
    return _Layers(names=names, top=names[0] if names else "", bottom=bottom)


def _via_reader(root: Node) -> Callable[[Node], Hole]:
    """Reader of vias; those without a drill of their own take their net class's (formats 4 and 5)."""
    rules: dict[str, float] = {}
    for group in children(root, "net_class"):
        drill = words(child(group, "via_drill"))
        if drill:
            rules.update(dict.fromkeys(_nets_of(group), number(drill[0])))
    names = {net[1]: net[2] for net in children(root, "net") if len(net) > 2 and isinstance(net[1], str)}
    default = next(iter(rules.values()), 0.0)

    def read(node: Node) -> Hole:
        own = words(child(node, "drill"))
        net = words(child(node, "net"))
        named = names.get(net[0], "") if net else ""
        size = number(own[0]) if own else rules.get(str(named), default)
        return Hole(drill_mm=size, slot=False, plated=True)

    return read


def _nets_of(group: Node) -> Iterator[str]:
    yield f"class {words(group)[0] if words(group) else ''}"
    for net in children(group, "add_net"):
        yield from words(net)[:1]


def _track_reader(layers: _Layers) -> Callable[[Node], float | None]:
    copper = frozenset(layers.names)

    def read(node: Node) -> float | None:
        width = numbers(child(node, "width"), 1)[0]
        on_copper = any(layer in copper for layer in words(child(node, "layer")))
        return width if on_copper and width > 0 else None

    return read


def _clearance(node: Node) -> float | None:
    rule = child(node, "clearance")
    return numbers(rule, 1)[0] if rule is not None else None


def _thickness(general: Node) -> float:
    stated = child(general, "thickness")
    if stated is None:
        raise ValueError("it does not say how thick the board is, as in (thickness 1.6)")
    thickness = numbers(stated, 1)[0]
    if not 0 < thickness < THICKEST_MM:
        raise ValueError(f"a board of {thickness:g} mm, expected more than 0 and less than {THICKEST_MM:g}")
    return thickness


def _finish(root: Node) -> str:
    stack = child(child(root, "setup") or [], "stackup") or []
    finish = " ".join(words(child(stack, "copper_finish")))
    return "" if finish.casefold() == "none" else finish


def _is_blind(node: Node, layers: _Layers) -> bool:
    if {"blind", "buried", "micro"} & set(words(node)):
        return True
    span = set(words(child(node, "layers")))
    return bool(span) and span != {layers.top, layers.bottom} and len(layers.names) > 2


def _rule_said_aloud(space: float, name: str) -> Finding:
    return info(
        "files.board.space-is-a-rule",
        name,
        f"the least space between tracks is taken from the file's own rule ({space:g} mm), not measured",
    )


def _doubles(footprints: tuple[Footprint, ...], name: str) -> Iterator[Finding]:
    seen: set[str] = set()
    told: set[str] = set()
    for footprint in footprints:
        designator = footprint.placement.designator
        if designator in seen and designator not in told and footprint.is_part:
            told.add(designator)
            yield warning(
                "files.board.designator-twice",
                name,
                f"more than one footprint is called {designator!r}",
                "number the parts of the board anew",
            )
        seen.add(designator)
