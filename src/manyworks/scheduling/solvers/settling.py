"""A model's solution as the rest of the engine sees it."""

from __future__ import annotations

import numpy as np

from manyworks.scheduling.engine.sweep import solution_of, state_of, total_cost
from manyworks.scheduling.problem.checking import check_solution, goals_of
from manyworks.scheduling.problem.data import GOAL_NAMES, ProblemData, Solution
from manyworks.scheduling.problem.tables import SHIFT


def settle(data: ProblemData, found: Solution) -> tuple[Solution, float]:
    """Shift a solution to the left, and price it by all goals.

    Where starts are to stay near their references, waiting may be worth it, which the engine's timing
    never does: there the solution is kept as it is if it is better and the checker accepts it.

    Returns
    -------
    solution, cost
        The better of both.
    """
    p = data.tables
    state = state_of(p, found)
    cost = float(total_cost(p, state))
    if p.price[SHIFT] > 0:
        goals = goals_of(data, found)
        waiting = float(np.dot([goals[name] for name in GOAL_NAMES], p.price))
        if waiting < cost and not check_solution(data, found):
            return found, waiting
    return solution_of(state), cost
