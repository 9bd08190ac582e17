"""Working time: intervals of resources, and what several resources have in common."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable

from manyworks.model import Mode, Resource, ResourceId

Intervals = tuple[tuple[int, int], ...]

# Later than any time a validated workload can reach, and small enough to add up in 64 bits.
FOREVER = 2**61
ALWAYS: Intervals = ((0, FOREVER),)


def merge(intervals: Iterable[tuple[int, int]]) -> Intervals:
    """Join touching intervals of an ascending sequence."""
    merged: list[tuple[int, int]] = []
    for start, end in intervals:
        if merged and merged[-1][1] == start:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return tuple(merged)


def intersect(one: Intervals, other: Intervals) -> Intervals:
    """Time in both of two ascending disjoint sets of intervals."""
    both: list[tuple[int, int]] = []
    i = j = 0
    while i < len(one) and j < len(other):
        start, end = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if start < end:
            both.append((start, end))
        if one[i][1] <= other[j][1]:
            i += 1
        else:
            j += 1
    return tuple(both)


def common(calendars: Iterable[Intervals]) -> Intervals:
    """Time in all of the calendars of resources, where an empty one means always."""
    result = ALWAYS
    for intervals in calendars:
        if intervals:
            result = intersect(result, merge(intervals))
    return result


def worked_between(intervals: Intervals, start: int, end: int) -> Intervals:
    """Cut the working time between start and end out of ascending disjoint intervals."""
    cut = []
    for index in range(max(bisect_right(intervals, (start, math.inf)) - 1, 0), len(intervals)):
        low, high = max(intervals[index][0], start), min(intervals[index][1], end)
        if intervals[index][0] >= end:
            break
        if low < high:
            cut.append((low, high))
    return tuple(cut)


def held(mode: Mode) -> tuple[ResourceId, ...]:
    """Everything a mode holds, the machine first, each resource once."""
    return tuple(dict.fromkeys((mode.machine, *mode.workers, *mode.tools)))


class CommonTime:
    """Common working time of sets of resources, computed once per distinct set of calendars."""

    def __init__(self, resources: dict[ResourceId, Resource]) -> None:
        self._resources = resources
        self._number: dict[Intervals, int] = {}
        self._calendar_of = {key: self._numbered(r.intervals) for key, r in resources.items()}
        self._known: dict[tuple[int, ...], Intervals] = {}
        self._plain: list[Intervals] = list(self._number)

    def _numbered(self, intervals: Intervals) -> int:
        return self._number.setdefault(tuple(intervals), len(self._number))

    def key(self, resources: Iterable[ResourceId]) -> tuple[int, ...]:
        """Name of the set of calendars of these resources."""
        return tuple(sorted({self._calendar_of[resource] for resource in resources}))

    def at(self, key: tuple[int, ...]) -> Intervals:
        """Common working time of the set of calendars of that name."""
        if key not in self._known:
            self._known[key] = common(self._plain[number] for number in key)
        return self._known[key]

    def of(self, resources: Iterable[ResourceId]) -> Intervals:
        """Common working time of these resources."""
        return self.at(self.key(resources))
