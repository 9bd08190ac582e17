"""Rows of a parts list: which are parts, which go on with the row above, which are none at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from manyworks.files.tables.designators import looks_like_designators, split_designators
from manyworks.files.tables.grid import Row
from manyworks.files.tables.roles import Columns
from manyworks.files.tables.rows import Table
from manyworks.files.vocabulary import squeeze, vocabulary

_LAST_LINE = re.compile(r"[:：]$")
_IDENTITY = ("value", "name", "mpn", "description", "supplier_part", "value_generic", "supplier_link")
_FEW = 3


@dataclass(slots=True)
class Entry:
    """A row that is a part, with the rows below that go on with it."""

    row: Row
    designator_rows: list[Row] = field(default_factory=list)
    alternative_rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftRow:
    """A row that is no part of its own, and why."""

    where: str
    text: str
    why: str


def sort_rows(table: Table) -> tuple[list[Entry], list[LeftRow]]:
    """Every row of the body once: in an entry, or named with the reason why it is no part."""
    entries: list[Entry] = []
    left: list[LeftRow] = []
    for row in table.grid.body:
        why = _goes_on(table.columns, entries, row) or _no_part(table, row)
        if why is None:
            entries.append(Entry(row))
        else:
            text = " ".join(row.filled)[:100]
            left.append(LeftRow(where=table.where(row), text=text, why=why))
    return entries, left


def _no_part(table: Table, row: Row) -> str | None:
    columns = table.columns
    if row.cells == table.grid.names:
        return "the column names again"
    filled = row.filled
    if len(filled) <= 2 and len(columns.roles) > 2 and _LAST_LINE.search(filled[0]):
        return "a summary"
    if squeeze(filled[0]) in _summary_words() and not _is_named(columns, row):
        return "a summary"
    designator = columns.cell(row, "designator")
    if len(filled) == 1 and len(columns.roles) >= _FEW and not looks_like_designators(designator):
        return "a heading"
    if not designator and not any(columns.cell(row, role) for role in _IDENTITY):
        return "names no part"
    return None


def _is_named(columns: Columns, row: Row) -> bool:
    """Whether a row whose first word is `total` is a part all the same: it has a number or a designator."""
    return bool(columns.cell(row, "mpn")) or looks_like_designators(columns.cell(row, "designator"))


@cache
def _summary_words() -> frozenset[str]:
    return frozenset(map(squeeze, vocabulary()["words"]["summary"]))


def _goes_on(columns: Columns, entries: Sequence[Entry], row: Row) -> str | None:
    """Take a row into the part above where it only adds designators or another part number to it."""
    if not entries:
        return None
    last = entries[-1]
    if not columns.cell(last.row, "designator"):
        return None
    alone = len(row.filled) == 1 and len(columns.roles) >= _FEW and len(last.row.filled) > 1
    if alone and looks_like_designators(columns.cell(row, "designator")):
        last.designator_rows.append(row)
        return "further designators of the row above"
    if _is_alternative(columns, last.row, row):
        last.alternative_rows.append(row)
        return "an alternative to the row above"
    return None


def _is_alternative(columns: Columns, above: Row, row: Row) -> bool:
    """Another part number for the same places: no designators or the same, no other value."""
    if not (columns.cell(above, "mpn") and columns.cell(row, "mpn")):
        return False
    if columns.cell(row, "mpn") == columns.cell(above, "mpn"):
        return False
    same = all(
        columns.cell(row, role) in ("", columns.cell(above, role))
        for role in ("value", "footprint", "quantity")
    )
    own = split_designators(columns.cell(row, "designator"))
    return same and (not own or own == split_designators(columns.cell(above, "designator")))
