"""Compiled: list scheduling of plain shops by events, for up to millions of operations.

A plain shop has operations that hold one machine and nothing else: no calendars, set-ups or travel.
A machine that is free takes the waiting operation with the smallest key at once (a non-delay schedule).
One record of 64 bytes per operation, so that a cache line holds all that is needed of it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from manyworks.scheduling.engine.compiling import compiled, inlined, lean
from manyworks.scheduling.problem.tables import NONE, Floats, Ints, Records

STEP = np.dtype(
    [
        ("machine", np.int32),
        ("after", np.int32),
        ("before", np.int32),
        ("arcs", np.int32),
        ("befores", np.int32),
        ("waiting", np.int32),
        ("duration", np.int64),
        ("release", np.int64),
        ("key", np.float64),
        ("ready", np.int64),
        ("start", np.int64),
    ]
)
ENTRY = np.dtype([("key", np.float64), ("operation", np.int64)])
EVENT = np.dtype([("time", np.int64), ("operation", np.int64), ("arrives", np.int64)])
CHOICE = np.dtype([("machine", np.int64), ("duration", np.int64)])
LINE = np.dtype([("first", np.int64), ("size", np.int64), ("working", np.int64), ("touched", np.int64)])

EVENTS, TOUCHED, NOW, HASTE = range(4)


class Shop(NamedTuple):
    """A plain shop, seen in one direction of time.

    Parameters
    ----------
    steps
        `STEP` by operation. ``after`` and ``before`` are the only follower and predecessor where there is
        one of them, without a lag, `NONE` where there is none; ``arcs`` is 1 if there are more, or lags:
        all of them are in the tables then.
    first_after, afters, first_before, befores
        Arcs by operation, in this direction of time.
    first_choice, choices
        `CHOICE` by operation: machines and durations it may take; pointers have one row more.
    """

    steps: Records
    first_after: Ints
    afters: Records
    first_before: Ints
    befores: Records
    first_choice: Ints
    choices: Records


class Lines(NamedTuple):
    """Queues of machines, and what happens next.

    Parameters
    ----------
    lines
        `LINE` by machine: where its queue begins and how long it is, the operation at work (`NONE`: idle).
    queue
        `ENTRY`: a heap for each machine.
    events
        `EVENT`, a heap by time: ends of operations, and arrivals of ones that are ready later.
    touched
        Machines that may start something now.
    committed
        By machine: when all that has joined it could be done.
    price
        By machine: how much its time is worth, 1 on average (see `balance`).
    counts
        Events, touched machines, the time now, and how much an operation's own time counts when it picks a
        machine.
    """

    lines: Records
    queue: Records
    events: Records
    touched: Ints
    committed: Ints
    price: Floats
    counts: Ints


def empty_lines(shop: Shop, machines: int) -> Lines:
    """Make room for queues of a shop's machines."""
    lines = np.zeros(machines, dtype=LINE)
    sizes = np.bincount(shop.choices["machine"], minlength=machines)
    lines["first"][1:] = np.cumsum(sizes)[:-1]
    return Lines(
        lines=lines,
        queue=np.zeros(len(shop.choices), dtype=ENTRY),
        events=np.zeros(machines + len(shop.steps), dtype=EVENT),
        touched=np.zeros(machines, dtype=np.int64),
        committed=np.zeros(machines, dtype=np.int64),
        price=np.ones(machines),
        counts=np.zeros(4, dtype=np.int64),
    )


@inlined
def _push_event(w: Lines, time: int, operation: int, arrives: int) -> None:
    at, events = w.counts[EVENTS], w.events
    w.counts[EVENTS] += 1
    while at > 0 and events[(at - 1) >> 1].time > time:
        above = events[(at - 1) >> 1]
        here = events[at]
        here.time, here.operation, here.arrives = above.time, above.operation, above.arrives
        at = (at - 1) >> 1
    here = events[at]
    here.time, here.operation, here.arrives = time, operation, arrives


@inlined
def _drop_event(w: Lines) -> None:
    """Take the first event out."""
    w.counts[EVENTS] -= 1
    size, events = w.counts[EVENTS], w.events
    moved = events[size]
    time, at = moved.time, 0
    while 2 * at + 1 < size:
        child = 2 * at + 1
        if child + 1 < size and events[child + 1].time < events[child].time:
            child += 1
        if events[child].time >= time:
            break
        here, below = events[at], events[child]
        here.time, here.operation, here.arrives = below.time, below.operation, below.arrives
        at = child
    here = events[at]
    here.time, here.operation, here.arrives = time, moved.operation, moved.arrives


@inlined
def _queue_up(w: Lines, machine: int, key: float, operation: int) -> None:
    line = w.lines[machine]
    first, at, queue = line.first, line.size, w.queue
    line.size += 1
    while at > 0 and queue[first + ((at - 1) >> 1)].key > key:
        above = queue[first + ((at - 1) >> 1)]
        queue[first + at].key, queue[first + at].operation = above.key, above.operation
        at = (at - 1) >> 1
    queue[first + at].key, queue[first + at].operation = key, operation
    if line.touched == 0:
        line.touched = 1
        w.touched[w.counts[TOUCHED]] = machine
        w.counts[TOUCHED] += 1


@inlined
def _next_in_line(w: Lines, machine: int) -> int:
    """Take the operation with the smallest key out of a machine's queue."""
    line, queue = w.lines[machine], w.queue
    line.size -= 1
    first, size = line.first, line.size
    best = queue[first].operation
    key, moved = queue[first + size].key, queue[first + size].operation
    at = 0
    while 2 * at + 1 < size:
        child = 2 * at + 1
        if child + 1 < size and queue[first + child + 1].key < queue[first + child].key:
            child += 1
        if queue[first + child].key >= key:
            break
        queue[first + at].key, queue[first + at].operation = (
            queue[first + child].key,
            queue[first + child].operation,
        )
        at = child
    queue[first + at].key, queue[first + at].operation = key, moved
    return int(best)


@compiled
def _pick_machine(shop: Shop, w: Lines, o: int, now: int) -> None:
    """Bind an operation to the machine that is free first behind all that has joined it, time for time.

    Its own time there counts `HASTE` times and at the machine's price: who takes a slow machine because it
    is free now keeps it from others later.
    """
    best, best_cost, step = NONE, 0.0, shop.steps[o]
    for i in range(shop.first_choice[o], shop.first_choice[o + 1]):
        choice = shop.choices[i]
        own = w.counts[HASTE] * w.price[choice.machine] * choice.duration
        cost = max(now, w.committed[choice.machine]) + own
        if best == NONE or cost < best_cost:
            best, best_cost = i, cost
    step.machine, step.duration = shop.choices[best].machine, shop.choices[best].duration
    w.committed[step.machine] = max(now, w.committed[step.machine]) + step.duration


@inlined
def _arrive(shop: Shop, w: Lines, o: int, now: int) -> None:
    """Let an operation that waits for nothing join a machine, now or when it is ready."""
    step = shop.steps[o]
    if step.ready > now:
        _push_event(w, step.ready, o, 1)
        return
    if step.machine == NONE:
        _pick_machine(shop, w, o, now)
    _queue_up(w, step.machine, step.key, o)


@inlined
def _release(shop: Shop, w: Lines, o: int, ready: int, now: int) -> None:
    step = shop.steps[o]
    step.ready = max(step.ready, ready)
    step.waiting -= 1
    if step.waiting == 0:
        _arrive(shop, w, o, now)


@inlined
def _finish(shop: Shop, w: Lines, o: int, now: int) -> None:
    """Free the machine of an operation that ends now, and release what waited for it."""
    step = shop.steps[o]
    line = w.lines[step.machine]
    line.working = NONE
    if line.touched == 0:
        line.touched = 1
        w.touched[w.counts[TOUCHED]] = step.machine
        w.counts[TOUCHED] += 1
    if step.arcs != 0:
        for i in range(shop.first_after[o], shop.first_after[o + 1]):
            _release(shop, w, shop.afters[i].operation, now + shop.afters[i].lag, now)
    elif step.after != NONE:
        _release(shop, w, step.after, now, now)


@inlined
def _start_waiting(shop: Shop, w: Lines, now: int) -> int:
    """Let every machine that is idle take its next operation; how many were started."""
    started = 0
    for i in range(w.counts[TOUCHED]):
        machine = w.touched[i]
        line = w.lines[machine]
        line.touched = 0
        if line.working == NONE and line.size > 0:
            o = _next_in_line(w, machine)
            step = shop.steps[o]
            step.start, line.working = now, o
            _push_event(w, now + step.duration, o, 0)
            started += 1
    w.counts[TOUCHED] = 0
    return started


@lean
def open_shop(shop: Shop, w: Lines, bound: bool) -> None:
    """Clear the queues and let in what waits for nothing.

    ``bound``: operations keep the machines they have; otherwise they pick one when they are ready.
    """
    for machine in range(len(w.lines)):
        line = w.lines[machine]
        line.size, line.working, line.touched = 0, NONE, 0
        w.committed[machine] = 0
    w.counts[EVENTS], w.counts[TOUCHED], w.counts[NOW] = 0, 0, 0
    for o in range(len(shop.steps)):
        step = shop.steps[o]
        step.waiting, step.ready = step.befores, step.release
        if not bound:
            step.machine = NONE
    for o in range(len(shop.steps)):
        if shop.steps[o].befores == 0:
            _arrive(shop, w, o, 0)


@lean
def run_shop(shop: Shop, w: Lines, steps: int) -> bool:
    """Go on until about so many operations have started; whether there is more to do."""
    while True:
        now = w.counts[NOW]
        steps -= _start_waiting(shop, w, now)
        if w.counts[EVENTS] == 0:
            return False
        if steps <= 0:
            return True
        now = w.events[0].time
        w.counts[NOW] = now
        while w.counts[EVENTS] > 0 and w.events[0].time == now:
            o, arrives = w.events[0].operation, w.events[0].arrives
            _drop_event(w)
            if arrives:
                _arrive(shop, w, o, now)
            else:
                _finish(shop, w, o, now)


@lean
def work_remaining(shop: Shop, order: Ints, work: Ints) -> None:
    """Longest time from the start of each operation to the end of its job, as operations are bound.

    Parameters
    ----------
    order
        (operations,), topological.
    work
        (operations,), overwritten.
    """
    for at in range(len(order) - 1, -1, -1):
        o = order[at]
        after = 0
        for i in range(shop.first_after[o], shop.first_after[o + 1]):
            after = max(after, shop.afters[i].lag + work[shop.afters[i].operation])
        work[o] = after + shop.steps[o].duration


@inlined
def _cheapest(shop: Shop, price: Floats, o: int) -> int:
    best, best_cost = NONE, 0.0
    for i in range(shop.first_choice[o], shop.first_choice[o + 1]):
        cost = price[shop.choices[i].machine] * shop.choices[i].duration
        if best == NONE or cost < best_cost:
            best, best_cost = i, cost
    return best


@inlined
def _rebind(shop: Shop, loads: Ints, o: int, choice: int) -> None:
    step, chosen = shop.steps[o], shop.choices[choice]
    loads[step.machine] -= step.duration
    step.machine, step.duration = chosen.machine, chosen.duration
    loads[step.machine] += step.duration


@inlined
def _best_fit(shop: Shop, loads: Ints, base: Floats, scale: float, o: int) -> int:
    """Choice with the least price, where a machine's price follows its load with the operation on it."""
    step = shop.steps[o]
    best, best_cost = NONE, 0.0
    for i in range(shop.first_choice[o], shop.first_choice[o + 1]):
        choice = shop.choices[i]
        load = loads[choice.machine] + choice.duration // 2
        if choice.machine == step.machine:
            load -= step.duration
        cost = max(base[choice.machine] * np.exp(scale * load), 1.0) * choice.duration
        if best == NONE or cost < best_cost:
            best, best_cost = i, cost
    return best


@compiled
def balance(shop: Shop, loads: Ints, price: Floats, horizon: float, rounds: int) -> None:
    """Bind operations to machines so that no machine has much more to do than others.

    Rounds in which every operation takes the machine with the least price times duration; prices of
    machines with more to do than ``horizon`` rise, those of others fall (multiplicative weights: Plotkin,
    Shmoys and Tardos 1995, Mathematics of Operations Research 20). Then a few rounds one operation at a time
    level out what rounding left.

    Parameters
    ----------
    loads
        (machines,), work of the operations as they are bound; kept up to date.
    price
        (machines,), overwritten: what a unit of a machine's time is worth.
    """
    base = np.empty(len(loads), dtype=np.float64)
    # Never below 1: machines with little to do are taken as they come.
    price[:] = 1.0
    for r in range(rounds):
        for machine in range(len(loads)):
            excess = min(max(loads[machine] / horizon - 1.0, -0.5), 0.5)
            price[machine] = max(price[machine] * np.exp(excess / (1.0 + 0.2 * r)), 1.0)
        for o in range(len(shop.steps)):
            if shop.first_choice[o + 1] - shop.first_choice[o] > 1:
                _rebind(shop, loads, o, _cheapest(shop, price, o))
    for r in range(rounds // 2):
        scale = (20.0 + 20.0 * r) / horizon
        for machine in range(len(loads)):
            base[machine] = price[machine] * np.exp(-scale * horizon)
        for o in range(len(shop.steps)):
            if shop.first_choice[o + 1] - shop.first_choice[o] > 1:
                _rebind(shop, loads, o, _best_fit(shop, loads, base, scale, o))
