"""What people write of boards: finishes, laminates, packages, wishes; words kept as data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from manyworks.model import BoardDesign, Item
from manyworks.processes.tables import read_data


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of some words standing by itself (Chinese ones anywhere), the longest first."""
    ordered = sorted(words, key=len, reverse=True)
    parts = [
        re.escape(w) if not w.isascii() else rf"(?<![a-z0-9]){re.escape(w)}(?![a-z0-9])" for w in ordered
    ]
    return re.compile("|".join(parts))


def _holds(text: str, words: Iterable[str]) -> bool:
    return bool(_pattern(tuple(words)).search(text.lower()))


def _data(section: str) -> Mapping[str, Any]:
    rows: Mapping[str, Any] = read_data("route_boards")[section]
    return rows


def asks_for(item: Item, wish: str) -> bool:
    """Whether the finish or the description of an item holds one of the words of a wish."""
    return holds_word(f"{item.finish or ''} | {item.description}", wish)


def holds_word(text: str, name: str) -> bool:
    """Whether a text holds one of the words kept under a name."""
    return _holds(text, _data("words")[name])


def finish_kind(item: Item, design: BoardDesign) -> str:
    """Driver of the finish that a design names; empty where it names none."""
    text = design.finish or item.finish or ""
    rows = read_data("route_boards")["finishes"]
    return next((row["kind"] for row in rows if _holds(text, row["names"])), "")


def is_green(colour: str) -> bool:
    """Whether a mask colour is the ordinary one; nothing said is."""
    return not colour.strip() or _holds(colour, _data("words")["green"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Laminate:
    """What a board is made of, relative to FR-4: price of the laminate, wear of bits, further steps."""

    name: str
    ratio: float
    bit_wear: float
    plasma: float = 0.0
    metal_core: float = 0.0


@cache
def _laminates() -> tuple[tuple[Laminate, tuple[str, ...]], ...]:
    rows = {name: row for name, row in _data("laminates").items() if name != "meta"}
    return tuple(
        (Laminate(name=name, **{k: v for k, v in row.items() if k != "names"}), tuple(row["names"]))
        for name, row in rows.items()
    )


def laminates_named(text: str) -> tuple[Laminate, ...]:
    """All laminates that a text names, in the order of the data."""
    return tuple(laminate for laminate, names in _laminates() if _holds(text, names))


def laminate_source() -> str:
    """How the price of a laminate is told."""
    meta = _data("laminates")["meta"]
    return f"within a factor of {meta['range']:g}; {meta['source']}, confidence {meta['confidence']}"


@cache
def _families(kind: str) -> frozenset[str]:
    return frozenset(_data("packages")[kind])


def is_package(name: str, kind: str) -> bool:
    """Whether the letters of a package's or part's name hold a word of a family (``balls``, ``leadless``)."""
    return not _families(kind).isdisjoint(re.findall(r"[a-z]+", name.lower()))
