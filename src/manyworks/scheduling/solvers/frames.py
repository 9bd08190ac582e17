"""What of a problem a model is about: operations that are free, that follow along, and what stands still.

Free operations may change mode, order and time. Followers keep their mode and their order among
each other, and move in time. Everything else stands where the base solution has it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from manyworks.scheduling.problem.tables import CARRIES, FOREVER
from manyworks.scheduling.solvers.rows import Rows, Times, holds_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The part of a problem that a model decides on.

    Parameters
    ----------
    free, followers
        Operations; see the module.
    base
        Where everything else is taken from, and the hint; None where all are free and there is none.
    sequences
        Followers by resource, in the order of the base.
    taken_until, last
        By resource: end of, and the last operation that stands still ahead of the free ones.
    pinned
        Followers that are the first on their machine of those that stand still: they keep their start, end no
        later, and nothing goes behind them. Only their set-up is open.
    closed_from
        By resource: from when on it is taken by what stands still behind all that moves.
    horizon
        Latest end of anything.
    begin
        Nothing that moves starts earlier.
    settled
        Latest end of what stands still, at least 0.
    modes
        Modes that free operations may have, where these are not all.
    latest, slack
        Latest end of free ones, and how far followers may move either way.
    pull
        What a second earlier of an operation that moves is worth, about, to what stands still behind it.
    """

    free: tuple[int, ...]
    horizon: int
    base: Times | None = None
    followers: tuple[int, ...] = ()
    sequences: dict[int, list[int]] = field(default_factory=dict)
    taken_until: dict[int, int] = field(default_factory=dict)
    last: dict[int, int] = field(default_factory=dict)
    pinned: frozenset[int] = frozenset()
    closed_from: dict[int, int] = field(default_factory=dict)
    begin: int = 0
    settled: int = 0
    modes: dict[int, tuple[int, ...]] = field(default_factory=dict)
    latest: int = FOREVER
    slack: int = FOREVER
    pull: dict[int, float] = field(default_factory=dict)


def whole(rows: Rows, base: Times | None, horizon: int) -> Frame:
    """Free every operation."""
    return Frame(free=tuple(range(rows.total)), horizon=horizon, base=base)


def _by_time(base: Times, operations: Iterable[int]) -> list[int]:
    return sorted(operations, key=lambda o: (base.start[o], base.end[o]))


def _sequences(rows: Rows, base: Times, operations: Iterable[int]) -> dict[int, list[int]]:
    """Operations by resource, in the order given."""
    sequences: dict[int, list[int]] = {}
    for o in operations:
        for resource in holds_of(rows, base.mode, o):
            sequences.setdefault(resource, []).append(o)
    return sequences


def _with_transports(rows: Rows, free: Iterable[int]) -> set[int]:
    """Add the transports to and from operations, which run elsewhere when those change machines."""
    chosen = set(free)
    for o in tuple(chosen):
        for arc in (*rows.befores[o], *rows.afters[o]):
            if rows.flags[arc.operation] & CARRIES:
                chosen.add(arc.operation)
    return chosen


def _span(rows: Rows, base: Times, chosen: Iterable[int]) -> tuple[int, int]:
    begin = min(base.start[o] - base.setup[o] for o in chosen)
    return begin, max(base.end[o] for o in chosen)


def open_up(rows: Rows, base: Times, free: Iterable[int], horizon: int, most_followers: int) -> Frame:
    """Free some operations of a solution.

    What ends before the first of them begins stands still, as does what begins after all of them and is
    not among the ``most_followers`` earliest of the others.

    Parameters
    ----------
    rows, base
        Problem and a valid solution of it.
    free
        Operations to free, at least one.
    horizon
        Latest end of anything that moves.
    most_followers
        About how many operations may follow along.
    """
    chosen = _with_transports(rows, free)
    floor, ceiling = _span(rows, base, chosen)
    others = _by_time(base, (o for o in range(rows.total) if o not in chosen))
    early = [o for o in others if base.end[o] <= floor and base.start[o] < floor]
    behind = [o for o in others if base.end[o] > floor or base.start[o] >= floor]
    late = [o for o in behind[most_followers:] if base.start[o] >= ceiling]
    still = set(late)
    first_late = {resource: line[0] for resource, line in _sequences(rows, base, late).items()}
    pinned = frozenset(o for machine, o in first_late.items() if rows.machine[base.mode[o]] == machine)
    followers = [o for o in behind if o not in still or o in pinned]
    sequences = _sequences(rows, base, (o for o in followers if o not in pinned))
    for o in pinned:
        sequences.setdefault(rows.machine[base.mode[o]], []).append(o)
    ahead = {resource: line[-1] for resource, line in _sequences(rows, base, early).items()}
    return Frame(
        free=tuple(sorted(chosen)),
        followers=tuple(followers),
        base=base,
        sequences=sequences,
        taken_until={resource: base.end[o] for resource, o in ahead.items()},
        last=ahead,
        pinned=pinned,
        closed_from={
            resource: (base.end if rows.machine[base.mode[o]] == resource else base.start)[o]
            for resource, o in first_late.items()
        },
        horizon=horizon,
        begin=min(base.start[o] for o in (*chosen, *followers)),
        settled=max((base.end[o] for o in (*early, *late)), default=0),
    )
