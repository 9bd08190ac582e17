"""Every table of the corpus: kind, header, delimiter, rows and columns as people read them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.files.designs import truth

from manyworks.files.sources import Source
from manyworks.files.tables import Table, read_bill, read_positions, read_tables
from manyworks.model import errors

TABLES = truth("tables.csv")
IDS = [f"{row['file']}{'!' if row['sheet'] else ''}{row['sheet']}" for row in TABLES]
BOARDS = [row for row in truth("boards.csv") if row["bom_lines"] or row["position_rows"]]


def _table(row: dict[str, str], shared: Path) -> Table:
    path = shared / "data" / "designs" / row["file"]
    tables, findings = read_tables(Source(path=path, name=path.name, data=path.read_bytes()))
    assert not errors(findings)
    (table,) = [table for table in tables if table.sheet == row["sheet"]]
    return table


@pytest.mark.parametrize("row", TABLES, ids=IDS)
class TestAgainstTruth:
    def test_kind(self, row: dict[str, str], shared: Path) -> None:
        kind = {"bom": "bill", "position": "positions", "order": "order"}[row["kind"].split()[0]]
        assert _table(row, shared).kind == kind

    def test_encoding(self, row: dict[str, str], shared: Path) -> None:
        assert _table(row, shared).encoding == {"ascii": "utf-8"}.get(row["encoding"], row["encoding"])

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

    def test_column_names(self, row: dict[str, str], shared: Path) -> None:
        expected = [pair.rsplit("=", 1)[0] for pair in row["mapping"].split("; ")]
        names = [column.name for column in _table(row, shared).understood]
        assert names == [""] * len(expected) if row["header_row_index"] == "none" else names == expected

    def test_part_rows(self, row: dict[str, str], shared: Path) -> None:
        table = _table(row, shared)
        if table.kind == "positions":
            assert len(read_positions(table)[0]) == int(row["part_rows"])
        else:
            assert len(read_bill(table)[0].rows) == int(row["part_rows"])

    def test_every_row_is_a_part_or_named_as_none(self, row: dict[str, str], shared: Path) -> None:
        table = _table(row, shared)
        if table.kind == "positions":
            return
        bill, findings = read_bill(table)
        told = [part.where for part in bill.rows] + [other.where for other in bill.other_rows]
        assert sorted(told) == sorted(table.where(line) for line in table.grid.body)
        named = " ".join(finding.message for finding in findings if finding.code == "files.bill.rows-skipped")
        assert all(other.where.rpartition(" ")[2] in named for other in bill.other_rows)


def _board_tables(row: dict[str, str], shared: Path) -> list[Table]:
    """Tables in the files that the truth names for a board; patterns such as *-pos.csv are files too."""
    folder = shared / "data" / "designs" / row["folder"]
    endings = {".csv", ".xlsx", ".pos", ".txt"}
    patterns = [pattern.strip() for pattern in row["files"].split(";")]
    paths = {path for pattern in patterns for path in folder.rglob(pattern) if path.suffix in endings}
    sources = (Source(path=path, name=path.name, data=path.read_bytes()) for path in sorted(paths))
    return [table for source in sources for table in read_tables(source)[0]]


@pytest.mark.parametrize("row", BOARDS, ids=[f"{row['folder']} {row['files'][:30]}" for row in BOARDS])
def test_boards_lists_have_the_lines_designators_and_places_of_the_truth(
    row: dict[str, str], shared: Path
) -> None:
    tables = _board_tables(row, shared)
    bills = [read_bill(table)[0] for table in tables if table.kind != "positions"]
    bills = [bill for bill in bills if bill.table.kind == "bill"] or bills
    if row["bom_lines"]:
        assert [len(bill.rows) for bill in bills] == [int(row["bom_lines"])]
    if row["bom_designators"]:
        assert sum(len(part.designators) for bill in bills for part in bill.rows) == int(
            row["bom_designators"]
        )
    if row["position_rows"]:
        places = [read_positions(table)[0] for table in tables if table.kind == "positions"]
        assert int(row["position_rows"]) in (sum(map(len, places)), max(map(len, places)))
