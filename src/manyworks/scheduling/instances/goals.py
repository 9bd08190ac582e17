"""What is asked of a schedule: goals as people write them, due dates for problems that have none."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np

from manyworks.model import Finding, error, info
from manyworks.scheduling.errors import SchedulingError
from manyworks.scheduling.problem.data import GOAL_NAMES, Objective, ProblemData
from manyworks.scheduling.problem.numbering import prices
from manyworks.scheduling.problem.tables import FOREVER, FROZEN, NONE, Floats, Ints, Records, Tables

_TERM = re.compile(r"(?:(?P<price>[0-9]{1,12}(?:\.[0-9]{1,12})?)\*)?(?P<goal>[a-z]+)")
_ON_TIME = 2**50


def parse_objective(text: str) -> Objective:
    """Read goals as they are written on a command line.

    Parameters
    ----------
    text
        Levels apart by commas, the most important first; goals of one level apart by ``+``, each perhaps
        with a price: ``tardiness,makespan`` or ``2*tardiness+0.5*setup,makespan``.

    Raises
    ------
    SchedulingError
        Goals nobody knows, or one that occurs twice.
    """
    levels = [[_TERM.fullmatch(term.strip()) for term in level.split("+")] for level in text.split(",")]
    terms = [term for level in levels for term in level]
    goals = [term["goal"] for term in terms if term is not None]
    if None in terms or not set(goals) <= set(GOAL_NAMES) or len(set(goals)) < len(goals):
        message = f"found {text!r}, expected goals, each once, out of {', '.join(GOAL_NAMES)}"
        hint = "write them like tardiness,makespan or 2*tardiness+0.5*setup,makespan, prices in plain digits"
        raise SchedulingError([error("scheduling.objective.text", "objective", message, hint)])
    return Objective(
        levels=tuple(
            {term["goal"]: float(term["price"] or 1.0) for term in level if term is not None}
            for level in levels
        )
    )


def set_objective(data: ProblemData, objective: Objective) -> ProblemData:
    """Ask something else of the schedule.

    Where flow is asked for and no operation is weighed for it, the last operations of all jobs are.

    Raises
    ------
    SchedulingError
        Tardiness, moves or shifts where no operation has what they are measured against.
    """
    asked = {goal for level in objective.levels for goal in level}
    trouble = list(_unmeasured(data.tables.operations[:-1], asked))
    if trouble:
        raise SchedulingError(trouble)
    tables = data.tables._replace(price=prices(objective))
    notes = data.assumptions
    if "flow" in asked and not (tables.operations["flow_weight"] > 0).any():
        operations = tables.operations.copy()
        operations["flow_weight"][last_operations(tables)] = 1.0
        tables = tables._replace(operations=operations)
        message = "flow is the sum of the ends of all jobs, each weighed 1"
        notes = (*notes, info("scheduling.objective.flow", data.name, message))
    return replace(data, tables=tables, objective=objective, assumptions=notes)


def _unmeasured(operations: Records, asked: set[str]) -> Iterator[Finding]:
    if "tardiness" in asked and not (operations["due"] < FOREVER).any():
        message = "tardiness is asked for, but nothing has a due date"
        yield error("scheduling.objective.due", "objective", message, "set due dates, or give --due-factor")
    for goal in sorted({"moved", "shift"} & asked):
        if not (operations["reference_start"] != NONE).any():
            message = f"{goal} is asked for, but nothing says where operations were planned before"
            yield error("scheduling.objective.reference", "objective", message, "give operations a reference")


def last_operations(p: Tables) -> Ints:
    """Operations that nothing of their own job waits for."""
    job, first = p.operations["job"], p.operations["first_after"]
    owner = np.repeat(np.arange(p.total), np.diff(first))
    inside = job[owner] == job[p.afters["operation"]]
    waited = np.zeros(p.total, dtype=bool)
    waited[owner[inside]] = True
    return np.flatnonzero(~waited).astype(np.int64)


def shortest_work(p: Tables) -> Ints:
    """(jobs,) sum, over the operations of each job, of their shortest durations."""
    least = np.minimum.reduceat(p.modes["duration"][:-1], p.operations["first_mode"][:-1])
    jobs = int(p.operations["job"][:-1].max()) + 1
    totals = np.zeros(jobs, dtype=np.int64)
    np.add.at(totals, p.operations["job"][:-1], least)
    return totals


def set_due_dates(data: ProblemData, factor: Fraction | str) -> ProblemData:
    """Give jobs due dates and weights by the rule of Singer and Pinedo (1998).

    A job is due at its release plus ``factor`` times its shortest total work, rounded down; the first fifth
    of the jobs weighs 4, the next three fifths 2, the others 1. Due dates there were are replaced.

    Parameters
    ----------
    data
        Any problem; the due date lies on the last operations of each job.
    factor
        Above 0, exact: ``"1.3"`` is 13/10.
    """
    p, factor = data.tables, Fraction(factor)
    operations = p.operations.copy()
    operations["due"], operations["weight"] = FOREVER, 1.0
    release = _releases(p)
    due = [
        at + min(math.floor(factor * work), _ON_TIME)
        for at, work in zip(release.tolist(), shortest_work(p).tolist(), strict=True)
    ]
    last = last_operations(p)
    last = last[operations["flags"][last] & FROZEN == 0]
    operations["due"][last] = np.array(due, dtype=np.int64)[operations["job"][last]]
    operations["weight"][last] = job_weights(len(due))[operations["job"][last]]
    message = f"due dates are release + {float(factor):g} x shortest total work, weights 4, 2 and 1"
    note = info("scheduling.objective.due_factor", data.name, message, "by the rule of Singer and Pinedo")
    return replace(data, tables=p._replace(operations=operations), assumptions=(*data.assumptions, note))


def _releases(p: Tables) -> Ints:
    """(jobs,) earliest release of each job's operations that wait for nothing."""
    first = np.diff(p.operations["first_before"]) == 0
    jobs = int(p.operations["job"][:-1].max()) + 1
    release = np.full(jobs, FOREVER, dtype=np.int64)
    np.minimum.at(release, p.operations["job"][:-1][first], p.operations["release"][:-1][first])
    return np.where(release == FOREVER, 0, release)


def job_weights(jobs: int) -> Floats:
    """Weights of jobs in their order: 4 for the first fifth, 2 for the next three fifths, 1 for the rest."""
    place = np.arange(jobs) * 5
    return np.where(place < jobs, 4.0, np.where(place < 4 * jobs, 2.0, 1.0))
