"""The room's own data files, read once."""

from __future__ import annotations

import csv
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


def _text(name: str) -> str:
    return files("manyworks.market").joinpath("data", name).read_text(encoding="utf-8")


@cache
def toml_table(name: str) -> dict[str, Any]:
    """Content of ``data/<name>``."""
    return tomllib.loads(_text(name))


@cache
def csv_rows(name: str) -> tuple[dict[str, str], ...]:
    """Rows of ``data/<name>`` by column name; lines that begin with ``#`` are remarks."""
    lines = [line for line in _text(name).splitlines() if line and not line.startswith("#")]
    return tuple(csv.DictReader(lines))
