"""Packages under the names footprints give them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manyworks.market.packages import find_package, packages, same_package


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("R_0603_1608Metric", "0603"),
        ("Capacitor_SMD:C_0603_1608Metric_Pad1.05x0.95mm_HandSolder", "0603"),
        ("C_0201_0603Metric", "0201"),
        ("C_0603_1608", "0603"),
        ("C2010", "2010"),
        ("R0402", "0402"),
        ("805", "0805"),
        ("LED_0805_2012Metric", "0805"),
        ("D_SOD-123", "sod-123"),
        ("D_SMB", "do-214aa"),
        ("SOT-23-6", "sot-23-6"),
        ("TO-92_PTH", "to-92"),
        ("DO35_1K_2A", "do-35"),
        ("SOIC-8_3.9x4.9mm_P1.27mm", "soic-8"),
        ("SOIC-8_150mil", "soic-8"),
        ("SOIC-8_5.23x5.23mm_P1.27mm", "soic-8w"),
        ("Package_SO:SOIC-20W_7.5x12.8mm_P1.27mm", "soic-20w"),
        ("SOP8", "soic-8"),
        ("LQFP-48_7x7mm_P0.5mm", "lqfp-48"),
        ("QFN-56-1EP_7x7mm_P0.4mm_EP3.2x3.2mm", "qfn-56"),
        ("LED-5mm-PTH-KA", "led-5mm"),
        ("Crystal_SMD_3225-4Pin_3.2x2.5mm", "crystal-3225"),
    ],
)
def test_a_footprint_name_leads_to_its_package(name: str, package: str) -> None:
    found = find_package(name)
    assert found is not None
    assert found.name == package


@pytest.mark.parametrize(
    "name", ["", "MDR6_MINI-DIN", "CP_Radial_D16.0mm_P7.50mm", "9999", "PinHeader_1x03_P2.54mm"]
)
def test_a_name_not_in_the_table_is_not_guessed(name: str) -> None:
    assert find_package(name) is None


def test_packages_are_the_same_under_other_names_and_never_with_other_bodies() -> None:
    assert same_package("R_0603_1608Metric", "0603") is True
    assert same_package("R_0603_1608Metric", "0402") is False
    assert same_package("QFN-16-1EP_3x3mm_P0.5mm", "QFN-16-1EP_4x4mm_P0.65mm") is False
    assert same_package("Odd-Thing", "odd_thing") is True
    assert same_package("odd", "0603") is None


def test_the_table_is_large_and_its_numbers_make_sense() -> None:
    assert len(packages()) >= 60
    for package in packages().values():
        assert min(*package.body_mm, package.pitch_mm, package.mass_mg) > 0
        assert package.pins <= package.joints <= package.pins + 1


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_looked_up_without_trouble(name: str) -> None:
    find_package(name)
