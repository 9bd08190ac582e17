"""Between two solutions: how far apart they are, and solutions that lie between them.

A solution here is the mode of each operation and a topological order of them all, which gives each
resource its order.
"""

from __future__ import annotations

import numpy as np

from manyworks.scheduling.problem.tables import Ints


def ranks_of(order: Ints) -> Ints:
    """Place of each operation in an order; both (operations,)."""
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.arange(len(order))
    return ranks


def blend(
    modes: tuple[Ints, Ints], orders: tuple[Ints, Ints], share: float, source: np.random.Generator
) -> tuple[Ints, Ints]:
    """Make a solution that lies between two.

    An operation takes its mode from the second with probability ``share``. The order is that of the
    weighted means of ranks: whatever both agree on stays (links too, so no cycle can arise), and of
    the rest the second gets its way where it is the more decided.

    Parameters
    ----------
    modes, orders
        Of the two solutions, (operations,) each.
    share
        Of the second, 0 to 1.
    source
        Random numbers.

    Returns
    -------
    tuple of ndarray
        Modes and order, (operations,) each.
    """
    weight = round(share * 1000)
    key = (1000 - weight) * ranks_of(orders[0]) + weight * ranks_of(orders[1])
    chosen = np.where(source.random(len(key)) < share, modes[1], modes[0])
    return chosen, np.argsort(key, kind="stable").astype(np.int64)


def arrangement(machines: Ints, modes: Ints, order: Ints) -> Ints:
    """Tell of each operation its mode and what stands ahead of it on its machine.

    Parameters
    ----------
    machines
        Machine of each mode, (modes,).
    modes, order
        A solution, (operations,) each.

    Returns
    -------
    ndarray
        (2, operations): the mode; the operation ahead, -1 for none.
    """
    machine = machines[modes]
    line = np.lexsort((ranks_of(order), machine))
    ahead = np.full(len(modes), -1, dtype=np.int64)
    same = machine[line[1:]] == machine[line[:-1]]
    ahead[line[1:][same]] = line[:-1][same]
    return np.stack([modes, ahead])


def distance(one: Ints, other: Ints) -> int:
    """Count operations that are done otherwise, or behind another one, in two solutions (`arrangement`)."""
    return int(np.count_nonzero(np.any(one != other, axis=0)))
