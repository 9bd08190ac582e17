"""Why orders are late: each followed back from its end through everything it waited for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from manyworks.model import OrderId, ResourceId, Schedule, Work, WorkId, Workload
from manyworks.scheduling.explaining.waiting import Stretch, Timeline

Cause = tuple[str, ResourceId | None]
"""What time went to: the cause of a stretch, and the resource it is about."""

WAITS_FOR_RESOURCES = ("busy", "gap")


@dataclass(frozen=True, slots=True, kw_only=True)
class LateOrder:
    """Where the time of a late order went.

    Parameters
    ----------
    work
        The work of the order that is late, of several the one that is most.
    stretches
        Its time from the beginning of the plan to its end, without gaps or overlaps: the works of the
        order that decided when the next could begin, and what each of them waited for.
    seconds
        The same summed up by cause, the largest first.
    bottleneck
        The machine, person or tool that it waited for longest; None if for none.
    """

    order: OrderId
    work: WorkId
    due_s: int
    end_s: int
    stretches: tuple[Stretch, ...]
    seconds: tuple[tuple[Cause, int], ...]
    bottleneck: ResourceId | None

    @property
    def late_s(self) -> int:
        """How late it is."""
        return self.end_s - self.due_s


def _latest(timeline: Timeline) -> Iterator[Work]:
    """Of each late order the work that is most late."""
    worst: dict[OrderId, tuple[int, Work]] = {}
    for work in timeline.works.values():
        if work.due_s is None or work.id not in timeline.done:
            continue
        late = timeline.done[work.id].end_s - work.due_s
        if late > 0 and late > worst.get(work.order, (0, work))[0]:
            worst[work.order] = late, work
    for _, work in sorted(worst.values(), key=lambda pair: (-pair[0], pair[1].id)):
        yield work


def trace(timeline: Timeline, work: Work) -> tuple[Stretch, ...]:
    """Follow a work back to the beginning of the plan.

    Each work is followed to the link that let it begin last. The stretches lie end to end from 0 (the
    first is the wait for the release, where there is one) to the work's end.
    """
    pieces: list[list[Stretch]] = []
    at: Work | None = work
    while at is not None:
        done = timeline.done[at.id]
        ready, link = ready_by(timeline, at)
        pieces.append(timeline.spent(at))
        if done.start_s > ready:
            pieces.append(timeline.waited(at, timeline.mode(done), ready, done.start_s))
        if link is None:
            pieces.append(_released(at, min(ready, done.start_s)))
            at = None
        else:
            pieces.append(_travelled(at, link, timeline.done[link].end_s, ready))
            at = timeline.works[link]
    return tuple(one for piece in reversed(pieces) for one in piece)


def ready_by(timeline: Timeline, work: Work) -> tuple[int, WorkId | None]:
    """When a work could begin with all it holds free, and the work it waited for; None: its release."""
    ends = [
        (timeline.done[link.before].end_s + link.lag_s, link.before)
        for link in work.links
        if link.before in timeline.done
    ]
    latest, before = max(ends, default=(0, None))
    return (latest, before) if before is not None and latest >= work.release_s else (work.release_s, None)


def _released(work: Work, until: int) -> list[Stretch]:
    return [Stretch(start_s=0, end_s=until, cause="release", work=work.id)] if until > 0 else []


def _travelled(work: Work, before: WorkId, start: int, end: int) -> list[Stretch]:
    return [Stretch(start_s=start, end_s=end, cause="travel", work=work.id, by=before)] if start < end else []


def sum_causes(stretches: tuple[Stretch, ...]) -> tuple[tuple[Cause, int], ...]:
    """Seconds by cause and resource, the largest first."""
    sums: Counter[Cause] = Counter()
    for one in stretches:
        sums[one.cause, one.resource] += one.seconds
    return tuple(sorted(sums.items(), key=lambda pair: (-pair[1], str(pair[0]))))


def _bottleneck(stretches: tuple[Stretch, ...]) -> ResourceId | None:
    waits: Counter[ResourceId] = Counter()
    for one in stretches:
        if one.cause in WAITS_FOR_RESOURCES and one.resource is not None:
            waits[one.resource] += one.seconds
    return min(waits, key=lambda name: (-waits[name], name), default=None)


def explain_late(workload: Workload, schedule: Schedule) -> tuple[LateOrder, ...]:
    """Say of each late order where its time went, the latest order first.

    Parameters
    ----------
    workload, schedule
        A schedule that `check` accepts.
    """
    timeline = Timeline(workload, schedule)
    return tuple(_explain(timeline, work) for work in _latest(timeline))


def _explain(timeline: Timeline, work: Work) -> LateOrder:
    stretches = trace(timeline, work)
    return LateOrder(
        order=work.order,
        work=work.id,
        due_s=work.due_s or 0,
        end_s=timeline.done[work.id].end_s,
        stretches=stretches,
        seconds=sum_causes(stretches),
        bottleneck=_bottleneck(stretches),
    )
