"""A mould cut in Shenzhen and run in a US clean room, against all made in one country."""

import pytest
from examples.sanity_cases.clean_room import describe, figure, freight, mould, mould_kg, moulded, winner

LOT = describe()["orders"]["pieces_per_lot"]
QUANTITIES = describe()["orders"]["quantities"]


def test_the_split_chain_wins_over_the_range_the_case_states():
    expected = describe()["expected"]
    few, low, high = (expected[n] for n in ("all_china_wins_to", "split_wins_from", "split_wins_to"))
    won = {pieces: winner(pieces) for pieces in QUANTITIES}
    assert {won[pieces] for pieces in QUANTITIES if low <= pieces <= high} == {"split"}, won
    assert {won[pieces] for pieces in QUANTITIES if pieces <= few} == {"all China"}, won


def test_a_mould_from_shenzhen_pays_its_flight_and_duty():
    """It beats a mould cut next door at every quantity: the press is the same."""
    price = mould("CN").price
    flight = figure("freight", "mould_fixed") + mould_kg() * figure("freight", "mould_air_per_kg")
    assert price * (1.0 + figure("duty", "mould")) + flight < 0.6 * mould("US").price


def test_the_clean_room_costs_more_in_the_us_but_parts_need_no_ship():
    here, there = (moulded(country, LOT).price for country in ("US", "CN"))
    assert there < here
    assert there * (1.0 + figure("duty", "parts")) + freight(LOT) > here


@pytest.mark.parametrize("country", ["CN", "US", "GB", "DE", "VN", "PL"])
@pytest.mark.parametrize("iso_class", [7, 8])
def test_mould_and_clean_room_are_estimated_in_any_country(country, iso_class):
    assert mould(country).price > 1_000
    assert moulded(country, LOT, iso_class).price > moulded(country, LOT, 0).price
