"""Tables: parts lists and position files in the conventions people use -> rows by role."""

from manyworks.files.tables.bill_rows import LeftRow
from manyworks.files.tables.bills import Bill, Part, read_bill
from manyworks.files.tables.positions import Position, read_positions
from manyworks.files.tables.roles import Column
from manyworks.files.tables.rows import Table, TableKind, read_table
from manyworks.files.tables.spreadsheets import read_tables
from manyworks.files.tables.workbooks import is_workbook

__all__ = [
    "Bill",
    "Column",
    "LeftRow",
    "Part",
    "Position",
    "Table",
    "TableKind",
    "is_workbook",
    "read_bill",
    "read_positions",
    "read_table",
    "read_tables",
]
