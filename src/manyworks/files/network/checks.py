"""What no single cell can tell: ids, references, currencies and figures that do not go together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, pairwise
from math import isclose

from manyworks.files.network.cells import CellError
from manyworks.files.network.nearest import nearest_hint
from manyworks.files.network.rows import Row
from manyworks.files.network.sheets import Sheets
from manyworks.files.network.shifts import parse_shifts
from manyworks.files.network.trouble import first_few
from manyworks.files.network.values import shown
from manyworks.files.network.vocabulary import RATE_FIELDS, TABLES, Table
from manyworks.model import Finding, error, info, warning

HINTS = 100
"""Unknown ids that get a suggestion in each table; looking for one takes time."""


_PIECE_WORDS = ("pieces", "pcs", "pc", "pce", "ea", "each", "unit", "units", "stk", "pièce", "个", "只")


def check_sheets(sheets: Sheets) -> Iterator[Finding]:
    """Yield every trouble between cells, rows and tables."""
    for table in TABLES:
        for check in (_duplicates, _references, _currencies):
            yield from first_few(check(sheets, table), table.file)
    for name, check_row in _ROW_CHECKS:
        found = chain.from_iterable(check_row(sheets, row) for row in sheets.rows[name])
        yield from first_few(found, f"{name}.csv")
    yield from first_few(_unused(sheets), "machines.csv")


def _duplicates(sheets: Sheets, table: Table) -> Iterator[Finding]:
    first = sheets.ids(table.name)
    for row in sheets.rows[table.name]:
        name = row.get("id")
        if name and first[name] is not row:
            message = f"id {name!r} is already used at {first[name].where}"
            yield error("files.network.duplicate", row.where, message, "give each row its own id")


def _references(sheets: Sheets, table: Table) -> Iterator[Finding]:
    for column in table.columns:
        if not column.refers or column.refers in sheets.unread:
            continue
        known = sheets.ids(column.refers)
        strange = (
            row for row in sheets.rows[table.name] if row.get(column.name) and row[column.name] not in known
        )
        for number, row in enumerate(strange):
            message = f"{column.name} {shown(row[column.name])} is not in {column.refers}.csv"
            near = nearest_hint(row[column.name], known) if number < HINTS else ""
            hint = near or column.meaning
            yield error("files.network.reference", row.where, message, hint)


def _currencies(sheets: Sheets, table: Table) -> Iterator[Finding]:
    used: dict[str, list[str]] = {}
    for row in sheets.rows[table.name]:
        used.setdefault(row.get("currency") or "", []).append(row.where)
    for code, places in used.items() if sheets.exchange else ():
        if code and code not in sheets.exchange:
            rest = f", nor for {len(places) - 1} more rows of this file" if places[1:] else ""
            hint = f"add {code} under [exchange] in network.toml"
            yield error("files.network.exchange", places[0], f"no exchange rate for {code}{rest}", hint)


def _check_place(_: Sheets, row: Row) -> Iterator[Finding]:
    if row.get("latitude") == 0 and row.get("longitude") == 0:
        message = "latitude and longitude are both 0, a point in the sea off Africa"
        yield warning("files.network.position", row.where, message, "fill in the real position")


def _check_shop_position(sheets: Sheets, row: Row) -> Iterator[Finding]:
    own = [name for name in ("country", "latitude", "longitude") if row.get(name) not in (None, "")]
    broken = [name for name in ("country", "latitude", "longitude") if name not in row.values]
    if row.get("place") and own:
        message = f"both a place and its own {' and '.join(own)}"
        yield error("files.network.position", row.where, message, "state one of the two")
    elif not row.get("place") and len(own) + len(broken) < 3:
        message = "no position: expected a place, or country, latitude and longitude"
        yield error("files.network.position", row.where, message)
    if own and row.get("id") in sheets.ids("places"):
        message = f"the shop and a place in places.csv are both called {row['id']!r}"
        yield error("files.network.duplicate", row.where, message, "write that id under place instead")


def _check_shop_hours(sheets: Sheets, row: Row) -> Iterator[Finding]:
    text = row.get("shifts")
    if text is None or text in sheets.patterns:
        return
    if not text:
        yield info(
            "files.network.always_open",
            row.where,
            f"{row.get('id')} has no shifts: taken as open day and night",
        )
        return
    try:
        parse_shifts(text)
    except CellError as trouble:
        hint = nearest_hint(text, sheets.patterns) or trouble.hint
        message = f"shifts: found {shown(text)}, expected a name from calendars.toml or {trouble.expected}"
        yield error("files.network.value", row.where, message, hint)


def _check_shop_rates(_: Sheets, row: Row) -> Iterator[Finding]:
    for name, value in (row.get("rates") or {}).items():
        if name not in RATE_FIELDS:
            hint = nearest_hint(name, RATE_FIELDS) or f"known: {', '.join(RATE_FIELDS)}"
            yield error("files.network.rates", row.where, f"rates: unknown name {name!r}", hint)
        elif value < 0:
            yield error("files.network.rates", row.where, f"rates: {name} is {value:g}, expected at least 0")


def _check_certificates(sheets: Sheets, row: Row) -> Iterator[Finding]:
    for certificate in row.get("certificates") or ():
        if certificate.valid_to and certificate.valid_to < sheets.head.get("as_of", ""):
            message = f"{certificate.name} ended on {certificate.valid_to}, before the network's day"
            yield warning("files.network.expired", row.where, message, "renew it or take it out")


def _check_lot(_: Sheets, row: Row) -> Iterator[Finding]:
    low, high = row.get("min_lot"), row.get("max_lot")
    if low and high and low > high:
        yield error("files.network.range", row.where, f"min_lot {low:g} is above max_lot {high:g}")


def _check_offer_names(_: Sheets, row: Row) -> Iterator[Finding]:
    told = [row.get(name) for name in ("mpn", "name", "value")]
    if not any(told) and None not in told:
        yield error("files.network.offer", row.where, "nothing says what is sold", "fill mpn, name or value")
    if row.get("value") and not (row.get("package") or row.get("mpn") or row.get("name")):
        message = f"value {row['value']!r} without a package fits no part"
        yield warning("files.network.offer", row.where, message, "fill package")


def _check_offer_quantities(_: Sheets, row: Row) -> Iterator[Finding]:
    breaks = row.get("breaks") or ()
    prices = [step.unit_price for step in breaks]
    if prices != sorted(prices, reverse=True):
        yield warning(
            "files.network.offer", row.where, "a larger quantity costs more a unit", "check the breaks"
        )
    multiple = row.get("multiple") or 1.0
    if breaks and not isclose(breaks[0].min_quantity / multiple, round(breaks[0].min_quantity / multiple)):
        message = f"the least sold, {breaks[0].min_quantity:g}, is not a multiple of {multiple:g}"
        yield warning("files.network.offer", row.where, message, "quantities are rounded up to the multiple")
    stock = row.get("stock")
    if breaks and stock is not None and stock < breaks[0].min_quantity:
        message = f"stock {stock:g} is less than the least sold, {breaks[0].min_quantity:g}"
        yield warning("files.network.offer", row.where, message, "nobody can buy this")
    if (row.get("unit") or "").lower() in _PIECE_WORDS:
        yield error("files.network.offer", row.where, f"unit: found {row['unit']!r}", "write piece")
    if row.get("unit") == "reel" and row.get("units_per") == 1:
        yield warning("files.network.offer", row.where, "a reel of one piece", "fill units_per")


def _check_valid_to(sheets: Sheets, row: Row) -> Iterator[Finding]:
    until = row.get("valid_to")
    if until and until < sheets.head.get("as_of", ""):
        message = f"ended on {until}, before the network's day"
        yield warning("files.network.expired", row.where, message, "it will not be used")


def _check_lane(_: Sheets, row: Row) -> Iterator[Finding]:
    begin, end = row.get("valid_from"), row.get("valid_to")
    if begin and end and begin > end:
        yield error("files.network.range", row.where, f"valid_from {begin} is after valid_to {end}")
    days = [row.get(f"transit_{name}_days") for name in ("p10", "p50", "p90")]
    told = [day for day in days if day is not None]
    if told != sorted(told):
        message = "transit days do not ascend from p10 over p50 to p90"
        yield error("files.network.range", row.where, message)
    brackets = sorted(row.get("tariff") or (), key=lambda bracket: bracket.min_kg)
    for lower, upper in pairwise(brackets):
        if upper.min_kg > lower.max_kg:
            message = f"nothing is carried between {lower.max_kg:g} and {upper.min_kg:g} kg"
            yield warning("files.network.tariff", row.where, message, "let the brackets meet")


_ROW_CHECKS: tuple[tuple[str, Callable[[Sheets, Row], Iterator[Finding]]], ...] = (
    ("places", _check_place),
    ("shops", _check_place),
    ("shops", _check_shop_position),
    ("shops", _check_shop_hours),
    ("shops", _check_shop_rates),
    ("shops", _check_certificates),
    ("capabilities", _check_lot),
    ("offers", _check_offer_names),
    ("offers", _check_offer_quantities),
    ("offers", _check_valid_to),
    ("lanes", _check_lane),
    ("lanes", _check_valid_to),
)


def _unused(sheets: Sheets) -> Iterator[Finding]:
    """Say what is there and can never be asked for anything."""
    if not sheets.rows["shops"] and "shops" not in sheets.unread:
        yield error("files.network.empty", "shops.csv", "no shop in the network", "add at least one row")
    able = {row.get("machine") for row in sheets.rows["capabilities"]}
    for name, row in sheets.ids("machines").items() if "capabilities" not in sheets.unread else ():
        if name not in able:
            message = f"{name} has no row in capabilities.csv: it will never be asked"
            yield warning("files.network.idle", row.where, message, "add the processes it can do")
    yield from _unattended(sheets)
    busy = {row.get("shop") for row in sheets.rows["machines"]} | {
        row.get("seller") for row in sheets.rows["offers"]
    }
    for name, row in sheets.ids("shops").items() if not sheets.unread & {"machines", "offers"} else ():
        if name not in busy:
            yield warning("files.network.idle", row.where, f"{name} has neither machines nor offers")


def _unattended(sheets: Sheets) -> Iterator[Finding]:
    """In a shop that lists its people, every process of its machines needs somebody."""
    skills: dict[str, set[str]] = {}
    for row in sheets.rows["workers"]:
        skills.setdefault(row.get("shop") or "", set()).update(row.get("processes") or ())
    machines = sheets.ids("machines")
    for row in sheets.rows["capabilities"]:
        machine = machines.get(row.get("machine") or "")
        shop = machine.get("shop") if machine else None
        if shop in skills and row.get("process") and row["process"] not in skills[shop]:
            message = f"nobody in {shop} can attend {row['process']}"
            yield warning(
                "files.network.unattended", row.where, message, "add the process to a row of workers.csv"
            )
