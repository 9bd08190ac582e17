"""``manyworks replan`` and ``manyworks explain``."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from manyworks.cli.outputs import as_json, make_folder, write_outputs
from manyworks.cli.plans import PAGE_FILE, check_target
from manyworks.cli.quotes import RequestError
from manyworks.cli.saying import indent, progress, say, say_findings
from manyworks.model import Schedule, Workload, error
from manyworks.planning import PlannedAgain, plan_again, read_plan
from manyworks.planning.reading import PLAN_FILE
from manyworks.scheduling.explaining import LateOrder, Speaker, explain_late, explain_work


def replan_plan(arguments: Namespace) -> int:
    """Plan again what is left of a plan, and write it with a page of what has changed."""
    folder = Path(arguments.out)
    blocked = check_target(folder)
    if blocked:
        raise RequestError(blocked)
    with progress() as tell:
        tell("planning again")
        made = plan_again(
            arguments.plan,
            arguments.events,
            seconds=arguments.seconds,
            iterations=arguments.iterations,
            seed=arguments.seed,
            improve=arguments.improve,
        )
        tell("writing")
        make_folder(folder)
        write_outputs(
            {folder / PLAN_FILE: as_json(made.document), folder / PAGE_FILE: _difference_page(made)}
        )
    sentences = _speaker(made).difference(made.replanned.difference)
    say(sentences[0], *indent(sentences[1:]), "", f"written: {folder / PLAN_FILE}, {folder / PAGE_FILE}")
    return say_findings(made.replanned.findings, remarks=arguments.verbose)


def _speaker(made: PlannedAgain) -> Speaker:
    return Speaker(made.workload, made.replanned.workload)


def _difference_page(made: PlannedAgain) -> str:
    from manyworks.report import difference_page

    again, speaker = made.replanned, _speaker(made)
    late = explain_late(again.workload, again.schedule)
    return difference_page(
        (made.workload, made.schedule),
        (again.workload, again.schedule),
        speaker.difference(again.difference),
        now_s=made.events.now_s,
        findings=again.findings,
        late_reasons={one.order: speaker.late(one) for one in late},
    )


def explain_plan(arguments: Namespace) -> int:
    """Say why orders of a plan are late, or why one work is where it is."""
    workload, schedule = read_plan(arguments.plan)
    if arguments.work is not None:
        sentences = Speaker(workload).placement(explain_work(workload, schedule, arguments.work))
        say(sentences[0], *indent(sentences[1:]))
        return 0
    say(*_late(arguments, workload, schedule))
    return 0


def _late(arguments: Namespace, workload: Workload, schedule: Schedule) -> Iterator[str]:
    late = explain_late(workload, schedule)
    if arguments.order is not None:
        late = _only(arguments.order, late, workload)
    if not late:
        yield "Every order of the plan is in time." if arguments.order is None else "The order is in time."
    for number, one in enumerate(late):
        sentences = Speaker(workload).late(one)
        if number:
            yield ""
        yield sentences[0]
        yield from indent(sentences[1:])


def _only(order: str, late: tuple[LateOrder, ...], workload: Workload) -> tuple[LateOrder, ...]:
    if all(work.order != order for work in workload.works):
        message = "has no work in the plan"
        raise RequestError([error("cli.explain.order", order, message, "look at the ids in plan.json")])
    return tuple(one for one in late if one.order == order)
