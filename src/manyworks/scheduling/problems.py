"""A workload as flat arrays behind numbers; the typed ids stay outside and come back at the end.

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
Flags = NDArray[np.bool_]

FAMILY_BASE = 2**31


class Problem(NamedTuple):
    """Flat arrays of a workload; ``x_ptr[i]:x_ptr[i + 1]`` is the slice of ``x`` belonging to ``i``.

    All times are int64 seconds. ``due`` is `FOREVER` where there is none. ``hold`` lists the
    resources of a mode, its machine first. Calendars are common working times of a mode's
    resources; ``cal_before`` is the working time ahead of each interval. ``change_key`` holds, per
    machine and ascending, ``family before * 2**31 + family after`` with seconds in ``change_s``;
    family 0 is no family.
    """

    release: Ints
    due: Ints
    weight: Floats
    pausable: Flags
    before_ptr: Ints
    before: Ints
    before_lag: Ints
    after_ptr: Ints
    after: Ints
    after_lag: Ints
    mode_ptr: Ints
    mode_duration: Ints
    mode_setup: Ints
    mode_family: Ints
    mode_calendar: Ints
    hold_ptr: Ints
    hold: Ints
    cal_ptr: Ints
    cal_start: Ints
    cal_end: Ints
    cal_before: Ints
    change_ptr: Ints
    change_key: Ints
    change_s: Ints
    slots: int


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


class _Links(NamedTuple):
    before_ptr: Ints
    before: Ints
    before_lag: Ints
    after_ptr: Ints
    after: Ints
    after_lag: Ints


def _links(works: Sequence[Work]) -> _Links:
    number: dict[WorkId, int] = {work.id: index for index, work in enumerate(works)}
    counts = _ints(len(work.links) for work in works)
    before = _ints(number[link.before] for work in works for link in work.links)
    lag = _ints(link.lag_s for work in works for link in work.links)
    owner = np.repeat(np.arange(len(works), dtype=np.int64), counts)
    order = np.argsort(before, kind="stable")
    after_counts = np.bincount(before, minlength=len(works))
    return _Links(_pointers(counts), before, lag, _pointers(after_counts), owner[order], lag[order])


class _Calendars(NamedTuple):
    mode_calendar: Ints
    cal_ptr: Ints
    cal_start: Ints
    cal_end: Ints
    cal_before: Ints


def _calendars(workload: Workload, modes: Sequence[tuple[int, Mode]]) -> _Calendars:
    times = CommonTime(dict(workload.resources))
    number: dict[tuple[int, ...], int] = {}
    mode_calendar = _ints(number.setdefault(times.key(held(mode)), len(number)) for _, mode in modes)
    tables = [times.at(key) for key in number]
    lengths = [[end - start for start, end in table] for table in tables]
    return _Calendars(
        mode_calendar,
        _pointers(len(table) for table in tables),
        _ints(start for table in tables for start, _ in table),
        _ints(end for table in tables for _, end in table),
        _ints(chain.from_iterable(list(accumulate(row, initial=0))[:-1] for row in lengths)),
    )


class _Changes(NamedTuple):
    change_ptr: Ints
    change_key: Ints
    change_s: Ints


def _changes(resources: Sequence[Resource], family: Mapping[str, int]) -> _Changes:
    tables = [
        sorted(
            (family[a] * FAMILY_BASE + family[b], seconds)
            for (a, b), seconds in resource.setups.items()
            if a in family and b in family
        )
        for resource in resources
    ]
    return _Changes(
        _pointers(len(table) for table in tables),
        _ints(key for table in tables for key, _ in table),
        _ints(seconds for table in tables for _, seconds in table),
    )


def flatten(workload: Workload) -> tuple[Problem, Numbering]:
    """Turn a workload that `validate` accepted into flat arrays, with the names of the numbers."""
    works = sorted(workload.works, key=lambda work: work.id)
    modes = [pair for work in works for pair in _ordered_modes(work)]
    names = sorted(workload.resources)
    resource = {name: index for index, name in enumerate(names)}
    families = sorted({mode.family for _, mode in modes} - {""})
    family = {"": 0} | {name: index for index, name in enumerate(families, 1)}
    holds = [held(mode) for _, mode in modes]
    problem = Problem(
        release=_ints(work.release_s for work in works),
        due=_ints(FOREVER if work.due_s is None else work.due_s for work in works),
        weight=np.array([work.weight for work in works], dtype=np.float64),
        pausable=np.array([work.pausable for work in works], dtype=np.bool_),
        **_links(works)._asdict(),
        mode_ptr=_pointers(len(work.modes) for work in works),
        mode_duration=_ints(mode.duration_s for _, mode in modes),
        mode_setup=_ints(mode.setup_s for _, mode in modes),
        mode_family=_ints(family[mode.family] for _, mode in modes),
        **_calendars(workload, modes)._asdict(),
        hold_ptr=_pointers(len(hold) for hold in holds),
        hold=_ints(resource[name] for hold in holds for name in hold),
        **_changes([workload.resources[name] for name in names], family)._asdict(),
        slots=max(len(hold) for hold in holds),
    )
    return problem, Numbering(works, modes, names)
