"""A cast of products and stations for the tests of the processes room."""

from collections.abc import Callable, Mapping
from types import SimpleNamespace

import numpy as np
import pytest
from examples.sanity_cases.chains import routing_lot
from examples.sanity_cases.lots import Place
from examples.sanity_cases.products import board, box

from manyworks.model import Machine, MachineId, Operation, Product, ShopId
from manyworks.processes import Routes, Station, estimate, rate_card, route


def shell(**changes: object) -> Product:
    """An open box of 60 x 40 x 8 mm with walls of 1.8 mm, in ABS, called ``case``."""
    return box("case", **changes)


def station(
    country: str = "CN", coefficients: Mapping[str, float] | None = None, **machine: object
) -> Station:
    """A nameless machine in a country, figures of the machine as given, money in USD."""
    figures = {"id": MachineId("m"), "shop": ShopId("s"), "name": "m", "capabilities": ()}
    return Station(
        machine=Machine(**{**figures, **machine}),
        rates=rate_card(country, {"USD": 1.0}),
        coefficients=coefficients or {},
    )


def operations(routes: Routes) -> dict[str, Operation]:
    """All operations of all routings by id."""
    return {str(op.id): op for routing in routes.routings for op in routing.operations}


def price(operation: Operation, quantity: float, country: str = "CN") -> float:
    """Price of a lot in USD."""
    return float(estimate(operation, np.array([quantity]), [station(country)]).price[0, 0])


def routing_price(routes: Routes, routing: str, quantity: int, country: str = "CN") -> float:
    """Price of all operations of a routing for a lot, with the tools it needs made in the same country."""
    return routing_lot(routes, routing, quantity, Place(name=country, country=country)).price


@pytest.fixture(scope="session")
def cast() -> SimpleNamespace:
    """All of the above under one name."""
    names: dict[str, Callable[..., object]] = {
        "board": board,
        "shell": shell,
        "station": station,
        "operations": operations,
        "price": price,
        "routing_price": routing_price,
    }
    return SimpleNamespace(**names, board_routes=route(board()), shell_routes=route(shell()))
