"""A table file read as far as its columns: what kind it is, its rows by role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from manyworks.files.limits import TABLE_ROWS
from manyworks.files.sources import Source, decode
from manyworks.files.tables.grid import Grid, Row, read_grid
from manyworks.files.tables.roles import Columns, assign_roles, is_known
from manyworks.model import Finding, info, warning

_IDENTITY = ("value", "name", "mpn", "description", "value_generic", "supplier_part", "footprint")


class TableKind(StrEnum):
    """What a table is by its columns."""

    BILL = "bill"
    ORDER = "order"
    POSITIONS = "positions"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with the roles of its columns."""

    source: Source
    kind: TableKind
    grid: Grid
    columns: Columns
    encoding: str

    def where(self, row: Row) -> str:
        """How findings call a row: rows are lines of the file, counted from 1."""
        return f"{self.source.name}:row {row.line}"


def read_table(source: Source) -> Table | None:
    """The table in a file by content; None where it looks like no table at all."""
    text, encoding = decode(source.data)
    grid = read_grid(text, is_known)
    if grid is None or not grid.rows:
        return None
    columns = assign_roles(grid)
    return Table(source=source, kind=_kind(columns), grid=grid, columns=columns, encoding=encoding)


def _kind(columns: Columns) -> TableKind:
    if columns.has("designator", "x", "y"):
        return TableKind.POSITIONS
    if columns.has("supplier_part") and not set(columns.roles) & {
        "value",
        "footprint",
        "name",
        "value_generic",
    }:
        seller = columns.sellers[columns.roles.index("supplier_part")]
        if seller or not columns.names:
            return TableKind.ORDER if columns.has("quantity") else TableKind.OTHER
    named = any(role in columns.roles for role in _IDENTITY)
    counted = columns.has("quantity") or columns.has("designator") or bool(columns.variants)
    return TableKind.BILL if named and counted and columns.names else TableKind.OTHER


def remarks(table: Table) -> Iterator[Finding]:
    """What is worth saying of a table before its rows: unknown columns, odd encoding, a cut."""
    unknown = [
        name
        for name, role in zip(table.columns.names, table.columns.roles, strict=False)
        if role == "unknown"
    ]
    if any(unknown):
        listed = ", ".join(repr(name[:40]) for name in unknown if name)
        yield info("files.table.columns-unknown", table.source.name, f"columns not used: {listed}")
    if table.encoding in ("cp1252", "gb18030"):
        yield info(
            "files.table.encoding",
            table.source.name,
            f"the text is no UTF-8 and was read as {table.encoding}",
            "save it as UTF-8 if letters look wrong",
        )
    if table.grid.cut:
        yield warning(
            "files.table.too-long",
            table.source.name,
            f"only the first {TABLE_ROWS:,} rows are read",
            "split the table",
        )
