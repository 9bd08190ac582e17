"""The process with OR-Tools: takes orders, tells of better solutions and bounds, ends with its parent."""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
import time
import traceback
from types import ModuleType
from typing import Any, BinaryIO

from manyworks.scheduling.problem.data import Solution, Stop
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


def main() -> None:
    """Answer orders of the standard input on the standard output."""
    answers = _private_output()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    desk = Desk(answers)
    threading.Thread(target=desk.listen, args=(sys.stdin.buffer,), daemon=True).start()
    _warm_up()
    desk.work()


def _private_output() -> BinaryIO:
    """The real standard output; whatever libraries print goes to the error output instead."""
    mine = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return mine


def spare_pandas() -> None:
    """Load OR-Tools without pandas: its series of variables, not used here, are most of the loading time."""
    if "pandas" in sys.modules:
        return
    placeholder: Any = ModuleType("pandas")
    placeholder.Series, placeholder.Index = type("Series", (), {}), type("Index", (), {})
    sys.modules["pandas"] = placeholder
    try:
        from ortools.sat.python import cp_model  # noqa: F401
    finally:
        del sys.modules["pandas"]


def _warm_up() -> None:
    """Load OR-Tools and the engine before the first order comes."""
    spare_pandas()
    from manyworks.scheduling.engine import sweep  # noqa: F401
    from manyworks.scheduling.solvers import windows  # noqa: F401


class Desk:
    """Orders come in by one thread and are worked on in another."""

    def __init__(self, answers: BinaryIO) -> None:
        self._answers = answers
        self._orders: queue.SimpleQueue[Order] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._offer: Offer | None = None
        self._switch: Any = None
        self._cancelled = 0  # orders up to this number are not wanted any more

    def listen(self, stream: BinaryIO) -> None:
        """Read messages until the parent is gone, and then end the process at once."""
        while (message := receive(stream)) is not None:
            if isinstance(message, Order):
                self._orders.put(message)
            elif isinstance(message, Cancel):
                self._cancel(message.number)
            else:
                self._note(message)
        os._exit(0)

    def work(self) -> None:
        """Work on one order after another."""
        while True:
            order = self._orders.get()
            try:
                self._tell(self._carry_out(order))
            except Exception:  # told to the parent, which knows what to do without this process
                self._tell(Trouble(number=order.number, message=traceback.format_exc(limit=-3)))

    def _tell(self, message: Any) -> None:
        send(self._answers, message)

    def _note(self, offer: Offer) -> None:
        with self._lock:
            if self._offer is None or offer.cost < self._offer.cost:
                self._offer = offer

    def _cancel(self, number: int) -> None:
        with self._lock:
            self._cancelled = max(self._cancelled, number)
            if self._switch is not None:
                self._switch.turn_off()

    def _carry_out(self, order: Order) -> Done:
        from manyworks.scheduling.solvers.cpsat import Switch

        with self._lock:
            self._offer, self._switch = None, Switch()
            if order.number <= self._cancelled:
                return Done(number=order.number, status="unknown")
        task = _Task(order, self._tell, self._switch)
        ends_at = time.monotonic() + order.seconds
        if order.whole_seconds > 0:
            task.solve_whole(min(order.whole_seconds, order.seconds))
        left = ends_at - time.monotonic()
        if not (order.prove or task.is_proven or task.best is None or left <= 0):
            stop = Stop(seconds=left, cancelled=lambda: order.number <= self._cancelled)
            task.improve(stop, self._take_offer)
        return task.done()

    def _take_offer(self) -> Offer | None:
        with self._lock:
            offer, self._offer = self._offer, None
        return offer


class _Task:
    """One order, as far as it is done."""

    def __init__(self, order: Order, tell: Any, switch: Any) -> None:
        self.order = order
        self.tell = tell
        self.switch = switch
        self.best = order.start
        self.cost = float("inf")
        self.bound = 0.0
        self.status = "unknown"
        self.answer: Solution | None = None
        if order.start is not None:
            self._settle(order.start)

    @property
    def is_proven(self) -> bool:
        """Whether nothing is better."""
        return self.status in {"optimal", "infeasible"}

    def done(self) -> Done:
        """Say how it ended."""
        return Done(number=self.order.number, status=self.status, bound=self.bound, solution=self.answer)

    def _settle(self, found: Solution) -> bool:
        """Keep a solution if it is better."""
        from manyworks.scheduling.solvers.settling import settle

        solution, cost = settle(self.order.data, found)
        if cost >= self.cost:
            return False
        self.best, self.cost = solution, cost
        return True

    def _found(self, solution: Solution, bound: float) -> None:
        if bound > self.bound:
            self.bound = bound
            self.tell(Bounded(number=self.order.number, bound=bound))
        if self._settle(solution) and self.best is not None:
            self.tell(Found(number=self.order.number, solution=self.best, cost=self.cost))

    def solve_whole(self, seconds: float) -> None:
        """Put the whole problem into one model."""
        from manyworks.scheduling.solvers.cpsat import Effort, solve_whole

        order = self.order
        effort = Effort(seconds=seconds, workers=order.workers, seed=order.seed, switch=self.switch)
        answer = solve_whole(order.data, effort, hint=self.best, cutoff=order.cutoff, found=self._found)
        self.status, self.answer = answer.status, answer.solution
        if answer.solution is not None:
            self._found(answer.solution, answer.bound)
        elif answer.bound > self.bound:
            self.bound = answer.bound
            self.tell(Bounded(number=order.number, bound=answer.bound))

    def improve(self, stop: Stop, take_offer: Any) -> None:
        """Go on window by window."""
        from manyworks.scheduling.solvers.windows import improve_by_windows

        def exchange(solution: Solution, cost: float) -> tuple[Solution, float] | None:
            if cost < self.cost:
                self.best, self.cost = solution, cost
                self.tell(Found(number=self.order.number, solution=solution, cost=cost))
            offer = take_offer()
            if offer is None:
                return None
            self.cost = min(self.cost, offer.cost)
            return offer.solution, offer.cost

        if self.best is not None:
            improve_by_windows(self.order.data, self.best, stop, self.order.seed, exchange, self.switch)


if __name__ == "__main__":
    main()
