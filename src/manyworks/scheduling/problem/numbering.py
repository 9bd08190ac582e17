"""From drafts with names to tables of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, chain
from typing import NamedTuple

import numpy as np

from manyworks.scheduling.calendars import Intervals, common, merge
from manyworks.scheduling.problem.builder import ModeDraft, OperationDraft, ProblemBuilder, ResourceDraft
from manyworks.scheduling.problem.data import GOAL_NAMES, Objective, ProblemData
from manyworks.scheduling.problem.tables import (
    ARC,
    CARRIES,
    EARLY_SETUP,
    FOREVER,
    FROZEN,
    GOALS,
    INTERVAL,
    MODE,
    NONE,
    OPERATION,
    PAUSABLE,
    RESOURCE,
    Floats,
    Ints,
    Records,
    Tables,
)

LEVEL_RATIO = 1e-7
"""Price of a lower level beside the one above it, as far as one number has to hold both."""
DEADLINE_PRICE = 1e6
"""Price of a second beyond a deadline, times the highest price there is: never worth it."""


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)


def _pointers(lengths: Iterable[int]) -> Ints:
    return _ints(accumulate(lengths, initial=0))


def _table(dtype: np.dtype[np.void], rows: int, **columns: Iterable[int] | Floats | Ints) -> Records:
    """Fill a table column by column; a column may be a row short of its end."""
    table = np.zeros(rows, dtype=dtype)
    for name, values in columns.items():
        column = values if isinstance(values, np.ndarray) else _ints(values)
        table[name][: len(column)] = column
    return table


def _or(value: int | None, default: int) -> int:
    return default if value is None else value


def _flags(operation: OperationDraft) -> int:
    return (
        PAUSABLE * operation.pausable
        + EARLY_SETUP * operation.early_setup
        + FROZEN * operation.frozen
        + CARRIES * operation.carries
    )


class _Arcs(NamedTuple):
    first_before: Ints
    befores: Records
    first_after: Ints
    afters: Records


def _arcs(builder: ProblemBuilder) -> _Arcs:
    count = len(builder.operations)
    before = _ints(arc.before for arc in builder.arcs)
    after = _ints(arc.after for arc in builder.arcs)
    lag = _ints(arc.lag for arc in builder.arcs)
    moves = _ints(arc.moves for arc in builder.arcs)
    by_after, by_before = np.lexsort((before, after)), np.lexsort((after, before))
    rows = len(builder.arcs)
    return _Arcs(
        _pointers(np.bincount(after, minlength=count)),
        _table(ARC, rows, operation=before[by_after], lag=lag[by_after], moves=moves[by_after]),
        _pointers(np.bincount(before, minlength=count)),
        _table(ARC, rows, operation=after[by_before], lag=lag[by_before], moves=moves[by_before]),
    )


class _Changes(NamedTuple):
    first: Ints
    width: Ints
    cells: Ints
    slot: Sequence[Mapping[str, int]]


def _changes(resources: Sequence[ResourceDraft]) -> _Changes:
    """Set-up matrices of resources, over the families their pairs name."""
    slots, cells = [], []
    for resource in resources:
        names = dict.fromkeys(name for pair in resource.setups for name in pair)
        slot = {name: index for index, name in enumerate(names)}
        matrix = np.full((len(slot), len(slot)), NONE, dtype=np.int64)
        for (a, b), seconds in resource.setups.items():
            matrix[slot[a], slot[b]] = seconds
        slots.append(slot)
        cells.append(matrix.ravel())
    width = _ints(map(len, slots))
    joined = np.concatenate(cells) if cells else np.zeros(0, dtype=np.int64)
    return _Changes(_pointers(width * width)[:-1], width, joined, slots)


class _Calendars(NamedTuple):
    of_mode: Ints
    first_interval: Ints
    intervals: Records


def _held(mode: ModeDraft) -> tuple[int, ...]:
    """Everything a mode holds, the machine first, each once."""
    return tuple(dict.fromkeys((mode.machine, *mode.others)))


def _calendars(resources: Sequence[ResourceDraft], holds: Sequence[tuple[int, ...]]) -> _Calendars:
    """Common working time of every set of calendars that some mode needs."""
    known: dict[tuple[tuple[int, int], ...], int] = {}
    calendar = [known.setdefault(resource.intervals, len(known)) for resource in resources]
    plain = list(known)
    numbers: dict[tuple[int, ...], int] = {}
    of_mode = []
    for hold in holds:
        key = tuple(sorted({calendar[resource] for resource in hold} - {known.get((), NONE)}))
        of_mode.append(numbers.setdefault(key, len(numbers)) if key else NONE)
    tables: list[Intervals] = [common(plain[number] for number in key) for key in numbers]
    lengths = [[end - start for start, end in table] for table in tables]
    intervals = _table(
        INTERVAL,
        sum(map(len, tables)),
        start=(start for table in tables for start, _ in table),
        end=(end for table in tables for _, end in table),
        before=chain.from_iterable(list(accumulate(row, initial=0))[:-1] for row in lengths),
    )
    return _Calendars(_ints(of_mode), _pointers(map(len, tables)), intervals)


def prices(objective: Objective) -> Floats:
    """One price for each goal: lower levels are scaled down, deadlines cost more than anything.

    Parameters
    ----------
    objective
        Levels of goals.

    Returns
    -------
    ndarray
        (GOALS,); the first level at its own prices.
    """
    price = np.zeros(GOALS)
    for depth, level in enumerate(objective.levels):
        for name, value in level.items():
            price[GOAL_NAMES.index(name)] += value * LEVEL_RATIO**depth
    price[GOAL_NAMES.index("deadline")] = DEADLINE_PRICE * max(float(price.max(initial=0.0)), 1.0)
    return price


def _operation_table(builder: ProblemBuilder, arcs: _Arcs) -> Records:
    drafts = builder.operations
    return _table(
        OPERATION,
        len(drafts) + 1,
        release=(draft.release for draft in drafts),
        due=(_or(draft.due, FOREVER) for draft in drafts),
        deadline=(_deadline(draft) for draft in drafts),
        weight=np.array([draft.weight for draft in drafts], dtype=np.float64),
        flow_weight=np.array([draft.flow_weight for draft in drafts], dtype=np.float64),
        reference_start=(draft.reference[0] if draft.reference else NONE for draft in drafts),
        reference_machine=(draft.reference[1] if draft.reference else NONE for draft in drafts),
        flags=map(_flags, drafts),
        job=(draft.job for draft in drafts),
        first_before=arcs.first_before,
        first_after=arcs.first_after,
        first_mode=_pointers(len(draft.modes) for draft in drafts),
    )


def _deadline(draft: OperationDraft) -> int:
    if draft.frozen:
        return draft.release + draft.modes[0].duration
    return _or(draft.deadline, FOREVER)


def _family_numbers(values: Iterable[str]) -> dict[str, int]:
    """Number families from 1 in the order they come; the empty name is 0."""
    numbers = {"": 0}
    for value in values:
        numbers.setdefault(value, len(numbers))
    return numbers


class _Modes(NamedTuple):
    owner: Sequence[OperationDraft]
    drafts: Sequence[ModeDraft]
    holds: Sequence[tuple[int, ...]]
    numbers: Ints


def _modes(builder: ProblemBuilder) -> _Modes:
    """Modes by operation, those of one operation in the order they were added."""
    pairs = [(draft, mode, i) for draft in builder.operations for i, mode in enumerate(draft.modes)]
    return _Modes(
        [draft for draft, _, _ in pairs],
        [mode for _, mode, _ in pairs],
        [_held(mode) for _, mode, _ in pairs],
        _ints(i for _, _, i in pairs),
    )


def _mode_table(modes: _Modes, changes: _Changes, calendars: _Calendars, family: dict[str, int]) -> Records:
    frozen = np.array([owner.frozen for owner in modes.owner], dtype=bool)
    return _table(
        MODE,
        len(modes.drafts) + 1,
        duration=(mode.duration for mode in modes.drafts),
        machine=(mode.machine for mode in modes.drafts),
        family=(family[mode.family] for mode in modes.drafts),
        slot_in_matrix=(changes.slot[mode.machine].get(mode.family, NONE) for mode in modes.drafts),
        setup=(mode.setup for mode in modes.drafts),
        calendar=np.where(frozen, NONE, calendars.of_mode),
        first_hold=_pointers(map(len, modes.holds)),
    )


def _resource_table(resources: Sequence[ResourceDraft], changes: _Changes, family: dict[str, int]) -> Records:
    return _table(
        RESOURCE,
        len(resources),
        location=(resource.location for resource in resources),
        first_change=changes.first,
        width=changes.width,
        family=(family[resource.family] for resource in resources),
        slot_in_matrix=(
            changes.slot[i].get(resource.family, NONE) if resource.family else NONE
            for i, resource in enumerate(resources)
        ),
    )


def number(builder: ProblemBuilder) -> ProblemData:
    """Make the tables of drafts that validation found no fault with."""
    modes, arcs, changes = _modes(builder), _arcs(builder), _changes(builder.resources)
    resources = [_joined(resource) for resource in builder.resources]
    calendars = _calendars(resources, modes.holds)
    family = _family_numbers(
        chain((mode.family for mode in modes.drafts), (resource.family for resource in resources))
    )
    slots = max(map(len, modes.holds), default=1)
    operations = _operation_table(builder, arcs)
    tables = Tables(
        total=len(builder.operations),
        slots=slots,
        shift=(slots - 1).bit_length(),
        operations=operations,
        befores=arcs.befores,
        afters=arcs.afters,
        modes=_mode_table(modes, changes, calendars, family),
        holds=_ints(chain.from_iterable(modes.holds)),
        resources=_resource_table(resources, changes, family),
        changes=changes.cells,
        travel=np.array(builder.travel, dtype=np.int64),
        first_interval=calendars.first_interval,
        intervals=calendars.intervals,
        price=prices(builder.objective),
        sinks=np.flatnonzero(np.diff(operations["first_after"]) == 0).astype(np.int64),
    )
    return ProblemData(
        name=builder.name,
        tables=tables,
        objective=builder.objective,
        operations=tuple(draft.name for draft in builder.operations),
        jobs=tuple(builder.jobs),
        resources=tuple(resource.name for resource in builder.resources),
        kinds=tuple(resource.kind for resource in builder.resources),
        mode_numbers=modes.numbers,
        assumptions=tuple(builder.assumptions),
    )


def _joined(resource: ResourceDraft) -> ResourceDraft:
    """The same with touching intervals joined, so that equal working time is equal."""
    return ResourceDraft(
        name=resource.name,
        kind=resource.kind,
        intervals=merge(resource.intervals),
        location=resource.location,
        setups=resource.setups,
        family=resource.family,
    )
