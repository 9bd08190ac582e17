"""One frozen network -> the tables `manyworks.files.read_network` makes it of again."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from manyworks.files.network.cells import CellError
from manyworks.files.network.rows import MAX_ROWS
from manyworks.files.network.sheets import BOOK_CURRENCY, HEAD_FILE
from manyworks.files.network.shifts import format_shifts, parse_shifts
from manyworks.files.network.trouble import first_few
from manyworks.files.network.values import empty_value, read_value, shown
from manyworks.files.network.vocabulary import HEAD, TABLES, Column, Table
from manyworks.model import Certificate, Finding, Lane, Network, PriceBreak, RateBracket, Shop, Tool, error

_UNWRITABLE = "files.network.unwritable"


def write_network(network: Network) -> tuple[dict[str, str], tuple[Finding, ...]]:
    """Texts of the files of a network's folder, by file name.

    Reading them gives an equal network, but for ``Offer.where``, which says where an offer stands.
    Prices are written in the network's currency and every place in ``places.csv``. Tables that
    would be empty are left out unless they must be there.

    Returns
    -------
    The texts; and an error for each cell that cannot be written so that it is read as it was (an id
    that begins with ``#``, a text with a control character, a place without a position).
    """
    findings: list[Finding] = []
    texts = {HEAD_FILE: _head(network, findings)}
    for table in TABLES:
        rows = list(_ROWS[table.name](network))
        if rows or table.required:
            texts[table.file] = _table(table, rows, findings)
    return texts, tuple(findings)


def _head(network: Network, findings: list[Finding]) -> str:
    values = {"name": network.name, "currency": network.currency, "as_of": network.as_of}
    for column in HEAD.columns:
        findings += _trouble(column, values[column.name], values[column.name], HEAD_FILE)
    rates = {code: rate for code, rate in network.exchange.items() if code != network.currency}
    if BOOK_CURRENCY not in (network.currency, *rates):
        text = f"the network has no exchange rate for {BOOK_CURRENCY}"
        findings.append(error(_UNWRITABLE, HEAD_FILE, text, "say what one is worth"))
    lines = [f"{name} = {_toml_text(value)}" for name, value in values.items()]
    lines += ["", "[exchange]", *(f"{code} = {rate!r}" for code, rate in rates.items())]
    return "\n".join(lines) + "\n"


def _toml_text(text: str) -> str:
    # A JSON text is a TOML text, but for one control character JSON may keep as it is.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _table(table: Table, rows: list[Mapping[str, Any]], findings: list[Finding]) -> str:
    if len(rows) > MAX_ROWS:
        text = f"{len(rows):,} rows; at most {MAX_ROWS:,} are read"
        findings.append(error(_UNWRITABLE, table.file, text, "split the network"))
    used = [column for column in table.columns if _is_used(column, rows)]
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([column.name for column in used])
    cells = [[_cell(column, row[column.name]) for column in used] for row in rows]
    writer.writerows(cells)
    findings += first_few(_troubles(table, used, rows, cells), table.file)
    return buffer.getvalue()


def _is_used(column: Column, rows: Iterable[Mapping[str, Any]]) -> bool:
    """A column nobody fills is left out."""
    return column.required or any(_cell(column, row[column.name]) for row in rows)


def _troubles(
    table: Table, used: list[Column], rows: list[Mapping[str, Any]], cells: list[list[str]]
) -> Iterator[Finding]:
    for number, (row, texts) in enumerate(zip(rows, cells, strict=True), 2):
        where = f"{table.file}:row {number}"
        if texts[0].startswith("#"):
            message = f"{shown(texts[0])} would be read as a remark"
            yield error(_UNWRITABLE, where, message, "begin it with another sign")
        for column, text in zip(used, texts, strict=True):
            yield from _trouble(column, row[column.name], text, where)


def _trouble(column: Column, value: Any, text: str, where: str) -> Iterator[Finding]:
    """Read the cell again: what comes out must be what went in."""
    try:
        read = _read_again(column, text)
    except CellError as trouble:
        message = f"{column.name}: {shown(value)} cannot be written; expected {trouble.expected}"
        yield error(_UNWRITABLE, where, message, trouble.hint)
        return
    if read != value:
        message = f"{column.name}: {shown(value)} would be read as {shown(read)}"
        yield error(_UNWRITABLE, where, message, "leave out signs that separate (; and =) and outer blanks")


def _read_again(column: Column, text: str) -> Any:
    plain = text.strip()
    if column.name == "shifts":
        return parse_shifts(plain) if plain else ()
    if not plain:
        if column.required:
            raise CellError(column.kind.name)
        return empty_value(column)
    return read_value(column, plain)


def _cell(column: Column, value: Any) -> str:
    """Text of a value; empty where an empty cell says the same."""
    if column.name == "shifts":
        return format_shifts(value)
    if value is None or (not column.required and value == empty_value(column)):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, Mapping):
        return "; ".join(f"{name}={_number(number)}" for name, number in value.items())
    if isinstance(value, tuple):
        return _join(value)
    return str(value)


def _number(value: float) -> str:
    return repr(float(value)) if math.isfinite(value) else str(value)


def _join(values: tuple[Any, ...]) -> str:
    if values and isinstance(values[0], int | float):
        return " x ".join(map(_number, values))
    return "; ".join(map(_one, values))


def _one(value: Any) -> str:
    if isinstance(value, PriceBreak):
        return f"{_number(value.min_quantity)}:{_number(value.unit_price)}"
    if isinstance(value, RateBracket):
        ends = f"{_number(value.min_kg)}-{_number(value.max_kg)}"
        return f"{ends}: {_number(value.fixed)} + {_number(value.per_kg)}/kg"
    if isinstance(value, Certificate):
        scope = f" ({value.scope})" if value.scope else ""
        return value.name + scope + (f" until {value.valid_to}" if value.valid_to else "")
    return str(value)


def _fields(table: str, noun: object, **own: Any) -> dict[str, Any]:
    """Values by column: those of a noun's field of that name, but for what is told otherwise."""
    columns = next(one.columns for one in TABLES if one.name == table)
    return {
        column.name: own[column.name] if column.name in own else getattr(noun, column.name)
        for column in columns
    }


def _shop(shop: Shop) -> dict[str, Any]:
    return _fields(
        "shops",
        shop,
        country="",
        latitude=None,
        longitude=None,
        zone="",
        currency="",
        rates=dict(shop.rate_overrides),
        coefficients=dict(shop.coefficients),
    )


def _tool(tool: Tool) -> dict[str, Any]:
    return _fields("tools", tool, life_left=None if math.isinf(tool.life_left) else tool.life_left)


def _lane(lane: Lane) -> dict[str, Any]:
    days = lane.transit_days
    p10, p50, p90 = days.p10, days.p50, days.p90
    return _fields(
        "lanes",
        lane,
        tariff=lane.brackets,
        currency="",
        transit_p10_days=p10,
        transit_p50_days=p50,
        transit_p90_days=p90,
    )


_ROWS: Mapping[str, Callable[[Network], Iterable[dict[str, Any]]]] = {
    "places": lambda network: (_fields("places", place) for place in network.places.values()),
    "shops": lambda network: map(_shop, network.shops.values()),
    "machines": lambda network: (
        _fields("machines", machine, currency="", coefficients=dict(machine.coefficients))
        for machine in network.machines.values()
    ),
    "capabilities": lambda network: (
        _fields("capabilities", capability, machine=machine.id)
        for machine in network.machines.values()
        for capability in machine.capabilities
    ),
    "workers": lambda network: (_fields("workers", worker) for worker in network.workers.values()),
    "tools": lambda network: map(_tool, network.tools.values()),
    "offers": lambda network: (_fields("offers", offer, currency="") for offer in network.offers.values()),
    "lanes": lambda network: map(_lane, network.lanes),
}
