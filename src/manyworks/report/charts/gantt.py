"""Who does what when: rows of machines, bars of work.

Places along the time axis are written as percentages, so that a page zooms by changing the width
of the drawing alone: bars stretch, words keep their size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from manyworks.report.charts.svg import element, label, tooltip

ROW, BAR, HEAD = 34.0, 24.0, 76.0
DAY = 86_400
TONES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One piece of work. Times in seconds from the epoch; ``segments`` are the worked stretches.

    ``tone`` picks the colour of the order, ``letter`` is printed first; ``detail`` is everything
    there is to say about it.
    """

    letter: str
    tone: int
    words: str
    detail: str
    start: int
    end: int
    setup_s: int
    segments: tuple[tuple[int, int], ...]
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One machine; ``working`` are its working intervals (empty: always)."""

    name: str
    bars: tuple[Bar, ...]
    working: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The machines of one shop."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A point in time worth a line: an order's due date."""

    letter: str
    tone: int
    at: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The stretch of time that is drawn: whole days around everything."""

    epoch: datetime
    start: int
    end: int

    def share(self, at: float) -> float:
        """Where a second lies, as a percentage of the width."""
        return 100.0 * (at - self.start) / (self.end - self.start)

    def moment(self, at: float) -> datetime:
        """The point in time of a second."""
        return self.epoch + timedelta(seconds=at)

    @property
    def days(self) -> float:
        """Length in days."""
        return (self.end - self.start) / DAY


def fit_span(epoch: datetime, times: Sequence[int]) -> Span:
    """Whole days, by the epoch's clock, around the given seconds."""
    midnight = epoch.hour * 3600 + epoch.minute * 60 + epoch.second
    first, last = (min(times), max(times)) if times else (0, DAY)
    start = (first + midnight) // DAY * DAY - midnight
    end = -(-(last + midnight + 1) // DAY) * DAY - midnight
    return Span(epoch=epoch, start=start, end=end)


def gantt_height(bands: Sequence[Band]) -> float:
    """Height of the drawing in px: one row for each shop's name and for each machine."""
    return HEAD + ROW * sum(len(band.rows) + 1 for band in bands) + 2


def draw_gantt(bands: Sequence[Band], marks: Sequence[Mark], span: Span) -> str:
    """Draw the time side of the chart; the names of the rows stand beside it, `ROW` px each below `HEAD` px.

    Set-up is hatched, time off is shaded, due dates are dashed lines with the order's letter.
    """
    height, y = gantt_height(bands), HEAD
    head = element("rect", x=0, y=0, width="100%", height=HEAD, class_="time-head")
    parts = [_patterns(), head, *_axis_lines(span, height)]
    for band in bands:
        parts.append(element("rect", y=y, x=0, width="100%", height=ROW, class_="shop-row"))
        for i, row in enumerate(band.rows):
            parts.append(_row(row, span, y + ROW * (i + 1)))
        y += ROW * (len(band.rows) + 1)
    inside = sorted((mark for mark in marks if span.start <= mark.at <= span.end), key=lambda mark: mark.at)
    parts += [_due(mark, span, height, 13 + 14 * (i % 2)) for i, mark in enumerate(inside)]
    parts += _axis_names(span)
    count = sum(len(row.bars) for band in bands for row in band.rows)
    name = f"Schedule of {count} pieces of work; the table below says the same"
    return element(
        "svg", *parts, width="100%", height=height, role="img", aria_label=name, class_="gantt-time"
    )


def _patterns() -> str:
    stripe = element("path", d="M-2,2l4,-4M0,8l8,-8M6,10l4,-4", class_="stripe")
    hatch = element("pattern", stripe, id="hatch", width=8, height=8, patternUnits="userSpaceOnUse")
    return element("defs", hatch)


def _percent(value: float) -> str:
    return f"{value:.3f}%"


def _days(span: Span) -> list[tuple[int, datetime, bool]]:
    """Second, date and "does a week begin here" of every day drawn; the first day may stand for its week."""
    count = round(span.days)
    step = max(1, -(-count // 400))  # beyond a year or so not every day needs its line
    days = [
        (span.start + n * DAY, span.moment(span.start + n * DAY + DAY // 2)) for n in range(0, count, step)
    ]
    return [(at, day, day.weekday() == 0 or (at == span.start and day.weekday() < 4)) for at, day in days]


def _hours(span: Span) -> list[int]:
    """Every sixth hour between midnights, unless there would be too many."""
    hours = range(round(span.days) * 24) if span.days <= 60 else range(0)
    return [span.start + hour * 3600 for hour in hours if hour % 24 and hour % 6 == 0]


def _axis_lines(span: Span, height: float) -> list[str]:
    days = [
        _upright(
            span.share(at), HEAD - 38 if week else HEAD - 12, height, "week-line" if week else "day-line"
        )
        for at, _, week in _days(span)
    ]
    return days + [_upright(span.share(at), HEAD - 4, height, "hour-line") for at in _hours(span)]


def _upright(share: float, top: float, bottom: float, class_: str) -> str:
    return element("line", x1=_percent(share), x2=_percent(share), y1=top, y2=bottom, class_=class_)


def _axis_names(span: Span) -> list[str]:
    """Weeks are always named; days and hours only where the page finds room."""
    names = []
    for at, day, week in _days(span):
        x = _percent(span.share(at))
        names.append(label(f"{day:%a} {day.day}", x, HEAD - 7, dx=5, class_="tick day-name"))
        names.append(label(str(day.day), x, HEAD - 7, dx=4, class_="tick day-number"))
        if week:
            names.append(label(f"{day.day} {day:%b}", x, HEAD - 25, dx=5, class_="tick week-name"))
    for at in _hours(span):
        x = _percent(span.share(at))
        names.append(label(f"{span.moment(at):%H}", x, HEAD - 7, dx=3, class_="tick hour-name"))
    return names


def _row(row: Row, span: Span, y: float) -> str:
    base = element("line", x1=0, x2="100%", y1=y + ROW, y2=y + ROW, class_="row-line")
    return _time_off(row, span, y) + base + "".join(_bar(bar, span, y + (ROW - BAR) / 2) for bar in row.bars)


def _time_off(row: Row, span: Span, y: float) -> str:
    """Shade what lies between working intervals: one stretched path a row, however many breaks."""
    if not row.working:
        return ""
    path, free = [], span.start
    for begin, stop in [*row.working, (span.end, span.end)]:
        start, end = max(begin, span.start), min(stop, span.end)
        if start > free:
            minutes = -(-(start - free) // 60)
            path.append(f"M{(free - span.start) // 60},0h{minutes}v1h-{minutes}z")
        free = max(free, end)
    shade = element("path", d="".join(path))
    box = f"0 0 {(span.end - span.start) // 60} 1"
    return element(
        "svg",
        shade,
        x=0,
        y=y,
        width="100%",
        height=ROW,
        viewBox=box,
        preserveAspectRatio="none",
        class_="time-off",
    )


def _bar(bar: Bar, span: Span, y: float) -> str:
    x, width = span.share(bar.start), span.share(bar.end) - span.share(bar.start)
    waiting = _stretch(bar.start, bar.end, span, y, "waiting") if len(bar.segments) > 1 else ""
    worked = "".join(_stretch(start, end, span, y, "work") for start, end in bar.segments)
    setup = "".join(
        _stretch(start, end, span, y, "set-up") for start, end in _first(bar.segments, bar.setup_s)
    )
    mark = f"{bar.letter}{'!' if bar.late else ''}"
    name = label(mark, 5, 16, class_="bar-letter") + label(f"{mark} {bar.words}", 5, 16, class_="bar-name")
    text = element("svg", name, x=_percent(x), y=y, width=_percent(width), height=BAR)
    classes = f"bar tone-{bar.tone % TONES}{' late' if bar.late else ''}"
    return element(
        "g", tooltip(bar.detail), waiting, worked, setup, text, class_=classes, data_detail=bar.detail
    )


def _stretch(start: int, end: int, span: Span, y: float, class_: str) -> str:
    width = _percent(span.share(end) - span.share(start))
    return element("rect", x=_percent(span.share(start)), y=y, width=width, height=BAR, rx=2.5, class_=class_)


def _first(segments: Sequence[tuple[int, int]], seconds: int) -> list[tuple[int, int]]:
    """The first ``seconds`` worked of some stretches."""
    taken = []
    for start, end in segments:
        if seconds <= 0:
            break
        taken.append((start, min(end, start + seconds)))
        seconds -= end - start
    return taken


def _due(mark: Mark, span: Span, height: float, y: float) -> str:
    x = _percent(span.share(mark.at))
    line = element("line", x1=x, x2=x, y1=y - 9, y2=height, class_="due-line")
    flag = label(f"{mark.letter} due", x, y, dx=-6, class_="due-name end")
    return element("g", tooltip(mark.words), line, flag, class_=f"due ink-{mark.tone % TONES}")
