"""A workload of the model as a problem."""

from __future__ import annotations

from dataclasses import replace

from manyworks.model import Assignment, Mode, ResourceId, Work, Workload
from manyworks.scheduling.problem.builder import ProblemBuilder
from manyworks.scheduling.problem.data import TARDINESS_THEN_MAKESPAN, Objective, ProblemData


def _add_work(builder: ProblemBuilder, work: Work, job: int, resource: dict[ResourceId, int]) -> int:
    operation = builder.add_operation(
        job, work.id, release=work.release_s, due=work.due_s, weight=work.weight, pausable=work.pausable
    )
    modes = work.modes if work.fixed is None else (_as_fixed(work, work.fixed),)
    for mode in modes:
        builder.add_mode(
            operation,
            resource[mode.machine],
            mode.duration_s,
            others=[resource[name] for name in (*mode.workers, *mode.tools)],
            setup=mode.setup_s,
            family=mode.family,
        )
    if work.fixed is not None:
        builder.freeze(operation, work.fixed.start_s)
    return operation


def _as_fixed(work: Work, fixed: Assignment) -> Mode:
    """Its mode with all the time from its start to its end."""
    return replace(work.modes[fixed.mode], duration_s=fixed.end_s - fixed.start_s, setup_s=0)


def draft_workload(workload: Workload, objective: Objective = TARDINESS_THEN_MAKESPAN) -> ProblemBuilder:
    """Drafts of a workload, works and resources in the order of their ids; change them before building.

    Ids become names; equal inputs in another order give the same problem. A workload's set-ups belong to
    the work (its people are there), equal families never change over.
    """
    builder = ProblemBuilder("workload", objective)
    resource = {}
    for name in sorted(workload.resources):
        one = workload.resources[name]
        setups = {pair: seconds for pair, seconds in one.setups.items() if pair[0] != pair[1] or not pair[0]}
        resource[name] = builder.add_resource(
            name, one.kind, intervals=one.intervals, setups=setups, family=one.family
        )
    works = sorted(workload.works, key=lambda work: work.id)
    job = {order: builder.add_job(order) for order in sorted({work.order for work in works})}
    operation = {work.id: _add_work(builder, work, job[work.order], resource) for work in works}
    for work in works:
        for link in work.links:
            builder.add_precedence(operation[link.before], operation[work.id], link.lag_s)
    return builder


def from_workload(workload: Workload, objective: Objective = TARDINESS_THEN_MAKESPAN) -> ProblemData:
    """Number a workload; see `draft_workload`."""
    return draft_workload(workload, objective).build()
