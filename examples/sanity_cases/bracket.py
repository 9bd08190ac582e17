"""One bracket at three places in 2011: 3 USD in Shenzhen, 5 in Taiwan, 26 GBP in Britain, by rates alone."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from examples.sanity_cases.lots import Case, Grid, Lot, Place, make_lot

from manyworks.model import Operation
from manyworks.processes import Estimate, estimate, make_operation

PLACES: Mapping[str, str] = {"CN": "Shenzhen, 2011", "TW": "Taiwan, 2011", "GB": "Britain, 2011"}
"""Where the bracket is made, in the order of its price."""

_MINUTE = 60.0
_HOUR = 3600.0
_BY_THE_HOUR = ("machine", "labour", "energy", "tool wear", "consumables")


@cache
def describe() -> Mapping[str, Any]:
    """The case's file."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def values(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    """The figures of a table of the file without their sources."""
    return {name: float(row["value"]) for name, row in rows.items()}


def place(country: str, rates: Mapping[str, float] | None = None, **changes: float) -> Place:
    """The shop of a country as the file states it, some of its figures changed."""
    stated = describe()["shop"][country]
    return Place(
        name=PLACES[country],
        country=country,
        rates={**values(stated["rates"]), **(rates or {})},
        coefficients={**values(stated["coefficients"]), **changes},
    )


def bracket() -> Operation:
    """Milling it from bar."""
    part = describe()["part"]
    return make_operation(part["process"], part["measures"], material=part["material"])


def told(country: str) -> float:
    """The price that is told of a place, USD."""
    row = describe()["told"][country]
    rate = describe()["told"]["usd_per_gbp"]["value"] if row["unit"] == "GBP" else 1.0
    return float(row["value"] * rate)


def lot(where: Place, pieces: int | None = None) -> Lot:
    """A lot of brackets at a place; the file's number of pieces where none is given."""
    return make_lot(where.name, [bracket()], pieces or int(describe()["part"]["lot"]), where)


def _made(where: Place) -> Estimate:
    return estimate(bracket(), np.array([float(describe()["part"]["lot"])]), [where.station()])


def _prices() -> Grid:
    lots = {country: lot(place(country)) for country in PLACES}
    least, cheapest = told("CN"), lots["CN"].each
    rows = [
        (
            PLACES[country],
            f"{told(country):.2f}",
            f"{made.each:.2f}",
            f"{told(country) / least:.1f}",
            f"{made.each / cheapest:.1f}",
        )
        for country, made in lots.items()
    ]
    heads = ("place", "told, USD", "model, USD", "told, over Shenzhen", "model, over Shenzhen")
    return Grid(title="One bracket of a lot of 200", heads=heads, rows=rows)


def _explained(country: str) -> tuple[str, ...]:
    """What an hour and a piece take at a place."""
    where = place(country)
    made = _made(where)
    starts, hours = float(made.starts[0, 0]), float(made.run_s[0, 0]) / _HOUR
    costs = {kind: float(amount[0, 0]) for kind, amount in made.costs.items()}
    loaded = (made.price[0, 0] / (made.price[0, 0] - costs["administration"] - costs["margin"])) - 1.0
    wage = where.station().rates.wage_per_hour
    return (
        where.name,
        f"{costs['machine'] / hours:.2f}",
        f"{wage:.2f}",
        f"{sum(costs[kind] for kind in _BY_THE_HOUR) * (1.0 + loaded) / hours:.2f}",
        f"{hours * _HOUR / starts / _MINUTE:.1f}",
        f"{float(made.attended_s[0, 0]) / starts / _MINUTE:.1f}",
        f"{float(made.setup_s[0, 0]) / _MINUTE:.0f}",
        f"{100.0 * loaded:.0f} %",
    )


def _hours() -> Grid:
    heads = (
        "place",
        "machine, USD/h",
        "wage, USD/h",
        "hour sold, USD",
        "minutes of machine each",
        "minutes of people each",
        "set-up, minutes a lot",
        "office and margin",
    )
    title = "Where it comes from: an hour of machine and of person, minutes a piece"
    return Grid(title=title, heads=heads, rows=[_explained(country) for country in PLACES])


def tell() -> Case:
    """Told and reckoned price by place, and what an hour and a piece take there."""
    return Case(grids=[_prices(), _hours()], lots=[lot(place(country)) for country in PLACES])
