"""Several accepted orders on the machines, people and calendars of one network."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from manyworks.logistics import find_place
from manyworks.model import (
    Finding,
    FindingsError,
    Network,
    OfferId,
    Option,
    Order,
    PlannedOrder,
    Product,
    Quote,
    Schedule,
    Shop,
    ShopId,
    Work,
    Workload,
    error,
    errors,
    warning,
)
from manyworks.planning.calendars import working_intervals
from manyworks.planning.changeovers import fill_changeovers
from manyworks.planning.works import DAY_S, Roster, list_works, usual_waits
from manyworks.quoting import Prepared, prepare, quote_prepared
from manyworks.scheduling import SchedulingError, check, schedule
from manyworks.scheduling.explaining import LateOrder, explain_late

SPARE_DAYS = 120
MOST_DAYS = 3660


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How long a schedule is searched for, and the seed of the search."""

    seconds: float | None = None
    iterations: int | None = None
    seed: int = 0


class PlanningError(FindingsError):
    """The orders cannot be planned as they stand; carries every reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """An order with the quote and the option it is carried out at."""

    order: Order
    prepared: Prepared
    quote: Quote
    option: Option


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Orders, the work they are, when it is done, and where the time of late orders goes."""

    orders: tuple[PlannedOrder, ...]
    workload: Workload
    schedule: Schedule
    findings: tuple[Finding, ...]
    late: tuple[LateOrder, ...] = ()


def plan(
    orders: Sequence[tuple[Order, Product]],
    network: Network,
    *,
    seed: int = 0,
    seconds: float | None = None,
    iterations: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> Plan:
    """Quote each order on what the orders before it left in stock, then schedule all of them together.

    Parameters
    ----------
    orders
        With their products. Orders due earlier choose their parts first.
    seed
        Of everything random in the scheduler.
    seconds, iterations
        Budgets of the scheduler, see `manyworks.scheduling.schedule`.
    progress
        Called with a short sentence before each longer step.

    Raises
    ------
    PlanningError
        If an order cannot be made at all; names every such order.
    """
    say = progress or (lambda _: None)
    accepted, findings = _accept(orders, network, say)
    say("scheduling")
    workload, done, noticed = _schedule(
        accepted, network, Effort(seconds=seconds, iterations=iterations, seed=seed)
    )
    findings += noticed
    faults = check(workload, done)
    if errors(faults):
        raise PlanningError(faults)
    planned = tuple(_deliver(one, workload, done, network) for one in accepted)
    findings += [finding for one in planned for finding in _late(one)]
    return Plan(
        orders=planned,
        workload=workload,
        schedule=done,
        findings=tuple(dict.fromkeys(findings)),
        late=explain_late(workload, done),
    )


def _accept(
    orders: Sequence[tuple[Order, Product]], network: Network, say: Callable[[str], None]
) -> tuple[list[Accepted], list[Finding]]:
    accepted: list[Accepted] = []
    problems: list[Finding] = []
    findings: list[Finding] = []
    left = network
    for order, product in sorted(orders, key=lambda pair: (pair[0].due or "9999", pair[0].id)):
        say(f"sourcing order {order.id}")
        try:
            one, noticed = _accept_one(order, product, left)
        except FindingsError as trouble:
            problems += _of_order(order, trouble.findings)
            continue
        findings += noticed
        if one is None:
            problems += _of_order(order, noticed)
            continue
        accepted.append(one)
        left = without_stock(left, one.option)
    if problems:
        raise PlanningError(problems)
    return accepted, findings


def _of_order(order: Order, findings: Sequence[Finding]) -> list[Finding]:
    """Findings of errors, each told with the order it is about."""
    return [replace(finding, where=f"order {order.id}: {finding.where}") for finding in errors(findings)]


def _accept_one(order: Order, product: Product, network: Network) -> tuple[Accepted | None, list[Finding]]:
    place = find_place(str(order.ship_to), network)
    prepared = prepare(product, network, place)
    quotes = quote_prepared(prepared, network, quantities=[order.quantity])
    quote = quotes.quotes[0]
    findings = [*quotes.findings, *quote.findings]
    if not quote.options:
        return None, findings
    option = next((one for one in quote.options if one.label == order.option), None)
    if option is None:
        option = quote.options[0]
        if order.option != option.label:
            findings.append(_same(order, option))
    return Accepted(order=order, prepared=prepared, quote=quote, option=option), findings


def _same(order: Order, option: Option) -> Finding:
    return warning(
        "planning.option",
        order.id,
        f"no option of its own is the {order.option} one; the {option.label} option is as good",
    )


def without_stock(network: Network, option: Option) -> Network:
    """The network after an option's purchases have left the shelves."""
    offers = dict(network.offers)
    for purchase in option.purchases:
        offer = offers.get(purchase.offer) if purchase.offer is not None else None
        if offer is not None and offer.stock is not None:
            offers[OfferId(offer.id)] = replace(offer, stock=max(0.0, offer.stock - purchase.units))
    return replace(network, offers=offers)


def _schedule(
    accepted: Sequence[Accepted], network: Network, effort: Effort
) -> tuple[Workload, Schedule, list[Finding]]:
    """Schedule within calendars that reach far enough; farther ones are tried when they do not."""
    longest = max((one.option.lead_time_days.p90 for one in accepted), default=0.0)
    days = int(2 * longest) + SPARE_DAYS
    while True:
        workload, findings = _workload(accepted, network, days)
        try:
            done = schedule(workload, seconds=effort.seconds, iterations=effort.iterations, seed=effort.seed)
            return workload, done, findings
        except SchedulingError:
            if days >= MOST_DAYS:
                raise
            days = min(MOST_DAYS, days * 3)


def _workload(accepted: Sequence[Accepted], network: Network, days: int) -> tuple[Workload, list[Finding]]:
    epoch = _epoch(network)
    used = {step.shop for one in accepted for step in one.option.steps}
    intervals = _calendars(network, used, epoch, days)
    roster = Roster(network=network, intervals=intervals)
    works: list[Work] = []
    for one in accepted:
        works.extend(list_works(one.order, one.option, one.prepared, roster, _due(one.order, epoch)))
    changes = fill_changeovers(((one.option, one.prepared) for one in accepted), roster)
    findings = [*changes, *roster.findings, *usual_waits((one.option for one in accepted), network.shops)]
    return Workload(epoch=epoch, works=tuple(works), resources=roster.resources), findings


def _calendars(
    network: Network, shops: set[ShopId], epoch: datetime, days: int
) -> Mapping[ShopId, tuple[tuple[int, int], ...]]:
    calendars = {shop: working_intervals(network.shops[shop], epoch, days) for shop in sorted(shops)}
    idle = [_never_open(network.shops[shop], days) for shop, intervals in calendars.items() if not intervals]
    if idle:
        raise PlanningError(idle)
    return calendars


def _never_open(shop: Shop, days: int) -> Finding:
    return error(
        "planning.calendar.never-open",
        shop.id,
        f"{shop.name} does not work on any of the next {days} days",
        "look at its shifts and holidays, or close the shop",
    )


def _epoch(network: Network) -> datetime:
    return datetime.combine(date.fromisoformat(network.as_of), datetime.min.time(), tzinfo=UTC)


def _due(order: Order, epoch: datetime) -> int | None:
    """End of the due day, in seconds from the epoch; below 0 where it lies before."""
    if not order.due:
        return None
    day = datetime.combine(date.fromisoformat(order.due), datetime.min.time(), tzinfo=UTC)
    return int((day - epoch).total_seconds()) + DAY_S


def _deliver(one: Accepted, workload: Workload, done: Schedule, network: Network) -> PlannedOrder:
    mine = {work.id for work in workload.works if work.order == one.order.id}
    end = max((a.end_s for a in done.assignments if a.work in mine), default=_bought_s(one.option))
    finish = workload.epoch + timedelta(seconds=end)
    last = [move.transit_days.mean for move in one.option.moves if move.operation is None]
    delivered = finish + timedelta(days=max(last, default=0.0))
    due = _due(one.order, workload.epoch)
    late = 0.0
    if due is not None:
        late = max(0.0, (delivered - workload.epoch).total_seconds() - due) / DAY_S
    return PlannedOrder(
        order=one.order,
        product=one.prepared.product,
        quote=one.quote,
        option=one.option,
        finish=finish,
        delivered=delivered,
        late_days=late,
    )


def _bought_s(option: Option) -> int:
    """An order that is only bought is complete when the last purchase is handed over."""
    return int(max((purchase.lead_days for purchase in option.purchases), default=0.0) * DAY_S)


def _late(one: PlannedOrder) -> list[Finding]:
    if one.late_days <= 0:
        return []
    return [
        warning(
            "planning.late",
            one.order.id,
            f"arrives {one.late_days:.1f} days after {one.order.due}",
            "accept the fastest option, split the order or agree on a later day",
        )
    ]
