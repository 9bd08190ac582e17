"""The lines of one pattern piece -> its whole outline: joined, unfolded at the mirror line; its grain."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from manyworks.files.garments.patterns import Path, PatternPiece, Point
from manyworks.model import Finding, error, warning
from manyworks.shapes.contour_sets import Chain, Piece, area_of, chain, length_of, mend_polygon

# Ends this near are meant to meet, and up to this far they are joined, mm.
_JOIN_MM, _LOOSE_MM = 0.05, 2.0
# A mirror line lies on the piece's edge where its ends are this near to it, mm.
_ON_EDGE_MM = 2.0
# A piece whose mirror image covers this much of it is drawn whole already.
_WHOLE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceLines:
    """What a piece is drawn with, mm, by the meaning of its layers."""

    name: str
    boundary: Sequence[Path]
    mirror: Sequence[Path] = ()
    grain: Sequence[Path] = ()
    cut_outs: Sequence[Path] = ()
    sewing: Sequence[Path] = ()
    notches: int = 0
    pieces: int = 1
    fabric: str = ""


def make_piece(
    lines: PieceLines, where: str, findings: list[Finding]
) -> tuple[PatternPiece, tuple[float, float | None]] | None:
    """The piece, the length of its sewn edge, and the allowance between sew line and edge where it has both.

    None with an error where its boundary does not close.
    """
    closed = [list(one.points) for one in _joined(lines.boundary) if one.closed]
    if not closed:
        text = f"the boundary of piece {lines.name!r} does not close"
        findings.append(error("files.garment.open", where, text, "join its lines"))
        return None
    outline = max(closed, key=area_of)
    findings.extend(_say_more(closed, lines.name, where))
    allowance = _allowance(outline, lines.sewing)
    sewn = sum(map(length_of, lines.sewing)) or length_of(outline, closed=True)
    cut_outs = [list(one.points) for one in _joined(lines.cut_outs) if one.closed]
    axis = _mirror_axis(lines.mirror, outline)
    if axis is not None:
        sewn = 2 * (sewn if lines.sewing else sewn - math.dist(*axis))
        outline, cut_outs = _unfold(outline, axis), [*cut_outs, *(_reflect(one, axis) for one in cut_outs)]
    elif lines.mirror:
        text = f"piece {lines.name!r} has a mirror line that is not its edge: the piece is taken as drawn"
        findings.append(warning("files.garment.mirror", where, text, "check that the whole piece is drawn"))
    piece = PatternPiece(
        name=lines.name,
        outline=outline,
        cut_outs=tuple(cut_outs),
        pieces=lines.pieces,
        fabric=lines.fabric,
        grain_deg=_direction(lines.grain),
        notches=lines.notches * (2 if axis is not None else 1),
    )
    return piece, (sewn, allowance)


def _joined(lines: Sequence[Path]) -> tuple[Chain, ...]:
    pieces = [Piece(points=line, tag=k) for k, line in enumerate(lines)]
    return chain(pieces, _JOIN_MM, _LOOSE_MM).chains


def _say_more(closed: Sequence[Sequence[Point]], name: str, where: str) -> Iterable[Finding]:
    if len(closed) > 1:
        text = (
            f"piece {name!r} has {len(closed)} boundaries; the largest is taken (the others may be its sizes)"
        )
        yield warning("files.garment.boundaries", where, text, "one boundary for each piece")


def _direction(grain: Sequence[Path]) -> float | None:
    """The angle of the longest grain line, degrees from 0 to below 180."""
    line = max(grain, key=lambda one: math.dist(one[0], one[-1]), default=None)
    if line is None or line[0] == line[-1]:
        return None
    (x0, y0), (x1, y1) = line[0], line[-1]
    return math.degrees(math.atan2(y1 - y0, x1 - x0)) % 180.0


def _mirror_axis(mirror: Sequence[Path], outline: Path) -> tuple[Point, Point] | None:
    """The mirror line, where it is an edge of the half that is drawn."""
    import shapely

    line = max(mirror, key=lambda one: math.dist(one[0], one[-1]), default=None)
    if line is None or math.dist(line[0], line[-1]) <= _ON_EDGE_MM:
        return None
    axis = line[0], line[-1]
    polygon = mend_polygon(shapely.Polygon(outline))
    edge = polygon.exterior if polygon.geom_type == "Polygon" else polygon.boundary
    middle = ((axis[0][0] + axis[1][0]) / 2, (axis[0][1] + axis[1][1]) / 2)
    if any(edge.distance(shapely.Point(point)) > _ON_EDGE_MM for point in (*axis, middle)):
        return None
    image = mend_polygon(shapely.Polygon(_reflect(outline, axis)))
    return axis if polygon.intersection(image).area < _WHOLE * polygon.area else None


def _reflect(points: Sequence[Point], axis: tuple[Point, Point]) -> Path:
    (x0, y0), (x1, y1) = axis
    dx, dy = x1 - x0, y1 - y0
    square = dx * dx + dy * dy
    result: Path = []
    for x, y in points:
        along = ((x - x0) * dx + (y - y0) * dy) / square
        foot = x0 + along * dx, y0 + along * dy
        result.append((2 * foot[0] - x, 2 * foot[1] - y))
    return result


def _unfold(outline: Path, axis: tuple[Point, Point]) -> Path:
    """Half and its mirror image together; a little width at the line makes them one."""
    import shapely

    whole = shapely.union(
        mend_polygon(shapely.Polygon(outline)),
        mend_polygon(shapely.Polygon(_reflect(outline, axis))),
    )
    seam = shapely.LineString(axis).buffer(_ON_EDGE_MM / 2, cap_style="flat")
    joined = shapely.union(whole, seam) if whole.geom_type != "Polygon" else whole
    largest = max(shapely.get_parts(joined), key=lambda one: one.area)
    return [(float(x), float(y)) for x, y in largest.exterior.coords][:-1]


def _allowance(outline: Path, sewing: Sequence[Path]) -> float | None:
    """How far the sew lines lie inside the edge, at their middle points; the median."""
    import shapely

    if not sewing:
        return None
    edge = shapely.LinearRing(outline)
    far = sorted(edge.distance(shapely.Point(line[k])) for line in sewing for k in range(0, len(line), 3))
    return float(far[len(far) // 2])
