"""Orders picked from shelves, packed and sent, each to its own address. A lot is a wave of orders.

A line takes ``walk / sqrt(orders of a tour) + find`` seconds: a tour of n orders walks the aisles once,
and the way through random places grows with their square root. Alone that is 53 lines an hour, eight
orders to a tour 123; published rates are 30 to 60 single, 60 to 120 in manual stores, 184 from flow
racks (bitergo.com; cisco-eagle.com). Pieces are then scanned into the carton, which is closed, labelled
and handed over, or stacked on a pallet where an order is that large. Error about 35 %.

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("US")
>>> order = make_operation("order-fulfilment", {"lines": 2, "pieces": 3})
>>> made = estimate(order, np.array([1.0, 200.0]), [station])
>>> [f"{each:.0f} s an order" for each in made.run_s[0] / made.starts[0]]
['167 s an order', '78 s an order']
"""

from __future__ import annotations

import numpy as np

from manyworks.model import Operation
from manyworks.processes.changeover import full_change
from manyworks.processes.frame import (
    Array,
    Bench,
    Effort,
    Lines,
    Number,
    price_on_default_machine,
)
from manyworks.processes.parcels import Consignment, dispatch


def good_share(_operation: Operation, bench: Bench) -> Number:
    """Share of orders that are right."""
    return 1.0 - bench["scrap_share"]


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of a wave of orders."""
    lines, pieces, mass, litres = bench.drivers(operation, "lines", "pieces", "mass_kg", "litres")
    leaving = dispatch(Consignment(units=starts, orders=starts, mass_kg=mass, litres=litres), bench)
    walk = bench["walk_seconds"] / np.sqrt(np.maximum(np.minimum(starts, bench["orders_per_tour"]), 1.0))
    picking = lines * (walk + bench["find_seconds"])
    run_s = starts * (picking + pieces * bench["piece_seconds"]) * (1.0 + bench["allowance"])
    change, spoilt = full_change(operation, bench), 1.0 + bench["spoilt_share"]
    effort = Effort(
        setup_s=change.held_s,
        run_s=run_s,
        setup_labour_s=change.people_s,
        labour_s=run_s * bench["operators"] + leaving.labour_s,
        material=leaving.money * spoilt,
        material_co2e_kg=leaving.co2e_kg * spoilt,
        input_kg=leaving.kg * spoilt,
        product_kg=leaving.kg,
    )
    return price_on_default_machine(effort, bench)
