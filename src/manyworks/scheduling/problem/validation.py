"""Whether drafts make a problem: every fault at once, each with the thing it is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from manyworks.model import Finding, error
from manyworks.scheduling.calendars import Intervals, common
from manyworks.scheduling.problem.data import GOAL_NAMES
from manyworks.scheduling.validation import (
    LONGEST_S,
    SHOWN_NAMES,
    Need,
    bad_times,
    check_intervals,
    is_weight,
    is_whole,
    never_fits,
    ring_named,
    time_problem,
)

if TYPE_CHECKING:
    from manyworks.scheduling.problem.builder import (
        ArcDraft,
        ModeDraft,
        OperationDraft,
        ProblemBuilder,
        ResourceDraft,
    )

KINDS = ("machine", "worker", "tool", "vehicle")
MOST_FINDINGS = 50
"""Findings of one code that are spelled out; the rest are counted."""
LONGEST_PLAN = 2**54
"""Seconds that everything one after the other may take: searches add such times up in 64 bits."""
MOST_CELLS = 10**8
"""Cells of all set-up matrices together."""
LARGEST_WEIGHT = "expected a finite number from 0 to 1e12"


def _in_range(value: object, count: int) -> bool:
    return is_whole(value) and 0 <= value < count  # type: ignore[operator]


def _is_quick_time(value: object) -> bool:
    """Whether a value is a time of the usual type; others may be times as well."""
    return type(value) is int and 0 <= value <= LONGEST_S


def _number_problem(value: object, count: int, things: str) -> str:
    """Say what is wrong with a number that refers to one of ``count`` things; empty when nothing is."""
    if _in_range(value, count):
        return ""
    return f"is {value!r}, expected the number of one of the {count} {things}"


def _check_names(what: str, names: Iterable[object]) -> Iterator[Finding]:
    seen: set[str] = set()
    for number, name in enumerate(names):
        if not isinstance(name, str) or not name:
            yield error(
                "scheduling.name.bad", f"{what} {number}", f"its name is {name!r}, expected a word", ""
            )
        elif name in seen:
            yield error(
                "scheduling.name.twice", name, f"more than one {what} has this name", "give each its own"
            )
        else:
            seen.add(name)


def _check_objective(builder: ProblemBuilder) -> Iterator[Finding]:
    code, levels = "scheduling.objective.bad", builder.objective.levels
    if not levels or not all(levels):
        yield error(code, builder.name, "a level of the objective has no goal", "price at least one goal")
    for number, level in enumerate(levels, 1):
        for name, price in level.items():
            where = f"{builder.name} level {number}"
            if name not in GOAL_NAMES:
                yield error(
                    code, where, f"{name!r} is not a goal", f"expected one of {', '.join(GOAL_NAMES)}"
                )
            if not is_weight(price):
                yield error(code, where, f"price of {name} is {price!r}, {LARGEST_WEIGHT}")
        if level and all(price == 0 for price in level.values()):
            yield error(code, f"{builder.name} level {number}", "every price is 0, expected one above 0")


def _check_travel(builder: ProblemBuilder) -> Iterator[Finding]:
    travel = builder.travel
    if not travel or any(len(row) != len(travel) for row in travel):
        lengths = sorted({len(row) for row in travel})
        yield error(
            "scheduling.travel.not-square",
            builder.name,
            f"the travel matrix has {len(travel)} rows of {lengths or 0} columns, expected as many as rows",
            "give the time from every location to every location",
        )
    for number, row in enumerate(travel):
        if any(time_problem(value) for value in row):
            cells = ((f"way from location {number} to {column}", value) for column, value in enumerate(row))
            yield from bad_times("travel", cells)


def _check_setups(resource: ResourceDraft) -> Iterator[Finding]:
    if resource.setups and resource.kind != "machine":
        yield error(
            "scheduling.resource.setups",
            resource.name,
            f"has set-ups, but it is a {resource.kind}: only machines are set up",
            "state them at the machine",
        )
    for pair, seconds in resource.setups.items():
        if not isinstance(pair, tuple) or len(pair) != 2 or not all(isinstance(one, str) for one in pair):
            yield error(
                "scheduling.resource.setups",
                resource.name,
                f"states a set-up for {pair!r}, expected a pair of families",
            )
        elif time_problem(seconds):
            yield from bad_times(resource.name, ((f"set-up from {pair[0]!r} to {pair[1]!r}", seconds),))


def _check_intervals(resource: ResourceDraft) -> Iterator[Finding]:
    pairs = [pair for pair in resource.intervals if isinstance(pair, Sequence) and len(pair) == 2]
    if len(pairs) != len(resource.intervals):
        yield error(
            "scheduling.resource.bad-intervals",
            resource.name,
            "has working intervals that are no pairs of a start and an end",
        )
    yield from check_intervals(resource.name, pairs)
    if pairs and resource.kind == "vehicle":
        yield error(
            "scheduling.resource.vehicle-hours",
            resource.name,
            "is a vehicle with working hours, expected one that always runs",
            "drop its intervals",
        )


def _check_resources(builder: ProblemBuilder) -> Iterator[Finding]:
    yield from _check_names("resource", (resource.name for resource in builder.resources))
    for resource in builder.resources:
        if resource.kind not in KINDS:
            yield error(
                "scheduling.resource.unknown-kind",
                resource.name,
                f"kind is {resource.kind!r}, expected {', '.join(KINDS[:-1])} or {KINDS[-1]}",
            )
        if problem := _number_problem(resource.location, len(builder.travel), "locations"):
            yield error(
                "scheduling.resource.location",
                resource.name,
                f"its location {problem}",
                "add the location to the travel matrix",
            )
        if not isinstance(resource.family, str):
            yield error("scheduling.family.bad", resource.name, f"family {resource.family!r} is no word")
        yield from _check_intervals(resource)
        yield from _check_setups(resource)
    cells = sum(_families(resource) ** 2 for resource in builder.resources)
    if cells > MOST_CELLS:
        yield error(
            "scheduling.resource.setups",
            builder.name,
            f"set-up matrices have {cells} cells together, more than {MOST_CELLS}",
            "put things that are set up alike into one family",
        )


def _families(resource: ResourceDraft) -> int:
    return len({name for pair in resource.setups for name in pair})


class _Operations:
    """Checks of operations and their modes, with what is asked of every mode looked up beforehand."""

    def __init__(self, builder: ProblemBuilder) -> None:
        self.builder = builder
        self.resources = len(builder.resources)
        self.kinds = [resource.kind for resource in builder.resources]
        self.machines = {number for number, kind in enumerate(self.kinds) if kind == "machine"}
        self.helpers = {number for number, kind in enumerate(self.kinds) if kind in ("worker", "tool")}

    def check(self) -> Iterator[Finding]:
        operations = self.builder.operations
        yield from _check_names("operation", (operation.name for operation in operations))
        for operation in operations:
            if not self._plain(operation):
                yield from self._check_operation(operation)
            for number, mode in enumerate(operation.modes):
                if not self._usual(operation, mode):
                    yield from self._check_mode(f"{operation.name} mode {number}", operation, mode)

    def _plain(self, one: OperationDraft) -> bool:
        """Whether an operation is surely fine; the quick way for the many that are."""
        return (
            bool(one.modes)
            and one.frozen is False
            and one.reference is None
            and one.deadline is None
            and _is_quick_time(one.release)
            and (one.due is None or _is_quick_time(one.due))
            and type(one.job) is int
            and 0 <= one.job < len(self.builder.jobs)
            and type(one.weight) is float
            and 0.0 <= one.weight <= 1e12
            and one.flow_weight == 0.0
            and type(one.pausable) is type(one.early_setup) is type(one.carries) is bool
        )

    def _check_operation(self, operation: OperationDraft) -> Iterator[Finding]:
        where = operation.name
        if problem := _number_problem(operation.job, len(self.builder.jobs), "jobs"):
            yield error("scheduling.operation.job", where, f"its job {problem}", "add the job first")
        times = (
            ("release", operation.release),
            ("due time", operation.due),
            ("deadline", operation.deadline),
        )
        yield from bad_times(where, (time for time in times if time[1] is not None or time[0] == "release"))
        for what, weight in (("weight", operation.weight), ("flow weight", operation.flow_weight)):
            if not is_weight(weight):
                yield error(
                    "scheduling.operation.bad-weight", where, f"{what} is {weight!r}, {LARGEST_WEIGHT}"
                )
        flags = (operation.pausable, operation.early_setup, operation.carries, operation.frozen)
        if any(type(flag) is not bool for flag in flags):
            yield error("scheduling.operation.bad-flag", where, "a flag is neither True nor False")
        if not operation.modes:
            yield error(
                "scheduling.operation.no-mode",
                where,
                "has no mode: nobody can do it",
                "give it at least one machine that can",
            )
        if operation.reference is not None:
            yield from self._check_reference(where, operation.reference)
        if operation.frozen:
            yield from self._check_frozen(operation)

    def _check_reference(self, where: str, reference: tuple[int, int]) -> Iterator[Finding]:
        start, machine = reference
        yield from bad_times(where, (("reference start", start),))
        if problem := _number_problem(machine, self.resources, "resources"):
            yield error("scheduling.operation.reference", where, f"its reference machine {problem}")

    def _check_frozen(self, operation: OperationDraft) -> Iterator[Finding]:
        if len(operation.modes) > 1:
            yield error(
                "scheduling.frozen.modes",
                operation.name,
                f"is frozen but has {len(operation.modes)} modes, expected the one it runs in",
                "leave that mode only",
            )
        if operation.carries:
            yield error(
                "scheduling.frozen.carries",
                operation.name,
                "is a frozen transport, which cannot be scheduled",
                "release what it brings at its arrival, and let the vehicle begin there",
            )

    def _usual(self, operation: OperationDraft, mode: ModeDraft) -> bool:
        """Whether a mode is surely fine; the quick way for the many that are."""
        return (
            not operation.carries
            and _is_quick_time(mode.duration)
            and _is_quick_time(mode.setup)
            and type(mode.machine) is int
            and mode.machine in self.machines
            and all(type(other) is int and other in self.helpers for other in mode.others)
            and type(mode.family) is str
        )

    def _check_mode(self, where: str, operation: OperationDraft, mode: ModeDraft) -> Iterator[Finding]:
        yield from bad_times(where, (("duration", mode.duration), ("set-up", mode.setup)))
        if not isinstance(mode.family, str):
            yield error("scheduling.family.bad", where, f"family {mode.family!r} is no word")
        wanted = "vehicle" if operation.carries else "machine"
        yield from self._check_held(where, "machine", mode.machine, (wanted,))
        for other in mode.others:
            yield from self._check_held(where, "further resource", other, ("worker", "tool"))
        if operation.carries and (mode.others or mode.setup or mode.family):
            yield error(
                "scheduling.transport.mode",
                where,
                "carries, but has set-ups or holds more than its vehicle",
                "give it the vehicle alone; its empty way is worked out",
            )

    def _check_held(self, where: str, role: str, number: int, kinds: tuple[str, ...]) -> Iterator[Finding]:
        if problem := _number_problem(number, self.resources, "resources"):
            yield error(
                "scheduling.mode.unknown-resource", where, f"its {role} {problem}", "add the resource first"
            )
        elif self.kinds[number] not in kinds:
            name = self.builder.resources[number].name
            yield error(
                "scheduling.mode.wrong-kind",
                where,
                f"its {role} {name!r} is a {self.kinds[number]}, expected a {' or '.join(kinds)}",
                "only transports run on vehicles, and they run on nothing else"
                if "tool" not in kinds
                else "",
            )


def _check_arcs(builder: ProblemBuilder) -> Iterator[Finding]:
    count = len(builder.operations)
    for number, arc in enumerate(builder.arcs):
        fine = _in_range(arc.before, count) and _in_range(arc.after, count)
        if fine and type(arc.lag) is int and 0 <= arc.lag <= LONGEST_S and type(arc.moves) is bool:
            continue
        where = f"precedence {number}"
        for role, end in (("earlier", arc.before), ("later", arc.after)):
            if problem := _number_problem(end, count, "operations"):
                yield error(
                    "scheduling.link.unknown-operation",
                    where,
                    f"its {role} operation {problem}",
                    "add the operation first, or turn what is already done into a release time",
                )
        yield from bad_times(where, (("lag", arc.lag),))
        if type(arc.moves) is not bool:
            yield error("scheduling.link.bad-flag", where, f"moves is {arc.moves!r}, expected True or False")


def _check_transports(builder: ProblemBuilder, arcs: Sequence[ArcDraft]) -> Iterator[Finding]:
    """Whether it is clear from where to where each transport runs."""
    operations = builder.operations
    befores, afters = Counter(arc.after for arc in arcs), Counter(arc.before for arc in arcs)
    for number, operation in enumerate(operations):
        if operation.carries and max(befores[number], afters[number]) > 1:
            yield error(
                "scheduling.transport.links",
                operation.name,
                f"carries, but follows {befores[number]} operations and leads to {afters[number]}, expected "
                "at most one each",
                "make one transport for each way",
            )
    for arc in arcs:
        one, other = operations[arc.before], operations[arc.after]
        if one.carries and other.carries:
            yield error(
                "scheduling.transport.links",
                other.name,
                f"carries what {one.name} carried, expected an operation on a machine between them",
                "make one transport of both",
            )
        elif arc.moves and (one.carries or other.carries):
            yield error(
                "scheduling.transport.links",
                other.name,
                f"moves by itself behind {one.name}, though one of them is a transport",
                "leave the way to the transport: no moves",
            )


class _Links:
    """Precedence as lists of numbers: what each operation waits for, and an order that keeps it all."""

    def __init__(self, count: int, arcs: Iterable[ArcDraft]) -> None:
        self.afters: list[list[int]] = [[] for _ in range(count)]
        self.befores: list[list[int]] = [[] for _ in range(count)]
        for arc in arcs:
            self.afters[arc.before].append(arc.after)
            self.befores[arc.after].append(arc.before)
        self.waiting = [len(befores) for befores in self.befores]
        self.order = [number for number in range(count) if not self.waiting[number]]
        self._done = 0
        self._go_on()

    def _go_on(self) -> None:
        """Take all that waits for nothing any more (Kahn 1962)."""
        while self._done < len(self.order):
            for after in self.afters[self.order[self._done]]:
                self.waiting[after] -= 1
                if not self.waiting[after]:
                    self.order.append(after)
            self._done += 1

    def rings(self) -> Iterator[list[int]]:
        """Find rings of operations that wait for each other, none in two of them."""
        for number in range(len(self.waiting)):
            while self.waiting[number] > 0:
                ring = self._ring_before(number)
                yield ring
                for member in ring:
                    self.waiting[member] = 0
                self.order.extend(ring)
                self._go_on()

    def _ring_before(self, number: int) -> list[int]:
        """Walk back along what is still waited for until something comes again; gives that ring, forwards."""
        path: dict[int, None] = {}
        while number not in path:
            path[number] = None
            number = next(before for before in self.befores[number] if self.waiting[before] > 0)
        walked = list(path)
        ring = walked[walked.index(number) :][::-1]
        lowest = ring.index(min(ring))
        return ring[lowest:] + ring[:lowest]


def _check_rings(builder: ProblemBuilder, links: _Links) -> Iterator[Finding]:
    for ring in links.rings():
        names = [builder.operations[number].name for number in ring]
        yield error(
            "scheduling.link.cycle",
            names[0],
            f"operations wait for each other: {ring_named(names)}",
            "remove one of these links",
        )


def _check_length(builder: ProblemBuilder) -> Iterator[Finding]:
    """Whether all times added up stay far within 64 bits."""
    way = max((max(row) for row in builder.travel), default=0)
    change = max((max(one.setups.values(), default=0) for one in builder.resources), default=0)
    known = [one.intervals[-1][1] for one in builder.resources if one.intervals]
    known += [one.release for one in builder.operations]
    work = sum(
        max(mode.duration + max(mode.setup, change) for mode in one.modes) for one in builder.operations
    )
    ways = (len(builder.arcs) + 2 * len(builder.operations)) * way + sum(arc.lag for arc in builder.arcs)
    total = max(known, default=0) + work + ways
    if total > LONGEST_PLAN:
        yield error(
            "scheduling.time.too-long",
            builder.name,
            f"everything one after the other takes {total} s, more than {LONGEST_PLAN} s",
            "use a coarser unit of time",
        )


def _check_fit(builder: ProblemBuilder) -> Iterator[Finding]:
    """Whether every operation has room in the calendars of one of its modes."""
    intervals = [resource.intervals for resource in builder.resources]
    known: dict[tuple[Intervals, ...], Intervals] = {}
    keys: dict[tuple[int, ...], Intervals] = {}

    def at(held: tuple[int, ...]) -> Intervals:
        if held not in keys:
            key = tuple(dict.fromkeys(intervals[number] for number in held))
            if key not in known:
                known[key] = common(key)
            keys[held] = known[key]
        return keys[held]

    for operation in builder.operations:
        if operation.frozen or operation.carries:
            continue
        needs = [Need(operation.release, mode.duration, operation.pausable) for mode in operation.modes]
        times = [at((mode.machine, *mode.others)) for mode in operation.modes]
        if not any(need.fits(hours) for need, hours in zip(needs, times, strict=True)):
            names = [_held_names(builder, mode) for mode in operation.modes]
            rows = islice(zip(needs, names, times, strict=True), SHOWN_NAMES)
            reasons = (need.why_never(who, hours) for need, who, hours in rows)
            yield never_fits(operation.name, operation.pausable, reasons)


def _held_names(builder: ProblemBuilder, mode: ModeDraft) -> list[str]:
    return [builder.resources[number].name for number in dict.fromkeys((mode.machine, *mode.others))]


def _check_frozen_overlaps(builder: ProblemBuilder) -> Iterator[Finding]:
    """Whether nothing is held by two frozen operations at a time."""
    rows = sorted(
        (resource, one.release, one.release + one.modes[0].duration, number)
        for number, one in enumerate(builder.operations)
        if one.frozen
        for resource in {one.modes[0].machine, *one.modes[0].others}
    )
    last = (-1, 0, 0, 0)
    for row in rows:
        if row[0] == last[0] and row[1] < last[2]:
            one, other = builder.operations[row[3]], builder.operations[last[3]]
            yield error(
                "scheduling.frozen.overlap",
                one.name,
                f"is frozen to start at {row[1]} on {builder.resources[row[0]].name}, which {other.name}, "
                f"frozen too, holds until {last[2]}",
                "correct their starts, or leave one of them free",
            )
        last = row if row[0] != last[0] or row[2] >= last[2] else last


def _check_frozen_order(builder: ProblemBuilder, order: Iterable[int]) -> Iterator[Finding]:
    """Whether frozen operations start no sooner than what they wait for can possibly end."""
    operations = builder.operations
    if not any(operation.frozen for operation in operations):
        return
    incoming: list[list[ArcDraft]] = [[] for _ in operations]
    for arc in builder.arcs:
        incoming[arc.after].append(arc)
    ends = [0] * len(operations)
    for number in order:
        one, start, cause = operations[number], operations[number].release, ""
        for arc in incoming[number]:
            ready = ends[arc.before] + arc.lag + _least_way(builder, arc)
            if ready > start:
                start, cause = ready, operations[arc.before].name
        if one.frozen and cause:
            yield error(
                "scheduling.frozen.too-early",
                one.name,
                f"is frozen to start at {one.release}, but cannot before {start}: it waits for {cause}",
                "correct its start, or freeze what runs before it as it really ran",
            )
        start = one.release if one.frozen else start
        ends[number] = start + (0 if one.carries else min(mode.duration for mode in one.modes))


def _least_way(builder: ProblemBuilder, arc: ArcDraft) -> int:
    if not arc.moves:
        return 0
    places = [
        {builder.resources[mode.machine].location for mode in builder.operations[end].modes}
        for end in (arc.before, arc.after)
    ]
    return min(builder.travel[a][b] for a in places[0] for b in places[1])


def _bounded(builder: ProblemBuilder, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Keep the first findings of each code and count the others."""
    counts: Counter[str] = Counter()
    kept = []
    for finding in findings:
        counts[finding.code] += 1
        if counts[finding.code] <= MOST_FINDINGS:
            kept.append(finding)
    for code, count in counts.items():
        if count > MOST_FINDINGS:
            kept.append(error(code, builder.name, f"{count - MOST_FINDINGS:,} more of this kind"))
    return tuple(kept)


def _check_parts(builder: ProblemBuilder) -> Iterator[Finding]:
    yield from _check_objective(builder)
    yield from _check_travel(builder)
    yield from _check_resources(builder)
    yield from _check_names("job", builder.jobs)
    yield from _Operations(builder).check()
    yield from _check_arcs(builder)


def validate_drafts(builder: ProblemBuilder) -> tuple[Finding, ...]:
    """Say everything that is wrong with the drafts of a problem.

    Parameters
    ----------
    builder
        Drafts in any state.

    Returns
    -------
    tuple of Finding
        Empty when tables can be made. The first `MOST_FINDINGS` of each code, and the number of the others.
        Codes: ``scheduling.name.*`` (``bad``, ``twice``), ``scheduling.time.*`` (``bad``, ``too-long``),
        ``scheduling.objective.bad``, ``scheduling.travel.not-square``, ``scheduling.family.bad``,
        ``scheduling.resource.*`` (``unknown-kind``, ``location``, ``bad-intervals``, ``vehicle-hours``,
        ``setups``), ``scheduling.operation.*`` (``job``, ``bad-weight``, ``bad-flag``, ``no-mode``,
        ``reference``),
        ``scheduling.mode.*`` (``unknown-resource``, ``wrong-kind``), ``scheduling.link.*``
        (``unknown-operation``, ``bad-flag``, ``cycle``), ``scheduling.transport.*`` (``mode``, ``links``),
        ``scheduling.frozen.*`` (``modes``, ``carries``, ``overlap``, ``too-early``) and
        ``scheduling.work.never-fits``. What needs sound parts (sums, calendars, frozen operations) is
        only asked where everything else is right.
    """
    count = len(builder.operations)
    known = [arc for arc in builder.arcs if _in_range(arc.before, count) and _in_range(arc.after, count)]
    links = _Links(count, known)
    findings = [*_check_parts(builder), *_check_transports(builder, known)]
    order = tuple(links.order)
    findings += _check_rings(builder, links)
    if not findings:
        checks: tuple[Callable[[ProblemBuilder], Iterator[Finding]], ...] = (
            _check_length,
            _check_fit,
            _check_frozen_overlaps,
        )
        findings += [finding for check in checks for finding in check(builder)]
        findings += _check_frozen_order(builder, order)
    return _bounded(builder, findings)
