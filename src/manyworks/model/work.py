"""Resolved work and its schedule: all that scheduling reads and writes. Whole seconds from the epoch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from manyworks.model.ids import ItemId, OperationId, OrderId, ResourceId, ShopId, WorkId


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A machine, a worker or a tool instance: does one thing at a time.

    Parameters
    ----------
    kind
        ``machine``, ``worker`` or ``tool``.
    intervals
        Ascending disjoint half-open working intervals ``[start, end)`` in seconds from the epoch.
        Empty: available always. After the last interval the resource is not available.
    setups
        Seconds of change-over by (family before, family after); missing pairs take the mode's own
        ``setup_s``, equal families take none.
    family
        Set-up family a machine is set up for at the beginning; empty: for none.
    """

    id: ResourceId
    name: str
    kind: str
    shop: ShopId
    intervals: tuple[tuple[int, int], ...] = ()
    setups: Mapping[tuple[str, str], int] = field(default_factory=dict)
    family: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """One way to carry out a piece of work: a machine with the people and tools it takes.

    ``setup_s`` precedes ``duration_s`` on the machine unless the work before it there is of the
    same family; workers and tools are held during set-up and run alike.
    """

    machine: ResourceId
    duration_s: int
    workers: tuple[ResourceId, ...] = ()
    tools: tuple[ResourceId, ...] = ()
    setup_s: int = 0
    family: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """``before`` must end at least ``lag_s`` seconds ahead of the start (move, cure)."""

    before: WorkId
    lag_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One operation on one lot, ready for scheduling (ISA-95 job order).

    ``release_s`` earliest start; ``due_s`` when the order it belongs to should be done (None: no
    due date), ``weight`` the price of a second late; ``pausable`` whether it may stop over a break
    of any of its resources and go on afterwards. A pausable work's set-up and run both may pause.
    ``fixed`` is how it is done where that is settled: it runs already, or was promised so. Hours, set-up
    and duration are not asked for then; what it holds is taken from its start to its end.
    """

    id: WorkId
    order: OrderId
    item: ItemId
    operation: OperationId
    name: str
    process: str
    quantity: float
    modes: tuple[Mode, ...]
    links: tuple[Link, ...] = ()
    release_s: int = 0
    due_s: int | None = None
    weight: float = 1.0
    pausable: bool = True
    fixed: Assignment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """All the work to be scheduled together, and the resources it may use."""

    epoch: datetime
    works: tuple[Work, ...]
    resources: Mapping[ResourceId, Resource]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Who does a piece of work, and when.

    ``start_s`` is where set-up begins, ``end_s`` where the run ends; ``segments`` are the worked
    stretches ``[start, end)`` between breaks; they add up to ``setup_s`` plus the mode's duration.
    """

    work: WorkId
    mode: int
    start_s: int
    end_s: int
    setup_s: int
    segments: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """ISA-95 operations schedule.

    ``objective`` is the summed weighted tardiness in seconds, ``makespan_s`` the last end,
    ``bound`` a lower bound of the objective named by ``bound_kind``; ``checked`` whether the
    independent checker accepted it.
    """

    epoch: datetime
    assignments: tuple[Assignment, ...]
    objective: float
    makespan_s: int
    bound: float
    bound_kind: str
    status: str
    checked: bool = False
