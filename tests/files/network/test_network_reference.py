"""The reference page says what the reader does."""

from dataclasses import fields
from pathlib import Path

import pytest

from manyworks.files.network import describe_tables
from manyworks.files.network.cells import CellError
from manyworks.files.network.values import empty_value
from manyworks.files.network.vocabulary import ORDERS, TABLES, Column, Table
from manyworks.model import Capability, Lane, Machine, Offer, Order, Place, Shop, Tool, Worker

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "network_tables.md"
MARK = "<!-- written by manyworks.files.network.describe_tables -->\n\n"
COLUMNS = [(table, column) for table in (*TABLES, ORDERS) for column in table.columns]


def test_the_page_holds_what_the_vocabulary_says():
    written = PAGE.read_text(encoding="utf-8").partition(MARK)[2]
    assert written == describe_tables(), "put the text of describe_tables() below the mark in the page"


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=[f"{t.name}-{c.name}" for t, c in COLUMNS])
def test_every_default_can_be_read(table: Table, column: Column):
    try:
        empty_value(column)
    except CellError as trouble:
        pytest.fail(f"{table.name}.{column.name}: {trouble}")


RENAMED = {
    "shops": {
        "rates": "rate_overrides",
        "country": "",
        "latitude": "",
        "longitude": "",
        "zone": "",
        "currency": "",
    },
    "machines": {"currency": ""},
    "capabilities": {"machine": ""},
    "offers": {"currency": ""},
    "lanes": {
        "tariff": "brackets",
        "currency": "",
        "transit_p10_days": "",
        "transit_p50_days": "transit_days",
        "transit_p90_days": "",
    },
}
NOT_WRITTEN = {"machines": {"capabilities"}, "offers": {"where"}, "orders": {"source"}}
NOUNS = {
    "places": Place,
    "shops": Shop,
    "machines": Machine,
    "capabilities": Capability,
    "workers": Worker,
    "tools": Tool,
    "offers": Offer,
    "lanes": Lane,
    "orders": Order,
}


@pytest.mark.parametrize("table", [*TABLES, ORDERS], ids=lambda table: table.name)
def test_every_field_of_a_noun_can_be_written(table: Table):
    renamed = RENAMED.get(table.name, {})
    columns = {renamed.get(column.name, column.name) for column in table.columns} - {""}
    nouns = {field.name for field in fields(NOUNS[table.name])}
    assert columns == nouns - NOT_WRITTEN.get(table.name, set())
