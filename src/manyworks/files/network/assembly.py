"""Checked tables -> the nouns of a network, every price in its currency."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from manyworks.files.network.rows import Row
from manyworks.files.network.sheets import Sheets
from manyworks.files.network.shifts import parse_shifts
from manyworks.files.network.vocabulary import RATE_MONEY
from manyworks.model import (
    Capability,
    ItemId,
    Lane,
    LaneId,
    Machine,
    MachineId,
    Network,
    Offer,
    OfferId,
    Place,
    PlaceId,
    Shift,
    Shop,
    ShopId,
    Spread,
    Tool,
    ToolId,
    Worker,
    WorkerId,
)

_SIGMAS_P10_TO_P90 = 2.5631031310892007
"""Standard deviations between the 10 % and 90 % quantiles of a normal distribution."""


def build_network(sheets: Sheets) -> Network:
    """Make the network from tables without errors."""
    rows, rates = sheets.rows, sheets.exchange
    abilities = _abilities(rows["capabilities"])
    shops = [_shop(row, sheets) for row in rows["shops"]]
    machines = [_machine(row, abilities.get(row["id"], ()), rates) for row in rows["machines"]]
    places = [_place(row) for row in rows["places"]]
    places += [_place(row) for row in rows["shops"] if not row["place"]]
    return Network(
        name=sheets.head["name"],
        currency=sheets.head["currency"],
        as_of=sheets.head["as_of"],
        places={place.id: place for place in places},
        shops={shop.id: shop for shop in shops},
        machines={machine.id: machine for machine in machines},
        workers={worker.id: worker for worker in map(_worker, rows["workers"])},
        tools={tool.id: tool for tool in map(_tool, rows["tools"])},
        offers={OfferId(row["id"]): _offer(row, rates) for row in rows["offers"]},
        lanes=tuple(_lane(row, rates) for row in rows["lanes"]),
        exchange=dict(rates),
    )


def _worth(row: Row, rates: Mapping[str, float]) -> float:
    """Worth of one unit of the row's currency in the network's."""
    return rates[row["currency"]] if row["currency"] else 1.0


def _same(row: Row, *columns: str) -> dict[str, Any]:
    """Cells whose column and field are called alike and need nothing else."""
    return {column: row[column] for column in columns}


def _place(row: Row) -> Place:
    return Place(
        id=PlaceId(row["id"]),
        kind=row.values.get("kind", "site"),
        **_same(row, "name", "country", "latitude", "longitude", "zone"),
    )


def _shop(row: Row, sheets: Sheets) -> Shop:
    worth = _worth(row, sheets.exchange)
    rates = {name: value * (worth if name in RATE_MONEY else 1.0) for name, value in row["rates"].items()}
    return Shop(
        id=ShopId(row["id"]),
        place=PlaceId(row["place"] or row["id"]),
        shifts=_shifts(row["shifts"], sheets),
        smallest_order=row["smallest_order"] * worth,
        minimum_charge=row["minimum_charge"] * worth,
        order_fee=row["order_fee"] * worth,
        rate_overrides=rates,
        **_same(row, "name", "status", "timezone", "holidays", "certificates", "queue_days"),
        **_same(row, "certificates_complete", "coefficients", "description"),
    )


def _shifts(text: str, sheets: Sheets) -> tuple[Shift, ...]:
    if not text:
        return ()
    return sheets.patterns[text] if text in sheets.patterns else parse_shifts(text)


def _abilities(rows: list[Row]) -> dict[str, tuple[Capability, ...]]:
    groups: dict[str, tuple[Capability, ...]] = {}
    for row in rows:
        capability = Capability(**{name: value for name, value in row.values.items() if name != "machine"})
        groups[row["machine"]] = (*groups.get(row["machine"], ()), capability)
    return groups


def _machine(row: Row, capabilities: tuple[Capability, ...], rates: Mapping[str, float]) -> Machine:
    capital = row["capital"]
    return Machine(
        id=MachineId(row["id"]),
        shop=ShopId(row["shop"]),
        capabilities=capabilities,
        capital=None if capital is None else capital * _worth(row, rates),
        **_same(row, "name", "make", "model", "count", "power_kw", "floor_m2", "life_years", "coefficients"),
    )


def _worker(row: Row) -> Worker:
    return Worker(
        id=WorkerId(row["id"]), shop=ShopId(row["shop"]), **_same(row, "name", "processes", "count")
    )


def _tool(row: Row) -> Tool:
    life = math.inf if row["life_left"] is None else row["life_left"]
    shop, item = ShopId(row["shop"]), ItemId(row["item"])
    return Tool(id=ToolId(row["id"]), item=item, shop=shop, owner=row["owner"], life_left=life)


def _offer(row: Row, rates: Mapping[str, float]) -> Offer:
    worth = _worth(row, rates)
    breaks = row["breaks"]
    if worth != 1.0:
        breaks = tuple(replace(step, unit_price=step.unit_price * worth) for step in breaks)
    return Offer(
        id=OfferId(row["id"]),
        seller=ShopId(row["seller"]),
        breaks=breaks,
        where=row.where,
        **_same(row, "mpn", "manufacturer", "name", "value", "package", "unit", "units_per", "multiple"),
        **_same(
            row, "stock", "lead_days", "condition", "grade", "expected_yield", "origin", "mass_kg", "valid_to"
        ),
    )


def _lane(row: Row, rates: Mapping[str, float]) -> Lane:
    worth = _worth(row, rates)
    return Lane(
        id=LaneId(row["id"]),
        brackets=tuple(
            replace(bracket, fixed=bracket.fixed * worth, per_kg=bracket.per_kg * worth)
            for bracket in row["tariff"]
        ),
        transit_days=_transit(row),
        **_same(row, "mode", "from_zone", "to_zone", "kg_per_m3", "co2e_kg_per_tkm", "source"),
        **_same(row, "valid_from", "valid_to"),
    )


def _transit(row: Row) -> Spread:
    """Spread of the transit time; its mean by Swanson's rule, 0.3 p10 + 0.4 p50 + 0.3 p90."""
    p50 = row["transit_p50_days"]
    p10 = row["transit_p10_days"] or p50
    p90 = row["transit_p90_days"] or p50
    mean = 0.3 * p10 + 0.4 * p50 + 0.3 * p90
    return Spread(mean=mean, p10=p10, p50=p50, p90=p90, own_sigma=math.log(p90 / p10) / _SIGMAS_P10_TO_P90)
