"""Run families of published instances beside rivals: ``python -m benchmarks.scheduling run --family ta``.

One run after the other, each in a process of its own, instance by instance; leave the machine alone. Every
run adds a line to a file; runs that are there already are skipped, so that a series can be gone on with. Then
``python -m benchmarks.scheduling report`` writes the tables.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.scheduling.families import FAMILIES, instances
from benchmarks.scheduling.results import Row, append_row, key_of, read_rows
from benchmarks.scheduling.rivals import ROOT, SOLVERS, Order, run_contender

DATA = Path(os.environ.get("MANYWORKS_SCHEDULING_BENCH", ROOT.parent / "shared" / "bench" / "scheduling"))
RESULTS = ROOT / "out" / "benchmarks" / "scheduling.jsonl"


def add_arguments(asked: argparse.ArgumentParser) -> None:
    """Say what can be asked of a series of runs."""
    asked.add_argument(
        "--family", nargs="+", choices=sorted(FAMILIES), default=list(FAMILIES), metavar="NAME"
    )
    asked.add_argument("--instances", default="*", help="names wanted, with * and ?, apart by commas")
    asked.add_argument("--sample", type=int, default=1, help="only every so many-th instance")
    asked.add_argument("--seconds", type=float, help="wall time of a run; each family has its own otherwise")
    asked.add_argument(
        "--seeds", type=int, nargs="+", default=[0], help="of our runs; rivals run with the first"
    )
    asked.add_argument("--threads", type=int, default=2)
    asked.add_argument("--rivals", nargs="*", choices=SOLVERS[1:], help="each family has its own otherwise")
    asked.add_argument("--rival-seconds", type=float, help="wall time of rivals where it is another one")
    asked.add_argument("--only-rivals", action="store_true", help="no runs of ours")
    asked.add_argument("--again", action="store_true", help="repeat runs that are there already")
    asked.add_argument("--data", type=Path, default=DATA, help="folder of the instances")
    asked.add_argument("--results", type=Path, default=RESULTS, help="file of the lines")


def run(given: argparse.Namespace) -> int:
    """Run what is asked and not there yet; 1 where a solution broke a rule."""
    done = set() if given.again else {key_of(row) for row in read_rows(given.results)}
    broken = 0
    for order in orders(given):
        if key_of(order) in done:
            continue
        row = run_contender(order)
        append_row(given.results, row)
        broken += row["faults"]
        sys.stdout.write(_told(row) + "\n")
        sys.stdout.flush()
    return 1 if broken else 0


def orders(given: argparse.Namespace) -> Iterator[Order]:
    """All runs that are asked for, those of an instance one behind the other."""
    for name in given.family:
        family = FAMILIES[name]
        seconds = given.seconds or family.seconds
        rivals = family.rivals if given.rivals is None else tuple(given.rivals)
        runs = [] if given.only_rivals else [("manyworks", seed, seconds) for seed in given.seeds]
        runs += [(rival, given.seeds[0], given.rival_seconds or seconds) for rival in rivals]
        for instance in instances(family, given.data, given.instances, given.sample):
            for solver, seed, limit in runs:
                yield Order(
                    data=str(given.data.resolve()),
                    family=name,
                    instance=instance.name,
                    solver=solver,
                    seconds=limit,
                    seed=seed,
                    threads=given.threads,
                )


def _told(row: Row) -> str:
    value = "nothing" if row["objective"] is None else f"{row['objective']:g}"
    bound = "" if row["bound"] is None else f" (bound {row['bound']:g})"
    faults = f", {row['faults']} FAULTS: {row['first_fault']}" if row["faults"] else ""
    took = "" if row["took"] is None else f", {row['took']:.1f} s, {row['peak_mb']:.0f} MB"
    note = f", {row['note']}" if row["note"] else ""
    told = f"{value}{bound}, {row['status']}{took}{note}{faults}"
    return f"{row['family']} {row['instance']}: {row['solver']} {told}"
