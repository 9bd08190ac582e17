"""One DXF entity -> points in the plane of the drawing."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, TypeAlias

from manyworks.files.sheets.drawing import Path, Point
from manyworks.files.sheets.limits import LINE_POINTS

Line: TypeAlias = tuple[Path, float | None]

# Chords in a full turn: the area inside an arc comes out 0.005 % small; fewer where very much is drawn.
CHORDS = 360
_CHORDS_OF_MANY = 72
_MANY = 3_000
# Splines stay this near, as a share of their size.
_SPLINE_SHARE = 2e-5
_TEXTS = frozenset({"TEXT", "MTEXT", "ATTRIB", "ATTDEF"})
_REASONS = {
    "DIMENSION": "a dimension",
    "ARC_DIMENSION": "a dimension",
    "LARGE_RADIAL_DIMENSION": "a dimension",
    "LEADER": "a leader",
    "MLEADER": "a leader",
    "MULTILEADER": "a leader",
    "TOLERANCE": "a tolerance frame",
    "ACAD_TABLE": "a table",
    "HATCH": "a filled area: its edge is drawn by other lines",
    "MPOLYGON": "a filled area",
    "SOLID": "a filled area",
    "TRACE": "a filled area",
    "WIPEOUT": "a cover for the screen",
    "IMAGE": "a picture",
    "PDFUNDERLAY": "a picture",
    "DWFUNDERLAY": "a picture",
    "DGNUNDERLAY": "a picture",
    "OLE2FRAME": "an object of another program",
    "OLEFRAME": "an object of another program",
    "VIEWPORT": "a window onto the model",
    "POINT": "a point has no length",
    "XLINE": "a line without end",
    "RAY": "a line without end",
    "3DFACE": "a face in space: give a flat drawing",
    "MESH": "a mesh in space: give a flat drawing",
    "3DSOLID": "a solid: give a flat drawing, or the solid as STEP",
    "BODY": "a solid: give a flat drawing, or the solid as STEP",
    "SURFACE": "a surface in space: give a flat drawing",
    "EXTRUDEDSURFACE": "a surface in space: give a flat drawing",
    "LOFTEDSURFACE": "a surface in space: give a flat drawing",
    "REVOLVEDSURFACE": "a surface in space: give a flat drawing",
    "SWEPTSURFACE": "a surface in space: give a flat drawing",
    "REGION": "a region, kept in a closed format: explode it into lines",
    "ACAD_PROXY_ENTITY": "an object that only its own program can draw",
    "SHAPE": "a sign from a font file",
}


class NotALineError(Exception):
    """The entity is nothing that a cutter could follow; the text says what it is."""


def text_of(entity: Any) -> str | None:
    """The words of a text entity; None for everything else."""
    kind = entity.dxftype()
    if kind not in _TEXTS:
        return None
    return str(entity.plain_text() if kind in ("MTEXT", "TEXT") else entity.dxf.get("text", ""))


def chords_for(things: int) -> int:
    """Chords in a full turn in a drawing of so many things."""
    return CHORDS if things <= _MANY else _CHORDS_OF_MANY


def lines_of(entity: Any, chords: int = CHORDS) -> Iterator[Line]:
    """Points of an entity, with the diameter of a circle.

    Raises
    ------
    NotALineError
        With what the entity is, where it is no line.
    """
    kind = entity.dxftype()
    reader = _READERS.get(kind)
    if reader is None:
        raise NotALineError(_REASONS.get(kind, "not known as a line"))
    yield from reader(entity, chords)


def arc_points(centre: Point, radius: float, start: float, sweep: float, chords: int = CHORDS) -> Path:
    """Points on an arc, from an angle through another one, radians."""
    count = max(2, math.ceil(abs(sweep) / math.tau * chords))
    return [
        (
            centre[0] + radius * math.cos(start + sweep * k / count),
            centre[1] + radius * math.sin(start + sweep * k / count),
        )
        for k in range(count + 1)
    ]


def bulge_points(start: Point, end: Point, bulge: float, chords: int = CHORDS) -> Path:
    """Points from one corner to the next; the bulge is the tangent of a quarter of the arc's angle."""
    chord = math.dist(start, end)
    if abs(bulge) < 1e-9 or chord < 1e-12 or not math.isfinite(bulge):
        return [start, end]
    sweep = 4 * math.atan(bulge)
    # From the chord's middle to the centre, to the left of the way from start to end.
    off = chord / 2 * (1 - bulge * bulge) / (2 * bulge)
    ux, uy = (end[0] - start[0]) / chord, (end[1] - start[1]) / chord
    centre = ((start[0] + end[0]) / 2 - uy * off, (start[1] + end[1]) / 2 + ux * off)
    first = math.atan2(start[1] - centre[1], start[0] - centre[0])
    return [start, *arc_points(centre, math.dist(centre, start), first, sweep, chords)[1:-1], end]


def _line(entity: Any, chords: int) -> Iterator[Line]:
    start, end = entity.dxf.start, entity.dxf.end
    yield [(start.x, start.y), (end.x, end.y)], None


def _circle(entity: Any, chords: int) -> Iterator[Line]:
    radius = abs(entity.dxf.radius)
    if radius > 0:
        centre = entity.dxf.center
        points = _in_world(entity, arc_points((centre.x, centre.y), radius, 0.0, math.tau, chords), centre.z)
        yield [*points[:-1], points[0]], 2 * radius


def _arc(entity: Any, chords: int) -> Iterator[Line]:
    radius, centre = abs(entity.dxf.radius), entity.dxf.center
    first, last = math.radians(entity.dxf.start_angle), math.radians(entity.dxf.end_angle)
    sweep = (last - first) % math.tau or math.tau
    if radius > 0:
        yield (
            _in_world(entity, arc_points((centre.x, centre.y), radius, first, sweep, chords), centre.z),
            None,
        )


def _ellipse(entity: Any, chords: int) -> Iterator[Line]:
    first, last = entity.dxf.start_param, entity.dxf.end_param
    sweep = (last - first) % math.tau or math.tau
    count = max(8, math.ceil(sweep / math.tau * chords))
    points = _flat(entity.vertices([first + sweep * k / count for k in range(count + 1)]))
    yield ([*points[:-1], points[0]] if sweep > math.tau - 1e-9 else points), None


def _light_polyline(entity: Any, chords: int) -> Iterator[Line]:
    corners = [((float(x), float(y)), float(bulge)) for x, y, bulge in entity.get_points("xyb")]
    yield from _with_bulges(entity, corners, bool(entity.closed), float(entity.dxf.elevation), chords)


def _polyline(entity: Any, chords: int) -> Iterator[Line]:
    if entity.is_poly_face_mesh or entity.is_polygon_mesh:
        raise NotALineError("a mesh in space: give a flat drawing")
    vertices = [one for one in entity.vertices if not one.dxf.get("flags", 0) & 16]  # 16: frame of a spline
    places = [one.dxf.location for one in vertices]
    if entity.is_3d_polyline:
        points = _flat(places)
        yield ([*points, points[0]] if entity.is_closed and points else points), None
        return
    height = places[0].z if places else 0.0
    corners = [((p.x, p.y), one.dxf.get("bulge", 0.0)) for p, one in zip(places, vertices, strict=True)]
    yield from _with_bulges(entity, corners, bool(entity.is_closed), height, chords)


def _with_bulges(
    entity: Any, corners: Sequence[tuple[Point, float]], closed: bool, height: float, chords: int
) -> Iterator[Line]:
    if len(corners) > LINE_POINTS:
        raise NotALineError(f"a line of more than {LINE_POINTS:,} corners")
    pairs = list(pairwise(corners))
    if closed and len(corners) > 1:
        pairs.append((corners[-1], corners[0]))
    points: Path = []
    for (start, bulge), (end, _) in pairs:
        points.extend(bulge_points(start, end, bulge, chords)[1 if points else 0 :])
    yield _in_world(entity, points, height), _full_circle(corners, closed)


def _full_circle(corners: Sequence[tuple[Point, float]], closed: bool) -> float | None:
    """The diameter where two half circles make a circle, as many programs write one."""
    if closed and len(corners) == 2 and all(abs(abs(b) - 1.0) < 1e-6 for _, b in corners):
        return math.dist(corners[0][0], corners[1][0])
    return None


def _spline(entity: Any, chords: int) -> Iterator[Line]:
    if max(len(entity.control_points), len(entity.fit_points)) > LINE_POINTS // 10:
        raise NotALineError("a spline of too many points")
    curve = entity.construction_tool()
    control = _flat(curve.control_points)
    if not all(math.isfinite(v) for point in control for v in point):
        raise NotALineError("a spline with points that are no numbers")
    size = max((math.dist(control[0], point) for point in control), default=0.0)
    if size <= 0:
        return
    points: Path = []
    for point in curve.flattening(size * _SPLINE_SHARE, segments=4):
        points.append((point.x, point.y))
        if len(points) > LINE_POINTS:
            raise NotALineError("a spline of too many points")
    if entity.closed and points[0] != points[-1]:
        points.append(points[0])
    yield points, None


def _multi_line(entity: Any, chords: int) -> Iterator[Line]:
    for part in entity.virtual_entities():
        if part.dxftype() in _READERS:
            yield from lines_of(part, chords)


def _flat(points: Iterable[Any]) -> Path:
    return [(point.x, point.y) for point in points]


def _in_world(entity: Any, points: Path, height: float) -> Path:
    """From the entity's own plane (mirrored where it looks down) to the drawing's."""
    extrusion = entity.dxf.get("extrusion", None)
    if extrusion is None or (extrusion.x == 0 and extrusion.y == 0 and extrusion.z > 0):
        return points
    if not all(math.isfinite(v) for v in (extrusion.x, extrusion.y, extrusion.z)):
        raise NotALineError("it lies in a plane that is none")
    if abs(extrusion.z) < 1e-6 * extrusion.magnitude:
        raise NotALineError("it stands upright on the drawing")
    return _flat(entity.ocs().points_to_wcs([(x, y, height) for x, y in points]))


_READERS: dict[str, Callable[[Any, int], Iterator[Line]]] = {
    "LINE": _line,
    "CIRCLE": _circle,
    "ARC": _arc,
    "ELLIPSE": _ellipse,
    "LWPOLYLINE": _light_polyline,
    "POLYLINE": _polyline,
    "SPLINE": _spline,
    "HELIX": _spline,
    "MLINE": _multi_line,
}
