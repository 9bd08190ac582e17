"""What fabrication files are called: `data/fabrication.toml`, loaded once."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files as resources
from typing import Any, TypeAlias

Patterns: TypeAlias = tuple[re.Pattern[str], ...]
_SIDES = ("top", "bottom", "inner", "plane")
_MARKS = ("of",)


@dataclass(frozen=True, slots=True)
class Ending:
    """What a file ending says."""

    pattern: re.Pattern[str]
    role: str
    side: str
    plane: bool


@dataclass(frozen=True, slots=True)
class Word:
    """What words in a name say; the first group of patterns that is found decides."""

    role: str
    patterns: Patterns
    inner: bool
    placed: bool


@dataclass(frozen=True, slots=True)
class Report:
    """A report that programs put beside their layers; ``kind`` names its reader, if it is read."""

    name: str
    kind: str
    has: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """All names."""

    functions: dict[str, str]
    endings: tuple[Ending, ...]
    words: tuple[Word, ...]
    top: Patterns
    bottom: Patterns
    plated: Patterns
    nonplated: Patterns
    span: Patterns
    counted: Patterns
    lowest: int
    reports: tuple[Report, ...]
    kinds: dict[str, str]
    folders: frozenset[str]
    thickness_mm: float


@cache
def vocabulary() -> Vocabulary:
    """The names of the data file."""
    text = resources("manyworks.files").joinpath("data/fabrication.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    drills = data["drill_names"]
    return Vocabulary(
        functions={name.casefold(): role for role, names in data["functions"].items() for name in names},
        endings=tuple(ending for row in data["ending"] for ending in _endings(row)),
        words=tuple(
            Word(row["role"], _compile(row["patterns"]), row.get("inner", False), row.get("placed", False))
            for row in data["word"]
        ),
        top=_compile(data["sides"]["top"]),
        bottom=_compile(data["sides"]["bottom"]),
        plated=_compile(drills["plated"]),
        nonplated=_compile(drills["nonplated"]),
        span=_compile(drills["span"]),
        counted=_compile(drills["counted"]),
        lowest=drills["lowest"],
        reports=tuple(Report(row["name"], row["kind"], row["has"]) for row in data["report"]),
        kinds={ending: kind for kind, endings in data["endings"].items() for ending in endings},
        folders=frozenset(data["folders"]["general"]),
        thickness_mm=data["assumed"]["thickness_mm"],
    )


def _endings(row: dict[str, Any]) -> list[Ending]:
    found = []
    for key, endings in row.items():
        if key in _MARKS:
            continue
        role, _, side = key.partition("_")
        plane = side == "plane"
        found += [
            Ending(re.compile(ending + r"\Z"), role, "inner" if plane else side, plane) for ending in endings
        ]
    return found


def _compile(patterns: list[str]) -> Patterns:
    return tuple(re.compile(pattern) for pattern in patterns)
