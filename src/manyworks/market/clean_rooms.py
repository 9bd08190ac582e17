"""Clean-room classes under their names: ISO 14644-1, US FED STD 209E, EU GMP."""

from __future__ import annotations

import re
import unicodedata

from manyworks.market.tables import toml_table

CLEANEST, DIRTIEST = 1, 9

_ISO = re.compile(r"(?:ISO[\s-]*)?(?:14644(?:-1)?)?\W*(?:ISO\s*)?(?:class\s*)?([1-9])", re.I)
_GMP = re.compile(r"(?:EU\s*)?(?:GMP\s*)?grade\s*([A-D])(?:\s*\(?(at rest|in operation)\)?)?", re.I)
_PARTICLES = re.compile(
    r"(?:(?:us\s*)?fed(?:eral)?\.?\s*std\.?\s*209e?\W*)?class\s*(\d[\d,. ]*)(k)?(?:\s*\(?(?:us\s*)?fed.*)?",
    re.I,
)
_METRIC = re.compile(r"(?:class\s*)?(M\d\.5)", re.I)
_NOISE = re.compile(r"\b(?:clean[\s-]?room|controlled environment)\b|洁净室|洁净车间|洁净|无尘车间", re.I)


def parse_clean_room(text: str) -> int | None:
    """ISO 14644-1 class of a name; None where it says none, or not which.

    ``ISO 7``, ``Class 10,000``, ``class 10K``, ``M5.5``, ``万级`` and ``GMP grade A`` are understood.
    EU GMP grades B and C mean other classes at rest than in operation: the name must say which.
    """
    plain = " ".join(_NOISE.sub(" ", unicodedata.normalize("NFKC", text[:80])).split())
    table = toml_table("clean_rooms.toml")
    if plain in table["chinese"]:
        return _by_particles(table["chinese"][plain])
    if found := _METRIC.fullmatch(plain):
        return _whole(table["metric"].get(found[1].upper()))
    if found := _GMP.fullmatch(plain):
        return _gmp(*table["gmp"][found[1].upper()], state=(found[2] or "").lower())
    if "iso" not in plain.lower() and (found := _PARTICLES.fullmatch(plain)):
        count = int(re.sub(r"\D", "", found[1])) * (1000 if found[2] else 1)
        # "class 7" is said of ISO classes; of the old standard only the round counts are.
        return count if 1 < count <= DIRTIEST else _by_particles(count)
    found = _ISO.fullmatch(plain)
    return int(found[1]) if found else None


def _by_particles(count: int) -> int | None:
    return _whole(toml_table("clean_rooms.toml")["particles"].get(str(count)))


def _gmp(at_rest: int, in_operation: int, *, state: str) -> int | None:
    if state:
        return at_rest if state == "at rest" else in_operation
    return at_rest if at_rest == in_operation else None


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None
