"""A schedule of a problem from a file, as what its page is made of."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from manyworks.cli.schedule_text import Run
from manyworks.report.schedule_run import DueMark, LateJob, RunBar, RunLane, ScheduleRun, TableRow
from manyworks.report.schedule_view import MOST_BARS
from manyworks.scheduling.instances.working_time import Intervals, intervals_of, working_times
from manyworks.scheduling.problem.tables import CARRIES, EARLY_SETUP, FOREVER, NONE, Tables

MOST_MARKS = 40
"""More due dates than these are not drawn; late bars are marked, and listed, in any case."""
MOST_ROWS = 1_500

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """What is held when: ascending rows of one resource. ``begin`` is the start, set-up included."""

    operation: Ints
    begin: Ints
    end: Ints


def view_run(run: Run) -> ScheduleRun:
    """Put names and numbers of a run together for `schedule_page`."""
    result, problem = run.result, run.result.problem
    held = _hold(run)
    drawn = sum(len(one.operation) for one in held) <= MOST_BARS
    late = _late(run)
    first, *others = problem.objective.levels
    return ScheduleRun(
        name=problem.name,
        format=run.instance.format,
        operations=problem.tables.total,
        jobs=len(problem.jobs),
        objective=run.time(result.objective),
        objective_words=_words(first) + (f", then {', '.join(map(_words, others))}" if others else ""),
        bound=run.time(result.bound.value),
        bound_words=result.bound.kind,
        gap=run.gap,
        goals=run.goals,
        makespan=result.makespan,
        status=result.status,
        checked=result.checked,
        seconds=result.seconds,
        iterations=result.iterations,
        seed=run.seed,
        threads=run.threads,
        improvements=[(at, run.time(value)) for at, value in result.improvements],
        scale=run.instance.scale,
        lanes=_drawn_lanes(run, held)
        if drawn
        else [_lane(run, number, one) for number, one in enumerate(held)],
        due_jobs=int((problem.tables.operations["due"][:-1] < FOREVER).sum()),
        late=late,
        dues=_dues(run) if drawn else [],
        table=list(_table(run)) if problem.tables.total <= MOST_ROWS else (),
        findings=result.notes,
    )


def _words(level: dict[str, float]) -> str:
    named = {"tardiness": "weighted tardiness", "moved": "moved operations"}
    return " + ".join(
        f"{'' if price == 1 else f'{price:g} x '}{named.get(goal, goal)}" for goal, price in level.items()
    )


def _hold(run: Run) -> list[_Held]:
    """What each resource does, ascending; trips that stay where they are hold nothing."""
    p, solution = run.result.problem.tables, run.result.solution
    counts = np.diff(p.modes["first_hold"])[solution.mode]
    counts[
        (p.operations["flags"][:-1] & CARRIES > 0) & (solution.start == solution.end) & (solution.setup == 0)
    ] = 0
    operation = np.repeat(np.arange(p.total), counts)
    nth = np.arange(len(operation)) - np.repeat(np.cumsum(counts) - counts, counts)
    resource = p.holds[p.modes["first_hold"][solution.mode][operation] + nth]
    flags = p.operations["flags"][:-1]
    early = ((flags & (EARLY_SETUP | CARRIES)) > 0)[operation] & (nth == 0)
    start, end = solution.start[operation], solution.end[operation]
    order = np.lexsort((end, start, resource))
    bounds = np.searchsorted(resource[order], np.arange(len(p.resources) + 1))
    lanes = []
    for first, last in pairwise(bounds):
        rows = order[first:last]
        ahead = np.concatenate([[0], end[rows][:-1]]).astype(np.int64)
        begin = np.where(
            early[rows], np.maximum(start[rows] - solution.setup[operation[rows]], ahead), start[rows]
        )
        lanes.append(_Held(operation=operation[rows], begin=begin, end=end[rows]))
    return lanes


def _lane(run: Run, number: int, held: _Held) -> RunLane:
    problem = run.result.problem
    name, kind = problem.resources[number], problem.kinds[number]
    return RunLane(name=name, kind=kind, start=held.begin, end=held.end)


def _drawn_lanes(run: Run, held: Sequence[_Held]) -> list[RunLane]:
    """Lanes with all their bars and their working time."""
    return [
        replace(_lane(run, number, one), working=working, bars=tuple(_bars(run, number, one)))
        for number, (one, working) in enumerate(
            zip(held, working_times(run.result.problem.tables), strict=True)
        )
    ]


def _bars(run: Run, resource: int, held: _Held) -> Iterator[RunBar]:
    problem, solution = run.result.problem, run.result.solution
    rows = problem.tables.operations
    for o, begin, end in zip(held.operation.tolist(), held.begin.tolist(), held.end.tolist(), strict=True):
        machine = int(problem.tables.modes["machine"][solution.mode[o]])
        early = int(solution.start[o]) - begin
        setup = (
            int(solution.setup[o])
            if machine == resource and (not _is_early(problem.tables, o) or early)
            else 0
        )
        mark, words = _label(problem.operations[o])
        yield RunBar(
            mark=mark,
            words=words,
            job=int(rows["job"][o]),
            detail=_detail(run, o),
            start=begin,
            end=end,
            setup=min(setup, early) if early else setup,
            segments=_segments(problem.tables, int(solution.mode[o]), begin, end),
            late=bool(end > rows["due"][o]),
        )


def _is_early(p: Tables, o: int) -> bool:
    return bool(p.operations["flags"][o] & (EARLY_SETUP | CARRIES))


def _label(operation: str) -> tuple[str, str]:
    """What is printed whole or not at all, and what may be cut: ``operation 3.1`` is ``3.1``."""
    word, _, number = operation.rpartition(" ")
    return (number, "") if word in {"operation", "transport"} else ("", operation)


def _segments(p: Tables, mode: int, start: int, end: int) -> Intervals:
    """The stretches of working time between two points."""
    calendar = int(p.modes["calendar"][mode])
    if calendar == NONE:
        return ((start, end),)
    table = intervals_of(p, calendar)
    at = max(bisect_right(table, (start, FOREVER)) - 1, 0)
    found = []
    while at < len(table) and table[at][0] < end:
        low, high = max(start, table[at][0]), min(end, table[at][1])
        if low < high:
            found.append((low, high))
        at += 1
    return tuple(found) or ((start, end),)


def _detail(run: Run, o: int) -> str:
    """Everything there is to say about an operation."""
    problem, solution = run.result.problem, run.result.solution
    row = problem.tables.operations[o]
    start, end, setup = (f"{run.time(int(column[o])):,}" for column in solution[1:])
    due = f"; due {run.time(int(row['due'])):,}" if row["due"] < FOREVER else ""
    late = f", {run.time(int(solution.end[o] - row['due'])):,} late" if solution.end[o] > row["due"] else ""
    held = " with ".join(_names_held(run, o))
    word = "empty way" if row["flags"] & CARRIES else "set-up"
    prepared = f", {word} {setup}" if setup != "0" else ""
    name = f"{problem.operations[o]} ({problem.jobs[row['job']]})"
    return f"{name} on {held}: {start} to {end}{prepared}{due}{late}"


def _names_held(run: Run, o: int) -> Sequence[str]:
    p, mode = run.result.problem.tables, run.result.solution.mode[o]
    held = p.holds[p.modes["first_hold"][mode] : p.modes["first_hold"][mode + 1]]
    return [run.result.problem.resources[one] for one in held.tolist()]


def _late(run: Run) -> list[LateJob]:
    """What misses its due date, the dearest first."""
    problem, end = run.result.problem, run.result.solution.end
    rows = problem.tables.operations[:-1]
    late = np.flatnonzero(end > rows["due"])
    cost = (end - rows["due"])[late] * rows["weight"][late]
    return [
        LateJob(
            job=problem.jobs[rows["job"][o]],
            operation=problem.operations[o],
            due=int(rows["due"][o]),
            end=int(end[o]),
            weight=float(rows["weight"][o]),
        )
        for o in late[np.argsort(-cost, kind="stable")].tolist()
    ]


def _dues(run: Run) -> list[DueMark]:
    problem = run.result.problem
    rows = problem.tables.operations[:-1]
    found = np.flatnonzero(rows["due"] < FOREVER)
    if len(found) > MOST_MARKS:
        return []
    return [
        DueMark(job=int(rows["job"][o]), name=problem.jobs[rows["job"][o]], at=int(rows["due"][o]))
        for o in found.tolist()
    ]


def _table(run: Run) -> Iterator[TableRow]:
    problem, solution = run.result.problem, run.result.solution
    for o in np.lexsort((solution.end, solution.start)).tolist():
        yield TableRow(
            operation=problem.operations[o],
            job=problem.jobs[problem.tables.operations["job"][o]],
            held=", ".join(_names_held(run, o)),
            start=int(solution.start[o]),
            end=int(solution.end[o]),
            setup=int(solution.setup[o]),
        )
