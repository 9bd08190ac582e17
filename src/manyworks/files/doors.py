"""The two doors of every reader: findings handed back, or all of them raised at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from manyworks.model import Finding, FindingsError, errors

Thing = TypeVar("Thing")


class FilesError(FindingsError):
    """What was read holds errors; ``findings`` has every finding of the reading."""


def hand_over(
    thing: Thing | None, findings: Iterable[Finding], *, strict: bool
) -> tuple[Thing | None, tuple[Finding, ...]]:
    """What a reader returns: the thing only where no finding is an error.

    Raises
    ------
    FilesError
        At the strict door, where at least one finding is an error.
    """
    found = tuple(findings)
    bad = bool(errors(found))
    if bad and strict:
        raise FilesError(found)
    return (None if bad else thing), found
