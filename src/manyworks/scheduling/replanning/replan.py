"""From a schedule and what went otherwise to a new schedule that moves as little as it must."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from manyworks.model import (
    Assignment,
    Deviation,
    Finding,
    Schedule,
    WorkId,
    Workload,
    errors,
    info,
    warning,
)
from manyworks.scheduling.checking import check
from manyworks.scheduling.errors import SchedulingError
from manyworks.scheduling.explaining import Difference, compare_schedules
from manyworks.scheduling.replanning.facts import check_plan_is_whole, sort_facts
from manyworks.scheduling.replanning.remaining import Remaining, list_remaining
from manyworks.scheduling.replanning.standing import Standing, changed_resources, take_stock
from manyworks.scheduling.validation import validate

if TYPE_CHECKING:
    from manyworks.scheduling.problem.data import Bound, Stop
    from manyworks.scheduling.replanning.search import Repairer


@dataclass(frozen=True, slots=True, kw_only=True)
class Replanned:
    """A new schedule of what is left to do.

    Parameters
    ----------
    workload, schedule
        What is left, and when it is done; running works are fixed, machines start as they are set up.
    finished
        What was done before, as it really was.
    difference
        From the old schedule to the new one.
    findings
        What was interrupted, could not be kept, or came too late to be heeded.
    first_s, seconds
        Time until the first valid schedule and until the last, in seconds.
    """

    workload: Workload
    schedule: Schedule
    finished: tuple[Assignment, ...]
    difference: Difference
    findings: tuple[Finding, ...] = ()
    first_s: float = field(default=0.0, compare=False)
    seconds: float = field(default=0.0, compare=False)


def replan(
    workload: Workload,
    schedule: Schedule,
    deviations: Sequence[Deviation],
    now_s: int,
    *,
    stop: Stop | None = None,
    seed: int = 0,
    keep_until_s: int | None = None,
    improve: bool = False,
) -> Replanned:
    """Plan again what has not started by ``now_s``, moving as little as it must.

    Up to now everything went as planned, unless a deviation says otherwise. What runs stays as it is.
    Then weighted tardiness beyond what was planned counts first, the number of works on other machines and
    the shifts of all starts second, makespan last. Where deviations hurt nothing, nothing moves.

    Parameters
    ----------
    workload, schedule
        The plan so far.
    deviations
        What went otherwise; see `manyworks.model.Deviation`.
    now_s
        Seconds from the epoch.
    stop
        Budget of the search after the first valid schedule; by default a number of moves.
    seed
        Of the search.
    keep_until_s
        Works planned to start before then keep machine and time as well, where that is possible.
    improve
        Also look for less lateness than was planned, at the price of more moves.

    Raises
    ------
    SchedulingError
        Deviations that make no sense (``scheduling.replan.*``), works that can no longer be done by
        anybody or before the calendars end (``scheduling.work.never-fits``, ``scheduling.horizon.ends``).
    """
    began = time.perf_counter()
    planned = {one.work: one for one in schedule.assignments}
    facts, findings = sort_facts(workload, deviations, now_s)
    _stop_at([*findings, *check_plan_is_whole(workload, {name: one.mode for name, one in planned.items()})])
    resources = changed_resources(workload, facts)
    standing = take_stock(workload, schedule, facts, resources)
    rest = list_remaining(workload, facts, standing, resources)
    _stop_at([*rest.findings, *validate(rest.workload)])
    references = _references(planned, standing, rest, now_s)
    # Late: loading the compiler takes longer than most other commands as a whole.
    from manyworks.scheduling.problem.data import Stop
    from manyworks.scheduling.replanning.search import Repairer

    left = rest.workload
    repairer = Repairer(left, references, afresh=improve)
    kept = _keep(left, references, _promised(workload, references, now_s, keep_until_s), repairer)
    if kept.fixed:
        left = kept.workload
        repairer = Repairer(left, references, afresh=improve)
    first_s = time.perf_counter() - began
    bound = repairer.improve(stop or Stop(), seed=seed)
    made = _checked(left, repairer.assignments, bound)
    return Replanned(
        workload=left,
        schedule=made,
        finished=tuple(standing.finished[name] for name in sorted(standing.finished)),
        difference=compare_schedules(workload, schedule, made, left),
        findings=(*rest.findings, *_interrupted(standing), *kept.findings),
        first_s=first_s,
        seconds=time.perf_counter() - began,
    )


def _stop_at(findings: Sequence[Finding]) -> None:
    if errors(findings):
        raise SchedulingError(findings)


def _references(
    planned: Mapping[WorkId, Assignment], standing: Standing, rest: Remaining, now_s: int
) -> dict[WorkId, Assignment]:
    """Where what is left was planned, in the order of the plan.

    What was interrupted is wanted as soon as can be.
    """
    left = {work.id for work in rest.workload.works}
    return {
        name: replace(one, start_s=now_s) if name in standing.returned else one
        for name, one in planned.items()
        if name in left
    }


def _promised(
    workload: Workload, planned: Mapping[WorkId, Assignment], now_s: int, keep_until_s: int | None
) -> list[WorkId]:
    """Works that have not begun and should stay where they are."""
    until = now_s if keep_until_s is None else keep_until_s
    fixed = {work.id for work in workload.works if work.fixed is not None}
    return [
        name
        for name, one in planned.items()
        if one.start_s >= now_s and (name in fixed or one.start_s < until)
    ]


def _interrupted(standing: Standing) -> Iterator[Finding]:
    for name, (machine, left) in standing.returned.items():
        what = f"{left} s of its run are left there" if left is not None else "what was done is lost"
        message = f"was interrupted on {machine}; {what}"
        yield info("scheduling.replan.interrupted", name, message)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """The workload with promised works fixed, how many, and which could not be kept."""

    workload: Workload
    fixed: int
    findings: tuple[Finding, ...]


def _keep(
    workload: Workload,
    planned: Mapping[WorkId, Assignment],
    promised: Sequence[WorkId],
    repairer: Repairer,
) -> _Kept:
    """Fix promised works that need not be pushed back."""
    pushed = {one.work: one for one in repairer.assignments} if promised else {}
    kept = {name: planned[name] for name in promised if pushed[name] == planned[name]}
    works = tuple(replace(work, fixed=kept.get(work.id, work.fixed)) for work in workload.works)
    lost = (_not_kept(planned[name], pushed[name]) for name in promised if name not in kept)
    return _Kept(workload=replace(workload, works=works), fixed=len(kept), findings=tuple(lost))


def _not_kept(planned: Assignment, pushed: Assignment) -> Finding:
    return warning(
        "scheduling.replan.not-kept",
        planned.work,
        f"was promised to start at {planned.start_s}; there it cannot start before {pushed.start_s}",
        "tell whoever counts on it",
    )


def _checked(workload: Workload, assignments: tuple[Assignment, ...], bound: Bound) -> Schedule:
    from manyworks.scheduling.replanning.answers import schedule_of

    made = schedule_of(workload, assignments, bound, checked=True)
    _stop_at(check(workload, made))
    return made
