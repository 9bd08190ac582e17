"""Compiled: which operation costs most, and what it really waited for, back to the beginning."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from manyworks.scheduling.engine.compiling import inlined, lean
from manyworks.scheduling.engine.state import LATEST, State, hold_count
from manyworks.scheduling.engine.timing import location_of, span
from manyworks.scheduling.problem.tables import (
    CARRIES,
    DEADLINE,
    EARLY_SETUP,
    FLOW,
    FOREVER,
    MAKESPAN,
    MOVED,
    NONE,
    SETUP,
    SHIFT,
    TARDINESS,
    Floats,
    Ints,
    Tables,
)

LINK = -1
"""Waiting for an operation before it, not for a resource."""
TARGETS, RANDOM = range(2)
"""Positions in ``Walk.counts``: how many operations cost anything; state of the random numbers."""
CHAIN, SLOT, PICK, TARGET = range(4)
"""Rows of ``Walk.lists``."""


class Walk(NamedTuple):
    """What a random walk through solutions carries along, beside the state.

    Parameters
    ----------
    lists
        ``CHAIN``: operations that wait for each other, from the last back. ``SLOT``: through which slot
        each waits for the next in the chain, `LINK` for a link. ``PICK``: positions in the chain whose
        operation waits for a resource. ``TARGET``: operations that cost anything. (4, operations + 1).
    shares
        Cost of targets, summed up to each, (operations,).
    blame
        Price of one unit of each goal when looking for what costs most; lower levels count for more
        here than in ``Tables.price``, (GOALS,).
    counts
        See `TARGETS`.
    """

    lists: Ints
    shares: Floats
    blame: Floats
    counts: Ints


def empty_walk(p: Tables, blame: Floats, seed: int) -> Walk:
    """Make room for a walk; the seed is spread over all bits (splitmix64; Steele, Lea and Flood 2014)."""
    z = (seed * 0x9E3779B97F4A7C15 + 0x9E3779B97F4A7C15) % 2**64
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) % 2**64
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) % 2**64
    return Walk(
        lists=np.zeros((4, p.total + 1), dtype=np.int64),
        shares=np.zeros(p.total, dtype=np.float64),
        blame=blame,
        counts=np.array([0, (z ^ (z >> 31)) % 2**63 or 1], dtype=np.int64),
    )


@inlined
def uniform(w: Walk) -> float:
    """Draw from 0 to 1 (xorshift, Marsaglia 2003)."""
    x = w.counts[RANDOM]
    x ^= x << 13
    x ^= (x >> 7) & 0x01FFFFFFFFFFFFFF
    x ^= x << 17
    w.counts[RANDOM] = x
    return float((x >> 11) & 0x001FFFFFFFFFFFFF) * 2.0**-53


@inlined
def below(w: Walk, count: int) -> int:
    """Draw a whole number from 0 to ``count - 1``."""
    return int(uniform(w) * count)


@inlined
def _lateness_blame(p: Tables, s: State, w: Walk, o: int) -> float:
    """Cost of an operation that ending earlier would save."""
    operation, end = p.operations[o], s.jobs[o].end
    cost = w.blame[FLOW] * operation.flow_weight * (end - operation.release)
    if operation.due != FOREVER and end > operation.due:
        cost += w.blame[TARDINESS] * operation.weight * (end - operation.due)
    if operation.deadline != FOREVER and end > operation.deadline:
        cost += w.blame[DEADLINE] * (end - operation.deadline)
    if end >= s.costs[LATEST]:
        cost += w.blame[MAKESPAN] * end
    return float(cost)


@inlined
def away_blame(p: Tables, s: State, w: Walk, o: int) -> float:
    """Cost of an operation for being elsewhere, or at another time, than planned before."""
    operation, job, cost = p.operations[o], s.jobs[o], 0.0
    if operation.reference_machine != NONE:
        if operation.reference_machine != p.modes[job.mode].machine:
            cost += w.blame[MOVED]
        cost += w.blame[SHIFT] * abs(job.start - operation.reference_start)
    return float(cost)


@lean
def find_targets(p: Tables, s: State, w: Walk) -> None:
    """List all operations that cost anything."""
    count, total = 0, 0.0
    for o in range(p.total):
        cost = _lateness_blame(p, s, w, o) + w.blame[SETUP] * s.jobs[o].setup + away_blame(p, s, w, o)
        if cost > 0.0:
            total += cost
            w.lists[TARGET, count], w.shares[count] = o, total
            count += 1
    w.counts[TARGETS] = count


@inlined
def draw_target(w: Walk) -> int:
    """Draw an operation by what it costs."""
    low, high = 0, w.counts[TARGETS] - 1
    level = uniform(w) * w.shares[high]
    while low < high:
        middle = (low + high) // 2
        if w.shares[middle] > level:
            high = middle
        else:
            low = middle + 1
    return int(w.lists[TARGET, low])


@inlined
def _machine_ready(p: Tables, s: State, v: int) -> int:
    """When the machine of an operation is ready for it, early set-up or empty trip included."""
    ahead = s.nodes[v << p.shift].ahead
    free = s.jobs[ahead >> p.shift].free
    setup = s.jobs[v].setup
    if setup > 0:
        flags = p.operations[v].flags
        if flags & CARRIES:
            return int(free + setup)
        if flags & EARLY_SETUP:
            return int(span(p, p.modes[s.jobs[v].mode].calendar, True, free, setup)[1])
    return int(free)


@inlined
def _link_time(p: Tables, s: State, v: int, i: int) -> int:
    """When an operation may start by one link, ``i`` in ``Tables.befores``."""
    arc = p.befores[i]
    t = s.jobs[arc.operation].end + arc.lag
    if arc.moves != 0:
        t += p.travel[location_of(p, s.jobs[arc.operation].mode), location_of(p, s.jobs[v].mode)]
    return int(t)


@inlined
def _idle(p: Tables, s: State, v: int) -> bool:
    """Whether an operation is a transport with nowhere to go."""
    return bool(p.operations[v].flags & CARRIES and s.jobs[v].end == s.jobs[v].start)


@inlined
def waits_for(p: Tables, s: State, w: Walk, v: int) -> tuple[int, int]:
    """Operation that ``v`` waited for, one of them at random, and the slot or `LINK`; `NONE`: for nobody."""
    latest, found, through, ties = p.operations[v].release, NONE, LINK, 0
    for i in range(p.operations[v].first_before, p.operations[v + 1].first_before):
        t = _link_time(p, s, v, i)
        ties = 1 if t > latest else ties + (t == latest)
        if t > latest or (t == latest and found != NONE and uniform(w) * ties < 1.0):
            latest, found, through = t, p.befores[i].operation, LINK
    slots = 0 if _idle(p, s, v) else hold_count(p, s.jobs[v].mode)
    for slot in range(slots):
        ahead = s.nodes[(v << p.shift) | slot].ahead
        if ahead == NONE:
            continue
        t = s.jobs[ahead >> p.shift].free if slot > 0 else _machine_ready(p, s, v)
        ties = 1 if t > latest else ties + (t == latest)
        if t > latest or (t == latest and found != NONE and uniform(w) * ties < 1.0):
            latest, found, through = t, ahead >> p.shift, slot
    return found, through


@inlined
def trace(p: Tables, s: State, w: Walk, last: int) -> int:
    """Follow what an operation waited for back to the beginning.

    Returns
    -------
    int
        How many picks there are; the chain ends with an operation that waited for nobody.
    """
    v, length, picks = last, 0, 0
    while True:
        w.lists[CHAIN, length] = v
        found, slot = waits_for(p, s, w, v)
        w.lists[SLOT, length] = slot
        if found == NONE or length == p.total:
            return picks
        if slot != LINK:
            w.lists[PICK, picks] = length
            picks += 1
        v = found
        length += 1
