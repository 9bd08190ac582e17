"""How long an operation takes by when it starts: calendars as few constant cases with sets of starts.

For a given need of working time, the time from start to end is piecewise constant in the start, and
shift calendars repeat themselves: few different lengths, each with a union of ranges of starts. The
same holds backwards, for when a machine must be free so that a set-up is done before the start.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

Interval = tuple[int, int, int]
"""Start, end, and working time ahead of it."""

Shape = tuple[int, int]
"""Seconds that the machine is taken before the start, and from start to end."""


Shapes = dict[Shape, list[tuple[int, int]]]
"""Starts by shape."""


class Need(NamedTuple):
    """What an operation needs in a mode with a given set-up: all that its shapes depend on."""

    calendar: int
    pausable: bool
    early: int
    run: int


class _Range(NamedTuple):
    """Starts from ``first`` to ``last``, all with the same value."""

    first: int
    last: int
    value: int


def _one_stretch(intervals: Sequence[Interval], run: int) -> Iterator[_Range]:
    for start, end, _ in intervals:
        last = end - max(run, 1)
        if last >= start:
            yield _Range(start, last, run)


def _with_breaks(intervals: Sequence[Interval], run: int) -> Iterator[_Range]:
    """Walk starts and the interval in which the run ends, both ascending."""
    j = 0
    for start, end, before in intervals:
        u, last = before, before + end - start - 1
        while u <= last:
            while j < len(intervals) and _worked_by_end(intervals[j]) < u + run:
                j += 1
            if j == len(intervals):
                return
            highest = min(last, _worked_by_end(intervals[j]) - run)
            shift = (intervals[j][0] - intervals[j][2]) - (start - before)
            yield _Range(start + u - before, start + highest - before, run + (shift if run else 0))
            u = highest + 1


def _worked_by_end(interval: Interval) -> int:
    return interval[2] + interval[1] - interval[0]


def _backwards(intervals: Sequence[Interval], setup: int) -> Iterator[_Range]:
    """How long before each start the machine must be free, as late as can be, from time 0 on."""
    earliest = next((before + max(-start, 0) for start, end, before in intervals if end > 0), 0)
    i = 0
    for start, end, before in intervals:
        u, last = max(before, earliest + setup), before + end - start - 1
        while u <= last:
            while _worked_by_end(intervals[i]) <= u - setup:
                i += 1
            highest = min(last, _worked_by_end(intervals[i]) + setup - 1)
            shift = (start - before) - (intervals[i][0] - intervals[i][2])
            yield _Range(start + u - before, start + highest - before, setup + (shift if setup else 0))
            u = highest + 1


def _both(ones: Sequence[_Range], others: Sequence[_Range]) -> Iterator[tuple[int, int, Shape]]:
    """Cut two ascending lists of ranges into ranges with both values."""
    i = j = 0
    while i < len(ones) and j < len(others):
        one, other = ones[i], others[j]
        first, last = max(one.first, other.first), min(one.last, other.last)
        if first <= last:
            yield first, last, (one.value, other.value)
        if one.last <= other.last:
            i += 1
        else:
            j += 1


def _joined(ranges: list[tuple[int, int]], first: int, last: int) -> None:
    if ranges and ranges[-1][1] + 1 == first:
        ranges[-1] = (ranges[-1][0], last)
    else:
        ranges.append((first, last))


def shapes_of(intervals: Sequence[Interval], need: Need) -> Shapes:
    """All starts by how long the machine is taken before and how long the run lasts.

    Parameters
    ----------
    intervals
        Ascending working intervals.
    need
        ``early`` is a set-up done by the machine before the start, ``run`` what must be worked from the start
        on (an ordinary set-up is part of it).

    Returns
    -------
    dict
        By (seconds taken before the start, seconds from start to end) the inclusive ranges of starts.
    """
    ahead = list((_with_breaks if need.pausable else _one_stretch)(intervals, need.run))
    if need.early:
        back = list(_backwards(intervals, need.early))
    else:
        back = [_Range(start, end - 1, 0) for start, end, _ in intervals]
    found: Shapes = {}
    for first, last, shape in _both(back, ahead):
        _joined(found.setdefault(shape, []), first, last)
    return found


def since(intervals: Sequence[Interval], first: int, early: int) -> int:
    """Place of the interval in which a set-up for a start at ``first`` or later begins at the earliest."""
    i = min(bisect_right(intervals, first, key=_end_of), len(intervals) - 1)
    worked = intervals[i][2] - early if intervals else 0
    while i > 0 and intervals[i][2] > worked:
        i -= 1
    return max(i, 0)


def until(intervals: Sequence[Interval], last: int) -> int:
    """Place behind the last interval that a run until ``last`` may touch."""
    return bisect_right(intervals, last, key=_start_of)


def _start_of(interval: Interval) -> int:
    return interval[0]


def _end_of(interval: Interval) -> int:
    return interval[1]


def clipped(ranges: Sequence[tuple[int, int]], first: int, last: int) -> list[tuple[int, int]]:
    """The part of ascending ranges from ``first`` to ``last``."""
    return [(max(low, first), min(high, last)) for low, high in ranges if high >= first and low <= last]
