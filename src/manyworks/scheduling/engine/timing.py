"""Compiled: working time, set-ups and travel; what every part of the engine agrees on."""

from __future__ import annotations

from manyworks.scheduling.engine.compiling import inlined
from manyworks.scheduling.problem.tables import NONE, Tables


@inlined
def interval_at(p: Tables, calendar: int, t: int) -> int:
    """Find the first interval of the calendar that ends after ``t``."""
    low, high = p.first_interval[calendar], p.first_interval[calendar + 1]
    while low < high:
        middle = (low + high) // 2
        if p.intervals[middle].end > t:
            high = middle
        else:
            low = middle + 1
    return int(low)


@inlined
def _interval_reaching(p: Tables, calendar: int, low: int, target: int) -> int:
    """Find the first interval, from ``low`` on, within which ``target`` seconds have been worked."""
    high = p.first_interval[calendar + 1]
    while low < high:
        middle = (low + high) // 2
        if p.intervals[middle].before + p.intervals[middle].end - p.intervals[middle].start >= target:
            high = middle
        else:
            low = middle + 1
    return int(low)


@inlined
def span(p: Tables, calendar: int, pausable: bool, t: int, needed: int) -> tuple[int, int]:
    """Earliest start from ``t`` on, and end, of ``needed`` working seconds; `NONE` if it does not fit.

    Calendar `NONE` is always open.
    """
    if calendar == NONE:
        return t, t + needed
    last = p.first_interval[calendar + 1]
    i = interval_at(p, calendar, t)
    if i == last:
        return NONE, NONE
    if pausable:
        start = max(t, p.intervals[i].start)
        target = p.intervals[i].before + start - p.intervals[i].start + needed
        j = _interval_reaching(p, calendar, i, target)
        if j == last:
            return NONE, NONE
        return start, p.intervals[j].start + target - p.intervals[j].before
    while i < last:
        start = max(t, p.intervals[i].start)
        if start + needed <= p.intervals[i].end:
            return start, start + needed
        i += 1
    return NONE, NONE


@inlined
def change_over(p: Tables, family: int, slot: int, mode: int) -> int:
    """Set-up of ``mode`` when its machine is set up for ``family``, at ``slot`` of the machine's matrix."""
    after = p.modes[mode]
    if slot >= 0 and after.slot_in_matrix >= 0:
        machine = p.resources[after.machine]
        cell = p.changes[machine.first_change + slot * machine.width + after.slot_in_matrix]
        if cell != NONE:
            return int(cell)
    if family == after.family and family != 0:
        return 0
    return int(after.setup)


@inlined
def setup_between(p: Tables, before: int, mode: int) -> int:
    """Set-up of ``mode`` after mode ``before`` on its machine; `NONE`: it is the first there."""
    if before == NONE:
        machine = p.resources[p.modes[mode].machine]
        return change_over(p, machine.family, machine.slot_in_matrix, mode)
    return change_over(p, p.modes[before].family, p.modes[before].slot_in_matrix, mode)


@inlined
def location_of(p: Tables, mode: int) -> int:
    """Where a mode's machine stands."""
    return int(p.resources[p.modes[mode].machine].location)
