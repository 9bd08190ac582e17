"""What the terminal shows: tables and answers on standard output, findings and progress beside it."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from manyworks.model import Finding, Severity, errors

GAP = "  "


def say(*lines: str) -> None:
    """Write lines of the answer."""
    sys.stdout.write("".join(f"{_printable(line)}\n" for line in lines))


def say_findings(findings: Iterable[Finding], *, remarks: bool = True) -> int:
    """Write each finding once, the grave ones first, and a count; return the exit code they mean.

    ``remarks`` False only counts those that say nothing but what was understood or assumed.
    """
    unique = list(dict.fromkeys(findings))
    shown = [one for severity in Severity for one in unique if one.severity is severity]
    if not remarks:
        shown = [one for one in shown if one.severity is not Severity.INFO]
    sys.stdout.flush()
    sys.stderr.write("".join(f"{_one_line(one)}\n" for one in shown))
    if unique:
        sys.stderr.write(f"{_count(unique, len(unique) - len(shown))}\n")
    return 1 if errors(unique) else 0


def _one_line(finding: Finding) -> str:
    return _printable(" ".join(str(finding).split()))


def _printable(text: str) -> str:
    """The text without control characters: names in a file must not command a terminal."""
    return text if text.isprintable() else "".join(one if one.isprintable() else "?" for one in text)


def _count(findings: Sequence[Finding], hidden: int) -> str:
    counts = Counter(finding.severity for finding in findings)
    words = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "remark"}
    told = ", ".join(
        f"{counts[severity]} {word}{'s' * (counts[severity] != 1)}"
        for severity, word in words.items()
        if counts[severity]
    )
    return f"{told}{' (--verbose shows the remarks)' if hidden else ''}"


def lay_out(head: Sequence[str], rows: Iterable[Sequence[str]], right: str = "") -> list[str]:
    """Columns under their heads, as wide as they need to be.

    Parameters
    ----------
    right
        One letter for each column: ``r`` puts it to the right, anything else to the left.
    """
    table = [tuple(head), *(tuple(map(_cell, row)) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    sides = right.ljust(len(widths))
    return [
        GAP.join(
            cell.rjust(width) if side == "r" else cell.ljust(width)
            for cell, width, side in zip(row, widths, sides, strict=True)
        ).rstrip()
        for row in table
    ]


def _cell(text: str) -> str:
    return " ".join(text.split())


def indent(lines: Iterable[str]) -> Iterator[str]:
    """The lines, two blanks further in."""
    return (f"{GAP}{line}".rstrip() for line in lines)


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Something to tell each longer step to; a person at a terminal sees it, nobody else does."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    # Late: without a terminal nobody needs it.
    from rich.console import Console
    from rich.text import Text

    with Console(stderr=True).status("") as status:
        yield lambda text: status.update(Text(f"{text} ..."))
