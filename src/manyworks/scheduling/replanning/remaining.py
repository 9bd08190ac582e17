"""What is left to do, as a workload of its own: what is done has become releases and machine states."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from manyworks.model import (
    Finding,
    Link,
    Mode,
    Resource,
    ResourceId,
    Scrapped,
    Work,
    WorkId,
    Workload,
    error,
    warning,
)
from manyworks.scheduling.calendars import held
from manyworks.scheduling.replanning.facts import Facts
from manyworks.scheduling.replanning.standing import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Remaining:
    """What is left: a workload, what was said on the way, and which works are new."""

    workload: Workload
    findings: tuple[Finding, ...]
    new: frozenset[WorkId]


def _slowed(seconds: int, factor: float) -> int:
    return seconds if factor == 1.0 else math.ceil(seconds * factor)


class _Rest:
    def __init__(self, workload: Workload, facts: Facts, standing: Standing) -> None:
        self._workload, self._facts, self._standing = workload, facts, standing
        self._works = {work.id: work for work in workload.works}
        self.findings: list[Finding] = []

    def works(self) -> list[Work]:
        """Every work that runs or is still to do, new ones at the end."""
        done, again = self._standing.finished, self._made_again()
        kept = [
            self._running(work) if work.id in self._standing.running else self._pending(work)
            for work in self._workload.works
            if work.id not in done and not self._is_dropped(work)
        ]
        waiting = {one.work: one for one in self._facts.scrapped}
        linked = [self._after_scrap(work, waiting) for work in kept]
        fresh = [self._pending(work) for work in (*again, *self._facts.new_works)]
        return [*linked, *fresh]

    def _is_dropped(self, work: Work) -> bool:
        return work.order in self._facts.cancelled and work.id not in self._standing.running

    def _running(self, work: Work) -> Work:
        if work.id in self._facts.late:
            self.findings.append(_ignored(work.id, "waits for a part, but runs already"))
        actual = self._standing.running[work.id]
        return replace(work, fixed=actual, links=())

    def _pending(self, work: Work) -> Work:
        ends = self._standing.finished
        release = max(work.release_s, self._facts.now_s, self._facts.late.get(work.id, 0))
        for link in work.links:
            if link.before in ends:
                release = max(release, ends[link.before].end_s + link.lag_s)
        links = tuple(link for link in work.links if link.before not in ends)
        modes = tuple(self._mode(work, mode) for mode in work.modes)
        if (release, links, modes, work.fixed) == (work.release_s, work.links, work.modes, None):
            return work
        return replace(work, release_s=release, links=links, modes=modes, fixed=None)

    def _mode(self, work: Work, mode: Mode) -> Mode:
        """A mode with the run time that is left in it, and slower if it is."""
        machine, left = self._standing.returned.get(work.id, (None, None))
        run = left if mode.machine == machine and left is not None else mode.duration_s
        run = _slowed(run, self._facts.slowness(work.id, held(mode)))
        return mode if run == mode.duration_s else replace(mode, duration_s=run)

    def _made_again(self) -> Iterator[Work]:
        for one in self._facts.scrapped:
            if self._has_begun(one):
                yield from (self._again(one, name) for name in (*one.remake, one.work))

    def _has_begun(self, one: Scrapped) -> bool:
        known = self._standing.finished.keys() | self._standing.running.keys()
        idle = [name for name in (one.work, *one.remake) if name not in known]
        for name in idle:
            message = "has not begun, so that nothing of it can be scrapped"
            hint = "plan a larger lot, or leave the event out"
            self.findings.append(error("scheduling.replan.not-begun", name, message, hint))
        return not idle

    def _again(self, one: Scrapped, name: WorkId) -> Work:
        work = self._works[name]
        share = min(1.0, one.quantity / self._works[one.work].quantity)
        links = (
            Link(before=again_id(link.before) if link.before in one.remake else link.before, lag_s=link.lag_s)
            for link in work.links
        )
        modes = (replace(mode, duration_s=math.ceil(mode.duration_s * share)) for mode in work.modes)
        quantity = work.quantity * share
        return replace(
            work, id=again_id(name), links=tuple(links), modes=tuple(modes), quantity=quantity, fixed=None
        )

    def _after_scrap(self, work: Work, scrapped: Mapping[WorkId, Scrapped]) -> Work:
        """A follower of what is made again waits for both."""
        more = [replace(link, before=again_id(link.before)) for link in self._links(work.id, scrapped)]
        if not more:
            return work
        if work.id in self._standing.running:
            self.findings.append(_ignored(work.id, "has begun without what is made again"))
            return work
        return replace(work, links=(*work.links, *more))

    def _links(self, name: WorkId, scrapped: Mapping[WorkId, Scrapped]) -> list[Link]:
        return [
            link
            for link in self._works[name].links
            if link.before in scrapped and name not in scrapped[link.before].remake
        ]


def again_id(work: WorkId) -> WorkId:
    """Name of a work that is done once more."""
    return WorkId(f"{work}#again")


def _ignored(where: str, message: str) -> Finding:
    return warning("scheduling.replan.too-late", where, message, "look at it on the shop floor")


def _orphans(works: Sequence[Work], standing: Standing) -> Iterator[Finding]:
    known = {work.id for work in works}
    for work in works:
        for link in work.links:
            if link.before not in known and link.before not in standing.finished:
                message = f"waits for {link.before!r}, which is not in the plan or was cancelled"
                hint = "cancel its order too, or let it do without"
                yield error("scheduling.replan.orphan", work.id, message, hint)


def _twice(works: Sequence[Work]) -> Iterator[Finding]:
    seen: set[WorkId] = set()
    for work in works:
        if work.id in seen:
            message = "would be made again twice"
            yield error("scheduling.replan.twice", work.id, message, "scrap it once, with the whole quantity")
        seen.add(work.id)


def _set_up(resources: Mapping[ResourceId, Resource], standing: Standing) -> dict[ResourceId, Resource]:
    """Resources set up for what was done last on them."""
    families = {name: standing.families.get(name, one.family) for name, one in resources.items()}
    return {
        name: one if families[name] == one.family else replace(one, family=families[name])
        for name, one in resources.items()
    }


def list_remaining(
    workload: Workload, facts: Facts, standing: Standing, resources: Mapping[ResourceId, Resource]
) -> Remaining:
    """Put together what is left to do.

    Running works are fixed as they will end. What is made again after scrap gets an id of its own
    (`again_id`); works that would have used it wait for it.
    """
    rest = _Rest(workload, facts, standing)
    works = rest.works()
    known = {work.id for work in workload.works}
    return Remaining(
        workload=Workload(
            epoch=workload.epoch,
            works=tuple(works),
            resources=_set_up(resources, standing),
        ),
        findings=(*rest.findings, *_orphans(works, standing), *_twice(works)),
        new=frozenset(work.id for work in works if work.id not in known),
    )
