"""The room's own data files, read once."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources


@cache
def read_table(name: str) -> tuple[dict[str, str], ...]:
    """Rows of ``data/<name>.csv`` in the order of the file; lines that begin with ``#`` are remarks."""
    text = (resources.files("manyworks.report") / "data" / f"{name}.csv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return tuple(dict(row) for row in csv.DictReader(lines))


@cache
def index_table(name: str, key: str) -> dict[str, dict[str, str]]:
    """Rows of ``data/<name>.csv`` by the text of their column ``key``."""
    return {row[key]: row for row in read_table(name)}
