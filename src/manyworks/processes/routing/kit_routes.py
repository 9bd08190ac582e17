"""Products put together from items, and packed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from manyworks.model import (
    BillLine,
    BoardDesign,
    Input,
    Item,
    Operation,
    OperationId,
    Requirement,
    Routing,
    RoutingId,
)
from manyworks.processes.routing.drafts import Draft, has_word, told, words_of
from manyworks.processes.tables import default

_PACKING = "packing"


def route_kit(item: Item, draft: Draft) -> None:
    """Draw up how an item is put together from its bill and packed."""
    lines = tuple(draft.product.fitted_lines(item.id))
    packed = tuple(line for line in lines if line.step == _PACKING)
    fitted = tuple(line for line in lines if line.step != _PACKING)
    _fill(item, lines, draft)
    operations = [_fitting(item, fitted, draft, "assembled")] if fitted else []
    operations.append(_packing(item, packed, operations, "assembled"))
    kind = "assembled and packed" if fitted else "packed"
    routing = Routing(
        id=RoutingId(f"{item.id}/assembled"), item=item.id, kind=kind, operations=tuple(operations)
    )
    draft.add(item, [routing])


def finish(routing: Routing, item: Item, lines: Sequence[BillLine], draft: Draft) -> Routing:
    """A routing with what the rest of the item's bill asks after it: fitting, then packing.

    ``lines`` are those bill lines that no operation of the routing consumes.
    """
    packed = tuple(line for line in lines if line.step == _PACKING)
    fitted = tuple(line for line in lines if line.step != _PACKING)
    slug = routing.id.rpartition("/")[2]
    operations = list(routing.operations)
    if fitted:
        operations.append(replace(_fitting(item, fitted, draft, slug), after=(operations[-1].id,)))
    if packed:
        operations.append(_packing(item, packed, operations, slug))
    return replace(routing, operations=tuple(operations))


def _inputs(lines: Sequence[BillLine]) -> tuple[Input, ...]:
    return tuple(Input(item=line.item, quantity=line.quantity) for line in lines)


def _fitting(item: Item, lines: Sequence[BillLine], draft: Draft, slug: str) -> Operation:
    """Putting ``lines`` into ``item`` at a bench."""
    known = {line.item: draft.items.get(line.item) for line in lines}
    driven = {name for name, part in known.items() if part and has_word(words_of(part), "fastener")}
    fasteners = sum(line.quantity for line in lines if line.item in driven)
    return Operation(
        id=OperationId(f"{item.id}/{slug}/assemble"),
        name="Assemble",
        process="final-assembly",
        requirement=Requirement(process="final-assembly", certificates=item.required_certificates),
        drivers={
            "parts": sum(line.quantity for line in lines) - fasteners,
            "fasteners": fasteners,
            "lines": float(len(lines)),
        },
        inputs=_inputs(lines),
        setup_family=item.id,
    )


def _packing(item: Item, lines: Sequence[BillLine], before: Sequence[Operation], slug: str) -> Operation:
    # What was made before is one more thing that goes into the pack.
    made = float(bool(before))
    pieces = sum(line.quantity for line in lines) + made
    return Operation(
        id=OperationId(f"{item.id}/{slug}/pack"),
        name="Pack and label",
        process=_PACKING,
        requirement=Requirement(process=_PACKING, certificates=item.required_certificates),
        drivers={"pieces": pieces, "lines": len(lines) + made},
        inputs=_inputs(lines),
        after=tuple(operation.id for operation in before[-1:]),
        setup_family=item.id,
    )


# Mass, size and code of the whole ------------------------------------------------------------


def _fill(item: Item, lines: Sequence[BillLine], draft: Draft) -> None:
    unweighed = [line.item for line in lines if _mass(line, draft) is None]
    if unweighed and item.mass_kg is None:
        each = f"{default('bought_part_mass_kg'):g} kg each"
        draft.assume("part_mass", item.id, f"mass of {', '.join(unweighed)} unknown; taken as {each}")
    mass = sum(line.quantity * (_mass(line, draft) or default("bought_part_mass_kg")) for line in lines)
    sized = item if item.size_mm else replace(item, size_mm=_size(item, lines, draft))
    coded = sized if sized.commodity_code else replace(sized, commodity_code=_code(item, lines, draft))
    draft.put(coded, mass_kg=mass, basis="sum of what it consists of")


def _mass(line: BillLine, draft: Draft) -> float | None:
    part = draft.items.get(line.item)
    return part.mass_kg if part else None


def _volume(line: BillLine, draft: Draft) -> float:
    part = draft.items.get(line.item)
    if part is not None and part.size_mm is not None:
        return line.quantity * part.size_mm[0] * part.size_mm[1] * part.size_mm[2]
    mass = _mass(line, draft) or default("bought_part_mass_kg")
    return line.quantity * mass / default("bought_part_density") * 1e9


def _size(item: Item, lines: Sequence[BillLine], draft: Draft) -> tuple[float, float, float]:
    """The outer box: a packing box where one is named, else the parts' volume over the fill."""
    parts = [part for line in lines if (part := draft.items.get(line.item))]
    sized = [sorted(part.size_mm, reverse=True) for part in parts if part.size_mm]
    long = max((size[0] for size in sized), default=0.0)
    wide = max((size[1] for size in sized), default=0.0)
    thick = max((size[2] for size in sized), default=0.0)
    volume = sum(_volume(line, draft) for line in lines) / default("kit_fill")
    edge = volume ** (1.0 / 3.0)
    long, wide = long or edge, wide or edge
    size = (long, wide, max(thick, volume / (long * wide)))
    told_size = " x ".join(f"{side:.0f}" for side in size)
    draft.assume("size", item.id, f"packed size taken as {told_size} mm, from its parts", told("kit_fill")[0])
    return size


def _code(item: Item, lines: Sequence[BillLine], draft: Draft) -> str | None:
    """The code of what gives the whole its character: a board, else the heaviest part with a code."""
    parts = [part for line in lines if (part := draft.items.get(line.item)) and part.commodity_code]
    if not parts:
        return None
    main = max(parts, key=lambda part: (isinstance(part.design, BoardDesign), part.mass_kg or 0.0, part.id))
    draft.assume(
        "commodity_code",
        item.id,
        f"no commodity code; taken as {main.commodity_code}, that of {main.id}, which gives it its character",
        "state commodity_code of the item",
    )
    return main.commodity_code
