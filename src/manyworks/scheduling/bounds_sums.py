"""Lower bounds of weighted tardiness and flow: each order at its earliest, and in turn on a busy resource."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from manyworks.scheduling.bounds_heads import Heads
from manyworks.scheduling.bounds_machines import Stays, pop, push, time_worked, worked_by
from manyworks.scheduling.engine.compiling import compiled, lean
from manyworks.scheduling.problem.tables import FLOW, FOREVER, NONE, TARDINESS, Floats, Ints, Tables

MOST_ORDERS = 250
"""Orders on a resource that are looked at together; of more, the ones that weigh most by their work."""
MOST_RESOURCES = 40


class Charges(NamedTuple):
    """What the end of each operation costs: ``late`` a second beyond ``due``, ``flow`` every second."""

    late: Floats
    due: Ints
    flow: Floats


def charges_of(p: Tables, price: Floats) -> Charges:
    """Prices of ends of operations by the prices of goals."""
    one = p.operations[:-1]
    late = np.where(one["due"] < FOREVER, one["weight"] * price[TARDINESS], 0.0)
    return Charges(late, one["due"].copy(), one["flow_weight"] * price[FLOW])


def charge(c: Charges, rows: Ints, ends: Ints) -> Floats:
    """Cost of ending operations at given times."""
    late = np.maximum(ends - c.due[rows], 0)
    return np.asarray(c.late[rows] * late + c.flow[rows] * ends)


@lean
def _own(p: Tables, h: Heads, charged: Ints, owner: Ints, distance: Ints) -> None:
    """Find a charged operation that each is needed for, and the least time between their ends."""
    for i in range(p.total - 1, -1, -1):
        o = h.order[i]
        owner[o], distance[o] = NONE, 0
        if charged[o]:
            owner[o] = o
            continue
        for j in range(p.operations[o].first_after, p.operations[o + 1].first_after):
            arc = p.afters[j]
            if owner[arc.operation] == NONE:
                continue
            way = arc.lag + h.need[arc.operation] + distance[arc.operation]
            if owner[o] == NONE:
                owner[o], distance[o] = owner[arc.operation], max(way, 0)
            elif owner[o] == owner[arc.operation]:
                distance[o] = max(distance[o], way)


@compiled
def _ends_in_turn(p: Tables, calendar: int, head: Ints, run: Ints) -> Ints:
    """Ends of interruptible jobs, sorted by head, shortest rest first: the i-th end is the least possible."""
    n = len(head)
    heap, key = np.zeros(n, dtype=np.int64), -run
    ends, done, size, i, t = np.zeros(n, dtype=np.int64), 0, 0, 0, 0
    while done < n:
        if size == 0:
            t = max(t, worked_by(p, calendar, head[i]))
        while i < n and worked_by(p, calendar, head[i]) <= t:
            push(heap, size, key, i)
            size, i = size + 1, i + 1
        top = heap[0]
        step = -key[top]
        if i < n:
            step = min(step, worked_by(p, calendar, head[i]) - t)
        t += step
        key[top] += step
        if key[top] == 0:
            pop(heap, size, key)
            size -= 1
            ends[done] = time_worked(p, calendar, t)
            done += 1
    return ends


@compiled
def least_assignment(cost: Floats) -> float:
    """Least sum of one entry in each row and column of a square matrix (Kuhn 1955, with potentials)."""
    n = len(cost)
    u, v = np.zeros(n + 1), np.zeros(n + 1)
    match, way = np.zeros(n + 1, dtype=np.int64), np.zeros(n + 1, dtype=np.int64)
    for row in range(1, n + 1):
        match[0], column = row, 0
        least, seen = np.full(n + 1, np.inf), np.zeros(n + 1, dtype=np.int64)
        while match[column] != 0:
            seen[column] = 1
            here, delta, following = match[column], np.inf, 0
            for j in range(1, n + 1):
                if seen[j] == 0:
                    slack = cost[here - 1, j - 1] - u[here] - v[j]
                    if slack < least[j]:
                        least[j], way[j] = slack, column
                    if least[j] < delta:
                        delta, following = least[j], j
            for j in range(n + 1):
                if seen[j] != 0:
                    u[match[j]] += delta
                    v[j] -= delta
                else:
                    least[j] -= delta
            column = following
        while column != 0:
            match[column] = match[way[column]]
            column = way[column]
    total = 0.0
    for j in range(1, n + 1):
        total += cost[match[j] - 1, j - 1]
    return total


class _Orders(NamedTuple):
    """Work of a resource summed by the charged operation it is for, by head."""

    owner: Ints
    head: Ints
    run: Ints
    tail: Ints


def _orders_on(s: Stays, resource: int, owner: Ints, distance: Ints, c: Charges) -> _Orders:
    rows = np.arange(s.first[resource], s.first[resource + 1])
    rows = rows[owner[s.operation[rows]] != NONE]
    owners, group = np.unique(owner[s.operation[rows]], return_inverse=True)
    head, tail = np.full(len(owners), FOREVER), np.full(len(owners), FOREVER)
    np.minimum.at(head, group, s.head[rows])
    np.minimum.at(tail, group, distance[s.operation[rows]])
    run = np.bincount(group, weights=s.run[rows], minlength=len(owners)).astype(np.int64)
    worth = (c.late[owners] + c.flow[owners]) / np.maximum(run, 1)
    kept = np.argsort(-worth, kind="stable")[:MOST_ORDERS]
    kept = kept[np.argsort(head[kept], kind="stable")]
    return _Orders(owners[kept], head[kept], run[kept], tail[kept])


def _gain(p: Tables, heads: Heads, calendar: int, orders: _Orders, c: Charges) -> float:
    """By how much orders in turn cost more than each at its earliest."""
    ends = _ends_in_turn(p, calendar, orders.head, orders.run)
    earliest = heads.end[orders.owner]
    at_best = charge(c, orders.owner, earliest)
    cost = np.stack(
        [charge(c, orders.owner, np.maximum(end + orders.tail, earliest)) - at_best for end in ends.tolist()]
    )
    return float(least_assignment(cost))


def sum_bound(p: Tables, heads: Heads, stays: Stays, price: Floats) -> tuple[float, int]:
    """Lower bound of weighted tardiness and flow at given prices.

    Every charged operation ends no earlier than its critical path allows. Beyond that, on one
    resource the i-th order to be done there ends no earlier than the i-th of the interruptible
    schedule with the shortest rest first (Chu 1992), whichever order that is: an assignment problem.

    Parameters
    ----------
    p, heads, stays
        Problem, and what `heads_of` and `stays_of` say of it.
    price
        Prices of goals; only tardiness and flow are looked at.

    Returns
    -------
    bound, resource
        The resource that gave most, `NONE` where none gave anything.
    """
    c = charges_of(p, price)
    charged = (c.late > 0) | (c.flow > 0)
    rows = np.flatnonzero(charged)
    total = float(charge(c, rows, heads.end[rows]).sum())
    owner, distance = np.zeros(p.total, dtype=np.int64), np.zeros(p.total, dtype=np.int64)
    _own(p, heads, charged.astype(np.int64), owner, distance)
    load = np.bincount(stays.resource, weights=stays.run, minlength=len(stays.calendar))
    best, where = 0.0, NONE
    for resource in np.argsort(-load, kind="stable")[:MOST_RESOURCES].tolist():
        orders = _orders_on(stays, resource, owner, distance, c)
        if len(orders.owner) > 1:
            gain = _gain(p, heads, int(stays.calendar[resource]), orders, c)
            if gain > best:
                best, where = gain, resource
    return total + best, where
