"""What one cell of a table may say: text in, value out, or a sentence that says what is wrong with it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from manyworks.files.network.nearest import nearest_hint
from manyworks.model import Certificate, PriceBreak, RateBracket

MAX_NUMBER = 1e15
MIN_YEAR, MAX_YEAR = 1970, 2200
MAX_TEXT = 2_000
"""Longest text of a cell that is not a list."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_UNIT_AROUND = re.compile(r"[^\d+\-.,]*([+-]?[\d.,]+)\s*[^\d.,\s][^\d]*|[^\d+\-.,]+([+-]?[\d.,]+)")
_PROCESS = re.compile(r"[^\W\d_][\w .,&/()+'-]*")
_COEFFICIENT = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_]+)*")
_CERTIFICATE = re.compile(r"(?P<name>[^()]+?)\s*(\((?P<scope>[^()]*)\))?\s*(until\s+(?P<until>\S+))?")
_BRACKET = re.compile(
    r"(?P<min>[^\s-]+)\s*-\s*(?P<max>[^\s:]+)\s*:\s*(?P<fixed>[^\s+]+)\s*\+\s*(?P<per>[^\s/]+)\s*(/\s*kg)?"
)


class CellError(ValueError):
    """A cell that cannot be read: what was expected, and what to do about it."""

    def __init__(self, expected: str, hint: str = "") -> None:
        super().__init__(expected)
        self.expected = expected
        self.hint = hint


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A way of writing a value: its name, how to write it, how it is read and what an empty cell means.

    ``toml`` lists the TOML types that may stand for it where the same key is written in a TOML file.
    """

    name: str
    how: str
    parse: Callable[[str], Any]
    empty: Any = None
    toml: tuple[type, ...] = (str,)


def parse_number(text: str) -> float:
    """Read a plain decimal number; ``1,000``, ``0,5``, ``5 pcs``, ``nan`` and ``inf`` are refused."""
    if not _NUMBER.fullmatch(text):
        raise CellError("a number", _number_hint(text))
    value = float(text)
    if not math.isfinite(value):
        raise CellError("a number that is not infinite")
    if abs(value) > MAX_NUMBER:
        raise CellError(f"a number of at most {MAX_NUMBER:g}")
    return value


def _number_hint(text: str) -> str:
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", text):
        return f"write {text.replace(',', '')} without the thousands mark"
    if re.fullmatch(r"[+-]?\d+,\d+", text):
        return f"use a point as the decimal mark: {text.replace(',', '.')}"
    if text.lower().lstrip("+-") in {"nan", "inf", "infinity"}:
        return "leave the cell empty where the number is not known"
    around = _UNIT_AROUND.fullmatch(text)
    return f"write only the number: {around.group(1) or around.group(2)}" if around else ""


def _number_within(text: str) -> float:
    """Read a number that is only a part of its cell; the hint then says which part is meant."""
    try:
        return parse_number(text)
    except CellError as trouble:
        raise CellError(trouble.expected, trouble.hint or f"{text!r} is none") from None


def parse_whole(text: str) -> int:
    """Read a whole number."""
    value = parse_number(text)
    if not value.is_integer():
        raise CellError("a whole number")
    return int(value)


def parse_text(text: str) -> str:
    """Read free text, within reason."""
    if len(text) > MAX_TEXT:
        raise CellError(f"at most {MAX_TEXT} characters, not {len(text)}")
    if not text.isprintable() and any(ord(sign) < 32 and sign not in "\n\r\t" for sign in text):
        raise CellError("text without control characters")
    return text


def parse_id(text: str) -> str:
    """Read an id: one line of at most 100 characters."""
    if len(text) > 100 or not text.isprintable():
        raise CellError("one line of at most 100 printable characters")
    return text


def parse_process(text: str) -> str:
    """Read the name of a process as written; what it means is decided by whoever matches."""
    if len(text) > 100 or not _PROCESS.fullmatch(text):
        raise CellError("the name of a process, such as smt-assembly")
    return text


def parse_list(text: str) -> tuple[str, ...]:
    """Read ``a; b; c``; empty entries are skipped."""
    return tuple(parse_text(part) for part in _parts(text))


def parse_processes(text: str) -> tuple[str, ...]:
    """Read several process names."""
    return tuple(parse_process(part) for part in _parts(text))


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _one_spaced(text: str) -> str:
    """Single blanks only: the patterns need not try every way to split a long run of them."""
    return " ".join(text.split())


def parse_size(text: str) -> tuple[float, ...]:
    """Read two or three lengths in mm: ``300 x 200 x 150``."""
    numbers = tuple(_number_within(part.strip()) for part in re.split(r"[xX×*]", text))
    if len(numbers) not in (2, 3) or min(numbers) <= 0:
        raise CellError("two or three lengths above 0, such as 300 x 200 x 150")
    return numbers


def parse_pairs(text: str) -> Mapping[str, float]:
    """Read ``name=value; name=value``."""
    pairs: dict[str, float] = {}
    for part in _parts(text):
        name, _, value = (piece.strip() for piece in part.partition("="))
        if not _COEFFICIENT.fullmatch(name) or not value:
            raise CellError("pairs such as efficiency=0.4; feeder_minutes=2", f"{part!r} is not name=value")
        if name in pairs:
            raise CellError(f"each name once, not {name} twice")
        pairs[name] = _number_within(value)
    return pairs


def parse_breaks(text: str) -> tuple[PriceBreak, ...]:
    """Read ``1:0.12; 100:0.08``: from how many units on, at which price a unit."""
    breaks = tuple(_one_break(part) for part in _parts(text))
    if not breaks:
        raise CellError("at least one price break such as 1:0.12")
    steps = [step.min_quantity for step in breaks]
    if any(later <= earlier for earlier, later in pairwise(steps)):
        raise CellError("price breaks in ascending order of quantity, each quantity once")
    return breaks


def _one_break(part: str) -> PriceBreak:
    quantity, _, price = (piece.strip() for piece in part.partition(":"))
    if not quantity or not price:
        raise CellError("price breaks such as 1:0.12; 100:0.08", f"{part!r} is not quantity:price")
    step = PriceBreak(min_quantity=_number_within(quantity), unit_price=_number_within(price))
    if step.min_quantity <= 0 or step.unit_price < 0:
        raise CellError("quantities above 0 and prices not below 0")
    return step


def parse_brackets(text: str) -> tuple[RateBracket, ...]:
    """Read ``0-0.5: 12 + 0/kg; 0.5-20: 10 + 4.5/kg``: a fixed price and one per chargeable kg."""
    brackets = tuple(_one_bracket(part) for part in _parts(text))
    if not brackets:
        raise CellError("at least one bracket such as 0-20: 10 + 4.5/kg")
    return brackets


def _one_bracket(part: str) -> RateBracket:
    found = _BRACKET.fullmatch(_one_spaced(part))
    if not found:
        raise CellError("brackets such as 0-20: 10 + 4.5/kg", f"{part!r} is not min-max: fixed + price/kg")
    low, high, fixed, per_kg = (_number_within(found[name]) for name in ("min", "max", "fixed", "per"))
    if not 0 <= low < high or fixed < 0 or per_kg < 0:
        raise CellError("brackets whose weights ascend from 0 and whose prices are not below 0")
    return RateBracket(min_kg=low, max_kg=high, fixed=fixed, per_kg=per_kg)


def parse_certificates(text: str) -> tuple[Certificate, ...]:
    """Read ``ISO 9001 (scope) until 2027-03-31; CE``; scope and last day may be left out."""
    return tuple(_one_certificate(part) for part in _parts(text))


def _one_certificate(part: str) -> Certificate:
    found = _CERTIFICATE.fullmatch(_one_spaced(parse_text(part)))
    if not found:
        raise CellError("certificates such as ISO 9001 (assembly) until 2027-03-31", f"cannot read {part!r}")
    until = parse_date(found["until"]) if found["until"] else ""
    return Certificate(name=found["name"].strip(), scope=(found["scope"] or "").strip(), valid_to=until)


def parse_flag(text: str) -> bool:
    """Read ``yes`` or ``no``."""
    if text.casefold() not in ("yes", "no"):
        raise CellError("yes or no")
    return text.casefold() == "yes"


def parse_date(text: str) -> str:
    """Read an ISO date and keep it as text."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise CellError("a date such as 2026-11-20") from None
    if not MIN_YEAR <= day.year <= MAX_YEAR:
        raise CellError(f"a date in the years {MIN_YEAR} to {MAX_YEAR}", "check the year")
    return day.isoformat()


@cache
def countries() -> Mapping[str, str]:
    """Names of countries by ISO 3166 alpha-2 code, from the public-domain table of the time zone data."""
    table = files("tzdata").joinpath("zoneinfo", "iso3166.tab").read_text(encoding="utf-8")
    rows = (line.split("\t", 1) for line in table.splitlines() if line and not line.startswith("#"))
    return dict(rows)


def parse_country(text: str) -> str:
    """Read an ISO 3166 alpha-2 code."""
    if text in countries():
        return text
    raise CellError("a two-letter country code (ISO 3166) such as GB", _country_hint(text))


def _country_hint(text: str) -> str:
    known = countries()
    if text.upper() in known:
        return f"write {text.upper()}"
    if text.upper() in {"UK", "ENGLAND", "SCOTLAND", "WALES"}:
        return "the United Kingdom is GB"
    by_name = {name.lower(): code for code, name in known.items()}
    return f"write {by_name[text.lower()]}" if text.lower() in by_name else ""


def parse_holidays(text: str) -> str:
    """Read a country, optionally with a part of it: ``GB-WLS``."""
    country, _, part = text.partition("-")
    parse_country(country)
    if text.endswith("-") or not re.fullmatch(r"[A-Z0-9]{0,3}", part):
        raise CellError("a country or a country with its part, such as CN or GB-WLS")
    return text


def parse_currency(text: str) -> str:
    """Read an ISO 4217 code (by its shape; whether a rate is known is checked with the network)."""
    if not re.fullmatch(r"[A-Z]{3}", text):
        raise CellError("a three-letter currency code (ISO 4217) such as GBP")
    return text


def parse_timezone(text: str) -> str:
    """Read an IANA time zone name."""
    try:
        ZoneInfo(text)
    except (ValueError, OSError, KeyError):
        raise CellError("a time zone such as Asia/Shanghai", _timezone_hint(text)) from None
    return text


def _timezone_hint(text: str) -> str:
    from zoneinfo import available_timezones

    return nearest_hint(text, available_timezones())


TEXT = Kind(name="text", how="free text", parse=parse_text, empty="")
ID = Kind(name="id", how="one line of text, used once", parse=parse_id, empty="")
NUMBER = Kind(name="number", how="`12.5`", parse=parse_number, toml=(int, float))
WHOLE = Kind(name="whole number", how="`3`", parse=parse_whole, toml=(int,))
SIZE = Kind(name="size", how="`300 x 200` or `300 x 200 x 150`", parse=parse_size)
LIST = Kind(name="list", how="`ABS; PP`", parse=parse_list, empty=())
PROCESS = Kind(name="process", how="`smt-assembly`", parse=parse_process, empty="")
PROCESSES = Kind(name="processes", how="`smt-assembly; board-test`", parse=parse_processes, empty=())
PAIRS = Kind(name="pairs", how="`name=value; name=value`", parse=parse_pairs, empty={})
BREAKS = Kind(
    name="price breaks",
    how="`1:0.12; 100:0.08` (from this quantity: unit price)",
    parse=parse_breaks,
    empty=(),
)
BRACKETS = Kind(name="tariff", how="`0-0.5: 12 + 0/kg; 0.5-20: 10 + 4.5/kg`", parse=parse_brackets, empty=())
CERTIFICATES = Kind(
    name="certificates", how="`ISO 9001 (scope) until 2027-03-31; CE`", parse=parse_certificates, empty=()
)
FLAG = Kind(name="flag", how="`yes` or `no`", parse=parse_flag, empty=False)
DATE = Kind(name="date", how="`2026-11-20`", parse=parse_date, empty="", toml=(str, date))
COUNTRY = Kind(name="country", how="ISO 3166 alpha-2: `GB`", parse=parse_country, empty="")
HOLIDAYS = Kind(name="holidays", how="`CN` or `GB-WLS`", parse=parse_holidays, empty="")
CURRENCY = Kind(name="currency", how="ISO 4217: `CNY`", parse=parse_currency, empty="")
TIMEZONE = Kind(name="time zone", how="IANA: `Asia/Shanghai`", parse=parse_timezone, empty="UTC")
