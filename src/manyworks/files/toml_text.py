"""TOML text -> its content, and the line each table and key stands on."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from manyworks.files.limits import TOML_KEY_PARTS

_HEADER = re.compile(r"\s*+(\[\[?)\s*+([\w.\"'-]++(?:\s++[\w.\"'-]++)*+)\s*+\]\]?\s*+(?:#|$)")
_KEY = re.compile(r"\s*+[\"']?([\w-]++)[\"']?\s*+=")
_AT_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)")
# The parser takes time with the square of a dotted key's parts, and builds tables as deep. Looked for
# only where a word begins: a text of one long word would else be walked through from each letter.
_LONG_KEY = re.compile(
    rf"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{TOML_KEY_PARTS}}}"""
)


class TomlError(ValueError):
    """The text is no TOML; ``line`` says where, 0 where nobody knows."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


def parse_toml(text: str) -> dict[str, Any]:
    """Content of a TOML text.

    Raises
    ------
    TomlError
        Not TOML, nested too deeply, or a key of more parts than anybody writes.
    """
    long = _LONG_KEY.search(text)
    if long is not None:
        line = text.count("\n", 0, long.start()) + 1
        raise TomlError(f"a key of more than {TOML_KEY_PARTS} parts", line)
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise TomlError("nested too deeply") from None
    except ValueError as trouble:
        told = str(trouble)
        found = _AT_LINE.search(told)
        raise TomlError(_AT_LINE.sub("", told).strip()[:200], int(found[1]) if found else 0) from None


class KeyLines:
    """On which line a table or a key stands; exact but for keys inside texts of several lines.

    Tables of one name in double brackets are counted from 0; keys above all tables are in table ``""``.
    """

    def __init__(self, text: str) -> None:
        self._at: dict[tuple[str, int, str], int] = {}
        counts: dict[str, int] = {}
        table, index = "", 0
        for number, line in enumerate(text.split("\n"), start=1):
            if header := _HEADER.match(line):
                table = header[2]
                index = counts.get(table, 0) if header[1] == "[[" else 0
                counts[table] = index + 1
                self._at.setdefault((table, index, ""), number)
            elif key := _KEY.match(line):
                self._at.setdefault((table, index, key[1]), number)

    def find(self, table: str, index: int = 0, key: str = "") -> int:
        """Line of a key, else of its table, else 0."""
        return self._at.get((table, index, key)) or self._at.get((table, index, ""), 0)

    def find_key(self, key: str, table: str = "", index: int = 0) -> int:
        """Line of a key, else of the table of that name, else of the table it is in, else 0."""
        return self._at.get((table, index, key)) or self.find(key) or self.find(table, index)
