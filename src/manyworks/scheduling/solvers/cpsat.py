"""Whole problems, and frames of them, by OR-Tools CP-SAT. Imports OR-Tools: only in a process of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from manyworks.scheduling.problem.data import Objective, ProblemData, Solution
from manyworks.scheduling.problem.tables import CARRIES, NONE, Ints
from manyworks.scheduling.solvers.frames import Frame, whole
from manyworks.scheduling.solvers.goals import Price, in_whole_numbers, pull_terms, terms_of
from manyworks.scheduling.solvers.horizons import horizon_of
from manyworks.scheduling.solvers.lines import Node, add_resources, plan_lines
from manyworks.scheduling.solvers.modelling import Draft, NoOptionError, Task, add_links, add_task, add_trips
from manyworks.scheduling.solvers.rows import Rows, Trip, place_of, rows_of, times_of, trip_of
from manyworks.scheduling.solvers.support import supports

__all__ = ["Answer", "Effort", "Switch", "solve_frame", "solve_whole", "supports"]

Found = Callable[[Solution, float], None]
"""Called with each better solution and the bound of the first level at that time."""


class Switch:
    """Stops whatever CP-SAT search it was last given, from any thread; once off, it stays off."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._solver: cp_model.CpSolver | None = None
        self.is_off = False

    def watch(self, solver: cp_model.CpSolver) -> None:
        """Take note of the search that runs next."""
        with self._lock:
            self._solver = solver
            if self.is_off:
                solver.parameters.max_time_in_seconds = 0.0

    def turn_off(self) -> None:
        """Stop the search that runs, and all that are watched from now on."""
        with self._lock:
            self.is_off = True
            if self._solver is not None:
                self._solver.stop_search()


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How CP-SAT searches.

    Parameters
    ----------
    seconds
        Wall-clock time.
    workers
        Threads.
    seed
        Of its random choices; with one worker and ``deterministic`` alone, equal seeds give equal answers.
    deterministic
        CP-SAT's own measure of work, about a second each.
    switch
        To stop it from another thread.
    """

    seconds: float
    workers: int = 1
    seed: int = 0
    deterministic: float | None = None
    switch: Switch | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What CP-SAT found.

    Parameters
    ----------
    solution
        The best, None where it found none.
    bound
        No schedule has a smaller value of the first level.
    status
        ``optimal`` (in all levels), ``first level optimal``, ``feasible``, ``unknown`` or ``infeasible``.
    """

    solution: Solution | None
    bound: float
    status: str


def draft_of(rows: Rows, frame: Frame) -> Draft:
    """Write the model of a frame.

    Raises
    ------
    NoOptionError
        Some operation fits nowhere.
    """
    draft = Draft(rows, frame)
    operations = (*frame.free, *frame.followers)
    lines = plan_lines(draft, operations)
    setups = {(line.machine, node): values for line in lines.values() for node, values in line.setups.items()}

    def setups_of(o: int, mode: int, trip: Trip | None) -> list[int]:
        if trip is not None and trip.is_idle:
            return [0]
        return setups[rows.machine[mode], Node(o, trip or rows.setup_class[mode])]

    for o in operations:
        add_task(draft, o, setups_of)
    add_trips(draft)
    add_links(draft)
    add_resources(draft, lines)
    return draft


def _value(expression: Any, value: Callable[[Any], int]) -> int:
    return expression if isinstance(expression, int) else int(value(expression))


def _record(task: Task, value: Callable[[Any], int]) -> tuple[int, int, int, int]:
    for option in task.options:
        if option.literal is True or value(option.literal):
            start = _value(task.start, value)
            return option.mode, start, start + option.shape[1], option.setup
    raise AssertionError(task.operation)


def _bring_forward(rows: Rows, table: Ints) -> None:
    """Let transports that need not run take place as soon as they are ready, where that costs nothing."""
    free = [o for o in range(rows.total) if rows.flags[o] & CARRIES and rows.reference_machine[o] == NONE]
    idle = [o for o in free if table[1, o] == table[2, o]]
    for o in sorted(idle, key=lambda o: int(table[1, o])):
        if trip_of(rows, table[0].tolist(), o).is_idle:
            ready = rows.release[o]
            for arc in rows.befores[o]:
                places = (place_of(rows, int(table[0, one])) for one in (arc.operation, o))
                travel = rows.travel[next(places)][next(places)] if arc.moves else 0
                ready = max(ready, int(table[2, arc.operation]) + arc.lag + travel)
            table[1:3, o] = ready


def read_solution(draft: Draft, value: Callable[[Any], int]) -> Solution:
    """Read the solution of a model; what stands still is taken from the base."""
    base = draft.frame.base
    if base is None:
        table = np.zeros((4, draft.rows.total), dtype=np.int64)
    else:
        table = np.array(base, dtype=np.int64)
    for o, task in draft.moving():
        table[:, o] = _record(task, value)
    _bring_forward(draft.rows, table)
    return Solution(*table)


class Watch(cp_model.CpSolverSolutionCallback):
    """Hands on solutions as they come."""

    def __init__(self, draft: Draft, price: Price, found: Found | None) -> None:
        super().__init__()
        self._draft = draft
        self._price = price
        self._found = found

    def on_solution_callback(self) -> None:
        """Hand on the solution and the bound so far."""
        if self._found is not None:
            solution = read_solution(self._draft, self.value)
            self._found(solution, self._price.bound(self.best_objective_bound))


def solver_of(effort: Effort) -> cp_model.CpSolver:
    """Make a solver for an effort."""
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(effort.seconds, 0.01)
    solver.parameters.num_workers = effort.workers
    solver.parameters.random_seed = effort.seed
    if effort.deterministic is not None:
        solver.parameters.max_deterministic_time = effort.deterministic
    return solver


def _watched(solver: cp_model.CpSolver, effort: Effort) -> None:
    if effort.switch is not None:
        effort.switch.watch(solver)


def solve_frame(
    rows: Rows, frame: Frame, prices: dict[str, float], effort: Effort
) -> tuple[str, Solution | None]:
    """Improve a frame of a solution by the weighted sum of all goals.

    Returns
    -------
    status, solution
        ``optimal``: the best of the frame, None where nothing in it is better than the base;
        ``feasible``; ``unknown`` with None. The solution is valid as it is, but not left-shifted.
    """
    try:
        draft = draft_of(rows, frame)
    except NoOptionError:
        return "unknown", None
    price = in_whole_numbers([*terms_of(draft, prices), *pull_terms(draft)])
    draft.model.add(price.expression <= price.now - 1)
    draft.model.minimize(price.expression)
    solver = solver_of(effort)
    solver.parameters.symmetry_level = 0
    solver.parameters.cp_model_probing_level = 0
    # Measured on windows of 30 to 60 operations: relaxations cost more than they prune.
    solver.parameters.linearization_level = 0
    _watched(solver, effort)
    status = solver.solve(draft.model)
    if status == cp_model.INFEASIBLE:
        return "optimal", None
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return "unknown", None
    return _NAMES[status], read_solution(draft, solver.value)


_NAMES = {
    cp_model.OPTIMAL: "optimal",
    cp_model.FEASIBLE: "feasible",
    cp_model.INFEASIBLE: "infeasible",
}


class _Levels:
    """The levels of an objective, solved one after another on the same model."""

    def __init__(self, draft: Draft, objective: Objective, effort: Effort, found: Found | None) -> None:
        self.draft = draft
        self.objective = objective
        self.effort = effort
        self.found = found
        self.ends_at = time.monotonic() + effort.seconds
        self.solution: Solution | None = None
        self.bound = 0.0
        self.running: cp_model.CpSolver | None = None

    def run(self, cutoff: float | None) -> str:
        """Solve level by level; a lower one only where those above are proven."""
        status = "unknown"
        for depth, level in enumerate(self.objective.levels or ({},)):
            price = in_whole_numbers(terms_of(self.draft, level))
            if depth == 0 and cutoff is not None:
                self.draft.model.add(price.expression <= int(cutoff * price.scale + 1e-6))
            status = self._solve(price, depth)
            if status != "optimal" or (self.solution is not None and not price.is_exact):
                return "first level optimal" if depth and status != "infeasible" else status
        return status

    def _solve(self, price: Price, depth: int) -> str:
        model = self.draft.model
        model.clear_objective()  # type: ignore[no-untyped-call]
        model.minimize(price.expression)
        self.running = solver = solver_of(self.effort)
        solver.parameters.max_time_in_seconds = max(self.ends_at - time.monotonic(), 0.01)
        # One thread takes turns with the searches that several threads would run: better bounds by far.
        solver.parameters.interleave_search = self.effort.workers == 1
        _watched(solver, self.effort)
        watch = Watch(self.draft, price, self._watched if depth == 0 else None)
        status = solver.solve(model, watch)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            self.solution = read_solution(self.draft, solver.value)
            self._fix(price, solver)
        if depth == 0 and status != cp_model.INFEASIBLE:
            self.bound = max(self.bound, price.bound(solver.best_objective_bound))
        return _NAMES.get(status, "unknown")

    def _watched(self, solution: Solution, bound: float) -> None:
        self.bound = max(self.bound, bound)
        if self.found is not None:
            self.found(solution, self.bound)

    def _fix(self, price: Price, solver: cp_model.CpSolver) -> None:
        """Go on from this solution, never worse in this level."""
        model = self.draft.model
        values = list(solver.response_proto.solution)
        model.clear_hints()  # type: ignore[no-untyped-call]
        for index, value in enumerate(values):
            model.add_hint(model.get_int_var_from_proto_index(index), value)
        model.add(price.expression <= round(solver.objective_value))


def solve_whole(
    data: ProblemData,
    effort: Effort,
    *,
    hint: Solution | None = None,
    cutoff: float | None = None,
    found: Found | None = None,
) -> Answer:
    """Solve the whole of a problem, level by level of its objective.

    Parameters
    ----------
    data
        A problem that `supports` has nothing against.
    effort
        How long, on how many threads.
    hint
        A valid solution to begin from; nothing worse in the first level is given back.
    cutoff
        Only solutions whose first level is at most this are of interest; if there is none, the status is
        ``infeasible``.
    found
        Called with each better solution of the first level.

    Returns
    -------
    Answer
        See there.
    """
    rows = rows_of(data.tables)
    base = None if hint is None else times_of(hint)
    if not rows.total:
        return Answer(solution=Solution(*np.zeros((4, 0), dtype=np.int64)), bound=0.0, status="optimal")
    try:
        draft = draft_of(rows, whole(rows, base, horizon_of(rows, data.objective, base)))
    except NoOptionError:
        return Answer(solution=None, bound=0.0, status="infeasible")
    levels = _Levels(draft, data.objective, effort, found)
    status = levels.run(cutoff)
    return Answer(solution=levels.solution, bound=levels.bound, status=status)
