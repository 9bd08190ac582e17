"""Compiled: moves of critical operations that hold several resources: machine, workers, tools.

An operation is taken out of all its lines, heads and tails are found without it, and all places between
what may have to precede it and what may have to follow it are tried: of operations it could
go ahead of or behind, those that begin first are put ahead, on all its resources alike, so that no
cycle can arise. The longest path through it is exact then (but for set-ups of others).
"""

from __future__ import annotations

from manyworks.scheduling.engine.compiling import inner, lean
from manyworks.scheduling.engine.graph import Graph, Shop, aim, aimed, holds_of
from manyworks.scheduling.engine.graph_moves import lift, put_back
from manyworks.scheduling.engine.graph_sweep import after_at, length, ready_at
from manyworks.scheduling.engine.tabu_blocks import run_behind
from manyworks.scheduling.engine.tabu_memory import (
    ESTIMATE,
    NEVER,
    PATH,
    PATHS,
    ROW,
    SAMPLE,
    STALE,
    Memory,
    draw,
    is_banned,
    is_banned_way,
    offer,
)
from manyworks.scheduling.engine.tabu_steps import close_step, open_step
from manyworks.scheduling.engine.tabu_ways import back_behind, first_ending_after, first_not_needing
from manyworks.scheduling.problem.tables import NONE


@inner
def _enter_window(shop: Shop, g: Graph, m: Memory, mode: int, sides: tuple[int, int]) -> None:
    """Set the places aimed at to the first ones worth trying, and ``row`` to the last ones."""
    for slot in range(holds_of(shop, mode)):
        resource = shop.holds[shop.ways[mode].first_hold + slot]
        first, count = shop.lines[resource].first, g.counts[resource]
        late = first_ending_after(g, first, count, sides[0], shop.shift)
        aim(shop, g, slot, late)
        m.rows[ROW, slot] = max(late, first_not_needing(g, first, count, sides[1], shop.shift))


@inner
def _advance(shop: Shop, g: Graph, m: Memory, mode: int) -> bool:
    """Let what begins first of those right behind the places aimed at go ahead; False where none may."""
    found, first = NONE, NEVER
    for slot in range(holds_of(shop, mode)):
        at = aimed(shop, g, slot)
        if at < m.rows[ROW, slot] and g.tasks[g.line[at] >> shop.shift].head < first:
            found, first = slot, g.tasks[g.line[at] >> shop.shift].head
    if found == NONE:
        return False
    aim(shop, g, found, aimed(shop, g, found) + 1)
    return True


@inner
def _longest(shop: Shop, g: Graph, m: Memory, v: int, mode: int, sides: tuple[int, int]) -> int:
    """Longest path through ``v`` in a mode at the places aimed at."""
    node = g.line[aimed(shop, g, 0) - 1]
    duration, arc = run_behind(shop, g, NONE if node == NONE else node >> shop.shift, v, mode)
    head, tail = sides
    for slot in range(holds_of(shop, mode)):
        before, behind = g.line[aimed(shop, g, slot) - 1], g.line[aimed(shop, g, slot)]
        free = 0 if before == NONE else g.tasks[before >> shop.shift].end
        head = max(head, free + arc if slot == 0 else free)
        if behind != NONE and slot == 0:
            tail = max(tail, back_behind(shop, g, mode, behind >> shop.shift))
        elif behind != NONE:
            tail = max(tail, g.tasks[behind >> shop.shift].back)
    return int(head + duration + tail)


@inner
def _stays(shop: Shop, g: Graph, m: Memory, mode: int) -> bool:
    """Whether the places aimed at are those where the operation stood."""
    slots, slot = holds_of(shop, mode), 0
    while slot < slots and aimed(shop, g, slot) == g.news[slot]:
        slot += 1
    return slot == slots


@inner
def _is_forbidden(shop: Shop, g: Graph, m: Memory, v: int, mode: int) -> bool:
    """Whether the places aimed at bring the operation back ahead of or behind one it may not pass."""
    for slot in range(holds_of(shop, mode)):
        at = aimed(shop, g, slot)
        if at > g.news[slot] and is_banned(m, g.line[at - 1] >> shop.shift, v):
            return True
        if at < g.news[slot] and is_banned(m, v, g.line[at] >> shop.shift):
            return True
    return False


@inner
def _try_mode(shop: Shop, g: Graph, m: Memory, v: int, modes: tuple[int, int], rest: int) -> None:
    """Consider an operation in a mode; ``modes``: that, and the one it had."""
    mode, old = modes
    location = shop.ways[mode].location
    sides = (ready_at(shop, g, v, location), after_at(shop, g, v, location))
    if max(rest, sides[0] + shop.ways[mode].duration + sides[1]) > m.notes[ESTIMATE]:
        return
    _enter_window(shop, g, m, mode, sides)
    going = True
    while going:
        through = _longest(shop, g, m, v, mode, sides)
        if max(rest, through) <= m.notes[ESTIMATE] and not (mode == old and _stays(shop, g, m, mode)):
            forbidden = _is_forbidden(shop, g, m, v, mode) if mode == old else is_banned_way(m, mode)
            offer(shop, g, m, (v, mode, max(rest, through), through), forbidden)
        going = _advance(shop, g, m, mode)


@inner
def _try_operation(shop: Shop, g: Graph, m: Memory, v: int) -> None:
    """Consider all modes and places of an operation."""
    least = NEVER
    for mode in range(shop.sites[v].first_mode, shop.sites[v + 1].first_mode):
        least = min(least, shop.ways[mode].duration)
    old = lift(shop, g, v, least)
    rest = length(shop, g)
    if rest <= m.notes[ESTIMATE]:
        for mode in range(shop.sites[v].first_mode, shop.sites[v + 1].first_mode):
            _try_mode(shop, g, m, v, (mode, old), rest)
    put_back(shop, g, v, old)


@inner
def scan_slots(shop: Shop, g: Graph, m: Memory) -> None:
    """Consider some operations of the critical path, chosen at random."""
    size = m.notes[PATH]
    for i in range(min(size, m.notes[SAMPLE])):
        j = i + draw(m, size - i)
        m.rows[PATHS, i], m.rows[PATHS, j] = m.rows[PATHS, j], m.rows[PATHS, i]
        _try_operation(shop, g, m, m.rows[PATHS, i])


@lean
def walk_slots(shop: Shop, g: Graph, m: Memory, moves: int, patience: int) -> int:
    """Go on with a walk where modes hold any number of resources.

    It ends after so many moves, or after ``patience`` of them in a row without a better solution.

    Returns
    -------
    int
        Moves made.
    """
    for made in range(moves):
        if m.notes[STALE] >= patience:
            return made
        open_step(shop, g, m)
        scan_slots(shop, g, m)
        if not close_step(shop, g, m):
            m.notes[STALE] = patience
            return made
    return moves
