"""Bare boards: what the stack-up, the holes and the wishes of a design ask of a board house."""

from __future__ import annotations

import math
from dataclasses import replace

from manyworks.model import (
    BillLine,
    BoardDesign,
    DrillTool,
    Finding,
    Item,
    Operation,
    OperationId,
    Requirement,
    Routing,
    RoutingId,
    warning,
)
from manyworks.processes.measures import out_of_scope
from manyworks.processes.routing.board_arrays import LineArray, line_array
from manyworks.processes.routing.board_words import (
    Laminate,
    asks_for,
    finish_kind,
    holds_word,
    is_green,
    laminate_source,
    laminates_named,
)
from manyworks.processes.routing.drafts import Draft, told
from manyworks.processes.routing.kit_routes import finish
from manyworks.processes.tables import default

_MM3 = 1e-9
_HOUR = 3600.0
_LAMINATE = "FR-4"
_POLYIMIDE = "polyimide"
_FINISHES = ("hasl", "enig", "osp", "immersion_silver", "immersion_tin", "enepig")


def route_bare(item: Item, design: BoardDesign, draft: Draft, later: tuple[BillLine, ...] = ()) -> Item:
    """Draw up how a bare board is made; the item with its size and mass."""
    thickness = board_thickness(item, design)
    mass = design.area_mm2 * thickness * _MM3 * default("board_density")
    item = replace(item, size_mm=item.size_mm or (design.width_mm, design.height_mm, thickness))
    item = draft.put(
        item, "bare_board", mass_kg=mass, basis="area by thickness by density of FR-4 with copper"
    )
    operation = _fabrication(item, design, thickness)
    broken = (*_not_laminated(item), *out_of_scope(operation))
    draft.findings += broken
    if not broken:
        routing = Routing(
            id=RoutingId(f"{item.id}/fabricated"),
            item=item.id,
            kind="board house",
            operations=(operation,),
            assumptions=_assumptions(item, design, operation),
        )
        draft.add(replace(item, processes=()), [finish(routing, item, later, draft)])
    return item


def _not_laminated(item: Item) -> tuple[Finding, ...]:
    """A warning where the carrier is fired ceramic, which no laminate house makes."""
    if not holds_word(item.material or "", "fired"):
        return ()
    message = f"{item.material}: fired ceramic is printed or bonded, not laminated; no process here makes it"
    hint = "buy the substrate, or use a ceramic-filled laminate (RO4350B and the like)"
    return (warning("processes.route.laminate", item.id, message, hint),)


def _fabrication(item: Item, design: BoardDesign, thickness: float) -> Operation:
    drivers = bare_drivers(item, design)
    # Bonding coverlay and filling vias keep a board as long as a pressing does.
    bonds = float(drivers["flex_layers"] > 0.0) + float(drivers["filled_vias"] > 0.0)
    pressings = drivers["sequential"] + float(design.copper_layers > 2) + bonds
    hours = default("board_line_hours") + default("board_line_hours_per_pressing") * pressings
    return Operation(
        id=OperationId(f"{item.id}/fabricated/pcb"),
        name="Make the bare board",
        process="pcb-fabrication",
        requirement=_requirement(item, design, thickness),
        drivers=drivers,
        hold_s=_HOUR * hours,
        setup_family=f"pcb {design.copper_layers} layers {thickness:g} mm {_finish(item, design)}",
        setup_state={"mask_colour": design.mask_colour.strip().lower() or "green"},
    )


# Stack-up ------------------------------------------------------------------------------------


def _flexible_layers(item: Item, design: BoardDesign) -> float:
    """Copper layers on polyimide: some of a rigid-flex board, all of a flexible one."""
    if asks_for(item, "rigid_flex"):
        return min(default("rigid_flex_layers"), float(design.copper_layers))
    named = asks_for(item, "flexible") or (item.material is not None and _POLYIMIDE in item.material.lower())
    return float(design.copper_layers) if design.flexible or (design.flexible is None and named) else 0.0


def board_thickness(item: Item, design: BoardDesign) -> float:
    """Stated thickness, else that of an ordinary rigid or flexible board, mm."""
    if design.thickness_mm > 0.0:
        return design.thickness_mm
    flexible = _flexible_layers(item, design) >= design.copper_layers
    return default("flex_thickness_mm" if flexible else "board_thickness_mm")


def _is_laser(tool: DrillTool) -> bool:
    """Whether a hole is a microvia: small, and a layer or two deep."""
    if tool.span is None or tool.diameter_mm > default("laser_drill_mm"):
        return False
    return abs(tool.span[1] - tool.span[0]) <= default("laser_depth_layers")


def _inside(tool: DrillTool, layers: int) -> bool:
    """Whether holes of a tool end inside the board."""
    return tool.span is not None and (min(tool.span), max(tool.span)) != (1, layers)


def _build_ups(design: BoardDesign) -> float:
    """Pressings after the first that blind and buried holes ask for.

    A microvia ``k`` layers below the face asks for ``k + 1`` build-ups; a drilled hole that ends inside
    for one, or for as many as there are layers over it on its nearer side.
    """
    needed = [0.0]
    for tool in (t for t in design.drills if _inside(t, design.copper_layers) and t.span):
        first, last = min(tool.span or (1, 1)), max(tool.span or (1, 1))
        level = min(first - 1, design.copper_layers - last)
        needed.append(level + 1.0 if _is_laser(tool) else max(level, 1.0))
    return max(*needed, float(design.blind_vias))


def _microvias(design: BoardDesign) -> float:
    return float(sum(tool.holes for tool in design.drills if _is_laser(tool)))


def _filled(item: Item, design: BoardDesign) -> float:
    """Vias to be filled: those asked for, and microvias that others are stacked on."""
    asked = default("filled_via_share") * design.plated_holes if asks_for(item, "filled") else 0.0
    buried = [t for t in design.drills if _is_laser(t) and t.span and min(t.span) > 1]
    inner = [t for t in buried if t.span and max(t.span) < design.copper_layers]
    return max(asked, float(sum(tool.holes for tool in inner)))


def _smallest_drill(design: BoardDesign) -> float:
    """Smallest hole that a bit drills; microvias are the laser's."""
    drilled = [tool.diameter_mm for tool in design.drills if tool.holes and not _is_laser(tool)]
    return min(drilled, default=0.0) or design.min_drill_mm or default("drill_mm")


def _finest(design: BoardDesign) -> float:
    stated = [width for width in (design.min_track_mm, design.min_space_mm) if width]
    return min(stated) if stated else default("track_mm")


def _contour_mm(design: BoardDesign) -> float:
    drawn = sum(
        math.dist(here, there)
        for contour in design.outline_mm
        for here, there in zip(contour, (*contour[1:], contour[0]), strict=True)
    )
    return drawn or 2.0 * (design.width_mm + design.height_mm)


def _plated_edge_mm(item: Item, design: BoardDesign) -> float:
    if design.edge_plated or asks_for(item, "edge_plated"):
        return _contour_mm(design)
    if design.castellated or asks_for(item, "castellated"):
        return default("castellated_share") * _contour_mm(design)
    return 0.0


def board_laminate(item: Item) -> tuple[Laminate, bool]:
    """The laminate an item names (FR-4 where none) and whether several are pressed together."""
    text = item.material or ""
    found = laminates_named(text) or laminates_named(_LAMINATE)
    dearest = max(found, key=lambda laminate: laminate.ratio)
    mixed = len({laminate.name for laminate in found if laminate.ratio < dearest.ratio / 2.0}) > 0
    return dearest, holds_word(text, "hybrid") or (mixed and not dearest.metal_core)


def _laminate_drivers(item: Item) -> dict[str, float]:
    laminate, hybrid = board_laminate(item)
    share = default("hybrid_share") if hybrid else 1.0
    return {
        "laminate_ratio": 1.0 + share * (laminate.ratio - 1.0),
        "bit_wear": 1.0 + share * (laminate.bit_wear - 1.0),
        "plasma": laminate.plasma,
        "metal_core": laminate.metal_core,
        "hybrid": float(hybrid),
    }


def _stiffener_drivers(item: Item, design: BoardDesign) -> dict[str, float]:
    """Stiffeners: asked for, or under the parts of a flexible board."""
    flexible = _flexible_layers(item, design) >= design.copper_layers
    wanted = asks_for(item, "stiffener") or (flexible and bool(item.bill or design.placements))
    return {
        "stiffeners": default("stiffeners") * wanted,
        "stiffener_mm2": default("stiffener_area_share") * design.area_mm2 * wanted,
    }


def _finish(item: Item, design: BoardDesign) -> str:
    """The finish named; else gold where solder balls or bending ask for a flat one, else levelled solder."""
    flat = _microvias(design) > 0.0 or _flexible_layers(item, design) > 0.0
    return finish_kind(item, design) or ("enig" if flat else "hasl")


def _delivery(design: BoardDesign) -> LineArray:
    """How boards are joined when they leave the board house: for the line, where one will place parts."""
    placed = any(placement.surface_mounted for placement in design.placements)
    return line_array(design) if placed else LineArray()


def bare_drivers(item: Item, design: BoardDesign) -> dict[str, float]:
    """Drivers of the bare board's process from a design and the wishes beside it."""
    pads = sum(p.surface_pads + p.through_pads for p in design.placements)
    kind, microvias = _finish(item, design), _microvias(design)
    holes = design.plated_holes + design.nonplated_holes + design.slots * default("slot_hits")
    return {
        "width_mm": design.width_mm,
        "height_mm": design.height_mm,
        "layers": float(design.copper_layers),
        "thickness_mm": board_thickness(item, design),
        "holes": max(float(holes) - microvias, 0.0),
        "drill_mm": _smallest_drill(design),
        "track_mm": _finest(design),
        "route_mm": _contour_mm(design),
        "test_points": float(pads or 2 * design.plated_holes),
        "sequential": _build_ups(design),
        "microvias": microvias,
        "filled_vias": _filled(item, design),
        "flex_layers": _flexible_layers(item, design),
        "copper_um": design.copper_um or default("copper_um"),
        "impedance": float(asks_for(item, "impedance")),
        "plated_edge_mm": _plated_edge_mm(item, design),
        "odd_mask": float(not is_green(design.mask_colour)),
        "hard_gold_mm2": default("gold_contact_mm2") * asks_for(item, "gold_contacts"),
        **_delivery(design).fabrication_drivers(),
        **_laminate_drivers(item),
        **_stiffener_drivers(item, design),
        **{name: float(name == kind) for name in _FINISHES},
    }


def _requirement(item: Item, design: BoardDesign, thickness: float) -> Requirement:
    flexible = _flexible_layers(item, design) > 0.0
    # One ounce is what every house works with: only thicker copper is asked for.
    heavy = design.copper_um is not None and design.copper_um > default("copper_um")
    return Requirement(
        process="pcb-fabrication",
        size_mm=(design.width_mm, design.height_mm),
        materials=(item.material or (_POLYIMIDE if flexible else _LAMINATE),),
        layers=design.copper_layers,
        thickness_mm=thickness,
        min_track_mm=min((w for w in (design.min_track_mm, design.min_space_mm) if w), default=None),
        min_drill_mm=design.min_drill_mm,
        copper_um=design.copper_um if heavy else None,
        certificates=item.required_certificates,
    )


# What is told --------------------------------------------------------------------------------


def _assumptions(item: Item, design: BoardDesign, operation: Operation) -> tuple[str, ...]:
    return (*told(*_used_defaults(item, design, operation)), *_words_told(item, design))


def _used_defaults(item: Item, design: BoardDesign, operation: Operation) -> list[str]:
    """Names of the routing defaults that stand in a bare board's drivers."""
    drivers = operation.drivers
    flexible = drivers["flex_layers"] >= design.copper_layers
    unsaid = {
        "flex_thickness_mm" if flexible else "board_thickness_mm": not design.thickness_mm > 0.0,
        "track_mm": not design.min_track_mm and not design.min_space_mm,
        "drill_mm": not design.min_drill_mm,
        "slot_hits": bool(design.slots),
        "copper_um": not design.copper_um,
        "rigid_flex_layers": asks_for(item, "rigid_flex"),
        "filled_via_share": asks_for(item, "filled"),
        "castellated_share": 0.0 < drivers["plated_edge_mm"] < _contour_mm(design),
        "gold_contact_mm2": drivers["hard_gold_mm2"] > 0.0,
        "conveyor_least_mm": drivers["array_rail_mm"] > 0.0,
        "array_rail_mm": drivers["array_rail_mm"] > 0.0,
        "hybrid_share": drivers["hybrid"] > 0.0,
        "stiffeners": drivers["stiffeners"] > 0.0,
        "stiffener_area_share": drivers["stiffeners"] > 0.0,
        "board_line_hours": True,
        "board_line_hours_per_pressing": drivers["sequential"] + design.copper_layers > 2,
    }
    return [name for name, used in unsaid.items() if used]


def _words_told(item: Item, design: BoardDesign) -> list[str]:
    words = []
    if not finish_kind(item, design):
        kind = "hot-air levelled" if _finish(item, design) == "hasl" else "immersion gold on nickel"
        words.append(f"routing: surface finish = {kind} (the design names none)")
    laminate, _ = board_laminate(item)
    if laminate.ratio != 1.0:
        ratio = f"{laminate.name}, laminate price {laminate.ratio:g} times FR-4 ({laminate_source()})"
        words.append(f"routing: laminate = {ratio}")
    elif item.material and not laminates_named(item.material) and _POLYIMIDE not in item.material.lower():
        words.append(f"routing: laminate {item.material!r} is not known here, priced as {_LAMINATE}")
    elif not item.material and not design.flexible:
        words.append(f"routing: laminate = {_LAMINATE} (the design names none)")
    if design.blind_vias and not any(_inside(tool, design.copper_layers) for tool in design.drills):
        words.append("routing: blind holes = one further pressing (the design does not say which layers)")
    return words
