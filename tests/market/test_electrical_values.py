"""Values as parts lists write them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manyworks.market.values import dielectric_serves, read_value


@pytest.mark.parametrize(
    ("text", "footprint", "kind", "size"),
    [
        ("4k7", "R_0603_1608Metric", "resistor", 4700),
        ("4.7k", "R0603", "resistor", 4700),
        ("4,7 kΩ", "0603", "resistor", 4700),
        ("2K2", "R_0402", "resistor", 2200),
        ("0R", "R_0402", "resistor", 0),
        ("R47", "R_2512", "resistor", 0.47),
        ("1M", "R_0603", "resistor", 1e6),
        ("1m", "R_2512", "resistor", 1e-3),
        ("40.2", "R_0603", "resistor", 40.2),
        ("1M37", "R_0603", "resistor", 1.37e6),
        ("22ohm", "0201", "resistor", 22),
        ("100n", "C_0603_1608", "capacitor", 100e-9),
        ("0.1uF", "0603", "capacitor", 100e-9),
        ("u1", "C_0402_1005Metric", "capacitor", 100e-9),
        ("4u7", "C_0805", "capacitor", 4.7e-6),
        ("4,7µF", "C_0805", "capacitor", 4.7e-6),
        ("4.7μF", "C_0805", "capacitor", 4.7e-6),
        ("100NF", "C_0805", "capacitor", 100e-9),
        ("100nF/25V/2010", "C2010", "capacitor", 100e-9),
        ("10uH", "L_0805_2012Metric", "inductor", 10e-6),
        ("16MHz", "Crystal_SMD_3225-4Pin_3.2x2.5mm", "crystal", 16e6),
        ("32.768kHz", "Crystal_SMD_3215-2Pin", "crystal", 32768),
    ],
)
def test_a_value_is_read_in_every_way_of_writing(text: str, footprint: str, kind: str, size: float) -> None:
    reading = read_value(text, footprint)
    assert (reading.kind, float(reading.value)) == (kind, pytest.approx(size))


@pytest.mark.parametrize(
    ("text", "footprint", "more"),
    [
        ("1N4148", "D_SOD-123", ""),
        ("2N3904", "TO-92", ""),
        ("MMBT3904", "SOT-23", ""),
        ("10k", "C_0603", ""),
        ("10k", "R_0603", "temperature dependent resistor (NTC)"),
        ("600R", "L_0603_1608Metric", "ferrite bead"),
        ("10uF 22uF", "C_0603", ""),
        ("10MF", "C_0603", ""),
        ("M3", "", "Screw"),
        ("110 x 75 x 25 mm", "", "Box"),
        ("", "", ""),
        ("DNP", "R_0603", ""),
    ],
)
def test_what_is_no_plain_value_is_not_read_as_one(text: str, footprint: str, more: str) -> None:
    assert read_value(text, footprint, more).value == ""


def test_ratings_and_package_in_the_value_cell_are_read() -> None:
    reading = read_value("1uF, 10V, X5R, 20%, 0402", "")
    assert (reading.value, reading.package) == ("1e-06", "0402")
    assert (reading.voltage_v, reading.dielectric, reading.tolerance_percent) == (10.0, "X5R", 20.0)
    assert read_value("100R 1/16W 1%", "0402").power_w == pytest.approx(0.0625)
    assert read_value("2.2uF 6V3", "C_0402").voltage_v == pytest.approx(6.3)
    assert read_value("10n NP0", "C_0603").dielectric == "C0G"


def test_a_kind_that_only_follows_from_the_multiplier_is_marked() -> None:
    assert read_value("4u7", "0805").assumed
    assert not read_value("4u7", "C_0805").assumed


def test_a_led_is_known_by_its_colour() -> None:
    assert read_value("GRN", "LED_SMD:LED_0603_1608Metric").value == "green"
    assert read_value("LED/PTH/5MM/RED", "LED-5mm-PTH-KA").value == "red"
    assert read_value("LED", "LED_0603_1608Metric").value == ""


@pytest.mark.parametrize(
    ("stated", "asked", "serves"),
    [
        ("C0G", "X7R", True),
        ("X7R", "X5R", True),
        ("X5R", "X7R", False),
        ("X7S", "X5R", False),
        ("Y5V", "X5R", False),
    ],
)
def test_a_dielectric_serves_when_its_range_and_change_are_no_worse(
    stated: str, asked: str, serves: bool
) -> None:
    assert dielectric_serves(stated, asked) is serves


@settings(deadline=None)
@given(st.integers(1, 999), st.integers(0, 9), st.sampled_from("pnu"))
def test_point_comma_and_letter_say_the_same(whole: int, part: int, letter: str) -> None:
    forms = [
        f"{whole}.{part}{letter}F",
        f"{whole},{part}{letter}F",
        f"{whole}{letter}{part}",
        f"{whole}.{part} {letter}F",
    ]
    assert len({read_value(form, "C_0603").value for form in forms}) == 1


@settings(deadline=None)
@given(st.floats(1, 999), st.sampled_from(["", "k", "M"]))
def test_a_resistance_keeps_its_size(size: float, letter: str) -> None:
    text = f"{size:.4g}"
    if "e" in text:
        return
    factor = {"": 1.0, "k": 1e3, "M": 1e6}[letter]
    assert math.isclose(float(read_value(text + letter, "R_0603").value), float(text) * factor, rel_tol=1e-5)


@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=30), st.text(max_size=60))
def test_any_text_is_read_without_trouble(value: str, footprint: str, text: str) -> None:
    assert isinstance(read_value(value, footprint, text).value, str)
