"""From a problem to a schedule that an independent checker accepted, with a bound of how good it can be."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from manyworks.model import Finding, errors
from manyworks.scheduling.budgets import check_budget, with_budget
from manyworks.scheduling.errors import SchedulingError
from manyworks.scheduling.first_schedules import first_solutions, is_queued
from manyworks.scheduling.portfolio import Team, choose_team, processors, release
from manyworks.scheduling.problem.data import (
    Bound,
    Incumbent,
    Objective,
    ProblemData,
    Result,
    Solution,
    Stop,
)
from manyworks.scheduling.warming import warm_up

Progress = Callable[[float, float, float, str], None]
"""Called with seconds since the start, objective, bound, and what is being done."""

PROOF = "CP-SAT"
TIE = 1e-9
"""Relative difference below which an objective counts as equal to its bound."""


@dataclass(slots=True, kw_only=True)
class _Standing:
    """What is known so far: best solution, bounds of each level, remarks."""

    data: ProblemData
    incumbent: Incumbent
    bounds: tuple[Bound, ...]
    notes: list[Finding]
    moves: int = 0
    proven: bool = False


def level_data(data: ProblemData, level: int) -> ProblemData:
    """Look at one level of the objective alone."""
    return replace(data, objective=Objective(levels=(data.objective.levels[level],)))


def _level_bounds(data: ProblemData) -> tuple[Bound, ...]:
    from manyworks.scheduling.bounds import lower_bound

    return tuple(lower_bound(level_data(data, level)) for level in range(len(data.objective.levels)))


def _enough(data: ProblemData, bounds: tuple[Bound, ...]) -> float:
    """Cost that no solution is below: every level at its bound."""
    from manyworks.scheduling.problem.numbering import LEVEL_RATIO

    total = sum(bound.value * LEVEL_RATIO**depth for depth, bound in enumerate(bounds))
    return total + TIE * max(1.0, abs(total))


def _first(data: ProblemData, start: Solution | None, stop: Stop, seed: int) -> tuple[Solution, float]:
    """Solution to begin with, left-shifted, and its cost: the one handed in, or the best of a few rules."""
    if start is None and is_queued(data):
        return _queued(data)
    from manyworks.scheduling.engine.sweep import solution_of, state_of, total_cost

    found = first_solutions(data, stop, seed) if start is None else iter([start])
    states = (state_of(data.tables, solution) for solution in found)
    best = min(states, key=lambda state: total_cost(data.tables, state))
    return solution_of(best), total_cost(data.tables, best)


def _queued(data: ProblemData) -> tuple[Solution, float]:
    from manyworks.scheduling.engine.wide import first_schedule
    from manyworks.scheduling.engine.wide_shops import price_of

    found = first_schedule(data)
    return found, price_of(data.tables, found)


def solve(
    data: ProblemData,
    stop: Stop | None = None,
    *,
    seed: int = 0,
    threads: int | None = None,
    start: Solution | None = None,
    progress: Progress | None = None,
) -> Result:
    """Find a good schedule and say how good it provably is.

    Dispatching rules give a first schedule at once; then searches that suit the problem go on from it
    side by side until a budget ends or the bound is reached.

    Parameters
    ----------
    data
        The problem.
    stop
        Budgets; without time and moves, a number of moves that depends on the number of operations. The
        clock starts when all compiled code is loaded, which takes a second, and longer the first time ever.
    seed
        Of all random choices.
    threads
        Searches side by side; by default one for each processor.
    start
        A valid solution to begin with, as when planning again.
    progress
        Called some twenty times a second.

    Returns
    -------
    Result
        Accepted by the independent checker.

    Raises
    ------
    SchedulingError
        A budget that makes no sense, or no room for some operation before the calendars end.
    """
    stop = with_budget(stop or Stop(), data.tables.total)
    findings = check_budget(stop.seconds, stop.iterations)
    if findings:
        raise SchedulingError(findings)
    warm_up(data)
    began = time.monotonic()
    solution, cost = _first(data, start, stop, seed)
    incumbent = Incumbent(
        solution=solution, cost=cost, began=began, value=lambda found: _first_level(data, found)
    )
    incumbent.note(time.monotonic())
    bounds = _level_bounds(data)
    standing = _Standing(data=data, incumbent=incumbent, bounds=bounds, notes=list(data.assumptions))
    _search(standing, stop, seed=seed, threads=threads or processors(), progress=progress)
    return _judged(standing, stop, time.monotonic() - began)


def _search(standing: _Standing, stop: Stop, *, seed: int, threads: int, progress: Progress | None) -> None:
    """Improve the incumbent until a budget ends or nothing better can exist."""
    from manyworks.scheduling.racing_wide import WideRace, is_wide

    incumbent = standing.incumbent
    enough = _enough(standing.data, standing.bounds)
    _tell(standing, progress)
    if incumbent.cost <= enough:
        return
    if not is_wide(standing.data):
        team = choose_team(
            standing.data, incumbent.solution, seed=seed, threads=threads, seconds=stop.seconds
        )
        _race(standing, team, stop, progress)
        return
    race = WideRace(
        data=standing.data,
        incumbent=incumbent,
        stop=stop,
        enough=enough,
        tell=lambda: _tell(standing, progress),
    )
    race.run(seed=seed, threads=threads)
    standing.moves = race.moves


def _race(standing: _Standing, team: Team, stop: Stop, progress: Progress | None) -> None:
    """Let a team search, and take over what its companion proves."""
    from manyworks.scheduling.problem.checking import check_solution
    from manyworks.scheduling.racing import Race

    standing.notes += team.notes
    race = Race(
        searchers=team.searchers,
        incumbent=standing.incumbent,
        stop=stop,
        enough=_enough(standing.data, standing.bounds),
        companion=team.companion,
        accept=lambda solution: not errors(check_solution(standing.data, solution)),
    )

    def tell() -> None:
        if team.companion is not None and team.companion.bound.value > standing.bounds[0].value:
            standing.bounds = (team.companion.bound, *standing.bounds[1:])
            race.enough = _enough(standing.data, standing.bounds)
        _tell(standing, progress)

    race.tell = tell
    try:
        race.run()
    finally:
        standing.moves = race.moves
        if team.companion is not None:
            standing.notes += team.companion.notes
            standing.proven = team.companion.finished() and not race.refused
        release(team)


def _first_level(data: ProblemData, solution: Solution) -> float:
    """Work out the first level of the objective."""
    from manyworks.scheduling.problem.checking import goals_of

    level = data.objective.levels[0]
    if set(level) == {"makespan"}:
        return level["makespan"] * float(solution.end.max(initial=0))
    goals = goals_of(data, solution)
    return sum(price * goals[name] for name, price in level.items())


def _tell(standing: _Standing, progress: Progress | None) -> None:
    """Say where the search stands."""
    if progress is not None:
        incumbent = standing.incumbent
        elapsed = time.monotonic() - incumbent.began
        progress(elapsed, incumbent.improvements[-1][1], standing.bounds[0].value, "searching")


def _judged(standing: _Standing, stop: Stop, seconds: float) -> Result:
    """Check the best solution with the independent checker and value it."""
    from manyworks.scheduling.problem.checking import check_solution, goals_of

    data, incumbent = standing.data, standing.incumbent
    faults = errors(check_solution(data, incumbent.solution))
    if faults:
        raise SchedulingError(faults)
    goals = goals_of(data, incumbent.solution)
    objective = _first_level(data, incumbent.solution)
    bound = standing.bounds[0]
    if standing.proven:
        bound = Bound(value=objective, kind=PROOF)
    return Result(
        problem=data,
        solution=incumbent.solution,
        objective=objective,
        goals=goals,
        makespan=int(incumbent.solution.end.max(initial=0)),
        bound=Bound(value=float(min(bound.value, objective)), kind=bound.kind),
        status=_status(objective, bound, stop),
        seconds=seconds,
        iterations=standing.moves,
        improvements=tuple(incumbent.improvements),
        checked=True,
        notes=tuple(standing.notes),
    )


def _status(objective: float, bound: Bound, stop: Stop) -> str:
    if objective <= bound.value + TIE * max(1.0, abs(objective)):
        return "optimal"
    cancelled = stop.cancelled is not None and stop.cancelled()
    return "stopped" if cancelled else "feasible"
