"""Small random problems with all constraints mixed, a schedule that each surely has, and a plain simulation.

The simulation places one operation after the other at the end of all it holds. It knows nothing of the
engine: numbers become plain Python and time is walked through interval by interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import NamedTuple

import numpy as np

from manyworks.scheduling.problem.builder import ProblemBuilder
from manyworks.scheduling.problem.data import Objective, ProblemData, Solution
from manyworks.scheduling.problem.tables import CARRIES, EARLY_SETUP, FOREVER, FROZEN, NONE, PAUSABLE

FAMILIES = ("", "red", "blue", "green")
LONG = 100_000
REGULAR = (
    {"makespan": 1.0},
    {"tardiness": 1.0},
    {"flow": 1.0},
    {"makespan": 2.0, "setup": 1.0},
    {"setup": 1.0},
    {"tardiness": 1.0, "flow": 0.5, "setup": 0.25, "makespan": 0.5},
    {"moved": 5.0, "tardiness": 1.0},
)
SHIFTED = ({"moved": 5.0, "shift": 0.5, "makespan": 1.0}, {"shift": 1.0}, {"tardiness": 1.0, "shift": 0.25})


class Mode(NamedTuple):
    """A row of the modes as plain numbers."""

    row: int
    duration: int
    machine: int
    family: int
    slot: int
    setup: int
    intervals: tuple[tuple[int, int], ...] | None
    holds: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Shop:
    """A problem as plain numbers."""

    data: ProblemData
    operations: tuple[dict[str, float], ...]
    befores: tuple[tuple[tuple[int, int, int], ...], ...]
    afters: tuple[tuple[int, ...], ...]
    modes: tuple[tuple[Mode, ...], ...]


def _mode(p, row):
    mode, after = p.modes[row], p.modes[row + 1]
    calendar = int(mode["calendar"])
    intervals = None
    if calendar != NONE:
        rows = p.intervals[p.first_interval[calendar] : p.first_interval[calendar + 1]]
        intervals = tuple((int(i["start"]), int(i["end"])) for i in rows)
    holds = tuple(map(int, p.holds[mode["first_hold"] : after["first_hold"]]))
    names = ("duration", "machine", "family", "slot_in_matrix", "setup")
    return Mode(row, *(int(mode[name]) for name in names), intervals, holds)


def shop_of(data: ProblemData) -> Shop:
    p = data.tables
    rows = [(p.operations[o], p.operations[o + 1]) for o in range(p.total)]
    return Shop(
        data,
        tuple({name: one[name].item() for name in one.dtype.names} for one, _ in rows),
        tuple(
            tuple(
                tuple(int(arc[x]) for x in ("operation", "lag", "moves"))
                for arc in p.befores[a["first_before"] : b["first_before"]]
            )
            for a, b in rows
        ),
        tuple(
            tuple(int(arc["operation"]) for arc in p.afters[a["first_after"] : b["first_after"]])
            for a, b in rows
        ),
        tuple(tuple(_mode(p, row) for row in range(a["first_mode"], b["first_mode"])) for a, b in rows),
    )


def walk(intervals, pausable, t, needed):
    """First start from ``t`` on and end of the needed working time; None where there is no room."""
    if intervals is None:
        return t, t + needed
    start = None
    for opens, closes in intervals:
        if closes <= t:
            continue
        at = max(t, opens)
        if pausable:
            start = at if start is None else start
            if needed <= closes - at:
                return start, at + needed
            needed -= closes - at
        elif needed <= closes - at:
            return at, at + needed
    return None


class Simulation:
    """Operations placed one after the other, in modes that are all chosen beforehand."""

    def __init__(self, shop: Shop, modes: Sequence[int]) -> None:
        self.shop, self.p = shop, shop.data.tables
        self.mode = [shop.modes[o][number] for o, number in enumerate(modes)]
        self.times: dict[int, tuple[int, int, int]] = {}
        self.free = [0] * len(self.p.resources)
        self.last: dict[int, Mode] = {}
        self.where: dict[int, int] = {}

    def _location(self, operation):
        return int(self.p.resources[self.mode[operation].machine]["location"])

    def _ready(self, o):
        ready = self.shop.operations[o]["release"]
        for before, lag, moves in self.shop.befores[o]:
            way = self.p.travel[self._location(before), self._location(o)] if moves else 0
            ready = max(ready, self.times[before][1] + lag + int(way))
        return ready

    def _setup(self, mode):
        machine = self.p.resources[mode.machine]
        last = self.last.get(mode.machine)
        family, slot = (
            (last.family, last.slot) if last else (int(machine["family"]), int(machine["slot_in_matrix"]))
        )
        if NONE not in (slot, mode.slot):
            cell = int(self.p.changes[machine["first_change"] + slot * machine["width"] + mode.slot])
            if cell != NONE:
                return cell
        return 0 if family == mode.family and family else mode.setup

    def _transport(self, o, ready):
        vehicle = self.mode[o].machine
        origin = self._location(self.shop.befores[o][0][0]) if self.shop.befores[o] else 0
        target = self._location(self.shop.afters[o][0]) if self.shop.afters[o] else 0
        if origin == target:
            return ready, ready, 0
        left = self.where.get(vehicle, self._location(o))
        empty = int(self.p.travel[left, origin])
        start = max(ready, self.free[vehicle] + empty)
        end = start + int(self.p.travel[origin, target]) + self.mode[o].duration
        self.free[vehicle], self.where[vehicle] = end, target
        return start, end, empty

    def place(self, o) -> bool:
        """Place an operation behind all others; False where that breaks a deadline or finds no room."""
        one, mode, ready = self.shop.operations[o], self.mode[o], self._ready(o)
        if one["flags"] & CARRIES:
            times = self._transport(o, ready)
        else:
            times = self._work(one, mode, ready)
            if times is None:
                return False
            for resource in mode.holds:
                self.free[resource] = times[1]
            self.last[mode.machine] = mode
        self.times[o] = times
        return times[1] <= one["deadline"]

    def _work(self, one, mode, ready):
        setup = 0 if one["flags"] & FROZEN else self._setup(mode)
        pausable, needed, on_machine = bool(one["flags"] & PAUSABLE), mode.duration, self.free[mode.machine]
        if one["flags"] & EARLY_SETUP:
            early = walk(mode.intervals, True, on_machine, setup)
            if early is None:
                return None
            on_machine = early[1]
        else:
            needed += setup
        ready = max(ready, on_machine, *(self.free[resource] for resource in mode.holds[1:]), 0)
        if one["flags"] & FROZEN:
            return (ready, ready + needed, 0) if ready == one["release"] else None
        found = walk(mode.intervals, pausable, ready, needed)
        return found and (*found, setup)

    def copy(self):
        other = Simulation.__new__(Simulation)
        other.shop, other.p, other.mode = self.shop, self.p, self.mode
        other.times, other.free = dict(self.times), list(self.free)
        other.last, other.where = dict(self.last), dict(self.where)
        return other

    def solution(self) -> Solution:
        rows = range(self.p.total)
        start, end, setup = (np.array([self.times[o][i] for o in rows], np.int64) for i in range(3))
        return Solution(np.array([self.mode[o].row for o in rows], np.int64), start, end, setup)


def values(shop: Shop, simulation: Simulation) -> dict[str, float]:
    """Goals of what is placed so far."""
    goals = dict.fromkeys(("tardiness", "makespan", "flow", "setup", "moved", "shift", "deadline"), 0.0)
    for o, (start, end, setup) in simulation.times.items():
        one = shop.operations[o]
        if one["due"] < FOREVER:
            goals["tardiness"] += one["weight"] * max(0, end - one["due"])
        goals["makespan"] = max(goals["makespan"], end)
        goals["flow"] += one["flow_weight"] * end
        goals["setup"] += setup
        if one["reference_machine"] != NONE:
            goals["moved"] += simulation.mode[o].machine != one["reference_machine"]
            goals["shift"] += abs(start - one["reference_start"])
    return goals


def in_levels(objective: Objective, goals: dict[str, float]) -> tuple[float, ...]:
    """Value of each level."""
    return tuple(sum(price * goals[name] for name, price in level.items()) for level in objective.levels)


def best_by_enumeration(data: ProblemData) -> tuple[tuple[float, ...], Solution] | None:
    """Best of all schedules without idle time: every choice of modes, every order. For ten operations or so.

    Each level's value and a solution; None where no schedule keeps all deadlines. For objectives that
    never gain by waiting this is the optimum; beginnings that take longer and cost more than another one with
    the same operations, set-ups and places are dropped then (dynamic programming, Held and Karp 1962).
    """
    shop = shop_of(data)
    regular = not any("shift" in level for level in data.objective.levels)
    best: list[tuple[tuple[float, ...], Solution]] = []
    for modes in product(*(range(len(modes)) for modes in shop.modes)):
        _explore(Simulation(shop, modes), best, {} if regular else None)
    return best[0] if best else None


def _is_dominated(simulation: Simulation, value, seen) -> bool:
    """Whether another beginning of the same kind ended nothing later and cost no more; keeps it if not."""
    last = tuple(sorted((machine, mode.row) for machine, mode in simulation.last.items()))
    key = (frozenset(simulation.times), last, tuple(sorted(simulation.where.items())))
    times = simulation.times
    ends = (times[o][1] for o in sorted(times) if any(x not in times for x in simulation.shop.afters[o]))
    vector = (*value, *simulation.free, *ends)
    others = seen.setdefault(key, [])
    if any(all(x <= y for x, y in zip(other, vector, strict=True)) for other in others):
        return True
    others.append(vector)
    return False


def _explore(simulation: Simulation, best, seen) -> None:
    shop = simulation.shop
    value = in_levels(shop.data.objective, values(shop, simulation))
    if best and value >= best[0][0]:
        return
    if len(simulation.times) == len(shop.operations):
        best[:] = [(value, simulation.solution())]
        return
    if seen is not None and _is_dominated(simulation, value, seen):
        return
    for o in range(len(shop.operations)):
        if o not in simulation.times and all(arc[0] in simulation.times for arc in shop.befores[o]):
            step = simulation.copy()
            if step.place(o):
                _explore(step, best, seen)


def _intervals(random: Random, often: float):
    """Always open, or short shifts with breaks and one long stretch at the end."""
    if random.random() > often:
        return ()
    edges, at = [], random.randint(0, 6)
    for _ in range(random.randint(1, 6)):
        length = random.randint(1, 20)
        edges.append((at, at + length))
        at += length + random.randint(0, 8)
    return (*edges, (at, at + LONG))


def _setups(random: Random, families):
    if random.random() < 0.4:
        return {}
    pairs = [(a, b) for a in families for b in families if a != b or random.random() < 0.2]
    return {pair: random.randint(0, 9) for pair in random.sample(pairs, random.randint(0, len(pairs)))}


class Maker:
    """The random choices behind one problem."""

    def __init__(self, random: Random, most_operations: int, shifted: bool, instant: float = 0.08) -> None:
        self.random, self.most, self.instant = random, most_operations, instant
        self.builder = ProblemBuilder("mixed", self._objective(shifted))
        self.families = FAMILIES[: random.choice((1, 3, 4))]
        self.calendars = random.choice((0.0, 0.5, 0.9))
        self.setup = random.choice((0, 0, 6))
        self.early = random.choice((0.0, 0.0, 1.0, 0.4))
        self.places = random.randint(1, 3)
        self.builder.set_travel(
            [[0 if a == b else random.randint(0, 8) for b in range(self.places)] for a in range(self.places)]
        )
        self.machines = [self._machine(i) for i in range(random.randint(1, 4))]
        self.workers = [self._other(f"w{i}", "worker") for i in range(random.choice((0, 0, 1, 2)))]
        self.tools = [self._other(f"t{i}", "tool") for i in range(random.choice((0, 0, 1, 2)))]
        some = random.random() < 0.35 and self.places > 1
        self.vehicles = [self._vehicle(i) for i in range(random.randint(1, 2) * some)]

    def _objective(self, shifted: bool) -> Objective:
        choices = REGULAR + (SHIFTED if shifted else ())
        return Objective(levels=tuple(self.random.sample(choices, self.random.choice((1, 1, 1, 2)))))

    def _machine(self, i: int) -> int:
        return self.builder.add_resource(
            f"m{i}",
            intervals=_intervals(self.random, self.calendars),
            location=self.random.randrange(self.places),
            setups=_setups(self.random, self.families),
            family=self.random.choice(self.families),
        )

    def _other(self, name: str, kind: str) -> int:
        return self.builder.add_resource(name, kind, intervals=_intervals(self.random, self.calendars))

    def _vehicle(self, i: int) -> int:
        return self.builder.add_resource(f"v{i}", "vehicle", location=self.random.randrange(self.places))

    def _add_mode(self, operation: int) -> None:
        some = [self.random.choice(pool) for pool in (self.workers, self.tools) if pool]
        self.builder.add_mode(
            operation,
            self.random.choice(self.machines),
            0 if self.random.random() < self.instant else self.random.randint(1, 12),
            others=[other for other in some if self.random.random() < 0.6],
            setup=self.random.randint(0, self.setup),
            family=self.random.choice(self.families),
        )

    def _operation(self, job: int, last: bool) -> int:
        random, number = self.random, len(self.builder.operations)
        operation = self.builder.add_operation(
            job,
            f"o{number}",
            release=random.choice((0, 0, random.randint(0, 30))),
            due=random.randint(0, 60) if last or random.random() < 0.2 else None,
            weight=random.choice((0.0, 0.5, 1.0, 2.0, 4.0)),
            flow_weight=random.choice((0.0, 1.0, 2.0)) if last else 0.0,
            pausable=random.random() < 0.5,
            early_setup=random.random() < self.early,
        )
        for _ in range(random.choice((1, 1, 2, 3))):
            self._add_mode(operation)
        return operation

    def _carry(self, before: int | None, after: int | None, job: int) -> None:
        operation = self.builder.add_operation(
            job,
            f"o{len(self.builder.operations)} carries",
            release=self.random.choice((0, 0, 10)),
            carries=True,
        )
        for vehicle in self.random.sample(self.vehicles, self.random.randint(1, len(self.vehicles))):
            self.builder.add_mode(operation, vehicle, self.random.choice((0, 0, 2)))
        if before is not None:
            self.builder.add_precedence(before, operation, self.random.choice((0, 0, 3)))
        if after is not None:
            self.builder.add_precedence(operation, after, self.random.choice((0, 0, 3)))

    def _link(self, before: int, after: int, job: int) -> None:
        if self.vehicles and self.random.random() < 0.6 and len(self.builder.operations) < self.most:
            self._carry(before, after, job)
        else:
            lag = self.random.choice((0, 0, self.random.randint(1, 10)))
            self.builder.add_precedence(before, after, lag, moves=self.random.random() < 0.5)

    def _befores(self, shape: str, members: Sequence[int]) -> Sequence[int]:
        """Earlier members of a job that a new one waits for."""
        if not members:
            return ()
        if shape == "chain":
            return members[-1:]
        free = [o for o in members if all(arc.before != o for arc in self.builder.arcs)]
        pool = free if shape == "tree" else members
        return self.random.sample(list(pool), min(len(pool), self.random.randint(0, 2)))

    def fill(self) -> None:
        most = self.random.randint(max(1, self.most // 2), self.most)
        while len(self.builder.operations) < most:
            job = self.builder.add_job(f"j{len(self.builder.jobs)}")
            shape, size = self.random.choice(("chain", "tree", "dag")), self.random.randint(1, 5)
            members: list[int] = []
            while len(members) < size and len(self.builder.operations) < most:
                befores = self._befores(shape, members)
                operation = self._operation(job, len(members) + 1 == size)
                for before in befores:
                    self._link(before, operation, job)
                members.append(operation)
            if self.vehicles and len(self.builder.operations) < most and self.random.random() < 0.2:
                ends = [(None, members[0]), (members[-1], None)]
                self._carry(*self.random.choice(ends), job)

    def _promise(self, o: int, times: tuple[int, int, int], mode: Mode, number: int) -> None:
        """Sometimes give an operation a deadline, reference or fixed start that a known schedule keeps."""
        random, draft = self.random, self.builder.operations[o]
        start, end, _ = times
        if random.random() < 0.2:
            draft.deadline = end + random.choice((0, 3, 40))
        if random.random() < 0.5:
            self.builder.refer(o, max(0, start + random.randint(-5, 5)), random.choice(self.machines))
        if random.random() < self.frozen and not draft.carries:
            draft.deadline, draft.modes = None, [draft.modes[number]]
            self.builder.freeze(o, end - mode.duration)

    def promise(self, modes: Sequence[int], made: Simulation) -> None:
        self.frozen = self.random.choice((0.0, 0.0, 0.3))
        for o, times in made.times.items():
            self._promise(o, times, made.mode[o], modes[o])


def random_order(random: Random, shop: Shop) -> list[int]:
    """Operations in an order that links allow."""
    order: list[int] = []
    while len(order) < len(shop.operations):
        done = set(order)
        ready = [o for o in range(len(shop.operations)) if o not in done]
        order.append(random.choice([o for o in ready if all(arc[0] in done for arc in shop.befores[o])]))
    return order


def simulate(shop: Shop, modes: Sequence[int], order: Sequence[int]) -> Simulation | None:
    """Place operations in an order; None where a deadline or a fixed start is missed."""
    simulation = Simulation(shop, modes)
    return simulation if all(simulation.place(o) for o in order) else None


def mixed_case(
    random: Random, most_operations: int, *, shifted: bool = True, instant: float = 0.08
) -> tuple[ProblemData, Solution]:
    """Make a problem and a schedule that keeps all its rules.

    ``shifted``: whether the objective may ask for starts near reference starts, where waiting may pay;
    ``instant``: share of modes without duration.
    """
    maker = Maker(random, most_operations, shifted, instant)
    maker.fill()
    shop = shop_of(maker.builder.build())
    modes = [random.randrange(len(modes)) for modes in shop.modes]
    made = simulate(shop, modes, random_order(random, shop))
    assert made is not None
    maker.promise(modes, made)
    data = maker.builder.build()
    shop = shop_of(data)
    fixed = [number if len(shop.modes[o]) > 1 else 0 for o, number in enumerate(modes)]
    again = simulate(shop, fixed, sorted(made.times, key=lambda o: made.times[o][:2]))
    assert again is not None
    return data, again.solution()


def mixed_problem(random: Random, most_operations: int, *, shifted: bool = True) -> ProblemData:
    """Make a problem that surely has a schedule; see `mixed_case`."""
    return mixed_case(random, most_operations, shifted=shifted)[0]
