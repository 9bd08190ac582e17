"""Whether a shop that lists these materials takes that one."""

from __future__ import annotations

import pytest

from manyworks.market.materials import materials, takes


@pytest.mark.parametrize(
    ("listed", "asked", "verdict"),
    [
        (("aluminium",), "6061-T6", True),
        (("6061-T6",), "6061-T651", True),
        (("5052", "7075"), "6061", False),
        (("6082",), "Aluminum", True),
        (("1.4301",), "SUS304", True),
        (("304",), "316L", False),
        (("PA6",), "PA66", False),
        (("nylon",), "PA66-GF30", True),
        (("ABS",), "PC/ABS", False),
        (("ABS (black)",), "ABS", True),
        (("FR-4 high Tg",), "FR-4", True),
        ((), "ABS", None),
        (("unobtainium",), "ABS", None),
        (("unobtainium", "ABS"), "ABS", True),
        (("Unobtainium X",), "unobtainium x", True),
        (("ABS",), "unobtainium", None),
        (("aluminium 6061",), "6061", True),
        (("6061-T6 aluminium alloy",), "6061-T651", True),
        (("304不锈钢",), "AISI 304", True),
        (("S275",), "S235", False),
        (("EN8",), "C45", True),
        (("GG25",), "EN-GJL-250", True),
        (("C360",), "CuZn39Pb3", False),
        (("304/316L",), "1.4404", True),
        (("stainless steel (304, 316L)",), "1.4571", False),
        (("PLA, ABS, PETG",), "PETG", True),
        (("rubber",), "silicone", False),
        (("float glass",), "toughened glass", False),
        (("Ti-6Al-4V ELI",), "Ti-6Al-4V", False),
        (("glass filled nylon",), "PA66", None),
    ],
)
def test_same_grade_or_family_is_taken_another_grade_is_not(
    listed: tuple[str, ...], asked: str, verdict: bool | None
) -> None:
    assert takes(listed, asked) is verdict


def test_no_name_is_claimed_by_two_materials() -> None:
    assert {key: slugs for key, slugs in materials().claims().items() if len(slugs) > 1} == {}
