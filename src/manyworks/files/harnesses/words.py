"""Words and units of harness files: colours, lengths, wire gauges, kinds of ends."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files as resources
from typing import Any

from manyworks.files.harnesses.limits import CELL_CHARACTERS

_LENGTH = re.compile(r"\s*(\d+(?:\.\d*)?|\.\d+)\s*([^\d\s]*)\s*")
_AWG = re.compile(r"\s*#?(\d{1,2}|(\d{1,2})/0|0{2,4})\s*AWG\s*", re.IGNORECASE)
_AREA = re.compile(r"\s*(\d+(?:\.\d*)?|\.\d+)\s*(?:mm2|mm²|mm\^2|sqmm|qmm)?\s*", re.IGNORECASE)
_MARK = re.compile(r"</?[a-zA-Z][^<>]{0,400}>")
# Beyond these a number is a slip of the hand, no length of a cable and no wire.
_LONGEST_MM = 1e7
_THICKEST_MM2 = 2000.0


@cache
def _vocabulary() -> dict[str, Any]:
    text = resources("manyworks.files.harnesses").joinpath("data/harnesses.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def known_keys(of: str) -> frozenset[str]:
    """Keys that are read of a ``file``, ``connector`` or ``cable``; or ``drawing`` for mere looks."""
    return frozenset(_vocabulary()["keys"][of])


def colours_of_code(name: str) -> tuple[str, ...]:
    """Colours of a named code in their order; none for a name that is not known."""
    codes = _vocabulary()["code"]
    return next((tuple(code["colours"].split()) for code in codes if code["name"] == name.upper()), ())


def code_names() -> tuple[str, ...]:
    """Names of all colour codes."""
    return tuple(code["name"] for code in _vocabulary()["code"])


@cache
def _kinds() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (kind["name"], re.compile(rf"\b(?:{'|'.join(map(re.escape, kind['words']))})s?\b", re.IGNORECASE))
        for kind in _vocabulary()["kind"]
    )


def kind_of_end(text: str, pins: int) -> str:
    """What a connector really is, by the words of its type; only things of one position are no connectors."""
    if pins <= 1:
        for name, words in _kinds():
            if words.search(text):
                return name
    return "connector"


def text_of(value: object) -> str:
    """A value as one line of text; empty for none, lists joined."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, list):
        return ", ".join(filter(None, map(text_of, value[:50])))
    return " ".join(str(value).split())[:CELL_CHARACTERS]


def plain_text(value: object) -> str:
    """A value as text without the marks of a web page, which people put into names for links."""
    return " ".join(_MARK.sub(" ", text_of(value)).split())


def text_list(given: Mapping[Any, Any], key: str, most: int) -> list[str]:
    """A list of texts under a key; empty where there is none.

    Raises
    ------
    ValueError
        No list, or one that is too long.
    """
    value = given.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise ValueError(f"{key} takes a list")
    if len(value) > most:
        raise ValueError(f"more than {most:,} entries of {key}")
    return [text_of(one) for one in value]


def says_yes(value: object) -> bool:
    """Whether a value of a yes-or-no key says yes, in any of the words YAML ever had for it."""
    return value is True or text_of(value).casefold() in ("true", "yes", "on", "y", "1")


def length_mm(value: object, unit: str = "") -> float:
    """A length: a number in metres, or in its own or the key's unit.

    Raises
    ------
    ValueError
        Text that is no length, an unknown unit, or a length nobody means.
    """
    text = "" if isinstance(value, bool) else text_of(value)
    found = _LENGTH.fullmatch(text)
    if found is None:
        raise ValueError(f"{text[:40]!r} is no length such as 0.5 or '20 cm'")
    named = found[2] or unit or "m"
    factor = says_unit_mm(named)
    if factor is None:
        raise ValueError(f"{named[:20]!r} is no unit of length")
    length = float(found[1]) * factor
    if not 0 <= length <= _LONGEST_MM:
        raise ValueError(f"a length of {length:g} mm")
    return length


def says_unit_mm(unit: str) -> float | None:
    """Millimetres of a unit of length; None for other units."""
    factor = _vocabulary()["length_mm"].get(unit.strip().casefold())
    return None if factor is None else float(factor)


def gauge_mm2(value: object, unit: str = "") -> float | None:
    """Cross-section of a wire: AWG by ASTM B258, a bare number in mm2; None for other text.

    Raises
    ------
    ValueError
        A cross-section nobody means.
    """
    text = text_of(value)
    if unit and isinstance(value, int | float):
        text = f"{text} {unit}"
    if found := _AWG.fullmatch(text):
        return _area_of_awg(found)
    if found := _AREA.fullmatch(text):
        area = float(found[1])
        if not 0 < area <= _THICKEST_MM2:
            raise ValueError(f"a wire of {area:g} mm2")
        return area
    return None


def _area_of_awg(found: re.Match[str]) -> float:
    """Area of a solid wire: 0.127 mm at 36 AWG, 39 steps to 92 times that at 4/0 (ASTM B258)."""
    text = found[1]
    if found[2]:
        number = 1 - int(found[2])
    elif set(text) == {"0"}:
        number = 1 - len(text)
    else:
        number = int(text)
    diameter = 0.127 * math.pow(92.0, (36 - number) / 39)
    return round(math.pi / 4 * diameter * diameter, 4)


def gauge_text(value: object, unit: str = "") -> str:
    """A gauge as parts lists have it: ``22 AWG``, ``0.25 mm²``."""
    text = text_of(value)
    if found := _AWG.fullmatch(f"{text} {unit}" if unit and isinstance(value, int | float) else text):
        return f"{found[1]} AWG"
    if found := _AREA.fullmatch(text):
        return f"{float(found[1]):g} mm²"
    return text
