"""A lower bound for buying a basket: dual ascent on the facility location problem.

Erlenkotter, D. (1978): A dual-based procedure for uncapacitated facility location. Operations
Research 26(6), 992-1009. The bound is often the optimum itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ascent:
    """``bound`` on the total, what each row pays (rows,), and the ``slack`` of each fixed cost (columns,).

    Using column ``j`` costs at least ``slack[j]`` more than the bound, serving row ``i`` by column
    ``j`` at least ``max(0, matrix[i, j] - row[i])`` more.
    """

    bound: float
    row: Array
    slack: Array


def ascend(matrix: Array, fixed: Array, most: Array) -> Ascent:
    """Raise what rows pay until every step is blocked by a column whose fixed cost is paid for.

    Parameters
    ----------
    matrix
        (rows, columns) costs of serving a row by a column, inf where it cannot.
    fixed
        (columns,) costs of using a column at all.
    most
        (rows, columns) share of a row that a column can serve at most. A column that blocks a row
        but can serve only part of it lets the row rise for the rest.
    """
    slack = fixed.astype(float).copy()
    if not len(matrix):
        return Ascent(bound=0.0, row=np.zeros(0), slack=slack)
    row = matrix.min(axis=1)
    if not np.isfinite(row).all():
        return Ascent(bound=float("inf"), row=row, slack=slack)
    bound = float(row.sum())
    waiting = sorted(range(len(matrix)), key=lambda i: int(np.isfinite(matrix[i]).sum()))
    while waiting:
        still = []
        for i in waiting:
            gained, again = _raise(matrix[i], most[i], row, slack, i)
            bound += gained
            if again:
                still.append(i)
        waiting = still
    return Ascent(bound=bound, row=row, slack=slack)


def _raise(costs: Array, most: Array, row: Array, slack: Array, i: int) -> tuple[float, bool]:
    """Raise one row to its next cost or to the end of a slack; the gain, and whether it may rise again."""
    paying = costs <= row[i] + 1e-12
    blocked = paying & (slack <= 1e-12)
    gain = 1.0 - float(most[blocked].sum()) if blocked.any() else 1.0
    if gain <= 1e-9:
        return 0.0, False
    free = paying & ~blocked
    room = float(slack[free].min()) if free.any() else np.inf
    above = costs[~paying]
    step = min(room, float(above.min()) - row[i]) if len(above) else room
    if not np.isfinite(step):
        return 0.0, False
    slack[free] -= step
    row[i] += step
    return step * gain, True
