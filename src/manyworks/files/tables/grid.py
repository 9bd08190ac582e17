"""Rows of cells -> a table: which row holds the column names, and where its body begins."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from manyworks.files.limits import CELL_CHARACTERS, TABLE_COLUMNS, TABLE_ROWS

LOOK_ROWS = 60
"""Column names stand among so many first rows; titles and notes may stand above them."""

_RULE = re.compile(r"[-=_+:*.\s]*$")
_GUARDED = re.compile(r'^="([^"]*)"$')
_HYPERLINK = re.compile(r'^=HYPERLINK\(\s*"([^"]*)"\s*(?:[,;]\s*"([^"]*)"\s*)?\)$', re.IGNORECASE)
_NAME_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Row:
    """Cells without outer blanks, and the line of the file (the row of the sheet) the row begins on.

    ``links`` are web addresses behind the cells, which their texts do not show.
    """

    line: int
    cells: tuple[str, ...]
    links: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """No cell holds anything."""
        return not any(self.cells)

    @property
    def is_rule(self) -> bool:
        """A line drawn under the header: filled cells hold dashes only."""
        filled = self.filled
        return bool(filled) and all(_RULE.match(cell) and len(cell) > 1 for cell in filled)

    @property
    def filled(self) -> tuple[str, ...]:
        """The cells that hold something."""
        return tuple(cell for cell in self.cells if cell)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table as it stands in the file.

    Parameters
    ----------
    header
        Index of the row of column names; None where the table has none.
    delimiter
        ``,`` ``;`` a tab ... or ``fixed width``; empty for a sheet of a spreadsheet.
    names
        Column names; with two rows of names, both together.
    first
        Index of the first row of the body.
    cut
        Whether the file goes on beyond the rows read.
    mended
        What had to be put up with to read it (``quotes``); empty where nothing had.
    """

    rows: tuple[Row, ...]
    header: int | None
    delimiter: str
    names: tuple[str, ...] = ()
    first: int = 0
    cut: bool = False
    mended: str = ""

    @property
    def preamble(self) -> tuple[Row, ...]:
        """Filled rows above the column names: titles, revision, notes."""
        return tuple(row for row in self.rows[: self.header or 0] if not row.is_empty and not row.is_rule)

    @property
    def body(self) -> tuple[Row, ...]:
        """Rows below the column names that are neither empty nor a drawn line."""
        return tuple(row for row in self.rows[self.first :] if not row.is_empty and not row.is_rule)


def grid_of(
    rows: Sequence[Row], delimiter: str, known: Callable[[str], bool], *, cut: bool = False, mended: str = ""
) -> Grid | None:
    """The table that rows make; None where they look like none.

    Parameters
    ----------
    known
        Whether a cell is a column name of the vocabulary; this finds the row of names.
    """
    look = look_at(rows[:LOOK_ROWS], known)
    if look.header is None and look.width < 2:
        return None
    names, first = ((), 0) if look.header is None else _names(rows, look.header, known)
    return Grid(
        rows=tuple(rows[:TABLE_ROWS]),
        header=look.header,
        delimiter=delimiter,
        names=names,
        first=first,
        cut=cut or len(rows) > TABLE_ROWS,
        mended=mended,
    )


@dataclass(frozen=True, slots=True)
class Look:
    """What rows look like: known names in the best header row, its index, columns the rows share."""

    hits: int
    width: int
    header: int | None


def look_at(rows: Sequence[Row], known: Callable[[str], bool]) -> Look:
    """Find the row that holds most known column names."""
    hits, header, width = 0, None, _columns_agree(rows)
    for index, row in enumerate(rows):
        filled = row.filled
        found = sum(1 for cell in filled if len(cell) < _NAME_LENGTH and known(cell))
        if found > hits and found * 4 >= len(filled) and (found > 1 or _all_words(filled, width)):
            hits, header = found, index
    return Look(hits, width, header)


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


def _names(rows: Sequence[Row], header: int, known: Callable[[str], bool]) -> tuple[tuple[str, ...], int]:
    """Column names, with a second row of names above or below taken in, and where the body begins."""
    alone = rows[header].cells
    if header + 1 < len(rows) and _goes_on_below(alone, rows[header + 1], known):
        return _joined(alone, rows[header + 1].cells, known), header + 2
    if header:
        above = rows[header - 1].cells
        joined = _joined(above, alone, known)
        gained = sum(map(known, joined)) - sum(map(known, alone))
        finer = sum(name != cell and known(name) for name, cell in zip(joined, alone, strict=False) if cell)
        if gained > 0 or finer > 0:
            return joined, header + 1
    return alone, header + 1


def _goes_on_below(names: Sequence[str], below: Row, known: Callable[[str], bool]) -> bool:
    """Whether every cell of the row below makes a known name together with the one it stands under."""
    upper = _spread(names, len(below.cells))
    pairs = [(over, cell) for over, cell in zip(upper, below.cells, strict=True) if cell]
    return len(pairs) > 1 and all(over and known(f"{over} {cell}") for over, cell in pairs)


def _joined(upper: Sequence[str], lower: Sequence[str], known: Callable[[str], bool]) -> tuple[str, ...]:
    """Two rows of names as one: a title over several columns goes before each of their names."""
    width = max(len(upper), len(lower))
    over = _spread(upper, width)
    own = (*upper, *[""] * (width - len(upper)))
    under = (*lower, *[""] * (width - len(lower)))
    return tuple(
        f"{title} {name}"
        if title and name and len(title) < _NAME_LENGTH and known(f"{title} {name}")
        else name or (above if len(above) < _NAME_LENGTH else "")
        for title, above, name in zip(over, own, under, strict=True)
    )


def _spread(cells: Sequence[str], width: int) -> tuple[str, ...]:
    """Each cell said again over the empty ones after it, as a merged title spans its columns."""
    result, last = [], ""
    for index in range(width):
        last = (cells[index] if index < len(cells) else "") or last
        result.append(last)
    return tuple(result)


def row_of(line: int, cells: Sequence[str], links: tuple[str, ...] = ()) -> Row:
    """A row of trimmed cells; addresses in spreadsheet formulas become links of the row."""
    behind = (_HYPERLINK.match(cell.strip()) for cell in cells if cell.lstrip().startswith("=H"))
    found = tuple(match[1] for match in behind if match and match[2])
    return Row(line, trim(cells), (*links, *found))


def trim(cells: Sequence[str]) -> tuple[str, ...]:
    """Cells without outer blanks, marks and the guards that keep a spreadsheet from counting with them."""
    return tuple(_clean(cell[:CELL_CHARACTERS]) for cell in cells[:TABLE_COLUMNS])


def _clean(cell: str) -> str:
    text = cell.replace("\xa0", " ").strip().strip("\ufeff\u200b").strip()
    if text[:1] == "=":
        if guarded := _GUARDED.match(text):
            return guarded[1].strip()
        if link := _HYPERLINK.match(text):
            return (link[2] or link[1]).strip()
    return text
