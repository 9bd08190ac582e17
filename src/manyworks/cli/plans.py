"""``manyworks plan`` and ``manyworks check``."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from manyworks.cli.outputs import as_json, check_folder, check_outputs, is_folder, make_folder, write_outputs
from manyworks.cli.quotes import RequestError
from manyworks.cli.saying import indent, lay_out, progress, say, say_findings
from manyworks.files import read_network, read_orders
from manyworks.logistics import find_place
from manyworks.model import (
    Finding,
    FindingsError,
    Network,
    Order,
    OrderId,
    PlannedOrder,
    Product,
    Schedule,
    Workload,
)
from manyworks.planning import Plan, PlanningError, check_plan, plan, plan_to_json, read_plan, read_products
from manyworks.planning.reading import PLAN_FILE
from manyworks.scheduling.explaining import Speaker

PAGE_FILE = "index.html"
SHORTLY = 3
"""Sentences about a late order where not all are asked for."""

Pairs = tuple[tuple[Order, Product], ...]


def plan_orders(arguments: Namespace) -> int:
    """Plan the orders of a file and write the plan with a page."""
    folder = Path(arguments.out)
    with progress() as tell:
        tell("reading")
        pairs, network, noticed = _gather(arguments)
        made = _plan(arguments, pairs, network, tell)
        tell("writing")
        findings = tuple(dict.fromkeys((*noticed, *made.findings)))
        make_folder(folder)
        write_outputs(_documents(made, network, findings, folder))
    say(
        *describe_plan(made, verbose=arguments.verbose),
        "",
        f"written: {folder / PLAN_FILE}, {folder / PAGE_FILE}",
    )
    return say_findings(findings, remarks=arguments.verbose)


def _plan(arguments: Namespace, pairs: Pairs, network: Network, tell: Callable[[str], None]) -> Plan:
    try:
        return plan(
            pairs,
            network,
            seed=arguments.seed,
            seconds=arguments.seconds,
            iterations=arguments.iterations,
            progress=tell,
        )
    except PlanningError as trouble:
        raise RequestError(_in_file(arguments.orders, trouble.findings)) from trouble


def _in_file(orders: str, findings: Iterable[Finding]) -> list[Finding]:
    return [replace(finding, where=f"{Path(orders).name}: {finding.where}") for finding in findings]


def _check_places(orders: str, pairs: Pairs, network: Network) -> Iterator[Finding]:
    """Whether each order can be sent where it says; known before anything is planned."""
    for order, _ in pairs:
        try:
            find_place(str(order.ship_to), network)
        except FindingsError as trouble:
            places = (replace(finding, where=f"order {order.id}") for finding in trouble.findings)
            yield from _in_file(orders, places)


def check_target(folder: Path) -> list[Finding]:
    """Say beforehand why a plan cannot be written into a folder."""
    if is_folder(folder):
        return check_outputs(str(folder / PLAN_FILE), str(folder / PAGE_FILE))
    return check_folder(folder)


def _gather(arguments: Namespace) -> tuple[Pairs, Network, tuple[Finding, ...]]:
    """Read orders, network and designs; tell all that is wrong with any of them at once."""
    orders, of_orders = read_orders(arguments.orders)
    network, of_network = read_network(arguments.network)
    pairs, of_products = read_products(orders or (), Path(arguments.orders).parent)
    findings = (*of_orders, *of_network, *of_products)
    blocked = check_target(Path(arguments.out))
    if network is not None:
        blocked += _check_places(arguments.orders, pairs, network)
    if orders is None or network is None or len(pairs) < len(orders) or blocked:
        raise RequestError((*findings, *blocked))
    return pairs, network, findings


def _documents(
    made: Plan, network: Network, findings: tuple[Finding, ...], folder: Path
) -> dict[str | Path, str]:
    from manyworks.logistics import find_place
    from manyworks.report import plan_page

    doors = (find_place(str(one.order.ship_to), network) for one in made.orders)
    page = plan_page(
        made.orders,
        made.workload,
        made.schedule,
        network.with_places(*doors),
        findings,
        late_reasons=_late_reasons(made),
    )
    return {folder / PLAN_FILE: as_json(plan_to_json(made, network)), folder / PAGE_FILE: page}


def describe_plan(made: Plan, *, verbose: bool) -> Iterator[str]:
    """Orders with their days, then how full the schedule is."""
    head = ("order", "product", "quantity", "option", "total", "finished", "delivered", "due", "late")
    yield from lay_out(head, map(_order_row, made.orders), "  r r")
    yield ""
    done = made.schedule
    yield (
        f"{_extent(made.workload, done)}; the last ends "
        f"{made.workload.epoch + timedelta(seconds=done.makespan_s):%Y-%m-%d %H:%M} UTC; {done.status}"
    )
    yield from _describe_late(made, verbose=verbose)
    if verbose:
        yield from _describe_works(made)


def _late_reasons(made: Plan) -> dict[OrderId, list[str]]:
    """Why each late order is late, in sentences."""
    speaker = Speaker(made.workload)
    return {one.order: speaker.late(one) for one in made.late}


def _describe_late(made: Plan, *, verbose: bool) -> Iterator[str]:
    """Late orders with what their time goes to; step by step where more is asked for."""
    for sentences in _late_reasons(made).values():
        yield ""
        yield sentences[0]
        yield from indent(sentences[1:] if verbose else sentences[1:SHORTLY])


def _extent(workload: Workload, schedule: Schedule) -> str:
    return f"{len(schedule.assignments)} works on {len(workload.resources)} machines, people and tools"


def _order_row(planned: PlannedOrder) -> tuple[str, ...]:
    order = planned.order
    return (
        order.id,
        planned.product.item.name,
        str(order.quantity),
        planned.option.label,
        f"{planned.option.total:.2f}",
        f"{planned.finish:%Y-%m-%d %H:%M}",
        f"{planned.delivered:%Y-%m-%d}",
        order.due or "soon",
        f"{planned.late_days:.1f} days" if planned.late_days > 0 else "",
    )


def _describe_works(made: Plan) -> Iterator[str]:
    works = {work.id: work for work in made.workload.works}
    rows = []
    for done in sorted(made.schedule.assignments, key=lambda one: (one.start_s, one.work)):
        work = works[done.work]
        start, end = (made.workload.epoch + timedelta(seconds=s) for s in (done.start_s, done.end_s))
        resource = made.workload.resources[work.modes[done.mode].machine]
        times = (f"{start:%Y-%m-%d %H:%M}", f"{end:%Y-%m-%d %H:%M}")
        rows.append(
            (*times, work.order, work.item, work.name, f"{work.quantity:g}", resource.name, resource.shop)
        )
    yield ""
    yield from indent(
        lay_out(("start", "end", "order", "item", "work", "pieces", "on", "at"), rows, "     r")
    )


def check_plans(arguments: Namespace) -> int:
    """Check a plan on disk from scratch."""
    findings = check_plan(arguments.plan)
    workload, schedule = read_plan(arguments.plan)
    if not findings:
        say(f"holds: {_extent(workload, schedule)}")
    return say_findings(findings)
