"""What goes otherwise than planned, as far as planning again must know. Whole seconds from the epoch."""

from __future__ import annotations

from dataclasses import dataclass

from manyworks.model.ids import OrderId, ResourceId, WorkId
from manyworks.model.work import Resource, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A resource cannot be used from ``start_s`` until ``end_s``; see its kinds."""

    resource: ResourceId
    start_s: int
    end_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineDown(Outage):
    """A machine is broken, or taken out for maintenance, and back at ``end_s``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerAbsent(Outage):
    """A person is not there, and back at ``end_s``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolMissing(Outage):
    """A mould, stencil or fixture is away or in repair, and back at ``end_s``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraTime:
    """A resource works from ``start_s`` until ``end_s`` besides its usual hours."""

    resource: ResourceId
    start_s: int
    end_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLate:
    """Material or a part a work needs is not there before ``release_s``; the work has not started."""

    work: WorkId
    release_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RushOrder:
    """New works, and the resources they bring along that the plan does not know yet."""

    works: tuple[Work, ...]
    resources: tuple[Resource, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scrapped:
    """Of a work that is running or done, ``quantity`` is lost and made again.

    ``remake`` names the works before it whose output is lost with it: they are done again, too, for the
    same share of their lots.
    """

    work: WorkId
    quantity: float
    remake: tuple[WorkId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Slower:
    """From now on run times of a work, or of all works that hold a resource, take ``factor`` times as long.

    Exactly one of ``work`` and ``resource`` is stated. Set-ups stay as they are; below 1 it is faster.
    """

    factor: float
    work: WorkId | None = None
    resource: ResourceId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A work has begun at ``start_s``, in another of its modes than planned where ``mode`` says so."""

    work: WorkId
    start_s: int
    mode: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A work was done at ``end_s``."""

    work: WorkId
    end_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """What has not started of an order is not wanted any more; what runs is brought to its end."""

    order: OrderId


Deviation = Outage | ExtraTime | PartLate | RushOrder | Scrapped | Slower | Started | Finished | Cancelled
"""Anything that planning again takes note of."""
