"""Packages under the names footprints give them."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.files.designs import SHARED

from manyworks.files.sources import Source
from manyworks.files.tables import Part, read_bill, read_tables
from manyworks.market.packages import find_package, packages, same_package, squeeze
from manyworks.market.passives import passive_key
from manyworks.market.tables import csv_rows


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
    "name",
    [
        "",
        "nothing",
        "9999",
        "pads-1x",
        "TPS40305",
        "polarity",
        "QFN",
        "SOIC-0_1x1mm",
        "R_0x0",
        "FABDWG01-OHW",
    ],
)
def test_a_name_not_in_the_table_is_not_guessed(name: str) -> None:
    assert find_package(name) is None


def test_packages_are_the_same_under_other_names_and_never_with_other_bodies() -> None:
    assert same_package("R_0603_1608Metric", "0603") is True
    assert same_package("R_0603_1608Metric", "0402") is False
    assert same_package("QFN-16-1EP_3x3mm_P0.5mm", "QFN-16-1EP_4x4mm_P0.65mm") is False
    assert same_package("Odd-Thing", "odd_thing") is True
    assert same_package("odd", "0603") is None


@pytest.mark.parametrize(
    ("name", "body", "pitch", "pins", "joints", "surface"),
    [
        ("QFN-20-1EP_4x4mm_P0.5mm_EP2.5x2.5mm", (4, 4), 0.5, 20, 21, True),
        (
            "Package_DFN_QFN:Cypress_QFN-56-1EP_8x8mm_P0.5mm_EP6.22x6.22mm_ThermalVias",
            (8, 8),
            0.5,
            56,
            57,
            True,
        ),
        ("WSON-8-1EP_2x2mm_P0.5mm_EP0.9x1.6mm", (2, 2), 0.5, 8, 9, True),
        ("TQFN48_7MM", (7, 7), 0.5, 48, 49, True),
        ("BGA-121_9.0x9.0mm_Layout11x11_P0.8mm_Ball0.4mm_Pad0.35mm_NSMD", (9, 9), 0.8, 121, 121, True),
        ("HTSSOP-38-1EP_6.1x12.5mm_P0.65mm_EP5.2x11mm", (12.5, 6.1), 0.65, 38, 39, True),
        ("LFBGA-400_16x16mm_Layout20x20_P0.8mm", (16, 16), 0.8, 400, 400, True),
        ("SON50P300X200X60-9N", (3, 2), 0.5, 8, 9, True),
        ("QFN50P400X400X100-25N", (4, 4), 0.5, 24, 25, True),
        ("PinHeader_1x06_P2.54mm_Vertical", (15.24, 2.54), 2.54, 6, 6, False),
        ("PinHeader_2x05_P1.27mm_Vertical_SMD", (6.35, 2.54), 1.27, 10, 10, True),
        ("Molex_PicoBlade_53261-0271_1x02-1MP_P1.25mm_Horizontal", (2.5, 1.25), 1.25, 2, 4, True),
        ("Box_Header_2x05x2.54mm_Straight", (12.7, 5.08), 2.54, 10, 10, False),
        ("1X12_ROUND", (30.48, 2.54), 2.54, 12, 12, False),
        ("JSTPH2", (4, 2), 2.0, 2, 2, False),
        ("Phoenix_Contact_MKDS_5-2-952", (19.04, 10), 9.52, 2, 2, False),
        ("CP_Radial_D22.0mm_P10.00mm", (22, 22), 10, 2, 2, False),
        ("L_6.3x6.3_H3", (6.3, 6.3), 4.725, 2, 2, True),
        ("R_Axial_DIN0411_L9.9mm_D3.6mm_P12.70mm_Horizontal", (9.9, 3.6), 12.7, 2, 2, False),
    ],
)
def test_a_name_that_states_its_dimensions_is_believed(
    name: str, body: tuple[float, float], pitch: float, pins: int, joints: int, surface: bool
) -> None:
    package = find_package(name)
    assert package is not None
    assert package.body_mm[:2] == pytest.approx(body)
    assert (package.pitch_mm, package.pins, package.joints) == (pytest.approx(pitch), pins, joints)
    assert package.surface_mounted is surface


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("QFN-20-1EP_4x4mm_P0.5mm", "QFN50P400X400X85-21N"),
        ("TSSOP-16_4.4x5mm_P0.65mm", "TSSOP16"),
        ("SOP65P640X110-16N", "TSSOP-16"),
        ("SOIC127P600X175-8N", "SOIC-8_3.9x4.9mm_P1.27mm"),
        ("RESC1608X55N", "R_0603_1608Metric"),
        ("CAPC1005X55", "0402"),
        ("VQFN28", "QFN-28"),
        ("X1-DFN1006-2", "SOD-882"),
        ("CP_EIA-3216-18_Kemet-A", "tantalum-a"),
        ("CP_EIA-7343-31_Kemet-D_Pad2.25x2.55mm_HandSolder", "EIA7343-31"),
        ("D_SOD-128", "sod128"),
        ("Connector_USB:USB_C_Receptacle_GCT_USB4105-xx-A_16P_TopMnt_Horizontal", "TYPE-C-31-M-12"),
        ("R_0402_1005Metric_DNP", "0402"),
        ("LED_WS2812B_PLCC4_5.0x5.0mm_P3.2mm", "WS2812B"),
        ("CHIPLED_0805_NOOUTLINE", "0805"),
    ],
)
def test_spellings_of_one_package_lead_to_one_name(one: str, other: str) -> None:
    first, second = find_package(one), find_package(other)
    assert first is not None
    assert second is not None
    assert first.name == second.name
    assert same_package(one, other) is not False


@pytest.mark.parametrize(
    ("name", "family"),
    [("BGA-81", "bga"), ("QFN-32", "qfn"), ("R_Array_Convex_4x0402", "array"), ("ESP32-WROOM-32E", "module"),
     ("PinHeader_1x06_P2.54mm_Vertical", "header"), ("SW_SPST_PTS645", "switch"), ("C_0603", "chip")],
)  # fmt: skip
def test_a_package_says_its_family(name: str, family: str) -> None:
    package = find_package(name)
    assert package is not None
    assert package.family == family


def test_the_table_is_large_and_its_numbers_make_sense() -> None:
    assert len(packages()) >= 150
    for package in packages().values():
        assert min(*package.body_mm, package.pitch_mm, package.mass_mg) > 0, package.name
        assert package.pins <= package.joints, package.name
        density = package.mass_mg / math.prod(package.body_mm)
        assert 0.1 < density < (20 if package.family == "axial" else 9), package.name  # wires weigh too
        if package.tape_mm is not None and package.family != "axial":
            assert package.tape_mm in (8, 12, 16, 18, 24, 32, 44, 56), package.name
            assert package.narrow_mm < package.tape_mm, package.name
            assert package.tape_pitch_mm is not None


def test_no_two_packages_claim_one_name() -> None:
    claims: dict[str, set[str]] = {}
    for row in csv_rows("packages.csv"):
        for alias in filter(None, (row["name"], *row["aliases"].split(";"))):
            claims.setdefault(squeeze(alias), set()).add(row["name"])
    assert {alias: names for alias, names in claims.items() if len(names) > 1} == {}


@given(
    st.sampled_from(["QFN", "DFN", "SOIC", "TSSOP", "LQFP", "BGA", "LGA"]),
    st.integers(1, 500),
    st.floats(0.5, 40),
    st.floats(0.5, 40),
    st.sampled_from([0.4, 0.5, 0.65, 0.8, 1.27]),
)
def test_what_a_name_states_comes_back(family: str, pins: int, a: float, b: float, pitch: float) -> None:
    a, b = round(a, 2), round(b, 2)
    package = find_package(f"{family}-{pins}_{a}x{b}mm_P{pitch}mm")
    assert package is not None
    assert package.pins == pins
    assert package.pitch_mm == pytest.approx(pitch, abs=0.03)
    assert sorted(package.body_mm[:2]) == pytest.approx(sorted((a, b)), abs=0.17)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_looked_up_without_trouble(name: str) -> None:
    find_package(name)


def _listed_parts() -> list[Part]:
    """Fitted parts on boards of every parts list of the corpus."""
    tables = (
        table
        for path in sorted((SHARED / "data" / "designs").rglob("*"))
        if path.suffix in (".csv", ".xlsx")
        for table in read_tables(Source(path=path, name=path.name, data=path.read_bytes()))[0]
    )
    bills = (read_bill(table)[0] for table in tables if table.kind == "bill")
    return [part for bill in bills for part in bill.parts if part.fitted and part.designators]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real designs are not beside this repository")
def test_nearly_every_package_of_real_parts_lists_is_known() -> None:
    pieces = {True: 0.0, False: 0.0}
    for part in _listed_parts():
        if part.footprint and part.kind == "part":
            pieces[find_package(part.footprint) is not None] += part.quantity
    assert pieces[True] > 1000
    assert pieces[True] / sum(pieces.values()) >= 0.97


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real designs are not beside this repository")
def test_nearly_every_passive_of_real_parts_lists_has_a_key_with_its_package() -> None:
    keys = [
        passive_key(p.value, p.footprint, p.description, mpn=p.mpn, designator=p.designators[0])
        for p in _listed_parts()
        if re.match(r"r?[RCL]\d", p.designators[0])
    ]
    assert len(keys) > 200
    assert sum(key is not None and key.package != "" for key in keys) / len(keys) >= 0.97
