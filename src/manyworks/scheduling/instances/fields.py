"""Taking fields out of decoded JSON: each with its type, each fault with its place."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from manyworks.model import error
from manyworks.scheduling.instances.faults import Faults
from manyworks.scheduling.validation import LONGEST_S

LARGEST_WEIGHT = 1e12


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """An object of a document, at its place; every method gives a usable value even where it complains."""

    place: str
    content: Mapping[str, Any]
    faults: Faults

    def wrong(self, key: str, expected: str) -> None:
        """Tell that a field is not what it should be."""
        found = str(self.content.get(key))[:60]
        where, name = self.faults.file, f"{self.place}.{key}".lstrip(".")
        message = (
            f"{name}: expected {expected}, found {found}"
            if key in self.content
            else f"{name}: expected {expected}, it is missing"
        )
        self.faults.add(error("scheduling.problem_json.field", where, message, "see the format"))

    def only(self, *known: str) -> None:
        """Tell of keys nobody knows, which are most often misspelt."""
        for key in self.content:
            if key not in known:
                message = f"{self.place}.{key}: unknown; known here are {', '.join(known)}".lstrip(".")
                self.faults.add(
                    error("scheduling.problem_json.key", self.faults.file, message, "check the spelling")
                )

    def text(self, key: str, default: str | None = None) -> str:
        """A string; without ``default`` it must be there and not be empty."""
        value = self.content.get(key, default)
        if isinstance(value, str) and (value or default is not None):
            return value
        self.wrong(key, "a text")
        return ""

    def name(self, key: str, known: Mapping[str, int]) -> int:
        """The number behind a name; 0 where it is unknown."""
        value = self.content.get(key)
        if isinstance(value, str) and value in known:
            return known[value]
        self.wrong(key, "a name stated above")
        return 0

    def time(self, key: str, default: int | None = None, most: int = LONGEST_S) -> int:
        """A whole number from 0 to ``most``; without ``default`` it must be there."""
        value = self.content.get(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most:
            return value
        self.wrong(key, f"a whole number from 0 to {most}")
        return 0

    def maybe_time(self, key: str) -> int | None:
        """A point in time, or None where there is none."""
        return None if self.content.get(key) is None else self.time(key)

    def weight(self, key: str, default: float) -> float:
        """A finite number that is not negative."""
        value = self.content.get(key, default)
        good = isinstance(value, int | float) and not isinstance(value, bool)
        if good and math.isfinite(value) and 0 <= value <= LARGEST_WEIGHT:
            return float(value)
        self.wrong(key, f"a number from 0 to {LARGEST_WEIGHT:g}")
        return 0.0

    def flag(self, key: str) -> bool:
        """True or false, false where it is missing."""
        value = self.content.get(key, False)
        if not isinstance(value, bool):
            self.wrong(key, "true or false")
        return value is True

    def items(self, key: str, *, needed: bool = False) -> list[Any]:
        """A list; empty where it is missing."""
        value = self.content.get(key, None if needed else [])
        if isinstance(value, list) and (value or not needed):
            return value
        self.wrong(key, "a list that is not empty" if needed else "a list")
        return []

    def objects(self, key: str, *, needed: bool = False) -> Iterator[Fields]:
        """A list of objects, one after another; what is no object is a fault."""
        for number, value in enumerate(self.items(key, needed=needed)):
            place = f"{self.place}.{key}[{number}]".lstrip(".")
            if isinstance(value, dict):
                yield Fields(place=place, content=value, faults=self.faults)
            else:
                self.wrong(key, f"an object at {number}")

    def object(self, key: str) -> Fields | None:
        """An object, or None where there is none."""
        value = self.content.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.wrong(key, "an object")
            return None
        return Fields(place=f"{self.place}.{key}".lstrip("."), content=value, faults=self.faults)
