"""Why a work is done here and now: what it waited for, and what every other way to do it would mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from manyworks.model import Assignment, Schedule, Work, WorkId, Workload, error
from manyworks.scheduling.errors import SchedulingError
from manyworks.scheduling.explaining.lateness import ready_by
from manyworks.scheduling.explaining.waiting import Stretch, Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Another mode of a work, with everything else left where it is.

    ``start_s`` and ``end_s`` are None where it finds no room at all; ``waits`` is what it would wait for.
    """

    mode: int
    start_s: int | None
    end_s: int | None
    setup_s: int
    waits: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Why a work is where it is.

    Parameters
    ----------
    done
        How it is planned.
    ready_s
        When it could begin had all it holds been free: by its release or the work before it.
    before
        The work it waited for last; None: its release.
    waits
        What the time from ``ready_s`` to its start goes to.
    alternatives
        Its modes, the planned one too, each put where it would end first.
    slack_s
        How much later it could end before it is late itself, or in the way of a work that waits for it
        or comes next on what it holds; None: as late as one likes.
    """

    work: WorkId
    done: Assignment
    ready_s: int
    before: WorkId | None
    waits: tuple[Stretch, ...]
    alternatives: tuple[Alternative, ...]
    slack_s: int | None


def explain_work(workload: Workload, schedule: Schedule, work: WorkId) -> Placement:
    """Say why a work is done here and now.

    Parameters
    ----------
    workload, schedule
        A schedule that `check` accepts.
    work
        One of its works.

    Raises
    ------
    SchedulingError
        The schedule does not have this work.
    """
    timeline = Timeline(workload, schedule)
    if work not in timeline.done or work not in timeline.works:
        raise SchedulingError([error("scheduling.explain.unknown-work", work, "is not in the schedule")])
    known, done = timeline.works[work], timeline.done[work]
    ready, before = ready_by(timeline, known)
    return Placement(
        work=work,
        done=done,
        ready_s=ready,
        before=before,
        waits=tuple(timeline.waited(known, timeline.mode(done), ready, done.start_s)),
        alternatives=tuple(_alternatives(workload, schedule, timeline, known)),
        slack_s=_slack(timeline, known),
    )


def _alternatives(
    workload: Workload, schedule: Schedule, timeline: Timeline, work: Work
) -> Iterator[Alternative]:
    """Every mode, the work put where it ends first, nothing else moved."""
    if work.fixed is not None:
        return
    # Late: loading the compiler takes longer than all the rest.
    from manyworks.scheduling.promising import places_without

    ready, _ = ready_by(timeline, work)
    for number, place in enumerate(places_without(workload, schedule, work.id, ready)):
        mode = work.modes[number]
        waits = timeline.waited(work, mode, ready, place[0]) if place is not None else []
        yield Alternative(
            mode=number,
            start_s=place[0] if place is not None else None,
            end_s=place[1] if place is not None else None,
            setup_s=place[2] if place is not None else 0,
            waits=tuple(waits),
        )


def _slack(timeline: Timeline, work: Work) -> int | None:
    end = timeline.done[work.id].end_s
    limits = [] if work.due_s is None else [work.due_s]
    for other in timeline.works.values():
        limits += [
            timeline.done[other.id].start_s - link.lag_s
            for link in other.links
            if link.before == work.id and other.id in timeline.done
        ]
    limits += timeline.next_starts(work)
    return max(0, min(limits) - end) if limits else None
