"""The room's own reference tables: read once, every figure with its source."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

Row = Mapping[str, str]


@cache
def read_table(name: str) -> tuple[Row, ...]:
    """Rows of ``data/<name>.csv``, in the order of the file."""
    text = files("manyworks.logistics").joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def _constants() -> dict[str, Row]:
    return {row["name"]: row for row in read_table("constants")}


@cache
def constant(name: str) -> float:
    """Value of a constant of ``data/constants.csv``."""
    return float(_constants()[name]["value"])


@cache
def explain_constant(name: str) -> str:
    """One sentence on a constant for a list of assumptions: name, value, unit, source, confidence."""
    row = _constants()[name]
    words = name.replace("_", " ")
    return f"{words} {row['value']} {row['unit']} ({row['source']}; {row['confidence']} confidence)"
