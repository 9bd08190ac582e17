"""Compiled: operations of a plain shop moved to other machines, one a machine in every pass."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from manyworks.scheduling.engine.compiling import inlined, lean
from manyworks.scheduling.engine.wide_lists import Shop
from manyworks.scheduling.engine.wide_swaps import Spots, job_tail, ready_of, time_range
from manyworks.scheduling.problem.tables import NONE, Ints, Records

MOVE = np.dtype(
    [
        ("spot", np.int64),
        ("machine", np.int64),
        ("duration", np.int64),
        ("ahead", np.int64),
    ]
)
MOST_GAPS = 12
"""Gaps of a machine that are tried for an operation."""


class Rows(NamedTuple):
    """Machines as rows of spots, and the moves of a pass.

    Parameters
    ----------
    first, row
        Pointers by machine into the spots in order of time.
    fresh
        By machine, its number where nothing was moved from or to it in this pass, otherwise `NONE`.
    moves
        `MOVE`, one a machine at most: what was moved, and its machine, duration and neighbour before.
    """

    first: Ints
    row: Ints
    fresh: Ints
    moves: Records


def empty_rows(total: int, machines: int) -> Rows:
    """Make room for the rows of a shop."""
    return Rows(
        first=np.zeros(machines + 1, dtype=np.int64),
        row=np.zeros(total, dtype=np.int64),
        fresh=np.zeros(machines, dtype=np.int64),
        moves=np.zeros(machines, dtype=MOVE),
    )


@inlined
def _fill_rows(s: Spots, shop: Shop, rows: Rows) -> None:
    """Sort spots by machine, which stand in a topological order."""
    machines = len(rows.fresh)
    for machine in range(machines + 1):
        rows.first[machine] = 0
    for x in range(len(s.spots)):
        rows.first[shop.steps[s.spots[x].operation].machine] += 1
    total = 0
    for machine in range(machines):
        total += rows.first[machine]
        rows.first[machine] = total
        rows.fresh[machine] = machine
    rows.first[machines] = total
    for x in range(len(s.spots) - 1, -1, -1):
        machine = shop.steps[s.spots[x].operation].machine
        rows.first[machine] -= 1
        rows.row[rows.first[machine]] = x


@inlined
def _first_ending_after(s: Spots, rows: Rows, machine: int, t: int) -> int:
    low, high = rows.first[machine], rows.first[machine + 1]
    while low < high:
        middle = (low + high) // 2
        if s.edges[rows.row[middle]].end > t:
            high = middle
        else:
            low = middle + 1
    return int(low)


@inlined
def _first_resting_at_most(s: Spots, rows: Rows, machine: int, t: int) -> int:
    low, high = rows.first[machine], rows.first[machine + 1]
    while low < high:
        middle = (low + high) // 2
        if s.edges[rows.row[middle]].rest <= t:
            high = middle
        else:
            low = middle + 1
    return int(low)


@inlined
def _best_gap(s: Spots, rows: Rows, machine: int, needs: tuple[int, int, int]) -> tuple[int, int]:
    """Longest path and place in a machine's row where an operation goes best.

    Between what must stay ahead and what must stay behind every gap is free of cycles, and the best one is
    among them (Mastrolilli and Gambardella 2000, Journal of Scheduling 3).

    Parameters
    ----------
    needs
        Earliest start by the job, longest time after the end by the job, duration on the machine.
    """
    ready, tail, duration = needs
    late = _first_ending_after(s, rows, machine, ready)
    early = _first_resting_at_most(s, rows, machine, tail)
    low, high = min(late, early), max(late, early)
    if high - low > MOST_GAPS:
        low = (low + high - MOST_GAPS) // 2
        high = low + MOST_GAPS
    best, best_gap = NONE, NONE
    for gap in range(low, high + 1):
        start, rest = ready, tail
        if gap > rows.first[machine]:
            start = max(start, s.edges[rows.row[gap - 1]].end)
        if gap < rows.first[machine + 1]:
            rest = max(rest, s.edges[rows.row[gap]].rest)
        if best == NONE or start + duration + rest < best:
            best, best_gap = start + duration + rest, gap
    return best, best_gap


@inlined
def _link(s: Spots, x: int, ahead: int, behind: int) -> None:
    s.spots[x].ahead, s.spots[x].behind = ahead, behind
    if ahead != NONE:
        s.spots[ahead].behind = x
    if behind != NONE:
        s.spots[behind].ahead = x


@inlined
def _unlink(s: Spots, x: int) -> None:
    ahead, behind = s.spots[x].ahead, s.spots[x].behind
    if ahead != NONE:
        s.spots[ahead].behind = behind
    if behind != NONE:
        s.spots[behind].ahead = ahead


@inlined
def _best_machine(s: Spots, shop: Shop, rows: Rows, x: int) -> tuple[int, int]:
    """Choice and place of an operation that shorten the longest path through it most; `NONE` without any."""
    spot, total = s.spots[x], len(s.spots)
    o = spot.operation
    ready, tail = ready_of(s, x, 0), job_tail(s, x, total)
    best, best_gap, least = NONE, NONE, s.edges[x].end + s.edges[x].rest - spot.duration
    for i in range(shop.first_choice[o], shop.first_choice[o + 1]):
        choice = shop.choices[i]
        if choice.machine == shop.steps[o].machine or rows.fresh[choice.machine] == NONE:
            continue
        length, gap = _best_gap(s, rows, choice.machine, (ready, tail, choice.duration))
        if length < least:
            best, best_gap, least = i, gap, length
    return best, best_gap


@inlined
def _move(s: Spots, shop: Shop, rows: Rows, x: int, choice: int, gap: int, made: int) -> None:
    step, taken, move = shop.steps[s.spots[x].operation], shop.choices[choice], rows.moves[made]
    move.spot, move.machine, move.duration = x, step.machine, step.duration
    move.ahead = s.spots[x].ahead
    rows.fresh[step.machine], rows.fresh[taken.machine] = NONE, NONE
    ahead = NONE if gap == rows.first[taken.machine] else rows.row[gap - 1]
    behind = NONE if gap == rows.first[taken.machine + 1] else rows.row[gap]
    _unlink(s, x)
    _link(s, x, ahead, behind)
    step.machine, step.duration = taken.machine, taken.duration
    s.spots[x].duration = taken.duration


@inlined
def _take_back(s: Spots, shop: Shop, rows: Rows, made: int) -> None:
    for i in range(made - 1, -1, -1):
        move = rows.moves[i]
        x = move.spot
        step = shop.steps[s.spots[x].operation]
        _unlink(s, x)
        first, last = rows.first[move.machine], rows.first[move.machine + 1]
        behind = NONE
        if move.ahead != NONE:
            behind = s.spots[move.ahead].behind
        elif first + 1 < last:
            behind = rows.row[first + 1]
        _link(s, x, move.ahead, behind)
        step.machine, step.duration = move.machine, move.duration
        s.spots[x].duration = move.duration


@lean
def move_critical(s: Spots, shop: Shop, rows: Rows, least: int, offset: int) -> int:
    """Move operations on long paths to machines where their paths are shorter.

    Parameters
    ----------
    s
        A schedule in a topological order that has been timed as a whole; it must be put into its new
        order afterwards and timed again.
    least
        Only paths at least this long are looked at.
    offset
        Where in the schedule to begin, so that not always the same operations come first.

    Returns
    -------
    int
        Moves made.
    """
    _fill_rows(s, shop, rows)
    total, made = len(s.spots), 0
    for i in range(total):
        x = (i + offset) % total
        if s.edges[x].end + s.edges[x].rest - s.spots[x].duration < least:
            continue
        o = s.spots[x].operation
        if shop.first_choice[o + 1] - shop.first_choice[o] < 2 or rows.fresh[shop.steps[o].machine] == NONE:
            continue
        choice, gap = _best_machine(s, shop, rows, x)
        if choice != NONE:
            _move(s, shop, rows, x, choice, gap, made)
            made += 1
    if not time_range(s, 0, total):
        # Moves that are each free of cycles may close one together, if hardly ever.
        _take_back(s, shop, rows, made)
        time_range(s, 0, total)
        return 0
    return made
