"""Compiled: random good solutions to begin walks from."""

from __future__ import annotations

import numpy as np

from manyworks.scheduling.engine.compiling import compiled, inner
from manyworks.scheduling.engine.graph import Graph, Shop, holds_of, setup_after
from manyworks.scheduling.engine.tabu_memory import Memory, draw
from manyworks.scheduling.problem.tables import NONE, Ints

FREE, LAST = range(2)
"""Rows of the record of resources: free from, last mode done there."""
GRAIN = 1 << 20


@compiled
def least_after(shop: Shop, order: Ints) -> Ints:
    """Mean work that follows each operation along links, itself included; ``order`` respects links."""
    after = np.zeros(shop.total, dtype=np.int64)
    for i in range(shop.total - 1, -1, -1):
        o, run = order[i], np.int64(0)
        for mode in range(shop.sites[o].first_mode, shop.sites[o + 1].first_mode):
            run += shop.ways[mode].duration
        run = run // (shop.sites[o + 1].first_mode - shop.sites[o].first_mode)
        for j in range(shop.sites[o].first_after, shop.sites[o + 1].first_after):
            after[o] = max(after[o], after[shop.afters[j].operation] + shop.afters[j].lag)
        after[o] += run
    return after


@inner
def _span_of(shop: Shop, lines: Ints, o: int, mode: int, ready: int) -> tuple[int, int]:
    """Start (of an early set-up too) and end of an operation, done next in a mode."""
    machine = shop.ways[mode].machine
    setup = setup_after(shop, lines[LAST, machine], mode)
    start, early = ready, shop.sites[o].early != 0
    first = shop.ways[mode].first_hold
    for slot in range(1, holds_of(shop, mode)):
        start = max(start, lines[FREE, shop.holds[first + slot]])
    start = max(start, lines[FREE, machine] + (setup if early else 0))
    return start, start + shop.ways[mode].duration + (0 if early else setup)


@inner
def _ready_at(shop: Shop, g: Graph, o: int, mode: int) -> int:
    ready = shop.sites[o].release
    for i in range(shop.sites[o].first_before, shop.sites[o + 1].first_before):
        arc = shop.befores[i]
        t = g.tasks[arc.operation].end + arc.lag
        if arc.moves != 0:
            there = shop.ways[g.tasks[arc.operation].mode].location
            t += shop.travel[there, shop.ways[mode].location]
        ready = max(ready, t)
    return int(ready)


@inner
def _choose_mode(shop: Shop, g: Graph, m: Memory, lines: Ints, o: int) -> None:
    """Give an operation the mode in which it would end first, were it next."""
    task, ties = g.tasks[o], 0
    for mode in range(shop.sites[o].first_mode, shop.sites[o + 1].first_mode):
        start, end = _span_of(shop, lines, o, mode, _ready_at(shop, g, o, mode))
        ties = 0 if ties > 0 and end < task.end else ties
        if ties == 0 or end == task.end:
            ties += 1
            if draw(m, ties) == 0:
                task.mode, task.head, task.end = mode, start, end


@compiled
def _choose_operation(shop: Shop, g: Graph, m: Memory, waiting: Ints, after: Ints) -> int:
    """Choose one of those that compete with the first to end, by work that follows, more or less."""
    first = 0
    for i in range(1, len(waiting)):
        if g.tasks[waiting[i]].end < g.tasks[waiting[first]].end:
            first = i
    decisive = g.tasks[waiting[first]]
    best, found = NONE, first
    for i in range(len(waiting)):
        task = g.tasks[waiting[i]]
        if task.head < decisive.end and shop.ways[task.mode].machine == shop.ways[decisive.mode].machine:
            worth = after[waiting[i]] * (GRAIN + draw(m, GRAIN))
            if worth > best:
                best, found = worth, i
    return found


@compiled
def construct(shop: Shop, g: Graph, m: Memory, after: Ints, modes: Ints, order: Ints) -> None:
    """Write a random active schedule (Giffler and Thompson 1960), long work first, to modes and order."""
    lines = np.zeros((2, len(g.counts)), dtype=np.int64)
    lines[LAST, :] = NONE
    waiting, open_arcs = np.empty(shop.total, dtype=np.int64), np.empty(shop.total, dtype=np.int64)
    size = 0
    for o in range(shop.total):
        open_arcs[o] = shop.sites[o + 1].first_before - shop.sites[o].first_before
        if open_arcs[o] == 0:
            waiting[size] = o
            size += 1
    for done in range(shop.total):
        for i in range(size):
            _choose_mode(shop, g, m, lines, waiting[i])
        at = _choose_operation(shop, g, m, waiting[:size], after)
        o = waiting[at]
        mode = g.tasks[o].mode
        order[done], modes[o] = o, mode
        for i in range(shop.ways[mode].first_hold, shop.ways[mode + 1].first_hold):
            lines[FREE, shop.holds[i]], lines[LAST, shop.holds[i]] = g.tasks[o].end, mode
        size -= 1
        waiting[at] = waiting[size]
        for i in range(shop.sites[o].first_after, shop.sites[o + 1].first_after):
            behind = shop.afters[i].operation
            open_arcs[behind] -= 1
            if open_arcs[behind] == 0:
                waiting[size] = behind
                size += 1
