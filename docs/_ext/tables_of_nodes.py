"""A table as docutils nodes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from docutils import nodes

Cell = str | nodes.Node


def make_table(head: Sequence[Cell], rows: Iterable[Sequence[Cell]]) -> nodes.table:
    """Build a table; cells are texts or nodes that stand in a line."""
    table = nodes.table(classes=["colwidths-auto"])
    group = nodes.tgroup(cols=len(head))
    group += [nodes.colspec(colwidth=1) for _ in head]
    top, body = nodes.thead(), nodes.tbody()
    top += make_row(head)
    body += [make_row(row) for row in rows]
    group += [top, body]
    table += group
    return table


def make_row(cells: Sequence[Cell]) -> nodes.row:
    """Build one row."""
    row = nodes.row()
    for cell in cells:
        entry = nodes.entry()
        entry += nodes.paragraph("", "", cell if isinstance(cell, nodes.Node) else nodes.Text(cell))
        row += entry
    return row
