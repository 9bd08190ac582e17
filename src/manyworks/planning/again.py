"""A plan on disk, what went otherwise, and the plan that follows from both, as the same kind of document."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from manyworks.model import OrderId, Schedule, WorkId, Workload, error, finding_to_json
from manyworks.planning.documents import assignment_to_json, schedule_to_json, workload_to_json
from manyworks.planning.events import Events, read_events
from manyworks.planning.fields import Fields
from manyworks.planning.plan import PlanningError
from manyworks.planning.reading import open_plan, read_plan
from manyworks.scheduling.replanning import Replanned, replan

DAY_S = 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedAgain:
    """The plan before and after, and the document of the new one."""

    workload: Workload
    schedule: Schedule
    events: Events
    replanned: Replanned
    document: dict[str, Any]


def plan_again(
    plan: str | Path,
    events: str | Path,
    *,
    seconds: float | None = None,
    iterations: int | None = None,
    seed: int = 0,
    improve: bool = False,
) -> PlannedAgain:
    """Read a plan and what went otherwise, and plan again what is left.

    Parameters
    ----------
    plan, events
        A plan's JSON file or its folder, and a file of events (`read_events`).
    seconds, iterations, seed
        Budget of the search, split over its two parts.
    improve
        Look for less lateness even where nothing became later.

    Raises
    ------
    PlanningError, SchedulingError
        With all that is wrong with either file, or the reasons why no schedule exists any more.
    """
    workload, schedule = read_plan(plan)
    document = open_plan(plan)
    _check_head(document)
    read = read_events(events, workload)
    # Late: loading the compiler takes longer than reading.
    from manyworks.scheduling.problem.data import Stop

    made = replan(
        workload,
        schedule,
        read.deviations,
        read.now_s,
        stop=Stop(seconds=seconds, iterations=iterations),
        seed=seed,
        keep_until_s=read.keep_until_s,
        improve=improve,
    )
    return PlannedAgain(
        workload=workload,
        schedule=schedule,
        events=read,
        replanned=made,
        document=_document(document, made, read),
    )


def _check_head(document: Fields) -> None:
    """Look at the fields that a plan keeps when it is planned again."""
    for name in ("network", "network_hash", "currency"):
        document.text(name)
    for order in document.objects("orders"):
        order.text("id")
        order.moment("finish")
        order.moment("delivered")
        if order.optional_text("due"):
            _check_day(order)
    if document.findings:
        raise PlanningError(document.findings)


def _check_day(order: Fields) -> None:
    try:
        date.fromisoformat(order.text("due"))
    except ValueError:
        message = f"found {order.text('due')!r}, expected a day such as 2026-12-18"
        order.findings.append(error("planning.document.value", f"{order.where}.due", message))


def _document(old: Fields, made: Replanned, events: Events) -> dict[str, Any]:
    """The old document with what is left to do, and what follows for the orders.

    Besides the fields of a plan: ``now_s``, and ``finished``, assignments of what was done before.
    """
    orders = [*copy.deepcopy(old.content["orders"]), *_new_orders(old.content["orders"], events)]
    ends = _ends(made)
    for order in orders:
        _move(order, made.workload.epoch, ends.get(OrderId(order["id"])))
    before = old.content.get("findings", [])
    return {
        **{key: old.content[key] for key in ("format", "network", "network_hash", "currency")},
        "now_s": events.now_s,
        "orders": orders,
        **workload_to_json(made.workload),
        "schedule": schedule_to_json(made.schedule),
        "finished": [
            *old.content.get("finished", []),
            *(assignment_to_json(one) for one in made.finished),
        ],
        "findings": [*before, *(finding_to_json(one) for one in made.findings)],
    }


def _ends(made: Replanned) -> dict[OrderId, int]:
    """Last end of each order that still has something to do."""
    orders: dict[WorkId, OrderId] = {work.id: work.order for work in made.workload.works}
    ends: dict[OrderId, int] = {}
    for one in made.schedule.assignments:
        order = orders[one.work]
        ends[order] = max(one.end_s, ends.get(order, 0))
    return ends


def _new_orders(orders: Sequence[Mapping[str, Any]], events: Events) -> list[dict[str, Any]]:
    """Rush orders, told like the ones they repeat."""
    known = {order["id"]: order for order in orders}
    return [
        {**copy.deepcopy(dict(known[like])), "id": order, "due": events.dues.get(order) or None}
        for order, like in events.like.items()
        if like in known
    ]


def _move(order: dict[str, Any], epoch: datetime, end_s: int | None) -> None:
    """Let an order finish and arrive as the new schedule says."""
    if end_s is None:
        return
    finish, delivered = (datetime.fromisoformat(order[name]) for name in ("finish", "delivered"))
    moved = epoch + timedelta(seconds=end_s) - finish
    order["finish"], order["delivered"] = (finish + moved).isoformat(), (delivered + moved).isoformat()
    order["late_days"] = _late_days(order.get("due"), delivered + moved)


def _late_days(due: str | None, delivered: datetime) -> float:
    if not due:
        return 0.0
    day = datetime.combine(date.fromisoformat(due), datetime.min.time(), tzinfo=UTC)
    return max(0.0, (delivered - day - timedelta(days=1)).total_seconds() / DAY_S)
