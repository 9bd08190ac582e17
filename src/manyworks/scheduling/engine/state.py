"""Compiled: a solution as lists of operations on each resource, in an order that respects all of them.

A *node* is an operation on one of the resources its mode holds (``operation << shift | slot``). The
nodes of a resource form a list in order of time. ``order`` is a topological order of the graph of
links and lists together, so that timing is one pass along it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from manyworks.scheduling.engine.compiling import compiled, inlined
from manyworks.scheduling.engine.moments import settle_moments
from manyworks.scheduling.problem.data import Solution
from manyworks.scheduling.problem.tables import NONE, Floats, Ints, Records, Tables

BEYOND = 2**55
"""End of an operation that no calendar has room for; far from overflow when durations are added."""

JOB = np.dtype([(name, np.int64) for name in ("start", "end", "free", "setup", "mode", "where")])
LOGGED = np.dtype([("operation", np.int64), *((name, np.int64) for name in JOB.names or ())])
NODE = np.dtype([("ahead", np.int64), ("behind", np.int64)])
ENDS = np.dtype([("head", np.int64), ("tail", np.int64)])

JOBS_LOGGED, MOVES_LOGGED, ORDER_LOGGED, LATEST_LOST = range(4)
SUM, LATEST, SUM_BEFORE, LATEST_BEFORE, GIVE_UP = range(5)
MOST_MOVES = 32
"""Moves that can be taken back together."""
V, OLD_MODE, LOW, HIGH, OFFSET, AHEADS = range(6)
"""Columns of ``log_moves``; the nodes that stood ahead follow from ``AHEADS`` on."""


class State(NamedTuple):
    """A timed solution, and what it takes to go back to the last commit.

    Parameters
    ----------
    jobs
        By operation: ``start``, ``end``, ``setup`` as in `Solution`; ``free``, when its resources are free
        again (its end, but for transports that need not run); ``mode``; ``where`` its machine is afterwards.
    nodes, ends
        Neighbours on a resource by node, first and last node by resource; `NONE` where there is none.
    order, position
        Topological order of operations, and the place of each in it.
    dirty
        By position: whether the operation there must be timed anew.
    counts
        Rows logged; whether the operation that ended last ends earlier now, so that the makespan is unknown.
    costs
        Summed cost without makespan, makespan, and both at the last commit; the sum above which timing
        is given up half way, so that nothing but `moves.undo` may follow.
    """

    jobs: Records
    nodes: Records
    ends: Records
    order: Ints
    position: Ints
    dirty: Ints
    marks: Ints
    scratch: Ints
    log_jobs: Records
    log_moves: Ints
    log_order: Ints
    counts: Ints
    costs: Floats


def empty_state(p: Tables) -> State:
    """Make room for a solution of a problem."""
    log = 4 * p.total + 64
    return State(
        jobs=np.zeros(p.total, dtype=JOB),
        nodes=np.zeros(p.total << p.shift, dtype=NODE),
        ends=np.zeros(len(p.resources), dtype=ENDS),
        order=np.zeros(p.total, dtype=np.int64),
        position=np.zeros(p.total, dtype=np.int64),
        dirty=np.zeros(p.total, dtype=np.int64),
        marks=np.zeros(p.total, dtype=np.int64),
        scratch=np.zeros(p.total, dtype=np.int64),
        log_jobs=np.zeros(log, dtype=LOGGED),
        log_moves=np.zeros((MOST_MOVES, AHEADS + p.slots), dtype=np.int64),
        log_order=np.zeros(log, dtype=np.int64),
        counts=np.zeros(4, dtype=np.int64),
        costs=np.array([0.0, 0.0, 0.0, 0.0, np.inf]),
    )


@compiled
def topological_order(p: Tables) -> Ints:
    """Operations in an order that respects all links (Kahn 1962)."""
    waiting = np.empty(p.total, dtype=np.int64)
    order = np.empty(p.total, dtype=np.int64)
    filled = 0
    for o in range(p.total):
        waiting[o] = p.operations[o + 1].first_before - p.operations[o].first_before
        if waiting[o] == 0:
            order[filled] = o
            filled += 1
    for i in range(p.total):
        o = order[i]
        for arc in range(p.operations[o].first_after, p.operations[o + 1].first_after):
            after = p.afters[arc].operation
            waiting[after] -= 1
            if waiting[after] == 0:
                order[filled] = after
                filled += 1
    return order


@compiled
def _links_first(p: Tables, wanted: Ints) -> Ints:
    """Keep to a wanted order, but put all that an operation waits for ahead of it."""
    order = np.empty(p.total, dtype=np.int64)
    stack = np.empty(p.total, dtype=np.int64)
    placed = np.zeros(p.total, dtype=np.bool_)
    filled = 0
    for i in range(p.total):
        depth = 0
        stack[0] = wanted[i]
        while depth >= 0:
            o = stack[depth]
            depth -= 1
            if placed[o]:
                continue
            for arc in range(p.operations[o].first_before, p.operations[o + 1].first_before):
                if not placed[p.befores[arc].operation]:
                    stack[depth + 2] = p.befores[arc].operation
                    depth += 2
                    break
            else:
                placed[o] = True
                order[filled] = o
                filled += 1
    return order


def order_of(p: Tables, solution: Solution) -> Ints:
    """Order operations by the times of a solution so that links are respected, and all lists of a valid one.

    Of operations without length at one moment, those on one machine come in an order for which the
    set-ups that the solution states are enough.

    Returns
    -------
    ndarray
        (operations,), a permutation.
    """
    order = _links_first(p, np.lexsort((solution.end, solution.start)).astype(np.int64))
    settled = settle_moments(p, solution, order)
    return order if settled is order else _links_first(p, settled)


@inlined
def hold_count(p: Tables, mode: int) -> int:
    """How many resources a mode holds."""
    return int(p.modes[mode + 1].first_hold - p.modes[mode].first_hold)


@inlined
def detach(p: Tables, s: State, v: int) -> None:
    """Take an operation out of the lists of all it holds."""
    mode = s.jobs[v].mode
    first = p.modes[mode].first_hold
    for slot in range(hold_count(p, mode)):
        node = (v << p.shift) | slot
        ahead, behind = s.nodes[node].ahead, s.nodes[node].behind
        if ahead == NONE:
            s.ends[p.holds[first + slot]].head = behind
        else:
            s.nodes[ahead].behind = behind
        if behind == NONE:
            s.ends[p.holds[first + slot]].tail = ahead
        else:
            s.nodes[behind].ahead = ahead


@inlined
def attach(p: Tables, s: State, resource: int, ahead: int, node: int) -> None:
    """Put a node into a resource's list behind node ``ahead`` (`NONE`: at its head)."""
    behind = s.ends[resource].head if ahead == NONE else s.nodes[ahead].behind
    s.nodes[node].ahead = ahead
    s.nodes[node].behind = behind
    if ahead == NONE:
        s.ends[resource].head = node
    else:
        s.nodes[ahead].behind = node
    if behind == NONE:
        s.ends[resource].tail = node
    else:
        s.nodes[behind].ahead = node


@inlined
def behind_of(s: State, resource: int, node: int) -> int:
    """Find the node behind ``node`` in a resource's list, where `NONE` stands ahead of all."""
    return int(s.ends[resource].head if node == NONE else s.nodes[node].behind)
