"""The search of large plain shops, which divides its work among threads by itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from manyworks.scheduling.problem.data import Incumbent, ProblemData, Solution, Stop
from manyworks.scheduling.racing import reaches_target

FEWEST_OPERATIONS = 10_000
"""Operations beyond which changing one at a time is too slow."""


def is_wide(data: ProblemData) -> bool:
    """Whether a problem is a plain shop of that size, of which the makespan counts."""
    from manyworks.scheduling.engine.wide_shops import is_plain

    large = data.tables.total > FEWEST_OPERATIONS
    return large and set(data.objective.levels[0]) == {"makespan"} and is_plain(data.tables)


@dataclass(slots=True, kw_only=True)
class WideRace:
    """One search on all threads; a move is one look at the clock, about twenty thousand operations.

    Parameters
    ----------
    enough
        A cost that nothing can be below.
    tell
        Called at every look at the clock.
    """

    data: ProblemData
    incumbent: Incumbent
    stop: Stop
    enough: float
    tell: Callable[[], None]
    moves: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, *, seed: int, threads: int) -> None:
        """Search until a budget ends, the answer is good enough, or it is cancelled."""
        from manyworks.scheduling.engine.wide import improve_wide

        improve_wide(
            self.data,
            self.incumbent.solution,
            self._is_over,
            seed=seed,
            threads=threads,
            offer=self._offer,
        )

    def _offer(self, solution: Solution, cost: float) -> None:
        self.incumbent.offer(solution, cost, time.monotonic())

    def _is_over(self) -> bool:
        with self._lock:
            self.moves += 1
            self.tell()
        stop, incumbent = self.stop, self.incumbent
        late = stop.seconds is not None and time.monotonic() - incumbent.began >= stop.seconds
        enough = stop.iterations is not None and self.moves >= stop.iterations
        cancelled = stop.cancelled is not None and stop.cancelled()
        return late or enough or cancelled or incumbent.cost <= self.enough or reaches_target(incumbent, stop)
