"""What went otherwise than planned, from a file: machines down, people absent, parts late, rush orders."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from manyworks.model import (
    Cancelled,
    Deviation,
    ExtraTime,
    Finding,
    Finished,
    MachineDown,
    OrderId,
    PartLate,
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
from manyworks.planning.fields import Fields, read_json
from manyworks.planning.plan import PlanningError


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """What a file says: the time it stands for, what happened, and until when promises are kept.

    ``like`` names, by new order, the planned order whose works it repeats.
    """

    now_s: int
    keep_until_s: int | None
    deviations: tuple[Deviation, ...]
    like: Mapping[OrderId, OrderId]
    dues: Mapping[OrderId, str]


class _Reader:
    def __init__(self, workload: Workload) -> None:
        self._workload = workload
        self.like: dict[OrderId, OrderId] = {}
        self.dues: dict[OrderId, str] = {}

    def seconds(self, fields: Fields, name: str) -> int:
        """A moment in seconds from the plan's epoch; 0 after a finding."""
        moment = fields.moment(name)
        return 0 if moment is None else round((moment - self._workload.epoch).total_seconds())

    def stretch(self, fields: Fields) -> dict[str, Any]:
        """A resource with a start and an end; what began before the plan did counts from there."""
        return {
            "resource": ResourceId(fields.text("resource")),
            "start_s": max(self.seconds(fields, "start"), 0),
            "end_s": self.seconds(fields, "end"),
        }

    def part_late(self, fields: Fields) -> Deviation:
        """A part that is late."""
        return PartLate(work=WorkId(fields.text("work")), release_s=self.seconds(fields, "release"))

    def scrapped(self, fields: Fields) -> Deviation:
        """Pieces that are lost."""
        remake = fields.texts("remake") if "remake" in fields.content else ()
        return Scrapped(
            work=WorkId(fields.text("work")),
            quantity=fields.number("quantity"),
            remake=tuple(map(WorkId, remake)),
        )

    def slower(self, fields: Fields) -> Deviation:
        """A work or a resource that takes longer."""
        work, resource = fields.optional_text("work"), fields.optional_text("resource")
        return Slower(
            factor=fields.number("factor"),
            work=None if work is None else WorkId(work),
            resource=None if resource is None else ResourceId(resource),
        )

    def started(self, fields: Fields) -> Deviation:
        """A work that has begun."""
        start = self.seconds(fields, "start")
        return Started(work=WorkId(fields.text("work")), start_s=start, mode=fields.optional_whole("mode"))

    def finished(self, fields: Fields) -> Deviation:
        """A work that is done."""
        return Finished(work=WorkId(fields.text("work")), end_s=self.seconds(fields, "end"))

    def cancelled(self, fields: Fields) -> Deviation:
        """An order nobody wants any more."""
        return Cancelled(order=OrderId(fields.text("order")))

    def rush_order(self, fields: Fields) -> Deviation:
        """A new order that repeats the works of a planned one."""
        order, like = OrderId(fields.text("order")), OrderId(fields.text("like"))
        works = [work for work in self._workload.works if work.order == like]
        if not works:
            message = f"repeats order {like!r}, of which nothing is in the plan"
            fields.findings.append(error("planning.event.like", fields.where, message))
        due = self.seconds(fields, "due") if "due" in fields.content else None
        self.like[order] = like
        self.dues[order] = str(fields.content.get("due", ""))[:10]
        weight = fields.number("weight") if "weight" in fields.content else None
        names = {work.id: _renamed(work, order) for work in works}
        return RushOrder(works=tuple(_repeat(work, order, names, due, weight) for work in works))


def _repeat(
    work: Work, order: OrderId, names: Mapping[WorkId, WorkId], due: int | None, weight: float | None
) -> Work:
    """The same work for another order; what was due is due on the new day."""
    links = (replace(link, before=names.get(link.before, link.before)) for link in work.links)
    return replace(
        work,
        id=names[work.id],
        order=order,
        links=tuple(links),
        due_s=due if work.due_s is not None else None,
        weight=work.weight if weight is None else weight,
        fixed=None,
    )


def _renamed(work: Work, order: OrderId) -> WorkId:
    return WorkId(f"{order}/{work.id.removeprefix(f'{work.order}/')}")


_KINDS: Mapping[str, Callable[[_Reader, Fields], Deviation]] = {
    "machine-down": lambda reader, fields: MachineDown(**reader.stretch(fields)),
    "worker-absent": lambda reader, fields: WorkerAbsent(**reader.stretch(fields)),
    "tool-missing": lambda reader, fields: ToolMissing(**reader.stretch(fields)),
    "extra-time": lambda reader, fields: ExtraTime(**reader.stretch(fields)),
    "part-late": _Reader.part_late,
    "scrapped": _Reader.scrapped,
    "slower": _Reader.slower,
    "started": _Reader.started,
    "finished": _Reader.finished,
    "cancelled": _Reader.cancelled,
    "rush-order": _Reader.rush_order,
}
KINDS = tuple(_KINDS)


def read_events(path: str | Path, workload: Workload) -> Events:
    """Read the events of a file, TOML or JSON.

    Parameters
    ----------
    path
        ``now`` is the moment planning again stands for, ``keep_until`` (optional) until when planned works
        keep their places, and each ``event`` has a ``kind`` (`KINDS`) with its own fields. Moments are
        dates with time and zone.
    workload
        Of the plan.

    Raises
    ------
    PlanningError
        With everything that is missing or not what it should be.
    """
    document, findings = _open(Path(path))
    if document is None:
        raise PlanningError(findings)
    reader = _Reader(workload)
    deviations = []
    events = document.objects("event") if "event" in document.content else ()
    for fields in events:
        kind = fields.text("kind")
        if kind in _KINDS:
            deviations.append(_KINDS[kind](reader, fields))
        elif kind:
            message = f"is of kind {kind!r}, expected one of {', '.join(KINDS)}"
            document.findings.append(error("planning.event.kind", fields.where, message))
    now = reader.seconds(document, "now")
    keep = reader.seconds(document, "keep_until") if "keep_until" in document.content else None
    if now < 0:
        message = f"lies before the plan begins, {workload.epoch:%Y-%m-%d %H:%M} UTC"
        document.findings.append(error("planning.event.now", f"{document.where}: now", message))
    if document.findings:
        raise PlanningError(document.findings)
    return Events(
        now_s=now,
        keep_until_s=keep,
        deviations=tuple(deviations),
        like=reader.like,
        dues=reader.dues,
    )


def _open(path: Path) -> tuple[Fields | None, list[Finding]]:
    if path.suffix.lower() != ".toml":
        return read_json(path, "name a file of events, TOML or JSON")
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError, ValueError) as trouble:
        return None, [error("planning.event.file", path.name, f"cannot be read: {_reason(trouble)}")]
    return Fields(content=_plain(content), where=path.name), []


def _reason(trouble: Exception) -> str:
    return getattr(trouble, "strerror", None) or str(trouble)


def _plain(value: Any) -> Any:
    """The same with moments as text."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime | date) else value
