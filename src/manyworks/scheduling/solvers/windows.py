"""Large-neighbourhood search: free some dozens of operations of a solution, solve that part, go on.

Frames as in Laborie & Godard (MISTA 2007): the order of everything else is kept, so that its times
follow. What to free is drawn from several choosers, each with a size that follows its success.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from manyworks.scheduling.problem.data import GOAL_NAMES, ProblemData, Solution, Stop
from manyworks.scheduling.problem.tables import FOREVER, FROZEN
from manyworks.scheduling.solvers.cpsat import Effort, Switch, solve_frame
from manyworks.scheduling.solvers.frames import open_up
from manyworks.scheduling.solvers.rows import Rows, Times, rows_of, times_of
from manyworks.scheduling.solvers.settling import settle

SMALLEST, LARGEST = 6, 500
FIRST_SIZE = 12
GROWTH, SHRINKAGE = 1.2, 0.8
SLICE = 400
"""Operations, one after another in time, among which a window is chosen."""
MOST_FOLLOWERS = 300
"""About how many operations behind a window move with it."""
MOST_MODES = 4
"""Modes looked at for each operation, drawn anew for every window."""
SLACK = 0.5
"""How far others may move, as a share of the time a window spans."""
ALL_LEVELS = 0.15
"""Share of windows that also look at the lower levels of the objective."""
WINDOW_SECONDS = 2.0
"""Longest time on one window."""
EFFORT = 0.1
"""Work on one window by CP-SAT's own measure, so that equal seeds choose alike."""
MARGIN = 0.1
"""Share of the whole span by which windows may end later than everything does now."""

LOWER_LEVELS = 1.0
"""Cost below which a first level counts as nothing beside lower ones."""

Exchange = Callable[[Solution, float], tuple[Solution, float] | None]
"""Called between windows with the best and its cost; gives something better from elsewhere, or None."""


@dataclass(slots=True)
class _Standing:
    """A solution as the choosers look at it."""

    rows: Rows
    times: Times
    by_start: list[int]
    place: list[int]
    ahead: list[list[int]]
    lateness: np.ndarray[tuple[int], np.dtype[np.float64]]


def _neighbours_ahead(rows: Rows, times: Times, by_start: list[int]) -> list[list[int]]:
    """Operations directly ahead of each, by links and on all it holds."""
    ahead = [[arc.operation for arc in rows.befores[o]] for o in range(rows.total)]
    last: dict[int, int] = {}
    for o in by_start:
        for resource in rows.holds[times.mode[o]]:
            if resource in last:
                ahead[o].append(last[resource])
            last[resource] = o
    return ahead


def _lateness(rows: Rows, times: Times) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Weighted tardiness by operation; where nothing is late, the last to end counts."""
    late = np.zeros(rows.total)
    for o in range(rows.total):
        if rows.due[o] != FOREVER:
            late[o] = rows.weight[o] * max(0, times.end[o] - rows.due[o])
    if not late.any():
        end = np.array(times.end)
        late[end >= end.max()] = 1.0
    return late


def _standing(rows: Rows, times: Times) -> _Standing:
    by_start = sorted(range(rows.total), key=lambda o: (times.start[o], times.end[o]))
    place = [0] * rows.total
    for i, o in enumerate(by_start):
        place[o] = i
    return _Standing(
        rows=rows,
        times=times,
        by_start=by_start,
        place=place,
        ahead=_neighbours_ahead(rows, times, by_start),
        lateness=_lateness(rows, times),
    )


def _worth(s: _Standing, o: int, latest: int, prices: dict[str, float]) -> float:
    """What a second earlier of an end is worth by itself."""
    worth = prices.get("flow", 0.0) * s.rows.flow_weight[o]
    if s.rows.due[o] < s.times.end[o]:
        worth += prices.get("tardiness", 0.0) * s.rows.weight[o]
    return worth + prices.get("makespan", 0.0) * (s.times.end[o] == latest)


def _pull(s: _Standing, moving: set[int], prices: dict[str, float]) -> dict[int, float]:
    """Hand the worth of what stands still back, by what each operation waits for last, to what moves.

    Sensitivities along critical paths, as in Mati, Dauzere-Peres & Lahlou (EJOR 2011): right for small
    changes, an estimate for others. Whether a window is better, the evaluator says.
    """
    latest, rows, times = max(s.times.end), s.rows, s.times
    worth: dict[int, float] = {}
    pull: dict[int, float] = {}
    for o in reversed(s.by_start):
        if o in moving:
            continue
        mine = worth.get(o, 0.0) + _worth(s, o, latest, prices)
        if mine > 0 and s.ahead[o] and times.start[o] > rows.release[o] and not rows.flags[o] & FROZEN:
            last = max(s.ahead[o], key=lambda one: times.end[one])
            into = pull if last in moving else worth
            into[last] = into.get(last, 0.0) + mine
    return pull


def _slice(s: _Standing, rng: np.random.Generator) -> list[int]:
    """A stretch of operations in order of time, all of a small problem."""
    first = int(rng.integers(max(len(s.by_start) - SLICE, 0) + 1))
    return s.by_start[first : first + SLICE]


def time_window(s: _Standing, size: int, rng: np.random.Generator) -> list[int]:
    """Operations that start one after another."""
    first = int(rng.integers(max(len(s.by_start) - size, 0) + 1))
    return s.by_start[first : first + size]


def some_resources(s: _Standing, size: int, rng: np.random.Generator) -> list[int]:
    """What up to three resources do one after another: machines, people or tools, busy ones rather."""
    used: dict[int, list[int]] = {}
    busy: dict[int, int] = {}
    for o in _slice(s, rng):
        for resource in s.rows.holds[s.times.mode[o]]:
            used.setdefault(resource, []).append(o)
            busy[resource] = busy.get(resource, 0) + s.times.end[o] - s.times.start[o]
    names = sorted(used)
    weight = np.array([1.0 + busy[name] for name in names])
    count = min(len(names), int(rng.integers(1, 4)))
    chosen = rng.choice(len(names), size=count, replace=False, p=weight / weight.sum())
    there = {o for i in chosen.tolist() for o in used[names[i]]}
    ordered = sorted(there, key=lambda o: s.place[o])
    first = int(rng.integers(max(len(ordered) - size, 0) + 1))
    return ordered[first : first + size]


def late_order(s: _Standing, size: int, rng: np.random.Generator) -> list[int]:
    """A late operation with what it waits for, latest first, and what stands beside that."""
    total = float(s.lateness.sum())
    root = int(rng.choice(s.rows.total, p=s.lateness / total))
    found: dict[int, None] = {}
    queue = [(-s.times.end[root], root)]
    while queue and len(found) < size:
        _, o = heapq.heappop(queue)
        if o not in found and s.place[root] - s.place[o] < SLICE:
            found[o] = None
            for ahead in s.ahead[o]:
                heapq.heappush(queue, (-s.times.end[ahead], ahead))
    return list(found)


def random_jobs(s: _Standing, size: int, rng: np.random.Generator) -> list[int]:
    """Operations of some jobs."""
    members: dict[int, list[int]] = {}
    for o in _slice(s, rng):
        members.setdefault(s.rows.job[o], []).append(o)
    found: list[int] = []
    for job in rng.permutation(sorted(members)).tolist():
        if found and len(found) + len(members[job]) > size:
            break
        found.extend(members[job])
    return found[: max(size, 1)]


Chooser = Callable[[_Standing, int, np.random.Generator], list[int]]
CHOOSERS: tuple[Chooser, ...] = (time_window, some_resources, late_order, random_jobs)


@dataclass(slots=True, kw_only=True)
class _Habit:
    """A chooser with the size of its windows and how often it helped of late."""

    chooser: Chooser
    size: float = FIRST_SIZE
    success: float = 0.5

    def learn(self, status: str, *, better: bool) -> None:
        """Grow what is solved to the end in vain, shrink what is not solved."""
        self.success = 0.9 * self.success + 0.1 * better
        if status == "optimal" and not better:
            self.size = min(self.size * GROWTH, LARGEST)
        elif status != "optimal" and not better:
            self.size = max(self.size * SHRINKAGE, SMALLEST)


@dataclass(slots=True)
class WindowSearch:
    """The search as it goes on; ``solution`` is the best so far, ``cost`` its price by all goals."""

    data: ProblemData
    solution: Solution
    cost: float
    rng: np.random.Generator
    switch: Switch | None = None
    rows: Rows = field(init=False)
    windows: int = 0
    _habits: list[_Habit] = field(init=False)
    _standing: _Standing | None = None
    _prices: dict[str, float] = field(init=False)

    def __post_init__(self) -> None:
        self.rows = rows_of(self.data.tables)
        self._habits = [_Habit(chooser=chooser) for chooser in CHOOSERS]
        self._prices = dict(zip(GOAL_NAMES, self.data.tables.price.tolist(), strict=True))
        del self._prices["deadline"]

    def adopt(self, solution: Solution, cost: float) -> None:
        """Go on from another solution."""
        self.solution, self.cost, self._standing = solution, cost, None

    def step(self, seconds: float) -> bool:
        """Solve one window; tell whether it made the solution better."""
        if self._standing is None:
            self._standing = _standing(self.rows, times_of(self.solution))
        weights = np.array([habit.success + 0.1 for habit in self._habits])
        habit = self._habits[int(self.rng.choice(len(self._habits), p=weights / weights.sum()))]
        chosen = habit.chooser(self._standing, round(habit.size), self.rng)
        free = [o for o in chosen if not self.rows.flags[o] & FROZEN]
        self.windows += 1
        if not free:
            return False
        status, found = self._solve(self._standing.times, free, seconds)
        better = found is not None and self._take(found)
        habit.learn(status, better=better)
        return better

    def _solve(self, times: Times, free: list[int], seconds: float) -> tuple[str, Solution | None]:
        frame = open_up(self.rows, times, free, self._horizon(times), MOST_FOLLOWERS)
        latest = max(times.end[o] for o in frame.free)
        slack = int(SLACK * (latest - frame.begin)) + 1
        prices = self._chosen_prices()
        frame = replace(
            frame,
            modes=self._some_modes(times, free),
            latest=latest + slack,
            slack=slack,
            pull=_pull(self._standing, {*frame.free, *frame.followers}, prices) if self._standing else {},
        )
        effort = Effort(
            seconds=min(seconds, WINDOW_SECONDS),
            seed=int(self.rng.integers(2**31 - 1)),
            deterministic=EFFORT,
            switch=self.switch,
        )
        return solve_frame(self.rows, frame, prices, effort)

    def _some_modes(self, times: Times, free: list[int]) -> dict[int, tuple[int, ...]]:
        """The mode that each has, with some others."""
        some = {}
        for o in free:
            modes = self.rows.modes[o]
            if len(modes) > MOST_MODES:
                drawn = self.rng.choice(len(modes), size=MOST_MODES, replace=False).tolist()
                some[o] = tuple(sorted({times.mode[o], *(modes[i] for i in drawn[1:])}))
        return some

    def _chosen_prices(self) -> dict[str, float]:
        """Prices of all goals, mostly of the first level alone, which is easier."""
        if self.rng.random() < ALL_LEVELS or self._first_level_cost() <= 0:
            return self._prices
        first = self.data.objective.levels[0] if self.data.objective.levels else {}
        return {name: price for name, price in self._prices.items() if name in first}

    def _first_level_cost(self) -> float:
        """What of the cost is more than lower levels can add up to."""
        return self.cost if len(self.data.objective.levels) < 2 else self.cost - LOWER_LEVELS

    def _horizon(self, times: Times) -> int:
        latest = max(times.end)
        goals = {name for name, price in self._prices.items() if price}
        margin = 0 if goals == {"makespan"} else int(MARGIN * (latest - min(times.start)))
        return latest + margin

    def _take(self, found: Solution) -> bool:
        """Keep a solution if it is better."""
        solution, cost = settle(self.data, found)
        if cost >= self.cost - 1e-9 * max(1.0, abs(self.cost)):
            return False
        self.adopt(solution, cost)
        return True


def improve_by_windows(
    data: ProblemData,
    start: Solution,
    stop: Stop,
    seed: int,
    exchange: Exchange = lambda *_: None,
    switch: Switch | None = None,
) -> WindowSearch:
    """Improve a solution window by window.

    Parameters
    ----------
    data, start
        Problem and a valid solution.
    stop
        ``iterations`` are windows here.
    seed
        Of all choices.
    exchange
        Called between windows, so that something better from elsewhere is taken over.
    switch
        Stops the window being solved.

    Returns
    -------
    WindowSearch
        With the best solution.
    """
    search = WindowSearch(data, *settle(data, start), np.random.default_rng(seed), switch=switch)
    ends_at = None if stop.seconds is None else time.monotonic() + stop.seconds
    while not _is_over(search, stop, ends_at):
        left = WINDOW_SECONDS if ends_at is None else ends_at - time.monotonic()
        search.step(left)
        other = exchange(search.solution, search.cost)
        if other is not None and other[1] < search.cost:
            search.adopt(*other)
    return search


def _is_over(search: WindowSearch, stop: Stop, ends_at: float | None) -> bool:
    return bool(
        (ends_at is not None and time.monotonic() >= ends_at)
        or (stop.iterations is not None and search.windows >= stop.iterations)
        or (stop.cancelled is not None and stop.cancelled())
        or (stop.objective is not None and search.cost <= stop.objective)
    )
