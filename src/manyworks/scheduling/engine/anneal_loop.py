"""Compiled: a stretch of simulated annealing, and the best it comes by."""

from __future__ import annotations

from math import log
from typing import NamedTuple

import numpy as np

from manyworks.scheduling.engine.compiling import inlined, lean
from manyworks.scheduling.engine.moves import undo
from manyworks.scheduling.engine.neighbours import propose
from manyworks.scheduling.engine.neighbours_chain import Walk, find_targets, uniform
from manyworks.scheduling.engine.state import GIVE_UP, LATEST, LATEST_BEFORE, SUM_BEFORE, State
from manyworks.scheduling.engine.sweep import commit, cost_at, total_cost
from manyworks.scheduling.problem.tables import MAKESPAN, Floats, Ints, Tables

PATIENCE = 30.0
"""Temperatures beyond what would be accepted at which a move is given up before all of it is timed."""


class Kept(NamedTuple):
    """The best of a walk.

    Parameters
    ----------
    mode, order
        Modes by operation, and a topological order; see ``sweep.build``.
    record
        Least price seen, (1,).
    levels
        Price of each goal at each level, the most important first, (levels, GOALS).
    values, trial
        Value of each level, of the best and of a solution just compared, (levels,).
    rises
        Rises of the cost by single moves; see `anneal`.
    """

    mode: Ints
    order: Ints
    record: Floats
    levels: Floats
    values: Floats
    trial: Floats
    rises: Floats


@inlined
def _cost_before(p: Tables, s: State) -> float:
    """Price at the last commit."""
    return float(s.costs[SUM_BEFORE] + p.price[MAKESPAN] * s.costs[LATEST_BEFORE])


@inlined
def _compare(p: Tables, s: State, kept: Kept) -> bool:
    """Value every level from scratch; tell whether the first that differs is better than the best's."""
    for level in range(len(kept.levels)):
        price = kept.levels[level]
        value = price[MAKESPAN] * s.costs[LATEST]
        for o in range(p.total):
            value += cost_at(p, s, o, price)
        kept.trial[level] = value
    for level in range(len(kept.levels)):
        slack = 1e-9 * abs(kept.values[level])
        if kept.trial[level] < kept.values[level] - slack:
            return True
        if kept.trial[level] > kept.values[level] + slack:
            return False
    return False


@lean
def offer(p: Tables, s: State, kept: Kept) -> bool:
    """Keep a state if it is better than the best so far; tell whether it was."""
    if not _compare(p, s, kept):
        return False
    for level in range(len(kept.levels)):
        kept.values[level] = kept.trial[level]
    for i in range(p.total):
        kept.order[i] = s.order[i]
        kept.mode[i] = s.jobs[i].mode
    return True


@lean
def anneal(p: Tables, s: State, w: Walk, kept: Kept, heat: tuple[float, float], moves: int) -> int:
    """Make random moves; worse ones are kept with a chance that falls with the temperature.

    Parameters
    ----------
    heat
        Temperature at the beginning and at the end of this stretch. Below zero: nothing is kept, but rises of
        the cost are collected in ``Kept.rises``, as many as there is room for.

    Returns
    -------
    int
        Moves accepted, or rises collected.
    """
    find_targets(p, s, w)
    stale, accepted, renew = 0, 0, 8 + p.total // 8
    for i in range(moves):
        if stale >= renew:
            find_targets(p, s, w)
            stale = 0
        before = _cost_before(p, s)
        limit = before - (heat[0] + (heat[1] - heat[0]) * i / moves) * log(uniform(w) + 1e-300)
        s.costs[GIVE_UP] = limit + PATIENCE * heat[0] if heat[0] >= 0.0 else np.inf
        fine = propose(p, s, w)
        cost = total_cost(p, s)
        if heat[0] < 0.0 and fine and cost > before and accepted < len(kept.rises):
            kept.rises[accepted] = cost - before
            accepted += 1
        if not fine or cost > limit or heat[0] < 0.0:
            undo(p, s)
            continue
        commit(s)
        accepted += 1
        stale += 1
        if cost < kept.record[0] - 1e-9 * abs(kept.record[0]):
            kept.record[0] = cost
            offer(p, s, kept)
    s.costs[GIVE_UP] = np.inf
    return accepted
