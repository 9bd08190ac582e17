"""Flexible job shops: for each job a line with, for each operation, its machines and times.

A line reads ``operations``, then for each operation ``k`` and ``k`` pairs ``machine time``. Formats with
set-ups and with transport begin in the same way.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from manyworks.model import Finding, error, info
from manyworks.scheduling.instances.faults import Faults
from manyworks.scheduling.instances.number_rows import Rows
from manyworks.scheduling.instances.ranges import (
    Modes,
    count_from_zero,
    header,
    point,
    require_rows,
    require_times,
)
from manyworks.scheduling.instances.scans import Scan
from manyworks.scheduling.problem.data import ProblemData
from manyworks.scheduling.problem.plain import plain_problem
from manyworks.scheduling.problem.tables import Ints


class Jobs(NamedTuple):
    """Chains of operations with their modes; machines from 0.

    ``lengths`` has the number of operations of each job; ``base`` says from where the file counts machines.
    """

    lengths: Ints
    modes: Modes
    base: int

    @property
    def operations(self) -> int:
        """How many there are."""
        return int(self.lengths.sum())


def scan_flexible(rows: Rows, faults: Faults) -> Scan | None:
    """Read ``jobs machines``, perhaps a third number that is not used, and the lines of jobs."""
    found = header(rows, ("jobs", "machines"), faults)
    if found is None:
        return None
    if len(found) > 3:
        message = f"expected two or three numbers, found {len(found)}"
        faults.add(error("scheduling.instance.header", faults.line(int(rows.line[0])), message))
        return None
    if not require_rows(rows, found[0], "jobs", faults):
        return None
    jobs = read_jobs(rows, found[0], found[1], 0, faults)
    if jobs is None:
        return None

    def build(name: str) -> ProblemData:
        chains, modes = np.concatenate([[0], np.cumsum(jobs.lengths)]), jobs.modes
        ways = point(modes.owner, jobs.operations)
        return plain_problem(name, chains, ways, modes.machine, modes.duration, found[1])

    return Scan(build=build, notes=(_third(rows, faults),) if len(found) == 3 else ())


def _third(rows: Rows, faults: Faults) -> Finding:
    third = rows.values[2] if rows.exact is None else rows.exact[2]
    message = (
        f"the third number of the header, {third:g}, is taken for the mean number of machines and not used"
    )
    hint = "if it counts vehicles, give their travel times as the layout"
    return info("scheduling.instance.flexibility", faults.line(int(rows.line[0])), message, hint)


def read_jobs(rows: Rows, jobs: int, machines: int, usual: int, faults: Faults) -> Jobs | None:
    """Read the lines of jobs that follow the header.

    Parameters
    ----------
    rows, jobs, machines
        The file, and what its header states; there are that many rows of jobs, or more of something else.
    usual
        From where the format counts machines.
    faults
        Takes what is wrong, by line and operation.
    """
    if not rows.require_whole(faults, 1):
        return None
    walks = [_walk(rows.row(row), faults.line(int(rows.line[row])), faults) for row in range(1, jobs + 1)]
    if faults.count:
        return None
    lengths = np.fromiter(map(len, walks), dtype=np.int64, count=jobs)
    starts = np.repeat(rows.first[1 : jobs + 1], lengths)
    at = starts + np.fromiter((place for walk in walks for place in walk), dtype=np.int64)
    counts = rows.values[at]
    owner = np.repeat(np.arange(len(at)), counts)
    nth = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    place = at[owner] + 1 + 2 * nth
    line = np.repeat(np.repeat(rows.line[1 : jobs + 1], lengths), counts)
    machine, base = count_from_zero(rows.values[place], machines, usual, "machine", line, faults)
    duration = rows.values[place + 1]
    require_times(duration, line, faults)
    if faults.count:
        return None
    return Jobs(lengths=lengths, modes=Modes(owner, machine, duration, line), base=base)


def _walk(row: list[int], where: str, faults: Faults) -> list[int]:
    """Places within a row of every operation's number of machines; what does not fit is a fault."""
    places: list[int] = []
    at, end = 1, len(row)
    message = "the job has no operation" if row[0] < 1 else ""
    while not message and len(places) < row[0]:
        count = row[at] if at < end else 0
        if at >= end:
            message = f"the job states {row[0]} operations, found {len(places)}"
        elif count < 1:
            message = f"operation {len(places)} states {count} machines, expected 1 or more"
        elif at + 2 * count >= end:
            message = f"operation {len(places)}: expected {count} pairs, found {(end - at - 1) / 2:g}"
        places.append(at)
        at += 1 + 2 * count
    if not message and at != end:
        message = f"{end - at} numbers too many after operation {len(places) - 1}"
    if message:
        faults.add(error("scheduling.instance.job", where, message, "a number is missing or too many"))
    return places
