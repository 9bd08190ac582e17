"""The side that asks: CP-SAT in a process of its own, beside a search or by itself.

OR-Tools and the solver of `quoting` carry the same library in different versions and cannot be loaded
together. A process also leaves this one responsive, and can be ended at any time.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import threading
from collections import deque
from dataclasses import replace
from pathlib import Path
from typing import Any

from manyworks.model import Finding, info, warning
from manyworks.scheduling.problem.data import Bound, ProblemData, Solution
from manyworks.scheduling.solvers.messages import (
    Bounded,
    Cancel,
    Done,
    Found,
    Offer,
    Order,
    Trouble,
    receive,
    send,
)
from manyworks.scheduling.solvers.support import is_installed, not_installed, suits_whole, supports

BOUND_KIND = "CP-SAT"
SMALL_MODES = 400
"""Modes up to which all the time goes into one model."""
SHARE_WHOLE = 0.3
"""Share of the time for one model of a larger problem, mostly for its bound; the rest is for windows."""
_END_SECONDS = 2.0


def _lean(data: ProblemData) -> ProblemData:
    """Only what a solver reads of a problem."""
    return replace(data, operations=(), jobs=(), resources=(), kinds=(), assumptions=())


def _environment() -> dict[str, str]:
    package = str(Path(__file__).absolute().parents[3])
    others = os.environ.get("PYTHONPATH", "")
    path = os.pathsep.join(filter(None, (package, others)))
    return {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class RemoteCpSat:
    """CP-SAT at work in another process; one order at a time, from any thread.

    Begins with `improve`, or with `ask`, which waits. The process stays for further orders until `close`.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._told = threading.Condition(self._lock)
        self._process: subprocess.Popen[bytes] | None = None
        self._number = 0
        self._found: deque[tuple[Solution, float]] = deque()
        self._best = float("inf")
        self._bound = 0.0
        self._done: Done | None = None
        self._notes: list[Finding] = []

    def improve(
        self,
        data: ProblemData,
        start: Solution | None,
        *,
        seconds: float,
        seed: int = 0,
        workers: int = 1,
        cutoff: float | None = None,
    ) -> None:
        """Let it work on a problem; results come by `poll`.

        Parameters
        ----------
        data
            The problem.
        start
            A valid solution; without one only the whole model is tried.
        seconds
            How long at most.
        seed
            Of all choices.
        workers
            Threads for the whole model; windows take one.
        cutoff
            Only solutions whose first level is at most this are of interest.
        """
        modes = len(data.tables.modes) - 1
        whole = 0.0
        if suits_whole(data):
            whole = seconds if modes <= SMALL_MODES or start is None else SHARE_WHOLE * seconds
        self._begin(
            data, start, seconds=seconds, whole_seconds=whole, seed=seed, workers=workers, cutoff=cutoff
        )

    def ask(
        self,
        data: ProblemData,
        *,
        seconds: float,
        hint: Solution | None = None,
        seed: int = 0,
        workers: int = 1,
        cutoff: float | None = None,
    ) -> Done | None:
        """Solve the whole of a problem and wait for it; see `cpsat.solve_whole`. None where that failed."""
        self._begin(
            data,
            hint,
            seconds=seconds,
            whole_seconds=seconds,
            seed=seed,
            workers=workers,
            cutoff=cutoff,
            prove=True,
        )
        with self._told:
            while self._done is None and self._is_alive():
                self._told.wait(0.5)
            return self._done

    def poll(self) -> list[tuple[Solution, float]]:
        """Give the solutions found since the last call, each better than the one before, with their costs."""
        with self._lock:
            found = list(self._found)
            self._found.clear()
            return found

    def offer(self, solution: Solution, cost: float) -> None:
        """Hand over a solution found elsewhere; windows go on from it if it is better."""
        with self._lock:
            if cost >= self._best:
                return
            self._best = cost
        self._send(Offer(solution=solution, cost=cost))

    def finished(self) -> bool:
        """Tell whether nothing is better than what was found, by all levels of the objective."""
        with self._lock:
            return self._done is not None and self._done.status == "optimal" and not self._found

    def is_working(self) -> bool:
        """Tell whether more may come."""
        with self._lock:
            return self._done is None and self._is_alive()

    @property
    def bound(self) -> Bound:
        """What no schedule is better than in the first level."""
        with self._lock:
            return Bound(value=self._bound, kind=BOUND_KIND)

    @property
    def notes(self) -> tuple[Finding, ...]:
        """What went wrong, or could not be done."""
        with self._lock:
            return tuple(self._notes)

    def cancel(self) -> None:
        """Stop working on the order; what was found stays, and the process is kept."""
        self._send(Cancel(number=self._number))

    def close(self) -> None:
        """End the process."""
        with self._lock:
            process, self._process = self._process, None
        _end(process)
        atexit.unregister(self.close)

    def _begin(self, data: ProblemData, start: Solution | None, **order: Any) -> None:
        trouble = _trouble_ahead(data)
        with self._lock:
            self._number += 1
            self._found.clear()
            self._best, self._bound, self._done = float("inf"), 0.0, None
            self._notes = [] if trouble is None else [trouble]
            if trouble is not None:
                self._done = Done(number=self._number, status="unknown")
                return
            self._running()
            number = self._number
        self._send(Order(number=number, data=_lean(data), start=start, **order))

    def _running(self) -> None:
        if self._is_alive():
            return
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "manyworks.scheduling.solvers.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            start_new_session=True,
        )
        self._process = process
        atexit.register(self.close)
        threading.Thread(target=self._listen, args=(process,), daemon=True).start()

    def _is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _send(self, message: Any) -> None:
        process = self._process
        if process is None or process.stdin is None:
            return
        try:
            with self._writing:
                send(process.stdin, message)  # type: ignore[arg-type]
        except (OSError, ValueError):
            return  # it died or was closed: the listener tells

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        while process.stdout is not None:
            try:
                message = receive(process.stdout)  # type: ignore[arg-type]
            except (OSError, ValueError, EOFError):
                message = None
            with self._told:
                self._note(process, message)
                self._told.notify_all()
            if message is None:
                return

    def _note(self, process: subprocess.Popen[bytes], message: Any) -> None:
        if process is not self._process:
            return
        if message is None:
            self._process = None
            if self._done is None:
                self._fail("its process ended")
        elif message.number != self._number:
            return
        elif isinstance(message, Found):
            self._best = min(self._best, message.cost)
            self._found.append((message.solution, message.cost))
        elif isinstance(message, Bounded):
            self._bound = max(self._bound, message.bound)
        elif isinstance(message, Done):
            self._bound, self._done = max(self._bound, message.bound), message
        elif isinstance(message, Trouble):
            self._fail(message.message.strip().splitlines()[-1])

    def _fail(self, why: str) -> None:
        self._done = Done(number=self._number, status="unknown")
        self._notes.append(
            warning(
                "scheduling.solver.failed",
                "CP-SAT",
                f"gave up: {why}",
                "the schedule comes from the other searches; report this if it happens again",
            )
        )


def _trouble_ahead(data: ProblemData) -> Finding | None:
    if not is_installed():
        return not_installed()
    reason = supports(data)
    if reason is None:
        return None
    return info("scheduling.solver.not-suited", "CP-SAT", f"is not used for this problem: {reason}")


def _end(process: subprocess.Popen[bytes] | None) -> None:
    if process is None:
        return
    process.kill()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        return
    for pipe in (process.stdin, process.stdout):
        try:
            if pipe is not None:
                pipe.close()
        except OSError:  # what was still to be written has no reader any more
            continue
