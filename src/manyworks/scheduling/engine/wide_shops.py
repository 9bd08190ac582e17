"""Plain shops for large-scale search: made from tables, and turned back into solutions."""

from __future__ import annotations

import numpy as np

from manyworks.scheduling.engine.wide_lists import CHOICE, STEP, Shop
from manyworks.scheduling.problem.data import Solution
from manyworks.scheduling.problem.tables import (
    CARRIES,
    DEADLINE,
    FLOW,
    FROZEN,
    MAKESPAN,
    MOVED,
    NONE,
    SHIFT,
    TARDINESS,
    Ints,
    Records,
    Tables,
)


def is_plain(problem: Tables) -> bool:
    """Whether operations hold one machine each, always open, without set-ups, travel or frozen ones."""
    modes, operations = problem.modes[:-1], problem.operations[:-1]
    return (
        problem.slots == 1
        and bool(np.all(modes["calendar"] == NONE))
        and not modes["setup"].any()
        and not np.any(problem.changes > 0)
        and not np.any(operations["flags"] & (FROZEN | CARRIES))
        and not (problem.travel.any() and problem.befores["moves"].any())
    )


def _single(first: Ints, arcs: Records) -> Ints:
    """Operation at the other end of an operation's only arc, `NONE` where there is none."""
    single = np.full(len(first) - 1, NONE, dtype=np.int64)
    some = np.flatnonzero(np.diff(first) > 0)
    single[some] = arcs["operation"][first[some]]
    return single


def _is_simple(first: Ints, arcs: Records) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether an operation has at most one arc, and that without a lag."""
    counts = np.diff(first)
    lagging = np.zeros(len(counts), dtype=bool)
    lagging[np.repeat(np.arange(len(counts)), counts)[arcs["lag"] != 0]] = True
    return (counts <= 1) & ~lagging


def make_shop(problem: Tables) -> Shop:
    """Make the shop of a plain problem; operations are not bound to machines yet where they can choose."""
    operations, modes = problem.operations, problem.modes[:-1]
    befores, afters = operations["first_before"].copy(), operations["first_after"].copy()
    steps = np.zeros(problem.total, dtype=STEP)
    steps["before"], steps["after"] = _single(befores, problem.befores), _single(afters, problem.afters)
    steps["arcs"] = ~(_is_simple(befores, problem.befores) & _is_simple(afters, problem.afters))
    steps["befores"] = np.diff(befores)
    steps["release"] = operations["release"][:-1]
    choices = np.zeros(len(modes), dtype=CHOICE)
    choices["machine"], choices["duration"] = modes["machine"], modes["duration"]
    first_choice = operations["first_mode"].copy()
    return Shop(steps, afters, problem.afters, befores, problem.befores, first_choice, choices)


def reversed_shop(shop: Shop) -> Shop:
    """Give the same shop with time running backwards, releases left out."""
    steps = shop.steps.copy()
    steps["before"], steps["after"] = shop.steps["after"], shop.steps["before"]
    steps["befores"] = np.diff(shop.first_after)
    steps["release"] = 0
    return Shop(
        steps,
        shop.first_before,
        shop.befores,
        shop.first_after,
        shop.afters,
        shop.first_choice,
        shop.choices,
    )


def bind(shop: Shop, problem: Tables, mode: Ints) -> None:
    """Bind operations to the machines of given modes."""
    shop.steps["machine"] = problem.modes["machine"][mode]
    shop.steps["duration"] = problem.modes["duration"][mode]


def bind_shortest(shop: Shop) -> None:
    """Bind operations to the machine that is quickest for them."""
    if len(shop.choices) == len(shop.steps):
        quickest = np.arange(len(shop.steps))
    else:
        owner = np.repeat(np.arange(len(shop.steps)), np.diff(shop.first_choice))
        by_duration = np.lexsort((shop.choices["duration"], owner))
        quickest = by_duration[shop.first_choice[:-1]]
    shop.steps["machine"] = shop.choices["machine"][quickest]
    shop.steps["duration"] = shop.choices["duration"][quickest]


def loads_of(shop: Shop, machines: int) -> Ints:
    """Work of each machine as operations are bound."""
    loads = np.bincount(shop.steps["machine"], weights=shop.steps["duration"], minlength=machines)
    return loads.astype(np.int64)


def modes_of(shop: Shop) -> Ints:
    """Rows of modes as operations are bound."""
    if len(shop.choices) == len(shop.steps):
        return np.arange(len(shop.steps), dtype=np.int64)
    owner = np.repeat(np.arange(len(shop.steps)), np.diff(shop.first_choice))
    taken = shop.choices["machine"] == shop.steps["machine"][owner]
    taken &= shop.choices["duration"] == shop.steps["duration"][owner]
    rows = np.flatnonzero(taken)
    return rows[np.searchsorted(owner[rows], np.arange(len(shop.steps)))]


def solution_from(shop: Shop, start: Ints) -> Solution:
    """Make a solution of starts on the machines operations are bound to."""
    return Solution(modes_of(shop), start, start + shop.steps["duration"], np.zeros_like(start))


def price_of(problem: Tables, solution: Solution) -> float:
    """Price of all goals of a solution without set-ups."""
    operations, price = problem.operations[:-1], problem.price
    total = price[MAKESPAN] * solution.end.max(initial=0)
    if price[TARDINESS] != 0.0:
        total += price[TARDINESS] * np.dot(operations["weight"], _beyond(solution.end, operations["due"]))
    if price[FLOW] != 0.0:
        total += price[FLOW] * np.dot(operations["flow_weight"], solution.end)
    if price[MOVED] != 0.0 or price[SHIFT] != 0.0:
        total += _price_of_moves(problem, solution)
    return float(total + price[DEADLINE] * _beyond(solution.end, operations["deadline"]).sum())


def _beyond(end: Ints, limit: Ints) -> Ints:
    late: Ints = np.maximum(end - limit, 0)
    return late


def _price_of_moves(problem: Tables, solution: Solution) -> float:
    """Price of what runs elsewhere or at another time than planned before."""
    operations, price = problem.operations[:-1], problem.price
    planned = operations["reference_machine"] != NONE
    machine = problem.modes["machine"][solution.mode]
    shift = np.abs(solution.start - operations["reference_start"])[planned]
    moved = np.count_nonzero((machine != operations["reference_machine"]) & planned)
    return float(price[MOVED] * moved + price[SHIFT] * shift.sum())
