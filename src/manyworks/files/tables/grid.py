"""Text of a table -> rows of cells with their line numbers: delimiter, quoting and fixed width found out."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from manyworks.files.limits import CELL_CHARACTERS, TABLE_COLUMNS, TABLE_ROWS

_DELIMITERS = (",", ";", "\t", "|")
_RULE = re.compile(r"[-=_+:*.\s]*$")
_LOOK_ROWS = 60
_LOOK_CHARACTERS = 200_000
_POS_HEADER = re.compile(r"^#\s*Ref\s+Val\s+Package\s+PosX\s+PosY\s+Rot\s+Side\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """Cells without outer blanks, and the line of the file the row begins on."""

    line: int
    cells: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """No cell holds anything."""
        return not any(self.cells)

    @property
    def is_rule(self) -> bool:
        """A line drawn under the header: filled cells hold dashes only."""
        filled = [cell for cell in self.cells if cell]
        return bool(filled) and all(_RULE.match(cell) and len(cell) > 1 for cell in filled)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table as it stands in the file. ``header`` is the index of the row of column names, if any."""

    rows: tuple[Row, ...]
    header: int | None
    delimiter: str
    cut: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Column names as written; empty where the table has none."""
        return () if self.header is None else self.rows[self.header].cells

    @property
    def body(self) -> tuple[Row, ...]:
        """Rows after the header that are neither empty nor a drawn line."""
        first = 0 if self.header is None else self.header + 1
        return tuple(row for row in self.rows[first:] if not row.is_empty and not row.is_rule)


def read_grid(text: str, known: Callable[[str], bool]) -> Grid | None:
    """The table in a text, or None where it looks like none.

    Parameters
    ----------
    text
        The whole file.
    known
        Whether a cell is a column name of the vocabulary; this finds header row and delimiter.
    """
    text = text.replace("\x00", "")
    fixed = _fixed_width(text)
    if fixed is not None:
        return fixed
    looks = [_look(_rows(text[:_LOOK_CHARACTERS], mark, _LOOK_ROWS), known) for mark in _DELIMITERS]
    best = max(range(len(looks)), key=lambda index: (looks[index].hits, looks[index].width))
    delimiter = _DELIMITERS[best]
    rows = _rows(text, delimiter, TABLE_ROWS + 1)
    look = _look(rows[:_LOOK_ROWS], known)
    if look.header is None and look.width < 2:
        return None
    return Grid(
        rows=tuple(rows[:TABLE_ROWS]),
        header=look.header,
        delimiter=delimiter,
        cut=len(rows) > TABLE_ROWS,
    )


@dataclass(frozen=True, slots=True)
class _Look:
    """What rows look like: known names in the best header row, its index, columns the rows share."""

    hits: int
    width: int
    header: int | None


def _look(rows: Sequence[Row], known: Callable[[str], bool]) -> _Look:
    hits, header, width = 0, None, _columns_agree(rows)
    for index, row in enumerate(rows):
        filled = [cell for cell in row.cells if cell]
        found = sum(1 for cell in filled if len(cell) < 60 and known(cell))
        if found > hits and found * 4 >= len(filled) and (found > 1 or _all_words(filled, width)):
            hits, header = found, index
    return _Look(hits, width, header)


def _all_words(cells: Sequence[str], width: int) -> bool:
    """A row with one known name is a header only if it fills the table and holds no number."""
    return len(cells) == width > 1 and not any(cell[0].isdigit() for cell in cells)


def _columns_agree(rows: Sequence[Row]) -> int:
    """The number of columns nearly all rows share; 1 where they do not agree."""
    widths = Counter(len(row.cells) for row in rows if not row.is_empty)
    if not widths:
        return 0
    width, count = widths.most_common(1)[0]
    return width if count * 10 >= sum(widths.values()) * 9 else 1


def _rows(text: str, delimiter: str, limit: int) -> list[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    rows: list[Row] = []
    line = 1
    try:
        for cells in reader:
            rows.append(Row(line, _trim(cells)))
            line = reader.line_num + 1
            if len(rows) >= limit:
                break
    except csv.Error:
        return _rows_unquoted(text, delimiter, limit)
    return rows


def _rows_unquoted(text: str, delimiter: str, limit: int) -> list[Row]:
    """Rows where quoting is broken (a cell beyond the csv module's size, a stray quote)."""
    lines = text.split("\n", limit)[:limit]
    return [Row(number, _trim(line.split(delimiter))) for number, line in enumerate(lines, 1)]


def _trim(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(cell[:CELL_CHARACTERS].strip().strip("\ufeff\u200b") for cell in cells[:TABLE_COLUMNS])


def _fixed_width(text: str) -> Grid | None:
    """KiCad's ``.pos``: columns by width, values may hold blanks, the last four never do."""
    lines = text.splitlines()
    header = next((i for i, line in enumerate(lines[:_LOOK_ROWS]) if _POS_HEADER.match(line)), None)
    if header is None:
        return None
    names = lines[header]
    value, package = names.index("Val"), names.index("Package")
    rows = [Row(header + 1, tuple(names.lstrip("# ").split()))]
    rows.extend(_fixed_rows(lines, header + 1, value, package))
    return Grid(rows=tuple(rows[:TABLE_ROWS]), header=0, delimiter="fixed width", cut=len(rows) > TABLE_ROWS)


def _fixed_rows(lines: list[str], first: int, value: int, package: int) -> Iterator[Row]:
    for number, line in enumerate(lines[first : first + TABLE_ROWS + 1], first + 1):
        parts = line.rsplit(None, 4)
        if line.startswith("#") or len(parts) < 5:
            continue
        head = parts[0]
        cells = (head[:value], head[value:package], head[package:], *parts[1:])
        yield Row(number, _trim(cells))
