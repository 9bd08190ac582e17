"""What resources do one after another: no two at once, and set-ups that depend on what came before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product
from typing import NamedTuple

from ortools.sat.python import cp_model

from manyworks.scheduling.problem.tables import FROZEN, NONE
from manyworks.scheduling.solvers.frames import Frame
from manyworks.scheduling.solvers.modelling import (
    Draft,
    Expression,
    Literal,
    Option,
    Task,
    count_of,
    modes_of,
    trips_of,
)
from manyworks.scheduling.solvers.rows import Rows, SetupClass, Trip, change_over, trip_of
from manyworks.scheduling.solvers.succession import Succession

Kind = SetupClass | Trip


class Node(NamedTuple):
    """An operation on a machine, in those of its modes there that take equal set-ups; or on one trip."""

    operation: int
    kind: Kind


@dataclass(slots=True, kw_only=True)
class Line:
    """What may stand on a machine, and the set-ups that may come about.

    ``setups`` has the possible set-ups of each node. ``is_circuit`` says that they depend on an order
    which is still open; ``ordered`` that every node is a follower, whose predecessor is known.
    """

    machine: int
    initial: Kind
    nodes: list[Node] = field(default_factory=list)
    setups: dict[Node, list[int]] = field(default_factory=dict)
    is_circuit: bool = False
    ordered: bool = False


def _initial(rows: Rows, frame: Frame, machine: int, *, carries: bool) -> Kind:
    """What the free ones on a machine find it set up for, or where they find the vehicle."""
    last = frame.last.get(machine, NONE)
    if last == NONE or frame.base is None:
        place = rows.location[machine]
        return Trip(place, place) if carries else rows.initial[machine]
    return trip_of(rows, frame.base.mode, last) if carries else rows.setup_class[frame.base.mode[last]]


def setup_of(rows: Rows, machine: int, before: Kind, node: Node) -> int:
    """Set-up of a node behind something, or its empty trip; frozen operations take none."""
    if rows.flags[node.operation] & FROZEN:
        return 0
    if isinstance(node.kind, Trip) and isinstance(before, Trip):
        return rows.travel[before.goal][node.kind.origin]
    if isinstance(node.kind, Trip) or isinstance(before, Trip):
        raise TypeError(machine)  # `supports` keeps vehicles and machines apart
    return change_over(rows, machine, before, node.kind)


def kind_of(rows: Rows, option: Option) -> Kind:
    """What set-ups from and to an option depend on."""
    return rows.setup_class[option.mode] if option.trip is None else option.trip


def _settle_in_order(draft: Draft, line: Line) -> None:
    before = line.initial
    kinds = dict(line.nodes)
    for o in draft.frame.sequences[line.machine]:
        if o in kinds:
            node = Node(o, kinds[o])
            line.setups[node] = [setup_of(draft.rows, line.machine, before, node)]
            before = node.kind


def _settle(draft: Draft, line: Line) -> None:
    """Find the possible set-ups of each node."""
    known: dict[tuple[Kind, frozenset[Kind], bool], list[int]] = {}
    befores = _possible_befores(draft, line)
    for node in line.nodes:
        ahead = befores.get(node.operation, befores[NONE])
        key = (node.kind, ahead, bool(draft.rows.flags[node.operation] & FROZEN))
        if key not in known:
            known[key] = sorted({setup_of(draft.rows, line.machine, one, node) for one in ahead})
        line.setups[node] = known[key]
    line.is_circuit = any(len(values) > 1 for values in known.values())


def _possible_befores(draft: Draft, line: Line) -> dict[int, frozenset[Kind]]:
    """What may stand ahead of each follower: the one there now, or a free one; by `NONE`: of others."""
    kinds = dict(line.nodes)
    loose = {node.kind for node in line.nodes if node.operation not in draft.follows}
    sequence = [o for o in draft.frame.sequences.get(line.machine, ()) if o in kinds]
    found = {NONE: frozenset({line.initial, *kinds.values(), *loose})}
    before = line.initial
    for o in sequence:
        found[o] = frozenset({before, *loose})
        before = kinds[o]
    return found


def plan_lines(draft: Draft, operations: Iterable[int]) -> dict[int, Line]:
    """Collect what may stand on each machine."""
    rows = draft.rows
    lines: dict[int, Line] = {}
    for o in operations:
        nodes: dict[tuple[int, Kind], None] = {}
        for mode, trip in product(modes_of(draft, o), trips_of(draft, o)):
            if trip is None or not trip.is_idle:
                nodes[rows.machine[mode], trip or rows.setup_class[mode]] = None
        for machine, kind in nodes:
            if machine not in lines:
                initial = _initial(rows, draft.frame, machine, carries=isinstance(kind, Trip))
                lines[machine] = Line(machine=machine, initial=initial)
            lines[machine].nodes.append(Node(o, kind))
    for line in lines.values():
        line.ordered = all(node.operation in draft.follows for node in line.nodes)
        (_settle_in_order if line.ordered else _settle)(draft, line)
    return lines


def _taken_before(rows: Rows, option: Option, resource: int) -> int:
    """Seconds that an option takes a resource before its start: a set-up ahead takes the machine only."""
    return option.shape[0] if rows.machine[option.mode] == resource else 0


def _begin(draft: Draft, task: Task, options: Sequence[Option], resource: int) -> Expression:
    back = draft.weigh(options, lambda option: _taken_before(draft.rows, option, resource))
    return task.start if isinstance(back, int) and back == 0 else task.start - back


def _interval(
    draft: Draft, task: Task, options: Sequence[Option], resource: int, loose: bool
) -> cp_model.IntervalVar:
    """Time a task takes a resource in one of some options; ``loose``: with the least set-up ahead."""
    model = draft.model
    presence = draft.any_of(options, task.options)
    backs = {_taken_before(draft.rows, option, resource) for option in options}
    lengths = {option.shape[1] for option in options}
    if loose or len(backs) == 1:
        back = min(backs)
        if len(lengths) == 1:
            size = back + min(lengths)
            return model.new_optional_fixed_size_interval_var(task.start - back, size, presence, "")
        return model.new_optional_interval_var(task.start - back, task.length + back, task.end, presence, "")
    spans = [
        (low - option.shape[0], high - option.shape[0]) for option in options for low, high in option.ranges
    ]
    hint = next((option for option in options if option.hinted), None)
    base = draft.frame.base
    known = base.start[task.operation] - hint.shape[0] if hint and base else None
    begin = draft.number(min(low for low, _ in spans), max(high for _, high in spans), known)
    for back in backs:
        for option in options:
            if _taken_before(draft.rows, option, resource) == back:
                model.add(begin == task.start - back).only_enforce_if(option.literal)
    sizes = sorted({sum(option.shape) for option in options})
    size = draft.number(sizes[0], sizes[-1], sum(hint.shape) if hint else None)
    return model.new_optional_interval_var(begin, size, task.end, presence, "")


def _held(draft: Draft, task: Task, option: Option) -> Sequence[int]:
    """Resources an option takes; of what is pinned only the machine counts, the rest is closed anyway."""
    if option.trip is not None and option.trip.is_idle:
        return ()
    holds = draft.rows.holds[option.mode]
    return holds[:1] if task.operation in draft.frame.pinned else holds


def _users(draft: Draft) -> dict[int, list[tuple[Task, list[Option]]]]:
    """By resource, the tasks that may hold it, with the options that do."""
    users: dict[int, list[tuple[Task, list[Option]]]] = {}
    for _, task in draft.moving():
        held: dict[int, list[Option]] = {}
        for option in task.options:
            for resource in _held(draft, task, option):
                held.setdefault(resource, []).append(option)
        for resource, options in held.items():
            users.setdefault(resource, []).append((task, options))
    return users


def _add_chain(draft: Draft, resource: int) -> None:
    """Keep the followers on a resource in their order."""
    tasks = [draft.tasks[o] for o in draft.frame.sequences.get(resource, ())]
    if not tasks:
        return
    begins = [_begin(draft, task, task.options, resource) for task in tasks]
    draft.model.add(begins[0] >= draft.frame.taken_until.get(resource, 0))
    for before, begin in zip(tasks, begins[1:], strict=False):
        draft.model.add(begin >= before.end)
    if resource in draft.frame.closed_from:
        draft.model.add(tasks[-1].end <= draft.frame.closed_from[resource])


def _add_no_overlap(
    draft: Draft, resource: int, users: Sequence[tuple[Task, list[Option]]], loose: bool
) -> None:
    intervals = [_interval(draft, task, options, resource, loose) for task, options in users]
    until = draft.frame.taken_until.get(resource, 0)
    if until > 0:
        intervals.append(draft.model.new_fixed_size_interval_var(0, until, ""))
    if resource in draft.frame.closed_from:
        closed = draft.frame.closed_from[resource]
        length = max(draft.frame.horizon - closed, 0) + 1
        intervals.append(draft.model.new_fixed_size_interval_var(closed, length, ""))
    draft.model.add_no_overlap(intervals)


def _keep_links(
    draft: Draft, resource: int, users: Sequence[tuple[Task, list[Option]]], succession: Succession
) -> None:
    """Let no set-up ahead of its operation begin before what the operation waits for is done there."""
    for i, j in succession.waiting([task.operation for task, _ in users]):
        (before, some), (after, others) = users[i], users[j]
        if any(_taken_before(draft.rows, option, resource) for option in others):
            here = (draft.any_of(some, before.options), draft.any_of(others, after.options))
            enforced = [literal for literal in here if literal is not True]
            begin = _begin(draft, after, others, resource)
            draft.model.add(begin >= before.end).only_enforce_if(enforced)


def add_resources(draft: Draft, lines: dict[int, Line]) -> None:
    """Let every resource do one thing at a time, with the set-ups between.

    Parameters
    ----------
    draft
        A model with all its tasks and links.
    lines
        See `plan_lines`.
    """
    succession = Succession(draft)
    for resource, users in _users(draft).items():
        line = lines.get(resource)
        in_circuit = line is not None and line.is_circuit
        if in_circuit or any(task.operation not in draft.follows for task, _ in users):
            _add_no_overlap(draft, resource, users, loose=in_circuit)
            if in_circuit and line is not None:
                _add_circuit(draft, line, succession)
            else:
                _keep_links(draft, resource, users, succession)
        _add_chain(draft, resource)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stop:
    """A node of a circuit with its variables."""

    node: Node
    task: Task
    options: list[Option]
    presence: Literal
    begin: Expression
    rank: int


def _stops(draft: Draft, line: Line) -> list[_Stop]:
    sequence = draft.frame.sequences.get(line.machine, [])
    ranks = {o: rank for rank, o in enumerate(sequence)}
    stops = []
    for node in line.nodes:
        task = draft.tasks[node.operation]
        options = [
            option
            for option in task.options
            if draft.rows.machine[option.mode] == line.machine and kind_of(draft.rows, option) == node.kind
        ]
        if options:
            stops.append(
                _Stop(
                    node=node,
                    task=task,
                    options=options,
                    presence=draft.any_of(options, task.options),
                    begin=_begin(draft, task, options, line.machine),
                    rank=ranks.get(node.operation, NONE),
                )
            )
    return stops


def _hinted_successors(draft: Draft, stops: Sequence[_Stop]) -> set[tuple[int, int]]:
    """Pairs of places in ``stops`` that follow each other in the base; -1 for the beginning and the end."""
    base = draft.frame.base
    if base is None:
        return set()
    present = [
        (base.start[stop.node.operation], base.end[stop.node.operation], i)
        for i, stop in enumerate(stops)
        if any(option.hinted for option in stop.options)
    ]
    order = [-1, *(i for _, _, i in sorted(present)), -1]
    return set(pairwise(order))


def _may_follow(draft: Draft, before: _Stop, after: _Stop, succession: Succession) -> bool:
    one, other = before.node.operation, after.node.operation
    if one == other or one in draft.frame.pinned or succession.forbids(one, other):
        return False
    return NONE in (before.rank, after.rank) or after.rank == before.rank + 1


class _Circuit:
    """Arcs of a circuit being collected, those into each node by the set-up they bring."""

    def __init__(self, draft: Draft, line: Line, succession: Succession) -> None:
        self.draft = draft
        self.line = line
        self.succession = succession
        self.stops = _stops(draft, line)
        self.hinted = _hinted_successors(draft, self.stops)
        self.arcs: list[tuple[int, int, Literal]] = []
        self.bringing: list[dict[int, list[Literal]]] = [{} for _ in self.stops]

    def connect(self, i: int, j: int) -> Literal:
        """Make the literal of an arc between two places in ``stops``, -1 for the beginning and the end."""
        literal = self.draft.literal(hint=(i, j) in self.hinted)
        self.arcs.append((i + 1, j + 1, literal))
        return literal

    def lead(self, i: int, j: int) -> None:
        """Let ``j`` follow ``i`` if their arc is chosen."""
        before = self.line.initial if i < 0 else self.stops[i].node.kind
        setup = setup_of(self.draft.rows, self.line.machine, before, self.stops[j].node)
        literal = self.connect(i, j)
        self.bringing[j].setdefault(setup, []).append(literal)
        if i >= 0:
            self.succession.keep(self.stops[i].node.operation, self.stops[j].node.operation, literal)
        free = self.draft.frame.taken_until.get(self.line.machine, 0) if i < 0 else self.stops[i].task.end
        self.draft.model.add(self.stops[j].begin >= free).only_enforce_if(literal)


def _add_circuit(draft: Draft, line: Line, succession: Succession) -> None:
    """Let set-ups follow from the order on a machine: each arc from one node to the next brings its own."""
    circuit = _Circuit(draft, line, succession)
    stops, model = circuit.stops, draft.model
    for j, after in enumerate(stops):
        circuit.connect(j, -1)
        circuit.lead(-1, j)
        for i, before in enumerate(stops):
            if _may_follow(draft, before, after, succession):
                circuit.lead(i, j)
        if after.presence is not True:
            circuit.arcs.append((j + 1, j + 1, ~after.presence))
    if all(stop.presence is not True for stop in stops):
        idle = draft.literal(hint=(-1, -1) in circuit.hinted)
        circuit.arcs.append((0, 0, idle))
        for stop in stops:  # or what takes no time could go round in a circle of its own
            model.add_implication(idle, ~stop.presence)
    model.add_circuit(circuit.arcs)
    for stop, bringing in zip(stops, circuit.bringing, strict=True):
        _add_setups(draft, stop, bringing)


def _add_setups(draft: Draft, stop: _Stop, bringing: dict[int, list[Literal]]) -> None:
    """Choose the options of the set-up that the chosen arc brings."""
    by_setup: dict[int, list[Literal]] = {}
    for option in stop.options:
        by_setup.setdefault(option.setup, []).append(option.literal)
    if len(by_setup) == 1 and by_setup.keys() == bringing.keys():
        return
    for setup in {*by_setup, *bringing}:
        chosen, arcs = by_setup.get(setup, []), bringing.get(setup, [])
        draft.model.add(count_of(chosen) == count_of(arcs))
