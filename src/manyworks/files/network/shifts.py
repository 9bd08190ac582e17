"""Working hours as people write them: ``Mon-Fri 09:00-18:00 break 12:00-13:00; Sat 09:00-13:00``."""

from __future__ import annotations

import re
from itertools import pairwise

from manyworks.files.network.cells import CellError, Kind
from manyworks.model import Shift

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = r"\d{1,2}:\d{2}\s*-\s*\d{1,2}:\d{2}"
_SHIFT = re.compile(
    rf"(?P<days>[A-Za-z ,-]+?)\s+(?P<hours>{_SPAN})(\s+breaks?\s+(?P<breaks>{_SPAN}(\s*,\s*{_SPAN})*))?"
)
_DAY_MIN = 24 * 60


def parse_shifts(text: str) -> tuple[Shift, ...]:
    """Read weekly shifts separated by ``;``.

    Days are ``Mon-Fri``, ``Sat`` or ``Mon, Wed``. A shift whose end is not after its start goes on
    after midnight. Breaks stand within the shift.
    """
    shifts = tuple(_one_shift(" ".join(part.split())) for part in text.split(";") if part.strip())
    if not shifts:
        raise CellError("at least one shift such as Mon-Fri 09:00-18:00")
    return shifts


def _one_shift(text: str) -> Shift:
    found = _SHIFT.fullmatch(text)
    if not found:
        raise CellError(
            "shifts such as Mon-Fri 09:00-18:00 break 12:00-13:00; Sat 09:00-13:00", f"cannot read {text!r}"
        )
    start, end = _minutes(found["hours"])
    end += _DAY_MIN if end <= start else 0
    pauses = tuple(sorted(_pause(part, start, end) for part in (found["breaks"] or "").split(",") if part))
    if any(later[0] < earlier[1] for earlier, later in pairwise(pauses)):
        raise CellError("breaks that do not overlap", text)
    return Shift(weekdays=_weekdays(found["days"]), start_min=start, end_min=end, breaks=pauses)


def _pause(text: str, start: int, end: int) -> tuple[int, int]:
    low, high = _minutes(text)
    if low < start:
        low, high = low + _DAY_MIN, high + _DAY_MIN
    high += _DAY_MIN if high <= low else 0
    if not start < low < high < end:
        raise CellError("breaks within the shift", f"{text.strip()} is not")
    return low, high


def _minutes(span: str) -> tuple[int, int]:
    start, end = (_minute(clock.strip()) for clock in span.split("-"))
    return start, end


def _minute(clock: str) -> int:
    hours, minutes = (int(part) for part in clock.split(":"))
    if minutes > 59 or hours * 60 + minutes > _DAY_MIN:
        raise CellError("times from 00:00 to 24:00", f"{clock} is none")
    return hours * 60 + minutes


def _weekdays(text: str) -> tuple[int, ...]:
    days: list[int] = []
    for part in text.split(","):
        ends = [_weekday(name) for name in part.split("-")]
        if len(ends) > 2:
            raise CellError("days such as Mon-Fri or Mon, Wed", f"cannot read {part.strip()!r}")
        span = (ends[-1] - ends[0]) % 7
        days += [(ends[0] + step) % 7 for step in range(span + 1)]
    if len(set(days)) != len(days):
        raise CellError("each weekday once in a shift", text)
    return tuple(sorted(days))


def _weekday(name: str) -> int:
    key = name.strip().lower()[:3]
    if key not in _DAYS:
        raise CellError("weekdays Mon, Tue, Wed, Thu, Fri, Sat, Sun", f"{name.strip()!r} is none")
    return _DAYS.index(key)


SHIFTS = Kind(
    name="shifts",
    how="`Mon-Fri 09:00-18:00 break 12:00-13:00; Sat 09:00-13:00`",
    parse=parse_shifts,
    empty=(),
)
