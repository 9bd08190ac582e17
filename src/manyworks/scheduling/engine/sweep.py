"""Compiled: the exact evaluator. Earliest times of all that changed, and the cost of the whole."""

from __future__ import annotations

import numpy as np

from manyworks.scheduling.engine.compiling import inlined, lean
from manyworks.scheduling.engine.state import (
    BEYOND,
    GIVE_UP,
    JOBS_LOGGED,
    LATEST,
    LATEST_BEFORE,
    LATEST_LOST,
    MOVES_LOGGED,
    ORDER_LOGGED,
    SUM,
    SUM_BEFORE,
    State,
    attach,
    empty_state,
    hold_count,
    order_of,
)
from manyworks.scheduling.engine.timing import location_of, setup_between, span
from manyworks.scheduling.problem.data import Solution
from manyworks.scheduling.problem.tables import (
    CARRIES,
    DEADLINE,
    EARLY_SETUP,
    FLOW,
    FOREVER,
    FROZEN,
    MAKESPAN,
    MOVED,
    NONE,
    PAUSABLE,
    SETUP,
    SHIFT,
    TARDINESS,
    Floats,
    Ints,
    Tables,
)

NO_ROOM = 1e6
"""Cost of an operation that no calendar has room for, in seconds beyond a deadline."""

Timing = tuple[int, int, int, int, int]


@inlined
def ready_time(p: Tables, s: State, o: int) -> int:
    """Earliest start of an operation by its release and all before it."""
    ready = p.operations[o].release
    for i in range(p.operations[o].first_before, p.operations[o + 1].first_before):
        arc = p.befores[i]
        t = s.jobs[arc.operation].end + arc.lag
        if arc.moves != 0:
            t += p.travel[location_of(p, s.jobs[arc.operation].mode), location_of(p, s.jobs[o].mode)]
        ready = max(ready, t)
    return int(ready)


@inlined
def _others_free(p: Tables, s: State, o: int) -> int:
    """When the workers and tools of an operation are free of the ones ahead of it."""
    t = 0
    for slot in range(1, hold_count(p, s.jobs[o].mode)):
        ahead = s.nodes[(o << p.shift) | slot].ahead
        if ahead != NONE:
            t = max(t, s.jobs[ahead >> p.shift].free)
    return int(t)


@inlined
def _time_transport(p: Tables, s: State, o: int, ready: int) -> Timing:
    """Times of an operation that carries: an empty trip to where the goods are, then the loaded one."""
    operation, mode = p.operations[o], s.jobs[o].mode
    origin, goal = 0, 0
    if p.operations[o + 1].first_before > operation.first_before:
        origin = location_of(p, s.jobs[p.befores[operation.first_before].operation].mode)
    if p.operations[o + 1].first_after > operation.first_after:
        goal = location_of(p, s.jobs[p.afters[operation.first_after].operation].mode)
    ahead = s.nodes[o << p.shift].ahead
    free, where = 0, location_of(p, mode)
    if ahead != NONE:
        free, where = s.jobs[ahead >> p.shift].free, s.jobs[ahead >> p.shift].where
    if origin == goal:
        return ready, ready, free, 0, where
    empty = p.travel[where, origin]
    start = max(ready, free + empty)
    end = start + p.travel[origin, goal] + p.modes[mode].duration
    return start, end, end, empty, goal


@inlined
def time_operation(p: Tables, s: State, o: int) -> Timing:
    """Start, end, time its resources are free, set-up, and where its machine is, by all ahead of it."""
    flags = p.operations[o].flags
    ready = ready_time(p, s, o)
    if flags & CARRIES:
        return _time_transport(p, s, o, ready)
    mode = s.jobs[o].mode
    ahead = s.nodes[o << p.shift].ahead
    before, free = NONE, 0
    if ahead != NONE:
        before, free = s.jobs[ahead >> p.shift].mode, s.jobs[ahead >> p.shift].free
    ready = max(ready, _others_free(p, s, o))
    setup, needed = 0, p.modes[mode].duration
    if not flags & FROZEN:
        setup = setup_between(p, before, mode)
    if flags & EARLY_SETUP:
        if setup > 0:
            _, free = span(p, p.modes[mode].calendar, True, free, setup)
            free = BEYOND if free == NONE else free
    else:
        needed += setup
    start, end = span(p, p.modes[mode].calendar, flags & PAUSABLE != 0, max(ready, free), needed)
    if end == NONE:
        start, end = max(ready, free), BEYOND
    return start, end, end, setup, 0


@inlined
def cost_at(p: Tables, s: State, o: int, price: Floats) -> float:
    """Price of all goals but the makespan that one operation adds, at some prices (GOALS,)."""
    operation, job = p.operations[o], s.jobs[o]
    if job.end >= BEYOND:
        return float(price[DEADLINE] * NO_ROOM)
    cost = price[SETUP] * job.setup + price[FLOW] * operation.flow_weight * job.end
    if operation.due != FOREVER and job.end > operation.due:
        cost += price[TARDINESS] * operation.weight * (job.end - operation.due)
    if operation.deadline != FOREVER and job.end > operation.deadline:
        cost += price[DEADLINE] * (job.end - operation.deadline)
    if operation.reference_machine != NONE:
        if operation.reference_machine != p.modes[job.mode].machine:
            cost += price[MOVED]
        cost += price[SHIFT] * abs(job.start - operation.reference_start)
    return float(cost)


@inlined
def cost_of(p: Tables, s: State, o: int) -> float:
    """Price of all goals but the makespan that one operation adds."""
    return cost_at(p, s, o, p.price)


@inlined
def log_job(s: State, o: int) -> None:
    """Remember an operation's record before it changes."""
    entry, job = s.log_jobs[s.counts[JOBS_LOGGED]], s.jobs[o]
    s.counts[JOBS_LOGGED] += 1
    entry.operation = o
    entry.start, entry.end, entry.free = job.start, job.end, job.free
    entry.setup, entry.mode, entry.where = job.setup, job.mode, job.where


@inlined
def _retime(p: Tables, s: State, o: int) -> bool:
    """Time an operation anew; log and price the change, if there is one."""
    start, end, free, setup, where = time_operation(p, s, o)
    job = s.jobs[o]
    if (
        start == job.start
        and end == job.end
        and free == job.free
        and setup == job.setup
        and where == job.where
    ):
        return False
    log_job(s, o)
    s.costs[SUM] -= cost_of(p, s, o)
    if job.end >= s.costs[LATEST] and end < job.end:
        s.counts[LATEST_LOST] = 1
    s.costs[LATEST] = max(s.costs[LATEST], end)
    job.start, job.end, job.free, job.setup, job.where = start, end, free, setup, where
    s.costs[SUM] += cost_of(p, s, o)
    return True


@inlined
def mark(s: State, o: int) -> int:
    """Mark an operation to be timed anew; give its position."""
    at = s.position[o]
    s.dirty[at] = 1
    return int(at)


@inlined
def mark_behind(p: Tables, s: State, o: int) -> int:
    """Mark all that directly waits for an operation; give the last position, `NONE` if there is none."""
    last = NONE
    for i in range(p.operations[o].first_after, p.operations[o + 1].first_after):
        last = max(last, mark(s, p.afters[i].operation))
    for slot in range(hold_count(p, s.jobs[o].mode)):
        behind = s.nodes[(o << p.shift) | slot].behind
        if behind != NONE:
            last = max(last, mark(s, behind >> p.shift))
    return int(last)


@inlined
def _forget(s: State, low: int, high: int) -> None:
    """Leave what is marked between two positions as it is."""
    for i in range(low, high + 1):
        s.dirty[i] = 0


@lean
def sweep(p: Tables, s: State, low: int, high: int) -> None:
    """Time everything marked between two positions, and all that changes because of it.

    Where the summed cost passes ``costs[GIVE_UP]``, the rest is left as it was.
    """
    i = low
    while i <= high:
        if s.dirty[i] != 0:
            s.dirty[i] = 0
            o = s.order[i]
            if _retime(p, s, o):
                high = max(high, mark_behind(p, s, o))
                if s.costs[SUM] > s.costs[GIVE_UP]:
                    _forget(s, i + 1, high)
                    return
        i += 1
    if s.counts[LATEST_LOST] != 0:
        s.counts[LATEST_LOST] = 0
        latest = 0
        for o in p.sinks:
            latest = max(latest, s.jobs[o].end)
        s.costs[LATEST] = latest


@inlined
def total_cost(p: Tables, s: State) -> float:
    """Price of the whole solution."""
    return float(s.costs[SUM] + p.price[MAKESPAN] * s.costs[LATEST])


@inlined
def commit(s: State) -> None:
    """Make everything since the last commit final."""
    s.counts[JOBS_LOGGED], s.counts[MOVES_LOGGED], s.counts[ORDER_LOGGED] = 0, 0, 0
    s.costs[SUM_BEFORE], s.costs[LATEST_BEFORE] = s.costs[SUM], s.costs[LATEST]


@lean
def build(p: Tables, s: State, modes: Ints, order: Ints) -> None:
    """Make the state of given modes, every list in a given topological order; commits."""
    for resource in range(len(s.ends)):
        s.ends[resource].head, s.ends[resource].tail = NONE, NONE
    for i in range(p.total):
        o = order[i]
        mode = modes[o]
        s.order[i], s.position[o], s.dirty[i], s.marks[o] = o, i, 0, 0
        s.jobs[o].mode = mode
        first = p.modes[mode].first_hold
        for slot in range(hold_count(p, mode)):
            resource = p.holds[first + slot]
            attach(p, s, resource, s.ends[resource].tail, (o << p.shift) | slot)
    time_all(p, s)


@lean
def time_all(p: Tables, s: State) -> None:
    """Time every operation from scratch, without the rounding that many small changes leave; commits."""
    s.costs[SUM], s.costs[LATEST] = 0.0, 0.0
    for i in range(p.total):
        o = s.order[i]
        s.dirty[i] = 0
        job = s.jobs[o]
        job.start, job.end, job.free, job.setup, job.where = time_operation(p, s, o)
        s.costs[SUM] += cost_of(p, s, o)
        s.costs[LATEST] = max(s.costs[LATEST], job.end)
    commit(s)


def state_of(p: Tables, solution: Solution) -> State:
    """Take over a valid solution; its operations end no later than there (it is left-shifted)."""
    state = empty_state(p)
    build(p, state, np.ascontiguousarray(solution.mode, dtype=np.int64), order_of(p, solution))
    return state


def solution_of(state: State) -> Solution:
    """Copy a state's times out."""
    return Solution(*(state.jobs[name].copy() for name in ("mode", "start", "end", "setup")))
