"""Designators in a cell: lists, ranges, and what looks like one at all."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from manyworks.files.limits import RANGE_LENGTH
from manyworks.files.vocabulary import vocabulary

_SPLIT = re.compile(r"[,;\s|、，；]+")
_MARKS = r"-|–|—|−|‑|\.{2,3}|…|~|〜|:"
_WORDS = r"\s+(?:to|thru|through|bis|à|until)\s+"
_RANGE = re.compile(rf"^(?P<prefix>[^\d\s]*?)(?P<first>\d+)(?:{_MARKS})(?P<again>[^\d\s]*?)(?P<last>\d+)$")
_SPACED_DASH = re.compile(rf"(?<=\d)(?:\s*({_MARKS})\s*|{_WORDS})(?=[A-Za-z_]*\d)", re.IGNORECASE)
_SHAPE = re.compile(r"^[A-Za-z_][A-Za-z0-9_./+*-]{0,29}$")
_PLAIN = re.compile(r"^[A-Za-z]{1,5}\d{1,5}[A-Za-z]?$")
_WITHIN = re.compile(r"[/+&]")
_WORD = re.compile(r"\S+")
_JOINERS = frozenset({"and", "und", "et", "&", "+"})


def split_designators(cell: str, quantity: float | None = None) -> tuple[str, ...]:
    """The designators in a cell, ranges (``R1-R4``, ``R1...R4``, ``R1 to R4``) written out.

    ``R1-4`` is a range only where that gives the row's ``quantity``: it may also be a pin or a name.
    Repeats within the cell are kept. Letters of other alphabets that look Latin are made so.
    """
    text = plain_letters(unicodedata.normalize("NFKC", cell)).strip()
    text = _SPACED_DASH.sub(lambda match: match[1] or "-", text)
    parts = [part for word in _SPLIT.split(text) if word not in _JOINERS for part in _apart(word) if part]
    loose = _expand_all(parts, short=True)
    if quantity is not None and len(loose) == quantity:
        return tuple(loose)
    return tuple(_expand_all(parts, short=False))


def _apart(word: str) -> list[str]:
    """``R1/R2+R3`` as three where every piece is a designator; names such as ``PGM/DBG1`` stay whole."""
    pieces = _WITHIN.split(word)
    return pieces if len(pieces) > 1 and all(map(_PLAIN.match, pieces)) else [word]


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


def plain_letters(text: str) -> str:
    """A text with Cyrillic and Greek letters that look Latin made Latin; other texts as they are.

    Only in words that hold a digit: a designator or a part number, no word of another language.
    """
    if text.isascii():
        return text
    return _WORD.sub(lambda word: _plain_word(word[0]), text)


def _plain_word(word: str) -> str:
    return word.translate(_lookalikes()) if any(map(str.isdigit, word)) else word


@cache
def _lookalikes() -> dict[int, str]:
    letters = vocabulary()["letters"]
    return {ord(other): latin for latin, others in letters.items() for other in others}
