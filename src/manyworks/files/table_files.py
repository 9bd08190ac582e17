"""Files that hold tables, text or spreadsheet: which of their tables is the one that is wanted."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from manyworks.files.sources import Source
from manyworks.files.tables import Table, TableKind, read_tables
from manyworks.model import Finding

SPREADSHEETS = (".xlsx", ".xlsm", ".xltx", ".xlsb", ".xls", ".ods", ".ots")


def tables_of(source: Source) -> tuple[Sequence[Table], Sequence[Finding]]:
    """Every table of a file: one of a text, one for each sheet of a spreadsheet."""
    return read_tables(source)


def read_some_table(source: Source, kinds: Collection[TableKind], findings: list[Finding]) -> Table | None:
    """The first table of a file that is of one of the kinds; parts lists come before orders."""
    tables, trouble = tables_of(source)
    findings.extend(trouble)
    fitting = [table for table in tables if table.kind in kinds]
    return min(fitting, key=lambda table: table.kind is TableKind.ORDER, default=None)
