"""TOML files with the line each key stands on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from manyworks.files.network.cells import CellError
from manyworks.files.network.nearest import nearest_hint
from manyworks.files.network.rows import Row, read_text
from manyworks.files.network.values import empty_value, misread, missing, read_value, toml_text
from manyworks.files.network.vocabulary import Column, Table
from manyworks.files.toml_text import KeyLines, TomlError, parse_toml
from manyworks.model import Finding, error

MAX_BYTES = 8 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A parsed TOML file and where its keys stand."""

    file: str
    content: Mapping[str, Any]
    lines: KeyLines

    def where(self, key: str, table: str = "", index: int = 0) -> str:
        """``file:line`` of a key (or of the table it names), else of the table it is in, else the file."""
        line = self.lines.find_key(key, table, index)
        return f"{self.file}:{line}" if line else self.file


def read_document(path: Path) -> tuple[Document | None, list[Finding]]:
    """Read a TOML file of bounded size."""
    text, findings = read_text(path, MAX_BYTES)
    if text is None:
        return None, findings
    try:
        content = parse_toml(text)
    except TomlError as trouble:
        return None, [_broken(path.name, trouble)]
    return Document(file=path.name, content=content, lines=KeyLines(text)), []


def _broken(file: str, trouble: TomlError) -> Finding:
    where = f"{file}:{trouble.line}" if trouble.line else file
    hint = 'text stands in "quotation marks", tables in [brackets]'
    return error("files.network.toml", where, f"not valid TOML: {trouble}", hint)


def read_entry(
    document: Document,
    entry: Mapping[str, Any],
    table: Table,
    *,
    name: str = "",
    index: int = 0,
    beside: str = "",
) -> tuple[Row, list[Finding]]:
    """Read one TOML table by the columns of ``table``; the key ``beside`` is the caller's."""
    findings: list[Finding] = []
    values: dict[str, Any] = {}
    for column in table.columns:
        where = document.where(column.name, name, index)
        found, trouble = _read_key(column, entry, where)
        if trouble is None:
            values[column.name] = found
        else:
            findings.append(trouble)
    known = [column.name for column in table.columns] + [beside] * bool(beside)
    strange = [key for key in entry if key not in known]
    findings += [unknown_key(key, known, document.where(key, name, index)) for key in strange]
    return Row(document.where("", name, index), values), findings


def _read_key(column: Column, entry: Mapping[str, Any], where: str) -> tuple[Any, Finding | None]:
    found = entry.get(column.name, "")
    if isinstance(found, str) and not found.strip():
        return (None, missing(column, where)) if column.required else (empty_value(column), None)
    try:
        return read_value(column, toml_text(column, found)), None
    except CellError as trouble:
        return None, misread(column, where, found, trouble)


def unknown_key(key: str, known: list[str], where: str) -> Finding:
    """Make the finding for a key that means nothing here."""
    hint = nearest_hint(key, known) or f"known: {', '.join(known)}"
    return error("files.network.key", where, f"unknown key {key!r}", hint)
