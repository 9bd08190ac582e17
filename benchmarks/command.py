"""Run the command line as a user would: a fresh process, timed from outside, with its peak memory."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from table import ROOT

MANYWORKS = Path(sys.executable).with_name("manyworks")


@dataclass(frozen=True, slots=True)
class Run:
    """One run: wall time in seconds with start-up, peak resident memory in MB."""

    seconds: float
    peak_mb: float


def run_manyworks(*arguments: str) -> Run:
    """Run one command; its output is thrown away, a failure ends the benchmark."""
    start = perf_counter()
    process = subprocess.Popen(
        [str(MANYWORKS), *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    took = perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"manyworks {' '.join(arguments)} ended with {process.returncode}")
    # Linux counts in kB, macOS in bytes.
    return Run(took, used.ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024))


def run_often(arguments: Sequence[str], runs: int) -> list[Run]:
    """Run a command once to warm the caches of the disk and the compiler, then ``runs`` times."""
    run_manyworks(*arguments)
    return [run_manyworks(*arguments) for _ in range(runs)]
