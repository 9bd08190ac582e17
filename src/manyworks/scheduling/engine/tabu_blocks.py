"""Compiled: moves of critical operations along their own machine, for operations that hold nothing else."""

from __future__ import annotations

from manyworks.scheduling.engine.compiling import inner
from manyworks.scheduling.engine.graph import Graph, Shop, aim, setup_after
from manyworks.scheduling.engine.tabu_memory import (
    ARCS,
    ESTIMATE,
    HEADS,
    NEVER,
    ROW,
    RUNS,
    Memory,
    is_banned,
    offer,
)
from manyworks.scheduling.problem.tables import NONE


@inner
def run_behind(shop: Shop, g: Graph, before: int, o: int, mode: int) -> tuple[int, int]:
    """Duration, with a set-up that is part of it, and arc of an operation behind another (or `NONE`)."""
    duration = shop.ways[mode].duration
    if shop.changing == 0:
        return duration, 0
    setup = setup_after(shop, NONE if before == NONE else g.tasks[before].mode, mode)
    if shop.sites[o].early != 0:
        return duration, setup
    return duration + setup, 0


@inner
def may_follow(shop: Shop, g: Graph, u: int, x: int) -> bool:
    """Whether surely nothing that waits for ``u`` leads to ``x`` (Balas and Vazacopoulos 1998)."""
    for i in range(shop.sites[u].first_after, shop.sites[u + 1].first_after):
        o = shop.afters[i].operation
        after, other = g.tasks[o], g.tasks[x]
        if o == x or (other.head >= after.end and after.back >= after.duration + other.back):
            return False
    return True


@inner
def may_precede(shop: Shop, g: Graph, u: int, x: int) -> bool:
    """Whether ``x`` surely leads to nothing that ``u`` waits for."""
    for i in range(shop.sites[u].first_before, shop.sites[u + 1].first_before):
        o = shop.befores[i].operation
        before, other = g.tasks[o], g.tasks[x]
        if o == x or (before.head >= other.end and other.back >= other.duration + before.back):
            return False
    return True


@inner
def lay_out(g: Graph, m: Memory, source: int, target: int) -> None:
    """Write the stretch of a line between two places to ``row`` as it is after a move."""
    low, high = min(source, target), max(source, target)
    step = 1 if source < target else -1
    for i in range(low, high + 1):
        m.rows[ROW, i - low] = g.line[source] if i == target else g.line[i + step]


@inner
def is_forbidden(g: Graph, m: Memory, source: int, target: int) -> bool:
    """Whether moving an operation along its line brings a pair back into an order that is forbidden."""
    v = g.line[source]
    if source < target:
        return is_banned(m, g.line[target], v)
    return is_banned(m, v, g.line[target])


@inner
def longest_through(shop: Shop, g: Graph, m: Memory, low: int, size: int) -> int:
    """Estimate the longest path through the stretch in `ROW`, which begins at a place (the same source).

    `NEVER` as soon as it is longer than what was found already.
    """
    before, end = g.line[low - 1], 0
    if before != NONE:
        end = g.tasks[before].end
    for i in range(size):
        o = m.rows[ROW, i]
        duration, arc = run_behind(shop, g, before, o, g.tasks[o].mode)
        head = max(g.tasks[o].ready, end + arc)
        end = head + duration
        if end + g.tasks[o].after > m.notes[ESTIMATE]:
            return NEVER
        m.rows[HEADS, i], m.rows[RUNS, i], m.rows[ARCS, i] = head, duration, arc
        before = o
    back, estimate, behind = 0, 0, g.line[low + size]
    if behind != NONE:
        duration, arc = run_behind(shop, g, before, behind, g.tasks[behind].mode)
        back = arc + duration + g.tasks[behind].tail
        if shop.changing != 0:
            estimate = g.tasks[behind].ready + duration + g.tasks[behind].tail
    for i in range(size - 1, -1, -1):
        tail = max(g.tasks[m.rows[ROW, i]].after, back)
        back = m.rows[RUNS, i] + tail
        estimate = max(estimate, m.rows[HEADS, i] + back)
        back += m.rows[ARCS, i]
    return int(estimate)


@inner
def _try_shift(shop: Shop, g: Graph, m: Memory, source: int, target: int) -> None:
    """Consider moving the operation at a place to another place of its line."""
    v = g.line[source]
    if source < target:
        fine = may_follow(shop, g, v, g.line[target])
    else:
        fine = may_precede(shop, g, v, g.line[target])
    if not fine:
        return
    lay_out(g, m, source, target)
    low, size = min(source, target), abs(source - target) + 1
    estimate = longest_through(shop, g, m, low, size)
    if estimate <= m.notes[ESTIMATE]:
        aim(shop, g, 0, target)
        offer(shop, g, m, (v, g.tasks[v].mode, estimate, estimate), is_forbidden(g, m, source, target))


@inner
def scan_block(shop: Shop, g: Graph, m: Memory, first: int, last: int, inner: tuple[bool, bool]) -> None:
    """Consider the moves that may break a critical block (N7: Zhang, Li, Guan and Rao 2007).

    ``inner`` says whether something critical lies ahead of the block and behind it; where nothing does,
    moving its first or last operation does not shorten the path.
    """
    if inner[1]:
        for i in range(first, last):
            _try_shift(shop, g, m, i, last)
        for i in range(first + 1, last - 1):
            _try_shift(shop, g, m, last, i)
        if not inner[0] and last - first > 1:
            _try_shift(shop, g, m, last, first)
    if inner[0]:
        for i in range(first + 1, last + 1):
            if i > first + 1 or not (inner[1] and last == first + 1):
                _try_shift(shop, g, m, i, first)
        for i in range(first + 2, last):
            _try_shift(shop, g, m, first, i)
        if not inner[1] and last - first > 1:
            _try_shift(shop, g, m, first, last)


@inner
def scan_changing_block(shop: Shop, g: Graph, m: Memory, first: int, last: int) -> None:
    """Consider all moves within a critical block and one place beyond: set-ups make each of them count."""
    low = first - 1 if g.line[first - 1] != NONE else first
    high = last + 1 if g.line[last + 1] != NONE else last
    for i in range(first, last + 1):
        for j in range(low, high + 1):
            if j != i and not (j == i - 1 and j >= first):
                _try_shift(shop, g, m, i, j)
