"""Whether a workload makes sense: every problem at once, each with the noun it is about."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from numbers import Integral, Real

from manyworks.model import Finding, Link, Mode, Resource, Work, WorkId, Workload, error
from manyworks.scheduling.calendars import CommonTime, Intervals, held

# 3,000 years: no plan is longer, and sums of a few million such times stay within 64 bits.
LONGEST_S = 10**11
SHOWN_NAMES = 8


def _whole(value: object) -> bool:
    return type(value) is int or (isinstance(value, Integral) and not isinstance(value, bool))


def _time_problem(value: object) -> str:
    if not _whole(value):
        return f"is {value!r}, expected a whole number of seconds"
    if value < 0:  # type: ignore[operator]  # known to be a whole number here
        return f"is negative ({value} s)"
    if value > LONGEST_S:  # type: ignore[operator]
        return f"is {value} s, more than the {LONGEST_S} s a plan may last"
    return ""


def _bad_times(where: str, times: Iterable[tuple[str, object]]) -> Iterator[Finding]:
    for name, value in times:
        problem = _time_problem(value)
        if problem:
            yield error(
                "scheduling.time.bad",
                where,
                f"{name} {problem}",
                "use whole seconds from the epoch, not below 0",
            )


def _check_intervals(resource: Resource) -> Iterator[Finding]:
    last: int | None = None
    for number, (start, end) in enumerate(resource.intervals, 1):
        fine = _whole(start) and _whole(end) and start < end <= LONGEST_S and start >= -LONGEST_S
        if not fine or (last is not None and start < last):
            yield error(
                "scheduling.resource.bad-intervals",
                resource.id,
                f"working interval {number} is [{start}, {end}), expected whole seconds, end after start, "
                "not before the end of the interval ahead of it",
                "sort the intervals and join those that overlap",
            )
            return
        last = end


def _check_resources(workload: Workload) -> Iterator[Finding]:
    for key, resource in workload.resources.items():
        if key != resource.id:
            yield error(
                "scheduling.resource.wrong-key", key, f"the resource filed here calls itself {resource.id!r}"
            )
        if resource.kind not in {"machine", "worker", "tool"}:
            yield error(
                "scheduling.resource.unknown-kind",
                key,
                f"kind is {resource.kind!r}, expected machine, worker or tool",
            )
        yield from _check_intervals(resource)
        pairs = ((f"set-up from {a!r} to {b!r}", seconds) for (a, b), seconds in resource.setups.items())
        yield from _bad_times(key, pairs)


def _check_holdings(workload: Workload, where: str, mode: Mode) -> Iterator[Finding]:
    wanted = [(mode.machine, "machine")]
    wanted += [(worker, "worker") for worker in mode.workers]
    wanted += [(tool, "tool") for tool in mode.tools]
    for name, kind in wanted:
        resource = workload.resources.get(name)
        if resource is None:
            yield error(
                "scheduling.mode.unknown-resource",
                where,
                f"asks for {kind} {name!r}, which is not among the workload's resources",
                "add the resource or drop the mode",
            )
        elif resource.kind != kind:
            yield error(
                "scheduling.mode.wrong-kind", where, f"uses {name!r} as a {kind}, but it is a {resource.kind}"
            )


def _check_modes(workload: Workload, work: Work) -> Iterator[Finding]:
    if not work.modes:
        yield error(
            "scheduling.work.no-mode",
            work.id,
            "has no mode: nobody can do it",
            "give it at least one machine that can",
        )
    for number, mode in enumerate(work.modes):
        where = f"{work.id} mode {number}"
        yield from _bad_times(where, (("duration", mode.duration_s), ("set-up", mode.setup_s)))
        yield from _check_holdings(workload, where, mode)


def _check_weight(work: Work) -> Iterator[Finding]:
    fine = isinstance(work.weight, Real) and math.isfinite(work.weight) and 0 <= work.weight <= 1e12
    if not fine:
        yield error(
            "scheduling.work.bad-weight",
            work.id,
            f"weight is {work.weight!r}, expected a finite number from 0 to 1e12",
        )


def _check_link(known: set[WorkId], work: Work, link: Link) -> Iterator[Finding]:
    if link.before not in known:
        yield error(
            "scheduling.link.unknown-work",
            work.id,
            f"must wait for {link.before!r}, which is not in the workload",
            "add that work, or turn what is already done into a release time",
        )
    yield from _bad_times(work.id, ((f"lag after {link.before!r}", link.lag_s),))


def _check_works(workload: Workload) -> Iterator[Finding]:
    known: set[WorkId] = {work.id for work in workload.works}
    seen: set[WorkId] = set()
    for work in workload.works:
        if work.id in seen:
            yield error("scheduling.work.twice", work.id, "two works have this id", "give each its own")
        seen.add(work.id)
        due = (("due time", work.due_s),) if work.due_s is not None else ()
        yield from _bad_times(work.id, (("release", work.release_s), *due))
        yield from _check_weight(work)
        yield from _check_modes(workload, work)
        for link in work.links:
            yield from _check_link(known, work, link)


def _check_cycle(workload: Workload) -> Iterator[Finding]:
    graph = {work.id: [link.before for link in work.links] for work in workload.works}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as trouble:
        ring: list[WorkId] = trouble.args[1][:-1]
        names = " -> ".join(ring[:SHOWN_NAMES]) + (" -> ..." if len(ring) > SHOWN_NAMES else f" -> {ring[0]}")
        yield error(
            "scheduling.link.cycle",
            ring[0],
            f"works wait for each other: {names}",
            "remove one of these links",
        )


def _named(mode: Mode) -> str:
    return ", ".join(held(mode))


def _fits(work: Work, mode: Mode, intervals: Intervals) -> bool:
    """Whether the run alone fits after the release; from the far end, where it is soonest known."""
    total = 0
    for start, end in reversed(intervals):
        stretch = end - max(start, work.release_s)
        if stretch < 0:
            return False
        total = total + stretch if work.pausable else stretch
        if total >= mode.duration_s:
            return True
    return False


def _why_never(work: Work, mode: Mode, intervals: Intervals) -> str:
    rest = [end - max(start, work.release_s) for start, end in intervals if end > work.release_s]
    if not rest:
        return f"{_named(mode)}: no common working time after the release at {work.release_s} s"
    if work.pausable:
        what = f"only {sum(rest)} s of common working time"
    else:
        what = f"no common working stretch longer than {max(rest)} s"
    return f"{_named(mode)}: needs {mode.duration_s} s, {what} after the release"


def _check_fit(workload: Workload) -> Iterator[Finding]:
    times = CommonTime(dict(workload.resources))
    for work in workload.works:
        if not any(_fits(work, mode, times.of(held(mode))) for mode in work.modes):
            reasons = [_why_never(work, mode, times.of(held(mode))) for mode in work.modes[:SHOWN_NAMES]]
            whole = "" if work.pausable else " in one piece, as it must"
            yield error(
                "scheduling.work.never-fits",
                work.id,
                f"cannot be done{whole} by any of its modes: " + "; ".join(reasons),
                "extend the working hours or the horizon of the calendars, split the work, or allow pauses",
            )


def validate(workload: Workload) -> tuple[Finding, ...]:
    """Say everything that is wrong with a workload.

    Parameters
    ----------
    workload
        Work and resources; times in whole seconds from the epoch.

    Returns
    -------
    tuple of Finding
        Empty when the workload can be handed to `schedule`. Codes: ``scheduling.resource.*``,
        ``scheduling.work.*`` (``no-mode``, ``twice``, ``bad-weight``, ``never-fits``),
        ``scheduling.mode.*`` (``unknown-resource``, ``wrong-kind``), ``scheduling.link.*``
        (``unknown-work``, ``cycle``) and ``scheduling.time.bad``. Whether a work fits its
        calendars is only asked of a workload without any other error.
    """
    findings = [*_check_resources(workload), *_check_works(workload)]
    findings += _check_cycle(workload)
    if not findings:
        findings += _check_fit(workload)
    return tuple(findings)
