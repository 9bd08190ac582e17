"""From a workload to a checked schedule, and back to the numbers of the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manyworks.model import Assignment, Finding, Schedule, Workload, error, errors
from manyworks.scheduling.budgets import check_budget
from manyworks.scheduling.calendars import CommonTime, held, worked_between
from manyworks.scheduling.checking import check
from manyworks.scheduling.errors import SchedulingError
from manyworks.scheduling.validation import validate

if TYPE_CHECKING:
    from collections.abc import Callable

    from manyworks.scheduling.problem.data import ProblemData, Result, Solution


def assignments_of(workload: Workload, data: ProblemData, solution: Solution) -> tuple[Assignment, ...]:
    """Name what the numbers of a solution stand for.

    Parameters
    ----------
    workload
        The work.
    data
        The problem made of it (`problem.workloads`), whose operations bear the names of the works.
    solution
        Times of every operation.

    Returns
    -------
    tuple of Assignment
        In order of time; works of no length at one moment in an order for which the stated set-ups are
        enough. Fixed works are as they are fixed.
    """
    # Late: loading the compiler takes longer than most other commands as a whole.
    from manyworks.scheduling.engine.state import order_of

    times = CommonTime(dict(workload.resources))
    works = {str(work.id): work for work in workload.works}
    numbers = data.mode_numbers[solution.mode].tolist()
    columns = zip(
        data.operations,
        numbers,
        solution.start.tolist(),
        solution.end.tolist(),
        solution.setup.tolist(),
        strict=True,
    )
    made: list[Assignment] = []
    for name, number, start, end, setup in columns:
        work = works[name]
        if work.fixed is not None:
            made.append(work.fixed)
            continue
        segments = worked_between(times.of(held(work.modes[number])), start, end)
        made.append(
            Assignment(work=work.id, mode=number, start_s=start, end_s=end, setup_s=setup, segments=segments)
        )
    in_order = (made[o] for o in order_of(data.tables, solution).tolist())
    return tuple(sorted(in_order, key=lambda one: (one.start_s, one.end_s)))


def schedule_of(workload: Workload, result: Result) -> Schedule:
    """Turn a result into the model's noun.

    Raises
    ------
    SchedulingError
        The checker of workloads, which knows nothing of the engine, does not accept it.
    """
    made = Schedule(
        epoch=workload.epoch,
        assignments=assignments_of(workload, result.problem, result.solution),
        objective=float(result.goals["tardiness"]),
        makespan_s=result.makespan,
        bound=result.bound.value,
        bound_kind=result.bound.kind,
        status=result.status,
        checked=True,
    )
    faults = errors(check(workload, made))
    if faults:
        raise SchedulingError(faults)
    return made


def _nothing(workload: Workload) -> Schedule:
    return Schedule(
        epoch=workload.epoch,
        assignments=(),
        objective=0.0,
        makespan_s=0,
        bound=0.0,
        bound_kind="no work",
        status="optimal",
        checked=True,
    )


def _check_threads(threads: int | None) -> list[Finding]:
    if threads is None or threads >= 1:
        return []
    return [error("scheduling.budget.bad", "threads", f"{threads} threads, expected at least 1")]


def schedule(
    workload: Workload,
    *,
    seconds: float | None = None,
    iterations: int | None = None,
    seed: int = 0,
    threads: int | None = None,
    progress: Callable[[float, float, float, str], None] | None = None,
) -> Schedule:
    """Make a schedule of least weighted tardiness, and among equals of least makespan.

    Parameters
    ----------
    workload
        Resolved work; every time in whole seconds from its epoch.
    seconds, iterations
        Budgets of wall-clock time and of moves of the search; it stops at the first to end, and before
        when nothing better can exist. With neither, a number of moves that depends on the number of
        works alone.
    seed
        Of all random choices. Without ``seconds``, equal input, seed and threads give the same schedule.
    threads
        Searches side by side; by default one for each processor.
    progress
        See `solving.solve`.

    Returns
    -------
    Schedule
        Accepted by `check`; ``bound`` is a proven lower bound of its weighted tardiness, ``status`` is
        ``optimal`` where that is reached.

    Raises
    ------
    SchedulingError
        The workload is not valid (see `validate`), a budget is not, or works do not fit before the
        calendars end (``scheduling.horizon.ends``).
    """
    findings = [*check_budget(seconds, iterations), *_check_threads(threads), *validate(workload)]
    if errors(findings):
        raise SchedulingError(findings)
    if not workload.works:
        return _nothing(workload)
    # Late: loading the compiler takes longer than most other commands as a whole.
    from manyworks.scheduling.problem.data import Stop
    from manyworks.scheduling.problem.workloads import from_workload
    from manyworks.scheduling.solving import solve

    stop = Stop(seconds=seconds, iterations=iterations)
    result = solve(from_workload(workload), stop, seed=seed, threads=threads, progress=progress)
    return schedule_of(workload, result)
