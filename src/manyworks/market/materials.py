"""Whether a shop that lists these materials takes that one."""

from __future__ import annotations

from functools import cache, lru_cache

from manyworks.market.lexicon import Lexicon, words
from manyworks.market.tables import toml_table


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
    verdicts = [_covers(name, asked) for name in listed if name.strip()]
    if True in verdicts:
        return True
    return None if None in verdicts or not verdicts else False


@lru_cache(maxsize=65536)
def _covers(listed: str, asked: str) -> bool | None:
    if sorted(words(listed)) == sorted(words(asked)):
        return True
    have, want = materials().find(listed), materials().find(asked)
    if have is None or want is None:
        return None
    return materials().is_kind_of(want, have) or materials().is_kind_of(have, want)
