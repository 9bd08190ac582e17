"""The hard limits: what is asked against what a machine and its shop state, and the words for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from manyworks.market.certificates import missing
from manyworks.market.materials import takes
from manyworks.market.packages import find_package, squeeze
from manyworks.market.stand import AXES, Numbers, Stand, Truths
from manyworks.model import Capability, Certificate, Requirement

SLACK = 1e-9
"""Relative rounding allowed, so that equal counts as enough after a change of units."""

NEAR = 0.1
"""A limit missed by at most this share is called a near miss."""

HOLDS, UNSAID, FAILS = 0, 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One limit judged for all rows of a stand; ``tell`` words it for one row.

    ``weight`` is how far off a row is that fails: another material is further than a number missed.
    """

    code: str
    fails: Truths
    unsaid: Truths
    tell: Callable[[int], str]
    tell_unsaid: Callable[[int], str]
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A number asked against a number stated.

    ``at_least`` True: the machine's number must reach the asked one (layers); False: it must not
    exceed it (tolerance). ``says`` words a machine's number, ``wants`` the asked one.
    """

    asked: str
    stated: str
    at_least: bool
    noun: str
    says: str
    wants: str


LIMITS = (
    Limit(asked="tolerance_mm", stated="tolerance_mm", at_least=False, noun="tolerance",
          says="holds ±{:g} mm", wants="asked ±{:g} mm"),
    Limit(asked="finish_ra_um", stated="finish_ra_um", at_least=False, noun="surface finish",
          says="reaches Ra {:g} um", wants="asked Ra {:g} um"),
    Limit(asked="iso_class", stated="iso_class", at_least=False, noun="clean-room class",
          says="has ISO class {:g}", wants="asked class {:g} or cleaner"),
    Limit(asked="layers", stated="max_layers", at_least=True, noun="number of layers",
          says="makes up to {:g} layers", wants="asked {:g}"),
    Limit(asked="thickness_mm", stated="max_thickness_mm", at_least=True, noun="thickness",
          says="takes up to {:g} mm thick", wants="asked {:g} mm"),
    Limit(asked="min_track_mm", stated="min_track_mm", at_least=False, noun="track width",
          says="holds tracks from {:g} mm", wants="asked {:g} mm"),
    Limit(asked="min_drill_mm", stated="min_drill_mm", at_least=False, noun="drill size",
          says="drills from {:g} mm", wants="asked {:g} mm"),
    Limit(asked="min_pitch_mm", stated="min_pitch_mm", at_least=False, noun="pitch",
          says="places pitches from {:g} mm", wants="asked {:g} mm"),
    Limit(asked="clamp_force_t", stated="clamp_force_t", at_least=True, noun="clamp force",
          says="clamps with up to {:g} t", wants="asked {:g} t"),
    Limit(asked="shot_g", stated="shot_g", at_least=True, noun="shot size",
          says="shoots up to {:g} g", wants="asked {:g} g"),
)  # fmt: skip


def judge(stand: Stand, requirement: Requirement, quantity: float | None, on: str) -> Iterator[Outcome]:
    """Judge every limit that the requirement states, for all rows of the stand."""
    yield _status(stand)
    yield _process(stand, requirement)
    if quantity is not None:
        yield _lot(stand, quantity)
    if requirement.size_mm:
        yield _size(stand, requirement.size_mm)
    for limit in LIMITS:
        asked = getattr(requirement, limit.asked)
        if asked is not None:
            yield _number(stand, limit, float(asked))
    if requirement.smallest_package:
        yield _package(stand, requirement.smallest_package)
    for material in requirement.materials:
        yield _material(stand, material)
    for certificate in requirement.certificates:
        yield _certificate(stand, certificate, on)


def lot_trouble(capability: Capability, quantity: float) -> str:
    """Why a lot of ``quantity`` is not taken; empty where it is, or where no limit is stated."""
    least, most = capability.min_lot, capability.max_lot
    if least is not None and quantity < least:
        return f"takes lots from {least:,.10g}, asked {quantity:,.10g}{_near(least, quantity)}"
    if most is not None and quantity > most:
        return f"takes lots up to {most:,.10g}, asked {quantity:,.10g}{_near(quantity, most)}"
    return ""


def _status(stand: Stand) -> Outcome:
    def tell(row: int) -> str:
        return f"is not open (status '{stand.rows[row].shop.status}')"

    return _outcome("closed", stand.closed, np.zeros(len(stand), dtype=bool), tell, tell)


def _process(stand: Stand, requirement: Requirement) -> Outcome:
    def tell(row: int) -> str:
        return f"names only '{stand.capability(row).process}', asked {requirement.process}"

    return _outcome("process", np.zeros(len(stand), dtype=bool), stand.vague, tell, tell)


def _lot(stand: Stand, quantity: float) -> Outcome:
    fails = (stand.numbers("min_lot") > quantity) | (stand.numbers("max_lot") < quantity)

    def tell(row: int) -> str:
        return lot_trouble(stand.capability(row), quantity)

    return _outcome("lot", fails, np.zeros(len(stand), dtype=bool), tell, tell)


def _number(stand: Stand, limit: Limit, asked: float) -> Outcome:
    stated = stand.numbers(limit.stated)
    small, large = (asked, stated) if limit.at_least else (stated, asked)
    unsaid = np.isnan(stated)

    def tell(row: int) -> str:
        have = float(stated[row])
        near = _near(asked, have) if limit.at_least else _near(have, asked)
        return f"{limit.says.format(have)}, {limit.wants.format(asked)}{near}"

    def tell_unsaid(_row: int) -> str:
        return f"does not say its {limit.noun} ({limit.wants.format(asked)})"

    return _outcome(limit.asked, ~unsaid & ~_enough(small, large), unsaid, tell, tell_unsaid)


def _size(stand: Stand, size: tuple[float, ...]) -> Outcome:
    """Sorted sides against sorted sides: every axis-aligned rotation, no diagonal.

    Where the machine states fewer sides than are asked, the part's smaller sides must fit what
    is stated, or it fails whatever the rest is.
    """
    asked = sorted(size, reverse=True)[:AXES]
    stated = stand.envelopes
    sides = np.sum(~np.isnan(stated), axis=1)
    fails = np.zeros(len(stand), dtype=bool)
    for count in range(1, AXES + 1):
        rows = sides == count
        least = asked[max(len(asked) - count, 0) :]
        fits = np.all([_enough(side, stated[:, axis]) for axis, side in enumerate(least)], axis=0)
        fails |= rows & ~fits
    text = _sides(size)

    def tell(row: int) -> str:
        envelope = stand.capability(row).envelope_mm or ()
        return f"takes {_sides(envelope)} mm, asked {text} mm{_near(_excess(asked, envelope), 1.0)}"

    def tell_unsaid(_row: int) -> str:
        return f"does not say all sides of its envelope (asked {text} mm)"

    return _outcome("size_mm", fails, ~fails & (sides < len(asked)), tell, tell_unsaid)


def _excess(asked: list[float], envelope: tuple[float, ...]) -> float:
    """By which factor the part exceeds the envelope on its worst side, both sorted."""
    least = asked[max(len(asked) - len(envelope), 0) :]
    pairs = zip(least, sorted(envelope, reverse=True), strict=False)
    return max((side / have for side, have in pairs if have > 0), default=math.inf)


def _package(stand: Stand, asked: str) -> Outcome:
    wanted = find_package(asked)
    stated = stand.narrowest_mm
    names = [squeeze(row.candidate.capability.smallest_package or "") for row in stand.rows]
    same = np.array([name == squeeze(asked) for name in names], dtype=bool)
    unsaid = ~same & (np.isnan(stated) if wanted else np.ones(len(stand), dtype=bool))
    fails = ~unsaid & ~same & ~_enough(stated, wanted.narrow_mm if wanted else np.nan)

    def tell(row: int) -> str:
        return f"places parts down to {stand.capability(row).smallest_package}, asked {asked}"

    def tell_unsaid(row: int) -> str:
        smallest = stand.capability(row).smallest_package
        if smallest:
            return f"cannot be compared: places {smallest}, asked {asked}"
        return f"does not say its smallest package (asked {asked})"

    return _outcome("smallest_package", fails, unsaid, tell, tell_unsaid)


def _material(stand: Stand, asked: str) -> Outcome:
    def verdict(listed: tuple[str, ...]) -> int:
        return {True: HOLDS, False: FAILS, None: UNSAID}[takes(listed, asked)]

    verdicts = stand.by_materials(verdict)

    def tell(row: int) -> str:
        return f"takes {', '.join(stand.capability(row).materials)}, asked {asked}"

    def tell_unsaid(row: int) -> str:
        if listed := ", ".join(stand.capability(row).materials):
            return f"lists {listed}, which may or may not cover {asked}"
        return f"does not say its materials (asked {asked})"

    outcome = _outcome("materials", verdicts == FAILS, verdicts == UNSAID, tell, tell_unsaid)
    return replace(outcome, weight=2.0)


def _certificate(stand: Stand, asked: str, on: str) -> Outcome:
    def trouble(held: tuple[Certificate, ...]) -> str:
        return missing(held, asked, stand.process, on)

    def verdict(held: tuple[Certificate, ...]) -> int:
        if not held:
            return UNSAID
        return FAILS if trouble(held) else HOLDS

    verdicts = stand.by_certificates(verdict)

    def tell(row: int) -> str:
        return trouble(stand.rows[row].shop.certificates)

    def tell_unsaid(_row: int) -> str:
        return f"does not say its certificates (asked {asked})"

    return _outcome("certificates", verdicts == FAILS, verdicts == UNSAID, tell, tell_unsaid)


def _outcome(
    code: str, fails: Truths, unsaid: Truths, tell: Callable[[int], str], tell_unsaid: Callable[[int], str]
) -> Outcome:
    code = f"market.match.{code}"
    return Outcome(code=code, fails=fails, unsaid=unsaid, tell=tell, tell_unsaid=tell_unsaid)


def _enough(small: Numbers | float, large: Numbers | float) -> Truths:
    return np.asarray(small <= large * (1 + SLACK), dtype=bool)


def _near(wanted: float, had: float) -> str:
    """How far ``had`` falls short of ``wanted``, where it is little."""
    share = wanted / had - 1 if had > 0 else 1.0
    return f" (near miss, {share:.0%} off)" if 0 < share <= NEAR else ""


def _sides(size: tuple[float, ...]) -> str:
    return " x ".join(f"{side:g}" for side in size)
