"""What differs between two schedules: works that moved, orders that end sooner or later, set-ups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from manyworks.model import Assignment, Mode, OrderId, ResourceId, Schedule, Work, WorkId, Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkChange:
    """A work that is not done as before.

    ``old`` is None for a new work, ``new`` for one that is no longer scheduled (done, or dropped).
    ``machine`` and ``others`` are pairs of what it held and what it holds now.
    """

    work: WorkId
    order: OrderId
    old: Assignment | None
    new: Assignment | None
    machine: tuple[ResourceId | None, ResourceId | None]
    others: tuple[tuple[ResourceId, ...], tuple[ResourceId, ...]]

    @property
    def shift_s(self) -> int:
        """Seconds its start has moved, later is positive; 0 where it has only one."""
        return 0 if self.old is None or self.new is None else self.new.start_s - self.old.start_s

    @property
    def moved(self) -> bool:
        """Whether it is done on another machine."""
        return self.old is not None and self.new is not None and self.machine[0] != self.machine[1]

    @property
    def handed_over(self) -> bool:
        """Whether other people or tools do it."""
        return self.old is not None and self.new is not None and set(self.others[0]) != set(self.others[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderChange:
    """When an order ends, before and now; None where it is not in that schedule."""

    order: OrderId
    due_s: int | None
    old_end_s: int | None
    new_end_s: int | None
    old_late_s: int
    new_late_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """From one schedule to another.

    Parameters
    ----------
    works
        Those that changed, by their new start (the old one where there is no other).
    orders
        Those with another end or lateness, the one that loses most first.
    same
        Works in both schedules that are done exactly as before.
    setup_s
        Seconds of set-up, before and now, of the works in both.
    objective, makespan_s
        Weighted lateness and last end, before and now, of all works of each.
    """

    works: tuple[WorkChange, ...]
    orders: tuple[OrderChange, ...]
    same: int
    setup_s: tuple[int, int]
    objective: tuple[float, float]
    makespan_s: tuple[int, int]

    @property
    def moved(self) -> tuple[WorkChange, ...]:
        """Works on another machine."""
        return tuple(one for one in self.works if one.moved)

    @property
    def shifted(self) -> tuple[WorkChange, ...]:
        """Works that start at another time."""
        return tuple(one for one in self.works if one.shift_s)


def _mode(work: Work | None, done: Assignment | None) -> Mode | None:
    return work.modes[done.mode] if work is not None and done is not None else None


def _others(mode: Mode | None) -> tuple[ResourceId, ...]:
    return (*mode.workers, *mode.tools) if mode is not None else ()


def _change(
    name: WorkId,
    works: tuple[Work | None, Work | None],
    done: tuple[Assignment | None, Assignment | None],
) -> WorkChange:
    before, after = _mode(works[0], done[0]), _mode(works[1], done[1])
    known = works[1] or works[0]
    return WorkChange(
        work=name,
        order=known.order if known is not None else OrderId(""),
        old=done[0],
        new=done[1],
        machine=(before.machine if before else None, after.machine if after else None),
        others=(_others(before), _others(after)),
    )


def _is_same(change: WorkChange) -> bool:
    old, new = change.old, change.new
    if old is None or new is None:
        return False
    times = (old.start_s, old.end_s, old.setup_s) == (new.start_s, new.end_s, new.setup_s)
    return times and not change.moved and not change.handed_over


def _ends(works: Iterable[Work], done: Mapping[WorkId, Assignment]) -> dict[OrderId, tuple[int, int]]:
    """Last end and most lateness of each order."""
    ends: dict[OrderId, tuple[int, int]] = {}
    for work in works:
        if work.id in done:
            end, late = ends.get(work.order, (0, 0))
            over = done[work.id].end_s - work.due_s if work.due_s is not None else 0
            ends[work.order] = max(end, done[work.id].end_s), max(late, over)
    return ends


def _orders(
    works: tuple[Mapping[WorkId, Work], Mapping[WorkId, Work]],
    done: tuple[Mapping[WorkId, Assignment], Mapping[WorkId, Assignment]],
) -> tuple[OrderChange, ...]:
    before, after = (_ends(works[i].values(), done[i]) for i in range(2))
    dues: dict[OrderId, int] = {}
    for work in (*works[0].values(), *works[1].values()):
        if work.due_s is not None:
            dues[work.order] = max(work.due_s, dues.get(work.order, 0))
    changes = (
        OrderChange(
            order=order,
            due_s=dues.get(order),
            old_end_s=before[order][0] if order in before else None,
            new_end_s=after[order][0] if order in after else None,
            old_late_s=before.get(order, (0, 0))[1],
            new_late_s=after.get(order, (0, 0))[1],
        )
        for order in sorted(before.keys() | after.keys())
        if before.get(order) != after.get(order)
    )
    return tuple(sorted(changes, key=lambda one: one.old_late_s - one.new_late_s))


def compare_schedules(
    workload: Workload, old: Schedule, new: Schedule, new_workload: Workload | None = None
) -> Difference:
    """List what differs between two schedules.

    Parameters
    ----------
    workload, old
        The first schedule and its work.
    new, new_workload
        The second, and its work where that is another: after planning again it is what was left.
    """
    lists = (workload, new_workload or workload)
    works = tuple({work.id: work for work in one.works} for one in lists)
    done = tuple({one.work: one for one in schedule.assignments} for schedule in (old, new))
    names = dict.fromkeys([*done[1], *done[0]])
    changes = [
        _change(name, (works[0].get(name), works[1].get(name)), (done[0].get(name), done[1].get(name)))
        for name in names
    ]
    both = done[0].keys() & done[1].keys()
    changed = [one for one in changes if not _is_same(one)]
    return Difference(
        works=tuple(sorted(changed, key=_when)),
        orders=_orders((works[0], works[1]), (done[0], done[1])),
        same=len(changes) - len(changed),
        setup_s=(sum(done[0][name].setup_s for name in both), sum(done[1][name].setup_s for name in both)),
        objective=(old.objective, new.objective),
        makespan_s=(old.makespan_s, new.makespan_s),
    )


def _when(change: WorkChange) -> tuple[int, str]:
    done = change.new or change.old
    return (done.start_s if done is not None else 0, change.work)
