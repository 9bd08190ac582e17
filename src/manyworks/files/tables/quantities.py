"""Quantity cells: numbers in the ways people write them, with the unit that stands beside them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache

from manyworks.files.limits import SMALLEST
from manyworks.files.vocabulary import vocabulary

PIECE = "piece"
MOST = 1e9
"""More of anything in one product is a misprint."""

_NUMBER = re.compile(
    r"^(?:[x×]\s*)?(?P<number>[-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][-+]?\d{1,3})?)\s*(?P<unit>[^\d\s].*)?$"
)
_COMMA = re.compile(r"^[-+]?\d*,(?:\d{1,2}|\d{4,})$")
_TAIL = re.compile(
    r"\s*\b(?:l|lg|long|length|total|each|req(?:uired)?|needed|per (?:board|unit|pcb))\.?$", re.I
)
_HEADER_UNIT = re.compile(r"[(\[{（/]\s*([^)\]}）/]{1,20}?)\s*[)\]}）]?\s*$")
_NOTE_UNIT = re.compile(r"\bunits?\s*(?:in|is|are|[:=])\s*([A-Za-z²2]{1,12})\b", re.IGNORECASE)
_LONGEST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A quantity with its unit, and in words how it was made of what is written; empty for plain ones."""

    number: float
    unit: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Unit:
    name: str
    to: str
    factor: float


@cache
def _units() -> dict[str, _Unit]:
    known: dict[str, _Unit] = {}
    for row in vocabulary()["unit"]:
        unit = _Unit(row["name"], row.get("to", row["name"]), row.get("factor", 1.0))
        known.update({_key(word): unit for word in (row["name"], *row["called"])})
    return known


def _key(word: str) -> str:
    return " ".join(word.casefold().split()).rstrip(".")


def is_unit(word: str) -> bool:
    """Whether a word is a unit of the vocabulary."""
    return len(word) <= _LONGEST and _key(word) in _units()


def unit_in_name(header: str) -> str:
    """The unit a column name ends in, ``Length (mm)``; empty where it names none."""
    match = _HEADER_UNIT.search(header[:200])
    return match[1] if match and is_unit(match[1]) else ""


def unit_in_note(note: str) -> str:
    """The unit a remark states, ``Units in kg.``; empty where it states none."""
    match = _NOTE_UNIT.search(note[:400])
    return match[1] if match and is_unit(match[1]) else ""


def read_amount(cell: str, unit: str = "") -> Amount | None:
    """A quantity cell; None for one that is no quantity (``TBD``, ``2-5``, ``-1``, ``1,000``).

    Parameters
    ----------
    cell
        ``9``, ``9.0``, ``1,5``, ``2 pcs``, ``x4``, ``325.4mm L``, ``0.5 sq ft``.
    unit
        The unit stated beside it (column, column name, note); one in the cell itself goes first.

    Returns
    -------
    Lengths in m, areas in m2, masses in kg, volumes in L; other units as written. ``1,000`` is
    None: it is a thousand to some and one to others.
    """
    match = _NUMBER.match(cell.strip()[:_LONGEST])
    if match is None:
        return None
    number = _number(match["number"])
    own = _own_unit(match["unit"] or "")
    if number is None or own is None:
        return None
    return _in_unit(number, own or unit.strip(), cell)


def _number(text: str) -> float | None:
    if "," in text:
        if not _COMMA.match(text):
            return None
        text = text.replace(",", ".")
    value = float(text)
    plain = math.isfinite(value) and 0 <= value <= MOST
    return value if plain and not 0 < value < SMALLEST else None


def _own_unit(tail: str) -> str | None:
    """The unit written behind the number; empty for none, None where it is no unit."""
    if not tail:
        return ""
    if is_unit(tail):
        return tail
    shorter = _TAIL.sub("", tail)
    return shorter if shorter != tail and (not shorter or is_unit(shorter)) else None


def _in_unit(number: float, unit: str, cell: str) -> Amount:
    known = _units().get(_key(unit[:_LONGEST]))
    if known is None:
        return Amount(number=number, unit=unit[:20])
    value = number * known.factor
    if known.factor == 1.0:
        return Amount(number=value, unit=known.to)
    written = cell if known.name in cell or not unit or unit in cell else f"{cell} {unit}"
    return Amount(number=value, unit=known.to, why=f"{written[:40]} is {value:.6g} {known.to}")
