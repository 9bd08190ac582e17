"""What was promised to whom."""

from __future__ import annotations

from dataclasses import dataclass

from manyworks.model.ids import ItemId, OrderId, PlaceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An accepted request (ISA-95 operations request, VF commitment).

    ``due`` is an ISO date (empty: as soon as possible), ``option`` the label of the accepted
    option of the quote, ``weight`` how much a day late hurts beside other orders, ``source`` the
    path of the product's design files.
    """

    id: OrderId
    product: ItemId
    source: str
    quantity: int
    ship_to: PlaceId
    due: str = ""
    option: str = "cheapest"
    weight: float = 1.0
    customer: str = ""
