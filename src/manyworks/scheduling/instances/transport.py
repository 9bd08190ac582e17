"""Flexible job shops with few vehicles: lines of jobs, and a layout of travel times in a file of its own.

Row and column 0 of the layout are the load/unload station where jobs and vehicles begin; machine ``m``
(from 0) stands at ``m + 1``. A transport goes before each operation; it takes nothing where the machine
stays the same. The last operation's end counts, not the way out.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from manyworks.model import error, info
from manyworks.scheduling.errors import SchedulingError
from manyworks.scheduling.instances.faults import Faults
from manyworks.scheduling.instances.flexible import Jobs, read_jobs
from manyworks.scheduling.instances.number_rows import Rows, read_rows
from manyworks.scheduling.instances.ranges import header, require_rows, require_times
from manyworks.scheduling.instances.scans import Scan
from manyworks.scheduling.instances.source import read_bytes
from manyworks.scheduling.problem.builder import ProblemBuilder
from manyworks.scheduling.problem.data import ProblemData
from manyworks.scheduling.problem.tables import Floats, Ints

LAYOUTS = "trucks_layout*.txt"
_FINEST = 1000
"""Finest part of a time unit that a layout may be written in."""


def scan_transport(rows: Rows, faults: Faults, layout: Path | None, beside: Path) -> Scan | None:
    """Read ``jobs machines vehicles`` and the lines of jobs, with a layout.

    Parameters
    ----------
    rows, faults
        The file, and what takes its faults.
    layout
        The file of travel times; None: the only one of the right size beside the instance.
    beside
        The instance's own path.
    """
    found = header(rows, ("jobs", "machines", "vehicles"), faults)
    if found is None:
        return None
    count, machines, vehicles = found[:3]
    if not require_rows(rows, count, "jobs", faults):
        return None
    jobs = read_jobs(rows, count, machines, 1, faults)
    if jobs is None:
        return None
    path = layout or _find_layout(beside, machines, faults)
    travel = _read_layout(path, machines, faults) if path is not None else None
    if path is None or travel is None:
        return None
    scale = _find_scale(travel)
    notes = [info("scheduling.instance.layout", faults.file, f"travel times are those of {path.name}")]
    if scale > 1:
        message = f"travel times have decimals: all times are {scale} times those of the file while searching"
        notes.append(info("scheduling.instance.scale", path.name, message))
    whole = np.rint(travel * scale).astype(np.int64)
    return Scan(
        build=lambda name: _build(name, jobs, whole, (machines, vehicles, scale)),
        notes=tuple(notes),
        scale=scale,
    )


def fitting_layouts(beside: Path, machines: int) -> list[Path]:
    """Layouts in the folder of an instance that are for so many machines."""
    try:
        found = sorted(beside.parent.glob(LAYOUTS))
    except OSError:
        return []
    return [path for path in found if _size(path) == machines + 1]


def _size(path: Path) -> int:
    """Locations of a layout, 0 where it is none."""
    try:
        rows = read_rows(read_bytes(path), Faults(path.name))
    except SchedulingError:
        return 0
    return len(rows) if rows is not None else 0


def _find_layout(beside: Path, machines: int, faults: Faults) -> Path | None:
    found = fitting_layouts(beside, machines)
    if len(found) == 1:
        return found[0]
    names = ", ".join(path.name for path in found) or f"none fits {LAYOUTS}"
    message = f"needs a layout of travel times for {machines} machines; beside it: {names}"
    faults.add(error("scheduling.instance.layout", faults.file, message, "name one with --layout FILE"))
    return None


def _read_layout(path: Path, machines: int, faults: Faults) -> Floats | None:
    own = Faults(path.name)
    rows = read_rows(read_bytes(path), own)
    size = machines + 1
    if rows is not None and (len(rows) != size or (rows.widths != size).any()):
        message = f"expected {size} rows of {size} travel times (station and {machines} machines)"
        own.add(error("scheduling.instance.layout", path.name, message, "give the layout of this instance"))
    if rows is not None and not own.count:
        require_times(rows.values, np.repeat(rows.line, rows.widths), own, "states a travel time of")
    for finding in own.findings:
        faults.add(finding)
    if own.count or rows is None:
        return None
    exact = rows.values.astype(np.float64) if rows.exact is None else rows.exact
    return exact.reshape(size, size)


def _find_scale(travel: Floats) -> int:
    """The least factor that makes all times whole; `_FINEST` (and rounding) where there is none."""
    for scale in (1, 2, 4, 5, 10, 20, 50, 100, 200, 500):
        if np.abs(travel * scale - np.rint(travel * scale)).max() < 1e-6:
            return scale
    return _FINEST


def _build(name: str, jobs: Jobs, travel: Ints, sizes: tuple[int, int, int]) -> ProblemData:
    machines, vehicles, scale = sizes
    builder = ProblemBuilder(name)
    builder.set_travel(travel.tolist())
    places = [builder.add_resource(f"machine {m}", location=m + 1) for m in range(machines)]
    trucks = [builder.add_resource(f"vehicle {v}", "vehicle") for v in range(vehicles)]
    operations = []
    for number, length in enumerate(jobs.lengths.tolist()):
        operations += _add_job(builder, number, length, trucks)
    for owner, machine, duration in zip(
        jobs.modes.owner.tolist(), jobs.modes.machine.tolist(), jobs.modes.duration.tolist(), strict=True
    ):
        builder.add_mode(operations[owner], places[machine], duration * scale)
    return builder.build()


def _add_job(builder: ProblemBuilder, number: int, length: int, trucks: list[int]) -> list[int]:
    """A chain of transports and operations in turn; gives the operations."""
    job, done = builder.add_job(f"job {number}"), list[int]()
    for step in range(length):
        ride = builder.add_operation(job, f"transport {number}.{step}", carries=True)
        for truck in trucks:
            builder.add_mode(ride, truck, 0)
        operation = builder.add_operation(job, f"operation {number}.{step}")
        if done:
            builder.add_precedence(done[-1], ride)
        builder.add_precedence(ride, operation)
        done.append(operation)
    return done
