"""Solids that are cut from stock of one thickness: bent sheets, plates, tubes and profiles."""

from __future__ import annotations

import math

from manyworks.model import (
    Body,
    Feature,
    Item,
    Operation,
    OperationId,
    Prism,
    Requirement,
    Routing,
    RoutingId,
    SheetMetal,
    SolidDesign,
)
from manyworks.processes.cutting_speeds import material_laws, saw_rate
from manyworks.processes.materials import Material, describe_price, find_material
from manyworks.processes.measures import out_of_scope
from manyworks.processes.routing.blank_routes import blank_ways
from manyworks.processes.routing.blanks import METALS, Bending, Blank, Openings, sorted_tools, stock_drivers
from manyworks.processes.routing.coatings import assumed_of, coating_of
from manyworks.processes.routing.drafts import Draft, told
from manyworks.processes.routing.sheet_routes import one_stroke, unknown_openings
from manyworks.processes.routing.unmeasured_sheets import guess_blank
from manyworks.processes.tables import default

_MM = 1e-3
_MM2 = 1e-6
_MILLED = frozenset(
    (
        "blind hole",
        "counterbored hole",
        "countersunk hole",
        "stepped hole",
        "pocket",
        "step",
        "chamfer",
        "boss",
    )
)
_TUBE, _SAW = "tube-laser-cutting", "sawing"


def sheet_metal_ways(item: Item, design: SolidDesign, draft: Draft) -> list[Routing]:
    """Routings of a part cut and bent from sheet; none where its material or shape does not allow it."""
    material = find_material(item.material or "")
    if material is None or design.bodies != 1:
        return []
    if not design.details:
        guessed = guess_blank(item, design, material)
        return blank_ways(item, guessed, draft) if guessed is not None else []
    body = design.details[0]
    if body.sheet is not None:
        return blank_ways(item, _sheet_blank(body, body.sheet, material), draft)
    prism = body.prism
    if prism is None or prism.share < default("plate_share"):
        return []
    if _is_plate(body, prism):
        return blank_ways(item, _plate_blank(body, prism, material), draft)
    return _profile_ways(item, body, prism, material, draft)


# Sheets and plates ---------------------------------------------------------------------------


def _sheet_blank(body: Body, sheet: SheetMetal, material: Material) -> Blank:
    long, wide = max(sheet.flat_mm), min(sheet.flat_mm)
    return Blank(
        material=material,
        thickness_mm=sheet.thickness_mm,
        length_mm=long,
        width_mm=wide,
        area_mm2=sheet.flat_area_mm2,
        cut_mm=sheet.cut_length_mm,
        pierces=float(max(sheet.pierces, 1)),
        openings=_openings(
            body, material, sheet.thickness_mm, sheet.cut_length_mm, sheet.pierces, 2.0 * (long + wide)
        ),
        bending=_bending(sheet) if sheet.bends and material.family in METALS else None,
        told=("routing: holes as cut, no threads, no tolerance finer than the process gives",),
    )


def _bending(sheet: SheetMetal) -> Bending:
    return Bending(
        strokes=len(sheet.bends),
        longest_mm=max(bend.length_mm for bend in sheet.bends),
        radii_mm=tuple(bend.radius_mm for bend in sheet.bends),
    )


def _is_plate(body: Body, prism: Prism) -> bool:
    """A prism cut through plate: not thick, thin beside its sides, nothing that asks for milling."""
    _, middle, _ = sorted(body.size_mm)
    thin = prism.length_mm <= min(default("thickest_plate_mm"), default("plate_from_box") * middle)
    return thin and not any(feature.kind in _MILLED for feature in body.features)


def _plate_blank(body: Body, prism: Prism, material: Material) -> Blank:
    """A plate: the skin less both faces is the cut, as long as it is high."""
    _, wide, long = sorted(body.size_mm)
    cut = max(body.surface_mm2 - 2.0 * prism.section_mm2, 0.0) / prism.length_mm
    pierces = 1 + sum(_goes_through(feature) for feature in body.features)
    return Blank(
        material=material,
        thickness_mm=prism.length_mm,
        length_mm=long,
        width_mm=wide,
        area_mm2=prism.section_mm2,
        cut_mm=cut,
        pierces=float(pierces),
        openings=_openings(body, material, prism.length_mm, cut, pierces, 2.0 * (long + wide)),
        told=(
            "routing: cut from plate in one go; faces as rolled, edges as cut",
            *told("thickest_plate_mm", "plate_from_box"),
        ),
    )


def _goes_through(feature: Feature) -> bool:
    return feature.kind in ("through hole", "passage", "slot")


def _openings(
    body: Body, material: Material, thickness: float, cut: float, pierces: float, outline: float
) -> Openings:
    """Strokes from the body's holes, the rest of the contours by length."""
    holes = [f.diameter_mm for f in body.features if f.kind == "through hole" and f.diameter_mm]
    if not holes:
        return unknown_openings(cut, pierces, outline)
    stamped = [
        d for d in holes if d <= default("stamp_side_mm") and one_stroke(math.pi * d, material, thickness)
    ]
    edge = min(outline, cut)
    return Openings(
        strokes=float(len(stamped)),
        tools=sorted_tools([*(f"round {d:.1f}" for d in stamped), "parting 50 x 5", "corner"]),
        nibble_mm=max(cut - edge - math.pi * sum(stamped), 0.0),
        edge_mm=edge,
        smallest_mm=min(holes),
    )


# Tubes and profiles --------------------------------------------------------------------------


def _profile_ways(item: Item, body: Body, prism: Prism, material: Material, draft: Draft) -> list[Routing]:
    """A profile of constant section: by a tube laser where it is hollow, sawn where it has no holes."""
    hollow = _is_hollow(body, prism)
    form = "tube" if hollow and material.price("tube") is not None else "bar"
    cuts: list[Operation] = []
    if hollow and _can_be_tube(material):
        cuts.append(_tube_operation(item, body, prism, material))
    if material.price(form) is not None and saw_rate(material.family) and not body.features:
        cuts.append(_saw_operation(item, prism, material, form))
    ways = (_profile_routing(item, body, cut, material, draft) for cut in cuts)
    return [routing for routing in ways if routing is not None]


def _profile_routing(
    item: Item, body: Body, cut: Operation, material: Material, draft: Draft
) -> Routing | None:
    """The routing that begins with a cut to length; None where a step is out of scope, which is then told."""
    coating = coating_of(item, body.surface_mm2, [cut]) if material.family in METALS else None
    operations = (cut, coating) if coating else (cut,)
    findings = [finding for operation in operations for finding in out_of_scope(operation)]
    draft.findings += findings
    if findings:
        return None
    slug = "sawn" if cut.process == _SAW else "tube-cut"
    kind = "sawn to length" if cut.process == _SAW else "cut from tube"
    form = "bar" if "bar" in cut.setup_state.get("stock", "") else "tube"
    return Routing(
        id=RoutingId(f"{item.id}/{slug}"),
        item=item.id,
        kind=f"{kind}, powder coated" if coating else kind,
        operations=operations,
        assumptions=(
            describe_price(material, form),
            "routing: the section is one that is sold; another has to be drawn or extruded first",
            *told("hollow_share", "profile_slenderness"),
            *assumed_of(operations),
        ),
    )


def _can_be_tube(material: Material) -> bool:
    beam = any(not law.co2 for law in material_laws(material))
    return material.price("tube") is not None and beam


def _across(body: Body, prism: Prism) -> tuple[float, float]:
    """The two sides of the section's box: those of the body without the one nearest to its length."""
    sides = sorted(body.size_mm, key=lambda side: abs(side - prism.length_mm))
    return max(sides[1:]), min(sides[1:])


def _is_hollow(body: Body, prism: Prism) -> bool:
    long, short = _across(body, prism)
    slender = prism.length_mm >= default("profile_slenderness") * long
    return slender and prism.section_mm2 <= default("hollow_share") * long * short


def _tube_operation(item: Item, body: Body, prism: Prism, material: Material) -> Operation:
    long, short = _across(body, prism)
    rim = max(body.surface_mm2 - 2.0 * prism.section_mm2, 0.0) / prism.length_mm
    wall = 2.0 * prism.section_mm2 / rim
    holes = [f.diameter_mm for f in body.features if f.kind == "through hole" and f.diameter_mm]
    return Operation(
        id=OperationId(f"{item.id}/tube-cut/cut"),
        name="Cut tube",
        process=_TUBE,
        requirement=Requirement(
            process=_TUBE,
            size_mm=(prism.length_mm, long, short),
            materials=(item.material or material.name,),
            thickness_mm=wall,
            length_mm=prism.length_mm,
            certificates=item.required_certificates,
        ),
        drivers={
            "length_mm": prism.length_mm,
            "cut_mm": rim / 2.0 + math.pi * sum(holes),
            "pierces": 1.0 + len(holes),
            "wall_mm": wall,
            "kg_per_m": prism.section_mm2 * _MM2 * material.density,
            **{name: value for name, value in stock_drivers(material, "tube").items() if name != "density"},
        },
        setup_family=f"{_TUBE} {item.id}",
        setup_state={
            "profile": f"{material.name} {long:g} x {short:g} x {wall:.2g}",
            "nozzle": f"{wall:.2g} mm",
        },
    )


def _saw_operation(item: Item, prism: Prism, material: Material, form: str) -> Operation:
    stock = stock_drivers(material, form)
    return Operation(
        id=OperationId(f"{item.id}/sawn/cut"),
        name="Saw to length",
        process=_SAW,
        requirement=Requirement(
            process=_SAW,
            materials=(item.material or material.name,),
            length_mm=prism.length_mm,
            certificates=item.required_certificates,
        ),
        drivers={
            "length_mm": prism.length_mm,
            "section_mm2": prism.section_mm2,
            "density": stock["density"],
            "stock_usd": stock[f"{form}_usd"],
            "scrap_usd": stock["scrap_usd"],
            "co2e": stock["co2e"],
        },
        setup_family=f"{_SAW} {item.id}",
        setup_state={
            "stock": f"{material.name} {form} of {prism.section_mm2:.0f} mm2",
            "stop": f"{prism.length_mm:g} mm",
        },
    )
