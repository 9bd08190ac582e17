"""Lower bounds of the makespan from what resources must work off one thing at a time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from manyworks.scheduling.bounds_heads import Heads
from manyworks.scheduling.engine.compiling import compiled, lean
from manyworks.scheduling.engine.timing import interval_at
from manyworks.scheduling.problem.tables import (
    CARRIES,
    EARLY_SETUP,
    FOREVER,
    NONE,
    Floats,
    Ints,
    Tables,
)

ROUNDS = 60
"""Steps of the search for prices of resources."""
GROUPS = 40
"""Groups of machines whose common load is looked at, the most loaded ones."""
WORK = 20_000_000
"""Modes looked at in all those steps together."""


class Stays(NamedTuple):
    """Operations that must be on a resource whatever their mode: rows sorted by resource, then head.

    All int64.

    Parameters
    ----------
    resource, operation
        Which on which.
    first
        (resources + 1,), pointers into the rows.
    head, run, tail
        Earliest time on the resource, least working time there, least time from its end to the end of all.
    calendar
        By resource: the one calendar that all its rows keep to; `NONE` where there is no such.
    """

    resource: Ints
    operation: Ints
    first: Ints
    head: Ints
    run: Ints
    tail: Ints
    calendar: Ints


class Holds(NamedTuple):
    """Every resource of every mode, in the order of ``Tables.holds``. All int64, (holds,)."""

    resource: Ints
    mode: Ints
    operation: Ints
    run: Ints


def holds_of(p: Tables, heads: Heads) -> Holds:
    """Least working time of each mode on each resource it holds; transports may take nothing at all."""
    mode = np.repeat(np.arange(len(p.modes) - 1), np.diff(p.modes["first_hold"]))
    owner = np.repeat(np.arange(p.total), np.diff(p.operations["first_mode"]))
    operation, flags = owner[mode], p.operations["flags"][owner[mode]]
    on_machine = np.zeros(len(mode), dtype=bool)
    on_machine[p.modes["first_hold"][:-1]] = True
    takes_setup = on_machine | (flags & EARLY_SETUP == 0)
    run = p.modes["duration"][mode] + np.where(takes_setup, heads.setup[mode], 0)
    run[flags & CARRIES != 0] = 0
    return Holds(p.holds, mode, operation, run)


def _one_calendar(calendar: Ints, resource: Ints, resources: int) -> Ints:
    """By resource the calendar of all its rows, `NONE` where they differ."""
    low, high = np.full(resources, FOREVER), np.full(resources, NONE)
    np.minimum.at(low, resource, calendar)
    np.maximum.at(high, resource, calendar)
    return np.where(low == high, low, NONE).astype(np.int64)


def stays_of(p: Tables, heads: Heads, holds: Holds) -> Stays:
    """Find what must be on each resource."""
    resources = len(p.resources)
    key = holds.operation * resources + holds.resource
    order = np.argsort(key, kind="stable")
    keys, at, counts = np.unique(key[order], return_index=True, return_counts=True)
    operation, resource = keys // resources, keys % resources
    must = counts == np.diff(p.operations["first_mode"])[operation]
    run = np.minimum.reduceat(holds.run[order], at) if len(at) else np.zeros(0, dtype=np.int64)
    head = heads.start[operation] - _set_up_before(p, heads, operation)
    # Frozen operations ignore calendars: a resource that has one of them keeps to none.
    calendar = _one_calendar(p.modes["calendar"][holds.mode], holds.resource, resources)
    rows = np.flatnonzero(must)
    rows = rows[np.lexsort((head[rows], resource[rows]))]
    return Stays(
        resource=resource[rows],
        operation=operation[rows],
        first=np.searchsorted(resource[rows], np.arange(resources + 1)),
        head=np.maximum(head, 0)[rows],
        run=run[rows],
        tail=heads.tail[operation][rows],
        calendar=calendar,
    )


def _set_up_before(p: Tables, heads: Heads, operation: Ints) -> Ints:
    """How long before its operation is ready a set-up may begin; on a calendar at any time."""
    early = p.operations["flags"][operation] & EARLY_SETUP != 0
    if not early.any():
        return np.zeros(len(operation), dtype=np.int64)
    first = p.operations["first_mode"][:-1]
    most = np.maximum.reduceat(heads.setup, first)
    shut = np.maximum.reduceat(p.modes["calendar"][:-1], first) != NONE
    reach = np.where(shut & (most > 0), FOREVER, most)
    return np.where(early, reach[operation], 0)


@lean
def worked_by(p: Tables, calendar: int, t: int) -> int:
    """Working time of a calendar up to a time; the time itself where it is always open."""
    if calendar == NONE or p.first_interval[calendar] == p.first_interval[calendar + 1]:
        return t
    i = interval_at(p, calendar, t)
    if i == p.first_interval[calendar + 1]:
        last = p.intervals[i - 1]
        return int(last.before + last.end - last.start)
    return int(p.intervals[i].before + max(t - p.intervals[i].start, 0))


@lean
def time_worked(p: Tables, calendar: int, worked: int) -> int:
    """Earliest time by which so much has been worked; beyond the calendar it goes on without breaks."""
    if calendar == NONE or p.first_interval[calendar] == p.first_interval[calendar + 1]:
        return worked
    low, high = p.first_interval[calendar], p.first_interval[calendar + 1] - 1
    while low < high:
        middle = (low + high) // 2
        if p.intervals[middle].before + p.intervals[middle].end - p.intervals[middle].start >= worked:
            high = middle
        else:
            low = middle + 1
    return int(p.intervals[low].start + worked - p.intervals[low].before)


@lean
def push(heap: Ints, size: int, key: Ints, item: int) -> None:
    """Put an item into a heap of ``size`` items; the greatest key is at the top."""
    i = size
    while i > 0 and key[heap[(i - 1) // 2]] < key[item]:
        heap[i] = heap[(i - 1) // 2]
        i = (i - 1) // 2
    heap[i] = item


@lean
def pop(heap: Ints, size: int, key: Ints) -> None:
    """Take the top off a heap of ``size`` items."""
    item, i = heap[size - 1], 0
    while 2 * i + 1 < size - 1:
        child = 2 * i + 1
        if child + 1 < size - 1 and key[heap[child + 1]] > key[heap[child]]:
            child += 1
        if key[heap[child]] <= key[item]:
            break
        heap[i] = heap[child]
        i = child
    heap[i] = item


@lean
def one_machine(p: Tables, s: Stays, resource: int, heap: Ints, left: Ints) -> int:
    """Makespan of a resource alone, its work interruptible: longest tail first (Jackson; Carlier 1982)."""
    i, last = s.first[resource], s.first[resource + 1]
    calendar, size, t, best = s.calendar[resource], 0, 0, 0
    while i < last or size > 0:
        if size == 0:
            t = max(t, worked_by(p, calendar, s.head[i]))
        while i < last and worked_by(p, calendar, s.head[i]) <= t:
            left[i] = s.run[i]
            push(heap, size, s.tail, i)
            size, i = size + 1, i + 1
        top = heap[0]
        step = left[top]
        if i < last:
            step = min(step, worked_by(p, calendar, s.head[i]) - t)
        t += step
        left[top] -= step
        if left[top] == 0:
            pop(heap, size, s.tail)
            size -= 1
            best = max(best, max(time_worked(p, calendar, t), s.head[top]) + s.tail[top])
    return int(best)


@compiled
def _all_machines(p: Tables, s: Stays) -> Ints:
    found = np.zeros(len(s.first) - 1, dtype=np.int64)
    heap, left = np.zeros(len(s.run), dtype=np.int64), np.zeros(len(s.run), dtype=np.int64)
    for resource in range(len(found)):
        found[resource] = one_machine(p, s, resource, heap, left)
    return found


def single_machines(p: Tables, stays: Stays) -> Ints:
    """Lower bound of the makespan by each resource alone; (resources,) int64."""
    return np.asarray(_all_machines(p, stays))


@lean
def _price_load(h: Holds, first_hold: Ints, first_mode: Ints, price: Floats, used: Floats) -> float:
    """Sum over operations of the cheapest mode; adds the time each resource is used by those."""
    total = 0.0
    for o in range(len(first_mode) - 1):
        best, chosen = np.inf, NONE
        for mode in range(first_mode[o], first_mode[o + 1]):
            cost = 0.0
            for hold in range(first_hold[mode], first_hold[mode + 1]):
                cost += price[h.resource[hold]] * h.run[hold]
            if cost < best:
                best, chosen = cost, mode
        total += best
        for hold in range(first_hold[chosen], first_hold[chosen + 1]):
            used[h.resource[hold]] += h.run[hold]
    return total


def _least_by_resource(values: Ints, holds: Holds, resources: int) -> Ints:
    least = np.full(resources, FOREVER)
    np.minimum.at(least, holds.resource, values[holds.operation])
    return np.where(least == FOREVER, 0, least)


def _group_prices(p: Tables, holds: Holds, resources: int) -> list[Floats]:
    """Equal prices on the resources of each group of machines that some operations choose among."""
    on_machine = p.modes["first_hold"][:-1]
    pairs = np.unique(holds.operation[on_machine] * resources + holds.resource[on_machine])
    operation, machine = pairs // resources, pairs % resources
    # A group is known by a sum of random numbers of its machines: equal sums are equal groups.
    mark = np.random.default_rng(0).random(resources)
    name = np.bincount(operation, weights=mark[machine], minlength=p.total)
    work = np.full(p.total, FOREVER)
    np.minimum.at(work, holds.operation, holds.run)
    _, first, group = np.unique(np.round(name, 9), return_index=True, return_inverse=True)
    size = np.bincount(operation, minlength=p.total)[first]
    load = np.bincount(group, weights=work) / np.maximum(size, 1)
    found = []
    for one in np.argsort(-load, kind="stable")[:GROUPS].tolist():
        members = machine[operation == first[one]]
        price = np.zeros(resources)
        price[members] = 1.0 / len(members)
        found.append(price)
    return found


class _Prices:
    """Prices of resources being tried, and the best bound so far."""

    def __init__(self, p: Tables, holds: Holds, margin: Floats) -> None:
        self._pointers = p.modes["first_hold"].copy(), p.operations["first_mode"].copy()
        self._holds = holds
        self._margin = margin
        self.bound = 0.0
        self.price = np.zeros(len(margin))

    def attempt(self, price: Floats) -> Floats:
        """Work out the bound of some prices; gives the time each resource is used where they are paid."""
        used = self._margin.copy()
        value = float(price @ used) + _price_load(self._holds, *self._pointers, price, used)
        if value > self.bound:
            self.bound, self.price = value, price
        return used


def _search(prices: _Prices, price: Floats, rounds: int) -> None:
    """Raise the prices of what is used most, by smaller and smaller steps; try their average at times."""
    average = np.zeros(len(price))
    for step in range(rounds):
        used = prices.attempt(price)
        average += price
        if step % 8 == 7:
            prices.attempt(average / average.sum())
        rate = 1.0 / (1.0 + step) ** 0.5 / max(float(used.max()), 1.0)
        price = price * np.exp(rate * used)
        price = price / price.sum()


def shared_load(p: Tables, heads: Heads, holds: Holds) -> tuple[float, Floats]:
    """Lower bound of the makespan by work that several resources share.

    With prices of resources that add up to 1, no schedule ends before the cheapest choice of modes costs
    (Lagrangian relaxation of the capacities). Tried are equal prices on all, on each group of machines
    that some operations choose among, and what multiplicative weights make of those (Arora, Hazan
    & Kale 2012); any prices are sound.

    Returns
    -------
    bound, prices
        Prices: (resources,).
    """
    resources = len(p.resources)
    calendars = np.unique(p.modes["calendar"][:-1])
    calendar = int(calendars[0]) if len(calendars) == 1 else NONE
    head = _least_by_resource(heads.start - _set_up_before(p, heads, np.arange(p.total)), holds, resources)
    margin = np.array([worked_by(p, calendar, int(t)) for t in np.maximum(head, 0)], dtype=np.float64)
    if calendar == NONE:
        margin += _least_by_resource(heads.tail, holds, resources)
    prices = _Prices(p, holds, margin)
    rounds = max(4, min(ROUNDS, WORK // max(len(holds.mode), 1)))
    machines = np.bincount(p.modes["machine"][:-1], minlength=resources) > 0
    everything = np.bincount(holds.resource, minlength=resources) > 0
    for start in (machines, everything):
        prices.attempt(start / start.sum())
    for price in _group_prices(p, holds, resources)[:rounds]:
        prices.attempt(price)
    _search(prices, 0.9 * prices.price + 0.1 * everything / everything.sum(), rounds)
    ends = int(np.floor(prices.bound * (1.0 - 1e-12)))
    return prices.bound if calendar == NONE else float(time_worked(p, calendar, ends)), prices.price
