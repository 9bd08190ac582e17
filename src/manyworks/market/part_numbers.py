"""Part numbers and makers, folded so that packing suffixes and spellings do not matter."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from manyworks.market.tables import csv_rows

_INVISIBLE = re.compile(r"[\s\"'\u2018\u2019\u201c\u201d\u200b-\u200d\u2060\ufeff]+")
_SEVERAL = re.compile(r"\n|;|\s+or\s+|\s+/\s+|\s\|\s", re.I)
_NOTHING = frozenset(
    {"ANY", "GENERIC", "N/A", "NA", "DNP", "DNF", "TBD", "NONE", "-", "--", "?", "X", "VARIOUS", "STANDARD"}
)
_LOOKALIKES = str.maketrans("АВЕКМНОРСТХУІЅ", "ABEKMHOPCTXYIS")
_PACKING = re.compile(r"(?:[-_/ ,#](?:T/?R|CT|REEL\d*|ND|PBF|G4|NOPB|T&R|TAPE|CUT|TR7|TR13)|TR|#?PBF|/NOPB)$")
_BREAKS = re.compile(r"[-_/ .,+#]")
_LEGAL = re.compile(
    r"\b(?:inc|incorporated|ltd|limited|llc|corp|corporation|co|company|gmbh|ag|kg|plc|sa|nv|bv)\b\.?"
)
_LEAST = 4


def exact_number(mpn: str) -> str:
    """A part number in capitals without blanks, quotes and look-alike letters."""
    plain = unicodedata.normalize("NFKC", mpn[:120]).upper().translate(_LOOKALIKES)
    return _INVISIBLE.sub("", plain)


def folded_number(mpn: str) -> str:
    """A part number without breaks and packing suffix (tape, reel, lead-free mark)."""
    exact = exact_number(mpn)
    trimmed = _PACKING.sub("", exact)
    return _BREAKS.sub("", trimmed if len(trimmed) > _LEAST else exact)


def part_numbers(text: str) -> tuple[str, ...]:
    """The part numbers in a cell, alternatives split; none where it says ``any`` or nothing."""
    found = (exact_number(_without_maker(part)) for part in _SEVERAL.split(text[:400]))
    return tuple(dict.fromkeys(number for number in found if number and number not in _NOTHING))


def _without_maker(text: str) -> str:
    """The cell without a maker's name in front of the number (``Bourns SRR6045TA``)."""
    first, _, rest = text.strip().partition(" ")
    return rest if rest and first.casefold() in _makers() else text


def looks_like_number(text: str) -> bool:
    """Whether a value cell may hold a part number: letters and digits, four signs or more."""
    word = exact_number(text)
    return len(word) >= _LEAST and any(map(str.isdigit, word)) and any(map(str.isalpha, word))


@lru_cache(maxsize=65536)
def maker(name: str) -> str:
    """A maker's name under its best-known form; empty where none is stated."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name[:120])).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = " ".join(re.sub(r"[^\w&]+", " ", _LEGAL.sub(" ", plain)).split())
    return "" if plain.upper() in _NOTHING else _makers().get(plain, plain)


@lru_cache(maxsize=65536)
def plain_kind(mpn: str) -> str:
    """Kind of a plain chip resistor or capacitor told by its ordering code; empty for anything else."""
    number = exact_number(mpn)
    return next((row["kind"] for row in csv_rows("part_series.csv") if number.startswith(row["prefix"])), "")


@cache
def _makers() -> dict[str, str]:
    return {row["alias"]: row["manufacturer"] for row in csv_rows("manufacturers.csv")}
