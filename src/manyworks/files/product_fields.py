"""The keys of a product.toml: what each takes, and every way in which one can be wrong."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from manyworks.files.limits import COORDINATE_MM, PRODUCT_KEYS, SMALLEST
from manyworks.files.toml_text import KeyLines
from manyworks.model import Finding, Parameter, error

# A check returns the value to use; what it cannot use it refuses with ValueError("a number was expected").
Check: TypeAlias = Callable[[Any], Any]

_ID = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._/+-]{0,99}$")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("a text in quotes was expected")
    return value


def _id(value: Any) -> str:
    if not _ID.match(_text(value)):
        raise ValueError("an id was expected: letters, digits and . _ - / without blanks")
    return str(value)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("a number was expected")
    # Compared before it becomes a float: a whole number may be too long for one.
    if not SMALLEST <= value < 1e12:
        raise ValueError("a number above 0 was expected")
    return float(value)


def _size(value: Any) -> tuple[float, ...]:
    if not isinstance(value, list) or len(value) != 3:
        raise ValueError("three numbers in mm were expected, as [100, 50, 20]")
    sides = tuple(_number(side) for side in value)
    if max(sides) > COORDINATE_MM:
        raise ValueError(f"at most {COORDINATE_MM:g} mm along a side were expected")
    return sides


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError('a list of texts was expected, as ["a", "b"]')
    return tuple(_text(entry) for entry in value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false was expected")
    return value


def _commodity(value: Any) -> str:
    code = _text(value)
    if not (code.isascii() and code.isdigit() and 6 <= len(code) <= 12):
        raise ValueError("6 to 12 digits without blanks and dots were expected")
    return code


def _parameters(value: Any) -> tuple[Parameter, ...]:
    if not isinstance(value, list):
        raise ValueError('a list was expected, as [{ name = "width", value = 900, unit = "mm" }]')
    return tuple(_parameter(entry) for entry in value)


def _parameter(entry: Any) -> Parameter:
    if not isinstance(entry, dict) or set(entry) != {"name", "value", "unit"}:
        raise ValueError(
            'each parameter has a name, a value and a unit, as { name = "width", value = 900, unit = "mm" }'
        )
    return Parameter(name=_text(entry["name"]), value=_number(entry["value"]), unit=_text(entry["unit"]))


ITEM_KEYS: Mapping[str, Check] = {
    "id": _id,
    **dict.fromkeys(
        (
            "name", "revision", "unit", "hazard", "material", "finish", "colour", "description",
            "manufacturer", "mpn", "value", "footprint", "licence", "derived_from",
        ),
        _text,
    ),
    "mass_kg": _number,
    "size_mm": _size,
    "commodity_code": _commodity,
    "processes": _texts,
    "required_certificates": _texts,
    "parameters": _parameters,
    "design": _text,
    "bill": _text,
    "positions": _text,
}  # fmt: skip
LINE_KEYS: Mapping[str, Check] = {
    "parent": _id,
    "item": _id,
    "quantity": _number,
    "step": _text,
    "fitted": _flag,
    "designators": _texts,
    "substitutes": _texts,
}
FILE_KEYS = ("design", "bill", "positions")
TOP_KEYS = ("product", "item", "bill")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One table of the file with its checked values and the places they stand at."""

    table: str
    index: int
    file: str
    lines: KeyLines
    values: Mapping[str, Any] = field(default_factory=dict)

    def where(self, key: str = "") -> str:
        """``file:line`` of a key or of the table."""
        return f"{self.file}:{self.lines.find(self.table, self.index, key) or 1}"


def check_entry(raw: object, entry: Entry, keys: Mapping[str, Check], findings: list[Finding]) -> Entry:
    """The entry with those values that hold; a finding for each that does not."""
    if not isinstance(raw, dict):
        text = f"[{entry.table}] was expected to be a table of keys"
        findings.append(error("files.product.not-a-table", entry.where(), text))
        return entry
    if len(raw) > PRODUCT_KEYS:
        findings.append(error("files.product.too-large", entry.where(), f"more than {PRODUCT_KEYS} keys"))
        return entry
    values: dict[str, Any] = {}
    for key, value in raw.items():
        if key not in keys:
            findings.append(unknown_key(key, tuple(keys), entry.where(key), f"[{entry.table}]"))
            continue
        try:
            values[key] = keys[key](value)
        except ValueError as trouble:
            text = f"{key} is {_shown(value)}; {trouble}"
            findings.append(error("files.product.value", entry.where(key), text))
    return Entry(table=entry.table, index=entry.index, file=entry.file, lines=entry.lines, values=values)


def _shown(value: object) -> str:
    text = repr(value) if not isinstance(value, bool) else str(value).lower()
    return text if len(text) <= 60 else text[:57] + "..."


def unknown_key(key: str, known: tuple[str, ...], where: str, place: str) -> Finding:
    """The error for a key nobody knows, with the nearest one that exists."""
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}?" if near else "known keys: " + ", ".join(known)
    return error("files.product.unknown-key", where, f"{place} has no key {key[:60]!r}", hint)
