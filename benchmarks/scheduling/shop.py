"""A realistic shop, invented from typical figures: ``python -m benchmarks.scheduling.shop --seed 3``.

Forty machines of ten kinds, twelve people with trades in two shifts, thirty moulds and fixtures, change-overs
that depend on the sequence, and 1,500 operations in orders with dates. Figures stand in ``shop.toml``; where
they come from, in ``docs/background/realistic_shop.md``. Equal size and seed give the same shop.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import numpy as np
from benchmarks.scheduling.shop_floor import (
    DAY,
    FIGURES,
    HOUR,
    KINDS,
    WEEK,
    WORKING_DAYS,
    Floor,
    Intervals,
    calendar_of,
    make_machines,
    make_people,
    make_tools,
    open_seconds_a_week,
)
from benchmarks.scheduling.shop_load import balanced_load, held
from benchmarks.scheduling.shop_orders import (
    Order,
    Step,
    change_minutes,
    family_of,
    hours_by_trade,
    make_orders,
    works_of,
)

from manyworks.model import Resource, ResourceId, ShopId, Work, Workload
from manyworks.scheduling.problem.data import ProblemData
from manyworks.scheduling.problem.workloads import draft_workload

EPOCH = datetime(2026, 6, 1, 6, tzinfo=UTC)  # a Monday
SHIFT_HOURS_A_WEEK = 80.0
SPARE_WEEKS, SPARE_SHARE = 4, 3.0  # the calendars go on for so long after the last order came in


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopSize:
    """How large a shop to invent; ``load`` is the use of its busiest resource while orders come in."""

    machines: int = FIGURES["machines"]
    people: int = FIGURES["people"]
    tools: int = FIGURES["tools"]
    operations: int = 1500
    load: float = 0.9


def _expected_setups(orders: Sequence[Order]) -> dict[str, float]:
    """Seconds of set-up to be expected for a step of each kind: a share of the mean between its steps."""
    expected = {}
    for name, kind in KINDS.items():
        steps = [step for order in orders for step in order.steps if step.kind == name][:200]
        pairs = [change_minutes(kind, one, other) for one in steps for other in steps]
        expected[name] = 60 * FIGURES["orders"]["setup_share"] * float(np.mean(pairs)) if pairs else 0.0
    return expected


def _longest_chain(works: Sequence[Work]) -> int:
    """Seconds from the first start to the last end of an order that never waits."""
    end: dict[str, int] = {}
    for work in works:
        ready = max((end[link.before] + link.lag_s for link in work.links), default=0)
        end[work.id] = ready + min(mode.duration_s + mode.setup_s for mode in work.modes)
    return max(end.values())


def _end_of_day(seconds: float) -> int:
    """The end of the late shift of the working day a moment lies in, or of the next one."""
    day = int(seconds // DAY)
    day += max(0, 7 - day % 7) if day % 7 >= WORKING_DAYS else 0
    return day * DAY + int(HOUR * FIGURES["hours"]["late"][-1][1])


def _dated(order: Order, works: Sequence[Work], weeks: float, random: Random) -> list[Work]:
    """Works with releases and, on the last of the order, a due date and weight."""
    figures = FIGURES["orders"]
    came = 0.0 if random.random() < figures["backlog"] else random.uniform(0.0, weeks * WEEK)
    release = int(came // DAY) * DAY
    chain = _longest_chain(works) * WEEK / (SHIFT_HOURS_A_WEEK * HOUR)
    due = _end_of_day(release + figures["lead_days"] * DAY + random.uniform(*figures["lead"]) * chain)
    waits = order.product.assembly and random.random() < figures["parts_late"]
    parts = release + int(random.uniform(*figures["parts_days"]) * DAY) if waits else release
    return [
        replace(
            work,
            release_s=parts if len(work.links) > 1 else release,
            due_s=due if i == len(works) - 1 else None,
            weight=order.weight if i == len(works) - 1 else 1.0,
        )
        for i, work in enumerate(works)
    ]


def _setups(steps: Iterable[Step]) -> dict[tuple[str, str], int]:
    """Change-over seconds by pair of families among some steps of one kind."""
    ones = {family_of(step): step for step in steps}
    return {
        (a, b): int(60 * change_minutes(KINDS[one.kind], one, other))
        for a, one in ones.items()
        for b, other in ones.items()
        if a != b
    }


def _resources(
    floor: Floor, orders: Sequence[Order], weeks: int, random: Random
) -> dict[ResourceId, Resource]:
    steps: dict[str, list[Step]] = {}
    for order in orders:
        for step in order.steps:
            for machine in step.machines:
                steps.setdefault(machine.name, []).append(step)
    machines = [
        _resource(
            machine.name, "machine", calendar_of(KINDS[kind]["hours"], weeks), steps.get(machine.name, ())
        )
        for kind, group in floor.machines.items()
        for machine in group
    ]
    people = [_resource(one.name, "worker", calendar_of(one.shift, weeks, random)) for one in floor.people]
    tools = [_resource(tool.name, "tool", ()) for group in floor.tools.values() for tool in group]
    return {one.id: one for one in (*machines, *people, *tools)}


def _resource(name: str, kind: str, intervals: Intervals, steps: Iterable[Step] = ()) -> Resource:
    return Resource(
        id=ResourceId(name),
        name=name,
        kind=kind,
        shop=ShopId("shop"),
        intervals=intervals,
        setups=_setups(steps),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """An invented shop; its orders come in over ``weeks`` and give each resource its share of ``loads``."""

    floor: Floor
    workload: Workload
    weeks: float
    loads: Mapping[str, float]


def invent(size: ShopSize | None = None, seed: int = 0) -> Shop:
    """Invent a shop; orders come in over as many weeks as give its busiest resource the load asked for."""
    size, random = size or ShopSize(), Random(seed)
    machines = make_machines(size.machines)
    bare = Floor(machines=machines, tools=make_tools(size.tools, machines), people=())
    orders = make_orders(size.operations, bare, random)
    floor = replace(bare, people=make_people(size.people, hours_by_trade(orders), random))
    plain = [works_of(order, floor) for order in orders]
    names = {name for works in plain for work in works for mode in work.modes for name in held(mode)}
    capacity = {name: open_seconds_a_week(name, floor) for name in sorted(names)}
    loads = balanced_load([work for works in plain for work in works], capacity, _expected_setups(orders))
    weeks = max(loads.values()) / size.load
    works = [
        work for order, own in zip(orders, plain, strict=True) for work in _dated(order, own, weeks, random)
    ]
    horizon = SPARE_WEEKS + math.ceil(SPARE_SHARE * weeks)
    resources = _resources(floor, orders, horizon, random)
    workload = Workload(epoch=EPOCH, works=tuple(works), resources=resources)
    return Shop(
        floor=floor,
        workload=workload,
        weeks=weeks,
        loads={name: load / weeks for name, load in loads.items()},
    )


def problem_of(shop: Shop, seed: int = 0) -> ProblemData:
    """Make the problem of a shop: its workload, ways between departments, what machines are set up for."""
    random = Random(seed)
    builder = draft_workload(shop.workload)
    builder.name = f"shop {seed}"
    machines = {one.name: one for group in shop.floor.machines.values() for one in group}
    names = FIGURES["departments"]["names"]
    for i, draft in enumerate(builder.resources):
        if draft.name in machines:
            families = sorted({pair[0] for pair in draft.setups})
            builder.resources[i] = replace(
                draft,
                location=names.index(KINDS[machines[draft.name].kind]["department"]),
                family=random.choice(families) if families else "",
            )
    builder.arcs = [replace(arc, moves=True) for arc in builder.arcs]
    within = FIGURES["departments"]["within"]
    builder.set_travel(
        [[60 * max(cell, within) for cell in row] for row in FIGURES["departments"]["minutes"]]
    )
    return builder.build()


def invent_shop(size: ShopSize | None = None, seed: int = 0) -> ProblemData:
    """Invent a shop as a problem."""
    return problem_of(invent(size, seed), seed)


def main() -> int:
    """Write a shop as JSON, or tell about it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seed", type=int, default=0)
    for name in ("machines", "people", "tools", "operations"):
        asked.add_argument(f"--{name}", type=int, default=getattr(ShopSize(), name))
    asked.add_argument("--load", type=float, default=ShopSize().load)
    asked.add_argument("--out", type=Path, help="file for the problem as JSON")
    given = asked.parse_args()
    size = ShopSize(
        machines=given.machines,
        people=given.people,
        tools=given.tools,
        operations=given.operations,
        load=given.load,
    )
    shop = invent(size, given.seed)
    sys.stdout.write("\n".join(describe(shop)) + "\n")
    if given.out:
        from manyworks.scheduling.instances import write_problem

        given.out.write_text(json.dumps(write_problem(problem_of(shop, given.seed))), encoding="utf-8")
    return 0


def describe(shop: Shop) -> Iterator[str]:
    """Tell how large and how busy a shop is."""
    works = shop.workload.works
    modes = sum(len(work.modes) for work in works)
    orders = len({work.order for work in works})
    yield f"{len(works)} operations in {orders} orders over {shop.weeks:.1f} weeks, {modes} modes"
    for kind, machines in shop.floor.machines.items():
        loads = [shop.loads.get(machine.name, 0.0) for machine in machines]
        yield f"{kind}: {len(machines)}, load {np.mean(loads):.0%}, the busiest {max(loads):.0%}"
    people = [shop.loads.get(person.name, 0.0) for person in shop.floor.people]
    yield f"people: {len(people)}, load {np.mean(people):.0%}, the busiest {max(people):.0%}"
    tools = [shop.loads.get(tool.name, 0.0) for group in shop.floor.tools.values() for tool in group]
    yield f"tools: {len(tools)}, load {np.mean(tools):.0%}, the busiest {max(tools):.0%}"


if __name__ == "__main__":
    sys.exit(main())
