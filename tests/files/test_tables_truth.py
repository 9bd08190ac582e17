"""Every table of the corpus: kind, header, delimiter, rows and columns as people read them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.files.designs import truth

from manyworks.files.sources import Source
from manyworks.files.tables.rows import Table, read_table

TABLES = [row for row in truth("tables.csv") if not row["sheet"]]
IDS = [row["file"] for row in TABLES]


def _table(row: dict[str, str], shared: Path) -> Table:
    path = shared / "data" / "designs" / row["file"]
    table = read_table(Source(path=path, name=path.name, data=path.read_bytes()))
    assert table is not None
    return table


@pytest.mark.parametrize("row", TABLES, ids=IDS)
class TestAgainstTruth:
    def test_kind(self, row: dict[str, str], shared: Path) -> None:
        kind = {"bom": "bill", "position": "positions", "order": "order"}[row["kind"].split()[0]]
        assert _table(row, shared).kind == kind

    def test_delimiter_and_header(self, row: dict[str, str], shared: Path) -> None:
        grid = _table(row, shared).grid
        assert grid.delimiter == {"tab": "\t"}.get(row["delimiter"], row["delimiter"])
        if row["header_row_index"] == "none":
            assert grid.header is None
        else:
            assert grid.header is not None
            assert grid.rows[grid.header].line == int(row["header_row_index"]) + 1

    def test_columns(self, row: dict[str, str], shared: Path) -> None:
        expected = [pair.rsplit("=", 1)[1] for pair in row["mapping"].split("; ")]
        assert list(_table(row, shared).columns.roles) == expected


@pytest.mark.parametrize("row", TABLES, ids=IDS)
def test_part_rows(row: dict[str, str], shared: Path) -> None:
    from manyworks.files.tables import read_bill, read_positions

    table = _table(row, shared)
    if table.kind == "positions":
        assert len(read_positions(table)[0]) == int(row["part_rows"])
    elif "thelio" not in row["file"]:  # its quantities are text on purpose
        assert len(read_bill(table)[0].parts) == int(row["part_rows"])
