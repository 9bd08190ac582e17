"""Spreadsheets (.xlsx, .xlsm, .xlsb, .xls, .ods) -> sheets of text cells, opened in a bounded process."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from manyworks.files.limits import CELL_CHARACTERS, TABLE_COLUMNS, TABLE_ROWS
from manyworks.files.sources import Source
from manyworks.files.tables.grid import Row, row_of, trim
from manyworks.files.tables.hyperlinks import Links, read_hyperlinks
from manyworks.files.tables.limits import (
    WORKBOOK_BYTES,
    WORKBOOK_CHARACTERS,
    WORKBOOK_MEMBERS,
    WORKBOOK_MEMORY_BYTES,
    WORKBOOK_RATIO,
    WORKBOOK_SECONDS,
    WORKBOOK_SHEETS,
    WORKBOOK_UNPACKED_BYTES,
)
from manyworks.model import Finding, error, info, warning

_WORKER = Path(__file__).with_name("workbook_worker.py")
_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".xltx", ".xlt", ".ots")
_RATIO_COUNTS_FROM = 10_000_000
# So many merged areas over so many rows are written out; no parts list has more.
_MERGED_AREAS = 5_000
_MERGED_ROWS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet as rows of text; what stands in a merged area is said in each of its rows."""

    name: str
    rows: tuple[Row, ...]
    hidden: bool = False
    cut: bool = False


def is_workbook(source: Source) -> bool:
    """Whether a file is a spreadsheet by its first bytes and its ending."""
    by_name = source.path.suffix.lower() in _ENDINGS
    return by_name and source.data.startswith((_ZIP, _COMPOUND))


def read_sheets(source: Source) -> tuple[tuple[Sheet, ...], tuple[Finding, ...]]:
    """Every work sheet of a spreadsheet in its order; none, with one error, where it cannot be opened."""
    trouble = _oversized(source) or _damaged(source)
    if trouble is not None:
        return (), (trouble,)
    answer = _ask(source)
    if isinstance(answer, Finding):
        return (), (answer,)
    links = read_hyperlinks(source.data) if source.data.startswith(_ZIP) else {}
    sheets = tuple(_sheet(entry, links.get(entry["name"], {})) for entry in answer if "rows" in entry)
    return sheets, tuple(_left_out(source.name, answer))


def _sheet(entry: dict[str, Any], links: Links) -> Sheet:
    cells = {number: list(trim(texts)) for number, texts in entry["rows"]}
    for (first, column), (last, _) in entry["merged"][:_MERGED_AREAS]:
        _say_again(cells, first + 1, last + 1, column)
    return Sheet(
        name=str(entry["name"]),
        rows=tuple(row_of(number, texts, links.get(number, ())) for number, texts in cells.items()),
        hidden=bool(entry["hidden"]),
        cut=bool(entry["cut"]),
    )


def _say_again(cells: dict[int, list[str]], first: int, last: int, column: int) -> None:
    """Write what stands at the top of a merged area into its first column further down."""
    top = cells.get(first, [])
    text = top[column] if column < len(top) else ""
    for number in range(first + 1, min(last, first + _MERGED_ROWS) + 1) if text else ():
        row = cells.get(number, [])
        if column < len(row) and not row[column]:
            row[column] = text


def _left_out(name: str, entries: Iterable[dict[str, Any]]) -> Iterator[Finding]:
    for entry in entries:
        if entry.get("chart"):
            yield info(
                "files.sheet.chart", f"{name}!{entry['name']}", "a chart or macro sheet; it is not read"
            )
        if entry.get("more"):
            text = f"{entry['more']} further sheets after the first {WORKBOOK_SHEETS} are not read"
            yield warning("files.workbook.sheets", name, text, "split the file")


def _oversized(source: Source) -> Finding | None:
    if len(source.data) <= WORKBOOK_BYTES:
        return None
    text = f"the spreadsheet has {len(source.data):,} bytes; at most {WORKBOOK_BYTES:,} are read"
    return error("files.workbook.too-large", source.name, text, "keep the parts list only")


def _damaged(source: Source) -> Finding | None:
    """What a look at the container says against opening it: damage, or far more inside than is honest."""
    if not source.data.startswith(_ZIP):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as container:
            members = container.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as trouble:
        text = f"the spreadsheet's container is damaged: {str(trouble)[:100]}"
        return error("files.workbook.damaged", source.name, text, "save it anew")
    unpacked = sum(member.file_size for member in members)
    dense = any(
        member.file_size > max(_RATIO_COUNTS_FROM, WORKBOOK_RATIO * member.compress_size)
        for member in members
    )
    if dense or unpacked > WORKBOOK_UNPACKED_BYTES or len(members) > WORKBOOK_MEMBERS:
        text = f"the spreadsheet unpacks to {unpacked:,} bytes in {len(members):,} members"
        hint = f"at most {WORKBOOK_UNPACKED_BYTES:,} bytes are read; save the parts list as a file of its own"
        return error("files.workbook.bomb", source.name, text, hint)
    return None


def _ask(source: Source) -> list[dict[str, Any]] | Finding:
    """What the bounded process says of the file."""
    library = find_spec("python_calamine")
    if library is None or library.origin is None:
        text = "spreadsheets need the package python-calamine"
        return error(
            "files.workbook.library", source.name, text, "install python-calamine, or save it as .csv"
        )
    numbers = (
        WORKBOOK_MEMORY_BYTES,
        WORKBOOK_SECONDS,
        WORKBOOK_SHEETS,
        TABLE_ROWS + 1,
        TABLE_COLUMNS,
        CELL_CHARACTERS,
        WORKBOOK_CHARACTERS,
    )
    command = [sys.executable, "-I", "-S", str(_WORKER), str(Path(library.origin).parents[1])]
    try:
        done = subprocess.run(
            [*command, *map(str, numbers)],
            input=source.data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=2 * WORKBOOK_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _refused(source.name, "", f"opening it takes more than {2 * WORKBOOK_SECONDS} seconds")
    except OSError as trouble:
        return _refused(
            source.name, "", f"the process that opens spreadsheets does not start: {trouble.strerror}"
        )
    return _answer(source.name, done.stdout)


def _answer(name: str, output: bytes) -> list[dict[str, Any]] | Finding:
    """Sheets, or why there are none. A process ended by its limits leaves no answer."""
    try:
        answer = json.loads(output)
    except ValueError:
        answer = {"trouble": "memory"}
    if "sheets" in answer:
        sheets: list[dict[str, Any]] = answer["sheets"]
        return sheets
    if answer["trouble"] == "memory":
        return _refused(name, "", "opening it takes more memory or time than any parts list needs")
    if answer["trouble"] == "PasswordError":
        return _refused(name, "", "it is protected by a password")
    return _refused(name, answer.get("text", ""), "it is damaged or no spreadsheet")


def _refused(name: str, detail: str, reason: str) -> Finding:
    text = f"the spreadsheet cannot be opened: {reason}" + (f" ({detail[:120]})" if detail else "")
    return error("files.workbook.unreadable", name, text, "save it anew as .xlsx or .csv")
