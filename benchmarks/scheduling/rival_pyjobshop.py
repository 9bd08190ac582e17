"""PyJobShop (with OR-Tools CP-SAT inside) on problems that its model can say."""

from __future__ import annotations

from time import perf_counter
from typing import Any

import numpy as np
from benchmarks.scheduling.answers import Answer
from benchmarks.scheduling.plain_models import (
    beyond_plain,
    changes_on,
    due_operations,
    modes_by_machine,
    owners,
    with_setups,
)
from pyjobshop import Model, SolveStatus

from manyworks.scheduling.problem.data import ProblemData, Solution
from manyworks.scheduling.problem.tables import FOREVER, Ints, Tables


def solve_with_pyjobshop(data: ProblemData, *, seconds: float, seed: int, threads: int) -> Answer:
    """Solve within a wall time that includes building the model."""
    began = perf_counter()
    trouble = beyond_plain(data) or _beyond_jobs(data)
    if trouble:
        return Answer(status="not modelled", note=trouble)
    model = _build(data)
    left = max(seconds - (perf_counter() - began), 0.01)
    result = model.solve(
        solver="ortools", time_limit=left, display=False, num_workers=threads, random_seed=seed
    )
    answer = Answer(status=result.status.value.lower(), bound=float(result.lower_bound))
    if result.status in (SolveStatus.OPTIMAL, SolveStatus.FEASIBLE):
        answer.solution = _solution(data.tables, result.best)
    return answer


def _beyond_jobs(data: ProblemData) -> str | None:
    """Due dates belong to jobs there, weights are whole numbers, and there is one goal."""
    p = data.tables
    due = due_operations(p)
    jobs, weights = p.operations["job"][due], p.operations["weight"][due]
    if len(data.objective.levels[0]) > 1 or set(data.objective.levels[0].values()) != {1.0}:
        return "several goals"
    if "tardiness" in data.objective.levels[0]:
        if len(np.unique(jobs)) < len(jobs) or not np.isin(due, p.sinks).all():
            return "due dates within jobs"
        if (weights != np.round(weights)).any():
            return "weights that are not whole"
    return None


def _build(data: ProblemData) -> Any:
    p, model = data.tables, Model()
    due = {int(p.operations["job"][o]): p.operations[o] for o in due_operations(p)}
    jobs = [
        model.add_job(
            weight=int(due[job]["weight"]) if job in due else 0,
            due_date=int(due[job]["due"]) if job in due else None,
        )
        for job in range(len(data.jobs))
    ]
    resources = [model.add_machine() for _ in data.resources]
    tasks = [_add_task(model, jobs, row) for row in p.operations[:-1]]
    owner = owners(p)
    for row, mode in enumerate(p.modes[:-1]):
        held = p.holds[mode["first_hold"] : p.modes["first_hold"][row + 1]]
        model.add_mode(tasks[owner[row]], [resources[one] for one in held], int(mode["duration"]))
    for after in range(p.total):
        for at in range(p.operations["first_before"][after], p.operations["first_before"][after + 1]):
            arc = p.befores[at]
            model.add_end_before_start(tasks[int(arc["operation"])], tasks[after], delay=int(arc["lag"]))
    if len(p.changes):
        for machine, rows in modes_by_machine(p).items():
            _add_setups(model, resources[machine], [tasks[o] for o in owner[rows]], changes_on(p, rows))
    if "tardiness" in data.objective.levels[0]:
        model.set_objective(weight_total_tardiness=1)
    else:
        model.set_objective(weight_makespan=1)
    return model


def _add_task(model: Any, jobs: list[Any], row: np.void) -> Any:
    limits = {"latest_end": int(row["deadline"])} if row["deadline"] < FOREVER else {}
    return model.add_task(job=jobs[int(row["job"])], earliest_start=int(row["release"]), **limits)


def _add_setups(model: Any, machine: Any, tasks: list[Any], change: Ints) -> None:
    for i, j in zip(*np.nonzero(change), strict=True):
        if tasks[i] is not tasks[j]:
            model.add_setup_time(machine, tasks[i], tasks[j], int(change[i, j]))


def _solution(p: Tables, best: Any) -> Solution:
    mode, start, end = (
        np.array([getattr(task, name) for task in best.tasks], dtype=np.int64)
        for name in ("mode", "start", "end")
    )
    return with_setups(p, mode, start, end)
