"""The time axis of a schedule: which stretch is drawn, its days and weeks, and the due dates.

Places along the axis are percentages of the whole stretch, so that a page zooms by changing the
width of the drawing alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from manyworks.report.charts.svg import Value, element, label, text_width, tooltip

HEAD = 98.0
DAY = 86_400
TONES = 8
FLAG_LANES = (36.0, 50.0)
MANY_LINES = 400
FARTHEST = 1100


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A point in time worth a line: a due date. ``short`` fits on a flag, ``words`` say everything."""

    tone: int
    at: int
    short: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The stretch of time that is drawn, in whole days; all in seconds from the epoch.

    The work lies from ``start`` to ``work_end``, what is due after it up to ``end``.
    """

    epoch: datetime
    start: int
    work_end: int
    end: int

    def share(self, at: float) -> float:
        """Where a second lies, as a percentage of the whole width."""
        return 100.0 * (at - self.start) / (self.end - self.start)

    def moment(self, at: float) -> datetime:
        """The point in time of a second."""
        return self.epoch + timedelta(seconds=at)

    @property
    def days(self) -> float:
        """Length of everything drawn, in days."""
        return (self.end - self.start) / DAY

    @property
    def fit(self) -> float:
        """How many times wider everything is than the work alone."""
        return (self.end - self.start) / (self.work_end - self.start)


def fit_span(epoch: datetime, work: Sequence[int], dues: Sequence[int] = ()) -> Span:
    """Whole days, by the epoch's clock, around the work, and further on to the last due date.

    What was due before the first day of work, or more than `FARTHEST` days after the last, is not
    reached: it would only push the work aside.
    """
    midnight = epoch.hour * 3600 + epoch.minute * 60 + epoch.second

    def day_after(at: int) -> int:
        return -(-(at + midnight + 1) // DAY) * DAY - midnight

    first, last = (min(work), max(work)) if work else (0, DAY - 1)
    reached = [due + DAY // 4 for due in dues if due - last < FARTHEST * DAY]  # a flag is not cut at the edge
    return Span(
        epoch=epoch,
        start=(first + midnight) // DAY * DAY - midnight,
        work_end=day_after(last),
        end=day_after(max([last, *reached])),
    )


def percent(value: float) -> str:
    """A place along the axis as it is written."""
    return f"{value:.3f}%"


def draw_axis(span: Span) -> str:
    """Days, weeks and months behind the rows of a schedule, with their names in the first `HEAD` px."""
    head = element("rect", x=0, y=0, width="100%", height=HEAD, class_="time-head")
    lines = [_day_line(span, at, week) for at, _, week in _days(span)]
    lines += [_upright(span.share(at), HEAD - 4, "hour-line") for at in _hours(span)]
    return _layer("time-axis", head, *lines, *_names(span))


def draw_dues(marks: Sequence[Mark], span: Span) -> str:
    """Due dates inside the span as dashed lines with flags, to be laid over the rows of a schedule."""
    inside = sorted((mark for mark in marks if span.start <= mark.at <= span.end), key=lambda mark: mark.at)
    return _layer("time-dues", *(_due(mark, span, FLAG_LANES[i % 2]) for i, mark in enumerate(inside)))


def _layer(class_: str, *parts: str) -> str:
    return element("svg", *parts, width="100%", height="100%", aria_hidden="true", class_=class_)


def _upright(share: float, top: float, class_: str) -> str:
    return element("line", x1=percent(share), x2=percent(share), y1=top, y2="100%", class_=class_)


def _day_line(span: Span, at: int, week: bool) -> str:
    top, class_ = (HEAD - 38, "week-line") if week else (HEAD - 12, "day-line")
    return _upright(span.share(at), top, class_)


def _days(span: Span) -> list[tuple[int, datetime, bool]]:
    """Second, date and "does a week begin here" of every day drawn; the first day may stand for its week.

    Beyond the work, and beyond a year of it, days are too many to draw each.
    """
    working = round((span.work_end - span.start) / DAY)
    near, far = max(1, -(-working // MANY_LINES)), max(1, -(-round(span.days - working) // MANY_LINES))
    counts = [*range(0, working, near), *range(working, round(span.days), far)]
    days = [(span.start + n * DAY, span.moment(span.start + n * DAY + DAY // 2)) for n in counts]
    return [(at, day, day.weekday() == 0 or (at == span.start and day.weekday() < 4)) for at, day in days]


def _hours(span: Span) -> list[int]:
    """Every sixth hour between midnights while there is work, unless there would be too many."""
    days = round((span.work_end - span.start) / DAY)
    hours = range(days * 24) if days <= 60 else range(0)
    return [span.start + hour * 3600 for hour in hours if hour % 24 and hour % 6 == 0]


def _names(span: Span) -> list[str]:
    """Days, weeks, months, years and hours: the page shows those it finds room for."""
    names = []
    for at, day, week in _days(span):
        x = percent(span.share(at))
        names.append(_name(f"{day:%a} {day.day}", x, 5, "day-name"))
        names.append(_name(str(day.day), x, 4, "day-number"))
        if week:
            names.append(_name(f"{day.day} {day:%b}", x, 5, "week-name", HEAD - 25))
    for at, day in _months(span):
        x = percent(span.share(at))
        names.append(_name(f"{day:%b %Y}" if day.month == 1 else f"{day:%b}", x, 5, "month-name", HEAD - 25))
        if day.month == 1:
            names.append(_name(str(day.year), x, 5, "year-name", HEAD - 25))
    hours = ((percent(span.share(at)), span.moment(at)) for at in _hours(span))
    return names + [_name(f"{moment:%H}", x, 3, "hour-name") for x, moment in hours]


def _name(words: str, x: Value, right: float, class_: str, y: float = HEAD - 7) -> str:
    return label(words, x, y, dx=right, class_=f"tick {class_}")


def _months(span: Span) -> list[tuple[int, datetime]]:
    """Second and date of the first day of every month."""
    firsts = [(span.start + n * DAY, span.moment(span.start + n * DAY)) for n in range(round(span.days))]
    return [(at, day) for at, day in firsts if day.day == 1]


def _due(mark: Mark, span: Span, y: float) -> str:
    """A due line; its flag stands left of it, but right of it where the drawing begins."""
    share = span.share(mark.at)
    x, early = percent(share), share * span.fit < 12.0
    line = element("line", x1=x, x2=x, y1=y - 9, y2="100%", class_="due-line")
    flag = label(mark.short, x, y, dx=6 if early else -6, class_=f"due-name{'' if early else ' end'}")
    return element(
        "g",
        tooltip(mark.words),
        line,
        flag,
        class_=f"due ink-{mark.tone % TONES}",
        data_at=f"{share:.3f}",
        data_wide=text_width(mark.short) + 12,
    )
