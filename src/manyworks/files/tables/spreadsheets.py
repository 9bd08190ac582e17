"""Every table of a file: the one of a text, or one for each sheet of a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from manyworks.files.limits import TABLE_ROWS
from manyworks.files.sources import Source
from manyworks.files.tables.designators import split_designators
from manyworks.files.tables.grid import grid_of
from manyworks.files.tables.roles import is_known
from manyworks.files.tables.rows import Table, TableKind, read_table, table_of
from manyworks.files.tables.workbooks import Sheet, is_workbook, read_sheets
from manyworks.files.vocabulary import squeeze, vocabulary
from manyworks.model import Finding, info, warning

# Sheets that share this much of the shorter one's designators speak of the same board.
_SAME_PARTS = 0.5
_SAID = ("value", "footprint", "mpn", "supplier_part")

_Listed: TypeAlias = dict[str, dict[str, str]]


def read_tables(source: Source) -> tuple[tuple[Table, ...], tuple[Finding, ...]]:
    """Every table in a file, by content: text or spreadsheet.

    Each sheet of a spreadsheet is a table of its own, called ``file.xlsx!Sheet``. Sheets that hold
    no table and hidden ones beside visible lists are named in a finding; a sheet that repeats the
    designators of a fuller list is of kind ``order``, so that no part counts twice.

    Returns
    -------
    The tables that are bills, orders or position files (of a text: whatever it holds), and what is
    to be said of the file. A spreadsheet that cannot be opened is one error; a text that is no
    table is no trouble.
    """
    if not is_workbook(source):
        table = read_table(source)
        return ((table,) if table is not None else ()), ()
    sheets, findings = read_sheets(source)
    tables: list[Table] = []
    remarks: list[Finding] = []
    hidden: set[str] = set()
    for sheet in sheets:
        table = _table(source, sheet)
        if table is not None and table.kind is not TableKind.OTHER:
            tables.append(table)
            hidden |= {sheet.name} if sheet.hidden else set()
        elif sheet.rows:
            remarks.append(_no_list(f"{source.name}!{sheet.name}"))
    tables = list(_seen(tables, hidden, remarks))
    return tuple(_told_apart(tables, remarks)), (*findings, *remarks)


def _no_list(name: str) -> Finding:
    return info("files.sheet.unused", name, "the sheet is neither a parts list nor a position file; not used")


def _table(source: Source, sheet: Sheet) -> Table | None:
    grid = grid_of(sheet.rows, "", is_known, cut=sheet.cut or len(sheet.rows) > TABLE_ROWS)
    return table_of(source, grid, source.path.suffix.lower().lstrip("."), sheet.name) if grid else None


def _seen(tables: Sequence[Table], hidden: set[str], findings: list[Finding]) -> Iterator[Table]:
    """The visible tables; hidden ones only where nothing visible is a parts list."""
    visible = any(table.sheet not in hidden and table.kind is TableKind.BILL for table in tables)
    for table in tables:
        if table.sheet not in hidden:
            yield table
        elif visible:
            text = "a hidden sheet beside a visible parts list; it is not used"
            findings.append(warning("files.sheet.hidden", table.name, text, "show the sheet to have it read"))
        else:
            findings.append(warning("files.sheet.hidden", table.name, "this parts list is on a hidden sheet"))
            yield table


def _told_apart(tables: Sequence[Table], findings: list[Finding]) -> Iterator[Table]:
    """Tables with orders among them marked, and a finding for each sheet that repeats another's parts."""
    names = {table.sheet: _listed(table) for table in tables if table.kind is not TableKind.POSITIONS}
    order = sorted(names, key=lambda sheet: -_fullness(_of(tables, sheet), names[sheet]))
    first: list[str] = []
    repeats: dict[str, str] = {}
    for sheet in order:
        twin = next((known for known in first if _same_parts(names[known], names[sheet])), None)
        if twin is None:
            first.append(sheet)
        else:
            repeats[sheet] = twin
    for table in tables:
        if table.sheet not in repeats:
            yield table
            continue
        text = f"the sheet lists the same parts as {repeats[table.sheet]!r}, which is the parts list"
        hint = "save this sheet as a file of its own to have it read instead"
        say = info if table.kind is TableKind.ORDER or _named_order(table) else warning
        findings.append(say("files.sheet.repeats", table.name, text, hint))
        yield replace(table, kind=TableKind.ORDER)


def _of(tables: Sequence[Table], sheet: str) -> Table:
    return next(table for table in tables if table.sheet == sheet)


def _fullness(table: Table, names: _Listed) -> float:
    """What makes a sheet the parts list rather than an order: kind and name, designators, known columns."""
    known = sum(role != "unknown" for role in table.columns.roles)
    orders = (table.kind is TableKind.ORDER) + _named_order(table)
    return float(len(names)) + known / 1000 - orders * 1e9


def _named_order(table: Table) -> bool:
    words = map(squeeze, vocabulary()["words"]["order_sheet"])
    return any(word in squeeze(table.sheet) for word in words)


def _listed(table: Table) -> _Listed:
    """What a table says of each designator: value, package, numbers."""
    found: _Listed = {}
    for row in table.grid.body:
        said = {role: squeeze(table.columns.cell(row, role)) for role in _SAID if table.columns.has(role)}
        for name in split_designators(table.columns.cell(row, "designator")):
            found[name] = said
    return found


def _same_parts(one: _Listed, other: _Listed) -> bool:
    """Whether two lists share designators and mean the same parts by them, not those of another board."""
    common = one.keys() & other.keys()
    if not common or len(common) < _SAME_PARTS * min(len(one), len(other)):
        return False
    alike = sum(
        all(one[name].get(role, text) == text for role, text in other[name].items()) for name in common
    )
    return alike >= _SAME_PARTS * len(common)
