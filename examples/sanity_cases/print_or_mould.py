"""A housing is printed at tens, moulded in a soft tool at thousands, in a hard one at hundred thousands."""

from __future__ import annotations

from functools import partial

from examples.sanity_cases.chains import routing_lot
from examples.sanity_cases.lots import Case, Grid, Place, break_even
from examples.sanity_cases.products import box

from manyworks.processes import Routes, route

PLACES = (Place(name="Shenzhen", country="CN"), Place(name="Wales", country="GB"))
QUANTITIES = (1, 10, 50, 200, 1000, 4000, 20_000, 100_000, 500_000, 2_000_000)


def cheapest(routes: Routes, quantity: int, place: Place) -> tuple[str, float]:
    """The routing with the least price of a lot, and that price."""
    ways = [one.id for one in routes.routings if one.item == "box"]
    lots = {way: routing_lot(routes, way, quantity, place).price for way in ways}
    best = min(lots, key=lambda way: lots[way])
    return str(best), lots[best]


def tell() -> Case:
    """The cheapest way by quantity and place, and where it changes."""
    routes = route(box())
    kinds = {one.id: one.kind for one in routes.routings}
    rows, turns = [], []
    for place in PLACES:
        before = ""
        for quantity in QUANTITIES:
            way, price = cheapest(routes, quantity, place)
            rows.append((place.name, f"{quantity:,}", kinds[way], f"{price / quantity:.3g}"))
            if before and kinds[way] != kinds[before]:
                turns.append((place.name, kinds[before], kinds[way], f"{turn(routes, before, way, place):,}"))
            before = way
    lots = [
        routing_lot(routes, cheapest(routes, n, PLACES[0])[0], n, PLACES[0], f"{kind}, Shenzhen")
        for n, kind in ((50, "Tens"), (4000, "Thousands"), (500_000, "Hundred thousands"))
    ]
    return Case(
        grids=[
            Grid(
                title="The cheapest way to make the box",
                heads=("where", "pieces", "way", "USD each"),
                rows=rows,
            ),
            Grid(title="Where it changes", heads=("where", "from", "to", "at pieces"), rows=turns),
        ],
        lots=lots,
    )


def turn(routes: Routes, before: str, after: str, place: Place) -> int:
    """The quantity from which ``after`` is cheaper than ``before``."""

    def price(way: str, quantity: int) -> float:
        return routing_lot(routes, way, quantity, place).price

    return break_even(partial(price, before), partial(price, after), most=QUANTITIES[-1])
