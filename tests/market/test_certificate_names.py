"""Certificates under their names: the same scheme in other words, near neighbours, and what is not held."""

from __future__ import annotations

import pytest

from manyworks.market.certificates import FAILS, HOLDS, UNSAID, judge_certificate, schemes
from manyworks.market.tables import toml_table
from manyworks.model import Certificate


def held(*names: str, complete: bool = False) -> tuple[tuple[Certificate, ...], bool]:
    return tuple(Certificate(name=name) for name in names), complete


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ISO 9001", "BS EN ISO 9001:2015"),
        ("ISO 9001", "iso9001 certified"),
        ("ISO 9001", "ISO 9001-2015"),
        ("ISO 9001", "ISO9001质量管理体系认证"),
        ("ISO 9001", "GB/T 19001-2016"),
        ("ISO 9001", "ISO 9001:2015 quality management system"),
        ("ISO 9001", "TÜV SÜD ISO 9001"),
        ("ISO/IEC 17025", "ISO 17025:2017"),
        ("ISO 13485", "EN ISO 13485:2016+A11:2021"),
        ("AS9100", "AS 9100D"),
        ("AS9100", "AS9100 Rev. D"),
        ("EN 9100", "DIN EN 9100:2018"),
        ("IATF 16949", "IATF16949:2016"),
        ("SA8000", "SA 8000:2014"),
        ("GOTS", "Global Organic Textile Standard"),
        ("OEKO-TEX Standard 100", "STANDARD 100 by OEKO-TEX"),
        ("EN 1090-1", "BS EN 1090-1:2009+A1:2011"),
        ("RoHS", "RoHS compliant"),
    ],
)
def test_one_scheme_in_other_words_is_the_same(one: str, other: str) -> None:
    assert schemes(one) == schemes(other) != ()


@pytest.mark.parametrize(
    ("asked", "other"),
    [
        ("ISO 9001", "ISO 14001"),
        ("ISO 9001", "ISO 13485"),
        ("AS9100", "EN 9100"),
        ("AS9100", "AS9120"),
        ("AS9100", "ISO 9001"),
        ("IATF 16949", "ISO/TS 16949"),
        ("ISO 45001", "OHSAS 18001"),
        ("EN 1090-1", "EN 1090-2"),
        ("ISO 3834-2", "ISO 3834-3"),
        ("OEKO-TEX Standard 100", "OEKO-TEX STeP"),
        ("FSC", "PEFC"),
        ("ISO 9001", "ISO 9001 (pending)"),
        ("ISO 9001", "ISO 9001 compliant"),
        ("ISO 9001", "working towards ISO 9001"),
        ("ISO 9001", "not ISO 9001 certified"),
    ],
)
def test_another_scheme_or_one_not_yet_held_fails(asked: str, other: str) -> None:
    assert judge_certificate(held(other), asked, "cnc-milling", "") == FAILS


def test_an_entry_of_two_schemes_holds_both() -> None:
    for asked in ("ISO 9001", "ISO 14001", "ISO 9001 and ISO 14001"):
        assert judge_certificate(held("ISO 9001:2015 & 14001:2015"), asked, "cnc-milling", "") == HOLDS


@pytest.mark.parametrize(
    ("own", "asked", "verdict"),
    [
        ("IPC-A-610 Class 3", "IPC-A-610 Class 2", HOLDS),
        ("IPC-A-610 Class 2", "IPC-A-610 Class 3", FAILS),
        ("IPC-A-610 Class 3", "IPC-A-610", HOLDS),
        ("IPC-A-610", "IPC-A-610 Class 3", UNSAID),
        ("EN 1090-1 EXC3", "EN 1090-1 EXC2", HOLDS),
        ("ISO 14644-1 class 7", "ISO 14644-1 class 8", HOLDS),
        ("ISO 14644-1 class 8", "ISO 14644-1 class 7", FAILS),
    ],
)
def test_a_class_of_a_scheme_includes_the_lesser_ones(own: str, asked: str, verdict: int) -> None:
    assert judge_certificate(held(own), asked, "cnc-milling", "") == verdict


def test_a_shop_that_lists_none_is_asked_unless_it_says_that_it_has_none() -> None:
    assert judge_certificate(held(), "ISO 9001", "cnc-milling", "") == UNSAID
    assert judge_certificate(held(complete=True), "ISO 9001", "cnc-milling", "") == FAILS


def test_no_name_is_claimed_by_two_schemes() -> None:
    first = [row["names"][0] for row in toml_table("certificates.toml")["scheme"]]
    assert len({schemes(name) for name in first}) == len(first)
    for row in toml_table("certificates.toml")["scheme"]:
        assert {schemes(name)[0].key for name in row["names"]} == {schemes(row["names"][0])[0].key}
