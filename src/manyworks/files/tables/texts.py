"""Text of a table -> its grid: delimiter, quoting and fixed widths found out."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from manyworks.files.limits import TABLE_ROWS
from manyworks.files.tables.fixed_width import LEAST_NAMES, columns_by_blanks, mounting_list, pick_and_place
from manyworks.files.tables.grid import LOOK_ROWS, Grid, Look, Row, grid_of, look_at, row_of

_DELIMITERS = (",", ";", "\t", "|", "!")
_LOOK_CHARACTERS = 200_000


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
    placed = pick_and_place(text) or mounting_list(text)
    if placed is not None:
        return placed
    head = text[:_LOOK_CHARACTERS]
    looks = [look_at(_rows(head, mark, LOOK_ROWS)[0], known) for mark in _DELIMITERS]
    best = max(range(len(looks)), key=lambda index: (looks[index].hits, looks[index].width))
    aligned = columns_by_blanks(text, known) if looks[best].hits < LEAST_NAMES else None
    if aligned is not None:
        return aligned
    return _delimited(text, _DELIMITERS[best], looks[best], known)


def _delimited(text: str, delimiter: str, look: Look, known: Callable[[str], bool]) -> Grid | None:
    if look.header is None and look.width < 2:
        return None
    rows, mended = _rows(text, delimiter, TABLE_ROWS + 1)
    return grid_of(rows, delimiter, known, mended=mended)


def _rows(text: str, delimiter: str, limit: int) -> tuple[list[Row], str]:
    """Rows, and ``quotes`` where quotation marks had to be taken as they stand."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    rows: list[Row] = []
    line = 1
    try:
        for cells in reader:
            rows.append(row_of(line, cells))
            line, began = reader.line_num + 1, line
            if len(rows) >= limit:
                return rows, ""
    except csv.Error:
        return _rows_unquoted(text, delimiter, limit), "quotes"
    if rows and line - began > 2 and text.count('"') % 2:
        # The last row runs over several lines in a file of odd marks: one was opened and never closed.
        return _rows_unquoted(text, delimiter, limit), "quotes"
    return rows, ""


def _rows_unquoted(text: str, delimiter: str, limit: int) -> list[Row]:
    """Rows where quoting is broken (a cell beyond the csv module's size, a stray quote)."""
    lines = text.split("\n", limit)[:limit]
    return [
        row_of(number, [cell.strip().strip('"') for cell in line.split(delimiter)])
        for number, line in enumerate(lines, 1)
    ]
