"""One cell or key against its column: the value, or a finding that says found, expected and what to do."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from manyworks.files.network.cells import CellError
from manyworks.files.network.nearest import nearest_hint
from manyworks.files.network.vocabulary import Column
from manyworks.model import Finding, error

MAX_CELL = 20_000
"""Longest cell in characters; the longest sensible one is a list of price breaks."""
MAX_BITS = 256
"""Longest whole number looked at; TOML sets no end to them."""


def empty_value(column: Column) -> Any:
    """What an empty cell of this column stands for."""
    return column.kind.parse(column.default) if column.default else column.kind.empty


def read_value(column: Column, text: str) -> Any:
    """Read the text of one cell.

    Raises
    ------
    CellError
        When the text is not what the column holds.
    """
    if len(text) > MAX_CELL:
        raise CellError(f"at most {MAX_CELL} characters, not {len(text)}")
    value = column.kind.parse(text)
    if column.choices and value not in column.choices:
        raise CellError(f"one of {', '.join(column.choices)}", nearest_hint(text, column.choices))
    if isinstance(value, int | float) and not _within(column, value):
        raise CellError(_range_of(column))
    return value


def _within(column: Column, value: float) -> bool:
    return (
        (column.least is None or value >= column.least)
        and (column.above is None or value > column.above)
        and (column.most is None or value <= column.most)
    )


def _range_of(column: Column) -> str:
    unit = f" ({column.unit})" if column.unit else ""
    bounds = [
        f"at least {column.least:g}" if column.least is not None else "",
        f"above {column.above:g}" if column.above is not None else "",
        f"at most {column.most:g}" if column.most is not None else "",
    ]
    return f"a {column.kind.name} {' and '.join(bound for bound in bounds if bound)}{unit}"


def shown(text: object) -> str:
    """Text as found, in quotes and cut to a length people can read."""
    if isinstance(text, int) and text.bit_length() > MAX_BITS:
        return "a number of very many digits"
    plain = str(text)
    return repr(plain if len(plain) <= 60 else plain[:57] + "...")


def misread(column: Column, where: str, found: object, trouble: CellError) -> Finding:
    """Make the finding for a cell or key that could not be read."""
    message = f"{column.name}: found {shown(found)}, expected {trouble.expected}"
    return error("files.network.value", where, message, trouble.hint or column.meaning)


def missing(column: Column, where: str) -> Finding:
    """Make the finding for a required cell or key that is empty."""
    how = (
        f"{column.kind.name}, written {column.kind.how}"
        if column.kind.how.startswith("`")
        else column.kind.how
    )
    return error("files.network.missing", where, f"{column.name} is empty, expected {how}", column.meaning)


def toml_text(column: Column, value: object) -> str:
    """Text of a TOML value as it would stand in a cell.

    Raises
    ------
    CellError
        When the value has the wrong TOML type, such as a number in quotes.
    """
    if isinstance(value, bool) or not isinstance(value, column.kind.toml) or isinstance(value, datetime):
        quoted = isinstance(value, str) and column.kind.toml[0] is not str
        hint = "write it without quotes" if quoted else ""
        kind = "text in quotes" if column.kind.toml[0] is str else f"a {column.kind.name}"
        raise CellError(f"{kind}, not {_toml_type(value)}", hint)
    if isinstance(value, int) and value.bit_length() > MAX_BITS:
        raise CellError(f"a {column.kind.name} of fewer digits")
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def _toml_type(value: object) -> str:
    names = {
        bool: "true or false",
        str: "text",
        int: "a number",
        float: "a number",
        list: "a list",
        dict: "a table",
    }
    return names.get(type(value), "a date or time")
