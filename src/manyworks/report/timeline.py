"""A schedule as rows of machines with bars of work."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
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
from manyworks.report.charts.gantt import HEAD, ROW, Band, Bar, Mark, Row, Span, draw_gantt, fit_span
from manyworks.report.formats import (
    capitalise,
    count_words,
    format_count,
    format_duration,
    format_moment,
    humanise,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskView:
    """One assignment as a row of the table under the chart."""

    letter: str
    order: str
    work: str
    machine: str
    shop: str
    start: str
    end: str
    local_start: str
    setup: str
    run: str
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineView:
    """The drawing, the names of its rows (heights in px match the drawing's) and the same as a table."""

    drawing: str
    bands: tuple[Band, ...]
    tasks: tuple[TaskView, ...]
    days: float
    head: float
    row: float
    clock: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """An assignment with everything it points at."""

    assignment: Assignment
    work: Work
    mode: Mode
    machine: Resource
    late: bool


def letter_orders(orders: Sequence[OrderId]) -> dict[OrderId, str]:
    """A short name for each order: A to Z, then AA, AB and so on."""
    letters = string.ascii_uppercase
    return {
        order: (letters[number // 26 - 1] if number >= 26 else "") + letters[number % 26]
        for number, order in enumerate(dict.fromkeys(orders))
    }


def view_timeline(
    workload: Workload, schedule: Schedule, network: Network, letters: Mapping[OrderId, str]
) -> TimelineView:
    """Draw every assignment of a schedule whose work and machine are known."""
    epoch = schedule.epoch if schedule.epoch.tzinfo is not None else schedule.epoch.replace(tzinfo=UTC)
    tasks = _resolve(workload, schedule)
    marks = _marks(workload, letters, epoch)
    times = [at for t in tasks for at in (t.assignment.start_s, t.assignment.end_s)] + [m.at for m in marks]
    span = fit_span(epoch, times)
    bands = _bands(tasks, network, letters, span)
    return TimelineView(
        drawing=draw_gantt(bands, marks, span) if tasks else "",
        bands=bands,
        tasks=tuple(_task_view(task, network, letters, epoch) for task in tasks),
        days=span.days,
        head=HEAD,
        row=ROW,
        clock=epoch.tzname() or "UTC",
    )


def _resolve(workload: Workload, schedule: Schedule) -> list[_Task]:
    works: dict[WorkId, Work] = {work.id: work for work in workload.works}
    known = [a for a in schedule.assignments if a.work in works and 0 <= a.mode < len(works[a.work].modes)]
    return [
        _task(assignment, works[assignment.work], workload)
        for assignment in sorted(known, key=lambda a: (a.start_s, a.end_s, a.work))
    ]


def _task(assignment: Assignment, work: Work, workload: Workload) -> _Task:
    mode = work.modes[assignment.mode]
    machine = workload.resources.get(mode.machine) or _unknown(mode.machine)
    late = work.due_s is not None and assignment.end_s > work.due_s
    return _Task(assignment=assignment, work=work, mode=mode, machine=machine, late=late)


def _unknown(resource: ResourceId) -> Resource:
    return Resource(id=resource, name=str(resource), kind="machine", shop=ShopId(""))


def _bands(
    tasks: Sequence[_Task], network: Network, letters: Mapping[OrderId, str], span: Span
) -> tuple[Band, ...]:
    """Shops in the order of their first work, their machines likewise."""
    shops: dict[ShopId, dict[ResourceId, list[_Task]]] = {}
    for task in tasks:
        shops.setdefault(task.machine.shop, {}).setdefault(task.machine.id, []).append(task)
    return tuple(
        Band(
            name=shop_name(network, shop),
            rows=tuple(_row(own, network, letters, span) for own in machines.values()),
        )
        for shop, machines in shops.items()
    )


def _row(tasks: Sequence[_Task], network: Network, letters: Mapping[OrderId, str], span: Span) -> Row:
    tones = {order: number for number, order in enumerate(letters)}
    bars = tuple(_bar(task, network, letters, tones, span.epoch) for task in tasks)
    return Row(name=tasks[0].machine.name, bars=bars, working=tasks[0].machine.intervals)


def _bar(
    task: _Task,
    network: Network,
    letters: Mapping[OrderId, str],
    tones: Mapping[OrderId, int],
    epoch: datetime,
) -> Bar:
    placed = task.assignment
    return Bar(
        letter=letters.get(task.work.order, "?"),
        tone=tones.get(task.work.order, 0),
        words=work_name(task.work),
        detail=_detail(task, network, letters, epoch),
        start=placed.start_s,
        end=placed.end_s,
        setup_s=placed.setup_s,
        segments=placed.segments or ((placed.start_s, placed.end_s),),
        late=task.late,
    )


def _detail(task: _Task, network: Network, letters: Mapping[OrderId, str], epoch: datetime) -> str:
    placed, zone = task.assignment, shop_zone(network, task.machine.shop)
    start, end = (_moment(epoch, at).astimezone(zone) for at in (placed.start_s, placed.end_s))
    setup = f", set-up {format_duration(placed.setup_s)}" if placed.setup_s else ", no set-up"
    with_whom = (
        f", with {count_words(len(task.mode.workers), 'person', 'people')}" if task.mode.workers else ""
    )
    where = f"{task.machine.name} at {shop_name(network, task.machine.shop)}"
    return (
        f"{letters.get(task.work.order, '?')} = {task.work.order}: {work_name(task.work)}, "
        f"{format_count(task.work.quantity)} pieces on {where}; "
        f"{format_moment(start)} to {format_moment(end)} ({start.tzname()}){setup}, "
        f"run {format_duration(task.mode.duration_s)}{with_whom}{'; after the due date' if task.late else ''}"
    )


def _task_view(task: _Task, network: Network, letters: Mapping[OrderId, str], epoch: datetime) -> TaskView:
    placed = task.assignment
    start, end = _moment(epoch, placed.start_s), _moment(epoch, placed.end_s)
    local = start.astimezone(shop_zone(network, task.machine.shop))
    return TaskView(
        letter=letters.get(task.work.order, "?"),
        order=str(task.work.order),
        work=work_name(task.work),
        machine=task.machine.name,
        shop=shop_name(network, task.machine.shop),
        start=format_moment(start),
        end=format_moment(end),
        local_start=f"{format_moment(local)} {local.tzname()}",
        setup=format_duration(placed.setup_s) if placed.setup_s else "none",
        run=format_duration(task.mode.duration_s),
        late=task.late,
    )


def _moment(epoch: datetime, seconds: int) -> datetime:
    return epoch + timedelta(seconds=seconds)


def _marks(workload: Workload, letters: Mapping[OrderId, str], epoch: datetime) -> tuple[Mark, ...]:
    """One line for each due date: orders due at the same time share it."""
    dues: dict[int, list[OrderId]] = {}
    for work in workload.works:
        if work.due_s is not None and work.order not in dues.setdefault(work.due_s, []):
            dues[work.due_s].append(work.order)
    tones = {order: number for number, order in enumerate(letters)}
    return tuple(
        Mark(
            letter=", ".join(letters.get(order, "?") for order in orders),
            tone=tones.get(orders[0], 0),
            at=at,
            words=f"{', '.join(orders)} due {format_moment(_moment(epoch, at))}",
        )
        for at, orders in sorted(dues.items())
    )


def work_name(work: Work) -> str:
    """What a piece of work is called."""
    return work.name or capitalise(humanise(work.process))


def shop_name(network: Network, shop: ShopId) -> str:
    """Name of a shop, its id where the network does not know it."""
    found = network.shops.get(shop)
    return found.name if found is not None else str(shop) or "No shop named"


def shop_zone(network: Network, shop: ShopId) -> ZoneInfo:
    """A shop's own time zone, UTC where it states none that exists."""
    found = network.shops.get(shop)
    try:
        return ZoneInfo(found.timezone if found is not None else "UTC")
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")
