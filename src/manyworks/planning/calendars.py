"""When a shop works: shifts, breaks, public holidays and clock changes as seconds from an epoch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from manyworks.model import Finding, FindingsError, Shift, Shop, error, errors, info

Interval = tuple[int, int]

DAY_MIN = 24 * 60
DAY_S = 24 * 60 * 60
LONGEST_DAYS = 3660


class CalendarError(FindingsError):
    """A shop's calendar, or the time it is asked for, makes no sense; ``findings`` say why."""


def _zone(shop: Shop) -> ZoneInfo | None:
    try:
        return ZoneInfo(shop.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


@cache
def _holidays(country: str, year: int) -> frozenset[date] | None:
    """Public holidays of ``GB`` or ``GB-WLS`` in a year; None where nobody keeps a list for it."""
    # Late: the library is slow to load, and only shops that name a country need it.
    import holidays

    name, _, part = country.partition("-")
    try:
        return frozenset(holidays.country_holidays(name, subdiv=part or None, years=year))
    except NotImplementedError:
        return None


def _shift_problem(shift: Shift) -> str:
    if not all(day in range(7) for day in shift.weekdays):
        return f"has weekdays {shift.weekdays}, expected numbers from 0 (Monday) to 6"
    if not (0 <= shift.start_min < DAY_MIN and shift.start_min < shift.end_min <= shift.start_min + DAY_MIN):
        return f"runs from minute {shift.start_min} to {shift.end_min}, expected at most a day from its start"
    if any(start >= end for start, end in shift.breaks):
        return f"has breaks {shift.breaks}, expected each to end after it starts"
    return ""


def _shift_findings(shop: Shop) -> Iterator[Finding]:
    for number, shift in enumerate(shop.shifts, 1):
        problem = _shift_problem(shift)
        if problem:
            yield error(
                "planning.calendar.bad-shift",
                shop.id,
                f"shift {number} {problem}",
                "count minutes from local midnight; a night shift ends after minute 1440",
            )


def calendar_findings(shop: Shop, year: int) -> tuple[Finding, ...]:
    """Say what is wrong with, or assumed about, a shop's calendar.

    Parameters
    ----------
    shop
        Its ``timezone``, ``shifts`` and ``holidays`` are looked at.
    year
        A year of the calendar asked for; holidays must be known in it.

    Returns
    -------
    tuple of Finding
        Errors ``planning.calendar.unknown-timezone``, ``bad-shift``, ``unknown-holidays``; and
        ``always-open`` (info) for a shop that states no shifts and is taken to work day and night.
    """
    findings = list(_shift_findings(shop))
    if _zone(shop) is None:
        findings.append(
            error(
                "planning.calendar.unknown-timezone",
                shop.id,
                f"time zone {shop.timezone!r} is not in the IANA list",
                "write it like Europe/London",
            )
        )
    if shop.holidays and _holidays(shop.holidays, year) is None:
        findings.append(
            error(
                "planning.calendar.unknown-holidays",
                shop.id,
                f"no public holidays are known for {shop.holidays!r}",
                "write an ISO country, or country-region such as GB-WLS; leave it empty to work through",
            )
        )
    if not shop.shifts:
        findings.append(
            info(
                "planning.calendar.always-open",
                shop.id,
                "states no shifts: taken as working day and night",
                "state its shifts if it closes",
            )
        )
    return tuple(findings)


def _window_findings(start: datetime, days: int) -> list[Finding]:
    findings = []
    if start.tzinfo is None or start.utcoffset() is None:
        findings.append(
            error(
                "planning.calendar.naive-start", "start", f"{start} has no time zone", "give one, such as UTC"
            )
        )
    if not 0 < days <= LONGEST_DAYS:
        findings.append(
            error(
                "planning.calendar.bad-days", "days", f"asked for {days} days, expected 1 to {LONGEST_DAYS}"
            )
        )
    return findings


def _instant(zone: ZoneInfo, day: date, minute: int) -> datetime:
    """Instant at which a clock on the wall shows ``minute`` after midnight of ``day``.

    A time the clock jumps over is the one as long after the jump; one shown twice is the first.
    """
    days, rest = divmod(minute, DAY_MIN)
    wall = datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60), tzinfo=zone)
    return wall.astimezone(UTC)


def _without(stretch: Interval, breaks: Iterable[Interval]) -> Iterator[Interval]:
    at, end = stretch
    for pause_start, pause_end in sorted(breaks):
        if pause_start > at:
            yield at, min(pause_start, end)
        at = max(at, pause_end)
    yield at, end


def _worked_minutes(shop: Shop, day: date) -> Iterator[Interval]:
    """Worked stretches of the shifts that begin on a day, in minutes after its midnight."""
    if shop.holidays and day in (_holidays(shop.holidays, day.year) or ()):
        return
    if not shop.shifts:
        yield 0, DAY_MIN
    for shift in shop.shifts:
        if day.weekday() in shift.weekdays:
            yield from _without((shift.start_min, shift.end_min), shift.breaks)


def _joined(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Sort, drop what is empty, join what touches or overlaps."""
    joined: list[Interval] = []
    for start, end in sorted(intervals):
        if start >= end:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def working_intervals(shop: Shop, start: datetime, days: int) -> tuple[Interval, ...]:
    """Working time of a shop in a window.

    Shifts follow the clock on the shop's wall, so a night shift over a clock change is an hour
    shorter or longer. A shift belongs to the day it begins on: it is worked unless that day is a
    public holiday of ``shop.holidays``, and a night shift begun before a holiday is worked to its
    end. A shop without shifts works day and night, except on those holidays.

    Parameters
    ----------
    shop
        Its ``timezone``, ``shifts`` and ``holidays`` are used.
    start
        Start of the window and epoch of the result; with a time zone.
    days
        Length of the window in days of 24 hours, 1 to 3660.

    Returns
    -------
    tuple of (int, int)
        Ascending disjoint half-open intervals in whole seconds from ``start``, none touching the
        next. Empty: the shop does not work at all in the window (a `Resource` with no intervals is
        *always* available, so do not make one of it).

    Raises
    ------
    CalendarError
        The window or the shop's calendar makes no sense (see `calendar_findings`).
    """
    findings = _window_findings(start, days)
    findings += errors(calendar_findings(shop, start.year))
    zone = _zone(shop)
    if findings or zone is None:
        raise CalendarError(findings)
    epoch = start.astimezone(UTC)
    # A shift may begin the day before and last a day; local days differ from UTC's by at most one.
    first = epoch.astimezone(zone).date() - timedelta(days=2)
    horizon = days * DAY_S
    worked = (
        tuple(int((_instant(zone, day, minute) - epoch).total_seconds()) for minute in stretch)
        for day in (first + timedelta(days=offset) for offset in range(days + 4))
        for stretch in _worked_minutes(shop, day)
    )
    return _joined((max(begin, 0), min(end, horizon)) for begin, end in worked)
