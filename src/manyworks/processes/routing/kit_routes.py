"""Products put together from items: welded, fitted, counted out into kits, and packed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import prod

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
from manyworks.processes.measures import out_of_scope
from manyworks.processes.routing.coatings import assumed_of, coating_of
from manyworks.processes.routing.drafts import Draft, told
from manyworks.processes.routing.fitted_parts import (
    Fitted,
    assembly_drivers,
    names_any,
    read_bill,
    size_of,
)
from manyworks.processes.routing.weldments import (
    WELDING_STEPS,
    Member,
    mass_kg,
    skin_mm2,
    weld_operation,
)
from manyworks.processes.tables import default

_PACKING = "packing"
_ASSEMBLY = "final-assembly"
_KITTING = "kitting"
_COATING = "powder-coating"
_PIECE = "piece"
_MM3_PER_L = 1e6
_HOUR = 3600.0


def route_kit(item: Item, draft: Draft) -> None:
    """Draw up how an item is put together from its bill and packed; counted out into a kit where asked.

    Lines whose step is welding are welded first, and what comes of it is coated where the item asks.
    """
    lines = tuple(draft.product.fitted_lines(item.id))
    welded, fitted, packed = _sorted(item, lines)
    whole = _fill(item, lines, draft)
    as_kit = _KITTING in item.processes
    made = "kitted" if as_kit else "assembled"
    slug = made if fitted or not welded else "welded"
    draw = _counting if as_kit else _fitting
    operations, assumed = _welding(whole, welded, draft, slug)
    if operations and (coating := coating_of(whole, skin_mm2(_members(welded, draft)), operations)):
        operations.append(coating)
    if fitted:
        operations.append(draw(whole, fitted, draft, slug, after=operations))
    done = [*(["welded"] if welded else []), *([made] if fitted else []), "packed"]
    operations.append(_packing(whole, packed, operations, draft, slug))
    routing = Routing(
        id=RoutingId(f"{item.id}/{slug}"),
        item=item.id,
        kind=" and ".join([", ".join(done[:-1]), done[-1]] if done[1:] else done),
        operations=tuple(operations),
        assumptions=(*assumed, *assumed_of(operations), *_assumed(operations)),
    )
    draft.add(item, [routing] if _in_scope(operations, draft) else [])


def _sorted(
    item: Item, lines: Sequence[BillLine]
) -> tuple[tuple[BillLine, ...], tuple[BillLine, ...], tuple[BillLine, ...]]:
    """Bill lines that are welded, fitted and packed."""
    welded = tuple(line for line in lines if _weld_step(item, line))
    packed = tuple(line for line in lines if line.step == _PACKING)
    return welded, tuple(line for line in lines if line not in (*welded, *packed)), packed


def _weld_step(item: Item, line: BillLine) -> str:
    """The welding a bill line asks for: its own step; where it states none, what its parent asks for."""
    if line.step:
        return line.step if line.step in WELDING_STEPS else ""
    return next((process for process in item.processes if process in WELDING_STEPS), "")


def finish(routing: Routing, item: Item, lines: Sequence[BillLine], draft: Draft) -> Routing:
    """A routing with what the rest of the item's bill asks after it: welding on, fitting, then packing.

    ``lines`` are those bill lines that no operation of the routing consumes. What is welded on is on
    before the whole is coated.
    """
    welded, fitted, packed = _sorted(item, lines)
    slug = routing.id.rpartition("/")[2]
    whole = draft.items.get(item.id, item)
    operations, welds, assumed = _with_welds(whole, welded, routing.operations, draft, slug)
    rest: list[Operation] = []
    if fitted:
        rest.append(_fitting(item, fitted, draft, slug, after=operations))
    if packed:
        rest.append(_packing(whole, packed, [*operations, *rest], draft, slug))
    added = [*welds, *rest]
    _in_scope(added, draft)
    return replace(
        routing,
        operations=(*operations, *rest),
        assumptions=(*routing.assumptions, *assumed, *_assumed(added)),
    )


def _with_welds(
    item: Item, lines: Sequence[BillLine], made: Sequence[Operation], draft: Draft, slug: str
) -> tuple[list[Operation], list[Operation], list[str]]:
    """Operations with the welds put in before the last coat, the welds alone, and what was assumed."""
    bare, coats = [*made], list[Operation]()
    if len(bare) > 1 and bare[-1].process == _COATING:
        coats = [bare.pop()]
    welds, assumed = _welding(item, lines, draft, slug, after=bare)
    last = [*bare, *welds][-1]
    coats = [replace(coat, after=(last.id,)) for coat in coats]
    return [*bare, *welds, *coats], welds, assumed


def _welding(
    item: Item, lines: Sequence[BillLine], draft: Draft, slug: str, after: Sequence[Operation] = ()
) -> tuple[list[Operation], list[str]]:
    """One operation for each way of welding that the lines ask for, in their order; what was assumed."""
    operations: list[Operation] = []
    assumed: dict[str, None] = {}
    base = [Member(item=item, quantity=1.0)] if after else []
    for step in dict.fromkeys(_weld_step(item, line) for line in lines):
        own = [line for line in lines if _weld_step(item, line) == step]
        before = [*after, *operations][-1:]
        members = [*base, *_members(own, draft)]
        weldment = weld_operation(item, members, slug, step=step)
        base = [Member(item=replace(item, mass_kg=mass_kg(members)), quantity=1.0)]
        first = weldment.operation
        operation = replace(
            first,
            id=first.id if not operations else OperationId(f"{first.id}-{len(operations) + 1}"),
            inputs=_inputs(own),
            after=tuple(one.id for one in before),
        )
        operations.append(operation)
        assumed.update(dict.fromkeys(weldment.assumptions))
    return operations, list(assumed)


def _members(lines: Sequence[BillLine], draft: Draft) -> list[Member]:
    """The parts among the lines: what is measured out (wire, gas) is no part."""
    known = [(line, draft.items.get(line.item)) for line in lines]
    return [Member(item=part, quantity=line.quantity) for line, part in known if part and part.unit == _PIECE]


def _in_scope(operations: Sequence[Operation], draft: Draft) -> bool:
    """Whether the work can be done at all; what cannot is said."""
    found = [finding for operation in operations for finding in out_of_scope(operation)]
    # Ways to make one item that end in the same step say it once.
    draft.findings += [finding for finding in found if finding not in draft.findings]
    return not found


def _inputs(lines: Sequence[BillLine]) -> tuple[Input, ...]:
    return tuple(Input(item=line.item, quantity=line.quantity) for line in lines)


def _asked(process: str, item: Item) -> Requirement:
    """What a bench must be able to do: size and weight are asked only where not every bench will do."""
    size = size_of(item)
    big = max(size, default=0.0) > default("any_bench_mm")
    heavy = (item.mass_kg or 0.0) > default("any_bench_kg")
    return Requirement(
        process=process,
        size_mm=size if big else None,
        weight_kg=item.mass_kg if heavy else None,
        certificates=item.required_certificates,
    )


def _fitting(
    item: Item, lines: Sequence[BillLine], draft: Draft, slug: str, after: Sequence[Operation] = ()
) -> Operation:
    """Putting ``lines`` together at a bench, or into the item where it is there already."""
    fitted = read_bill(lines, draft)
    drivers = assembly_drivers(fitted, on_base=bool(after))
    return Operation(
        id=OperationId(f"{item.id}/{slug}/assemble"),
        name="Assemble",
        process=_ASSEMBLY,
        requirement=_asked(_ASSEMBLY, item),
        drivers=drivers,
        inputs=_inputs(lines),
        after=tuple(operation.id for operation in after[-1:]),
        hold_s=default("glue_cure_hours") * _HOUR if drivers["glue_mm"] else 0.0,
        setup_family=item.id,
        setup_state=_state(item, lines),
    )


def _counting(
    item: Item, lines: Sequence[BillLine], draft: Draft, slug: str, after: Sequence[Operation] = ()
) -> Operation:
    """Counting ``lines`` out into a bag, with what was made before."""
    fitted = read_bill(lines, draft)
    made = float(bool(after))
    return Operation(
        id=OperationId(f"{item.id}/{slug}/kit"),
        name="Count out",
        process=_KITTING,
        requirement=_asked(_KITTING, item),
        drivers={
            "pieces": sum(one.count for one in fitted) + made,
            "lines": float(len(fitted)) + made,
            "litres": prod(item.size_mm or ()) / _MM3_PER_L,
        },
        inputs=_inputs(lines),
        after=tuple(operation.id for operation in after[-1:]),
        setup_family=item.id,
        setup_state=_state(item, lines),
    )


def _state(item: Item, lines: Sequence[BillLine]) -> Mapping[str, str]:
    """What a bench holds: the work's papers and jigs, and a bin for each part number."""
    return {"work": item.id, "parts": "|".join(sorted({line.item for line in lines}))}


def _packing(
    item: Item, lines: Sequence[BillLine], before: Sequence[Operation], draft: Draft, slug: str
) -> Operation:
    # What was made before is one more thing that goes into the pack.
    made = float(bool(before))
    fitted = read_bill(lines, draft)
    measures: dict[str, float] = {}
    if item.mass_kg is not None:
        measures["mass_kg"] = item.mass_kg
    if item.size_mm is not None:
        measures["litres"] = prod(item.size_mm) / _MM3_PER_L
    return Operation(
        id=OperationId(f"{item.id}/{slug}/pack"),
        name="Pack and label",
        process=_PACKING,
        requirement=_asked(_PACKING, item),
        drivers={
            "pieces": sum(one.count for one in fitted) + made,
            "lines": len(lines) + made,
            "unit_box": _own_box(item, fitted, draft),
            **measures,
        },
        inputs=_inputs(lines),
        after=tuple(operation.id for operation in before[-1:]),
        setup_family=item.id,
        setup_state=_state(item, lines),
    )


def _own_box(item: Item, packed: Sequence[Fitted], draft: Draft) -> float:
    """1 where the product leaves the network and its bill names nothing to put it into."""
    if item.id != draft.product.root or names_any(packed, "box"):
        return 0.0
    hint = "add a box or bag to the bill with step = packing where it has its own"
    draft.assume("box", item.id, "no box in the bill: the packer puts it into a plain one", hint)
    return 1.0


def _assumed(operations: Sequence[Operation]) -> tuple[str, ...]:
    """Figures that the drivers of assembly rest on and no bill states."""
    return tuple(dict.fromkeys(line for one in operations for line in _assumed_of(one)))


def _assumed_of(operation: Operation) -> Iterator[str]:
    drivers = operation.drivers
    if operation.process != _ASSEMBLY:
        return
    yield from told("turns_per_part")
    if drivers["cables"]:
        yield from told("plugs_per_cable")
    if drivers["test_s"]:
        yield from told("product_test_s")
    if operation.hold_s:
        yield from told("glue_cure_hours", "glue_bead_mm")


# Mass, size and code of the whole ------------------------------------------------------------


def _fill(item: Item, lines: Sequence[BillLine], draft: Draft) -> Item:
    """The item with the mass, size and code that its parts give it."""
    unweighed = [line.item for line in lines if _mass(line, draft) is None]
    if unweighed and item.mass_kg is None:
        each = f"{default('bought_part_mass_kg'):g} kg each"
        draft.assume("part_mass", item.id, f"mass of {', '.join(unweighed)} unknown; taken as {each}")
    mass = sum(line.quantity * (_mass(line, draft) or default("bought_part_mass_kg")) for line in lines)
    sized = item if item.size_mm else replace(item, size_mm=_size(item, lines, draft))
    coded = sized if sized.commodity_code else replace(sized, commodity_code=_code(item, lines, draft))
    return draft.put(coded, mass_kg=mass, basis="sum of what it consists of")


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
