"""Designators in a cell: lists, ranges, and what looks like one at all."""

from __future__ import annotations

import re
import unicodedata

from manyworks.files.limits import RANGE_LENGTH

_SPLIT = re.compile(r"[,;\s|、]+")
_RANGE = re.compile(
    r"^(?P<prefix>[^\d\s]*?)(?P<first>\d+)(?:-|–|—|\.{2,3}|…|~)(?P<again>[^\d\s]*?)(?P<last>\d+)$"
)
_SPACED_DASH = re.compile(r"(?<=\d)\s*(-|–|—|\.{2,3}|…|~)\s*(?=[A-Za-z]*\d)")
_SHAPE = re.compile(r"^[A-Za-z_][A-Za-z0-9_./+*-]{0,29}$")


def split_designators(cell: str, quantity: float | None = None) -> tuple[str, ...]:
    """The designators in a cell, ranges (``R1-R4``, ``R1...R4``) written out.

    ``R1-4`` is a range only where that gives the row's ``quantity``: it may also be a pin or a name.
    Repeats within the cell are kept.
    """
    text = unicodedata.normalize("NFKC", cell).strip()
    text = _SPACED_DASH.sub(lambda match: match[1], text)
    parts = [part for part in _SPLIT.split(text) if part]
    loose = _expand_all(parts, short=True)
    if quantity is not None and len(loose) == quantity:
        return tuple(loose)
    return tuple(_expand_all(parts, short=False))


def _expand_all(parts: list[str], *, short: bool) -> list[str]:
    """Every part written out, as long as that stays within reason."""
    names: list[str] = []
    for part in parts:
        names.extend(_expand(part, short=short) if len(names) < RANGE_LENGTH else [part])
    return names


def _expand(part: str, *, short: bool) -> list[str]:
    match = _RANGE.match(part)
    if match is None:
        return [part]
    prefix, again = match["prefix"], match["again"]
    first, last = match["first"], match["last"]
    if len(first) > 9 or len(last) > 9:
        return [part]
    low, high = int(first), int(last)
    same = again == prefix and prefix != ""
    if not (same or (short and again == "" and prefix)) or not low < high < low + RANGE_LENGTH:
        return [part]
    width = len(first) if first.startswith("0") else 0
    return [f"{prefix}{index:0{width}d}" for index in range(low, high + 1)]


def looks_like_designators(cell: str) -> bool:
    """Whether every word of a cell has the shape of a designator and most end in a number."""
    parts = split_designators(cell[:2000])
    if not parts or not all(_SHAPE.match(part) for part in parts):
        return False
    numbered = sum(part[-1].isdigit() and len(part) <= 12 for part in parts)
    return numbered * 2 > len(parts)
