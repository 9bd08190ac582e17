"""The two doors of every reader: findings handed back, or all of them raised at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from manyworks.files.limits import FINDINGS_PER_KIND
from manyworks.model import Finding, FindingsError, Severity, errors

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


def bound(findings: Iterable[Finding]) -> Iterator[Finding]:
    """At most so many findings of one kind, kinds in the order they come, then how many more there are."""
    kinds: dict[tuple[str, Severity], list[Finding]] = {}
    for finding in findings:
        kinds.setdefault((finding.code, finding.severity), []).append(finding)
    for (code, severity), alike in kinds.items():
        yield from alike[:FINDINGS_PER_KIND]
        if (more := len(alike) - FINDINGS_PER_KIND) > 0:
            text = f"{more} further findings like that"
            yield Finding(code=code, severity=severity, where=alike[-1].where, message=text)
