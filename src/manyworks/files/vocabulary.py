"""Small words of parts lists, read from the room's vocabulary: not fitted, no number, units."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files as resources
from typing import Any

_SEPARATORS = re.compile(r"[\W_]+")


@cache
def vocabulary() -> dict[str, Any]:
    """The room's whole vocabulary of tables (``data/tables.toml``)."""
    text = resources("manyworks.files").joinpath("data/tables.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _word_set(name: str) -> frozenset[str]:
    return frozenset(squeeze(word) for word in vocabulary()["words"][name])


def squeeze(text: str) -> str:
    """Lower case without blanks and punctuation: what two spellings of one word share.

    What is punctuation only (a tick, a dash) stays as it is.
    """
    return _SEPARATORS.sub("", text.casefold()) or text.strip()


def says_not_fitted(text: str) -> bool:
    """Whether a cell or a value says outright that the part is not to be fitted."""
    return len(text) < 40 and squeeze(text) in _word_set("not_fitted")


def marks_yes(text: str) -> bool:
    """Whether a cell of a yes-or-no column says yes (``x``, ``1``, ``true``)."""
    return len(text) < 40 and squeeze(text) in _word_set("yes")


def marks_no(text: str) -> bool:
    """Whether a cell of a yes-or-no column says no (``0``, ``no``, ``false``)."""
    return len(text) < 40 and squeeze(text) in _word_set("no")


def names_nothing(text: str) -> bool:
    """Whether a part-number or maker cell holds a filler (``ANY``, ``generic``, ``-``)."""
    word = squeeze(text)
    return not any(map(str.isalnum, word)) or (len(text) < 40 and word in _word_set("nothing"))
