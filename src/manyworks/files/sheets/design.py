"""Contours -> the parts of a sheet design, its measures, and a finding for everything left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from manyworks.files.sheets.contours import Contour, Contours, set_strays_aside
from manyworks.files.sheets.conventions import depth_in, material_in, thickness_in, tool_in
from manyworks.files.sheets.drawing import Drawing, Path
from manyworks.files.sheets.limits import FINDINGS_PER_KIND
from manyworks.files.sheets.roles import Pen, Role, is_machined, pen_of
from manyworks.files.sheets.stocks import nest_as_drawn, nest_on_stock
from manyworks.files.sheets.units import Unit
from manyworks.files.sheets.views import Framed
from manyworks.model import Finding, Nesting, SheetContour, SheetDesign, SheetLayer, error, info, warning
from manyworks.shapes.contour_sets import box_of, count_regions, least_opening, least_web, nest

# Cuts nearer to each other than this meet, mm.
_TOUCH_MM = 0.01
# Texts longer than this are prose, not the statement of a material.
_STATEMENT = 60
_PRICED_LINES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """Which part each contour belongs to, which lie inside one, and how many pieces all come to."""

    part: tuple[int, ...]
    inside: tuple[bool, ...]
    outlines: tuple[Path, ...]
    areas: tuple[float, ...]
    pieces: int
    islands: int


def build_design(
    drawing: Drawing,
    roles: dict[Pen, Role],
    unit: Unit,
    joined: Contours,
    framed: Framed,
    where: str,
    findings: list[Finding],
) -> SheetDesign | None:
    """Measure what is cut; None with an error where nothing is."""
    telling = {pen.layer for pen, role in roles.items() if role.told}
    contours = set_strays_aside(framed.contours, telling, where, findings)
    cuts = [one for one in contours if one.role == "cut"]
    if not any(one.closed for one in cuts):
        findings.append(_nothing_cut(drawing, roles, contours, where))
        return None
    parts = _sort_out(contours)
    if parts is None:
        text = "too many contours lie in each other to sort them into parts"
        findings.append(error("files.sheet.too-much", where, text, "simplify the drawing"))
        return None
    findings.extend(_islands(parts, where))
    thickness, material = _stock(drawing, roles, where, findings)
    x0, y0, x1, y1 = box_of(point for one in cuts for point in one.points)
    openings = [one.points for one, inside in zip(contours, parts.inside, strict=True) if inside]
    return SheetDesign(
        size_mm=(x1 - x0, y1 - y0),
        unit=unit.name,
        unit_source=unit.source,
        pieces=parts.pieces,
        area_mm2=sum(parts.areas),
        cut_mm=max(0.0, sum(one.length for one in cuts) - joined.overlap),
        engrave_mm=sum(one.length for one in contours if one.role in ("engrave", "score")),
        pierces=len(cuts),
        contours=tuple(_noun(one, parts, k) for k, one in enumerate(contours)),
        layers=_layers(drawing, roles),
        thickness_mm=thickness,
        material=material,
        min_web_mm=_web(contours, parts),
        min_hole_mm=least_opening(openings),
        doubles=joined.doubles,
        open_ends=sum(1 for one in contours if not one.closed and one.role in ("cut", "note")),
        nesting=_nestings(contours, parts, framed),
    )


def _nothing_cut(
    drawing: Drawing, roles: dict[Pen, Role], contours: Sequence[Contour], where: str
) -> Finding:
    kinds = Counter(kind for (_, kind, _), n in drawing.left_out.items() for _ in range(n))
    if any(one.role == "cut" for one in contours):
        text = "no line that is cut closes: there is no part"
    elif drawing.strokes:
        text = "lines, but none for cutting: " + ", ".join(sorted({role.name for role in roles.values()}))
    elif kinds:
        text = "no lines, only " + ", ".join(f"{n} {kind}" for kind, n in kinds.most_common(8))
    else:
        text = "the drawing is empty"
    return error(
        "files.sheet.nothing-cut", where, text, "draw the parts' edges as closed lines on a layer 'cut'"
    )


def _sort_out(contours: Sequence[Contour]) -> _Parts | None:
    """Contours with an even number around them are parts, odd ones openings in the part around."""
    cuts = [k for k, one in enumerate(contours) if one.role == "cut" and one.closed]
    nested = nest([contours[k].points for k in cuts])
    if nested is None:
        return None
    inside = [False] * len(contours)
    part = [-1] * len(contours)
    outer = [k for k, (depth, _) in zip(cuts, nested, strict=True) if depth % 2 == 0]
    number = {k: n for n, k in enumerate(outer)}
    areas = [contours[k].area for k in outer]
    for k, (depth, around) in zip(cuts, nested, strict=True):
        inside[k] = depth % 2 == 1
        part[k] = number[cuts[around]] if inside[k] and cuts[around] in number else number.get(k, -1)
        if inside[k] and part[k] >= 0:
            areas[part[k]] -= contours[k].area
    outlines = [contours[k].points for k in outer]
    _give_parts(contours, outlines, part)
    pieces = len(outer) + _divided(contours, part, inside, outlines)
    return _Parts(
        part=tuple(part),
        inside=tuple(inside),
        outlines=tuple(outlines),
        areas=tuple(max(0.0, area) for area in areas),
        pieces=pieces,
        islands=sum(1 for depth, _ in nested if depth > 0 and depth % 2 == 0),
    )


def _give_parts(contours: Sequence[Contour], outlines: Sequence[Path], part: list[int]) -> None:
    """Open cuts, engravings and folds belong to the smallest part around their middle."""
    import numpy as np
    import shapely

    from manyworks.shapes.contour_sets import as_polygons

    rest = [k for k, one in enumerate(contours) if part[k] < 0 and not (one.role == "cut" and one.closed)]
    if not rest or not outlines:
        return
    polygons = as_polygons(outlines)
    areas = np.array([one.area for one in polygons])
    middles = shapely.points([contours[k].points[len(contours[k].points) // 2] for k in rest])
    tree = shapely.STRtree(polygons)
    mine, around = tree.query(middles, predicate="dwithin", distance=_TOUCH_MM)
    for row in np.lexsort((-areas[around], mine)):  # the smallest around comes last and stays
        part[rest[mine[row]]] = int(around[row])


def _divided(
    contours: Sequence[Contour], part: Sequence[int], inside: Sequence[bool], outlines: Sequence[Path]
) -> int:
    """How many pieces more there are than parts, since open cuts divide some."""
    lines: dict[int, list[Path]] = {}
    openings: dict[int, list[Path]] = {}
    for k, one in enumerate(contours):
        if one.role == "cut" and part[k] >= 0:
            if not one.closed:
                lines.setdefault(part[k], []).append(one.points)
            elif inside[k]:
                openings.setdefault(part[k], []).append(one.points)
    return sum(
        count_regions(outlines[number], openings.get(number, []), some) - 1
        for number, some in lines.items()
        if len(some) <= _PRICED_LINES
    )


def _islands(parts: _Parts, where: str) -> Iterable[Finding]:
    """Parts inside openings of others: often the inner edge of a step, drawn as if it were cut."""
    if parts.islands:
        text = f"{parts.islands} pieces lie inside openings of others and are counted as pieces of their own"
        yield warning("files.sheet.island", where, text, "check that these lines are cuts and not edges seen")


def _noun(one: Contour, parts: _Parts, k: int) -> SheetContour:
    return SheetContour(
        points_mm=tuple(one.points),
        closed=one.closed,
        role=one.role,
        layer=one.layer,
        length_mm=one.length,
        inside=parts.inside[k],
        part=parts.part[k],
        diameter_mm=one.diameter,
        depth_mm=one.depth,
    )


def _web(contours: Sequence[Contour], parts: _Parts) -> float | None:
    cuts = [k for k, one in enumerate(contours) if one.role == "cut" and one.closed]
    return least_web([contours[k].points for k in cuts], [parts.part[k] for k in cuts], _TOUCH_MM)


def _nestings(contours: Sequence[Contour], parts: _Parts, framed: Framed) -> tuple[Nesting, ...]:
    boxes = [
        one.box for k, one in enumerate(contours) if one.role == "cut" and one.closed and not parts.inside[k]
    ]
    router = any(one.role in ("pocket", "drill") or one.depth is not None for one in contours)
    drawn = nest_as_drawn(framed.sheets, boxes, parts.areas)
    return (*drawn, *nest_on_stock(parts.outlines, parts.areas, router=router))


def _stock(
    drawing: Drawing, roles: dict[Pen, Role], where: str, findings: list[Finding]
) -> tuple[float | None, str]:
    """Thickness and material where the file's name, its layers or a short text state one, and only one."""
    layers = {pen.layer: role.name for pen, role in roles.items()}
    statements = [
        PurePath(where).stem,
        *(layer for layer, role in layers.items() if role not in ("note", "ignore")),
        *(text for _, text in drawing.texts if len(text) <= _STATEMENT),
    ]
    stated = {thickness_in(text) for text in statements} - {None}
    sheets = {depth_in(layer) for layer, role in layers.items() if role == "sheet"} - {None}
    through = {depth_in(layer) for layer, role in layers.items() if role == "cut"}
    found = next((one for one in (sheets, stated, through) if len(one) == 1 and None not in one), set())
    thickness = next(iter(found), None)
    if len(stated) > 1:
        text = "several thicknesses are stated: " + ", ".join(
            f"{v:g} mm" for v in sorted(filter(None, stated))
        )
        findings.append(warning("files.sheet.thickness", where, text, "one drawing for each thickness"))
    materials = {material_in(text) for text in statements} - {""}
    if len(materials) > 1:
        text = "several materials are named: " + ", ".join(sorted(materials))
        findings.append(info("files.sheet.material", where, text))
    return thickness, next(iter(materials)) if len(materials) == 1 else ""


def _layers(drawing: Drawing, roles: dict[Pen, Role]) -> tuple[SheetLayer, ...]:
    """Every layer on which anything is drawn; one with several roles stands once for each."""
    rows: list[SheetLayer] = []
    drawn: dict[str, Counter[Pen]] = {}
    for stroke in drawing.strokes:
        drawn.setdefault(stroke.layer, Counter())[pen_of(stroke)] += 1
    for layer, total in drawing.counts.items():
        pens = drawn.get(layer, Counter())
        by_role: dict[str, list[Pen]] = {}
        for pen in pens:
            by_role.setdefault(roles[pen].name, []).append(pen)
        unread = total - sum(pens.values())
        if not by_role:
            rows.append(_layer(layer, "note", total, 0, "; ".join(_reasons(drawing, layer))))
        for role, mine in sorted(by_role.items()):
            name = layer if len(by_role) == 1 else f"{layer} [{mine[0].colour or mine[0].line or role}]"
            count = sum(pens[pen] for pen in mine)
            used = count if is_machined(role) or role == "sheet" else 0
            rows.append(_layer(name, role, count + unread, used, roles[mine[0]].why))
            unread = 0
    return tuple(rows)


def _layer(name: str, role: str, entities: int, used: int, why: str) -> SheetLayer:
    return SheetLayer(
        name=name,
        role=role,
        entities=entities,
        used=used,
        depth_mm=depth_in(name),
        tool=tool_in(name),
        why=why,
    )


def _reasons(drawing: Drawing, layer: str) -> list[str]:
    rows = [(kind, reason, n) for (on, kind, reason), n in drawing.left_out.items() if on == layer]
    return [f"{n} {kind}: {reason}" for kind, reason, n in rows[:5]]


def say_left_out(drawing: Drawing, where: str) -> Iterable[Finding]:
    """A finding for each kind of thing that became no line."""
    kinds: Counter[tuple[str, str]] = Counter()
    for (_, kind, reason), count in drawing.left_out.items():
        kinds[kind, reason] += count
    for (kind, reason), count in kinds.most_common(FINDINGS_PER_KIND):
        say = (
            warning
            if "give a flat drawing" in reason or "explode" in reason or "only its own" in reason
            else info
        )
        yield say("files.sheet.left-out", where, f"{count} {kind} not used: {reason}")
    if len(kinds) > FINDINGS_PER_KIND:
        rest = sum(count for _, count in kinds.most_common()[FINDINGS_PER_KIND:])
        yield info("files.sheet.left-out", where, f"{rest} further things of other kinds not used")
    hidden = {layer: why for layer, why in drawing.hidden.items() if drawing.counts.get(layer)}
    for layer, why in list(hidden.items())[:FINDINGS_PER_KIND]:
        yield info(
            "files.sheet.hidden",
            where,
            f"layer {layer!r} ({drawing.counts[layer]} things) is {why}: not used",
        )
