"""Working hours as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.files.network.cells import CellError
from manyworks.files.network.shifts import parse_shifts
from manyworks.model import Shift


@pytest.mark.parametrize(
    ("text", "days", "start", "end", "breaks"),
    [
        ("Mon-Fri 08:30-17:30", (0, 1, 2, 3, 4), 510, 1050, ()),
        ("mon, wed 8:30 - 17:30", (0, 2), 510, 1050, ()),
        ("Saturday 09:00-12:00", (5,), 540, 720, ()),
        ("Mon-Sun 00:00-24:00", (0, 1, 2, 3, 4, 5, 6), 0, 1440, ()),
        ("Sat-Mon 10:00-18:00", (0, 5, 6), 600, 1080, ()),
        ("Mon-Fri 22:00-06:00", (0, 1, 2, 3, 4), 1320, 1800, ()),
        ("Fri 22:00-06:00 break 02:00-02:30", (4,), 1320, 1800, ((1560, 1590),)),
        ("Fri 22:00-06:00 break 23:45-00:15", (4,), 1320, 1800, ((1425, 1455),)),
        ("Mon 09:00-17:00 breaks 15:00-15:15, 12:00-13:00", (0,), 540, 1020, ((720, 780), (900, 915))),
    ],
)
def test_one_shift(text, days, start, end, breaks):
    assert parse_shifts(text) == (Shift(weekdays=days, start_min=start, end_min=end, breaks=breaks),)


def test_several_shifts():
    assert [shift.start_min for shift in parse_shifts("Mon-Sat 06:00-14:00; Mon-Sat 14:00-22:00")] == [
        360,
        840,
    ]


@pytest.mark.parametrize(
    "text",
    [
        ";",
        "Mon-Fri",
        "09:00-17:00",
        "Mon-Fri 9 to 5",
        "Mon-Fri 09:00-17:60",
        "Mon-Fri 09:00-25:00",
        "Montag 09:00-17:00 Pause 12:00-13:00",
        "Foo 09:00-17:00",
        "Mon-Wed-Fri 09:00-17:00",
        "Mon-Wed, Tue 09:00-17:00",
        "Mon 09:00-17:00 break 08:00-08:30",
        "Mon 09:00-17:00 break 16:30-17:30",
        "Mon 09:00-17:00 break 12:00-13:00, 12:30-13:30",
    ],
)
def test_refused(text):
    with pytest.raises(CellError):
        parse_shifts(text)


@given(start=st.integers(0, 1439), length=st.integers(1, 1440))
def test_a_shift_is_as_long_as_it_says(start, length):
    end = (start + length) % 1440
    text = f"Mon {start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"
    (shift,) = parse_shifts(text)
    assert (shift.start_min, shift.end_min - shift.start_min) == (start, length)
