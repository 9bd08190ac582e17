"""The makespan search: tabu walks within a small population, joined by path relinking.

After Peng, Lu and Cheng (2015, job shop) and Gonzalez, Vela and Varela (2015, flexible job shop).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from manyworks.scheduling.engine.graph import empty_graph, shop_of, takes
from manyworks.scheduling.engine.relink import arrangement, blend, distance
from manyworks.scheduling.engine.state import empty_state, order_of, topological_order
from manyworks.scheduling.engine.sweep import build, solution_of, total_cost
from manyworks.scheduling.engine.tabu_memory import BEST, STALE, new_memory
from manyworks.scheduling.engine.tabu_slots import walk_slots
from manyworks.scheduling.engine.tabu_start import construct, least_after
from manyworks.scheduling.engine.tabu_steps import begin
from manyworks.scheduling.engine.tabu_walk import walk
from manyworks.scheduling.problem.data import ProblemData, Solution
from manyworks.scheduling.problem.tables import Ints

POPULATION = 12
FEWEST = 3
"""Most members of the population, and how many there must be before any are joined."""
ALIKE = 40
"""Members are alike where no more than one operation in so many differs."""
OPERATIONS_PER_MOVE = 4
"""The beginning of a walk counts as a move for every so many operations: it takes about as long."""
PATIENCE = 10_000
PATIENCE_PER_OPERATION = 10
"""Moves without a better solution after which a walk ends."""
FILLING = 0.35
"""Share of the budget after which no more random members are made for a population that is not full."""
LONGEST_CONSTRUCTION = 4000
"""Most operations of a problem for which random solutions are constructed."""
SHARES = (0.3, 0.7)
"""How much of the second of two members a solution between them may have."""


def suits(data: ProblemData) -> bool:
    """Whether this search can do it: makespan first, no calendars, transports, deadlines, fixed starts."""
    return set(data.objective.levels[0]) == {"makespan"} and takes(data.tables)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A solution of the population: its makespan, modes and order, and its `arrangement`."""

    length: int
    modes: Ints
    order: Ints
    arrangement: Ints


class TabuSearch:
    """Search for the least makespan; see `Searcher`.

    Parameters
    ----------
    data
        A problem that `suits`.
    start
        A valid solution to begin with.
    seed
        Of all random choices; equal seeds and equal calls give equal answers.
    """

    def __init__(self, data: ProblemData, start: Solution, seed: int) -> None:
        self.data = data
        self.cost = np.inf
        self.moves = 0
        self._shop = shop_of(data.tables)
        self._graph = empty_graph(self._shop)
        self._memory = new_memory(self._shop, seed)
        self._state = empty_state(data.tables)
        self._source = np.random.default_rng([seed, 1])
        self._walk = walk if self._shop.slots == 1 else walk_slots
        self._after = least_after(self._shop, topological_order(data.tables))
        self._pool: list[Member] = []
        self._length = np.iinfo(np.int64).max
        self.patience = PATIENCE + PATIENCE_PER_OPERATION * self._shop.total
        self._begin(np.array(start.mode, dtype=np.int64), order_of(data.tables, start))

    def run(self, moves: int, progress: float) -> None:
        """Make about so many moves; ``progress`` is the share of the whole budget that is used."""
        goal = self.moves + moves
        while self.moves < goal:
            made = self._walk(self._shop, self._graph, self._memory, goal - self.moves, self.patience)
            self.moves += made
            self._note()
            if self._memory.notes[STALE] >= self.patience:
                self._enter(self._walked())
                self._begin(*self._next(progress))
                self.moves += 1 + self._shop.total // OPERATIONS_PER_MOVE

    def best(self) -> Solution:
        """Give the best solution so far."""
        return solution_of(self._state)

    def adopt(self, solution: Solution, cost: float) -> None:
        """Take a solution from elsewhere into the population."""
        if cost < self.cost:
            modes, order = np.array(solution.mode, dtype=np.int64), order_of(self.data.tables, solution)
            self._enter(self._member(int(solution.end.max()), modes, order))

    def _begin(self, modes: Ints, order: Ints) -> None:
        """Begin a walk."""
        begin(self._shop, self._graph, self._memory, modes, order)
        self._note()

    def _note(self) -> None:
        """Take over the walk's best where it beats the best of all."""
        length = int(self._memory.notes[BEST])
        if length < self._length:
            self._length = length
            kept = self._memory.kept
            build(self.data.tables, self._state, kept["mode"].copy(), kept["order"].copy())
            self.cost = min(self.cost, float(total_cost(self.data.tables, self._state)))

    def _member(self, length: int, modes: Ints, order: Ints) -> Member:
        seen = arrangement(self._shop.ways["machine"], modes, order)
        return Member(length=length, modes=modes, order=order, arrangement=seen)

    def _walked(self) -> Member:
        """Give the best of the walk."""
        kept = self._memory.kept
        return self._member(int(self._memory.notes[BEST]), kept["mode"].copy(), kept["order"].copy())

    def _enter(self, member: Member) -> None:
        """Take a solution into the population instead of those like it and no better, or of the worst."""
        near = self._shop.total // ALIKE
        alike = [one for one in self._pool if distance(one.arrangement, member.arrangement) <= near]
        if any(one.length < member.length for one in alike):
            return
        self._pool = [one for one in self._pool if not any(one is other for other in alike)]
        self._pool.append(member)
        if len(self._pool) > POPULATION:
            self._pool.remove(max(self._pool, key=lambda one: one.length))

    def _next(self, progress: float) -> tuple[Ints, Ints]:
        """Choose where the next walk begins."""
        few = len(self._pool) < FEWEST or (len(self._pool) < POPULATION and progress < FILLING)
        if few and self._shop.total <= LONGEST_CONSTRUCTION:
            return self._construct()
        if len(self._pool) == 1:
            return self._pool[0].modes, self._pool[0].order
        i, j = self._source.choice(len(self._pool), 2, replace=False)
        a, b = self._pool[i], self._pool[j]
        share = float(self._source.uniform(*SHARES))
        return blend((a.modes, b.modes), (a.order, b.order), share, self._source)

    def _construct(self) -> tuple[Ints, Ints]:
        modes, order = (np.empty(self._shop.total, dtype=np.int64) for _ in range(2))
        construct(self._shop, self._graph, self._memory, self._after, modes, order)
        return modes, order
