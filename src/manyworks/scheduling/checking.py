"""An independent referee of schedules.

It shares no code with whatever made the schedule: it reads the nouns alone and works everything out
for itself, so that a mistake in one place cannot hide in the other.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from manyworks.model import (
    Assignment,
    Finding,
    Mode,
    Resource,
    ResourceId,
    Schedule,
    Work,
    WorkId,
    Workload,
    error,
)

ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """One assignment with the work and the mode it stands for."""

    work: Work
    mode: Mode
    done: Assignment

    @property
    def resources(self) -> set[ResourceId]:
        return {self.mode.machine, *self.mode.workers, *self.mode.tools}


class _Hours:
    """Working time of one resource; touching intervals count as one."""

    def __init__(self, resource: Resource) -> None:
        self.always = not resource.intervals
        self.starts: list[int] = []
        self.ends: list[int] = []
        for start, end in resource.intervals:
            if self.ends and self.ends[-1] == start:
                self.ends[-1] = end
            else:
                self.starts.append(start)
                self.ends.append(end)

    def covers(self, start: int, end: int) -> bool:
        """Whether the whole stretch is working time."""
        index = bisect_right(self.starts, start) - 1
        return self.always or (index >= 0 and end <= self.ends[index])

    def closed(self, start: int, end: int) -> list[tuple[int, int]]:
        """List the stretches between start and end that are not working time."""
        gaps, at = [], start
        index = 0 if self.always else bisect_right(self.ends, start)
        while at < end and not self.always:
            opens = self.starts[index] if index < len(self.starts) else end
            if opens > at:
                gaps.append((at, min(opens, end)))
            if index >= len(self.ends) or opens >= end:
                break
            at = self.ends[index]
            index += 1
        return gaps


def _fault(code: str, where: str, message: str) -> Finding:
    return error(f"scheduling.check.{code}", where, message, "do not use this schedule")


def _count_works(workload: Workload, schedule: Schedule) -> Iterator[Finding]:
    wanted = {work.id for work in workload.works}
    counts = Counter(done.work for done in schedule.assignments)
    for name, count in counts.items():
        if name not in wanted:
            yield _fault("unknown-work", name, "is scheduled but not part of the workload")
        elif count > 1:
            yield _fault("work-twice", name, f"is scheduled {count} times, expected once")
    for work in workload.works:
        if work.id not in counts:
            yield _fault("work-missing", work.id, "is not scheduled")


def _pair(
    workload: Workload, schedule: Schedule, works: Mapping[WorkId, Work]
) -> tuple[list[_Job], list[Finding]]:
    """Join assignments to their works and modes; those that name no known mode become findings."""
    jobs, findings = [], []
    for done in schedule.assignments:
        work = works.get(done.work)
        if work is None:
            continue
        if not 0 <= done.mode < len(work.modes):
            findings.append(
                _fault(
                    "no-such-mode", done.work, f"uses mode {done.mode}, but it has {len(work.modes)} modes"
                )
            )
            continue
        job = _Job(work=work, mode=work.modes[done.mode], done=done)
        unknown = sorted(job.resources - workload.resources.keys())
        findings += [
            _fault("unknown-resource", done.work, f"holds {name!r}, which does not exist") for name in unknown
        ]
        if not unknown:
            jobs.append(job)
    return jobs, findings


def _check_segments(job: _Job) -> Iterator[Finding]:
    done, where = job.done, job.work.id
    if done.start_s > done.end_s or done.setup_s < 0:
        yield _fault(
            "bad-times", where, f"starts at {done.start_s}, ends at {done.end_s}, set-up {done.setup_s} s"
        )
    if any(start >= end for start, end in done.segments):
        yield _fault("bad-segment", where, "has a segment that ends before it starts, or is empty")
    pairs = zip(done.segments, done.segments[1:], strict=False)
    if any(one[1] > other[0] for one, other in pairs):
        yield _fault("segments-overlap", where, "has segments that overlap or are out of order")
    if done.segments and (done.segments[0][0], done.segments[-1][1]) != (done.start_s, done.end_s):
        yield _fault("segments-ends", where, "has segments that do not reach from its start to its end")
    worked = sum(end - start for start, end in done.segments)
    needed = done.setup_s + job.mode.duration_s
    if worked != needed:
        yield _fault(
            "duration", where, f"works for {worked} s, expected {needed} s of set-up and run in its mode"
        )
    if not done.segments and done.start_s != done.end_s:
        yield _fault("segments-ends", where, "takes time but has no segment")


def _check_pauses(job: _Job, hours: Mapping[ResourceId, _Hours]) -> Iterator[Finding]:
    """Every pause must be a break of a held resource, and only pausable work may have any."""
    for before, after in zip(job.done.segments, job.done.segments[1:], strict=False):
        pause = (before[1], after[0])
        if pause[0] >= pause[1]:
            continue
        if not job.work.pausable:
            yield _fault(
                "paused", job.work.id, f"pauses from {pause[0]} to {pause[1]} but must not be paused"
            )
        breaks = sorted(gap for name in job.resources for gap in hours[name].closed(*pause))
        reached = pause[0]
        for start, end in breaks:
            if start > reached:
                break
            reached = max(reached, end)
        if reached < pause[1]:
            yield _fault(
                "idle-pause", job.work.id, f"stands still at {reached} though all it holds are at work"
            )


def _check_hours(job: _Job, hours: Mapping[ResourceId, _Hours]) -> Iterator[Finding]:
    for name in sorted(job.resources):
        segments = job.done.segments or ((job.done.start_s, job.done.end_s),)
        for start, end in segments:
            if not hours[name].covers(start, end):
                yield _fault(
                    "outside-hours",
                    job.work.id,
                    f"works from {start} to {end}, not wholly within the working hours of {name}",
                )
                break
    yield from _check_pauses(job, hours)


def _queues(jobs: Sequence[_Job]) -> dict[ResourceId, list[_Job]]:
    """Jobs of each resource in order of time."""
    queues: dict[ResourceId, list[_Job]] = {}
    for job in sorted(jobs, key=lambda job: (job.done.start_s, job.done.end_s)):
        for name in job.resources:
            queues.setdefault(name, []).append(job)
    return queues


def _check_one_at_a_time(name: ResourceId, queue: Sequence[_Job]) -> Iterator[Finding]:
    longest = queue[0]
    for job in queue[1:]:
        if job.done.start_s < longest.done.end_s:
            yield _fault(
                "overlap",
                job.work.id,
                f"holds {name} from {job.done.start_s}, while {longest.work.id} holds it until "
                f"{longest.done.end_s}",
            )
        if job.done.end_s >= longest.done.end_s:
            longest = job


def _needed_setup(machine: Resource, before: Mode | None, mode: Mode) -> int:
    if before is None and not machine.family:
        return mode.setup_s
    family = before.family if before else machine.family
    if mode.family and family == mode.family:
        return 0
    return machine.setups.get((family, mode.family), mode.setup_s)


def _check_setups(machine: Resource, queue: Sequence[_Job]) -> Iterator[Finding]:
    before: _Job | None = None
    for job in queue:
        if job.mode.machine != machine.id:
            continue
        needed = _needed_setup(machine, before.mode if before else None, job.mode)
        if job.done.setup_s < needed and job.work.fixed is None:
            after = f"after {before.work.id}" if before else "as the first"
            yield _fault(
                "setup-short",
                job.work.id,
                f"is set up in {job.done.setup_s} s {after} on {machine.id}, expected {needed} s",
            )
        before = job


def _check_order(job: _Job, ends: Mapping[WorkId, int]) -> Iterator[Finding]:
    work, start = job.work, job.done.start_s
    if start < work.release_s and work.fixed is None:
        yield _fault("before-release", work.id, f"starts at {start}, before its release at {work.release_s}")
    for link in work.links:
        end = ends.get(link.before)
        if end is not None and start < end + link.lag_s:
            yield _fault(
                "link",
                work.id,
                f"starts at {start}, expected {end + link.lag_s} or later: {link.before} ends at {end}"
                + (f" and takes {link.lag_s} s to follow" if link.lag_s else ""),
            )


def _check_fixed(job: _Job) -> Iterator[Finding]:
    fixed = job.work.fixed
    if job.done != fixed and fixed is not None:
        yield _fault(
            "fixed-moved",
            job.work.id,
            f"is done from {job.done.start_s} to {job.done.end_s} in mode {job.done.mode}, but it is "
            f"fixed from {fixed.start_s} to {fixed.end_s} in mode {fixed.mode}",
        )


def _lateness(jobs: Sequence[_Job]) -> float:
    late = 0.0
    for job in jobs:
        if job.work.due_s is not None:
            late += job.work.weight * max(0, job.done.end_s - job.work.due_s)
    return late


def _check_totals(workload: Workload, schedule: Schedule, jobs: Sequence[_Job]) -> Iterator[Finding]:
    objective = _lateness(jobs)
    allowed = ROUNDING * max(1.0, objective)
    if not abs(schedule.objective - objective) <= allowed:
        yield _fault("objective", "schedule", f"states objective {schedule.objective}, it is {objective}")
    makespan = max((job.done.end_s for job in jobs), default=0)
    if schedule.makespan_s != makespan:
        yield _fault("makespan", "schedule", f"states makespan {schedule.makespan_s} s, it is {makespan} s")
    if not schedule.bound <= objective + allowed:
        yield _fault(
            "bound", "schedule", f"states a bound of {schedule.bound} above its objective {objective}"
        )
    if schedule.epoch != workload.epoch:
        yield _fault(
            "epoch", "schedule", f"counts from {schedule.epoch}, but the workload from {workload.epoch}"
        )


def check(workload: Workload, schedule: Schedule) -> tuple[Finding, ...]:
    """Say every rule of the workload that a schedule breaks.

    Parameters
    ----------
    workload
        What was to be scheduled.
    schedule
        Any schedule of it, whoever made it.

    Returns
    -------
    tuple of Finding
        Empty when the schedule holds. Codes ``scheduling.check.*``: every work exactly once in a
        mode of its own (``unknown-work``, ``work-twice``, ``work-missing``, ``no-such-mode``,
        ``unknown-resource``); durations that add up (``bad-times``, ``bad-segment``,
        ``segments-overlap``, ``segments-ends``, ``duration``); work within the hours of everything
        held, pausing only where it may (``outside-hours``, ``paused``, ``idle-pause``); one thing
        at a time (``overlap``); set-ups long enough (``setup-short``); order (``link``,
        ``before-release``); what is settled left as it is (``fixed-moved``); and stated totals
        (``objective``, ``makespan``, ``bound``, ``epoch``).
    """
    works = {work.id: work for work in workload.works}
    jobs, findings = _pair(workload, schedule, works)
    findings = [*_count_works(workload, schedule), *findings]
    hours = {name: _Hours(resource) for name, resource in workload.resources.items()}
    ends: dict[WorkId, int] = {}
    for job in jobs:
        ends[job.work.id] = max(job.done.end_s, ends.get(job.work.id, job.done.end_s))
    for job in jobs:
        if job.work.fixed is None:
            findings += _check_segments(job)
            findings += _check_hours(job, hours)
        findings += _check_fixed(job)
        findings += _check_order(job, ends)
    for name, queue in _queues(jobs).items():
        findings += _check_one_at_a_time(name, queue)
        findings += _check_setups(workload.resources[name], queue)
    findings += _check_totals(workload, schedule, jobs)
    return tuple(findings)
