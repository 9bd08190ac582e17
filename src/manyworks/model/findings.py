"""The one way a room reports trouble."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding stops.

    ``ERROR``: the thing cannot be used as it is. ``WARNING``: it is used, but somebody should
    look. ``INFO``: something was understood, assumed or left out, and is said aloud.
    """

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing worth saying about an input or a result.

    Parameters
    ----------
    code
        Stable dotted name, ``room.subject.problem``, for machines and for searching the docs.
    severity
        See `Severity`.
    where
        ``file``, ``file:line``, ``file:row 3`` or the id of the noun concerned.
    message
        What was found and what was expected, in one plain sentence.
    hint
        What to do about it; empty when there is nothing to do.
    """

    code: str
    severity: Severity
    where: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        tail = f" ({self.hint})" if self.hint else ""
        return f"{self.severity}: {self.where}: {self.message}{tail} [{self.code}]"


def error(code: str, where: str, message: str, hint: str = "") -> Finding:
    """Make a finding that stops the work."""
    return Finding(code=code, severity=Severity.ERROR, where=where, message=message, hint=hint)


def warning(code: str, where: str, message: str, hint: str = "") -> Finding:
    """Make a finding that somebody should look at."""
    return Finding(code=code, severity=Severity.WARNING, where=where, message=message, hint=hint)


def info(code: str, where: str, message: str, hint: str = "") -> Finding:
    """Make a finding that only says aloud what was understood or assumed."""
    return Finding(code=code, severity=Severity.INFO, where=where, message=message, hint=hint)


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """Those findings that stop the work."""
    return [finding for finding in findings if finding.severity is Severity.ERROR]


class FindingsError(Exception):
    """Raised by a strict door; carries every finding, never only the first.

    Each room derives its own exception from this one.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


def finding_to_json(finding: Finding) -> dict[str, str]:
    """A finding as plain text fields."""
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "where": finding.where,
        "message": finding.message,
        "hint": finding.hint,
    }
