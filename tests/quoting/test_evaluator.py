"""The judge against paper: ten things, made in China of bought bolts, flown to Britain."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.quoting.by_hand import (
    AIR,
    BOLT,
    MADE,
    MAKER,
    SELLER,
    STEP,
    THING,
    TOWN,
    bolts,
    case,
    chain,
    seat,
)

from manyworks.model import LaneId, OfferId
from manyworks.quoting.chain import Buy
from manyworks.quoting.evaluate import evaluate
from manyworks.quoting.explosion import ChainError
from manyworks.quoting.search import search


@pytest.fixture
def paper():
    return evaluate(case(), chain(), 10)


def amounts(assessment):
    return {line.kind: line.amount for line in assessment.lines}


def test_every_line_is_as_on_paper(paper):
    # 10 good of 13 started; 5 + 13 x 2. 26 bolts: 30 bought, 27 good, at the break of 25.
    # 10 x 0.004 m3 x 167 = 6.68 kg to pay for: the second bracket, 8 + 0.5 x 6.68.
    # Customs: 0.1 of 31 + 15, 0.1 of 0.5 x 6.68, 0.1 of 8. Orders: fees 3 + 2, 20 - 15 to the minimum.
    assert [line.kind for line in paper.lines if line.kind == "order fee"] == ["order fee"] * 2
    fees = [line.amount for line in paper.lines if line.kind == "order fee"]
    assert sorted(fees) == [2.0, 3.0]
    expected = {
        "set-up": 5.0,
        "labour": 26.0,
        "part": 15.0,
        "freight": 11.34,
        "customs entry": 5.0,
        "duty": 4.6 + 0.334 + 0.8,
        "minimum charge": 5.0,
    }
    found = amounts(paper)
    assert {kind: found[kind] for kind in expected} == pytest.approx(expected)


def test_the_price_is_as_on_paper(paper):
    assert paper.total == pytest.approx(78.074)


def test_the_lead_time_is_as_on_paper(paper):
    # bolts after 3 days (the queue of 2 runs meanwhile), 600 + 13 x 60 s around the clock,
    # half a day of rest, 4 days in the air
    assert paper.lead_days == pytest.approx(3 + (600 + 13 * 60) / 86_400 + 0.5 + 4)


def test_the_footprint_is_as_on_paper(paper):
    # work 13 x 0.2, bolts 30 x 0.3, flight 3 kg x 0.5
    assert paper.co2e_kg == pytest.approx(2.6 + 9.0 + 1.5)


def test_the_move_says_what_was_weighed(paper):
    (move,) = paper.moves
    assert (move.mass_kg, move.volume_m3) == pytest.approx((3.0, 0.04))
    assert move.chargeable_kg == pytest.approx(6.68)
    assert move.operation is None


def test_the_step_says_how_many_were_started(paper):
    (step,) = paper.steps
    assert (step.quantity, step.starts, step.price) == (10, 13, 31)


def test_shop_lines_are_seen_by_the_shop_and_the_rest_by_the_buyer(paper):
    seen = {line.kind: line.visible_to for line in paper.lines}
    assert seen["labour"] == "maker"
    assert {seen[kind] for kind in ("part", "freight", "duty", "order fee")} == {"buyer"}


def test_the_search_comes_to_the_paper_chain():
    found = search(case(), 10, exact=True).found[0]
    assert found.assessment.total == pytest.approx(78.074)


def test_domestic_parcels_bear_neither_duty_nor_entry():
    here = replace(AIR, crosses_border=False, entry_fee=0.0)
    kinds = {line.kind for line in evaluate(case(services=lambda a, b: (here,)), chain(), 10).lines}
    assert not kinds & {"duty", "customs entry"}


def test_bolts_nobody_offers_are_assumed():
    buys = (Buy(item=BOLT, operation=STEP.id, offer=None, units=26.0),)
    assessment = evaluate(case(goods={}), chain(buys=buys), 10)
    assert amounts(assessment)["estimate"] == pytest.approx(26 * 2.5)
    assert assessment.lead_days == pytest.approx(9 + 1380 / 86_400 + 0.5 + 4)


# ---- what cannot be carried out --------------------------------------------------------------


def buying(units):
    return (Buy(item=BOLT, operation=STEP.id, offer=OfferId("bolts"), units=units),)


IMPOSSIBLE = {
    "too few come in": (case(), chain(buys=buying(20.0)), "quoting.chain.short", "18 pieces come in"),
    "none come in": (case(), chain(buys=()), "quoting.chain.short", "26 are wanted"),
    "not in stock": (
        case(goods={BOLT: (bolts(stock=20.0),)}),
        chain(),
        "quoting.chain.stock",
        "has not 30 units",
    ),
    "no whole bags": (case(), chain(buys=buying(29.0)), "quoting.chain.multiple", "does not sell 29"),
    "below the least amount": (case(), chain(buys=buying(5.0)), "quoting.chain.multiple", "does not sell 5"),
    "nobody seated": (case(), chain(seats={}), "quoting.chain.seat", "nobody takes 10"),
    "lot too small": (
        case(seats={STEP.id: (seat(MAKER, min_lot=11.0),)}),
        chain(),
        "quoting.chain.seat",
        "nobody takes 10",
    ),
    "lot too large": (
        case(seats={STEP.id: (seat(MAKER, max_lot=9.0),)}),
        chain(),
        "quoting.chain.seat",
        "nobody takes 10",
    ),
    "work below the shop's smallest order": (
        case(seats={STEP.id: (seat(replace(MAKER, smallest_order=31.5)),)}),
        chain(),
        "quoting.chain.seat",
        "nobody takes 10",
    ),
    "routing out of range": (
        case(routings={THING: (replace(MADE, max_quantity=9.0),)}),
        chain(),
        "quoting.chain.range",
        "does not make 10",
    ),
    "no carrier chosen": (case(), chain(lanes={}), "quoting.chain.carry", "nothing chosen carries 3.000 kg"),
    "no such carrier": (
        case(),
        chain(lanes={(TOWN.id, None): LaneId("sea")}),
        "quoting.chain.carry",
        "from town to home",
    ),
    "too heavy for the carrier": (
        case(packed=lambda item: (2.1, 0.004)),
        chain(),
        "quoting.chain.carry",
        "nothing chosen carries 21.000 kg",
    ),
    "basket below the seller's smallest order": (
        case(goods={BOLT: (bolts(replace(SELLER, smallest_order=15.5)),)}),
        chain(),
        "quoting.chain.carry",
        "seller takes no order below 15.5, this one is 15.00",
    ),
}


@pytest.mark.parametrize("why", IMPOSSIBLE)
def test_an_impossible_chain_is_turned_down_with_its_reason(why):
    asked, chosen, code, words = IMPOSSIBLE[why]
    with pytest.raises(ChainError) as caught:
        evaluate(asked, chosen, 10)
    assert any(finding.code == code and words in finding.message for finding in caught.value.findings)


def test_all_reasons_are_told_at_once():
    scarce = case(goods={BOLT: (bolts(stock=10.0),)})
    with pytest.raises(ChainError) as caught:
        evaluate(scarce, chain(buys=buying(15.0)), 10)
    assert {finding.code for finding in caught.value.findings} == {
        "quoting.chain.short",
        "quoting.chain.multiple",
        "quoting.chain.stock",
    }
