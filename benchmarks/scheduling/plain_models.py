"""What models of rivals share: which problems they can say, and change-overs between modes."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from manyworks.scheduling.problem.data import ProblemData, Solution
from manyworks.scheduling.problem.tables import CARRIES, EARLY_SETUP, FOREVER, FROZEN, NONE, Ints, Tables


def beyond_plain(data: ProblemData) -> str | None:
    """Say what a problem has beside modes, precedence, lags, dates and early set-ups; None: nothing."""
    p = data.tables
    flags = p.operations["flags"][:-1]
    setups = bool(p.modes["setup"].any() or len(p.changes))
    moves = bool(len(p.befores) and p.befores["moves"].any() and p.travel.any())
    known = {
        "vehicles": bool((flags & CARRIES).any()),
        "frozen operations": bool((flags & FROZEN).any()),
        "calendars": bool((p.modes["calendar"][:-1] != NONE).any()),
        "ways between machines": moves,
        "set-ups that hold people": setups and not (flags & EARLY_SETUP).all(),
        "first set-ups": setups and bool(p.modes["setup"].any() or p.resources["family"].any()),
        "goals other than makespan and tardiness": not set(data.objective.levels[0])
        <= {"makespan", "tardiness"},
    }
    return ", ".join(word for word, found in known.items() if found) or None


def changes_on(p: Tables, rows: Ints) -> Ints:
    """Change-over seconds between modes of one machine; (rows, rows), row: before, column: after."""
    slot, family = p.modes["slot_in_matrix"][rows], p.modes["family"][rows]
    same = (family[:, None] == family[None, :]) & (family[:, None] != 0)
    setup = np.where(same, 0, p.modes["setup"][rows][None, :])
    machine = p.resources[p.modes["machine"][rows[0]]]
    known = (slot[:, None] != NONE) & (slot[None, :] != NONE)
    if not known.any():
        return np.asarray(setup, dtype=np.int64)
    at = machine["first_change"] + slot[:, None] * machine["width"] + slot[None, :]
    cell = p.changes[np.where(known, at, machine["first_change"])]
    return np.asarray(np.where(known & (cell != NONE), cell, setup), dtype=np.int64)


def modes_by_machine(p: Tables) -> dict[int, Ints]:
    """Rows of the modes of each machine."""
    machine = p.modes["machine"][:-1]
    return {int(number): np.flatnonzero(machine == number) for number in np.unique(machine)}


def owners(p: Tables) -> Ints:
    """The operation of each mode; (modes,)."""
    return np.repeat(np.arange(p.total), np.diff(p.operations["first_mode"]))


def with_setups(p: Tables, mode: Ints, start: Ints, end: Ints) -> Solution:
    """Complete a solution by the set-up that the operation ahead on the machine asks for."""
    setup = np.zeros(p.total, dtype=np.int64)
    machine = p.modes["machine"][mode]
    order = np.lexsort((end, start, machine))
    for one, other in pairwise(order.tolist()):
        if machine[one] == machine[other]:
            setup[other] = changes_on(p, mode[np.array([one, other])])[0, 1]
    return Solution(mode, start, end, setup)


def horizon(p: Tables) -> int:
    """By then everything can be done one after the other."""
    longest = np.maximum.reduceat(p.modes["duration"][:-1], p.operations["first_mode"][:-1]).sum()
    lags = p.befores["lag"].sum() if len(p.befores) else 0
    change = p.total * int(p.changes.max(initial=0))
    return int(p.operations["release"][:-1].max(initial=0) + longest + max(lags, 0) + change)


def due_operations(p: Tables) -> Ints:
    """Operations with a due date and a weight."""
    rows = p.operations[:-1]
    return np.flatnonzero((rows["due"] < FOREVER) & (rows["weight"] > 0))
