"""Many attempts, the best one kept: every dispatching rule first, then shaken copies of the best."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from manyworks.scheduling import kernel
from manyworks.scheduling.calendars import FOREVER
from manyworks.scheduling.kernel import Guide, Outlook, Plan
from manyworks.scheduling.problems import Floats, Ints, Problem

# The ones that are quick and good first: a small budget may not reach the rest.
RULES = (
    kernel.EDD,
    kernel.WORK_REMAINING,
    kernel.SLACK,
    kernel.LEAST_SETUP,
    kernel.FIFO,
    kernel.ATC,
    kernel.WEIGHTED_SHORTEST,
    kernel.SHORTEST,
)
# Without a budget: as many attempts as place this many works, within the two limits.
PLACEMENTS_BY_DEFAULT = 200_000
MOST_ATTEMPTS_BY_DEFAULT = 500
# One shaken attempt in so many starts from a rule instead of from the best schedule.
RULE_EVERY = 5
# Work without a price of being late still has a place in rules that divide by the price.
LEAST_WEIGHT = 1e-6

Score = tuple[int, float, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The best plan found, its score (left out, tardiness, makespan) and what bounds it."""

    plan: Plan
    score: Score
    bound: float
    shortest_makespan_s: int
    attempts: int


def look_ahead(problem: Problem) -> tuple[Outlook, Ints]:
    """Work out how urgent each work is and how early it could end, were every resource free."""
    order = kernel.topological_order(problem)
    earliest = kernel.earliest_ends(problem, order)
    works, modes = problem.works[:-1], problem.modes[:-1]
    dated = works["due"] < FOREVER
    # Work without a due date is ranked as if due when the last dated work is, or at the earliest end of all.
    undated_due = max(works["due"][dated].max(initial=0), earliest.max(initial=0))
    ranks = np.zeros(problem.total, dtype=kernel.RANK)
    ranks["shortest"] = np.minimum.reduceat(modes["duration"], works["first_mode"])
    ranks["due"] = np.where(dated, works["due"], undated_due)
    ranks["weight"] = np.maximum(np.where(dated, works["weight"], 0.0), LEAST_WEIGHT)
    kernel.rank_backward(problem, order, ranks)
    mean_run, mean_setup = float(ranks["shortest"].mean()), float(modes["setup"].mean())
    return Outlook(ranks, max(mean_run, 1.0), max(mean_setup, 1.0)), earliest


def tardiness_bound(problem: Problem, earliest: Ints) -> float:
    """Summed weighted tardiness that no schedule can beat: each work at its earliest possible end.

    Works that cannot end within their calendars count as nothing.
    """
    works = problem.works[:-1]
    return float(np.sum(works["weight"] * np.maximum(earliest - works["due"], 0)))


@dataclass(slots=True)
class _Best:
    plan: Plan
    guide: Guide
    score: Score

    def keep(self, plan: Plan, guide: Guide, score: Score) -> None:
        for mine, better in zip(self.plan, plan, strict=True):
            mine[:] = better
        self.guide, self.score = guide, score


def _rule_guides(problem: Problem) -> Iterator[Guide]:
    """Every rule once: the cheap ones, which look at each work once, before the thorough ones."""
    nothing = np.zeros(problem.total)
    bias = np.zeros(len(problem.modes) - 1, dtype=np.int64)
    for parallel in (False, True):
        for rule in RULES:
            yield Guide(rule, parallel, nothing, nothing, bias)


def _shaken_rule(problem: Problem, rng: np.random.Generator) -> Guide:
    works = problem.total
    strength = 10.0 ** rng.uniform(-2.0, 0.0)
    return Guide(
        int(rng.choice(RULES)),
        bool(rng.integers(2)),
        np.zeros(works),
        rng.uniform(-strength, strength, works),
        np.zeros(len(problem.modes) - 1, dtype=np.int64),
    )


def _some(count: int, rng: np.random.Generator) -> Ints:
    """Between one and all of ``count`` numbers, few more often than many."""
    size = round(count ** rng.uniform(0.0, 1.0))
    chosen: Ints = rng.choice(count, size=max(size, 1), replace=False)
    return chosen


def _shaken_copy(problem: Problem, look: Outlook, best: _Best, rng: np.random.Generator) -> Guide:
    """Take the order of the best schedule, move some works in it, sometimes favour other modes."""
    keys: Floats = best.plan.jobs["start"].astype(np.float64)
    moved = _some(len(keys), rng)
    reach = look.mean_run * 10.0 ** rng.uniform(-0.5, 1.5)
    keys[moved] += rng.uniform(-reach, reach, len(moved))
    bias = best.guide.bias.copy()
    if rng.integers(2):
        modes = _some(len(bias), rng)
        bias[modes] = np.where(rng.random(len(modes)) < 0.5, 0, rng.uniform(0, reach, len(modes))).astype(
            np.int64
        )
    return Guide(kernel.GIVEN, False, keys, np.zeros(len(keys)), bias)


def _guides(problem: Problem, look: Outlook, best: _Best, seed: int) -> Iterator[Guide]:
    yield from _rule_guides(problem)
    rng = np.random.default_rng(seed)
    number = 0
    while True:
        number += 1
        if number % RULE_EVERY == 0:
            yield _shaken_rule(problem, rng)
        else:
            yield _shaken_copy(problem, look, best, rng)


def default_attempts(works: int) -> int:
    """Attempts made when no budget is given; at least one."""
    return max(1, min(MOST_ATTEMPTS_BY_DEFAULT, PLACEMENTS_BY_DEFAULT // works))


def _kept_going(attempts: int, deadline: float | None, iterations: int | None) -> bool:
    if attempts == 0:
        return True
    return (iterations is None or attempts < iterations) and (deadline is None or time.monotonic() < deadline)


def search(
    problem: Problem, resources: int, *, seconds: float | None, iterations: int | None, seed: int
) -> Outcome:
    """Attempt schedules until a budget ends or nothing better can exist; at least one attempt is made.

    Parameters
    ----------
    problem
        Flat arrays of at least one work.
    resources
        Number of resources.
    seconds, iterations
        Budgets; the first to end stops the search. With neither, `default_attempts`.
    seed
        Of the random attempts; with ``iterations`` alone, equal seeds give equal outcomes.
    """
    began = time.monotonic()
    if seconds is None and iterations is None:
        iterations = default_attempts(problem.total)
    deadline = None if seconds is None else began + seconds
    look, earliest = look_ahead(problem)
    bound, shortest = tardiness_bound(problem, earliest), int(earliest.max())
    plan = kernel.empty_plan(problem, resources)
    first = next(_rule_guides(problem))
    best = _Best(kernel.empty_plan(problem, resources), first, (problem.total + 1, 0.0, 0))
    attempts = 0
    for guide in _guides(problem, look, best, seed):
        if not _kept_going(attempts, deadline, iterations) or best.score == (0, bound, shortest):
            break
        kernel.dispatch(problem, look, guide, plan)
        score = kernel.score(problem, plan)
        attempts += 1
        if score < best.score:
            best.keep(plan, guide, score)
    return Outcome(
        plan=best.plan, score=best.score, bound=bound, shortest_makespan_s=shortest, attempts=attempts
    )
