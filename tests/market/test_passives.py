"""Passive parts by what they do, and values that no maker sells."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manyworks.market.passives import (
    PassiveKey,
    is_usual,
    nearest_preferred,
    passive_key,
    series_of,
    written,
)


def _key(value: str, package: str = "", text: str = "", **more: str) -> PassiveKey:
    key = passive_key(value, package, text, **more)
    assert key is not None
    return key


def test_everything_in_one_cell() -> None:
    key = _key("0201, 1uF, 10V, X5R, 20%")
    assert (key.kind, key.size, key.package) == ("capacitor", pytest.approx(1e-6), "0201")
    assert (key.voltage_v, key.dielectric, key.tolerance_percent) == (10, "X5R", 20)
    assert key.text == "capacitor 1 uF 0201 10 V X5R 20 %"
    assert key.doubts == ()


@pytest.mark.parametrize(
    "spellings",
    [
        [
            ("4k7", "R_0603_1608Metric"),
            ("4.7k", "R0603"),
            ("4,7 kΩ", "0603"),
            ("4700R", "R_0603"),
            ("4K7 ", "r_0603"),
        ],
        [
            ("4u7", "C_0805_2012Metric"),
            ("4.7µF", "C0805"),
            ("4.7 μF", "0805"),
            ("4,7uF", "C_805"),
            ("4700nF", "C_0805"),
        ],
        [("0R", "R_0402_1005Metric"), ("0 ohm", "0402"), ("0R0", "R0402"), ("0E", "R_0402")],
    ],
)
def test_one_part_under_many_spellings_has_one_key(spellings: list[tuple[str, str]]) -> None:
    keys = {(key.kind, f"{key.size:.6g}", key.package) for key in (_key(*said) for said in spellings)}
    assert len(keys) == 1


def test_a_small_m_and_a_large_one_are_nine_powers_apart() -> None:
    assert _key("1M", "R_0603").size == pytest.approx(1e9 * _key("1m", "R_0603").size)


def test_the_designator_tells_what_value_and_package_leave_open() -> None:
    assert passive_key("470", "0603") is None
    assert _key("470", "0603", designator="R7").kind == "resistor"
    assert _key("100n", "0603", designator="rC12").doubts == ()
    assert _key("100n", "0603").doubts == ("taken for a capacitor by its multiplier alone",)


@pytest.mark.parametrize(
    ("mpn", "package"),
    [
        ("RC0402FR-0710KL", "0402"),
        ("CL10B104KB8NNNC", "0603"),
        ("GRM32ER61C476KE15L", "1210"),
        ("C3216X5R0J107M160AB", "1206"),
        ("C0402C689C5GAC7867", "0402"),
        ("ERJ-2RKF1002X", "0402"),
        ("CC0805KRX7R9BB152", "0805"),
        ("0402WGF1002TCE", "0402"),
        ("EMK105BJ105MV-F", "0402"),
        ("LM358DR", ""),
    ],
)
def test_the_ordering_code_tells_the_package(mpn: str, package: str) -> None:
    assert _key("1k", "", "resistor", mpn=mpn).package == package


@pytest.mark.parametrize(
    ("value", "package"),
    [
        ("1N4148", "D_SOD-123"),
        ("LM358", "SOIC-8"),
        ("16MHz", "Crystal_3225"),
        ("600R", "L_0603"),
        ("", "R_0603"),
    ],
)
def test_what_is_no_passive_has_no_key(value: str, package: str) -> None:
    assert passive_key(value, package) is None


@pytest.mark.parametrize(
    ("size", "series"),
    [(4700, "E3"), (1e-7, "E3"), (6.8e3, "E6"), (82, "E12"), (9.1e-6, "E24"), (4.99e3, "E96"),
     (4.87e3, "E48"), (1.02e3, "E96"),
     (1.01e3, "E192"), (9.2e3, "E192"), (4.07e3, "E192"), (4.08e3, ""), (1.234e3, ""), (0, "")],
)  # fmt: skip
def test_series_of_preferred_values(size: float, series: str) -> None:
    assert series_of(size) == series


def test_series_hold_as_many_values_as_their_names_say_and_each_holds_the_coarser_ones() -> None:
    from manyworks.market.passives import _series

    for name, values in _series().items():
        assert len(set(values)) == int(name[1:])
        assert all(1 <= value < 10 for value in values)
    for finer, coarser in (("E6", "E3"), ("E12", "E6"), ("E24", "E12"), ("E96", "E48"), ("E192", "E96")):
        assert set(_series()[coarser]) <= set(_series()[finer])


def test_a_value_no_maker_sells_is_a_doubt_that_names_its_neighbours() -> None:
    (doubt,) = _key("4.08k", "R_0603").doubts
    assert "3.9 kohm or 4.3 kohm" in doubt
    assert _key("4.7k", "R_0603").doubts == ()


def test_a_wrong_multiplier_is_a_doubt() -> None:
    assert "multiplier" in _key("47mF", "C_0402").doubts[0]


@pytest.mark.parametrize(
    ("size", "kind"),
    [(0, "resistor"), (5e-3, "resistor"), (5e-12, "capacitor"), (50, "resistor"), (2.5e-6, "inductor")],
)
def test_round_values_that_are_sold_all_the_same_are_no_doubt(size: float, kind: str) -> None:
    assert is_usual(size, kind)


def test_nothing_but_a_resistor_is_zero() -> None:
    assert not is_usual(0, "capacitor")


@settings(deadline=None)
@given(st.floats(1e-12, 1e9))
def test_neighbours_enclose_the_size_and_are_preferred(size: float) -> None:
    near = nearest_preferred(size)
    assert 1 <= len(near) <= 2
    assert min(near) * (1 - 3e-3) <= size <= max(near) * (1 + 3e-3)
    assert all(series_of(value) in ("E3", "E6", "E12", "E24") for value in near)


@settings(deadline=None)
@given(st.floats(1e-12, 1e9, exclude_max=True), st.sampled_from(["resistor", "capacitor", "inductor"]))
def test_what_is_written_reads_back(size: float, kind: str) -> None:
    number, unit = written(size, kind).split(" ")
    factor = {"G": 1e9, "M": 1e6, "k": 1e3, "m": 1e-3, "u": 1e-6, "n": 1e-9, "p": 1e-12}
    letter = unit[0] if unit not in ("ohm", "F", "H") else ""
    assert math.isclose(float(number) * factor.get(letter, 1.0), size, rel_tol=1e-3)


@settings(deadline=None)
@given(
    st.text(max_size=40),
    st.text(max_size=20),
    st.text(max_size=40),
    st.text(max_size=20),
    st.text(max_size=6),
)
def test_any_text_is_read_without_trouble(
    value: str, package: str, text: str, mpn: str, designator: str
) -> None:
    key = passive_key(value, package, text, mpn=mpn, designator=designator)
    assert key is None or math.isfinite(key.size)
