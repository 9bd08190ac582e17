"""Compiled: moves of critical operations to other machines, for operations that hold nothing else.

Between all that may have to precede an operation and all that may have to follow it on another
machine lies a window of places that contains the best one (Mastrolilli and Gambardella 2000).
"""

from __future__ import annotations

from manyworks.scheduling.engine.compiling import inner
from manyworks.scheduling.engine.graph import Graph, Shop, aim, setup_after
from manyworks.scheduling.engine.graph_sweep import after_at, ready_at
from manyworks.scheduling.engine.tabu_blocks import may_follow, may_precede, run_behind
from manyworks.scheduling.engine.tabu_memory import ESTIMATE, Memory, draw, is_banned_way, offer
from manyworks.scheduling.problem.tables import NONE

BEYOND_WINDOW = 3
"""Places to either side of the window that are tried where set-ups count."""


@inner
def first_ending_after(g: Graph, first: int, count: int, t: int, shift: int) -> int:
    """First place of a line whose operation ends after ``t``."""
    low, high = first, first + count
    while low < high:
        middle = (low + high) // 2
        if g.tasks[g.line[middle] >> shift].end > t:
            high = middle
        else:
            low = middle + 1
    return low


@inner
def first_not_needing(g: Graph, first: int, count: int, t: int, shift: int) -> int:
    """First place of a line whose operation needs no more than ``t`` from its start to the end of all."""
    low, high = first, first + count
    while low < high:
        middle = (low + high) // 2
        if g.tasks[g.line[middle] >> shift].back <= t:
            high = middle
        else:
            low = middle + 1
    return low


@inner
def without(shop: Shop, g: Graph, v: int) -> int:
    """Longest path through what stands behind ``v`` on its machine, were ``v`` gone."""
    at = g.place[v]
    before, behind = g.line[at - 1], g.line[at + 1]
    if behind == NONE:
        return 0
    task = g.tasks[behind]
    duration, arc = run_behind(shop, g, before, behind, task.mode)
    end = 0 if before == NONE else g.tasks[before].end
    return int(max(task.ready, end + arc) + duration + task.tail)


@inner
def back_behind(shop: Shop, g: Graph, mode: int, o: int) -> int:
    """Longest time from the end of a mode's operation to the end of all, were ``o`` next on its machine."""
    if shop.changing == 0:
        return int(g.tasks[o].back)
    own = g.tasks[o].mode
    return int(setup_after(shop, mode, own) + shop.ways[own].duration + g.tasks[o].tail)


@inner
def _longest(
    shop: Shop, g: Graph, v: int, mode: int, between: tuple[int, int], sides: tuple[int, int]
) -> int:
    """Longest path through ``v`` in a mode between two; ``sides``: ready time and what follows by links."""
    before, behind = between
    duration, arc = run_behind(shop, g, before, v, mode)
    head = max(sides[0], arc if before == NONE else g.tasks[before].end + arc)
    if behind == NONE:
        return int(head + duration + sides[1])
    back = back_behind(shop, g, mode, behind)
    estimate = head + duration + max(sides[1], back)
    if shop.changing != 0 and shop.sites[behind].early == 0:
        estimate = max(estimate, g.tasks[behind].ready + back)
    return int(estimate)


@inner
def _window(shop: Shop, g: Graph, v: int, mode: int, sides: tuple[int, int]) -> tuple[int, int]:
    """First and last place worth trying on a mode's machine."""
    machine = shop.ways[mode].machine
    first, count = shop.lines[machine].first, g.counts[machine]
    late = first_ending_after(g, first, count, sides[0], 0)
    free = first_not_needing(g, first, count, sides[1], 0)
    if shop.changing == 0:
        return min(late, free), max(late, free)
    low, high = min(late, free), max(late, free)
    for _ in range(BEYOND_WINDOW):
        if low > first and may_precede(shop, g, v, g.line[low - 1]):
            low -= 1
        if high < first + count and may_follow(shop, g, v, g.line[high]):
            high += 1
    return low, high


@inner
def _try_way(shop: Shop, g: Graph, m: Memory, v: int, mode: int, rest: int) -> None:
    """Consider an operation in another mode; ``rest`` is the longest path that stays where it is now."""
    way = shop.ways[mode]
    sides = (g.tasks[v].ready, g.tasks[v].after)
    if shop.travels != 0:
        sides = (ready_at(shop, g, v, way.location), after_at(shop, g, v, way.location))
    least = sides[0] + way.duration + sides[1]
    if max(rest, least) > m.notes[ESTIMATE]:
        return
    forbidden = is_banned_way(m, mode)
    if way.machine == shop.ways[g.tasks[v].mode].machine:
        at = g.place[v]
        through = _longest(shop, g, v, mode, (g.line[at - 1], g.line[at + 1]), sides)
        aim(shop, g, 0, at)
        offer(shop, g, m, (v, mode, max(rest, through), through), forbidden)
        return
    low, high = _window(shop, g, v, mode, sides)
    if shop.changing == 0 and low < high and g.tasks[g.line[low]].back <= sides[1]:
        aim(shop, g, 0, low + draw(m, high - low + 1))
        offer(shop, g, m, (v, mode, max(rest, least), least), forbidden)
        return
    for place in range(low, high + 1):
        through = _longest(shop, g, v, mode, (g.line[place - 1], g.line[place]), sides)
        if max(rest, through) <= m.notes[ESTIMATE]:
            aim(shop, g, 0, place)
            offer(shop, g, m, (v, mode, max(rest, through), through), forbidden)


@inner
def scan_ways(shop: Shop, g: Graph, m: Memory, v: int) -> None:
    """Consider all other modes of an operation."""
    first, end = shop.sites[v].first_mode, shop.sites[v + 1].first_mode
    if end - first == 1:
        return
    rest = without(shop, g, v)
    for mode in range(first, end):
        if mode != g.tasks[v].mode:
            _try_way(shop, g, m, v, mode, rest)
