"""How numbers, money and times are written."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.model import Spread
from manyworks.report.formats import (
    format_count,
    format_date,
    format_days,
    format_days_range,
    format_duration,
    format_mass,
    format_mass_range,
    format_moment,
    format_money,
    format_number,
    format_share,
    format_significant,
    format_unit_price,
    humanise,
    join_words,
    name_country,
    round_to_sum,
    write_chemistry,
)


@pytest.mark.parametrize(
    ("value", "currency", "written"),
    [
        (1234.5, "GBP", "£1,234.50"),
        (-3.2, "EUR", "−€3.20"),
        (1999.6, "JPY", "¥2,000"),
        (10, "XTS", "XTS 10.00"),
        (-0.001, "GBP", "£0.00"),
        (math.nan, "GBP", "—"),
        (math.inf, "USD", "—"),
    ],
)
def test_money_has_symbol_thousands_and_the_decimals_of_its_currency(value, currency, written):
    assert format_money(value, currency) == written


@pytest.mark.parametrize(
    ("value", "written"), [(12.3, "£12.30"), (0.0123, "£0.0123"), (0.5, "£0.500"), (0.0, "£0.00")]
)
def test_prices_below_one_keep_three_digits(value, written):
    assert format_unit_price(value, "GBP") == written


@pytest.mark.parametrize(
    ("seconds", "written"), [(45, "45 s"), (720, "12 min"), (11_100, "3 h 05"), (0, "0 s"), (math.inf, "—")]
)
def test_durations_take_the_unit_that_fits(seconds, written):
    assert format_duration(seconds) == written


def test_days_have_a_decimal_only_below_ten():
    assert [format_days(n) for n in (1.0, 9.5, 9.96, 23.4)] == ["1 day", "9.5 days", "10 days", "23 days"]


def test_a_range_of_days_says_the_unit_once():
    assert format_days_range(Spread(mean=3, p10=2.0, p50=3.0, p90=12.2)) == "2 – 12 days"


def test_masses_move_from_grams_to_tonnes():
    assert [format_mass(n) for n in (0.00001, 0.0121, 0.836, 0.9999, 1.234, 12_500.0)] == [
        "under 0.1 g",
        "12 g",
        "836 g",
        "1 kg",
        "1.23 kg",
        "12.5 t",
    ]


def test_a_range_of_masses_has_one_unit():
    assert format_mass_range(Spread(mean=12e3, p10=9200.0, p50=12e3, p90=15_300.0)) == "9.2 t – 15.3 t"


def test_chemistry_is_written_with_a_small_number():
    assert write_chemistry("0.02 kg CO2e less") == "0.02 kg CO₂e less"


def test_countries_are_named_and_unknown_codes_kept():
    assert [name_country(code) for code in ("CN", "GB", "XX")] == ["China", "United Kingdom", "XX"]


def test_counts_are_whole_where_they_are_whole():
    assert [format_count(n) for n in (1250.0, 0.4213)] == ["1,250", "0.421"]


def test_a_tiny_share_is_not_written_as_nothing():
    assert [format_share(n) for n in (0.0, 0.0001, 0.123)] == [
        "0.0 %",
        "<\N{NARROW NO-BREAK SPACE}0.1 %",
        "12.3 %",
    ]


def test_dates_are_written_out_and_other_text_is_left_alone():
    assert format_date("2026-11-20") == "20 Nov 2026"
    assert format_date("soon") == "soon"


def test_a_missing_moment_is_a_dash():
    assert format_moment(None) == "—"
    assert format_moment(datetime(2026, 12, 4, 9, 5, tzinfo=UTC)) == "Fri 4 Dec 09:05"


def test_slugs_become_words_with_their_abbreviations():
    assert humanise("smt-assembly") == "SMT assembly"


def test_words_are_joined_as_in_a_sentence():
    assert [join_words(words) for words in ([], ["a"], ["a", "b", "c"])] == ["", "a", "a, b and c"]


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30))
def test_shown_sums_add_up_to_the_shown_total(amounts):
    total = math.fsum(amounts)
    shown = round_to_sum(amounts, total, 2)
    assert math.fsum(shown) == pytest.approx(round(total, 2), abs=0.006)
    assert all(abs(a - b) <= 0.01 + 1e-9 * a for a, b in zip(shown, amounts, strict=True))


def test_amounts_that_do_not_make_the_total_are_not_bent_to_it():
    assert round_to_sum([1.004, 2.004], 10.0, 2) == [1.0, 2.0]


@given(st.floats(-1e12, 1e12))
def test_significant_digits_read_back_as_nearly_the_same_number(value):
    written = format_significant(value).replace(",", "").replace("−", "-")
    assert float(written) == pytest.approx(value, rel=0.006, abs=1e-8)


def test_minus_zero_has_no_sign():
    assert format_number(-0.0001, 2) == "0.00"
