"""The first answer: the old schedule with everything pushed back as far as it must be.

Same machines, people and orders as before; what is new is put where it costs least. Two problems with
the same works are looked at: one in which nothing may start before it was planned to, whose earliest
times are therefore the smallest shifts, and one in which everything may start as early as it can.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from manyworks.model import Assignment, WorkId, Workload
from manyworks.scheduling.engine.state import BEYOND, State, empty_state, topological_order
from manyworks.scheduling.engine.sweep import build, solution_of, state_of, total_cost
from manyworks.scheduling.problem.data import Objective, ProblemData, Solution
from manyworks.scheduling.problem.tables import FROZEN, NONE, Ints, Tables
from manyworks.scheduling.problem.workloads import draft_workload
from manyworks.scheduling.promising.gaps import TASK, put_in_all
from manyworks.scheduling.promising.index import make_gaps
from manyworks.scheduling.replanning.answers import mode_rows
from manyworks.scheduling.replanning.placing import place_all

NEVER = 2**60
GAPS_TRIED = 40
"""Gaps tried on each machine for a work that is put in."""
FEW_GAPS, MANY_GAPS = 4, 16
POLISHING_ROUNDS, POLISHING_PLACES = 20, 4000
"""Bounds of the quick descent ahead of the search; places are those tried in one round."""
PLACES_TRIED = 1500
"""Places tried for all works that are put in at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """The problem of what is left, with the old schedule as its reference.

    Parameters
    ----------
    free
        Everything may start as early as it can.
    later
        Nothing may start before it was planned to.
    starts
        Where works were planned to start, `NEVER` for new ones, (operations,).
    places
        Their places in the old schedule, which orders works that take no time, (operations,).
    modes
        Rows of the modes they were planned in, (operations,).
    """

    free: ProblemData
    later: ProblemData
    starts: Ints
    places: Ints
    modes: Ints


def make_repair(
    workload: Workload, planned: Mapping[WorkId, Assignment], objective: Objective, *, afresh: bool = False
) -> Repair:
    """Number what is left to do, with references to where it was planned.

    Unless it is planned ``afresh``, works are not late before they are later than they were planned to be:
    lateness that was accepted is no reason to move others.
    """
    builder = draft_workload(workload, objective)
    works = {work.id: work for work in workload.works}
    row = {name: index for index, name in enumerate(sorted(workload.resources))}
    for index, draft in enumerate(builder.operations):
        before = planned.get(WorkId(draft.name))
        if before is not None and not draft.frozen:
            machine = works[before.work].modes[before.mode].machine
            builder.refer(index, before.start_s, row[machine])
        if before is not None and draft.due is not None and not afresh:
            draft.due = max(draft.due, before.end_s)
    data = builder.build()
    in_time = sorted(planned.values(), key=lambda one: (one.start_s, one.end_s))
    place = {one.work: index for index, one in enumerate(in_time)}
    starts = [planned[WorkId(name)].start_s if WorkId(name) in planned else NEVER for name in data.operations]
    return Repair(
        free=data,
        later=hold_back(data, np.ones(data.tables.total, dtype=np.bool_)),
        starts=np.array(starts, dtype=np.int64),
        places=np.array([place.get(WorkId(name), 0) for name in data.operations], dtype=np.int64),
        modes=mode_rows(workload, data, {name: one.mode for name, one in planned.items()}),
    )


def hold_back(data: ProblemData, which: NDArray[np.bool_]) -> ProblemData:
    """Let marked operations, (operations,), not start before their references."""
    operations = data.tables.operations.copy()
    rows = operations[:-1]
    held = which & (rows["reference_start"] != NONE) & ((rows["flags"] & FROZEN) == 0)
    rows["release"][held] = np.maximum(rows["release"][held], rows["reference_start"][held])
    return replace(data, tables=data.tables._replace(operations=operations))


def _order(p: Tables, starts: Ints, places: Ints) -> Ints:
    """Topological order by given starts, then by places in the old schedule; (operations,) all.

    Nothing stands behind what waits for it.
    """
    ranked = topological_order(p)
    rank = np.empty(p.total, dtype=np.int64)
    rank[ranked] = np.arange(p.total)
    frozen = (p.operations["flags"][:-1] & FROZEN) != 0
    key = np.where(starts == NEVER, NEVER, starts * p.total + places)
    key = np.where(frozen, key - NEVER, key)
    first = p.operations["first_before"]
    for o in ranked[::-1].tolist():
        for arc in range(first[o], first[o + 1]):
            before = p.befores["operation"][arc]
            key[before] = min(key[before], key[o])
    return np.lexsort((rank, key)).astype(np.int64)


def _possible(p: Tables, starts: Ints, modes: Ints) -> Ints:
    """Planned starts, pushed back by releases and links alone."""
    starts = np.where(starts == NEVER, starts, np.maximum(starts, p.operations["release"][:-1]))
    durations = p.modes["duration"][modes]
    first, befores = p.operations["first_before"].tolist(), p.befores
    for o in topological_order(p).tolist():
        for arc in range(first[o], first[o + 1]):
            before = befores["operation"][arc]
            if starts[before] != NEVER:
                starts[o] = max(starts[o], starts[before] + durations[before] + befores["lag"][arc])
    return starts


def _built(p: Tables, modes: Ints, order: Ints) -> State:
    state = empty_state(p)
    build(p, state, modes, order)
    return state


def repaired(repair: Repair) -> State:
    """Push everything back as far as it must be, then put in what is new or has no room where it was.

    Orders on resources are those of the planned starts, or, where that costs less, those of starts that
    releases and links allow: then nothing waits behind a part that is late.
    """
    p = repair.later.tables
    starts = (repair.starts, _possible(p, repair.starts, repair.modes))
    states = [_built(p, repair.modes, _order(p, one, repair.places)) for one in starts]
    state = min(states, key=lambda one: total_cost(p, one))
    free = _without_followers(p, repair.starts)
    strayed = ((repair.starts == NEVER) & ~free) | (state.jobs["end"] >= BEYOND)
    strayed[free] = False
    if strayed.any():
        which = np.flatnonzero(strayed)
        order = which[np.argsort(state.position[which])]
        place_all(p, state, order.astype(np.int64), GAPS_TRIED, PLACES_TRIED)
    return _with_new(p, state, np.flatnonzero(free)) if free.any() else state


def _without_followers(p: Tables, starts: Ints) -> NDArray[np.bool_]:
    """Mark new operations that nothing planned waits for, directly or through others, (operations,)."""
    free = np.asarray(starts == NEVER)
    first = p.operations["first_before"]
    for o in topological_order(p)[::-1].tolist():
        if not free[o]:
            free[p.befores["operation"][first[o] : first[o + 1]]] = False
    return free


def _with_new(p: Tables, state: State, new: Ints) -> State:
    """Put new operations into gaps between the others, which stay as they are."""
    tasks = np.zeros(p.total, dtype=TASK)
    for name in ("start", "end", "mode", "setup"):
        tasks[name] = state.jobs[name]
    tasks["fixed"] = (p.operations["flags"][:-1] & FROZEN) != 0
    others = np.setdiff1d(state.order, new, assume_unique=True)
    order = new[np.argsort(state.position[new])]
    gaps = make_gaps(p, tasks, p.shift, others)
    if put_in_all(p, gaps, order.astype(np.int64)) < len(order):
        return state
    columns = (np.ascontiguousarray(tasks[name]) for name in Solution._fields)
    return state_of(p, Solution(*columns))


def polished(data: ProblemData, solution: Solution, seconds: float = math.inf) -> Solution:
    """Put what is late, what it waits for, and what has shifted where it costs least, one after the other.

    Rounds of few gaps on each machine go on while they pay; one of many gaps follows each that does not.
    No round begins after ``seconds``.
    """
    p, began = data.tables, time.monotonic()
    state = state_of(p, solution)
    gaps = FEW_GAPS
    for _ in range(POLISHING_ROUNDS):
        if time.monotonic() - began > seconds:
            break
        before = total_cost(p, state)
        place_all(p, state, _worth_moving(p, state), gaps, POLISHING_PLACES)
        if total_cost(p, state) < before:
            gaps = FEW_GAPS
        elif gaps == MANY_GAPS:
            break
        else:
            gaps = MANY_GAPS
    return solution_of(state)


def _worth_moving(p: Tables, state: State) -> Ints:
    """Operations that are late or shifted, and those that late ones wait for, in topological order."""
    rows, now = p.operations[:-1], solution_of(state)
    shifted = (rows["reference_start"] != NONE) & (now.start != rows["reference_start"])
    chosen = np.flatnonzero((_chains(p, now) | shifted) & ((rows["flags"] & FROZEN) == 0))
    return chosen[np.argsort(state.position[chosen])].astype(np.int64)


def put_off(repair: Repair, solution: Solution) -> Solution:
    """Let everything that starts earlier than planned, without need, start as planned again.

    Keeps machines and orders. What an operation that became less late waits for stays early; the rest is
    held back to its reference, unless that costs more.
    """
    p = repair.free.tables
    best, cost = solution, total_cost(p, state_of(p, solution))
    needed = _chains(p, solution)
    for _ in range(3):
        held = hold_back(repair.free, ~needed)
        state = state_of(held.tables, solution)
        candidate = solution_of(state)
        if total_cost(held.tables, state) < cost:
            best, cost = candidate, total_cost(held.tables, state)
        more = needed | _chains(p, candidate)
        if (more == needed).all():
            break
        needed = more
    return best


def _chains(p: Tables, solution: Solution) -> NDArray[np.bool_]:
    """Mark operations that a late one waits for, directly or through others, (operations,)."""
    state = state_of(p, solution)
    marked = solution.end > p.operations["due"][:-1]
    for o in state.order[::-1].tolist():
        if marked[o]:
            ready = [(time, before) for before, time in _freed(p, state, solution, o)]
            latest = max(ready, default=(0, NONE))[0]
            for time, before in ready:
                marked[before] |= time == latest
    return np.asarray(marked)


def _freed(p: Tables, state: State, solution: Solution, o: int) -> Iterator[tuple[int, int]]:
    """Operations directly ahead of one by link or on what it holds, with when they let it start."""
    first, mode = p.operations["first_before"], solution.mode[o]
    for arc in range(first[o], first[o + 1]):
        before = int(p.befores["operation"][arc])
        yield before, int(solution.end[before] + p.befores["lag"][arc])
    for slot in range(int(p.modes["first_hold"][mode + 1] - p.modes["first_hold"][mode])):
        node = int(state.nodes[(o << p.shift) | slot]["ahead"])
        if node != NONE:
            yield node >> p.shift, int(solution.end[node >> p.shift])
