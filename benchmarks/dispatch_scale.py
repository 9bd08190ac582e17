"""Schedules of 20,000 and 100,000 operations, beside OR-Tools CP-SAT on the same work.

An invented network of ten kinds of machines. Each order goes through ten steps, each step may run
on any of three machines. What counts is the summed weighted tardiness; both answers are checked by
the same independent checker, and both get the same wall time, the building of the model included.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from math import nan
from random import Random
from time import perf_counter
from typing import TypeVar

from manyworks.model import (
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
)
from manyworks.scheduling import check, schedule
from rival import has_rival, solve_with_cp_sat
from table import Row, show

Made = TypeVar("Made")
SIZES = (20_000, 100_000)
SECONDS = 60.0
STEPS = 10
KINDS = 10
OPERATIONS_PER_MACHINE = 200
CHOICES = 3
SHORTEST_S, LONGEST_S = 600, 7200
LOAD = 0.95  # share of the machines' time that the work takes while orders come in
SLACK = (1.1, 2.5)  # time from release to due date over the time of the order's own work
WARM_UP = 200


def measure(
    sizes: Sequence[int] = SIZES, seconds: float = SECONDS, rival_up_to: int = max(SIZES)
) -> list[Row]:
    """Measure ours at each size, and the rival's up to a size."""
    schedule(invent_work(WARM_UP, Random(0)), iterations=1)  # loads or compiles the kernel
    return [row for size in sizes for row in _compare(size, seconds, size <= rival_up_to)]


def invent_work(operations: int, random: Random) -> Workload:
    """Invent a workload of about ``operations`` operations at a steady load."""
    machines = max(operations // OPERATIONS_PER_MACHINE // KINDS, CHOICES)
    span = operations * (SHORTEST_S + LONGEST_S) / 2 / (machines * KINDS) / LOAD
    works = tuple(
        work
        for order in range(operations // STEPS)
        for work in _order(order, machines, int(random.uniform(0, span)), random)
    )
    names = [_machine(kind, at) for kind in range(KINDS) for at in range(machines)]
    resources = {name: Resource(id=name, name=name, kind="machine", shop=ShopId("s")) for name in names}
    return Workload(epoch=datetime(2026, 6, 1, tzinfo=UTC), works=works, resources=resources)


def _machine(kind: int, at: int) -> ResourceId:
    return ResourceId(f"m{kind}-{at}")


def _order(order: int, machines: int, release: int, random: Random) -> list[Work]:
    times = [random.randint(SHORTEST_S, LONGEST_S) for _ in range(STEPS)]
    due = release + int(sum(times) * random.uniform(*SLACK))
    weight = float(random.choice((1, 1, 1, 3, 10)))
    works: list[Work] = []
    for step, seconds in enumerate(times):
        kind = random.randrange(KINDS)
        modes = tuple(
            Mode(machine=_machine(kind, at), duration_s=int(seconds * random.uniform(0.9, 1.2)))
            for at in random.sample(range(machines), CHOICES)
        )
        links = (Link(before=works[-1].id),) if works else ()
        last = step == STEPS - 1
        works.append(_work(order, step, modes, links, release, (due, weight) if last else (None, 0.0)))
    return works


def _work(
    order: int,
    step: int,
    modes: tuple[Mode, ...],
    links: tuple[Link, ...],
    release: int,
    due: tuple[int | None, float],
) -> Work:
    return Work(
        id=WorkId(f"o{order}-{step}"),
        order=OrderId(f"o{order}"),
        item=ItemId("thing"),
        operation=OperationId(f"step {step}"),
        name=f"step {step}",
        process="any",
        quantity=1.0,
        modes=modes,
        links=links,
        release_s=release,
        due_s=due[0],
        weight=due[1],
    )


def _compare(size: int, seconds: float, with_rival: bool) -> list[Row]:
    workload = invent_work(size, Random(size))
    first, passed = _timed(lambda: schedule(workload, iterations=1))
    # More than the budget: taking in the workload and checking the result come on top.
    ours, spent = _timed(lambda: schedule(workload, seconds=seconds))
    rows = [
        _row(size, "one pass, checked", passed, "s", _tell(workload, first)),
        _row(size, "tardiness, manyworks", ours.objective / 3600, "weighted h", _tell(workload, ours, spent)),
    ]
    return [*rows, _rival_row(size, workload, spent)] if with_rival else rows


def _rival_row(size: int, workload: Workload, seconds: float) -> Row:
    if not has_rival():
        return _no_plan(size, "OR-Tools is not installed: pip install -r benchmarks/requirements.txt")
    theirs, spent = _timed(lambda: solve_with_cp_sat(workload, seconds=seconds))
    if theirs is None:
        return _no_plan(size, f"no plan in {spent:.0f} s")
    return _row(
        size, "tardiness, CP-SAT", theirs.objective / 3600, "weighted h", _tell(workload, theirs, spent)
    )


def _no_plan(size: int, why: str) -> Row:
    return _row(size, "tardiness, CP-SAT", nan, "weighted h", why)


def _timed(work: Callable[[], Made]) -> tuple[Made, float]:
    start = perf_counter()
    made = work()
    return made, perf_counter() - start


def _tell(workload: Workload, made: Schedule, took: float | None = None) -> str:
    verdict = "holds" if not check(workload, made) else "BROKEN"
    length = f"makespan {made.makespan_s / 86400:.2f} d, {verdict}"
    return length if took is None else f"{length}, {took:.0f} s"


def _row(size: int, what: str, value: float, unit: str, note: str) -> Row:
    return Row(benchmark=f"schedule {size:,} operations", what=what, value=value, unit=unit, note=note)


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    asked.add_argument("--seconds", type=float, default=SECONDS)
    asked.add_argument("--rival-up-to", type=int, default=max(SIZES))
    given = asked.parse_args()
    show(lambda: measure(given.sizes, given.seconds, given.rival_up_to))
