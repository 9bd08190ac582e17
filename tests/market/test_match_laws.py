"""Laws every match obeys: asking less loses nobody, offering more loses nobody, company changes nothing."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.market.market_cases import machine, market, shop

from manyworks.model import Capability, Certificate, Requirement

PACKAGES = ("01005", "0201", "0402", "0603", "0805")
MATERIALS = ("ABS", "PP", "PA66", "nylon", "plastic", "6061", "aluminium", "unobtainium")
PROCESSES = ("CNC milling", "machining", "5-axis milling", "turning", "machine shop work")


def _maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


numbers = st.floats(0.01, 100)
sides = st.lists(st.floats(1, 100), min_size=2, max_size=3).map(tuple)
requirements = st.builds(
    Requirement,
    process=st.sampled_from(PROCESSES),
    size_mm=_maybe(sides),
    materials=st.lists(st.sampled_from(MATERIALS), max_size=2, unique=True).map(tuple),
    tolerance_mm=_maybe(numbers),
    layers=_maybe(st.integers(1, 10)),
    min_drill_mm=_maybe(numbers),
    smallest_package=_maybe(st.sampled_from(PACKAGES)),
    clamp_force_t=_maybe(numbers),
    it_grade=_maybe(st.integers(1, 16)),
    nominal_mm=st.just(50.0),
    diameter_mm=_maybe(numbers),
    axes=_maybe(st.integers(2, 6)),
    copper_um=_maybe(numbers),
    certificates=st.lists(st.sampled_from(("ISO 9001", "AS9100")), max_size=1).map(tuple),
)
capabilities = st.builds(
    Capability,
    process=st.sampled_from(PROCESSES),
    materials=st.lists(st.sampled_from(MATERIALS), max_size=3, unique=True).map(tuple),
    envelope_mm=_maybe(sides),
    tolerance_mm=_maybe(numbers),
    max_layers=_maybe(st.integers(1, 10)),
    min_drill_mm=_maybe(numbers),
    smallest_package=_maybe(st.sampled_from(PACKAGES)),
    clamp_force_t=_maybe(numbers),
    it_grade=_maybe(st.integers(1, 16)),
    max_diameter_mm=_maybe(numbers),
    axes=_maybe(st.integers(2, 6)),
    max_copper_um=_maybe(numbers),
    min_lot=_maybe(st.integers(1, 50)),
    max_lot=_maybe(st.integers(50, 1000)),
)
HOLDER = shop("shop", Certificate(name="ISO 9001"))


def candidates(capability: Capability, requirement: Requirement, quantity: float | None) -> int:
    return len(
        market(machine("m", capability), shops=(HOLDER,)).match(requirement, quantity=quantity).candidates
    )


def _looser(requirement: Requirement, name: str, share: float) -> Requirement:
    value = getattr(requirement, name)
    if name in ("materials", "certificates"):
        return replace(requirement, **{name: value[1:]})
    if name == "nominal_mm":
        return requirement  # a fact about the part, not a demand
    if value is None or name == "smallest_package":
        return replace(requirement, **{name: None})
    if isinstance(value, int):
        return replace(requirement, **{name: value + (1 if name == "it_grade" else -1)})
    if name == "size_mm":
        return replace(requirement, size_mm=tuple(side * share for side in value))
    larger = name in ("tolerance_mm", "min_drill_mm")
    return replace(requirement, **{name: value / share if larger else value * share})


def _wider(capability: Capability, name: str, share: float) -> Capability:
    value = getattr(capability, name)
    if name == "materials":
        return replace(capability, materials=(*value, "polycarbonate")) if value else capability
    if value is None:
        return capability
    if name == "envelope_mm":
        return replace(capability, envelope_mm=tuple(side / share for side in value))
    if name == "smallest_package":
        return replace(capability, smallest_package="01005")
    if name == "it_grade":
        return replace(capability, it_grade=value - 1)
    smaller = name in ("tolerance_mm", "min_drill_mm", "min_lot")
    return replace(capability, **{name: value * share if smaller else value / share})


@settings(max_examples=150, deadline=None)
@given(
    requirements,
    capabilities,
    st.sampled_from([f.name for f in fields(Requirement) if f.name != "process"]),
    st.floats(0.5, 1),
)
def test_asking_less_never_loses_a_candidate(
    requirement: Requirement, capability: Capability, name: str, share: float
) -> None:
    before = candidates(capability, requirement, 20)
    assert candidates(capability, _looser(requirement, name, share), 20) >= before


@settings(max_examples=150, deadline=None)
@given(
    requirements,
    capabilities,
    st.sampled_from([f.name for f in fields(Capability) if f.name != "process"]),
    st.floats(0.5, 1),
)
def test_offering_more_never_loses_a_candidate(
    requirement: Requirement, capability: Capability, name: str, share: float
) -> None:
    before = candidates(capability, requirement, 20)
    assert candidates(_wider(capability, name, share), requirement, 20) >= before


@settings(max_examples=60, deadline=None)
@given(requirements, st.lists(capabilities, min_size=1, max_size=6))
def test_a_machine_is_judged_alike_alone_and_in_company(
    requirement: Requirement, stated: list[Capability]
) -> None:
    machines = [machine(f"m{at}", capability) for at, capability in enumerate(stated)]
    together = market(*machines, shops=(HOLDER,)).match(requirement, quantity=20)
    alone = [market(one, shops=(HOLDER,)).match(requirement, quantity=20) for one in machines]
    assert together.candidates == tuple(c for match in alone for c in match.candidates)
    assert sorted(together.refusals, key=lambda r: str(r.machine)) == [
        r for match in alone for r in match.refusals
    ]


@settings(max_examples=60, deadline=None)
@given(requirements, st.lists(capabilities, min_size=1, max_size=6))
def test_every_machine_of_the_process_is_either_candidate_or_refused_never_both(
    requirement: Requirement, stated: list[Capability]
) -> None:
    machines = [machine(f"m{at % 3}-{at}", capability) for at, capability in enumerate(stated)]
    match = market(*machines, shops=(HOLDER,)).match(requirement)
    taken = {candidate.machine for candidate in match.candidates}
    refused = [refusal.machine for refusal in match.refusals]
    assert not taken & set(refused)
    assert len(refused) == len(set(refused))
    assert all(refusal.reason for refusal in match.refusals)
