"""A schedule as a chart of machines and as a table."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from manyworks.model import Network, Order, OrderId, Schedule, Workload
from manyworks.report.charts.gantt import POOL, ROW, Band, Pool, draw_pool, draw_row
from manyworks.report.charts.time_axis import HEAD, Mark, Span, draw_axis, draw_dues, fit_span
from manyworks.report.formats import format_duration, format_moment, join_words
from manyworks.report.machine_rows import group_rows
from manyworks.report.tasks import Task, Telling, resolve_tasks, work_name, zoned


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
class RowView:
    """A name and its strip of time, ``height`` px high; ``units`` are the machines a pool opens into."""

    name: str
    drawing: str
    height: float
    note: str = ""
    units: tuple[RowView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BandView:
    """A shop and its rows."""

    name: str
    rows: tuple[RowView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineView:
    """The drawings and the same as a table.

    ``fit`` is how many times wider all time is than the work; ``earlier`` and ``later`` are the due
    dates that stand before and after the work, the nearest first; ``beyond`` those after everything drawn.
    """

    axis: str
    dues: str
    bands: tuple[BandView, ...]
    tasks: tuple[TaskView, ...]
    machines: int
    pooled: bool
    days: float
    fit: float
    earlier: tuple[Mark, ...]
    later: tuple[Mark, ...]
    beyond: tuple[Mark, ...]
    head: float
    clock: str


def letter_orders(orders: Sequence[OrderId]) -> dict[OrderId, str]:
    """A short name for each order: A to Z, then AA, AB and so on."""
    letters = string.ascii_uppercase
    return {
        order: (letters[number // 26 - 1] if number >= 26 else "") + letters[number % 26]
        for number, order in enumerate(dict.fromkeys(orders))
    }


def view_timeline(
    workload: Workload, schedule: Schedule, network: Network, orders: Sequence[Order]
) -> TimelineView:
    """Draw every assignment of a schedule whose work and machine are known."""
    letters = letter_orders([order.id for order in orders])
    telling = Telling(network=network, letters=letters, epoch=zoned(schedule.epoch))
    tasks = resolve_tasks(workload, schedule)
    marks = _marks(workload, orders, telling)
    times = [at for task in tasks for at in (task.assignment.start_s, task.assignment.end_s)]
    span = fit_span(telling.epoch, times, [mark.at for mark in marks])
    bands = group_rows(tasks, telling, workload.resources)
    return TimelineView(
        axis=draw_axis(span),
        dues=draw_dues(marks, span),
        bands=tuple(_view_band(band, span) for band in bands),
        tasks=tuple(_view_task(task, telling) for task in tasks),
        machines=len({task.machine.id for task in tasks}),
        pooled=any(isinstance(row, Pool) for band in bands for row in band.rows),
        days=span.days,
        fit=span.fit,
        earlier=tuple(mark for mark in reversed(marks) if mark.at < span.start),
        later=tuple(mark for mark in marks if mark.at > span.work_end),
        beyond=tuple(mark for mark in marks if mark.at > span.end),
        head=HEAD,
        clock=telling.epoch.tzname() or "UTC",
    )


def _view_band(band: Band, span: Span) -> BandView:
    rows = (
        _view_pool(row, span)
        if isinstance(row, Pool)
        else RowView(name=row.name, drawing=draw_row(row, span), height=ROW)
        for row in band.rows
    )
    return BandView(name=band.name, rows=tuple(rows))


def _view_pool(pool: Pool, span: Span) -> RowView:
    units = (RowView(name=row.name, drawing=draw_row(row, span), height=ROW) for row in pool.rows)
    return RowView(
        name=pool.name,
        note=f"{len(pool.rows)} of {pool.total} in use",
        drawing=draw_pool(pool, span),
        height=POOL,
        units=tuple(units),
    )


def _view_task(task: Task, telling: Telling) -> TaskView:
    placed = task.assignment
    start, end = telling.moment(placed.start_s), telling.moment(placed.end_s)
    local = start.astimezone(telling.zone(task.machine.shop))
    return TaskView(
        letter=telling.letter(task.work.order),
        order=str(task.work.order),
        work=work_name(task.work),
        machine=task.machine.name,
        shop=telling.shop(task.machine.shop),
        start=format_moment(start),
        end=format_moment(end),
        local_start=f"{format_moment(local)} {local.tzname()}",
        setup=format_duration(placed.setup_s) if placed.setup_s else "none",
        run=format_duration(task.mode.duration_s),
        late=task.late,
    )


def _marks(workload: Workload, orders: Sequence[Order], telling: Telling) -> tuple[Mark, ...]:
    """One line for each due date, in their order: orders due on the same day share it."""
    made_by = {work.order: work.due_s for work in workload.works if work.due_s is not None}
    days = {order.id: _end_of_day(order.due, telling.epoch) for order in orders}
    ends: dict[int, list[OrderId]] = {}
    for order in dict.fromkeys([*days, *made_by]):
        at = days.get(order) or made_by.get(order)
        if at is not None:
            ends.setdefault(at, []).append(order)
    return tuple(_mark(at, due, made_by, telling) for at, due in sorted(ends.items()))


def _end_of_day(due: str, epoch: datetime) -> int | None:
    """The last second of an ISO date by the epoch's clock; None for no date."""
    try:
        day = datetime.combine(date.fromisoformat(due) + timedelta(days=1), time(), epoch.tzinfo)
    except (ValueError, OverflowError):
        return None
    return round((day - epoch).total_seconds()) - 1


def _mark(at: int, orders: Sequence[OrderId], made_by: Mapping[OrderId, int], telling: Telling) -> Mark:
    letters, moment = ", ".join(telling.letter(order) for order in orders), telling.moment(at)
    made = {made_by[order] for order in orders if made_by.get(order, at) < at}
    early = f"; to be made by {format_moment(telling.moment(min(made)))}" if made else ""
    return Mark(
        tone=telling.tone(orders[0]),
        at=at,
        short=f"{letters} due {_day(moment, telling.epoch)}",
        words=f"{join_words(orders)} due {moment:%a} {_day(moment, telling.epoch)}{early}",
    )


def _day(moment: datetime, epoch: datetime) -> str:
    """A date, without its year where that is plain."""
    near = abs((moment - epoch).days) < 183
    return f"{moment.day} {moment:%b}" if near else f"{moment.day} {moment:%b %Y}"
