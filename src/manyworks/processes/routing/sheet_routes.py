"""Flat drawings: pieces cut from sheet."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from manyworks.model import Item, SheetContour, SheetDesign, error, warning
from manyworks.processes.materials import Material, find_material, known_materials
from manyworks.processes.routing.blank_routes import blank_ways
from manyworks.processes.routing.blanks import METALS, Blank, Openings, sorted_tools
from manyworks.processes.routing.drafts import Draft, told, words_of
from manyworks.processes.routing.fold_lines import bending_of
from manyworks.processes.routing.kit_routes import finish
from manyworks.processes.tables import default, defaults, process_table, read_data

_MILLIMETRES = re.compile(r"(?<![\d.,])(\d{1,2}(?:[.,]\d{1,3})?)\s*mm\b", re.IGNORECASE)
_N_PER_T = 9806.65
_SHORTEST_WORD = 4


def route_sheet(item: Item, design: SheetDesign, draft: Draft) -> None:
    """Draw up the routings of a drawing for cutters: cut, then bent along its folds, then coated."""
    if not _is_sound(item, design, draft):
        return
    material = _material(item, design, draft)
    if material is None:
        return
    thickness, assumed = _thickness(item, design, material, draft)
    blank = _blank(design, material, thickness, assumed)
    kinds = read_data("route")["codes_of_families"]
    size = item.size_mm or (blank.length_mm, blank.width_mm, thickness)
    item = draft.put(
        replace(item, size_mm=size),
        str(kinds.get(material.family, "plastic_part")),
        mass_kg=blank.mass_kg,
        basis=f"area by thickness by density of {material.name}",
    )
    routings = blank_ways(item, blank, draft)
    if not routings:
        text = f"no process modelled here makes {item.id} of {thickness:g} mm {material.name}"
        draft.findings.append(warning("processes.route.no_way", item.id, text, "add an offer for it"))
        return
    lines = tuple(draft.product.fitted_lines(item.id))
    draft.add(item, [finish(routing, item, lines, draft) for routing in routings])


def _is_sound(item: Item, design: SheetDesign, draft: Draft) -> bool:
    """Whether there is a piece to cut out and nothing that needs milling part of the way."""
    if not (design.area_mm2 > 0.0 and design.cut_mm > 0.0 and math.isfinite(design.cut_mm)):
        text = f"the drawing holds {design.area_mm2:g} mm2 in {design.cut_mm:g} mm of cuts; expected a piece"
        draft.findings.append(
            error("processes.route.no_area", item.id, text, "close the outline, or name the cut layer")
        )
        return False
    partial = sorted({contour.role for contour in design.contours if contour.role in ("pocket", "drill")})
    if partial:
        text = f"the drawing has {' and '.join(partial)} lines, which no cutter of sheet makes"
        draft.findings.append(
            warning("processes.route.part_depth", item.id, text, "mill it, or cut them through")
        )
    return not partial


# Material and thickness ----------------------------------------------------------------------


def _material(item: Item, design: SheetDesign, draft: Draft) -> Material | None:
    """What is stated of the item, then of the drawing, then what its names say, then the usual one."""
    stated = item.material or design.material
    if stated:
        found = find_material(stated)
        if found is None:
            text = f"no process here cuts sheets of {stated!r}; the item can only be bought"
            hint = f"known: {', '.join(known_materials())}"
            draft.findings.append(warning("processes.route.material", item.id, text, hint))
        return found
    named = _named_material(item)
    usual = named or find_material(_usual_name(design))
    why = "which its name says" if named else "usual for such a sheet"
    if usual is not None:
        text = f"no material; taken as {usual.name}, {why}"
        draft.assume("material", item.id, text, "state the material of the item")
    return usual


def _usual_name(design: SheetDesign) -> str:
    usual = read_data("route_sheets")["usual"]
    thick = (design.thickness_mm or 0.0) >= usual["thick_from_mm"]
    return str(usual["thick_material" if thick else "material"])


def _named_material(item: Item) -> Material | None:
    """A material that the item's name, description or files hold as a whole word, and only one."""
    words = re.split(r"[^\w-]+|_", _text(item))
    found = {
        material.name: material
        for word in words
        if len(word) >= _SHORTEST_WORD and (material := find_material(word))
    }
    return next(iter(found.values())) if len(found) == 1 else None


def _text(item: Item) -> str:
    return " ".join((words_of(item), item.material or "", *(file.path for file in item.files)))


def _thickness(
    item: Item, design: SheetDesign, material: Material, draft: Draft
) -> tuple[float, tuple[str, ...]]:
    """The drawing's, then the item's least side or a number of mm in its words, then the usual one."""
    if design.thickness_mm:
        return design.thickness_mm, ()
    least = min(item.size_mm) if item.size_mm else 0.0
    if 0.0 < least <= default("thickest_sheet_mm"):
        return least, ()
    stated = {float(number.replace(",", ".")) for number in _MILLIMETRES.findall(_text(item))}
    stated = {value for value in stated if 0.0 < value <= default("thickest_sheet_mm")}
    if len(stated) == 1:
        value = stated.pop()
        draft.assume("thickness", item.id, f"thickness taken as {value:g} mm, which its name says")
        return value, ()
    return _usual_thickness(item, material, draft)


def _usual_thickness(item: Item, material: Material, draft: Draft) -> tuple[float, tuple[str, ...]]:
    name = f"sheet_{material.family}_mm"
    name = name if name in defaults() else "sheet_other_mm"
    value = default(name)
    text = f"no thickness; taken as {value:g} mm"
    draft.assume("thickness", item.id, text, "state thickness in the drawing or the size of the item")
    return value, told(name)


# The piece -----------------------------------------------------------------------------------


def _blank(design: SheetDesign, material: Material, thickness: float, assumed: tuple[str, ...]) -> Blank:
    length, width = _box(design)
    return Blank(
        material=material,
        thickness_mm=thickness,
        length_mm=length,
        width_mm=width,
        area_mm2=design.area_mm2,
        cut_mm=design.cut_mm,
        pierces=float(max(design.pierces, 1)),
        pieces=float(max(design.pieces, 1)) if design.nesting else 1.0,
        engrave_mm=design.engrave_mm,
        nested_mm2=_nested(design),
        openings=_openings(design, material, thickness),
        bending=bending_of(design) if material.family in METALS else None,
        told=assumed,
    )


def _box(design: SheetDesign) -> tuple[float, float]:
    """Sides of the largest piece, the longer first; of the whole drawing where pieces are not told apart."""
    whole = (max(design.size_mm), min(design.size_mm))
    if not design.nesting and design.pieces > 1:
        return whole
    outers = [c for c in design.contours if c.role == "cut" and c.closed and not c.inside]
    boxes = [_extent(contour) for contour in outers] or [whole]
    return max(box[0] for box in boxes), max(box[1] for box in boxes)


def _extent(contour: SheetContour) -> tuple[float, float]:
    xs, ys = [p[0] for p in contour.points_mm], [p[1] for p in contour.points_mm]
    sides = (max(xs) - min(xs), max(ys) - min(ys))
    return max(sides), min(sides)


def _nested(design: SheetDesign) -> float:
    """Least sheet that all pieces of one item take in the drawing's own nests; 0 where there are none."""
    largest = process_table("laser-cutting").coefficients
    most = largest["large_sheet_length_mm"].value * largest["large_sheet_width_mm"].value
    areas = [
        nest.sheet_mm[0] * nest.sheet_mm[1] / nest.pieces * max(design.pieces, 1)
        for nest in design.nesting
        if nest.pieces > 0 and nest.sheet_mm[0] * nest.sheet_mm[1] <= most
    ]
    return min(areas, default=0.0)


def _openings(design: SheetDesign, material: Material, thickness: float) -> Openings:
    """The contours as strokes of standard tools, nibbled curves and parted edges."""
    cuts = [contour for contour in design.contours if contour.role == "cut"]
    if not cuts:
        return unknown_openings(design.cut_mm, design.pierces, sum(design.size_mm) * 2.0)
    stamped, rest = [], []
    for contour in cuts:
        tool = _stamp(contour, material, thickness)
        if tool:
            stamped.append(tool)
        else:
            rest.append(contour)
    straight = sum(_straight_mm(contour) for contour in rest)
    sizes = [_extent(contour)[1] for contour in cuts if contour.inside and contour.closed]
    return Openings(
        strokes=float(len(stamped)),
        tools=sorted_tools([*stamped, "parting 50 x 5"]),
        nibble_mm=max(sum(contour.length_mm for contour in rest) - straight, 0.0),
        edge_mm=straight,
        smallest_mm=min(sizes, default=None),
    )


def _stamp(contour: SheetContour, material: Material, thickness: float) -> str:
    """Tool that makes an opening in one stroke; empty where none does."""
    if not (contour.inside and contour.closed):
        return ""
    long, short = _extent(contour)
    if long > default("stamp_side_mm") or not one_stroke(contour.length_mm, material, thickness):
        return ""
    if contour.diameter_mm:
        return f"round {contour.diameter_mm:.1f}"
    oblong = len(contour.points_mm) <= 6 and math.isclose(contour.length_mm, 2 * (long + short), rel_tol=0.02)
    return f"oblong {long:.1f} x {short:.1f}" if oblong else ""


def one_stroke(perimeter_mm: float, material: Material, thickness: float) -> bool:
    """Whether the press is strong enough for an opening: ``F = perimeter * t * shear strength``."""
    force = perimeter_mm * thickness * material.tensile * default("shear_share") / _N_PER_T
    return force <= process_table("punching").coefficients["hit_t_limit"].value


def _straight_mm(contour: SheetContour) -> float:
    """Length of a contour in segments long enough to be parted in a line."""
    least = default("straight_mm")
    return sum(length for length in _segments(contour.points_mm, contour.closed) if length >= least)


def _segments(points: Sequence[Sequence[float]], closed: bool) -> Iterator[float]:
    ends = [*points[1:], points[0]] if closed else points[1:]
    for here, there in zip(points, ends, strict=False):
        yield math.hypot(there[0] - here[0], there[1] - here[1])


def unknown_openings(cut_mm: float, pierces: float, outline_mm: float) -> Openings:
    """Openings of a piece of which only the cut length and the number of contours are known."""
    holes = max(pierces - 1.0, 0.0)
    diameter = default("other_hole_mm")
    inner = min(holes * math.pi * diameter, max(cut_mm - outline_mm, 0.0))
    edge = min(outline_mm, cut_mm)
    return Openings(
        strokes=holes,
        tools=("corner", "parting 50 x 5", f"round {diameter:g}"),
        nibble_mm=max(cut_mm - edge - inner, 0.0),
        edge_mm=edge,
        smallest_mm=diameter if holes else None,
    )
