"""Each hard limit: what holds, what fails, what has to be asked, and the words for it."""

from __future__ import annotations

import math
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.market.market_cases import machine, market, shop

from manyworks.market import Candidate, Refusal, declines
from manyworks.model import Capability, Certificate, MachineId, Requirement, ShopId

# asked field, asked, stated field, equal, better, worse, words of the refusal
LIMITS = [
    ("tolerance_mm", 0.05, "tolerance_mm", 0.05, 0.02, 0.2, "holds ±0.2 mm, asked ±0.05 mm"),
    ("finish_ra_um", 1.6, "finish_ra_um", 1.6, 0.8, 3.2, "reaches Ra 3.2 um, asked Ra 1.6 um"),
    ("iso_class", 7, "iso_class", 7, 5, 8, "has ISO class 8, asked class 7 or cleaner"),
    ("layers", 4, "max_layers", 4, 8, 2, "makes up to 2 layers, asked 4"),
    ("thickness_mm", 1.6, "max_thickness_mm", 1.6, 3.0, 1.0, "takes up to 1 mm thick, asked 1.6 mm"),
    ("min_track_mm", 0.1, "min_track_mm", 0.1, 0.09, 0.15, "holds tracks from 0.15 mm, asked 0.1 mm"),
    ("min_drill_mm", 0.2, "min_drill_mm", 0.2, 0.15, 0.3, "drills from 0.3 mm, asked 0.2 mm"),
    ("min_pitch_mm", 0.5, "min_pitch_mm", 0.5, 0.4, 0.65, "places pitches from 0.65 mm, asked 0.5 mm"),
    ("clamp_force_t", 50, "clamp_force_t", 50, 90, 30, "clamps with up to 30 t, asked 50 t"),
    ("shot_g", 60, "shot_g", 60, 90, 30, "shoots up to 30 g, asked 60 g"),
    ("diameter_mm", 65, "max_diameter_mm", 65, 80, 40, "turns up to 40 mm across, asked 65 mm"),
    ("length_mm", 300, "max_length_mm", 300, 500, 200, "takes up to 200 mm long, asked 300 mm"),
    ("bend_length_mm", 2500, "max_bend_length_mm", 2500, 3000, 2000,
     "bends up to 2000 mm long, asked 2500 mm"),
    ("axes", 4, "axes", 4, 5, 3, "has 3 axes, asked 4"),
    ("colours", 4, "max_colours", 4, 6, 2, "prints up to 2 colours, asked 4"),
    ("copper_um", 70, "max_copper_um", 70, 105, 35, "makes copper up to 35 um, asked 70 um"),
    ("weight_kg", 200, "max_weight_kg", 200, 250, 100, "takes up to 100 kg, asked 200 kg"),
    ("it_grade", 7, "it_grade", 7, 6, 9, "holds IT9, asked IT7"),
    ("smallest_package", "0402", "smallest_package", "0402", "0201", "0603",
     "places parts down to 0603, asked 0402"),
    ("materials", ("ABS",), "materials", ("ABS",), ("plastic",), ("PP",), "takes PP, asked ABS"),
    ("size_mm", (90, 60, 8), "envelope_mm", (8, 60, 90), (99, 99, 99), (50, 50, 5),
     "takes 50 x 50 x 5 mm, asked 90 x 60 x 8 mm"),
]  # fmt: skip


def ask(capability: Capability, **asked: Any) -> Refusal | Candidate:
    match = market(machine("m", capability)).match(Requirement(process="cnc milling", **asked))
    return (*match.candidates, *match.refusals)[0]


def mill(**stated: Any) -> Capability:
    return Capability(process="CNC milling", **stated)


@pytest.mark.parametrize(("field", "asked", "stated", "equal", "better", "worse", "words"), LIMITS)
def test_a_limit_holds_when_equal_or_better_and_fails_with_its_numbers(
    field: str, asked: Any, stated: str, equal: Any, better: Any, worse: Any, words: str
) -> None:
    assert isinstance(ask(mill(**{stated: equal}), **{field: asked}), Candidate)
    assert isinstance(ask(mill(**{stated: better}), **{field: asked}), Candidate)
    refusal = ask(mill(**{stated: worse}), **{field: asked})
    assert isinstance(refusal, Refusal)
    assert (refusal.verdict, refusal.reason) == ("no_match", words)


@pytest.mark.parametrize(("field", "asked"), [(row[0], row[1]) for row in LIMITS])
def test_what_the_shop_does_not_say_has_to_be_asked(field: str, asked: Any) -> None:
    refusal = ask(mill(), **{field: asked})
    assert isinstance(refusal, Refusal)
    assert refusal.verdict == "unknown"
    assert "does not say" in refusal.reason


def test_one_refusal_names_every_failing_limit_then_what_is_not_said() -> None:
    refusal = ask(mill(tolerance_mm=0.2, finish_ra_um=6.3), tolerance_mm=0.05, finish_ra_um=3.2, iso_class=7)
    assert isinstance(refusal, Refusal)
    assert refusal.reason == (
        "holds ±0.2 mm, asked ±0.05 mm; reaches Ra 6.3 um, asked Ra 3.2 um; "
        "does not say its clean-room class (asked class 7 or cleaner)"
    )
    assert refusal.codes == (
        "market.match.tolerance_mm",
        "market.match.finish_ra_um",
        "market.match.iso_class",
    )
    assert refusal.verdict == "no_match"


def test_a_near_miss_says_so() -> None:
    refusal = ask(mill(clamp_force_t=48), clamp_force_t=50)
    assert isinstance(refusal, Refusal)
    assert "near miss: would match at 48 t" in refusal.reason
    assert refusal.would_match == "48 t"


def test_all_limits_must_hold_on_one_machine() -> None:
    big = machine("big", mill(envelope_mm=(1000, 500, 500), tolerance_mm=0.05))
    fine = machine("fine", mill(envelope_mm=(300, 300, 300), tolerance_mm=0.005))
    asked = Requirement(process="milling", size_mm=(600, 300, 200), tolerance_mm=0.01)
    match = market(big, fine).match(asked)
    assert match.candidates == ()
    assert {refusal.machine for refusal in match.refusals} == {"big", "fine"}


def test_a_machine_with_several_capabilities_is_refused_once_by_the_nearest() -> None:
    laser = machine(
        "laser",
        Capability(process="laser cutting", materials=("mild steel",), max_thickness_mm=20),
        Capability(process="laser cutting", materials=("aluminium",), max_thickness_mm=8),
    )
    asked = Requirement(process="laser cutting", materials=("aluminium",), thickness_mm=10)
    (refusal,) = market(laser).match(asked).refusals
    assert refusal.reason == "takes up to 8 mm thick, asked 10 mm"


def test_a_machine_is_a_candidate_once_for_each_lot_range() -> None:
    same = machine("m", mill(materials=("ABS",)), mill(materials=("PP",)), mill(min_lot=100))
    assert len(market(same).match(Requirement(process="milling")).candidates) == 2


@settings(deadline=None)
@given(
    part=st.tuples(*[st.floats(1, 100).map(lambda side: round(side, 3))] * 3),
    room=st.tuples(*[st.floats(1, 100).map(lambda side: round(side, 3))] * 3),
)
def test_a_part_fits_when_one_of_its_six_rotations_does(
    part: tuple[float, ...], room: tuple[float, ...]
) -> None:
    fits = any(all(a <= b for a, b in zip(turned, room, strict=True)) for turned in permutations(part))
    assert isinstance(ask(mill(envelope_mm=room), size_mm=part), Candidate) == fits


def test_a_machine_that_states_two_sides_fails_only_on_what_cannot_fit() -> None:
    unsaid = ask(mill(envelope_mm=(100, 100)), size_mm=(300, 90, 80))
    failing = ask(mill(envelope_mm=(100, 100)), size_mm=(300, 120, 80))
    assert isinstance(unsaid, Refusal)
    assert isinstance(failing, Refusal)
    assert (unsaid.verdict, failing.verdict) == ("unknown", "no_match")


def test_numbers_that_are_no_numbers_are_not_taken_as_said() -> None:
    refusal = ask(
        mill(envelope_mm=(math.nan,) * 3, tolerance_mm=math.nan), size_mm=(1, 1, 1), tolerance_mm=1.0
    )
    assert isinstance(refusal, Refusal)
    assert refusal.verdict == "unknown"


def test_lots_count_only_when_a_quantity_is_given() -> None:
    small = machine("m", mill(min_lot=10_000))
    asked = Requirement(process="milling")
    (candidate,) = market(small).match(asked).candidates
    (refusal,) = market(small).match(asked, quantity=500).refusals
    assert refusal.reason == "takes lots from 10,000, asked 500"
    assert declines(candidate, 500) == refusal
    assert declines(candidate, 10_000) is None


@pytest.mark.parametrize(
    ("held", "asked", "verdict"),
    [
        ((Certificate(name="ISO 9001:2015"),), "ISO 9001", "match"),
        ((Certificate(name="BS EN ISO 13485:2016"),), "ISO 13485", "match"),
        ((Certificate(name="AS9100D"),), "AS 9100", "match"),
        ((Certificate(name="ISO 3834-2"),), "ISO 3834-3", "no_match"),
        ((Certificate(name="ISO 13485"),), "ISO 9001", "no_match"),
        ((Certificate(name="ISO 9001", valid_to="2026-05-31"),), "ISO 9001", "no_match"),
        ((Certificate(name="ISO 9001", valid_to="2026-06-01"),), "ISO 9001", "match"),
        ((Certificate(name="ISO 9001", scope="powder coating"),), "ISO 9001", "no_match"),
        ((Certificate(name="ISO 9001", scope="machining"),), "ISO 9001", "match"),
        ((Certificate(name="ISO 9001", scope="all our works"),), "ISO 9001", "match"),
        ((), "ISO 9001", "unknown"),
    ],
)
def test_a_certificate_counts_by_scheme_scope_and_day(
    held: tuple[Certificate, ...], asked: str, verdict: str
) -> None:
    match = market(machine("m", mill()), shops=(shop("shop", *held),)).match(
        Requirement(process="milling", certificates=(asked,))
    )
    assert ("match" if match.candidates else match.refusals[0].verdict) == verdict


def test_a_certificate_is_needed_on_the_day_asked() -> None:
    held = shop("shop", Certificate(name="ISO 9001", valid_to="2026-12-31"))
    asked = Requirement(process="milling", certificates=("ISO 9001",))
    here = market(machine("m", mill()), shops=(held,))
    assert here.match(asked).candidates
    (refusal,) = here.match(asked, on="2027-02-01").refusals
    assert refusal.reason == "ISO 9001 ended on 2026-12-31, needed on 2027-02-01"


def test_a_shop_that_is_not_open_is_refused() -> None:
    match = market(machine("m", mill()), shops=(shop("shop", status="planned"),)).match(
        Requirement(process="milling")
    )
    assert match.refusals[0].reason == "is not open (status 'planned')"


def test_a_shop_that_names_only_the_wider_group_has_to_be_asked() -> None:
    (refusal,) = (
        market(machine("m", Capability(process="welding"))).match(Requirement(process="TIG welding")).refusals
    )
    assert (refusal.verdict, refusal.reason) == ("unknown", "names only 'welding', asked TIG welding")


def test_a_machine_without_words_is_known_by_its_model() -> None:
    haas = machine("m", make="Haas", model="VF-2")
    assert market(haas).match(Requirement(process="CNC milling")).candidates[0].machine == MachineId("m")


def test_shops_without_the_process_are_counted_not_listed() -> None:
    here = market(machine("m", mill()), shops=(shop("shop"), shop("other"), shop("third")))
    match = here.match(Requirement(process="milling"))
    assert (len(match.candidates), match.refusals, match.without_process) == (1, (), 2)


def test_a_process_nobody_knows_is_an_error_with_a_hint() -> None:
    match = market(machine("m", mill())).match(Requirement(process="CNC miling"))
    assert match.candidates == ()
    assert match.findings[0].hint == "did you mean cnc-milling?"


def test_a_machine_of_no_shop_is_left_out() -> None:
    assert market(machine("m", mill(), at="nowhere")).match(Requirement(process="milling")).candidates == ()


def test_words_the_market_cannot_read_are_found() -> None:
    odd = Capability(process="frobnication", materials=("unobtainium",), smallest_package="tiny")
    codes = [finding.code for finding in market(machine("m", odd)).check()]
    assert codes == ["market.process.unknown", "market.material.unknown", "market.package.unknown"]


def test_a_candidate_names_shop_machine_and_capability() -> None:
    (candidate,) = market(machine("m", mill(min_lot=3))).match(Requirement(process="milling")).candidates
    assert candidate == Candidate(shop=ShopId("shop"), machine=MachineId("m"), capability=mill(min_lot=3))
