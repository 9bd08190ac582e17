"""Parts milled or turned."""

from __future__ import annotations

from manyworks.model import Item, Routing, SolidDesign
from manyworks.processes.routing.drafts import Draft


def machined_ways(_item: Item, _design: SolidDesign, _draft: Draft) -> list[Routing]:
    """Routings of a part milled or turned; none where its material or shape does not allow it."""
    return []
