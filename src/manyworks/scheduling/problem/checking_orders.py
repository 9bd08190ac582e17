"""An order in which each fits behind the one ahead of it; a part of the referee of solutions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

MOST_STEPS = 20_000
"""Steps taken for one order."""


def search_order(fits: NDArray[np.bool_], waits: Sequence[set[int]], count: int) -> list[int]:
    """Order 1 to ``count`` so that each fits behind the one ahead, and the tail behind the last.

    Parameters
    ----------
    fits
        (rows, rows): whether column may stand behind row; the tail is row ``count + 1``, if it is there.
    waits
        By row: those that must come first.

    Returns
    -------
    list of int
        Empty where none was found within `MOST_STEPS`.
    """
    path = [0]
    choices = [iter(range(1, count + 1))]
    for _ in range(MOST_STEPS):
        done = set(path)
        steps = (i for i in choices[-1] if i not in done and waits[i] <= done and fits[path[-1], i])
        step = next(steps, None)
        if step is None:
            choices.pop()
            path.pop()
            if not path:
                return []
            continue
        path.append(step)
        if len(path) == count + 1 and (len(fits) == count + 1 or fits[step, count + 1]):
            return path[1:]
        choices.append(iter(range(1, count + 1)))
    return []
