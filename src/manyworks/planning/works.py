"""From an accepted option to work that can be scheduled: lots on machines, people, tools, arrivals."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from manyworks.model import (
    Finding,
    Item,
    ItemId,
    Link,
    Machine,
    Mode,
    Move,
    Network,
    Operation,
    OperationId,
    Option,
    Order,
    PlaceId,
    Product,
    Resource,
    ResourceId,
    Shop,
    ShopId,
    Step,
    Work,
    Worker,
    WorkId,
    info,
    warning,
)
from manyworks.quoting import Prepared

DAY_S = 86400

SPLIT_S = 3600
"""A lot is spread over identical machines only into parts that run at least this long (seconds)."""

ATTENDED_SHARE = 0.5
"""Work that somebody attends for less than this share of its time does not hold a worker."""

MOST_MODES = 48
"""Machine and worker pairs considered for one piece of work."""


Journey = tuple[PlaceId, OperationId | None]
"""Where a consignment starts and for which operation it is (None: to the buyer)."""


@dataclass(slots=True, kw_only=True)
class Roster:
    """Resources of a network by id, made when first needed; ``findings`` what was noticed."""

    network: Network
    intervals: Mapping[ShopId, tuple[tuple[int, int], ...]]
    resources: dict[ResourceId, Resource] = field(default_factory=dict)
    findings: dict[Finding, None] = field(default_factory=dict)
    _namesakes: dict[str, list[Item]] = field(default_factory=dict)

    def machines(self, machine: Machine) -> list[ResourceId]:
        """One resource for each of the identical machines."""
        return [
            self._resource(f"{machine.id}/{n}", f"{machine.name} {n}", "machine", machine.shop)
            for n in range(1, machine.count + 1)
        ]

    def workers(self, shop: ShopId, process: str) -> list[ResourceId]:
        """People of a shop who can attend a process; [] if the shop lists none."""
        able = [w for w in self.network.workers.values() if w.shop == shop and _can(w, process)]
        return [
            self._resource(f"{worker.id}/{n}", f"{worker.name} {n}", "worker", shop)
            for worker in able
            for n in range(1, worker.count + 1)
        ]

    def tools(self, shop: ShopId, operation: Operation) -> tuple[ResourceId, ...]:
        """The tools an operation occupies at a shop."""
        return tuple(
            self._resource(f"{tool.item}@{shop}", f"{tool.item}", "tool", shop, always=True)
            for tool in operation.tools
        )

    def family(self, operation: Operation, product: Product) -> str:
        """Set-up family of an operation, told apart where items of two products have the same id.

        A family named after an item of the product is shared by that item alone; any other, such as a
        printer's material, by all products.
        """
        family = operation.setup_family
        owner = max((name for name in product.items if _names(family, name)), key=len, default=None)
        if owner is None:
            return family
        namesakes, item = self._namesakes.setdefault(family, []), product.items[owner]
        if item not in namesakes:
            namesakes.append(item)
        number = namesakes.index(item) + 1
        return family if number == 1 else f"{family} ({number})"

    def _resource(
        self, name: str, label: str, kind: str, shop: ShopId, *, always: bool = False
    ) -> ResourceId:
        key = ResourceId(name)
        if key not in self.resources:
            self.resources[key] = Resource(
                id=key, name=label, kind=kind, shop=shop, intervals=() if always else self.intervals[shop]
            )
        return key


def _names(family: str, item: ItemId) -> bool:
    """Whether a family is called after an item: its id, alone or as a word of the name."""
    return bool(item) and re.search(rf"(?<![\w.-]){re.escape(item)}(?![\w.])", family) is not None


def _can(worker: Worker, process: str) -> bool:
    return not worker.processes or process in worker.processes


def list_works(
    order: Order, option: Option, prepared: Prepared, roster: Roster, due_s: int | None
) -> tuple[Work, ...]:
    """Work of one order: every step of the option, split over identical machines where that pays.

    Parameters
    ----------
    due_s
        When the order should reach the buyer, in seconds from the epoch; the last works are due
        earlier by the last journey.
    """
    operations = _operations(prepared)
    moves = {(move.origin, move.operation): move for move in option.moves}
    pieces = {step.operation: _parts(roster.network.machines[step.machine], step) for step in option.steps}
    journey = math.ceil(_last_journey(option) * DAY_S)
    works: list[Work] = []
    for step in option.steps:
        operation = operations[step.operation]
        links = tuple(_links(order, step, operation, option, prepared, roster.network, moves, pieces))
        last = not _is_taken_on(step, prepared)
        lots = _lots(step.quantity, pieces[step.operation])
        family = roster.family(operation, prepared.product)
        shares = {lot: lot / step.quantity for lot in lots}
        modes = {lot: _modes(step, operation, family, shares[lot], roster) for lot in lots}
        release = _release(step, option, moves, roster.network)
        works.extend(
            Work(
                id=_work_id(order, step.operation, part),
                order=order.id,
                item=step.item,
                operation=step.operation,
                name=operation.name,
                process=step.process,
                quantity=lot,
                modes=modes[lot],
                links=links,
                release_s=release,
                due_s=max(0, due_s - journey) if due_s is not None and last else None,
                weight=order.weight,
                pausable=operation.pausable,
            )
            for part, lot in enumerate(lots)
        )
    return tuple(works)


def _operations(prepared: Prepared) -> dict[OperationId, Operation]:
    return {
        operation.id: operation
        for routings in prepared.case.routings.values()
        for routing in routings
        for operation in routing.operations
    }


def _work_id(order: Order, operation: OperationId, part: int) -> WorkId:
    return WorkId(f"{order.id}/{operation}/{part + 1}")


def _parts(machine: Machine, step: Step) -> int:
    """Over how many identical machines the lot is spread."""
    worth = max(1, math.floor(step.run_s / SPLIT_S))
    return int(min(machine.count, worth, max(1.0, step.starts)))


def _lots(quantity: float, parts: int) -> list[float]:
    """The quantity in nearly equal parts; whole pieces stay whole."""
    if quantity != int(quantity) or quantity < parts:
        return [quantity / parts] * parts
    each, over = divmod(int(quantity), parts)
    return [float(each + (part < over)) for part in range(parts)]


def _last_journey(option: Option) -> float:
    return max((move.transit_days.mean for move in option.moves if move.operation is None), default=0.0)


def _modes(step: Step, operation: Operation, family: str, share: float, roster: Roster) -> tuple[Mode, ...]:
    """Every unit of the machine with every worker who can attend it, for a share of the step's lot."""
    machine = roster.network.machines[step.machine]
    setup, run = math.ceil(step.setup_s), max(1, math.ceil(step.run_s * share))
    units, crews = roster.machines(machine), _crews(step, roster)
    most = max(MOST_MODES, len(units), len(crews))
    return tuple(
        Mode(
            machine=unit,
            duration_s=run,
            workers=crew,
            tools=roster.tools(step.shop, operation),
            setup_s=setup,
            family=family,
        )
        for unit, crew in itertools.islice(_pairs(units, crews), most)
    )


def _pairs(
    units: Sequence[ResourceId], crews: Sequence[tuple[ResourceId, ...]]
) -> Iterator[tuple[ResourceId, tuple[ResourceId, ...]]]:
    """Every unit with every crew, each unit once before any comes again: a cut leaves no machine out."""
    for shift in range(len(crews)):
        for index, unit in enumerate(units):
            yield unit, crews[(index + shift) % len(crews)]


def _crews(step: Step, roster: Roster) -> list[tuple[ResourceId, ...]]:
    if step.attended_s < ATTENDED_SHARE * (step.setup_s + step.run_s):
        return [()]
    able = roster.workers(step.shop, step.process)
    if able:
        return [(worker,) for worker in able]
    shop = roster.network.shops[step.shop]
    finding = warning(
        "planning.workers.none",
        step.shop,
        f"{shop.name} lists nobody who can attend {step.process}; the work is planned without a person",
        "add a row to workers.csv",
    )
    roster.findings[finding] = None
    return [()]


def _release(step: Step, option: Option, moves: Mapping[Journey, Move], network: Network) -> int:
    """Earliest start: the shop's usual wait, and the arrival of everything that was bought."""
    days = [step.queue_days]
    here = network.shops[step.shop].place
    for purchase in option.purchases:
        if purchase.operation != step.operation:
            continue
        travel = 0.0
        if purchase.seller is not None:
            origin = network.shops[purchase.seller].place
            travel = moves[origin, step.operation].transit_days.mean if origin != here else 0.0
        days.append(purchase.lead_days + travel)
    return math.ceil(max(days) * DAY_S)


def _links(
    order: Order,
    step: Step,
    operation: Operation,
    option: Option,
    prepared: Prepared,
    network: Network,
    moves: Mapping[Journey, Move],
    pieces: Mapping[OperationId, int],
) -> Iterator[Link]:
    """All parts of the stage before and of every made input, each with its journey and resting time."""
    operations = _operations(prepared)
    for before in _suppliers(step, operation, option, prepared):
        origin, here = network.shops[before.shop].place, network.shops[step.shop].place
        travel = moves[origin, step.operation].transit_days.mean * DAY_S if origin != here else 0.0
        rest = operations[before.operation].hold_s
        for part in range(pieces[before.operation]):
            yield Link(before=_work_id(order, before.operation, part), lag_s=math.ceil(travel + rest))


def _suppliers(step: Step, operation: Operation, option: Option, prepared: Prepared) -> Iterator[Step]:
    """Steps whose output this step takes: the stage before it, and the last stage of each made input."""
    steps = {one.operation: one for one in option.steps}
    routing = next(r for r in prepared.case.routings[step.item] if r.id == step.routing)
    ids = [one.id for one in routing.operations]
    position = ids.index(step.operation)
    if position:
        yield steps[ids[position - 1]]
    taken = {line.item for line in operation.inputs} | {tool.item for tool in operation.tools}
    for one in option.steps:
        if one.item in taken and _is_last(one, prepared):
            yield one


def _is_last(step: Step, prepared: Prepared) -> bool:
    routing = next(r for r in prepared.case.routings[step.item] if r.id == step.routing)
    return routing.operations[-1].id == step.operation


def _is_taken_on(step: Step, prepared: Prepared) -> bool:
    """Whether another step of the option takes what this one makes."""
    return not (step.item == prepared.case.root and _is_last(step, prepared))


def usual_waits(options: Iterable[Option], shops: Mapping[ShopId, Shop]) -> list[Finding]:
    """Say aloud that other work is only known to the plan as a shop's usual wait."""
    waiting = {step.shop: step.queue_days for option in options for step in option.steps if step.queue_days}
    return [
        info(
            "planning.queue",
            shop,
            f"{shops[shop].name} starts new work {days:g} days after the order, its usual wait",
        )
        for shop, days in sorted(waiting.items())
    ]
