"""The rows of a schedule: shops, their machines, and many machines alike as one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from manyworks.model import MachineId, OrderId, ResourceId, ShopId
from manyworks.report.charts.gantt import Band, Bar, Layer, Pool, Row, Stretch
from manyworks.report.formats import count_words, format_number, join_words
from manyworks.report.tasks import LATE, Task, Telling, work_name

MANY = 6
NAMES = 2

Intervals = tuple[tuple[int, int], ...]


def group_rows(
    tasks: Sequence[Task], telling: Telling, resources: Iterable[ResourceId] = ()
) -> tuple[Band, ...]:
    """Shops in the order of their first work, their machines likewise.

    Units of one machine (``<machine>/<n>``) of which more than `MANY` are in use become one row.
    ``resources`` are counted where the network does not say how many units a machine has.
    """
    standing = Counter(_model(resource) for resource in resources)
    shops: dict[ShopId, dict[str, list[Task]]] = {}
    for task in sorted(tasks, key=lambda task: (task.assignment.start_s, _natural(task.machine.name))):
        shops.setdefault(task.machine.shop, {}).setdefault(_model(task.machine.id), []).append(task)
    return tuple(
        Band(
            name=telling.shop(shop),
            rows=tuple(row for key, own in models.items() for row in _rows(key, own, telling, standing)),
        )
        for shop, models in shops.items()
    )


def _model(resource: ResourceId) -> str:
    """What the units of one machine have in common: their id without the number at its end."""
    front, _, number = resource.rpartition("/")
    return front if front and number.isdigit() else str(resource)


def _natural(name: str) -> list[tuple[int, str]]:
    """Sorts ``Printer 9`` before ``Printer 10``."""
    return [(int(word), "") if word.isdecimal() else (-1, word) for word in re.split(r"(\d+)", name)]


def _rows(
    model: str, tasks: Sequence[Task], telling: Telling, standing: Mapping[str, int]
) -> list[Row | Pool]:
    units: dict[ResourceId, list[Task]] = {}
    for task in tasks:
        units.setdefault(task.machine.id, []).append(task)
    if len(units) <= MANY:
        return [_row(own, telling) for own in units.values()]
    ordered = sorted(units.values(), key=lambda own: _natural(own[0].machine.name))
    return [_pool(model, ordered, telling, standing.get(model, 0))]


def _row(tasks: Sequence[Task], telling: Telling) -> Row:
    machine = tasks[0].machine
    return Row(
        name=machine.name, bars=tuple(_bar(task, telling) for task in tasks), working=machine.intervals
    )


def _bar(task: Task, telling: Telling) -> Bar:
    placed = task.assignment
    return Bar(
        letter=telling.letter(task.work.order),
        tone=telling.tone(task.work.order),
        words=work_name(task.work),
        detail=telling.detail(task),
        start=placed.start_s,
        end=placed.end_s,
        setup_s=placed.setup_s,
        segments=task.segments,
        late=task.late,
    )


def _pool(model: str, units: Sequence[Sequence[Task]], telling: Telling, standing: int) -> Pool:
    known = telling.network.machines.get(MachineId(model))
    name = known.name if known is not None else _common_name(units[0][0].machine.name)
    tasks = [task for own in units for task in own]
    calendars = [own[0].machine.intervals for own in units]
    return Pool(
        name=name,
        total=max(len(units), known.count if known is not None else standing),
        rows=tuple(_row(own, telling) for own in units),
        layers=_layers(name, len(units), tasks, telling),
        working=merge(calendars) if all(calendars) else (),
    )


def _common_name(name: str) -> str:
    return re.sub(r"[\s#/-]*\d+$", "", name) or name


def merge(calendars: Iterable[Intervals]) -> Intervals:
    """When at least one of several calendars works."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(one for calendar in set(calendars) for one in calendar):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _layers(name: str, used: int, tasks: Sequence[Task], telling: Telling) -> tuple[Layer, ...]:
    orders = dict.fromkeys(
        task.work.order for task in sorted(tasks, key=lambda task: task.assignment.start_s)
    )
    profile = stack_busy(tasks, list(orders))
    return tuple(
        _layer(name, used, [task for task in tasks if task.work.order == order], profile[order], telling)
        for order in orders
    )


def stack_busy(tasks: Sequence[Task], orders: Sequence[OrderId]) -> dict[OrderId, tuple[Stretch, ...]]:
    """How many machines each order keeps busy over time, in stretches stacked in the orders' order."""
    changes: dict[int, Counter[OrderId]] = {}
    for task in tasks:
        for start, end in task.segments:
            changes.setdefault(start, Counter())[task.work.order] += 1
            changes.setdefault(end, Counter())[task.work.order] -= 1
    busy: Counter[OrderId] = Counter()
    stacked: dict[OrderId, list[Stretch]] = {order: [] for order in orders}
    for start, end in pairwise(sorted(changes)):
        busy.update(changes[start])
        low = 0
        for order in orders:
            if busy[order]:
                stacked[order].append(Stretch(start=start, end=end, low=low, high=low + busy[order]))
            low += busy[order]
    return {order: _join(stretches) for order, stretches in stacked.items()}


def _join(stretches: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """Stretches of the same height that follow each other, as one."""
    joined: list[Stretch] = []
    for one in stretches:
        last = joined[-1] if joined else None
        if last is not None and (last.end, last.low, last.high) == (one.start, one.low, one.high):
            joined[-1] = Stretch(start=last.start, end=one.end, low=one.low, high=one.high)
        else:
            joined.append(one)
    return tuple(joined)


def _layer(
    name: str, used: int, tasks: Sequence[Task], stretches: tuple[Stretch, ...], telling: Telling
) -> Layer:
    order = tasks[0].work.order
    words = _work_names(tasks)
    peak = max(one.high - one.low for one in stretches)
    units = len({task.machine.id for task in tasks})
    hours = sum(end - start for task in tasks for start, end in task.segments) / 3600
    shop = tasks[0].machine.shop
    late = any(task.late for task in tasks)
    return Layer(
        letter=telling.letter(order),
        tone=telling.tone(order),
        words=words,
        detail=(
            f"{telling.letter(order)} = {order}: {words}, {count_words(len(tasks), 'piece')} of work on "
            f"{units} of {used} {name} units at {telling.shop(shop)}, {peak} at once at most; "
            f"{telling.period(shop, stretches[0].start, stretches[-1].end)}, "
            f"{format_number(hours, 1)} machine hours in all{LATE if late else ''}"
        ),
        stretches=stretches,
        late=late,
    )


def _work_names(tasks: Sequence[Task]) -> str:
    """What the tasks are called, the most frequent first, without those beyond the first few."""
    names = [name for name, _ in Counter(work_name(task.work) for task in tasks).most_common()]
    more = [f"{len(names) - NAMES} more"] if len(names) > NAMES else []
    return join_words([*names[:NAMES], *more])
