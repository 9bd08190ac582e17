"""One stated value against its field: the value in the room's units, or what is wrong with it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from manyworks.market.clean_rooms import CLEANEST, DIRTIEST, parse_clean_room
from manyworks.market.finishes import microinch_ra_um, parse_finish
from manyworks.market.statement_fields import Reading
from manyworks.market.tolerances import COARSEST_GRADE, FINEST_GRADE, parse_grade

MAX_TEXT, MAX_LIST = 200, 200
MAX_NUMBER = 1e12
MICROINCHES = ("uin", "microinch")


class StatementError(ValueError):
    """A value that is not what its field holds: what was expected, and what to do about it."""

    def __init__(self, expected: str, hint: str = "") -> None:
        super().__init__(expected)
        self.expected = expected
        self.hint = hint


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """An amount with the currency it was stated in; empty: it was not."""

    amount: float
    currency: str = ""


def read_value(value: Any, reading: Reading) -> Any:
    """Value of a field in the units of the model.

    Raises
    ------
    StatementError
        When it is not what the field holds.
    """
    return _READERS[reading.field.kind](value, reading)


def _number(value: Any, reading: Reading) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise StatementError("a number above 0", "write the figure without quotes or unit")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number) or not 0 < number <= MAX_NUMBER:
        raise StatementError(f"a number above 0 and at most {MAX_NUMBER:g}")
    if reading.unit in MICROINCHES:
        return microinch_ra_um(number)
    return number * reading.factor


def _whole(value: Any, reading: Reading) -> int:
    number = _number(value, reading)
    if not number.is_integer():
        raise StatementError("a whole number above 0")
    return int(number)


def _sides(value: Any, reading: Reading) -> tuple[float, ...]:
    if not isinstance(value, list) or len(value) not in (2, 3):
        raise StatementError("two or three lengths in a list, such as [300, 200, 100]")
    return tuple(_number(side, reading) for side in value)


def _text(value: Any, _reading: Reading) -> str:
    if not isinstance(value, str) or not value.strip():
        raise StatementError("text that is not empty")
    if len(value) > MAX_TEXT:
        raise StatementError(f"at most {MAX_TEXT} characters")
    return value.strip()


def _texts(value: Any, reading: Reading) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    if len(listed) > MAX_LIST:
        raise StatementError(f"at most {MAX_LIST} entries")
    return tuple(_text(entry, reading) for entry in listed)


def _flag(value: Any, _reading: Reading) -> bool:
    if not isinstance(value, bool):
        raise StatementError("true or false")
    return value


def _grade(value: Any, reading: Reading) -> int:
    grade = parse_grade(value) if isinstance(value, str) else int(_whole(value, reading)) if value else 0
    if isinstance(value, bool) or grade is None or not FINEST_GRADE <= grade <= COARSEST_GRADE:
        raise StatementError("a grade of ISO 286 from IT01 to IT18, such as 7 or IT7")
    return grade


def _class(value: Any, reading: Reading) -> int:
    if isinstance(value, str):
        found = parse_clean_room(value)
        if found is None:
            hint = "EU GMP grades B and C have other classes at rest than in operation: say which"
            raise StatementError("a clean-room class such as 7, ISO 7 or Class 10,000", hint)
        return found
    number = _whole(value, reading)
    if not CLEANEST <= number <= DIRTIEST:
        hint = f"classes of US FED STD 209E are written as text: Class {number:,}"
        raise StatementError(f"a class of ISO 14644-1 from {CLEANEST} to {DIRTIEST}", hint)
    return number


def _finish(value: Any, _reading: Reading) -> float:
    found = parse_finish(value) if isinstance(value, str) else None
    if found is None:
        raise StatementError("a finish such as N6, Ra 0.8, SPI B-1 or VDI 24", "or state finish_ra_um")
    return found


def _money(value: Any, reading: Reading) -> Money:
    if not isinstance(value, Mapping):
        return Money(amount=_amount(value, reading))
    strange = set(value) - {"amount", "currency"}
    currency = value.get("currency", "")
    if strange or "amount" not in value or not isinstance(currency, str) or len(currency) not in (0, 3):
        raise StatementError('an amount with its currency, such as {"amount": 75, "currency": "GBP"}')
    return Money(amount=_amount(value["amount"], reading), currency=currency.upper())


def _amount(value: Any, reading: Reading) -> float:
    """An amount; nothing at all is one too."""
    return 0.0 if value == 0 and not isinstance(value, bool) else _number(value, reading)


def _day(value: Any, _reading: Reading) -> str:
    return read_day(value)


def read_day(value: Any) -> str:
    """An ISO date.

    Raises
    ------
    StatementError
        When it is none.
    """
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise StatementError("a day such as 2026-05-01") from None


def _thickness(value: Any, reading: Reading) -> float | Mapping[str, float]:
    if not isinstance(value, Mapping):
        return _number(value, reading)
    if len(value) > MAX_LIST:
        raise StatementError(f"at most {MAX_LIST} materials")
    return {_text(name, reading): _number(thick, reading) for name, thick in value.items()}


def _noted(value: Any, _reading: Reading) -> Any:
    return value


_READERS: Mapping[str, Callable[[Any, Reading], Any]] = {
    "number": _number,
    "whole": _whole,
    "sides": _sides,
    "text": _text,
    "texts": _texts,
    "flag": _flag,
    "grade": _grade,
    "class": _class,
    "finish": _finish,
    "money": _money,
    "day": _day,
    "thickness": _thickness,
    "certificates": _noted,
    "machines": _noted,
    "noted": _noted,
}
