"""What is made in the realistic shop: a catalogue of products, orders of them, and their change-overs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from benchmarks.scheduling.shop_floor import FIGURES, KINDS, Floor, Machine, Tool

from manyworks.model import ItemId, Link, Mode, OperationId, OrderId, ResourceId, Work, WorkId

STEPS = range(3, 13)  # of an order


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of a product; ``identity``: tool or kit it needs, ``shade``: its place from light to dark."""

    kind: str
    minutes: float
    identity: str
    tool: Tool | None
    shade: int
    machines: tuple[Machine, ...]
    before: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """Something that is ordered again and again, by the same steps."""

    name: str
    steps: tuple[Step, ...]
    assembly: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order before it has dates: steps with this lot's times and shades."""

    name: str
    product: Product
    steps: tuple[Step, ...]
    weight: float


def _minutes(typical: float, kind: Mapping[str, Any], random: Random, sigma: float) -> float:
    """A log-normal time around the typical one, within the limits of the kind."""
    shortest, _, longest = kind["minutes"]
    return float(min(max(typical * math.exp(random.gauss(0.0, sigma)), shortest), longest))


def _step(kind_name: str, before: Sequence[int], floor: Floor, random: Random) -> Step:
    kind = KINDS[kind_name]
    tool = random.choice(floor.tools[kind_name]) if kind.get("tools") else None
    kits = kind.get("kits", 0)
    identity = tool.name if tool else f"kit {random.randint(1, kits)}" if kits else ""
    fitting = [
        machine
        for machine in floor.machines[kind_name]
        if tool is None or tool.size <= machine.size <= tool.size + 1
    ]
    released = random.randint(*FIGURES["orders"]["machines_per_step"])
    return Step(
        kind=kind_name,
        minutes=_minutes(kind["minutes"][1], kind, random, FIGURES["orders"]["lot_sigma"]),
        identity=identity,
        tool=tool,
        shade=random.randrange(kind.get("shades", 1)),
        machines=tuple(random.sample(fitting, min(released, len(fitting)))),
        before=tuple(before),
    )


def _chosen(steps: Iterable[str], random: Random) -> list[str]:
    """Steps of a route without those marked by a question mark that this product does not have."""
    return [step.rstrip("?") for step in steps if not step.endswith("?") or random.random() < 0.5]


def _chain(
    kinds: Sequence[str], steps: list[Step], before: Sequence[int], floor: Floor, random: Random
) -> int:
    """Add steps one behind the other; gives the number of the last."""
    for kind in kinds:
        steps.append(_step(kind, before, floor, random))
        before = (len(steps) - 1,)
    return before[0]


def _product(number: int, floor: Floor, random: Random) -> Product:
    routes = FIGURES["routes"]
    while True:
        route = random.choices(routes, [one["share"] for one in routes])[0]
        components = route.get("components", ())
        steps: list[Step] = []
        ends: list[int] = []
        if components:
            ends = [
                _chain(_chosen(random.choice(components), random), steps, (), floor, random)
                for _ in range(random.randint(*route["component_count"]))
            ]
        _chain(_chosen(route["steps"], random), steps, ends, floor, random)
        if len(steps) in STEPS:
            return Product(name=f"product {number + 1}", steps=tuple(steps), assembly=bool(components))


def _order(number: int, product: Product, random: Random) -> Order:
    figures = FIGURES["orders"]
    lot = math.exp(random.gauss(0.0, figures["lot_sigma"]))
    shades = {kind: random.randrange(figure.get("shades", 1)) for kind, figure in KINDS.items()}
    steps = tuple(
        replace(
            step,
            minutes=_minutes(step.minutes * lot, KINDS[step.kind], random, 0.0),
            shade=shades[step.kind] if KINDS[step.kind].get("shade_of") == "order" else step.shade,
        )
        for step in product.steps
    )
    weights, shares = zip(*figures["weights"], strict=True)
    return Order(
        name=f"order {number + 1:05d}",
        product=product,
        steps=steps,
        weight=random.choices(weights, shares)[0],
    )


def make_orders(operations: int, floor: Floor, random: Random) -> list[Order]:
    """Orders of a catalogue of products until there are about so many operations, never more."""
    count = max(operations // FIGURES["orders"]["operations_per_product"], len(FIGURES["routes"]))
    catalogue = [_product(number, floor, random) for number in range(count)]
    made: list[Order] = []
    room = operations
    while fitting := [product for product in catalogue if len(product.steps) <= room]:
        product = random.choice(fitting)
        made.append(_order(len(made), product, random))
        room -= len(product.steps)
    return made


def hours_by_trade(orders: Iterable[Order]) -> dict[str, float]:
    """Hours that people of each trade are needed, where the released machines are used alike."""
    hours: dict[str, float] = {}
    for order in orders:
        for step in order.steps:
            attended = sum(machine.attended for machine in step.machines) / len(step.machines)
            if attended:
                trade = KINDS[step.kind]["skill"]
                hours[trade] = hours.get(trade, 0.0) + attended * step.minutes / 60
    return hours


def family_of(step: Step) -> str:
    """What a machine has to be set up for."""
    return f"{step.kind}: {step.identity or 'any'}, shade {step.shade}"


def change_minutes(kind: Mapping[str, Any], one: Step, other: Step) -> float:
    """Change-over of a machine from one step to another."""
    swap = kind.get("change", 0.0) if one.identity != other.identity else 0.0
    darker = other.shade - one.shade
    if darker > 0:
        return max(swap, float(kind["darken"]))
    if darker < 0:
        return float(max(swap, kind["lighten"] * (0.75 - 0.25 * darker)))
    return float(swap)


def _crews(machine: Machine, floor: Floor) -> Iterator[tuple[tuple[ResourceId, ...], float]]:
    """Who may work at a machine and at which pace; nobody is needed where it is not attended.

    Where many know the trade, each machine has its own crew: the next so many in turn.
    """
    if not machine.attended:
        yield (), 1.0
        return
    trade = KINDS[machine.kind]["skill"]
    skilled = [one for one in floor.people if trade in one.skills]
    most = FIGURES["people_figures"]["crew"]
    first = floor.machines[machine.kind].index(machine) * most if len(skilled) > most else 0
    for i in range(min(most, len(skilled))):
        one = skilled[(first + i) % len(skilled)]
        yield (ResourceId(one.name),), one.skills[trade]


def _modes(step: Step, floor: Floor) -> Iterator[Mode]:
    kind = KINDS[step.kind]
    setup = int(60 * max(kind.get("change", 0), kind.get("darken", 0)))
    tools = (ResourceId(step.tool.name),) if step.tool else ()
    for machine in step.machines:
        for workers, pace in _crews(machine, floor):
            yield Mode(
                machine=ResourceId(machine.name),
                duration_s=math.ceil(60 * step.minutes * machine.pace * pace),
                workers=workers,
                tools=tools,
                setup_s=setup,
                family=family_of(step),
            )


def works_of(order: Order, floor: Floor) -> list[Work]:
    """Works of an order, in the order of its steps, without dates."""
    names = [WorkId(f"{order.name} step {i + 1:02d}") for i in range(len(order.steps))]
    return [
        Work(
            id=names[i],
            order=OrderId(order.name),
            item=ItemId(order.product.name),
            operation=OperationId(f"{order.product.name} step {i + 1:02d}"),
            name=step.kind,
            process=step.kind,
            quantity=1.0,
            modes=tuple(_modes(step, floor)),
            links=tuple(
                Link(before=names[j], lag_s=60 * KINDS[order.steps[j].kind].get("after", 0))
                for j in step.before
            ),
            pausable=KINDS[step.kind]["pausable"],
        )
        for i, step in enumerate(order.steps)
    ]
