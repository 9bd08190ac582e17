"""Parts cut and bent from sheet."""

from __future__ import annotations

from manyworks.model import Item, Routing, SolidDesign
from manyworks.processes.routing.drafts import Draft


def sheet_metal_ways(_item: Item, _design: SolidDesign, _draft: Draft) -> list[Routing]:
    """Routings of a part cut and bent from sheet; none where its material or shape does not allow it."""
    return []
