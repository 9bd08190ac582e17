"""What every benchmark shares: rows, the machine they were measured on, and the table they end in."""

from __future__ import annotations

import os
import platform
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from math import isnan
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
PACKAGES = ("manyworks", "numpy", "numba", "highspy", "ortools")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing measured.

    ``value`` is what was found (a median where ``runs`` > 1), ``target`` what it should be, empty
    where there is no bar; ``note`` what a reader must know to judge it.
    """

    benchmark: str
    what: str
    value: float
    unit: str
    target: str = ""
    runs: int = 1
    note: str = ""


def median_seconds(work: Callable[[], object], runs: int) -> float:
    """Median wall time of several runs of the same work."""
    took = []
    for _ in range(runs):
        start = perf_counter()
        work()
        took.append(perf_counter() - start)
    return statistics.median(took)


def describe_machine() -> str:
    """Date, processor, memory and versions: without them a figure says nothing."""
    return (
        f"{datetime.now(tz=UTC):%Y-%m-%d}, {_processor()}, {os.cpu_count()} cores, {_memory_gb():.0f} GB, "
        f"{platform.system()} {platform.release().split('-')[0]}, Python {platform.python_version()}, "
        + ", ".join(f"{name} {found}" for name in PACKAGES if (found := _version(name)))
    )


def write_table(rows: Sequence[Row]) -> str:
    """Write rows as a Markdown table under a line about the machine."""
    head = "| benchmark | what | measured | aimed at | runs | note |\n|---|---|---:|---|---:|---|"
    return "\n".join([describe_machine(), "", head, *map(_line, rows)])


def show(measure: Callable[[], Sequence[Row]]) -> None:
    """Measure and print; what each benchmark does when it is started by itself."""
    sys.stdout.write(write_table(measure()) + "\n")


def _line(row: Row) -> str:
    measured = f"{_number(row.value)} {row.unit}"
    return f"| {row.benchmark} | {row.what} | {measured} | {row.target} | {row.runs} | {row.note} |"


def _number(value: float) -> str:
    if isnan(value):
        return "no"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    if facts.is_file():
        for line in facts.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def _memory_gb() -> float:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    except (ValueError, OSError, AttributeError):
        return float("nan")
