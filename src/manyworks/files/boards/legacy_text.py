"""Text of KiCad's first board format: blocks of lines between ``$NAME`` and ``$EndNAME``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from manyworks.files.boards.limits import LEGACY_DEPTH, LEGACY_LINES

_WORD = re.compile(r'"([^"\\]*+(?:\\.[^"\\]*+)*+)"?|(\S++)')
_ESCAPE = re.compile(r"\\(.)")
_NAME = re.compile(r"\$([A-Za-z_0-9]+)")


class LegacyError(ValueError):
    """The text has no such blocks; ``line`` says where it goes wrong."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(slots=True)
class Block:
    """One block: its name in capitals, what stands behind the name, lines and blocks inside it.

    Lines are kept as text with their numbers, and split when somebody asks.
    """

    name: str
    head: str
    line: int
    lines: list[tuple[int, str]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    def rows(self, *keys: str) -> Iterator[list[str]]:
        """Words of the lines that begin with one of some keys; all lines without a key."""
        for _, text in self.lines:
            words = split(text)
            if not keys or (words and words[0] in keys):
                yield words

    def row(self, *keys: str) -> list[str]:
        """Words of the first such line; none where there is no such line."""
        return next(self.rows(*keys), [])

    def inside(self, *names: str) -> Iterator[Block]:
        """Blocks inside of some names."""
        return (block for block in self.blocks if block.name in names)


def split(text: str) -> list[str]:
    """Words of a line; a quoted text is one word."""
    return [
        _ESCAPE.sub(r"\1", match[1]) if match[1] is not None else match[2] for match in _WORD.finditer(text)
    ]


def read_blocks(text: str) -> Block:
    """All blocks of a file inside one.

    Raises
    ------
    LegacyError
        A block is closed that was never opened, never closed, or nested too deeply; too many lines.
    """
    root = Block("", "", 1)
    stack = [root]
    for number, line in enumerate(text.splitlines(), start=1):
        if number > LEGACY_LINES:
            raise LegacyError(f"more than {LEGACY_LINES:,} lines", number)
        line = line.strip()  # noqa: PLW2901 - the same line
        found = _NAME.match(line)
        if found is None:
            if line and line[0] != "#":
                stack[-1].lines.append((number, line))
        elif found[1].upper() == "ENDBOARD":
            break
        elif found[1].upper().startswith("END"):
            _close(stack, found[1].upper()[3:], number)
        else:
            _open(stack, found[1].upper(), line[found.end() :].strip(), number)
    if len(stack) > 1:
        raise LegacyError(f"${stack[-1].name[:40]} is never closed: the file is cut short", stack[-1].line)
    return root


def _open(stack: list[Block], name: str, head: str, number: int) -> None:
    if len(stack) > LEGACY_DEPTH:
        raise LegacyError(f"blocks are nested deeper than {LEGACY_DEPTH}", number)
    block = Block(name, head, number)
    stack[-1].blocks.append(block)
    stack.append(block)


def _close(stack: list[Block], name: str, number: int) -> None:
    """Close a block; what was opened in it and never closed was a line with a dollar sign."""
    if name not in (block.name for block in stack[1:]):
        raise LegacyError(f"$End{name[:40]} closes a block that is not open", number)
    while stack.pop().name != name:
        pass
