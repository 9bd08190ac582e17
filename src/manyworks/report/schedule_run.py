"""What the page of a schedule is made of: plain numbers and names, times in one unit from 0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.model import Finding

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunBar:
    """One operation on one resource.

    Parameters
    ----------
    mark, words
        What is printed on it: the first whole or not at all, the second cut where there is no room.
    job
        Number of its job: picks the colour.
    detail
        Everything there is to say about it.
    start, end
        From the beginning of its set-up to the end of its run.
    setup
        Working time at its beginning that is set-up.
    segments
        The stretches in which it is worked on, ascending.
    late
        Whether it ends after it was due.
    """

    mark: str
    words: str
    job: int
    detail: str
    start: int
    end: int
    setup: int
    segments: tuple[tuple[int, int], ...]
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLane:
    """A machine, worker, tool or vehicle.

    Parameters
    ----------
    kind
        ``machine``, ``worker``, ``tool`` or ``vehicle``.
    start, end
        When it is held, in ascending order.
    working
        Its working time, in ascending intervals; empty: always.
    bars
        What it does, in ascending order; empty where there is too much to draw.
    """

    name: str
    kind: str
    start: Ints
    end: Ints
    working: tuple[tuple[int, int], ...] = ()
    bars: tuple[RunBar, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LateJob:
    """A job, or a part of one, that ends after it was due."""

    job: str
    operation: str
    due: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DueMark:
    """When a job should be done."""

    job: int
    name: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """An operation in the table of the whole schedule."""

    operation: str
    job: str
    held: str
    start: int
    end: int
    setup: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRun:
    """A schedule with how it was found, for `schedule_page`.

    Parameters
    ----------
    name, format
        Of the instance.
    operations, jobs
        How many there are.
    objective, objective_words
        Value of the first level, and what it measures.
    bound, bound_words
        No schedule has a smaller objective, and why.
    gap
        How far the objective lies above the bound, as a share of the objective.
    goals
        Value of every goal by name.
    makespan
        Last end.
    status, checked, seconds, iterations, seed, threads
        How the search went.
    improvements
        Seconds since the start and objective, at each.
    scale
        Times here are this many times those that are printed.
    due_jobs
        Operations with a due date; ``late`` lists those that miss it, the worst first.
    dues
        Due dates to draw, few enough to read.
    table
        Rows of the whole schedule, none where there are too many.
    """

    name: str
    format: str
    operations: int
    jobs: int
    objective: float
    objective_words: str
    bound: float
    bound_words: str
    gap: float
    goals: Mapping[str, float]
    makespan: int
    status: str
    checked: bool
    seconds: float
    iterations: int
    seed: int
    threads: int
    improvements: Sequence[tuple[float, float]]
    scale: int
    lanes: Sequence[RunLane]
    due_jobs: int = 0
    late: Sequence[LateJob] = ()
    dues: Sequence[DueMark] = ()
    table: Sequence[TableRow] = ()
    findings: tuple[Finding, ...] = ()
