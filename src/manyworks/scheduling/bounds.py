"""Lower bounds: what no schedule can be better than, and why. Without any outside solver.

Each goal has bounds of its own; the sum of their prices bounds a level of the objective.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from manyworks.scheduling.problem.data import GOAL_NAMES, Bound, ProblemData
from manyworks.scheduling.problem.tables import (
    FLOW,
    FROZEN,
    GOALS,
    MAKESPAN,
    MOVED,
    NONE,
    SETUP,
    SHIFT,
    TARDINESS,
)

if TYPE_CHECKING:
    from manyworks.scheduling.bounds_heads import Heads
    from manyworks.scheduling.bounds_machines import Holds, Stays
    from manyworks.scheduling.problem.tables import Floats, Tables

NAMED = 3
"""Resources named in words; more are counted."""


def _latest(data: ProblemData, heads: Heads) -> Bound:
    paths = heads.end + heads.tail
    last = int(np.argmax(paths))
    job = data.jobs[int(data.tables.operations["job"][last])]
    return Bound(value=float(paths[last]), kind=f"critical path of {job}")


def _whole(value: float) -> float:
    """Times are whole: a bound between two of them means the later one."""
    return float(np.ceil(value * (1.0 - 1e-12) - 1e-6))


def _shared_name(data: ProblemData, prices: Floats) -> str:
    order = np.argsort(-prices, kind="stable")
    telling = order[: int(np.count_nonzero(prices > 0.01 * prices.max(initial=0.0)))]
    names = ", ".join(data.resources[i] for i in telling[:NAMED])
    more = len(telling) - NAMED
    return f"shared load of {names} and {more} more" if more > 0 else f"shared load of {names}"


def _makespan(data: ProblemData, heads: Heads, holds: Holds, stays: Stays) -> Iterator[Bound]:
    from manyworks.scheduling.bounds_machines import shared_load, single_machines

    p = data.tables
    yield _latest(data, heads)
    alone = single_machines(p, stays)
    if len(alone):
        worst = int(np.argmax(alone))
        yield Bound(value=float(alone[worst]), kind=f"load of {data.resources[worst]}")
    if len(p.modes) - 1 > p.total:
        value, prices = shared_load(p, heads, holds)
        yield Bound(value=_whole(value), kind=_shared_name(data, prices))


def _sums(data: ProblemData, heads: Heads, stays: Stays, price: Floats) -> Bound:
    from manyworks.scheduling.bounds_sums import sum_bound

    value, resource = sum_bound(data.tables, heads, stays, price)
    kind = "every order at its earliest"
    return Bound(
        value=value, kind=kind if resource == NONE else f"{kind}, in turn on {data.resources[resource]}"
    )


def _setup(p: Tables, heads: Heads) -> Bound:
    least = np.minimum.reduceat(heads.setup, p.operations["first_mode"][:-1])
    return Bound(value=float(least.sum()), kind="least set-up of every operation")


def _moved(p: Tables) -> Bound:
    """Operations that cannot be where they were."""
    owner = np.repeat(np.arange(p.total), np.diff(p.operations["first_mode"]))
    reference = p.operations["reference_machine"][:-1]
    stays = np.zeros(p.total, dtype=bool)
    np.logical_or.at(stays, owner, p.modes["machine"][:-1] == reference[owner])
    count = np.count_nonzero((reference != NONE) & ~stays)
    return Bound(value=float(count), kind="operations that cannot stay on their machine")


def _shift(p: Tables, heads: Heads) -> Bound:
    """Operations that cannot start as early as they did, and frozen ones that start elsewhere."""
    one = p.operations[:-1]
    referred = one["reference_machine"] != NONE
    late = np.maximum(heads.start - one["reference_start"], 0)
    frozen = np.abs(one["release"] - one["reference_start"])
    away = np.where(one["flags"] & FROZEN != 0, frozen, late)
    value = float(away[referred].sum())
    return Bound(value=value, kind="operations that cannot start as they did")


def _parts(data: ProblemData, price: Floats) -> Iterator[tuple[float, Bound]]:
    """Prices and bounds of what a level is made of."""
    from manyworks.scheduling.bounds_heads import heads_of
    from manyworks.scheduling.bounds_machines import holds_of, stays_of

    p = data.tables
    heads = heads_of(p)
    holds = holds_of(p, heads)
    stays = stays_of(p, heads, holds)
    if price[MAKESPAN]:
        yield price[MAKESPAN], max(_makespan(data, heads, holds, stays), key=lambda bound: bound.value)
    if price[TARDINESS] or price[FLOW]:
        yield 1.0, _sums(data, heads, stays, price)
    if price[SETUP]:
        yield price[SETUP], _setup(p, heads)
    if price[MOVED]:
        yield price[MOVED], _moved(p)
    if price[SHIFT]:
        yield price[SHIFT], _shift(p, heads)


def lower_bound(data: ProblemData) -> Bound:
    """Lower bound of the first level of a problem's objective.

    Makespan: the longest path of links, each resource alone with its work interruptible (Jackson),
    and work shared by several resources. Tardiness and flow: see `bounds_sums`. Calendars, lags,
    travel and the least possible set-ups are respected.

    Parameters
    ----------
    data
        The problem.

    Returns
    -------
    Bound
        The strongest found, and what gave it in words.
    """
    level = data.objective.levels[0] if data.objective.levels else {}
    price = np.zeros(GOALS)
    for name, value in level.items():
        price[GOAL_NAMES.index(name)] += value
    if not data.tables.total or not price.any():
        return Bound(value=0.0, kind="nothing to do")
    parts = [(weight, bound) for weight, bound in _parts(data, price) if weight * bound.value > 0]
    if not parts:
        return Bound(value=0.0, kind="no less than nothing")
    return Bound(
        value=float(sum(weight * bound.value for weight, bound in parts)),
        kind="; ".join(bound.kind for _, bound in parts),
    )
