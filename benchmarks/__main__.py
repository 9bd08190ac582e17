"""All benchmarks one after the other: ``python benchmarks``. Takes some minutes; leave the machine alone."""

from __future__ import annotations

import dispatch_scale
import match_speed
import quote_badge
import quote_gap
import read_boards
from table import Row, show

BENCHMARKS = (quote_badge, quote_gap, read_boards, match_speed, dispatch_scale)


def measure() -> list[Row]:
    """Collect the rows of every benchmark."""
    return [row for benchmark in BENCHMARKS for row in benchmark.measure()]


if __name__ == "__main__":
    show(measure)
