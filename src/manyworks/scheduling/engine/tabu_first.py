"""A first schedule of what tabu search takes, made with what it compiles anyway."""

from __future__ import annotations

import numpy as np

from manyworks.scheduling.engine.graph import empty_graph, shop_of
from manyworks.scheduling.engine.state import empty_state, topological_order
from manyworks.scheduling.engine.sweep import build, solution_of
from manyworks.scheduling.engine.tabu_memory import new_memory
from manyworks.scheduling.engine.tabu_start import construct, least_after
from manyworks.scheduling.problem.data import ProblemData, Solution


def construct_schedule(data: ProblemData, seed: int) -> Solution:
    """Make a random active schedule, long work first (Giffler and Thompson 1960).

    Parameters
    ----------
    data
        A problem that `tabu.suits`, of some thousand operations at most: all that could come next are looked
        at for each.
    seed
        Of the random choices.
    """
    p = data.tables
    shop = shop_of(p)
    modes, order = np.zeros(p.total, dtype=np.int64), np.zeros(p.total, dtype=np.int64)
    after = least_after(shop, topological_order(p))
    construct(shop, empty_graph(shop), new_memory(shop, seed), after, modes, order)
    state = empty_state(p)
    build(p, state, modes, order)
    return solution_of(state)
