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

from manyworks.scheduling.problems import FAMILY_BASE, Floats, Ints, Problem

F = TypeVar("F", bound=Callable[..., Any])

NONE = -1

FIFO, EDD, SLACK, ATC, WORK_REMAINING, SHORTEST, WEIGHTED_SHORTEST, LEAST_SETUP, GIVEN = range(9)


def _compiled(function: F) -> F:
    """Compile when first called and keep the machine code beside the source."""
    return cast("F", njit(cache=True, nogil=True, error_model="numpy")(function))


class Outlook(NamedTuple):
    """What each work looks like when resources are ignored; computed once per problem.

    ``order`` respects all links. ``earliest`` is the earliest possible end by links, releases and
    calendars (`NONE` where the calendars end first); ``tail`` the longest time needed after the
    end, ``shortest`` the shortest run. ``due`` and ``weight`` are those of the most urgent work
    that waits for this one, itself included; ``mean_run`` and ``mean_setup`` scale the rules.
    """

    order: Ints
    earliest: Ints
    shortest: Ints
    tail: Ints
    due: Floats
    weight: Floats
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
    """A schedule being built; every array is overwritten by each attempt."""

    start: Ints
    end: Ints
    setup: Ints
    mode: Ints
    ready: Ints
    waiting: Ints
    head: Ints
    tail: Ints
    following: Ints
    preceding: Ints
    node_start: Ints
    node_end: Ints
    cursor: Ints
    chosen_cursor: Ints


def empty_plan(problem: Problem, resources: int) -> Plan:
    """Make room for the schedule of a problem."""
    works, nodes = len(problem.release), len(problem.release) * problem.slots
    sizes = [works] * 6 + [resources] * 2 + [nodes] * 4 + [problem.slots] * 2
    return Plan(*(np.full(size, NONE, dtype=np.int64) for size in sizes))


@_compiled
def _interval_at(p: Problem, calendar: int, t: int) -> int:
    """Find the first interval of the calendar that ends after ``t``."""
    low, high = p.cal_ptr[calendar], p.cal_ptr[calendar + 1]
    while low < high:
        middle = (low + high) // 2
        if p.cal_end[middle] > t:
            high = middle
        else:
            low = middle + 1
    return int(low)


@_compiled
def _interval_reaching(p: Problem, calendar: int, low: int, target: int) -> int:
    """Find the first interval, from ``low`` on, within which ``target`` seconds have been worked."""
    high = p.cal_ptr[calendar + 1]
    while low < high:
        middle = (low + high) // 2
        if p.cal_before[middle] + p.cal_end[middle] - p.cal_start[middle] >= target:
            high = middle
        else:
            low = middle + 1
    return int(low)


@_compiled
def span(p: Problem, calendar: int, pausable: bool, t: int, needed: int) -> tuple[int, int]:
    """Earliest start from ``t`` on, and end, of ``needed`` working seconds; `NONE` if it does not fit."""
    last = p.cal_ptr[calendar + 1]
    i = _interval_at(p, calendar, t)
    if i == last:
        return NONE, NONE
    if pausable:
        start = max(t, p.cal_start[i])
        target = p.cal_before[i] + start - p.cal_start[i] + needed
        j = _interval_reaching(p, calendar, i, target)
        if j == last:
            return NONE, NONE
        return start, p.cal_start[j] + target - p.cal_before[j]
    while i < last:
        start = max(t, p.cal_start[i])
        if start + needed <= p.cal_end[i]:
            return start, start + needed
        i += 1
    return NONE, NONE


@_compiled
def _change_over(p: Problem, machine: int, before: int, mode: int) -> int:
    """Set-up seconds of ``mode`` on ``machine`` after work of family ``before``."""
    after = p.mode_family[mode]
    if before == after and after != 0:
        return 0
    wanted = before * FAMILY_BASE + after
    low, high = p.change_ptr[machine], p.change_ptr[machine + 1]
    end = high
    while low < high:
        middle = (low + high) // 2
        if p.change_key[middle] >= wanted:
            high = middle
        else:
            low = middle + 1
    if low < end and p.change_key[low] == wanted:
        return int(p.change_s[low])
    return int(p.mode_setup[mode])


@_compiled
def _setup_after(p: Problem, plan: Plan, mode: int, node: int) -> int:
    """Set-up seconds of ``mode`` when it follows ``node`` on its machine (`NONE`: it is the first)."""
    if node == NONE:
        return int(p.mode_setup[mode])
    family = p.mode_family[plan.mode[node // p.slots]]
    return _change_over(p, p.hold[p.hold_ptr[mode]], family, mode)


@_compiled
def _seek(plan: Plan, resource: int, t: int) -> int:
    """Find the last node of the resource that starts before ``t``."""
    node = plan.tail[resource]
    while node != NONE and plan.node_start[node] >= t:
        node = plan.preceding[node]
    return node


@_compiled
def _next_node(plan: Plan, resource: int, node: int) -> int:
    return plan.head[resource] if node == NONE else plan.following[node]


@_compiled
def _upsets_follower(p: Problem, plan: Plan, mode: int, follower: int) -> bool:
    """Whether putting ``mode`` ahead of ``follower`` on its machine changes the follower's set-up."""
    work = follower // p.slots
    machine = p.hold[p.hold_ptr[mode]]
    return _change_over(p, machine, p.mode_family[mode], plan.mode[work]) != plan.setup[work]


@_compiled
def _conflict(p: Problem, plan: Plan, mode: int, start: int, end: int) -> int:
    """Earliest time to try next when ``[start, end)`` is taken; `NONE` when it is free.

    The cursors stand on the nodes ahead of the gap that is tried and move on past a conflict.
    """
    first = p.hold_ptr[mode]
    for slot in range(p.hold_ptr[mode + 1] - first):
        node = plan.cursor[slot]
        if node != NONE and plan.node_end[node] > start:
            return plan.node_end[node]
        follower = _next_node(plan, p.hold[first + slot], node)
        if follower == NONE:
            continue
        late = plan.node_start[follower] < end
        if late or (slot == 0 and _upsets_follower(p, plan, mode, follower)):
            plan.cursor[slot] = follower
            return max(start, plan.node_end[follower])
    return NONE


@_compiled
def _fit(p: Problem, plan: Plan, mode: int, pausable: bool, ready: int) -> tuple[int, int, int]:
    """Earliest start, end and set-up of a mode among what is placed; `NONE` if its calendar ends first."""
    first = p.hold_ptr[mode]
    for slot in range(p.hold_ptr[mode + 1] - first):
        plan.cursor[slot] = _seek(plan, p.hold[first + slot], ready)
    t = ready
    while True:
        setup = _setup_after(p, plan, mode, plan.cursor[0])
        start, end = span(p, p.mode_calendar[mode], pausable, t, setup + p.mode_duration[mode])
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
    for mode in range(p.mode_ptr[work], p.mode_ptr[work + 1]):
        start, end, setup = _fit(p, plan, mode, p.pausable[work], plan.ready[work])
        key, needed = end + guide.bias[mode], setup + p.mode_duration[mode]
        if end == NONE or (best != NONE and (key, needed) >= (best_key, best_held)):
            continue
        best, best_start, best_end, best_setup = mode, start, end, setup
        best_key, best_held = key, needed
        plan.chosen_cursor[:] = plan.cursor
    return best, best_start, best_end, best_setup


@_compiled
def _insert(plan: Plan, resource: int, ahead: int, node: int) -> None:
    behind = _next_node(plan, resource, ahead)
    plan.preceding[node], plan.following[node] = ahead, behind
    if ahead == NONE:
        plan.head[resource] = node
    else:
        plan.following[ahead] = node
    if behind == NONE:
        plan.tail[resource] = node
    else:
        plan.preceding[behind] = node


@_compiled
def _commit(p: Problem, plan: Plan, work: int, mode: int) -> None:
    plan.mode[work] = mode
    first = p.hold_ptr[mode]
    for slot in range(p.hold_ptr[mode + 1] - first):
        node = work * p.slots + slot
        plan.node_start[node], plan.node_end[node] = plan.start[work], plan.end[work]
        _insert(plan, p.hold[first + slot], plan.chosen_cursor[slot], node)


@_compiled
def _tardiness_index(p: Problem, look: Outlook, work: int, now: int, setup: int) -> float:
    """Apparent tardiness cost with set-ups (Lee, Bhaskaran and Pinedo 1997, IIE Transactions 29)."""
    run = look.shortest[work]
    slack = max(look.due[work] - run - now, 0.0)
    urgency = np.exp(-slack / (2.0 * look.mean_run) - setup / look.mean_setup)
    return look.weight[work] / (run + 1.0) * urgency


@_compiled
def _key(p: Problem, look: Outlook, guide: Guide, work: int, now: int, setup: int) -> float:
    """Place of a work in the queue by the guide's rule: the smallest comes first."""
    rule, run = guide.rule, look.shortest[work]
    if rule == GIVEN:
        key = guide.keys[work]
    elif rule == EDD:
        key = look.due[work]
    elif rule == SLACK:
        key = look.due[work] - run - now
    elif rule == ATC:
        key = -_tardiness_index(p, look, work, now, setup)
    elif rule == WORK_REMAINING:
        key = -float(run + look.tail[work])
    elif rule == SHORTEST:
        key = float(run + setup)
    elif rule == WEIGHTED_SHORTEST:
        key = run / look.weight[work]
    elif rule == LEAST_SETUP:
        key = float(setup)
    else:
        key = float(now)
    return key * (1.0 + guide.noise[work])


@_compiled
def _clear(p: Problem, plan: Plan) -> None:
    plan.mode[:] = NONE
    plan.start[:] = NONE
    plan.end[:] = NONE
    plan.head[:] = NONE
    plan.tail[:] = NONE
    plan.ready[:] = p.release
    for work in range(len(p.release)):
        plan.waiting[work] = p.before_ptr[work + 1] - p.before_ptr[work]


@_compiled
def _release_followers(
    p: Problem, look: Outlook, guide: Guide, plan: Plan, queue: list[tuple[float, float, int]], work: int
) -> None:
    for arc in range(p.after_ptr[work], p.after_ptr[work + 1]):
        follower = p.after[arc]
        plan.ready[follower] = max(plan.ready[follower], plan.end[work] + p.after_lag[arc])
        plan.waiting[follower] -= 1
        if plan.waiting[follower] == 0:
            heapq.heappush(queue, _ticket(p, look, guide, plan, follower))


@_compiled
def _ticket(p: Problem, look: Outlook, guide: Guide, plan: Plan, work: int) -> tuple[float, float, int]:
    ready = plan.ready[work]
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
    for work in range(len(p.release)):
        if plan.waiting[work] == 0:
            heapq.heappush(queue, _ticket(p, look, guide, plan, work))
    while len(queue) > 0:
        known, _, work = heapq.heappop(queue)
        mode, start, end, setup = _choose(p, plan, guide, work)
        if mode == NONE:
            continue
        if guide.parallel and start > known:
            heapq.heappush(queue, (float(start), _key(p, look, guide, work, start, setup), work))
            continue
        plan.start[work], plan.end[work], plan.setup[work] = start, end, setup
        _commit(p, plan, work, mode)
        _release_followers(p, look, guide, plan, queue, work)


@_compiled
def score(p: Problem, plan: Plan) -> tuple[int, float, int]:
    """Works left out, summed weighted tardiness and last end of a plan; smaller is better."""
    left_out, tardiness, last = 0, 0.0, 0
    for work in range(len(p.release)):
        if plan.mode[work] == NONE:
            left_out += 1
            continue
        last = max(last, plan.end[work])
        if plan.end[work] > p.due[work]:
            tardiness += p.weight[work] * (plan.end[work] - p.due[work])
    return left_out, tardiness, last


@_compiled
def topological_order(p: Problem) -> Ints:
    """Works in an order that respects all links."""
    count = len(p.release)
    waiting = p.before_ptr[1:] - p.before_ptr[:-1]
    order = np.empty(count, dtype=np.int64)
    filled = 0
    for work in range(count):
        if waiting[work] == 0:
            order[filled] = work
            filled += 1
    for position in range(count):
        work = order[position]
        for arc in range(p.after_ptr[work], p.after_ptr[work + 1]):
            waiting[p.after[arc]] -= 1
            if waiting[p.after[arc]] == 0:
                order[filled] = p.after[arc]
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
        ready, possible, best = p.release[work], True, NONE
        for arc in range(p.before_ptr[work], p.before_ptr[work + 1]):
            possible = possible and ends[p.before[arc]] != NONE
            ready = max(ready, ends[p.before[arc]] + p.before_lag[arc])
        for mode in range(p.mode_ptr[work], p.mode_ptr[work + 1]):
            _, end = span(p, p.mode_calendar[mode], p.pausable[work], ready, p.mode_duration[mode])
            if possible and end != NONE and (best == NONE or end < best):
                best = end
        ends[work] = best
    return ends


@_compiled
def shortest_runs(p: Problem) -> Ints:
    """Shortest duration of each work over its modes."""
    runs = np.empty(len(p.release), dtype=np.int64)
    for work in range(len(runs)):
        runs[work] = p.mode_duration[p.mode_ptr[work] : p.mode_ptr[work + 1]].min()
    return runs


@_compiled
def backward(p: Problem, order: Ints, shortest: Ints, due: Floats, weight: Floats) -> Ints:
    """Longest times needed after each work's end; pulls ``due`` and ``weight`` back along the links."""
    tail = np.zeros(len(order), dtype=np.int64)
    for work in order[::-1]:
        for arc in range(p.after_ptr[work], p.after_ptr[work + 1]):
            follower = p.after[arc]
            needed = p.after_lag[arc] + shortest[follower]
            tail[work] = max(tail[work], needed + tail[follower])
            due[work] = min(due[work], due[follower] - needed)
            weight[work] = max(weight[work], weight[follower])
    return tail
