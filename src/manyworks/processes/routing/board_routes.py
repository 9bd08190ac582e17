"""Boards: the bare board, its stencil, and the ways to put the parts on."""

from __future__ import annotations

import math
from dataclasses import replace

from manyworks.model import (
    BoardDesign,
    Finding,
    Item,
    ItemId,
    Operation,
    OperationId,
    Requirement,
    Routing,
    RoutingId,
    error,
    warning,
)
from manyworks.processes.measures import out_of_scope
from manyworks.processes.routing.bare_board_routes import board_thickness, route_bare
from manyworks.processes.routing.board_parts import LATER_STEPS, BoardParts, match_parts
from manyworks.processes.routing.board_steps import assembly_ways
from manyworks.processes.routing.drafts import Draft, told
from manyworks.processes.routing.kit_routes import finish
from manyworks.processes.tables import default

_MM2 = 1e-6
_GRAM = 1e-3
# Steps that are added to a way of assembly: a wish for them leaves all ways open.
_ADDED_STEPS = {"pcb-fabrication", "conformal-coating", "x-ray-inspection"}


def route_board(item: Item, design: BoardDesign, draft: Draft) -> None:
    """Draw up the routings of a board item, bare or with parts on."""
    if not _is_sound(item, design, draft):
        return
    parts = match_parts(item, design, draft)
    later = tuple(line for line in draft.product.fitted_lines(item.id) if line.step in LATER_STEPS)
    if not parts.parts:
        route_bare(item, design, draft, later)
        return
    bare = replace(
        _derived(item, "bare", "bare board"),
        design=replace(design, placements=()),
        material=item.material,
        finish=item.finish,
        description=item.description,
    )
    bare = route_bare(bare, design, draft)
    if not parts.lines:
        draft.findings.append(_no_bill(item, parts))
    _fill_assembled(item, bare, design, parts, draft)
    stencil = _stencil(item, design, parts, draft) if parts.surface else None
    ways = [_made(way, draft) for way in assembly_ways(item, bare, design, parts, stencil, draft)]
    # The customer's wish for the bare board's process is no wish against an assembly.
    wish = tuple(process for process in item.processes if process not in _ADDED_STEPS)
    routings = [finish(way, item, later, draft) for way in ways if way is not None]
    draft.add(replace(item, processes=wish), routings)


def _no_bill(item: Item, parts: BoardParts) -> Finding:
    return warning(
        "processes.route.no_bill",
        item.id,
        f"{len(parts.parts)} parts are placed on the board, but it has no bill: parts are not priced",
        "add a parts list",
    )


def _made(way: Routing, draft: Draft) -> Routing | None:
    """A way whose every step is within what its process can do; else what it cannot is found."""
    broken = [finding for operation in way.operations for finding in out_of_scope(operation)]
    draft.findings += broken
    return None if broken else way


def _is_sound(item: Item, design: BoardDesign, draft: Draft) -> bool:
    measures = (design.width_mm, design.height_mm, design.area_mm2, float(design.copper_layers))
    sound = all(0.0 < measure < math.inf for measure in measures)
    if not sound:
        message = (
            f"the board measures {design.width_mm:g} x {design.height_mm:g} mm ({design.area_mm2:g} mm2) "
            f"with {design.copper_layers} copper layers; expected all above 0"
        )
        draft.findings.append(error("processes.route.no_board", item.id, message, "check the outline"))
    return sound


def _derived(item: Item, suffix: str, name: str) -> Item:
    return Item(
        id=ItemId(f"{item.id}/{suffix}"),
        name=f"{item.name}, {name}",
        revision=item.revision,
        required_certificates=item.required_certificates,
        licence=item.licence,
        derived_from=item.id,
    )


# The parts on it -----------------------------------------------------------------------------


def _fill_assembled(item: Item, bare: Item, design: BoardDesign, parts: BoardParts, draft: Draft) -> None:
    height = board_thickness(item, design) + default("part_height_mm")
    sized = replace(item, size_mm=item.size_mm or (design.width_mm, design.height_mm, height))
    if item.size_mm is None:
        draft.assume("size", item.id, f"height taken as {height:g} mm with parts on")
    mass = (bare.mass_kg or 0.0) + _parts_mass_kg(parts, draft)
    basis = "bare board and its parts, by number of pads where a part's mass is unknown"
    draft.put(sized, "assembled_board", mass_kg=mass, basis=basis)


def _parts_mass_kg(parts: BoardParts, draft: Draft) -> float:
    total = 0.0
    for part in parts.parts:
        bought = draft.items.get(parts.lines[part.line].item) if parts.lines else None
        if bought is not None and bought.mass_kg is not None:
            total += bought.mass_kg
        else:
            surface = part.surface_pads * default("surface_pad_mass_g")
            total += (surface + part.through_pads * default("through_pad_mass_g")) * _GRAM
    return total


def _stencil(item: Item, design: BoardDesign, parts: BoardParts, draft: Draft) -> Item:
    """The paste stencil of a board (a set of two where both sides carry parts) and its routing."""
    margin, smallest = 2.0 * default("stencil_margin_mm"), default("stencil_smallest_mm")
    sheet = tuple(max(edge + margin, smallest) for edge in (design.width_mm, design.height_mm))
    sides = parts.sides
    mass = sides * sheet[0] * sheet[1] * _MM2 * default("stencil_mass_per_m2")
    made = replace(
        _derived(item, "stencil", "solder paste stencil"), size_mm=(sheet[0], sheet[1], 2.0 * sides)
    )
    made = draft.put(made, "stencil", mass_kg=mass, basis="sheet with its backing")
    operation = Operation(
        id=OperationId(f"{made.id}/cut/stencil"),
        name="Cut the stencil",
        process="stencil-cutting",
        requirement=Requirement(
            process="stencil-cutting", size_mm=(sheet[0], sheet[1]), materials=("stainless steel",)
        ),
        drivers={
            "apertures": float(sum(part.surface_pads for part in parts.surface)),
            "sheets": float(sides),
            "width_mm": design.width_mm,
            "height_mm": design.height_mm,
        },
        setup_family="stencil",
        setup_state={"foil": str(made.id)},
    )
    routing = Routing(
        id=RoutingId(f"{made.id}/cut"),
        item=made.id,
        kind="laser-cut stencil",
        operations=(operation,),
        assumptions=told("stencil_margin_mm", "stencil_smallest_mm", "stencil_mass_per_m2"),
    )
    draft.add(made, [routing])
    return made
