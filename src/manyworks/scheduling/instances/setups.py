"""Flexible job shops with sequence-dependent set-ups: lines of jobs, then a matrix for each machine.

Matrices are over operations in the order of the file, or over jobs; rows are what was before, columns
what comes next. Nothing is set up for the first operation of a machine. Set-up only needs the
machine and may happen before the operation is ready.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from manyworks.model import error
from manyworks.scheduling.instances.faults import Faults
from manyworks.scheduling.instances.flexible import Jobs, read_jobs
from manyworks.scheduling.instances.number_rows import Rows
from manyworks.scheduling.instances.ranges import header, require_rows, require_times
from manyworks.scheduling.instances.scans import Scan, add_chains, add_machine_modes
from manyworks.scheduling.problem.builder import ProblemBuilder
from manyworks.scheduling.problem.data import ProblemData

Matrices = NDArray[np.int64]
"""(machines, families, families): before, next."""


def scan_setups(rows: Rows, faults: Faults) -> Scan | None:
    """Read ``jobs machines``, perhaps a third number, lines of jobs, and matrices over operations or jobs."""
    found = header(rows, ("jobs", "machines"), faults)
    if found is None:
        return None
    count, machines = found[:2]
    if len(rows) <= count + 1:
        require_rows(rows, count + machines * count, "jobs and set-ups", faults)
        return None
    jobs = read_jobs(rows, count, machines, 1, faults)
    if jobs is None:
        return None
    matrices = _matrices(rows, count, machines, jobs, faults)
    if matrices is None or faults.count:
        return None
    over_jobs = matrices.shape[1] == count
    return Scan(build=lambda name: _build(name, jobs, matrices, over_jobs=over_jobs))


def _matrices(rows: Rows, count: int, machines: int, jobs: Jobs, faults: Faults) -> Matrices | None:
    cells = rows.values[rows.first[count + 1] :]
    where = faults.line(int(rows.line[count + 1]))
    for families in (count, jobs.operations):
        if len(cells) == machines * families * families:
            line = np.repeat(rows.line[count + 1 :], rows.widths[count + 1 :])
            require_times(cells, line, faults, "states a set-up of")
            return cells.reshape(machines, families, families)
    message = (
        f"expected set-ups for {machines} machines, {count} x {count} each over jobs or "
        f"{jobs.operations} x {jobs.operations} over operations; found {len(cells)} numbers"
    )
    faults.add(error("scheduling.instance.setups", where, message, "check the header and the end"))
    return None


def _build(name: str, jobs: Jobs, matrices: Matrices, *, over_jobs: bool) -> ProblemData:
    builder = ProblemBuilder(name)
    lengths = jobs.lengths.tolist()
    named = [f"job {number}" for number in range(len(lengths))]
    if over_jobs:
        families = [named[number] for number, length in enumerate(lengths) for _ in range(length)]
    else:
        named = families = [f"operation {number}" for number in range(jobs.operations)]
    machines = add_set_up_machines(builder, named, matrices)
    operations = list(add_chains(builder, lengths, early_setup=True))
    add_machine_modes(builder, jobs.modes, operations, machines, families)
    return builder.build()


def add_set_up_machines(builder: ProblemBuilder, families: Sequence[str], matrices: Matrices) -> list[int]:
    """Machines with a matrix each over the families; gives their numbers."""
    pairs = [(before, after) for before in families for after in families]
    return [
        builder.add_resource(
            f"machine {number}", setups=dict(zip(pairs, matrix.ravel().tolist(), strict=True))
        )
        for number, matrix in enumerate(matrices)
    ]
