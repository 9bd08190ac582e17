"""How the best schedule got better, and the bound it cannot pass."""

from __future__ import annotations

from collections.abc import Sequence

from manyworks.report.charts.scales import Scale, find_tick_decimals, find_ticks
from manyworks.report.charts.svg import drawing, element, label, text_width, tooltip
from manyworks.report.formats import format_exact, format_number, format_significant

LEFT, RIGHT, TOP, BOTTOM = 74.0, 16.0, 30.0, 42.0
SOONEST = 0.01
"""Seconds at which the axis begins: what is found sooner is drawn there."""
MOST_POINTS = 400


def draw_improvement(
    improvements: Sequence[tuple[float, float]], seconds: float, bound: float, *, width: float, height: float
) -> str:
    """Steps of the best objective over time (logarithmic), with the bound as a dashed line.

    Empty where there is but one value.
    """
    if len(improvements) < 2:
        return ""
    points = _thin([(max(at, SOONEST), value) for at, value in improvements])
    last = max(seconds, points[-1][0], 10 * SOONEST)
    across = Scale(
        low=min(points[0][0], last / 10), high=last, start=LEFT, end=width - RIGHT, logarithmic=True
    )
    worst, best = points[0][1], points[-1][1]
    low = min(bound, best)
    room = (worst - low) * 0.08 or abs(worst) * 0.05 or 1.0
    upwards = Scale(low=max(low - room, min(low, 0.0)), high=worst + room, start=height - BOTTOM, end=TOP)
    body = [
        *_grid(across, upwards, width, height),
        label("best objective", 2, 13, class_="axis-name"),
        _bound(bound, across, upwards, width),
        _steps(points, across, upwards, last),
        *(_dot(at, value, across, upwards) for at, value in (points if len(points) <= 40 else points[-1:])),
    ]
    return drawing(width, height, _summary(points, seconds, bound), *body, class_="improvement")


def _thin(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """At most `MOST_POINTS`, the first and the last among them."""
    step = -(-len(points) // MOST_POINTS)
    return points if step == 1 else [*points[:-1:step], points[-1]]


def _summary(points: Sequence[tuple[float, float]], seconds: float, bound: float) -> str:
    first, last = points[0][1], points[-1][1]
    return (
        f"From {format_exact(first)} at first to {format_exact(last)} after {format_significant(seconds)} s; "
        f"no schedule is below {format_exact(bound)}"
    )


def _grid(across: Scale, upwards: Scale, width: float, height: float) -> list[str]:
    parts = []
    ticks = find_ticks(upwards.low, upwards.high, 5)
    decimals = find_tick_decimals(ticks)
    for tick in ticks:
        y = upwards(tick)
        parts.append(element("line", x1=LEFT, x2=width - RIGHT, y1=y, y2=y, class_="grid"))
        parts.append(label(format_number(tick, decimals), LEFT - 8, y + 4, class_="tick end"))
    free = 0.0
    for tick in (m * 10.0**e for e in range(-2, 6) for m in (1, 2, 5)):
        words = f"{format_significant(tick)} s"
        x, half = across(tick), text_width(words, 11.5) / 2
        if across.low <= tick <= across.high and x - half >= free and x + half <= width:
            free = x + half + 10
            parts.append(
                element("line", x1=x, x2=x, y1=height - BOTTOM, y2=height - BOTTOM + 5, class_="axis")
            )
            parts.append(label(words, x, height - BOTTOM + 19, class_="tick middle"))
    y = height - BOTTOM
    parts.append(element("line", x1=LEFT, x2=width - RIGHT, y1=y, y2=y, class_="axis"))
    return [*parts, label("seconds searched", width - RIGHT, height - 6, class_="axis-name end")]


def _bound(bound: float, across: Scale, upwards: Scale, width: float) -> str:
    y = upwards(bound)
    line = element("line", x1=across.start, x2=width - RIGHT, y1=y, y2=y, class_="bound-line")
    words = f"bound {format_exact(bound)}"
    return line + label(words, across.start + 6, y - 6, class_="note")


def _steps(points: Sequence[tuple[float, float]], across: Scale, upwards: Scale, last: float) -> str:
    path = f"M{across(points[0][0]):.1f},{upwards(points[0][1]):.1f}"
    path += "".join(f"H{across(at):.1f}V{upwards(value):.1f}" for at, value in points[1:])
    return element("path", d=f"{path}H{across(last):.1f}", class_="line")


def _dot(at: float, value: float, across: Scale, upwards: Scale) -> str:
    dot = element("circle", cx=across(at), cy=upwards(value), r=3.5, class_="dot tint-0")
    return element("g", tooltip(f"{format_exact(value)} after {format_significant(at)} s"), dot)
