"""A mould cut in Shenzhen and run in an American clean room, against all made in one country."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from examples.sanity_cases.lots import Case, Grid, Lot, Place, make_lot

from manyworks.processes import make_operation

CHAINS: Mapping[str, tuple[str, str]] = {
    "all China": ("CN", "CN"),
    "all US": ("US", "US"),
    "split": ("CN", "US"),
}
"""Where the mould is cut and where it is run; the parts are wanted in the US."""

_CUT = ("projected_cm2", "depth_cm", "patches", "ra_um", "slides", "it_grade")
_MOULDED = ("part_cm3", "wall_mm", "projected_cm2", "flow_share", "it_grade")
_DRAWN = 50_000


@cache
def describe() -> Mapping[str, Any]:
    """The case's file."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def figure(group: str, name: str) -> float:
    """One of the file's figures by its table and name."""
    return float(describe()[group][name]["value"])


def mould(country: str) -> Lot:
    """The mould, cut in a country."""
    part = describe()["part"]
    cut = make_operation("mould-making", {name: part[name] for name in _CUT})
    return make_lot("Mould", [cut], 1, Place(name=country, country=country))


def moulded(country: str, pieces: int, iso_class: int | None = None) -> Lot:
    """A lot of parts at a press in a clean room; class 0 is an ordinary hall."""
    case = describe()
    room = case["clean_room"]["iso_class"] if iso_class is None else iso_class
    measures = {**{name: case["part"][name] for name in _MOULDED}, "iso_class": float(room)}
    job = make_operation("injection-moulding", measures, material=case["part"]["material"])
    press = Place(
        name=country,
        country=country,
        rates={"machine_hours_per_year": figure("shops", "machine_hours_per_year")},
        coefficients={name: figure("shops", name) for name in ("operators", "drive_factor")},
    )
    return make_lot("Parts", [job], pieces, press)


def mould_kg() -> float:
    """Mass of the mould, from the model of its cutting."""
    import numpy as np

    from manyworks.processes import estimate

    part = describe()["part"]
    cut = make_operation("mould-making", {name: part[name] for name in _CUT})
    made = estimate(cut, np.array([1.0]), [Place(name="CN", country="CN").station()])
    return float(made.product_kg[0, 0])


def freight(pieces: int) -> float:
    """The cheaper of air and sea for a lot of parts to the US."""
    room = pieces * figure("part", "packed_l") * 1e-3
    by_weight = room * figure("freight", "air_kg_per_m3") * figure("freight", "parts_air_per_kg")
    air = figure("freight", "parts_air_fixed") + by_weight
    sea = figure("freight", "parts_sea_fixed") + max(room, 1.0) * figure("freight", "parts_sea_per_m3")
    return min(air, sea)


def landed(chain: str, pieces: int) -> Lot:
    """All parts at a door in the US, with the mould that makes them, by kind of cost."""
    cut_in, run_in = CHAINS[chain]
    tool = mould(cut_in).price
    lot = Lot(name=chain, quantity=pieces, costs={}).with_cost("tool", tool)
    if cut_in != run_in:
        flight = figure("freight", "mould_fixed") + mould_kg() * figure("freight", "mould_air_per_kg")
        lot = lot.with_cost("freight", flight).with_cost("duty", tool * figure("duty", "mould"))
    each = int(describe()["orders"]["pieces_per_lot"])
    whole, rest = divmod(pieces, each)
    for size, number in ((each, whole), (rest, 1)):
        if size and number:
            lot = _with_lots(lot, run_in, size, number)
    return lot


def _with_lots(lot: Lot, run_in: str, size: int, number: int) -> Lot:
    made = moulded(run_in, size)
    for kind, cost in made.costs.items():
        lot = lot.with_cost(kind, number * cost)
    if run_in == "US":
        return lot
    lot = lot.with_cost("freight", number * freight(size))
    return lot.with_cost("duty", number * made.price * figure("duty", "parts"))


def winner(pieces: int) -> str:
    """The chain that lands the parts for the least money."""
    return min(CHAINS, key=lambda chain: landed(chain, pieces).price)


def tell() -> Case:
    """Landed price of a part by chain and quantity, and the three chains in full at one of them."""
    quantities = [int(pieces) for pieces in describe()["orders"]["quantities"]]
    rows = [(f"{n:,}", *(f"{landed(chain, n).each:.3f}" for chain in CHAINS), winner(n)) for n in quantities]
    heads = ("parts", *(f"{chain}, USD each" for chain in CHAINS), "cheapest")
    moulds = [(country, f"{mould(country).price:,.0f}") for country in ("CN", "US")]
    return Case(
        grids=[
            Grid(title="Landed in the US, with the mould", heads=heads, rows=rows),
            Grid(title="The mould alone", heads=("cut in", "USD"), rows=moulds),
        ],
        lots=[landed(chain, _DRAWN) for chain in CHAINS],
    )
