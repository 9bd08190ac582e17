"""An independent referee of solutions: every rule of a problem, worked out anew from its tables.

It shares no code with the searches, so that a mistake in one place cannot hide in the other. Working
time is counted here, where the searches step through it. All rules are tested over whole columns, so
that a million operations take seconds; only what is wrong is looked at one by one, to be named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from manyworks.model import Finding, error
from manyworks.scheduling.problem.checking_orders import search_order
from manyworks.scheduling.problem.data import GOAL_NAMES, ProblemData, Solution
from manyworks.scheduling.problem.tables import (
    CARRIES,
    EARLY_SETUP,
    FOREVER,
    FROZEN,
    NONE,
    PAUSABLE,
    Ints,
    Tables,
)

MOST_FINDINGS = 50
MOST_TIED, MOST_FAILURES = 200, 20
"""Operations without length on one machine that are put in order together, and how often no order is found
before no more are looked for (there is a fault to tell then)."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Faults:
    """One kind of fault: the operations that have it, and what to say about the i-th of them."""

    what: str
    operations: Ints
    say: Callable[[int], str]


class _Hours:
    """Working time of every calendar as a count of seconds."""

    def __init__(self, tables: Tables) -> None:
        self._first, self._rows = tables.first_interval, tables.intervals
        self._known: dict[int, tuple[Ints, Ints, Ints]] = {}

    def _interval(self, calendar: int) -> tuple[Ints, Ints, Ints]:
        """Starts, ends, and the time worked ahead of each interval."""
        if calendar not in self._known:
            rows = self._rows[self._first[calendar] : self._first[calendar + 1]]
            starts, ends = np.array(rows["start"]), np.array(rows["end"])
            ahead = np.concatenate((np.zeros(1, np.int64), np.cumsum(ends - starts)))[:-1]
            self._known[calendar] = (starts, ends, ahead)
        return self._known[calendar]

    def _count(self, calendar: int, t: Ints) -> Ints:
        starts, ends, ahead = self._interval(calendar)
        if not len(starts):
            return np.zeros(len(t), dtype=np.int64)
        at = np.searchsorted(starts, t, side="right") - 1
        inside = np.maximum(at, 0)
        return np.where(at < 0, 0, ahead[inside] + np.minimum(t, ends[inside]) - starts[inside])

    def between(self, calendar: Ints, start: Ints, end: Ints) -> Ints:
        """Working seconds from ``start`` to ``end``, each by the calendar beside it; all (n,)."""
        worked = end - start
        order = np.argsort(calendar, kind="stable")
        edges = np.flatnonzero(np.diff(calendar[order])) + 1
        for rows in np.split(order, edges):
            if len(rows) and calendar[rows[0]] != NONE:
                number = int(calendar[rows[0]])
                worked[rows] = self._count(number, end[rows]) - self._count(number, start[rows])
        return worked


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Case:
    """A problem, a solution, and columns by operation that several rules read, all (operations,).

    ``fine`` marks operations with a mode of their own and usable times: the only ones other rules judge.
    ``still`` marks transports that need not move, ``trip`` those that do, from ``origin`` to ``target``.
    """

    data: ProblemData
    tables: Tables
    hours: _Hours
    fine: Mask
    mode: Ints
    start: Ints
    end: Ints
    setup: Ints
    flags: Ints
    machine: Ints
    calendar: Ints
    location: Ints
    origin: Ints
    target: Ints
    still: Mask
    trip: Mask

    def name(self, operation: int) -> str:
        return self.data.operations[operation]

    def flagged(self, flag: int) -> Mask:
        return np.asarray((self.flags & flag) != 0)

    def resource(self, number: int) -> str:
        return self.data.resources[number]


def _at_end_of_first_arc(first: Ints, arcs: Ints, location: Ints) -> Ints:
    """Where the operation at the other end of each operation's first arc is done; 0 where there is none."""
    some = np.diff(first) > 0
    place = np.zeros(len(location), dtype=np.int64)
    place[some] = location[arcs[first[:-1][some]]]
    return place


def _shape_faults(data: ProblemData, solution: Solution) -> Iterator[Finding]:
    total = data.tables.total
    for name, column in zip(Solution._fields, solution, strict=True):
        if not isinstance(column, np.ndarray) or column.dtype != np.int64 or column.shape != (total,):
            kind = f"{column.dtype} of shape {column.shape}" if isinstance(column, np.ndarray) else column
            yield _fault("shape", name, f"is {kind!s:.80}, expected int64 of shape ({total},)")


def _fault(what: str, where: str, message: str) -> Finding:
    return error(f"scheduling.check.{what}", where, message, "do not use this schedule")


def _own_mode(tables: Tables, mode: Ints) -> Mask:
    first = tables.operations["first_mode"]
    return np.asarray((mode >= first[:-1]) & (mode < first[1:]))


def _usable_times(solution: Solution) -> Mask:
    start, end, setup = solution.start, solution.end, solution.setup
    return np.asarray((start >= 0) & (end >= start) & (end < FOREVER) & (setup >= 0) & (setup < FOREVER))


def _case(data: ProblemData, solution: Solution) -> _Case:
    tables = data.tables
    fine = _own_mode(tables, solution.mode) & _usable_times(solution)
    first_mode = tables.operations["first_mode"][:-1]
    mode = np.where(_own_mode(tables, solution.mode), solution.mode, first_mode)
    machine = tables.modes["machine"][mode]
    location = tables.resources["location"][machine]
    flags = tables.operations["flags"][:-1]
    carries = (flags & CARRIES) != 0
    origin, target = np.zeros(tables.total, np.int64), np.zeros(tables.total, np.int64)
    if carries.any():
        operations = tables.operations
        origin = _at_end_of_first_arc(operations["first_before"], tables.befores["operation"], location)
        target = _at_end_of_first_arc(operations["first_after"], tables.afters["operation"], location)
    return _Case(
        data=data,
        tables=tables,
        hours=_Hours(tables),
        fine=fine,
        mode=mode,
        start=solution.start,
        end=solution.end,
        setup=solution.setup,
        flags=flags,
        machine=machine,
        calendar=np.where((flags & (FROZEN | CARRIES)) != 0, NONE, tables.modes["calendar"][mode]),
        location=location,
        origin=origin,
        target=target,
        still=carries & (origin == target),
        trip=carries & (origin != target),
    )


def _mode_faults(data: ProblemData, solution: Solution) -> _Faults:
    first = data.tables.operations["first_mode"]
    bad = np.flatnonzero(~_own_mode(data.tables, solution.mode))

    def say(i: int) -> str:
        o = bad[i]
        return f"uses mode row {solution.mode[o]}, expected one of its own, {first[o]} to {first[o + 1] - 1}"

    return _Faults(what="no-such-mode", operations=bad, say=say)


def _time_faults(solution: Solution) -> _Faults:
    bad = np.flatnonzero(~_usable_times(solution))

    def say(i: int) -> str:
        o = bad[i]
        return (
            f"starts at {solution.start[o]}, ends at {solution.end[o]}, set-up {solution.setup[o]} s, "
            "expected times from 0 on, the end not before the start"
        )

    return _Faults(what="bad-times", operations=bad, say=say)


def _release_faults(case: _Case) -> _Faults:
    release = case.tables.operations["release"][:-1]
    bad = np.flatnonzero(case.fine & ~case.flagged(FROZEN) & (case.start < release))

    def say(i: int) -> str:
        return f"starts at {case.start[bad[i]]}, before its release at {release[bad[i]]}"

    return _Faults(what="before-release", operations=bad, say=say)


def _frozen_faults(case: _Case) -> _Faults:
    release = case.tables.operations["release"][:-1]
    bad = np.flatnonzero(case.fine & case.flagged(FROZEN) & (case.start != release))

    def say(i: int) -> str:
        return f"starts at {case.start[bad[i]]}, but is frozen to start exactly at {release[bad[i]]}"

    return _Faults(what="frozen-moved", operations=bad, say=say)


def _deadline_faults(case: _Case) -> _Faults:
    deadline = case.tables.operations["deadline"][:-1]
    bad = np.flatnonzero(case.fine & (case.end > deadline))

    def say(i: int) -> str:
        return f"ends at {case.end[bad[i]]}, after its deadline at {deadline[bad[i]]}"

    return _Faults(what="deadline", operations=bad, say=say)


def _order_faults(case: _Case) -> _Faults:
    """Whether every operation waits for those before it, their lags and the ways between machines."""
    arcs = case.tables.befores
    after = np.repeat(np.arange(case.tables.total), np.diff(case.tables.operations["first_before"]))
    before = arcs["operation"]
    way = np.where(arcs["moves"] != 0, case.tables.travel[case.location[before], case.location[after]], 0)
    ready = case.end[before] + arcs["lag"] + way
    rows = np.flatnonzero(case.fine[before] & case.fine[after] & (case.start[after] < ready))

    def say(i: int) -> str:
        arc = rows[i]
        one, other = before[arc], after[arc]
        return (
            f"starts at {case.start[other]}, expected {ready[arc]} or later: {case.name(one)} ends at "
            f"{case.end[one]}" + _pauses(("lag", int(arcs["lag"][arc])), ("way", int(way[arc])))
        )

    return _Faults(what="link", operations=after[rows], say=say)


def _pauses(*parts: tuple[str, int]) -> str:
    return "".join(f", {name} {seconds} s" for name, seconds in parts if seconds)


def _needed(case: _Case) -> Ints:
    """Working seconds from start to end: the run, with the set-up where it is the operation's first part."""
    inside = ~(case.flagged(EARLY_SETUP) | case.flagged(CARRIES) | case.flagged(FROZEN))
    needed = case.tables.modes["duration"][case.mode] + np.where(inside, case.setup, 0)
    needed += np.where(case.trip, case.tables.travel[case.origin, case.target], 0)
    return np.where(case.still, 0, needed)


def _work_faults(case: _Case) -> Iterator[_Faults]:
    """Whether operations work as long as they must, in open time, pausing only where they may."""
    needed = _needed(case)
    worked = case.hours.between(case.calendar, case.start, case.end)
    one = np.ones(len(needed), dtype=np.int64)
    opens = case.hours.between(case.calendar, case.start, case.start + one) == 1
    closes = case.hours.between(case.calendar, case.end - one, case.end) == 1
    short = case.fine & (worked != needed)

    def rows(mask: Mask) -> Ints:
        return np.flatnonzero(mask & case.fine & (case.calendar != NONE))

    wrong = np.flatnonzero(short)
    yield _Faults(
        what="duration",
        operations=wrong,
        say=lambda i: (
            f"works for {worked[wrong[i]]} s from {case.start[wrong[i]]} to {case.end[wrong[i]]}, expected "
            f"{needed[wrong[i]]} s of working time"
        ),
    )
    shut = rows(~opens)
    yield _Faults(
        what="outside-hours",
        operations=shut,
        say=lambda i: f"starts at {case.start[shut[i]]}, outside the working hours of what it holds",
    )
    loose = rows(np.where(needed > 0, ~closes, case.end != case.start))
    yield _Faults(
        what="late-end",
        operations=loose,
        say=lambda i: f"ends at {case.end[loose[i]]}, in closed time after its work was done",
    )
    paused = rows((case.end - case.start != worked) & ~case.flagged(PAUSABLE))
    yield _Faults(
        what="paused",
        operations=paused,
        say=lambda i: (
            f"stops between {case.start[paused[i]]} and {case.end[paused[i]]} but must not be paused"
        ),
    )


class _Queues:
    """Holdings sorted by resource and time: ``operation`` holds ``resource``, all (holdings,)."""

    def __init__(self, case: _Case) -> None:
        first = case.tables.modes["first_hold"]
        rows = np.flatnonzero(case.fine & ~case.still)
        count = first[case.mode[rows] + 1] - first[case.mode[rows]]
        operation = np.repeat(rows, count)
        number = np.arange(len(operation)) - np.repeat(np.cumsum(count) - count, count)
        resource = case.tables.holds[first[case.mode[operation]] + number]
        order = np.lexsort((case.end[operation], case.start[operation], resource))
        self.operation, self.resource = operation[order], resource[order]


def _overlap_faults(case: _Case) -> _Faults:
    """Whether everything is held by one operation at a time."""
    queues = _Queues(case)
    held, resource = queues.operation, queues.resource
    same = resource[1:] == resource[:-1]
    crowded = np.unique(resource[1:][same & (case.start[held[1:]] < case.end[held[:-1]])])
    found = [pair for number in crowded for pair in _overlaps(case, held[resource == number], int(number))]

    def say(i: int) -> str:
        one, other, number = found[i]
        return (
            f"holds {case.resource(number)} from {case.start[one]}, while {case.name(other)} holds it "
            f"until {case.end[other]}"
        )

    return _Faults(what="overlap", operations=np.array([row[0] for row in found], np.int64), say=say)


def _overlaps(case: _Case, queue: Ints, resource: int) -> Iterator[tuple[int, int, int]]:
    """Operations that start while another one, which is given beside them, still holds the resource."""
    end = case.end[queue]
    longest = np.maximum.accumulate(end)
    holder = np.maximum.accumulate(np.where(end == longest, np.arange(len(queue)), 0))
    for i in np.flatnonzero(case.start[queue[1:]] < longest[:-1]):
        yield int(queue[i + 1]), int(queue[holder[i]]), resource


def _changes(case: _Case, before: Ints, after: Ints) -> Ints:
    """Set-up of each of ``after`` on its machine behind ``before``; `NONE`: it is the first there."""
    tables = case.tables
    machine = tables.resources[case.machine[after]]
    last, mode = tables.modes[case.mode[before]], tables.modes[case.mode[after]]
    first = before == NONE
    family = np.where(first, machine["family"], last["family"])
    row = np.where(first, machine["slot_in_matrix"], last["slot_in_matrix"])
    column = mode["slot_in_matrix"]
    setup = np.where((family == mode["family"]) & (family != 0), 0, mode["setup"])
    known = np.flatnonzero((row != NONE) & (column != NONE))
    cell = tables.changes[(machine["first_change"] + row * machine["width"] + column)[known]]
    setup[known] = np.where(cell == NONE, setup[known], cell)
    left = np.where(first | ~case.trip[before], machine["location"], case.target[before])
    setup = np.where(case.trip[after], tables.travel[left, case.origin[after]], setup)
    return np.where(case.flagged(FROZEN)[after], 0, setup)


def _machine_order(case: _Case) -> Ints:
    """Operations by machine and time; where time gives no order, one that fits if there is any."""
    rows = np.flatnonzero(case.fine & ~case.still)
    order = rows[np.lexsort((case.end[rows], case.start[rows], case.machine[rows]))]
    groups = _tied(case, order, at_once=True)
    for low, high in groups:
        waits = {o: _waits_for(case, o, order[low:high]) for o in map(int, order[low:high])}
        order[low:high] = sorted(waits, key=lambda o: (len(waits[o]), -case.setup[o]))
    _mend(case, order, groups)
    # What may come last at one moment depends on what may come first at the next.
    _mend(case, order, _tied(case, order, at_once=False))
    return order


def _mend(case: _Case, order: Ints, groups: Sequence[tuple[int, int]]) -> None:
    """Rearrange those groups of ``order`` in or behind which a set-up is not as stated."""
    wrong = case.setup[order] != _changes(case, _previous(case, order), order)
    failures = 0
    for low, high in groups:
        if wrong[low : high + 1].any() and failures < MOST_FAILURES:
            failures += not _rearrange(case, order, low, high)


def _tied(case: _Case, order: Ints, *, at_once: bool) -> list[tuple[int, int]]:
    """Stretches of ``order`` on one machine in which nothing takes time; ``at_once``: at one moment."""
    one, other = order[:-1], order[1:]
    short = case.start == case.end
    tied = short[one] & short[other] & (case.machine[one] == case.machine[other])
    if at_once:
        tied &= case.start[one] == case.start[other]
    edges = np.flatnonzero(np.diff(np.concatenate(([False], tied, [False])).astype(np.int8)))
    return [(int(low), int(high) + 1) for low, high in edges.reshape(-1, 2) if high - low < MOST_TIED]


def _previous(case: _Case, order: Ints) -> Ints:
    """The operation ahead of each on its machine, `NONE` where it is the first."""
    before = np.full(len(order), NONE, dtype=np.int64)
    same = np.flatnonzero(case.machine[order[1:]] == case.machine[order[:-1]]) + 1
    before[same] = order[same - 1]
    return before


def _rearrange(case: _Case, order: Ints, low: int, high: int) -> bool:
    """Put ``order[low:high]``, none with length, into an order with the set-ups as stated, if any is."""
    waits, machine = _waits(case, order[low:high]), case.machine[order[low]]
    ahead = order[low - 1] if low and case.machine[order[low - 1]] == machine else NONE
    some = [int(ahead), *map(int, order[low:high])]
    if high < len(order) and case.machine[order[high]] == machine:
        some.append(int(order[high]))
    one, other = np.repeat(some, len(some)), np.tile(some, len(some))
    # Nothing comes ahead of the first: any operation of this machine may stand in for it there.
    other = np.where(other == NONE, order[low], other)
    fits = (_changes(case, one, other) == case.setup[other]).reshape(len(some), -1)
    number = {o: i for i, o in enumerate(some)}
    found = search_order(fits, [{number[before] for before in waits.get(o, ())} for o in some], high - low)
    if found:
        order[low:high] = [some[i] for i in found]
    return bool(found)


def _waits(case: _Case, members: Ints) -> dict[int, set[int]]:
    """Members that must come before each: by links, by time, and at one moment those that are set up."""
    setup = (case.setup[members] > 0).astype(np.int64)
    when = 2 * case.start[members] - setup
    return {
        int(o): _waits_for(case, int(o), members) | {*map(int, members[when < when[i]])}
        for i, o in enumerate(members)
    }


def _waits_for(case: _Case, operation: int, members: Ints) -> set[int]:
    """Members that must come before ``operation``, directly or by way of others at the same moment."""
    first, arcs = case.tables.operations["first_before"], case.tables.befores["operation"]
    moment, seen, stack = case.start[operation], {operation}, [operation]
    while stack:
        at = stack.pop()
        for before in map(int, arcs[first[at] : first[at + 1]]):
            if before not in seen and case.start[before] == case.end[before] == moment:
                seen.add(before)
                stack.append(before)
    return seen.intersection(map(int, members)) - {operation}


def _setup_faults(case: _Case) -> Iterator[_Faults]:
    """Whether set-ups are those that the operation ahead asks for, and early ones have the time."""
    order = _machine_order(case)
    before = _previous(case, order)
    stated, expected = case.setup[order], _changes(case, before, order)
    wrong = np.flatnonzero(stated != expected)

    def behind(row: int) -> str:
        machine = case.resource(case.machine[order[row]])
        return (
            f"behind {case.name(before[row])} on {machine}" if before[row] != NONE else f"first on {machine}"
        )

    yield _Faults(
        what="setup",
        operations=order[wrong],
        say=lambda i: (
            f"is set up in {stated[wrong[i]]} s, {behind(wrong[i])}, expected {expected[wrong[i]]} s"
        ),
    )
    early = (case.flagged(EARLY_SETUP) | case.trip)[order]
    since = np.where(before == NONE, 0, case.end[before])
    had = case.hours.between(case.calendar[order], since, case.start[order])
    hasty = np.flatnonzero(early & (had < stated))
    yield _Faults(
        what="setup-time",
        operations=order[hasty],
        say=lambda i: (
            f"starts at {case.start[order[hasty[i]]]}, {behind(hasty[i])}, with {had[hasty[i]]} s of working "
            f"time since {since[hasty[i]]} for a set-up of {stated[hasty[i]]} s"
        ),
    )
    still = np.flatnonzero(case.fine & case.still & (case.setup != 0))
    yield _Faults(
        what="setup",
        operations=still,
        say=lambda i: f"is set up in {case.setup[still[i]]} s though it need not move, expected 0 s",
    )


def _faults(case: _Case) -> Iterator[_Faults]:
    yield _release_faults(case)
    yield _frozen_faults(case)
    yield _order_faults(case)
    yield _overlap_faults(case)
    yield from _setup_faults(case)
    yield from _work_faults(case)
    yield _deadline_faults(case)


def _tell(data: ProblemData, kinds: Sequence[_Faults]) -> Iterator[Finding]:
    """Name the first faults of each kind in turn, and count the rest."""
    rounds = zip_longest(*(range(min(len(kind.operations), MOST_FINDINGS)) for kind in kinds))
    turns = [(kind, i) for row in rounds for kind, i in zip(kinds, row, strict=True) if i is not None]
    for kind, i in turns[:MOST_FINDINGS]:
        yield _fault(kind.what, data.operations[int(kind.operations[i])], kind.say(i))
    rest = sum(len(kind.operations) for kind in kinds) - min(len(turns), MOST_FINDINGS)
    if rest:
        counts = ", ".join(f"{kind.what} {len(kind.operations):,}" for kind in kinds)
        yield _fault("more", data.name, f"has {rest:,} more faults than those listed; in all: {counts}")


def check_solution(data: ProblemData, solution: Solution) -> tuple[Finding, ...]:
    """Say every rule of a problem that a solution breaks.

    Parameters
    ----------
    data
        The problem.
    solution
        Any solution of it, whoever made it; see `Solution`.

    Returns
    -------
    tuple of Finding
        Empty when the solution holds; at most `MOST_FINDINGS`, and one with the count of the rest (``more``).
        Codes ``scheduling.check.*``: columns of another type or length (``shape``; nothing else is
        looked at then), a mode of another operation (``no-such-mode``), unusable times
        (``bad-times``), ``before-release``, ``frozen-moved``, ``link`` (precedence, lags, ways),
        ``overlap``, ``setup`` (not what the operation ahead on the machine asks for), ``setup-time`` (an
        early set-up, or the empty way of a vehicle, had too little time), ``duration``,
        ``outside-hours``, ``late-end``, ``paused``, ``deadline``.

    Notes
    -----
    Operations without length at the same moment on one machine have no order in time; any order that
    keeps precedence and makes all stated set-ups right is accepted.
    """
    shape = tuple(_shape_faults(data, solution))
    if shape:
        return shape
    case = _case(data, solution)
    kinds = [_mode_faults(data, solution), _time_faults(solution), *_faults(case)]
    return tuple(_tell(data, [kind for kind in kinds if len(kind.operations)]))


def goals_of(data: ProblemData, solution: Solution) -> dict[str, float]:
    """Work out the value of every goal of a solution, without prices.

    Parameters
    ----------
    data
        The problem; `tables` says what each goal measures.
    solution
        A solution that `check_solution` found no fault with.

    Returns
    -------
    dict
        Value by name, in the order of `GOAL_NAMES`; 0.0 for a problem without operations.
    """
    rows, mode, start, end = data.tables.operations[:-1], *solution[:3]
    machine = data.tables.modes["machine"][mode]
    due, deadline = rows["due"] < FOREVER, rows["deadline"] < FOREVER
    placed, timed = rows["reference_machine"] != NONE, rows["reference_start"] != NONE
    late = np.maximum(end - rows["due"], 0)[due]
    values = (
        np.dot(rows["weight"][due], late),
        end.max(initial=0),
        np.dot(rows["flow_weight"], end),
        solution.setup.sum(),
        np.count_nonzero(placed & (machine != rows["reference_machine"])),
        np.abs(start - rows["reference_start"])[timed].sum(),
        np.maximum(end - rows["deadline"], 0)[deadline].sum(),
    )
    return {name: float(value) for name, value in zip(GOAL_NAMES, values, strict=True)}
