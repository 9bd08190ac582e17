"""A workload as flat tables behind numbers; the typed ids stay outside and come back at the end.

Works and resources are numbered by the order of their ids, modes of one work by the order of their
machines' ids, so that ties never depend on the order of the input.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from manyworks.model import Mode, Resource, ResourceId, Work, WorkId, Workload
from manyworks.scheduling.calendars import FOREVER, CommonTime, held

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Records = NDArray[np.void]

FAMILY_BASE = 2**31


WORK = np.dtype(
    [
        ("release", np.int64),
        ("due", np.int64),
        ("weight", np.float64),
        ("pausable", np.int64),
        ("first_before", np.int64),
        ("first_after", np.int64),
        ("first_mode", np.int64),
    ]
)
ARC = np.dtype([("work", np.int64), ("lag", np.int64)])
MODE = np.dtype(
    [
        ("duration", np.int64),
        ("setup", np.int64),
        ("family", np.int64),
        ("calendar", np.int64),
        ("first_hold", np.int64),
    ]
)
INTERVAL = np.dtype([("start", np.int64), ("end", np.int64), ("before", np.int64)])
CHANGE = np.dtype([("key", np.int64), ("seconds", np.int64)])


class Problem(NamedTuple):
    """Tables of a workload, times in int64 seconds.

    Few tables of records instead of many columns: compiled calls pass every array by value.
    ``first_x`` of row ``i`` and of row ``i + 1`` enclose what belongs to ``i`` in table ``x``, so
    ``works`` and ``modes`` have one row more than there are; likewise ``first_interval`` (by
    calendar) and ``first_change`` (by resource).

    ``due`` is `FOREVER` where there is none. ``holds`` lists the resources of a mode, its machine
    first. A calendar is the common working time of a mode's resources; ``before`` of an interval is
    the working time ahead of it. The keys of ``changes`` ascend within a machine: ``family before *
    2**31 + family after``; family 0 is no family. ``slots`` is the most resources a mode holds.
    """

    total: int
    slots: int
    works: Records
    befores: Records
    afters: Records
    modes: Records
    holds: Ints
    first_interval: Ints
    intervals: Records
    first_change: Ints
    changes: Records


class Numbering(NamedTuple):
    """What the numbers of a `Problem` stand for."""

    works: Sequence[Work]
    modes: Sequence[tuple[int, Mode]]
    resources: Sequence[ResourceId]


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)


def _pointers(lengths: Iterable[int]) -> Ints:
    return _ints(accumulate(lengths, initial=0))


def _ordered_modes(work: Work) -> list[tuple[int, Mode]]:
    return sorted(enumerate(work.modes), key=lambda pair: pair[1].machine)


def _table(dtype: np.dtype[np.void], rows: int, **columns: Iterable[int] | Floats) -> Records:
    """Fill a table column by column; a column may be a row short of its end."""
    table = np.zeros(rows, dtype=dtype)
    for name, values in columns.items():
        column = values if isinstance(values, np.ndarray) else _ints(values)
        table[name][: len(column)] = column
    return table


class _Links(NamedTuple):
    first_before: Ints
    befores: Records
    first_after: Ints
    afters: Records


def _links(works: Sequence[Work]) -> _Links:
    number: dict[WorkId, int] = {work.id: index for index, work in enumerate(works)}
    counts = _ints(len(work.links) for work in works)
    before = _ints(number[link.before] for work in works for link in work.links)
    lag = _ints(link.lag_s for work in works for link in work.links)
    owner = np.repeat(np.arange(len(works), dtype=np.int64), counts)
    order = np.argsort(before, kind="stable")
    return _Links(
        _pointers(counts),
        _table(ARC, len(before), work=before, lag=lag),
        _pointers(np.bincount(before, minlength=len(works))),
        _table(ARC, len(before), work=owner[order], lag=lag[order]),
    )


class _Calendars(NamedTuple):
    of_mode: Ints
    first_interval: Ints
    intervals: Records


def _calendars(workload: Workload, modes: Sequence[tuple[int, Mode]]) -> _Calendars:
    times = CommonTime(dict(workload.resources))
    number: dict[tuple[int, ...], int] = {}
    of_mode = _ints(number.setdefault(times.key(held(mode)), len(number)) for _, mode in modes)
    tables = [times.at(key) for key in number]
    lengths = [[end - start for start, end in table] for table in tables]
    intervals = _table(
        INTERVAL,
        sum(map(len, tables)),
        start=(start for table in tables for start, _ in table),
        end=(end for table in tables for _, end in table),
        before=chain.from_iterable(list(accumulate(row, initial=0))[:-1] for row in lengths),
    )
    return _Calendars(of_mode, _pointers(len(table) for table in tables), intervals)


def _changes(resources: Sequence[Resource], family: Mapping[str, int]) -> tuple[Ints, Records]:
    tables = [
        sorted(
            (family[a] * FAMILY_BASE + family[b], seconds)
            for (a, b), seconds in resource.setups.items()
            if a in family and b in family
        )
        for resource in resources
    ]
    changes = _table(
        CHANGE,
        sum(map(len, tables)),
        key=(key for table in tables for key, _ in table),
        seconds=(seconds for table in tables for _, seconds in table),
    )
    return _pointers(len(table) for table in tables), changes


def _work_table(works: Sequence[Work], links: _Links) -> Records:
    return _table(
        WORK,
        len(works) + 1,
        release=(work.release_s for work in works),
        due=(FOREVER if work.due_s is None else work.due_s for work in works),
        weight=np.array([work.weight for work in works], dtype=np.float64),
        pausable=(work.pausable for work in works),
        first_before=links.first_before,
        first_after=links.first_after,
        first_mode=_pointers(len(work.modes) for work in works),
    )


def _numbered_families(modes: Sequence[tuple[int, Mode]]) -> dict[str, int]:
    names = sorted({mode.family for _, mode in modes} - {""})
    return {"": 0} | {name: index for index, name in enumerate(names, 1)}


def flatten(workload: Workload) -> tuple[Problem, Numbering]:
    """Turn a workload that `validate` accepted into flat tables, with the names of the numbers."""
    works = sorted(workload.works, key=lambda work: work.id)
    modes = [pair for work in works for pair in _ordered_modes(work)]
    names = sorted(workload.resources)
    resource = {name: index for index, name in enumerate(names)}
    family = _numbered_families(modes)
    holds = [held(mode) for _, mode in modes]
    links, calendars = _links(works), _calendars(workload, modes)
    first_change, changes = _changes([workload.resources[name] for name in names], family)
    mode_table = _table(
        MODE,
        len(modes) + 1,
        duration=(mode.duration_s for _, mode in modes),
        setup=(mode.setup_s for _, mode in modes),
        family=(family[mode.family] for _, mode in modes),
        calendar=calendars.of_mode,
        first_hold=_pointers(len(hold) for hold in holds),
    )
    problem = Problem(
        total=len(works),
        slots=max(len(hold) for hold in holds),
        works=_work_table(works, links),
        befores=links.befores,
        afters=links.afters,
        modes=mode_table,
        holds=_ints(resource[name] for hold in holds for name in hold),
        first_interval=calendars.first_interval,
        intervals=calendars.intervals,
        first_change=first_change,
        changes=changes,
    )
    return problem, Numbering(works, modes, names)
