"""Lines of a drawing in mm -> contours: joined, counted once, each with what it is for."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from manyworks.files.sheets.conventions import depth_in
from manyworks.files.sheets.drawing import Drawing, Path
from manyworks.files.sheets.limits import CONTOURS, FINDINGS_PER_KIND
from manyworks.files.sheets.roles import Pen, Role, is_machined, pen_of
from manyworks.files.sheets.units import Unit
from manyworks.model import Finding, error, warning
from manyworks.shapes.contour_sets import (
    Chain,
    Piece,
    area_of,
    box_of,
    chain,
    is_tangle,
    length_drawn_twice,
    length_of,
    round_diameter,
    split_network,
)

# Ends this near are meant to meet; farther apart they are joined with a warning.
JOIN_MM = 0.01
LOOSE_JOIN_MM = 0.2
# Overlaps are looked for in drawings of at most this many points, and named from this length on.
_OVERLAP_POINTS = 200_000
_OVERLAP_MM = 1.0
# From this many on, open lines inside parts are slits (a living hinge), not guides left in the drawing.
_SLITS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Contour:
    """A line to follow, mm; the first point is not repeated where it is closed."""

    points: Path
    closed: bool
    role: str
    layer: str
    length: float
    diameter: float | None = None
    depth: float | None = None

    @property
    def area(self) -> float:
        """Area inside, mm2; of circles by their diameter."""
        return area_of(self.points) if self.diameter is None else math.pi / 4 * self.diameter**2

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Least x, least y, greatest x, greatest y."""
        return box_of(self.points)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contours:
    """All contours of a drawing, how many lines were doubles, and the length that overlaps in part."""

    contours: tuple[Contour, ...]
    doubles: int
    overlap: float


def build_contours(
    drawing: Drawing, roles: dict[Pen, Role], unit: Unit, where: str, findings: list[Finding]
) -> Contours:
    """Join the lines of each role; gaps, doubles and overlaps are said."""
    by_role: dict[str, list[Piece]] = {}
    for index, stroke in enumerate(drawing.strokes):
        role = roles[pen_of(stroke)].name
        if is_machined(role) or role == "sheet":
            points = [(x * unit.scale, y * unit.scale) for x, y in stroke.points]
            by_role.setdefault(role, []).append(Piece(points=points, tag=index))
    contours: list[Contour] = []
    doubles = bridged = 0
    for role, pieces in by_role.items():
        joined = chain(pieces, JOIN_MM, LOOSE_JOIN_MM)
        chains = _with_networks(joined.chains) if role == "cut" else joined.chains
        contours.extend(_contour(one, role, drawing, unit) for one in chains)
        doubles += joined.doubles
        bridged += joined.bridged
    findings.extend(_say_joins(doubles, bridged, where))
    if len(contours) > CONTOURS:
        text = f"{len(contours):,} contours; at most {CONTOURS:,} are sorted into parts"
        findings.append(error("files.sheet.too-much", where, text, "simplify the drawing"))
        contours = []
    overlap = _overlap(contours, where, findings)
    return Contours(contours=tuple(contours), doubles=doubles, overlap=overlap)


def _with_networks(chains: Sequence[Chain]) -> Sequence[Chain]:
    """Lines that close together without being one ring: the edge of what they enclose, and lines inside."""
    loose = [one for one in chains if not one.closed]
    if len(loose) < 2 or is_tangle([one.points for one in loose]):
        return chains
    outlines, rests = split_network([one.points for one in loose])
    if not outlines:
        return chains
    tag = max(loose, key=lambda one: length_of(one.points)).tag
    closed = [Chain(points=points, closed=True, tag=tag) for points in outlines]
    between = [replace(one, points=points) for one, rest in zip(loose, rests, strict=True) for points in rest]
    return [*(one for one in chains if one.closed), *closed, *between]


def _contour(one: Chain, role: str, drawing: Drawing, unit: Unit) -> Contour:
    stroke = drawing.strokes[one.tag]
    diameter = round_diameter(one.points) if one.closed else None
    if diameter is not None and stroke.diameter is not None:
        diameter = stroke.diameter * unit.scale
    return Contour(
        points=list(one.points),
        closed=one.closed,
        role=role,
        layer=stroke.layer,
        length=length_of(one.points, closed=one.closed) if diameter is None else math.pi * diameter,
        diameter=diameter,
        depth=depth_in(stroke.layer),
    )


def _say_joins(doubles: int, bridged: int, where: str) -> Iterable[Finding]:
    if doubles:
        text = f"{doubles} lines are drawn twice; each is counted once"
        yield warning("files.sheet.doubles", where, text, "delete the copies, or the cutter runs them twice")
    if bridged:
        text = f"{bridged} gaps of up to {LOOSE_JOIN_MM} mm between line ends are closed"
        yield warning("files.sheet.gaps", where, text, "join the lines in the drawing")


def _overlap(contours: Sequence[Contour], where: str, findings: list[Finding]) -> float:
    cuts = [one for one in contours if one.role == "cut"]
    if sum(len(one.points) for one in cuts) > _OVERLAP_POINTS:
        return 0.0
    lines = [[*one.points, one.points[0]] if one.closed else one.points for one in cuts]
    overlap = length_drawn_twice(lines) if len(lines) > 1 and not is_tangle(lines) else 0.0
    if overlap < _OVERLAP_MM:
        return 0.0
    text = f"cut lines lie on each other over {overlap:,.1f} mm; that is counted once"
    findings.append(
        warning("files.sheet.overlaps", where, text, "parts that share an edge need it only once")
    )
    return overlap


def set_strays_aside(
    contours: Sequence[Contour], telling: Collection[str], where: str, findings: list[Finding]
) -> list[Contour]:
    """Open lines on layers that do not say they are cut: a few are taken for guides, many for slits.

    Parameters
    ----------
    telling
        Layers that say that their lines are cut.
    """
    strays = [one for one in contours if one.role == "cut" and not one.closed]
    findings.extend(_say_open(strays, where))
    unsure = [one for one in strays if one.layer not in telling]
    if not unsure or len(unsure) >= _SLITS or len(strays) == sum(one.role == "cut" for one in contours):
        return list(contours)
    total = sum(one.length for one in unsure)
    text = f"{len(unsure)} open lines, {total:,.1f} mm, are taken for guides or bends and not cut"
    hint = "name their layer 'cut' or 'fold'"
    findings.append(warning("files.sheet.guides", where, text, hint))
    aside = set(map(id, unsure))
    return [replace(one, role="note") if id(one) in aside else one for one in contours]


def _say_open(loose: Sequence[Contour], where: str) -> Iterable[Finding]:
    for one in loose[:FINDINGS_PER_KIND]:
        (x0, y0), (x1, y1) = one.points[0], one.points[-1]
        text = (
            f"a line of {one.length:,.1f} mm from ({x0:.1f}, {y0:.1f}) to ({x1:.1f}, {y1:.1f}) is not closed"
        )
        yield warning("files.sheet.open", where, text, "close it if it is a part's edge")
    if len(loose) > FINDINGS_PER_KIND:
        text = f"{len(loose) - FINDINGS_PER_KIND} further lines are not closed"
        yield warning("files.sheet.open", where, text)
