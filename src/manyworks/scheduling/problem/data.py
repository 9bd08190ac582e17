"""A problem with its names, what stops a search, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from manyworks.model import Finding
from manyworks.scheduling.problem.tables import Ints, Tables

GOAL_NAMES = ("tardiness", "makespan", "flow", "setup", "moved", "shift", "deadline")
"""Names of the goals, in the order of their positions in ``Tables.price``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """What a good schedule is: goals with prices, in levels of importance.

    Parameters
    ----------
    levels
        The most important first; each a mapping from a goal's name (`GOAL_NAMES`) to the price of one
        unit. Within a level prices add up; a lower level only decides between equals of those above.
    """

    levels: tuple[dict[str, float], ...]


MAKESPAN_ONLY = Objective(levels=({"makespan": 1.0},))
TARDINESS_THEN_MAKESPAN = Objective(levels=({"tardiness": 1.0}, {"makespan": 1.0}))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemData:
    """A valid problem: frozen tables behind names.

    ``operations``, ``jobs`` and ``resources`` name the rows of the tables (an operation's job is its
    ``job`` column); ``kinds`` says of each resource whether it is a ``machine``, ``worker``, ``tool`` or
    ``vehicle``. ``mode_numbers`` gives, for each row of the modes, its number among the modes as they
    were handed in. ``assumptions`` are remarks of the reader or builder to be shown with any result.
    """

    name: str
    tables: Tables
    objective: Objective
    operations: Sequence[str]
    jobs: Sequence[str]
    resources: Sequence[str]
    kinds: Sequence[str]
    mode_numbers: Ints
    assumptions: tuple[Finding, ...] = ()


class Solution(NamedTuple):
    """Who does each operation, and when; the exchange form of all searches. All int64, (operations,).

    ``mode`` is a row of ``Tables.modes``. ``start`` is where the operation begins; a set-up that belongs to
    it is its first part, an early one (see ``EARLY_SETUP``) ends at or before ``start``. ``setup`` is the
    set-up's working time; ``end`` is where the run ends.
    """

    mode: Ints
    start: Ints
    end: Ints
    setup: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """When a search ends: whatever comes first.

    Parameters
    ----------
    seconds
        Wall-clock time, from when compiled code is loaded. A time budget alone makes no promise about equal
        answers.
    iterations
        Moves of local search (the unit is one applied or refused move of each thread). With this alone, equal
        problem, seed and number of threads give the same answer.
    objective
        Good enough: stop at this value or below.
    cancelled
        Asked every few hundredths of a second.
    """

    seconds: float | None = None
    iterations: int | None = None
    objective: float | None = None
    cancelled: Callable[[], bool] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """No schedule has a smaller objective than ``value``, because of ``kind``."""

    value: float
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A schedule that the independent checker accepted, and how good it provably is.

    Parameters
    ----------
    objective
        Value of the first level of the problem's objective; ``goals`` has the value of every goal.
    status
        ``optimal``: the objective reaches the bound. ``feasible``: a valid schedule. ``stopped``: valid, and
        the search was cancelled.
    improvements
        Seconds since the start and objective, at each improvement.
    notes
        Findings about the run: parts of the search that were not available, assumptions of the problem.
    """

    problem: ProblemData
    solution: Solution
    objective: float
    goals: dict[str, float]
    makespan: int
    bound: Bound
    status: str
    seconds: float
    iterations: int
    improvements: tuple[tuple[float, float], ...]
    checked: bool
    notes: tuple[Finding, ...] = ()


@dataclass(slots=True, kw_only=True)
class Incumbent:
    """The best solution so far, shared by the parts of a search; ``offer`` keeps the better one.

    ``cost`` prices all levels in one number; ``value`` works out the first level alone, whose improvements
    are kept with the seconds since ``began``.
    """

    solution: Solution
    cost: float
    began: float
    value: Callable[[Solution], float]
    improvements: list[tuple[float, float]] = field(default_factory=list)

    def offer(self, solution: Solution, cost: float, now: float) -> bool:
        """Keep a solution if it is better; tell whether it was."""
        if cost >= self.cost:
            return False
        self.solution, self.cost = Solution(*(np.array(column) for column in solution)), cost
        self.note(now)
        return True

    def note(self, now: float) -> None:
        """Write down the first level's value if it is the least so far."""
        value = self.value(self.solution)
        if not self.improvements or value < self.improvements[-1][1]:
            self.improvements.append((now - self.began, value))
