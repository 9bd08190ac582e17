"""How late anything can end in a best schedule."""

from __future__ import annotations

from itertools import pairwise

from manyworks.scheduling.problem.data import Objective
from manyworks.scheduling.problem.tables import CARRIES, FOREVER, FROZEN, NONE
from manyworks.scheduling.solvers.modelling import need_of
from manyworks.scheduling.solvers.pieces import Interval
from manyworks.scheduling.solvers.rows import Rows, Times


def _longest_delay(intervals: list[Interval], needed: int, pausable: bool) -> int:
    """Most seconds from any time (from which it is possible at all) to the end of a need of working time."""
    if not pausable:
        intervals = [row for row in intervals if row[1] - row[0] >= needed]
    if not intervals:
        return 0
    wait, latest = max(intervals[0][0], 0), 0
    for before, after in pairwise(intervals):
        wait = max(wait, after[0] - (before[1] - needed if not pausable else before[1]))
    if pausable:
        latest = _longest_stretch(intervals, needed)
    return wait + max(latest, needed)


def _longest_stretch(intervals: list[Interval], needed: int) -> int:
    """Most seconds from a start in working time to the end of a need."""
    longest, j = needed, 0
    for i, (start, end, before) in enumerate(intervals):
        while j < len(intervals) and intervals[j][2] + intervals[j][1] - intervals[j][0] < (
            before + end - start + needed
        ):
            j += 1
        if j == len(intervals):
            return max(longest, intervals[-1][1] - intervals[i][0])
        longest = max(longest, intervals[j][1] - start)
    return longest


def _most_setup(rows: Rows, machine: int, mode: int) -> int:
    first, width = rows.first_change[machine], rows.width[machine]
    return max(rows.setup_class[mode].setup, *rows.changes[first : first + width * width], 0)


def _delay(rows: Rows, o: int, mode: int, travel: int) -> int:
    """Most time one operation can add to a schedule that never waits without need."""
    machine = rows.machine[mode]
    need = need_of(rows, o, mode, _most_setup(rows, machine, mode))
    lag = max((arc.lag for arc in rows.befores[o]), default=0)
    trips = 2 * travel if rows.flags[o] & CARRIES else 0
    if need.calendar == NONE:
        return max(lag, 0) + travel + trips + need.early + need.run
    calendar = rows.calendars[need.calendar]
    early = _longest_delay(calendar, need.early, True) if need.early else 0
    return max(lag, 0) + travel + early + _longest_delay(calendar, need.run, need.pausable)


def safe_horizon(rows: Rows) -> int:
    """Latest end in a schedule in which something is always done or waited for by need.

    All operations one after another, each delayed as much as it can be, after the last release and
    reference; some best schedule ends no later.
    """
    travel = max((max(row, default=0) for row in rows.travel), default=0)
    begin = max((*rows.release, *rows.reference_start, 0))
    total = 0
    for o in range(rows.total):
        frozen = rows.flags[o] & FROZEN
        total += (
            rows.duration[rows.modes[o][0]]
            if frozen
            else max(_delay(rows, o, mode, travel) for mode in rows.modes[o])
        )
    return begin + total


def horizon_of(rows: Rows, objective: Objective, base: Times | None) -> int:
    """Latest end worth looking at, given a solution that is to be beaten."""
    safe = safe_horizon(rows)
    goals = {name for name, price in objective.levels[0].items() if price > 0} if objective.levels else set()
    if base is not None and goals == {"makespan"}:
        return min(safe, max(base.end, default=0))
    if base is not None:
        return max(safe, max(base.end, default=0))
    return min(safe, FOREVER // 4)
