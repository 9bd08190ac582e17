"""A lower bound for buying a basket: dual ascent on the facility location problem.

Erlenkotter, D. (1978): A dual-based procedure for uncapacitated facility location. Operations
Research 26(6), 992-1009. The bound is often the optimum itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(slots=True, kw_only=True)
class Ascent:
    """State and result of the ascent.

    Parameters
    ----------
    row
        (rows,) price at which each row stands.
    net
        (rows,) what each row adds to the bound: its price less what partial columns save it.
    slack
        (columns,) what is left of each fixed cost.
    paid
        (rows, columns) what each row pays of each fixed cost; a column's payments never exceed it.

    Notes
    -----
    Using column ``j`` costs at least ``slack[j]`` more than the bound, and serving a share of row
    ``i`` by it that share of ``max(0, matrix[i, j] - row[i])``.
    """

    row: Array
    net: Array
    slack: Array
    paid: Array

    @property
    def bound(self) -> float:
        """No assignment is cheaper; inf if some row cannot be served."""
        return float(self.net.sum())


def ascend(matrix: Array, fixed: Array, most: Array, group: npt.NDArray[np.intp]) -> Ascent:
    """Raise what rows pay until every step is blocked by a column whose fixed cost is paid for.

    Parameters
    ----------
    matrix
        (rows, columns) costs of serving a row by a column, inf where it cannot.
    fixed
        (columns,) costs of using a column at all.
    most
        (rows, groups) share of a row that the columns of a group together can serve at most. A group
        that blocks a row but can serve only part of it lets the row rise for the rest.
    group
        (columns,) group of each column: the carriers of one seller share its stock.
    """
    row = matrix.min(axis=1) if len(matrix) else np.zeros(0)
    state = Ascent(row=row, net=row.copy(), slack=fixed.astype(float), paid=np.zeros_like(matrix))
    if not np.isfinite(row).all():
        return state
    waiting = sorted(range(len(matrix)), key=lambda i: int(np.isfinite(matrix[i]).sum()))
    while waiting:
        waiting = [i for i in waiting if _raise(matrix[i], most[i], group, state, i)]
    return state


def _raise(costs: Array, most: Array, group: npt.NDArray[np.intp], state: Ascent, i: int) -> bool:
    """Raise one row to its next cost or to the end of a slack; whether it may rise again."""
    paying = costs <= state.row[i] + 1e-12
    blocking = paying & (state.slack <= 1e-12)
    gain, free = 1.0, paying
    if blocking.any():
        covered = np.zeros(len(most), dtype=bool)
        covered[group[blocking]] = True
        gain, free = 1.0 - float(most[covered].sum()), paying & ~covered[group]
    if gain <= 1e-9:
        return False
    room = float(state.slack[free].min()) if free.any() else np.inf
    above = costs[~paying]
    step = min(room, float(above.min()) - state.row[i]) if len(above) else room
    if not np.isfinite(step):
        return False
    state.slack[free] -= step
    state.paid[i, free] += step
    state.row[i] += step
    state.net[i] += step * gain
    return True
