"""Suggest what was probably meant."""

from __future__ import annotations

from collections.abc import Collection

LONGEST_WORD = 100
MOST_WORDS = 2_000
"""Beyond these a suggestion costs more than it helps."""


def nearest_hint(word: str, known: Collection[str]) -> str:
    """``did you mean 'x'?`` for the nearest known word, or empty when none is near."""
    if len(word) > LONGEST_WORD or len(known) > MOST_WORDS:
        return ""
    from difflib import get_close_matches

    by_folded = {name.lower(): name for name in known}
    close = get_close_matches(word.lower(), by_folded, n=1, cutoff=0.6)
    return f"did you mean {by_folded[close[0]]!r}?" if close else ""
