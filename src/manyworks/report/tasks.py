"""The assignments of a schedule with everything they point at, and how each is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from manyworks.model import (
    Assignment,
    Mode,
    Network,
    OrderId,
    Resource,
    ResourceId,
    Schedule,
    ShopId,
    Work,
    WorkId,
    Workload,
)
from manyworks.report.formats import (
    capitalise,
    count_words,
    format_count,
    format_duration,
    format_moment,
    humanise,
)

LATE = "; too late to be there by the due date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """An assignment with everything it points at."""

    assignment: Assignment
    work: Work
    mode: Mode
    machine: Resource
    late: bool

    @property
    def segments(self) -> tuple[tuple[int, int], ...]:
        """The worked stretches, in seconds from the epoch."""
        return self.assignment.segments or ((self.assignment.start_s, self.assignment.end_s),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What is needed to tell about tasks: names, the orders' letters, and the clock's zero."""

    network: Network
    letters: Mapping[OrderId, str]
    epoch: datetime

    def letter(self, order: OrderId) -> str:
        """An order's short name."""
        return self.letters.get(order, "?")

    def tone(self, order: OrderId) -> int:
        """An order's number, which picks its colour."""
        return list(self.letters).index(order) if order in self.letters else 0

    def moment(self, seconds: int) -> datetime:
        """The point in time of a second."""
        return self.epoch + timedelta(seconds=seconds)

    def shop(self, shop: ShopId) -> str:
        """Name of a shop, its id where the network does not know it."""
        found = self.network.shops.get(shop)
        return found.name if found is not None else str(shop) or "No shop named"

    def zone(self, shop: ShopId) -> ZoneInfo:
        """A shop's own time zone, UTC where it states none that exists."""
        found = self.network.shops.get(shop)
        try:
            return ZoneInfo(found.timezone if found is not None else "UTC")
        except (KeyError, ValueError, OSError):
            return ZoneInfo("UTC")

    def period(self, shop: ShopId, start: int, end: int) -> str:
        """From when to when, by the shop's own clock."""
        first, last = (self.moment(at).astimezone(self.zone(shop)) for at in (start, end))
        return f"{format_moment(first)} to {format_moment(last)} ({first.tzname()})"

    def detail(self, task: Task) -> str:
        """Everything there is to say about a task, in one line."""
        placed, crew = task.assignment, len(task.mode.workers)
        people = f", with {count_words(crew, 'person', 'people')}" if crew else ""
        setup = f"set-up {format_duration(placed.setup_s)}" if placed.setup_s else "no set-up"
        return (
            f"{self.letter(task.work.order)} = {task.work.order}: {work_name(task.work)}, "
            f"{format_count(task.work.quantity)} pieces on {task.machine.name} "
            f"at {self.shop(task.machine.shop)}; "
            f"{self.period(task.machine.shop, placed.start_s, placed.end_s)}, {setup}, "
            f"run {format_duration(task.mode.duration_s)}{people}{LATE if task.late else ''}"
        )


def zoned(epoch: datetime) -> datetime:
    """The epoch with a time zone: UTC where it has none."""
    return epoch if epoch.tzinfo is not None else epoch.replace(tzinfo=UTC)


def resolve_tasks(workload: Workload, schedule: Schedule) -> list[Task]:
    """Every assignment whose work and mode are known, by start."""
    works: dict[WorkId, Work] = {work.id: work for work in workload.works}
    known = [a for a in schedule.assignments if a.work in works and 0 <= a.mode < len(works[a.work].modes)]
    return [
        _task(assignment, works[assignment.work], workload)
        for assignment in sorted(known, key=lambda a: (a.start_s, a.end_s, a.work))
    ]


def _task(assignment: Assignment, work: Work, workload: Workload) -> Task:
    mode = work.modes[assignment.mode]
    machine = workload.resources.get(mode.machine) or _unknown(mode.machine)
    late = work.due_s is not None and assignment.end_s > work.due_s
    return Task(assignment=assignment, work=work, mode=mode, machine=machine, late=late)


def _unknown(resource: ResourceId) -> Resource:
    return Resource(id=resource, name=str(resource), kind="machine", shop=ShopId(""))


def work_name(work: Work) -> str:
    """What a piece of work is called."""
    return work.name or capitalise(humanise(work.process))
