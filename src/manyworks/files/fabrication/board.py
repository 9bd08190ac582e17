"""One set of files -> one `BoardDesign`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from manyworks.files.boards.contours import Outline, Point, assemble, bounds
from manyworks.files.boards.elements import BoardElements, Hole
from manyworks.files.boards.elements import Stack as Makeup
from manyworks.files.boards.measures import measure_board
from manyworks.files.fabrication.copper import strokes_of
from manyworks.files.fabrication.drills import Bore, Surroundings, read_drills
from manyworks.files.fabrication.kinds import Kind
from manyworks.files.fabrication.marks import Marks
from manyworks.files.fabrication.members import Member, give_role, tell_unknown
from manyworks.files.fabrication.naming import Role, from_function, shared_start
from manyworks.files.fabrication.outline import Edge, find_edge
from manyworks.files.fabrication.pads import Pads, lands_of, ring_around
from manyworks.files.fabrication.picture import Picture, extent
from manyworks.files.fabrication.sidecars import Facts, read_job, read_report
from manyworks.files.fabrication.stack import Stack, build_stack
from manyworks.files.fabrication.tracks import thinnest_track, without_edge
from manyworks.files.fabrication.vocabulary import vocabulary
from manyworks.model import BoardDesign, Finding, Land, error, info, warning

_FLEXIBLE = re.compile(r"cover ?lay|stiffener|\bflex(ible)?\b", re.IGNORECASE)
_HOLE_CELL_MM = 0.05
_SIZE_MM = 0.15


@dataclass(frozen=True, slots=True)
class _Copper:
    """Copper layers that could be drawn: number, file, picture."""

    layers: tuple[tuple[int, Member, Picture], ...]

    @property
    def pictures(self) -> list[Picture]:
        return [picture for _, _, picture in self.layers]

    @property
    def positive(self) -> list[Picture]:
        """Pictures with nothing on layers drawn in negative: what is there are gaps, no tracks or pads."""
        return [Picture() if member.negative else picture for _, member, picture in self.layers]


def read_set(members: list[Member], findings: list[Finding]) -> BoardDesign | None:
    """The board that a set of files describes; None, with an error, where they describe none."""
    facts = _facts(members, findings)
    shared = shared_start([m.source.path.name for m in members if m.kind in (Kind.GERBER, Kind.DRILL)])
    for member in members:
        give_role(member, facts, shared)
        _by_content(member, findings)
    stack = build_stack(members, facts, findings)
    copper = _drawn(stack, findings)
    pads = [Pads(picture) for picture in copper.positive]
    marks = Marks(point for picture in copper.pictures for point in picture.points)
    edge = find_edge(members, marks, findings)
    box = edge.outline.box if edge is not None else marks.box
    bores = read_drills(members, Surroundings(facts, stack, box, pads), findings)
    outline = edge.outline if edge is not None else _without_edge(copper, members, findings)
    findings.extend(tell_unknown(members))
    if outline is None:
        return None
    if edge is not None:
        edge.member.used = True
        edge.member.role = replace(edge.member.role, role="outline")
        copper = _off_edge(copper, outline, findings)
    findings.extend(_warnings(stack, bores, members, facts, outline))
    masks = _masks(members, findings)
    elements = _elements(members, stack, copper, outline, bores, pads, facts, findings)
    design = measure_board(elements, findings).design
    return replace(
        design,
        copper_layers=stack.count,
        min_drill_mm=min((round(bore.cut.diameter_mm, 5) for bore in bores if bore.radius), default=None),
        layers=tuple(member.as_layer() for member in members),
        lands=tuple(_lands(copper, masks)),
        pieces=edge.pieces if edge is not None else 1,
        castellated=design.castellated or _castellated(copper),
        edge_plated=design.edge_plated or _edge_plated(edge),
    )


def _castellated(copper: _Copper) -> bool | None:
    told = (flash.function for picture in copper.pictures for flash in picture.flashes)
    return True if any(function.startswith("CastellatedPad") for function in told) else None


def _edge_plated(edge: Edge | None) -> bool | None:
    """True where the profile's attribute says that the edge is plated (``Profile,P``)."""
    values = edge.member.attributes.get(".FileFunction", ()) if edge is not None else ()
    return True if values[1:2] == ("P",) else None


def _facts(members: Sequence[Member], findings: list[Finding]) -> Facts:
    facts = Facts()
    for member in members:
        if member.kind is Kind.JOB:
            trouble = read_job(member.source, facts)
            findings.extend(trouble)
            member.used = not trouble
        elif member.kind is Kind.REPORT:
            known = read_report(member.source, facts)
            member.used = bool(known)
            member.remark = "" if known else "nothing in it is needed"
    return facts


def _by_content(member: Member, findings: list[Finding]) -> None:
    """A Gerber file that nothing names: what its apertures are for says whether it is copper."""
    if member.role.role != "unknown" or member.kind is not Kind.GERBER:
        return
    layer = member.draw(findings)
    if layer is None:
        return
    own = from_function(layer.attributes.get(".FileFunction", ()), "X2 attribute")
    functions = {flash.function.partition(",")[0] for flash in layer.picture.flashes}
    functions |= {stroke.function.partition(",")[0] for stroke in layer.picture.strokes}
    if own is not None:
        member.role = own
    elif functions & {"Conductor", "ViaPad", "ComponentPad", "SMDPad"}:
        member.role = Role(role="copper", why="content: pads and conductors")
    elif functions and functions <= {"Profile", ""} and "Profile" in functions:
        member.role = Role(role="outline", why="content: profile", sure=True)


def _drawn(stack: Stack, findings: list[Finding]) -> _Copper:
    layers = []
    for member in stack.members:
        layer = member.draw(findings)
        if layer is not None and member.number is not None:
            member.used = True
            layers.append((member.number, member, layer.picture))
    return _Copper(tuple(layers))


def _off_edge(copper: _Copper, outline: Outline, findings: list[Finding]) -> _Copper:
    layers = []
    for number, member, picture in copper.layers:
        rest, count = without_edge(picture, outline)
        layers.append((number, member, rest))
        if count:
            text = f"{count} lines here are the outline again; they are not taken for copper"
            findings.append(info("files.fabrication.edge-on-copper", member.name, text))
    return _Copper(tuple(layers))


def _masks(members: Iterable[Member], findings: list[Finding]) -> dict[str, Picture]:
    """The mask of each side; what stays unused gets its reason."""
    masks: dict[str, Picture] = {}
    for member in members:
        role = member.role
        if role.role == "mask" and role.side in ("top", "bottom") and role.side not in masks:
            layer = member.draw(findings)
            if layer is not None:
                member.used = True
                masks[role.side] = layer.picture
        elif not member.used and not member.remark:
            member.remark = _UNUSED.get(role.role, "")
    return masks


_UNUSED = {
    **dict.fromkeys(("mask", "paste", "silkscreen"), "no measure is taken from it"),
    **dict.fromkeys(("drawing", "mechanical"), "a drawing; no measure is taken from it"),
    **dict.fromkeys(("outline", "keepout"), "the outline is taken from another file"),
    "netlist": "not compared with the copper",
}


def _lands(copper: _Copper, masks: dict[str, Picture]) -> Iterator[Land]:
    if not copper.layers:
        return
    yield from lands_of("top", copper.layers[0][2], masks.get("top"))
    if len(copper.layers) > 1:
        yield from lands_of("bottom", copper.layers[-1][2], masks.get("bottom"))


def _without_edge(copper: _Copper, members: Sequence[Member], findings: list[Finding]) -> Outline | None:
    """The extent of the copper for want of an outline; None, with an error, where there is none either."""
    where = copper.layers[0][1].name if copper.layers else members[0].name
    boxes = [box for box in map(extent, copper.pictures) if box is not None]
    if not boxes:
        text = "neither an outline nor copper is found among these files, so the board has no shape"
        findings.append(error("files.fabrication.no-board", where, text, "add the copper and outline layers"))
        return None
    left, low = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, high = max(box[2] for box in boxes), max(box[3] for box in boxes)
    outline = assemble([[(left, low), (right, low), (right, high), (left, high), (left, low)]])
    if not outline.outer:
        text = f"no outline layer, and the copper takes no room ({right - left:.4g} x {high - low:.4g} mm)"
        findings.append(error("files.fabrication.no-board", where, text, "add the outline layer"))
        return None
    text = f"no outline layer; the extent of the copper is taken ({right - left:.2f} x {high - low:.2f} mm)"
    findings.append(warning("files.fabrication.no-outline", where, text, "add the outline layer"))
    return outline


def _elements(
    members: Sequence[Member],
    stack: Stack,
    copper: _Copper,
    outline: Outline,
    bores: Sequence[Bore],
    pads: Sequence[Pads],
    facts: Facts,
    findings: list[Finding],
) -> BoardElements:
    return BoardElements(
        source=stack.members[0].source if stack.members else members[0].source,
        layers=(),
        outline=outline,
        stack=_makeup(members, facts, stack.members[0].name if stack.members else members[0].name, findings),
        footprints=(),
        holes=tuple(_hole(bore, pads) for bore in bores),
        copper=strokes_of(copper.layers, findings),
        track_mm=_track(copper, bores),
        rule_space_mm=facts.min_space_mm,
        y_up=True,
    )


def _hole(bore: Bore, pads: Sequence[Pads]) -> Hole:
    cut = bore.cut
    first, last = bore.span or (1, len(pads))
    ring = ring_around(cut, pads[first - 1 : last]) if bore.plated else None
    return Hole(
        drill_mm=round(cut.diameter_mm, 5),
        plated=bore.plated,
        start=cut.start,
        end=cut.end,
        ring_mm=ring,
        span=bore.span,
    )


def _track(copper: _Copper, bores: Sequence[Bore]) -> float | None:
    cells = {_cell(point) for bore in bores for point in bore.cut.path}
    width = thinnest_track(copper.positive, lambda point: _cell(point) in cells)
    return None if width is None else round(width, 5)


def _cell(point: Point) -> tuple[int, int]:
    return round(point[0] / _HOLE_CELL_MM), round(point[1] / _HOLE_CELL_MM)


def _makeup(members: Sequence[Member], facts: Facts, where: str, findings: list[Finding]) -> Makeup:
    thickness = facts.thickness_mm
    if thickness is None:
        thickness = vocabulary().thickness_mm
        text = f"nothing tells how thick the board is; {thickness:g} mm is assumed"
        hint = "add the Gerber job file, or say it with the order"
        findings.append(warning("files.fabrication.thickness-assumed", where, text, hint))
    return Makeup(
        thickness_mm=thickness,
        finish=facts.finish,
        mask_colour=facts.mask_colour,
        copper_um=facts.copper_um,
        flexible=_flexible(members, facts, findings),
        castellated=facts.castellated or None,
        edge_plated=facts.edge_plated or None,
    )


def _flexible(members: Sequence[Member], facts: Facts, findings: list[Finding]) -> bool | None:
    """True where names of layers speak of a cover layer, stiffeners or a flexible board."""
    named = [(m, facts.files.get(m.base) or facts.descriptions.get(m.ending, "")) for m in members]
    for member, description in named:
        for text in (description, member.source.path.name.replace("_", " ")):
            match = _FLEXIBLE.search(text)
            if match:
                said = f"taken for a flexible board: a layer is called {text[:60]!r}"
                findings.append(info("files.fabrication.flexible", member.name, said))
                return True
    return None


def _warnings(
    stack: Stack, bores: Sequence[Bore], members: Sequence[Member], facts: Facts, outline: Outline
) -> Iterator[Finding]:
    where = stack.members[0].name if stack.members else members[0].name
    if not stack.members:
        text = "no copper layer among these files"
        yield warning("files.fabrication.no-copper", where, text, "add the copper layers")
    if not bores and not any(member.role.role == "drill" for member in members):
        text = "no drill file among these files: the board is taken to have no holes"
        yield warning("files.fabrication.no-drills", where, text, "add the drill files")
    if facts.size_mm is not None:
        left, low, right, high = bounds(point for path in outline.outer for point in path)
        wide, tall = facts.size_mm
        # The job file's size counts the pen of the outline.
        if abs(wide - (right - left)) > _SIZE_MM + 0.2 or abs(tall - (high - low)) > _SIZE_MM + 0.2:
            text = (
                f"the job file says {wide:g} x {tall:g} mm, "
                f"the outline is {right - left:.2f} x {high - low:.2f} mm"
            )
            yield warning("files.fabrication.job-size", where, text, "plot all files anew")
