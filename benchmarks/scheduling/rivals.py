"""Contenders, each in a process of its own, with a limit of time and its peak memory."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SOLVERS = ("manyworks", "rules", "cpsat", "pyjobshop")
RULES = 50
GRACE_S = 1200.0  # for reading, starting, the rules, and models that take long to build
POLL_S = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be run: a contender on an instance of a family below a folder of data."""

    data: str
    family: str
    instance: str
    solver: str
    seconds: float
    seed: int
    threads: int


def run_contender(order: Order) -> dict[str, Any]:
    """Run a contender in a fresh process.

    Returns
    -------
    dict
        The row that `contender.contend` makes, with ``peak_mb`` (of its largest process) and ``date``; status
        ``failed`` or ``killed``, no objective and a note where the process did not come to its end.
    """
    command = [sys.executable, "-m", "benchmarks.scheduling.contender"]
    with (
        tempfile.TemporaryFile("w+") as given,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
    ):
        json.dump(asdict(order), given)
        given.seek(0)
        process = subprocess.Popen(
            command, cwd=ROOT, stdin=given, stdout=out, stderr=err, start_new_session=True
        )
        try:
            code, peak_mb = _wait(process, order.seconds + GRACE_S)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        out.seek(0)
        err.seek(0)
        row = (
            json.loads(out.read())
            if code == 0
            else _failed(order, code, err.read().decode("utf-8", "replace"))
        )
    row |= {"peak_mb": round(peak_mb, 1), "date": f"{datetime.now(tz=UTC):%Y-%m-%d %H:%M}"}
    del row["data"]
    return dict(row)


def _wait(process: subprocess.Popen[bytes], seconds: float) -> tuple[int, float]:
    """Wait for the end, at most so long; exit code (negative: signal) and peak memory in MB."""
    deadline = time.monotonic() + seconds
    while True:
        pid, status, used = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            # Linux counts in kB, macOS in bytes.
            return process.returncode, used.ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)
        if time.monotonic() > deadline:
            os.killpg(process.pid, signal.SIGKILL)
            deadline = float("inf")
        time.sleep(POLL_S)


def _failed(order: Order, code: int, said: str) -> dict[str, Any]:
    last = said.strip().splitlines()[-1:] or [""]
    return {
        **asdict(order),
        "operations": None,
        "objective": None,
        "bound": None,
        "bound_kind": "",
        "status": "killed" if code < 0 else "failed",
        "took": None,
        "found_at": None,
        "improvements": [],
        "moves": 0,
        "late": None,
        "faults": 0,
        "first_fault": "",
        "note": f"ended with {code}: {last[0][:200]}",
    }
