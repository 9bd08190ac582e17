"""The reference of the table format, written from the vocabulary."""

from __future__ import annotations

from collections.abc import Iterator

from manyworks.files.network.vocabulary import HEAD, ORDERS, RATE_FIELDS, RATE_MONEY, TABLES, Column, Table


def describe_tables() -> str:
    """Markdown of every file and column: what it says, how it is written, its unit and default."""
    parts = [_section("network.toml", HEAD), *(_section(table.file, table) for table in TABLES)]
    return "\n".join([*parts, _section("orders.toml", ORDERS), _rate_names()])


def _rate_names() -> str:
    money = ", ".join(f"`{name}`" for name in RATE_FIELDS if name in RATE_MONEY)
    others = ", ".join(f"`{name}`" for name in RATE_FIELDS if name not in RATE_MONEY)
    told = f"In the shop's currency: {money}. Plain numbers: {others}."
    return f"## Names under rates\n\n{told}\n"


def _section(title: str, table: Table) -> str:
    need = " Must be there." if table.required else ""
    lines = [f"## {title}", "", f"{table.about}{need}", "", "| column | says | written | unit | if empty |"]
    return "\n".join([*lines, "|---|---|---|---|---|", *_rows(table), ""])


def _rows(table: Table) -> Iterator[str]:
    for column in table.columns:
        cells = (f"`{column.name}`", column.meaning, _written(column), column.unit or "-", _if_empty(column))
        yield f"| {' | '.join(cells)} |"


def _written(column: Column) -> str:
    if column.choices:
        return ", ".join(f"`{choice}`" for choice in column.choices)
    how = f"an id of `{column.refers}.csv`" if column.refers else column.kind.how
    bounds = [
        f"from {column.least:g}" if column.least is not None else "",
        f"above {column.above:g}" if column.above is not None else "",
        f"to {column.most:,.0f}" if column.most is not None else "",
    ]
    return " ".join([how, *(bound for bound in bounds if bound)])


def _if_empty(column: Column) -> str:
    if column.required:
        return "**must be filled**"
    return f"`{column.default}`" if column.default else "not stated"
