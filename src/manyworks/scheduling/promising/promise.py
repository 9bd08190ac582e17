"""When an order could be done: the earliest end without moving what is planned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from manyworks.model import (
    Assignment,
    Finding,
    OrderId,
    ResourceId,
    Schedule,
    Work,
    WorkId,
    Workload,
    error,
    errors,
)
from manyworks.scheduling.calendars import CommonTime, held, worked_between
from manyworks.scheduling.engine.state import order_of, topological_order
from manyworks.scheduling.errors import SchedulingError
from manyworks.scheduling.problem.data import Solution
from manyworks.scheduling.problem.tables import FOREVER, NONE, PAUSABLE, Ints, Records, Tables
from manyworks.scheduling.problem.workloads import from_workload
from manyworks.scheduling.promising.gaps import Gaps, find_place, put_in, put_in_all
from manyworks.scheduling.promising.index import (
    LEAST_SHIFT,
    ModeWriter,
    keep_what_is_needed,
    make_gaps,
    prepare,
    settled_tasks,
    with_room,
)
from manyworks.scheduling.promising.order_search import (
    BEST,
    CUT,
    NEW,
    Desk,
    NewWorks,
    make_desk,
    search_order,
)
from manyworks.scheduling.validation import validate

PLACES_ASKED = 2000
"""Places asked for before the search for one order is cut short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """When an order can be done, and how.

    Parameters
    ----------
    finish_s
        End of its last work, in seconds from the epoch.
    works, assignments
        Its works, and when they would be done.
    exact
        Whether every way was looked at; otherwise an earlier end may exist.
    displaced
        Planned works that would have to move, as they would be done then.
    """

    finish_s: int
    works: tuple[Work, ...]
    assignments: tuple[Assignment, ...]
    exact: bool
    displaced: tuple[Assignment, ...] = ()


class Promiser:
    """A schedule prepared once, so that each question takes milliseconds.

    Parameters
    ----------
    workload, schedule
        A schedule that `check` accepts; nothing of it is ever moved.
    """

    def __init__(self, workload: Workload, schedule: Schedule) -> None:
        self._workload, self._schedule = workload, schedule
        data, self._tasks, self._order = prepare(workload, schedule)
        self._data, self._shift = data, max(LEAST_SHIFT, data.tables.shift)
        self._gaps = self._gaps_of(np.ones(len(self._tasks), dtype=np.bool_))
        self._writer = ModeWriter(workload, data)
        self._times = CommonTime(dict(workload.resources))
        self._ends = {one.work: one.end_s for one in schedule.assignments}

    def _gaps_of(self, kept: NDArray[np.bool_]) -> Gaps:
        return make_gaps(self._data.tables, self._tasks, self._shift, self._order[kept[self._order]])

    def promise(
        self, works: Sequence[Work], *, not_before_s: int = 0, give_way_after_s: int | None = None
    ) -> Promise:
        """Find the earliest end of a new order between what is planned.

        Parameters
        ----------
        works
            The works of the order, on resources of the plan; links may lead to planned works.
        not_before_s
            Nothing starts before: now.
        give_way_after_s
            Orders that are due then or later, or never, may be put off for this one; then it takes longer
            to answer, and ``displaced`` says which of their works move.

        Raises
        ------
        SchedulingError
            Works that make no sense (codes of `validate`), or no room for them before the calendars end.
        """
        self._check(works)
        if not works:
            return Promise(finish_s=not_before_s, works=(), assignments=(), exact=True)
        modes = [mode for work in works for mode in work.modes]
        tables = self._writer.write(modes)
        first = len(tables.modes) - 1 - len(modes)
        new, desk = self._new_works(works, first, not_before_s), make_desk(len(works), len(modes))
        kept = self._kept(not_before_s, give_way_after_s)
        gaps = with_room(self._gaps if kept.all() else self._gaps_of(kept), len(works))
        search_order(tables, gaps, new, desk, PLACES_ASKED)
        finish = int(desk.counts[BEST])
        if finish == FOREVER:
            raise SchedulingError([_no_room(works)])
        return Promise(
            finish_s=finish,
            works=tuple(works),
            assignments=tuple(self._assignments(works, new, desk)),
            exact=not desk.counts[CUT],
            displaced=self._put_off(tables, gaps, desk, np.flatnonzero(~kept)),
        )

    def accept(self, promise: Promise) -> tuple[Workload, Schedule]:
        """The plan with the order in it as promised."""
        workload = replace(self._workload, works=(*self._workload.works, *promise.works))
        moved = {one.work: one for one in promise.displaced}
        planned = (moved.get(one.work, one) for one in self._schedule.assignments)
        assignments = sorted((*planned, *promise.assignments), key=lambda one: (one.start_s, one.end_s))
        if any(one.start_s == one.end_s for one in (*promise.assignments, *promise.displaced)):
            assignments = _in_one_order(workload, assignments)
        late = _lateness(workload, assignments)
        schedule = replace(
            self._schedule,
            assignments=tuple(assignments),
            objective=late,
            makespan_s=max((one.end_s for one in assignments), default=0),
            status="optimal" if late <= self._schedule.bound else "feasible",
            checked=False,
        )
        return workload, schedule

    def _kept(self, not_before_s: int, give_way_after_s: int | None) -> NDArray[np.bool_]:
        """Mark planned works that must not move, (operations,)."""
        if give_way_after_s is None:
            return np.ones(len(self._tasks), dtype=np.bool_)
        works = {work.id: work for work in self._workload.works}
        dues: dict[OrderId, int] = {}
        for work in works.values():
            if work.due_s is not None:
                dues[work.order] = max(work.due_s, dues.get(work.order, 0))
        firm = {order for order, due in dues.items() if due < give_way_after_s}
        kept = np.array([works[WorkId(name)].order in firm for name in self._data.operations], dtype=np.bool_)
        kept |= (self._tasks["fixed"] != 0) | (self._tasks["start"] < not_before_s)
        keep_what_is_needed(self._data.tables, self._gaps, kept)
        return kept

    def _put_off(self, p: Tables, gaps: Gaps, desk: Desk, which: Ints) -> tuple[Assignment, ...]:
        """Put works that gave way behind the order, none before it was planned to start."""
        if not len(which):
            return ()
        # In the order of the search, which works of no length at one moment show in nothing else.
        for number in np.argsort(desk.best["rank"]).tolist():
            choice = desk.best[number]
            place = (int(choice["start"]), int(choice["end"]), int(choice["setup"]))
            put_in(p, gaps, gaps.settled + number, int(choice["mode"]), place)
        operations = p.operations.copy()
        rows = operations[:-1]
        rows["release"][which] = np.maximum(rows["release"][which], self._tasks["start"][which])
        rank = np.empty(p.total, dtype=np.int64)
        rank[topological_order(p)] = np.arange(p.total)
        order = which[np.lexsort((rank[which], self._tasks["start"][which]))]
        if put_in_all(p._replace(operations=operations), gaps, order) < len(order):
            raise SchedulingError([_no_room_left()])
        works = {work.id: work for work in self._workload.works}
        first = p.operations["first_mode"]
        made = (
            self._assignment(works[WorkId(self._data.operations[o])], gaps.tasks[o], int(first[o]))
            for o in order.tolist()
        )
        planned = {one.work: one for one in self._schedule.assignments}
        return tuple(one for one in made if one != planned[one.work])

    def _check(self, works: Sequence[Work]) -> None:
        """Look at the new works alone: planned ones and all hours were looked at before."""
        taken = [work.id for work in works if work.id in self._ends]
        findings = [_taken(name) for name in taken]
        names: dict[ResourceId, None] = dict.fromkeys(
            name for work in works for mode in work.modes for name in held(mode)
        )
        known = self._workload.resources
        resources = {name: replace(known[name], intervals=(), setups={}) for name in names if name in known}
        inner = (
            replace(work, links=tuple(k for k in work.links if k.before not in self._ends)) for work in works
        )
        findings += validate(replace(self._workload, works=tuple(inner), resources=resources))
        if errors(findings):
            raise SchedulingError(findings)

    def _new_works(self, works: Sequence[Work], first: int, not_before_s: int) -> NewWorks:
        number = {work.id: index for index, work in enumerate(works)}
        rows = np.zeros(len(works) + 1, dtype=NEW)
        befores: list[tuple[int, int]] = []
        tails = _tails(works, number)
        for row, work, tail in zip(rows, works, tails, strict=False):
            planned = (self._ends[k.before] + k.lag_s for k in work.links if k.before in self._ends)
            row["release"] = max(work.release_s, not_before_s, *planned)
            row["pausable"], row["tail"], row["first_before"] = work.pausable, tail, len(befores)
            row["first_mode"], row["modes"] = first, len(work.modes)
            first += len(work.modes)
            befores += [(number[k.before], k.lag_s) for k in work.links if k.before in number]
        rows[-1]["first_before"] = len(befores)
        return NewWorks(
            works=rows,
            befores=np.array(befores, dtype=np.int64).reshape(-1, 2),
            apart=np.array(list(_apart(works, number)), dtype=np.int64),
        )

    def _assignments(self, works: Sequence[Work], new: NewWorks, desk: Desk) -> Iterator[Assignment]:
        for work, row, choice in zip(works, new.works, desk.best, strict=False):
            yield self._assignment(work, choice, int(row["first_mode"]))

    def _assignment(self, work: Work, row: Records, first_mode: int) -> Assignment:
        """Name what a row with mode, start, end and set-up stands for."""
        mode = int(row["mode"]) - first_mode
        start, end = int(row["start"]), int(row["end"])
        return Assignment(
            work=work.id,
            mode=mode,
            start_s=start,
            end_s=end,
            setup_s=int(row["setup"]),
            segments=worked_between(self._times.of(held(work.modes[mode])), start, end),
        )


def _in_one_order(workload: Workload, assignments: Sequence[Assignment]) -> list[Assignment]:
    """Put works of no length at one moment in an order for which their set-ups are enough."""
    data = from_workload(workload)
    done = {one.work: one for one in assignments}
    tasks = settled_tasks(data, workload, done)
    solution = Solution(*(np.ascontiguousarray(tasks[name]) for name in Solution._fields))
    in_order = (done[WorkId(data.operations[o])] for o in order_of(data.tables, solution).tolist())
    return sorted(in_order, key=lambda one: (one.start_s, one.end_s))


def _lateness(workload: Workload, assignments: Sequence[Assignment]) -> float:
    ends = {one.work: one.end_s for one in assignments}
    dated = ((work, work.due_s) for work in workload.works if work.due_s is not None)
    return sum(work.weight * max(0, ends[work.id] - due) for work, due in dated)


def _in_order(works: Sequence[Work], number: Mapping[WorkId, int]) -> list[int]:
    """Numbers of the works, each behind all it waits for."""
    order: dict[int, None] = {}

    def visit(index: int) -> None:
        if index not in order:
            for link in works[index].links:
                if link.before in number:
                    visit(number[link.before])
            order[index] = None

    for index in range(len(works)):
        visit(index)
    return list(order)


def _tails(works: Sequence[Work], number: Mapping[WorkId, int]) -> list[int]:
    """Least time from each work's end to the end of the order."""
    tails = [0] * len(works)
    for index in reversed(_in_order(works, number)):
        least = min(mode.duration_s for mode in works[index].modes)
        for link in works[index].links:
            if link.before in number:
                before = number[link.before]
                tails[before] = max(tails[before], link.lag_s + least + tails[index])
    return tails


def _apart(works: Sequence[Work], number: Mapping[WorkId, int]) -> Iterator[bool]:
    """Whether each mode leaves the other works of the order alone.

    No other work may want its machine (the set-up of either could change), and none but those that
    follow it anyway its people and tools.
    """
    wanted = [{name for mode in work.modes for name in held(mode)} for work in works]
    before = _all_before(works, number)
    for index, work in enumerate(works):
        others = [i for i in range(len(works)) if i != index]
        machines = {name for i in others for name in wanted[i]}
        parallel = {name for i in others if index not in before[i] for name in wanted[i]}
        for mode in work.modes:
            yield mode.machine not in machines and parallel.isdisjoint(held(mode))


def _all_before(works: Sequence[Work], number: Mapping[WorkId, int]) -> list[set[int]]:
    before: list[set[int]] = [set() for _ in works]
    for index in _in_order(works, number):
        for link in works[index].links:
            if link.before in number:
                other = number[link.before]
                before[index] |= {other} | before[other]
    return before


def _taken(name: WorkId) -> Finding:
    return error("scheduling.promise.known-work", name, "is planned already; new works need ids of their own")


def _no_room_left() -> Finding:
    message = "works that give way find no room before the calendars end"
    return error("scheduling.horizon.ends", "plan", message, "let fewer orders give way")


def _no_room(works: Sequence[Work]) -> Finding:
    message = f"{len(works)} works find no room before the calendars end"
    return error(
        "scheduling.horizon.ends", works[0].order, message, "extend the calendars or give it more modes"
    )


def places_without(
    workload: Workload, schedule: Schedule, work: WorkId, ready: int
) -> list[tuple[int, int, int] | None]:
    """Where each mode of a planned work would be done first if it alone were taken out of the schedule.

    Parameters
    ----------
    ready
        Earliest start.

    Returns
    -------
    Start, end and set-up seconds by mode; None where it finds no room.
    """
    data, tasks, order = prepare(workload, schedule)
    p, own = data.tables, data.operations.index(work)
    gaps = make_gaps(p, tasks, p.shift, order[order != own])
    pausable = bool(p.operations["flags"][own] & PAUSABLE)
    places = []
    for row in range(int(p.operations["first_mode"][own]), int(p.operations["first_mode"][own + 1])):
        start, end, setup = find_place(p, gaps, row, pausable, ready)
        places.append((int(start), int(end), int(setup)) if end != NONE else None)
    return places
