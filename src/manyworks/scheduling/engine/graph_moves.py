"""Compiled: put an operation elsewhere in a graph, and keep order, heads and tails right."""

from __future__ import annotations

from manyworks.scheduling.engine.compiling import inlined, inner, lean
from manyworks.scheduling.engine.graph import Graph, Shop, holds_of, refresh_setup
from manyworks.scheduling.engine.graph_sweep import HEAD, TAIL, sweep
from manyworks.scheduling.problem.tables import NONE

BOTH = HEAD | TAIL


@inner
def take_out(shop: Shop, g: Graph, v: int) -> None:
    """Take an operation out of all its lines."""
    mode = g.tasks[v].mode
    for slot in range(holds_of(shop, mode)):
        resource = shop.holds[shop.ways[mode].first_hold + slot]
        last = shop.lines[resource].first + g.counts[resource] - 1
        for i in range(g.place[(v << shop.shift) | slot], last):
            g.line[i] = g.line[i + 1]
            g.place[g.line[i]] = i
        g.line[last] = NONE
        g.counts[resource] -= 1


@inner
def put_in(shop: Shop, g: Graph, v: int, mode: int, first: int) -> None:
    """Put an operation that stands nowhere into a mode's lines, where ``news`` says from ``first`` on."""
    g.tasks[v].mode = mode
    for slot in range(holds_of(shop, mode)):
        resource = shop.holds[shop.ways[mode].first_hold + slot]
        place = g.news[first + slot]
        for i in range(shop.lines[resource].first + g.counts[resource], place, -1):
            g.line[i] = g.line[i - 1]
            g.place[g.line[i]] = i
        node = (v << shop.shift) | slot
        g.line[place] = node
        g.place[node] = place
        g.counts[resource] += 1


@inner
def _order_range(shop: Shop, g: Graph, v: int) -> tuple[int, int]:
    """Positions between which the order may be wrong after ``v`` was put in; they enclose its own."""
    low, high = g.tasks[v].position, g.tasks[v].position
    for slot in range(holds_of(shop, g.tasks[v].mode)):
        at = g.place[(v << shop.shift) | slot]
        if g.line[at - 1] != NONE:
            high = max(high, g.tasks[g.line[at - 1] >> shop.shift].position)
        if g.line[at + 1] != NONE:
            low = min(low, g.tasks[g.line[at + 1] >> shop.shift].position)
    return low, high


@inner
def _waits_for_marked(shop: Shop, g: Graph, o: int) -> bool:
    """Whether something directly ahead of an operation is marked."""
    for i in range(shop.sites[o].first_before, shop.sites[o + 1].first_before):
        if g.tasks[shop.befores[i].operation].mark != 0:
            return True
    for slot in range(holds_of(shop, g.tasks[o].mode)):
        node = g.line[g.place[(o << shop.shift) | slot] - 1]
        if node != NONE and g.tasks[node >> shop.shift].mark != 0:
            return True
    return False


@inlined
def _put_at(g: Graph, at: int, o: int) -> None:
    g.order[at] = o
    g.tasks[o].position = at


@inner
def repair_order(shop: Shop, g: Graph, v: int) -> bool:
    """Make the order topological again after ``v`` was put in; False, and unchanged, for a cycle.

    All that follows ``v`` within the range of positions that may be wrong moves behind all that does not
    (Pearce and Kelly 2006, with a scan of the range instead of two searches).
    """
    low, high = _order_range(shop, g, v)
    if low == high:
        return True
    g.tasks[v].mark = 1
    followers = 0
    for i in range(low, high + 1):
        o = g.order[i]
        if o != v and _waits_for_marked(shop, g, o):
            g.tasks[o].mark = 1
            g.tasks[followers].queue = o
            followers += 1
    fine = not _waits_for_marked(shop, g, v)
    if fine:
        at = low
        for i in range(low, high + 1):
            o = g.order[i]
            if g.tasks[o].mark == 0:
                _put_at(g, at, o)
                at += 1
        _put_at(g, at, v)
        for i in range(followers):
            _put_at(g, at + 1 + i, g.tasks[i].queue)
    g.tasks[v].mark = 0
    for i in range(followers):
        g.tasks[g.tasks[i].queue].mark = 0
    return fine


@inner
def _stain(shop: Shop, g: Graph, o: int, span: tuple[int, int]) -> tuple[int, int]:
    """Mark head and tail of an operation as dirty and its set-up as outdated; widen a span of positions."""
    refresh_setup(shop, g, o)
    g.tasks[o].dirty = BOTH
    return min(span[0], g.tasks[o].position), max(span[1], g.tasks[o].position)


@inner
def _stain_linked(shop: Shop, g: Graph, v: int, span: tuple[int, int]) -> tuple[int, int]:
    """Mark all that is linked to an operation: travel times to and from it may have changed."""
    for i in range(shop.sites[v].first_before, shop.sites[v + 1].first_before):
        span = _stain(shop, g, shop.befores[i].operation, span)
    for i in range(shop.sites[v].first_after, shop.sites[v + 1].first_after):
        span = _stain(shop, g, shop.afters[i].operation, span)
    return span


@inner
def _stain_noted(shop: Shop, g: Graph, slots: int, span: tuple[int, int]) -> tuple[int, int]:
    """Mark the neighbours last noted."""
    for i in range(shop.slots, shop.slots + 2 * slots):
        if g.news[i] != NONE:
            span = _stain(shop, g, g.news[i] >> shop.shift, span)
    return span


@inner
def note_neighbours(shop: Shop, g: Graph, v: int) -> int:
    """Write places of ``v`` and the nodes ahead and behind there to ``news``; give the number of slots."""
    slots = holds_of(shop, g.tasks[v].mode)
    for slot in range(slots):
        at = g.place[(v << shop.shift) | slot]
        g.news[slot] = at
        g.news[shop.slots + 2 * slot] = g.line[at - 1]
        g.news[shop.slots + 2 * slot + 1] = g.line[at + 1]
    return slots


@inner
def relocate(shop: Shop, g: Graph, v: int, mode: int) -> bool:
    """Do ``v`` in a mode at the places that `aim` wrote (of lines without ``v``); find heads and tails.

    Returns
    -------
    bool
        False, and nothing changed, where it would make a cycle.
    """
    old, slots = g.tasks[v].mode, note_neighbours(shop, g, v)
    take_out(shop, g, v)
    put_in(shop, g, v, mode, 3 * shop.slots)
    if not repair_order(shop, g, v):
        take_out(shop, g, v)
        put_in(shop, g, v, old, 0)
        return False
    span = _stain_noted(shop, g, slots, _stain(shop, g, v, (shop.total, 0)))
    span = _stain_noted(shop, g, note_neighbours(shop, g, v), span)
    if shop.travels != 0 and old != mode:
        span = _stain_linked(shop, g, v, span)
    sweep(shop, g, span[0], span[1])
    return True


@lean
def lift(shop: Shop, g: Graph, v: int, duration: int) -> int:
    """Take ``v`` out of all lines, leave it in the links with a duration; find heads and tails.

    Where it stood is in the first places of ``news``; `put_back` undoes it. Gives its mode.
    """
    task, slots = g.tasks[v], note_neighbours(shop, g, v)
    old = task.mode
    take_out(shop, g, v)
    task.mode, task.duration, task.arc = len(shop.ways) - 2, duration, 0
    g.tasks[v].dirty = BOTH
    span = _stain_noted(shop, g, slots, (task.position, task.position))
    sweep(shop, g, span[0], span[1])
    return int(old)


@lean
def put_back(shop: Shop, g: Graph, v: int, mode: int) -> None:
    """Undo `lift`."""
    put_in(shop, g, v, mode, 0)
    span = _stain(shop, g, v, (shop.total, 0))
    span = _stain_noted(shop, g, note_neighbours(shop, g, v), span)
    sweep(shop, g, span[0], span[1])
