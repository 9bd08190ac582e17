"""Fields of a JSON document, each taken with what it must be; whatever is not so becomes a finding."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from manyworks.model import Finding, error

Value = TypeVar("Value")

LARGEST = 2**53
"""Beyond it a JSON number need not be the same whole number for every reader."""

MOST_BYTES = 512 * 2**20
LONGEST_SHOWN = 40


@dataclass(slots=True, kw_only=True)
class Fields:
    """A JSON object at ``where`` of a file; ``findings`` is shared by the whole document."""

    content: dict[str, Any]
    where: str
    findings: list[Finding] = field(default_factory=list)

    def text(self, name: str) -> str:
        """A string; empty after a finding."""
        return self._take(name, "a text", lambda value: isinstance(value, str), "")

    def optional_text(self, name: str) -> str | None:
        """A string or null."""
        return None if self.content.get(name) is None else self.text(name)

    def whole(self, name: str) -> int:
        """A whole number; 0 after a finding."""
        return self._take(name, "a whole number", is_whole, 0)

    def optional_whole(self, name: str) -> int | None:
        """A whole number or null."""
        return None if self.content.get(name) is None else self.whole(name)

    def number(self, name: str) -> float:
        """A finite number; 0 after a finding."""
        return float(self._take(name, "a number", is_number, 0.0))

    def flag(self, name: str) -> bool:
        """True or false."""
        return self._take(name, "true or false", lambda value: isinstance(value, bool), False)

    def moment(self, name: str) -> datetime | None:
        """A date and time with its zone; None after a finding."""
        text = self.text(name)
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            if isinstance(self.content.get(name), str):
                self._refuse(name, "a date and time with its zone")
            return None
        return moment

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of strings."""
        values = self._list(name)
        return tuple(self._each(name, values, "a text", lambda value: isinstance(value, str)))

    def pairs(self, name: str) -> tuple[tuple[int, int], ...]:
        """A list of pairs of whole numbers."""
        values = self._list(name)
        return tuple((one[0], one[1]) for one in self._each(name, values, "two whole numbers", is_pair))

    def triples(self, name: str) -> tuple[tuple[str, str, int], ...]:
        """A list of two strings and a whole number each."""
        values = self._list(name)
        good = self._each(name, values, "two texts and a whole number", is_triple)
        return tuple((one[0], one[1], one[2]) for one in good)

    def objects(self, name: str) -> Iterator[Fields]:
        """Each object of a list."""
        values = self._list(name)
        for index, value in enumerate(values):
            if isinstance(value, dict):
                yield self._inner(value, f"{name}[{index}]")
            else:
                self._refuse_value(f"{name}[{index}]", value, "an object")

    def object(self, name: str) -> Fields:
        """An object; an empty one after a finding."""
        return self._inner(self._take(name, "an object", lambda value: isinstance(value, dict), {}), name)

    def _inner(self, content: dict[str, Any], name: str) -> Fields:
        return Fields(content=content, where=_join(self.where, name), findings=self.findings)

    def _list(self, name: str) -> list[Any]:
        return self._take(name, "a list", lambda value: isinstance(value, list), [])

    def _each(
        self, name: str, values: list[Any], expected: str, good: Callable[[Any], bool]
    ) -> Iterator[Any]:
        for index, value in enumerate(values):
            if good(value):
                yield value
            else:
                self._refuse_value(f"{name}[{index}]", value, expected)

    def _take(self, name: str, expected: str, good: Callable[[Any], bool], instead: Value) -> Value:
        value = self.content.get(name)
        if good(value):
            return value  # type: ignore[return-value]
        self._refuse(name, expected)
        return instead

    def _refuse(self, name: str, expected: str) -> None:
        if name in self.content:
            self._refuse_value(name, self.content[name], expected)
        else:
            self.findings.append(
                error("planning.document.missing", self.where, f"has no {name!r}, expected {expected}")
            )

    def _refuse_value(self, name: str, value: Any, expected: str) -> None:
        message = f"found {_shown(value)}, expected {expected}"
        self.findings.append(error("planning.document.value", _join(self.where, name), message))


def is_number(value: Any) -> bool:
    """Whether a JSON value is a finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= LARGEST if isinstance(value, int) else math.isfinite(value)


def is_whole(value: Any) -> bool:
    """Whether a JSON value is a whole number of sensible size."""
    return isinstance(value, int) and is_number(value)


def is_pair(value: Any) -> bool:
    """Whether a JSON value is a list of two whole numbers."""
    return isinstance(value, list) and len(value) == 2 and all(map(is_whole, value))


def is_triple(value: Any) -> bool:
    """Whether a JSON value is a list of two texts and a whole number."""
    if not isinstance(value, list) or len(value) != 3:
        return False
    return isinstance(value[0], str) and isinstance(value[1], str) and is_whole(value[2])


def _join(where: str, name: str) -> str:
    return f"{where}.{name}" if ": " in where else f"{where}: {name}"


def _shown(value: Any) -> str:
    text = "null" if value is None else repr(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."


_NAME_A_PLAN = "name a plan.json or the folder it lies in"


def read_json(path: Path, hint: str = _NAME_A_PLAN) -> tuple[Fields | None, list[Finding]]:
    """The object in a JSON file of bounded size; None with a finding where there is none."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return None, [_unreadable(path, hint, f"is larger than {MOST_BYTES:,} bytes")]
        content = json.loads(path.read_bytes())
    except OSError as trouble:
        return None, [_unreadable(path, hint, f"cannot be read: {trouble.strerror}")]
    except RecursionError:
        return None, [_unreadable(path, hint, "is nested too deeply")]
    except ValueError as trouble:
        return None, [_unreadable(path, hint, f"is not valid JSON: {trouble}")]
    if not isinstance(content, dict):
        return None, [_unreadable(path, hint, "holds no JSON object")]
    return Fields(content=content, where=path.name), []


def _unreadable(path: Path, hint: str, why: str) -> Finding:
    return error("planning.document.file", str(path), why, hint)
