"""Telling parts from what merely has a footprint or a row: fiducials, holes, test points, logos."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files as resources

PART = "part"


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    footprint: re.Pattern[str] | None
    reference: re.Pattern[str] | None
    lone_reference: re.Pattern[str] | None
    value: re.Pattern[str] | None


@cache
def _kinds() -> tuple[_Kind, ...]:
    text = resources("manyworks.files").joinpath("data/part_kinds.toml").read_text(encoding="utf-8")
    return tuple(
        _Kind(
            row["name"],
            *(_either(row.get(key)) for key in ("footprint", "reference", "lone_reference", "value")),
        )
        for row in tomllib.loads(text)["kind"]
    )


def _either(patterns: list[str] | None) -> re.Pattern[str] | None:
    if not patterns:
        return None
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


def kind_of(reference: str, footprint: str, value: str, pad_names: int = 2) -> str:
    """The kind of thing a reference is: ``part`` unless a pattern of the vocabulary says otherwise.

    ``pad_names`` is the number of different pad names of its footprint; a mounting hole has one.
    """
    package = footprint.rpartition(":")[2]
    for kind in _kinds():
        lone = kind.lone_reference if pad_names <= 1 else None
        for pattern, text in (
            (kind.footprint, package),
            (kind.reference, reference),
            (lone, reference),
            (kind.value, value),
        ):
            if pattern is not None and text and pattern.search(text[:200]):
                return kind.name
    return PART
