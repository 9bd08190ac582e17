"""Boards: the bare board, its stencil, and the ways to put the parts on."""

from __future__ import annotations

import math
from dataclasses import replace

from manyworks.model import (
    BillLine,
    BoardDesign,
    Input,
    Item,
    ItemId,
    Operation,
    OperationId,
    Requirement,
    Routing,
    RoutingId,
    ToolNeed,
    error,
    warning,
)
from manyworks.processes.routing.board_parts import (
    LATER_STEPS,
    BoardParts,
    Part,
    finest_pitch,
    hand_drivers,
    match_parts,
    smallest_package,
)
from manyworks.processes.routing.drafts import Draft, has_word, told, words_of
from manyworks.processes.routing.kit_routes import finish
from manyworks.processes.tables import default

_MM2 = 1e-6
_MM3 = 1e-9
_GRAM = 1e-3
_HOUR = 3600.0
_LAMINATE = "FR-4"


def route_board(item: Item, design: BoardDesign, draft: Draft) -> None:
    """Draw up the routings of a board item, bare or with parts on."""
    if not _is_sound(item, design, draft):
        return
    parts = match_parts(item, design, draft)
    later = tuple(line for line in draft.product.fitted_lines(item.id) if line.step in LATER_STEPS)
    if not parts.parts:
        _route_bare(item, design, draft, later)
        return
    bare = replace(
        _derived(item, "bare", "bare board"), design=replace(design, placements=()), material=item.material
    )
    bare = _route_bare(bare, design, draft)
    if not parts.lines:
        draft.findings.append(
            warning(
                "processes.route.no_bill",
                item.id,
                f"{len(parts.parts)} parts are placed on the board, but it has no bill: parts are not priced",
                "add a parts list",
            )
        )
    _fill_assembled(item, bare, design, parts, draft)
    routings = [_by_hand(item, bare, design, parts, draft)]
    if parts.surface:
        routings.append(_by_line(item, bare, design, parts, draft))
    # The customer's wish for the bare board's process is no wish against an assembly.
    wish = tuple(process for process in item.processes if process != "pcb-fabrication")
    draft.add(replace(item, processes=wish), [finish(routing, item, later, draft) for routing in routings])


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


# The bare board ------------------------------------------------------------------------------


def _thickness(design: BoardDesign) -> float:
    return design.thickness_mm if design.thickness_mm > 0.0 else default("board_thickness_mm")


def _route_bare(item: Item, design: BoardDesign, draft: Draft, later: tuple[BillLine, ...] = ()) -> Item:
    thickness = _thickness(design)
    mass = design.area_mm2 * thickness * _MM3 * default("board_density")
    item = replace(item, size_mm=item.size_mm or (design.width_mm, design.height_mm, thickness))
    item = draft.put(
        item, "bare_board", mass_kg=mass, basis="area by thickness by density of FR-4 with copper"
    )
    drivers = _bare_drivers(item, design)
    operation = Operation(
        id=OperationId(f"{item.id}/fabricated/pcb"),
        name="Make the bare board",
        process="pcb-fabrication",
        requirement=_bare_requirement(item, design, drivers),
        drivers=drivers,
        hold_s=_HOUR
        * (default("board_line_hours") + default("board_line_hours_per_pressing") * drivers["pressings"]),
        setup_family=f"pcb {design.copper_layers} layers {thickness:g} mm {_finish(item, design)}",
    )
    routing = Routing(
        id=RoutingId(f"{item.id}/fabricated"),
        item=item.id,
        kind="board house",
        operations=(operation,),
        assumptions=_bare_assumptions(item, design),
    )
    draft.add(replace(item, processes=()), [finish(routing, item, later, draft)])
    return item


def _finish(item: Item, design: BoardDesign) -> str:
    text = design.finish or item.finish or ""
    return next((kind for kind in ("enig", "osp") if has_word(text, kind)), "hasl")


def _finest(design: BoardDesign) -> float:
    stated = [width for width in (design.min_track_mm, design.min_space_mm) if width]
    return min(stated) if stated else default("track_mm")


def _pressings(design: BoardDesign) -> float:
    """Times the stack is pressed: once for inner layers, once more for blind vias."""
    return float(design.copper_layers > 2) + float(design.blind_vias)


def _contour_mm(design: BoardDesign) -> float:
    drawn = sum(
        math.dist(here, there)
        for line in design.outline_mm
        for here, there in zip(line, (*line[1:], line[0]), strict=True)
    )
    return drawn or 2.0 * (design.width_mm + design.height_mm)


def _bare_drivers(item: Item, design: BoardDesign) -> dict[str, float]:
    pads = sum(p.surface_pads + p.through_pads for p in design.placements)
    finish = _finish(item, design)
    holes = design.plated_holes + design.nonplated_holes + design.slots * default("slot_hits")
    return {
        "width_mm": design.width_mm,
        "height_mm": design.height_mm,
        "area_mm2": design.area_mm2,
        "layers": float(design.copper_layers),
        "thickness_mm": _thickness(design),
        "holes": float(holes),
        "drill_mm": design.min_drill_mm or default("drill_mm"),
        "track_mm": _finest(design),
        "route_mm": _contour_mm(design),
        "test_points": float(pads or 2 * design.plated_holes),
        "pressings": _pressings(design),
        **{kind: float(kind == finish) for kind in ("hasl", "enig", "osp")},
    }


def _bare_requirement(item: Item, design: BoardDesign, drivers: dict[str, float]) -> Requirement:
    return Requirement(
        process="pcb-fabrication",
        size_mm=(design.width_mm, design.height_mm),
        materials=(item.material or _LAMINATE,),
        layers=design.copper_layers,
        thickness_mm=drivers["thickness_mm"],
        min_track_mm=min((w for w in (design.min_track_mm, design.min_space_mm) if w), default=None),
        min_drill_mm=design.min_drill_mm,
        certificates=item.required_certificates,
    )


def _bare_assumptions(item: Item, design: BoardDesign) -> tuple[str, ...]:
    unsaid = []
    if not design.thickness_mm > 0.0:
        unsaid.append("board_thickness_mm")
    if not design.min_track_mm and not design.min_space_mm:
        unsaid.append("track_mm")
    if not design.min_drill_mm:
        unsaid.append("drill_mm")
    if design.slots:
        unsaid.append("slot_hits")
    unsaid += ["board_line_hours", "board_line_hours_per_pressing"]
    words = []
    if not (design.finish or item.finish):
        words.append("routing: surface finish = hot-air levelled (the design names none)")
    if not item.material:
        words.append(f"routing: laminate = {_LAMINATE} (the design names none)")
    return (*told(*unsaid), *words)


# The parts on it -----------------------------------------------------------------------------


def _fill_assembled(item: Item, bare: Item, design: BoardDesign, parts: BoardParts, draft: Draft) -> None:
    height = _thickness(design) + default("part_height_mm")
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


def _is_small(line: int, parts: BoardParts) -> bool:
    pads = [p.surface_pads + p.through_pads for p in parts.parts if p.line == line]
    return max(pads, default=0) <= 2


def _input(line: BillLine, share: float, spare: float) -> Input:
    return Input(item=line.item, quantity=line.quantity, attrition=share, attrition_min=spare)


def _line_inputs(indices: tuple[int, ...], parts: BoardParts) -> tuple[Input, ...]:
    """Parts for the pick-and-place line: small ones are lost in the feeders, large ones recovered."""
    small = (default("small_part_attrition"), default("small_part_spare"))
    large = (default("large_part_attrition"), 0.0)
    return tuple(_input(parts.lines[i], *(small if _is_small(i, parts) else large)) for i in indices)


def _hand_inputs(indices: tuple[int, ...], parts: BoardParts) -> tuple[Input, ...]:
    surface = set(parts.lines_of(parts.surface))
    lost = (default("hand_part_attrition"), default("hand_part_spare"))
    kept = (0.0, 0.0)
    return tuple(
        _input(parts.lines[i], *(lost if i in surface and _is_small(i, parts) else kept)) for i in indices
    )


def _requirement(process: str, item: Item, design: BoardDesign, parts: tuple[Part, ...]) -> Requirement:
    return Requirement(
        process=process,
        size_mm=(design.width_mm, design.height_mm),
        smallest_package=smallest_package(parts),
        min_pitch_mm=finest_pitch(parts),
        certificates=item.required_certificates,
    )


def _hand_operation(
    item: Item, bare: Item | None, design: BoardDesign, board: BoardParts, parts: tuple[Part, ...], slug: str
) -> Operation:
    """Soldering ``parts`` by hand, onto ``bare`` or onto what the step before hands over (None)."""
    indices = board.lines_of(parts)
    if bare is None:
        used = set(board.lines_of(board.surface))
        indices = tuple(i for i in indices if i not in used)
    inputs = (Input(item=bare.id, quantity=1.0),) if bare is not None else ()
    return Operation(
        id=OperationId(f"{item.id}/{slug}/hand"),
        name="Place and solder by hand" if bare is not None else "Solder the remaining parts by hand",
        process="hand-assembly",
        requirement=_requirement("hand-assembly", item, design, parts),
        drivers=hand_drivers(parts, len(indices)),
        inputs=inputs + (_hand_inputs(indices, board) if board.lines else ()),
        setup_family=item.id,
    )


def _test_operation(item: Item, parts: BoardParts, draft: Draft, slug: str, after: Operation) -> Operation:
    named = (draft.items.get(line.item) for line in parts.lines)
    programmable = any(has_word(words_of(bought), "programmable") for bought in named if bought)
    return Operation(
        id=OperationId(f"{item.id}/{slug}/test"),
        name="Test and program" if programmable else "Test",
        process="board-test",
        requirement=Requirement(process="board-test", certificates=item.required_certificates),
        drivers={"parts": float(len(parts.parts)), "programmable": float(programmable)},
        after=(after.id,),
        setup_family=item.id,
    )


_ATTRITION = ("unknown_part_pads", "hand_part_attrition", "hand_part_spare")


def _by_hand(item: Item, bare: Item, design: BoardDesign, parts: BoardParts, draft: Draft) -> Routing:
    hand = _hand_operation(item, bare, design, parts, parts.parts, "hand")
    return Routing(
        id=RoutingId(f"{item.id}/hand"),
        item=item.id,
        kind="hand assembly",
        operations=(hand, _test_operation(item, parts, draft, "hand", hand)),
        assumptions=told(*_ATTRITION),
    )


def _by_line(item: Item, bare: Item, design: BoardDesign, parts: BoardParts, draft: Draft) -> Routing:
    stencil = _stencil(item, design, parts, draft)
    placing = _place_operation(item, bare, design, parts, stencil)
    operations = [placing]
    rest = parts.others
    if rest:
        soldering = _hand_operation(item, None, design, parts, rest, "line")
        operations.append(replace(soldering, after=(placing.id,)))
    operations.append(_test_operation(item, parts, draft, "line", operations[-1]))
    lost = (
        "small_part_attrition",
        "small_part_spare",
        "large_part_attrition",
        "array_side_mm",
        "stencil_life",
    )
    return Routing(
        id=RoutingId(f"{item.id}/line"),
        item=item.id,
        kind="pick-and-place line",
        operations=tuple(operations),
        assumptions=told(*lost),
    )


def _sides(parts: BoardParts) -> int:
    return max(len({part.side for part in parts.surface if part.side in ("top", "bottom")}), 1)


def _array(design: BoardDesign) -> tuple[float, float]:
    """Boards joined together for the line, and the array's length in mm."""
    side = default("array_side_mm")
    across, along = (max(math.floor(side / edge), 1) for edge in (design.width_mm, design.height_mm))
    return float(across * along), along * design.height_mm


def _place_operation(
    item: Item, bare: Item, design: BoardDesign, parts: BoardParts, stencil: Item
) -> Operation:
    per_array, length = _array(design)
    indices = parts.lines_of(parts.surface)
    inputs = _line_inputs(indices, parts) if parts.lines else ()
    sides = _sides(parts)
    return Operation(
        id=OperationId(f"{item.id}/line/place"),
        name="Print paste, place, reflow, inspect" + (", both sides" if sides > 1 else ""),
        process="smt-assembly",
        requirement=_requirement("smt-assembly", item, design, parts.surface),
        drivers={
            "placements": float(len(parts.surface)),
            "joints": float(sum(part.surface_pads for part in parts.surface)),
            "sides": float(sides),
            "lines": float(len(indices)),
            "per_array": per_array,
            "array_mm": length,
        },
        inputs=(Input(item=bare.id, quantity=1.0), *inputs),
        tools=(ToolNeed(item=stencil.id, life=default("stencil_life")),),
        setup_family=item.id,
    )


def _stencil(item: Item, design: BoardDesign, parts: BoardParts, draft: Draft) -> Item:
    """The paste stencil of a board (a set of two where both sides carry parts) and its routing."""
    margin, smallest = 2.0 * default("stencil_margin_mm"), default("stencil_smallest_mm")
    sheet = tuple(max(edge + margin, smallest) for edge in (design.width_mm, design.height_mm))
    sides = _sides(parts)
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
