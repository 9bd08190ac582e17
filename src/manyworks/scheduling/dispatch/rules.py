"""The rules of dispatching: who comes first in a queue."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from manyworks.scheduling.dispatch.outlook import Outlook
from manyworks.scheduling.engine.compiling import inlined, lean

(
    FIFO,
    EDD,
    OPERATION_DUE,
    SLACK,
    SLACK_PER_STEP,
    CRITICAL_RATIO,
    MODIFIED_DUE,
    ATC,
    ATCS,
    COVERT,
    WSPT,
    SPT,
    LPT,
    MWKR,
    LWKR,
    MOPNR,
    SPT_BY_WORK,
    LEAST_SETUP,
    RANDOM,
    GIVEN,
) = range(20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule with its parameters, and how operations are placed by it.

    Parameters
    ----------
    name
        For tables, such as ``ATC 2, parallel``.
    number
        One of the constants of this module.
    look
        Look-ahead of ATC, ATCS and COVERT, in mean runs (COVERT: in work remaining).
    setup_look
        Look-ahead of ATCS over set-ups, in mean set-ups.
    parallel
        Always start what can start first, the rule only breaks ties (no resource waits for an operation
        while another could start). Otherwise the rule alone says what is placed next, in the first gap that
        takes it.
    """

    name: str
    number: int
    look: float = 1.0
    setup_look: float = 1.0
    parallel: bool = False


# The ones that are quick and good first: a small budget may not reach the rest.
_VARIANTS: tuple[tuple[str, int, float, float], ...] = (
    ("operation due date", OPERATION_DUE, 1.0, 1.0),
    ("most work remaining", MWKR, 1.0, 1.0),
    ("slack", SLACK, 1.0, 1.0),
    ("ATC 2", ATC, 2.0, 1.0),
    ("least set-up", LEAST_SETUP, 1.0, 1.0),
    ("ATCS 2 0.5", ATCS, 2.0, 0.5),
    ("modified due date", MODIFIED_DUE, 1.0, 1.0),
    ("first come first served", FIFO, 1.0, 1.0),
    ("earliest due date", EDD, 1.0, 1.0),
    ("weighted shortest", WSPT, 1.0, 1.0),
    ("COVERT 0.5", COVERT, 0.5, 1.0),
    ("most operations", MOPNR, 1.0, 1.0),
    ("shortest", SPT, 1.0, 1.0),
    ("critical ratio", CRITICAL_RATIO, 1.0, 1.0),
    ("slack per operation", SLACK_PER_STEP, 1.0, 1.0),
    ("ATC 1", ATC, 1.0, 1.0),
    ("ATC 4", ATC, 4.0, 1.0),
    ("ATC 16", ATC, 16.0, 1.0),
    ("ATCS 2 2", ATCS, 2.0, 2.0),
    ("ATCS 8 0.5", ATCS, 8.0, 0.5),
    ("ATCS 8 2", ATCS, 8.0, 2.0),
    ("COVERT 2", COVERT, 2.0, 1.0),
    ("longest", LPT, 1.0, 1.0),
    ("shortest by work remaining", SPT_BY_WORK, 1.0, 1.0),
    ("least work remaining", LWKR, 1.0, 1.0),
)


def rules() -> tuple[Rule, ...]:
    """List the 50 rules: 25 ways to order a queue, each serial and parallel (see `Rule`)."""
    return tuple(
        Rule(
            name=f"{name}, {'parallel' if parallel else 'serial'}",
            number=number,
            look=look,
            setup_look=setup_look,
            parallel=parallel,
        )
        for parallel in (False, True)
        for name, number, look, setup_look in _VARIANTS
    )


@inlined
def _tardiness_index(look: Outlook, o: int, now: int, scale: float) -> float:
    """Apparent tardiness cost (Vepsalainen and Morton 1987, Management Science 33)."""
    run = look.ranks[o].shortest
    slack = max(look.ranks[o].due - run - now, 0.0)
    return float(look.ranks[o].weight / (run + 1.0) * np.exp(-slack / scale))


@inlined
def _expected_delay_index(look: Outlook, o: int, now: int, share: float) -> float:
    """Cost over time (Carroll 1965): full price without slack, none beyond a share of the work remaining."""
    run = look.ranks[o].shortest
    slack = max(look.ranks[o].due - run - now, 0.0)
    patience = share * (run + look.ranks[o].tail) + 1.0
    return float(look.ranks[o].weight / (run + 1.0) * max(1.0 - slack / patience, 0.0))


@inlined
def _key_by_due(look: Outlook, rule: int, o: int, now: int) -> float:
    rank = look.ranks[o]
    if rule == EDD:
        return float(rank.last_due)
    if rule == OPERATION_DUE:
        return float(rank.due)
    if rule == SLACK:
        return float(rank.due - rank.shortest - now)
    if rule == SLACK_PER_STEP:
        return float((rank.due - rank.shortest - now) / rank.steps)
    if rule == CRITICAL_RATIO:
        return float((rank.last_due - now) / (rank.shortest + rank.tail + 1.0))
    return float(max(rank.due, now + rank.shortest))


@inlined
def _key_by_work(look: Outlook, rule: int, o: int, now: int, setup: int) -> float:
    rank = look.ranks[o]
    work = float(rank.shortest + rank.tail)
    key = float(now)
    if rule == WSPT:
        key = rank.shortest / rank.weight
    elif rule == SPT:
        key = float(rank.shortest + setup)
    elif rule == LPT:
        key = -float(rank.shortest)
    elif rule == MWKR:
        key = -work
    elif rule == LWKR:
        key = work
    elif rule == MOPNR:
        key = -float(rank.steps)
    elif rule == SPT_BY_WORK:
        key = rank.shortest / (work + 1.0)
    elif rule == LEAST_SETUP:
        key = float(setup)
    elif rule == RANDOM:
        key = 1.0
    return float(key)


@lean
def key_of(look: Outlook, rule: int, scales: tuple[float, float], o: int, now: int, setup: int) -> float:
    """Place of an operation in the queue at time ``now``, by any rule but `GIVEN`; the smallest comes first.

    ``scales``: see `Rule`, look and set-up look. ATCS: Lee, Bhaskaran and Pinedo 1997, IIE Transactions 29.
    """
    if rule in (ATC, ATCS):
        index = _tardiness_index(look, o, now, scales[0] * look.mean_run)
        if rule == ATCS:
            index *= np.exp(-setup / (scales[1] * look.mean_setup))
        return float(-index)
    if rule == COVERT:
        return float(-_expected_delay_index(look, o, now, scales[0]))
    if rule in (EDD, OPERATION_DUE, SLACK, SLACK_PER_STEP, CRITICAL_RATIO, MODIFIED_DUE):
        return _key_by_due(look, rule, o, now)
    return _key_by_work(look, rule, o, now, setup)
