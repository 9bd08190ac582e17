"""Compiled: what a tabu search remembers, and its random numbers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from manyworks.scheduling.engine.compiling import inlined, inner
from manyworks.scheduling.engine.graph import Graph, Shop, aim, aimed
from manyworks.scheduling.problem.tables import NONE, Ints, Records

BANS = 1 << 16
NEVER = 2**62
KEPT = np.dtype([("mode", np.int64), ("order", np.int64), ("salt", np.int64)])

ITERATION, BEST, LENGTH, STALE, TENURE, SPREAD, PATH, SAMPLE, SEED = range(9)
"""Positions in ``Memory.notes``: moves made; least makespan of this walk; makespan now; moves since the
least; shortest ban and how much longer one may be; operations of the critical path; how many of them are
tried where they hold several resources; state of the random numbers (xorshift64, Marsaglia 2003)."""
ESTIMATE, SIDE, TIES, V, MODE, REFUSED, REFUSED_V, REFUSED_MODE, PLACES = range(16, 25)
"""Positions in ``Memory.notes``: the best move allowed; how many were forbidden, and any of these; from
``PLACES`` on where the former puts each slot, then the latter."""
ROW, HEADS, RUNS, ARCS, PATHS = range(5)
"""Rows of ``Memory.rows``: a stretch of a line as a move would leave it; heads, durations, arcs along it;
a critical path."""


class Memory(NamedTuple):
    """What a walk remembers.

    Parameters
    ----------
    notes
        Numbers, see `ITERATION` and the others.
    rows
        (5, operations + 2), see `ROW` and the others.
    kept
        By operation: its mode in the best solution of this walk, and a random odd number for hashing; by
        position: the operation there in the best solution.
    bans
        Iteration until which one operation may not come ahead of another again, by hash of the pair; behind
        these, until which a mode may not be taken again.
    """

    notes: Ints
    rows: Ints
    kept: Records
    bans: Ints


def _other_machines(shop: Shop) -> int:
    """Machines that an operation can go to on average; bans last as much longer.

    Otherwise a walk shuffles operations along one line for ever, where it could exchange some of them with
    those of other machines (Mastrolilli and Gambardella 2000 do so too).
    """
    owner = np.repeat(np.arange(shop.total), np.diff(shop.sites["first_mode"]))
    pairs = np.unique(np.stack([owner, shop.ways["machine"][: len(owner)]]), axis=1)
    return int(pairs.shape[1]) // shop.total - 1


def new_memory(shop: Shop, seed: int) -> Memory:
    """Make an empty memory; equal seeds give equal walks."""
    source = np.random.default_rng([seed, shop.total])
    modes = len(shop.ways) - 2
    machines = len(np.unique(shop.ways["machine"][:modes]))
    memory = Memory(
        notes=np.zeros(PLACES + 2 * shop.slots, dtype=np.int64),
        rows=np.zeros((5, shop.total + 2), dtype=np.int64),
        kept=np.zeros(shop.total, dtype=KEPT),
        bans=np.zeros(BANS + modes, dtype=np.int64),
    )
    memory.kept["salt"] = source.integers(1, 2**62, shop.total) * 2 + 1
    memory.notes[SEED] = source.integers(1, 2**62)
    tenure = 10 + len(shop.sinks) // machines
    others = _other_machines(shop)
    memory.notes[TENURE] = tenure + others
    memory.notes[SPREAD] = tenure // 2 + others
    memory.notes[SAMPLE] = 2
    return memory


@inlined
def draw(m: Memory, limit: int) -> int:
    """Draw a number from 0 to below ``limit``."""
    x = m.notes[SEED]
    x ^= x << 13
    x ^= (x >> 7) & (2**57 - 1)
    x ^= x << 17
    m.notes[SEED] = x
    return int(((x >> 20) & (2**43 - 1)) % limit)


@inlined
def _slot(m: Memory, u: int, x: int) -> int:
    return int(((m.kept[u].salt * (2 * x + 1)) >> 40) & (BANS - 1))


@inlined
def ban(m: Memory, u: int, x: int, until: int) -> None:
    """Forbid ``u`` to come ahead of ``x`` again until an iteration."""
    m.bans[_slot(m, u, x)] = until


@inlined
def is_banned(m: Memory, u: int, x: int) -> bool:
    """Whether ``u`` may not come ahead of ``x`` now."""
    return bool(m.bans[_slot(m, u, x)] > m.notes[ITERATION])


@inlined
def ban_end(m: Memory) -> int:
    """Draw the iteration until which a ban lasts that begins now."""
    return int(m.notes[ITERATION] + m.notes[TENURE] + draw(m, m.notes[SPREAD] + 1))


@inner
def forget(m: Memory) -> None:
    """Lift all bans."""
    for i in range(len(m.bans)):
        m.bans[i] = 0


@inlined
def is_banned_way(m: Memory, mode: int) -> bool:
    """Whether a mode may not be taken now."""
    return bool(m.bans[BANS + mode] > m.notes[ITERATION])


@inner
def clear_pick(m: Memory) -> None:
    """Begin a scan."""
    m.notes[ESTIMATE], m.notes[SIDE], m.notes[TIES], m.notes[V] = NEVER, NEVER, 0, NONE
    m.notes[REFUSED], m.notes[REFUSED_V] = 0, NONE


@inner
def _refuse(shop: Shop, g: Graph, m: Memory, v: int, mode: int) -> None:
    """Remember any of the forbidden moves."""
    m.notes[REFUSED] += 1
    if draw(m, m.notes[REFUSED]) == 0:
        m.notes[REFUSED_V], m.notes[REFUSED_MODE] = v, mode
        for slot in range(shop.slots):
            m.notes[PLACES + shop.slots + slot] = aimed(shop, g, slot)


@inner
def offer(shop: Shop, g: Graph, m: Memory, move: tuple[int, int, int, int], forbidden: bool) -> None:
    """Consider a move (operation, mode, estimate, side) to the places aimed at.

    The least estimate wins, then the least ``side``, then chance. A forbidden move that promises the best
    solution so far counts as allowed.
    """
    v, mode, estimate, side = move
    if forbidden and estimate >= m.notes[BEST]:
        _refuse(shop, g, m, v, mode)
        return
    if estimate > m.notes[ESTIMATE] or (estimate == m.notes[ESTIMATE] and side > m.notes[SIDE]):
        return
    if estimate == m.notes[ESTIMATE] and side == m.notes[SIDE]:
        m.notes[TIES] += 1
        if draw(m, m.notes[TIES]) != 0:
            return
    else:
        m.notes[TIES] = 1
    m.notes[ESTIMATE], m.notes[SIDE], m.notes[V], m.notes[MODE] = estimate, side, v, mode
    for slot in range(shop.slots):
        m.notes[PLACES + slot] = aimed(shop, g, slot)


@inner
def take_pick(shop: Shop, g: Graph, m: Memory) -> tuple[int, int]:
    """Aim at the places of the best move allowed, or any forbidden one; give operation (`NONE`) and mode."""
    refused = m.notes[V] == NONE
    for slot in range(shop.slots):
        aim(shop, g, slot, m.notes[PLACES + slot + (shop.slots if refused else 0)])
    if refused:
        return m.notes[REFUSED_V], m.notes[REFUSED_MODE]
    return m.notes[V], m.notes[MODE]


@inner
def keep_best(shop: Shop, g: Graph, m: Memory) -> None:
    """Remember the solution as it is now."""
    for o in range(shop.total):
        m.kept[o].mode = g.tasks[o].mode
        m.kept[o].order = g.order[o]
