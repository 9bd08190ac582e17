"""All tables of one network folder, read but not yet checked against each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from manyworks.files.network.cells import CellError, parse_currency
from manyworks.files.network.documents import Document, read_document, read_entry, unknown_key
from manyworks.files.network.nearest import nearest_hint
from manyworks.files.network.rows import Row, read_rows
from manyworks.files.network.shifts import parse_shifts
from manyworks.files.network.values import shown
from manyworks.files.network.vocabulary import HEAD, TABLES
from manyworks.model import Finding, Shift, error, warning

HEAD_FILE = "network.toml"
CALENDARS_FILE = "calendars.toml"
ASSUMPTIONS_FILE = "assumptions.csv"
"""What an import had to assume; for people, not read."""
BOOK_CURRENCY = "USD"
"""Currency of the rate book, tariffs and price ranges that come with the package."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheets:
    """What stands in the files: tables by name, exchange rates, shift patterns.

    ``unread`` names the tables that could not be read, so that nothing is blamed on their absence.
    ``exchange`` is empty where ``network.toml`` could not be read.
    """

    head: Mapping[str, Any] = field(default_factory=dict)
    exchange: Mapping[str, float] = field(default_factory=dict)
    patterns: Mapping[str, tuple[Shift, ...]] = field(default_factory=dict)
    rows: Mapping[str, list[Row]] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()

    def ids(self, table: str) -> dict[str, Row]:
        """Rows of a table by their readable ids; the first of two alike."""
        found: dict[str, Row] = {}
        for row in self.rows[table]:
            if row.get("id"):
                found.setdefault(row["id"], row)
        return found


def read_sheets(directory: Path) -> tuple[Sheets, list[Finding]]:
    """Read every file of a network folder."""
    findings = _strange_files(directory)
    head, exchange = _read_head(directory / HEAD_FILE, findings)
    patterns = _read_patterns(directory / CALENDARS_FILE, findings)
    rows: dict[str, list[Row]] = {}
    unread: set[str] = set()
    for table in TABLES:
        read, troubles = read_rows(directory / table.file, table)
        findings += troubles
        rows[table.name] = read or []
        unread |= {table.name} if read is None else set()
    sheets = Sheets(head=head, exchange=exchange, patterns=patterns, rows=rows, unread=frozenset(unread))
    return sheets, findings


def _strange_files(directory: Path) -> list[Finding]:
    known = [HEAD_FILE, CALENDARS_FILE, ASSUMPTIONS_FILE, *(table.file for table in TABLES)]
    try:
        names = sorted(path.name for path in directory.iterdir() if path.suffix.lower() in (".csv", ".toml"))
    except OSError as trouble:
        text = f"the folder cannot be read: {trouble.strerror}"
        return [error("files.network.file", str(directory), text, "give yourself the right to read it")]
    return [
        warning("files.network.unused", name, "not a file of a network: not read", nearest_hint(name, known))
        for name in names
        if name not in known
    ]


def _read_head(path: Path, findings: list[Finding]) -> tuple[Mapping[str, Any], Mapping[str, float]]:
    document = _document(path, findings, required=True)
    if document is None:
        return {}, {}
    row, troubles = read_entry(document, document.content, HEAD, beside="exchange")
    findings += troubles
    given = _table(document, "exchange", findings)
    exchange = _exchange(document, given, findings)
    own = row.get("currency")
    if own and exchange.get(own, 1.0) != 1.0:
        where = document.where(own, "exchange")
        findings.append(error("files.network.exchange", where, f"one {own} is worth {exchange[own]:g} {own}"))
    if BOOK_CURRENCY not in (own, *given):
        hint = f"say under [exchange] what one {BOOK_CURRENCY} is worth"
        message = f"no rate for {BOOK_CURRENCY}, which the built-in rates and tariffs are kept in"
        findings.append(error("files.network.exchange", document.where("exchange"), message, hint))
    return row.values, {**exchange, own: 1.0} if own else {}


def _document(path: Path, findings: list[Finding], *, required: bool) -> Document | None:
    if not path.exists() and not path.is_symlink():
        if required:
            findings.append(error("files.network.file", path.name, f"{path.name} is not there", HEAD.about))
        return None
    document, troubles = read_document(path)
    findings += troubles
    return document


def _table(document: Document, name: str, findings: list[Finding]) -> Mapping[str, Any]:
    found = document.content.get(name, {})
    if isinstance(found, dict):
        return found
    message = f"{name}: found {shown(found)}, expected a table [{name}]"
    findings.append(error("files.network.value", document.where(name), message))
    return {}


def _exchange(document: Document, given: Mapping[str, Any], findings: list[Finding]) -> dict[str, float]:
    rates: dict[str, float] = {}
    for code, rate in given.items():
        where = document.where(code, "exchange")
        try:
            rates[parse_currency(code)] = 1.0  # stands in for a broken rate, told once and not at each use
            rates[code] = _rate(rate)
        except CellError as trouble:
            message = f"{code} = {shown(rate)}: expected {trouble.expected}"
            findings.append(error("files.network.exchange", where, message, trouble.hint))
    return rates


def _rate(rate: object) -> float:
    if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 < rate < 1e12:
        raise CellError(
            "a number above 0", "say what one unit is worth in the network's currency, without quotes"
        )
    return float(rate)


def _read_patterns(path: Path, findings: list[Finding]) -> dict[str, tuple[Shift, ...]]:
    document = _document(path, findings, required=False)
    if document is None:
        return {}
    strange = [key for key in document.content if key != "shifts"]
    findings += [unknown_key(key, ["shifts"], document.where(key)) for key in strange]
    patterns: dict[str, tuple[Shift, ...]] = {}
    for name, text in _table(document, "shifts", findings).items():
        try:
            patterns[name] = parse_shifts(str(text))
        except CellError as trouble:
            message = f"{name}: found {shown(text)}, expected {trouble.expected}"
            findings.append(
                error("files.network.value", document.where(name, "shifts"), message, trouble.hint)
            )
            patterns[name] = ()
    return patterns
