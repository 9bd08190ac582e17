"""OR-Tools CP-SAT on a whole problem: the model somebody who knows the solver would write."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import numpy as np
from benchmarks.scheduling.answers import Answer
from benchmarks.scheduling.plain_models import (
    beyond_plain,
    changes_on,
    due_operations,
    horizon,
    modes_by_machine,
    owners,
    with_setups,
)
from ortools.sat.python import cp_model

from manyworks.scheduling.problem.data import ProblemData, Solution
from manyworks.scheduling.problem.tables import FOREVER, Ints, Tables


@dataclass(slots=True, kw_only=True)
class _Model:
    """A model and its variables: start and end by operation, whether it is taken by mode."""

    model: Any = field(default_factory=cp_model.CpModel)
    start: list[Any] = field(default_factory=list)
    end: list[Any] = field(default_factory=list)
    taken: list[Any] = field(default_factory=list)


def solve_with_cpsat(data: ProblemData, *, seconds: float, seed: int, threads: int) -> Answer:
    """Solve within a wall time that includes building the model."""
    began = perf_counter()
    trouble = beyond_plain(data)
    if trouble:
        return Answer(status="not modelled", note=trouble)
    made = _build(data)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = threads
    solver.parameters.random_seed = seed
    solver.parameters.max_time_in_seconds = max(seconds - (perf_counter() - began), 0.01)
    watch = _Watch(began)
    status = solver.solve(made.model, watch)
    answer = Answer(
        status=solver.status_name(status).lower(), improvements=tuple(watch.values), note="plain model"
    )
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return answer
    answer.solution, answer.bound = _solution(data.tables, made, solver), solver.best_objective_bound
    return answer


class _Watch(cp_model.CpSolverSolutionCallback):
    """Notes when each better solution came."""

    def __init__(self, began: float) -> None:
        super().__init__()
        self._began = began
        self.values: list[tuple[float, float]] = []

    def on_solution_callback(self) -> None:
        self.values.append((perf_counter() - self._began, self.objective_value))


def _build(data: ProblemData) -> _Model:
    p, made = data.tables, _Model()
    latest = horizon(p)
    for row in p.operations[:-1]:
        last = min(int(row["deadline"]), latest) if row["deadline"] < FOREVER else latest
        made.start.append(made.model.new_int_var(int(row["release"]), last, ""))
        made.end.append(made.model.new_int_var(int(row["release"]), last, ""))
    _add_modes(p, made)
    for after in range(p.total):
        for at in range(p.operations["first_before"][after], p.operations["first_before"][after + 1]):
            arc = p.befores[at]
            made.model.add(made.start[after] >= made.end[int(arc["operation"])] + int(arc["lag"]))
    if len(p.changes):
        for rows in modes_by_machine(p).values():
            _add_changes(p, made, rows)
    made.model.minimize(_goal(data, made, latest))
    return made


def _add_modes(p: Tables, made: _Model) -> None:
    """Take one mode of each operation; everything does one thing at a time."""
    held: dict[int, list[Any]] = {}
    first = p.operations["first_mode"]
    for o in range(p.total):
        rows = range(first[o], first[o + 1])
        literals = [made.model.new_bool_var("") for _ in rows] if len(rows) > 1 else [True]
        if len(rows) > 1:
            made.model.add_exactly_one(literals)
        made.taken.extend(literals)
        size = _size(p, made, o, rows, literals)
        for resource, users in _users(p, rows, literals).items():
            held.setdefault(resource, []).append(_interval(p, made, o, users, size))
    for intervals in held.values():
        made.model.add_no_overlap(intervals)


def _users(p: Tables, rows: range, literals: list[Any]) -> dict[int, list[tuple[int, Any]]]:
    """Modes of an operation, with their literals, by what they hold."""
    users: dict[int, list[tuple[int, Any]]] = {}
    for row, literal in zip(rows, literals, strict=True):
        for resource in p.holds[p.modes["first_hold"][row] : p.modes["first_hold"][row + 1]]:
            users.setdefault(int(resource), []).append((row, literal))
    return users


def _size(p: Tables, made: _Model, o: int, rows: range, literals: list[Any]) -> Any:
    """Time that an operation takes in the mode it is done in; linear, for the bound's sake."""
    durations = [int(p.modes["duration"][row]) for row in rows]
    size = made.model.new_int_var_from_domain(cp_model.Domain.from_values(durations), "")
    made.model.add(size == sum(time * literal for time, literal in zip(durations, literals, strict=True)))
    made.model.add(made.end[o] == made.start[o] + size)
    return size


def _interval(p: Tables, made: _Model, o: int, users: list[tuple[int, Any]], size: Any) -> Any:
    """One optional interval for an operation on a resource, however many of its modes hold that."""
    model, start, end = made.model, made.start[o], made.end[o]
    if len(users) == 1:
        row, literal = users[0]
        return model.new_optional_interval_var(start, int(p.modes["duration"][row]), end, literal, "")
    present = model.new_bool_var("")
    model.add(sum(literal for _, literal in users) == present)
    return model.new_optional_interval_var(start, size, end, present, "")


def _add_changes(p: Tables, made: _Model, rows: Ints) -> None:
    """A circuit through the modes taken on a machine; each arc keeps its change-over apart."""
    change, owner = changes_on(p, rows), owners(p)[rows]
    if not change.any():
        return
    arcs: list[Any] = [(0, 0, made.model.new_bool_var(""))]
    for i, row in enumerate(rows):
        literal = made.taken[int(row)]
        arcs += [(0, i + 1, made.model.new_bool_var("")), (i + 1, 0, made.model.new_bool_var(""))]
        if literal is not True:
            arcs.append((i + 1, i + 1, literal.negated()))
        for j in range(len(rows)):
            if owner[i] == owner[j]:
                continue
            follows = made.model.new_bool_var("")
            arcs.append((i + 1, j + 1, follows))
            gap = made.end[int(owner[i])] + int(change[i, j])
            made.model.add(made.start[int(owner[j])] >= gap).only_enforce_if(follows)
    made.model.add_circuit(arcs)


def _whole(price: float) -> float:
    """A price as a whole number where it is one: CP-SAT is at its best with whole objectives."""
    return int(price) if float(price).is_integer() else float(price)


def _goal(data: ProblemData, made: _Model, latest: int) -> Any:
    p, prices = data.tables, data.objective.levels[0]
    terms = []
    if prices.get("makespan"):
        last = made.model.new_int_var(0, latest, "")
        made.model.add_max_equality(last, [made.end[int(o)] for o in p.sinks])
        terms.append(_whole(prices["makespan"]) * last)
    if prices.get("tardiness"):
        for o in due_operations(p):
            late = made.model.new_int_var(0, latest, "")
            made.model.add(late >= made.end[int(o)] - int(p.operations["due"][o]))
            terms.append(_whole(prices["tardiness"] * p.operations["weight"][o]) * late)
    return sum(terms)


def _solution(p: Tables, made: _Model, solver: Any) -> Solution:
    owner = owners(p)
    taken = [row for row, literal in enumerate(made.taken) if literal is True or solver.value(literal)]
    mode = np.zeros(p.total, dtype=np.int64)
    mode[owner[taken]] = taken
    start, end = (
        np.array([solver.value(one) for one in times], dtype=np.int64) for times in (made.start, made.end)
    )
    return with_setups(p, mode, start, end)
