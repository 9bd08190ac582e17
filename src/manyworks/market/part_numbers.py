"""Part numbers and makers, folded so that packing suffixes and spellings do not matter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

from manyworks.market.tables import csv_rows

_INVISIBLE = re.compile(r"[\s\"'\u2018\u2019\u201c\u201d\u200b-\u200d\u2060\ufeff]+")
_SEVERAL = re.compile(r"\n|;|\s+or\s+|\s+/\s+|\s\|\s", re.I)
_NOTHING = frozenset(
    {"ANY", "GENERIC", "N/A", "NA", "DNP", "DNF", "TBD", "NONE", "-", "--", "?", "X", "VARIOUS", "STANDARD"}
)
# Cyrillic and Greek capitals that look like Latin ones.
_LOOKALIKES = str.maketrans(
    "АВЕКМНОРСТХУІЅЈ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" + "‐‑‒–—−", "ABEKMHOPCTXYISJ" + "ABEZHIKMNOPTYX" + "------"
)
# How a part is packed, and that it is free of lead: none of it makes another part.
_PACKING = re.compile(
    r"(?:[-_/ ,#](?:T/?R|CT|REEL\d*|ND|PBF|G4|E4|NOPB|T&R|TAPE|CUT|TR7|TR13|TRPBF|BULK|TUBE|TRAY)"
    r"|REEL\d*|TR|#?PBF|/NOPB|\+T|(?<=[A-Z])G4)$"
)
_TAILS = 3
_NEAR_LENGTH = 2
_NEAR_EDITS = 2
_BREAKS = re.compile(r"[-_/ .,+#]")
_LEGAL = re.compile(
    r"\b(?:inc|incorporated|ltd|limited|llc|corp|corporation|co|company|gmbh|ag|kg|plc|sa|nv|bv)\b\.?"
)
# Digi-Key writes the warehouse's state behind a maker's name.
_REGION = re.compile(r"\s*\([A-Z]{2}\)\s*$")
_LEAST = 4


def exact_number(mpn: str) -> str:
    """A part number in capitals without blanks, quotes and look-alike letters."""
    plain = unicodedata.normalize("NFKC", mpn[:120]).upper().translate(_LOOKALIKES)
    return _INVISIBLE.sub("", plain)


def folded_number(mpn: str) -> str:
    """A part number without breaks and packing suffix (tape, reel, lead-free mark)."""
    exact = exact_number(mpn)
    for _ in range(_TAILS):
        trimmed = _PACKING.sub("", exact)
        if trimmed == exact or len(trimmed) <= _LEAST:
            break
        exact = trimmed
    return _BREAKS.sub("", exact)


def part_numbers(text: str) -> tuple[str, ...]:
    """The part numbers in a cell, alternatives split; none where it says ``any`` or nothing."""
    found = (exact_number(_without_maker(part)) for part in _SEVERAL.split(text[:400]))
    return tuple(dict.fromkeys(number for number in found if number and number not in _NOTHING))


def _without_maker(text: str) -> str:
    """The cell without a maker's name in front of the number (``Bourns SRR6045TA``)."""
    first, _, rest = text.strip().partition(" ")
    return rest if rest and first.casefold() in _makers() else text


def near_numbers(number: str, known: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """Known part numbers that a slip of the keyboard makes of ``number``: to suggest, never to take.

    At most two letters may be changed, left out, added or swapped; the nearest first.
    """
    asked = folded_number(number)
    found = []
    for other in known:
        folded = folded_number(other)
        if folded != asked and abs(len(folded) - len(asked)) <= _NEAR_LENGTH:
            edits = edit_distance(asked, folded, _NEAR_EDITS)
            if edits <= _NEAR_EDITS and edits * _LEAST <= len(asked):
                found.append((edits, other))
    return tuple(other for _, other in sorted(found)[:most])


def edit_distance(one: str, other: str, most: int) -> int:
    """Letters to change, leave out, add or swap with the next; ``most + 1`` where it takes more.

    Optimal string alignment (Damerau 1964, Levenshtein 1966), given up as soon as ``most`` is passed.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    above = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, against in enumerate(other, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, above = above, row
    return min(above[-1], most + 1)


def looks_like_number(text: str) -> bool:
    """Whether a value cell may hold a part number: letters and digits, four signs or more."""
    word = exact_number(text)
    return len(word) >= _LEAST and any(map(str.isdigit, word)) and any(map(str.isalpha, word))


@lru_cache(maxsize=65536)
def maker(name: str) -> str:
    """A maker's name under its best-known form; empty where none is stated."""
    plain = unicodedata.normalize(
        "NFKD", unicodedata.normalize("NFKC", _REGION.sub("", name[:120]))
    ).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = " ".join(re.sub(r"[^\w&]+", " ", _LEGAL.sub(" ", plain)).split())
    return "" if plain.upper() in _NOTHING else _makers().get(plain, plain)


@lru_cache(maxsize=65536)
def plain_kind(mpn: str) -> str:
    """Kind of a plain chip resistor or capacitor told by its ordering code; empty for anything else."""
    number = exact_number(mpn)
    return next((row["kind"] for row in csv_rows("part_series.csv") if number.startswith(row["prefix"])), "")


@lru_cache(maxsize=65536)
def coded_package(mpn: str) -> str:
    """The chip package that a maker's ordering code tells (``GRM188...`` is 0603); empty for anything else.

    A metric code comes back marked as such (``1608metric``).
    """
    number = exact_number(mpn)
    for pattern, package in _sizes():
        match = pattern.match(number)
        if match:
            code = match[1] if match.lastindex else ""
            return {"inch": _INCH.get(code, code), "metric": f"{code}metric"}.get(package, package)
    return ""


# Walsin writes its resistors' inch codes with two digits.
_INCH = {"04": "0402", "06": "0603", "08": "0805", "12": "1206"}


@cache
def _sizes() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(row["begins"]), row["package"]) for row in csv_rows("part_sizes.csv"))


@cache
def _makers() -> dict[str, str]:
    return {row["alias"]: row["manufacturer"] for row in csv_rows("manufacturers.csv")}
