"""Plastic parts: printed, or moulded in a soft, a hard or a hardened tool."""

from __future__ import annotations

from manyworks.model import Item, Routing, SolidDesign
from manyworks.processes.plastics import Plastic, find_plastic
from manyworks.processes.routing.drafts import Draft
from manyworks.processes.routing.mould_routes import moulded_ways
from manyworks.processes.routing.plastic_wishes import wishes_of
from manyworks.processes.routing.printed_routes import printed_ways

_MOULDED = "ABS"


def plastic_ways(item: Item, design: SolidDesign, draft: Draft) -> list[Routing]:
    """Routings of a plastic part: printed in every way, moulded; none where it is of no plastic."""
    plastic = _moulded_of(item)
    if plastic is None:
        return []
    if not item.material:
        draft.assume(
            "material",
            item.id,
            f"no material; taken as PLA, standard resin or PA12 where printed and {_MOULDED} where moulded",
            "state the material of the item",
        )
    wishes = wishes_of(item, max(design.size_mm))
    printed = printed_ways(item, design, wishes, draft)
    return printed + moulded_ways(item, design, plastic, wishes, draft)


def _moulded_of(item: Item) -> Plastic | None:
    return find_plastic(item.material or _MOULDED)
