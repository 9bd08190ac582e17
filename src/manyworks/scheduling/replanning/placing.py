"""Compiled: put single operations where they cost least, judged exactly."""

from __future__ import annotations

import numpy as np

from manyworks.scheduling.engine.compiling import compiled
from manyworks.scheduling.engine.moves import move, undo
from manyworks.scheduling.engine.state import State
from manyworks.scheduling.engine.sweep import commit, ready_time, total_cost
from manyworks.scheduling.problem.tables import NONE, Ints, Tables


@compiled
def _first_gap(p: Tables, s: State, o: int, machine: int) -> int:
    """Last node of a machine that begins before an operation is ready; gaps behind it are tried."""
    ready = ready_time(p, s, o)
    node = s.ends[machine].tail
    while node != NONE and s.jobs[node >> p.shift].start >= ready:
        node = s.nodes[node].ahead
    if node != NONE and node >> p.shift != o:
        node = s.nodes[node].ahead
    return int(node)


@compiled
def _try(p: Tables, s: State, o: int, spot: Ints) -> tuple[float, int]:
    """Cost and the operation's end at a spot: mode, node ahead, and whether to stay there."""
    if not move(p, s, o, spot[0], spot[1]):
        return 1e300, 0
    cost, end = total_cost(p, s), s.jobs[o].end
    if spot[2] != 0:
        commit(s)
    else:
        undo(p, s)
    return cost, int(end)


@compiled
def place_best(p: Tables, s: State, o: int, most: int) -> int:
    """Put an operation where the whole costs least, then where it ends first; commits.

    Parameters
    ----------
    p, s
        Problem and state.
    o
        The operation.
    most
        Gaps tried on each machine, from the first it is ready for.

    Returns
    -------
    int
        Places tried.
    """
    best, best_end, tried = total_cost(p, s), s.jobs[o].end, 0
    spot, best_spot = np.zeros(3, dtype=np.int64), np.full(3, NONE)
    for mode in range(p.operations[o].first_mode, p.operations[o + 1].first_mode):
        machine = p.modes[mode].machine
        spot[0], spot[1] = mode, _first_gap(p, s, o, machine)
        for _ in range(most):
            if spot[1] == NONE or spot[1] >> p.shift != o:
                cost, end = _try(p, s, o, spot)
                tried += 1
                margin = 1e-9 * max(1.0, abs(best))
                if cost < best - margin or (cost <= best + margin and end < best_end):
                    best, best_end = cost, end
                    best_spot[:] = spot
            spot[1] = s.ends[machine].head if spot[1] == NONE else s.nodes[spot[1]].behind
            if spot[1] == NONE:
                break
    if best_spot[0] != NONE:
        best_spot[2] = 1
        _try(p, s, o, best_spot)
    return tried


@compiled
def place_all(p: Tables, s: State, operations: Ints, most: int, budget: int) -> None:
    """Put operations where they cost least, one after the other, until ``budget`` places are tried."""
    tried = 0
    for o in operations:
        if tried >= budget:
            break
        tried += place_best(p, s, o, most)
