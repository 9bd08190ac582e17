"""What is missed by little is named with what would match."""

from __future__ import annotations

from typing import Any

import pytest
from tests.market.market_cases import machine, market, shop

from manyworks.model import Capability, Requirement

NEAR = [
    ({"tolerance_mm": 0.019}, {"tolerance_mm": 0.02}, "±0.02 mm"),
    ({"tolerance_mm": 0.04, "nominal_mm": 100}, {"it_grade": 9}, "±0.0435 mm"),
    ({"it_grade": 7, "nominal_mm": 40}, {"tolerance_mm": 0.013}, "±0.013 mm"),
    ({"finish_ra_um": 1.5}, {"finish_ra_um": 1.6}, "Ra 1.6 um"),
    ({"size_mm": (105, 50, 20)}, {"envelope_mm": (100.0, 80.0, 60.0)}, "100 x 80 x 60 mm"),
    ({"diameter_mm": 66}, {"max_diameter_mm": 65}, "65 mm across"),
    ({"length_mm": 310}, {"max_length_mm": 300}, "300 mm long"),
    ({"bend_length_mm": 3100}, {"max_bend_length_mm": 3000}, "a bend of 3000 mm"),
    ({"thickness_mm": 10.5}, {"max_thickness_mm": 10}, "10 mm thick"),
    ({"copper_um": 75}, {"max_copper_um": 70}, "70 um of copper"),
    ({"weight_kg": 260}, {"max_weight_kg": 250}, "250 kg"),
    ({"clamp_force_t": 105}, {"clamp_force_t": 100}, "100 t"),
    ({"shot_g": 62}, {"shot_g": 60}, "60 g"),
    ({"min_track_mm": 0.12}, {"min_track_mm": 0.127}, "0.127 mm tracks"),
    ({"colours": 11}, {"max_colours": 10}, "10 colours"),
]


def refused(asked: dict[str, Any], stated: dict[str, Any], **terms: Any) -> Any:
    able = Capability(process="CNC milling", **stated)
    here = market(machine("m", able), shops=(shop("shop", smallest_order=75.0),))
    match = here.match(Requirement(process="CNC milling", **asked), **terms)
    assert match.candidates == ()
    return match.refusals[0]


@pytest.mark.parametrize(("asked", "stated", "at"), NEAR)
def test_a_limit_missed_by_less_than_a_tenth_says_what_would_match(
    asked: dict[str, Any], stated: dict[str, Any], at: str
) -> None:
    refusal = refused(asked, stated)
    assert refusal.would_match == at
    assert f"(near miss: would match at {at})" in refusal.reason


@pytest.mark.parametrize(("asked", "stated", "at"), NEAR)
def test_what_it_says_would_match_does(asked: dict[str, Any], stated: dict[str, Any], at: str) -> None:
    name = next(field for field in asked if field != "nominal_mm")
    loose: dict[str, Any] = {name: next(iter(stated.values()))}
    if at.startswith("±"):
        loose = {"tolerance_mm": float(at.removeprefix("±").removesuffix(" mm"))}
    nominal = {field: value for field, value in asked.items() if field == "nominal_mm"}
    able = Capability(process="CNC milling", **stated)
    match = market(machine("m", able)).match(Requirement(process="CNC milling", **loose, **nominal))
    assert match.candidates


def test_lots_and_budgets_have_near_misses_too() -> None:
    assert refused({}, {"min_lot": 100}, quantity=95).would_match == "a lot of 100"
    assert refused({}, {"max_lot": 100}, quantity=105).would_match == "a lot of 100"
    assert refused({}, {}, budget=70.0).would_match == "a budget of 75"
    assert refused({}, {}, budget=50.0).would_match == ""


def test_all_that_is_missed_must_be_near_for_a_near_miss() -> None:
    both = refused({"tolerance_mm": 0.019, "shot_g": 62}, {"tolerance_mm": 0.02, "shot_g": 60})
    far = refused({"tolerance_mm": 0.019, "shot_g": 90}, {"tolerance_mm": 0.02, "shot_g": 60})
    unsaid = refused({"tolerance_mm": 0.019, "shot_g": 90}, {"tolerance_mm": 0.02})
    assert both.would_match == "±0.02 mm and 60 g"
    assert (far.would_match, unsaid.would_match) == ("", "")
    assert "would match at ±0.02 mm" in far.reason
