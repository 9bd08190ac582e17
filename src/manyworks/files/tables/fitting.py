"""Whether a row's part is wanted: columns that say so, and words hidden in its value."""

from __future__ import annotations

import re
from functools import cache

from manyworks.files.vocabulary import marks_no, marks_yes, says_not_fitted, squeeze, vocabulary


def says_fitted(role: str, cell: str) -> bool | None:
    """What a fitting column says of a row: True, False, or None for nothing.

    A `dnp` column says "not fitted" by a word or a mark; an `assembly` column says it by "no".
    A plain word ("fitted", "DNP") means what it says in either.
    """
    if not cell:
        return None
    if says_not_fitted(cell):
        return False
    if len(cell) < 40 and squeeze(cell) in _fitted_words():
        return True
    if role == "dnp":
        return False if marks_yes(cell) else True if marks_no(cell) else None
    return False if marks_no(cell) else True if marks_yes(cell) else None


@cache
def _fitted_words() -> frozenset[str]:
    return frozenset(map(squeeze, vocabulary()["words"]["fitted"]))


def split_not_fitted(value: str) -> tuple[str, bool]:
    """A value without words such as DNP (``10k DNP``, ``10k/NC``), and whether it had any."""
    if says_not_fitted(value):
        return value, True
    within, beside = _patterns()
    for pattern in (within, beside):
        if len(value) < 200 and pattern.search(value):
            return pattern.sub(" ", value).strip(" ,;/()[]-_"), True
    return value, False


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = vocabulary()["words"]
    within = "|".join(re.escape(word).replace(r"\ ", r"[\s_-]*") for word in words["not_fitted_within"])
    beside = "|".join(map(re.escape, words["not_fitted_beside"]))
    return (
        re.compile(rf"[\s(\[/,;_-]*(?<![A-Za-z0-9])(?:{within})(?![A-Za-z0-9])[)\]]*", re.IGNORECASE),
        re.compile(rf"\s*/\s*(?:{beside})$|^(?:{beside})\s*/\s*|\s*\((?:{beside})\)$"),
    )
