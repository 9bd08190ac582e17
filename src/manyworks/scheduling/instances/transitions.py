"""Job shops with transition times, JSON: ``jobs[j][k] = [machine, time]``, ``setup[machine][a][b]``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from manyworks.model import Finding, error
from manyworks.scheduling.instances.faults import Faults
from manyworks.scheduling.instances.scans import Scan, add_chains
from manyworks.scheduling.instances.setups import Matrices, add_set_up_machines
from manyworks.scheduling.problem.builder import ProblemBuilder
from manyworks.scheduling.problem.data import ProblemData
from manyworks.scheduling.validation import LONGEST_S

Chains = list[list[tuple[int, int]]]


def scan_transitions(content: Mapping[str, Any], faults: Faults) -> Scan | None:
    """Read a shop whose set-ups depend on the jobs before and after, early and without any at the beginning.

    Parameters
    ----------
    content
        The decoded JSON.
    faults
        Takes what is wrong, by its place in the document.
    """
    chains, matrices = _chains(content.get("jobs"), faults), _matrices(content.get("setup"), faults)
    if chains is None or matrices is None:
        return None
    if matrices.shape[1] != len(chains):
        message = f"is over {matrices.shape[1]} jobs, but there are {len(chains)}"
        faults.add(_wrong(faults, "setup", message))
    for j, chain in enumerate(chains):
        for k, (machine, _) in enumerate(chain):
            if machine >= len(matrices):
                message = f"machine {machine}, expected 0 to {len(matrices) - 1}"
                faults.add(_wrong(faults, f"jobs[{j}][{k}]", message))
    if faults.count:
        return None
    return Scan(build=lambda name: _build(name, chains, matrices))


def _wrong(faults: Faults, place: str, message: str) -> Finding:
    return error("scheduling.instance.transitions", f"{faults.file}: {place}", message, "see the format")


def _chains(jobs: Any, faults: Faults) -> Chains | None:
    if not isinstance(jobs, list) or not jobs:
        faults.add(_wrong(faults, "jobs", "expected a list of jobs"))
        return None
    for j, job in enumerate(jobs):
        if not isinstance(job, list) or not job:
            faults.add(_wrong(faults, f"jobs[{j}]", "expected a list of [machine, time]"))
            continue
        for k, pair in enumerate(job):
            if not (isinstance(pair, list) and len(pair) == 2 and all(map(is_time, pair))):
                message = f"expected [machine, time], whole numbers from 0 on; found {str(pair)[:40]}"
                faults.add(_wrong(faults, f"jobs[{j}][{k}]", message))
    return None if faults.count else [[(pair[0], pair[1]) for pair in job] for job in jobs]


def is_time(value: object) -> bool:
    """Whether a decoded value is a whole number of time units that the engine can bear."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LONGEST_S


def _matrices(setup: Any, faults: Faults) -> Matrices | None:
    if not isinstance(setup, list) or not setup:
        faults.add(_wrong(faults, "setup", "expected a list with a matrix for each machine"))
        return None
    width = len(setup[0]) if isinstance(setup[0], list) else 0
    for m, matrix in enumerate(setup):
        if not isinstance(matrix, list) or len(matrix) != width or not width:
            faults.add(_wrong(faults, f"setup[{m}]", f"expected {width} rows"))
            continue
        for i, row in enumerate(matrix):
            if not isinstance(row, list) or len(row) != width or not all(map(is_time, row)):
                message = f"expected {width} whole numbers from 0 to {LONGEST_S}"
                faults.add(_wrong(faults, f"setup[{m}][{i}]", message))
    return None if faults.count else np.array(setup, dtype=np.int64)


def _build(name: str, chains: Chains, matrices: Matrices) -> ProblemData:
    builder = ProblemBuilder(name)
    named = [f"job {number}" for number in range(len(chains))]
    machines = add_set_up_machines(builder, named, matrices)
    operations = add_chains(builder, list(map(len, chains)), early_setup=True)
    for family, chain in zip(named, chains, strict=True):
        for machine, duration in chain:
            builder.add_mode(next(operations), machines[machine], duration, family=family)
    return builder.build()
