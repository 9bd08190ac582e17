"""A cast of products and stations for the tests of the processes room."""

from collections.abc import Callable, Mapping
from types import SimpleNamespace

import numpy as np
import pytest

from manyworks.model import (
    BillLine,
    BoardDesign,
    Item,
    ItemId,
    Machine,
    MachineId,
    Operation,
    Placement,
    Product,
    ShopId,
    SolidDesign,
)
from manyworks.processes import Routes, Station, estimate, rate_card, route


def _placement(
    designator: str, footprint: str, surface: int, through: int, pitch: float, side: str
) -> Placement:
    return Placement(
        designator=designator,
        value=designator,
        footprint=footprint,
        side=side,
        x_mm=0.0,
        y_mm=0.0,
        rotation_deg=0.0,
        surface_pads=surface,
        through_pads=through,
        pitch_mm=pitch,
    )


# number, footprint, surface pads, through pads, pitch, part number
_KINDS = (
    ("R", 12, "R_0603_1608Metric", 2, 0, 1.6, ""),
    ("C", 8, "C_0402_1005Metric", 2, 0, 0.96, ""),
    ("Q", 5, "SOT-23", 3, 0, 0.95, ""),
    ("U", 1, "SOIC-20", 20, 0, 1.27, "ATtiny1616-SN"),
    ("J", 4, "PinHeader_1x04", 0, 4, 2.54, ""),
)


def board(sides: int = 1, **changes: object) -> Product:
    """A board of 60 x 50 mm with 30 parts of five part numbers, four of them with legs through holes."""
    items: dict[ItemId, Item] = {}
    lines, placements = [], []
    for letter, count, footprint, surface, through, pitch, mpn in _KINDS:
        names = tuple(f"{letter}{number}" for number in range(1, count + 1))
        side = "bottom" if sides == 2 and letter == "C" else "top"
        placements += [_placement(name, footprint, surface, through, pitch, side) for name in names]
        part = ItemId(f"part/{letter.lower()}")
        items[part] = Item(id=part, name=letter, footprint=footprint, mpn=mpn)
        lines.append(BillLine(item=part, quantity=float(count), designators=names))
    figures: dict[str, object] = {
        "width_mm": 60.0,
        "height_mm": 50.0,
        "area_mm2": 3000.0,
        "copper_layers": 2,
        "thickness_mm": 1.6,
        "plated_holes": 80,
        "nonplated_holes": 2,
        "slots": 0,
        "min_track_mm": 0.2,
        "min_space_mm": 0.2,
        "min_drill_mm": 0.3,
        "placements": tuple(placements),
    }
    design = BoardDesign(**{**figures, **changes})
    root = ItemId("board")
    items[root] = Item(id=root, name="Board", design=design, bill=tuple(lines))
    return Product(root=root, items=items)


def shell(**changes: object) -> Product:
    """An open box of 60 x 40 x 8 mm with walls of 1.8 mm, in ABS."""
    volume = 60 * 40 * 8 - 56.4 * 36.4 * 6.2
    surface = 2 * 60 * 40 + 2 * 8 * (60 + 40) + 2 * 6.2 * (56.4 + 36.4)
    design = SolidDesign(
        size_mm=(60.0, 40.0, 8.0),
        volume_mm3=volume,
        surface_mm2=surface,
        wall_mm=1.8,
        projected_mm2=2400.0,
        height_mm=8.0,
    )
    item = Item(**{"id": ItemId("case"), "name": "Case", "material": "ABS", "design": design, **changes})
    return Product(root=item.id, items={item.id: item})


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


def routing_price(routes: Routes, routing: str, quantity: float, country: str = "CN") -> float:
    """Price of all operations of a routing for a lot, with the tools it needs made in the same country."""
    found = next(r for r in routes.routings if r.id == routing)
    total = 0.0
    wanted = quantity
    for operation in reversed(found.operations):
        done = estimate(operation, np.array([wanted]), [station(country)])
        wanted = float(done.starts[0, 0])
        total += float(done.price[0, 0])
        for tool in operation.tools:
            cut = next(r for r in routes.routings if r.item == tool.item)
            total += routing_price(routes, cut.id, np.ceil(wanted / tool.life), country)
    return total


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
