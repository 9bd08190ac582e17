"""Whether a workload makes sense: every problem at once, each with the noun it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from graphlib import CycleError, TopologicalSorter
from numbers import Integral, Real
from typing import NamedTuple

from manyworks.model import Finding, Link, Mode, Work, WorkId, Workload, error
from manyworks.scheduling.calendars import CommonTime, Intervals, held

# 3,000 years: no plan is longer, and sums of a few million such times stay within 64 bits.
LONGEST_S = 10**11
SHOWN_NAMES = 8


def is_whole(value: object) -> bool:
    """Whether a value is a whole number, and not a truth value."""
    return type(value) is int or (isinstance(value, Integral) and not isinstance(value, bool))


def time_problem(value: object) -> str:
    """Say what is wrong with a time or duration; empty when nothing is."""
    if not is_whole(value):
        return f"is {value!r}, expected a whole number of seconds"
    if value < 0:  # type: ignore[operator]  # known to be a whole number here
        return f"is negative ({value} s)"
    if value > LONGEST_S:  # type: ignore[operator]
        return f"is {value} s, more than the {LONGEST_S} s a plan may last"
    return ""


def bad_times(where: str, times: Iterable[tuple[str, object]]) -> Iterator[Finding]:
    """Name those of the times of a thing that are none."""
    for name, value in times:
        problem = time_problem(value)
        if problem:
            yield error(
                "scheduling.time.bad",
                where,
                f"{name} {problem}",
                "use whole seconds from the epoch, not below 0",
            )


def check_intervals(where: str, intervals: Iterable[tuple[int, int]]) -> Iterator[Finding]:
    """Say the first working interval that is none, or not behind the one ahead of it."""
    last: int | None = None
    for number, (start, end) in enumerate(intervals, 1):
        fine = is_whole(start) and is_whole(end) and start < end <= LONGEST_S and start >= -LONGEST_S
        if not fine or (last is not None and start < last):
            yield error(
                "scheduling.resource.bad-intervals",
                where,
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
        yield from check_intervals(key, resource.intervals)
        pairs = ((f"set-up from {a!r} to {b!r}", seconds) for (a, b), seconds in resource.setups.items())
        yield from bad_times(key, pairs)


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
        yield from bad_times(where, (("duration", mode.duration_s), ("set-up", mode.setup_s)))
        yield from _check_holdings(workload, where, mode)


def is_weight(value: object) -> bool:
    """Whether a value can be a weight or a price."""
    return isinstance(value, Real) and bool(0 <= value <= 1e12)  # type: ignore[operator]


def _check_weight(work: Work) -> Iterator[Finding]:
    if not is_weight(work.weight):
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
    yield from bad_times(work.id, ((f"lag after {link.before!r}", link.lag_s),))


def _check_fixed(work: Work) -> Iterator[Finding]:
    fixed = work.fixed
    if fixed is None:
        return
    yield from bad_times(work.id, (("fixed start", fixed.start_s), ("fixed end", fixed.end_s)))
    if fixed.work != work.id or not 0 <= fixed.mode < len(work.modes) or fixed.end_s < fixed.start_s:
        yield error(
            "scheduling.work.bad-fixed",
            work.id,
            f"is fixed as work {fixed.work!r} in mode {fixed.mode} from {fixed.start_s} to {fixed.end_s}, "
            f"expected its own id, a mode from 0 to {len(work.modes) - 1}, and an end not before the start",
        )


def _check_works(workload: Workload) -> Iterator[Finding]:
    known: set[WorkId] = {work.id for work in workload.works}
    seen: set[WorkId] = set()
    for work in workload.works:
        if work.id in seen:
            yield error("scheduling.work.twice", work.id, "two works have this id", "give each its own")
        seen.add(work.id)
        due = (("due time", work.due_s),) if work.due_s is not None else ()
        yield from bad_times(work.id, (("release", work.release_s), *due))
        yield from _check_weight(work)
        yield from _check_modes(workload, work)
        yield from _check_fixed(work)
        for link in work.links:
            yield from _check_link(known, work, link)


def ring_named(ring: Sequence[str]) -> str:
    """Name what waits for each other in a ring, the first ones at least."""
    return " -> ".join(ring[:SHOWN_NAMES]) + (" -> ..." if len(ring) > SHOWN_NAMES else f" -> {ring[0]}")


def _check_cycle(workload: Workload) -> Iterator[Finding]:
    graph = {work.id: [link.before for link in work.links] for work in workload.works}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as trouble:
        ring: list[WorkId] = trouble.args[1][:-1]
        yield error(
            "scheduling.link.cycle",
            ring[0],
            f"works wait for each other: {ring_named(ring)}",
            "remove one of these links",
        )


class Need(NamedTuple):
    """Working time that something takes after its release; ``pausable``: in several pieces if need be."""

    release: int
    seconds: int
    pausable: bool

    def fits(self, intervals: Intervals) -> bool:
        """Whether there is room; from the far end, where it is soonest known."""
        total = 0
        for start, end in reversed(intervals):
            stretch = end - max(start, self.release)
            if stretch < 0:
                return False
            total = total + stretch if self.pausable else stretch
            if total >= self.seconds:
                return True
        return False

    def why_never(self, names: Iterable[str], intervals: Intervals) -> str:
        """Say why the common working time of the named resources has no room."""
        who = ", ".join(names)
        rest = [end - max(start, self.release) for start, end in intervals if end > self.release]
        if not rest:
            return f"{who}: no common working time after the release at {self.release} s"
        if self.pausable:
            what = f"only {sum(rest)} s of common working time"
        else:
            what = f"no common working stretch longer than {max(rest)} s"
        return f"{who}: needs {self.seconds} s, {what} after the release"


def never_fits(where: str, pausable: bool, reasons: Iterable[str]) -> Finding:
    """Say that something has room in none of its modes, and why."""
    whole = "" if pausable else " in one piece, as it must"
    return error(
        "scheduling.work.never-fits",
        where,
        f"cannot be done{whole} by any of its modes: " + "; ".join(reasons),
        "extend the working hours or the horizon of the calendars, split the work, or allow pauses",
    )


def _need(work: Work, mode: Mode) -> Need:
    return Need(work.release_s, mode.duration_s, work.pausable)


def _check_fit(workload: Workload) -> Iterator[Finding]:
    times = CommonTime(dict(workload.resources))
    for work in workload.works:
        fixed = work.fixed is not None
        if not fixed and not any(_need(work, mode).fits(times.of(held(mode))) for mode in work.modes):
            reasons = (
                _need(work, mode).why_never(held(mode), times.of(held(mode)))
                for mode in work.modes[:SHOWN_NAMES]
            )
            yield never_fits(work.id, work.pausable, reasons)


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
        ``scheduling.work.*`` (``no-mode``, ``twice``, ``bad-weight``, ``bad-fixed``, ``never-fits``),
        ``scheduling.mode.*`` (``unknown-resource``, ``wrong-kind``), ``scheduling.link.*``
        (``unknown-work``, ``cycle``) and ``scheduling.time.bad``. Whether a work fits its
        calendars is only asked of a workload without any other error.
    """
    findings = [*_check_resources(workload), *_check_works(workload)]
    findings += _check_cycle(workload)
    if not findings:
        findings += _check_fit(workload)
    return tuple(findings)
