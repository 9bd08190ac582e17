"""Tables: parts lists and position files in the conventions people use -> rows by role."""

from manyworks.files.tables.bills import Bill, Part, read_bill
from manyworks.files.tables.positions import Position, read_positions
from manyworks.files.tables.rows import Table, TableKind, read_table

__all__ = ["Bill", "Part", "Position", "Table", "TableKind", "read_bill", "read_positions", "read_table"]
