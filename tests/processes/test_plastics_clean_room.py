"""A mould cut in Shenzhen and run in a US clean room, against all made in one country."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from manyworks.model import Machine, MachineId, ShopId
from manyworks.processes import Station, estimate, make_operation, rate_card

CASE = tomllib.loads(
    (Path(__file__).parents[2] / "docs/background/sanity/clean_room.toml").read_text(encoding="utf-8")
)
PART, FREIGHT = CASE["part"], {name: row["value"] for name, row in CASE["freight"].items()}
DUTY = {name: row["value"] for name, row in CASE["duty"].items()}
SHOPS = {name: row["value"] for name, row in CASE["shops"].items()}
LOT = CASE["orders"]["pieces_per_lot"]
QUANTITIES = CASE["orders"]["quantities"]


def press(country):
    hours = {"machine_hours_per_year": SHOPS["machine_hours_per_year"]}
    own = {name: SHOPS[name] for name in ("operators", "drive_factor")}
    machine = Machine(id=MachineId("press"), shop=ShopId("s"), name="press", capabilities=())
    return Station(machine=machine, rates=rate_card(country, {"USD": 1.0}, hours), coefficients=own)


def tool_shop(country):
    machine = Machine(id=MachineId("mill"), shop=ShopId("s"), name="mill", capabilities=())
    return Station(machine=machine, rates=rate_card(country, {"USD": 1.0}))


def mould(country):
    """Price and mass of the mould."""
    names = ("projected_cm2", "depth_cm", "patches", "ra_um", "slides", "it_grade")
    cut = make_operation("mould-making", {name: PART[name] for name in names})
    done = estimate(cut, np.array([1.0]), [tool_shop(country)])
    return float(done.price[0, 0]), float(done.product_kg[0, 0])


def lots(pieces):
    """Sizes of the lots that many pieces are ordered in."""
    whole, rest = divmod(pieces, LOT)
    return [LOT] * whole + ([rest] if rest else [])


def moulded(country, pieces, iso_class=CASE["clean_room"]["iso_class"]):
    """Price of a lot of parts at the press."""
    names = ("part_cm3", "wall_mm", "projected_cm2", "flow_share", "it_grade")
    measures = {**{name: PART[name] for name in names}, "iso_class": iso_class}
    job = make_operation("injection-moulding", measures, material=PART["material"])
    return float(estimate(job, np.array([float(pieces)]), [press(country)]).price[0, 0])


def shipped(pieces):
    """The cheaper of air and sea for a lot of parts."""
    room = pieces * PART["packed_l"]["value"] * 1e-3
    air = FREIGHT["parts_air_fixed"] + room * FREIGHT["air_kg_per_m3"] * FREIGHT["parts_air_per_kg"]
    sea = FREIGHT["parts_sea_fixed"] + max(room, 1.0) * FREIGHT["parts_sea_per_m3"]
    return min(air, sea)


def landed(mould_in, press_in, pieces):
    """Sum at a door in the US of the mould and all lots."""
    price, mass = mould(mould_in)
    total = price
    if mould_in != press_in:
        total += FREIGHT["mould_fixed"] + mass * FREIGHT["mould_air_per_kg"] + price * DUTY["mould"]
    for lot in lots(pieces):
        made = moulded(press_in, lot)
        total += made if press_in == "US" else made * (1.0 + DUTY["parts"]) + shipped(lot)
    return total


CHAINS = {"all China": ("CN", "CN"), "all US": ("US", "US"), "split": ("CN", "US")}


def winner(pieces):
    return min(CHAINS, key=lambda chain: landed(*CHAINS[chain], pieces))


def test_the_split_chain_wins_over_the_range_the_case_states():
    few, low, high = (CASE["expected"][n] for n in ("all_china_wins_to", "split_wins_from", "split_wins_to"))
    won = {pieces: winner(pieces) for pieces in QUANTITIES}
    assert {won[pieces] for pieces in QUANTITIES if low <= pieces <= high} == {"split"}, won
    assert {won[pieces] for pieces in QUANTITIES if pieces <= few} == {"all China"}, won


def test_a_mould_from_shenzhen_pays_its_flight_and_duty():
    """It beats a mould cut next door at every quantity: the press is the same."""
    price, mass = mould("CN")
    flown = price * (1.0 + DUTY["mould"]) + FREIGHT["mould_fixed"] + mass * FREIGHT["mould_air_per_kg"]
    assert flown < 0.6 * mould("US")[0]


def test_the_clean_room_costs_more_in_the_us_but_parts_need_no_ship():
    here, there = (moulded(country, LOT) for country in ("US", "CN"))
    assert there < here
    assert there * (1.0 + DUTY["parts"]) + shipped(LOT) > here


@pytest.mark.parametrize("country", ["CN", "US", "GB", "DE", "VN", "PL"])
@pytest.mark.parametrize("iso_class", [7, 8])
def test_mould_and_clean_room_are_estimated_in_any_country(country, iso_class):
    assert mould(country)[0] > 1_000
    assert moulded(country, LOT, iso_class) > moulded(country, LOT, 0)
