"""What a routing costs with the tools it needs, all made at one place."""

from __future__ import annotations

import math

import numpy as np
from examples.sanity_cases.lots import Lot, Place, make_lot

from manyworks.processes import Routes, estimate


def routing_lot(routes: Routes, routing: str, quantity: int, place: Place, name: str = "") -> Lot:
    """A lot by a routing; moulds and stencils it wears are a cost of their own kind, ``tool``."""
    found = next(one for one in routes.routings if one.id == routing)
    lot = make_lot(name or found.kind, found.operations, quantity, place)
    wanted = float(quantity)
    for operation in reversed(found.operations):
        made = estimate(operation, np.array([wanted]), [place.station()])
        wanted = float(made.starts[0, 0])
        for tool in operation.tools:
            cut = next(one for one in routes.routings if one.item == tool.item)
            number = math.ceil(wanted / tool.life)
            lot = lot.with_cost("tool", make_lot("tool", cut.operations, number, place).price)
    return lot
