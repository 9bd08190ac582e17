"""Position files (pick and place, centroid): designator, place, turn and side."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache

from manyworks.files.limits import FINDINGS_PER_KIND
from manyworks.files.tables.grid import Row
from manyworks.files.tables.rows import Table, remarks
from manyworks.files.vocabulary import squeeze, vocabulary
from manyworks.model import Finding, error, info

_LENGTH = re.compile(r"^([-+]?[0-9]*[.,]?[0-9]+(?:[eE][-+]?\d+)?)\s*(mm|mil|mils|in|inch|inches|\"|um|µm)?$")
_STATED = re.compile(r"^#.*\bunits?\s*[=:]\s*(mils?|mm|inch(?:es)?|in)\b", re.IGNORECASE | re.MULTILINE)
# Exact by definition: one inch is 25.4 mm, a mil a thousandth of it.
_MM = {
    "mm": 1.0,
    "mil": 0.0254,
    "mils": 0.0254,
    "in": 25.4,
    "inch": 25.4,
    "inches": 25.4,
    '"': 25.4,
    "um": 1e-3,
    "µm": 1e-3,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """One row: ``side`` is ``top``, ``bottom`` or empty where the file does not say; lengths in mm."""

    designator: str
    x_mm: float
    y_mm: float
    rotation_deg: float
    side: str
    where: str


def read_positions(table: Table) -> tuple[tuple[Position, ...], tuple[Finding, ...]]:
    """Positions in a table of that kind. A header without rows is no trouble: nothing on that side."""
    findings = list(remarks(table))
    unit = _column_unit(table)
    positions: list[Position] = []
    bad: list[Finding] = []
    for row in table.grid.body:
        if not table.columns.cell(row, "designator"):
            continue
        found = _read_row(table, row, unit)
        if isinstance(found, Finding):
            bad.append(found)
        else:
            positions.append(found)
    if unit is None and positions and not any(_has_unit(table, row) for row in table.grid.body):
        findings.append(
            info("files.positions.unit", table.source.name, "no unit is stated; millimetres are taken")
        )
    return tuple(positions), (*findings, *bad[:FINDINGS_PER_KIND])


def _read_row(table: Table, row: Row, unit: str | None) -> Position | Finding:
    x, y = (_length(table.columns.cell(row, role), unit) for role in ("x", "y"))
    turn = _angle(table.columns.cell(row, "rotation"))
    if x is None or y is None or turn is None:
        return error(
            "files.positions.number",
            table.where(row),
            f"{table.columns.cell(row, 'designator')[:40]!r}: place and turn must be numbers",
            "export the position file anew",
        )
    return Position(
        designator=table.columns.cell(row, "designator"),
        x_mm=x,
        y_mm=y,
        rotation_deg=turn,
        side=_side(table.columns.cell(row, "side")),
        where=table.where(row),
    )


def _column_unit(table: Table) -> str | None:
    """The unit the file states: ``## Unit = mm`` above, or in a column name, ``Center-X(mil)``."""
    stated = _STATED.search(table.source.data[:4000].decode("latin-1"))
    if stated:
        return stated[1].lower()
    index = table.columns.index("x")
    match = (
        re.search(r"(mils?|mm|inch|in)\s*[)\]]?\s*$", table.columns.names[index].casefold())
        if index is not None
        else None
    )
    return match[1] if match else None


def _has_unit(table: Table, row: Row) -> bool:
    match = _LENGTH.match(table.columns.cell(row, "x"))
    return bool(match and match[2])


def _length(cell: str, unit: str | None) -> float | None:
    match = _LENGTH.match(cell.casefold())
    if match is None:
        return None
    value = float(match[1].replace(",", ".")) * _MM[match[2] or unit or "mm"]
    return value if math.isfinite(value) else None


def _angle(cell: str) -> float | None:
    try:
        value = float(cell.replace(",", ".").removesuffix("°")) if cell else 0.0
    except ValueError:
        return None
    return value if math.isfinite(value) else None


@cache
def _sides() -> dict[str, str]:
    words = vocabulary()["words"]
    return {squeeze(word): side for side in ("top", "bottom") for word in words[side]}


def _side(cell: str) -> str:
    return _sides().get(squeeze(cell), "")
