"""Pieces laid on a sheet or roll: a bottom-left heuristic with turns, always the same for the same pieces.

Pieces are placed largest first at the place nearest the start of the roll (bottom-left-fill on a grid:
Burke, Hellier, Kendall and Whitwell, Operations Research 54 (2006), 587), in a few orders, then pushed
together exactly. The length found is an estimate from above: a good planner or a long search does better.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import shapely
from shapely import Polygon, STRtree

from manyworks.shapes.contour_sets import Path, area_of
from manyworks.shapes.rasters import Raster, Roll, rasterise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

# Cells across the roll, and steps along it in the length of a usual piece.
_ROWS = 512
_STEPS = 24
# Work for all orders together, in column comparisons: about a third of a second.
_WORK = 130_000
# Shape detail, as a share of the roll's width, that is given away for speed.
_DETAIL = 0.001
# Heights at which a copy is tried beside its piece.
_OFFSETS = 80
# A push shorter than this is not made, and pushes stop this far before contact, mm.
_TOUCH = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Piece number ``piece`` turned by ``turn`` degrees about the origin, then moved by (x, y)."""

    piece: int
    turn: float
    x: float
    y: float

    def lay(self, outline: Path) -> list[tuple[float, float]]:
        """The outline where it lies."""
        cos, sin = _turn(self.turn)
        return [(x * cos - y * sin + self.x, x * sin + y * cos + self.y) for x, y in outline]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Pieces on a roll ``width`` wide (along y), ``length`` of it used (along x).

    ``used`` is the pieces' area over width times length; ``left`` are pieces that found no place.
    """

    width: float
    length: float
    placements: tuple[Placement, ...]
    used: float
    left: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turned:
    """A piece in one position, grown by half the gap, its box at the origin; ``shift`` brings it there."""

    turn: float
    shift: tuple[float, float]
    points: Floats
    raster: Raster


# A piece's number, its position, and where the corner of its box lies.
_Laid: TypeAlias = tuple[int, _Turned, float, float]


def lay_out(
    outlines: Sequence[Path],
    width: float,
    *,
    length: float = math.inf,
    gap: float = 0.0,
    turns: Sequence[float] = (0.0, 180.0),
) -> Layout:
    """Lay pieces on a roll or sheet, using as little of its length as the heuristic finds.

    Parameters
    ----------
    outlines
        Closed lines, mm. Holes do not matter: nothing is laid into them.
    width, length
        Usable size, mm; pieces may touch its edges. ``length`` is infinite for a roll.
    gap
        Least distance between two pieces, mm.
    turns
        Angles that each piece may be turned by, degrees; the grain of cloth allows 0 and 180.
    """
    whole = width + gap
    step = _step(outlines, whole)
    forms = _forms(outlines, whole, gap, turns, step)
    stop = length + gap
    spent = 0
    best: list[_Laid] | None = None
    for order in _orders(outlines):
        if best is not None and spent >= _WORK:
            break
        roll = Roll(_ROWS)
        placed = _fill(order, forms, roll, step, whole / _ROWS, stop)
        spent += max(1, roll.spent)
        if best is None or _rank(placed) < _rank(best):
            best = placed
    shelf = _shelves(forms, whole, stop)
    candidates = [_settle(best or []), shelf]
    chosen = min(candidates, key=_rank)
    return _layout(chosen, outlines, width, gap)


def _step(outlines: Sequence[Path], whole: float) -> float:
    """Columns narrow enough for the pieces, and not so many that it takes long."""
    sizes = sorted(math.sqrt(area_of(outline)) for outline in outlines)
    usual = sizes[len(sizes) // 2] if sizes else whole
    return min(max(usual / _STEPS, whole / 600), whole / 40)


def _rank(placed: Sequence[_Laid]) -> tuple[int, float]:
    return -len(placed), max((x + form.points[:, 0].max() for _, form, x, _ in placed), default=0.0)


def _layout(placed: Sequence[_Laid], outlines: Sequence[Path], width: float, gap: float) -> Layout:
    placements = tuple(
        Placement(piece=index, turn=form.turn, x=x + form.shift[0] - gap / 2, y=y + form.shift[1] - gap / 2)
        for index, form, x, y in sorted(placed, key=lambda row: row[0])
    )
    reach = max((x for p in placements for x, _ in p.lay(outlines[p.piece])), default=0.0)
    area = sum(area_of(outlines[p.piece]) for p in placements)
    used = area / (width * reach) if reach > 0 else 0.0
    placed_ones = {p.piece for p in placements}
    left = tuple(k for k in range(len(outlines)) if k not in placed_ones)
    return Layout(width=width, length=reach, placements=placements, used=used, left=left)


def _orders(outlines: Sequence[Path]) -> list[list[int]]:
    """Orders worth trying: by area, by length along the roll, by height, by the box's half edge."""
    boxes = [np.ptp(np.asarray(outline, dtype=float), axis=0) for outline in outlines]
    areas = [area_of(outline) for outline in outlines]
    keys = (
        areas,
        [float(box[0]) for box in boxes],
        [float(box[1]) for box in boxes],
        [float(box.sum()) for box in boxes],
    )
    orders = [sorted(range(len(outlines)), key=lambda k: (-key[k], k)) for key in keys]
    return [order for n, order in enumerate(orders) if order not in orders[:n]]


def _forms(
    outlines: Sequence[Path], whole: float, gap: float, turns: Sequence[float], step: float
) -> list[tuple[_Turned, ...]]:
    """Every piece in every position that fits across; equal outlines share the work."""
    known: dict[tuple[tuple[float, float], ...], tuple[_Turned, ...]] = {}
    result = []
    for outline in outlines:
        key = tuple((float(x), float(y)) for x, y in outline)
        if key not in known:
            grown = _grow(outline, gap, whole * _DETAIL)
            positions = (_position(grown, turn, whole, step) for turn in turns)
            known[key] = tuple(one for one in positions if one is not None)
        result.append(known[key])
    return result


def _grow(outline: Path, gap: float, detail: float) -> Floats:
    """The outline with half the gap around it, in fewer points, nowhere inside the true one."""
    polygon = Polygon(outline)
    polygon = polygon if polygon.is_valid else polygon.buffer(0)
    reach = gap / 2
    if gap > 0 or len(outline) > 40:
        detail = max(detail, 1e-9)
        grown = polygon.buffer(reach + detail, join_style="mitre", mitre_limit=2.0).simplify(detail * 0.9)
        box = polygon.bounds
        # Corners that were drawn out must not make the piece wider than it is.
        limit = shapely.box(box[0] - reach, box[1] - reach, box[2] + reach, box[3] + reach)
        polygon = shapely.intersection(grown, limit)
    if polygon.geom_type != "Polygon":
        polygon = polygon.convex_hull
    return np.asarray(polygon.exterior.coords, dtype=float)[:-1]


def _turn(degrees: float) -> tuple[float, float]:
    exact = {0.0: (1.0, 0.0), 90.0: (0.0, 1.0), 180.0: (-1.0, 0.0), 270.0: (0.0, -1.0)}
    turn = exact.get(degrees % 360.0)
    return turn or (math.cos(math.radians(degrees)), math.sin(math.radians(degrees)))


def _position(grown: Floats, turn: float, whole: float, step: float) -> _Turned | None:
    cos, sin = _turn(turn)
    points = grown @ np.array([[cos, sin], [-sin, cos]])
    low = points.min(axis=0)
    points = points - low
    if points[:, 1].max() > whole * (1 + 1e-12) + _TOUCH:
        return None
    raster = rasterise(points, step, whole / _ROWS)
    return _Turned(turn=turn, shift=(-float(low[0]), -float(low[1])), points=points, raster=raster)


def _fill(
    order: Sequence[int],
    forms: Sequence[tuple[_Turned, ...]],
    roll: Roll,
    step: float,
    cell: float,
    stop: float,
) -> list[_Laid]:
    """Place pieces in order, each where it ends first; equal pieces need not look before the last one."""
    placed: list[_Laid] = []
    begun: dict[tuple[int, int], int] = {}
    for index in order:
        best: tuple[tuple[int, int, int], _Turned] | None = None
        for which, form in enumerate(forms[index]):
            reach = len(form.raster.bits)
            far = len(roll.taken) if best is None else min(len(roll.taken), best[0][0] - reach)
            key = (id(forms[index]), which)
            spot = roll.lowest_place(form.raster, begun.get(key, 0), far + 1)
            if spot is None:
                continue
            begun[key] = spot[0]
            rank = (spot[0] + reach, spot[0], spot[1])
            if best is None or rank < best[0]:
                best = (rank, form)
        if best is None:
            continue
        (_, column, row), form = best
        if column * step + form.points[:, 0].max() <= stop + _TOUCH:
            roll.put(form.raster, column, row)
            placed.append((index, form, column * step, row * cell))
    return placed


def _shelves(forms: Sequence[tuple[_Turned, ...]], whole: float, stop: float) -> list[_Laid]:
    """Boxes side by side in rows across the roll: the plain bound that nesting must not miss."""
    flat = [(index, form) for index, some in enumerate(forms) if (form := _flattest(some, whole)) is not None]
    flat.sort(key=lambda row: -float(row[1].points[:, 0].max()))
    placed: list[_Laid] = []
    x = y = deep = 0.0
    for index, form in flat:
        wide, high = (float(v) for v in form.points.max(axis=0))
        if y + high > whole + _TOUCH:
            x, y, deep = x + deep, 0.0, 0.0
        deep = max(deep, wide)
        if x + wide <= stop + _TOUCH:
            placed.append((index, form, x, y))
            y += high
    return placed


def _flattest(forms: tuple[_Turned, ...], whole: float) -> _Turned | None:
    """The position that spoils the least of the roll when boxes of this kind fill it."""

    def waste(form: _Turned) -> float:
        wide, high = form.points.max(axis=0)
        return float(wide) / max(1, math.floor(whole / float(high) + 1e-9))

    return min(forms, key=waste, default=None)


def _settle(placed: list[_Laid]) -> list[_Laid]:
    """Push every piece back along the roll, then down, as far as it goes; undone where shapes would meet."""
    if not placed:
        return []
    laid = [form.points + np.array((x, y)) for _, form, x, y in placed]
    for axis in (0, 1, 0):
        boxes = np.array([(*one.min(axis=0), *one.max(axis=0)) for one in laid])
        for k in np.argsort(boxes[:, axis], kind="stable").tolist():
            free = _room(laid, boxes, k, axis) - _TOUCH
            if free > _TOUCH:
                laid[k][:, axis] -= free
                boxes[k, [axis, axis + 2]] -= free
    if _meet(laid):
        return placed
    return [
        (index, form, float(points[:, 0].min()), float(points[:, 1].min()))
        for (index, form, _, _), points in zip(placed, laid, strict=True)
    ]


def _meet(laid: Sequence[Floats]) -> bool:
    polygons = [Polygon(points) for points in laid]
    first, second = STRtree(polygons).query(polygons, predicate="intersects")
    pairs = [(a, b) for a, b in zip(first.tolist(), second.tolist(), strict=True) if a < b]
    return any(polygons[a].intersection(polygons[b]).area > _TOUCH for a, b in pairs)


def _room(laid: Sequence[Floats], boxes: Floats, k: int, axis: int) -> float:
    """How far a piece may move towards zero along an axis before it meets another or the edge."""
    other = 1 - axis
    near = (
        (boxes[:, other + 2] >= boxes[k, other])
        & (boxes[:, other] <= boxes[k, other + 2])
        & (boxes[:, axis] <= boxes[k, axis + 2])
    )
    near[k] = False
    moving, free = laid[k], float(boxes[k, axis])
    still = [laid[n] for n in np.flatnonzero(near).tolist()]
    if not still:
        return max(0.0, free)
    starts, ends = np.concatenate(still), np.concatenate([_next(one) for one in still])
    return max(
        0.0, min(free, _clear(moving, starts, ends, axis), _clear(-starts, -moving, -_next(moving), axis))
    )


def _next(points: Floats) -> Floats:
    """The corner after each corner."""
    return np.concatenate((points[1:], points[:1]))


def _clear(corners: Floats, starts: Floats, ends: Floats, axis: int) -> float:
    """Least distance from corners back along the axis to edges."""
    other = 1 - axis
    run = ends[:, other] - starts[:, other]
    level = np.abs(run) < 1e-12
    share = (corners[:, None, other] - starts[None, :, other]) / np.where(level, 1.0, run)
    hit = (share >= 0) & (share <= 1) & ~level
    along = starts[None, :, axis] + share * (ends - starts)[None, :, axis]
    far = (corners[:, None, axis] - along)[hit]
    far = far[far >= -_TOUCH]
    return float(far.min()) if far.size else math.inf


def faults(outlines: Sequence[Path], layout: Layout, *, gap: float = 0.0, slack: float = 1e-3) -> list[str]:
    """What is wrong with a layout, checked on the true outlines: overlaps, gaps too small, pieces outside.

    Parameters
    ----------
    slack
        Lengths and the square root of areas up to this are forgiven, mm.
    """
    laid = [Polygon(p.lay(outlines[p.piece])) for p in layout.placements]
    found = []
    for placement, polygon in zip(layout.placements, laid, strict=True):
        x0, y0, x1, y1 = polygon.bounds
        if x0 < -slack or y0 < -slack or y1 > layout.width + slack or x1 > layout.length + slack:
            found.append(f"piece {placement.piece} lies outside")
    first, second = STRtree(laid).query(laid, predicate="dwithin", distance=max(gap - slack, 0.0))
    for a, b in zip(first.tolist(), second.tolist(), strict=True):
        if a < b and _too_near(laid[a], laid[b], gap, slack):
            found.append(f"pieces {layout.placements[a].piece} and {layout.placements[b].piece} are too near")
    return found


def _too_near(one: Polygon, other: Polygon, gap: float, slack: float) -> bool:
    if one.intersection(other).area > slack * max(1.0, min(one.length, other.length)):
        return True
    return bool(gap > slack and one.distance(other) < gap - slack)


def fill_sheet(
    outlines: Sequence[Path],
    size: tuple[float, float],
    *,
    gap: float = 0.0,
    turns: Sequence[float] = (0.0, 90.0, 180.0, 270.0),
    most: int = 36,
) -> tuple[int, float]:
    """How many pieces of a set, taken again and again, one sheet holds, and the share of it they use.

    Up to ``most`` pieces are really laid; what is left of the sheet is filled in the same density.

    Parameters
    ----------
    outlines
        One set of pieces.
    size
        Usable width and length of the sheet, mm.
    """
    width, length = min(size), max(size)
    copies = max(1, most // len(outlines))
    pieces = list(outlines) * copies
    layout = lay_out(pieces, width, length=length, gap=gap, turns=turns)
    count = len(layout.placements)
    if not layout.left and layout.length > 0:
        count = int(copies * math.floor((length + gap) / (layout.length + gap))) * len(outlines)
    areas = [area_of(outline) for outline in outlines]
    if len(outlines) == 1:
        count = max(count, _in_boxes(outlines[0], (width, length), gap, turns))
        return count, count * areas[0] / (width * length)
    if layout.left:
        used = sum(areas[p.piece % len(outlines)] for p in layout.placements)
        return count, used / (width * length)
    return count, count / len(outlines) * sum(areas) / (width * length)


def _in_boxes(outline: Path, room: tuple[float, float], gap: float, turns: Sequence[float]) -> int:
    """Copies of one piece in straight rows of its box, or of the box of two that face each other."""
    one = np.asarray(outline, dtype=float)
    most = 0
    for turn in turns:
        cos, sin = _turn(turn)
        turned = one @ np.array([[cos, sin], [-sin, cos]])
        most = max(most, _boxes(np.ptp(turned, axis=0), room, gap))
        if (turn + 180.0) % 360.0 in turns:
            most = max(most, 2 * _boxes(_facing(turned, gap), room, gap))
    return most


def _boxes(box: Floats, room: tuple[float, float], gap: float) -> int:
    counts = [
        math.floor((free + gap) / (float(side) + gap) + 1e-9) for free, side in zip(room, box, strict=True)
    ]
    return max(0, counts[0]) * max(0, counts[1])


def _facing(points: Floats, gap: float) -> Floats:
    """Width and height of the smallest box around a piece and its copy turned by half, pushed together."""
    grown = _grow([(float(x), float(y)) for x, y in points], gap, float(np.ptp(points)) * _DETAIL)
    other = -grown
    away = float(grown[:, 0].max() - other[:, 0].min())
    offsets = np.unique(np.round((grown[:, None, 1] - other[None, :, 1]).ravel(), 6))
    best = np.array((math.inf, math.inf))
    for offset in offsets[:: -(-len(offsets) // _OFFSETS)].tolist():
        moved = other + np.array((away, offset))
        free = min(_clear(moved, grown, _next(grown), 0), _clear(-grown, -moved, -_next(moved), 0))
        if math.isfinite(free):
            pair = np.vstack((grown, moved - np.array((free, 0.0))))
            box = np.ptp(pair, axis=0) - gap
            best = box if box.prod() < best.prod() else best
    return best
