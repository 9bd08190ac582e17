"""Deviations sorted by what they change; those that make no sense are told, all at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import singledispatchmethod

from manyworks.model import (
    Cancelled,
    Deviation,
    ExtraTime,
    Finding,
    Finished,
    MachineDown,
    OrderId,
    Outage,
    PartLate,
    Resource,
    ResourceId,
    RushOrder,
    Scrapped,
    Slower,
    Started,
    ToolMissing,
    Work,
    WorkerAbsent,
    WorkId,
    Workload,
    error,
)
from manyworks.scheduling.validation import bad_times

Interval = tuple[int, int]
KIND_OF = {MachineDown: "machine", WorkerAbsent: "worker", ToolMissing: "tool"}


@dataclass(slots=True, kw_only=True)
class Facts:
    """What is known at ``now_s`` beyond the plan."""

    now_s: int
    finished: dict[WorkId, int] = field(default_factory=dict)
    started: dict[WorkId, Started] = field(default_factory=dict)
    late: dict[WorkId, int] = field(default_factory=dict)
    outages: dict[ResourceId, list[Interval]] = field(default_factory=dict)
    extra: dict[ResourceId, list[Interval]] = field(default_factory=dict)
    slow_works: dict[WorkId, float] = field(default_factory=dict)
    slow_resources: dict[ResourceId, float] = field(default_factory=dict)
    new_works: list[Work] = field(default_factory=list)
    new_resources: list[Resource] = field(default_factory=list)
    scrapped: list[Scrapped] = field(default_factory=list)
    cancelled: set[OrderId] = field(default_factory=set)

    def slowness(self, work: WorkId, held: Iterable[ResourceId]) -> float:
        """How many times as long a work takes from now on with what it holds."""
        factor = self.slow_works.get(work, 1.0)
        for name in held:
            factor *= self.slow_resources.get(name, 1.0)
        return factor


def _fault(what: str, where: str, message: str, hint: str = "") -> Finding:
    return error(f"scheduling.replan.{what}", where, message, hint)


class _Sorter:
    """Files deviations into facts, and what is wrong with them into ``findings``."""

    def __init__(self, workload: Workload, now_s: int) -> None:
        self.facts = Facts(now_s=now_s)
        self._epoch = workload.epoch
        self.findings: list[Finding] = []
        self._works: Mapping[WorkId, Work] = {work.id: work for work in workload.works}
        self._orders = {work.order for work in workload.works}
        self._resources = dict(workload.resources)

    @singledispatchmethod
    def file(self, deviation: object) -> None:
        """Take note of one deviation."""
        self.findings.append(_fault("unknown-event", "events", f"{deviation!r} is no event"))

    @file.register
    def _(self, one: Outage) -> None:
        if self._knows_resource(one.resource, KIND_OF.get(type(one), "")) & self._is_stretch(one):
            self.facts.outages.setdefault(one.resource, []).append((one.start_s, one.end_s))

    @file.register
    def _(self, one: ExtraTime) -> None:
        if self._knows_resource(one.resource) & self._is_stretch(one):
            self.facts.extra.setdefault(one.resource, []).append((one.start_s, one.end_s))

    @file.register
    def _(self, one: PartLate) -> None:
        if self._knows_work(one.work) & self._are_times(one.work, release=one.release_s):
            self.facts.late[one.work] = max(one.release_s, self.facts.late.get(one.work, 0))

    @file.register
    def _(self, one: RushOrder) -> None:
        for resource in one.resources:
            if resource.id in self._resources:
                self._refuse("known-resource", resource.id, "is brought along, but the plan has it already")
            else:
                self._resources[resource.id] = resource
                self.facts.new_resources.append(resource)
        taken = {*self._works, *(work.id for work in self.facts.new_works)}
        for work in one.works:
            if work.id in taken:
                self._refuse("known-work", work.id, "is new, but the plan has a work of this id already")
            else:
                self.facts.new_works.append(work)
                taken.add(work.id)

    @file.register
    def _(self, one: Scrapped) -> None:
        unknown = [name for name in (one.work, *one.remake) if not self._knows_work(name)]
        if unknown:
            return
        most = self._works[one.work].quantity
        if not (math.isfinite(one.quantity) and 0 < one.quantity <= most):
            message = f"{one.quantity:g} are scrapped, expected more than 0 and at most its lot of {most:g}"
            self._refuse("bad-quantity", one.work, message)
        else:
            self.facts.scrapped.append(one)

    @file.register
    def _(self, one: Slower) -> None:
        where = str(one.work or one.resource or "events")
        if (one.work is None) == (one.resource is None):
            self._refuse("bad-slower", where, "expected either a work or a resource that is slower")
        elif not (math.isfinite(one.factor) and 0 < one.factor <= 1000):
            self._refuse("bad-factor", where, f"takes {one.factor:g} times as long, expected 0 to 1000")
        elif one.work is not None and self._knows_work(one.work):
            self.facts.slow_works[one.work] = one.factor * self.facts.slow_works.get(one.work, 1.0)
        elif one.resource is not None and self._knows_resource(one.resource):
            known = self.facts.slow_resources.get(one.resource, 1.0)
            self.facts.slow_resources[one.resource] = one.factor * known

    @file.register
    def _(self, one: Started) -> None:
        if not self._knows_work(one.work) & self._is_past(one.work, "started", one.start_s):
            return
        modes = len(self._works[one.work].modes)
        if one.mode is not None and not 0 <= one.mode < modes:
            self._refuse("no-such-mode", one.work, f"started in mode {one.mode}, but has {modes} modes")
        else:
            self.facts.started[one.work] = one

    @file.register
    def _(self, one: Finished) -> None:
        if self._knows_work(one.work) & self._is_past(one.work, "finished", one.end_s):
            self.facts.finished[one.work] = one.end_s

    @file.register
    def _(self, one: Cancelled) -> None:
        if one.order in self._orders:
            self.facts.cancelled.add(one.order)
        else:
            self._refuse("unknown-order", one.order, "is not in the plan")

    def _moment(self, at: int) -> str:
        return f"{self._epoch + timedelta(seconds=at):%Y-%m-%d %H:%M:%S}"

    def _refuse(self, what: str, where: str, message: str) -> None:
        self.findings.append(_fault(what, where, message, "correct the event or leave it out"))

    def _knows_work(self, name: WorkId) -> bool:
        if name not in self._works:
            self._refuse("unknown-work", name, "is not in the plan; it may be finished already")
        return name in self._works

    def _knows_resource(self, name: ResourceId, kind: str = "") -> bool:
        found = self._resources.get(name)
        if found is None:
            self._refuse("unknown-resource", name, "is not in the plan")
        elif kind and found.kind != kind:
            self._refuse("wrong-kind", name, f"is a {found.kind}, expected a {kind}")
        return found is not None and found.kind == (kind or found.kind)

    def _are_times(self, where: str, **times: int) -> bool:
        faults = list(bad_times(where, times.items()))
        self.findings += faults
        return not faults

    def _is_stretch(self, one: Outage | ExtraTime) -> bool:
        fine = self._are_times(one.resource, start=one.start_s, end=one.end_s)
        if fine and one.end_s <= one.start_s:
            self._refuse(
                "bad-stretch",
                one.resource,
                f"ends {self._moment(one.end_s)}, not after {self._moment(one.start_s)}",
            )
        return fine and one.start_s < one.end_s

    def _is_past(self, where: str, what: str, at: int) -> bool:
        fine = self._are_times(where, **{what: at})
        if fine and at > self.facts.now_s:
            now = self._moment(self.facts.now_s)
            self._refuse("in-future", where, f"is said to have {what} {self._moment(at)}, now is {now}")
        return fine and at <= self.facts.now_s


def sort_facts(
    workload: Workload, deviations: Sequence[Deviation], now_s: int
) -> tuple[Facts, tuple[Finding, ...]]:
    """Sort deviations by what they change.

    Returns
    -------
    The facts, and an error for every deviation that is about nothing in the plan or says nothing possible.
    """
    sorter = _Sorter(workload, now_s)
    sorter.findings += bad_times("now", (("now", now_s),))
    file: Callable[[Deviation], None] = sorter.file
    # New works and resources first: other deviations may be about them.
    for one in sorted(deviations, key=lambda one: not isinstance(one, RushOrder)):
        file(one)
    return sorter.facts, tuple(sorter.findings)


def check_plan_is_whole(workload: Workload, modes: Mapping[WorkId, int]) -> Iterator[Finding]:
    """Say which works a schedule misses or does in a mode they do not have."""
    for work in workload.works:
        mode = modes.get(work.id)
        if mode is None or not 0 <= mode < len(work.modes):
            message = "is not scheduled" if mode is None else f"is scheduled in mode {mode}, which it has not"
            yield _fault("bad-schedule", work.id, message, "plan again from a schedule that holds")
