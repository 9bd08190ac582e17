"""Flat pieces as columns of bits, and the lowest free place for one among others."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Run: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Raster:
    """A piece on a grid, its box's lower left corner at the origin.

    ``columns`` holds, for each step along the roll, the cells it touches: as bits, and as runs (start,
    length). A cell that the piece only brushes counts, so that pieces whose cells are apart are apart.
    """

    bits: tuple[int, ...]
    runs: tuple[tuple[Run, ...], ...]
    order: tuple[int, ...]
    height: int


def rasterise(points: NDArray[np.float64], step: float, cell: float) -> Raster:
    """Put a closed line on a grid of columns ``step`` wide with cells ``cell`` high; points (n, 2) >= 0."""
    ends = np.roll(points, -1, axis=0)
    count = max(1, math.ceil(points[:, 0].max() / step - 1e-9))
    height = max(1, math.ceil(points[:, 1].max() / cell - 1e-9))
    spans = [
        *_along_lines(points, ends, step, count),
        *_in_strips(points, ends, step, count),
    ]
    bits = [0] * count
    for column, low, high in spans:
        first = max(0, math.floor(low / cell + 1e-9))
        last = min(height - 1, max(first, math.ceil(high / cell - 1e-9) - 1))
        bits[column] |= ((1 << (last - first + 1)) - 1) << first
    runs = tuple(map(_runs_of, bits))
    order = tuple(sorted(range(count), key=lambda i: -bits[i].bit_count()))
    return Raster(bits=tuple(bits), runs=runs, order=order, height=height)


def _in_strips(
    starts: NDArray[np.float64], ends: NDArray[np.float64], step: float, count: int
) -> list[tuple[int, float, float]]:
    """How far up and down the edges reach within each column."""
    low = np.minimum(starts[:, 0], ends[:, 0])
    high = np.maximum(starts[:, 0], ends[:, 0])
    dx = ends[:, 0] - starts[:, 0]
    steep = np.abs(dx) < 1e-12
    slope = np.where(steep, 0.0, (ends[:, 1] - starts[:, 1]) / np.where(steep, 1.0, dx))
    spans: list[tuple[int, float, float]] = []
    for column in range(count):
        left, right = column * step, (column + 1) * step
        hit = np.flatnonzero((low <= right) & (high >= left))
        a = np.clip(left, low[hit], high[hit])
        b = np.clip(right, low[hit], high[hit])
        ya = np.where(steep[hit], starts[hit, 1], starts[hit, 1] + (a - starts[hit, 0]) * slope[hit])
        yb = np.where(steep[hit], ends[hit, 1], starts[hit, 1] + (b - starts[hit, 0]) * slope[hit])
        spans.extend(
            zip([column] * len(hit), np.minimum(ya, yb).tolist(), np.maximum(ya, yb).tolist(), strict=True)
        )
    return spans


def _along_lines(
    starts: NDArray[np.float64], ends: NDArray[np.float64], step: float, count: int
) -> list[tuple[int, float, float]]:
    """The stretches inside the piece on the lines between columns; they belong to both neighbours."""
    spans: list[tuple[int, float, float]] = []
    for line in range(1, count):
        x = line * step
        cross = np.flatnonzero((starts[:, 0] > x) != (ends[:, 0] > x))
        share = (x - starts[cross, 0]) / (ends[cross, 0] - starts[cross, 0])
        ys = np.sort(starts[cross, 1] + share * (ends[cross, 1] - starts[cross, 1])).tolist()
        for low, high in zip(ys[::2], ys[1::2], strict=False):
            spans += [(line - 1, low, high), (line, low, high)]
    return spans


def _runs_of(bits: int) -> tuple[Run, ...]:
    runs: list[Run] = []
    at = 0
    while bits:
        gap = (bits & -bits).bit_length() - 1
        at += gap
        bits >>= gap
        length = (~bits & (bits + 1)).bit_length() - 1
        runs.append((at, length))
        at += length
        bits >>= length
    return tuple(runs)


class Roll:
    """What is taken on a roll of a given height; ``spent`` counts the work done."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.taken: list[int] = []
        self.spent = 0

    def lowest_place(self, raster: Raster, start: int, stop: int) -> tuple[int, int] | None:
        """First column from ``start`` to before ``stop``, then lowest row, where a piece is free."""
        choices = self.rows - raster.height + 1
        if choices <= 0:
            return None
        every = (1 << choices) - 1
        for column in range(start, stop):
            blocked = self._blocked(raster, column, every)
            if blocked != every:
                free = ~blocked & every
                return column, (free & -free).bit_length() - 1
        return None

    def _blocked(self, raster: Raster, column: int, every: int) -> int:
        blocked = 0
        taken, runs = self.taken, raster.runs
        for i in raster.order:
            if column + i >= len(taken):
                continue
            bits = taken[column + i]
            if not bits:
                continue
            for first, length in runs[i]:
                self.spent += 1
                blocked |= _smear(bits, length) >> first
            if blocked & every == every:
                return every
        return blocked & every

    def put(self, raster: Raster, column: int, row: int) -> None:
        """Take a place."""
        missing = column + len(raster.bits) - len(self.taken)
        self.taken.extend([0] * max(0, missing))
        for i, bits in enumerate(raster.bits):
            self.taken[column + i] |= bits << row


def _smear(bits: int, length: int) -> int:
    """Rows from which a run of ``length`` cells upwards would meet a taken one."""
    done = 1
    while done * 2 <= length:
        bits |= bits >> done
        done *= 2
    return bits | (bits >> (length - done)) if length > done else bits
