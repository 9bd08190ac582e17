"""A time axis without a calendar: plain numbers from 0, finer ones as the page zooms in.

It takes the places of weeks, days and hours of `charts.time_axis`: the page shows the finer steps where it
finds room for them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from manyworks.report.charts.scales import find_ticks
from manyworks.report.charts.svg import element, label
from manyworks.report.charts.time_axis import HEAD, Span, percent
from manyworks.report.formats import format_count

LOW_HEAD = 52.0
"""Height of the axis where no due dates stand above it."""
EMPTY = 6
"""The axis begins at 0 unless more than one in so many parts of it would be empty."""
NEAR, FAR = 1.3, 3.0
"""Due dates up to so many times the work's length are in sight, and can be reached by scrolling."""
_MAJOR, _MIDDLE, _PARTS = 7, 5, 2
"""About how many steps are always named, into how many each is divided, and those again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Distance of the lines of an axis, the rough ones first."""

    major: float
    middle: float
    minor: float


def number_span(makespan: int, dues: Iterable[int] = (), begin: int = 0) -> Span:
    """From 0 to a little behind the work and due dates near it, and on to those that are not too far.

    Where much time passes before anything begins, at ``begin``, it starts at a round number shortly before.
    """
    work, dues = max(makespan, 1), list(dues)
    near = max([work, *(due for due in dues if due <= NEAR * work)])
    reached = [due + work // 12 for due in dues if due <= FAR * work]
    end = near + max((near - begin) // 40, 1)
    unit = 10 ** int(math.log10(max(end - begin, 1)))
    start = begin - begin % unit if EMPTY * begin > work else 0
    return Span(epoch=datetime(2000, 1, 1, tzinfo=UTC), start=start, work_end=end, end=max([end, *reached]))


def choose_steps(span: Span, scale: int = 1) -> Steps:
    """Round steps for the work's part of the axis; times are divided by ``scale`` when printed."""
    length = (span.work_end - span.start) / scale
    ticks = find_ticks(0.0, length, _MAJOR)
    major = ticks[1] - ticks[0] if len(ticks) > 1 else length
    return Steps(major=major, middle=major / _MIDDLE, minor=major / _MIDDLE / _PARTS)


def draw_number_axis(span: Span, scale: int = 1, head: float = HEAD) -> str:
    """Lines and numbers behind the rows of a schedule; numbers stand in the first ``head`` px."""
    steps, parts = choose_steps(span, scale), [_head(head)]
    first, last = (at / scale / steps.minor for at in (span.start, span.end))
    for index in range(math.ceil(first - 1e-9), math.floor(last + 1e-9) + 1):
        at = index * steps.minor
        share = span.share(at * scale)
        if index % (_MIDDLE * _PARTS) == 0:
            parts += _line(share, head - 38, "week-line", at, head - 25, "week-name")
        elif index % _PARTS == 0:
            parts += _line(share, head - 12, "day-line", at, head - 7, "day-name")
        else:
            parts += _line(share, head - 4, "hour-line", at, head - 7, "hour-name")
    return element("svg", *parts, width="100%", height="100%", aria_hidden="true", class_="time-axis")


def _head(head: float) -> str:
    return element("rect", x=0, y=0, width="100%", height=head, class_="time-head")


def _line(share: float, top: float, line: str, at: float, y: float, name: str) -> list[str]:
    x = percent(share)
    return [
        element("line", x1=x, x2=x, y1=max(top, 2.0), y2="100%", class_=line),
        label(format_count(round(at, 9)), x, y, dx=4, class_=f"tick {name}"),
    ]
