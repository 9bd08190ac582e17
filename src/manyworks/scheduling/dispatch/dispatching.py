"""Dispatching from Python: one rule, or the best of many attempts."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from manyworks.model import Finding, error
from manyworks.scheduling.dispatch import rules as numbers
from manyworks.scheduling.dispatch.board import Board, empty_board
from manyworks.scheduling.dispatch.generation import Guide, begin, place, score
from manyworks.scheduling.dispatch.outlook import Outlook, look_ahead
from manyworks.scheduling.dispatch.rules import Rule, rules
from manyworks.scheduling.errors import SchedulingError
from manyworks.scheduling.problem.data import ProblemData, Solution
from manyworks.scheduling.problem.tables import NONE, Floats, Ints, Tables

STEPS_PER_CALL = 5_000
"""Placements between two looks at the clock."""
PLACEMENTS_BY_DEFAULT = 200_000
MOST_ATTEMPTS_BY_DEFAULT = 500
"""Without a budget: as many attempts as place this many operations, within this limit."""
RULE_EVERY = 5
"""One shaken attempt in so many starts from a rule instead of from the best schedule."""
LONGEST_LIST = 50
"""Operations without room that are named one by one."""


class _Score(NamedTuple):
    """Operations left out, then the price of the goals; smaller is better."""

    left_out: int
    cost: float


@dataclass(slots=True)
class _Best:
    """The best attempt so far, and what guided it."""

    solution: Solution
    guide: Guide
    score: _Score


def _free_guide(problem: Tables, rule: Rule) -> Guide:
    return Guide(
        rule=rule.number,
        scales=(rule.look, rule.setup_look),
        parallel=rule.parallel,
        keys=np.zeros(problem.total),
        noise=np.zeros(problem.total),
        bias=np.zeros(len(problem.modes) - 1, dtype=np.int64),
        wanted=np.full(problem.total, NONE, dtype=np.int64),
    )


def _solution_of(board: Board) -> Solution:
    return Solution(*(board.jobs[name].copy() for name in ("mode", "start", "end", "setup")))


def _attempt(
    problem: Tables, look: Outlook, guide: Guide, board: Board, give_up: Callable[[], bool] | None = None
) -> bool:
    """Fill the board; tells whether it got to the end."""
    begin(problem, look, guide, board)
    while place(problem, look, guide, board, STEPS_PER_CALL):
        if give_up is not None and give_up():
            return False
    return True


def dispatch(
    data: ProblemData,
    rule: Rule,
    *,
    keys: Floats | None = None,
    modes: Ints | None = None,
    noise: float = 0.0,
    seed: int = 0,
) -> Solution:
    """Place all operations by one rule.

    Parameters
    ----------
    data
        The problem, all constraints allowed.
    rule
        One of `rules`, or one with the number `rules.GIVEN` together with ``keys``.
    keys
        (operations,), the smallest is placed first; with the starts of a solution (and its ``modes``) its
        order is kept, and gaps are closed.
    modes
        (operations,), rows of modes to be taken, -1 where free.
    noise
        Keys are multiplied by one plus a random number up to this.
    seed
        Of the noise.

    Returns
    -------
    Solution
        Every constraint holds, but for deadlines (and starts of frozen operations that wait for others),
        which rules can only aim at.

    Raises
    ------
    SchedulingError
        ``scheduling.horizon.ends``: operations find no room before the calendars end; each is named.
    """
    problem = data.tables
    guide = _free_guide(problem, rule)
    if keys is not None:
        guide = guide._replace(keys=np.ascontiguousarray(keys, dtype=np.float64))
    if modes is not None:
        guide = guide._replace(wanted=np.ascontiguousarray(modes, dtype=np.int64))
    if noise > 0.0:
        rng = np.random.default_rng(seed)
        guide = guide._replace(noise=rng.uniform(-noise, noise, problem.total))
    board = empty_board(problem)
    _attempt(problem, look_ahead(problem), guide, board)
    return _complete(data, _solution_of(board))


def _shaken_rule(problem: Tables, rng: np.random.Generator) -> Guide:
    known = rules()
    strength = 10.0 ** rng.uniform(-2.0, 0.0)
    guide = _free_guide(problem, known[int(rng.integers(len(known)))])
    return guide._replace(noise=rng.uniform(-strength, strength, problem.total))


def _some(count: int, rng: np.random.Generator) -> Ints:
    """Between one and all of ``count`` numbers, few more often than many."""
    size = round(count ** rng.uniform(0.0, 1.0))
    chosen: Ints = rng.choice(count, size=max(size, 1), replace=False)
    return chosen


def _shaken_copy(problem: Tables, look: Outlook, best: _Best, rng: np.random.Generator) -> Guide:
    """Take the order of the best schedule, move some operations in it, sometimes favour other modes."""
    keys = best.solution.start.astype(np.float64)
    moved = _some(len(keys), rng)
    reach = look.mean_run * 10.0 ** rng.uniform(-0.5, 1.5)
    keys[moved] += rng.uniform(-reach, reach, len(moved))
    bias = best.guide.bias.copy()
    if rng.integers(2):
        chosen = _some(len(bias), rng)
        extra = rng.uniform(0, reach, len(chosen))
        bias[chosen] = np.where(rng.random(len(chosen)) < 0.5, 0, extra).astype(np.int64)
    guide = _free_guide(problem, Rule(name="given", number=numbers.GIVEN))
    return guide._replace(keys=keys, bias=bias)


def _guides(problem: Tables, look: Outlook, best: _Best, seed: int) -> Iterator[Guide]:
    for rule in rules():
        yield _free_guide(problem, rule)
    rng = np.random.default_rng(seed)
    number = 0
    while True:
        number += 1
        if number % RULE_EVERY == 0:
            yield _shaken_rule(problem, rng)
        else:
            yield _shaken_copy(problem, look, best, rng)


def default_attempts(operations: int) -> int:
    """Attempts made when no budget is given; at least one."""
    return max(1, min(MOST_ATTEMPTS_BY_DEFAULT, PLACEMENTS_BY_DEFAULT // max(operations, 1)))


def best_of_rules(
    data: ProblemData,
    *,
    seconds: float | None = None,
    count: int | None = None,
    seed: int = 0,
    cancelled: Callable[[], bool] | None = None,
) -> Solution:
    """Make many schedules and keep the best: every rule once (see `rules`), then shaken copies of the best.

    Parameters
    ----------
    data
        The problem, all constraints allowed.
    seconds, count
        Budgets of wall-clock time and of attempts, whichever ends first; with neither `default_attempts`.
        A count of 50 is each rule once. The first attempt is always finished.
    seed
        Of the shaken attempts. Without ``seconds``, equal problem and seed give equal answers.
    cancelled
        Asked every few hundredths of a second, but not in the first attempt.

    Returns
    -------
    Solution
        The one with the least price of all goals, see `dispatch`.

    Raises
    ------
    SchedulingError
        ``scheduling.horizon.ends``: operations find no room before the calendars end; each is named.
    """
    deadline = math.inf if seconds is None else time.monotonic() + seconds
    if seconds is None and count is None:
        count = default_attempts(data.tables.total)

    def give_up() -> bool:
        return time.monotonic() >= deadline or (cancelled is not None and cancelled())

    return _complete(data, _best_attempt(data.tables, count, seed, give_up).solution)


def _best_attempt(problem: Tables, count: int | None, seed: int, give_up: Callable[[], bool]) -> _Best:
    look, board = look_ahead(problem), empty_board(problem)
    first = _free_guide(problem, rules()[0])
    _attempt(problem, look, first, board)
    best = _Best(_solution_of(board), first, _Score(*score(problem, board)))
    guides = _guides(problem, look, best, seed)
    next(guides)
    for made, guide in enumerate(guides, 1):
        if (count is not None and made >= count) or give_up():
            break
        if not _attempt(problem, look, guide, board, give_up):
            break
        reached = _Score(*score(problem, board))
        if reached < best.score:
            best.solution, best.guide, best.score = _solution_of(board), guide, reached
    return best


def improve(
    data: ProblemData,
    start: Solution,
    stopped: Callable[[], bool],
    *,
    seed: int = 0,
    offer: Callable[[Solution, float], None] = lambda _solution, _cost: None,
) -> Solution:
    """Shake a schedule of any problem, and rules, until told to stop.

    Parameters
    ----------
    start
        A valid solution.
    stopped
        Asked every few hundredths of a second.
    offer
        Called with each better solution and its price of all goals.

    Returns
    -------
    Solution
        The best, or ``start`` itself.
    """
    problem = data.tables
    look, board = look_ahead(problem), empty_board(problem)
    guide = _free_guide(problem, Rule(name="given", number=numbers.GIVEN))
    for name, column in zip(("mode", "start", "end", "setup"), start, strict=True):
        board.jobs[name] = column
    best = _Best(start, guide, _Score(*score(problem, board)))
    for guide in _guides(problem, look, best, seed):
        if stopped() or not _attempt(problem, look, guide, board, stopped):
            break
        reached = _Score(*score(problem, board))
        if reached < best.score:
            best.solution, best.guide, best.score = _solution_of(board), guide, reached
            offer(best.solution, reached.cost)
    return best.solution


def _complete(data: ProblemData, solution: Solution) -> Solution:
    """Give the solution back if all is placed."""
    findings = left_out(data, solution)
    if findings:
        raise SchedulingError(findings)
    return solution


def left_out(data: ProblemData, solution: Solution) -> list[Finding]:
    """Name the operations that did not fit; not those that only wait for such a one."""
    p = data.tables
    absent = solution.mode == NONE
    if not absent.any():
        return []
    waits = np.zeros(p.total, dtype=bool)
    waiting = np.repeat(np.arange(p.total), np.diff(p.operations["first_before"]))
    np.logical_or.at(waits, waiting, absent[p.befores["operation"]])
    causes = np.flatnonzero(absent & ~waits)
    findings = [_horizon_finding(data, int(o)) for o in causes[:LONGEST_LIST]]
    if len(causes) > LONGEST_LIST:
        more = f"{len(causes) - LONGEST_LIST} more operations do not fit"
        findings.append(error("scheduling.horizon.ends", data.name, more))
    return findings


def _closing_time(p: Tables, mode: int) -> int:
    """When the calendar of a mode ends for good."""
    calendar = int(p.modes[mode]["calendar"])
    return int(p.intervals[p.first_interval[calendar + 1] - 1]["end"])


def _horizon_finding(data: ProblemData, o: int) -> Finding:
    p = data.tables
    modes = range(int(p.operations[o]["first_mode"]), int(p.operations[o + 1]["first_mode"]))
    end, mode = max((_closing_time(p, mode), mode) for mode in modes)
    held = p.holds[p.modes[mode]["first_hold"] : p.modes[mode + 1]["first_hold"]]
    names = ", ".join(repr(data.resources[resource]) for resource in held)
    return error(
        "scheduling.horizon.ends",
        data.operations[o],
        f"finds no room before the calendars end: that of {names} ends at {end}, the latest of its modes",
        "extend the calendars, add capacity, or drop some work",
    )
