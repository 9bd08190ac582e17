"""One bracket at three places in 2011: 3 USD in Shenzhen, 5 in Taiwan, 26 GBP in Britain, by rates alone."""

from dataclasses import replace

import pytest
from examples.sanity_cases.bracket import PLACES, bracket, describe, lot, place, told, values
from examples.sanity_cases.lots import Place

from manyworks.processes import check_coefficients, out_of_scope


def each(where):
    """Price of one bracket, USD."""
    return lot(where).each


def test_the_case_is_an_ordinary_part_and_every_figure_of_a_shop_names_its_source():
    assert not out_of_scope(bracket())
    for stated in describe()["shop"].values():
        assert not check_coefficients("cnc-milling", values(stated["coefficients"]))
        for row in (*stated["rates"].values(), *stated["coefficients"].values()):
            assert row["source"]
            assert row["confidence"] in ("low", "medium", "high")


def test_no_shop_has_a_factor_on_the_work():
    factors = {"run_time_factor", "setup_time_factor", "scrap_factor"}
    assert not any(factors & set(stated["coefficients"]) for stated in describe()["shop"].values())


def test_taiwan_asks_half_as_much_again_as_shenzhen():
    assert told("TW") / told("CN") == pytest.approx(1.67, abs=0.01)
    assert 1.4 < each(place("TW")) / each(place("CN")) < 2.1


def test_britain_asks_about_ten_times_as_much_as_shenzhen():
    # Told: nearly fourteen times.
    assert 8.0 < each(place("GB")) / each(place("CN")) < 18.0


@pytest.mark.parametrize(("country", "least"), [("CN", 0.65), ("TW", 0.65), ("GB", 0.5)])
def test_the_bracket_costs_what_was_told_or_a_little_less(country, least):
    assert least < each(place(country)) / told(country) < 1.35


@pytest.mark.parametrize(
    ("figure", "at_least"),
    [("wage_per_hour", 1.25), ("machine_hours_per_year", 1.05), ("administration", 1.1), ("margin", 1.05)],
)
def test_each_of_labour_hours_overhead_and_margin_carries_a_part_of_the_gap(figure, at_least):
    shenzhen = describe()["shop"]["CN"]["rates"][figure]["value"]
    eased = place("GB", {figure: shenzhen})
    assert each(place("GB")) / each(eased) > at_least


def test_tending_one_machine_each_carries_a_part_of_the_gap():
    assert each(place("GB")) / each(place("GB", operators=0.33)) > 1.2


def test_a_small_lot_makes_the_british_price_by_its_set_up():
    few = lot(place("GB"), 25)
    assert few.each > 1.3 * each(place("GB"))


def test_with_todays_book_of_rates_the_order_of_places_is_the_same_and_the_gap_smaller():
    today = {country: each(Place(name=country, country=country)) for country in PLACES}
    assert today["CN"] < today["TW"] < today["GB"]
    assert today["GB"] / today["CN"] < each(place("GB")) / each(place("CN"))


def test_in_britain_more_than_half_of_the_price_is_people_office_and_margin():
    costs = lot(place("GB")).costs
    people = costs["labour"] + costs["administration"] + costs["margin"]
    assert people > 0.5 * lot(place("GB")).price


def test_the_wage_of_britain_at_shenzhens_machine_still_leaves_most_of_the_gap():
    """No single figure explains thirteen times: the cheapest machine hour alone does not make it cheap."""
    british = place("GB")
    cheap_machine = replace(british, rates={**british.rates, "capital_factor": 0.35})
    assert each(cheap_machine) > 0.7 * each(british)
