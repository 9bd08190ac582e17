"""Shop calendars: wall clocks, clock changes, breaks and holidays."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manyworks.model import Shift, Shop
from manyworks.planning.calendars import CalendarError, calendar_findings, working_intervals

HOUR = 3600
WEEK = tuple(range(7))
LONDON = ZoneInfo("Europe/London")
ZONES = (
    "Europe/London",
    "America/New_York",
    "Asia/Shanghai",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "UTC",
)


def shop(*shifts, timezone="UTC", holidays=""):
    return Shop(id="s", name="s", place="p", shifts=shifts, timezone=timezone, holidays=holidays)


def hours(start, end, *breaks, weekdays=WEEK):
    return Shift(
        weekdays=weekdays,
        start_min=round(start * 60),
        end_min=round(end * 60),
        breaks=tuple((round(a * 60), round(b * 60)) for a, b in breaks),
    )


def total(intervals):
    return sum(end - start for start, end in intervals)


MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def test_a_week_of_day_shifts():
    office = shop(hours(8, 16, weekdays=(0, 1, 2, 3, 4)))
    made = working_intervals(office, MONDAY, 7)
    assert made == tuple((day * 86400 + 8 * HOUR, day * 86400 + 16 * HOUR) for day in range(5))


def test_breaks_are_left_out():
    made = working_intervals(shop(hours(8, 16, (12, 12.5), (10, 10.25))), MONDAY, 1)
    assert made == (
        (8 * HOUR, 10 * HOUR),
        (10 * HOUR + 900, 12 * HOUR),
        (12 * HOUR + 1800, 16 * HOUR),
    )


def test_breaks_at_and_beyond_the_edges_only_shorten():
    assert working_intervals(shop(hours(8, 16, (7, 9), (15, 18))), MONDAY, 1) == ((9 * HOUR, 15 * HOUR),)


def test_shifts_that_touch_are_joined():
    assert working_intervals(shop(hours(6, 14), hours(14, 22)), MONDAY, 1) == ((6 * HOUR, 22 * HOUR),)


def test_a_break_of_one_shift_is_covered_by_the_other():
    assert working_intervals(shop(hours(6, 14, (10, 11)), hours(9, 12)), MONDAY, 1) == (
        (6 * HOUR, 14 * HOUR),
    )


def test_a_night_shift_reaches_into_the_next_day_and_in_from_the_day_before():
    made = working_intervals(shop(hours(22, 30)), MONDAY, 1)
    assert made == ((0, 6 * HOUR), (22 * HOUR, 24 * HOUR))


def test_a_friday_night_shift_is_worked_into_saturday():
    made = working_intervals(shop(hours(22, 30, weekdays=(4,))), MONDAY + timedelta(days=5), 1)
    assert made == ((0, 6 * HOUR),)


def test_times_count_from_the_start_even_within_a_shift():
    assert working_intervals(shop(hours(8, 16)), MONDAY + timedelta(hours=10), 1)[0] == (0, 6 * HOUR)


def test_a_shop_elsewhere_works_by_its_own_clock():
    made = working_intervals(shop(hours(9, 17), timezone="Asia/Shanghai"), MONDAY, 1)
    assert made == ((1 * HOUR, 9 * HOUR),)


def test_a_shop_without_shifts_is_always_open_and_says_so():
    assert working_intervals(shop(), MONDAY, 3) == ((0, 3 * 86400),)
    assert [finding.code for finding in calendar_findings(shop(), 2026)] == ["planning.calendar.always-open"]


def test_a_closed_week_gives_nothing():
    assert working_intervals(shop(hours(8, 16, weekdays=(6,))), MONDAY, 5) == ()


@pytest.mark.parametrize(
    ("day", "length"), [(date(2026, 3, 28), 7), (date(2026, 10, 24), 9), (date(2026, 6, 1), 8)]
)
def test_a_night_shift_over_a_clock_change_is_an_hour_shorter_or_longer(day, length):
    start = datetime(day.year, day.month, day.day, 12, tzinfo=LONDON)
    night = shop(hours(22, 30), timezone="Europe/London")
    assert total(working_intervals(night, start, 1)) == length * HOUR


def test_the_day_shift_starts_at_the_same_wall_time_after_a_clock_change():
    start = datetime(2026, 3, 27, tzinfo=LONDON)
    made = working_intervals(shop(hours(8, 16), timezone="Europe/London"), start, 4)
    begins = [(start.astimezone(UTC) + timedelta(seconds=s)).astimezone(LONDON) for s, _ in made]
    assert {(begin.hour, begin.minute) for begin in begins} == {(8, 0)}


def test_a_shift_that_the_clock_jumps_over_is_not_worked():
    start = datetime(2026, 3, 29, tzinfo=LONDON)
    assert working_intervals(shop(hours(1, 2), timezone="Europe/London"), start, 1) == ()


@pytest.mark.parametrize(
    ("country", "day"),
    [
        ("GB-WLS", date(2026, 12, 25)),
        ("GB-WLS", date(2026, 12, 28)),
        ("GB", date(2026, 1, 1)),
        ("US", date(2026, 11, 26)),
        ("CN", date(2026, 10, 1)),
    ],
)
def test_public_holidays_are_not_worked(country, day):
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    assert working_intervals(shop(hours(8, 16), holidays=country), start, 1) == ()
    assert working_intervals(shop(hours(8, 16)), start, 1) != ()


def test_holidays_close_a_shop_without_shifts_too():
    start = datetime(2026, 12, 24, tzinfo=UTC)
    made = working_intervals(shop(holidays="US"), start, 3)
    assert made == ((0, 86400), (2 * 86400, 3 * 86400))


def test_holidays_of_the_next_year_are_known_over_new_year():
    start = datetime(2026, 12, 31, tzinfo=UTC)
    assert working_intervals(shop(hours(8, 16), holidays="US"), start, 2) == ((8 * HOUR, 16 * HOUR),)


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (shop(hours(8, 16), timezone="Mars/Olympus"), "unknown-timezone"),
        (shop(hours(8, 16), timezone="../etc/passwd"), "unknown-timezone"),
        (shop(hours(8, 16), timezone=""), "unknown-timezone"),
        (shop(hours(8, 16), holidays="XX"), "unknown-holidays"),
        (shop(hours(8, 16), holidays="GB-XXX"), "unknown-holidays"),
        (shop(hours(16, 8)), "bad-shift"),
        (shop(hours(8, 40)), "bad-shift"),
        (shop(hours(25, 26)), "bad-shift"),
        (shop(hours(8, 16, weekdays=(7,))), "bad-shift"),
        (shop(hours(8, 16, (12, 11))), "bad-shift"),
    ],
)
def test_a_bad_calendar_is_refused_with_its_reason(bad, code):
    with pytest.raises(CalendarError) as caught:
        working_intervals(bad, MONDAY, 3)
    assert [finding.code for finding in caught.value.findings] == [f"planning.calendar.{code}"]


def test_all_problems_of_a_calendar_are_reported_at_once():
    with pytest.raises(CalendarError) as caught:
        working_intervals(shop(hours(16, 8), timezone="Nowhere"), datetime(2026, 3, 2), 0)
    assert {finding.code.rpartition(".")[2] for finding in caught.value.findings} == {
        "bad-shift",
        "unknown-timezone",
        "naive-start",
        "bad-days",
    }


@st.composite
def shifts(draw):
    start = draw(st.integers(0, 1439))
    end = draw(st.integers(start + 1, start + 1440))
    edges = sorted(draw(st.lists(st.integers(0, 2880), max_size=4, unique=True)))
    breaks = tuple(zip(edges[::2], edges[1::2], strict=False))
    return Shift(
        weekdays=tuple(draw(st.sets(st.integers(0, 6), min_size=1))),
        start_min=start,
        end_min=end,
        breaks=breaks,
    )


shops = st.builds(
    lambda shifts, zone: shop(*shifts, timezone=zone), st.lists(shifts(), max_size=3), st.sampled_from(ZONES)
)
# Around the clock changes of both hemispheres.
starts = st.builds(
    lambda day, minute: datetime(2026, *day, tzinfo=UTC) + timedelta(minutes=minute),
    st.sampled_from([(3, 6), (3, 27), (4, 3), (10, 2), (10, 23), (10, 30), (6, 1)]),
    st.integers(0, 4000),
)
QUICK = settings(deadline=None, max_examples=60)


@QUICK
@given(shops, starts, st.integers(1, 10))
def test_intervals_ascend_without_touching_and_stay_in_the_window(one, start, days):
    made = working_intervals(one, start, days)
    edges = [edge for interval in made for edge in interval]
    assert edges == sorted(set(edges))
    assert all(0 <= edge <= days * 86400 for edge in edges)


@QUICK
@given(shops, starts, st.integers(1, 5), st.integers(1, 5))
def test_a_later_window_sees_the_same_hours(one, start, skip, days):
    whole = working_intervals(one, start, skip + days)
    later = working_intervals(one, start + timedelta(days=skip), days)
    shifted = [(max(a - skip * 86400, 0), b - skip * 86400) for a, b in whole if b > skip * 86400]
    assert list(later) == shifted


@QUICK
@given(shops, starts, st.integers(0, 3 * 1440 - 1))
def test_every_minute_agrees_with_the_clock_on_the_wall(one, start, minute):
    """Away from the hours around a clock change, where wall times are skipped or shown twice."""
    zone = ZoneInfo(one.timezone)
    instant = start + timedelta(minutes=minute)
    wall = instant.astimezone(zone)
    around = {(instant + timedelta(hours=hours)).astimezone(zone).utcoffset() for hours in (-3, 0, 3)}
    if len(around) > 1:
        return

    def at_work(shift, day_back):
        day = wall.date() - timedelta(days=day_back)
        at = day_back * 1440 + wall.hour * 60 + wall.minute
        resting = any(a <= at < b for a, b in shift.breaks)
        return day.weekday() in shift.weekdays and shift.start_min <= at < shift.end_min and not resting

    expected = not one.shifts or any(at_work(shift, back) for shift in one.shifts for back in (0, 1, 2))
    made = working_intervals(one, start, 3)
    assert any(a <= minute * 60 < b for a, b in made) == expected


def test_the_holiday_list_is_loaded_only_for_shops_that_need_it():
    code = "import sys, manyworks.planning.calendars; print('holidays' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
