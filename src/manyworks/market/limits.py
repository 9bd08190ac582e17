"""The hard limits: what is asked against what a machine and its shop state, and the words for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from manyworks.market.certificates import FAILS, HOLDS, UNSAID, judge_certificate, missing
from manyworks.market.materials import takes
from manyworks.market.packages import find_package, squeeze
from manyworks.market.stand import AXES, Holdings, Numbers, Stand, Truths
from manyworks.model import Capability, Requirement

SLACK = 1e-9
"""Relative rounding allowed, so that equal counts as enough after a change of units."""

NEAR = 0.1
"""A limit missed by at most this share is called a near miss."""


def _nothing(_row: int) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One limit judged for all rows of a stand; ``tell`` words it for one row.

    ``would`` words what a row that fails by little would match at (``±0.02 mm``), empty where it is
    far off. ``weight`` is how far off a row is that fails: another material is further than a number.
    """

    code: str
    fails: Truths
    unsaid: Truths
    tell: Callable[[int], str]
    tell_unsaid: Callable[[int], str]
    would: Callable[[int], str] = _nothing
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A number asked against a number stated.

    ``at_least`` True: the machine's number must reach the asked one (layers); False: it must not
    exceed it (finish). ``says`` words a machine's number, ``wants`` the asked one, ``would`` the
    number that a near miss would match at.
    """

    asked: str
    stated: str
    at_least: bool
    noun: str
    says: str
    wants: str
    would: str


LIMITS = (
    Limit(asked="finish_ra_um", stated="finish_ra_um", at_least=False, noun="surface finish",
          says="reaches Ra {:g} um", wants="asked Ra {:g} um", would="Ra {:g} um"),
    Limit(asked="iso_class", stated="iso_class", at_least=False, noun="clean-room class",
          says="has ISO class {:g}", wants="asked class {:g} or cleaner", would="ISO class {:g}"),
    Limit(asked="layers", stated="max_layers", at_least=True, noun="number of layers",
          says="makes up to {:g} layers", wants="asked {:g}", would="{:g} layers"),
    Limit(asked="thickness_mm", stated="max_thickness_mm", at_least=True, noun="thickness",
          says="takes up to {:g} mm thick", wants="asked {:g} mm", would="{:g} mm thick"),
    Limit(asked="diameter_mm", stated="max_diameter_mm", at_least=True, noun="largest diameter",
          says="turns up to {:g} mm across", wants="asked {:g} mm", would="{:g} mm across"),
    Limit(asked="length_mm", stated="max_length_mm", at_least=True, noun="largest length",
          says="takes up to {:g} mm long", wants="asked {:g} mm", would="{:g} mm long"),
    Limit(asked="bend_length_mm", stated="max_bend_length_mm", at_least=True, noun="bending length",
          says="bends up to {:g} mm long", wants="asked {:g} mm", would="a bend of {:g} mm"),
    Limit(asked="axes", stated="axes", at_least=True, noun="number of axes",
          says="has {:g} axes", wants="asked {:g}", would="{:g} axes"),
    Limit(asked="colours", stated="max_colours", at_least=True, noun="number of colours",
          says="prints up to {:g} colours", wants="asked {:g}", would="{:g} colours"),
    Limit(asked="copper_um", stated="max_copper_um", at_least=True, noun="copper thickness",
          says="makes copper up to {:g} um", wants="asked {:g} um", would="{:g} um of copper"),
    Limit(asked="weight_kg", stated="max_weight_kg", at_least=True, noun="heaviest piece",
          says="takes up to {:g} kg", wants="asked {:g} kg", would="{:g} kg"),
    Limit(asked="min_track_mm", stated="min_track_mm", at_least=False, noun="track width",
          says="holds tracks from {:g} mm", wants="asked {:g} mm", would="{:g} mm tracks"),
    Limit(asked="min_drill_mm", stated="min_drill_mm", at_least=False, noun="drill size",
          says="drills from {:g} mm", wants="asked {:g} mm", would="{:g} mm drills"),
    Limit(asked="min_pitch_mm", stated="min_pitch_mm", at_least=False, noun="pitch",
          says="places pitches from {:g} mm", wants="asked {:g} mm", would="a pitch of {:g} mm"),
    Limit(asked="clamp_force_t", stated="clamp_force_t", at_least=True, noun="clamp force",
          says="clamps with up to {:g} t", wants="asked {:g} t", would="{:g} t"),
    Limit(asked="shot_g", stated="shot_g", at_least=True, noun="shot size",
          says="shoots up to {:g} g", wants="asked {:g} g", would="{:g} g"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What an order asks beside the piece: how many, for how much (network's currency), on which day."""

    quantity: float | None = None
    budget: float | None = None
    on: str = ""


def judge(stand: Stand, requirement: Requirement, terms: Terms) -> Iterator[Outcome]:
    """Judge every limit that the requirement and its terms state, for all rows of the stand."""
    # Late: bands are judged with this module's words.
    from manyworks.market.bands import judge_bands

    yield _status(stand)
    yield _process(stand, requirement)
    if terms.quantity is not None:
        yield _lot(stand, terms.quantity)
    if terms.budget is not None:
        yield _budget(stand, terms.budget)
    if requirement.size_mm:
        yield _size(stand, requirement.size_mm)
    yield from judge_bands(stand, requirement)
    for limit in LIMITS:
        asked = getattr(requirement, limit.asked)
        if asked is not None:
            yield _number(stand, limit, float(asked))
    if requirement.smallest_package:
        yield _package(stand, requirement.smallest_package)
    for material in requirement.materials:
        yield _material(stand, material)
    for certificate in requirement.certificates:
        yield _certificate(stand, certificate, terms.on)


def lot_trouble(capability: Capability, quantity: float) -> str:
    """Why a lot of ``quantity`` is not taken; empty where it is, or where no limit is stated."""
    least, most = capability.min_lot, capability.max_lot
    if least is not None and quantity < least:
        return f"takes lots from {least:,.10g}, asked {quantity:,.10g}"
    if most is not None and quantity > most:
        return f"takes lots up to {most:,.10g}, asked {quantity:,.10g}"
    return ""


def lot_near(capability: Capability, quantity: float) -> str:
    """The lot that a quantity refused by little would match at; empty where it is far off."""
    least, most = capability.min_lot, capability.max_lot
    if least is not None and quantity < least:
        return f"a lot of {least:,.10g}" if is_near(least, quantity) else ""
    if most is not None and quantity > most:
        return f"a lot of {most:,.10g}" if is_near(quantity, most) else ""
    return ""


def _status(stand: Stand) -> Outcome:
    def tell(row: int) -> str:
        return f"is not open (status '{stand.rows[row].shop.status}')"

    return make_outcome("closed", stand.closed, stand.none, tell, tell)


def _process(stand: Stand, requirement: Requirement) -> Outcome:
    def tell(row: int) -> str:
        said = stand.capability(row).process
        return (
            f"names only '{said}', asked {requirement.process}"
            if said
            else f"does not say what it does (asked {requirement.process})"
        )

    return make_outcome("process", stand.none, stand.vague, tell, tell)


def _lot(stand: Stand, quantity: float) -> Outcome:
    fails = (stand.numbers("min_lot") > quantity) | (stand.numbers("max_lot") < quantity)

    def tell(row: int) -> str:
        return lot_trouble(stand.capability(row), quantity)

    def would(row: int) -> str:
        return lot_near(stand.capability(row), quantity)

    return replace(make_outcome("lot", fails, stand.none, tell, tell), would=would)


def _budget(stand: Stand, budget: float) -> Outcome:
    least = stand.smallest_orders
    unsaid = np.isnan(least)

    def tell(row: int) -> str:
        return f"takes orders from {float(least[row]):,.10g}, the budget is {budget:,.10g}"

    def tell_unsaid(_row: int) -> str:
        return f"states its smallest order in another currency (the budget is {budget:,.10g})"

    def would(row: int) -> str:
        have = float(least[row])
        return f"a budget of {have:,.10g}" if is_near(have, budget) else ""

    outcome = make_outcome("budget", ~unsaid & ~enough(least, budget), unsaid, tell, tell_unsaid)
    return replace(outcome, would=would)


def _number(stand: Stand, limit: Limit, asked: float) -> Outcome:
    stated = stand.numbers(limit.stated)
    small, large = (asked, stated) if limit.at_least else (stated, asked)
    unsaid = np.isnan(stated)

    def tell(row: int) -> str:
        return f"{limit.says.format(float(stated[row]))}, {limit.wants.format(asked)}"

    def tell_unsaid(_row: int) -> str:
        return f"does not say its {limit.noun} ({limit.wants.format(asked)})"

    def would(row: int) -> str:
        have = float(stated[row])
        near = is_near(asked, have) if limit.at_least else is_near(have, asked)
        return limit.would.format(have) if near else ""

    outcome = make_outcome(limit.asked, ~unsaid & ~enough(small, large), unsaid, tell, tell_unsaid)
    return replace(outcome, would=would)


def _size(stand: Stand, size: tuple[float, ...]) -> Outcome:
    """Sorted sides against sorted sides: every axis-aligned rotation, no diagonal.

    Where the machine states fewer sides than are asked, the part's smaller sides must fit what
    is stated, or it fails whatever the rest is.
    """
    asked = sorted(size, reverse=True)[:AXES]
    stated, sides = stand.envelopes, stand.sides
    fails = np.zeros(len(stand), dtype=bool)
    for count in range(1, AXES + 1):
        least = asked[max(len(asked) - count, 0) :]
        fits = np.all([enough(side, stated[:, axis]) for axis, side in enumerate(least)], axis=0)
        fails |= (sides == count) & ~fits
    text = _sides(size)

    def tell(row: int) -> str:
        return f"takes {_sides(stand.capability(row).envelope_mm or ())} mm, asked {text} mm"

    def tell_unsaid(_row: int) -> str:
        return f"does not say all sides of its envelope (asked {text} mm)"

    def would(row: int) -> str:
        envelope = stand.capability(row).envelope_mm or ()
        return f"{_sides(envelope)} mm" if is_near(_excess(asked, envelope), 1.0) else ""

    outcome = make_outcome("size_mm", fails, ~fails & (sides < len(asked)), tell, tell_unsaid)
    return replace(outcome, would=would)


def _excess(asked: list[float], envelope: tuple[float, ...]) -> float:
    """By which factor the part exceeds the envelope on its worst side, both sorted."""
    least = asked[max(len(asked) - len(envelope), 0) :]
    pairs = zip(least, sorted(envelope, reverse=True), strict=False)
    return max((side / have for side, have in pairs if have > 0), default=math.inf)


def _package(stand: Stand, asked: str) -> Outcome:
    wanted = find_package(asked)
    stated, same = stand.narrowest_mm, stand.places(squeeze(asked))
    unsaid = ~same & (np.isnan(stated) if wanted else ~stand.none)
    fails = ~unsaid & ~same & ~enough(stated, wanted.narrow_mm if wanted else np.nan)

    def tell(row: int) -> str:
        return f"places parts down to {stand.capability(row).smallest_package}, asked {asked}"

    def tell_unsaid(row: int) -> str:
        smallest = stand.capability(row).smallest_package
        if smallest:
            return f"cannot be compared: places {smallest}, asked {asked}"
        return f"does not say its smallest package (asked {asked})"

    return make_outcome("smallest_package", fails, unsaid, tell, tell_unsaid)


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

    outcome = make_outcome("materials", verdicts == FAILS, verdicts == UNSAID, tell, tell_unsaid)
    return replace(outcome, weight=2.0)


def _certificate(stand: Stand, asked: str, on: str) -> Outcome:
    def verdict(holdings: Holdings) -> int:
        return judge_certificate(holdings, asked, stand.process, on)

    verdicts = stand.by_certificates(verdict)

    def tell(row: int) -> str:
        return missing(stand.rows[row].shop.certificates, asked, stand.process, on)

    def tell_unsaid(row: int) -> str:
        if stand.rows[row].shop.certificates:
            return f"does not say whether its certificate is {asked}"
        return f"does not say its certificates (asked {asked})"

    return make_outcome("certificates", verdicts == FAILS, verdicts == UNSAID, tell, tell_unsaid)


def make_outcome(
    code: str, fails: Truths, unsaid: Truths, tell: Callable[[int], str], tell_unsaid: Callable[[int], str]
) -> Outcome:
    """An outcome whose code stands under ``market.match``."""
    code = f"market.match.{code}"
    return Outcome(code=code, fails=fails, unsaid=unsaid, tell=tell, tell_unsaid=tell_unsaid)


def enough(small: Numbers | float, large: Numbers | float) -> Truths:
    """Whether ``small`` is at most ``large``, equal after rounding counting as enough; NaN is not."""
    return np.asarray(small <= large * (1 + SLACK), dtype=bool)


def is_near(wanted: float, had: float) -> bool:
    """Whether ``had`` falls short of ``wanted`` by little."""
    return had > 0 and 0 < wanted / had - 1 <= NEAR + SLACK


def _sides(size: tuple[float, ...]) -> str:
    return " x ".join(f"{side:g}" for side in size)
