"""Whether a shop holds a certificate on a day."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from manyworks.market.taxonomy import canonical, is_kind_of
from manyworks.model import Certificate

_EDITION = re.compile(r":\s*\d{4}.*$|\s*\(?(?:edition|rev(?:ision)?)\.?\s*\w+\)?$", re.I)
_NATIONAL = re.compile(r"^(?:(?:bs|din|en|uni|nf|gb/t)\s+)+(?=iso|iec)", re.I)
_LETTERED = re.compile(r"(as91[012]0)[a-d]$")


@lru_cache(maxsize=65536)
def scheme(name: str) -> str:
    """A certificate's scheme without edition year, national prefix, blanks and case."""
    text = unicodedata.normalize("NFKC", name).strip()[:120]
    text = _NATIONAL.sub("", _EDITION.sub("", text))
    return _LETTERED.sub(r"\1", re.sub(r"[\s/_]+", "", text).casefold())


def missing(held: Iterable[Certificate], asked: str, process: str, on: str) -> str:
    """Why the asked certificate is not held on the ISO date ``on``; empty where it is.

    One scheme never stands for another. A certificate whose scope names a process counts for that
    process and narrower ones only; a scope in other words is not judged.
    """
    same = [c for c in held if scheme(c.name) == scheme(asked)]
    if not same:
        return f"holds no {asked}"
    valid = [c for c in same if not c.valid_to or not on or c.valid_to >= on]
    if not valid:
        return f"{asked} ended on {max(c.valid_to for c in same)}, needed on {on}"
    if not any(_covers(c.scope, process) for c in valid):
        return f"{asked} covers {valid[0].scope} only"
    return ""


def _covers(scope: str, process: str) -> bool:
    return canonical(scope) is None or is_kind_of(process, scope) if scope else True
