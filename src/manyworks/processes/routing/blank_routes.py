"""From a flat piece to routings: cut by laser, turret press or waterjet, then bent, then coated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from manyworks.model import Finding, Item, Operation, OperationId, Requirement, Routing, RoutingId, warning
from manyworks.processes.cutting_speeds import PLASMA, material_laws, thickest_mm
from manyworks.processes.materials import describe_price
from manyworks.processes.measures import out_of_scope
from manyworks.processes.routing.blanks import Bending, Blank, least_radius_ratio
from manyworks.processes.routing.coatings import (
    assumed_of,
    coating_of,
    not_coated,
    unmodelled_finish,
    wants_powder,
)
from manyworks.processes.routing.drafts import Draft, told
from manyworks.processes.sheet_forming import bending_force_t
from manyworks.processes.tables import default, process_table

_LASER, _PUNCH, _JET, _ARC = "laser-cutting", "punching", "waterjet-cutting", "plasma-cutting"
_BEND = "sheet-metal-bending"
_WAYS = {
    _LASER: ("laser-cut", "laser cut"),
    _PUNCH: ("punched", "punched"),
    _JET: ("jet-cut", "waterjet cut"),
    _ARC: ("plasma-cut", "plasma cut"),
}


def blank_ways(item: Item, blank: Blank, draft: Draft) -> list[Routing]:
    """Every way there is to make a flat piece and what is bent from it; none where none fits."""
    draft.findings += _remarks(item, blank)
    sold = blank.material.price("sheet") is not None
    cuts = list(_cuts(item, blank, draft)) if sold else []
    if not sold:
        draft.findings.append(_unsold(item, blank))
    return [routing for cut in cuts if (routing := _routing(item, blank, cut, draft)) is not None]


def _routing(item: Item, blank: Blank, cut: Operation, draft: Draft) -> Routing | None:
    """The routing that begins with a cut; None where a step is out of scope, which is then told."""
    slug, kind = _WAYS[cut.process]
    operations = [cut]
    if blank.bending is not None:
        operations.append(_bend(item, blank, blank.bending, slug, cut))
        kind = f"{kind} and bent"
    if blank.is_metal and (coating := coating_of(item, blank.skin_mm2, operations)):
        operations.append(coating)
        kind = f"{kind}, powder coated"
    findings = [finding for operation in operations for finding in out_of_scope(operation)]
    draft.findings += findings
    if findings:
        return None
    least = process_table(_PUNCH).scope.from_quantity if cut.process == _PUNCH else 1.0
    return Routing(
        id=RoutingId(f"{item.id}/{slug}"),
        item=item.id,
        kind=kind,
        operations=tuple(operations),
        min_quantity=least,
        assumptions=(
            describe_price(blank.material, "sheet"),
            *blank.told,
            *_cut_told(cut),
            *assumed_of(operations),
        ),
    )


def _cut_told(cut: Operation) -> tuple[str, ...]:
    if cut.process == _PUNCH:
        return told("shear_share", "stamp_side_mm", "straight_mm")
    return ()


# Cutting -------------------------------------------------------------------------------------


def _cuts(item: Item, blank: Blank, draft: Draft) -> Iterator[Operation]:
    beam = bool(material_laws(blank.material))
    most = thickest_mm(blank.material)
    if beam and blank.thickness_mm <= most:
        yield _laser(item, blank)
    elif beam:
        draft.findings.append(_too_thick(item, blank, most))
    if _can_punch(blank):
        yield _punch(item, blank)
    if not blank.engrave_mm and _suits_jet(blank, beam):
        yield _cut(item, blank, _JET, {"cut_mm": blank.cut_mm, "pierces": blank.pierces})
    if blank.thickness_mm <= thickest_mm(blank.material, PLASMA) and _wants_arc(item, blank, most):
        yield _cut(item, blank, _ARC, {"cut_mm": blank.cut_mm, "pierces": blank.pierces, **_smallest(blank)})


def _wants_arc(item: Item, blank: Blank, laser_mm: float) -> bool:
    """Plasma is coarser than a drawing usually means: where it is asked for, or where no laser cuts it."""
    return not blank.engrave_mm and (_ARC in item.processes or blank.thickness_mm > laser_mm)


def _suits_jet(blank: Blank, beam: bool) -> bool:
    """Thick plate, and what no beam cuts; wood and paper swell."""
    wet = blank.material.family not in ("wood", "paper")
    return wet and (not beam or blank.thickness_mm >= default("jet_from_mm"))


def _can_punch(blank: Blank) -> bool:
    scope = {limit.driver: limit.most for limit in process_table(_PUNCH).scope.limits}
    fits = blank.thickness_mm <= scope["thickness_mm"] and len(blank.openings.tools) <= default("most_tools")
    return blank.is_metal and fits and not blank.engrave_mm


def _laser(item: Item, blank: Blank) -> Operation:
    measures = {"cut_mm": blank.cut_mm, "pierces": blank.pierces, "engrave_mm": blank.engrave_mm}
    return _cut(item, blank, _LASER, {**measures, **_smallest(blank)})


def _punch(item: Item, blank: Blank) -> Operation:
    openings = blank.openings
    measures = {
        "holes": openings.strokes,
        "nibble_mm": openings.nibble_mm,
        "edge_mm": openings.edge_mm,
        "tools": float(max(len(openings.tools), 1)),
        "tensile": blank.material.tensile,
    }
    return _cut(item, blank, _PUNCH, {**measures, **_smallest(blank)})


def _smallest(blank: Blank) -> dict[str, float]:
    """The smallest opening where it is known."""
    across = blank.openings.smallest_mm
    return {} if across is None else {"smallest_hole_ratio": across / blank.thickness_mm}


def _cut(item: Item, blank: Blank, process: str, measures: dict[str, float]) -> Operation:
    slug, kind = _WAYS[process]
    stock = f"{blank.material.name} {blank.thickness_mm:g} mm"
    state = {"sheet": stock, "plate": stock, "nozzle": stock, "jet": "garnet", "torch": stock}
    state["turret"] = "|".join(blank.openings.tools)
    modules = process_table(process).changeover
    return Operation(
        id=OperationId(f"{item.id}/{slug}/cut"),
        name=kind[0].upper() + kind[1:],
        process=process,
        requirement=Requirement(
            process=process,
            size_mm=(blank.length_mm, blank.width_mm),
            materials=(item.material or blank.material.name,),
            thickness_mm=blank.thickness_mm,
            certificates=item.required_certificates,
        ),
        drivers={**blank.drivers(), **measures},
        setup_family=f"{process} {item.id}",
        setup_state={name: state[name] for name in modules if state.get(name)},
    )


# Bending -------------------------------------------------------------------------------------


def _bend(item: Item, blank: Blank, bending: Bending, slug: str, cut: Operation) -> Operation:
    radii = sorted({round(radius, 1) for radius in bending.radii_mm})
    drivers = {
        "bends": float(bending.strokes),
        "tool_sets": float(max(len(radii), 1)),
        "bend_mm": bending.longest_mm,
        "thickness_mm": blank.thickness_mm,
        "length_mm": blank.length_mm,
        "mass_kg": blank.mass_kg,
        "tensile": blank.material.tensile,
    }
    if radii:
        drivers["radius_ratio"] = radii[0] / blank.thickness_mm
    if bending.leg_mm is not None:
        drivers["flange_ratio"] = bending.leg_mm / blank.thickness_mm
    if bending.opening_mm is not None:
        drivers["hole_ratio"] = bending.opening_mm / blank.thickness_mm
    return Operation(
        id=OperationId(f"{item.id}/{slug}/bend"),
        name=f"Bend, {bending.strokes} strokes",
        process=_BEND,
        requirement=Requirement(
            process=_BEND,
            materials=(item.material or blank.material.name,),
            thickness_mm=blank.thickness_mm,
            bend_length_mm=bending.longest_mm,
            clamp_force_t=bending_force_t(blank.thickness_mm, bending.longest_mm, blank.material.tensile),
            certificates=item.required_certificates,
        ),
        drivers=drivers,
        after=(cut.id,),
        setup_family=f"{_BEND} {item.id}",
        setup_state={
            "tools": "|".join(f"R{radius:g} V{8 * blank.thickness_mm:g}" for radius in radii or [1.0]),
            "program": str(item.id),
        },
    )


# What is told --------------------------------------------------------------------------------


def _remarks(item: Item, blank: Blank) -> Sequence[Finding]:
    found = list(unmodelled_finish(item))
    if wants_powder(item) and not blank.is_metal:
        found.append(not_coated(item, blank.material.name))
    bending = blank.bending
    if bending is not None and bending.radii_mm:
        ratio, least = min(bending.radii_mm) / blank.thickness_mm, least_radius_ratio(blank.material)
        if ratio < least:
            found.append(_will_crack(item, blank, ratio, least))
    return found


def _will_crack(item: Item, blank: Blank, ratio: float, least: float) -> Finding:
    return warning(
        "processes.route.bend_radius",
        item.id,
        f"inside radius of {ratio:.2g} thicknesses; {blank.material.name} cracks below about {least:g}",
        "a larger radius, or a softer alloy such as 5052 or 5754",
    )


def _too_thick(item: Item, blank: Blank, most: float) -> Finding:
    return warning(
        "processes.route.too_thick",
        item.id,
        f"{blank.thickness_mm:g} mm of {blank.material.name}; ordinary lasers cut up to {most:g} mm of it",
        "waterjet or plasma for metal, routing for wood",
    )


def _unsold(item: Item, blank: Blank) -> Finding:
    return warning(
        "processes.route.no_sheet",
        item.id,
        f"{blank.material.name} is not sold as sheet in the ordinary way",
        "mill it from bar, or state another material",
    )
