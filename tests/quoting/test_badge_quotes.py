"""The badge example on the example network: what a maker would expect of its quotes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from manyworks.market import Market
from manyworks.model import Severity
from manyworks.quoting import possible, prepare, quote, quote_prepared


@pytest.fixture(scope="module")
def cheapest(quotes):
    return {one.quantity: one.options[0] for one in quotes.quotes}


def ungapped(answer):
    """What was found, without what was proven of it."""
    return [
        replace(one, options=tuple(replace(option, gap=None) for option in one.options))
        for one in answer.quotes
    ]


def processes(option, item):
    return {step.process for step in option.steps if step.item == item}


def test_every_quantity_has_an_option(quotes):
    assert possible(quotes)
    assert [one.quantity for one in quotes.quotes] == [5, 500, 10_000]
    assert all(one.options for one in quotes.quotes)


def test_five_boards_are_soldered_at_a_bench_and_five_hundred_on_a_line(cheapest):
    assert "hand-assembly" in processes(cheapest[5], "badge-board")
    assert "smt-assembly" not in processes(cheapest[5], "badge-board")
    assert "smt-assembly" in processes(cheapest[500], "badge-board")
    assert "hand-assembly" not in processes(cheapest[500], "badge-board")


@pytest.mark.parametrize("shell", ["case-front", "case-back"])
def test_the_case_is_printed_at_five_and_moulded_at_ten_thousand(cheapest, shell):
    assert processes(cheapest[5], shell) == {"fdm-printing"}
    assert processes(cheapest[10_000], shell) == {"injection-moulding"}


def test_break_evens_name_both_changes_between_the_quantities(quotes):
    found = {(one.item, one.before): one for one in quotes.break_evens}
    assert 5 < found["badge-board", "hand assembly"].quantity <= 500
    assert found["badge-board", "hand assembly"].after == "pick-and-place line"
    for shell in ("case-front", "case-back"):
        assert 500 < found[shell, "printed"].quantity <= 10_000
        assert found[shell, "printed"].after.startswith("moulded")


def test_a_moulder_who_declines_a_small_order_is_named(quotes, network):
    declined = {
        one.where: one.message for one in quotes.quotes[0].findings if one.code == "quoting.shop.declines"
    }
    moulders = {
        machine.shop
        for machine in network.machines.values()
        for capability in machine.capabilities
        if capability.process == "injection-moulding" and (capability.min_lot or 0) > 10
    }
    assert moulders
    for shop in moulders:
        assert network.shops[shop].name in declined[shop]
        assert "takes lots from" in declined[shop]


def test_lines_sum_to_the_total_and_the_cheapest_stands_first(quotes):
    for one in quotes.quotes:
        totals = [option.total for option in one.options]
        assert totals == sorted(totals)
        for option in one.options:
            assert sum(round(line.amount * 100) for line in option.lines) == round(option.total * 100)


def test_the_more_badges_the_cheaper_each(cheapest):
    prices = [cheapest[quantity].unit_price.mean for quantity in (5, 500, 10_000)]
    assert prices == sorted(prices, reverse=True)


def test_every_step_is_done_by_a_shop_that_matches_it(quotes, prepared, network):
    market = Market(network)
    operations = {
        operation.id: operation
        for routings in prepared.case.routings.values()
        for routing in routings
        for operation in routing.operations
    }
    for step in {(s.operation, s.shop, s.machine) for q in quotes.quotes for o in q.options for s in o.steps}:
        operation, shop, machine = step
        candidates = market.match(operations[operation].requirement, on=network.as_of).candidates
        assert (shop, machine) in {(one.shop, one.machine) for one in candidates}


def test_each_operation_of_a_chosen_way_is_done_once(quotes):
    for option in (option for one in quotes.quotes for option in one.options):
        done = [step.operation for step in option.steps]
        assert len(done) == len(set(done))


def test_every_part_nobody_offers_is_a_finding(quotes, prepared):
    bought = {purchase.item for q in quotes.quotes for o in q.options for purchase in o.purchases}
    unknown = {item for item in bought if item not in prepared.case.goods}
    told = {one.where for one in quotes.findings if one.code == "quoting.part.no_offer"}
    assert unknown <= told


def test_a_part_nobody_offers_is_assumed_and_said_aloud(badge, network, cardiff):
    line = next(line for line in badge.items["badge-board"].bill if line.fitted)
    odd = replace(
        badge.items[line.item],
        mpn="UNHEARD-OF-1",
        manufacturer="Nobody",
        name="odd part",
        value="",
        footprint="",
    )
    asked = prepare(badge.with_items({line.item: odd}), network, cardiff)
    answer = quote_prepared(asked, network, quantities=[20])
    (told,) = (
        one for one in answer.findings if one.code == "quoting.part.no_offer" and one.where == line.item
    )
    assert told.severity is Severity.WARNING
    assert "odd part" in told.message
    option = answer.quotes[0].options[0]
    assert any(buy.item == line.item and buy.offer is None for buy in option.purchases)
    assert any(str(line.item) in note for note in option.assumptions)


def test_assumptions_are_listed_with_every_option(quotes):
    for option in (option for one in quotes.quotes for option in one.options):
        assert len(option.assumptions) > 10


def test_the_quote_says_what_it_is_of_and_how_long_it_holds(quotes, network):
    for one in quotes.quotes:
        assert (one.network_hash, one.currency, one.as_of) == (network.hash, "GBP", network.as_of)
        assert date.fromisoformat(one.valid_until) > date.fromisoformat(one.as_of)
        assert len(one.product_hash) == 64


def test_a_day_that_can_be_met_gives_an_option_of_its_own(prepared, network, quotes):
    fastest = min(option.lead_time_days.mean for option in quotes.quotes[0].options)
    day = date.fromisoformat(network.as_of) + timedelta(days=round(fastest) + 3)
    answer = quote_prepared(prepared, network, quantities=[5], by=day)
    assert "by date" in [option.label for option in answer.quotes[0].options]


def test_a_day_nobody_makes_is_a_warning(prepared, network):
    answer = quote_prepared(prepared, network, quantities=[5], by=date.fromisoformat(network.as_of))
    assert "quoting.date" in [one.code for one in answer.quotes[0].findings]
    assert "by date" not in [option.label for option in answer.quotes[0].options]


def test_asking_twice_answers_once_and_the_same(badge, network, prepared):
    once = quote_prepared(prepared, network, quantities=[20, 20])
    again = quote(badge, network, quantities=[20], ship_to=prepared.case.ship_to)
    assert len(once.quotes) == 1
    assert ungapped(once) == ungapped(again)


def test_nobody_who_could_is_an_error_that_says_so(badge, network, cardiff):
    alone = replace(network, machines={})
    answer = quote_prepared(prepare(badge, alone, cardiff), alone, quantities=[5])
    assert not possible(answer)
    assert answer.quotes[0].options == ()
    codes = [one.code for one in answer.quotes[0].findings]
    assert codes[0] == "quoting.impossible"
    assert "quoting.operation.nobody" in codes
