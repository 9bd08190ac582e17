"""Flat drawings: pieces cut from sheet."""

from __future__ import annotations

from manyworks.model import Item, SheetDesign
from manyworks.processes.routing.drafts import Draft


def route_sheet(item: Item, design: SheetDesign, draft: Draft) -> None:
    """Draw up the routings of a drawing for cutters."""
