"""The search for a better repair than the first one."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from manyworks.model import Assignment, Finding, WorkId, Workload, error
from manyworks.scheduling.engine.state import BEYOND
from manyworks.scheduling.engine.sweep import solution_of
from manyworks.scheduling.errors import SchedulingError
from manyworks.scheduling.problem.checking import goals_of
from manyworks.scheduling.problem.data import GOAL_NAMES, Bound, Objective, ProblemData, Solution, Stop
from manyworks.scheduling.replanning.repairing import make_repair, polished, put_off, repaired
from manyworks.scheduling.schedules import assignments_of

MOVED_S = 3600.0
"""A work on another machine than planned weighs as much as so many seconds of shift."""
STABLE = Objective(levels=({"tardiness": 1.0}, {"moved": MOVED_S, "shift": 1.0}, {"makespan": 1.0}))
FIRST_SHARE = 0.4
"""Share of a budget in which nothing may start before it was planned to, where both searches are needed."""
POLISHING_SHARE = 0.5
"""Share of each part of a time budget that the quick descent ahead of the search may take."""
SMALL = 1e-6
UNTOUCHED = "no search for less lateness"
MOST_NAMED = 50


class Repairer:
    """What is left to do, with the old schedule pushed back as the first answer.

    Parameters
    ----------
    workload
        What is left.
    planned
        Where each of its old works was planned.
    afresh
        Whether lateness that was planned counts, too; see `make_repair`.

    Raises
    ------
    SchedulingError
        Works that do not fit before the calendars end.
    """

    def __init__(
        self, workload: Workload, planned: Mapping[WorkId, Assignment], *, afresh: bool = False
    ) -> None:
        self._workload, self._afresh = workload, afresh
        self._repair = make_repair(workload, planned, STABLE, afresh=afresh)
        state = repaired(self._repair)
        lost = np.flatnonzero(state.jobs["end"] >= BEYOND)[:MOST_NAMED]
        if len(lost):
            raise SchedulingError([_no_room(self._repair.free.operations[o]) for o in lost.tolist()])
        self.solution = solution_of(state)

    @property
    def assignments(self) -> tuple[Assignment, ...]:
        """The best answer so far."""
        return assignments_of(self._workload, self._repair.free, self.solution)

    def improve(self, stop: Stop, *, seed: int) -> Bound:
        """Look for a better answer; where nothing is hurt, nothing is touched.

        Returns
        -------
        Bound
            Of weighted tardiness.
        """
        goals = goals_of(self._repair.free, self.solution)
        hurt = self._afresh or goals["tardiness"] > SMALL
        if not hurt and goals["moved"] == 0 and goals["shift"] == 0:
            return Bound(value=0.0, kind=UNTOUCHED)
        self._search(self._repair.later, _part(stop, FIRST_SHARE if hurt else 1.0), seed)
        goals = goals_of(self._repair.free, self.solution)
        if not self._afresh and goals["tardiness"] <= SMALL:
            return Bound(value=0.0, kind=UNTOUCHED)
        before = self.solution
        bound = self._search(self._repair.free, _part(stop, 1.0 - FIRST_SHARE), seed)
        self._keep_best(before, put_off(self._repair, self.solution))
        return bound

    def _search(self, data: ProblemData, stop: Stop, seed: int) -> Bound:
        from manyworks.scheduling.solving import solve

        began, seconds = time.monotonic(), math.inf if stop.seconds is None else stop.seconds
        start = polished(data, self.solution, POLISHING_SHARE * seconds)
        if stop.seconds is not None:
            stop = replace(stop, seconds=max(seconds - (time.monotonic() - began), 0.0))
        result = solve(data, stop, seed=seed, start=start)
        self._keep_best(self.solution, start, result.solution)
        return Bound(value=result.bound.value, kind=result.bound.kind)

    def _keep_best(self, *solutions: Solution) -> None:
        self.solution = min(solutions, key=self._cost)

    def _cost(self, solution: Solution) -> float:
        goals = goals_of(self._repair.free, solution)
        price = self._repair.free.tables.price
        return float(sum(price[index] * goals[name] for index, name in enumerate(GOAL_NAMES)))


def _part(stop: Stop, share: float) -> Stop:
    seconds = None if stop.seconds is None else stop.seconds * share
    iterations = None if stop.iterations is None else max(1, int(stop.iterations * share))
    return replace(stop, seconds=seconds, iterations=iterations)


def _no_room(name: str) -> Finding:
    return error(
        "scheduling.horizon.ends",
        name,
        "finds no room before the calendars end, in the modes and orders that were planned",
        "extend the calendars, add capacity, or drop some work",
    )
