"""A plan from its JSON document, and whether it still holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from manyworks.model import (
    Assignment,
    Finding,
    ItemId,
    Link,
    Mode,
    OperationId,
    OrderId,
    Resource,
    ResourceId,
    Schedule,
    ShopId,
    Work,
    WorkId,
    Workload,
    error,
    errors,
)
from manyworks.planning.documents import FORMAT
from manyworks.planning.fields import Fields, read_json
from manyworks.planning.plan import PlanningError
from manyworks.scheduling import check, validate

PLAN_FILE = "plan.json"
ALWAYS: tuple[tuple[int, int], ...] = ()
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
CENT = 0.005


def read_plan(path: str | Path) -> tuple[Workload, Schedule]:
    """Read the work and the schedule of a plan.

    Parameters
    ----------
    path
        A plan's JSON file, or the folder that holds its ``plan.json``.

    Raises
    ------
    PlanningError
        If it is no plan; every field that is missing or not what it should be is named. Whether the
        schedule holds is another question: see `check_plan`.
    """
    document = open_plan(path)
    workload, schedule = _read_workload(document), _read_schedule(document.object("schedule"))
    if document.findings:
        raise PlanningError(document.findings)
    return workload, schedule


def check_plan(path: str | Path) -> tuple[Finding, ...]:
    """Check a plan on disk from scratch, whoever wrote it.

    Returns
    -------
    Empty when it holds. Besides what `manyworks.scheduling.check` finds: ends of orders that are
    not those of their last works, and cost lines that do not sum to their total
    (``planning.document.*``).

    Raises
    ------
    PlanningError
        If it cannot be read as a plan.
    """
    workload, schedule = read_plan(path)
    document = open_plan(path)
    findings = [
        *errors(validate(workload)),
        *check(workload, schedule),
        *_check_orders(document, schedule, workload),
    ]
    if document.findings:
        raise PlanningError(document.findings)
    return tuple(findings)


def open_plan(path: str | Path) -> Fields:
    """The fields of a plan's document.

    Raises
    ------
    PlanningError
        If it is no plan.
    """
    document, findings = read_json(_plan_file(Path(path)))
    if document is None:
        raise PlanningError(findings)
    if document.content.get("format") != FORMAT:
        found = document.content.get("format")
        hint = f"expected {FORMAT!r} under 'format'"
        raise PlanningError(
            [error("planning.document.format", document.where, f"is {found!r}, no plan", hint)]
        )
    return document


def _plan_file(path: Path) -> Path:
    """The plan in a folder, or the file itself; names no system allows are left for reading to refuse."""
    try:
        return path / PLAN_FILE if path.is_dir() else path
    except OSError:
        return path


def _read_workload(document: Fields) -> Workload:
    calendars, modes = _read_calendars(document), _read_modes(document)
    resources = [_read_resource(one, calendars) for one in document.objects("resources")]
    works = tuple(_read_work(one, modes) for one in document.objects("works"))
    for name in _repeated([resource.id for resource in resources]):
        message = f"the resource {name!r} is listed more than once"
        document.findings.append(error("planning.document.twice", document.where, message))
    return Workload(
        epoch=document.moment("epoch") or NEVER,
        works=works,
        resources={resource.id: resource for resource in resources},
    )


def _repeated(names: list[ResourceId]) -> list[ResourceId]:
    return sorted(name for name, count in Counter(names).items() if count > 1)


def _read_calendars(document: Fields) -> Mapping[str, tuple[tuple[int, int], ...]]:
    listed = document.object("calendars")
    return {name: listed.pairs(name) for name in listed.content}


def _read_modes(document: Fields) -> Mapping[str, tuple[Mode, ...]]:
    listed = document.object("modes")
    return {name: tuple(_read_mode(one) for one in listed.objects(name)) for name in listed.content}


def _read_mode(fields: Fields) -> Mode:
    return Mode(
        machine=ResourceId(fields.text("machine")),
        workers=tuple(map(ResourceId, fields.texts("workers"))),
        tools=tuple(map(ResourceId, fields.texts("tools"))),
        setup_s=fields.whole("setup_s"),
        duration_s=fields.whole("duration_s"),
        family=fields.text("family"),
    )


def _read_resource(fields: Fields, calendars: Mapping[str, tuple[tuple[int, int], ...]]) -> Resource:
    calendar = fields.optional_text("calendar")
    if calendar is not None and calendar not in calendars:
        fields.findings.append(_unknown(fields, "calendar", calendar))
    return Resource(
        id=ResourceId(fields.text("id")),
        name=fields.text("name"),
        kind=fields.text("kind"),
        shop=ShopId(fields.text("shop")),
        intervals=ALWAYS if calendar is None else calendars.get(calendar, ALWAYS),
        setups={(before, after): seconds for before, after, seconds in fields.triples("setups")},
        family=fields.optional_text("family") or "",
    )


def _unknown(fields: Fields, what: str, name: str) -> Finding:
    message = f"names the {what} {name!r}, which the document does not have"
    return error("planning.document.unknown", fields.where, message)


def _read_work(fields: Fields, modes: Mapping[str, tuple[Mode, ...]]) -> Work:
    named = fields.text("modes")
    if named and named not in modes:
        fields.findings.append(_unknown(fields, "list of modes", named))
    return Work(
        id=WorkId(fields.text("id")),
        order=OrderId(fields.text("order")),
        item=ItemId(fields.text("item")),
        operation=OperationId(fields.text("operation")),
        name=fields.text("name"),
        process=fields.text("process"),
        quantity=fields.number("quantity"),
        modes=modes.get(named, ()),
        links=tuple(_read_link(one) for one in fields.objects("links")),
        release_s=fields.whole("release_s"),
        due_s=fields.optional_whole("due_s"),
        weight=fields.number("weight"),
        pausable=fields.flag("pausable"),
        fixed=None if fields.content.get("fixed") is None else _read_assignment(fields.object("fixed")),
    )


def _read_link(fields: Fields) -> Link:
    return Link(before=WorkId(fields.text("before")), lag_s=fields.whole("lag_s"))


def _read_schedule(fields: Fields) -> Schedule:
    return Schedule(
        epoch=fields.moment("epoch") or NEVER,
        assignments=tuple(_read_assignment(one) for one in fields.objects("assignments")),
        objective=fields.number("objective"),
        makespan_s=fields.whole("makespan_s"),
        bound=fields.number("bound"),
        bound_kind=fields.text("bound_kind"),
        status=fields.text("status"),
        checked=fields.flag("checked"),
    )


def _read_assignment(fields: Fields) -> Assignment:
    return Assignment(
        work=WorkId(fields.text("work")),
        mode=fields.whole("mode"),
        start_s=fields.whole("start_s"),
        end_s=fields.whole("end_s"),
        setup_s=fields.whole("setup_s"),
        segments=fields.pairs("segments"),
    )


def _check_orders(document: Fields, schedule: Schedule, workload: Workload) -> Iterator[Finding]:
    """What the document says of each order must follow from its works and its lines."""
    order_of = {work.id: str(work.order) for work in workload.works}
    ends: dict[str, int] = {}
    for done in schedule.assignments:
        name = order_of.get(done.work, "")
        ends[name] = max(done.end_s, ends.get(name, 0))
    listed = {order.text("id"): order for order in document.objects("orders")}
    for name in sorted(set(order_of.values()) - listed.keys()):
        yield error("planning.document.order", name, "has works but is not among the orders")
    for name, order in listed.items():
        yield from _check_finish(name, order, workload.epoch, ends.get(name))
        yield from _check_sum(name, order)


def _check_finish(name: str, order: Fields, epoch: datetime, end_s: int | None) -> Iterator[Finding]:
    stated = order.moment("finish")
    if stated is None or end_s is None:
        return
    if (stated - epoch).total_seconds() != end_s:
        message = (
            f"is said to be finished at {stated.isoformat()}, its last work ends {end_s} s after the epoch"
        )
        yield error("planning.document.finish", name, message, "do not use this plan")


def _check_sum(name: str, order: Fields) -> Iterator[Finding]:
    total, amounts = order.number("total"), [line.number("amount") for line in order.objects("lines")]
    if abs(sum(amounts) - total) > CENT:
        message = f"has lines that sum to {sum(amounts):.2f}, but states {total:.2f}"
        yield error("planning.document.sum", name, message, "do not use this plan")
