"""What the cases on the documentation's pages claim, worked out anew."""

import pytest
from examples.sanity_cases import CASES, declining_moulder, phone, print_or_mould, tell
from examples.sanity_cases.bench_or_line import PLACES
from examples.sanity_cases.products import box

from manyworks.processes import route


@pytest.mark.parametrize("name", CASES)
def test_every_case_can_be_told_and_its_lines_add_up(name):
    case = tell(name)
    assert case.grids
    for grid in case.grids:
        assert grid.rows, grid.title
        assert {len(row) for row in grid.rows} == {len(grid.heads)}
    for lot in case.lots:
        assert sum(lot.costs.values()) == pytest.approx(lot.price)
        assert all(cost >= 0.0 for cost in lot.costs.values())


def test_five_boards_are_soldered_by_hand_and_five_hundred_run_over_a_line():
    prices, turns = (grid.rows for grid in tell("bench_or_line").grids)
    by = {(where, boards): (float(hand), float(line)) for where, boards, hand, line in prices}
    for place in PLACES:
        assert by[place.name, "5"][0] < by[place.name, "5"][1]
        assert by[place.name, "500"][1] < by[place.name, "500"][0]
    assert all(5 < int(boards) < 500 for _, boards in turns)


@pytest.mark.parametrize("place", print_or_mould.PLACES, ids=lambda place: place.country)
def test_a_box_is_printed_then_moulded_soft_then_hard(place):
    routes = route(box())
    kinds = {one.id: one.kind for one in routes.routings}

    def way(quantity):
        return kinds[print_or_mould.cheapest(routes, quantity, place)[0]]

    assert "print" in way(20)
    assert "soft" in way(4_000)
    assert "hard" in way(300_000)


def test_the_moulder_of_millions_declines_thousands_and_is_named():
    few, many = declining_moulder.quotes()
    said = [f.message for f in few.findings if f.code == "quoting.shop.declines"]
    assert any("Ten Thousand Mountains" in text and "takes lots from" in text for text in said)
    assert few.options
    assert many.options
    declined = [f.message for f in many.findings if f.code == "quoting.shop.declines"]
    assert not any("Ten Thousand Mountains" in text and "lots from" in text for text in declined)


def test_the_telephone_leaves_room_for_trade_under_nine_dollars():
    told = phone.describe()
    lot = phone.tree(told)
    assert 0.6 * told["known"]["retail_usd"] < lot.each < told["known"]["retail_usd"]
    assert next(iter(lot.costs)) == "Chip set"
    made = lot.costs["Bare board"] + sum(lot.costs[name] for name in phone.MADE.values())
    assert made / lot.quantity < 1.5


def test_the_bracket_costs_what_it_did_in_three_places_by_rates_alone():
    lots = {lot.name: lot.each for lot in tell("bracket").lots}
    shenzhen, taiwan, wales = lots.values()
    assert 3.0 / 1.35 < shenzhen < 3.0 * 1.35
    assert 1.3 < taiwan / shenzhen < 2.3
    assert 8.0 < wales / shenzhen < 19.0


def test_the_mould_from_shenzhen_in_an_american_clean_room_beats_both_for_some_quantities():
    rows = tell("clean_room").grids[0].rows
    cheapest = [row[-1] for row in rows]
    assert "split" in cheapest
