"""How cutters' drawings name and colour lines, read from the room's vocabulary (``data/sheets.toml``)."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files as resources
from typing import Any

_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")
_NOT_LETTERS = re.compile(r"[\W\d_]+")
_DEPTH_MM = re.compile(r"(?<![\d.,])(\d{1,3}(?:[.,]\d{1,3})?)\s*mm(?![a-z])", re.IGNORECASE)
_DEPTH_INCH = re.compile(
    r"(?<![\d./])(\d{1,2}(?:\.\d{1,4})?|\d{1,2}/\d{1,2})\s*(?:in(?:ch)?\b|\")", re.IGNORECASE
)
_THICKNESS = re.compile(
    r"(?:thick(?:ness)?|thk|gauge|t|dicke|st[aä]rke|[eé]paisseur|espesor|spessore|dikte|厚度?|板厚)"
    r"\s*[:=]?\s*(\d{1,2}(?:[.,]\d{1,3})?)\s*mm(?![a-z])"
    r"|(?<![\d.,])(\d{1,2}(?:[.,]\d{1,3})?)\s*mm\s*(?:thick|thk|dick|stark|[eé]pais)",
    re.IGNORECASE,
)
_THICKEST_MM = 60.0
_INCH_MM = 25.4


@dataclass(frozen=True, slots=True, kw_only=True)
class NameMeaning:
    """What a layer's name says: a role, empty where the name says nothing; ``known`` where that is normal."""

    role: str
    why: str
    known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """One service's colours: which cut, which engrave, which are only notes; or one ``program``'s."""

    name: str
    cut: tuple[str, ...]
    engrave: tuple[str, ...]
    note: tuple[str, ...]
    program: str = ""


@cache
def vocabulary() -> dict[str, Any]:
    """The whole vocabulary of drawings."""
    text = resources("manyworks.files").joinpath("data/sheets.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str, str], ...]:
    return tuple((re.compile(row["pattern"]), row["role"], row["source"]) for row in vocabulary()["name"])


@cache
def _word_roles() -> dict[str, str]:
    """Each word's role; the roles stand in the order in which they are asked."""
    roles: dict[str, str] = {}
    for role, words in vocabulary()["words"].items():
        for word in words:
            roles.setdefault(_plain(word), role)
    return roles


def _plain(text: str) -> str:
    """Lower case without accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in parts if not unicodedata.combining(one))


def meaning_of(name: str) -> NameMeaning:
    """What the name of a layer says about its lines."""
    plain = _plain(name).strip()
    for pattern, role, source in _patterns():
        if role and pattern.fullmatch(plain):
            return NameMeaning(role=role, why=f"layer name {name!r} ({source})", known=True)
    found = _roles_in(name)
    if found:
        role, word = found
        return NameMeaning(role=role, why=f"the word {word!r} in the layer's name", known=True)
    known = any(not role and pattern.fullmatch(plain) for pattern, role, _ in _patterns())
    return NameMeaning(role="", why="the layer's name says nothing", known=known or not plain)


def _roles_in(name: str) -> tuple[str, str] | None:
    soft = frozenset(vocabulary()["soft"]["words"])
    tokens = [_plain(token) for token in _NOT_LETTERS.split(_CAMEL.sub(" ", name)) if token]
    words = _word_roles()
    hits = [(words[token], token) for token in tokens if token in words]
    hits += [(role, word) for word, role in words.items() if not word.isascii() and word in _plain(name)]
    firm = [hit for hit in hits if hit[1] not in soft] or hits
    order = list(vocabulary()["words"])
    return min(firm, key=lambda hit: order.index(hit[0]), default=None)


def line_meaning(line: str) -> tuple[str, str] | None:
    """Role and reason of a kind of line by its name; None for continuous and unknown ones."""
    plain = line.casefold()
    for row in vocabulary()["linetype"]:
        if any(word in plain for word in row["words"]):
            return row["role"], row["why"]
    return None


def depth_in(name: str) -> float | None:
    """The depth that a layer's name states, mm (``18MM``, ``6,5 mm``, ``1/4 in``)."""
    found = _DEPTH_MM.search(name.replace("_", " "))
    if found:
        return float(found[1].replace(",", "."))
    inches = _DEPTH_INCH.search(name.replace("_", " "))
    if not inches:
        return None
    top, _, bottom = inches[1].partition("/")
    return float(top) / float(bottom or 1) * _INCH_MM if float(bottom or 1) else None


def tool_in(name: str) -> str:
    """Which side of the line, and from which face, a layer's name says that the tool runs."""
    words = set(_NOT_LETTERS.split(_plain(name)))
    return " ".join(word for word in vocabulary()["sides"]["tool"] if word in words)


def thickness_in(text: str) -> float | None:
    """The thickness of a sheet that a text states, mm: beside a word for it or a material."""
    spaced = text.replace("_", " ")
    found = _THICKNESS.search(spaced)
    if found:
        value = float((found[1] or found[2]).replace(",", "."))
        return value if 0 < value <= _THICKEST_MM else None
    depth = _DEPTH_MM.search(spaced)
    if depth and material_in(text):
        value = float(depth[1].replace(",", "."))
        return value if 0 < value <= _THICKEST_MM else None
    return None


def material_in(text: str) -> str:
    """The material that a text names; empty where it names none or several."""
    plain = " " + re.sub(r"[^\w.]+", " ", _plain(text).replace("_", " ")) + " "
    found = [
        material
        for material, words in vocabulary()["materials"].items()
        if any(_holds(plain, _plain(word)) for word in words)
    ]
    if "stainless steel" in found and "steel" in found:
        found.remove("steel")
    return found[0] if len(found) == 1 else ""


def _holds(plain: str, word: str) -> bool:
    return word in plain if not word.isascii() else f" {word} " in plain


@cache
def palettes() -> tuple[Palette, ...]:
    """Colour conventions, the commonest first."""
    return tuple(
        Palette(
            name=row["name"],
            cut=tuple(row["cut"]),
            engrave=tuple(row["engrave"]),
            note=tuple(row["note"]),
            program=row.get("program", ""),
        )
        for row in vocabulary()["palette"]
    )


def near_colour(colour: str, listed: Iterable[str]) -> bool:
    """Whether a colour (``#rrggbb``) is one of those listed, or close to one."""
    tolerance = vocabulary()["colour"]["tolerance"]
    mine = _channels(colour)
    return any(
        max(abs(a - b) for a, b in zip(mine, _channels(other), strict=True)) <= tolerance for other in listed
    )


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def speaks_of_views(texts: Iterable[str]) -> bool:
    """Whether texts say that one sheet is drawn from two faces, or both together."""
    words = vocabulary()["sides"]["views"]
    return any(word in text.casefold() for text in texts for word in words)
