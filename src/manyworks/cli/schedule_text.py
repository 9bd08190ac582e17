"""A schedule of a problem from a file, as JSON: in pieces, for there may be a million operations."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from json.encoder import encode_basestring
from typing import Any

from manyworks.model import finding_to_json
from manyworks.scheduling.instances import Instance
from manyworks.scheduling.problem.data import ProblemData, Result

FORMAT = "manyworks-schedule/1"
PIECE = 20_000
"""Assignments written at once."""
NOT_TIMES = {"moved"}
"""Goals that do not count time."""


def _whole(value: float) -> float:
    return int(value) if float(value).is_integer() else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A result, and what it was made with.

    Parameters
    ----------
    instance
        What was read; its ``scale`` turns the times of the result into those of the file.
    result
        What the search gave.
    seed, threads
        What it was started with.
    """

    instance: Instance
    result: Result
    seed: int
    threads: int

    def time(self, value: float) -> float:
        """A time, or a sum of times, in the unit of the file; whole where it is whole."""
        return _whole(value / self.instance.scale)

    @property
    def goals(self) -> dict[str, float]:
        """The value of every goal, in the unit of the file."""
        found = self.result.goals
        return {
            goal: _whole(value) if goal in NOT_TIMES else self.time(value) for goal, value in found.items()
        }

    @property
    def gap(self) -> float:
        """How far the objective lies above its bound, as a share of the objective."""
        objective = self.result.objective
        return max(objective - self.result.bound.value, 0.0) / objective if objective > 0 else 0.0


def write_run(run: Run) -> Iterator[str]:
    """The document piece by piece; see ``docs/reference/schedule_json.md``."""
    head = (
        f" {encode_basestring(name)}: {json.dumps(value, ensure_ascii=False, allow_nan=False)},\n"
        for name, value in _describe(run).items()
    )
    yield f'{{\n{"".join(head)} "assignments": ['
    before = "\n"
    for piece in _pieces(run):
        yield before + ",\n".join(piece)
        before = ",\n"
    yield "\n ]\n}\n"


def _describe(run: Run) -> dict[str, Any]:
    result, problem = run.result, run.result.problem
    return {
        "schema": FORMAT,
        "name": problem.name,
        "format": run.instance.format,
        "operations": problem.tables.total,
        "levels": [dict(level) for level in problem.objective.levels],
        "objective": run.time(result.objective),
        "goals": run.goals,
        "makespan": run.time(result.makespan),
        "bound": run.time(result.bound.value),
        "bound_kind": result.bound.kind,
        "gap": run.gap,
        "status": result.status,
        "seconds": round(result.seconds, 3),
        "iterations": result.iterations,
        "seed": run.seed,
        "threads": run.threads,
        "improvements": [[round(at, 3), run.time(value)] for at, value in result.improvements],
        "checked": result.checked,
        "notes": [finding_to_json(finding) for finding in dict.fromkeys(result.notes)],
    }


def _pieces(run: Run) -> Iterator[list[str]]:
    lines = _lines(run)
    while piece := list(islice(lines, PIECE)):
        yield piece


def _lines(run: Run) -> Iterator[str]:
    """One line for each operation, in their order; names are escaped once."""
    data, solution = run.result.problem, run.result.solution
    held = _held(data)
    jobs = _escaped(data.jobs)
    names, time = iter(data.operations), int if run.instance.scale == 1 else run.time
    for first in range(0, data.tables.total, PIECE):
        part = slice(first, first + PIECE)
        modes = solution.mode[part]
        columns = zip(
            data.tables.operations["job"][: data.tables.total][part].tolist(),
            modes.tolist(),
            data.mode_numbers[modes].tolist(),
            solution.start[part].tolist(),
            solution.end[part].tolist(),
            solution.setup[part].tolist(),
            strict=True,
        )
        # The columns first: where they end, no name may have been taken.
        for (job, mode, number, start, end, setup), name in zip(columns, names, strict=False):
            yield (
                f'  {{"operation":{encode_basestring(name)},"job":{jobs[job]},"mode":{number},{held(mode)},'
                f'"start":{time(start)},"end":{time(end)},"setup":{time(setup)}}}'
            )


def _escaped(names: Iterable[str]) -> Sequence[str]:
    return [encode_basestring(name) for name in names]


def _held(data: ProblemData) -> Callable[[int], str]:
    """A function from a mode to the fields of what it holds."""
    resources = _escaped(data.resources)
    if data.tables.slots == 1:
        machines = data.tables.modes["machine"].tolist()
        return lambda mode: f'"machine":{resources[machines[mode]]},"others":[]'
    first, holds = data.tables.modes["first_hold"].tolist(), data.tables.holds.tolist()

    def write(mode: int) -> str:
        machine, *others = (resources[one] for one in holds[first[mode] : first[mode + 1]])
        return f'"machine":{machine},"others":[{",".join(others)}]'

    return write
