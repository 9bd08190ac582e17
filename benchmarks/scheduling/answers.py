"""What a contender gives back, before and after it was checked."""

from __future__ import annotations

from dataclasses import dataclass

from manyworks.scheduling.problem.data import ProblemData, Solution


@dataclass(slots=True, kw_only=True)
class Answer:
    """A contender's solution and what it claims; ``improvements`` are seconds and values."""

    status: str
    solution: Solution | None = None
    bound: float = float("-inf")
    bound_kind: str = ""
    improvements: tuple[tuple[float, float], ...] = ()
    moves: int = 0
    note: str = ""


def value_of(data: ProblemData, solution: Solution) -> float:
    """First level of the objective, worked out by the checker's own code."""
    from manyworks.scheduling.problem.checking import goals_of

    goals = goals_of(data, solution)
    return sum(price * goals[name] for name, price in data.objective.levels[0].items())
