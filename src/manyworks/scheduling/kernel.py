"""The compiled part: place one work after another, each as early as its resources allow.

Everything here works on the flat arrays of `problems.Problem`. A *node* is one work on one of the
resources its mode holds (``work * slots + slot``, slot 0 the machine); the nodes of a resource form
a list in order of time, so that a work may also be put into a gap between two others.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from numba import njit

from manyworks.scheduling.problems import FAMILY_BASE, Floats, Ints, Problem, Records

F = TypeVar("F", bound=Callable[..., Any])

NONE = -1

FIFO, EDD, SLACK, ATC, WORK_REMAINING, SHORTEST, WEIGHTED_SHORTEST, LEAST_SETUP, GIVEN = range(9)


def _compiled(function: F) -> F:
    """Compile when first called and keep the machine code beside the source."""
    return cast("F", njit(cache=True, nogil=True, error_model="numpy")(function))


RANK = np.dtype([("shortest", np.int64), ("tail", np.int64), ("due", np.float64), ("weight", np.float64)])
JOB = np.dtype([(name, np.int64) for name in ("start", "end", "setup", "mode", "ready", "waiting")])
NODE = np.dtype([(name, np.int64) for name in ("start", "end", "ahead", "behind")])
ENDS = np.dtype([("head", np.int64), ("tail", np.int64)])


class Outlook(NamedTuple):
    """How urgent each work is when resources are ignored; computed once per problem.

    Of each work ``ranks`` holds the ``shortest`` run; ``tail``, the longest time needed after its
    end; and ``due`` and ``weight`` of the most urgent work that waits for it, itself included.
    ``mean_run`` and ``mean_setup`` scale the rules.
    """

    ranks: Records
    mean_run: float
    mean_setup: float


class Guide(NamedTuple):
    """How one attempt chooses: a rule, or keys of its own, shaken by noise.

    ``parallel``: always start what can start first and let the rule break ties only; otherwise the
    rule alone says what is placed next. ``bias`` is added to a mode's end when modes are compared.
    """

    rule: int
    parallel: bool
    keys: Floats
    noise: Floats
    bias: Ints


class Plan(NamedTuple):
    """A schedule being built; every table is overwritten by each attempt.

    ``jobs`` has a row for each work, ``nodes`` for each node, ``ends`` for each resource.
    """

    jobs: Records
    nodes: Records
    ends: Records
    cursor: Ints
    chosen_cursor: Ints


def empty_plan(problem: Problem, resources: int) -> Plan:
    """Make room for the schedule of a problem."""
    cursor = np.full(problem.slots, NONE, dtype=np.int64)
    return Plan(
        jobs=np.zeros(problem.total, dtype=JOB),
        nodes=np.zeros(problem.total * problem.slots, dtype=NODE),
        ends=np.zeros(resources, dtype=ENDS),
        cursor=cursor,
        chosen_cursor=cursor.copy(),
    )


@_compiled
def _interval_at(p: Problem, calendar: int, t: int) -> int:
    """Find the first interval of the calendar that ends after ``t``."""
    low, high = p.first_interval[calendar], p.first_interval[calendar + 1]
    while low < high:
        middle = (low + high) // 2
        if p.intervals[middle].end > t:
            high = middle
        else:
            low = middle + 1
    return int(low)


@_compiled
def _interval_reaching(p: Problem, calendar: int, low: int, target: int) -> int:
    """Find the first interval, from ``low`` on, within which ``target`` seconds have been worked."""
    high = p.first_interval[calendar + 1]
    while low < high:
        middle = (low + high) // 2
        if p.intervals[middle].before + p.intervals[middle].end - p.intervals[middle].start >= target:
            high = middle
        else:
            low = middle + 1
    return int(low)


@_compiled
def span(p: Problem, calendar: int, pausable: bool, t: int, needed: int) -> tuple[int, int]:
    """Earliest start from ``t`` on, and end, of ``needed`` working seconds; `NONE` if it does not fit."""
    last = p.first_interval[calendar + 1]
    i = _interval_at(p, calendar, t)
    if i == last:
        return NONE, NONE
    if pausable:
        start = max(t, p.intervals[i].start)
        target = p.intervals[i].before + start - p.intervals[i].start + needed
        j = _interval_reaching(p, calendar, i, target)
        if j == last:
            return NONE, NONE
        return start, p.intervals[j].start + target - p.intervals[j].before
    while i < last:
        start = max(t, p.intervals[i].start)
        if start + needed <= p.intervals[i].end:
            return start, start + needed
        i += 1
    return NONE, NONE


@_compiled
def _change_over(p: Problem, machine: int, before: int, mode: int) -> int:
    """Set-up seconds of ``mode`` on ``machine`` after work of family ``before``."""
    after = p.modes[mode].family
    if before == after and after != 0:
        return 0
    wanted = before * FAMILY_BASE + after
    low, high = p.first_change[machine], p.first_change[machine + 1]
    end = high
    while low < high:
        middle = (low + high) // 2
        if p.changes[middle].key >= wanted:
            high = middle
        else:
            low = middle + 1
    if low < end and p.changes[low].key == wanted:
        return int(p.changes[low].seconds)
    return int(p.modes[mode].setup)


@_compiled
def _setup_after(p: Problem, plan: Plan, mode: int, node: int) -> int:
    """Set-up seconds of ``mode`` when it follows ``node`` on its machine (`NONE`: it is the first)."""
    if node == NONE:
        return int(p.modes[mode].setup)
    family = p.modes[plan.jobs[node // p.slots].mode].family
    return _change_over(p, p.holds[p.modes[mode].first_hold], family, mode)


@_compiled
def _seek(plan: Plan, resource: int, t: int) -> int:
    """Find the last node of the resource that starts before ``t``."""
    node = plan.ends[resource].tail
    while node != NONE and plan.nodes[node].start >= t:
        node = plan.nodes[node].ahead
    return int(node)


@_compiled
def _next_node(plan: Plan, resource: int, node: int) -> int:
    return int(plan.ends[resource].head if node == NONE else plan.nodes[node].behind)


@_compiled
def _upsets_follower(p: Problem, plan: Plan, mode: int, follower: int) -> bool:
    """Whether putting ``mode`` ahead of ``follower`` on its machine changes the follower's set-up."""
    work = follower // p.slots
    machine = p.holds[p.modes[mode].first_hold]
    return bool(_change_over(p, machine, p.modes[mode].family, plan.jobs[work].mode) != plan.jobs[work].setup)


@_compiled
def _conflict(p: Problem, plan: Plan, mode: int, start: int, end: int) -> int:
    """Earliest time to try next when ``[start, end)`` is taken; `NONE` when it is free.

    The cursors stand on the nodes ahead of the gap that is tried and move on past a conflict.
    """
    first = p.modes[mode].first_hold
    for slot in range(p.modes[mode + 1].first_hold - first):
        node = plan.cursor[slot]
        if node != NONE and plan.nodes[node].end > start:
            return int(plan.nodes[node].end)
        follower = _next_node(plan, p.holds[first + slot], node)
        if follower == NONE:
            continue
        late = plan.nodes[follower].start < end
        if late or (slot == 0 and _upsets_follower(p, plan, mode, follower)):
            plan.cursor[slot] = follower
            return int(max(start, plan.nodes[follower].end))
    return NONE


@_compiled
def _fit(p: Problem, plan: Plan, mode: int, pausable: bool, ready: int) -> tuple[int, int, int]:
    """Earliest start, end and set-up of a mode among what is placed; `NONE` if its calendar ends first."""
    first = p.modes[mode].first_hold
    for slot in range(p.modes[mode + 1].first_hold - first):
        plan.cursor[slot] = _seek(plan, p.holds[first + slot], ready)
    t = ready
    while True:
        setup = _setup_after(p, plan, mode, plan.cursor[0])
        start, end = span(p, p.modes[mode].calendar, pausable, t, setup + p.modes[mode].duration)
        if end == NONE:
            return NONE, NONE, NONE
        t = _conflict(p, plan, mode, start, end)
        if t == NONE:
            return start, end, setup


@_compiled
def _choose(p: Problem, plan: Plan, guide: Guide, work: int) -> tuple[int, int, int, int]:
    """Mode with the earliest end (then the least time held, then the first), its start, end, set-up."""
    best, best_start, best_end, best_setup = NONE, NONE, NONE, NONE
    best_key, best_held = 0, 0
    for mode in range(p.works[work].first_mode, p.works[work + 1].first_mode):
        start, end, setup = _fit(p, plan, mode, p.works[work].pausable != 0, plan.jobs[work].ready)
        key, needed = end + guide.bias[mode], setup + p.modes[mode].duration
        if end == NONE or (best != NONE and (key, needed) >= (best_key, best_held)):
            continue
        best, best_start, best_end, best_setup = mode, start, end, setup
        best_key, best_held = key, needed
        plan.chosen_cursor[:] = plan.cursor
    return best, best_start, best_end, best_setup


@_compiled
def _insert(plan: Plan, resource: int, ahead: int, node: int) -> None:
    behind = _next_node(plan, resource, ahead)
    plan.nodes[node].ahead, plan.nodes[node].behind = ahead, behind
    if ahead == NONE:
        plan.ends[resource].head = node
    else:
        plan.nodes[ahead].behind = node
    if behind == NONE:
        plan.ends[resource].tail = node
    else:
        plan.nodes[behind].ahead = node


@_compiled
def _commit(p: Problem, plan: Plan, work: int, mode: int) -> None:
    plan.jobs[work].mode = mode
    first = p.modes[mode].first_hold
    for slot in range(p.modes[mode + 1].first_hold - first):
        node = work * p.slots + slot
        plan.nodes[node].start, plan.nodes[node].end = plan.jobs[work].start, plan.jobs[work].end
        _insert(plan, p.holds[first + slot], plan.chosen_cursor[slot], node)


@_compiled
def _tardiness_index(p: Problem, look: Outlook, work: int, now: int, setup: int) -> float:
    """Apparent tardiness cost with set-ups (Lee, Bhaskaran and Pinedo 1997, IIE Transactions 29)."""
    run = look.ranks[work].shortest
    slack = max(look.ranks[work].due - run - now, 0.0)
    urgency = np.exp(-slack / (2.0 * look.mean_run) - setup / look.mean_setup)
    return float(look.ranks[work].weight / (run + 1.0) * urgency)


@_compiled
def _key(p: Problem, look: Outlook, guide: Guide, work: int, now: int, setup: int) -> float:
    """Place of a work in the queue by the guide's rule: the smallest comes first."""
    rule, run = guide.rule, look.ranks[work].shortest
    if rule == GIVEN:
        key = guide.keys[work]
    elif rule == EDD:
        key = look.ranks[work].due
    elif rule == SLACK:
        key = look.ranks[work].due - run - now
    elif rule == ATC:
        key = -_tardiness_index(p, look, work, now, setup)
    elif rule == WORK_REMAINING:
        key = -float(run + look.ranks[work].tail)
    elif rule == SHORTEST:
        key = float(run + setup)
    elif rule == WEIGHTED_SHORTEST:
        key = run / look.ranks[work].weight
    elif rule == LEAST_SETUP:
        key = float(setup)
    else:
        key = float(now)
    return float(key * (1.0 + guide.noise[work]))


@_compiled
def _clear(p: Problem, plan: Plan) -> None:
    for work in range(p.total):
        job = plan.jobs[work]
        job.start, job.end, job.setup, job.mode = NONE, NONE, NONE, NONE
        job.ready = p.works[work].release
        job.waiting = p.works[work + 1].first_before - p.works[work].first_before
    for resource in range(len(plan.ends)):
        plan.ends[resource].head, plan.ends[resource].tail = NONE, NONE


@_compiled
def _release_followers(
    p: Problem, look: Outlook, guide: Guide, plan: Plan, queue: list[tuple[float, float, int]], work: int
) -> None:
    for arc in range(p.works[work].first_after, p.works[work + 1].first_after):
        follower = p.afters[arc].work
        plan.jobs[follower].ready = max(plan.jobs[follower].ready, plan.jobs[work].end + p.afters[arc].lag)
        plan.jobs[follower].waiting -= 1
        if plan.jobs[follower].waiting == 0:
            heapq.heappush(queue, _ticket(p, look, guide, plan, follower))


@_compiled
def _ticket(p: Problem, look: Outlook, guide: Guide, plan: Plan, work: int) -> tuple[float, float, int]:
    ready = plan.jobs[work].ready
    key = _key(p, look, guide, work, ready, 0)
    return (float(ready), key, work) if guide.parallel else (key, float(ready), work)


@_compiled
def dispatch(p: Problem, look: Outlook, guide: Guide, plan: Plan) -> None:
    """Place all works into ``plan`` as the guide says; what does not fit its calendars stays out.

    In a parallel attempt a ticket holds the earliest start known so far; it goes back into the queue
    with the true one until nothing else can start earlier (a non-delay schedule).
    """
    _clear(p, plan)
    queue = [(0.0, 0.0, 0)]
    queue.pop()
    for work in range(p.total):
        if plan.jobs[work].waiting == 0:
            heapq.heappush(queue, _ticket(p, look, guide, plan, work))
    while len(queue) > 0:
        known, _, work = heapq.heappop(queue)
        mode, start, end, setup = _choose(p, plan, guide, work)
        if mode == NONE:
            continue
        if guide.parallel and start > known:
            heapq.heappush(queue, (float(start), _key(p, look, guide, work, start, setup), work))
            continue
        plan.jobs[work].start, plan.jobs[work].end, plan.jobs[work].setup = start, end, setup
        _commit(p, plan, work, mode)
        _release_followers(p, look, guide, plan, queue, work)


@_compiled
def score(p: Problem, plan: Plan) -> tuple[int, float, int]:
    """Works left out, summed weighted tardiness and last end of a plan; smaller is better."""
    left_out, tardiness, last = 0, 0.0, 0
    for work in range(p.total):
        if plan.jobs[work].mode == NONE:
            left_out += 1
            continue
        last = max(last, plan.jobs[work].end)
        if plan.jobs[work].end > p.works[work].due:
            tardiness += p.works[work].weight * (plan.jobs[work].end - p.works[work].due)
    return left_out, tardiness, last


@_compiled
def topological_order(p: Problem) -> Ints:
    """Works in an order that respects all links."""
    count = p.total
    waiting = np.empty(count, dtype=np.int64)
    order = np.empty(count, dtype=np.int64)
    filled = 0
    for work in range(count):
        waiting[work] = p.works[work + 1].first_before - p.works[work].first_before
        if waiting[work] == 0:
            order[filled] = work
            filled += 1
    for position in range(count):
        work = order[position]
        for arc in range(p.works[work].first_after, p.works[work + 1].first_after):
            waiting[p.afters[arc].work] -= 1
            if waiting[p.afters[arc].work] == 0:
                order[filled] = p.afters[arc].work
                filled += 1
    return order


@_compiled
def earliest_ends(p: Problem, order: Ints) -> Ints:
    """Earliest possible ends by links, releases and calendars, were every resource free at any time.

    Each work takes the mode that ends first and no set-up; `NONE` where the calendars end before it
    does, and for all that waits for such a work.
    """
    ends = np.empty(len(order), dtype=np.int64)
    for work in order:
        ready, possible, best = p.works[work].release, True, NONE
        for arc in range(p.works[work].first_before, p.works[work + 1].first_before):
            possible = possible and ends[p.befores[arc].work] != NONE
            ready = max(ready, ends[p.befores[arc].work] + p.befores[arc].lag)
        for mode in range(p.works[work].first_mode, p.works[work + 1].first_mode):
            _, end = span(
                p, p.modes[mode].calendar, p.works[work].pausable != 0, ready, p.modes[mode].duration
            )
            if possible and end != NONE and (best == NONE or end < best):
                best = end
        ends[work] = best
    return ends


@_compiled
def rank_backward(p: Problem, order: Ints, ranks: Records) -> None:
    """Fill in ``tail``, and pull ``due`` and ``weight`` back along the links."""
    for work in order[::-1]:
        mine = ranks[work]
        for arc in range(p.works[work].first_after, p.works[work + 1].first_after):
            theirs = ranks[p.afters[arc].work]
            needed = p.afters[arc].lag + theirs.shortest
            mine.tail = max(mine.tail, needed + theirs.tail)
            mine.due = min(mine.due, theirs.due - needed)
            mine.weight = max(mine.weight, theirs.weight)
