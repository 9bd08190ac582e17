"""Elements of a board -> its `BoardDesign`: counts, least widths and least distances."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from manyworks.files.boards.contours import Outline, simplify
from manyworks.files.boards.distances import Distances, measure_distances
from manyworks.files.boards.elements import BoardElements, BoardFile, Footprint, Hole
from manyworks.files.boards.limits import LANDS_SHOWN, OPENINGS_SHOWN
from manyworks.files.boards.outlines import single_boards
from manyworks.model import BoardDesign, Contour, DrillTool, Finding, Land, Opening, info, warning

# Drawings need no more than this; every measure is taken from the full contour.
DRAWING_MM = 0.02
# Below this a ring of copper is none: what is left of a pad as large as its hole.
_NO_RING_MM = 1e-3


def measure_board(elements: BoardElements, findings: list[Finding]) -> BoardFile:
    """The board's design; what is left out or assumed becomes a finding."""
    name = elements.source.name
    holes = elements.all_holes
    distances = measure_distances(elements, findings)
    if distances.space_mm is None and elements.rule_space_mm is not None:
        findings.append(_rule_said_aloud(elements.rule_space_mm, name))
    findings.extend(_doubles(elements.footprints, name))
    findings.extend(_ringless(holes, name))
    design = _design(elements, holes, distances)
    findings.extend(_not_shown(design, holes, elements.footprints, name))
    return BoardFile(design=design, footprints=elements.footprints, source=elements.source)


def _design(elements: BoardElements, holes: Sequence[Hole], distances: Distances) -> BoardDesign:
    outline, stack = elements.outline, elements.stack
    left, top, right, bottom = outline.box
    space = distances.space_mm if distances.space_mm is not None else elements.rule_space_mm
    return BoardDesign(
        width_mm=round(right - left, 4),
        height_mm=round(bottom - top, 4),
        area_mm2=round(outline.area, 3),
        copper_layers=elements.copper_layers,
        thickness_mm=stack.thickness_mm,
        plated_holes=sum(hole.plated for hole in holes),
        nonplated_holes=sum(not hole.plated for hole in holes),
        slots=sum(hole.slot for hole in holes),
        min_track_mm=elements.track_mm,
        min_space_mm=space,
        min_drill_mm=min((hole.drill_mm for hole in holes), default=None),
        placements=tuple(footprint.placement for footprint in elements.footprints),
        footprints_total=len(elements.footprints),
        blind_vias=any(hole.span is not None for hole in holes),
        finish=stack.finish,
        outline_mm=tuple(_drawn(outline)),
        min_ring_mm=_least_ring(holes),
        min_hole_gap_mm=distances.hole_gap_mm,
        copper_to_edge_mm=distances.edge_mm,
        drills=_drills(holes),
        layers=elements.layers,
        openings=tuple(map(_opening, holes[:OPENINGS_SHOWN])),
        lands=tuple(_lands(elements.footprints))[:LANDS_SHOWN],
        pieces=single_boards(outline),
        flexible=stack.flexible,
        castellated=True if distances.castellated else stack.castellated,
        edge_plated=stack.edge_plated,
        copper_um=stack.copper_um,
        mask_colour=stack.mask_colour,
        y_up=elements.y_up,
    )


def _drawn(outline: Outline) -> Iterator[Contour]:
    for path in (*outline.outer, *outline.inner):
        yield tuple((round(x, 3), round(y, 3)) for x, y in simplify(path, DRAWING_MM))


def _least_ring(holes: Sequence[Hole]) -> float | None:
    rings = (hole.ring_mm for hole in holes if hole.plated and hole.ring_mm is not None)
    least = min((ring for ring in rings if ring > _NO_RING_MM), default=None)
    return None if least is None else round(least, 4)


def _drills(holes: Sequence[Hole]) -> tuple[DrillTool, ...]:
    """Openings by diameter, plating and span: plated before not plated, through before blind."""
    tools: Counter[tuple[bool, tuple[int, int], float, bool]] = Counter(
        (not hole.plated, hole.span or (0, 0), round(hole.drill_mm, 4), hole.slot) for hole in holes
    )
    keys = sorted({key[:3] for key in tools})
    return tuple(
        DrillTool(
            diameter_mm=diameter,
            holes=tools[unplated, span, diameter, False],
            slots=tools[unplated, span, diameter, True],
            plated=not unplated,
            span=span if span != (0, 0) else None,
        )
        for unplated, span, diameter in keys
    )


def _opening(hole: Hole) -> Opening:
    return Opening(
        start_mm=(round(hole.start[0], 4), round(hole.start[1], 4)),
        end_mm=(round(hole.end[0], 4), round(hole.end[1], 4)),
        diameter_mm=hole.drill_mm,
        plated=hole.plated,
    )


def _lands(footprints: Sequence[Footprint]) -> Iterator[Land]:
    for footprint in footprints:
        yield from footprint.lands


def _not_shown(
    design: BoardDesign, holes: Sequence[Hole], footprints: Sequence[Footprint], name: str
) -> Iterator[Finding]:
    lands = sum(len(footprint.lands) for footprint in footprints)
    for what, shown, count in (
        ("openings", len(design.openings), len(holes)),
        ("pads", len(design.lands), lands),
    ):
        if shown < count:
            text = f"of {count:,} {what} the first {shown:,} are kept for pictures; all are counted"
            yield info("files.board.shown-in-part", name, text)


def _ringless(holes: Sequence[Hole], name: str) -> Iterator[Finding]:
    bare = [hole for hole in holes if hole.plated and (hole.ring_mm is None or hole.ring_mm <= _NO_RING_MM)]
    if bare:
        x, y = bare[0].start
        text = (
            f"{len(bare)} plated holes have no ring of copper around them, the first at ({x:.2f}, {y:.2f}); "
            "they are left out of the least ring"
        )
        yield info("files.board.ringless", name, text, "are they meant to be plated?")


def _rule_said_aloud(space: float, name: str) -> Finding:
    return info(
        "files.board.space-is-a-rule",
        name,
        f"the least space between tracks is taken from the file's own rule ({space:g} mm), not measured",
    )


def _doubles(footprints: Sequence[Footprint], name: str) -> Iterator[Finding]:
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
