"""Compiled: moves that may help, one drawn at random.

What costs something is traced back through what it really waited for, and one thing it waited for is
changed (Mati, Dauzere-Peres and Lahlou 2011, "A general approach for optimizing regular criteria in the
job-shop scheduling problem"): order on the machine, the worker or the tool, the machine itself, or work of
one set-up family put side by side. A few moves are drawn from everything.
"""

from __future__ import annotations

from typing import NamedTuple

from manyworks.scheduling.engine.compiling import inlined, lean
from manyworks.scheduling.engine.moves import place
from manyworks.scheduling.engine.neighbours_chain import (
    CHAIN,
    PICK,
    SLOT,
    TARGETS,
    Walk,
    away_blame,
    below,
    draw_target,
    trace,
    uniform,
)
from manyworks.scheduling.engine.state import GIVE_UP, MOST_MOVES, SUM, State, behind_of
from manyworks.scheduling.problem.tables import NONE, SETUP, Tables


class Step(NamedTuple):
    """A move to be made by `moves.place`; ``v`` is `NONE` where there is none.

    ``following`` is the node to be moved behind it in turn, if it is of the same family.
    """

    v: int
    mode: int
    ahead: int
    earlier: int
    later: int
    following: int


ANYWHERE = 0.08
"""Share of moves drawn from all operations."""
FAMILY_REACH = 24
"""How far along a machine work of the same family is looked for."""


NOTHING = Step(NONE, NONE, NONE, NONE, NONE, NONE)


@inlined
def _steps(w: Walk) -> int:
    """Draw how much further: mostly 0, then less and less."""
    steps = 0
    while steps < 8 and uniform(w) < 0.4:
        steps += 1
    return steps


@inlined
def _other_mode(p: Tables, w: Walk, v: int, mode: int) -> int:
    """Draw another mode of an operation; the same where it has no other."""
    first = p.operations[v].first_mode
    count = p.operations[v + 1].first_mode - first
    if count < 2:
        return mode
    other = first + below(w, count - 1)
    return int(other + 1 if other >= mode else other)


@inlined
def _ready(p: Tables, s: State, v: int) -> int:
    """About when an operation could start by what is before it."""
    ready = p.operations[v].release
    for i in range(p.operations[v].first_before, p.operations[v + 1].first_before):
        ready = max(ready, s.jobs[p.befores[i].operation].end + p.befores[i].lag)
    return int(ready)


@inlined
def _spot(p: Tables, s: State, v: int, machine: int, ready: int) -> int:
    """Last node of a machine, not of ``v``, that starts before a time."""
    node = s.ends[machine].tail
    while node != NONE and (node >> p.shift == v or s.jobs[node >> p.shift].start >= ready):
        node = s.nodes[node].ahead
    return int(node)


@inlined
def _go(p: Tables, s: State, v: int, machine: int, node: int, steps: int) -> int:
    """Go some nodes ahead (negative) or behind along a machine, ``v`` itself not counted."""
    while steps < 0 and node != NONE:
        node = s.nodes[node].ahead
        if node == NONE or node >> p.shift != v:
            steps += 1
    while steps > 0:
        behind = behind_of(s, machine, node)
        if behind != NONE and behind >> p.shift == v:
            behind = s.nodes[behind].behind
        if behind == NONE:
            return int(node)
        node = behind
        steps -= 1
    if node != NONE and node >> p.shift == v:
        node = s.nodes[node].ahead
    return int(node)


@inlined
def _change_mode(p: Tables, s: State, w: Walk, v: int) -> Step:
    """Do an operation in another mode, about when it is ready."""
    mode = _other_mode(p, w, v, s.jobs[v].mode)
    if mode == s.jobs[v].mode:
        return NOTHING
    machine = p.modes[mode].machine
    if machine == p.modes[s.jobs[v].mode].machine and uniform(w) < 0.6:
        return Step(v, mode, s.nodes[v << p.shift].ahead, NONE, NONE, NONE)
    node = _spot(p, s, v, machine, _ready(p, s, v))
    return Step(v, mode, _go(p, s, v, machine, node, _steps(w) - _steps(w)), NONE, NONE, NONE)


@inlined
def _move_anything(p: Tables, s: State, w: Walk) -> Step:
    """Move any operation a little, or do it in another mode."""
    v = below(w, p.total)
    if uniform(w) < 0.5:
        return _change_mode(p, s, w, v)
    mode = s.jobs[v].mode
    ahead = s.nodes[v << p.shift].ahead
    steps = 1 + _steps(w)
    if uniform(w) < 0.5:
        steps = -steps
        if ahead == NONE:
            return NOTHING
    node = _go(p, s, v, p.modes[mode].machine, ahead, steps)
    return Step(NONE if node == ahead else v, mode, node, NONE, NONE, NONE)


@inlined
def _pull_ahead(p: Tables, s: State, w: Walk, v: int, u: int, slot: int) -> Step:
    """Put ``v`` ahead of ``u``, which it waits for on a resource, perhaps further ahead."""
    mode = s.jobs[v].mode
    resource = p.holds[p.modes[mode].first_hold + slot]
    node = _go(p, s, v, resource, s.nodes[(v << p.shift) | slot].ahead, -_steps(w))
    if slot == 0:
        return Step(v, mode, NONE if node == NONE else s.nodes[node].ahead, NONE, NONE, NONE)
    later = u if node == NONE else node >> p.shift
    return Step(v, mode, s.nodes[v << p.shift].ahead, NONE, later, NONE)


@inlined
def _push_behind(p: Tables, s: State, w: Walk, v: int, u: int, slot: int) -> Step:
    """Put ``u``, which ``v`` waits for on a resource, behind ``v``, perhaps further behind."""
    resource = p.holds[p.modes[s.jobs[v].mode].first_hold + slot]
    node = _go(p, s, u, resource, (v << p.shift) | slot, _steps(w))
    mode = s.jobs[u].mode
    if slot == 0:
        return Step(u, mode, node, NONE, NONE, NONE)
    return Step(u, mode, s.nodes[u << p.shift].ahead, node >> p.shift, NONE, NONE)


@inlined
def _relative(p: Tables, s: State, v: int, machine: int, node: int, back: bool) -> int:
    """Nearest node of the family of ``v`` along a machine, from a node on; `NONE`: none near."""
    family = p.modes[s.jobs[v].mode].family
    for _ in range(FAMILY_REACH):
        if node == NONE:
            return NONE
        o = node >> p.shift
        if o != v and p.modes[s.jobs[o].mode].family == family:
            return int(node)
        node = s.nodes[node].ahead if back else s.nodes[node].behind
    return NONE


@inlined
def _join_family(p: Tables, s: State, w: Walk, v: int) -> Step:
    """Put an operation beside work of the same family, or such work beside it."""
    mode, own = s.jobs[v].mode, v << p.shift
    if p.modes[mode].family == 0:
        return NOTHING
    if uniform(w) < 0.3:
        mode = _other_mode(p, w, v, mode)
    machine = p.modes[mode].machine
    here = machine == p.modes[s.jobs[v].mode].machine
    node = own if here else _spot(p, s, v, machine, s.jobs[v].start + 1)
    back = uniform(w) < 0.5
    node = _relative(p, s, v, machine, node, back)
    if node == NONE:
        return NOTHING
    if here and uniform(w) < 0.5:
        ahead = s.nodes[own].ahead if back else own
        o = node >> p.shift
        return Step(NONE if ahead == node else o, s.jobs[o].mode, ahead, NONE, NONE, NONE)
    ahead = node if uniform(w) < 0.5 else s.nodes[node].ahead
    if ahead == own:
        ahead = s.nodes[own].ahead
    return Step(v, mode, ahead, NONE, NONE, NONE)


@inlined
def _first_of_run(p: Tables, s: State, node: int, most: int) -> int:
    """First node of the run of one family that a node belongs to."""
    family = p.modes[s.jobs[node >> p.shift].mode].family
    for _ in range(most):
        ahead = s.nodes[node].ahead
        if ahead == NONE or p.modes[s.jobs[ahead >> p.shift].mode].family != family:
            break
        node = ahead
    return int(node)


@inlined
def _swap_runs(p: Tables, s: State, v: int) -> Step:
    """Begin to put the run of the family of ``v`` ahead of the run of another family before it."""
    first = _first_of_run(p, s, v << p.shift, MOST_MOVES)
    ahead = s.nodes[first].ahead
    if ahead == NONE:
        return NOTHING
    o = first >> p.shift
    goal = s.nodes[_first_of_run(p, s, ahead, MOST_MOVES)].ahead
    return Step(o, s.jobs[o].mode, goal, NONE, NONE, s.nodes[first].behind)


@inlined
def _next_of_run(p: Tables, s: State, step: Step) -> Step:
    """Go on with a run whose last operation has just been moved."""
    o = step.following >> p.shift
    if p.modes[s.jobs[o].mode].family != p.modes[step.mode].family:
        return NOTHING
    following = s.nodes[step.following].behind
    return Step(o, s.jobs[o].mode, step.v << p.shift, NONE, NONE, following)


@inlined
def _save_setup(p: Tables, s: State, w: Walk, v: int) -> Step:
    """Try to need less set-up at an operation."""
    r = uniform(w)
    if r < 0.65:
        return _join_family(p, s, w, v)
    if r < 0.85:
        return _swap_runs(p, s, v)
    return _change_mode(p, s, w, v)


@inlined
def _go_home(p: Tables, s: State, w: Walk, v: int) -> Step:
    """Put an operation back to the machine, and about the time, that was planned before."""
    operation = p.operations[v]
    mode, seen = s.jobs[v].mode, 0
    for m in range(operation.first_mode, p.operations[v + 1].first_mode):
        if p.modes[m].machine == operation.reference_machine:
            seen += 1
            if uniform(w) * seen < 1.0:
                mode = m
    machine = p.modes[mode].machine
    node = _spot(p, s, v, machine, operation.reference_start)
    if uniform(w) < 0.3:
        node = _go(p, s, v, machine, node, _steps(w) - _steps(w))
    return Step(v, mode, node, NONE, NONE, NONE)


@inlined
def _break_chain(p: Tables, s: State, w: Walk, last: int) -> Step:
    """Change one thing that an operation waited for."""
    picks = trace(p, s, w, last)
    if picks == 0:
        return _change_mode(p, s, w, last)
    at = w.lists[PICK, below(w, picks)]
    v, slot, u = w.lists[CHAIN, at], w.lists[SLOT, at], w.lists[CHAIN, at + 1]
    if s.jobs[v].setup > 0 and uniform(w) < 0.25:
        return _save_setup(p, s, w, v)
    if uniform(w) < 0.2 and p.operations[p.total].first_mode > p.total:
        return _change_mode(p, s, w, v if uniform(w) < 0.6 else u)
    if uniform(w) < 0.5:
        return _pull_ahead(p, s, w, v, u, slot)
    return _push_behind(p, s, w, v, u, slot)


@inlined
def _choose(p: Tables, s: State, w: Walk) -> Step:
    """Draw a move."""
    if w.counts[TARGETS] == 0 or uniform(w) < ANYWHERE:
        return _move_anything(p, s, w)
    v = draw_target(w)
    setup, away = w.blame[SETUP] * s.jobs[v].setup, away_blame(p, s, w, v)
    if away > 0.0 and uniform(w) < 0.3:
        return _go_home(p, s, w, v)
    if setup > 0.0 and uniform(w) < 0.5:
        return _save_setup(p, s, w, v)
    return _break_chain(p, s, w, v)


@lean
def propose(p: Tables, s: State, w: Walk) -> bool:
    """Make one random move, perhaps of several operations.

    Returns
    -------
    bool
        False where nothing came of it; some of its moves may have been made then.
    """
    step = _choose(p, s, w)
    if step.v == NONE:
        return False
    for _ in range(MOST_MOVES):
        if not place(p, s, step.v, step.mode, step.ahead, step.earlier, step.later):
            return False
        if s.costs[SUM] > s.costs[GIVE_UP]:
            return False
        if step.following == NONE:
            return True
        step = _next_of_run(p, s, step)
        if step.v == NONE:
            return True
    return True
