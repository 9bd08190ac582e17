"""Simulated annealing on any problem: the exact evaluator judges every move."""

from __future__ import annotations

import numpy as np

from manyworks.scheduling.engine.anneal_loop import Kept, anneal, offer
from manyworks.scheduling.engine.neighbours_chain import TARGETS, empty_walk
from manyworks.scheduling.engine.state import empty_state, order_of
from manyworks.scheduling.engine.sweep import build, solution_of, total_cost
from manyworks.scheduling.problem.data import GOAL_NAMES, Objective, ProblemData, Solution
from manyworks.scheduling.problem.numbering import LEVEL_RATIO
from manyworks.scheduling.problem.tables import DEADLINE, GOALS, Floats, Ints

SAMPLES = 200
"""Rises of the cost that a temperature is taken from."""
HOT, COLD = 1.0, 0.03
"""Temperature at the beginning and the end of a cycle, beside the heat measured."""
COLDER_BEYOND, COLDER = 100, 0.4
"""Operations from which on a cycle ends cooler, and by which power of their number (found by trial)."""
MEAN_COST = 1.5
"""Most heat beside the mean cost of operations that cost anything."""
FULL_EFFORT = 1000
"""Moves for each operation in one cycle of cooling; shorter ones begin cooler."""
FIRST_LEVEL_SHARE = 0.9
"""Share of the budget for the first level of goals, unless it comes to nothing."""
LOOK_DOWN = 1e-2
"""Weight of a lower level beside the one above it when looking for what to change."""


def level_prices(objective: Objective) -> Floats:
    """Price of each goal at each level, deadlines above all; (levels + 1, GOALS)."""
    prices = np.zeros((len(objective.levels) + 1, GOALS))
    prices[0, DEADLINE] = 1.0
    for row, level in enumerate(objective.levels, start=1):
        for name, price in level.items():
            prices[row, GOAL_NAMES.index(name)] += price
    return prices


def _blame(levels: Floats) -> Floats:
    """Prices by which operations are chosen to be moved."""
    weight = LOOK_DOWN ** np.maximum(np.arange(len(levels)) - 1, 0)
    return np.ascontiguousarray(weight @ levels)


class Annealer:
    """Searches by random moves on critical chains, cooling down again and again.

    The budget is cut into cycles; each begins hot, from the best or from where the last one ended, and
    cools down geometrically (Kirkpatrick, Gelatt and Vecchi 1983; reheating as in Kolonko and Tran 1997).
    Temperatures follow from the rises of the cost that moves from the best solution make. Levels of goals
    after the first have the end of the budget to themselves, too cool for anything above to get worse.

    Parameters
    ----------
    data
        Any problem.
    start
        A valid solution of it.
    seed
        Equal seeds and equal calls give equal answers.
    """

    def __init__(self, data: ProblemData, start: Solution, seed: int) -> None:
        self.moves = 0
        self._p = data.tables
        self._levels = level_prices(data.objective)
        self._state, self._spare = empty_state(self._p), empty_state(self._p)
        self._walk = empty_walk(self._p, _blame(self._levels), seed)
        self._random = np.random.default_rng(seed)
        mode = np.ascontiguousarray(start.mode, dtype=np.int64)
        build(self._p, self._state, mode, order_of(self._p, start))
        self._kept = Kept(
            mode=mode.copy(),
            order=self._state.order.copy(),
            record=np.full(1, total_cost(self._p, self._state)),
            levels=self._levels,
            values=np.full(len(self._levels), 1e300),
            trial=np.zeros(len(self._levels)),
            rises=np.zeros(SAMPLES),
        )
        offer(self._p, self._state, self._kept)
        self.cost = float(self._kept.record[0])
        self._level = 1
        self._began, self._ends = 0.0, 0.0
        self._cold = COLD * (COLDER_BEYOND / max(COLDER_BEYOND, self._p.total)) ** COLDER
        self._heat, self._hot, self._last = 0.0, self._cold, 0.0

    def run(self, moves: int, progress: float) -> None:
        """Make about so many moves; ``progress`` is the share of the whole budget that is used, 0 to 1."""
        if self.moves == 0:
            self._heat = self._measure(1)
        elif progress > 0.0 and (progress >= self._ends or self._is_finished()):
            self._begin(progress)
        ahead = progress + max(0.0, progress - self._last)
        heat = (self._temperature(progress), self._temperature(ahead))
        self._last = progress
        record = float(self._kept.record[0])
        anneal(self._p, self._state, self._walk, self._kept, heat, moves)
        self.moves += moves
        self._sort()
        if self._kept.record[0] < record:
            self._refresh()

    def best(self) -> Solution:
        """Give the best solution so far."""
        build(self._p, self._spare, self._kept.mode, self._kept.order)
        return solution_of(self._spare)

    def adopt(self, solution: Solution, cost: float) -> None:
        """Take note of a solution found elsewhere; a better one may be where the next cycle begins."""
        if cost < self.cost:
            mode = np.ascontiguousarray(solution.mode, dtype=np.int64)
            build(self._p, self._spare, mode, order_of(self._p, solution))
            if offer(self._p, self._spare, self._kept):
                self._refresh()

    def _begin(self, progress: float) -> None:
        """Begin a cycle: for which level, how long, from where, how hot."""
        self._level = self._level_at(progress)
        whole = self.moves / max(progress, 1e-9)
        share = FULL_EFFORT * self._p.total / whole
        limit = FIRST_LEVEL_SHARE if self._level == 1 and len(self._levels) > 2 else 1.0
        limit = limit if limit > progress else 1.0
        self._began = progress
        self._ends = limit if progress + 1.5 * share > limit else progress + share
        effort = (self._ends - self._began) / share
        self._hot = max(2.0 * self._cold, HOT * min(1.0, effort**0.5))
        if self._level > 1 or self._random.random() < 0.3:
            build(self._p, self._state, self._kept.mode, self._kept.order)
        self._heat = self._measure(self._level)

    def _level_at(self, progress: float) -> int:
        """Level of goals to work on: by its share of the budget, but none that has come to nothing."""
        last = len(self._levels) - 1
        level = 1
        if progress >= FIRST_LEVEL_SHARE and last > 1:
            level = 2 + int((progress - FIRST_LEVEL_SHARE) / (1.0 - FIRST_LEVEL_SHARE) * (last - 1))
        level = min(level, last)
        while level < last and self._kept.values[level] <= 0.0:
            level += 1
        return level

    def _is_finished(self) -> bool:
        """Whether the goals of the level worked on have come to nothing, and there are others."""
        return bool(self._level < len(self._levels) - 1 and self._kept.values[self._level] <= 0.0)

    def _measure(self, level: int) -> float:
        """How hot it may get for one level, at the best solution.

        The median rise of the cost by one move, but where most moves do great harm (long queues), rather
        what a costly operation costs.
        """
        price = np.ascontiguousarray(self._levels[level] * LEVEL_RATIO ** (level - 1))
        p, walk = self._p._replace(price=price), self._walk._replace(blame=price)
        build(p, self._spare, self._kept.mode, self._kept.order)
        count = anneal(p, self._spare, walk, self._kept, (-1.0, -1.0), 4 * SAMPLES)
        targets = int(walk.counts[TARGETS])
        mean = float(walk.shares[targets - 1]) / targets if targets else 0.0
        rise = float(np.median(self._kept.rises[:count])) if count else 0.0
        return min(rise, MEAN_COST * mean)

    def _temperature(self, progress: float) -> float:
        share = (progress - self._began) / max(self._ends - self._began, 1e-9)
        return float(self._heat * self._hot * (self._cold / self._hot) ** min(max(share, 0.0), 1.0))

    def _sort(self) -> None:
        """Put the order back in order of time, so that what a move changes lies close together."""
        order: Ints = np.lexsort((self._state.position, self._state.jobs["start"])).astype(np.int64)
        build(self._p, self._state, self._state.jobs["mode"].copy(), order)

    def _refresh(self) -> None:
        """Price the best from scratch, without the rounding of many small changes."""
        build(self._p, self._spare, self._kept.mode, self._kept.order)
        self.cost = total_cost(self._p, self._spare)
        self._kept.record[0] = self.cost
