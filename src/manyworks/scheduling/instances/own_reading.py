"""A problem from JSON of our own; see `own_writing.write_problem` for the other way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from manyworks.model import error
from manyworks.scheduling.errors import SchedulingError
from manyworks.scheduling.instances.faults import Faults
from manyworks.scheduling.instances.fields import LARGEST_WEIGHT, Fields
from manyworks.scheduling.instances.own_writing import FORMAT
from manyworks.scheduling.instances.scans import Scan
from manyworks.scheduling.problem.builder import ProblemBuilder
from manyworks.scheduling.problem.data import GOAL_NAMES, MAKESPAN_ONLY, Objective, ProblemData
from manyworks.scheduling.validation import LONGEST_S

KINDS = ("machine", "worker", "tool", "vehicle")
MOST_SETUPS = 20_000_000
_TOP = ("format", "name", "objective", "calendars", "travel", "resources", "jobs", "operations", "precedence")

_OPERATION = (
    *("name", "job", "release", "due", "deadline", "weight", "flow_weight", "pausable", "early_setup"),
    *("carries", "frozen", "reference", "modes"),
)

Names = dict[str, int]


def read_problem(content: Mapping[str, Any], file: str = "problem") -> ProblemData:
    """Make a problem of decoded JSON.

    Parameters
    ----------
    content
        As `write_problem` makes it; most fields may be left out, see ``docs/reference/schedule_json.md``.
    file
        How findings name the document.

    Raises
    ------
    SchedulingError
        All faults, each with its place.
    """
    faults = Faults(file)
    scan = scan_problem(content, faults)
    if scan is None:
        raise SchedulingError(faults.findings)
    return scan.build(file)


def scan_problem(content: Mapping[str, Any], faults: Faults) -> Scan | None:
    """Read a document; what the builder finds (circles, calendars) comes when it builds."""
    top = Fields(place="", content=content, faults=faults)
    top.only(*_TOP)
    if content.get("format", FORMAT) != FORMAT:
        top.wrong("format", repr(FORMAT))
    builder = ProblemBuilder(top.text("name", ""), _objective(top))
    builder.set_travel(_travel(top))
    calendars = _calendars(top)
    resources = _resources(top, builder, calendars)
    operations = _operations(top, builder, resources)
    _precedence(top, builder, operations)
    if faults.count:
        return None

    def build(name: str) -> ProblemData:
        builder.name = builder.name or name
        return builder.build()

    return Scan(build=build)


def _objective(top: Fields) -> Objective:
    levels = top.items("objective")
    for level in levels:
        if not isinstance(level, dict) or not level or not all(map(_is_goal, level.items())):
            top.wrong("objective", f"objects of prices by goal ({', '.join(GOAL_NAMES)})")
            return MAKESPAN_ONLY
    return Objective(levels=tuple(dict(level) for level in levels)) if levels else MAKESPAN_ONLY


def _is_goal(item: tuple[str, Any]) -> bool:
    goal, price = item
    number = isinstance(price, int | float) and not isinstance(price, bool)
    return goal in GOAL_NAMES and number and 0 <= price <= LARGEST_WEIGHT


def _travel(top: Fields) -> list[list[int]]:
    travel = top.items("travel") or [[0]]
    for row in travel:
        whole = isinstance(row, list) and len(row) == len(travel)
        if not whole or not all(isinstance(cell, int) and 0 <= cell <= LONGEST_S for cell in row):
            top.wrong("travel", f"a square of whole numbers from 0 to {LONGEST_S}")
            return [[0]]
    return travel


def _calendars(top: Fields) -> dict[str, tuple[tuple[int, int], ...]]:
    calendars: dict[str, tuple[tuple[int, int], ...]] = {}
    stated = top.object("calendars")
    if stated is None:
        return calendars
    for name in stated.content:
        intervals = stated.items(name, needed=True)
        if _ascend(intervals):
            calendars[name] = tuple((start, end) for start, end in intervals)
        else:
            calendars[name] = ()
            stated.wrong(name, f"ascending, disjoint [start, end] pairs of 0 to {LONGEST_S}")
    return calendars


def _ascend(intervals: list[Any]) -> bool:
    last = 0
    for pair in intervals:
        if not (isinstance(pair, list) and len(pair) == 2 and all(type(one) is int for one in pair)):
            return False
        if not last <= pair[0] < pair[1] <= LONGEST_S:
            return False
        last = pair[1]
    return True


def _resources(top: Fields, builder: ProblemBuilder, calendars: Mapping[str, Any]) -> Names:
    numbers: Names = {}
    for one in top.objects("resources", needed=True):
        one.only("name", "kind", "calendar", "location", "family", "setups")
        name, kind, calendar = one.text("name"), one.text("kind", "machine"), one.content.get("calendar")
        if kind not in KINDS:
            one.wrong("kind", f"one of {', '.join(KINDS)}")
        if calendar is not None and (not isinstance(calendar, str) or calendar not in calendars):
            one.wrong("calendar", "a name stated in calendars, or null")
            calendar = None
        number = builder.add_resource(
            name,
            kind,
            intervals=calendars[calendar] if calendar is not None else (),
            location=one.time("location", 0, len(builder.travel) - 1),
            setups=_setups(one),
            family=one.text("family", ""),
        )
        _settle(one, name, number, numbers)
    return numbers


def _settle(one: Fields, name: str, number: int, numbers: Names) -> None:
    if name in numbers:
        one.wrong("name", "a name of its own")
    numbers[name] = number


def _setups(one: Fields) -> dict[tuple[str, str], int]:
    setups = {}
    for cell in one.items("setups"):
        good = isinstance(cell, list) and len(cell) == 3 and all(isinstance(name, str) for name in cell[:2])
        if not good or type(cell[2]) is not int or not 0 <= cell[2] <= LONGEST_S:
            one.wrong("setups", "lists of [family before, family after, time]")
            return {}
        setups[cell[0], cell[1]] = cell[2]
    families = {name for pair in setups for name in pair}
    if len(families) ** 2 > MOST_SETUPS:
        message = f"{one.place}.setups: {len(families)} families, expected fewer than {int(MOST_SETUPS**0.5)}"
        one.faults.add(error("scheduling.problem_json.setups", one.faults.file, message, "join families"))
    return setups


def _jobs(top: Fields, builder: ProblemBuilder) -> Names:
    numbers: Names = {}
    for job in top.items("jobs"):
        if not isinstance(job, str) or not job or job in numbers:
            top.wrong("jobs", "different names")
            return numbers
        numbers[job] = builder.add_job(job)
    return numbers


def _operations(top: Fields, builder: ProblemBuilder, resources: Names) -> Names:
    jobs, numbers = _jobs(top, builder), {}  # type: tuple[Names, Names]
    for one in top.objects("operations", needed=True):
        one.only(*_OPERATION)
        name = one.text("name")
        job = one.text("job", "") or name
        if job not in jobs:
            jobs[job] = builder.add_job(job)
        operation = builder.add_operation(
            jobs[job],
            name,
            release=one.time("release", 0),
            due=one.maybe_time("due"),
            deadline=one.maybe_time("deadline"),
            weight=one.weight("weight", 1.0),
            flow_weight=one.weight("flow_weight", 0.0),
            pausable=one.flag("pausable"),
            early_setup=one.flag("early_setup"),
            carries=one.flag("carries"),
        )
        _settle(one, name, operation, numbers)
        _modes(one, builder, operation, resources)
        _fix(one, builder, operation, resources)
    return numbers


def _modes(one: Fields, builder: ProblemBuilder, operation: int, resources: Names) -> None:
    for mode in one.objects("modes", needed=True):
        mode.only("machine", "others", "duration", "setup", "family")
        others = mode.items("others")
        if not all(isinstance(other, str) and other in resources for other in others):
            mode.wrong("others", "names stated in resources")
            others = []
        builder.add_mode(
            operation,
            mode.name("machine", resources),
            mode.time("duration"),
            others=[resources[other] for other in others],
            setup=mode.time("setup", 0),
            family=mode.text("family", ""),
        )


def _fix(one: Fields, builder: ProblemBuilder, operation: int, resources: Names) -> None:
    """What is frozen, and where it was planned before."""
    if one.flag("frozen"):
        builder.freeze(operation, one.time("release", 0))
    reference = one.object("reference")
    if reference is not None:
        reference.only("start", "machine")
        builder.refer(operation, reference.time("start"), reference.name("machine", resources))


def _precedence(top: Fields, builder: ProblemBuilder, operations: Names) -> None:
    for arc in top.objects("precedence"):
        arc.only("before", "after", "lag", "moves")
        before, after = arc.name("before", operations), arc.name("after", operations)
        if arc.content.get("before") == arc.content.get("after"):
            arc.wrong("after", "another operation than before")
        builder.add_precedence(before, after, arc.time("lag", 0), moves=arc.flag("moves"))
