"""Compiled: the tabu search from one solution to the next, where operations hold a machine and no more."""

from __future__ import annotations

from manyworks.scheduling.engine.compiling import inner, lean
from manyworks.scheduling.engine.graph import Graph, Shop
from manyworks.scheduling.engine.tabu_blocks import scan_block, scan_changing_block
from manyworks.scheduling.engine.tabu_memory import PATH, PATHS, STALE, Memory
from manyworks.scheduling.engine.tabu_steps import close_step, open_step
from manyworks.scheduling.engine.tabu_ways import scan_ways
from manyworks.scheduling.problem.tables import NONE


@inner
def scan(shop: Shop, g: Graph, m: Memory) -> None:
    """Consider the moves of all operations of the critical path."""
    size, i = m.notes[PATH], 0
    while i < size:
        j, at = i, g.place[m.rows[PATHS, i]]
        while j + 1 < size and g.place[m.rows[PATHS, j + 1]] == at + 1 + j - i and g.line[at + j - i] != NONE:
            j += 1
        if j > i or shop.changing != 0:
            if shop.changing != 0:
                scan_changing_block(shop, g, m, at, at + j - i)
            else:
                scan_block(shop, g, m, at, at + j - i, (i > 0, j + 1 < size))
        i = j + 1
    for i in range(size):
        scan_ways(shop, g, m, m.rows[PATHS, i])


@lean
def walk(shop: Shop, g: Graph, m: Memory, moves: int, patience: int) -> int:
    """Go on with a walk where modes hold one resource each.

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
        scan(shop, g, m)
        if not close_step(shop, g, m):
            m.notes[STALE] = patience
            return made
    return moves
