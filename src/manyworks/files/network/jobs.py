"""A shop's finished jobs from a table: what was made on which machine, and how long it took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from manyworks.files.doors import hand_over
from manyworks.files.network.cells import ID, NUMBER, PAIRS, PROCESS, TEXT
from manyworks.files.network.rows import Row, read_rows
from manyworks.files.network.vocabulary import Column, Table
from manyworks.files.sources import is_file
from manyworks.model import Finding, MachineId, error, errors

_MINUTE = 60.0

COLUMNS = (
    Column(name="job", kind=TEXT, required=True, meaning="Number or name of the job."),
    Column(name="machine", kind=ID, required=True, meaning="Machine of the network it ran on."),
    Column(name="process", kind=PROCESS, required=True, meaning="What was done, such as cnc-milling."),
    Column(name="material", kind=TEXT, meaning="Fills measures that are properties of a material."),
    Column(name="measures", kind=PAIRS, meaning="What the process asks for: cut_mm=2400; holes=3."),
    Column(name="quantity", kind=NUMBER, required=True, above=0, unit="piece", meaning="Good pieces wanted."),
    Column(name="setup_minutes", kind=NUMBER, least=0, unit="min", meaning="Machine time before the lot."),
    Column(name="run_minutes", kind=NUMBER, least=0, unit="min", meaning="Machine time for the lot."),
    Column(name="started", kind=NUMBER, least=0, unit="pieces", meaning="Pieces started."),
    Column(name="good", kind=NUMBER, least=0, unit="pieces", meaning="Good pieces among them."),
    Column(name="price", kind=NUMBER, least=0, unit="currency", meaning="Of the lot, with margin."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedJob:
    """A row of the table; times in seconds, None where not booked."""

    where: str
    name: str
    machine: MachineId
    process: str
    material: str
    measures: Mapping[str, float]
    quantity: float
    setup_s: float | None
    run_s: float | None
    started: float | None
    good: float | None
    price: float | None


def read_jobs(
    path: str | Path, strict: bool = False
) -> tuple[tuple[FinishedJob, ...] | None, tuple[Finding, ...]]:
    """Read a table of finished jobs, oldest first.

    Parameters
    ----------
    path
        A CSV file with the columns of `COLUMNS`; those not required may be left out.
    strict
        Raise when there is an error.

    Returns
    -------
    jobs, findings
        None for the jobs where there is an error.

    Raises
    ------
    FilesError
        If ``strict``; it carries every finding.
    """
    path = Path(path)
    if not is_file(path):
        missing = error(
            "files.jobs.file", path.name, f"{path} is not a file", "name a table of finished jobs"
        )
        return hand_over(None, (missing,), strict=strict)
    about = "One row for each finished job, the oldest first."
    rows, findings = read_rows(path, Table(name=path.stem, about=about, columns=COLUMNS, required=True))
    failed = rows is None or errors(findings)
    return hand_over(None if failed else tuple(map(_job, rows or ())), tuple(findings), strict=strict)


def _job(row: Row) -> FinishedJob:
    return FinishedJob(
        where=row.where,
        name=row["job"],
        machine=MachineId(row["machine"]),
        process=row["process"],
        material=row["material"],
        measures=row["measures"],
        quantity=row["quantity"],
        setup_s=_seconds(row["setup_minutes"]),
        run_s=_seconds(row["run_minutes"]),
        started=row["started"],
        good=row["good"],
        price=row["price"],
    )


def _seconds(minutes: float | None) -> float | None:
    return None if minutes is None else minutes * _MINUTE
