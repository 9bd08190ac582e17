"""When things are ready: a small graph of waits, works and journeys, for one number or thousands of draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Something that takes ``days`` and starts when all of ``after`` are over.

    ``after`` are positions of earlier stretches in the same timeline. ``shared`` names the common
    source of uncertainty with its sigma; ``own_sigma`` is the stretch's own (both of the logarithm).
    """

    name: str
    days: float
    after: tuple[int, ...] = ()
    shared: str = ""
    shared_sigma: float = 0.0
    own_sigma: float = 0.0


def finish(stretches: Sequence[Stretch], days: Sequence[np.ndarray] | None = None) -> np.ndarray:
    """When the last stretch ends, in days.

    Parameters
    ----------
    stretches
        In an order in which every stretch comes after those it waits for.
    days
        Durations to use instead of the expected ones: one array of draws per stretch.
    """
    ends: list[np.ndarray] = []
    for position, stretch in enumerate(stretches):
        length = np.asarray(stretch.days if days is None else days[position])
        start = np.asarray(0.0)
        for before in stretch.after:
            start = np.maximum(start, ends[before])
        ends.append(start + length)
    return ends[-1] if ends else np.asarray(0.0)
