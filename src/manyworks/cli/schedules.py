"""``manyworks schedule``: a problem from a file, a schedule of it."""

from __future__ import annotations

import signal
import threading
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from manyworks.cli.outputs import STANDARD_OUTPUT, OutputError, check_outputs, write_outputs
from manyworks.cli.saying import lay_out, progress, say, say_findings
from manyworks.model import FindingsError

if TYPE_CHECKING:
    from manyworks.cli.schedule_text import Run
    from manyworks.scheduling.instances import Instance

STOPPED = 130


def schedule_file(arguments: Namespace) -> int:
    """Read a problem, search, write what was found; 130 where a person ended the search."""
    from manyworks.cli.schedule_text import Run
    from manyworks.scheduling.problem.data import Stop
    from manyworks.scheduling.solving import solve

    with progress() as tell, _interruptible() as cancelled:
        tell("reading")
        instance = _read(arguments)
        tell("looking for a first schedule")
        threads = arguments.threads or _processors()
        result = solve(
            instance.problem,
            Stop(seconds=arguments.seconds, iterations=arguments.iterations, cancelled=cancelled),
            seed=arguments.seed,
            threads=threads,
            progress=_teller(tell, instance.scale),
        )
        run = Run(instance=instance, result=result, seed=arguments.seed, threads=threads)
        tell("writing")
        write_outputs(_documents(arguments, run))
    if arguments.json != STANDARD_OUTPUT:
        say(*describe_run(run))
    code = say_findings(result.notes, remarks=arguments.verbose)
    return STOPPED if cancelled() and not code else code


def _processors() -> int:
    from manyworks.scheduling.portfolio import processors

    return processors()


def _read(arguments: Namespace) -> Instance:
    """The problem with what is asked of it; all that is wrong with the command's files at once."""
    inputs = [path for path in (arguments.file, arguments.layout) if path]
    findings = check_outputs(arguments.json, arguments.gantt, inputs=inputs)
    try:
        instance = _load(arguments)
    except FindingsError as trouble:
        raise OutputError([*trouble.findings, *findings]) from trouble
    if findings:
        raise OutputError(findings)
    return instance


def _load(arguments: Namespace) -> Instance:
    from dataclasses import replace

    from manyworks.scheduling.instances import load_instance
    from manyworks.scheduling.instances.goals import parse_objective, set_due_dates, set_objective
    from manyworks.scheduling.problem.data import TARDINESS_THEN_MAKESPAN

    objective = None if arguments.objective is None else parse_objective(arguments.objective)
    if arguments.format == "auto" and _is_plan(Path(arguments.file)):
        instance = _load_plan(arguments.file)
    else:
        instance = load_instance(arguments.file, arguments.format, layout=arguments.layout)
    problem = instance.problem
    if arguments.due_factor is not None:
        problem = set_due_dates(problem, arguments.due_factor)
        objective = objective or TARDINESS_THEN_MAKESPAN
    if objective is not None:
        problem = set_objective(problem, objective)
    return replace(instance, problem=problem)


def _is_plan(path: Path) -> bool:
    """Whether a file begins as a plan does."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return b'"manyworks-plan/' in file.read(200)
    except (OSError, ValueError):
        return False


def _load_plan(file: str) -> Instance:
    """The work of a plan as a problem of its own."""
    from manyworks.planning import read_plan
    from manyworks.scheduling.instances import Instance
    from manyworks.scheduling.problem.workloads import from_workload

    workload, _ = read_plan(file)
    return Instance(problem=from_workload(workload), format="plan", scale=1)


@contextmanager
def _interruptible() -> Iterator[Callable[[], bool]]:
    """The first Ctrl-C only asks the search to end, the second ends everything."""
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set
        return

    def ask(number: int, frame: FrameType | None) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    usual = signal.signal(signal.SIGINT, ask)
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, usual)


def _teller(tell: Callable[[str], None], scale: int) -> Callable[[float, float, float, str], None]:
    def show(seconds: float, objective: float, bound: float, what: str) -> None:
        gap = f", gap {(objective - bound) / objective:.1%}" if objective > 0 else ""
        best, least = objective / scale, bound / scale
        tell(f"{what}: best {best:,.6g}, bound {least:,.6g}{gap}, {seconds:.1f} s")

    return show


def _documents(arguments: Namespace, run: Run) -> Mapping[str | Path, str | Iterable[str]]:
    from manyworks.cli.schedule_text import write_run

    documents: dict[str | Path, str | Iterable[str]] = {}
    if arguments.json:
        documents[arguments.json] = write_run(run)
    if arguments.gantt:
        from manyworks.cli.schedule_view import view_run
        from manyworks.report import schedule_page

        documents[arguments.gantt] = schedule_page(view_run(run))
    return documents


def describe_run(run: Run) -> Iterator[str]:
    """What was scheduled and how good it is; then the value of every goal that is asked for."""
    result, problem = run.result, run.result.problem
    machines = sum(kind == "machine" for kind in problem.kinds)
    rows = {
        "instance": f"{problem.name} ({run.instance.format})",
        "operations": f"{problem.tables.total:,} in {len(problem.jobs):,} jobs",
        "machines": _resources(problem.kinds, machines),
        "objective": f"{_number(run.time(result.objective))} ({_goals(problem.objective.levels)})",
        "bound": f"{_number(run.time(result.bound.value))} ({result.bound.kind})",
        "gap": f"{run.gap:.2%}",
        "status": f"{result.status}, checked" if result.checked else result.status,
        "seconds": f"{result.seconds:.2f}",
    }
    asked = [goal for level in problem.objective.levels for goal in level]
    values = {goal: _number(run.goals[goal]) for goal in dict.fromkeys([*asked, "makespan"])}
    told = [*rows.items(), *((f"  {goal}", value) for goal, value in values.items())]
    yield from lay_out(told[0], told[1:])


def _resources(kinds: Iterable[str], machines: int) -> str:
    from collections import Counter

    others = Counter(kind for kind in kinds if kind != "machine")
    return ", ".join([f"{machines:,}", *(f"{count:,} {kind}s" for kind, count in sorted(others.items()))])


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.3f}"


def _goals(levels: Iterable[Mapping[str, Any]]) -> str:
    """The objective as it is written on the command line."""
    return ",".join(
        "+".join(goal if price == 1 else f"{price:g}*{goal}" for goal, price in level.items())
        for level in levels
    )
