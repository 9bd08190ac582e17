"""Plain shops straight from arrays: chains of operations on machines and nothing else, up to millions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from manyworks.model import Finding, error
from manyworks.scheduling.errors import SchedulingError
from manyworks.scheduling.problem.data import MAKESPAN_ONLY, Objective, ProblemData
from manyworks.scheduling.problem.numbering import prices
from manyworks.scheduling.problem.tables import (
    ARC,
    FOREVER,
    INTERVAL,
    MODE,
    NONE,
    OPERATION,
    RESOURCE,
    Ints,
    Records,
    Tables,
)

LONGEST_DURATION = 2**40
"""Longest run accepted; the sum of a million such still counts in 64 bits."""
LONGEST_LIST = 50
"""Findings of one kind that are spelled out; the rest are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names(Sequence[str]):
    """Names made when asked for, instead of a million strings in memory.

    Parameters
    ----------
    word
        What stands before the number.
    size
        How many there are.
    groups_first
        Where given, pointers to the first of each group: names are numbered within groups then, ``17.3``.
    """

    word: str
    size: int
    groups_first: Ints | None = None

    def __len__(self) -> int:
        return self.size

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return tuple(self._name(i) for i in range(*index.indices(self.size)))
        if not -self.size <= index < self.size:
            raise IndexError(index)
        return self._name(index % self.size)

    def __iter__(self) -> Iterator[str]:
        if self.groups_first is None:
            return (f"{self.word} {number}" for number in range(self.size))
        lengths = enumerate(np.diff(self.groups_first).tolist())
        return (f"{self.word} {group}.{number}" for group, length in lengths for number in range(length))

    def _name(self, index: int) -> str:
        if self.groups_first is None:
            return f"{self.word} {index}"
        group = int(np.searchsorted(self.groups_first, index, side="right")) - 1
        return f"{self.word} {group}.{index - int(self.groups_first[group])}"


def _operation_names(jobs_first: Ints) -> Names:
    return Names(word="operation", size=int(jobs_first[-1]), groups_first=jobs_first)


def _pointer_findings(what: str, pointers: Ints, rows: int | None) -> list[Finding]:
    """Say whether pointers begin at 0, never fall, and end at the number of rows (where that is known)."""
    if len(pointers) == 0 or pointers[0] != 0 or np.any(np.diff(pointers) < 0):
        found = "they do not begin at 0 or fall somewhere"
    elif rows is not None and pointers[-1] != rows:
        found = f"they end at {pointers[-1]}, expected {rows}"
    else:
        return []
    return [error("scheduling.plain.pointers", what, f"pointers {found}", "give ascending CSR pointers")]


def _listed(code: str, rows: Ints, tell: Callable[[int], tuple[str, str, str]]) -> list[Finding]:
    """One finding for each of the first rows, and one that counts the rest."""
    findings = [error(code, *tell(int(row))) for row in rows[:LONGEST_LIST]]
    if len(rows) > LONGEST_LIST:
        findings.append(error(code, "problem", f"{len(rows) - LONGEST_LIST} more of the same"))
    return findings


def _content_findings(
    jobs_first: Ints, operation_first: Ints, machine: Ints, duration: Ints, machines: int
) -> list[Finding]:
    names = _operation_names(jobs_first)

    def owner(mode: int) -> str:
        return names[int(np.searchsorted(operation_first, mode, side="right")) - 1]

    return [
        *_listed(
            "scheduling.plain.no_mode",
            np.flatnonzero(np.diff(operation_first) == 0),
            lambda row: (names[row], "has no machine to run on", "give at least one machine and duration"),
        ),
        *_listed(
            "scheduling.plain.machine",
            np.flatnonzero((machine < 0) | (machine >= machines)),
            lambda row: (owner(row), f"runs on machine {machine[row]}, expected 0 to {machines - 1}", ""),
        ),
        *_listed(
            "scheduling.plain.duration",
            np.flatnonzero((duration < 0) | (duration > LONGEST_DURATION)),
            lambda row: (owner(row), f"takes {duration[row]}, expected 0 to {LONGEST_DURATION}", ""),
        ),
    ]


def _findings(
    jobs_first: Ints, operation_first: Ints, machine: Ints, duration: Ints, machines: int
) -> list[Finding]:
    if len(machine) != len(duration):
        message = f"{len(machine)} machines of modes but {len(duration)} durations, expected as many"
        return [error("scheduling.plain.lengths", "modes", message)]
    shape = [
        *_pointer_findings("jobs_first", jobs_first, len(operation_first) - 1),
        *_pointer_findings("operation_first", operation_first, len(machine)),
    ]
    return shape or _content_findings(jobs_first, operation_first, machine, duration, machines)


def _chains(jobs_first: Ints) -> tuple[Records, Records, Ints, Ints]:
    """Arcs of chains: befores and afters by operation, and the pointers into each."""
    total = int(jobs_first[-1])
    has_before = np.ones(total, dtype=bool)
    has_after = np.ones(total, dtype=bool)
    filled = jobs_first[:-1][np.diff(jobs_first) > 0]
    has_before[filled] = False
    has_after[np.append(filled[1:], total)[: len(filled)] - 1] = False
    befores = np.zeros(int(has_before.sum()), dtype=ARC)
    afters = np.zeros(len(befores), dtype=ARC)
    befores["operation"] = np.flatnonzero(has_before) - 1
    afters["operation"] = np.flatnonzero(has_after) + 1
    return befores, afters, _counted(has_before), _counted(has_after)


def _counted(present: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Ints:
    pointers = np.zeros(len(present) + 1, dtype=np.int64)
    np.cumsum(present, out=pointers[1:])
    return pointers


def _operations(jobs_first: Ints, operation_first: Ints, first_before: Ints, first_after: Ints) -> Records:
    table = np.zeros(len(operation_first), dtype=OPERATION)
    table["due"] = table["deadline"] = FOREVER
    table["reference_start"] = table["reference_machine"] = NONE
    table["weight"] = 1.0
    table["job"][:-1] = np.repeat(np.arange(len(jobs_first) - 1), np.diff(jobs_first))
    table["first_before"], table["first_after"] = first_before, first_after
    table["first_mode"] = operation_first
    return table


def _modes(machine: Ints, duration: Ints) -> Records:
    table = np.zeros(len(machine) + 1, dtype=MODE)
    table["duration"][:-1], table["machine"][:-1] = duration, machine
    table["slot_in_matrix"] = table["calendar"] = NONE
    table["first_hold"] = np.arange(len(machine) + 1)
    return table


def _resources(machines: int) -> Records:
    table = np.zeros(machines, dtype=RESOURCE)
    table["slot_in_matrix"] = NONE
    return table


def plain_problem(
    name: str,
    jobs_first: Ints,
    operation_first: Ints,
    machine: Ints,
    duration: Ints,
    machines: int,
    objective: Objective = MAKESPAN_ONLY,
) -> ProblemData:
    """Make a job shop, flexible or not: the operations of a job form a chain, a mode holds one machine.

    Parameters
    ----------
    name
        Of the problem.
    jobs_first
        (jobs + 1,) pointers into the operations of each job, in the order of the chain.
    operation_first
        (operations + 1,) pointers into the modes of each operation.
    machine, duration
        (modes,) machine from 0, and time of one unit, of each mode.
    machines
        Number of machines.
    objective
        What a good schedule is.

    Returns
    -------
    ProblemData
        With names such as ``job 17``, ``operation 17.3`` and ``machine 4`` that are made on demand.

    Raises
    ------
    SchedulingError
        Pointers that do not fit, operations without a mode, machines or durations out of range; all at once.
    """
    jobs_first, operation_first, machine, duration = (
        np.ascontiguousarray(column, dtype=np.int64)
        for column in (jobs_first, operation_first, machine, duration)
    )
    findings = _findings(jobs_first, operation_first, machine, duration, machines)
    if findings:
        raise SchedulingError(findings)
    befores, afters, first_before, first_after = _chains(jobs_first)
    tables = Tables(
        total=len(operation_first) - 1,
        slots=1,
        shift=0,
        operations=_operations(jobs_first, operation_first, first_before, first_after),
        befores=befores,
        afters=afters,
        modes=_modes(machine, duration),
        holds=machine.copy(),
        resources=_resources(machines),
        changes=np.zeros(0, dtype=np.int64),
        travel=np.zeros((1, 1), dtype=np.int64),
        first_interval=np.zeros(1, dtype=np.int64),
        intervals=np.zeros(0, dtype=INTERVAL),
        price=prices(objective),
        sinks=np.flatnonzero(np.diff(first_after) == 0).astype(np.int64),
    )
    return ProblemData(
        name=name,
        tables=tables,
        objective=objective,
        operations=_operation_names(jobs_first),
        jobs=Names(word="job", size=len(jobs_first) - 1),
        resources=Names(word="machine", size=machines),
        kinds=("machine",) * machines,
        mode_numbers=np.arange(len(machine)) - np.repeat(operation_first[:-1], np.diff(operation_first)),
    )
