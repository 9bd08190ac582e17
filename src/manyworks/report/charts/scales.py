"""From numbers to places on a drawing, and the round numbers to write beside an axis."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A straight or logarithmic scale from ``[low, high]`` to ``[start, end]`` on the drawing."""

    low: float
    high: float
    start: float
    end: float
    logarithmic: bool = False

    def __call__(self, value: float) -> float:
        """Where ``value`` is drawn."""
        low, high, at = (self._bend(number) for number in (self.low, self.high, value))
        return self.start + (at - low) / (high - low) * (self.end - self.start)

    def _bend(self, value: float) -> float:
        return math.log(value) if self.logarithmic else value


def enclose(values: Iterable[float], margin: float = 0.08, floor: float | None = None) -> tuple[float, float]:
    """Smallest and largest of the finite values, with room around; never an empty range."""
    finite = [value for value in values if math.isfinite(value)] or [0.0]
    low, high = min(finite), max(finite)
    room = (high - low) * margin or abs(high) * 0.2 or 1.0
    return (low - room if floor is None else max(low - room, floor)), high + room


def find_ticks(low: float, high: float, count: int) -> list[float]:
    """At most about ``count`` round numbers (1, 2, 2.5 or 5 times a power of ten) within the range."""
    rough = (high - low) / max(count, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(size * power for size in (1, 2, 2.5, 5, 10) if size * power >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [round(number * step, 12) for number in range(first, math.floor(high / step + 1e-9) + 1)]


def find_tick_decimals(ticks: list[float]) -> int:
    """Decimals needed to tell neighbouring ticks apart."""
    for decimals in range(7):
        if all(abs(tick - round(tick, decimals)) < 1e-9 * max(abs(tick), 1) for tick in ticks):
            return decimals
    return 7
