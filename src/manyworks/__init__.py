"""manyworks: many small factories, one works.

The verbs of the command line and the nouns they work with, from one place. Everything is loaded
when it is first asked for, so that ``import manyworks`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from manyworks.files import read, read_network, read_orders
    from manyworks.logistics import find_place
    from manyworks.model import (
        BillLine,
        BreakEven,
        CostLine,
        Finding,
        FindingsError,
        Item,
        Machine,
        Move,
        Network,
        Offer,
        Option,
        Order,
        Place,
        PlannedOrder,
        Product,
        Purchase,
        Quote,
        QuoteSet,
        Schedule,
        Severity,
        Shop,
        Spread,
        Step,
        Workload,
    )
    from manyworks.planning import Plan, plan, plan_to_json, read_plan, read_products
    from manyworks.quoting import quote, quotes_to_json
    from manyworks.report import plan_page, quote_page, read_page
    from manyworks.scheduling import check

__version__ = "0.1.0"

__all__ = [
    "BillLine",
    "BreakEven",
    "CostLine",
    "Finding",
    "FindingsError",
    "Item",
    "Machine",
    "Move",
    "Network",
    "Offer",
    "Option",
    "Order",
    "Place",
    "Plan",
    "PlannedOrder",
    "Product",
    "Purchase",
    "Quote",
    "QuoteSet",
    "Schedule",
    "Severity",
    "Shop",
    "Spread",
    "Step",
    "Workload",
    "__version__",
    "check",
    "find_place",
    "plan",
    "plan_page",
    "plan_to_json",
    "quote",
    "quote_page",
    "quotes_to_json",
    "read",
    "read_network",
    "read_orders",
    "read_page",
    "read_plan",
    "read_products",
]

_ROOMS = {
    "check": "scheduling",
    "find_place": "logistics",
    "Plan": "planning",
    "plan": "planning",
    "plan_page": "report",
    "plan_to_json": "planning",
    "quote": "quoting",
    "quote_page": "report",
    "quotes_to_json": "quoting",
    "read": "files",
    "read_network": "files",
    "read_orders": "files",
    "read_page": "report",
    "read_plan": "planning",
    "read_products": "planning",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        message = f"module 'manyworks' has no attribute {name!r}"
        raise AttributeError(message)
    room = import_module(f"manyworks.{_ROOMS.get(name, 'model')}")
    value = globals()[name] = getattr(room, name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
