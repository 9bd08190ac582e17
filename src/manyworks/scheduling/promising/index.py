"""A schedule prepared for questions: settled works by resource, and numbers for the modes of new ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.model import Assignment, Mode, ResourceId, Schedule, WorkId, Workload
from manyworks.scheduling.calendars import CommonTime, held
from manyworks.scheduling.engine.timing import setup_between
from manyworks.scheduling.problem.data import ProblemData
from manyworks.scheduling.problem.tables import FROZEN, INTERVAL, MODE, NONE, Ints, Records, Tables
from manyworks.scheduling.problem.workloads import from_workload
from manyworks.scheduling.promising.gaps import LINKED, TASK, Gaps

LEAST_SHIFT = 3
"""Room for as many as eight resources held by a work of a new order; more are made room for."""


def settled_tasks(data: ProblemData, workload: Workload, done: Mapping[WorkId, Assignment]) -> Records:
    """Tasks of a schedule, (operations,), as they are planned."""
    p = data.tables
    tasks = np.zeros(p.total, dtype=TASK)
    works = {work.id: work for work in workload.works}
    rows = [done[WorkId(name)] for name in data.operations]
    first = p.operations["first_mode"][:-1]
    numbers = [0 if works[one.work].fixed is not None else one.mode for one in rows]
    tasks["start"], tasks["end"] = [one.start_s for one in rows], [one.end_s for one in rows]
    tasks["setup"], tasks["mode"] = [one.setup_s for one in rows], first + np.array(numbers, dtype=np.int64)
    flags = p.operations["flags"][:-1]
    tasks["fixed"] = (flags & FROZEN) != 0
    return tasks


def _listed(p: Tables, tasks: Records, shift: int, which: Ints) -> tuple[Ints, Ints]:
    """Nodes by resource in order of time, those of one moment in the order of ``which``, with pointers."""
    counts = p.modes["first_hold"][tasks["mode"][which] + 1] - p.modes["first_hold"][tasks["mode"][which]]
    owner = np.repeat(which, counts)
    slot = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    resource = p.holds[p.modes["first_hold"][tasks["mode"][owner]] + slot]
    order = np.lexsort((tasks["end"][owner], tasks["start"][owner], resource))
    nodes = (owner[order] << shift) | slot[order]
    sizes = np.bincount(resource, minlength=len(p.resources))
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes))), nodes.astype(np.int64)


def make_gaps(p: Tables, tasks: Records, shift: int, which: Ints) -> Gaps:
    """Put those of the tasks that ``which`` numbers into the lists of all they hold.

    What takes no time at one moment stands in the order of ``which``.
    """
    first, listed = _listed(p, tasks, shift, which)
    nodes, ends = (
        np.full(len(tasks) << shift, NONE, dtype=LINKED),
        np.full(len(first) - 1, NONE, dtype=LINKED),
    )
    inner = np.ones(len(listed), dtype=np.bool_)
    begins = first[:-1][first[:-1] < first[1:]]
    inner[begins] = False
    later = np.flatnonzero(inner)
    nodes["ahead"][listed[later]] = listed[later - 1]
    nodes["behind"][listed[later - 1]] = listed[later]
    used = first[:-1] < first[1:]
    ends["ahead"][used], ends["behind"][used] = listed[first[:-1][used]], listed[first[1:][used] - 1]
    return Gaps(
        shift=shift, settled=len(tasks), tasks=tasks, nodes=nodes, ends=ends, first=first, listed=listed
    )


def with_room(x: Gaps, works: int) -> Gaps:
    """Copy with room for so many more tasks."""
    more = np.zeros(works, dtype=TASK)
    nodes = np.full(works << x.shift, NONE, dtype=LINKED)
    return x._replace(
        tasks=np.concatenate((x.tasks, more)),
        nodes=np.concatenate((x.nodes, nodes)),
        ends=x.ends.copy(),
    )


def keep_what_is_needed(p: Tables, x: Gaps, kept: NDArray[np.bool_]) -> None:
    """Mark further operations that must stay because those marked in ``kept``, (operations,), do.

    What a kept one waits for stays, and so does the one ahead of it on its machine where it would be set up
    for too short a time without.
    """
    before, first = p.befores["operation"], p.operations["first_before"]
    while True:
        added = [
            int(other)
            for o in np.flatnonzero(kept).tolist()
            for other in before[first[o] : first[o + 1]]
            if not kept[other]
        ]
        added = added or list(_setting_up(p, x, kept))
        if not added:
            return
        kept[added] = True


def _setting_up(p: Tables, x: Gaps, kept: NDArray[np.bool_]) -> Iterator[int]:
    """Operations without which a kept one behind them on its machine is set up for too short a time."""
    for machine in range(len(p.resources)):
        before, dropped = NONE, NONE
        for node in x.listed[x.first[machine] : x.first[machine + 1]].tolist():
            task = node >> x.shift
            if node & ((1 << x.shift) - 1):
                break  # a person or a tool
            if not kept[task]:
                dropped = task
                continue
            row, mode = x.tasks[task], int(x.tasks[task]["mode"])
            if dropped != NONE and not row["fixed"] and setup_between(p, before, mode) > row["setup"]:
                yield dropped
            before, dropped = mode, NONE


class ModeWriter:
    """Numbers modes of new works by the names that a problem has given numbers to."""

    def __init__(self, workload: Workload, data: ProblemData) -> None:
        self._workload, self._p = workload, data.tables
        self._row: dict[ResourceId, int] = {name: row for row, name in enumerate(sorted(workload.resources))}
        self._times = CommonTime(dict(workload.resources))
        self._families = self._known_families(data)
        self._slots: dict[ResourceId, dict[str, int]] = {}
        self._calendars: dict[tuple[int, ...], Records] = {}

    def _known_families(self, data: ProblemData) -> dict[str, int]:
        works = {work.id: work for work in self._workload.works}
        numbers = {"": 0}
        first = self._p.operations["first_mode"]
        for index, name in enumerate(data.operations):
            work = works[WorkId(name)]
            modes = work.modes if work.fixed is None else (work.modes[work.fixed.mode],)
            for mode, row in zip(modes, range(first[index], first[index + 1]), strict=True):
                numbers[mode.family] = int(self._p.modes["family"][row])
        for name, row in self._row.items():
            numbers[self._workload.resources[name].family] = int(self._p.resources["family"][row])
        return numbers

    def _slot(self, machine: ResourceId, family: str) -> int:
        """Row of a family in a machine's set-up matrix, in the order the problem was numbered in."""
        if machine not in self._slots:
            pairs = (p for p in self._workload.resources[machine].setups if p[0] != p[1] or not p[0])
            names = dict.fromkeys(name for pair in pairs for name in pair)
            self._slots[machine] = {name: slot for slot, name in enumerate(names)}
        return self._slots[machine].get(family, NONE)

    def write(self, modes: Sequence[Mode]) -> Tables:
        """Tables with rows for these modes behind all others."""
        p = self._p
        holds = [[self._row[name] for name in held(mode)] for mode in modes]
        calendars = self._hours(modes)
        rows = np.zeros(len(modes) + 1, dtype=MODE)
        for row, mode, calendar in zip(rows, modes, calendars.numbers, strict=False):
            family = self._families.setdefault(mode.family, max(self._families.values()) + 1)
            slot = self._slot(mode.machine, mode.family)
            row["duration"], row["machine"], row["family"] = mode.duration_s, self._row[mode.machine], family
            row["slot_in_matrix"], row["setup"], row["calendar"] = slot, mode.setup_s, calendar
        rows["first_hold"] = len(p.holds) + np.cumsum([0, *map(len, holds)])
        return p._replace(
            modes=np.concatenate((p.modes[:-1], rows)),
            holds=np.concatenate((p.holds, np.array([one for row in holds for one in row], dtype=np.int64))),
            first_interval=calendars.first,
            intervals=calendars.intervals,
        )

    def _hours(self, modes: Iterable[Mode]) -> _Hours:
        """Calendars of modes behind those that are there; equal ones share a number."""
        keys = [self._times.key(held(mode)) for mode in modes]
        numbers = {key: len(self._p.first_interval) - 1 + i for i, key in enumerate(dict.fromkeys(keys))}
        tables = [self._table(key) for key in numbers]
        ends = np.cumsum([len(table) for table in tables], dtype=np.int64) + self._p.first_interval[-1]
        return _Hours(
            numbers=[numbers[key] for key in keys],
            first=np.concatenate((self._p.first_interval, ends)),
            intervals=np.concatenate((self._p.intervals, *tables)),
        )

    def _table(self, key: tuple[int, ...]) -> Records:
        if key not in self._calendars:
            hours = self._times.at(key)
            table = np.zeros(len(hours), dtype=INTERVAL)
            table["start"], table["end"] = zip(*hours, strict=True) if hours else ((), ())
            worked = table["end"] - table["start"]
            table["before"] = np.cumsum(worked) - worked
            self._calendars[key] = table
        return self._calendars[key]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hours:
    numbers: list[int]
    first: Ints
    intervals: Records


def prepare(workload: Workload, schedule: Schedule) -> tuple[ProblemData, Records, Ints]:
    """Number a workload and its schedule; at the end, the operations in the order of the schedule."""
    data = from_workload(workload)
    number = {name: o for o, name in enumerate(data.operations)}
    order = np.array([number[one.work] for one in schedule.assignments], dtype=np.int64)
    return data, settled_tasks(data, workload, {one.work: one for one in schedule.assignments}), order
