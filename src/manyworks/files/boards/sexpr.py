"""S-expressions, the bracketed lists KiCad writes: text to nested lists, bounded in depth."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import TypeAlias

from manyworks.files.limits import BOARD_DEPTH, BOARD_LISTS, BOARD_WORDS_SHARED

Node: TypeAlias = list["str | Node"]

# A quote that is never closed takes all the rest, so that no text makes this look twice; nothing is
# given back (``+`` after a repeat), so that no text makes the search remember where it has been.
_TOKEN = re.compile(r'[()]|"[^"\\]*+(?:\\.[^"\\]*+)*+"?+|[^\s()"]++', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}


class SexprError(ValueError):
    """The text is not one well-formed list; ``line`` says where it goes wrong."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def parse(text: str, *, depth: int = BOARD_DEPTH) -> Node:
    """Nested lists of strings from the text of one S-expression.

    Raises
    ------
    SexprError
        Unbalanced brackets, an open quote, nesting deeper than ``depth``, or nothing at all.
    """
    if text.count("(") > BOARD_LISTS:
        raise SexprError(f"more than {BOARD_LISTS:,} brackets", 1)
    top: Node = []
    stack: list[Node] = []
    current = top
    shared: dict[str, str] = {}
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token == "(":  # noqa: S105 - a bracket, not a password
            if len(stack) >= depth:
                break
            fresh: Node = []
            current.append(fresh)
            stack.append(current)
            current = fresh
        elif token == ")":  # noqa: S105
            if not stack:
                break
            current = stack.pop()
        else:
            current.append(shared.get(token) or _word(token, shared))
    else:
        if not stack and len(top) == 1 and isinstance(top[0], list):
            return top[0]
    raise _complaint(text, depth)


def _word(token: str, shared: dict[str, str]) -> str:
    """A word without its quotes, kept once for all its places while there are few different ones."""
    word = _unquote(token) if token[0] == '"' else token
    if len(shared) < BOARD_WORDS_SHARED:
        shared[token] = word
    return word


def _unquote(token: str) -> str:
    inner = token[1:-1]
    if "\\" not in inner:
        return inner
    return _ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[1]), inner)


def _complaint(text: str, depth: int) -> SexprError:
    """Walk again with positions, to say where it went wrong (the fast walk keeps none)."""
    opened: list[int] = []
    closed = False
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token[0] == '"' and match.end() == len(text):
            return SexprError("a quoted text is never closed", _line(text, match.start()))
        if token == "(":  # noqa: S105
            opened.append(match.start())
            if len(opened) > depth:
                return SexprError(f"brackets are nested deeper than {depth}", _line(text, match.start()))
        elif token == ")":  # noqa: S105
            if not opened:
                return SexprError("a bracket is closed that was never opened", _line(text, match.start()))
            opened.pop()
            closed = closed or not opened
    if opened:
        return SexprError("a bracket is never closed: the file is cut short", _line(text, opened[-1]))
    return SexprError("more than one list" if closed else "no bracketed list", 1)


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def children(node: Node, *names: str) -> Iterator[Node]:
    """The lists inside ``node`` whose first word is one of ``names``."""
    for part in node:
        if isinstance(part, list) and part and part[0] in names:
            yield part


def child(node: Node, *names: str) -> Node | None:
    """The first list inside ``node`` whose first word is one of ``names``."""
    return next(children(node, *names), None)


def words(node: Node | None) -> list[str]:
    """The plain words of a list after its first."""
    return [] if node is None else [part for part in node[1:] if isinstance(part, str)]


def number(word: object) -> float:
    """A finite number within reason.

    Raises
    ------
    ValueError
        Not a number, not finite, or absurdly large.
    """
    if not isinstance(word, str):
        raise ValueError("a number was expected, a list was found")
    value = float(word)
    if not math.isfinite(value) or abs(value) > 1e9:
        raise ValueError(f"{word!r} is no sensible number")
    return value


def numbers(node: Node | None, count: int) -> tuple[float, ...]:
    """The first ``count`` numbers after the first word of a list.

    Raises
    ------
    ValueError
        The list is missing or too short, or a word is not a number.
    """
    if node is None or len(node) <= count:
        raise ValueError(f"{count} numbers were expected after {node[0] if node else 'a missing word'!r}")
    return tuple(number(word) for word in node[1 : count + 1])
