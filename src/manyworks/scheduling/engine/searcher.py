"""What every search looks like to the one that runs them."""

from __future__ import annotations

from typing import Protocol

from manyworks.scheduling.problem.data import Solution


class Searcher(Protocol):
    """A search that goes on from a solution, a chunk of moves at a time; runs in a thread.

    ``cost`` is the price of the best so far by all goals (``Tables.price``), ``moves`` the moves made so far.
    """

    cost: float
    moves: int

    def run(self, moves: int, progress: float) -> None:
        """Make about so many moves; ``progress`` is the share of the whole budget that is used, 0 to 1."""

    def best(self) -> Solution:
        """Give the best solution so far."""

    def adopt(self, solution: Solution, cost: float) -> None:
        """Take note of a solution found elsewhere: go on from it, combine with it, or leave it."""
