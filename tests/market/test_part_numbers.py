"""Part numbers and makers under their many spellings."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manyworks.market.part_numbers import (
    coded_package,
    edit_distance,
    exact_number,
    folded_number,
    maker,
    near_numbers,
    part_numbers,
)


@pytest.mark.parametrize(
    ("written", "exact"),
    [
        (" lm358dr ", "LM358DR"),
        ('"LM358DR"', "LM358DR"),
        ("ＬＭ３５８ＤＲ", "LM358DR"),
        ("LM358\u200bDR", "LM358DR"),
        ("СL10А105", "CL10A105"),
        ("ΒΑΤ54", "BAT54"),
        ("74HC\u2011595", "74HC-595"),
    ],
)
def test_exact_form(written: str, exact: str) -> None:
    assert exact_number(written) == exact


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("LM2596S-5.0/NOPB", "LM2596S-5.0"),
        ("LT3045EDD#TRPBF", "LT3045EDD"),
        ("LT3045EDD#PBF", "LT3045EDD"),
        ("MAX3232EUE+T", "MAX3232EUE"),
        ("SN74LVC1G07DCKRG4", "SN74LVC1G07DCKR"),
        ("311-15LRCT-ND", "311-15LRCT"),
        ("LFXTAL058124REEL", "LFXTAL058124"),
        ("BSS138-TR", "BSS138"),
        ("ATMEGA328P-AU REEL", "ATMEGA328P AU"),
        ("RC0603FR-071KL", "rc0603fr 071kl"),
    ],
)
def test_packing_and_breaks_do_not_make_another_part(one: str, other: str) -> None:
    assert folded_number(one) == folded_number(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("LM358", "LM385"), ("BC847B", "BC847C"), ("STM32F103C8T6", "STM32F103CBT6"), ("TPS62743", "TPS62745")],
)
def test_other_parts_stay_others(one: str, other: str) -> None:
    assert folded_number(one) != folded_number(other)


@pytest.mark.parametrize("number", ["TR", "CT-1", "G4", "T/R", "+T", "REEL"])
def test_a_number_that_is_all_suffix_keeps_something(number: str) -> None:
    assert folded_number(number)


@given(st.text(max_size=60))
def test_a_folded_number_has_no_breaks_and_no_blanks(text: str) -> None:
    assert not set(folded_number(text)) & set("-_/ .,+#\t\n")


@pytest.mark.parametrize("cell", ["ANY", "generic", "", "-", "n/a", "TBD"])
def test_fillers_are_no_numbers(cell: str) -> None:
    assert part_numbers(cell) == ()


@pytest.mark.parametrize(
    "cell", ["LM358DR / LM358D", "LM358DR or LM358D", "LM358DR\nLM358D", "LM358DR;LM358D"]
)
def test_several_numbers_in_a_cell(cell: str) -> None:
    assert part_numbers(cell) == ("LM358DR", "LM358D")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("TI", "Texas Instruments Inc."),
        ("ON", "Fairchild Semiconductor"),
        ("onsemi", "ON Semiconductor"),
        ("Yageo", "Phycomp"),
        ("NCC", "United Chemi-Con"),
        ("Maxim Integrated", "ADI"),
        ("SILICON LABORATORIES INC", "Silicon Labs"),
        ("Würth Elektronik", "Wurth Electronics"),
        ("MURATA ELECTRONICS (VA)", "Murata"),
        ("YAGEO (VA)", "yageo"),
        ("AVX CORPORATION (VA)", "Kyocera AVX"),
    ],
)
def test_one_maker_under_two_names(one: str, other: str) -> None:
    assert maker(one) == maker(other) != ""


class TestSuggestions:
    KNOWN = ("LM358DR", "TPS62743YFPR", "STM32F103C8T6", "RC0603FR-071KL")

    def test_a_slip_is_suggested_the_nearest_first(self) -> None:
        assert near_numbers("TPS62734YFPR", self.KNOWN) == ("TPS62743YFPR",)
        assert near_numbers("STM32F103C8T", self.KNOWN) == ("STM32F103C8T6",)

    def test_the_part_itself_and_other_parts_are_not(self) -> None:
        assert near_numbers("LM358DR", self.KNOWN) == ()
        assert near_numbers("NE555", self.KNOWN) == ()

    @settings(deadline=None)
    @given(st.text("ABC12", max_size=8), st.text("ABC12", max_size=8))
    def test_the_distance_is_one_of_a_metric(self, one: str, other: str) -> None:
        distance = edit_distance(one, other, 20)
        assert distance == edit_distance(other, one, 20)
        assert (distance == 0) == (one == other)
        assert abs(len(one) - len(other)) <= distance <= max(len(one), len(other))
        assert edit_distance(one, other, 1) == min(distance, 2)

    def test_swapped_letters_are_one_slip(self) -> None:
        assert edit_distance("ABCD", "ACBD", 3) == 1
        assert edit_distance("KITTEN", "SITTING", 9) == 3


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_no_trouble(text: str) -> None:
    coded_package(text)
    maker(text)
    part_numbers(text)
