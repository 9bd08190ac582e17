"""Schedules of 20,000, 100,000 and 1,000,000 operations: ``python -m benchmarks.scheduling.large``.

Every case runs in a process of its own, so that its peak memory is its own: the first full schedule, the
best after a second, the best at the end. All are checked by the independent checker. The two job shops are
those of Da Col and Teppan 2022 in ``../shared``; ``--seed`` takes shops of their kind instead (every job
visits every machine once, in random order, durations from 1 to 1000).

The flexible job shop is invented: 500 jobs of 40 operations on 100 machines. An operation has a basic
duration from 10 to 100, and may run on three machines drawn from all; each takes one to three times as long,
drawn evenly. Its bound is the longest job or the work of an average machine, all in shortest modes.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from time import perf_counter

import numpy as np
from benchmarks.table import ROOT, SHARED, Row, show

from manyworks.scheduling.engine.wide import first_schedule, improve_wide, makespan_bound
from manyworks.scheduling.instances import read_instance
from manyworks.scheduling.problem.checking import check_solution
from manyworks.scheduling.problem.data import ProblemData, Solution
from manyworks.scheduling.problem.plain import plain_problem

JOBS, STEPS, MACHINES, CHOICES, SLOWEST = 500, 40, 100, 3, 3.0
PUBLISHED = SHARED / "bench" / "scheduling" / "jsp" / "tai"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A problem, its budget in seconds, and what its results should be: values as text."""

    name: str
    seconds: float
    first: str
    soon: str
    last: str
    memory: str


CASES = (
    Case(name="flexible", seconds=60.0, first="<= 0.1 s", soon="<= 6 %", last="<= 3 %", memory=""),
    Case(name="1000x100", seconds=60.0, first="", soon="", last="<= 534,000", memory="<= 2 GB"),
    Case(name="1000x1000", seconds=120.0, first="<= 2 s", soon="", last="<= 880,000", memory="<= 4 GB"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a run found: makespans and seconds, the bound, whether all held, memory in GB."""

    first: int
    first_seconds: float
    soon: int
    last: int
    last_seconds: float
    bound: int
    holds: bool
    peak_gb: float


def invent_flexible(seed: int) -> ProblemData:
    """Invent the flexible job shop of 20,000 operations; see above."""
    random = np.random.default_rng(seed)
    total = JOBS * STEPS
    machine = np.argsort(random.random((total, MACHINES)), axis=1)[:, :CHOICES]
    slower = random.uniform(1.0, SLOWEST, (total, CHOICES))
    duration = np.rint(random.integers(10, 101, (total, 1)) * slower).astype(np.int64)
    jobs, operations = np.arange(JOBS + 1) * STEPS, np.arange(total + 1) * CHOICES
    name = f"flexible, seed {seed}"
    return plain_problem(name, jobs, operations, machine.ravel(), duration.ravel(), MACHINES)


def invent_job_shop(jobs: int, machines: int, seed: int) -> ProblemData:
    """Invent a job shop as Da Col and Teppan do."""
    random = np.random.default_rng(seed)
    total = jobs * machines
    machine = np.argsort(random.random((jobs, machines)), axis=1).ravel()
    duration = random.integers(1, 1001, total)
    name = f"{jobs} x {machines}, seed {seed}"
    return plain_problem(
        name, np.arange(jobs + 1) * machines, np.arange(total + 1), machine, duration, machines
    )


def load(name: str, seed: int | None) -> ProblemData:
    """Make or read the problem of a case; with a seed, an invented one."""
    if name == "flexible":
        return invent_flexible(seed or 0)
    jobs, machines = map(int, name.split("x"))
    if seed is None:
        return read_instance(PUBLISHED / f"tai_{jobs}_{machines}_1.txt.gz")
    return invent_job_shop(jobs, machines, seed)


def _warm_up() -> None:
    """Load or compile all that is compiled."""
    for data in (invent_job_shop(12, 12, 0), _small_flexible()):
        began = perf_counter()
        improve_wide(data, first_schedule(data), lambda began=began: perf_counter() > began + 1.0)


def _small_flexible() -> ProblemData:
    random = np.random.default_rng(0)
    machine = np.argsort(random.random((400, 5)), axis=1)[:, :2].ravel()
    return plain_problem(
        "small", np.arange(21) * 20, np.arange(401) * 2, machine, random.integers(1, 99, 800), 5
    )


def run(name: str, seconds: float, seed: int | None, threads: int) -> Found:
    """Schedule a case within the seconds, the first schedule included."""
    data = load(name, seed)
    _warm_up()
    began = perf_counter()
    first = first_schedule(data)
    first_seconds = perf_counter() - began
    ends, soon = int(first.end.max()), [int(first.end.max())]

    def offer(_solution: Solution, cost: float) -> None:
        if perf_counter() < began + 1.0:
            soon[0] = int(cost)

    best = improve_wide(data, first, lambda: perf_counter() > began + seconds, threads=threads, offer=offer)
    last_seconds = perf_counter() - began
    # Before checking, which takes memory of its own. Linux counts in kB, macOS in bytes.
    scale = 1e6 if sys.platform != "darwin" else 1e9
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale
    return Found(
        first=ends,
        first_seconds=first_seconds,
        soon=soon[0],
        last=int(best.end.max()),
        last_seconds=last_seconds,
        bound=makespan_bound(data.tables),
        holds=not check_solution(data, best),
        peak_gb=peak,
    )


def _run_apart(case: Case, given: argparse.Namespace) -> Found:
    seconds = given.seconds or case.seconds
    seed = [] if given.seed is None else ["--seed", str(given.seed)]
    module = [sys.executable, "-m", "benchmarks.scheduling.large", "--only", case.name, "--here"]
    command = [*module, "--seconds", str(seconds), "--threads", str(given.threads), *seed]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return Found(**json.loads(done.stdout))


def _rows(case: Case, found: Found) -> list[Row]:
    """Rows of a case; gaps to the simple bound in percent for the flexible shop, makespans for the others."""
    flexible = case.name == "flexible"
    unit = "% over bound" if flexible else "makespan"
    verdict = f"{'holds' if found.holds else 'BROKEN'}, makespan {found.last:,}, bound {found.bound:,}"

    def tell(value: int) -> float:
        return 100.0 * (value / found.bound - 1.0) if flexible else float(value)

    def row(what: str, value: float, unit: str, target: str = "", note: str = "") -> Row:
        name = f"large scale, {case.name}"
        return Row(benchmark=name, what=what, value=value, unit=unit, target=target, note=note)

    return [
        row("first schedule", found.first_seconds, "s", case.first, f"makespan {found.first:,}"),
        row("after 1 s", tell(found.soon), unit, case.soon),
        row(f"after {found.last_seconds:.0f} s", tell(found.last), unit, case.last, verdict),
        row("peak memory", found.peak_gb, "GB", case.memory),
    ]


def measure(given: argparse.Namespace) -> list[Row]:
    """Measure the cases asked for."""
    chosen = [case for case in CASES if given.only in (None, case.name)]
    if given.seed is None and not PUBLISHED.is_dir():
        chosen = [case for case in chosen if case.name == "flexible"]
    return [row for case in chosen for row in _rows(case, _run_apart(case, given))]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print a table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--only", choices=[case.name for case in CASES])
    asked.add_argument("--seconds", type=float, help="instead of each case's own")
    asked.add_argument("--seed", type=int, help="of invented shops, instead of the published ones")
    asked.add_argument("--threads", type=int, default=2)
    asked.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    given = asked.parse_args(arguments)
    if given.here:
        found = run(given.only, given.seconds, given.seed, given.threads)
        sys.stdout.write(json.dumps(asdict(found)))
    else:
        show(lambda: measure(given))


if __name__ == "__main__":
    main()
