"""Where every work stands when plans are made again: done, running, or still to do.

A work runs or is done as planned unless something says otherwise. It has not started, whatever was
planned, when what it needs was not there: a part, a work before it, or a machine that something else
still holds or that is down.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from manyworks.model import Assignment, Mode, Resource, ResourceId, Schedule, Work, WorkId, Workload
from manyworks.scheduling.calendars import CommonTime, Intervals, held, merge
from manyworks.scheduling.replanning.facts import Facts
from manyworks.scheduling.validation import LONGEST_S

CLOSED: Intervals = ((-1, 0),)
"""Working time of what is never there again (no interval at all would mean: always)."""


@dataclass(slots=True, kw_only=True)
class Standing:
    """Where works stand, and for what machines are set up.

    Parameters
    ----------
    finished, running
        As they really were, or will be, done.
    returned
        Works that were interrupted and are to do again: seconds of run that are left on the machine
        they began on, None where all is lost.
    families
        Set-up family of machines that have done something.
    """

    finished: dict[WorkId, Assignment] = field(default_factory=dict)
    running: dict[WorkId, Assignment] = field(default_factory=dict)
    returned: dict[WorkId, tuple[ResourceId, int | None]] = field(default_factory=dict)
    families: dict[ResourceId, str] = field(default_factory=dict)


def _cut(intervals: Intervals, outages: Iterable[tuple[int, int]]) -> Intervals:
    left = intervals or ((0, LONGEST_S),)
    for begin, end in outages:
        pieces = (piece for a, b in left for piece in ((a, min(b, begin)), (max(a, end), b)))
        left = tuple(piece for piece in pieces if piece[0] < piece[1])
    return left or CLOSED


def _join(intervals: Intervals, extra: Iterable[tuple[int, int]]) -> Intervals:
    joined: list[tuple[int, int]] = []
    for start, end in sorted([*intervals, *extra]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def changed_resources(workload: Workload, facts: Facts) -> dict[ResourceId, Resource]:
    """Resources with the hours they have now, and the new ones."""
    resources = {**workload.resources, **{one.id: one for one in facts.new_resources}}
    for name, extra in facts.extra.items():
        one = resources[name]
        if one.intervals:
            resources[name] = replace(one, intervals=_join(one.intervals, extra))
    for name, outages in facts.outages.items():
        one = resources[name]
        resources[name] = replace(one, intervals=_cut(merge(one.intervals), outages))
    return resources


def _open_from(intervals: Intervals, pausable: bool, start: int, needed: int) -> Intervals:
    """Stretches in which something already begun goes on; after the last hours it goes on all the same."""
    if not pausable:
        return ((start, start + needed),) if needed else ()
    stretches = []
    for index in range(max(bisect_right(intervals, (start, math.inf)) - 1, 0), len(intervals)):
        low = max(intervals[index][0], start)
        high = min(intervals[index][1], low + needed)
        if low < high:
            stretches.append((low, high))
            needed -= high - low
        if not needed:
            return tuple(stretches)
    last = stretches[-1][1] if stretches else start
    return merge([*stretches, (last, last + needed)])


def _worked(segments: Intervals, until: int) -> int:
    return sum(max(0, min(end, until) - start) for start, end in segments)


class _Stocktaking:
    def __init__(self, workload: Workload, facts: Facts, resources: Mapping[ResourceId, Resource]) -> None:
        self._works = {work.id: work for work in workload.works}
        self._facts, self._resources = facts, resources
        self._times = CommonTime(dict(resources))
        self._busy: dict[ResourceId, int] = {}
        self.standing = Standing()

    def take(self, planned: Assignment) -> None:
        """Say where one work stands; those planned to start before it have been asked before."""
        work, done = self._works[planned.work], self.standing
        ended, started = self._facts.finished.get(work.id), self._facts.started.get(work.id)
        if ended is not None:
            begun = min(planned.start_s if started is None else started.start_s, ended)
            self._finish(work, replace(planned, start_s=begun, end_s=ended, segments=_whole(begun, ended)))
            return
        actual = planned if started is None else self._begun(work, planned, started.start_s, started.mode)
        if started is None and not self._has_started(work, planned):
            return
        hit = self._first_outage(actual, work.modes[actual.mode])
        if hit is not None and (hit <= self._facts.now_s or not work.pausable):
            self._interrupt(work, actual, hit)
            return
        actual = self._go_on(work, actual, changed=hit is not None)
        if actual.end_s <= self._facts.now_s:
            self._finish(work, actual)
        else:
            done.running[work.id] = actual
            self._occupy(work.modes[actual.mode], actual.end_s)

    def _begun(self, work: Work, planned: Assignment, start: int, number: int | None) -> Assignment:
        """Its assignment had it been planned to start when it did."""
        if start == planned.start_s and number in (None, planned.mode):
            return planned
        number = planned.mode if number is None else number
        mode = work.modes[number]
        setup = planned.setup_s if mode.machine == work.modes[planned.mode].machine else mode.setup_s
        needed = setup + mode.duration_s
        segments = _open_from(self._times.of(held(mode)), work.pausable, start, needed)
        # What began outside of all hours did so nevertheless.
        return Assignment(
            work=work.id,
            mode=number,
            start_s=start,
            end_s=segments[-1][1] if segments else start,
            setup_s=setup,
            segments=segments,
        )

    def _has_started(self, work: Work, planned: Assignment) -> bool:
        start = planned.start_s
        if start >= self._facts.now_s or self._facts.late.get(work.id, 0) > start:
            return False
        if any(link.before not in self.standing.finished for link in work.links):
            return False
        resources = held(work.modes[planned.mode])
        if any(self._busy.get(name, 0) > start for name in resources):
            return False
        return not any(
            begin <= start < end for name in resources for begin, end in self._facts.outages.get(name, ())
        )

    def _first_outage(self, actual: Assignment, mode: Mode) -> int | None:
        """When something it holds first goes missing while it runs."""
        hits = (
            max(begin, actual.start_s)
            for name in held(mode)
            for begin, end in self._facts.outages.get(name, ())
            if begin < actual.end_s and end > actual.start_s
        )
        return min(hits, default=None)

    def _interrupt(self, work: Work, actual: Assignment, at: int) -> None:
        """Back to what is to do; a work that may pause keeps what was done on the machine."""
        mode, at = work.modes[actual.mode], min(at, self._facts.now_s)
        run = _worked(actual.segments, at) - actual.setup_s
        left = _worked(actual.segments, LONGEST_S) - actual.setup_s - max(run, 0) if work.pausable else None
        self.standing.returned[work.id] = mode.machine, left
        self.standing.families[mode.machine] = mode.family if run >= 0 else ""
        self._occupy(mode, at)

    def _go_on(self, work: Work, actual: Assignment, *, changed: bool) -> Assignment:
        """Time anew what is left of a running work that is slower now, or pauses over an outage."""
        now, mode = self._facts.now_s, work.modes[actual.mode]
        slowness = self._facts.slowness(work.id, held(mode))
        if actual.end_s <= now or not (changed or slowness != 1.0):
            return actual
        worked = _worked(actual.segments, now)
        setup = max(actual.setup_s - worked, 0)
        run = _worked(actual.segments, LONGEST_S) - worked - setup
        needed = setup + math.ceil(run * slowness)
        at = max(now, actual.start_s)
        rest = _open_from(self._times.of(held(mode)), work.pausable, at, needed)
        before = [(start, min(end, now)) for start, end in actual.segments if start < now]
        segments = merge([*before, *rest])
        return replace(actual, end_s=segments[-1][1] if segments else at, segments=segments)

    def _finish(self, work: Work, actual: Assignment) -> None:
        self.standing.finished[work.id] = actual
        mode = work.modes[actual.mode]
        self.standing.families[mode.machine] = mode.family
        self._occupy(mode, actual.end_s)

    def _occupy(self, mode: Mode, until: int) -> None:
        for name in held(mode):
            self._busy[name] = max(until, self._busy.get(name, 0))


def _whole(start: int, end: int) -> Intervals:
    return ((start, end),) if start < end else ()


def take_stock(
    workload: Workload, schedule: Schedule, facts: Facts, resources: Mapping[ResourceId, Resource]
) -> Standing:
    """Say where every work of a plan stands at ``facts.now_s``.

    Parameters
    ----------
    resources
        With the hours they have now; see `changed_resources`.

    Notes
    -----
    A running work that loses something it holds: one that may pause goes on when that is back, if it is
    only lost later; if it is lost already, the rest is to do again, on the same machine only what is left
    of the run, elsewhere the whole. One that must not pause is to do again as a whole.
    """
    stock = _Stocktaking(workload, facts, resources)
    for planned in sorted(schedule.assignments, key=lambda one: (one.start_s, one.end_s)):
        stock.take(planned)
    return stock.standing
