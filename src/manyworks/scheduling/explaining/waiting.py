"""What a work waits for between the moment it could begin and the moment it does."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from manyworks.model import Assignment, Mode, Resource, ResourceId, Schedule, Work, WorkId, Workload
from manyworks.scheduling.calendars import CommonTime, held


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A piece of an order's time, and what it goes to.

    Parameters
    ----------
    cause
        ``release`` (not there yet: material, or what came before the plan), ``travel`` (lag after the
        work before), ``busy`` (``resource`` does ``by``), ``closed`` (``resource`` does not work then),
        ``gap`` (free, but too short before ``by`` or, where that is None, before closing time), ``idle``
        (nothing in the way), ``setup`` or ``run``.
    work
        The work of the order that waits or is done.
    resource
        What it waits for; its machine for ``setup`` and ``run``.
    by
        The work in the way; the work before it for ``travel``.
    """

    start_s: int
    end_s: int
    cause: str
    work: WorkId
    resource: ResourceId | None = None
    by: WorkId | None = None

    @property
    def seconds(self) -> int:
        """How long it is."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class _Queue:
    """What a resource does, in order of time; works that take no time are left out."""

    starts: list[int]
    ends: list[int]
    works: list[WorkId]

    def at(self, t: int, but: WorkId) -> tuple[int, WorkId] | None:
        """The work that holds it at ``t``, with its end."""
        index = bisect_right(self.starts, t) - 1
        if index >= 0 and self.ends[index] > t and self.works[index] != but:
            return self.ends[index], self.works[index]
        return None

    def after(self, t: int, but: WorkId) -> tuple[int, WorkId] | None:
        """The next work that begins at ``t`` or later, with its start."""
        index = bisect_left(self.starts, t)
        while index < len(self.starts) and self.works[index] == but:
            index += 1
        return (self.starts[index], self.works[index]) if index < len(self.starts) else None


class Timeline:
    """A schedule by resource, to ask what was in the way.

    Raises
    ------
    KeyError
        The schedule names works or resources that the workload does not have; `check` says which.
    """

    def __init__(self, workload: Workload, schedule: Schedule) -> None:
        self.works = {work.id: work for work in workload.works}
        self.done = {one.work: one for one in schedule.assignments}
        self.resources = workload.resources
        self._times = CommonTime(dict(workload.resources))
        self._queues = {name: _Queue([], [], []) for name in workload.resources}
        for one in sorted(schedule.assignments, key=lambda one: (one.start_s, one.end_s)):
            if one.end_s > one.start_s:
                for name in held(self.mode(one)):
                    queue = self._queues[name]
                    queue.starts.append(one.start_s)
                    queue.ends.append(one.end_s)
                    queue.works.append(one.work)

    def mode(self, done: Assignment) -> Mode:
        """How a work is done."""
        return self.works[done.work].modes[done.mode]

    def spent(self, work: Work) -> list[Stretch]:
        """The time from a work's start to its end: set-up, run, and the breaks between."""
        done = self.done[work.id]
        machine = self.mode(done).machine
        stretches, at, setup = [], done.start_s, done.setup_s
        for start, end in done.segments or ((done.start_s, done.end_s),):
            if start > at:
                stretches.append(self._closed(work, done, at, start))
            first = min(setup, end - start)
            setup -= first
            pieces = ((start, start + first, "setup"), (start + first, end, "run"))
            stretches += [
                Stretch(start_s=a, end_s=b, cause=cause, work=work.id, resource=machine)
                for a, b, cause in pieces
                if a < b
            ]
            at = end
        return stretches

    def _closed(self, work: Work, done: Assignment, start: int, end: int) -> Stretch:
        resource = self._who_is_off(self.mode(done), start)
        return Stretch(start_s=start, end_s=end, cause="closed", work=work.id, resource=resource)

    def waited(self, work: Work, mode: Mode, ready: int, start: int) -> list[Stretch]:
        """What the time from ``ready`` to ``start`` went to, piece by piece."""
        stretches: list[Stretch] = []
        at = ready
        while at < start:
            piece = self._in_the_way(work, mode, at, start)
            if stretches and _goes_on(stretches[-1], piece):
                stretches[-1] = replace(stretches[-1], end_s=piece.end_s)
            else:
                stretches.append(piece)
            at = piece.end_s
        return stretches

    def _in_the_way(self, work: Work, mode: Mode, at: int, start: int) -> Stretch:
        """The longest-lasting thing in the way at a moment; what follows it is asked for next."""
        holders = [
            (found[0], -rank, name, found[1])
            for rank, name in enumerate(held(mode))
            if (found := self._queues[name].at(at, work.id)) is not None
        ]
        if holders:
            ends, _, holder, held_by = max(holders)
            until = min(ends, start)
            return Stretch(start_s=at, end_s=until, cause="busy", work=work.id, resource=holder, by=held_by)
        opening, closing = self._hours(mode, at)
        begins, name, by = min(self._following(work, mode, at), default=(start, mode.machine, None))
        if opening > at:
            until, off = min(opening, begins, start), self._who_is_off(mode, at)
            return Stretch(start_s=at, end_s=until, cause="closed", work=work.id, resource=off)
        if closing < min(begins, start) and not work.pausable:
            off = self._who_is_off(mode, int(closing))
            return Stretch(start_s=at, end_s=int(closing), cause="gap", work=work.id, resource=off)
        if begins < start:
            return Stretch(start_s=at, end_s=begins, cause="gap", work=work.id, resource=name, by=by)
        return Stretch(start_s=at, end_s=start, cause="idle", work=work.id)

    def next_starts(self, work: Work) -> list[int]:
        """When the next works begin on all that a work holds."""
        done = self.done[work.id]
        found = (self._queues[name].after(done.end_s, work.id) for name in held(self.mode(done)))
        return [one[0] for one in found if one is not None]

    def _following(self, work: Work, mode: Mode, at: int) -> Iterator[tuple[int, ResourceId, WorkId | None]]:
        for name in held(mode):
            found = self._queues[name].after(at, work.id)
            if found is not None:
                yield found[0], name, found[1]

    def _hours(self, mode: Mode, at: int) -> tuple[int, float]:
        """When all it holds are at work next, from ``at`` on, and until when."""
        intervals = self._times.of(held(mode))
        index = bisect_right(intervals, (at, math.inf)) - 1
        if index >= 0 and intervals[index][1] > at:
            return at, intervals[index][1]
        if index + 1 < len(intervals):
            return intervals[index + 1]
        return at, math.inf

    def _who_is_off(self, mode: Mode, at: int) -> ResourceId | None:
        """The first of all it holds that does not work at a moment."""
        return next((name for name in held(mode) if _is_off(self.resources[name], at)), None)


def _goes_on(last: Stretch, piece: Stretch) -> bool:
    same = (last.cause, last.resource, last.by) == (piece.cause, piece.resource, piece.by)
    return same and last.end_s == piece.start_s


def _is_off(resource: Resource, at: int) -> bool:
    index = bisect_right(resource.intervals, (at, math.inf)) - 1
    return bool(resource.intervals) and (index < 0 or resource.intervals[index][1] <= at)
