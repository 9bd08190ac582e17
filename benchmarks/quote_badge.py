"""The example badge at four quantities, start-up included, and what start-up alone takes."""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median

from command import run_often
from table import Row, show

RUNS = 5
QUANTITIES = ("5", "50", "500", "10000")
ASKED = ("quote", "examples/badge", "--network", "examples/network", "--to", "Cardiff, GB", "--quantity")


def measure() -> list[Row]:
    """Measure help, the quote at all quantities together, and at each by itself."""
    rows = [_seconds("start-up", "`manyworks --help`", ("--help",), "0.3 s")]
    with tempfile.TemporaryDirectory() as folder:
        out = ("--html", str(Path(folder) / "q.html"), "--json", str(Path(folder) / "q.json"))
        runs = run_often((*ASKED, ",".join(QUANTITIES), *out), RUNS)
    four = f"badge at {', '.join(QUANTITIES)}, page and JSON written"
    rows.append(_row("quote", four, median(run.seconds for run in runs), "s", "2.5 s"))
    rows.append(_row("quote", f"{four}: peak memory", max(run.peak_mb for run in runs), "MB", "400 MB"))
    rows += [_seconds("quote", f"badge at {one}", (*ASKED, one)) for one in QUANTITIES]
    return rows


def _seconds(benchmark: str, what: str, arguments: tuple[str, ...], target: str = "") -> Row:
    return _row(benchmark, what, median(run.seconds for run in run_often(arguments, RUNS)), "s", target)


def _row(benchmark: str, what: str, value: float, unit: str, target: str) -> Row:
    return Row(benchmark=benchmark, what=what, value=value, unit=unit, target=target, runs=RUNS)


if __name__ == "__main__":
    show(measure)
