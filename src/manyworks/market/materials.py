"""Whether a shop that lists these materials takes that one."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from manyworks.market.lexicon import Lexicon, words
from manyworks.market.tables import toml_table

_BETWEEN = re.compile(r"\s*(?:[,;/&+|、，；或和及]|\b(?:and|or|as well as|a|ac)\b)\s*", re.I)
_INNER = re.compile(r"(?P<outer>[^()]+)\((?P<inner>[^()]+)\)\s*")
_MOST_PARTS = 30


@cache
def materials() -> Lexicon:
    """The lexicon of materials."""
    return Lexicon(toml_table("materials.toml"), "material")


def takes(listed: tuple[str, ...], asked: str) -> bool | None:
    """Whether one of the listed materials covers the asked one.

    The same grade under any designation, a grade of a listed family, or any grade of an asked
    family. None: the shop lists nothing, or a name on either side is not known, so that nothing
    can be said.
    """
    names = (name for entry in listed if entry.strip() for name in each_material(entry))
    verdicts: list[bool | None] = []
    for name in names:  # one by one: the first may be enough
        verdicts.append(_covers(name, asked))
        if verdicts[-1]:
            return True
    return None if None in verdicts or not verdicts else False


@lru_cache(maxsize=65536)
def each_material(entry: str) -> tuple[str, ...]:
    """Materials that one entry of a list names: ``304/316L`` and ``stainless steel (304, 316L)`` name two.

    An entry that is one name, or of which a part is not known, is left as it is.
    """
    if materials().names_exactly(entry):
        return (entry,)
    outer = _INNER.fullmatch(entry)
    parts = _known_parts(outer["inner"] if outer else entry)
    if len(parts) < 2 or (outer and not _are_kinds_of(parts, outer["outer"])):
        return (entry,)
    return parts


def _known_parts(text: str) -> tuple[str, ...]:
    parts = [part for part in _BETWEEN.split(text) if part.strip()]
    known = 1 < len(parts) <= _MOST_PARTS and all(materials().find(part) for part in parts)
    return tuple(parts) if known else ()


def _are_kinds_of(parts: tuple[str, ...], family: str) -> bool:
    wide = materials().find(family)
    found = [materials().find(part) for part in parts]
    return wide is not None and all(slug and materials().is_kind_of(slug, wide) for slug in found)


def is_same_material(one: str, other: str) -> bool:
    """Whether two names mean the same grade or the same family."""
    found = materials().find(one)
    return _squeezed(one) == _squeezed(other) or (found is not None and found == materials().find(other))


def is_family_of(wide: str, narrow: str) -> bool:
    """Whether ``wide`` is a family that ``narrow`` belongs to, without being the same."""
    outer, inner = materials().find(wide), materials().find(narrow)
    return bool(outer and inner and outer != inner and materials().is_kind_of(inner, outer))


def _squeezed(name: str) -> list[str]:
    return sorted(words(name))


@lru_cache(maxsize=65536)
def _covers(listed: str, asked: str) -> bool | None:
    if _squeezed(listed) == _squeezed(asked):
        return True
    have, want = materials().find(listed), materials().find(asked)
    if have is None or want is None:
        return None
    return materials().is_kind_of(want, have) or materials().is_kind_of(have, want)
