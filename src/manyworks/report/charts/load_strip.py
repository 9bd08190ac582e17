"""How busy a machine is over time, where its operations are too many to draw each."""

from __future__ import annotations

from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from manyworks.report.charts.svg import element, tooltip
from manyworks.report.charts.time_axis import Span, percent

STRIP = 26.0
BUCKETS = 240

Ints = NDArray[np.int64]
Shares = NDArray[np.float64]


def busy_shares(start: Ints, end: Ints, horizon: int, buckets: int = BUCKETS) -> Shares:
    """Share of each of ``buckets`` equal parts of ``[0, horizon)`` in which something runs.

    Parameters
    ----------
    start, end
        Ascending stretches that do not overlap.
    """
    edges = np.linspace(0.0, horizon, buckets + 1)
    if not len(start):
        return np.zeros(buckets)
    done = np.concatenate([[0.0], np.cumsum(end - start, dtype=np.float64)])
    begun = np.searchsorted(start, edges, side="right")
    last = np.maximum(begun - 1, 0)
    open_ = np.maximum(end[last] - np.maximum(edges, start[last]), 0.0)
    worked = done[begun] - np.where(begun > 0, open_, 0.0)
    return np.clip(np.diff(worked) / (horizon / buckets), 0.0, 1.0)


def draw_strip(shares: Shares, horizon: int, span: Span, detail: str) -> str:
    """An area whose height is the share of time that a machine is busy."""
    heights = [round(100 * share) for share in shares.tolist()]
    steps = "".join(f"V{100 - height}h{len(list(same))}" for height, same in groupby(heights))
    shape = element("path", d=f"M0,100{steps}V100z", class_="busy")
    inner = element(
        "svg",
        shape,
        x=0,
        y=2,
        width=percent(span.share(horizon)),
        height=STRIP - 3,
        viewBox=f"0 0 {len(heights)} 100",
        preserveAspectRatio="none",
    )
    return element(
        "svg", tooltip(detail), inner, width="100%", height=STRIP, aria_hidden="true", class_="time-row strip"
    )
