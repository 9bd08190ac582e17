"""The nine-dollar telephone on its two-dollar chip set: the cost tree of a million of them in Shenzhen."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from examples.sanity_cases.chains import routing_lot
from examples.sanity_cases.lots import Case, Grid, Lot, Place

from manyworks import BillLine, Item, Product
from manyworks.market import Market
from manyworks.model import BoardDesign, ItemId, Network, Placement, SolidDesign
from manyworks.processes import Routes, route

MADE = {"board": "Board with its parts soldered on", "phone": "Final assembly and packing"}
_PACKED = "packing"


def describe() -> Mapping[str, Any]:
    """The phone as it is described in the case's file."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def place(phone: Mapping[str, Any]) -> Place:
    """The works that makes it."""
    return Place(name="Shenzhen", country="CN", rates=phone["rates"], coefficients=phone["coefficients"])


def product(phone: Mapping[str, Any]) -> Product:
    """The phone as a product: a board with parts, shells to be moulded, things to fit and to pack."""
    items: dict[ItemId, Item] = {}
    board = _board(phone, items)
    shells = [_shell(row) for row in phone["solid"]]
    items |= {item.id: item for item in (board, *shells)}
    lines = [BillLine(item=item.id, quantity=1.0) for item in (board, *shells)]
    for kind, step in (("fitted", ""), ("packed", _PACKED)):
        for row in phone[kind]:
            part = _part(row)
            items[part.id] = part
            lines.append(BillLine(item=part.id, quantity=float(row.get("count", 1)), step=step))
    root = ItemId("phone")
    items[root] = Item(id=root, name="Telephone", bill=tuple(lines))
    return Product(root=root, items=items)


def _part(row: Mapping[str, Any]) -> Item:
    slug = row["name"].lower().replace(" ", "-")
    return Item(id=ItemId(slug), name=row["name"], footprint=row.get("footprint", ""))


def _board(phone: Mapping[str, Any], items: dict[ItemId, Item]) -> Item:
    placements: list[Placement] = []
    lines: list[BillLine] = []
    for letter, row in enumerate(phone["on_board"]):
        part = _part(row)
        items[part.id] = part
        names = tuple(f"P{letter}_{n}" for n in range(row["count"]))
        lines.append(BillLine(item=part.id, quantity=float(row["count"]), designators=names))
        placements += [_placed(name, row) for name in names]
    told = phone["board"]
    design = BoardDesign(
        width_mm=told["width_mm"],
        height_mm=told["height_mm"],
        area_mm2=told["width_mm"] * told["height_mm"],
        copper_layers=told["layers"],
        thickness_mm=told["thickness_mm"],
        plated_holes=told["holes"],
        nonplated_holes=0,
        slots=0,
        min_track_mm=told["track_mm"],
        min_space_mm=told["track_mm"],
        min_drill_mm=told["drill_mm"],
        finish="OSP",
        placements=tuple(placements),
    )
    return Item(id=ItemId("board"), name="Board", design=design, bill=tuple(lines))


def _placed(name: str, row: Mapping[str, Any]) -> Placement:
    return Placement(
        designator=name,
        value=row["name"],
        footprint=row["footprint"],
        side="top",
        x_mm=0.0,
        y_mm=0.0,
        rotation_deg=0.0,
        surface_pads=row["pads"],
        through_pads=0,
        pitch_mm=row["pitch_mm"],
    )


def _shell(row: Mapping[str, Any]) -> Item:
    """An open shell of one wall: a floor and four sides."""
    long, wide, high = row["size_mm"]
    wall = row["wall_mm"]
    volume = long * wide * high - (long - 2 * wall) * (wide - 2 * wall) * (high - wall)
    design = SolidDesign(
        size_mm=(long, wide, high),
        volume_mm3=volume,
        surface_mm2=2.0 * volume / wall,
        wall_mm=wall,
        projected_mm2=long * wide,
        height_mm=high,
    )
    slug = row["name"].lower().replace(" ", "-")
    return Item(id=ItemId(slug), name=row["name"], material="ABS", design=design)


def tree(phone: Mapping[str, Any]) -> Lot:
    """Everything a lot of phones costs ex works, USD, by part of the tree."""
    whole, quantity = product(phone), int(phone["quantity"])
    routes, works = route(whole), place(phone)
    costs: dict[str, float] = {"Chip set": phone["known"]["chip_set_usd"] * quantity}
    costs |= _bought(phone, quantity)
    costs[MADE["board"]] = _cheapest(routes, "board", quantity, works)
    costs["Bare board"] = _cheapest(routes, "board/bare", quantity, works)
    costs["Housing, with its moulds"] = sum(
        _cheapest(routes, str(_shell(row).id), quantity, works) for row in phone["solid"]
    )
    costs[MADE["phone"]] = _cheapest(routes, "phone", quantity, works)
    ordered = dict(sorted(costs.items(), key=lambda pair: -pair[1]))
    return Lot(name="Telephone, ex works Shenzhen", quantity=quantity, costs=ordered)


def _cheapest(routes: Routes, item: str, quantity: int, works: Place) -> float:
    ways = [str(one.id) for one in routes.routings if one.item == item]
    return min(routing_lot(routes, way, quantity, works).price for way in ways)


def _bought(phone: Mapping[str, Any], quantity: int) -> dict[str, float]:
    """Parts by the classes of the parts table, at the quantity of the run; the middle of each range."""
    market = Market(Network(name="", currency="USD", as_of="2026-01-01"))
    groups = {"on_board": "Parts on the board", "fitted": "", "packed": "Box, leaflet, charger"}
    costs: dict[str, float] = {}
    for kind, group in groups.items():
        for row in phone[kind]:
            if row.get("chip_set") or row.get("part_of_chip_set"):
                continue
            count = float(row.get("count", 1)) * quantity
            price = market.estimate_price(_part(row), count).unit_price_usd.p50
            name = group or row["name"]
            costs[name] = costs.get(name, 0.0) + price * count
    return costs


def tell() -> Case:
    """The tree as a table and as a waterfall of one phone."""
    phone = describe()
    lot = tree(phone)
    rows = [
        (name, f"{cost / lot.quantity:.2f}", f"{cost / lot.price:.0%}") for name, cost in lot.costs.items()
    ]
    rows.append(("Ex works", f"{lot.each:.2f}", "100%"))
    rows.append(("Left of the retail price for trade", f"{phone['known']['retail_usd'] - lot.each:.2f}", ""))
    grid = Grid(title="One of a million telephones", heads=("what", "USD", "share"), rows=rows)
    return Case(grids=[grid], lots=[lot])
