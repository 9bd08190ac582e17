"""Large XML files of figures, element by element, guarded against what XML can do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from manyworks.files.solids.objects import MalformedModelError
from manyworks.files.solids.zips import UnpackError

_CHUNK = 1 << 20
# The parser looks at an unfinished tag anew with each chunk; no tag is as long as this.
_TAG_BYTES = 8 << 20
_DEPTH = 100
# Text within one element that is kept: figures and names are short.
_TEXT = 2_000


class Readable(Protocol):
    """Whatever bytes can be read from."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, none at the end."""


class Taker(Protocol):
    """Whoever takes the elements; names come without their namespace."""

    def begin(self, name: str, attributes: Mapping[str, str]) -> bool:
        """An element begins; whether to go on reading."""

    def finish(self, name: str, text: str) -> None:
        """An element ends; the text within it, without what its children hold."""


def take(file: Readable, name: str, taker: Taker) -> None:
    """Hand all elements of a file to ``taker``. Document types and entities are refused.

    Raises
    ------
    MalformedModelError
        Where the file is no sane XML.
    """
    from defusedxml.ElementTree import XMLParser

    # The guarded parser's engine with its guards, and our handlers instead of a tree's: much faster.
    engine = XMLParser(forbid_dtd=True).parser
    engine.ordered_attributes = False
    handlers = _Handlers(taker, name)
    engine.StartElementHandler = handlers.begin
    engine.EndElementHandler = handlers.finish
    engine.CharacterDataHandler = handlers.add
    try:
        quiet = 0
        while not handlers.enough and (data := file.read(_CHUNK)):
            before = handlers.calls
            engine.Parse(data, False)
            quiet = quiet + len(data) if handlers.calls == before else 0
            if quiet > _TAG_BYTES:
                raise MalformedModelError(f"{name[:80]} holds a tag of more than {_TAG_BYTES:,} bytes")
        if not handlers.enough:
            engine.Parse(b"", True)
    except (MalformedModelError, UnpackError):
        raise
    except Exception as trouble:  # the parser's own exceptions and those of the guard
        text = f"{name[:80]} is broken ({type(trouble).__name__}: {str(trouble)[:80]})"
        raise MalformedModelError(text) from trouble


class _Handlers:
    """What the parser calls."""

    def __init__(self, taker: Taker, name: str) -> None:
        self.enough = False
        self.calls = 0
        self._taker = taker
        self._name = name
        self._texts: list[str] = []

    def begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self.calls += 1
        self._texts.append("")
        if len(self._texts) > _DEPTH:
            raise MalformedModelError(f"{self._name} is nested too deeply")
        if not self._taker.begin(local_name(tag), attributes):
            self.enough = True

    def add(self, text: str) -> None:
        """Some text within an element."""
        self.calls += 1
        if self._texts and len(self._texts[-1]) < _TEXT:
            self._texts[-1] += text

    def finish(self, tag: str) -> None:
        """An element ends."""
        self.calls += 1
        self._taker.finish(local_name(tag), self._texts.pop())


def local_name(tag: str) -> str:
    """A name without its namespace."""
    return tag.rpartition("}")[2]


def figure(text: str | None, name: str) -> float:
    """A figure, or an error that names what it was for."""
    try:
        return float(text or "")
    except ValueError as trouble:
        raise MalformedModelError(f"no figure for {name} but {(text or '')[:40]!r}") from trouble


def number(text: str | None, name: str) -> int:
    """The number of a point, or an error that names what it was for."""
    try:
        found = int(text or "")
    except ValueError as trouble:
        raise MalformedModelError(f"no number for {name} but {(text or '')[:40]!r}") from trouble
    if not 0 <= found < 2**40:
        raise MalformedModelError(f"{name} is the point {found}")
    return found
