"""Improvement at large scale: plain shops of tens of thousands to millions of operations.

First list scheduling there and back (the idea of justification: Wiest 1964; Li and Willis 1992; Valls,
Ballestin and Quintanilla 2005, EJOR 165): a schedule made backwards in time from the ends of the last one
gives the order of the next. Then exchanges on machines, thousands in one pass (see `wide_swaps`), by
ranges of time that are searched side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from manyworks.scheduling.engine.state import order_of, topological_order
from manyworks.scheduling.engine.wide_lists import (
    HASTE,
    Lines,
    Shop,
    balance,
    empty_lines,
    open_shop,
    run_shop,
    work_remaining,
)
from manyworks.scheduling.engine.wide_moves import Rows, empty_rows, move_critical
from manyworks.scheduling.engine.wide_shops import (
    bind,
    bind_shortest,
    is_plain,
    loads_of,
    make_shop,
    modes_of,
    price_of,
    reversed_shop,
    solution_from,
)
from manyworks.scheduling.engine.wide_swaps import (
    Spots,
    empty_spots,
    fill_spots,
    move_spots,
    number_spots,
    search_range,
    starts_of,
    time_all,
)
from manyworks.scheduling.problem.data import ProblemData, Solution
from manyworks.scheduling.problem.tables import (
    FLOW,
    FOREVER,
    MAKESPAN,
    MOVED,
    NONE,
    SHIFT,
    TARDINESS,
    Floats,
    Ints,
    Tables,
)

STARTS_PER_CALL = 200_000
"""Operations started between two looks at the clock; some hundredths of a second."""
HASTES = (4, 16, 64, 8, 32, 1, 2)
"""How much an operation's own time counts when it chooses a machine; the most useful first."""
CYCLES_PER_HASTE = 4
BALANCE_ROUNDS = 20
MOST_CYCLES = 12
"""Cycles of list scheduling there and back before exchanges take over."""
EXPLORING_PATIENCE = 40
"""Shaken starts in a row without a better schedule before exchanges take over."""
EXCHANGING_PATIENCE = 60
"""Phases of exchanges in a row without a better schedule of a flexible shop."""
PATIENCE = 3
LEAST_GAIN = 0.0005
"""Cycles in a row that may gain less than this share before the rest is left out."""
RANGE = 20_000
"""Operations searched at a time."""
ROUNDS = 20
"""Passes over a range before ranges are cut anew."""
SLACK = 1.0
"""Paths this much shorter than the longest still count as critical, in mean durations."""
HEAT = 0.002
"""How much worse a pair may get by an exchange now and then, in mean durations."""

Stopped = Callable[[], bool]
Offer = Callable[[Solution, float], None]


@dataclass(slots=True, kw_only=True)
class _Search:
    """A plain shop in both directions of time, and the best schedule so far."""

    problem: Tables
    stopped: Stopped
    offer: Offer
    shop: Shop
    back: Shop
    lines: Lines
    best: Solution
    cost: float
    bound: float
    pool: ThreadPoolExecutor | None = field(default=None)

    def keep(self, solution: Solution) -> bool:
        """Hand a solution on if it is better; whether it was."""
        cost = price_of(self.problem, solution)
        if cost >= self.cost:
            return False
        self.best, self.cost = solution, cost
        self.offer(solution, cost)
        return True

    def done(self) -> bool:
        """Whether time is up, or nothing better can exist."""
        return self.stopped() or self.cost <= self.bound


def _run(shop: Shop, lines: Lines, stopped: Stopped, *, bound: bool) -> bool:
    """Schedule a whole shop; whether it got to the end."""
    open_shop(shop, lines, bound)
    while run_shop(shop, lines, STARTS_PER_CALL):
        if stopped():
            return False
    return True


def _ends(shop: Shop) -> Ints:
    ends: Ints = shop.steps["start"] + shop.steps["duration"]
    return ends


def _never() -> bool:
    return False


def _prepared(problem: Tables) -> tuple[Shop, Lines]:
    """Make a shop whose queues are in the order of most work remaining (by shortest durations)."""
    shop = make_shop(problem)
    bind_shortest(shop)
    work = np.empty(problem.total, dtype=np.int64)
    work_remaining(shop, topological_order(problem), work)
    shop.steps["key"] = -work
    return shop, empty_lines(shop, len(problem.resources))


def first_schedule(data: ProblemData) -> Solution:
    """Schedule a plain shop once: most work remaining first, on the machine that has time for it.

    Parameters
    ----------
    data
        A problem that `wide_shops.is_plain`. A million operations take about a quarter of a second.
    """
    shop, lines = _prepared(data.tables)
    lines.counts[HASTE] = HASTES[0]
    _run(shop, lines, _never, bound=len(shop.choices) == len(shop.steps))
    return solution_from(shop, shop.steps["start"].copy())


def makespan_bound(problem: Tables) -> int:
    """Give a time before which a plain shop cannot end: its longest job, average or busiest machine."""
    shop = make_shop(problem)
    bind_shortest(shop)
    work = np.empty(problem.total, dtype=np.int64)
    work_remaining(shop, topological_order(problem), work)
    machines = len(problem.resources)
    average = -(-int(shop.steps["duration"].sum()) // max(machines, 1))
    only = np.diff(shop.first_choice) == 1
    forced = np.bincount(
        shop.steps["machine"][only], weights=shop.steps["duration"][only], minlength=machines
    )
    longest = int((work + shop.steps["release"]).max(initial=0))
    return max(longest, average, int(forced.max(initial=0)))


def _cycle(s: _Search, *, bound: bool, smoothed: Floats, pace: float) -> bool:
    """Schedule there and back, each by the other; whether there was time for it.

    ``smoothed`` (2, operations) holds the keys of both ways, of which a cycle changes a share ``pace``.
    """
    s.shop.steps["key"] = smoothed[0]
    if not _run(s.shop, s.lines, s.stopped, bound=bound):
        return False
    s.keep(solution_from(s.shop, s.shop.steps["start"].copy()))
    for name in ("machine", "duration"):
        s.back.steps[name] = s.shop.steps[name]
    smoothed[1] += pace * (_ends(s.shop) - smoothed[1])
    s.back.steps["key"] = -smoothed[1]
    if not _run(s.back, s.lines, s.stopped, bound=True):
        return False
    latest = _ends(s.back)
    mirrored: Ints = int(latest.max(initial=0)) - latest
    if not s.shop.steps["release"].any():
        s.keep(solution_from(s.back, mirrored))
    smoothed[0] += pace * (mirrored - smoothed[0])
    return True


def _start_cycles(s: _Search, *, bound: bool, keys: Floats, most: int, pace: float) -> None:
    """Schedule by given keys, then there and back until that no longer helps.

    ``bound``: operations keep their machines, otherwise they pick one every time.
    """
    s.shop.steps["key"] = keys
    if not _run(s.shop, s.lines, s.stopped, bound=bound):
        return
    smoothed = np.array([keys, _ends(s.shop).astype(np.float64)])
    since = 0
    for _ in range(most):
        before = s.cost
        if not _cycle(s, bound=bound, smoothed=smoothed, pace=pace) or s.done():
            return
        since = 0 if s.cost < before * (1.0 - LEAST_GAIN) else since + 1
        if since >= PATIENCE:
            return


def _try_hastes(s: _Search, keys: Floats) -> int:
    """Find out how much operations should care for their own time when they choose machines."""
    found, reached = HASTES[0], s.cost
    for haste in HASTES:
        if s.done():
            break
        s.lines.counts[HASTE] = haste
        _start_cycles(s, bound=False, keys=keys, most=CYCLES_PER_HASTE, pace=1.0)
        if s.cost < reached:
            found, reached = haste, s.cost
    return found


def _explore(s: _Search, haste: int, seed: int) -> None:
    """Schedule with shaken keys and prices that level the loads of the best schedule, as long as it helps."""
    rng = np.random.default_rng(seed)
    scale = float(np.mean(s.shop.steps["duration"]))
    price, since = s.lines.price.copy(), 0
    while since < EXPLORING_PATIENCE and not s.done():
        bind(s.shop, s.problem, s.best.mode)
        loads = loads_of(s.shop, len(price))
        s.lines.price[:] = price * np.exp(rng.random() * (loads / max(float(loads.mean()), 1.0) - 1.0))
        s.lines.counts[HASTE] = max(1, round(haste * rng.uniform(0.6, 1.8)))
        reach, before = scale * 10.0 ** rng.uniform(-1.0, 1.0), s.cost
        keys = s.best.start + rng.uniform(-reach, reach, s.problem.total)
        pace = 1.0 if rng.random() < 0.5 else 0.5
        _start_cycles(s, bound=False, keys=keys, most=2 * PATIENCE, pace=pace)
        since += 1
        if s.cost < before:
            price, since = s.lines.price.copy(), 0


def _set_prices(s: _Search, longest: float) -> Ints:
    """Find what time on each machine is worth; gives the modes in which all have equally much to do."""
    bind_shortest(s.shop)
    loads = loads_of(s.shop, len(s.problem.resources))
    price = np.ones(len(loads))
    balance(s.shop, loads, price, max(float(loads.mean()), longest, 1.0), BALANCE_ROUNDS)
    s.lines.price[:] = price / price.mean()
    return modes_of(s.shop)


def _list_schedules(s: _Search, seed: int) -> None:
    """Improve by list scheduling alone."""
    work = -s.shop.steps["key"]
    if len(s.shop.choices) > len(s.shop.steps):
        balanced = _set_prices(s, float(work.max(initial=0.0)))
        _explore(s, _try_hastes(s, -work), seed)
        bind(s.shop, s.problem, balanced)
        _start_cycles(s, bound=True, keys=-work, most=2 * CYCLES_PER_HASTE, pace=1.0)
    else:
        _start_cycles(s, bound=True, keys=-work, most=MOST_CYCLES, pace=1.0)
    bind(s.shop, s.problem, s.best.mode)
    if not s.done():
        _start_cycles(s, bound=True, keys=s.best.start.astype(np.float64), most=MOST_CYCLES, pace=0.5)
    bind(s.shop, s.problem, s.best.mode)


def _cuts(total: int, phase: int) -> list[tuple[int, int]]:
    """Ranges of a phase; every other phase cuts in the middle of the ranges before."""
    count = max(1, round(total / RANGE))
    borders = {0, total, *(total * i // count for i in range(count))}
    if phase % 2:
        borders = {0, total, *(total * (2 * i + 1) // (2 * count) for i in range(count))}
    edges = sorted(borders)
    return list(pairwise(edges))


def _phase(s: _Search, old: Spots, new: Spots, phase: int, seed: int, scale: float) -> bool:
    """Search every range, then put all operations into their new order; whether time was left for all."""
    cuts = _cuts(s.problem.total, phase)
    place: Ints = np.empty(s.problem.total, dtype=np.int32)

    def search(number: int) -> bool:
        if s.stopped():
            return False
        mixed = (seed * 1_000_003 + phase * 7_919 + number * 104_729) * 2 + 1
        state = np.array([mixed % 2**62], dtype=np.int64)
        search_range(old, *cuts[number], int(SLACK * scale), HEAT * scale, ROUNDS, state)
        number_spots(old, place, *cuts[number])
        return True

    run = map if s.pool is None else s.pool.map
    if not all(list(run(search, range(len(cuts))))):
        return False
    list(run(lambda cut: move_spots(old, new, place, *cut), cuts))
    return True


def _move_some(
    s: _Search, old: Spots, new: Spots, rows: Rows, phase: int, scale: float
) -> tuple[Spots, Spots]:
    """Move operations on the longest paths to other machines; gives the schedule, and room for the next."""
    total = s.problem.total
    place: Ints = np.empty(total, dtype=np.int32)
    longest = int((old.spots["head"] + old.spots["duration"]).max())
    move_critical(old, s.shop, rows, longest - int(SLACK * scale), phase * 7_919 % total)
    number_spots(old, place, 0, total)
    move_spots(old, new, place, 0, total)
    time_all(new)
    return new, old


def _exchange(s: _Search, seed: int) -> None:
    """Improve by exchanges on machines until time is up, or a flexible shop had better be explored again."""
    since = 0
    old, new = empty_spots(s.shop), empty_spots(s.shop)
    fill_spots(old, s.shop, order_of(s.problem, s.best))
    time_all(old)
    scale = float(np.mean(s.shop.steps["duration"]))
    start = np.empty(s.problem.total, dtype=np.int64)
    rows = None
    if len(s.shop.choices) > len(s.shop.steps):
        rows = empty_rows(s.problem.total, len(s.problem.resources))
    for phase in _counted():
        if s.done() or not _phase(s, old, new, phase, seed, scale):
            return
        old, new = new, old
        time_all(old)
        if rows is not None:
            old, new = _move_some(s, old, new, rows, phase, scale)
        starts_of(old, start)
        since = 0 if s.keep(solution_from(s.shop, start.copy())) else since + 1
        if rows is not None and since >= EXCHANGING_PATIENCE:
            return


def _counted() -> Iterator[int]:
    number = 0
    while True:
        yield number
        number += 1


def _shake(s: _Search, seed: int) -> None:
    """Schedule by the order of the best so far, shaken: for goals other than the makespan."""
    rng = np.random.default_rng(seed)
    scale = float(np.mean(s.shop.steps["duration"]))
    while not s.done():
        reach = scale * 10.0 ** rng.uniform(-1.0, 1.5)
        s.shop.steps["key"] = s.best.start + rng.uniform(-reach, reach, s.problem.total)
        if _run(s.shop, s.lines, s.stopped, bound=True):
            s.keep(solution_from(s.shop, s.shop.steps["start"].copy()))


def _is_for_makespan(problem: Tables) -> bool:
    """Whether no goal that anything in the problem speaks of counts more than the makespan."""
    price, operations = problem.price, problem.operations[:-1]
    others = (
        price[TARDINESS] * bool(np.any(operations["due"] < FOREVER)),
        price[FLOW] * bool(np.any(operations["flow_weight"] > 0)),
        max(price[MOVED], price[SHIFT]) * bool(np.any(operations["reference_machine"] != NONE)),
    )
    return bool(price[MAKESPAN] > max(others))


def _improve_plain(s: _Search, seed: int, threads: int) -> None:
    bind(s.shop, s.problem, s.best.mode)
    if not _is_for_makespan(s.problem):
        _shake(s, seed)
        return
    _list_schedules(s, seed)
    with ThreadPoolExecutor(threads) as s.pool:
        for turn in _counted():
            _exchange(s, seed + turn)
            if s.done():
                return
            _explore(s, int(s.lines.counts[HASTE]), seed + turn + 1)
            bind(s.shop, s.problem, s.best.mode)


def improve_wide(
    data: ProblemData,
    start: Solution,
    stopped: Stopped,
    *,
    seed: int = 0,
    threads: int = 2,
    offer: Offer = lambda _solution, _cost: None,
) -> Solution:
    """Improve a schedule of very many operations until told to stop.

    Plain shops (see `wide_shops.is_plain`) get list scheduling there and back and exchanges on machines,
    which work on the makespan; whatever the goals, only what is better by them is kept. Other problems get
    shaken copies of their best schedule (see `dispatching.improve`).

    Parameters
    ----------
    data
        The problem.
    start
        A valid solution.
    stopped
        Asked every few hundredths of a second, from several threads.
    seed
        Of the random choices. Where every question to ``stopped`` is answered alike, so is the whole.
    threads
        Ranges of time searched side by side; they do not change the answer.
    offer
        Called with each better solution and its price of all goals.

    Returns
    -------
    Solution
        The best, or ``start`` itself.
    """
    if not is_plain(data.tables):
        from manyworks.scheduling.dispatch.dispatching import improve

        return improve(data, start, stopped, seed=seed, offer=offer)
    if data.tables.total == 0:
        return start
    shop, lines = _prepared(data.tables)
    bound = data.tables.price[MAKESPAN] * makespan_bound(data.tables)
    search = _Search(
        problem=data.tables,
        stopped=stopped,
        offer=offer,
        shop=shop,
        back=reversed_shop(shop),
        lines=lines,
        best=start,
        cost=price_of(data.tables, start),
        bound=bound,
    )
    _improve_plain(search, seed, threads)
    return search.best
