"""How busy work keeps the resources it may use, when it is divided among them as evenly as can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate

import numpy as np

from manyworks.model import Mode, ResourceId, Work

PRICE_ROUNDS, PRICE_STEEPNESS = 300, 25.0


def held(mode: Mode) -> tuple[ResourceId, ...]:
    """Everything that a mode holds."""
    return (mode.machine, *mode.workers, *mode.tools)


def balanced_load(
    works: Sequence[Work], capacity: Mapping[ResourceId, float], setup: Mapping[str, float]
) -> dict[ResourceId, float]:
    """Use of every resource when work is divided as evenly as modes allow.

    Prices of resources rise with their load, each operation takes its cheapest mode, and the mean over many
    rounds is a fractional division of work whose busiest resource is close to the least possible
    (multiplicative weights; Plotkin, Shmoys and Tardos 1995, Mathematics of Operations Research 20).

    Parameters
    ----------
    works
        All works.
    capacity
        Seconds that each resource has.
    setup
        Seconds of set-up to be counted on top of each run, by process.

    Returns
    -------
    dict
        Load by resource as a share of its capacity.
    """
    names = sorted(capacity)
    number = {name: i for i, name in enumerate(names)}
    modes = [(work, mode) for work in works for mode in work.modes]
    seconds = np.array([mode.duration_s + setup.get(work.process, 0.0) for work, mode in modes])
    held = [[number[name] for name in (mode.machine, *mode.workers, *mode.tools)] for _, mode in modes]
    width = np.array([len(row) for row in held])
    resource, owner = np.concatenate([np.array(row) for row in held]), np.repeat(np.arange(len(modes)), width)
    share = seconds[owner] / np.array([capacity[name] for name in names])[resource]
    first = np.array([0, *accumulate(len(work.modes) for work in works)])[:-1]
    group = np.repeat(np.arange(len(works)), [len(work.modes) for work in works])
    total, taken = np.zeros(len(names)), np.zeros(len(modes))
    for _ in range(PRICE_ROUNDS):
        price = np.exp(PRICE_STEEPNESS * (total / max(total.max(), 1e-9) - 1.0))
        cost = np.bincount(owner, weights=share * price[resource], minlength=len(modes))
        best = cost <= np.minimum.reduceat(cost, first)[group] * (1 + 1e-12)
        taken = best / np.bincount(group, weights=best)[group]
        total += np.bincount(resource, weights=share * taken[owner], minlength=len(names))
    return dict(zip(names, (total / PRICE_ROUNDS).tolist(), strict=True))
