"""Measures of bare boards."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from manyworks.manufacturability.rules import is_of, usual_thicknesses_mm
from manyworks.manufacturability.subjects import Subject
from manyworks.manufacturability.verdicts import Measured, Place, Reading
from manyworks.model import BoardDesign, Contour, DrillTool, Opening

# A corner that turns by more than this is sharp; short pieces are a curve written as chords.
_SHARP_DEG = 60.0
_LEAST_SIDE_MM = 0.5
# Two ounces of copper a square foot is 70 um; from a little below it the wider rules hold.
_HEAVY_COPPER_UM = 60.0
_BALL_REACH_MM = 0.05
_CAD_ENDINGS = (".kicad_pcb", ".brd")


def board_measure(measure: Callable[[BoardDesign], Measured]) -> Callable[[Subject], Measured]:
    """A measure of boards as one of subjects; nothing for what is no board."""

    def measured(subject: Subject) -> Measured:
        design = subject.design
        return measure(design) if isinstance(design, BoardDesign) else Measured()

    return measured


def known(value: float | None, needs: str, *, at: Place | None = None, variant: str = "") -> Measured:
    """One value, or what is missing to know it."""
    if value is None:
        return Measured(needs=needs, variant=variant)
    return Measured(readings=(Reading(value, at or Place()),), variant=variant)


def _copper(board: BoardDesign) -> str:
    return "copper 70" if board.copper_um is not None and board.copper_um >= _HEAVY_COPPER_UM else ""


def _track(board: BoardDesign) -> Measured:
    if not board.copper_layers or (board.min_track_mm is None and not board.placements):
        return Measured()  # a panel, a bezel: nothing is wired
    return known(board.min_track_mm, "the width of the tracks", variant=_copper(board))


def _space(board: BoardDesign) -> Measured:
    if board.min_track_mm is None:
        return Measured()
    return known(board.min_space_mm, "the distance between tracks", variant=_copper(board))


def _tools(board: BoardDesign, *, plated: bool | None = None, slots: bool | None = None) -> list[DrillTool]:
    return [
        tool
        for tool in board.drills
        if (plated is None or tool.plated is plated)
        and (slots is None or bool(tool.slots if slots else tool.holes))
    ]


def _drill(pick: Callable[[Sequence[float]], float], **wanted: bool) -> Callable[[BoardDesign], Measured]:
    def measured(board: BoardDesign) -> Measured:
        if not board.plated_holes and not board.nonplated_holes:
            return Measured()
        if not board.drills:
            return Measured(needs="the drill tools")
        sizes = [tool.diameter_mm for tool in _tools(board, **wanted)]
        if not sizes:
            return Measured()
        size = pick(sizes)
        return Measured(readings=tuple(Reading(size, place) for place in _holes_of(board, size)))

    return measured


def _holes_of(board: BoardDesign, diameter: float) -> list[Place]:
    found = [
        Place(at_mm=o.start_mm, words=f"hole {diameter:g} mm")
        for o in board.openings
        if abs(o.diameter_mm - diameter) < 1e-3
    ]
    return found[:50] or [Place(words=f"tool {diameter:g} mm")]


def _smallest_via(board: BoardDesign) -> Measured:
    through = [tool.diameter_mm for tool in _tools(board, plated=True, slots=False) if tool.span is None]
    if not through:
        return Measured()
    return known(min(through), "", variant=f"layers {board.copper_layers}")


def _ring(board: BoardDesign) -> Measured:
    if not board.plated_holes:
        return Measured()
    return known(board.min_ring_mm, "the pads around the holes")


def _hole_gap(board: BoardDesign) -> Measured:
    if board.plated_holes + board.nonplated_holes < 2:
        return Measured()
    return known(board.min_hole_gap_mm, "the places of the holes")


def _spans(board: BoardDesign) -> Measured:
    spans = sorted({tool.span for tool in board.drills if tool.span is not None})
    if board.blind_vias and not spans:
        return known(1.0, "", at=Place(words="blind or buried vias"))
    words = ", ".join(f"layers {first} to {last}" for first, last in spans)
    return known(float(len(spans)), "", at=Place(words=words))


def _edge(board: BoardDesign) -> Measured:
    if board.min_track_mm is None and not board.lands:
        return Measured()
    return known(board.copper_to_edge_mm, "the copper near the edge")


def _edge_in_panel(board: BoardDesign) -> Measured:
    return _edge(board) if board.pieces > 1 else Measured()


def _thickness_off(board: BoardDesign) -> Measured:
    if not board.thickness_mm:
        return Measured(needs="the thickness of the board")
    if board.flexible:
        return Measured()
    return known(min(abs(board.thickness_mm - usual) for usual in usual_thicknesses_mm()), "")


def _aspect(board: BoardDesign) -> Measured:
    tools = _tools(board, plated=True)
    drills = [tool.diameter_mm for tool in tools if tool.span is None and tool.diameter_mm > 0]
    if not drills:
        return Measured()
    if not board.thickness_mm:
        return Measured(needs="the thickness of the board")
    return Measured(
        readings=tuple(
            Reading(board.thickness_mm / min(drills), place) for place in _holes_of(board, min(drills))
        )
    )


def _balls(board: BoardDesign) -> Measured:
    arrays = [p for p in board.placements if p.fitted and is_of("balls", p.footprint)]
    if not arrays:
        return Measured()
    names = {part.designator for part in arrays}
    lands = [land for land in board.lands if land.reference in names]
    if not lands:
        return Measured(needs="which pads belong to " + ", ".join(sorted(names)[:5]))
    return Measured(
        readings=tuple(
            Reading(min(land.size_mm), Place(at_mm=land.centre_mm, words=land.reference)) for land in lands
        )
    )


def _castellations(board: BoardDesign) -> Measured:
    """Plated holes cut by the board's edge."""
    if board.castellated is False:
        return Measured()
    cut = [o for o in board.openings if o.plated and _on_edge(o, board.outline_mm[:1])]
    if not cut:
        return Measured(needs="where the half holes are") if board.castellated else Measured()
    return Measured(
        readings=tuple(Reading(o.diameter_mm, Place(at_mm=o.start_mm, words="half hole")) for o in cut)
    )


def _on_edge(opening: Opening, contours: Sequence[Contour]) -> bool:
    reach = opening.diameter_mm / 2 - _BALL_REACH_MM
    return any(
        _distance(opening.start_mm, start, end) < reach
        for contour in contours
        for start, end in pairwise([*contour, contour[0]])
    )


def _distance(point: tuple[float, float], start: tuple[float, float], end: tuple[float, float]) -> float:
    """From a point to a line between two points."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    t = ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length if length else 0.0
    t = min(1.0, max(0.0, t))
    return math.hypot(point[0] - start[0] - t * dx, point[1] - start[1] - t * dy)


def _missing_files(subject: Subject) -> Measured:
    """Layers a fabricator expects and a set does not have; not asked of a CAD program's board file."""
    board = subject.design
    drawn = any(file.path.lower().endswith(_CAD_ENDINGS) for file in subject.item.files)
    if not isinstance(board, BoardDesign) or not board.layers or drawn:
        return Measured()
    roles = {(layer.role, layer.side) for layer in board.layers}
    missing = list(_gaps(board, roles))
    return Measured(readings=(Reading(float(len(missing)), Place(words=", ".join(missing))),))


def _gaps(board: BoardDesign, roles: set[tuple[str, str]]) -> Iterator[str]:
    copper = [layer for layer in board.layers if layer.role == "copper" and layer.used]
    if len(copper) < board.copper_layers:
        yield f"{board.copper_layers - len(copper)} of {board.copper_layers} copper layers"
    for side in ("top", "bottom"):
        if any(layer.side == side for layer in copper) and ("mask", side) not in roles:
            yield f"{side} mask"
        if any(p.fitted and p.side == side and p.surface_pads for p in board.placements) and (
            ("paste", side) not in roles
        ):
            yield f"{side} paste"
    if not any(role == "outline" for role, _ in roles):
        yield "outline"
    if not board.plated_holes and not board.nonplated_holes and not any(r == "drill" for r, _ in roles):
        yield "drill file"


def _sharp_corners(board: BoardDesign) -> Measured:
    corners = [
        Place(at_mm=at, words="inner corner")
        for contour in board.outline_mm[board.pieces :]
        for at in _corners(contour)
    ]
    return Measured(readings=(Reading(float(len(corners)), corners[0] if corners else Place()),))


def _corners(contour: Contour) -> Iterator[tuple[float, float]]:
    """Points where two pieces of more than a chord's length meet at an angle."""
    count = len(contour)
    for index in range(count):
        before, at, after = contour[index - 1], contour[index], contour[(index + 1) % count]
        if min(math.dist(before, at), math.dist(at, after)) < _LEAST_SIDE_MM:
            continue
        turn = math.degrees(
            math.atan2(after[1] - at[1], after[0] - at[0]) - math.atan2(at[1] - before[1], at[0] - before[0])
        )
        if abs((turn + 180) % 360 - 180) > _SHARP_DEG:
            yield at


def _silkscreen(board: BoardDesign) -> Measured:
    if not any(layer.role == "silkscreen" for layer in board.layers):
        return Measured()
    return Measured(needs="the strokes of the silkscreen")


MEASURES: dict[str, Callable[[Subject], Measured]] = {
    name: board_measure(function)
    for name, function in {
        "board long side": lambda b: known(max(b.width_mm, b.height_mm), ""),
        "board short side": lambda b: known(min(b.width_mm, b.height_mm), ""),
        "track": _track,
        "space": _space,
        "smallest drill": _drill(min),
        "largest drill": _drill(max),
        "smallest via": _smallest_via,
        "ring": _ring,
        "smallest hole without plating": _drill(min, plated=False, slots=False),
        "narrowest plated slot": _drill(min, plated=True, slots=True),
        "narrowest slot without plating": _drill(min, plated=False, slots=True),
        "gap between holes": _hole_gap,
        "blind or buried spans": _spans,
        "copper to edge": _edge,
        "copper to edge in a panel": _edge_in_panel,
        "separate outlines": lambda b: known(float(b.pieces), ""),
        "thickness off the usual ones": _thickness_off,
        "thickness over drill": _aspect,
        "ball pad": _balls,
        "castellated hole": _castellations,
        "silkscreen stroke": _silkscreen,
        "sharp corners of cut-outs": _sharp_corners,
    }.items()
} | {"missing files": _missing_files}
