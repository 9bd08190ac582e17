"""How many findings are worth telling one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from manyworks.model import Finding, Severity

MAX_FINDINGS = 500
"""Findings of one kind told one by one for each file; the rest are counted."""


def first_few(findings: Iterable[Finding], file: str) -> Iterator[Finding]:
    """Pass on the first `MAX_FINDINGS`; count the rest in one finding as severe as the worst of them."""
    rest: list[Severity] = []
    for number, finding in enumerate(findings):
        if number < MAX_FINDINGS:
            yield finding
        else:
            rest.append(finding.severity)
    if rest:
        worst = next(severity for severity in Severity if severity in rest)
        message = f"and {len(rest)} more problems of this kind in this file"
        yield Finding(code="files.network.many", severity=worst, where=file, message=message)
