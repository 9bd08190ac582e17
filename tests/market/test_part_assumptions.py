"""What is assumed of bought parts that say nothing of price, mass and size."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.market.market_cases import item, market

from manyworks.market import part_mass_kg, part_size_mm
from manyworks.market.parts import classify, estimate_price
from manyworks.market.tables import toml_table
from manyworks.model import Item


@pytest.mark.parametrize(
    ("part", "name"),
    [
        (item("10k", value="10k", footprint="R_0603_1608Metric"), "resistor"),
        (item("x", value="100n", footprint="C_0402_1005Metric"), "capacitor"),
        (item("x", value="1000u", footprint="CP_Radial_D16.0mm_P7.50mm"), "electrolytic-capacitor"),
        (item("green", value="green", footprint="LED_SMD:LED_0805_2012Metric"), "led"),
        (item("x", value="16MHz", footprint="Crystal_SMD_3225-4Pin_3.2x2.5mm"), "crystal"),
        (item("x", mpn="ATTINY1616-SN", footprint="SOIC-20W_7.5x12.8mm_P1.27mm"), "microcontroller"),
        (item("x", mpn="TJA1042T/3/1J", footprint="SOIC-8_3.9x4.9mm_P1.27mm"), "ic-small"),
        (item("x", mpn="XYZ1234", footprint="LQFP-48_7x7mm_P0.5mm"), "ic-medium"),
        (item("x", value="1N4148", footprint="D_SOD-123"), "diode"),
        (item("x", value="MMBT3904", footprint="SOT-23"), "transistor"),
        (item("x", value="UEXT", footprint="PinHeader_1x06_P2.54mm_Vertical"), "pin-header"),
        (item("x", value="USB Micro B", footprint="USB_Micro-B_10103594"), "usb-connector"),
        (item("CR2032 retainer", footprint="BatteryHolder_Keystone_3034_1x20mm"), "battery-holder"),
        (item("Coin cell CR2032, lithium, 3 V"), "coin-cell"),
        (item("SPDT slide", footprint="SW_SPDT_PCM12"), "slide-switch"),
        (item("Screw for plastic, M2 x 12"), "screw"),
        (item("Folding box, kraft"), "box"),
        (item("whatsit"), "unit piece"),
        (item("PLA", unit="kg"), "unit kg"),
    ],
)
def test_a_part_falls_into_its_class(part: Item, name: str) -> None:
    assert classify(part).name == name


def test_every_class_has_prices_in_order_and_a_mass() -> None:
    table = toml_table("part_classes.toml")
    for row in (*table["class"].values(), *table["unit"].values()):
        low, likely, high = row["price"]
        assert 0 < low < likely < high
        assert 0 < row["exponent"] < 1
        assert row["mass_g"] > 0
        assert min(row["size_mm"]) > 0


@settings(deadline=None)
@given(st.floats(0, 1e9), st.floats(0, 1e9))
def test_more_pieces_never_cost_more_each(one: float, other: float) -> None:
    few, many = sorted((one, other))
    part = item("10k", value="10k", footprint="R_0603_1608Metric")
    assert estimate_price(part, many).unit_price_usd.mean <= estimate_price(part, few).unit_price_usd.mean * (
        1 + 1e-12
    )


def test_the_price_range_is_in_order_and_its_mean_is_that_of_its_two_halves() -> None:
    spread = market().estimate_price(item("whatsit")).unit_price_usd
    assert spread.p10 < spread.p50 < spread.p90
    below, above = (
        math.log(r) / 1.2815515655446004 for r in (spread.p50 / spread.p10, spread.p90 / spread.p50)
    )
    steps = 20_000
    grid = ((i + 0.5) / steps * 16 - 8 for i in range(steps))
    mean = sum(
        spread.p50 * math.exp(z * (above if z > 0 else below)) * math.exp(-z * z / 2) for z in grid
    ) * 16 / steps / math.sqrt(2 * math.pi)  # fmt: skip
    assert spread.mean == pytest.approx(mean, rel=1e-4)


def test_an_estimate_says_what_it_rests_on() -> None:
    basis = estimate_price(item("10k", value="10k", footprint="R_0603_1608Metric")).basis
    assert basis.startswith("price of 10k R_0603_1608Metric assumed from the class 'resistor': 0.002 to 0.06")
    assert "confidence low" in basis


def test_a_stated_mass_and_size_stand_without_an_assumption() -> None:
    part = item("x", mass_kg=0.5, size_mm=(1.0, 2.0, 3.0))
    assert part_mass_kg(part) == (0.5, "")
    assert part_size_mm(part) == ((1.0, 2.0, 3.0), "")


def test_a_chip_part_weighs_by_its_package_and_takes_its_length_of_tape() -> None:
    part = item("x", value="10k", footprint="R_0603_1608Metric")
    mass, why = part_mass_kg(part)
    size, _ = part_size_mm(part)
    assert mass == pytest.approx(3e-6)
    assert "the package 0603" in why
    assert size == pytest.approx((8.0, 4.0, 1.2))


def test_a_part_of_no_known_package_weighs_by_its_class_or_its_unit() -> None:
    assert part_mass_kg(item("Coin cell CR2032"))[0] == pytest.approx(0.003)
    assert part_mass_kg(item("PLA", unit="kg"))[0] == pytest.approx(1.0)
    assert "nothing but the unit 'piece'" in part_size_mm(item("whatsit"))[1]
