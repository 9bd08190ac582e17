"""The tables of a problem as plain lists: reading records one by one is slow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from manyworks.scheduling.problem.data import Solution
from manyworks.scheduling.problem.tables import CARRIES, NONE, Records, Tables
from manyworks.scheduling.solvers.pieces import Interval


class Arc(NamedTuple):
    """The other end of a precedence, as in ``Tables.befores``."""

    operation: int
    lag: int
    moves: int


class SetupClass(NamedTuple):
    """All that a set-up depends on, on one side or the other: of a mode, or of a machine at the beginning."""

    family: int
    slot: int
    setup: int


class Trip(NamedTuple):
    """A loaded trip of a transport; none where both places are the same."""

    origin: int
    goal: int

    @property
    def is_idle(self) -> bool:
        """Whether nothing runs."""
        return self.origin == self.goal


class Times(NamedTuple):
    """A `Solution` as lists."""

    mode: list[int]
    start: list[int]
    end: list[int]
    setup: list[int]


def times_of(solution: Solution) -> Times:
    """Turn the columns of a solution into lists."""
    return Times(*(column.tolist() for column in solution))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Columns of the tables by operation, mode and resource; see `Tables` for what they mean."""

    total: int
    job: list[int]
    release: list[int]
    due: list[int]
    deadline: list[int]
    weight: list[float]
    flow_weight: list[float]
    reference_start: list[int]
    reference_machine: list[int]
    flags: list[int]
    befores: list[list[Arc]]
    afters: list[list[Arc]]
    modes: list[range]
    duration: list[int]
    machine: list[int]
    setup_class: list[SetupClass]
    calendar: list[int]
    holds: list[list[int]]
    location: list[int]
    initial: list[SetupClass]
    first_change: list[int]
    width: list[int]
    changes: list[int]
    travel: list[list[int]]
    calendars: list[list[Interval]]


def ends_of_trip(rows: Rows, o: int) -> tuple[int, int]:
    """Operations a transport runs between; `NONE` where there is none."""
    befores, afters = rows.befores[o], rows.afters[o]
    return (befores[0].operation if befores else NONE, afters[0].operation if afters else NONE)


def place_of(rows: Rows, mode: int) -> int:
    """Where a mode's machine stands."""
    return rows.location[rows.machine[mode]]


def trip_of(rows: Rows, modes: Sequence[int], o: int) -> Trip:
    """Find the trip of a transport when every operation has a mode."""
    return Trip(*(0 if end == NONE else place_of(rows, modes[end]) for end in ends_of_trip(rows, o)))


def holds_of(rows: Rows, modes: Sequence[int], o: int) -> Sequence[int]:
    """Resources an operation takes when every operation has a mode; an idle transport takes none."""
    if rows.flags[o] & CARRIES and trip_of(rows, modes, o).is_idle:
        return ()
    return rows.holds[modes[o]]


def _cut(values: list[Any], first: list[int]) -> list[list[Any]]:
    return [values[low:high] for low, high in pairwise(first)]


def _arcs(arcs: Records, first: list[int]) -> list[list[Arc]]:
    columns = (arcs[name].tolist() for name in ("operation", "lag", "moves"))
    return _cut([Arc(*row) for row in zip(*columns, strict=True)], first)


def rows_of(p: Tables) -> Rows:
    """Read the tables once."""
    operations = {name: p.operations[name].tolist() for name in p.operations.dtype.names or ()}
    modes = {name: p.modes[name].tolist() for name in p.modes.dtype.names or ()}
    resources = {name: p.resources[name].tolist() for name in p.resources.dtype.names or ()}
    intervals = list(zip(*(p.intervals[name].tolist() for name in ("start", "end", "before")), strict=True))
    first = operations["first_mode"]
    return Rows(
        total=p.total,
        befores=_arcs(p.befores, operations["first_before"]),
        afters=_arcs(p.afters, operations["first_after"]),
        modes=[range(low, high) for low, high in pairwise(first)],
        duration=modes["duration"],
        machine=modes["machine"],
        setup_class=[
            SetupClass(*row)
            for row in zip(modes["family"], modes["slot_in_matrix"], modes["setup"], strict=True)
        ],
        calendar=modes["calendar"],
        holds=_cut(p.holds.tolist(), modes["first_hold"]),
        location=resources["location"],
        initial=[
            SetupClass(family, slot, 0)
            for family, slot in zip(resources["family"], resources["slot_in_matrix"], strict=True)
        ],
        first_change=resources["first_change"],
        width=resources["width"],
        changes=p.changes.tolist(),
        travel=p.travel.tolist(),
        calendars=_cut(intervals, p.first_interval.tolist()),
        **{
            name: operations[name][:-1]
            for name in (
                "job",
                "release",
                "due",
                "deadline",
                "weight",
                "flow_weight",
                "reference_start",
                "reference_machine",
                "flags",
            )
        },
    )


def change_over(rows: Rows, machine: int, before: SetupClass, after: SetupClass) -> int:
    """Set-up between two states: by the matrix, none between equal families, else the mode's own."""
    if NONE not in (before.slot, after.slot):
        cell = rows.changes[rows.first_change[machine] + before.slot * rows.width[machine] + after.slot]
        if cell != NONE:
            return cell
    return 0 if before.family == after.family != 0 else after.setup
