"""Compiled: heads and tails of a graph; only of what changed, and as far as it changes."""

from __future__ import annotations

from manyworks.scheduling.engine.compiling import inner, lean
from manyworks.scheduling.engine.graph import Graph, Shop, holds_of, refresh_setup
from manyworks.scheduling.problem.tables import NONE, Ints

HEAD, TAIL = 1, 2
"""Bits of ``Graph.dirty``."""


@inner
def ready_at(shop: Shop, g: Graph, o: int, location: int) -> int:
    """Earliest start by release and links, were the operation done at a location."""
    ready = shop.sites[o].release
    for i in range(shop.sites[o].first_before, shop.sites[o + 1].first_before):
        arc = shop.befores[i]
        t = g.tasks[arc.operation].end + arc.lag
        if shop.travels != 0 and arc.moves != 0:
            t += shop.travel[shop.ways[g.tasks[arc.operation].mode].location, location]
        ready = max(ready, t)
    return int(ready)


@inner
def after_at(shop: Shop, g: Graph, o: int, location: int) -> int:
    """Longest time from an operation's end to the end of all by links, were it done at a location."""
    after = 0
    for i in range(shop.sites[o].first_after, shop.sites[o + 1].first_after):
        arc = shop.afters[i]
        t = g.tasks[arc.operation].back + arc.lag
        if shop.travels != 0 and arc.moves != 0:
            t += shop.travel[location, shop.ways[g.tasks[arc.operation].mode].location]
        after = max(after, t)
    return int(after)


@inner
def find_head(shop: Shop, g: Graph, o: int) -> bool:
    """Find an operation's head; tell whether its end changed."""
    task = g.tasks[o]
    task.ready = ready_at(shop, g, o, shop.ways[task.mode].location)
    head = task.ready
    for slot in range(holds_of(shop, task.mode)):
        node = g.line[g.place[(o << shop.shift) | slot] - 1]
        free = 0 if node == NONE else g.tasks[node >> shop.shift].end
        head = max(head, free + task.arc if slot == 0 else free)
    end = head + task.duration
    changed = end != task.end
    task.head, task.end = head, end
    return bool(changed)


@inner
def find_tail(shop: Shop, g: Graph, o: int) -> bool:
    """Find an operation's tail; tell whether it changed, seen from its start."""
    task = g.tasks[o]
    task.after = after_at(shop, g, o, shop.ways[task.mode].location)
    tail = task.after
    for slot in range(holds_of(shop, task.mode)):
        node = g.line[g.place[(o << shop.shift) | slot] + 1]
        if node != NONE:
            behind = g.tasks[node >> shop.shift]
            tail = max(tail, behind.back + (behind.arc if slot == 0 else 0))
    back = task.duration + tail
    changed = back != task.back
    task.tail, task.back = tail, back
    return bool(changed)


@inner
def _spread_heads(shop: Shop, g: Graph, o: int) -> int:
    """Mark all that directly waits for an operation; give the last position."""
    last = NONE
    for i in range(shop.sites[o].first_after, shop.sites[o + 1].first_after):
        after = shop.afters[i].operation
        g.tasks[after].dirty |= HEAD
        last = max(last, g.tasks[after].position)
    for slot in range(holds_of(shop, g.tasks[o].mode)):
        node = g.line[g.place[(o << shop.shift) | slot] + 1]
        if node != NONE:
            g.tasks[node >> shop.shift].dirty |= HEAD
            last = max(last, g.tasks[node >> shop.shift].position)
    return int(last)


@inner
def _spread_tails(shop: Shop, g: Graph, o: int) -> int:
    """Mark all that an operation directly waits for; give the first position."""
    first = shop.total
    for i in range(shop.sites[o].first_before, shop.sites[o + 1].first_before):
        before = shop.befores[i].operation
        g.tasks[before].dirty |= TAIL
        first = min(first, g.tasks[before].position)
    for slot in range(holds_of(shop, g.tasks[o].mode)):
        node = g.line[g.place[(o << shop.shift) | slot] - 1]
        if node != NONE:
            g.tasks[node >> shop.shift].dirty |= TAIL
            first = min(first, g.tasks[node >> shop.shift].position)
    return int(first)


@inner
def sweep(shop: Shop, g: Graph, low: int, high: int) -> None:
    """Find heads and tails of all that is dirty (between two positions) and all that changes by it."""
    i, last = low, high
    while i <= last:
        o = g.order[i]
        if g.tasks[o].dirty & HEAD:
            g.tasks[o].dirty &= ~HEAD
            if find_head(shop, g, o):
                last = max(last, _spread_heads(shop, g, o))
        i += 1
    i, last = high, low
    while i >= last:
        o = g.order[i]
        if g.tasks[o].dirty & TAIL:
            g.tasks[o].dirty &= ~TAIL
            if find_tail(shop, g, o):
                last = min(last, _spread_tails(shop, g, o))
        i -= 1


@inner
def length(shop: Shop, g: Graph) -> int:
    """Makespan."""
    latest = 0
    for o in shop.sinks:
        latest = max(latest, g.tasks[o].end)
    return int(latest)


@lean
def load(shop: Shop, g: Graph, modes: Ints, order: Ints) -> int:
    """Make the graph of given modes, every line in a given topological order; give the makespan."""
    for resource in range(len(g.counts)):
        first = shop.lines[resource].first
        for i in range(first, first + g.counts[resource]):
            g.line[i] = NONE
        g.counts[resource] = 0
    for i in range(shop.total):
        o, mode = order[i], modes[order[i]]
        g.order[i], g.tasks[o].position, g.tasks[o].mode = o, i, mode
        g.tasks[o].dirty, g.tasks[o].mark = 0, 0
        for slot in range(holds_of(shop, mode)):
            resource = shop.holds[shop.ways[mode].first_hold + slot]
            at = shop.lines[resource].first + g.counts[resource]
            g.counts[resource] += 1
            g.line[at] = (o << shop.shift) | slot
            g.place[(o << shop.shift) | slot] = at
    for i in range(shop.total):
        refresh_setup(shop, g, g.order[i])
        find_head(shop, g, g.order[i])
    for i in range(shop.total - 1, -1, -1):
        find_tail(shop, g, g.order[i])
    return length(shop, g)
