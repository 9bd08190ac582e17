"""Whether a budget makes sense, and the one that is taken where none is given."""

from __future__ import annotations

import math
from dataclasses import replace

from manyworks.model import Finding, error
from manyworks.scheduling.problem.data import Stop

TIMINGS_BY_DEFAULT = 4_000_000
"""Operations timed by the moves that are made where no budget is given."""
FEWEST_MOVES, MOST_MOVES = 200, 100_000


def check_budget(seconds: float | None, iterations: int | None) -> list[Finding]:
    """Say what is wrong with a budget of wall-clock seconds and of moves."""
    findings = []
    if seconds is not None and not (math.isfinite(seconds) and seconds >= 0):
        findings.append(
            error(
                "scheduling.budget.bad", "seconds", f"budget is {seconds} s, expected a finite number from 0"
            )
        )
    if iterations is not None and iterations < 1:
        findings.append(
            error("scheduling.budget.bad", "iterations", f"budget is {iterations} moves, expected at least 1")
        )
    return findings


def default_moves(operations: int) -> int:
    """Moves made where no budget is given: fewer for larger problems, the same for equal ones."""
    return max(FEWEST_MOVES, min(MOST_MOVES, TIMINGS_BY_DEFAULT // max(operations, 1)))


def with_budget(stop: Stop, operations: int) -> Stop:
    """Give a budget of moves to a stop that has neither time nor moves."""
    if stop.seconds is None and stop.iterations is None:
        return replace(stop, iterations=default_moves(operations))
    return stop
