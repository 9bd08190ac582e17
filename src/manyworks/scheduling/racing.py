"""Several searches side by side, each in a thread of its own, that tell each other what they found."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from manyworks.model import Finding
from manyworks.scheduling.engine.searcher import Searcher
from manyworks.scheduling.problem.data import Bound, Incumbent, Solution, Stop

CHUNK_S = 0.04
"""Aimed-at time between two looks at the clock."""
FIRST_CHUNK = 20
LONGEST_STEP_UP = 4.0
ROUND_MOVES = 1000
"""Moves between two looks with a budget of moves; fixed, so that equal seeds give equal answers."""
ROUNDS_TO_EXCHANGE = 25


class Companion(Protocol):
    """Something that searches outside of the threads, in a process of its own, and sends what it finds."""

    def poll(self) -> Sequence[tuple[Solution, float]]:
        """Give the solutions found since the last call, with their costs."""

    def offer(self, solution: Solution, cost: float) -> None:
        """Hand over a better solution found elsewhere."""

    def finished(self) -> bool:
        """Whether the problem is solved for good: nothing is better than what was polled."""

    @property
    def bound(self) -> Bound:
        """What nothing is better than in the first level."""

    @property
    def notes(self) -> Sequence[Finding]:
        """What is to be said about its part."""

    def cancel(self) -> None:
        """Stop working on the problem."""


@dataclass(slots=True, kw_only=True)
class _Lane:
    """A searcher with the moves it makes in one go."""

    searcher: Searcher
    chunk: int = FIRST_CHUNK

    def run(self, progress: float) -> None:
        """Make one chunk of moves and size the next one to take about `CHUNK_S`."""
        began = time.perf_counter()
        self.searcher.run(self.chunk, progress)
        spent = max(time.perf_counter() - began, 1e-6)
        self.chunk = max(1, int(self.chunk * min(CHUNK_S / spent, LONGEST_STEP_UP)))


def reaches_target(incumbent: Incumbent, stop: Stop) -> bool:
    """Whether the first level is at the value that was asked for, or below."""
    found = incumbent.improvements
    return stop.objective is not None and bool(found) and found[-1][1] <= stop.objective


@dataclass(slots=True, kw_only=True)
class Race:
    """Searchers that start together and stop together.

    Parameters
    ----------
    enough
        A cost that nothing can be below; the race ends when it is reached.
    accept
        Whether a solution of the companion, which does not use the evaluator, is valid.
    tell
        Called about every `CHUNK_S` seconds.
    refused
        Solutions of the companion that were not accepted.
    """

    searchers: Sequence[Searcher]
    incumbent: Incumbent
    stop: Stop
    enough: float
    companion: Companion | None = None
    accept: Callable[[Solution], bool] = lambda _: True
    tell: Callable[[], None] = lambda: None
    refused: int = 0

    def run(self) -> None:
        """Search until a budget ends, the answer is good enough, or it is cancelled."""
        lanes = [_Lane(searcher=searcher) for searcher in self.searchers]
        rounds = 0
        with ThreadPoolExecutor(max(len(lanes), 1)) as pool:
            while not self._is_over():
                self._run_round(lanes, pool)
                self._gather()
                rounds += 1
                if rounds % ROUNDS_TO_EXCHANGE == 0:
                    self._exchange()
                self.tell()

    @property
    def moves(self) -> int:
        """Moves made by the searcher that made most."""
        return max((searcher.moves for searcher in self.searchers), default=0)

    def _progress(self) -> float:
        """Share of the budget that is used, by the one that ends first."""
        share = 0.0
        if self.stop.seconds is not None:
            elapsed = time.monotonic() - self.incumbent.began
            share = elapsed / max(self.stop.seconds, 1e-9)
        if self.stop.iterations is not None:
            share = max(share, self.moves / max(self.stop.iterations, 1))
        return min(share, 1.0)

    def _is_over(self) -> bool:
        cancelled = self.stop.cancelled is not None and self.stop.cancelled()
        solved = self.companion is not None and self.companion.finished()
        good = self.incumbent.cost <= self.enough or reaches_target(self.incumbent, self.stop)
        return cancelled or solved or good or self._progress() >= 1.0

    def _run_round(self, lanes: Sequence[_Lane], pool: ThreadPoolExecutor) -> None:
        progress = self._progress()
        if not lanes:
            time.sleep(CHUNK_S)
        elif self.stop.iterations is not None:
            moves = min(ROUND_MOVES, max(self.stop.iterations - self.moves, 1))
            list(pool.map(lambda lane: lane.searcher.run(moves, progress), lanes))
        else:
            list(pool.map(lambda lane: lane.run(progress), lanes))

    def _gather(self) -> None:
        """Keep what is better than the best so far."""
        now = time.monotonic()
        for searcher in self.searchers:
            if searcher.cost < self.incumbent.cost:
                self.incumbent.offer(searcher.best(), searcher.cost, now)
        for solution, cost in self.companion.poll() if self.companion is not None else ():
            if cost >= self.incumbent.cost:
                continue
            if self.accept(solution):
                self.incumbent.offer(solution, cost, now)
                self._exchange()
            else:
                self.refused += 1

    def _exchange(self) -> None:
        """Tell all that are behind of the best so far."""
        for searcher in self.searchers:
            if searcher.cost > self.incumbent.cost:
                searcher.adopt(self.incumbent.solution, self.incumbent.cost)
        if self.companion is not None:
            self.companion.offer(self.incumbent.solution, self.incumbent.cost)
