"""How the parts of a price add up to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from manyworks.report.charts.scales import Scale
from manyworks.report.charts.svg import drawing, element, label, shorten, text_width, tooltip

ROW = 27.0
TOP = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """One part: ``shown`` is its printed amount, ``group`` picks the colour."""

    words: str
    amount: float
    shown: str
    group: str


def draw_waterfall(falls: Sequence[Fall], total: Fall, *, width: float) -> str:
    """A horizontal waterfall, one row a part and the total last.

    Parameters
    ----------
    falls
        Parts in the order they are drawn; they should add up to ``total``.
    total
        The last bar, drawn from zero.
    width
        Width of the drawing in px.
    """
    ends = [0.0, *accumulate(fall.amount for fall in falls)]
    names = min(max(text_width(fall.words) for fall in [*falls, total]) + 10, width * 0.4)
    amounts = max(text_width(fall.shown, 12.5) for fall in [*falls, total]) + 10
    scale = Scale(low=min(ends), high=max(*ends, total.amount, 1e-9), start=names, end=width - amounts)
    rows = [
        _row(fall, start, scale, TOP + ROW * i, names)
        for i, (fall, start) in enumerate(zip(falls, ends[:-1], strict=True))
    ]
    steps = [_step(scale(end), TOP + ROW * (i + 1)) for i, end in enumerate(ends[1:])]
    bottom = TOP + ROW * len(falls)
    sum_line = element("line", x1=0, x2=width, y1=bottom + 3, y2=bottom + 3, class_="axis")
    last = _row(total, 0.0, scale, bottom + 6, names, "total")
    name = f"Cost waterfall: {len(falls)} kinds of cost add up to {total.shown}"
    return drawing(width, bottom + ROW + 14, name, *steps, *rows, sum_line, last, class_="waterfall")


def _row(fall: Fall, start: float, scale: Scale, y: float, names: float, group: str = "") -> str:
    near, far = sorted((scale(start), scale(start + fall.amount)))
    bar = element(
        "rect",
        x=near,
        y=y + 4,
        width=max(far - near, 1.5),
        height=ROW - 9,
        rx=2,
        class_=f"fill-{group or fall.group}",
    )
    words = label(shorten(fall.words, names - 8), names - 8, y + ROW / 2 + 4, class_="name")
    amount = label(fall.shown, far + 6, y + ROW / 2 + 4, class_="amount")
    return element("g", tooltip(f"{fall.words}: {fall.shown}"), words, bar, amount, class_=group or None)


def _step(x: float, y: float) -> str:
    return element("line", x1=x, x2=x, y1=y - 5, y2=y + 4, class_="thread")
