"""Position files (pick and place, centroid): designator, place, turn and side."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from manyworks.files.limits import FINDINGS_PER_KIND
from manyworks.files.sources import decode
from manyworks.files.tables.designators import plain_letters
from manyworks.files.tables.grid import Row
from manyworks.files.tables.rows import Table, remarks, too_long
from manyworks.files.vocabulary import marks_no, marks_yes, squeeze, vocabulary
from manyworks.model import Finding, error, info, warning

_LENGTH = re.compile(
    r"^([-+]?(?:[0-9]+[.,]?[0-9]*|[.,][0-9]+)(?:[eE][-+]?\d+)?)\s*(mm|mils?|th|thou|in|inch|inches|\"|um|µm|μm)?$"
)
_STATED = re.compile(
    r"\bu?units?(?:\s+used)?\s*(?:[=:]|are|in)?\s*(mils?|mm|millimet(?:er|re)s?|inch(?:es)?|in|thou)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?:[(\[_ /.-]|(?<=[xy]))(mils?|mm|inch(?:es)?|in|um)[)\]]?\s*$")
_PAIR = re.compile(r"^\(?\s*([-+]?\d+(?:\.\d+)?)[\s,;]+([-+]?\d+(?:\.\d+)?)\s*\)?$")
_TURN = re.compile(
    r"^(?P<marks>[MSR]{0,3})(?P<number>[-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][-+]?\d+)?)\s*(?:°|deg)?$"
)
# Exact by definition: one inch is 25.4 mm, a mil a thousandth of it.
_MM = {
    "mm": 1.0,
    "mil": 0.0254,
    "mils": 0.0254,
    "th": 0.0254,
    "thou": 0.0254,
    "in": 25.4,
    "inch": 25.4,
    "inches": 25.4,
    '"': 25.4,
    "um": 1e-3,
    "µm": 1e-3,
    "μm": 1e-3,
}
_HEAD_BYTES = 4_000
# Places that spread further than any board a shop takes were hardly meant as millimetres.
_WIDE_MM = 1_000.0
_FARTHEST_MM = 1e5


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """One row: ``side`` is ``top``, ``bottom`` or empty where the file does not say; lengths in mm.

    ``value`` and ``footprint`` are as written, empty where the file has no such column.
    """

    designator: str
    x_mm: float
    y_mm: float
    rotation_deg: float
    side: str
    where: str
    value: str = ""
    footprint: str = ""


def read_positions(table: Table) -> tuple[tuple[Position, ...], tuple[Finding, ...]]:
    """Positions in a table of that kind. A header without rows is no trouble: nothing on that side."""
    unit = _stated_unit(table)
    positions: list[Position] = []
    bad: list[Finding] = []
    for row in table.grid.body:
        found = _read_row(table, row, unit)
        if isinstance(found, Finding):
            bad.append(found)
        else:
            positions.append(found)
    cut = too_long(table)
    if cut is not None:
        return tuple(positions), (cut,)
    said = (*remarks(table), *_unit_remarks(table, unit, positions), *_side_remarks(table, positions))
    return tuple(positions), (*said, *_repeats(positions), *_few(bad, table.name))


def _few(findings: Sequence[Finding], name: str) -> Iterator[Finding]:
    for code, number in Counter(finding.code for finding in findings).items():
        alike = [finding for finding in findings if finding.code == code]
        yield from alike[:FINDINGS_PER_KIND]
        if number > FINDINGS_PER_KIND:
            more = f"{number - FINDINGS_PER_KIND} further rows like that"
            yield Finding(code=code, severity=alike[0].severity, where=name, message=more)


def _read_row(table: Table, row: Row, unit: str | None) -> Position | Finding:
    cell = table.columns.cell
    designator = plain_letters(cell(row, "designator"))
    if not designator:
        text = f"a row without designator, which is no place of a part: {' '.join(row.filled)[:80]!r}"
        return info("files.positions.row-skipped", table.where(row), text)
    x, y = (_length(text, unit) for text in _place(table, row))
    turn = _TURN.match(cell(row, "rotation").upper() or "0")
    angle = _number(turn["number"]) if turn else None
    if x is None or y is None or turn is None or angle is None:
        text = f"{designator[:40]!r}: place and turn must be numbers"
        return error("files.positions.number", table.where(row), text, "export the position file anew")
    return Position(
        designator=designator,
        x_mm=x,
        y_mm=y,
        rotation_deg=angle,
        side=_side_of(table, row, mirrored="M" in turn["marks"]),
        where=table.where(row),
        value=cell(row, "value"),
        footprint=cell(row, "footprint"),
    )


def _place(table: Table, row: Row) -> tuple[str, str]:
    """The texts of x and y; one cell may hold both, ``(1000 2000)``."""
    cell = table.columns.cell
    if table.columns.has("x", "y"):
        return cell(row, "x"), cell(row, "y")
    pair = _PAIR.match(cell(row, "xy"))
    return (pair[1], pair[2]) if pair else ("", "")


def _stated_unit(table: Table) -> str | None:
    """The unit the file states: in a column name, ``Center-X(mil)``, or above, ``## Unit = mm``."""
    index = table.columns.index("x")
    index = table.columns.index("xy") if index is None else index
    names = table.columns.names
    if index is not None and index < len(names) and (named := _NAMED.search(names[index][:200].casefold())):
        return named[1]
    if table.sheet:
        head = "\n".join(" ".join(row.filled) for row in table.grid.preamble)
    else:
        head = decode(table.source.data[:_HEAD_BYTES])[0]
    stated = _STATED.search(head)
    if stated is None:
        return None
    word = stated[1].casefold()
    return "mm" if word.startswith("milli") else word


def _unit_remarks(table: Table, unit: str | None, positions: Sequence[Position]) -> Iterator[Finding]:
    written = any(_has_unit(text) for row in table.grid.body for text in _place(table, row))
    if unit is None and positions and not written:
        yield info("files.positions.unit", table.name, "no unit is stated; millimetres are taken")
    spread = max(
        (max(at) - min(at) for at in ([p.x_mm for p in positions], [p.y_mm for p in positions]) if at),
        default=0.0,
    )
    if spread > _WIDE_MM:
        text = f"the places spread over {spread:.0f} mm, more than any board; is another unit meant (mil)?"
        yield warning("files.positions.spread", table.name, text, "state the unit in the column names")


def _has_unit(cell: str) -> bool:
    match = _LENGTH.match(cell.casefold())
    return bool(match and match[2])


def _length(cell: str, unit: str | None) -> float | None:
    match = _LENGTH.match(cell.casefold())
    if match is None:
        return None
    value = _number(match[1])
    scaled = None if value is None else value * _MM[match[2] or unit or "mm"]
    return scaled if scaled is not None and abs(scaled) <= _FARTHEST_MM else None


def _number(text: str) -> float | None:
    value = float(text.replace(",", "."))
    return value if math.isfinite(value) else None


def _side_of(table: Table, row: Row, *, mirrored: bool) -> str:
    """Top or bottom by the column of sides, a mark of mirroring, or the file's ending (.mnt, .mnb)."""
    cell = table.columns.cell
    stated = _sides().get(squeeze(cell(row, "side")), "")
    if stated:
        return stated
    mirror = cell(row, "mirror")
    if mirrored or marks_yes(mirror) or mirror.casefold() == "m":
        return "bottom"
    if table.columns.has("mirror") and (not mirror or marks_no(mirror)):
        return "top"
    return _SIDE_BY_ENDING.get(table.source.path.suffix.lower(), "")


_SIDE_BY_ENDING = {".mnt": "top", ".mnb": "bottom"}


@cache
def _sides() -> dict[str, str]:
    words = vocabulary()["words"]
    return {squeeze(word): side for side in ("top", "bottom") for word in words[side]}


def _side_remarks(table: Table, positions: Sequence[Position]) -> Iterator[Finding]:
    unsaid = [position.designator for position in positions if not position.side]
    if unsaid and table.columns.has("side"):
        words = {table.columns.cell(row, "side") for row in table.grid.body} - {""}
        odd = sorted(word for word in words if squeeze(word) not in _sides())
        listed = ", ".join(repr(word[:20]) for word in odd[:5]) or "empty"
        text = f"{len(unsaid)} places do not say top or bottom ({listed})"
        yield warning("files.positions.side-unknown", table.name, text, "write top or bottom")
    elif unsaid:
        yield info("files.positions.no-side", table.name, "the file does not say on which side parts are")


def _repeats(positions: Sequence[Position]) -> Iterator[Finding]:
    """Designators with more than one place: panels repeat them, a board must not."""
    seen: dict[str, str] = {}
    twice = []
    for position in positions:
        if position.designator in seen:
            twice.append((position, seen[position.designator]))
        seen.setdefault(position.designator, position.where)
    if twice:
        listed = ", ".join(dict.fromkeys(position.designator for position, _ in twice[:10]))
        text = f"{len(twice)} designators have a place already ({listed}), the first at {twice[0][1]}"
        hint = "is this the file of a panel? give that of a single board"
        yield warning("files.positions.twice", twice[0][0].where, text, hint)
