"""Electrical values as parts lists write them: 4k7, 100n, 2K2 1%, "0201, 1uF, 10V, X5R"."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from manyworks.market.lexicon import words
from manyworks.market.packages import find_package, squeeze
from manyworks.market.tables import toml_table

_DECIMAL_COMMA = re.compile(r"(?<![\d.])(\d{1,3}),(\d{1,2})(?=\s*[a-zA-ZµμΩ%]|\s*$)")
_TOLERANCE = re.compile(r"[±]?\s*(\d+(?:\.\d+)?)\s*%")
_POWER = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)(?:/(\d+))?\s*(m?)W(?![a-zA-Z])")
_VOLTAGE = re.compile(r"(?<![\w.])(\d+)(?:\.(\d+))?\s*(k?)V(\d*)(?:DC|AC)?(?![a-zA-Z])")
_DIELECTRIC = re.compile(r"(?<![A-Z0-9])(C[0O]G|NP[0O]|[XYZ][4-9][FPRSTUV])(?![A-Z0-9])", re.I)
_SPACED_UNIT = re.compile(r"(?<=\d)\s+(?=(?:[pnumkMG]?(?:F|H|Hz)|[mkMG]?(?:[oO]hms?|OHMS?|Ω|R))(?![a-zA-Z]))")
_VALUE = re.compile(
    r"(?P<whole>\d*)(?:\.(?P<part>\d+))?(?P<multiplier>meg|[pPnNuUmRrEkKMG])?(?P<after>\d{1,3})?"
    r"(?P<unit>[oO]hms?|OHMS?|Ω|R|[fF]|H|[hH][zZ])?"
)
_PREFIX = re.compile(r"^([A-Za-z]+?)(?=[_ -]|\d|$)")
_SPLIT = re.compile(r"[\s,;|/()]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a text says of an electrical part.

    Parameters
    ----------
    kind
        ``resistor``, ``capacitor``, ``electrolytic``, ``inductor``, ``crystal``, ``led``,
        ``special`` (never matched by value) or empty.
    value
        In ohm, farad, henry or hertz to six digits; the colour of an LED; empty when not stated.
    package
        Canonical package name, else the footprint's name without breaks; empty when not stated.
    tolerance_percent, voltage_v, power_w, dielectric, load_pf
        Ratings; None or empty where not stated.
    assumed
        Whether the kind follows only from the multiplier (``100n`` read as a capacitor).
    """

    kind: str = ""
    value: str = ""
    package: str = ""
    tolerance_percent: float | None = None
    voltage_v: float | None = None
    power_w: float | None = None
    dielectric: str = ""
    load_pf: str = ""
    assumed: bool = False


@lru_cache(maxsize=65536)
def read_value(value: str, package: str = "", text: str = "") -> Reading:
    """Read a part's value, package and further text (name, description) together.

    Parameters
    ----------
    value
        The value cell; ratings in it are read too.
    package
        Package or footprint name; where empty, a package named in ``value`` or ``text`` counts.
    text
        Name and description.
    """
    stated = _plain(value)
    rest, ratings = _ratings(f"{stated} ; {_plain(text)}")
    own, more = rest.split(";", 1)
    numbers = _numbers(own) or _numbers(more)
    kind, assumed = _kind(numbers, package, f"{value} {text}")
    size = _package(package, f"{stated} {text}")
    return Reading(
        kind=kind,
        value=_colour(f"{value} {text} {package}") if kind == "led" else _value(kind, numbers),
        package=size,
        load_pf=_load(numbers) if kind == "crystal" else "",
        assumed=assumed,
        **ratings,
    )


def dielectric_serves(stated: str, asked: str) -> bool:
    """Whether a dielectric is at least as good as the asked one: temperature range and change."""
    low, high, change = _dielectric(stated)
    want_low, want_high, want_change = _dielectric(asked)
    return low <= want_low and high >= want_high and change <= want_change


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text[:300]).replace("μ", "u").replace("µ", "u")
    plain = plain.replace("Ω", "Ω").replace(";", ",")
    return _SPACED_UNIT.sub("", _DECIMAL_COMMA.sub(r"\1.\2", plain))


def _ratings(text: str) -> tuple[str, dict[str, Any]]:
    """Ratings in a text, and the text without them."""
    found: dict[str, Any] = {}
    if dielectric := _DIELECTRIC.search(text):
        code = dielectric.group(1).upper().replace("O", "0")
        found["dielectric"] = "C0G" if code in ("C0G", "NP0") else code
    if tolerance := _TOLERANCE.search(text):
        found["tolerance_percent"] = float(tolerance.group(1))
    if power := _POWER.search(text):
        over, milli = float(power.group(2) or 1), 1e-3 if power.group(3) else 1.0
        found["power_w"] = float(power.group(1)) / over * milli if over else None
    if voltage := _VOLTAGE.search(text):
        whole, part, kilo, after = voltage.groups()
        found["voltage_v"] = float(f"{whole}.{part or after or 0}") * (1e3 if kilo else 1.0)
    for pattern in (_DIELECTRIC, _TOLERANCE, _POWER, _VOLTAGE):
        text = pattern.sub(" ", text)
    return text, found


def _numbers(text: str) -> list[tuple[float, str, str]]:
    """(size, multiplier, unit) of every value in a text; bare chip codes are packages, not values."""
    found = []
    for word in _SPLIT.split(text):
        match = _VALUE.fullmatch(word)
        if not match or _is_chip_code(word):
            continue
        whole, part, multiplier, after, unit = match.group("whole", "part", "multiplier", "after", "unit")
        if not _readable(whole, part, multiplier, after, unit):
            continue
        factor = float(table()["multipliers"][multiplier or "R"])
        size = float(f"{whole or 0}.{part or after or 0}") * factor
        found.append((size, multiplier or "", (unit or "").casefold()))
    return found


def _is_chip_code(word: str) -> bool:
    return word.isdigit() and len(word) >= 4 and find_package(word) is not None


def _readable(whole: str, part: str, multiplier: str, after: str, unit: str) -> bool:
    """Whether the pieces make a value; ``1N41``, ``M3`` and ``12`` before nothing do not."""
    if (part and after) or (after and not multiplier) or not (whole or after):
        return False
    if multiplier in ("P", "N", "U") and not unit:
        return False
    return bool(whole) or multiplier not in ("M", "G", "K", "E", "m")


def _kind(numbers: list[tuple[float, str, str]], package: str, text: str) -> tuple[str, bool]:
    """Kind of part by words, units and footprint; nothing where they contradict each other."""
    named = {table()["kinds"][word] for word in (*words(text), text.strip()) if word in table()["kinds"]}
    named |= {table()["kinds"][word] for word in words(package) if word in table()["kinds"]}
    if "special" in named:
        return "special", False
    prefix = _PREFIX.match(package.rsplit(":", maxsplit=1)[-1])
    hinted = table()["prefixes"].get(prefix.group(1).upper(), "") if prefix else ""
    units = {_unit_kind(unit) for _, _, unit in numbers} - {""}
    told = named | ({hinted} - {""}) | units
    for general, finer in (("capacitor", "electrolytic"), ("capacitor", "crystal")):
        if finer in told:
            told.discard(general)
    if len(told) == 1:
        return told.pop(), False
    return ("", False) if told else _kind_by_multiplier(numbers)


def _unit_kind(unit: str) -> str:
    return "resistor" if unit == "r" else str(table()["units"].get(unit, ""))


def _kind_by_multiplier(numbers: list[tuple[float, str, str]]) -> tuple[str, bool]:
    letters = {multiplier for _, multiplier, _ in numbers}
    if letters & {"p", "P", "n", "N", "u", "U"}:
        return "capacitor", True
    return ("resistor", letters <= {"E", "M", "m"}) if letters - {""} else ("", False)


def _value(kind: str, numbers: list[tuple[float, str, str]]) -> str:
    """The value of that kind; nothing where none or several are stated."""
    fitting = [n for n in numbers if _unit_kind(n[2]) in ("", _basic(kind))]
    with_unit = [n for n in fitting if n[2] or n[1]] or fitting
    sizes = {f"{size:.6g}" for size, multiplier, _ in with_unit if _sensible(kind, multiplier)}
    return sizes.pop() if len(sizes) == 1 and kind not in ("", "special") else ""


def _sensible(kind: str, multiplier: str) -> bool:
    """Farads and henries are never kilo or mega, ohms and hertz never pico to micro."""
    allowed = {"capacitor": "pPnNuUm", "electrolytic": "pPnNuUm", "inductor": "pPnNuUm", "crystal": "kKMG"}
    if kind == "resistor":
        return multiplier not in tuple("pPnNuU")
    return not multiplier or multiplier in allowed.get(kind, "")


def _basic(kind: str) -> str:
    return "capacitor" if kind == "electrolytic" else kind


def _load(numbers: list[tuple[float, str, str]]) -> str:
    loads = {f"{size * 1e12:.4g}" for size, _, unit in numbers if unit == "f"}
    return loads.pop() if len(loads) == 1 else ""


def _colour(text: str) -> str:
    joined = re.sub(r"[_/-]", " ", text)
    colours = {table()["colours"][word] for word in words(joined) if word in table()["colours"]}
    return "+".join(sorted(colours))


def _package(package: str, text: str) -> str:
    if package.strip():
        known = find_package(package)
        return known.name if known else squeeze(package)
    hopeful = (word for word in _SPLIT.split(text) if "-" in word or _is_chip_code(word))
    named = {found.name for word in hopeful if (found := find_package(word))}
    return named.pop() if len(named) == 1 else ""


@cache
def _dielectric(code: str) -> tuple[float, float, float]:
    if code == "C0G":
        return -55.0, 125.0, 0.0
    return (
        float(table()["dielectric_low_c"][code[0]]),
        float(table()["dielectric_high_c"][code[1]]),
        float(table()["dielectric_change_percent"][code[2]]),
    )


def table() -> dict[str, Any]:
    """Words and codes of electrical parts."""
    return toml_table("electrical.toml")
