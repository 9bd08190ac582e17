"""Tables of machines or of facilities, as maps of fab labs publish them -> rows of one kind."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from manyworks.files.limits import FINDINGS_PER_KIND
from manyworks.files.open_know.measures import length_mm, number_of
from manyworks.files.sources import Source, decode
from manyworks.model import Finding, error, info

_CELL = 4_000
_NOTHING = frozenset({"", "none", "nan", "null", "-", "n/a"})
# What the columns of the published tables are called.
_NAMES = {
    "name": ("name",),
    "make": ("brand", "make", "manufacturer"),
    "model": ("model",),
    "kind": ("class_1", "type", "class", "machine_class"),
    "sub_kind": ("sub_type_1", "sub_type"),
    "lab": ("facility", "lab"),
    "city": ("city",),
    "country": ("country_code", "country"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lon", "lng"),
    "x": ("x_travel",),
    "y": ("y_travel",),
    "z": ("z_travel",),
    "working": ("working",),
    "quantity": ("qty", "quantity"),
    "info": ("info",),
    "capabilities": ("capabilities",),
    "status": ("activity_status",),
}
_NO = frozenset({"false", "no", "0"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineRow:
    """One machine (or a facility's capability word) of one facility; ``shop`` names the facility."""

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
    city: str = ""
    country: str = ""
    latitude: float | None = None
    longitude: float | None = None
    status: str = ""


def read_machine_table(source: Source) -> tuple[list[MachineRow] | None, tuple[Finding, ...]]:
    """Rows of a table with one machine a row, or one facility a row with capabilities in words."""
    text, _ = decode(source.data)
    reader = csv.reader(io.StringIO(text.replace("\x00", ""), newline=""))
    try:
        table = [[cell[:_CELL].strip() for cell in row] for row in reader]
    except csv.Error as trouble:
        return None, (error("files.okw.malformed", source.name, f"this is no table: {trouble}"),)
    columns = _columns(table[0]) if table else {}
    if not ({"lab"} <= columns.keys() or {"name", "capabilities"} <= columns.keys()):
        told = "columns for the facility and its machines or capabilities were expected"
        return None, (error("files.okw.unknown", source.name, told, "name a column lab or facility"),)
    findings: list[Finding] = []
    rows = list(_rows(table, columns, source.name, findings))
    return rows, tuple(findings)


def _columns(names: list[str]) -> dict[str, int]:
    plain = [name.casefold().strip("\ufeff ") for name in names]
    found: dict[str, int] = {}
    for field, spellings in _NAMES.items():
        index = next((plain.index(name) for name in spellings if name in plain), None)
        if index is not None:
            found[field] = index
    if "facility" in plain and "lab" in plain:
        found["lab"] = plain.index("facility")
    return found


def _rows(
    table: list[list[str]], columns: Mapping[str, int], name: str, findings: list[Finding]
) -> Iterator[MachineRow]:
    short: list[str] = []
    units: list[str] = []
    seen: set[str] = set()
    twice: list[str] = []
    for number, cells in enumerate(table[1:], 2):
        row = {
            field: cells[index]
            for field, index in columns.items()
            if index < len(cells) and cells[index].casefold() not in _NOTHING
        }
        lab = row.get("lab") or (row.get("name", "") if "capabilities" in columns else "")
        if not lab:
            short.append(str(number))
            continue
        where = f"{name}:row {number}"
        if "capabilities" in columns:
            key = _key(lab, row)
            if key in seen:
                twice.append(str(number))
            seen.add(key)
            yield from _capability_rows(row, lab, where)
        else:
            yield _machine_row(row, lab, where, units)
    if short:
        listed = ", ".join(short[:FINDINGS_PER_KIND])
        findings.append(
            info("files.okw.rows", name, f"{len(short)} rows without a facility, not used: {listed}")
        )
    if twice:
        listed = ", ".join(twice[:FINDINGS_PER_KIND])
        findings.append(
            info("files.okw.rows", name, f"rows of a facility that is there already, merged: {listed}")
        )
    if units:
        listed = ", ".join(units[:FINDINGS_PER_KIND])
        findings.append(info("files.okw.travel", name, f"travels that are no lengths, left open: {listed}"))


def _capability_rows(row: Mapping[str, str], lab: str, where: str) -> Iterator[MachineRow]:
    words = [word for word in row.get("capabilities", "").split("|") if word]
    for word in words or [""]:
        yield MachineRow(
            shop=_key(lab, row), lab=lab, name=word.replace("_", " "), kind=word, where=where, **_at(row)
        )


def _machine_row(row: Mapping[str, str], lab: str, where: str, units: list[str]) -> MachineRow:
    return MachineRow(
        shop=_key(lab, row),
        lab=lab,
        name=row.get("name", ""),
        make=row.get("make", ""),
        model=row.get("model", ""),
        kind=row.get("kind", ""),
        sub_kind=row.get("sub_kind", ""),
        envelope_mm=_travel(row, where, units),
        count=_count(row),
        working=row.get("working", "true").casefold() not in _NO,
        where=where,
        **_at(row),
    )


def _key(lab: str, row: Mapping[str, str]) -> str:
    """A facility's identity: its name, and its place where names repeat over the world."""
    return " ".join(filter(None, (lab, row.get("city", ""), row.get("country", ""))))


def _count(row: Mapping[str, str]) -> int:
    number = number_of(row.get("quantity", "1"))
    return int(number) if number is not None and 1 <= number <= 10_000 else 1


def _at(row: Mapping[str, str]) -> dict[str, Any]:
    """Where a row's facility is."""
    return {
        "city": row.get("city", ""),
        "country": row.get("country", ""),
        "latitude": number_of(row.get("latitude")),
        "longitude": number_of(row.get("longitude")),
        "status": {"planned": "planned", "closed": "closed"}.get(row.get("status", ""), ""),
    }


def _travel(row: Mapping[str, str], where: str, units: list[str]) -> tuple[float, ...] | None:
    """Working travel in x, y and z where all that is stated is understood."""
    stated = [row[axis] for axis in ("x", "y", "z") if axis in row]
    lengths = [length_mm(text) for text in stated]
    if any(length is None for length in lengths):
        units.append(f"{where.rpartition(':')[2]} {' x '.join(stated)}")
        return None
    sides = tuple(round(length, 3) for length in lengths if length is not None)
    return sides if len(sides) >= 2 else None
