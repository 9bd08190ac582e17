"""The plan as JSON: stable, whole (it can be checked again), calendars and modes written once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from manyworks.model import (
    Assignment,
    Link,
    Mode,
    Network,
    PlannedOrder,
    Resource,
    Schedule,
    Work,
    Workload,
    finding_to_json,
)
from manyworks.planning.plan import Plan
from manyworks.quoting import option_to_json

FORMAT = "manyworks-plan/1"


def plan_to_json(plan: Plan, network: Network) -> dict[str, Any]:
    """Plain data for ``json.dumps``; fields may be added, none changes its meaning.

    Money in ``currency``. Every time named ``..._s``, in a calendar or in a segment is in whole
    seconds from ``epoch``; other times are ISO 8601 with their zone.

    ``format``
        ``manyworks-plan/1``.
    ``network``, ``network_hash``, ``currency``
        Name and content hash of the network, ISO 4217.
    ``orders``
        ``id``, ``customer``, ``product`` with its ``name`` and ``source``, ``quantity``,
        ``ship_to``, ``due`` (ISO date or null), ``weight``, ``option`` (label), ``finish`` (end of
        the last work), ``delivered``, ``late_days``, and all fields of the option as in a quote:
        ``total``, ``unit_price``, ``lead_time_days``, ``co2e_kg``, ``lines`` (sum to ``total``),
        ``steps``, ``purchases``, ``moves``, ``assumptions``, ``runner_up``, ``gap``.
    ``epoch``
        What seconds count from.
    ``calendars``
        Lists of ``[start, end)`` by name.
    ``resources``
        ``id``, ``name``, ``kind`` (``machine``, ``worker``, ``tool``), ``shop``, ``calendar`` (a
        name, null: always available), ``setups``: ``[family before, family after, seconds]``,
        ``family`` (what it is set up for at the beginning; left out: nothing).
    ``modes``
        By name, lists of ways to do a work: ``machine``, ``workers``, ``tools`` (ids of resources),
        ``setup_s``, ``duration_s``, ``family``.
    ``works``
        ``id``, ``order``, ``item``, ``operation``, ``name``, ``process``, ``quantity``,
        ``release_s``, ``due_s`` (or null), ``weight``, ``pausable``, ``modes`` (a name), ``links``:
        ``before`` (id of a work), ``lag_s``; ``fixed`` (left out where it is open): an assignment, of a
        work that runs already or is promised so.
    ``schedule``
        ``epoch``, ``objective`` (weighted seconds late), ``makespan_s``, ``bound``, ``bound_kind``,
        ``status``, ``checked``, and ``assignments``: ``work``, ``mode`` (place in the work's list,
        from 0), ``start_s``, ``end_s``, ``setup_s``, ``segments``: worked ``[start, end)``.
    ``findings``
        ``code``, ``severity``, ``where``, ``message``, ``hint``.
    """
    return {
        "format": FORMAT,
        "network": network.name,
        "network_hash": network.hash,
        "currency": network.currency,
        "orders": [_order(planned) for planned in plan.orders],
        **workload_to_json(plan.workload),
        "schedule": schedule_to_json(plan.schedule),
        "findings": [finding_to_json(finding) for finding in plan.findings],
    }


def workload_to_json(workload: Workload) -> dict[str, Any]:
    """``epoch``, ``calendars``, ``resources``, ``modes`` and ``works``."""
    calendars = _calendar_names(workload.resources.values())
    modes = _mode_names(workload.works)
    return {
        "epoch": workload.epoch.isoformat(),
        "calendars": {name: [list(pair) for pair in intervals] for intervals, name in calendars.items()},
        "resources": [_resource(one, calendars) for one in workload.resources.values()],
        "modes": {name: [_mode(mode) for mode in listed] for listed, name in modes.items()},
        "works": [_work(work, modes) for work in workload.works],
    }


def schedule_to_json(schedule: Schedule) -> dict[str, Any]:
    """Assignments and the totals they are said to reach."""
    return {
        "epoch": schedule.epoch.isoformat(),
        "objective": schedule.objective,
        "makespan_s": schedule.makespan_s,
        "bound": schedule.bound,
        "bound_kind": schedule.bound_kind,
        "status": schedule.status,
        "checked": schedule.checked,
        "assignments": [assignment_to_json(one) for one in schedule.assignments],
    }


def _order(planned: PlannedOrder) -> dict[str, Any]:
    order = planned.order
    option = option_to_json(planned.option)
    return {
        "id": order.id,
        "customer": order.customer,
        "product": planned.product.root,
        "name": planned.product.item.name,
        "source": order.source,
        "quantity": order.quantity,
        "ship_to": planned.quote.ship_to,
        "due": order.due or None,
        "weight": order.weight,
        "option": option.pop("label"),
        "finish": planned.finish.isoformat(),
        "delivered": planned.delivered.isoformat(),
        "late_days": planned.late_days,
        **option,
    }


def _calendar_names(resources: Iterable[Resource]) -> dict[tuple[tuple[int, int], ...], str]:
    """A name for each different calendar, after the shop that keeps it."""
    names: dict[tuple[tuple[int, int], ...], str] = {}
    for resource in resources:
        if resource.intervals and resource.intervals not in names:
            names[resource.intervals] = _fresh(str(resource.shop), names.values())
    return names


def _mode_names(works: Iterable[Work]) -> dict[tuple[Mode, ...], str]:
    """A name for each different list of modes, after the first work that has it."""
    names: dict[tuple[Mode, ...], str] = {}
    for work in works:
        if work.modes not in names:
            names[work.modes] = _fresh(str(work.id), names.values())
    return names


def _fresh(name: str, taken: Iterable[str]) -> str:
    """The name, numbered where it is taken already."""
    known, number, fresh = set(taken), 1, name
    while fresh in known:
        number += 1
        fresh = f"{name}#{number}"
    return fresh


def _resource(resource: Resource, calendars: Mapping[tuple[tuple[int, int], ...], str]) -> dict[str, Any]:
    return {
        "id": resource.id,
        "name": resource.name,
        "kind": resource.kind,
        "shop": resource.shop,
        "calendar": calendars.get(resource.intervals),
        "setups": [[before, after, seconds] for (before, after), seconds in resource.setups.items()],
        **({"family": resource.family} if resource.family else {}),
    }


def _mode(mode: Mode) -> dict[str, Any]:
    return {
        "machine": mode.machine,
        "workers": list(mode.workers),
        "tools": list(mode.tools),
        "setup_s": mode.setup_s,
        "duration_s": mode.duration_s,
        "family": mode.family,
    }


def _link(link: Link) -> dict[str, Any]:
    return {"before": link.before, "lag_s": link.lag_s}


def _work(work: Work, modes: Mapping[tuple[Mode, ...], str]) -> dict[str, Any]:
    return {
        "id": work.id,
        "order": work.order,
        "item": work.item,
        "operation": work.operation,
        "name": work.name,
        "process": work.process,
        "quantity": work.quantity,
        "release_s": work.release_s,
        "due_s": work.due_s,
        "weight": work.weight,
        "pausable": work.pausable,
        "modes": modes[work.modes],
        "links": [_link(link) for link in work.links],
        **({"fixed": assignment_to_json(work.fixed)} if work.fixed is not None else {}),
    }


def assignment_to_json(done: Assignment) -> dict[str, Any]:
    """Who did what when."""
    return {
        "work": done.work,
        "mode": done.mode,
        "start_s": done.start_s,
        "end_s": done.end_s,
        "setup_s": done.setup_s,
        "segments": [list(segment) for segment in done.segments],
    }
