"""Rate cards."""

import dataclasses
import math

import pytest

from manyworks.processes import ProcessesError, known_countries, rate_card


def test_the_book_knows_the_countries_of_the_trade():
    assert {"CN", "GB", "US", "TW", "VN", "DE", "PL", "IN"} <= set(known_countries())


@pytest.mark.parametrize("country", known_countries())
def test_every_country_has_a_whole_card_with_sources(country):
    card = rate_card(country, {"USD": 1.0})
    assert card.wage_per_hour > 1.0
    assert 500 < card.machine_hours_per_year < 8760
    assert 0 < card.margin < 1
    assert 0 < card.grid_kg_co2e_per_kwh < 1.5
    assert len(card.sources) == len(dataclasses.fields(card)) - len(("country", "sources"))


def test_money_follows_the_exchange_rate_and_shares_do_not():
    dollars, pounds = rate_card("GB", {"USD": 1.0}), rate_card("GB", {"USD": 0.76})
    for name in ("wage_per_hour", "rent_per_m2_year", "energy_per_kwh", "capital_factor", "material_factor"):
        assert getattr(pounds, name) == pytest.approx(0.76 * getattr(dollars, name))
    for name in ("margin", "interest", "machine_hours_per_year", "grid_kg_co2e_per_kwh"):
        assert getattr(pounds, name) == getattr(dollars, name)


def test_own_rates_are_in_the_networks_currency_and_no_longer_told_as_assumed():
    card = rate_card("GB", {"USD": 0.76}, {"wage_per_hour": 15.0, "capital_factor": 0.5})
    assert card.wage_per_hour == 15.0
    assert card.capital_factor == pytest.approx(0.38)
    assert not any("wage_per_hour" in source for source in card.sources)


def test_everything_wrong_is_said_at_once():
    with pytest.raises(ProcessesError) as caught:
        rate_card("XX", {}, {"wage": 3.0, "margin": math.nan, "machine_hours_per_year": 0.0})
    codes = sorted(finding.code for finding in caught.value.findings)
    assert codes == [
        "processes.rates.country",
        "processes.rates.exchange",
        "processes.rates.field",
        "processes.rates.value",
        "processes.rates.value",
    ]


def test_the_common_rows_are_no_country():
    with pytest.raises(ProcessesError):
        rate_card("everywhere", {"USD": 1.0})


def test_a_shop_in_a_country_the_book_does_not_know_may_state_all_rates_itself():
    whole = rate_card("GB", {"USD": 1.0})
    names = ("wage_per_hour", "rent_per_m2_year", "energy_per_kwh", "machine_hours_per_year")
    names += ("administration", "margin", "grid_kg_co2e_per_kwh")
    own = {name: getattr(whole, name) for name in names}
    assert rate_card("XX", {"USD": 1.0}, own).wage_per_hour == whole.wage_per_hour
    del own["margin"]
    with pytest.raises(ProcessesError, match="margin"):
        rate_card("XX", {"USD": 1.0}, own)
