"""Who sells a part, and who does not quite."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.market.market_cases import item, market, offer, shop

from manyworks.market import OfferMatch
from manyworks.market.part_numbers import exact_number, folded_number, maker, part_numbers
from manyworks.model import Item, Offer


def find(asked: Item, *offers: Offer, **shops: Any) -> OfferMatch:
    return market(offers=offers, **shops).offers_for(asked)


def how(asked: Item, sold: Offer) -> str:
    """By what the offer was found; its verdict where it was refused; empty where it never came up."""
    match = find(asked, sold)
    return match.offers[0].by if match.offers else match.refusals[0].verdict if match.refusals else ""


RESISTOR = item("10k", value="10k", footprint="R_0603_1608Metric")
CAPACITOR = item("C", value="100n 16V X7R 10%", footprint="C_0603_1608")


@pytest.mark.parametrize(
    ("asked", "sold", "found"),
    [
        ("ATTINY1616-SN", "attiny1616-sn", "mpn"),
        ("MMBT3904-7-F", "MMBT 3904 7 F", "mpn"),
        ("LM5107MAX/NOPB", "LM5107MAX", "mpn"),
        ("W25Q32JVSSIQ", "W25Q32JVSSIQ TR", "mpn"),
        ("LMR16006XDDCR", "LMR16006XDDCR-ND", "mpn"),
        ("АТТINY85", "ATTINY85", "mpn"),
        ("LM258DR", "LM258", "unknown"),
        ("LM258", "LM258DR", "unknown"),
        ("LM317CT", "LM317", "unknown"),
        ("LM358", "LM258", ""),
        ("NE555", "NE556", ""),
    ],
)
def test_a_part_number_is_the_same_but_for_breaks_and_packing(asked: str, sold: str, found: str) -> None:
    assert how(item(mpn=asked), offer(mpn=sold)) == found


def test_several_part_numbers_in_a_cell_are_alternatives() -> None:
    assert part_numbers("BSS84 / BSS84LT1G or BSS84PH6327") == ("BSS84", "BSS84LT1G", "BSS84PH6327")
    assert part_numbers("ANY") == part_numbers("generic") == part_numbers(" ") == ()
    assert part_numbers("Bourns SRR6045TA-470Y") == ("SRR6045TA-470Y",)


def test_a_maker_is_known_under_its_names() -> None:
    assert maker("TI") == maker("Texas Instruments Inc.")
    assert maker("ON Semiconductor") == maker("Fairchild")
    assert maker("Würth Elektronik") == maker("Wurth Electronics")
    assert maker("Yageo") != maker("Murata")


def test_another_maker_of_the_same_number_has_to_be_asked() -> None:
    asked = item(mpn="2N3904", manufacturer="onsemi")
    assert how(asked, offer(mpn="2N3904", manufacturer="Fairchild")) == "mpn"
    assert how(asked, offer(mpn="2N3904", manufacturer="Diotec")) == "unknown"


def test_a_part_number_in_another_package_is_refused() -> None:
    asked = item(mpn="LM258", footprint="SOIC-8_3.9x4.9mm_P1.27mm")
    assert how(asked, offer(mpn="LM258", package="DIP-8")) == "no_match"
    assert how(asked, offer(mpn="LM258", package="SO-8")) == "mpn"


def test_a_value_that_is_a_part_number_counts_as_one() -> None:
    asked = item("1N4148/DO35", value="1N4148/DO35", footprint="DO35_1K_2A")
    match = find(asked, offer(mpn="1N4148", package="DO-35"))
    assert match.offers[0].note == "part number 1N4148 read from '1N4148/DO35'"


@pytest.mark.parametrize(
    ("value", "package", "name", "found"),
    [
        ("10k", "0603", "Resistor 1 %", "parameters"),
        ("10K", "R0603", "", "parameters"),
        ("10 kOhm", "1608Metric", "", "parameters"),
        ("0.01M", "0603", "Resistor", "parameters"),
        ("10k", "0402", "Resistor", "no_match"),
        ("10k", "", "Resistor", "unknown"),
        ("10R", "0603", "Resistor", ""),
        ("10k", "0603", "NTC thermistor", ""),
    ],
)
def test_a_resistor_is_found_by_the_same_value_and_package_only(
    value: str, package: str, name: str, found: str
) -> None:
    assert how(RESISTOR, offer(value=value, package=package, name=name)) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("100nF 16V X7R 10%", "parameters"),
        ("0.1uF 50V C0G 5%", "parameters"),
        ("100nF 10V X7R 10%", "no_match"),
        ("100nF 16V X5R 10%", "no_match"),
        ("100nF 16V X7R 20%", "no_match"),
        ("100nF", "unknown"),
        ("100nF 16V X7R", "unknown"),
        ("100n 16V X7R 10% inductor", ""),
    ],
)
def test_ratings_asked_must_be_met_and_what_is_not_said_has_to_be_asked(value: str, found: str) -> None:
    assert how(CAPACITOR, offer(value=value, package="0603")) == found


def test_packages_that_cannot_be_compared_have_to_be_asked() -> None:
    asked = item("C", value="1000u", footprint="CP_Radial_D16.0mm_P7.50mm")
    assert how(asked, offer(value="1000u", package="16 x 25 mm", name="Electrolytic capacitor")) == "unknown"


def test_a_kind_taken_from_the_multiplier_alone_is_said() -> None:
    match = find(item("4u7", value="4u7", footprint="0805"), offer(value="4.7uF", package="0805"))
    assert match.offers[0].note.endswith("'4u7' read as a capacitor")


def test_a_plain_resistor_nobody_offers_by_number_is_replaced_by_an_equal_and_it_is_said() -> None:
    asked = item("R", value="10k", footprint="R_0603_1608", mpn="RC0603FR-0710KL", description="Resistor 1 %")
    match = find(asked, offer(value="10k", package="0603", name="Resistor 1 %"))
    assert match.offers[0].note.endswith("not the named part RC0603FR-0710KL, which nobody offers")


def test_a_part_that_is_not_plain_is_never_replaced_by_its_value() -> None:
    asked = item("NTC", value="10k", footprint="R_0603_1608", mpn="NTCG163JF103FT1S")
    assert how(asked, offer(value="10k", package="0603", name="Resistor")) == ""


@pytest.mark.parametrize(
    ("asked", "sold", "found"),
    [
        ("Lanyard, 20 mm polyester, printed", "printed polyester lanyard 20mm", "name"),
        ("Lanyards, 20 mm", "Lanyard 20 mm, polyester, black", "name"),
        ("Lanyard, 20 mm", "Lanyard, 15 mm", ""),
        ("Box", "Box cutter", "unknown"),
        ("Screw M3", "Screw M3 x 10 mm", "unknown"),
        ("Lanyard, printed", "Lanyard", ""),
        ("", "Lanyard", ""),
    ],
)
def test_a_name_is_the_same_but_for_order_and_idle_words(asked: str, sold: str, found: str) -> None:
    assert how(item(asked), offer(name=sold)) == found


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"valid_to": "2026-05-31"}, "the offer ended on 2026-05-31, asked on 2026-06-01"),
        ({"stock": 0.0}, "has none in stock"),
        ({"breaks": ()}, "states no price"),
    ],
)
def test_an_offer_that_cannot_be_bought_is_refused(fields: dict[str, Any], reason: str) -> None:
    match = find(item(mpn="BSS84"), offer(mpn="BSS84", **fields))
    assert (match.offers, match.refusals[0].reason, match.refusals[0].offer) == ((), reason, "offer")


def test_a_seller_that_is_not_open_is_refused() -> None:
    match = find(item(mpn="BSS84"), offer(mpn="BSS84"), shops=(shop("shop", status="closed"),))
    assert match.refusals[0].reason == "is not open (status 'closed')"


def test_all_sellers_of_a_part_are_found() -> None:
    sold = [offer(f"o{at}", mpn="BSS84") for at in range(5)]
    assert [c.offer for c in find(item(mpn="BSS84"), *sold).offers] == sold


@settings(deadline=None)
@given(st.from_regex(r"[ -~]{0,40}", fullmatch=True))
def test_a_part_number_folds_alike_in_any_case_and_with_any_blanks(text: str) -> None:
    assert exact_number(exact_number(text)) == exact_number(text)
    assert folded_number(text.lower()) == folded_number(text)
    assert folded_number(f" {text} ") == folded_number(text)


@settings(deadline=None)
@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_any_texts_are_matched_without_trouble(name: str, value: str, footprint: str, mpn: str) -> None:
    asked = item(name, value=value, footprint=footprint, mpn=mpn)
    match = find(asked, offer(name=name, value=value, package=footprint, mpn=mpn))
    assert len(match.offers) <= 1
