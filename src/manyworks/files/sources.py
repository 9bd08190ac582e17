"""Files as bytes with their names: opened once, bounded in size, hashed."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from manyworks.model import FileRef, Finding, error

_PAIR = re.compile(rb"[\x81-\xfe][\x30-\xfe]")
_COMMON = re.compile(rb"[\xa1\xa3\xb0-\xd7][\xa1-\xfe]")
_PAIRS_LOOKED_AT = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file read into memory. ``name`` is how findings and file references call it."""

    path: Path
    name: str
    data: bytes

    @property
    def stem(self) -> str:
        """The file's name without folder and ending."""
        return self.path.stem

    def reference(self, role: str) -> FileRef:
        """The file by content, with what it was used for."""
        return FileRef(path=self.name, sha256=hashlib.sha256(self.data).hexdigest(), role=role)


def is_file(path: Path) -> bool:
    """Whether a path is an ordinary file; one that cannot be a path at all (too long) is none."""
    return _asked(path.is_file)


def is_folder(path: Path) -> bool:
    """Whether a path is a folder; one that cannot be a path at all (too long) is none."""
    return _asked(path.is_dir)


def stands(path: Path) -> bool:
    """Whether there is anything at a path; nothing is where no path can be (too long)."""
    return _asked(path.exists)


def _asked(question: Callable[[], bool]) -> bool:
    try:
        return question()
    except (OSError, ValueError):
        return False


def open_source(path: Path, name: str, limit: int) -> Source | Finding:
    """Read a file of at most ``limit`` bytes; a finding where that cannot be done."""
    try:
        if not path.is_file():
            return error("files.file.unreadable", name, "this is no ordinary file", "give a file on disk")
        size = path.stat().st_size
        if size > limit:
            return _too_large(name, size, limit)
        with path.open("rb") as file:
            data = file.read(limit + 1)
        return (
            _too_large(name, len(data), limit)
            if len(data) > limit
            else Source(path=path, name=name, data=data)
        )
    except (OSError, ValueError) as trouble:
        reason = getattr(trouble, "strerror", None) or str(trouble)
        return error("files.file.unreadable", name, f"the file cannot be read: {reason}")


def _too_large(name: str, size: int, limit: int) -> Finding:
    text = f"the file has {size:,} bytes; at most {limit:,} are read"
    return error("files.file.too-large", name, text, "split or simplify it")


def decode(data: bytes) -> tuple[str, str]:
    """Text of a file and the encoding it turned out to be in; never fails.

    Byte order marks decide; then UTF-16 by its zero bytes; then strict UTF-8; then GBK where that
    gives common Chinese characters; else Windows-1252.
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace"), encoding
    head = data[:2000]
    if head.count(0) > len(head) // 4:
        encoding = "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"
        return data.decode(encoding, errors="replace"), encoding
    for encoding in ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or _mostly_chinese(data):
            return text, encoding
    return data.decode("cp1252", errors="replace"), "cp1252"


def _mostly_chinese(data: bytes) -> bool:
    """Whether most pairs of bytes are common Chinese characters or marks (GB 2312, first level).

    An accented letter of a Western alphabet makes a pair with the plain letter after it, which GBK
    takes for a rare character; text in Chinese is made of common ones.
    """
    pairs = [match[0] for match in islice(_PAIR.finditer(data), _PAIRS_LOOKED_AT)]
    return 0 < len(pairs) <= 2 * sum(map(bool, map(_COMMON.match, pairs)))
