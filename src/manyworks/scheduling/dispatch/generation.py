"""Compiled: place operation after operation, serial or parallel, in steps of a bounded number."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from manyworks.scheduling.dispatch.board import Board, commit, fit, ready_for, run_time, stays
from manyworks.scheduling.dispatch.outlook import Outlook
from manyworks.scheduling.dispatch.rules import GIVEN, key_of
from manyworks.scheduling.engine.compiling import inlined, lean
from manyworks.scheduling.engine.sweep import cost_of
from manyworks.scheduling.problem.tables import CARRIES, FROZEN, MAKESPAN, NONE, Floats, Ints, Records, Tables


class Guide(NamedTuple):
    """How one attempt chooses: a rule, or keys of its own, shaken by noise.

    Parameters
    ----------
    rule, scales, parallel
        See `rules.Rule`.
    keys
        Of operations, for the rule `GIVEN`.
    noise
        Relative, of operations.
    bias
        Added to a mode's end when modes are compared.
    wanted
        Modes to be taken, `NONE` where free.
    """

    rule: int
    scales: tuple[float, float]
    parallel: bool
    keys: Floats
    noise: Floats
    bias: Ints
    wanted: Ints


@inlined
def _ahead(queue: Records, a: int, b: int) -> bool:
    """Whether ticket ``a`` comes before ``b``; equals in the order of operations."""
    if queue[a].first != queue[b].first:
        return bool(queue[a].first < queue[b].first)
    if queue[a].second != queue[b].second:
        return bool(queue[a].second < queue[b].second)
    return bool(queue[a].operation < queue[b].operation)


@inlined
def _swap(queue: Records, a: int, b: int) -> None:
    first, second, operation = queue[a].first, queue[a].second, queue[a].operation
    queue[a].first, queue[a].second, queue[a].operation = queue[b].first, queue[b].second, queue[b].operation
    queue[b].first, queue[b].second, queue[b].operation = first, second, operation


@lean
def _push(board: Board, first: float, second: float, o: int) -> None:
    queue, at = board.queue, board.filled[0]
    queue[at].first, queue[at].second, queue[at].operation = first, second, o
    board.filled[0] += 1
    while at > 0 and _ahead(queue, at, (at - 1) // 2):
        _swap(queue, at, (at - 1) // 2)
        at = (at - 1) // 2


@lean
def _pop(board: Board) -> tuple[float, int]:
    """Take out the first ticket: its first number and its operation."""
    queue = board.queue
    first, o = queue[0].first, queue[0].operation
    board.filled[0] -= 1
    size = board.filled[0]
    _swap(queue, 0, size)
    at = 0
    while 2 * at + 1 < size:
        child = 2 * at + 1
        if child + 1 < size and _ahead(queue, child + 1, child):
            child += 1
        if not _ahead(queue, child, at):
            break
        _swap(queue, child, at)
        at = child
    return first, o


@lean
def _enter(look: Outlook, guide: Guide, board: Board, o: int, now: int, setup: int) -> None:
    """Put an operation into the queue; in a parallel attempt time goes before the rule.

    What something frozen waits for goes before all else.
    """
    key = guide.keys[o] if guide.rule == GIVEN else key_of(look, guide.rule, guide.scales, o, now, setup)
    key *= 1.0 + guide.noise[o]
    if look.ranks[o].urgent:
        _push(board, -np.inf, key, o)
    elif guide.parallel:
        _push(board, float(now), key, o)
    else:
        _push(board, key, float(now), o)


@lean
def _clear(p: Tables, board: Board, guide: Guide) -> None:
    for o in range(p.total):
        job = board.jobs[o]
        job.start, job.end, job.setup, job.mode = NONE, NONE, 0, NONE
        job.wanted = guide.wanted[o]
        job.ready = p.operations[o].release
        job.waiting = p.operations[o + 1].first_before - p.operations[o].first_before
    for resource in range(len(board.ends)):
        board.ends[resource].head, board.ends[resource].tail = NONE, NONE
    board.filled[0] = 0


@inlined
def _bind_followers(p: Tables, board: Board, o: int) -> None:
    """Let a transport that is under way know where it goes: to the first mode of what is still free."""
    for arc in range(p.operations[o].first_after, p.operations[o + 1].first_after):
        follower = p.afters[arc].operation
        if board.jobs[follower].wanted == NONE:
            board.jobs[follower].wanted = p.operations[follower].first_mode


@lean
def _place_frozen(p: Tables, look: Outlook, guide: Guide, board: Board) -> None:
    """Place what may not move before all else, each behind what is frozen earlier."""
    for o in look.frozen:
        board.jobs[o].wanted = p.operations[o].first_mode
        if p.operations[o].flags & CARRIES:
            _bind_followers(p, board, o)
    for o in look.frozen:
        mode, job = p.operations[o].first_mode, board.jobs[o]
        job.start, job.setup = p.operations[o].release, 0
        job.end = job.start + run_time(p, board, o, mode)
        first = p.modes[mode].first_hold
        for slot in range(p.modes[mode + 1].first_hold - first):
            board.chosen[slot] = board.ends[p.holds[first + slot]].tail
        commit(p, board, o, mode)
    for o in look.frozen:
        _release_followers(p, look, guide, board, o)


@lean
def _release_followers(p: Tables, look: Outlook, guide: Guide, board: Board, o: int) -> None:
    for arc in range(p.operations[o].first_after, p.operations[o + 1].first_after):
        follower = p.afters[arc].operation
        job = board.jobs[follower]
        job.ready = max(job.ready, board.jobs[o].end + p.afters[arc].lag)
        job.waiting -= 1
        if job.waiting == 0 and job.mode == NONE:
            _enter(look, guide, board, follower, job.ready, job.setup)


@lean
def begin(p: Tables, look: Outlook, guide: Guide, board: Board) -> None:
    """Clear the board, place what is frozen, and queue what waits for nothing."""
    _clear(p, board, guide)
    for o in range(p.total):
        if board.jobs[o].waiting == 0 and not p.operations[o].flags & FROZEN:
            _enter(look, guide, board, o, board.jobs[o].ready, board.jobs[o].setup)
    _place_frozen(p, look, guide, board)


@inlined
def _modes_of(p: Tables, board: Board, o: int) -> tuple[int, int]:
    """First mode an operation may take, and the one behind the last."""
    wanted = board.jobs[o].wanted
    if wanted != NONE:
        return wanted, wanted + 1
    return p.operations[o].first_mode, p.operations[o + 1].first_mode


@lean
def _choose(p: Tables, board: Board, guide: Guide, o: int) -> tuple[int, int, int, int]:
    """Mode with the earliest end (then the least time held, then the first), its start, end, set-up."""
    best, best_start, best_end, best_setup = NONE, NONE, NONE, NONE
    best_key, best_held = 0, 0
    first, last = _modes_of(p, board, o)
    for mode in range(first, last):
        start, end, setup = fit(p, board, o, mode, ready_for(p, board, o, mode))
        key, held = end + guide.bias[mode], setup + p.modes[mode].duration
        if end == NONE or (best != NONE and (key, held) >= (best_key, best_held)):
            continue
        best, best_start, best_end, best_setup = mode, start, end, setup
        best_key, best_held = key, held
        for slot in range(len(board.cursor)):
            board.chosen[slot] = board.cursor[slot]
    return best, best_start, best_end, best_setup


@inlined
def _end_after(p: Tables, board: Board, follower: int, mode: int, ready: int) -> int:
    """When an operation would end in a mode once its transport arrives; the cursors of the trip are lost."""
    if p.operations[follower].flags & (CARRIES | FROZEN):
        return int(ready + p.modes[mode].duration)
    return fit(p, board, follower, mode, ready)[1]


@lean
def _best_trip(p: Tables, board: Board, guide: Guide, o: int) -> tuple[int, int, int, int]:
    """Vehicle, start, end and set-up of a transport whose destination is bound."""
    if stays(p, board, o):
        mode = _modes_of(p, board, o)[0]
        ready = ready_for(p, board, o, mode)
        return mode, ready, ready, 0
    return _choose(p, board, guide, o)


@lean
def _choose_trip(p: Tables, board: Board, guide: Guide, o: int) -> tuple[int, int, int, int]:
    """Vehicle of a transport together with the mode of what waits for it: where the latter ends first.

    Binds the mode of the operation that waits, so that where the trip goes is known.
    """
    arc = p.operations[o].first_after
    if arc == p.operations[o + 1].first_after:
        return _best_trip(p, board, guide, o)
    follower = p.afters[arc].operation
    first, last = _modes_of(p, board, follower)
    if last - first == 1:
        board.jobs[follower].wanted = first
        return _best_trip(p, board, guide, o)
    best, best_end = NONE, 0
    for mode in range(first, last):
        board.jobs[follower].wanted = mode
        vehicle, _, arrival, _ = _best_trip(p, board, guide, o)
        ready = max(board.jobs[follower].ready, arrival + p.afters[arc].lag)
        end = _end_after(p, board, follower, mode, ready)
        found = NONE not in (vehicle, end)
        if found and (best == NONE or end + guide.bias[mode] < best_end):
            best, best_end = mode, end + guide.bias[mode]
    if best == NONE:
        return NONE, NONE, NONE, NONE
    board.jobs[follower].wanted = best
    return _best_trip(p, board, guide, o)


@lean
def place(p: Tables, look: Outlook, guide: Guide, board: Board, steps: int) -> bool:
    """Go on placing for a number of steps; whether there is more to do.

    What does not fit its calendars stays out, with all that waits for it. In a parallel attempt a ticket
    holds the earliest start known so far; it goes back into the queue with the true one until nothing else
    can start earlier (a non-delay schedule).
    """
    while steps > 0 and board.filled[0] > 0:
        steps -= 1
        known, o = _pop(board)
        if p.operations[o].flags & CARRIES:
            mode, start, end, setup = _choose_trip(p, board, guide, o)
        else:
            mode, start, end, setup = _choose(p, board, guide, o)
        if mode == NONE:
            continue
        if guide.parallel and start > known and not look.ranks[o].urgent:
            _enter(look, guide, board, o, start, setup)
            continue
        board.jobs[o].start, board.jobs[o].end, board.jobs[o].setup = start, end, setup
        commit(p, board, o, mode)
        _release_followers(p, look, guide, board, o)
    return bool(board.filled[0] > 0)


@lean
def score(p: Tables, board: Board) -> tuple[int, float]:
    """Operations left out, and the price of all goals of what is placed; smaller is better."""
    missing, cost, last = 0, 0.0, 0
    for o in range(p.total):
        if board.jobs[o].mode == NONE:
            missing += 1
        else:
            cost += cost_of(p, board, o)  # type: ignore[arg-type]  # prices the jobs of either
            last = max(last, board.jobs[o].end)
    return missing, cost + p.price[MAKESPAN] * last
