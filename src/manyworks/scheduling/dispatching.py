"""From a workload to a checked schedule."""

from __future__ import annotations

import math
from bisect import bisect_right
from typing import TYPE_CHECKING

from manyworks.model import Assignment, Finding, Mode, Schedule, Work, Workload, error, errors
from manyworks.scheduling.calendars import CommonTime, Intervals, held
from manyworks.scheduling.checking import check
from manyworks.scheduling.errors import SchedulingError
from manyworks.scheduling.validation import validate

if TYPE_CHECKING:
    from manyworks.scheduling.problems import Numbering
    from manyworks.scheduling.search import Outcome

BOUND_KIND = "critical path"
LONGEST_LIST = 50


def _bad_budget(seconds: float | None, iterations: int | None) -> list[Finding]:
    findings = []
    if seconds is not None and not (math.isfinite(seconds) and seconds >= 0):
        findings.append(
            error(
                "scheduling.budget.bad", "seconds", f"budget is {seconds} s, expected a finite number from 0"
            )
        )
    if iterations is not None and iterations < 1:
        findings.append(
            error(
                "scheduling.budget.bad", "iterations", f"budget is {iterations} attempts, expected at least 1"
            )
        )
    return findings


def _segments(intervals: Intervals, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Cut the working time between start and end out of ascending disjoint intervals."""
    cut = []
    for index in range(max(bisect_right(intervals, (start, math.inf)) - 1, 0), len(intervals)):
        low, high = max(intervals[index][0], start), min(intervals[index][1], end)
        if intervals[index][0] >= end:
            break
        if low < high:
            cut.append((low, high))
    return tuple(cut)


def _assignments(workload: Workload, names: Numbering, outcome: Outcome) -> tuple[Assignment, ...]:
    """Name what the numbers stand for, in order of time."""
    times = CommonTime(dict(workload.resources))
    jobs = outcome.plan.jobs
    columns = zip(
        names.works,
        *(jobs[name].tolist() for name in ("mode", "start", "end", "setup")),
        strict=True,
    )
    made = []
    for work, number, start, end, setup in columns:
        index, mode = names.modes[number]
        segments = _segments(times.of(held(mode)), start, end)
        made.append(
            Assignment(work=work.id, mode=index, start_s=start, end_s=end, setup_s=setup, segments=segments)
        )
    return tuple(sorted(made, key=lambda one: (one.start_s, one.end_s)))


def _first_to_end(workload: Workload, mode: Mode) -> tuple[float, str]:
    """Tell which resource of a mode closes first for good, and when."""
    ends = {
        name: workload.resources[name].intervals[-1][1]
        for name in held(mode)
        if workload.resources[name].intervals
    }
    name = min(ends, key=lambda key: (ends[key], key), default=mode.machine)
    return ends.get(name, math.inf), name


def _horizon_finding(workload: Workload, work: Work) -> Finding:
    end, name = max(_first_to_end(workload, mode) for mode in work.modes)
    return error(
        "scheduling.horizon.ends",
        work.id,
        f"finds no room before the calendars end: that of {name!r} ends at {end} s, the latest of its modes",
        "extend the calendars, add capacity, or drop some work",
    )


def _left_out(workload: Workload, names: Numbering, outcome: Outcome) -> list[Finding]:
    """Name the works that did not fit; not those that only wait for such a work."""
    absent = {
        work.id
        for work, mode in zip(names.works, outcome.plan.jobs["mode"].tolist(), strict=True)
        if mode < 0
    }
    causes = [
        work
        for work in names.works
        if work.id in absent and not any(link.before in absent for link in work.links)
    ]
    findings = [_horizon_finding(workload, work) for work in causes[:LONGEST_LIST]]
    if len(causes) > LONGEST_LIST:
        findings.append(
            error(
                "scheduling.horizon.ends", "workload", f"{len(causes) - LONGEST_LIST} more works do not fit"
            )
        )
    return findings


def _as_schedule(workload: Workload, names: Numbering, outcome: Outcome) -> Schedule:
    _, tardiness, makespan = outcome.score
    best_possible = tardiness <= outcome.bound and makespan <= outcome.shortest_makespan_s
    return Schedule(
        epoch=workload.epoch,
        assignments=_assignments(workload, names, outcome),
        objective=float(tardiness),
        makespan_s=int(makespan),
        bound=min(outcome.bound, float(tardiness)),
        bound_kind=BOUND_KIND,
        status="optimal" if best_possible else "feasible",
        checked=True,
    )


def _nothing(workload: Workload) -> Schedule:
    return Schedule(
        epoch=workload.epoch,
        assignments=(),
        objective=0.0,
        makespan_s=0,
        bound=0.0,
        bound_kind=BOUND_KIND,
        status="optimal",
        checked=True,
    )


def schedule(
    workload: Workload, *, seconds: float | None = None, iterations: int | None = None, seed: int = 0
) -> Schedule:
    """Make a schedule: the best of many dispatching rules and of shaken copies of the best so far.

    Parameters
    ----------
    workload
        Resolved work; every time in whole seconds from its epoch.
    seconds, iterations
        Budgets of wall-clock time and of attempts; the search stops at the first to end, and before
        when nothing better can exist. With neither, a number of attempts that depends on the number
        of works alone. At least one attempt is always made.
    seed
        Of the random attempts. Without ``seconds``, equal input and seed give the same schedule.

    Returns
    -------
    Schedule
        Least summed weighted tardiness over all dated works, then least makespan, accepted by
        `check`. ``bound`` is the tardiness if every resource were free at any time of its
        calendar; ``status`` is ``optimal`` if tardiness and makespan both reach that bound,
        otherwise ``feasible``.

    Raises
    ------
    SchedulingError
        The workload is not valid (see `validate`), a budget is not, or works do not fit before the
        calendars end (``scheduling.horizon.ends``).
    """
    findings = [*_bad_budget(seconds, iterations), *validate(workload)]
    if errors(findings):
        raise SchedulingError(findings)
    if not workload.works:
        return _nothing(workload)
    # Late: loading the compiler takes longer than most other commands as a whole.
    from manyworks.scheduling.problems import flatten
    from manyworks.scheduling.search import search

    problem, names = flatten(workload)
    outcome = search(problem, len(names.resources), seconds=seconds, iterations=iterations, seed=seed)
    if outcome.score[0]:
        raise SchedulingError(_left_out(workload, names, outcome))
    made = _as_schedule(workload, names, outcome)
    faults = errors(check(workload, made))
    if faults:
        raise SchedulingError(faults)
    return made
