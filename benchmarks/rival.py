"""OR-Tools CP-SAT on a workload without calendars, people, tools and set-ups: the usual model."""

from __future__ import annotations

import os
from importlib.util import find_spec
from time import perf_counter
from typing import Any

from manyworks.model import Assignment, Schedule, Workload


def has_rival() -> bool:
    """Whether OR-Tools is installed."""
    return find_spec("ortools") is not None


def solve_with_cp_sat(workload: Workload, *, seconds: float) -> Schedule | None:
    """Minimise weighted tardiness within a wall time that includes building the model.

    Returns
    -------
    The best schedule found; None where none was found in time.
    """
    from ortools.sat.python import cp_model

    start = perf_counter()
    model = cp_model.CpModel()
    choices, ends = _build(model, workload)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = os.cpu_count() or 1
    solver.parameters.max_time_in_seconds = max(seconds - (perf_counter() - start), 1.0)
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return _as_schedule(workload, solver, choices, ends, solver.status_name(status).lower())


def _build(model: Any, workload: Workload) -> tuple[dict[str, list[Any]], dict[str, Any]]:
    """One optional interval for each mode, one of which is taken; machines do one thing at a time."""
    horizon = _horizon(workload)
    on_machine: dict[str, list[Any]] = {}
    starts: dict[str, Any] = {}
    ends: dict[str, Any] = {}
    choices: dict[str, list[Any]] = {}
    for work in workload.works:
        start = starts[work.id] = model.new_int_var(work.release_s, horizon, "")
        end = ends[work.id] = model.new_int_var(work.release_s, horizon, "")
        choices[work.id] = [model.new_bool_var("") for _ in work.modes]
        model.add_exactly_one(choices[work.id])
        for mode, taken in zip(work.modes, choices[work.id], strict=True):
            interval = model.new_optional_interval_var(start, mode.duration_s, end, taken, "")
            on_machine.setdefault(mode.machine, []).append(interval)
    for work in workload.works:
        for link in work.links:
            model.add(starts[work.id] >= ends[link.before] + link.lag_s)
    for intervals in on_machine.values():
        model.add_no_overlap(intervals)
    model.minimize(sum(_tardiness(model, workload, ends, horizon)))
    return choices, ends


def _tardiness(model: Any, workload: Workload, ends: dict[str, Any], horizon: int) -> list[Any]:
    terms = []
    for work in workload.works:
        if work.due_s is None or not work.weight:
            continue
        late = model.new_int_var(0, horizon, "")
        model.add(late >= ends[work.id] - work.due_s)
        terms.append(int(work.weight) * late)
    return terms


def _horizon(workload: Workload) -> int:
    """By then all is done even if each machine works off its longest possible list one after the other."""
    load: dict[str, int] = {}
    for work in workload.works:
        for mode in work.modes:
            load[mode.machine] = load.get(mode.machine, 0) + mode.duration_s
    return max(work.release_s for work in workload.works) + 2 * max(load.values())


def _as_schedule(
    workload: Workload, solver: Any, choices: dict[str, list[Any]], ends: dict[str, Any], status: str
) -> Schedule:
    made = []
    for work in workload.works:
        mode = next(at for at, taken in enumerate(choices[work.id]) if solver.value(taken))
        end = solver.value(ends[work.id])
        start = end - work.modes[mode].duration_s
        made.append(
            Assignment(work=work.id, mode=mode, start_s=start, end_s=end, setup_s=0, segments=((start, end),))
        )
    finished = {one.work: one.end_s for one in made}
    late = sum(
        work.weight * max(finished[work.id] - work.due_s, 0)
        for work in workload.works
        if work.due_s is not None
    )
    return Schedule(
        epoch=workload.epoch,
        assignments=tuple(made),
        objective=float(late),
        makespan_s=max(finished.values()),
        bound=0.0,
        bound_kind="none",
        status=status,
        checked=False,
    )
