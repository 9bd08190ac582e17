"""What is compiled or loaded once is there before the clock of a search starts."""

from __future__ import annotations

from functools import cache

import numpy as np

from manyworks.scheduling.problem.data import ProblemData

MOVES = 20
"""Moves that call all that a search begins with."""


def warm_up(data: ProblemData) -> None:
    """Load the machine code that the first schedule and the search of a problem need, once a process.

    A tiny problem goes the same way. What a search calls only later is loaded when it is called.

    Parameters
    ----------
    data
        The problem to be searched.
    """
    from manyworks.scheduling.engine.tabu import suits
    from manyworks.scheduling.first_schedules import is_queued
    from manyworks.scheduling.racing_wide import is_wide

    _load_first(is_queued(data))
    if not is_wide(data):
        _load_search(suits(data))


@cache
def _tiny() -> ProblemData:
    """Three jobs of two operations that can choose between two machines."""
    from manyworks.scheduling.problem.plain import plain_problem

    machine = np.array([0, 1, 0, 1, 0, 1, 1, 0, 0, 1, 1, 0])
    duration = np.array([3, 4, 2, 5, 4, 4, 6, 3, 5, 2, 3, 3])
    return plain_problem("tiny", np.arange(0, 7, 2), np.arange(0, 13, 2), machine, duration, 2)


@cache
def _load_first(queued: bool) -> None:
    from manyworks.scheduling.bounds import lower_bound

    lower_bound(_tiny())
    if queued:
        from manyworks.scheduling.engine.wide import first_schedule, improve_wide

        calls = iter(range(MOVES))
        improve_wide(_tiny(), first_schedule(_tiny()), lambda: next(calls, None) is None, threads=1)


@cache
def _load_search(by_tabu: bool) -> None:
    from manyworks.scheduling.dispatch.dispatching import dispatch
    from manyworks.scheduling.dispatch.rules import rules
    from manyworks.scheduling.engine.anneal import Annealer
    from manyworks.scheduling.engine.sweep import solution_of, state_of
    from manyworks.scheduling.engine.tabu import TabuSearch

    start = solution_of(state_of(_tiny().tables, dispatch(_tiny(), rules()[0])))
    search = TabuSearch(_tiny(), start, 0) if by_tabu else Annealer(_tiny(), start, 0)
    search.run(MOVES, 0.0)
