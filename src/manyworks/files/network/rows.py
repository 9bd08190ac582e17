"""CSV files as people's spreadsheets write them -> rows of typed values, with the line each stands on."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from manyworks.files.network.cells import CellError
from manyworks.files.network.nearest import nearest_hint
from manyworks.files.network.trouble import MAX_FINDINGS
from manyworks.files.network.values import empty_value, misread, missing, read_value, shown
from manyworks.files.network.vocabulary import Column, Table
from manyworks.files.sources import decode, is_file, open_source
from manyworks.model import Finding, error, warning

MAX_BYTES = 256 * 2**20
"""Largest file read; a million offers take about 100 MB."""
MAX_ROWS = 2_000_000
MAX_COLUMNS = 200
MAX_LINE = 500_000
MAX_SEEN = 10_000
"""Different texts remembered for each column."""

_NOTE_NAMES = ("note", "notes", "remark", "remarks", "comment", "comments")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands and what its cells say. Cells that could not be read are absent."""

    where: str
    values: Mapping[str, Any]

    def __getitem__(self, column: str) -> Any:
        return self.values[column]

    def get(self, column: str) -> Any:
        """Value of a column, None where the cell could not be read."""
        return self.values.get(column)


class _Reader:
    """Reads the cells of one column; the same text is only looked at once."""

    __slots__ = ("column", "seen")

    def __init__(self, column: Column) -> None:
        self.column = column
        self.seen: dict[str, Any] = {}

    def read(self, text: str) -> Any:
        if text in self.seen:
            return self.seen[text]
        if not text:
            raise CellError("")
        value = read_value(self.column, text)
        if len(self.seen) < MAX_SEEN:
            self.seen[text] = value
        return value


def read_rows(path: Path, table: Table) -> tuple[list[Row] | None, list[Finding]]:
    """Read one table of a network; None where it cannot be read, no rows where it may be absent."""
    if not path.exists() and not path.is_symlink():  # a link to nothing was meant to be something
        absent = _absent(table)
        return None if absent else [], absent
    text, findings = read_text(path, MAX_BYTES)
    if text is None:
        return None, findings
    rows, troubles = _parse(text, table)
    return rows, findings + troubles


def _absent(table: Table) -> list[Finding]:
    if not table.required:
        return []
    return [error("files.network.file", table.file, f"{table.file} is not there", table.about)]


def read_text(path: Path, most_bytes: int) -> tuple[str | None, list[Finding]]:
    """Read a text file of bounded size, whatever its encoding; an old one gets a warning."""
    if not is_file(path):
        return None, [error("files.network.file", path.name, "not an ordinary file")]
    source = open_source(path, path.name, most_bytes)
    if isinstance(source, Finding):
        return None, [source]
    text, encoding = decode(source.data)
    if _has_endless_line(text):
        message = f"a line of more than {MAX_LINE:,} characters"
        return None, [error("files.network.file", path.name, message, "is it a text file with rows?")]
    if text.count("\n") > 2 * MAX_ROWS:
        message = f"more than {2 * MAX_ROWS:,} lines"
        return None, [error("files.network.file", path.name, message, "split the network")]
    if encoding.startswith("utf"):
        return text, []
    message = f"the file is not UTF-8 text; read as {encoding}"
    return text, [warning("files.network.encoding", path.name, message, "save it as 'CSV UTF-8'")]


def _has_endless_line(text: str) -> bool:
    """Whether some stretch of `MAX_LINE` characters holds no line end."""
    last = len(text) - MAX_LINE
    return any(text.find("\n", start, start + MAX_LINE) < 0 for start in range(0, last, MAX_LINE))


def _parse(text: str, table: Table) -> tuple[list[Row] | None, list[Finding]]:
    findings: list[Finding] = []
    lines = _lines(text, table, findings)
    header_line, header = next(lines, (1, []))
    columns = _header(header, table, f"{table.file}:row {header_line}", findings)
    if columns is None:
        return None, findings
    absent = {column.name: empty_value(column) for column in table.columns}
    rows: list[Row] = []
    more = 0
    for number, cells in islice(lines, MAX_ROWS):
        row, troubles = _row(cells, columns, absent, f"{table.file}:row {number}")
        rows.append(row)
        room = max(0, MAX_FINDINGS - len(findings))
        findings += troubles[:room]
        more += len(troubles[room:])
    if more:
        findings.append(error("files.network.many", table.file, f"and {more} more problems in this file"))
    if next(lines, None) is not None:
        findings.append(
            error("files.network.file", table.file, f"more rows than {MAX_ROWS}", "split the network")
        )
    return rows, findings


def _lines(text: str, table: Table, findings: list[Finding]) -> Iterator[tuple[int, list[str]]]:
    """Yield the first line number and the cells of each record that is neither blank nor a ``#`` remark."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    number = 1
    try:
        for record in reader:
            cells = [cell.strip() for cell in record]
            if any(cells) and not cells[0].startswith("#"):
                yield number, cells
            number = reader.line_num + 1
    except csv.Error as trouble:
        where = f"{table.file}:row {number}"
        hint = "look for a quotation mark that is opened and never closed"
        findings.append(error("files.network.file", where, f"not a table from here on: {trouble}", hint))


def _delimiter(text: str) -> str:
    first = next((line for line in io.StringIO(text) if line.strip() and not line.startswith("#")), "")
    return max(",;\t", key=first.count)


def _header(
    cells: Sequence[str], table: Table, where: str, findings: list[Finding]
) -> list[_Reader | None] | None:
    """Match the header with the table's columns; None stands for a column of notes."""
    names = [cell.lower().replace(" ", "_") for cell in cells[:MAX_COLUMNS]]
    known = {column.name: _Reader(column) for column in table.columns}
    twice = [name for name in known if names.count(name) > 1]
    findings += [error("files.network.header", where, f"column {name} stands there twice") for name in twice]
    if len(cells) > MAX_COLUMNS:
        message = f"{len(cells)} columns, expected at most {MAX_COLUMNS}"
        findings.append(error("files.network.header", where, message))
    unknown = [name for name in names if name not in known and not _is_note(name)]
    findings += [_unknown_column(name, table, where) for name in unknown]
    absent = [column for column in table.columns if column.required and column.name not in names]
    findings += [
        error("files.network.header", where, f"column {column.name} is missing", column.meaning)
        for column in absent
    ]
    return None if absent else [known.get(name) for name in names]


def _is_note(name: str) -> bool:
    return not name or name.startswith("#") or name in _NOTE_NAMES


def _unknown_column(name: str, table: Table, where: str) -> Finding:
    hint = nearest_hint(name, [column.name for column in table.columns])
    return error(
        "files.network.header",
        where,
        f"unknown column {shown(name)}",
        hint or "put # before its name if it is only for people",
    )


def _row(
    cells: Sequence[str], columns: Sequence[_Reader | None], absent: Mapping[str, Any], where: str
) -> tuple[Row, list[Finding]]:
    values = dict(absent)
    findings = _surplus(cells, columns, where)
    padded = [*cells, *[""] * (len(columns) - len(cells))]
    for reader, text in zip(columns, padded, strict=False):
        if reader is None or (not text and not reader.column.required):
            continue
        try:
            values[reader.column.name] = reader.read(text)
        except CellError as trouble:
            values.pop(reader.column.name, None)  # a column that stands there twice is gone already
            told = misread(reader.column, where, text, trouble) if text else missing(reader.column, where)
            findings.append(told)
    return Row(where, values), findings


def _surplus(cells: Sequence[str], columns: Sequence[_Reader | None], where: str) -> list[Finding]:
    if not any(cells[len(columns) :]):
        return []
    message = f"{len(cells)} cells, expected {len(columns)} as in the header"
    return [
        error("files.network.row", where, message, "put cells that hold the delimiter into quotation marks")
    ]
