"""Job shops: ``jobs machines``, then a line for each job with its ``machine time`` pairs."""

from __future__ import annotations

import numpy as np

from manyworks.model import error
from manyworks.scheduling.instances.faults import Faults
from manyworks.scheduling.instances.number_rows import Rows
from manyworks.scheduling.instances.ranges import (
    count_from_zero,
    header,
    require_rows,
    require_times,
)
from manyworks.scheduling.instances.scans import Scan
from manyworks.scheduling.problem.data import ProblemData
from manyworks.scheduling.problem.plain import plain_problem
from manyworks.scheduling.problem.tables import Ints


def scan_job_shop(rows: Rows, faults: Faults) -> Scan | None:
    """Read a job shop; lines of different length (re-entrant shops) may end with ``-1 -1``.

    Parameters
    ----------
    rows
        The file. Machines may be counted from 0 or from 1.
    faults
        Takes what is wrong.

    Returns
    -------
    Scan or None
        None where there are faults.
    """
    found = header(rows, ("jobs", "machines"), faults)
    if found is None or not rows.require_whole(faults):
        return None
    if len(found) > 2:
        message = f"expected the numbers of jobs and machines, found {len(found)} numbers"
        faults.add(error("scheduling.instance.header", faults.line(int(rows.line[0])), message))
        return None
    jobs, machines = found
    if not require_rows(rows, jobs, "jobs", faults) or not _even(rows, faults):
        return None
    pairs, pair_first = _pairs(rows)
    line = np.repeat(rows.line[1:], np.diff(pair_first))
    _require_work(rows, pair_first, faults)
    machine, _ = count_from_zero(pairs[:, 0], machines, 0, "machine", line, faults)
    require_times(pairs[:, 1], line, faults)
    if faults.count:
        return None

    def build(name: str) -> ProblemData:
        ways = np.arange(len(pairs) + 1)
        return plain_problem(name, pair_first, ways, machine, pairs[:, 1], machines)

    return Scan(build=build, regular=_regular(machine, pair_first, machines))


def _regular(machine: Ints, pair_first: Ints, machines: int) -> bool:
    """Whether every job visits every machine once."""
    if (np.diff(pair_first) != machines).any():
        return False
    visits = np.sort(machine.reshape(-1, machines), axis=1)
    return bool((visits == np.arange(machines)).all())


def _even(rows: Rows, faults: Faults) -> bool:
    odd = np.flatnonzero(rows.widths[1:] % 2) + 1
    for row in odd.tolist():
        message = f"expected pairs of machine and time, found {rows.widths[row]} numbers"
        hint = "a number is missing or too many"
        faults.add(error("scheduling.instance.pairs", faults.line(int(rows.line[row])), message, hint))
    return not len(odd)


def _pairs(rows: Rows) -> tuple[Ints, Ints]:
    """(operations, 2) pairs, and pointers to those of each job; ``-1 -1`` at the end of a line is none."""
    pairs = rows.values[rows.first[1] :].reshape(-1, 2)
    ends = (rows.first[2:] - rows.first[1]) // 2
    closing = np.zeros(len(pairs), dtype=bool)
    closing[ends - 1] = (pairs[ends - 1] == -1).all(axis=1)
    counts = np.diff(ends, prepend=0) - closing[ends - 1]
    return pairs[~closing], np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _require_work(rows: Rows, pair_first: Ints, faults: Faults) -> None:
    for row in (np.flatnonzero(np.diff(pair_first) == 0) + 1).tolist():
        message = "the job has no operation"
        faults.add(
            error("scheduling.instance.empty", faults.line(int(rows.line[row])), message, "take it out")
        )
