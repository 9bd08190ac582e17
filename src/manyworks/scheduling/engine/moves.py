"""Compiled: put one operation elsewhere, keep the order topological, time what changed; and take it back."""

from __future__ import annotations

from typing import NamedTuple

from manyworks.scheduling.engine.compiling import inlined, lean
from manyworks.scheduling.engine.state import (
    AHEADS,
    HIGH,
    JOBS_LOGGED,
    LATEST,
    LATEST_BEFORE,
    LATEST_LOST,
    LOW,
    MOVES_LOGGED,
    OFFSET,
    OLD_MODE,
    ORDER_LOGGED,
    SUM,
    SUM_BEFORE,
    State,
    V,
    attach,
    behind_of,
    detach,
    hold_count,
)
from manyworks.scheduling.engine.sweep import cost_of, log_job, mark, mark_behind, sweep
from manyworks.scheduling.problem.tables import CARRIES, NONE, Tables


class Around(NamedTuple):
    """Operations that a moved one comes behind and ahead of: on its machine, and wherever else; or `NONE`."""

    ahead: int
    behind: int
    earlier: int
    later: int


@inlined
def _bounds(p: Tables, s: State, v: int, around: Around) -> tuple[int, int]:
    """Last position of all that must precede ``v`` and first of all that must follow it."""
    low, high = NONE, p.total
    for before in (around.ahead, around.earlier):
        if before != NONE:
            low = max(low, s.position[before])
    for after in (around.behind, around.later):
        if after != NONE:
            high = min(high, s.position[after])
    for i in range(p.operations[v].first_before, p.operations[v + 1].first_before):
        low = max(low, s.position[p.befores[i].operation])
    for i in range(p.operations[v].first_after, p.operations[v + 1].first_after):
        high = min(high, s.position[p.afters[i].operation])
    return low, high


@inlined
def _log_order(s: State, low: int, high: int) -> None:
    """Remember the order between two positions."""
    row = s.log_moves[s.counts[MOVES_LOGGED]]
    row[LOW], row[HIGH], row[OFFSET] = low, high, s.counts[ORDER_LOGGED]
    for i in range(low, high + 1):
        s.log_order[s.counts[ORDER_LOGGED] + i - low] = s.order[i]
    s.counts[ORDER_LOGGED] += high - low + 1


@inlined
def _set(s: State, at: int, o: int) -> None:
    s.order[at] = o
    s.position[o] = at


@inlined
def _shift(s: State, v: int, to: int) -> None:
    """Put ``v`` at a position, closing the gap it leaves."""
    at = s.position[v]
    _log_order(s, min(at, to), max(at, to))
    while at < to:
        _set(s, at, s.order[at + 1])
        at += 1
    while at > to:
        _set(s, at, s.order[at - 1])
        at -= 1
    _set(s, to, v)


@inlined
def _choose_position(p: Tables, s: State, v: int, around: Around, low: int, high: int) -> int:
    """Choose a position between two: beside the operation asked for, else about in order of time."""
    if around.later != NONE:
        return int(high - 1 if s.position[v] < high else high)
    if around.earlier != NONE:
        return int(low if s.position[v] <= low else low + 1)
    ready = p.operations[v].release
    for i in range(p.operations[v].first_before, p.operations[v + 1].first_before):
        ready = max(ready, s.jobs[p.befores[i].operation].end + p.befores[i].lag)
    if low != NONE:
        ready = max(ready, s.jobs[s.order[low]].start)
    at = low + 1
    while at < high and (s.order[at] == v or s.jobs[s.order[at]].start < ready):
        at += 1
    return int(at - 1 if s.position[v] < at else at)


@inlined
def _premark(p: Tables, s: State, v: int, around: Around, one: int) -> bool:
    """Mark what must follow ``v`` with 1, what must precede it with 2; or clear. Tells if they are apart."""
    two, apart = 2 * one, True
    for after in (around.behind, around.later):
        if after != NONE:
            s.marks[after] = one
    for i in range(p.operations[v].first_after, p.operations[v + 1].first_after):
        s.marks[p.afters[i].operation] = one
    for before in (around.ahead, around.earlier):
        if before != NONE:
            apart = apart and s.marks[before] != 1
            s.marks[before] = two
    for i in range(p.operations[v].first_before, p.operations[v + 1].first_before):
        before = p.befores[i].operation
        apart = apart and s.marks[before] != 1
        s.marks[before] = two
    return apart


@inlined
def _follows_marked(p: Tables, s: State, o: int) -> bool:
    """Whether something directly ahead of an operation must follow the one being moved."""
    for i in range(p.operations[o].first_before, p.operations[o + 1].first_before):
        if s.marks[p.befores[i].operation] == 1:
            return True
    for slot in range(hold_count(p, s.jobs[o].mode)):
        ahead = s.nodes[(o << p.shift) | slot].ahead
        if ahead != NONE and s.marks[ahead >> p.shift] == 1:
            return True
    return False


@lean
def _partition(p: Tables, s: State, v: int, low: int, high: int) -> bool:
    """Between two positions put all that depends on ``v`` behind it; False where that is a cycle."""
    kept, moved, fine = low, 0, True
    for i in range(low, high + 1):
        o = s.order[i]
        if o == v:
            continue
        if s.marks[o] == 1 or _follows_marked(p, s, o):
            fine = fine and s.marks[o] != 2
            s.marks[o] = 1
            s.scratch[moved] = o
            moved += 1
        else:
            _set(s, kept, o)
            kept += 1
    _set(s, kept, v)
    for i in range(moved):
        _set(s, kept + 1 + i, s.scratch[i])
        s.marks[s.scratch[i]] = 0
    return fine


@inlined
def _restore_order(s: State, row: int) -> None:
    low, offset = s.log_moves[row, LOW], s.log_moves[row, OFFSET]
    for i in range(low, s.log_moves[row, HIGH] + 1):
        _set(s, i, s.log_order[offset + i - low])
    s.counts[ORDER_LOGGED] = offset


@lean
def _reorder(p: Tables, s: State, v: int, around: Around) -> bool:
    """Make the order fit ``v``, in no list now, between what is around; False, nothing done, for a cycle."""
    low, high = _bounds(p, s, v, around)
    at = s.position[v]
    if low < high:
        if p.slots > 1:
            _shift(s, v, _choose_position(p, s, v, around, low, high))
        elif at < low:
            _shift(s, v, low)
        elif at > high:
            _shift(s, v, high)
        else:
            _log_order(s, at, at)
        return True
    _log_order(s, min(at, high), max(at, low))
    apart = _premark(p, s, v, around, 1)
    fine = _partition(p, s, v, min(at, high), max(at, low)) and apart
    _premark(p, s, v, around, 0)
    if not fine:
        _restore_order(s, s.counts[MOVES_LOGGED])
    return fine


@inlined
def _ahead_by_order(p: Tables, s: State, resource: int, v: int) -> int:
    """Last node of a resource that the order puts ahead of ``v``."""
    node, at = s.ends[resource].tail, s.position[v]
    while node != NONE and s.position[node >> p.shift] > at:
        node = s.nodes[node].ahead
    return int(node)


@inlined
def _mark_carriers(p: Tables, s: State, v: int) -> int:
    """Mark transports to ``v``, which run elsewhere when its machine changes; give the first position."""
    first = p.total
    for i in range(p.operations[v].first_before, p.operations[v + 1].first_before):
        before = p.befores[i].operation
        if p.operations[before].flags & CARRIES:
            first = min(first, mark(s, before))
    return int(first)


@inlined
def has_room(p: Tables, s: State) -> bool:
    """Whether one more move can be logged before a commit."""
    return bool(
        s.counts[MOVES_LOGGED] < len(s.log_moves)
        and s.counts[JOBS_LOGGED] + p.total < len(s.log_jobs)
        and s.counts[ORDER_LOGGED] + p.total < len(s.log_order)
    )


@lean
def move(p: Tables, s: State, v: int, mode: int, ahead: int) -> bool:
    """Do ``v`` in ``mode``, behind node ``ahead`` of that mode's machine, and time everything that changes.

    Parameters
    ----------
    p, s
        Problem and state.
    v, mode
        Operation and one of its modes, perhaps the one it has.
    ahead
        Node on the mode's machine, not of ``v``; `NONE`: at the head of its list. Workers and tools
        take it where the order, which follows time, puts it.

    Returns
    -------
    bool
        False, and nothing changed, where it would make a cycle or the log is full.
    """
    return place(p, s, v, mode, ahead, NONE, NONE)


@lean
def place(p: Tables, s: State, v: int, mode: int, ahead: int, earlier: int, later: int) -> bool:
    """Move an operation as `move` does, and behind operation ``earlier`` or ahead of ``later`` in the order.

    That decides who is first on a worker or tool they share. `NONE` leaves it open; not both may be given.
    """
    if not has_room(p, s):
        return False
    row = s.counts[MOVES_LOGGED]
    old = s.jobs[v].mode
    s.log_moves[row, V], s.log_moves[row, OLD_MODE] = v, old
    for slot in range(hold_count(p, old)):
        s.log_moves[row, AHEADS + slot] = s.nodes[(v << p.shift) | slot].ahead
    detach(p, s, v)
    behind = behind_of(s, p.modes[mode].machine, ahead)
    x = NONE if ahead == NONE else ahead >> p.shift
    y = NONE if behind == NONE else behind >> p.shift
    if not _reorder(p, s, v, Around(x, y, earlier, later)):
        _attach_as_logged(p, s, row)
        return False
    s.counts[MOVES_LOGGED] += 1
    last = _mark_left_behind(p, s, row)
    log_job(s, v)
    s.costs[SUM] -= cost_of(p, s, v)
    s.jobs[v].mode = mode
    s.costs[SUM] += cost_of(p, s, v)
    first = p.modes[mode].first_hold
    attach(p, s, p.holds[first], ahead, v << p.shift)
    for slot in range(1, hold_count(p, mode)):
        resource = p.holds[first + slot]
        attach(p, s, resource, _ahead_by_order(p, s, resource, v), (v << p.shift) | slot)
    last = max(last, mark_behind(p, s, v), mark(s, v))
    sweep(p, s, min(_first_dirty(p, s, row), _mark_carriers(p, s, v)), last)
    return True


@inlined
def _left_behind(p: Tables, s: State, row: int, slot: int) -> int:
    """Operation that now follows where the moved one was on a resource; `NONE` if none does."""
    resource = p.holds[p.modes[s.log_moves[row, OLD_MODE]].first_hold + slot]
    node = behind_of(s, resource, s.log_moves[row, AHEADS + slot])
    return int(NONE if node == NONE else node >> p.shift)


@inlined
def _mark_left_behind(p: Tables, s: State, row: int) -> int:
    """Mark what followed the moved operation on its old resources; give the last position."""
    last = NONE
    for slot in range(hold_count(p, s.log_moves[row, OLD_MODE])):
        o = _left_behind(p, s, row, slot)
        if o != NONE:
            last = max(last, mark(s, o))
    return int(last)


@inlined
def _first_dirty(p: Tables, s: State, row: int) -> int:
    """First position that a move may have made dirty: its own or of what followed where it was."""
    first = s.position[s.log_moves[row, V]]
    for i in range(s.log_moves[row, LOW], first):
        if s.dirty[i] != 0:
            return int(i)
    return int(first)


@inlined
def _attach_as_logged(p: Tables, s: State, row: int) -> None:
    """Put a moved operation, in no list now, back where it was."""
    v, mode = s.log_moves[row, V], s.log_moves[row, OLD_MODE]
    s.jobs[v].mode = mode
    first = p.modes[mode].first_hold
    for slot in range(hold_count(p, mode)):
        attach(p, s, p.holds[first + slot], s.log_moves[row, AHEADS + slot], (v << p.shift) | slot)


@lean
def undo(p: Tables, s: State) -> None:
    """Go back to the last commit."""
    for i in range(s.counts[JOBS_LOGGED] - 1, -1, -1):
        entry = s.log_jobs[i]
        job = s.jobs[entry.operation]
        job.start, job.end, job.free = entry.start, entry.end, entry.free
        job.setup, job.where = entry.setup, entry.where
    for row in range(s.counts[MOVES_LOGGED] - 1, -1, -1):
        detach(p, s, s.log_moves[row, V])
        _restore_order(s, row)
        _attach_as_logged(p, s, row)
    s.counts[JOBS_LOGGED], s.counts[MOVES_LOGGED], s.counts[ORDER_LOGGED] = 0, 0, 0
    s.counts[LATEST_LOST] = 0
    s.costs[SUM], s.costs[LATEST] = s.costs[SUM_BEFORE], s.costs[LATEST_BEFORE]
