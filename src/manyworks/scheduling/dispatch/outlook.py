"""How urgent each operation is when resources are ignored; worked out once per problem."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from manyworks.scheduling.engine.compiling import compiled, inlined, lean
from manyworks.scheduling.engine.state import topological_order
from manyworks.scheduling.engine.timing import span
from manyworks.scheduling.problem.tables import (
    CARRIES,
    FOREVER,
    FROZEN,
    NONE,
    PAUSABLE,
    Ints,
    Records,
    Tables,
)

LEAST_WEIGHT = 1e-6
"""Work without a price of being late still has a place in rules that divide by the price."""

RANK = np.dtype(
    [
        ("shortest", np.int64),
        ("tail", np.int64),
        ("steps", np.int64),
        ("urgent", np.int64),
        ("due", np.float64),
        ("last_due", np.float64),
        ("weight", np.float64),
    ]
)


class Outlook(NamedTuple):
    """What the rules of dispatching look at.

    Parameters
    ----------
    ranks
        `RANK` by operation: its ``shortest`` run; ``tail``, the longest time needed after its end; ``steps``,
        the most operations in a row from it on; ``urgent``, whether
        something frozen waits for it; ``due``, when it must end for all that wait for it to be in
        time; ``last_due``, the earliest due date among these; ``weight``, the highest among these.
    earliest
        Earliest possible ends, were every resource free; `NONE` where calendars end first.
    frozen
        Frozen operations in order of time.
    mean_run, mean_setup
        Scales of the rules, at least 1.
    """

    ranks: Records
    earliest: Ints
    frozen: Ints
    mean_run: float
    mean_setup: float


@inlined
def _earliest_end(p: Tables, o: int, ready: int) -> int:
    """Earliest end in any mode, without set-up; a transport takes its loading time only."""
    if p.operations[o].flags & FROZEN:
        return int(p.operations[o].release + p.modes[p.operations[o].first_mode].duration)
    if p.operations[o].flags & CARRIES:
        return ready
    pausable = p.operations[o].flags & PAUSABLE != 0
    best = NONE
    for mode in range(p.operations[o].first_mode, p.operations[o + 1].first_mode):
        _, end = span(p, p.modes[mode].calendar, pausable, ready, p.modes[mode].duration)
        if end != NONE and (best == NONE or end < best):
            best = end
    return best


@compiled
def earliest_ends(p: Tables, order: Ints) -> Ints:
    """Earliest possible ends by precedence, releases and calendars, were every resource free at any time.

    Each operation takes the mode that ends first, no set-up and no travel; `NONE` where the calendars end
    before it does, and for all that waits for such an operation.
    """
    ends = np.full(p.total, NONE, dtype=np.int64)
    for o in order:
        ready, possible = p.operations[o].release, True
        for arc in range(p.operations[o].first_before, p.operations[o + 1].first_before):
            before = ends[p.befores[arc].operation]
            possible = possible and before != NONE
            ready = max(ready, before + p.befores[arc].lag)
        if possible:
            ends[o] = _earliest_end(p, o, ready)
    return ends


@lean
def _rank_backward(p: Tables, order: Ints, ranks: Records) -> None:
    """Pull everything but the shortest run back along the precedence."""
    for position in range(len(order) - 1, -1, -1):
        o = order[position]
        mine = ranks[o]
        mine.steps = 1
        for arc in range(p.operations[o].first_after, p.operations[o + 1].first_after):
            theirs = ranks[p.afters[arc].operation]
            needed = p.afters[arc].lag + theirs.shortest
            mine.tail = max(mine.tail, needed + theirs.tail)
            mine.steps = max(mine.steps, theirs.steps + 1)
            fixed = p.operations[p.afters[arc].operation].flags & FROZEN
            mine.urgent = max(mine.urgent, theirs.urgent, 1 if fixed else 0)
            mine.due = min(mine.due, theirs.due - needed)
            mine.last_due = min(mine.last_due, theirs.last_due)
            mine.weight = max(mine.weight, theirs.weight)


def look_ahead(problem: Tables) -> Outlook:
    """Work out how urgent each operation is and how early it could end, were every resource free."""
    order = topological_order(problem)
    earliest = earliest_ends(problem, order)
    operations, modes = problem.operations[:-1], problem.modes[:-1]
    limit = np.minimum(operations["due"], operations["deadline"])
    dated = limit < FOREVER
    # What has no due date is ranked as if due when the last dated one is, or at the latest earliest end.
    undated = max(int(limit[dated].max(initial=0)), int(earliest.max(initial=0)))
    ranks = np.zeros(problem.total, dtype=RANK)
    if problem.total:
        ranks["shortest"] = np.minimum.reduceat(modes["duration"], operations["first_mode"])
    ranks["due"] = ranks["last_due"] = np.where(dated, limit, undated)
    ranks["weight"] = np.maximum(np.where(dated, operations["weight"], 0.0), LEAST_WEIGHT)
    _rank_backward(problem, order, ranks)
    frozen = np.flatnonzero(operations["flags"] & FROZEN)
    place = np.argsort(order)
    by_time = np.lexsort((place[frozen], ranks["shortest"][frozen], operations["release"][frozen]))
    return Outlook(
        ranks,
        earliest,
        frozen[by_time],
        max(float(np.mean(ranks["shortest"])) if problem.total else 1.0, 1.0),
        max(float(np.mean(modes["setup"])) if problem.total else 1.0, _mean_change(problem), 1.0),
    )


def _mean_change(problem: Tables) -> float:
    stated = problem.changes[problem.changes != NONE]
    return float(stated.mean()) if len(stated) else 0.0
