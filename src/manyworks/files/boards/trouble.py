"""Malformed elements of a board: each becomes a finding, and one bad element does not hide the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from manyworks.files.limits import FINDINGS_PER_KIND
from manyworks.model import Finding, error, errors

Board = TypeVar("Board")
Thing = TypeVar("Thing")
Result = TypeVar("Result")


def unless_errors(board: Board | None, findings: list[Finding]) -> tuple[Board | None, tuple[Finding, ...]]:
    """What a reader hands back: the board only where no finding is an error."""
    return (None if errors(findings) else board), tuple(findings)


class Trouble(Generic[Thing]):
    """Applies readers to elements and collects what could not be understood.

    Parameters
    ----------
    name
        What findings call the file.
    findings
        Where they go.
    label
        How a finding calls an element.
    """

    def __init__(self, name: str, findings: list[Finding], label: Callable[[Thing], str]) -> None:
        self.name = name
        self.findings = findings
        self.label = label
        self.count = 0

    def add(self, message: str) -> None:
        """Say what is wrong, unless so much was already said."""
        self.count += 1
        if self.count <= FINDINGS_PER_KIND:
            self.findings.append(error("files.board.malformed", self.name, message))

    def gather(self, read: Callable[[Thing], Result | None], things: Iterable[Thing]) -> Iterator[Result]:
        """What ``read`` makes of every element; one that is malformed becomes a finding."""
        for thing in things:
            result = self.attempt(read, thing, default=None)
            if result is not None:
                yield result

    def attempt(self, read: Callable[[Thing], Result], thing: Thing, *, default: Result) -> Result:
        """What ``read`` makes of one element, or the default with a finding."""
        try:
            return read(thing)
        except (ValueError, IndexError, TypeError, OverflowError) as trouble:
            self.add(f"'{self.label(thing)}' cannot be understood: {trouble}"[:400])
            return default

    def close(self) -> None:
        """Say how many more there were."""
        more = self.count - FINDINGS_PER_KIND
        if more > 0:
            text = f"{more} further elements like that"
            self.findings.append(error("files.board.malformed", self.name, text))
