"""Five boards are soldered by hand, five hundred run over a line: where it turns, and why."""

from __future__ import annotations

from functools import partial

from examples.sanity_cases.chains import routing_lot
from examples.sanity_cases.lots import Case, Grid, Place, break_even
from examples.sanity_cases.products import board

from manyworks.processes import route

PLACES = (Place(name="Shenzhen", country="CN"), Place(name="Wales", country="GB"))
QUANTITIES = (1, 5, 20, 100, 500, 5000)


def tell() -> Case:
    """Prices of both ways by quantity and place, and the quantity from which the line is cheaper."""
    routes = route(board())

    def price(way: str, place: Place, quantity: int) -> float:
        return routing_lot(routes, f"board/{way}", quantity, place).price

    rows, turns = [], []
    for place in PLACES:
        turn = break_even(partial(price, "hand", place), partial(price, "line", place))
        turns.append((place.name, f"{turn}"))
        rows += [
            (place.name, f"{n:,}", f"{price('hand', place, n) / n:.2f}", f"{price('line', place, n) / n:.2f}")
            for n in QUANTITIES
        ]
    heads = ("where", "boards", "by hand, USD each", "on the line, USD each")
    lots = [
        routing_lot(routes, f"board/{way}", n, PLACES[0], f"{name}, Shenzhen")
        for n in (5, 500)
        for way, name in (("hand", "By hand"), ("line", "On the line"))
    ]
    return Case(
        grids=[
            Grid(title="Assembly of a board with 30 parts, without the parts", heads=heads, rows=rows),
            Grid(title="The line is cheaper from", heads=("where", "boards"), rows=turns),
        ],
        lots=lots,
    )
