"""Threads by the drill they are tapped from."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources

# How far a drawn hole may be off a tapping drill (mm), by series in order of preference. Inch drills
# lie anywhere between the round sizes of metric parts, so that only close ones mean something.
_SERIES = {"coarse": 0.05, "fine": 0.05, "UNC": 0.015, "UNF": 0.015}
# ... or off a clearance hole.
_CLEARANCE_MM = 0.05


@cache
def _table() -> tuple[tuple[tuple[float, int, str], ...], tuple[float, ...]]:
    """Tapping drills (diameter, rank of the series, thread) and clearance holes."""
    text = resources.files("manyworks.shapes").joinpath("data/threads.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    taps: list[tuple[float, int, str]] = []
    clear: list[float] = []
    for row in rows:
        if row["use"] == "tapping":
            taps.append((float(row["diameter_mm"]), list(_SERIES).index(row["series"]), row["thread"]))
        else:
            clear.append(float(row["diameter_mm"]))
    return tuple(taps), tuple(clear)


def suggest_thread(diameter_mm: float) -> str:
    """Thread that a hole of this diameter would be tapped with; empty where none or unclear.

    The first series with a tapping drill near it wins: ISO metric coarse and fine within 0.05 mm,
    UNC and UNF within 0.015 mm. A hole that is as close or closer to a clearance hole of a common
    metric screw gets no suggestion.
    """
    taps, clear = _table()
    allowed = tuple(_SERIES.values())
    near = [
        (rank, abs(drill - diameter_mm), thread)
        for drill, rank, thread in taps
        if abs(drill - diameter_mm) <= allowed[rank] + 1e-9
    ]
    if not near:
        return ""
    _, off, thread = min(near)
    if any(abs(hole - diameter_mm) <= min(off, _CLEARANCE_MM) + 1e-9 for hole in clear):
        return ""
    return thread
