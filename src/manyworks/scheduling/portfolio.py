"""Which searches go on a problem together."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from manyworks.model import Finding
from manyworks.scheduling.engine.searcher import Searcher
from manyworks.scheduling.problem.data import ProblemData, Solution

if TYPE_CHECKING:
    from manyworks.scheduling.solvers.process import RemoteCpSat

SEED_STEP = 1_000_003
"""Distance between the seeds of two threads."""
MOST_MODES_TO_PROVE = 150
"""Modes up to which CP-SAT proves the least makespan often enough to be worth a thread of tabu search."""


def processors() -> int:
    """Count the processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Team(NamedTuple):
    """What searches a problem together, and what is to be said about it."""

    searchers: Sequence[Searcher]
    companion: RemoteCpSat | None
    notes: tuple[Finding, ...] = ()


def choose_team(
    data: ProblemData, start: Solution, *, seed: int, threads: int, seconds: float | None
) -> Team:
    """Make the searches for a problem and a number of processors.

    CP-SAT takes the place of one thread where it is worth one: on small problems, which it may solve for
    good, and on rich ones, where its windows find what single moves do not. Never without a budget of
    time, since how far it gets depends on the clock.

    Parameters
    ----------
    data, start, seed, threads
        See `choose_searchers`.
    seconds
        Budget of time; None: moves are counted, and equal input has to give equal answers.
    """
    from manyworks.scheduling.solvers.support import is_installed, not_installed

    if seconds is None or threads < 2 or not _gains_by_cpsat(data, seconds):
        return Team(choose_searchers(data, start, seed=seed, threads=threads), None)
    if not is_installed():
        return Team(choose_searchers(data, start, seed=seed, threads=threads), None, (not_installed(),))
    remote = _borrow()
    remote.improve(data, start, seconds=seconds, seed=seed, workers=1)
    return Team(choose_searchers(data, start, seed=seed, threads=threads - 1), remote)


def _gains_by_cpsat(data: ProblemData, seconds: float) -> bool:
    """Whether CP-SAT does more for a problem than one more thread of local search."""
    from manyworks.scheduling.engine.tabu import suits
    from manyworks.scheduling.solvers.support import is_worth_it

    if not is_worth_it(data, seconds):
        return False
    return not suits(data) or len(data.tables.modes) - 1 <= MOST_MODES_TO_PROVE


_idle: list[RemoteCpSat] = []
"""Processes that wait for their next problem; starting one takes longer than many a search."""


def _borrow() -> RemoteCpSat:
    """Take a waiting process, or start one."""
    from manyworks.scheduling.solvers.process import RemoteCpSat

    try:
        return _idle.pop()
    except IndexError:
        return RemoteCpSat()


def release(team: Team) -> None:
    """Stop the companion of a team and keep its process for the next."""
    if team.companion is not None:
        team.companion.cancel()
        _idle.append(team.companion)


def choose_searchers(data: ProblemData, start: Solution, *, seed: int, threads: int) -> Sequence[Searcher]:
    """Make one search for each thread.

    Parameters
    ----------
    data
        The problem.
    start
        Solution they all begin with.
    seed
        Of the first; the others have seeds far apart.
    threads
        How many.

    Returns
    -------
    sequence of Searcher
        Tabu search where the makespan of a problem without calendars counts, annealing everywhere else.
    """
    from manyworks.scheduling.engine.tabu import TabuSearch, suits

    seeds = [seed + SEED_STEP * number for number in range(threads)]
    if suits(data):
        return [TabuSearch(data, start, one) for one in seeds]
    from manyworks.scheduling.engine.anneal import Annealer

    return [Annealer(data, start, one) for one in seeds]
