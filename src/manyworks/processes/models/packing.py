"""Packing a lot: picked, boxed, labelled, put in cartons, and made ready as parcels or pallets.

At the bench one product takes ``pieces * piece + pack + label`` seconds, with ``(1 + allowance)`` on
top. One walk a part number brings the parts, and again each time the trolley is full. Products go into
outer cartons by weight and room; the cartons of an address leave as parcels, each labelled, or stacked
on pallets with one booking: so the lot to one address pays its papers once. The cheaper is taken, unless
the freight asks for pallets, which mostly pay on the journey. That work is on the floor, beside the
bench.

Pick rates have two sources (single picks 30 to 60 lines an hour; manual stores 60 to 120), weights and
carbon of boxes one with a second by the industry; hand times are engineering estimates. Error about
25 %. Boxes, inserts and leaflets that the bill names are bought items and not in it.

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("GB")
>>> lamp = {"pieces": 3, "lines": 3, "mass_kg": 0.8, "litres": 4}
>>> quantities = np.array([1.0, 500.0])
>>> to_one = estimate(make_operation("packing", lamp), quantities, [station])
>>> to_many = estimate(make_operation("packing", {**lamp, "addresses_share": 1}), quantities, [station])
>>> f"{to_one.run_s[0, 1] / 500:.0f} s each at the bench"
'63 s each at the bench'
>>> f"{to_many.price[0, 1] / to_one.price[0, 1]:.0f} times the price where each has an address of its own"
'3 times the price where each has an address of its own'
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
from manyworks.processes.parcels import Consignment, box_m2, dispatch, walking_s


def good_share(_operation: Operation, bench: Bench) -> Number:
    """Share of packs that are good."""
    return 1.0 - bench["scrap_share"]


def _bench_s(operation: Operation, starts: Array, bench: Bench) -> Number:
    """Seconds at the bench, walks to the store included."""
    pieces, lines, litres = bench.drivers(operation, "pieces", "lines", "litres")
    each = pieces * bench["piece_seconds"] + bench["pack_seconds"] + bench["label_seconds"]
    walks = walking_s(starts, lines, litres, bench)
    return (starts * each + walks) * (1.0 + bench["allowance"])


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of packing lots and making them ready to leave."""
    mass, litres, own_box, share = bench.drivers(
        operation, "mass_kg", "litres", "unit_box", "addresses_share"
    )
    goods = Consignment(units=starts, orders=np.maximum(starts * share, 1.0), mass_kg=mass, litres=litres)
    (stacked,) = bench.drivers(operation, "on_pallets")
    leaving = dispatch(goods, bench, on_pallets=stacked > 0.0)
    change = full_change(operation, bench)
    run_s = _bench_s(operation, starts, bench)
    board = starts * own_box * box_m2(litres)
    board_kg, spoilt = board * bench["board_kg_per_m2"], 1.0 + bench["spoilt_share"]
    inserts = starts * own_box * bench["unit_box_sundries"]
    effort = Effort(
        setup_s=change.held_s,
        run_s=run_s,
        setup_labour_s=change.people_s,
        labour_s=run_s * bench["operators"] + leaving.labour_s,
        material=(board * bench["board_price"] + inserts + leaving.money) * spoilt,
        consumables=starts * bench["consumables_per_pack"],
        material_co2e_kg=(board_kg * bench["board_co2e"] + leaving.co2e_kg) * spoilt,
        input_kg=(board_kg + leaving.kg) * spoilt,
        product_kg=board_kg + leaving.kg,
    )
    return price_on_default_machine(effort, bench)
