import csv
import gzip
from dataclasses import replace
from pathlib import Path

import pytest

from manyworks.logistics import Logistics, vat
from manyworks.logistics.customs import find_duty, find_entry_fee, find_rate
from manyworks.model import Network, Severity

NETWORK = Network(name="n", currency="GBP", as_of="2026-11-20", exchange={"USD": 0.76, "GBP": 1.0})
TARIFF = Path(__file__).resolve().parents[3] / "shared/data/region/uk_global_tariff_2021_ch25_97.csv.gz"


def into_britain(code):
    return Logistics(NETWORK).duty(code, "CN", "CN", "GB")


@pytest.mark.parametrize(
    ("code", "rate"),
    [
        ("853400", 0.0),
        ("85414100", 0.0),
        ("8480710000", 0.0),
        ("392690", 0.06),
        ("39 26.90", 0.06),
        ("850650", 0.04),
        ("630790", 0.12),
        ("560900", 0.04),
        ("481910", 0.0),
        ("711790", 0.04),
    ],
)
def test_duty_into_britain_by_commodity_code(code, rate):
    assert into_britain(code).rate == rate


def test_britain_values_goods_with_freight():
    duty = into_britain("392690")
    assert (duty.basis, duty.freight_dutiable) == ("cif", True)
    assert "UK Global Tariff" in duty.source
    assert duty.finding is None


def test_the_longest_code_wins():
    assert into_britain("85068005").rate == 0.0
    assert into_britain("85068080").rate == 0.04


def test_a_short_code_takes_the_highest_rate_below_it_and_says_so():
    duty = into_britain("9405")
    assert duty.rate == 0.04
    assert "too short" in duty.finding.message


def test_a_code_newer_than_the_table_takes_the_highest_rate_of_its_heading():
    duty = into_britain("940511")
    assert duty.rate == 0.04
    assert "not in the table" in duty.finding.message


@pytest.mark.parametrize("code", [None, "", "abc", "12", "٣٤٥٦", "99999999"])
def test_a_missing_or_senseless_code_is_assumed_aloud(code):
    duty = into_britain(code)
    assert duty.rate == 0.04
    assert duty.finding.severity is Severity.WARNING
    assert duty.finding.hint


@pytest.mark.parametrize(("sent", "to"), [("GB", "GB"), ("DE", "FR"), ("CN", "CN"), ("IM", "GB")])
def test_no_duty_within_a_customs_territory(sent, to):
    duty = find_duty("392690", "CN", sent, to)
    assert (duty.rate, duty.basis, duty.finding) == (0.0, "none", None)


def test_duty_into_the_states_is_not_computed_and_says_so():
    duty = find_duty("392690", "CN", "CN", "US")
    assert (duty.rate, duty.basis, duty.freight_dutiable) == (0.0, "fob", False)
    assert duty.finding.code == "logistics.duty.not-computed"


@pytest.mark.parametrize("to", ["DE", "IN", "HK", "QQ"])
def test_duty_over_any_other_border_is_a_finding(to):
    assert find_duty("392690", "CN", "CN", to).finding.code == "logistics.duty.not-computed"


def test_relief_for_small_consignments_is_told_but_not_applied():
    duty = into_britain("392690")
    assert duty.relief_below == 135
    assert any("135" in line and "not applied" in line for line in duty.assumptions)


def test_relief_is_in_the_networks_currency():
    euros = replace(NETWORK, currency="EUR", exchange={"EUR": 1.0, "GBP": 1.2, "USD": 0.9})
    assert Logistics(euros).duty("392690", "CN", "CN", "GB").relief_below == pytest.approx(162)


def test_there_is_no_relief_before_it_was_made():
    early = replace(NETWORK, as_of="2020-12-31")
    assert Logistics(early).duty("392690", "CN", "CN", "GB").relief_below is None


def test_answers_are_remembered():
    logistics = Logistics(NETWORK)
    first = logistics.duty("392690", "CN", "CN", "GB")
    assert logistics.duty("392690", "CN", "CN", "GB") is first


def test_entry_costs_more_by_sea_than_by_express():
    assert find_entry_fee("GB", "sea").usd > 3 * find_entry_fee("GB", "express").usd


@pytest.mark.parametrize(
    ("country", "mode"), [("GB", "hand"), ("QQ", "sea"), ("HK", "rail"), ("US", "zeppelin")]
)
def test_every_border_has_an_entry_fee(country, mode):
    fee = find_entry_fee(country, mode)
    assert fee.usd > 0
    assert fee.assumptions


def test_value_added_tax_of_a_known_and_an_unknown_country():
    assert vat("GB").rate == 0.20
    assert vat("GB").finding is None
    assert vat("QQ").finding is not None


def test_the_table_agrees_with_the_published_tariff():
    if not TARIFF.exists():
        pytest.skip("the published tariff is not beside the repository")
    with gzip.open(TARIFF, "rt", encoding="utf-8") as file:
        published = {
            row["commodity8"]: float(row["uk_duty"].rstrip("%")) / 100
            for row in csv.DictReader(file)
            if len(row["commodity8"]) == 8 and row["uk_duty"].endswith("%")
        }
    checked = 0
    for code, rate in published.items():
        line, finding = find_rate(code, "duty_gb")
        if finding is None and line.code != "*":
            assert line.rate == pytest.approx(rate), code
            checked += 1
    assert checked > 1000
