"""The quote as JSON, as the reference documents it."""

from __future__ import annotations

import json

import pytest

from manyworks.quoting import quotes_to_json

KEYS = {
    "": {"product", "network", "network_hash", "currency", "quotes", "break_evens", "findings"},
    "quote": {
        "quantity", "ship_to", "as_of", "valid_until", "incoterm", "product_hash", "options", "findings",
    },
    "option": {
        "label", "total", "unit_price", "lead_time_days", "co2e_kg", "lines", "steps", "purchases", "moves",
        "assumptions", "runner_up", "gap",
    },
    "spread": {"mean", "p10", "p50", "p90"},
    "line": {"kind", "what", "where", "amount", "visible_to"},
    "step": {
        "item", "routing", "operation", "process", "shop", "machine", "quantity", "starts", "setup_s",
        "run_s", "attended_s", "queue_days", "price", "why",
    },
    "purchase": {
        "item", "operation", "offer", "seller", "units", "pieces", "unit_price", "amount", "condition",
        "lead_days",
    },
    "move": {
        "origin", "destination", "operation", "items", "mode", "lane", "mass_kg", "volume_m3",
        "chargeable_kg", "distance_km", "freight", "entry_fee", "duty", "transit_days", "co2e_kg",
    },
    "runner_up": {"difference", "total", "why_lost"},
    "break_even": {"item", "before", "after", "quantity"},
    "finding": {"code", "severity", "where", "message", "hint"},
}  # fmt: skip


@pytest.fixture(scope="module")
def content(quotes, badge, network):
    return json.loads(json.dumps(quotes_to_json(quotes, badge, network), allow_nan=False))


@pytest.fixture(scope="module")
def options(content):
    return [option for quote in content["quotes"] for option in quote["options"]]


def test_the_whole_and_each_quote_have_the_documented_keys(content):
    assert set(content) == KEYS[""]
    assert all(set(quote) == KEYS["quote"] for quote in content["quotes"])
    assert all(set(one) == KEYS["break_even"] for one in content["break_evens"])
    told = [*content["findings"], *(one for quote in content["quotes"] for one in quote["findings"])]
    assert told
    assert all(set(one) == KEYS["finding"] for one in told)


def test_each_option_has_the_documented_keys(options):
    assert options
    for option in options:
        assert set(option) == KEYS["option"]
        for spread in ("unit_price", "lead_time_days", "co2e_kg"):
            assert set(option[spread]) == KEYS["spread"]
        if option["runner_up"] is not None:
            assert set(option["runner_up"]) == KEYS["runner_up"]


@pytest.mark.parametrize(
    ("many", "one"), [("lines", "line"), ("steps", "step"), ("purchases", "purchase"), ("moves", "move")]
)
def test_rows_of_an_option_have_the_documented_keys(options, many, one):
    rows = [row for option in options for row in option[many]]
    assert rows
    assert all(set(row) == KEYS[one] for row in rows)


def test_lines_are_in_cents_and_sum_to_the_total(options):
    for option in options:
        cents = [line["amount"] * 100 for line in option["lines"]]
        assert all(abs(cent - round(cent)) < 1e-6 for cent in cents)
        assert sum(round(cent) for cent in cents) == round(option["total"] * 100)


def test_the_unit_price_times_the_quantity_is_the_total(content):
    for quote in content["quotes"]:
        for option in quote["options"]:
            price = option["unit_price"]["mean"] * quote["quantity"]
            assert price == pytest.approx(option["total"], abs=0.006 + 1e-6 * quote["quantity"])


def test_quantiles_come_in_order(options):
    for option in options:
        for name in ("unit_price", "lead_time_days", "co2e_kg"):
            assert 0 < option[name]["p10"] <= option[name]["p50"] <= option[name]["p90"]


def test_only_the_last_move_is_for_no_operation(options):
    for option in options:
        last = [move for move in option["moves"] if move["operation"] is None]
        assert [move["destination"] for move in last] == [last[0]["destination"]]


def test_names_in_the_document_are_those_of_the_network(options, network):
    for option in options:
        assert {step["shop"] for step in option["steps"]} <= set(network.shops)
        assert {buy["seller"] for buy in option["purchases"] if buy["offer"]} <= set(network.shops)
        assert {buy["offer"] for buy in option["purchases"] if buy["offer"]} <= set(network.offers)
