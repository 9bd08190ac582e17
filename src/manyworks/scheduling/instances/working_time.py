"""Working time of resources, out of that of the modes that hold them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from manyworks.scheduling.calendars import merge
from manyworks.scheduling.problem.tables import FROZEN, NONE, Ints, Tables

Intervals = tuple[tuple[int, int], ...]


def working_times(p: Tables) -> list[Intervals]:
    """Working time by resource, as far as it matters: the union of that of its modes; empty: always.

    Tables only keep the common working time of all that a mode holds. Let C be the true calendars and U these
    unions: U lies within C as every mode's time does, and within U lies every mode's time, so that the common
    part of the U of all that a mode holds is the mode's time again. Frozen operations ignore calendars.
    """
    frozen = p.operations["flags"][:-1] & FROZEN > 0
    owner = np.repeat(np.arange(p.total), np.diff(p.operations["first_mode"]))
    holder = np.repeat(np.arange(len(owner)), np.diff(p.modes["first_hold"]))
    counts = ~frozen[owner[holder]]
    pairs = np.unique(np.column_stack([p.holds, p.modes["calendar"][holder]])[counts], axis=0)
    return [_union_of(p, pairs[pairs[:, 0] == resource, 1]) for resource in range(len(p.resources))]


def intervals_of(p: Tables, calendar: int) -> Intervals:
    """Working intervals of a calendar."""
    table = p.intervals[p.first_interval[calendar] : p.first_interval[calendar + 1]]
    return tuple(zip(table["start"].tolist(), table["end"].tolist(), strict=True))


def _union_of(p: Tables, calendars: Ints) -> Intervals:
    numbers = calendars.tolist()
    return () if NONE in numbers else _union([intervals_of(p, number) for number in numbers])


def _union(several: Sequence[Intervals]) -> Intervals:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(pair for intervals in several for pair in intervals):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return merge(joined)
