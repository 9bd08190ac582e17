"""A table file read as far as its columns: what kind it is, its rows by role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from manyworks.files.limits import FINDINGS_PER_KIND, TABLE_ROWS
from manyworks.files.sources import Source, decode
from manyworks.files.tables.grid import Grid, Row
from manyworks.files.tables.roles import Column, Columns, assign_roles, is_known
from manyworks.files.tables.texts import read_grid
from manyworks.model import Finding, info, warning

_IDENTITY = (
    "value",
    "name",
    "mpn",
    "description",
    "value_generic",
    "supplier_part",
    "footprint",
    "supplier_link",
)


class TableKind(StrEnum):
    """What a table is by its columns."""

    BILL = "bill"
    ORDER = "order"
    POSITIONS = "positions"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with the roles of its columns. ``sheet`` names the sheet of a spreadsheet it stands on."""

    source: Source
    kind: TableKind
    grid: Grid
    columns: Columns
    encoding: str
    sheet: str = ""

    @property
    def name(self) -> str:
        """How findings call the table: the file, with its sheet (``parts.xlsx!BOM``)."""
        return f"{self.source.name}!{self.sheet}" if self.sheet else self.source.name

    @property
    def understood(self) -> tuple[Column, ...]:
        """What was understood of every column, in file order."""
        return self.columns.understood

    def where(self, row: Row) -> str:
        """How findings call a row: rows are lines of the file or rows of the sheet, counted from 1."""
        return f"{self.name}:row {row.line}"

    def cell_name(self, row: Row, role: str) -> str:
        """How people call a cell: ``E12`` on a sheet, the column's name in a text."""
        index = self.columns.index(role) or 0
        if self.sheet:
            return f"{column_letters(index)}{row.line}"
        return f"{self.grid.names[index]!r}" if index < len(self.grid.names) else f"column {index + 1}"


def column_letters(index: int) -> str:
    """A column as spreadsheet programs call it: A for 0, AA for 26."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_table(source: Source) -> Table | None:
    """The table in a file of text by content; None where it looks like no table at all."""
    text, encoding = decode(source.data)
    grid = read_grid(text, is_known)
    if grid is None or not grid.rows:
        return None
    return table_of(source, grid, encoding)


def table_of(source: Source, grid: Grid, encoding: str, sheet: str = "") -> Table:
    """A grid with its columns' roles and its kind."""
    columns = assign_roles(grid)
    return Table(
        source=source, kind=_kind(columns), grid=grid, columns=columns, encoding=encoding, sheet=sheet
    )


def _kind(columns: Columns) -> TableKind:
    if columns.has("designator", "x", "y") or columns.has("designator", "xy"):
        return TableKind.POSITIONS
    if _is_order(columns):
        return TableKind.ORDER if columns.has("quantity") else TableKind.OTHER
    named = any(role in columns.roles for role in _IDENTITY)
    counted = columns.has("quantity") or columns.has("designator") or bool(columns.variants)
    return TableKind.BILL if named and counted and columns.names else TableKind.OTHER


def _is_order(columns: Columns) -> bool:
    """A seller's numbers and quantities without what a design would say of its parts."""
    if not columns.has("supplier_part"):
        return False
    seller = columns.sellers[columns.roles.index("supplier_part")]
    if not seller and columns.names:
        return False
    if set(columns.roles) & {"value", "name", "value_generic"}:
        return False
    return not columns.has("footprint") or not columns.has("designator")


def remarks(table: Table) -> Iterator[Finding]:
    """What is worth saying of a table before its rows: unused columns and lines, odd encoding, a cut."""
    yield from _unused_columns(table)
    if table.encoding in ("cp1252", "gb18030"):
        yield info(
            "files.table.encoding",
            table.name,
            f"the text is no UTF-8 and was read as {table.encoding}",
            "save it as UTF-8 if letters look wrong",
        )
    if table.grid.mended == "quotes":
        text = "quotation marks do not pair; they are taken as they stand and every line is a row"
        yield warning("files.table.quotes", table.name, text, "export the table anew")
    above = [" ".join(row.filled) for row in table.grid.preamble]
    if above:
        text = " / ".join(above)
        yield info("files.table.title", table.name, f"lines above the column names: {text[:300]}")
    yield from _ragged(table)


def _unused_columns(table: Table) -> Iterator[Finding]:
    used = {index for row in table.grid.body for index, cell in enumerate(row.cells) if cell}
    unknown = [
        repr(column.name[:40]) if column.name else f"number {index + 1} (no name)"
        for index, column in enumerate(table.understood)
        if column.role == "unknown" and (column.name or index in used)
    ]
    if unknown:
        more = len(unknown) - FINDINGS_PER_KIND
        text = ", ".join(unknown[:FINDINGS_PER_KIND]) + (f" and {more} more" if more > 0 else "")
        yield info("files.table.columns-unknown", table.name, f"columns not used: {text}")


def _ragged(table: Table) -> Iterator[Finding]:
    """Rows with more filled cells than there are columns: mostly a comma inside a cell without quotes."""
    width = len(table.columns.roles)
    long = [row for row in table.grid.body if any(row.cells[width:])]
    if long:
        listed = ", ".join(str(row.line) for row in long[:10]) + (" ..." if len(long) > 10 else "")
        text = f"rows with cells beyond the last of {width} columns, which are not used: {listed}"
        hint = "put cells that hold the delimiter into quotation marks"
        yield warning("files.table.ragged", table.name, text, hint)


def too_long(table: Table) -> Finding | None:
    """The one finding of a table that goes on beyond the rows that are read."""
    if not table.grid.cut:
        return None
    text = f"only the first {TABLE_ROWS:,} rows are read, and nothing is said of single ones"
    return warning("files.table.too-long", table.name, text, "split the table")
