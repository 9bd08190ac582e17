"""Compiled: what every step of a tabu search is: a critical path, the best move allowed, and its making."""

from __future__ import annotations

from manyworks.scheduling.engine.compiling import inner, lean
from manyworks.scheduling.engine.graph import Graph, Shop, aimed, holds_of
from manyworks.scheduling.engine.graph_moves import relocate
from manyworks.scheduling.engine.graph_sweep import length, load
from manyworks.scheduling.engine.tabu_memory import (
    BANS,
    BEST,
    ITERATION,
    LENGTH,
    PATH,
    PATHS,
    STALE,
    Memory,
    ban,
    ban_end,
    clear_pick,
    draw,
    forget,
    keep_best,
    take_pick,
)
from manyworks.scheduling.problem.tables import NONE, Ints


@inner
def _last_critical(shop: Shop, g: Graph, m: Memory) -> int:
    """Any of the operations that end last."""
    found, ties = NONE, 0
    for o in shop.sinks:
        if g.tasks[o].end == m.notes[LENGTH]:
            ties += 1
            if draw(m, ties) == 0:
                found = o
    return int(found)


@inner
def _critical_ahead(shop: Shop, g: Graph, m: Memory, o: int) -> int:
    """Any of the operations whose end decides the head of one; `NONE` where none does."""
    task, found, ties = g.tasks[o], NONE, 0
    for slot in range(holds_of(shop, task.mode)):
        node = g.line[g.place[(o << shop.shift) | slot] - 1]
        arc = task.arc if slot == 0 else 0
        if node != NONE and g.tasks[node >> shop.shift].end + arc == task.head:
            ties += 1
            if ties == 1 or draw(m, ties) == 0:
                found = node >> shop.shift
    if task.ready != task.head:
        return int(found)
    for i in range(shop.sites[o].first_before, shop.sites[o + 1].first_before):
        arc = shop.befores[i]
        before = g.tasks[arc.operation]
        t = before.end + arc.lag
        if shop.travels != 0 and arc.moves != 0:
            t += shop.travel[shop.ways[before.mode].location, shop.ways[task.mode].location]
        if t == task.head:
            ties += 1
            if ties == 1 or draw(m, ties) == 0:
                found = arc.operation
    return int(found)


@inner
def open_step(shop: Shop, g: Graph, m: Memory) -> None:
    """Begin a step with a random critical path."""
    m.notes[ITERATION] += 1
    clear_pick(m)
    size, o = 0, _last_critical(shop, g, m)
    while o != NONE:
        m.rows[PATHS, size] = o
        size += 1
        o = _critical_ahead(shop, g, m, o)
    for i in range(size // 2):
        m.rows[PATHS, i], m.rows[PATHS, size - 1 - i] = m.rows[PATHS, size - 1 - i], m.rows[PATHS, i]
    m.notes[PATH] = size


@inner
def _ban_passing(shop: Shop, g: Graph, m: Memory, v: int, back: bool) -> None:
    """Forbid that pairs of operations whose order a move along lines changes change it again (or at all)."""
    until = ban_end(m)
    for slot in range(holds_of(shop, g.tasks[v].mode)):
        source, target = g.place[(v << shop.shift) | slot], aimed(shop, g, slot)
        for i in range(min(source, target), max(source, target) + 1):
            x = g.line[i] >> shop.shift
            if x != v and (source < target) == back:
                ban(m, v, x, until)
            elif x != v:
                ban(m, x, v, until)


@inner
def _is_held(shop: Shop, mode: int, resource: int) -> bool:
    """Whether a mode holds a resource."""
    for i in range(shop.ways[mode].first_hold, shop.ways[mode + 1].first_hold):
        if shop.holds[i] == resource:
            return True
    return False


@inner
def _ban_left(shop: Shop, m: Memory, v: int, old: int, new: int) -> None:
    """Forbid ``v`` all modes with any resource that it held and holds no longer."""
    m.bans[BANS + old] = ban_end(m)
    for i in range(shop.ways[old].first_hold, shop.ways[old + 1].first_hold):
        if not _is_held(shop, new, shop.holds[i]):
            for mode in range(shop.sites[v].first_mode, shop.sites[v + 1].first_mode):
                if _is_held(shop, mode, shop.holds[i]):
                    m.bans[BANS + mode] = m.bans[BANS + old]


@inner
def _apply(shop: Shop, g: Graph, m: Memory, v: int, mode: int) -> None:
    """Make a move and forbid its reverse; forbid the move itself where it cannot be made."""
    old = g.tasks[v].mode
    if mode == old:
        _ban_passing(shop, g, m, v, True)
    fine = relocate(shop, g, v, mode)
    if mode != old and fine:
        _ban_left(shop, m, v, old, mode)
    elif mode != old:
        m.bans[BANS + mode] = ban_end(m)
    elif not fine:
        _ban_passing(shop, g, m, v, False)


@inner
def close_step(shop: Shop, g: Graph, m: Memory) -> bool:
    """Make the best move allowed, else any forbidden one; False where there is none at all."""
    v, mode = take_pick(shop, g, m)
    if v == NONE:
        return False
    _apply(shop, g, m, v, mode)
    m.notes[LENGTH] = length(shop, g)
    m.notes[STALE] += 1
    if m.notes[LENGTH] < m.notes[BEST]:
        m.notes[BEST], m.notes[STALE] = m.notes[LENGTH], 0
        keep_best(shop, g, m)
    return True


@lean
def begin(shop: Shop, g: Graph, m: Memory, modes: Ints, order: Ints) -> int:
    """Begin a walk at a solution; gives its makespan."""
    forget(m)
    m.notes[LENGTH] = load(shop, g, modes, order)
    m.notes[BEST], m.notes[STALE] = m.notes[LENGTH], 0
    keep_best(shop, g, m)
    return int(m.notes[BEST])
