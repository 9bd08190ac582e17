"""Operations of no length at one moment: their order, which times do not tell but set-ups do.

What takes no time leaves its machine set up for its family all the same. Of several such operations at one
moment on one machine, only some orders make do with the set-ups that a solution states, for themselves
and for what comes behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from manyworks.scheduling.engine.compiling import compiled
from manyworks.scheduling.engine.timing import location_of, setup_between
from manyworks.scheduling.problem.data import Solution
from manyworks.scheduling.problem.tables import CARRIES, EARLY_SETUP, FROZEN, NONE, Ints, Tables

NOWHERE = -2
"""In the place of the operation ahead: it holds no vehicle."""
MOST_TOGETHER, MOST_STEPS, MOST_FAILURES = 200, 20_000, 20
"""Operations put in order together, steps taken for that, and how often no order is found before no more
are looked for (the solution is not valid then)."""

Kind = tuple[int, int]


@compiled
def _origin(p: Tables, modes: Ints, o: int) -> int:
    """Where a transport picks up."""
    first = p.operations[o].first_before
    if first == p.operations[o + 1].first_before:
        return 0
    return int(location_of(p, modes[p.befores[first].operation]))


@compiled
def _goal(p: Tables, modes: Ints, o: int) -> int:
    """Where a transport goes."""
    first = p.operations[o].first_after
    if first == p.operations[o + 1].first_after:
        return 0
    return int(location_of(p, modes[p.afters[first].operation]))


@compiled
def _setup_behind(p: Tables, modes: Ints, o: int, ahead: int) -> int:
    """Set-up of an operation behind another on its machine; `NONE`: it is the first there."""
    if p.operations[o].flags & CARRIES:
        left = location_of(p, modes[o]) if ahead == NONE else _goal(p, modes, ahead)
        return int(p.travel[left, _origin(p, modes, o)])
    if p.operations[o].flags & FROZEN:
        return 0
    return int(setup_between(p, NONE if ahead == NONE else modes[ahead], modes[o]))


@compiled
def _look_through(
    p: Tables, modes: Ints, starts: Ints, ends: Ints, setups: Ints, order: Ints
) -> tuple[Ints, Ints]:
    """By operation: the one ahead on its machine, and 1 where that does not go with the set-up stated.

    It asks for a longer one, or leaves no time for one that is to be done before the start.
    """
    last = np.full(len(p.resources), NONE, dtype=np.int64)
    ahead = np.full(p.total, NOWHERE, dtype=np.int64)
    differs = np.zeros(p.total, dtype=np.int64)
    for o in order:
        if p.operations[o].flags & CARRIES and _origin(p, modes, o) == _goal(p, modes, o):
            continue
        machine = p.modes[modes[o]].machine
        ahead[o] = last[machine]
        last[machine] = o
        early = setups[o] > 0 and p.operations[o].flags & (EARLY_SETUP | CARRIES) != 0
        if early and ahead[o] != NONE and ends[ahead[o]] == starts[o]:
            differs[o] = 1
        if _setup_behind(p, modes, o, ahead[o]) > setups[o]:
            differs[o] = 1
    return ahead, differs


class _Moments:
    """Operations without length and their neighbours in a solution, by operation."""

    def __init__(self, p: Tables, solution: Solution, order: Ints, ahead: Ints) -> None:
        self.p, self.mode, self.start, self.setup = p, solution.mode, solution.start, solution.setup
        self.order, self.ahead = order, ahead
        self.behind = np.full(p.total, NONE, dtype=np.int64)
        follows = np.flatnonzero(ahead >= 0)
        self.behind[ahead[follows]] = follows
        self.point = np.asarray(solution.start == solution.end)
        self.position = np.empty(p.total, dtype=np.int64)
        self.position[order] = np.arange(p.total)

    def holds_machine(self, o: int) -> bool:
        return bool(self.ahead[o] != NOWHERE)

    def setup_behind(self, o: int, ahead: int) -> int:
        return int(_setup_behind(self.p, self.mode, o, ahead))

    def kind(self, o: int) -> Kind:
        """What later set-ups depend on."""
        if self.p.operations["flags"][o] & CARRIES:
            return NONE, int(_goal(self.p, self.mode, o))
        mode = self.p.modes[self.mode[o]]
        return int(mode["family"]), int(mode["slot_in_matrix"])

    def linked(self, o: int) -> Iterator[int]:
        """Operations without length at the same moment that ``o`` directly waits for."""
        first = self.p.operations["first_before"]
        yield from self._at_once(o, self.p.befores["operation"][first[o] : first[o + 1]])

    def _at_once(self, o: int, others: Ints) -> Iterator[int]:
        yield from (x for x in others.tolist() if self.point[x] and self.start[x] == self.start[o])

    def _beside(self, o: int) -> Iterator[int]:
        first = self.p.operations["first_after"]
        yield from self.linked(o)
        yield from self._at_once(o, self.p.afters["operation"][first[o] : first[o + 1]])
        yield from (int(x) for x in (self.ahead[o], self.behind[o]) if x >= 0 and self.point[x])

    def around(self, o: int) -> list[int]:
        """All without length that hang together with ``o`` or the one ahead of it, in order."""
        found = {x for x in (o, int(self.ahead[o])) if x >= 0 and self.point[x]}
        stack = list(found)
        while stack and len(found) <= MOST_TOGETHER:
            new = set(self._beside(stack.pop())) - found
            found |= new
            stack += new
        return sorted(found, key=lambda x: int(self.position[x]))

    def put(self, path: Iterable[int]) -> None:
        """Give operations the places they have together in this new order."""
        line = sorted(path, key=lambda x: int(self.start[x]))
        places = np.sort(self.position[line])
        self.order[places], self.position[line] = line, places


class _Search:
    """Depth first, one operation after the other; what led nowhere once is not tried again.

    Members that directly follow each other on a machine are a *run*, known by its first one.
    """

    def __init__(self, moments: _Moments, members: Sequence[int]) -> None:
        self._moments, self._members = moments, members
        self._kind = {o: moments.kind(o) for o in members}
        self._run: dict[int, int] = {}
        self._last: dict[int, int] = {}
        self._left: dict[int, int] = {}
        self._follower: dict[int, int] = {}
        for o in filter(moments.holds_machine, members):
            self._enter(o)
        self._waits = list(self._collect_waits())
        self._dead: set[tuple[int, tuple[Kind, ...]]] = set()
        self._fitting: dict[tuple[int, int], bool] = {}
        self._steps = 0
        self.path: list[int] = []

    def _enter(self, o: int) -> None:
        ahead = int(self._moments.ahead[o])
        run = self._run[o] = self._run.get(ahead, o)
        if run == o:
            self._left[run], self._last[run] = 0, ahead
        self._left[run] += 1
        self._follower[run] = int(self._moments.behind[o])

    def _collect_waits(self) -> Iterator[int]:
        """By member: those that must come first, as bits."""
        bit = {o: 1 << i for i, o in enumerate(self._members)}
        start, setup, run = self._moments.start, self._moments.setup, self._run
        # A set-up takes time, so that what has one is the first on its machine at its moment.
        when = {o: (int(start[o]), not setup[o]) for o in self._members}
        for o in self._members:
            waits = sum(bit[x] for x in self._moments.linked(o))
            for x in run:
                if when[x] < when[o] and run[x] == run.get(o):
                    waits |= bit[x]
            yield waits

    def _fits(self, o: int, ahead: int) -> bool:
        key = o, ahead
        if key not in self._fitting:
            moments = self._moments
            self._fitting[key] = moments.setup_behind(o, ahead) <= moments.setup[o]
        return self._fitting[key]

    def _goes_on(self, o: int) -> bool:
        """Whether an operation, and what follows the last of all on its machine, finds its set-up."""
        run = self._run.get(o)
        if run is None:
            return True
        if not self._fits(o, self._last[run]):
            return False
        follower = self._follower[run]
        return self._left[run] > 1 or follower == NONE or self._fits(follower, o)

    def _state(self, placed: int) -> tuple[int, tuple[Kind, ...]]:
        kinds = (self._kind.get(o, (NOWHERE, NOWHERE)) for o in self._last.values())
        return placed, tuple(kinds)

    def _choices(self, placed: int) -> Iterator[int]:
        """Members that may come next; those that change nothing on their machine first."""
        ready = [i for i, waits in enumerate(self._waits) if not placed >> i & 1 and waits & placed == waits]
        changing: list[int] = []
        for i in ready:
            o = self._members[i]
            run = self._run.get(o)
            if run is None or self._kind.get(self._last[run]) == self._kind[o]:
                yield i
            else:
                changing.append(i)
        yield from changing

    def extend(self, placed: int = 0) -> bool:
        """Put the rest behind what is placed; whether that goes."""
        if len(self.path) == len(self._members):
            return True
        state = self._state(placed)
        if state in self._dead or self._steps >= MOST_STEPS:
            return False
        for i in self._choices(placed):
            if self._goes_on(self._members[i]) and self._step(i, placed):
                return True
        self._dead.add(state)
        return False

    def _step(self, i: int, placed: int) -> bool:
        self._steps += 1
        o = self._members[i]
        run = self._run.get(o)
        last = NONE if run is None else self._last[run]
        if run is not None:
            self._last[run] = o
            self._left[run] -= 1
        self.path.append(o)
        if self.extend(placed | 1 << i):
            return True
        self.path.pop()
        if run is not None:
            self._last[run] = last
            self._left[run] += 1
        return False


def settle_moments(p: Tables, solution: Solution, order: Ints) -> Ints:
    """Reorder operations of no length at one moment so that the stated set-ups are enough.

    Parameters
    ----------
    p, solution
        A problem and a valid solution of it.
    order
        (operations,), by start, then end, respecting links.

    Returns
    -------
    ndarray
        (operations,): ``order`` itself where nothing is to be done; where no order is found, what is
        concerned stays as it was.
    """
    modes, starts, ends, setups = (np.ascontiguousarray(column, dtype=np.int64) for column in solution)
    ahead, differs = _look_through(p, modes, starts, ends, setups, order)
    point = solution.start == solution.end
    wrong = np.flatnonzero((differs != 0) & (point | ((ahead >= 0) & point[ahead])))
    if not len(wrong):
        return order
    moments = _Moments(p, solution, order.copy(), ahead)
    seen: set[int] = set()
    failures = 0
    for o in wrong.tolist():
        members = moments.around(o)
        if seen.isdisjoint(members) and failures < MOST_FAILURES:
            search = _Search(moments, members) if len(members) <= MOST_TOGETHER else None
            if search is not None and search.extend():
                moments.put(search.path)
            else:
                failures += 1
        seen.update(members)
    return moments.order
