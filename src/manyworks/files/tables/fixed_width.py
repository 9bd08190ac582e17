"""Tables in columns of blanks: KiCad's .pos, Eagle's part and mounting lists, reports of board tools."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from manyworks.files.limits import TABLE_ROWS
from manyworks.files.tables.grid import LOOK_ROWS, Grid, Row, trim
from manyworks.files.tables.limits import LINE_CHARACTERS

FIXED = "fixed width"

_POS_HEADER = re.compile(r"^#\s*Ref\s+Val\s+Package\s+PosX\s+PosY\s+Rot\s+Side\s*$", re.IGNORECASE)
_LENGTH = re.compile(r"^-?\d+\.\d+$")
_TURN = re.compile(r"^M?R?\d{1,3}(?:\.\d+)?$")
_REMARK = re.compile(r"^\s*[#;*]+\s?")
_RULE = re.compile(r"^[\s\-=_+*~]*$")
# Gaps between columns are looked for in so many lines; a table's shape does not change further down.
_GAP_LINES = 2_000
LEAST_NAMES = 3
"""So many known names in one row make a header that needs no other way of reading."""


def _lines(text: str, limit: int) -> list[str]:
    """The first lines of a text, each of bounded length; never more of them than asked for."""
    return [line.rstrip("\r")[:LINE_CHARACTERS] for line in text.split("\n", limit)[:limit]]


def pick_and_place(text: str) -> Grid | None:
    """KiCad's ``.pos``: columns by width, values may hold blanks, the last four never do."""
    head = _lines(text, LOOK_ROWS)
    header = next((i for i, line in enumerate(head) if _POS_HEADER.match(line)), None)
    if header is None:
        return None
    lines = _lines(text, header + TABLE_ROWS + 2)
    names = lines[header]
    value, package = names.casefold().index("val"), names.casefold().index("package")
    titles = tuple(names.lstrip("# ").split())
    rows = [Row(header + 1, titles), *_pos_rows(lines, header + 1, value, package)]
    return _grid(rows, titles)


def _pos_rows(lines: list[str], first: int, value: int, package: int) -> Iterator[Row]:
    for number, line in enumerate(lines[first:], first + 1):
        parts = line.rsplit(None, 4)
        if line.startswith("#") or len(parts) < 5:
            continue
        head = parts[0]
        yield Row(number, trim((head[:value], head[value:package], head[package:], *parts[1:])))


def mounting_list(text: str) -> Grid | None:
    """Eagle's ``.mnt`` and ``.mnb``: name, x, y, turn, value and package without any header."""
    sample = [line for line in _lines(text, LOOK_ROWS) if line.strip()]
    if not sample or not all(map(_mounted, sample)):
        return None
    titles = ("name", "x", "y", "rotation", "value", "package")
    cells = ((number, _mounted(line)) for number, line in enumerate(_lines(text, TABLE_ROWS + 1), 1))
    rows = [Row(number, trim(found)) for number, found in cells if found]
    return _grid([Row(0, titles), *rows], titles)


def _mounted(line: str) -> tuple[str, ...] | None:
    """The cells of a mounting list's line; the value may be missing or hold blanks."""
    parts = line.split(None, 4)
    if len(parts) < 5 or not (_LENGTH.match(parts[1]) and _LENGTH.match(parts[2]) and _TURN.match(parts[3])):
        return None
    value, _, package = parts[4].strip().rpartition(" ")
    return (*parts[:4], value, package)


def columns_by_blanks(text: str, known: Callable[[str], bool]) -> Grid | None:
    """A table whose columns are kept apart by blanks in every row, as partlists and reports are."""
    head = _lines(text, LOOK_ROWS)
    header, hits = _best_header(head, known)
    if hits < LEAST_NAMES:
        return None
    lines = _lines(text, header + TABLE_ROWS + 2)
    body = [(number, line) for number, line in enumerate(lines[header + 1 :], header + 2)]
    names = _REMARK.sub(lambda match: " " * len(match[0]), lines[header]).expandtabs()
    spans = _spans(names, [line.expandtabs() for _, line in body[:_GAP_LINES]])
    if len(spans) < LEAST_NAMES:
        return None
    titles = _cells(names, spans)
    above = [Row(number, trim([line])) for number, line in enumerate(lines[:header], 1)]
    rows = [Row(number, _cells(line.expandtabs(), spans)) for number, line in body if not _is_remark(line)]
    return _grid([*above, Row(header + 1, titles), *rows], titles, header=header)


def _best_header(lines: Sequence[str], known: Callable[[str], bool]) -> tuple[int, int]:
    """Index of the line with most known names, and how many: words two blanks apart, or nearly all known."""
    best = (0, 0)
    for index, line in enumerate(lines):
        bare = _REMARK.sub("", line).strip()
        for words, least in ((re.split(r"\s{2,}|\t", bare), 0.5), (bare.split(), 0.75)):
            hits = sum(1 for word in words if word and len(word) < 40 and known(word))
            if hits > best[1] and hits >= least * len(words):
                best = (index, hits)
    return best


def _spans(names: str, lines: Sequence[str]) -> list[tuple[int, int | None]]:
    """Begin and end of each column: where no line, nor the names, has anything but a blank between."""
    used = 0
    for line in (names, *(line for line in lines if not _is_remark(line))):
        used |= int("".join("0" if char == " " else "1" for char in reversed(line)) or "0", 2)
    starts = [i for i in range(used.bit_length()) if used >> i & 1 and (i == 0 or not used >> (i - 1) & 1)]
    named = [start for start, end in pairwise([*starts, LINE_CHARACTERS]) if _begins(names[start:end])]
    if not named:
        return []
    return [*pairwise([0, *named[1:]]), (named[-1] if named[1:] else 0, None)]


def _begins(title: str) -> bool:
    """Whether a stretch of the row of names begins a column; a unit in brackets belongs to the one before."""
    bare = title.strip()
    return bool(bare) and not bare.startswith(("(", "["))


def _cells(line: str, spans: Sequence[tuple[int, int | None]]) -> tuple[str, ...]:
    return trim([line[begin:end] for begin, end in spans])


def _is_remark(line: str) -> bool:
    return bool(_RULE.match(line)) or line.lstrip().startswith(("#", "//"))


def _grid(rows: list[Row], titles: tuple[str, ...], *, header: int = 0) -> Grid:
    return Grid(
        rows=tuple(rows[: TABLE_ROWS + header]),
        header=header,
        delimiter=FIXED,
        names=titles,
        first=header + 1,
        cut=len(rows) - header > TABLE_ROWS,
    )
