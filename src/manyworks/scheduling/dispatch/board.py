"""Compiled: the schedule being built, and where in it a mode of an operation fits.

The operations that hold a resource form a list in order of time, one *node* (see ``Tables``) each, so that
an operation may also be put into a gap between two others.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from manyworks.scheduling.engine.compiling import inlined, lean
from manyworks.scheduling.engine.state import topological_order
from manyworks.scheduling.engine.timing import location_of, setup_between, span
from manyworks.scheduling.problem.tables import (
    CARRIES,
    EARLY_SETUP,
    FROZEN,
    NONE,
    PAUSABLE,
    Ints,
    Records,
    Tables,
)

JOB = np.dtype(
    [(name, np.int64) for name in ("start", "end", "setup", "mode", "ready", "waiting", "wanted", "rank")]
)
NODE = np.dtype([("ahead", np.int64), ("behind", np.int64)])
ENDS = np.dtype([("head", np.int64), ("tail", np.int64)])
TICKET = np.dtype([("first", np.float64), ("second", np.float64), ("operation", np.int64)])


class Board(NamedTuple):
    """A schedule being built; every table is overwritten by each attempt.

    Parameters
    ----------
    jobs
        `JOB` by operation: what is placed (``mode`` `NONE`: not placed), the earliest time known to be
        ready, how many it still ``waiting`` for, and the mode it is bound to (``wanted``, `NONE`: free).
        ``rank`` is its place in an order that respects links.
    nodes, ends
        Lists of the resources: `NODE` by node, `ENDS` by resource.
    queue
        Operations that may be placed, a heap of `TICKET`.
    cursor, chosen
        Node ahead of the gap that is tried, and of the best one, by slot.
    filled
        Tickets in the queue, (1,).
    """

    jobs: Records
    nodes: Records
    ends: Records
    queue: Records
    cursor: Ints
    chosen: Ints
    filled: Ints


def empty_board(problem: Tables) -> Board:
    """Make room for a schedule of a problem."""
    jobs = np.zeros(problem.total, dtype=JOB)
    jobs["rank"][topological_order(problem)] = np.arange(problem.total)
    return Board(
        jobs=jobs,
        nodes=np.zeros(problem.total << problem.shift, dtype=NODE),
        ends=np.zeros(len(problem.resources), dtype=ENDS),
        queue=np.zeros(problem.total, dtype=TICKET),
        cursor=np.full(problem.slots, NONE, dtype=np.int64),
        chosen=np.full(problem.slots, NONE, dtype=np.int64),
        filled=np.zeros(1, dtype=np.int64),
    )


@inlined
def place_of(p: Tables, board: Board, o: int) -> int:
    """Where the machine of a placed or bound operation stands."""
    return location_of(p, board.jobs[o].wanted)


@inlined
def origin(p: Tables, board: Board, o: int) -> int:
    """Where a transport picks up."""
    arc = p.operations[o].first_before
    if arc == p.operations[o + 1].first_before:
        return 0
    return place_of(p, board, p.befores[arc].operation)


@inlined
def destination(p: Tables, board: Board, o: int) -> int:
    """Where a transport goes; the mode of what waits for it must be bound."""
    arc = p.operations[o].first_after
    if arc == p.operations[o + 1].first_after or not p.operations[o].flags & CARRIES:
        return 0
    return place_of(p, board, p.afters[arc].operation)


@inlined
def stays(p: Tables, board: Board, o: int) -> bool:
    """Whether an operation is a transport that goes nowhere: it holds no vehicle."""
    return bool(p.operations[o].flags & CARRIES and origin(p, board, o) == destination(p, board, o))


@inlined
def run_time(p: Tables, board: Board, o: int, mode: int) -> int:
    """Working time of a mode without set-up."""
    run = p.modes[mode].duration
    if p.operations[o].flags & CARRIES:
        run += p.travel[origin(p, board, o), destination(p, board, o)]
    return int(run)


@inlined
def _setup_after(p: Tables, board: Board, o: int, mode: int, ahead: int) -> int:
    """Set-up of a mode of ``o`` behind operation ``ahead`` on its machine (`NONE`: it is the first)."""
    if p.operations[o].flags & CARRIES:
        left = location_of(p, mode) if ahead == NONE else destination(p, board, ahead)
        return int(p.travel[left, origin(p, board, o)])
    return setup_between(p, NONE if ahead == NONE else board.jobs[ahead].mode, mode)


@inlined
def _prepared(p: Tables, board: Board, mode: int, ahead: int, setup: int) -> int:
    """When an early set-up after operation ``ahead`` is done; `NONE`: calendars end first."""
    free = 0 if ahead == NONE else board.jobs[ahead].end
    if setup == 0:
        return int(free)
    return span(p, p.modes[mode].calendar, True, free, setup)[1]


@inlined
def is_early(p: Tables, o: int) -> bool:
    """Whether the set-up of an operation only needs its machine and may be done before it is ready."""
    return bool(p.operations[o].flags & (EARLY_SETUP | CARRIES))


@lean
def setup_behind(p: Tables, board: Board, o: int, mode: int, end: int, follower: int) -> int:
    """Set-up of a placed operation if a mode of ``o`` ends ahead of it at ``end``; `NONE`: it does not go."""
    placed = board.jobs[follower]
    if p.operations[follower].flags & FROZEN:
        return 0
    if p.operations[follower].flags & CARRIES:
        setup = p.travel[destination(p, board, o), origin(p, board, follower)]
    else:
        setup = setup_between(p, mode, placed.mode)
    if not is_early(p, follower):
        return int(setup) if setup == placed.setup else NONE
    done = end
    if setup > 0:
        done = span(p, p.modes[placed.mode].calendar, True, end, setup)[1]
    return int(setup) if done != NONE and done <= placed.start else NONE


@inlined
def _is_behind(p: Tables, board: Board, node: int, t: int) -> bool:
    """Whether a node belongs behind one that starts at ``t``; what takes no time then goes ahead of it."""
    job = board.jobs[node >> p.shift]
    return bool(job.start > t or (job.start == t and job.end > t))


@inlined
def _may_wait(p: Tables, board: Board, node: int, o: int, t: int) -> bool:
    """Whether a node is something frozen without length at ``t`` that may have to wait for an operation."""
    other = node >> p.shift
    job = board.jobs[other]
    frozen = p.operations[other].flags & FROZEN != 0
    return bool(frozen and job.start == t and job.end == t and job.rank > board.jobs[o].rank)


@lean
def _seek(p: Tables, board: Board, resource: int, o: int, t: int) -> int:
    """Find the last node of the resource that belongs ahead of an operation that starts at ``t``.

    What takes no time at ``t`` was placed before, so that it does not wait for the operation, unless it is
    frozen.
    """
    node = board.ends[resource].tail
    while node != NONE and _is_behind(p, board, node, t):
        node = board.nodes[node].ahead
    last = node
    while node != NONE and board.jobs[node >> p.shift].start == t:
        if _may_wait(p, board, node, o, t):
            last = board.nodes[node].ahead
        node = board.nodes[node].ahead
    return int(last)


@inlined
def next_node(board: Board, resource: int, node: int) -> int:
    """Node behind another, or the first of the resource."""
    return int(board.ends[resource].head if node == NONE else board.nodes[node].behind)


@inlined
def _operation(p: Tables, node: int) -> int:
    return NONE if node == NONE else node >> p.shift


@lean
def _conflict(p: Tables, board: Board, o: int, mode: int, start: int, end: int) -> int:
    """Earliest time to try next when ``[start, end)`` is taken; `NONE` when it is free.

    The cursors stand on the nodes ahead of the gap that is tried and move on past a conflict.
    """
    first = p.modes[mode].first_hold
    for slot in range(p.modes[mode + 1].first_hold - first):
        node = board.cursor[slot]
        if node != NONE and board.jobs[node >> p.shift].end > start:
            return int(board.jobs[node >> p.shift].end)
        behind = next_node(board, p.holds[first + slot], node)
        if behind == NONE:
            continue
        follower = behind >> p.shift
        late = board.jobs[follower].start < end
        if late or (slot == 0 and setup_behind(p, board, o, mode, end, follower) == NONE):
            board.cursor[slot] = behind
            return int(max(start, board.jobs[follower].end))
    return NONE


@lean
def _attempt(p: Tables, board: Board, o: int, mode: int, t: int, run: int) -> tuple[int, int, int]:
    """Start from ``t`` on, end and set-up of a mode behind the machine's cursor, whatever comes after it."""
    ahead = _operation(p, board.cursor[0])
    setup = _setup_after(p, board, o, mode, ahead)
    pausable = p.operations[o].flags & PAUSABLE != 0
    needed = setup + run
    if is_early(p, o):
        done = _prepared(p, board, mode, ahead, setup)
        if done == NONE:
            return NONE, NONE, NONE
        t, needed = max(t, done), run
    start, end = span(p, p.modes[mode].calendar, pausable, t, needed)
    return start, end, setup


@lean
def fit(p: Tables, board: Board, o: int, mode: int, ready: int) -> tuple[int, int, int]:
    """Earliest start, end and set-up of a mode among what is placed; `NONE` if its calendar ends first."""
    first = p.modes[mode].first_hold
    for slot in range(p.modes[mode + 1].first_hold - first):
        board.cursor[slot] = _seek(p, board, p.holds[first + slot], o, ready)
    run = run_time(p, board, o, mode)
    t = ready
    while True:
        start, end, setup = _attempt(p, board, o, mode, t, run)
        if end == NONE:
            return NONE, NONE, NONE
        t = _conflict(p, board, o, mode, start, end)
        if t == NONE:
            return start, end, setup


@lean
def ready_for(p: Tables, board: Board, o: int, mode: int) -> int:
    """Earliest start of a mode by release and precedence, as far as the operations before are placed."""
    t = p.operations[o].release
    place = location_of(p, mode)
    for arc in range(p.operations[o].first_before, p.operations[o + 1].first_before):
        before = p.befores[arc].operation
        if board.jobs[before].mode == NONE:
            continue
        distance = p.travel[place_of(p, board, before), place] if p.befores[arc].moves else 0
        t = max(t, board.jobs[before].end + p.befores[arc].lag + distance)
    return int(t)


@inlined
def _insert(board: Board, resource: int, ahead: int, node: int) -> None:
    behind = next_node(board, resource, ahead)
    board.nodes[node].ahead, board.nodes[node].behind = ahead, behind
    if ahead == NONE:
        board.ends[resource].head = node
    else:
        board.nodes[ahead].behind = node
    if behind == NONE:
        board.ends[resource].tail = node
    else:
        board.nodes[behind].ahead = node


@lean
def commit(p: Tables, board: Board, o: int, mode: int) -> None:
    """Put an operation whose times are set behind the chosen nodes; a transport to where it is needs none."""
    board.jobs[o].mode = board.jobs[o].wanted = mode
    if stays(p, board, o):
        return
    first = p.modes[mode].first_hold
    behind = next_node(board, p.holds[first], board.chosen[0])
    if behind != NONE:
        follower = behind >> p.shift
        board.jobs[follower].setup = setup_behind(p, board, o, mode, board.jobs[o].end, follower)
    for slot in range(p.modes[mode + 1].first_hold - first):
        _insert(board, p.holds[first + slot], board.chosen[slot], (o << p.shift) + slot)
