"""Compiled: local search on plain shops of any size, many exchanges in one pass.

A pass from the end to the beginning works out the tail of every operation, and on its way exchanges
neighbours on a machine where that shortens the longest path through either of them (Taillard's estimate;
tails behind and heads ahead are known when a pair is looked at, so that a pass makes thousands of
exchanges that do not disturb each other). A pass from the beginning to the end then times all anew.

Operations stand in memory in a topological order, so that what is near in time is near in memory, and
any range of them can be searched by itself while the rest stands still: a thread each.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from manyworks.scheduling.engine.compiling import inlined, lean
from manyworks.scheduling.engine.wide_lists import Shop
from manyworks.scheduling.problem.tables import NONE, Ints, Records

SPOT = np.dtype(
    [
        ("operation", np.int32),
        ("ahead", np.int32),
        ("behind", np.int32),
        ("before", np.int32),
        ("after", np.int32),
        ("waiting", np.int32),
        ("arcs", np.int64),
        ("release", np.int64),
        ("duration", np.int64),
        ("head", np.int64),
        ("tail", np.int64),
    ]
)
EDGE = np.dtype([("end", np.int64), ("rest", np.int64)])
FIELDS = tuple(SPOT.names or ())


class Spots(NamedTuple):
    """A timed schedule of a plain shop.

    Parameters
    ----------
    spots
        `SPOT`: an operation, its neighbours on its machine (``ahead``, ``behind``) and in its job as spots
        (see `wide_lists.STEP`), its earliest start ``head``, and ``tail``, the longest time after its end.
    edges
        `EDGE` by spot: end, and duration with tail, as of the last time the whole was timed; what a range
        sees of the rest.
    spot_of
        Spot by operation.
    order
        Spots of a range in a topological order.
    log
        (operations, 2): exchanges of a pass.
    first_after, afters, first_before, befores
        Arcs by operation, looked at where ``arcs`` is not 0.
    """

    spots: Records
    edges: Records
    spot_of: Ints
    order: Ints
    log: Ints
    first_after: Ints
    afters: Records
    first_before: Ints
    befores: Records


@inlined
def _random(state: Ints) -> float:
    """Draw a number from 0 to 1 (xorshift: Marsaglia 2003, Journal of Statistical Software 8)."""
    x = state[0]
    x ^= x << 13
    x ^= (x >> 7) & 0x1FFFFFFFFFFFFFF
    x ^= x << 17
    state[0] = x
    return float((x >> 11) & 0x1FFFFFFFFFFFFF) / 9007199254740992.0


@inlined
def end_of(s: Spots, x: int, low: int) -> int:
    """End of an operation as the range from ``low`` on sees it."""
    if x < low:
        return int(s.edges[x].end)
    return int(s.spots[x].head + s.spots[x].duration)


@inlined
def rest_of(s: Spots, x: int, high: int) -> int:
    """Duration and tail of an operation as the range up to ``high`` sees it."""
    if x >= high:
        return int(s.edges[x].rest)
    return int(s.spots[x].duration + s.spots[x].tail)


@inlined
def ready_of(s: Spots, x: int, low: int) -> int:
    """Earliest start of an operation by its release and its job."""
    spot = s.spots[x]
    ready = spot.release
    if spot.arcs != 0:
        o = spot.operation
        for i in range(s.first_before[o], s.first_before[o + 1]):
            ready = max(ready, end_of(s, s.spot_of[s.befores[i].operation], low) + s.befores[i].lag)
    elif spot.before != NONE:
        ready = max(ready, end_of(s, spot.before, low))
    return int(ready)


@inlined
def job_tail(s: Spots, x: int, high: int) -> int:
    """Longest time after the end of an operation by its job."""
    spot = s.spots[x]
    tail = 0
    if spot.arcs != 0:
        o = spot.operation
        for i in range(s.first_after[o], s.first_after[o + 1]):
            tail = max(tail, rest_of(s, s.spot_of[s.afters[i].operation], high) + s.afters[i].lag)
    elif spot.after != NONE:
        tail = rest_of(s, spot.after, high)
    return int(tail)


@inlined
def _exchange(s: Spots, u: int, v: int) -> None:
    """Let ``v``, which is behind ``u`` on its machine, go ahead of it."""
    a, b = s.spots[u].ahead, s.spots[v].behind
    s.spots[v].ahead, s.spots[v].behind = a, u
    s.spots[u].ahead, s.spots[u].behind = v, b
    if a != NONE:
        s.spots[a].behind = v
    if b != NONE:
        s.spots[b].ahead = u


@inlined
def _count_waiting(s: Spots, x: int, low: int) -> int:
    """How many operations of the range come directly before one."""
    spot = s.spots[x]
    waiting = 1 if spot.ahead >= low else 0
    if spot.arcs != 0:
        o = spot.operation
        for i in range(s.first_before[o], s.first_before[o + 1]):
            if s.spot_of[s.befores[i].operation] >= low:
                waiting += 1
    elif spot.before >= low:
        waiting += 1
    return waiting


@inlined
def _tick(s: Spots, x: int, high: int, filled: int) -> int:
    """One less to wait for; queue the operation if that was the last."""
    if x == NONE or x >= high:
        return filled
    s.spots[x].waiting -= 1
    if s.spots[x].waiting == 0:
        s.order[filled] = x
        return filled + 1
    return filled


@inlined
def time_range(s: Spots, low: int, high: int) -> bool:
    """Heads of a range and a topological order of it (Kahn 1962); whether there is one."""
    filled = low
    for x in range(low, high):
        s.spots[x].waiting = _count_waiting(s, x, low)
        if s.spots[x].waiting == 0:
            s.order[filled] = x
            filled += 1
    at = low
    while at < filled:
        x = s.order[at]
        at += 1
        spot = s.spots[x]
        head = ready_of(s, x, low)
        if spot.ahead != NONE:
            head = max(head, end_of(s, spot.ahead, low))
        spot.head = head
        filled = _tick(s, spot.behind, high, filled)
        if spot.arcs != 0:
            for i in range(s.first_after[spot.operation], s.first_after[spot.operation + 1]):
                filled = _tick(s, s.spot_of[s.afters[i].operation], high, filled)
        else:
            filled = _tick(s, spot.after, high, filled)
    return filled == high


@inlined
def _gain(s: Spots, u: int, v: int, low: int, high: int, least: int) -> tuple[int, int, int, int, int]:
    """What exchanging ``u`` and ``v`` behind it does to the longest path through them.

    Returns
    -------
    tuple
        Change of the length (`NO_GAIN` where a gap lies between them or the path is short), and the new heads
        and tails: of v, of u, of u, of v.
    """
    one, two = s.spots[u], s.spots[v]
    end = one.head + one.duration
    ready = ready_of(s, v, low)
    before = max(end + one.tail, end + two.duration + two.tail)
    # A job that leads from u to v gets there no earlier than u ends: no cycle without such a tie.
    if ready >= end or before < least:
        return NO_GAIN, 0, 0, 0, 0
    head_v = ready if one.ahead == NONE else max(ready, end_of(s, one.ahead, low))
    head_u = max(head_v + two.duration, ready_of(s, u, low))
    tail_u = job_tail(s, u, high)
    if two.behind != NONE:
        tail_u = max(tail_u, rest_of(s, two.behind, high))
    tail_v = max(tail_u + one.duration, job_tail(s, v, high))
    after = max(head_u + one.duration + tail_u, head_v + two.duration + tail_v)
    return after - before, head_v, head_u, tail_u, tail_v


NO_GAIN = 2**60


@inlined
def _inside(x: int, low: int, high: int) -> bool:
    return x == NONE or low <= x < high


@inlined
def _improve_range(s: Spots, low: int, high: int, least: int, heat: float, state: Ints) -> tuple[int, int]:
    """Tails of a range, exchanging on the way where a path is at ``least`` so long.

    Returns
    -------
    tuple
        How many exchanges were made (they are in the log), and the longest path.
    """
    made, longest = 0, 0
    for at in range(high - 1, low - 1, -1):
        u = s.order[at]
        spot = s.spots[u]
        v = spot.behind
        tail = job_tail(s, u, high)
        if v != NONE:
            tail = max(tail, rest_of(s, v, high))
        spot.tail = tail
        longest = max(longest, spot.head + spot.duration + tail)
        if v == NONE or v >= high or not _inside(spot.ahead, low, high):
            continue
        if not _inside(s.spots[v].behind, low, high):
            continue
        change, head_v, head_u, tail_u, tail_v = _gain(s, u, v, low, high, least)
        if change <= 0 or (change < 20.0 * heat and _random(state) < np.exp(-change / heat)):
            _exchange(s, u, v)
            s.log[low + made, 0], s.log[low + made, 1] = u, v
            made += 1
            s.spots[v].head, s.spots[u].head = head_v, head_u
            s.spots[u].tail, s.spots[v].tail = tail_u, tail_v
    return made, longest


@lean
def search_range(s: Spots, low: int, high: int, slack: int, heat: float, rounds: int, state: Ints) -> int:
    """Search a range of spots while the rest stands still.

    Parameters
    ----------
    s
        A schedule that has been timed; the order of the range is left behind in it.
    low, high
        Spots ``low`` to ``high - 1``.
    slack
        Only pairs on a path of the range that is at most so much shorter than its longest are looked at.
    heat
        Exchanges that lengthen a path by this are made with a chance of 1/e.
    rounds
        Passes there and back.
    state
        Of random numbers, (1,), not 0.

    Returns
    -------
    int
        Exchanges made.
    """
    total, longest = 0, 0
    time_range(s, low, high)
    for _ in range(rounds):
        made, longest = _improve_range(s, low, high, longest - slack, heat, state)
        # Several exchanges at once may close a cycle, if hardly ever: all of the pass are taken back then.
        if not time_range(s, low, high):
            for i in range(low + made - 1, low - 1, -1):
                _exchange(s, s.log[i, 1], s.log[i, 0])
            time_range(s, low, high)
            made = 0
        total += made
    return total


@lean
def number_spots(s: Spots, place: Ints, low: int, high: int) -> None:
    """Say where the operations of a range go when it is put into its topological order."""
    for at in range(low, high):
        place[s.order[at]] = at


@inlined
def _placed(place: Ints, x: int) -> int:
    return NONE if x == NONE else place[x]


@lean
def move_spots(old: Spots, new: Spots, place: Ints, low: int, high: int) -> None:
    """Copy a range in its topological order, all that points to anything included."""
    for at in range(low, high):
        a, b = old.spots[old.order[at]], new.spots[at]
        b.operation, b.arcs = a.operation, a.arcs
        b.release, b.duration, b.head, b.tail = a.release, a.duration, a.head, a.tail
        b.ahead, b.behind = _placed(place, a.ahead), _placed(place, a.behind)
        b.before, b.after = _placed(place, a.before), _placed(place, a.after)
        new.spot_of[b.operation] = at


@lean
def time_all(s: Spots) -> int:
    """Heads and tails of everything, spots being in a topological order; gives the makespan."""
    last, total = 0, len(s.spots)
    for x in range(total):
        spot = s.spots[x]
        head = ready_of(s, x, 0)
        if spot.ahead != NONE:
            head = max(head, end_of(s, spot.ahead, 0))
        spot.head = head
        s.edges[x].end = head + spot.duration
        last = max(last, head + spot.duration)
    for x in range(total - 1, -1, -1):
        spot = s.spots[x]
        tail = job_tail(s, x, total)
        if spot.behind != NONE:
            tail = max(tail, rest_of(s, spot.behind, total))
        spot.tail = tail
        s.edges[x].rest = tail + spot.duration
    return int(last)


@lean
def starts_of(s: Spots, start: Ints) -> None:
    """Write starts by operation."""
    for x in range(len(s.spots)):
        start[s.spots[x].operation] = s.spots[x].head


def empty_spots(shop: Shop) -> Spots:
    """Make room for a schedule of a shop."""
    total = len(shop.steps)
    return Spots(
        spots=np.zeros(total, dtype=SPOT),
        edges=np.zeros(total, dtype=EDGE),
        spot_of=np.zeros(total, dtype=np.int32),
        order=np.zeros(total, dtype=np.int32),
        log=np.zeros((total, 2), dtype=np.int32),
        first_after=shop.first_after,
        afters=shop.afters,
        first_before=shop.first_before,
        befores=shop.befores,
    )


def fill_spots(s: Spots, shop: Shop, order: Ints) -> None:
    """Take over a schedule whose operations stand in a topological order of job and machine arcs.

    Parameters
    ----------
    order
        (operations,), a permutation.
    """
    steps, spots = shop.steps, s.spots
    s.spot_of[order] = np.arange(len(order))
    spots["operation"] = order
    for name in ("arcs", "release", "duration"):
        spots[name] = steps[name][order]
    for name in ("before", "after"):
        other = steps[name][order]
        spots[name] = np.where(other == NONE, NONE, s.spot_of[other])
    machine = steps["machine"][order]
    by_machine = np.argsort(machine, kind="stable")
    same = machine[by_machine[1:]] == machine[by_machine[:-1]]
    spots["ahead"] = spots["behind"] = NONE
    spots["behind"][by_machine[:-1][same]] = by_machine[1:][same]
    spots["ahead"][by_machine[1:][same]] = by_machine[:-1][same]
