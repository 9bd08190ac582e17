"""What is planned again as numbers of the engine, and as a schedule again."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from manyworks.model import Assignment, Schedule, Work, WorkId, Workload
from manyworks.scheduling.problem.data import Bound, ProblemData
from manyworks.scheduling.problem.tables import Ints


def weighted_lateness(works: Mapping[WorkId, Work], assignments: tuple[Assignment, ...]) -> float:
    """Summed weighted seconds that works end after their due times."""
    late = 0.0
    for one in assignments:
        due = works[one.work].due_s
        if due is not None and one.end_s > due:
            late += works[one.work].weight * (one.end_s - due)
    return late


def schedule_of(
    workload: Workload, assignments: tuple[Assignment, ...], bound: Bound, *, checked: bool
) -> Schedule:
    """Make a schedule of assignments with its totals."""
    late = weighted_lateness({work.id: work for work in workload.works}, assignments)
    value = min(bound.value, late)
    return Schedule(
        epoch=workload.epoch,
        assignments=assignments,
        objective=late,
        makespan_s=max((one.end_s for one in assignments), default=0),
        bound=value,
        bound_kind=bound.kind,
        status="optimal" if late <= value else "feasible",
        checked=checked,
    )


def mode_rows(workload: Workload, data: ProblemData, modes: Mapping[WorkId, int]) -> Ints:
    """Rows of the modes that works are done in, (operations,); the first where no number is named."""
    works = {work.id: work for work in workload.works}
    numbers = [
        0 if works[WorkId(name)].fixed is not None else modes.get(WorkId(name), 0) for name in data.operations
    ]
    rows: Ints = data.tables.operations["first_mode"][:-1] + np.array(numbers, dtype=np.int64)
    return rows
