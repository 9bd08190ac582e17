"""Compiled: earliest times and least work of operations when nothing else is in their way."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from manyworks.scheduling.engine.compiling import lean
from manyworks.scheduling.engine.state import topological_order
from manyworks.scheduling.engine.timing import location_of, span
from manyworks.scheduling.problem.tables import (
    CARRIES,
    EARLY_SETUP,
    FOREVER,
    FROZEN,
    NONE,
    PAUSABLE,
    Ints,
    Tables,
)


class Heads(NamedTuple):
    """What each operation takes at least. All int64.

    Parameters
    ----------
    order
        Topological order by links.
    setup
        Least set-up by mode.
    start, end
        Earliest by operation.
    need
        Least time from start to end by operation, without calendars.
    tail
        Least time from the end of an operation to the end of all.
    """

    order: Ints
    setup: Ints
    start: Ints
    end: Ints
    need: Ints
    tail: Ints


def least_setups(p: Tables) -> Ints:
    """Least set-up of each mode behind anything that could stand on its machine, or first there.

    Returns
    -------
    ndarray
        (modes,) int64. Frozen operations and transports: 0.
    """
    modes = p.modes[:-1]
    least = np.array(modes["setup"])
    if not least.any() and not len(p.changes):
        return least
    owner = np.repeat(np.arange(p.total), np.diff(p.operations["first_mode"]))
    least[_may_repeat(p, owner) & (modes["family"] != 0)] = 0
    _lower_by_matrix(p, least, owner)
    least[p.operations["flags"][owner] & (FROZEN | CARRIES) != 0] = 0
    return least


def _may_repeat(p: Tables, owner: Ints) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether a mode may stand behind its own family: another's, or the machine's initial one."""
    modes = p.modes[:-1]
    key = modes["machine"] * (int(modes["family"].max(initial=0)) + 1) + modes["family"]
    pairs = np.unique(np.stack((key, owner)), axis=1)[0]
    keys, counts = np.unique(pairs, return_counts=True)
    shared = counts[np.searchsorted(keys, key)] > 1
    return np.asarray(shared | (p.resources["family"][modes["machine"]] == modes["family"]))


def _lower_by_matrix(p: Tables, least: Ints, owner: Ints) -> None:
    """Where a matrix knows a mode's family: the least of its column, its own row only where it may repeat."""
    repeats = _may_repeat(p, owner)
    modes = p.modes[:-1]
    for machine in np.flatnonzero(p.resources["width"] > 0).tolist():
        here = np.flatnonzero((modes["machine"] == machine) & (modes["slot_in_matrix"] != NONE))
        width, first = int(p.resources["width"][machine]), int(p.resources["first_change"][machine])
        matrix = p.changes[first : first + width * width].reshape(width, width)
        stated = np.where(matrix == NONE, FOREVER, matrix)
        slots = modes["slot_in_matrix"][here]
        diagonal = stated[slots, slots]
        off = stated.copy()
        np.fill_diagonal(off, FOREVER)
        own = np.where(repeats[here], np.where(diagonal < FOREVER, diagonal, 0), FOREVER)
        complete = bool((off[~np.eye(width, dtype=bool)] < FOREVER).all()) and _all_known(p, machine)
        rest = FOREVER if complete else modes["setup"][here]
        least[here] = np.minimum(np.minimum(off.min(axis=0)[slots], own), rest)


def _all_known(p: Tables, machine: int) -> bool:
    """Whether a machine's matrix knows every state it can be in."""
    modes = p.modes[:-1]
    return bool(
        p.resources["slot_in_matrix"][machine] != NONE
        and (modes["slot_in_matrix"][modes["machine"] == machine] != NONE).all()
    )


@lean
def _least_travel(p: Tables, before: int, after: int) -> int:
    """Least travel time between the machines of two operations."""
    least = FOREVER
    for a in range(p.operations[before].first_mode, p.operations[before + 1].first_mode):
        for b in range(p.operations[after].first_mode, p.operations[after + 1].first_mode):
            least = min(least, p.travel[location_of(p, a), location_of(p, b)])
    return int(least)


@lean
def _least_trip(p: Tables, o: int) -> int:
    """Least duration of a transport: none where both its ends may be at the same place."""
    one, after = p.operations[o], p.operations[o + 1]
    least_extra = FOREVER
    for mode in range(one.first_mode, after.first_mode):
        least_extra = min(least_extra, p.modes[mode].duration)
    if one.first_before == after.first_before or one.first_after == after.first_after:
        return 0
    before, behind = p.befores[one.first_before].operation, p.afters[one.first_after].operation
    least = FOREVER
    for a in range(p.operations[before].first_mode, p.operations[before + 1].first_mode):
        for b in range(p.operations[behind].first_mode, p.operations[behind + 1].first_mode):
            if location_of(p, a) == location_of(p, b):
                return 0
            least = min(least, p.travel[location_of(p, a), location_of(p, b)])
    return int(least + least_extra)


@lean
def _fill_needs(p: Tables, setup: Ints, need: Ints) -> None:
    for o in range(p.total):
        flags = p.operations[o].flags
        if flags & CARRIES:
            need[o] = _least_trip(p, o)
            continue
        least = FOREVER
        for mode in range(p.operations[o].first_mode, p.operations[o + 1].first_mode):
            extra = 0 if flags & EARLY_SETUP else setup[mode]
            least = min(least, p.modes[mode].duration + extra)
        need[o] = least


@lean
def _earliest(p: Tables, setup: Ints, o: int, ready: int) -> tuple[int, int]:
    """Earliest start and end over the modes of an operation that is ready at a time."""
    flags = p.operations[o].flags
    start, end = FOREVER, FOREVER
    for mode in range(p.operations[o].first_mode, p.operations[o + 1].first_mode):
        calendar, needed, t = p.modes[mode].calendar, p.modes[mode].duration, ready
        if flags & EARLY_SETUP:
            if setup[mode] > 0:
                t = max(t, span(p, calendar, True, 0, setup[mode])[1])
        else:
            needed += setup[mode]
        a, b = span(p, calendar, flags & PAUSABLE != 0, t, needed)
        if b != NONE:
            start, end = min(start, a), min(end, b)
    return start, end


@lean
def _fill_times(p: Tables, h: Heads) -> None:
    for i in range(p.total):
        o = h.order[i]
        flags, ready = p.operations[o].flags, p.operations[o].release
        for j in range(p.operations[o].first_before, p.operations[o + 1].first_before):
            arc = p.befores[j]
            t = h.end[arc.operation] + arc.lag
            if arc.moves:
                t += _least_travel(p, arc.operation, o)
            ready = max(ready, t)
        start, end = ready, ready + h.need[o]
        if not flags & (CARRIES | FROZEN):
            a, b = _earliest(p, h.setup, o, ready)
            if b < FOREVER:
                start, end = a, b
        h.start[o], h.end[o] = start, end


@lean
def _fill_tails(p: Tables, h: Heads) -> None:
    for i in range(p.total - 1, -1, -1):
        o = h.order[i]
        tail = 0
        for j in range(p.operations[o].first_after, p.operations[o + 1].first_after):
            arc = p.afters[j]
            t = arc.lag + h.need[arc.operation] + h.tail[arc.operation]
            if arc.moves:
                t += _least_travel(p, o, arc.operation)
            tail = max(tail, t)
        h.tail[o] = tail


def heads_of(p: Tables) -> Heads:
    """Earliest times and least work of all operations, each in its best mode with its least set-up."""
    columns = [np.zeros(p.total, dtype=np.int64) for _ in range(4)]
    heads = Heads(topological_order(p), least_setups(p), *columns)
    _fill_needs(p, heads.setup, heads.need)
    _fill_times(p, heads)
    _fill_tails(p, heads)
    return heads
