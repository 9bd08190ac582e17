"""One frozen network -> the tables `manyworks.files.read_network` makes it of again."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, fields
from itertools import groupby
from typing import Any

from manyworks.files.network.cells import CellError
from manyworks.files.network.rows import MAX_ROWS
from manyworks.files.network.sheets import BOOK_CURRENCY, HEAD_FILE
from manyworks.files.network.shifts import parse_shifts
from manyworks.files.network.trouble import first_few
from manyworks.files.network.values import empty_value, read_value, shown
from manyworks.files.network.vocabulary import HEAD, TABLES, Column, Table
from manyworks.model import (
    Certificate,
    Finding,
    Lane,
    Network,
    PriceBreak,
    RateBracket,
    Shift,
    Shop,
    Tool,
    error,
    info,
)

_UNWRITABLE = "files.network.unwritable"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY_MIN = 24 * 60
_EXACT = 1e15


def write_network(network: Network) -> tuple[dict[str, str], tuple[Finding, ...]]:
    """Texts of the files of a network's folder, by file name.

    Reading them gives an equal network, but for ``Offer.where``, which says where an offer stands,
    and texts that are None, which are read as empty.
    Prices are written in the network's currency and every place in ``places.csv``. Tables that
    would be empty are left out unless they must be there.

    Returns
    -------
    The texts; and an error for each cell that cannot be written so that it is read as it was (an id
    that begins with ``#``, a text with a control character, a place without a position).
    """
    findings: list[Finding] = []
    texts = {HEAD_FILE: _head(network, findings)}
    findings += (finding for lane in network.lanes for finding in _lost_of(lane))
    findings += _without_column(network)
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


def _table(table: Table, rows: list[dict[str, Any]], findings: list[Finding]) -> str:
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
    table: Table, used: list[Column], rows: list[dict[str, Any]], cells: list[list[str]]
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
    if read != (empty_value(column) if value is None else value):
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
        return _shifts(value)
    if value is None or (not column.required and value == empty_value(column)):
        return ""
    if isinstance(value, Mapping):
        return "; ".join(f"{name}={_one(number)}" for name, number in value.items())
    return _join(value) if isinstance(value, tuple) else _one(value)


def _shifts(shifts: tuple[Shift, ...]) -> str:
    return "; ".join(map(_shift, shifts))


def _shift(shift: Shift) -> str:
    days = ", ".join(_runs(shift.weekdays))
    pauses = ", ".join(_span(*pause) for pause in shift.breaks)
    return f"{days} {_span(shift.start_min, shift.end_min)}" + (f" break {pauses}" if pauses else "")


def _runs(days: tuple[int, ...]) -> Iterator[str]:
    """Weekdays with three or more in a row drawn together: ``Mon-Fri``."""
    for _, group in groupby(enumerate(sorted(days)), key=lambda pair: pair[1] - pair[0]):
        run = [_DAYS[day] for _, day in group]
        yield from [f"{run[0]}-{run[-1]}"] if len(run) > 2 else run


def _span(start: int, end: int) -> str:
    return f"{_clock(start)}-{_clock(end)}"


def _clock(minute: int) -> str:
    """Time of day; midnight at the end of a day stays 24:00."""
    within = minute - _DAY_MIN if minute > _DAY_MIN else minute
    return f"{within // 60:02d}:{within % 60:02d}"


def _number(value: float) -> str:
    return f"{value:.0f}" if value == int(value) and abs(value) < _EXACT else repr(float(value))


def _join(values: tuple[Any, ...]) -> str:
    numbers = bool(values) and isinstance(values[0], int | float)
    return (" x " if numbers else "; ").join(map(_one, values))


def _one(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _number(value) if math.isfinite(value) else str(value)
    if isinstance(value, PriceBreak):
        return f"{_one(value.min_quantity)}:{_one(value.unit_price)}"
    if isinstance(value, RateBracket):
        ends = f"{_one(value.min_kg)}-{_one(value.max_kg)}"
        return f"{ends}: {_one(value.fixed)} + {_one(value.per_kg)}/kg"
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


def _lost_of(lane: Lane) -> Iterator[Finding]:
    """The tables hold three quantiles of a transit time; its mean and sigma are made of them."""
    days = lane.transit_days
    mean = 0.3 * days.p10 + 0.4 * days.p50 + 0.3 * days.p90
    if days.shared_sigma or not math.isclose(days.mean, mean, rel_tol=1e-9):
        message = "mean and spread of the transit time will be those that follow from p10, p50 and p90"
        yield info("files.network.lost", lane.id, message)


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


def _without_column(network: Network) -> Iterator[Finding]:
    """Fields that are filled and that no table has a column for."""
    nouns: Mapping[str, Iterable[Any]] = {
        "places": network.places.values(),
        "shops": network.shops.values(),
        "machines": network.machines.values(),
        "capabilities": [one for machine in network.machines.values() for one in machine.capabilities],
        "workers": network.workers.values(),
        "offers": network.offers.values(),
    }
    for name, things in nouns.items():
        columns = {column.name for table in TABLES if table.name == name for column in table.columns}
        lost = {
            field.name
            for thing in things
            for field in _unnamed(thing, columns)
            if getattr(thing, field.name) != _default(field)
        }
        if lost:
            message = f"{name}.csv has no column for {', '.join(sorted(lost))}: not written"
            yield info("files.network.lost", f"{name}.csv", message)


_TOLD_OTHERWISE = frozenset({"rate_overrides", "capabilities", "where"})


def _unnamed(thing: Any, columns: set[str]) -> Iterator[Field[Any]]:
    known = columns | _TOLD_OTHERWISE
    return (field for field in fields(thing) if field.name not in known)


def _default(field: Field[Any]) -> Any:
    return field.default_factory() if field.default_factory is not MISSING else field.default


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
