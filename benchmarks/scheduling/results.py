"""Rows of runs in a file of JSON lines, one a run, so that a series can be gone on with."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.scheduling.rivals import Order

COLUMNS = (
    "family",
    "instance",
    "operations",
    "solver",
    "seconds",
    "seed",
    "threads",
    "objective",
    "bound",
    "bound_kind",
    "status",
    "took",
    "found_at",
    "moves",
    "late",
    "faults",
    "peak_mb",
    "note",
    "date",
)
"""Of the published table; the lines hold the improvements as well."""
Row = Mapping[str, Any]
Key = tuple[str, str, str, float, int, int]


def key_of(row: Row | Order) -> Key:
    """What makes two runs the same run."""
    if isinstance(row, Order):
        return row.family, row.instance, row.solver, row.seconds, row.seed, row.threads
    return (
        row["family"],
        row["instance"],
        row["solver"],
        float(row["seconds"]),
        int(row["seed"]),
        int(row["threads"]),
    )


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Read all runs, the last of each kept; a line that was cut off is left out."""
    if not path.is_file():
        return []
    found: dict[Key, dict[str, Any]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            continue
        found[key_of(row)] = row
    return list(found.values())


def append_row(path: Path, row: Row) -> None:
    """Add a run; a line that was cut off before is ended first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    cut = path.is_file() and path.stat().st_size > 0 and not path.read_bytes().endswith(b"\n")
    with path.open("a", encoding="utf-8") as file:
        file.write(("\n" if cut else "") + json.dumps(dict(row)) + "\n")


def read_table(path: Path) -> list[dict[str, Any]]:
    """Read a published table back; figures as numbers, empty cells as None."""
    numbers = {"operations", "objective", "bound", "seconds", "took", "found_at", "late", "peak_mb"}
    counts = {"seed", "threads", "moves", "faults"}
    with path.open(encoding="utf-8", newline="") as file:
        return [
            {
                name: (float(cell) if cell else None)
                if name in numbers
                else int(cell)
                if name in counts
                else cell
                for name, cell in row.items()
            }
            for row in csv.DictReader(file)
        ]


def write_table(path: Path, rows: Iterable[Row], order: Sequence[str]) -> None:
    """Write the published table, by family in the order given, instance, solver and seed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    place = {name: i for i, name in enumerate(order)}

    def by(row: Row) -> tuple[Any, ...]:
        return place.get(row["family"], len(place)), *key_of(row)[1:]

    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in sorted(rows, key=by):
            writer.writerow(["" if row[name] is None else row[name] for name in COLUMNS])
