"""Text of nothing but numbers, as rows of numbers that know their lines; vectorised."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.model import error
from manyworks.scheduling.instances.faults import MOST_TOLD, Faults
from manyworks.scheduling.problem.tables import Floats, Ints

FEW_WORDS = 100
FEWEST_TOLD = 3
"""Words that are told of a text longer than `FEW_WORDS` that is mostly no numbers."""
LONGEST_NUMBER = 15
"""Letters of the longest number accepted: exact in float64, and sums of many still fit into 64 bits."""
_BLANK, _DIGIT, _MINUS, _DOT, _OTHER = range(5)
_NEWLINE = ord("\n")
_COMMENT = re.compile(rb"#[^\n]*")


def _classes() -> NDArray[np.uint8]:
    table = np.full(256, _OTHER, dtype=np.uint8)
    table[np.frombuffer(b" \t\r\n\v\f", dtype=np.uint8)] = _BLANK
    table[np.frombuffer(b"0123456789", dtype=np.uint8)] = _DIGIT
    table[ord("-")], table[ord(".")] = _MINUS, _DOT
    return table


_CLASS = _classes()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Numbers by row; blank lines and comments (from ``#`` on) are no rows.

    Parameters
    ----------
    values
        All numbers, one after another, truncated to whole ones.
    exact
        The same with their decimals; None where all are whole.
    first
        (rows + 1,) pointers to the first number of each row.
    line
        (rows,) number of each row's line in the file, from 1.
    """

    values: Ints
    exact: Floats | None
    first: Ints
    line: Ints

    def __len__(self) -> int:
        return len(self.line)

    def row(self, index: int) -> list[int]:
        """The numbers of a row."""
        numbers: list[int] = self.values[self.first[index] : self.first[index + 1]].tolist()
        return numbers

    @property
    def widths(self) -> Ints:
        """(rows,) how many numbers each row has."""
        return np.diff(self.first)

    def require_whole(self, faults: Faults, begin: int = 0) -> bool:
        """Whether all numbers from row ``begin`` on are whole; those that are not become faults."""
        if self.exact is None:
            return True
        start = int(self.first[begin])
        broken = np.flatnonzero(self.exact[start:] != self.values[start:]) + start
        faults.count += max(len(broken) - MOST_TOLD, 0)
        for position in broken[:MOST_TOLD].tolist():
            where, message = (
                faults.line(self.line_of(position)),
                f"expected whole numbers, found {self.exact[position]:g}",
            )
            faults.add(error("scheduling.instance.whole", where, message, "use a smaller unit of time"))
        return not len(broken)

    def line_of(self, position: int) -> int:
        """The line a number stands in."""
        return int(self.line[np.searchsorted(self.first, position, side="right") - 1])


def read_rows(data: bytes, faults: Faults) -> Rows | None:
    """Split text into rows of numbers.

    Parameters
    ----------
    data
        Text; anything but numbers, white space and comments is a fault.
    faults
        Takes what is wrong, with its line.

    Returns
    -------
    Rows or None
        None where something is no number.
    """
    text = _prepare(data)
    raw = np.frombuffer(text, dtype=np.uint8)
    kind = _CLASS[raw]
    starts, ends = _tokens(kind)
    breaks = np.flatnonzero(raw == _NEWLINE)
    bad = np.union1d(_bad_tokens(kind, starts), np.flatnonzero(ends - starts > LONGEST_NUMBER))
    _tell_words(text, breaks, (starts, ends), bad, faults)
    if len(bad) or not len(starts):
        return None
    line_of_token = np.searchsorted(breaks, starts) + 1
    line, first = np.unique(line_of_token, return_index=True)
    exact = np.fromstring(text, dtype=np.float64, sep=" ") if b"." in text else None
    values = np.fromstring(text, dtype=np.int64, sep=" ") if exact is None else exact.astype(np.int64)
    return Rows(values=values, exact=exact, first=np.append(first, len(starts)).astype(np.int64), line=line)


def _tell_words(text: bytes, breaks: Ints, tokens: tuple[Ints, Ints], bad: Ints, faults: Faults) -> None:
    """Say which words are no numbers; of a text that is something else altogether only the first few."""
    starts, ends = tokens
    most = MOST_TOLD
    if 2 * len(bad) > len(starts) > FEW_WORDS:
        most = FEWEST_TOLD
        message = f"{len(bad):,} of its {len(starts):,} words are no numbers"
        faults.add(error("scheduling.instance.words", faults.file, message, "give an instance"))
    else:
        faults.count += max(len(bad) - most, 0)
    for token in bad[:most].tolist():
        word = text[starts[token] : min(ends[token], starts[token] + 24)].decode("utf-8", "replace")
        where = faults.line(int(np.searchsorted(breaks, starts[token])) + 1)
        message = f"expected numbers, found {word!r}"
        faults.add(error("scheduling.instance.number", where, message, "write plain numbers"))


def _prepare(data: bytes) -> bytes:
    """Blank out comments and the mark that ends an old file; make lines end alike."""
    text = data.rstrip(b"\x1a")
    if b"\n" not in text:
        text = text.replace(b"\r", b"\n")
    return _COMMENT.sub(b"", text) if b"#" in text else text


def _tokens(kind: NDArray[np.uint8]) -> tuple[Ints, Ints]:
    """Where each run of letters that are no blanks starts and ends."""
    inside = np.zeros(len(kind) + 2, dtype=np.int8)
    inside[1:-1] = kind != _BLANK
    steps = np.diff(inside)
    return np.flatnonzero(steps == 1).astype(np.int64), np.flatnonzero(steps == -1).astype(np.int64)


def _bad_tokens(kind: NDArray[np.uint8], starts: Ints) -> Ints:
    """Tokens that are no numbers such as ``12``, ``-1`` or ``5.5``."""
    before, after = np.append(np.uint8(_BLANK), kind[:-1]), np.append(kind[1:], np.uint8(_BLANK))
    wrong = kind == _OTHER
    wrong |= (kind == _MINUS) & ((before != _BLANK) | (after != _DIGIT))
    wrong |= (kind == _DOT) & ((before != _DIGIT) | (after != _DIGIT))
    owners = np.searchsorted(starts, np.flatnonzero(wrong), side="right") - 1
    dots = np.searchsorted(starts, np.flatnonzero(kind == _DOT), side="right") - 1
    twice = dots[1:][np.diff(dots) == 0]
    return np.unique(np.concatenate([owners, twice])).astype(np.int64)
