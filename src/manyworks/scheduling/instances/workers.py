"""Flexible job shops with workers: ``jobs machines workers``, then for each job a line.

A line reads ``operations``, then for each operation ``k``, and for each of ``k`` machines ``machine w`` and
``w`` pairs ``worker time``: one machine and one worker are held from start to end.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from manyworks.model import error
from manyworks.scheduling.instances.faults import Faults
from manyworks.scheduling.instances.number_rows import Rows
from manyworks.scheduling.instances.ranges import count_from_zero, header, require_rows, require_times
from manyworks.scheduling.instances.scans import Scan, add_chains, add_numbered
from manyworks.scheduling.problem.builder import ProblemBuilder
from manyworks.scheduling.problem.data import ProblemData
from manyworks.scheduling.problem.tables import Ints


class _Pair(NamedTuple):
    """A machine and a worker for an operation (its number in the job)."""

    operation: int
    machine: int
    worker: int
    duration: int


class _MisfitError(Exception):
    """A line that ends too early, or states impossible numbers."""


def scan_workers(rows: Rows, faults: Faults) -> Scan | None:
    """Read a shop whose modes are a machine with a worker; both may be counted from 0 or from 1."""
    found = header(rows, ("jobs", "machines", "workers"), faults)
    if found is None or not rows.require_whole(faults):
        return None
    jobs, machines, workers = found[:3]
    if not require_rows(rows, jobs, "jobs", faults):
        return None
    lines = [
        _read_line(rows.row(row), faults.line(int(rows.line[row])), faults) for row in range(1, jobs + 1)
    ]
    if faults.count:
        return None
    table = np.array([pair for line in lines for pair in line], dtype=np.int64).reshape(-1, 4)
    line = np.repeat(rows.line[1:], [len(pairs) for pairs in lines])
    machine, _ = count_from_zero(table[:, 1], machines, 1, "machine", line, faults)
    worker, _ = count_from_zero(table[:, 2], workers, 1, "worker", line, faults)
    require_times(table[:, 3], line, faults)
    if faults.count:
        return None
    lengths = [pairs[-1].operation + 1 for pairs in lines]
    owner = table[:, 0] + np.repeat(np.cumsum([0, *lengths[:-1]]), [len(pairs) for pairs in lines])
    modes = np.column_stack([owner, machine, worker, table[:, 3]])
    return Scan(build=lambda name: _build(name, (machines, workers), lengths, modes))


def _build(name: str, sizes: tuple[int, int], lengths: list[int], modes: Ints) -> ProblemData:
    builder = ProblemBuilder(name)
    machines, workers = add_numbered(builder, "machine", sizes[0]), add_numbered(builder, "worker", sizes[1])
    operations = list(add_chains(builder, lengths))
    for owner, machine, worker, duration in modes.tolist():
        builder.add_mode(operations[owner], machines[machine], duration, others=(workers[worker],))
    return builder.build()


def _read_line(row: list[int], where: str, faults: Faults) -> list[_Pair]:
    try:
        return _read_job(row)
    except _MisfitError as trouble:
        faults.add(error("scheduling.instance.job", where, str(trouble), "a number is missing or too many"))
        return []


def _read_job(row: list[int]) -> list[_Pair]:
    if row[0] < 1:
        raise _MisfitError("the job has no operation")
    pairs: list[_Pair] = []
    at, operation = 1, 0
    while operation < row[0]:
        machines, at = _count(row, at, f"operation {operation}", "machines"), at + 1
        for _ in range(machines):
            at = _read_machine(row, at, operation, pairs)
        operation += 1
    if at != len(row):
        raise _MisfitError(f"{len(row) - at} numbers too many after operation {operation - 1}")
    return pairs


def _read_machine(row: list[int], at: int, operation: int, pairs: list[_Pair]) -> int:
    """Read ``machine w`` and ``w`` pairs; gives the place after them."""
    workers = _count(row, at + 1, f"operation {operation}", "workers")
    machine, begin, end = row[at], at + 2, at + 2 + 2 * workers
    if end > len(row):
        message = (
            f"operation {operation}, machine {machine}: expected {workers} pairs of worker and time, found"
        )
        raise _MisfitError(f"{message} {(len(row) - begin) / 2:g}")
    pairs += [_Pair(operation, machine, row[i], row[i + 1]) for i in range(begin, end, 2)]
    return end


def _count(row: list[int], at: int, where: str, what: str) -> int:
    if at >= len(row):
        raise _MisfitError(f"{where}: the line ends before its number of {what}")
    if row[at] < 1:
        raise _MisfitError(f"{where} states {row[at]} {what}, expected 1 or more")
    return row[at]
