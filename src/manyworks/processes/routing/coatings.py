"""Finishes that a part's item asks for: powder coating, and what no process here gives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from manyworks.model import Finding, Item, Operation, OperationId, Requirement, warning
from manyworks.processes.materials import find_material
from manyworks.processes.routing.blanks import STEELS
from manyworks.processes.routing.drafts import told
from manyworks.processes.tables import default, read_data

_POWDER = "powder-coating"
_RAL = re.compile(r"\bRAL[\s-]*(\d{4})", re.IGNORECASE)


def _holds(text: str, words: str) -> bool:
    lowered = text.lower()
    return any(word in lowered for word in read_data("route_sheets")["words"][words])


def wants_powder(item: Item) -> bool:
    """Whether an item asks for powder coating: by process, by finish, or by a RAL colour of no other coat."""
    finish = item.finish or ""
    plain_colour = bool(_RAL.search(finish)) and not _holds(finish, "other_coats")
    return _POWDER in item.processes or _holds(finish, "powder") or plain_colour


def coating_of(
    item: Item, area_mm2: float, before: Sequence[Operation], *, masked: float | None = None
) -> Operation | None:
    """The powder coating an item asks for, after the operations that make it; None where it asks for none.

    Parameters
    ----------
    item
        With its finish in words (``powder coat RAL 9005``), its size and mass.
    area_mm2
        Skin that is coated.
    before
        Operations of the routing so far, in order, at least one; the first is asked for the thickness
        of the material and so whether it has mill scale on, which is blasted off.
    masked
        Threads and faces that are kept free of powder; None where that is not known.
    """
    if not wants_powder(item) or not before:
        return None
    last = before[-1]
    slug = str(last.id).removeprefix(f"{item.id}/").split("/")[0]
    long, wide, deep = sorted(item.size_mm or (area_mm2**0.5, area_mm2**0.5, 0.0), reverse=True)
    return Operation(
        id=OperationId(f"{item.id}/{slug}/coat"),
        name="Powder coat",
        process=_POWDER,
        requirement=Requirement(
            process=_POWDER,
            size_mm=(long, wide, deep),
            weight_kg=item.mass_kg,
            certificates=item.required_certificates,
        ),
        drivers={
            "area_mm2": area_mm2,
            "length_mm": long,
            "width_mm": wide,
            "depth_mm": deep,
            "mass_kg": item.mass_kg or 0.0,
            **({"blasted": 1.0} if _has_scale(before[0]) else {}),
            **({} if masked is None else {"masked": masked}),
        },
        after=(last.id,),
        setup_family=f"{_POWDER} {colour_of(item)}",
        setup_state={"colour": colour_of(item), "racks": str(item.id)},
    )


def colour_of(item: Item) -> str:
    """The colour to coat in: a RAL number of the finish, else the item's colour, else any stock one."""
    stated = _RAL.search(item.finish or "") or _RAL.search(item.colour or "")
    return f"RAL {stated[1]}" if stated else item.colour or "stock colour"


def assumed_of(operations: Sequence[Operation]) -> tuple[str, ...]:
    """What coats among the operations rest on that no design states."""
    blasted = any(one.process == _POWDER and "blasted" in one.drivers for one in operations)
    return told("scale_from_mm") if blasted else ()


def _has_scale(first: Operation) -> bool:
    """Whether what an operation takes is steel so thick that it is sold hot rolled, with its scale on."""
    asked = first.requirement
    found = [find_material(words) for words in asked.materials]
    steel = any(material is not None and material.family in STEELS for material in found)
    return steel and (asked.thickness_mm or 0.0) >= default("scale_from_mm")


def not_coated(item: Item, material: str) -> Finding:
    """That a part asked to be powder coated is of a material that does not stand it."""
    return warning(
        "processes.route.finish",
        item.id,
        f"powder coating is not priced: {material} does not stand its oven",
        "wet paint, or a material that is coloured through",
    )


def unmodelled_finish(item: Item) -> Iterator[Finding]:
    """What an item's finish asks that no process here gives; nothing where it asks for none."""
    finish = (item.finish or "").strip()
    if not finish or wants_powder(item) or _holds(finish, "none"):
        return
    text = f"finish {finish!r} is not priced: no process here gives it"
    yield warning("processes.route.finish", item.id, text, "add an offer for it, or ask for powder coating")
