"""The process that opens a spreadsheet: bytes on standard input, sheets as JSON on standard output.

It runs as a file of its own, without this package: a spreadsheet may claim a billion cells, and
what is then out of memory must not be the program that asked. Arguments: folder of the spreadsheet
library, bytes of memory, seconds, sheets, rows, columns, characters of a cell, characters in all.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from datetime import date, datetime, time
from typing import Any


class _Budget:
    """Characters that may still be handed over."""

    def __init__(self, cell: int, total: int) -> None:
        self.cell = cell
        self.left = total

    def text(self, value: object) -> str:
        words = _text(value)[: self.cell]
        self.left -= len(words) + 3
        return words


def main(arguments: list[str]) -> None:
    """Read the spreadsheet and write what it holds."""
    library, memory, seconds, *limits = arguments
    _confine(int(memory), int(seconds))
    sys.path.insert(0, library)
    answer: dict[str, Any]
    try:
        answer = {"sheets": _sheets(sys.stdin.buffer.read(), *map(int, limits))}
    except MemoryError:
        answer = {"trouble": "memory"}
    except BaseException as trouble:  # the library's own panics derive from nothing narrower
        answer = {"trouble": type(trouble).__name__, "text": str(trouble)[:300]}
    sys.stdout.write(json.dumps(answer))


def _confine(memory: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:  # no such limits on this system; the caller's clock still holds
        return
    for limit, value in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds)):
        with suppress(ValueError, OSError):  # a system that knows the name and not the limit
            resource.setrlimit(limit, (value, value))


def _sheets(data: bytes, sheets: int, rows: int, columns: int, cell: int, total: int) -> list[dict[str, Any]]:
    import io

    from python_calamine import CalamineWorkbook

    budget = _Budget(cell, total)
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    found = []
    for about in book.sheets_metadata[:sheets]:
        entry: dict[str, Any] = {"name": about.name, "hidden": not str(about.visible).endswith(".Visible")}
        if str(about.typ).endswith(".WorkSheet"):
            entry.update(_cells(book.get_sheet_by_name(about.name), rows, columns, budget))
        else:
            entry["chart"] = True
        found.append(entry)
    if len(book.sheets_metadata) > sheets:
        found.append({"name": "", "more": len(book.sheets_metadata) - sheets})
    return found


def _cells(sheet: Any, rows: int, columns: int, budget: _Budget) -> dict[str, Any]:
    """Filled rows with their numbers as the spreadsheet program counts them, and merged areas."""
    found = []
    cut = sheet.height > rows
    for number, cells in enumerate(sheet.to_python(skip_empty_area=False, nrows=rows), 1):
        if budget.left <= 0:
            cut = True
            break
        texts = [budget.text(value) for value in cells[:columns]]
        if any(texts):
            found.append([number, texts])
    return {"rows": found, "cut": cut, "merged": (sheet.merged_cell_ranges or [])[:rows]}


def _text(value: object) -> str:
    """A cell as people see it: 9.0 is 9, a date without time is a date."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{int(value)}" if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


if __name__ == "__main__":
    main(sys.argv[1:])
