"""A scheduling problem as flat tables of numbers: all that compiled code ever sees.

Times are whole seconds (or the unit of a benchmark file) in int64. Few tables of records instead of
many columns: compiled calls pass every array by value. ``first_x`` of row ``i`` and of row ``i + 1``
enclose what belongs to ``i`` in table ``x``; tables with such pointers have one row more than things.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Records = NDArray[np.void]

NONE = -1
FOREVER = 2**61
"""Later than any time of a valid problem, and small enough to add up in 64 bits."""

PAUSABLE, EARLY_SETUP, FROZEN, CARRIES = 1, 2, 4, 8
"""Flags of an operation.

``PAUSABLE``: may stop over a break and go on afterwards, keeping its resources. ``EARLY_SETUP``: its
set-up only needs the machine and may happen before the operation is ready (benchmarks of the
literature); without it, set-up is the first part of the operation and holds all its resources.
``FROZEN``: one mode, starts exactly at its release, takes no set-up, ignores calendars. ``CARRIES``: a
transport; its machine is a vehicle, it runs from the place of its predecessor's machine to that of
its successor's (place 0 where there is none), comes empty from where the vehicle was left, and
takes nothing at all, nor the vehicle, where both places are the same.
"""

TARDINESS, MAKESPAN, FLOW, SETUP, MOVED, SHIFT, DEADLINE = range(7)
"""Goals, as positions in ``Tables.price``.

Weighted tardiness of operations with a due date; last end; weighted end of operations that have a
``flow_weight``; set-up time; number of operations on another machine than their reference; seconds
between start and reference start; seconds beyond deadlines (of frozen operations too).
"""
GOALS = 7

OPERATION = np.dtype(
    [
        ("release", np.int64),
        ("due", np.int64),
        ("deadline", np.int64),
        ("weight", np.float64),
        ("flow_weight", np.float64),
        ("reference_start", np.int64),
        ("reference_machine", np.int64),
        ("flags", np.int64),
        ("job", np.int64),
        ("first_before", np.int64),
        ("first_after", np.int64),
        ("first_mode", np.int64),
    ]
)
ARC = np.dtype([("operation", np.int64), ("lag", np.int64), ("moves", np.int64)])
MODE = np.dtype(
    [
        ("duration", np.int64),
        ("machine", np.int64),
        ("family", np.int64),
        ("slot_in_matrix", np.int64),
        ("setup", np.int64),
        ("calendar", np.int64),
        ("first_hold", np.int64),
    ]
)
RESOURCE = np.dtype(
    [
        ("location", np.int64),
        ("first_change", np.int64),
        ("width", np.int64),
        ("family", np.int64),
        ("slot_in_matrix", np.int64),
    ]
)
INTERVAL = np.dtype([("start", np.int64), ("end", np.int64), ("before", np.int64)])


class Tables(NamedTuple):
    """The numbers of a problem.

    Parameters
    ----------
    total
        Operations.
    slots, shift
        Most resources a mode holds, and the least ``shift`` with ``1 << shift >= slots``. A *node* is
        an operation on one resource it holds: ``operation << shift | slot``, slot 0 the machine.
    operations
        `OPERATION`, total + 1 rows. ``due`` and ``deadline`` are `FOREVER` where there is none (a
        deadline is the latest end); ``reference_start`` and ``reference_machine`` `NONE`.
    befores, afters
        `ARC` by operation: the other end must lie at least ``lag`` apart (end to start), and the
        travel time between the two machines' locations on top where ``moves`` is 1.
    modes
        `MODE`, one row more than modes. ``family`` 0 is no family; ``slot_in_matrix`` is the row of the
        family in its machine's set-up matrix, `NONE` where the matrix does not know it; ``setup``
        what the machine takes where neither the matrix nor equal families say otherwise.
        ``calendar`` is the common working time of all it holds, `NONE` for always.
    holds
        Resources of modes, the machine first, each once.
    resources
        `RESOURCE`, one row each. ``first_change`` and ``width`` give the square matrix in ``changes``
        (row: before, column: after; `NONE` where not stated), width 0 for none; ``family`` and
        ``slot_in_matrix`` what the machine is set up for at the beginning.
    changes
        Set-up matrices of machines.
    travel
        Travel times, (locations, locations), row: from, column: to.
    first_interval, intervals
        Working time by calendar; ``before`` is the working time ahead of an interval.
    price
        Price of one unit of each goal, (GOALS,).
    sinks
        Operations that nothing waits for.
    """

    total: int
    slots: int
    shift: int
    operations: Records
    befores: Records
    afters: Records
    modes: Records
    holds: Ints
    resources: Records
    changes: Ints
    travel: Ints
    first_interval: Ints
    intervals: Records
    price: Floats
    sinks: Ints
