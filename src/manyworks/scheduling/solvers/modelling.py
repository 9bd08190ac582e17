"""A frame as a CP-SAT model: every operation one choice of mode, set-up and shape, with its start.

The model follows the usual form with optional intervals (Laborie et al., Constraints 23, 2018); set-ups
are circuits over the operations of a machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

from ortools.sat.python import cp_model

from manyworks.scheduling.problem.tables import CARRIES, EARLY_SETUP, FROZEN, NONE, PAUSABLE
from manyworks.scheduling.solvers.frames import Frame
from manyworks.scheduling.solvers.pieces import Need, Shape, Shapes, clipped, shapes_of, since, until
from manyworks.scheduling.solvers.rows import Arc, Rows, Trip, ends_of_trip, place_of, trip_of

Literal = Any
"""A Boolean variable, or True for what is always so."""
Expression = Any
"""A variable, an affine expression of one, or a number."""
Setups = Callable[[int, int, "Trip | None"], Iterable[int]]
"""Set-ups that an operation may take in a mode, on a trip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One way an operation may be: mode, set-up, how long the machine is taken; of a transport the trip."""

    mode: int
    setup: int
    shape: Shape
    ranges: Sequence[tuple[int, int]]
    literal: Literal
    hinted: bool
    trip: Trip | None = None


@dataclass(slots=True, kw_only=True)
class Task:
    """Variables of an operation; numbers where it stands still."""

    operation: int
    start: Expression
    end: Expression
    length: Expression
    options: list[Option]
    places: dict[int, Literal] = field(default_factory=dict)


class NoOptionError(Exception):
    """An operation has no way to be done within its frame."""


class Draft:
    """A model being written: variables with their hints, tasks by operation."""

    def __init__(self, rows: Rows, frame: Frame) -> None:
        self.rows = rows
        self.frame = frame
        self.model = cp_model.CpModel()
        self.free = set(frame.free)
        self.follows = set(frame.followers)
        self.tasks: dict[int, Task] = {}
        self._unions: dict[tuple[int, ...], Literal] = {}
        self._shapes: dict[tuple[Need, int, int], Shapes] = {}

    @property
    def hinted(self) -> bool:
        """Whether there is a solution to hint at."""
        return self.frame.base is not None

    def literal(self, *, hint: bool) -> Literal:
        """Make a Boolean variable."""
        made = self.model.new_bool_var("")
        if self.hinted:
            self.model.add_hint(made, hint)
        return made

    def number(self, low: int, high: int, hint: int | None) -> Expression:
        """Make an integer variable."""
        made = self.model.new_int_var(low, max(low, high), "")
        if self.hinted and hint is not None:
            self.model.add_hint(made, hint)
        return made

    def any_of(self, options: Sequence[Option], among: Sequence[Option]) -> Literal:
        """Tell whether one of some options of a task is chosen."""
        if len(options) == len(among):
            return True
        if len(options) == 1:
            return options[0].literal
        key = tuple(option.literal.index for option in options)
        if key not in self._unions:
            made = self.literal(hint=any(option.hinted for option in options))
            self.model.add(sum(option.literal for option in options) == made)
            self._unions[key] = made
        return self._unions[key]

    def weigh(self, options: Sequence[Option], value: Callable[[Option], int]) -> Expression:
        """Make an expression of a value of the chosen option; of any of them where none is."""
        values = {value(option) for option in options}
        if len(values) == 1:
            return values.pop()
        hint = next((value(option) for option in options if option.hinted), None)
        made = self.model.new_int_var_from_domain(cp_model.Domain.from_values(sorted(values)), "")
        if self.hinted and hint is not None:
            self.model.add_hint(made, hint)
        for one in values:
            for option in options:
                if value(option) == one:
                    self.model.add(made == one).only_enforce_if(option.literal)
        return made

    def moving(self) -> list[tuple[int, Task]]:
        """Operations that the model decides on."""
        return [(o, self.tasks[o]) for o in (*self.frame.free, *self.frame.followers)]

    def shapes(self, need: Need, first: int, last: int) -> Shapes:
        """Shapes of a need for starts between two times; see `shapes_of`."""
        if need.calendar == NONE:
            return {(need.early, need.run): [(need.early, self.frame.horizon - need.run)]}
        calendar = self.rows.calendars[need.calendar]
        low, high = since(calendar, first, need.early), until(calendar, last + need.run)
        key = need, low, high
        if key not in self._shapes:
            self._shapes[key] = shapes_of(calendar[low:high], need)
        return self._shapes[key]


def modes_of(draft: Draft, o: int) -> Sequence[int]:
    """Modes that an operation may have: all if it is free, else the one of the base."""
    base = draft.frame.base
    if o not in draft.free and base is not None:
        return (base.mode[o],)
    return draft.frame.modes.get(o, draft.rows.modes[o])


def _places_ahead(draft: Draft, o: int) -> list[int]:
    """Where an operation may be done; place 0 for none."""
    if o == NONE:
        return [0]
    return sorted({place_of(draft.rows, mode) for mode in modes_of(draft, o)})


def trips_of(draft: Draft, o: int) -> Sequence[Trip | None]:
    """Trips a transport may make; None for everything else."""
    if not draft.rows.flags[o] & CARRIES:
        return (None,)
    origins, goals = (_places_ahead(draft, end) for end in ends_of_trip(draft.rows, o))
    return [Trip(a, b) for a in origins for b in goals]


def need_of(rows: Rows, o: int, mode: int, setup: int, trip: Trip | None = None) -> Need:
    """What an operation needs in a mode after a set-up."""
    flags, run = rows.flags[o], rows.duration[mode]
    early = bool(flags & (EARLY_SETUP | CARRIES))
    if trip is not None:
        run = 0 if trip.is_idle else run + rows.travel[trip.origin][trip.goal]
    return Need(
        calendar=NONE if flags & FROZEN else rows.calendar[mode],
        pausable=bool(flags & PAUSABLE),
        early=setup if early else 0,
        run=run if early else run + setup,
    )


def _bounds(draft: Draft, o: int) -> tuple[int, int, int]:
    """First and last start, and latest end."""
    rows, frame = draft.rows, draft.frame
    if rows.flags[o] & FROZEN:
        return rows.release[o], rows.release[o], rows.deadline[o]
    if o in frame.pinned and frame.base is not None:
        return frame.base.start[o], frame.base.start[o], frame.base.end[o]
    first, latest = max(rows.release[o], frame.begin), min(rows.deadline[o], frame.horizon)
    if o in draft.follows and frame.base is not None:
        first = max(first, frame.base.start[o] - frame.slack)
        latest = min(latest, frame.base.end[o] + frame.slack)
    else:
        latest = min(latest, frame.latest)
    return first, latest, latest


def _is_hinted(draft: Draft, o: int, option: Option) -> bool:
    base = draft.frame.base
    if base is None or base.mode[o] != option.mode or base.setup[o] != option.setup:
        return False
    if option.trip is not None and trip_of(draft.rows, base.mode, o) != option.trip:
        return False
    return any(low <= base.start[o] <= high for low, high in option.ranges)


def _options(draft: Draft, o: int, setups: Setups) -> list[Option]:
    """Every way an operation may be; the literals are still to come."""
    first, last, latest = _bounds(draft, o)
    found = []
    for mode, trip in product(modes_of(draft, o), trips_of(draft, o)):
        for setup in setups(o, mode, trip):
            shapes = draft.shapes(need_of(draft.rows, o, mode, setup, trip), first, latest)
            for shape, ranges in shapes.items():
                cut = clipped(ranges, first, min(last, latest - shape[1]))
                if cut:
                    option = Option(
                        mode=mode, setup=setup, shape=shape, ranges=cut, literal=True, hinted=False, trip=trip
                    )
                    found.append(replace(option, hinted=_is_hinted(draft, o, option)))
    return found


def _domain(ranges: Sequence[tuple[int, int]]) -> cp_model.Domain:
    return cp_model.Domain.from_intervals([list(one) for one in ranges])


def _chosen(draft: Draft, options: list[Option], start: Expression, span: tuple[int, int]) -> list[Option]:
    """Give every option its literal and its starts; exactly one is chosen."""
    made = [replace(option, literal=draft.literal(hint=option.hinted)) for option in options]
    draft.model.add_exactly_one(option.literal for option in made)
    for option in made:
        if option.ranges != [span]:
            draft.model.add_linear_expression_in_domain(start, _domain(option.ranges)).only_enforce_if(
                option.literal
            )
    return made


def _start(draft: Draft, o: int, options: list[Option]) -> Expression:
    base = draft.frame.base
    if len(options) > 1:
        span = _span(options)
        return draft.number(*span, None if base is None else base.start[o])
    made = draft.model.new_int_var_from_domain(_domain(options[0].ranges), "")
    if base is not None:
        draft.model.add_hint(made, base.start[o])
    return made


def _span(options: Iterable[Option]) -> tuple[int, int]:
    ranges = [option.ranges for option in options]
    return min(one[0][0] for one in ranges), max(one[-1][1] for one in ranges)


def _end(draft: Draft, o: int, start: Expression, length: Expression, options: list[Option]) -> Expression:
    if isinstance(length, int):
        return start + length
    base = draft.frame.base
    low = min(option.ranges[0][0] + option.shape[1] for option in options)
    high = max(option.ranges[-1][1] + option.shape[1] for option in options)
    end = draft.number(low, high, None if base is None else base.end[o])
    draft.model.add(end == start + length)
    return end


def add_task(draft: Draft, o: int, setups: Setups) -> Task:
    """Add an operation.

    Parameters
    ----------
    draft, o
        Model and operation.
    setups
        Set-ups that an operation may take in a mode, on a trip.

    Raises
    ------
    NoOptionError
        It fits nowhere.
    """
    options = _options(draft, o, setups)
    if not options:
        raise NoOptionError
    start = _start(draft, o, options)
    if len(options) > 1:
        options = _chosen(draft, options, start, _span(options))
    length = draft.weigh(options, lambda option: option.shape[1])
    task = Task(
        operation=o, start=start, end=_end(draft, o, start, length, options), length=length, options=options
    )
    draft.tasks[o] = task
    return task


def task_of(draft: Draft, o: int) -> Task:
    """Variables of an operation; numbers where it stands still."""
    if o not in draft.tasks:
        base = draft.frame.base
        if base is None:
            raise NoOptionError
        draft.tasks[o] = Task(
            operation=o,
            start=base.start[o],
            end=base.end[o],
            length=base.end[o] - base.start[o],
            options=[
                Option(
                    mode=base.mode[o],
                    setup=base.setup[o],
                    shape=(0, base.end[o] - base.start[o]),
                    ranges=[(base.start[o], base.start[o])],
                    literal=True,
                    hinted=True,
                )
            ],
        )
    return draft.tasks[o]


def _places(draft: Draft, task: Task) -> dict[int, Literal]:
    """Literal of each location where an operation may be done."""
    if not task.places:
        rows = draft.rows
        by_place: dict[int, list[Option]] = {}
        for option in task.options:
            by_place.setdefault(place_of(rows, option.mode), []).append(option)
        task.places = {place: draft.any_of(some, task.options) for place, some in by_place.items()}
    return task.places


def _add_link(draft: Draft, before: Task, after: Task, arc: Arc) -> None:
    model, travel = draft.model, draft.rows.travel
    if not arc.moves:
        model.add(after.start >= before.end + arc.lag)
        return
    pairs = [
        (travel[a][b], one, other)
        for a, one in _places(draft, before).items()
        for b, other in _places(draft, after).items()
    ]
    least = min(time for time, _, _ in pairs)
    model.add(after.start >= before.end + (arc.lag + least))
    for time, one, other in pairs:
        if time > least:
            enforced = [literal for literal in (one, other) if literal is not True]
            model.add(after.start >= before.end + (arc.lag + time)).only_enforce_if(enforced)


def _tie(draft: Draft, task: Task, end: int, place: Callable[[Trip], int]) -> None:
    """Let a transport's trip have one end where the operation there is done."""
    if end == NONE:
        return
    by_place: dict[int, list[Literal]] = {}
    for option in task.options:
        if option.trip is not None:
            by_place.setdefault(place(option.trip), []).append(option.literal)
    there = _places(draft, task_of(draft, end))
    for one in {*by_place, *there}:
        draft.model.add(count_of(by_place.get(one, [])) == count_of([there.get(one, False)]))


def add_trips(draft: Draft) -> None:
    """Let transports run between the places where the operations before and after them are done."""
    for o, task in draft.moving():
        if draft.rows.flags[o] & CARRIES:
            before, after = ends_of_trip(draft.rows, o)
            _tie(draft, task, before, lambda trip: trip.origin)
            _tie(draft, task, after, lambda trip: trip.goal)


def count_of(literals: Sequence[Literal]) -> Expression:
    """Add literals up."""
    return sum(int(one) if isinstance(one, bool) else one for one in literals)


def add_links(draft: Draft) -> None:
    """Add every precedence with at least one end that moves."""
    moving = list(draft.tasks)
    known = set(moving)
    for o in moving:
        for arc in draft.rows.befores[o]:
            _add_link(draft, task_of(draft, arc.operation), draft.tasks[o], arc)
        for arc in draft.rows.afters[o]:
            if arc.operation not in known:
                _add_link(draft, draft.tasks[o], task_of(draft, arc.operation), arc)
