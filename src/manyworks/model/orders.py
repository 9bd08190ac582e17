"""What was promised to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from manyworks.model.ids import ItemId, OrderId, PlaceId
from manyworks.model.items import Product
from manyworks.model.quotes import Option, Quote


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedOrder:
    """An order with the option it was accepted at, and when it will be there.

    ``finish`` is the end of the last operation, ``delivered`` the expected arrival at the buyer,
    ``late_days`` how far beyond the due day that is (0: in time, or no due day).
    """

    order: Order
    product: Product
    quote: Quote
    option: Option
    finish: datetime
    delivered: datetime
    late_days: float
