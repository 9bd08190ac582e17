"""Tables of machines or of facilities, as maps of fab labs publish them -> rows of one kind."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from manyworks.files.limits import FINDINGS_PER_KIND, TABLE_COLUMNS, TABLE_ROWS
from manyworks.files.open_know.measures import length_mm, number_of
from manyworks.files.sources import Source, decode
from manyworks.model import Finding, error, info, warning

_CELL = 4_000
_DELIMITERS = ",;\t|"
_NOTHING = frozenset({"", "none", "nan", "null", "-", "n/a"})
# What the columns of the published tables are called.
_NAMES = {
    "name": ("name", "machine", "machine_name", "equipment", "tool", "title"),
    "make": ("brand", "make", "manufacturer", "maker"),
    "model": ("model", "machine_model"),
    "kind": ("class_1", "type", "class", "machine_class", "machine_type", "category"),
    "sub_kind": ("sub_type_1", "sub_type", "subtype"),
    "process": ("process",),
    "lab": ("facility", "lab", "shop", "site", "makerspace", "fablab", "facility_name", "lab_name"),
    "city": ("city", "town", "place"),
    "country": ("country_code", "country"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lon", "lng", "long"),
    "x": ("x_travel", "x_mm", "travel_x", "x"),
    "y": ("y_travel", "y_mm", "travel_y", "y"),
    "z": ("z_travel", "z_mm", "travel_z", "z"),
    "working": ("working",),
    "quantity": ("qty", "quantity", "count"),
    "info": ("info", "notes", "description", "remarks"),
    "materials": ("materials",),
    "capabilities": ("capabilities",),
    "status": ("activity_status",),
}
_NO = frozenset({"false", "no", "0"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineRow:
    """One machine of one facility, or a word that says what it can do; ``shop`` names the facility."""

    shop: str
    name: str
    where: str
    lab: str = ""
    make: str = ""
    model: str = ""
    kind: str = ""
    sub_kind: str = ""
    process: str = ""
    envelope_mm: tuple[float, ...] | None = None
    count: int = 1
    working: bool = True
    materials: tuple[str, ...] = ()
    info: str = ""
    only_word: bool = False
    city: str = ""
    country: str = ""
    latitude: float | None = None
    longitude: float | None = None
    status: str = ""


def read_machine_table(source: Source) -> tuple[list[MachineRow] | None, tuple[Finding, ...]]:
    """Rows of a table with one machine a row, or one facility a row with capabilities in words."""
    findings: list[Finding] = []
    table = _table(source, findings)
    if table is None:
        return None, tuple(findings)
    columns = _columns(table[0]) if table else {}
    if not ({"lab"} <= columns.keys() or {"name", "capabilities"} <= columns.keys()):
        told = "columns for the facility and its machines or capabilities were expected"
        return None, (error("files.okw.unknown", source.name, told, "name a column lab or facility"),)
    findings += _unused(table[0], columns, source.name)
    for axis, unit in _units(table[0], columns):
        for cells in table[1:]:
            _append_unit(cells, columns[axis], unit)
    rows = list(_rows(table, columns, source.name, findings))
    return rows, tuple(findings)


def _unused(names: list[str], columns: Mapping[str, int], name: str) -> Iterator[Finding]:
    """Columns that mean nothing here."""
    used = {*columns.values()}
    left = [cell for index, cell in enumerate(names) if index not in used and _column(cell)]
    if left:
        yield info(
            "files.okw.columns", name, f"columns not used: {', '.join(left[:FINDINGS_PER_KIND])[:400]}"
        )


def _units(names: list[str], columns: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Axes whose column says the unit of its travels: ``x_mm``."""
    for axis in ("x", "y", "z"):
        unit = _column(names[columns[axis]]).rpartition("_")[2] if axis in columns else ""
        if unit in ("mm", "cm", "in"):
            yield axis, unit


def _append_unit(cells: list[str], index: int, unit: str) -> None:
    if index < len(cells) and number_of(cells[index]) is not None:
        cells[index] = f"{cells[index]}{unit}"


def _table(source: Source, findings: list[Finding]) -> list[list[str]] | None:
    """Cells of at most so many rows, columns and characters; what is cut off is told."""
    text = decode(source.data)[0].replace("\x00", "")
    first = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        table = [[cell[:_CELL].strip() for cell in row[:TABLE_COLUMNS]] for row in islice(reader, TABLE_ROWS)]
        more = sum(1 for _ in reader)
    except csv.Error as trouble:
        findings.append(error("files.okw.malformed", source.name, f"this is no table: {trouble}"))
        return None
    if more:
        told = f"the first {TABLE_ROWS:,} rows are read; {more:,} more are not"
        findings.append(warning("files.okw.too-many", source.name, told, "split the table"))
    return table


def _column(name: str) -> str:
    return name.casefold().strip("\ufeff ").replace(" ", "_").replace("-", "_")


def _columns(names: list[str]) -> dict[str, int]:
    plain = [_column(name) for name in names]
    found: dict[str, int] = {}
    for meaning, spellings in _NAMES.items():
        index = next((plain.index(name) for name in spellings if name in plain), None)
        if index is not None:
            found[meaning] = index
    if "facility" in plain and "lab" in plain:
        found["lab"] = plain.index("facility")
    return found


@dataclass(slots=True)
class _Told:
    """Rows with something to tell of, by what it is."""

    without_facility: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    odd_travels: list[str] = field(default_factory=list)
    odd_counts: list[str] = field(default_factory=list)

    def findings(self, name: str) -> Iterator[Finding]:
        alone = self.without_facility
        sentences = (
            ("rows", f"{len(alone)} rows without a facility, not used", alone),
            ("rows", "rows of a facility that is there already, merged", self.repeated),
            ("travel", "travels that are no lengths or only one, left open", self.odd_travels),
            ("count", "counts that are no whole numbers from 1 to 10,000, one is taken", self.odd_counts),
        )
        for what, sentence, rows in sentences:
            if rows:
                listed = ", ".join(rows[:FINDINGS_PER_KIND])
                rest = f" and {len(rows) - FINDINGS_PER_KIND} more" if rows[FINDINGS_PER_KIND:] else ""
                yield info(f"files.okw.{what}", name, f"{sentence}: {listed}{rest}")


def _rows(
    table: list[list[str]], columns: Mapping[str, int], name: str, findings: list[Finding]
) -> Iterator[MachineRow]:
    told = _Told()
    seen: set[str] = set()
    for number, cells in enumerate(table[1:], 2):
        row = _by_field(cells, columns)
        lab = row.get("lab") or (row.get("name", "") if "capabilities" in columns else "")
        where = f"{name}:row {number}"
        if not lab:
            told.without_facility += [str(number)] * any(cells) or [f"{number} (empty)"]
        elif "capabilities" in columns:
            told.repeated += [str(number)] * (_key(lab, row) in seen)
            seen.add(_key(lab, row))
            yield from _capability_rows(row, lab, where)
        else:
            yield _machine_row(row, lab, where, told)
    findings += told.findings(name)


def _by_field(cells: list[str], columns: Mapping[str, int]) -> dict[str, str]:
    """Cells that say something, by what they say."""
    return {
        name: cells[index]
        for name, index in columns.items()
        if index < len(cells) and cells[index].casefold() not in _NOTHING
    }


def _capability_rows(row: Mapping[str, str], lab: str, where: str) -> Iterator[MachineRow]:
    words = [word for word in row.get("capabilities", "").split("|") if word]
    for word in words or [""]:
        yield MachineRow(
            shop=_key(lab, row),
            lab=lab,
            name=word.replace("_", " "),
            kind=word,
            only_word=True,
            where=where,
            **_at(row),
        )


def _machine_row(row: Mapping[str, str], lab: str, where: str, told: _Told) -> MachineRow:
    return MachineRow(
        shop=_key(lab, row),
        lab=lab,
        name=row.get("name", ""),
        make=row.get("make", ""),
        model=row.get("model", ""),
        kind=row.get("kind", ""),
        sub_kind=row.get("sub_kind", ""),
        process=row.get("process", ""),
        envelope_mm=_travel(row, where, told),
        count=_count(row, where, told),
        working=row.get("working", "true").casefold() not in _NO,
        materials=tuple(part.strip() for part in row.get("materials", "").split(";") if part.strip()),
        info=row.get("info", ""),
        where=where,
        **_at(row),
    )


def _key(lab: str, row: Mapping[str, str]) -> str:
    """A facility's identity: its name, and its place where names repeat over the world."""
    return " ".join(filter(None, (lab, row.get("city", ""), row.get("country", ""))))


def _count(row: Mapping[str, str], where: str, told: _Told) -> int:
    number = number_of(row.get("quantity", "1"))
    if number is None or not 1 <= number <= 10_000 or not number.is_integer():
        told.odd_counts.append(f"{where.rpartition(':')[2]} {row['quantity'][:20]}")
        return 1
    return int(number)


def _at(row: Mapping[str, str]) -> dict[str, Any]:
    """Where a row's facility is."""
    return {
        "city": row.get("city", ""),
        "country": row.get("country", ""),
        "latitude": number_of(row.get("latitude")),
        "longitude": number_of(row.get("longitude")),
        "status": {"planned": "planned", "closed": "closed"}.get(row.get("status", ""), ""),
    }


def _travel(row: Mapping[str, str], where: str, told: _Told) -> tuple[float, ...] | None:
    """Working travel in x, y and z where all that is stated is understood."""
    stated = [row[axis] for axis in ("x", "y", "z") if axis in row]
    lengths = [length_mm(text) for text in stated]
    if any(length is None for length in lengths) or len(stated) == 1:
        told.odd_travels.append(f"{where.rpartition(':')[2]} {' x '.join(stated)[:60]}")
        return None
    return tuple(round(length, 3) for length in lengths if length is not None) or None
