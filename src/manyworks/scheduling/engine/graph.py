"""A shop without calendars as a graph, laid out for speed: what the makespan search works on.

`Shop` is what never changes, made from `Tables`: set-ups as small square matrices by machine. `Graph`
is a solution with its heads and tails: a *node* is an operation on one of the resources it holds
(``operation << shift | slot``, slot 0 the machine), a *line* the nodes of a resource in order of time.
All lines share one array; a `NONE` stands before the first and behind the last node of each.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from manyworks.scheduling.engine.compiling import compiled, inlined, inner
from manyworks.scheduling.engine.timing import change_over
from manyworks.scheduling.problem.tables import (
    CARRIES,
    EARLY_SETUP,
    FOREVER,
    FROZEN,
    NONE,
    Ints,
    Records,
    Tables,
)

MOST_CHANGES = 2**23
"""Largest number of cells of all set-up matrices together (8 bytes each)."""


def _fields(*names: str) -> np.dtype[np.void]:
    return np.dtype([(name, np.int64) for name in names])


SITE = _fields("release", "early", "first_before", "first_after", "first_mode")
WAY = _fields("duration", "machine", "kind", "location", "first_hold")
LINE = _fields("first", "first_change", "width")
TASK = _fields(
    "mode",
    "head",
    "end",
    "tail",
    "back",
    "duration",
    "arc",
    "ready",
    "after",
    "position",
    "dirty",
    "mark",
    "queue",
)


class Shop(NamedTuple):
    """The fixed part of a makespan problem.

    Parameters
    ----------
    total, slots, shift
        As in `Tables`.
    travels, changing
        Whether any travel time, any set-up counts at all (1) or not (0).
    sites
        By operation: ``release``, ``early`` (set-up ahead of the start, on the machine alone), and pointers.
    befores, afters
        As in `Tables`.
    ways
        By mode: ``duration``, ``machine``, ``kind`` (row and column in the machine's set-up matrix),
        ``location`` of the machine, pointer into ``holds``. One mode more than there are holds nothing:
        that of an operation taken out of all lines.
    holds
        Resources of modes, the machine first.
    lines
        By resource: ``first`` place of its line, its set-up matrix in ``changes`` (``width`` columns and one
        more row for a machine that did nothing yet; 0 where it never takes any).
    changes, travel, sinks
        Set-up times; travel times; operations that nothing waits for.
    """

    total: int
    slots: int
    shift: int
    travels: int
    changing: int
    sites: Records
    befores: Records
    afters: Records
    ways: Records
    holds: Ints
    lines: Records
    changes: Ints
    travel: Ints
    sinks: Ints


class Graph(NamedTuple):
    """A solution of a `Shop`.

    Parameters
    ----------
    tasks
        By operation: its ``mode``; ``head`` (earliest start) and ``end``; ``tail`` (longest time from its
        end to the end of all) and ``back`` (the same from its start); ``duration`` with a set-up that is part
        of it, ``arc`` (a set-up ahead of its start, on the machine); ``ready`` and ``after``, the parts of
        head and tail that links between operations ask for; ``position`` in the order; ``dirty`` bits: 1,
        its head is to be found anew, 2, its tail; ``mark`` and ``queue`` are for reordering.
    line, place
        Nodes by place and places by node.
    counts
        Nodes in the line of each resource.
    order
        A topological order of the operations.
    news
        Room for a move: by slot, where an operation stood, its neighbours there, and where it is to stand.
    """

    tasks: Records
    line: Ints
    place: Ints
    counts: Ints
    order: Ints
    news: Ints


def takes(p: Tables) -> bool:
    """Whether a problem fits a `Shop`: no calendars, transports, deadlines or fixed starts."""
    flags, modes = p.operations["flags"][: p.total], p.modes[:-1]
    return bool(
        p.total > 0
        and not np.any(flags & (FROZEN | CARRIES))
        and np.all(modes["calendar"] == NONE)
        and np.all(p.operations["deadline"][: p.total] == FOREVER)
        and _kinds(p)[1].sum() <= MOST_CHANGES
    )


def _kinds(p: Tables) -> tuple[Ints, Ints]:
    """Number modes by what set-ups depend on, each machine from 0; cells of each machine's matrix."""
    modes = p.modes[:-1]
    kind, cells = np.zeros(len(modes), dtype=np.int64), np.zeros(len(p.resources), dtype=np.int64)
    if not np.any(modes["setup"]) and not np.any(p.changes > 0):
        return kind, cells
    keys = np.stack([modes[name] for name in ("machine", "family", "slot_in_matrix", "setup")], axis=1)
    distinct, number = np.unique(keys, axis=0, return_inverse=True)
    first = np.searchsorted(distinct[:, 0], np.arange(len(p.resources) + 1))
    kind = number.reshape(-1) - first[modes["machine"]]
    width = np.diff(first)
    return kind.astype(np.int64), (width * (width + 1)).astype(np.int64)


@compiled
def _fill_changes(p: Tables, lines: Records, kind: Ints, changes: Ints) -> None:
    """Work out every cell of the set-up matrices, from any mode of each kind."""
    width = 0
    for k in range(len(lines)):
        width = max(width, lines[k].width)
    mode_of = np.full((len(lines), width), NONE, dtype=np.int64)
    for mode in range(len(kind)):
        mode_of[p.modes[mode].machine, kind[mode]] = mode
    for k in range(len(lines)):
        first, width = lines[k].first_change, lines[k].width
        for after in range(width):
            mode = mode_of[k, after]
            for before in range(width):
                b = p.modes[mode_of[k, before]]
                changes[first + before * width + after] = change_over(p, b.family, b.slot_in_matrix, mode)
            machine = p.resources[k]
            cell = change_over(p, machine.family, machine.slot_in_matrix, mode)
            changes[first + width * width + after] = cell


def _lines(p: Tables, cells: Ints) -> Records:
    """Places for the longest line each resource can get, with one free place around each."""
    lines = np.zeros(len(p.resources), dtype=LINE)
    owner = np.repeat(np.arange(p.total), np.diff(p.operations["first_mode"]))
    owner = np.repeat(owner, np.diff(p.modes["first_hold"]))
    pairs = np.unique(np.stack([p.holds, owner], axis=1), axis=0)
    room = np.bincount(pairs[:, 0], minlength=len(lines)) + 1
    lines["first"] = np.cumsum(room) - room + 1
    lines["first_change"] = np.cumsum(cells) - cells
    lines["width"] = (np.sqrt(4.0 * cells + 1.0).astype(np.int64) - 1) // 2
    return lines


def shop_of(p: Tables) -> Shop:
    """Lay out a problem that `takes` accepts."""
    kind, cells = _kinds(p)
    lines = _lines(p, cells)
    changes = np.zeros(int(cells.sum()), dtype=np.int64)
    if len(changes):
        _fill_changes(p, lines, kind, changes)
    sites = np.zeros(p.total + 1, dtype=SITE)
    for name in ("release", "first_before", "first_after", "first_mode"):
        sites[name] = p.operations[name]
    sites["early"] = (p.operations["flags"] & EARLY_SETUP) != 0
    ways = np.zeros(len(p.modes) + 1, dtype=WAY)
    for name in ("duration", "machine", "first_hold"):
        ways[name][:-1] = p.modes[name]
    ways["first_hold"][-1] = len(p.holds)
    ways["kind"][:-2] = kind
    ways["location"][:-1] = p.resources["location"][p.modes["machine"]]
    moving = bool(np.any(p.befores["moves"])) and bool(np.any(p.travel))
    return Shop(
        total=p.total,
        slots=p.slots,
        shift=p.shift,
        travels=int(moving),
        changing=int(bool(np.any(changes))),
        sites=sites,
        befores=p.befores,
        afters=p.afters,
        ways=ways,
        holds=p.holds,
        lines=lines,
        changes=changes,
        travel=p.travel,
        sinks=p.sinks,
    )


def empty_graph(shop: Shop) -> Graph:
    """Make room for a solution."""
    places = int(shop.lines["first"][-1]) + shop.total + 1 if len(shop.lines) else 1
    return Graph(
        tasks=np.zeros(shop.total, dtype=TASK),
        line=np.full(places, NONE, dtype=np.int64),
        place=np.zeros(shop.total << shop.shift, dtype=np.int64),
        counts=np.zeros(len(shop.lines), dtype=np.int64),
        order=np.zeros(shop.total, dtype=np.int64),
        news=np.zeros(8 * shop.slots, dtype=np.int64),
    )


@inlined
def aim(shop: Shop, g: Graph, slot: int, place: int) -> None:
    """Say where a slot of the operation to be moved is to stand, in its line without it."""
    g.news[3 * shop.slots + slot] = place


@inlined
def aimed(shop: Shop, g: Graph, slot: int) -> int:
    """Where a slot of the operation to be moved is to stand."""
    return int(g.news[3 * shop.slots + slot])


@inlined
def holds_of(shop: Shop, mode: int) -> int:
    """How many resources a mode holds."""
    return int(shop.ways[mode + 1].first_hold - shop.ways[mode].first_hold)


@inlined
def setup_after(shop: Shop, before: int, mode: int) -> int:
    """Set-up of a mode behind another on its machine (`NONE`: the first there)."""
    line = shop.lines[shop.ways[mode].machine]
    if line.width == 0:
        return 0
    row = line.width if before == NONE else shop.ways[before].kind
    return int(shop.changes[line.first_change + row * line.width + shop.ways[mode].kind])


@inlined
def ahead_of(shop: Shop, g: Graph, o: int) -> int:
    """Operation ahead on the machine, or `NONE`."""
    node = g.line[g.place[o << shop.shift] - 1]
    return int(NONE if node == NONE else node >> shop.shift)


@inlined
def behind_of(shop: Shop, g: Graph, o: int) -> int:
    """Operation behind on the machine, or `NONE`."""
    node = g.line[g.place[o << shop.shift] + 1]
    return int(NONE if node == NONE else node >> shop.shift)


@inner
def refresh_setup(shop: Shop, g: Graph, o: int) -> None:
    """Set duration and arc of an operation by what stands ahead of it on its machine."""
    task = g.tasks[o]
    task.duration, task.arc = shop.ways[task.mode].duration, 0
    if shop.changing != 0:
        ahead = ahead_of(shop, g, o)
        setup = setup_after(shop, NONE if ahead == NONE else g.tasks[ahead].mode, task.mode)
        if shop.sites[o].early != 0:
            task.arc = setup
        else:
            task.duration += setup
