"""Compiled: the first gap between settled works into which one more work fits, and nothing moves.

Settled works are nodes in one list for each resource, in order of time; a node is a task on one of the
resources it holds (``task << shift | slot``, slot 0 the machine). A work fits where all it holds is free
for its set-up and run within common working time, and where the next work on the machine is still set up
for long enough when it comes after this one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from manyworks.scheduling.engine.compiling import compiled
from manyworks.scheduling.engine.timing import change_over, setup_between, span
from manyworks.scheduling.problem.tables import FOREVER, NONE, PAUSABLE, Ints, Records, Tables

TASK = np.dtype([(name, np.int64) for name in ("start", "end", "mode", "setup", "fixed")])
LINKED = np.dtype([("ahead", np.int64), ("behind", np.int64)])

Place = tuple[int, int, int]


class Gaps(NamedTuple):
    """Settled works by resource.

    Parameters
    ----------
    shift
        See the module.
    settled
        Number of tasks that were there from the beginning; those put in have higher numbers.
    tasks
        `TASK`; ``fixed`` is 1 where the set-up does not depend on what comes before.
    nodes, ends
        Neighbours by node, first and last node by resource; `NONE` where there is none.
    first, listed
        Nodes of each resource that were there from the beginning, in order of time.
    """

    shift: int
    settled: int
    tasks: Records
    nodes: Records
    ends: Records
    first: Ints
    listed: Ints


@compiled
def next_node(x: Gaps, resource: int, t: int) -> int:
    """Find the first node of a resource that ends after ``t``; `NONE` where none does."""
    low, high = x.first[resource], x.first[resource + 1]
    while low < high:
        middle = (low + high) // 2
        if x.tasks[x.listed[middle] >> x.shift].end > t:
            high = middle
        else:
            low = middle + 1
    node = NONE if low == x.first[resource + 1] else x.listed[low]
    ahead = x.ends[resource].behind if node == NONE else x.nodes[node].ahead
    while ahead != NONE and x.tasks[ahead >> x.shift].end > t:
        node, ahead = ahead, x.nodes[ahead].ahead
    return int(node)


@compiled
def _blocked_until(p: Tables, x: Gaps, mode: int, start: int, end: int) -> int:
    """When the workers and tools that are busy at some time from start to end are free; `NONE`: none is."""
    until = NONE
    for hold in range(p.modes[mode].first_hold + 1, p.modes[mode + 1].first_hold):
        node = next_node(x, p.holds[hold], start)
        if node != NONE and x.tasks[node >> x.shift].start < end:
            until = max(until, x.tasks[node >> x.shift].end)
    return int(until)


@compiled
def _fit(p: Tables, x: Gaps, mode: int, pausable: bool, needed: int, low: int, high: int) -> tuple[int, int]:
    """Earliest start and end between two times at which all it holds is free; `NONE` if there is none."""
    t = low
    while True:
        start, end = span(p, p.modes[mode].calendar, pausable, t, needed)
        if end == NONE or end > high:
            return NONE, NONE
        until = _blocked_until(p, x, mode, start, end)
        if until == NONE:
            return start, end
        t = until


@compiled
def _keeps_setup(p: Tables, x: Gaps, mode: int, behind: int) -> bool:
    """Whether what comes behind is set up for long enough after a mode."""
    if behind == NONE:
        return True
    task = x.tasks[behind >> x.shift]
    own = p.modes[mode]
    return bool(task.fixed != 0 or change_over(p, own.family, own.slot_in_matrix, task.mode) <= task.setup)


@compiled
def find_place(p: Tables, x: Gaps, mode: int, pausable: bool, ready: int) -> Place:
    """Earliest start from ``ready`` on, end and set-up of a work in a mode; `NONE` if it never fits.

    The first gap of the machine that has room is also the one in which it ends first.
    """
    machine = p.modes[mode].machine
    behind = next_node(x, machine, ready)
    while True:
        ahead = x.ends[machine].behind if behind == NONE else x.nodes[behind].ahead
        low, before, high = ready, NONE, FOREVER
        if ahead != NONE:
            low, before = max(ready, x.tasks[ahead >> x.shift].end), x.tasks[ahead >> x.shift].mode
        if behind != NONE:
            high = x.tasks[behind >> x.shift].start
        if low <= high and _keeps_setup(p, x, mode, behind):
            setup = setup_between(p, before, mode)
            start, end = _fit(p, x, mode, pausable, setup + p.modes[mode].duration, low, high)
            # Two works that take no time at one moment would have no order.
            if end != NONE and (behind == NONE or x.tasks[behind >> x.shift].end > start):
                return start, end, setup
        if behind == NONE:
            return NONE, NONE, 0
        behind = x.nodes[behind].behind


@compiled
def put_in(p: Tables, x: Gaps, task: int, mode: int, place: Place) -> None:
    """Settle a task at a place that `find_place` found."""
    row = x.tasks[task]
    row.start, row.end, row.setup, row.mode, row.fixed = place[0], place[1], place[2], mode, 0
    first = p.modes[mode].first_hold
    for hold in range(first, p.modes[mode + 1].first_hold):
        resource, node = p.holds[hold], (task << x.shift) | (hold - first)
        behind = next_node(x, resource, place[0])
        ahead = x.ends[resource].behind if behind == NONE else x.nodes[behind].ahead
        _join(x, resource, ahead, node)
        _join(x, resource, node, behind)


@compiled
def _join(x: Gaps, resource: int, ahead: int, behind: int) -> None:
    """Make two nodes neighbours; `NONE` stands for an end of the list."""
    if ahead == NONE:
        x.ends[resource].ahead = behind
    else:
        x.nodes[ahead].behind = behind
    if behind == NONE:
        x.ends[resource].behind = ahead
    else:
        x.nodes[behind].ahead = ahead


@compiled
def take_out(p: Tables, x: Gaps, task: int) -> None:
    """Remove a task that was put in."""
    mode = x.tasks[task].mode
    first = p.modes[mode].first_hold
    for hold in range(first, p.modes[mode + 1].first_hold):
        node = (task << x.shift) | (hold - first)
        _join(x, p.holds[hold], x.nodes[node].ahead, x.nodes[node].behind)


@compiled
def put_in_all(p: Tables, x: Gaps, tasks: Ints) -> int:
    """Settle operations of the problem one after the other, each in the mode in which it ends first.

    Of equal ones the mode that its task has is taken.

    Parameters
    ----------
    p, x
        Problem and settled works; the operations to put in are in no list yet, all others are.
    tasks
        Their numbers, each behind all it waits for.

    Returns
    -------
    int
        How many found room; the first that finds none ends it.
    """
    for count in range(len(tasks)):
        task = tasks[count]
        ready = p.operations[task].release
        for i in range(p.operations[task].first_before, p.operations[task + 1].first_before):
            ready = max(ready, x.tasks[p.befores[i].operation].end + p.befores[i].lag)
        pausable = p.operations[task].flags & PAUSABLE != 0
        soonest = x.tasks[task].mode
        best = find_place(p, x, soonest, pausable, ready)
        for mode in range(p.operations[task].first_mode, p.operations[task + 1].first_mode):
            place = find_place(p, x, mode, pausable, ready)
            if place[1] != NONE and (best[1] == NONE or place[1] < best[1]):
                best, soonest = place, mode
        if best[1] == NONE:
            return count
        put_in(p, x, task, soonest, best)
    return len(tasks)
