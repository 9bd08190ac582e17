"""Whether a shop holds a certificate on a day."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from manyworks.market.tables import toml_table
from manyworks.market.taxonomy import canonical, is_kind_of
from manyworks.model import Certificate

HOLDS, UNSAID, FAILS = 0, 1, 2

_TABLE = "certificates.toml"
_EDITION = re.compile(r"[:\-–\s(]\s*(?:19|20)\d{2}\b(?:\s*\+?\s*/?\s*A\d+(?::\d{4})?)?\)?")
_AMENDED = re.compile(r"\s*\+\s*A(?:C|\d+)\b(?::\d{4})?", re.I)
_REVISION = re.compile(
    r"\(?\b(?:edition|issue|rev(?:ision)?)\b\.?\s*\w{1,2}\b\)?|(?<=\d)\s*rev\.?\s*[a-z]\b", re.I
)
_LETTERED = re.compile(r"\b((?:as|en)\s*-?91[0-2]0)\s*-?[a-d]\b", re.I)
_JOINED = re.compile(r"\b(iso|iec|gb|yy|iatf|en|din|nbr|sj|qc)\s*/\s*(iec|ts|t|tr|ashrae|iso|astm)\b", re.I)
_BETWEEN = re.compile(r"\s*(?:[,;&+]|(?<=\d)\s*/|\band\b|和|及|、|\s/\s)\s*", re.I)
_LEVEL = re.compile(r"\b(?:exc|class|cl|level|lvl)\W{0,2}(\d{1,2}|i{1,3})\b", re.I)
_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_WIDE = re.compile(r"[㐀-鿿]+")
_ROMAN = {"i": 1, "ii": 2, "iii": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """What a certificate attests: its scheme without edition, prefix and spelling, and a class of it."""

    key: tuple[str, ...]
    level: int | None = None


@lru_cache(maxsize=65536)
def schemes(name: str) -> tuple[Scheme, ...]:
    """Schemes that a certificate's name states; none where it says that it is not held.

    ``BS EN ISO 9001:2015``, ``ISO9001 certified`` and ``iso-9001`` are one scheme; ``ISO 9001 & 14001``
    are two; ``ISO 9001 (pending)`` and ``ISO 9001 compliant`` are none.
    """
    text = _AMENDED.sub("", unicodedata.normalize("NFKC", name)[:200])
    for _ in range(2):
        text = _JOINED.sub(r"\1 \2", text)
    parts = [part for part in _BETWEEN.split(text) if _TOKEN.search(part)]
    found: list[Scheme] = []
    prefix = ""
    for part in parts:
        whole = part if re.search(r"[^\W\d_]", part) else f"{prefix} {part}"
        prefix = (re.match(r"[^\W\d_]+", whole.strip()) or [""])[0]
        found.extend(_scheme(whole))
    return tuple(dict.fromkeys(found))


def _scheme(text: str) -> Iterator[Scheme]:
    level = _LEVEL.search(text)
    bare = _EDITION.sub(" ", _REVISION.sub(" ", _LETTERED.sub(r"\1", _LEVEL.sub(" ", text))))
    key = _aliases().get(_tokens(bare), _tokens(bare))
    if key and (_is_declared(key) or not _says_no(text)):
        yield Scheme(key=key, level=_number(level[1]) if level else None)


def _number(level: str) -> int:
    return _ROMAN.get(level.lower()) or int(level)


def _tokens(text: str) -> tuple[str, ...]:
    """Words and numbers of a name in order of the alphabet, without those that tell nothing."""
    table = toml_table(_TABLE)
    plain = _WIDE.sub(" ", text) if re.search(r"\d", text) else text
    found = [token.casefold() for token in _TOKEN.findall(plain)]
    if "iso" in found:
        found = [token for token in found if token not in table["national"]]
    told = [token for token in found if token not in table["dropped"]]
    return tuple(sorted(told or found))


@cache
def _aliases() -> dict[tuple[str, ...], tuple[str, ...]]:
    return {
        _tokens(name): _tokens(names[0])
        for names in (row["names"] for row in toml_table(_TABLE)["scheme"])
        for name in names
    }


@cache
def _rules() -> dict[tuple[str, ...], dict[str, str]]:
    return {_tokens(row["names"][0]): row for row in toml_table(_TABLE)["scheme"]}


def _is_declared(key: tuple[str, ...]) -> bool:
    """Whether nobody certifies it: the maker's own word is all there is."""
    return bool(_rules().get(key, {}).get("declared"))


def _says_no(text: str) -> bool:
    said = text.casefold()
    return any(
        re.search(rf"\b{re.escape(word)}\b", said) if word.isascii() else word in said
        for word in toml_table(_TABLE)["refusing"]
    )


def judge_certificate(
    holdings: tuple[tuple[Certificate, ...], bool], asked: str, process: str, on: str
) -> int:
    """HOLDS, UNSAID or FAILS for one shop's certificates, with whether it says that these are all."""
    held, complete = holdings
    if not held:
        return FAILS if complete else UNSAID
    if not missing(held, asked, process, on):
        return HOLDS
    without = (Scheme(key=scheme.key) for scheme in schemes(asked))
    only_class = all(any(_same(own, one) for own in _valid(held, process, on)) for one in without)
    stated = any(
        own.level is not None
        for own in _valid(held, process, on)
        for one in schemes(asked)
        if own.key == one.key
    )
    return UNSAID if schemes(asked) and only_class and not stated else FAILS


def missing(held: Iterable[Certificate], asked: str, process: str, on: str) -> str:
    """Why the asked certificate is not held on the ISO date ``on``; empty where it is.

    One scheme never stands for another. A certificate whose scope names a process counts for that
    process and narrower ones only; a scope in other words is not judged.
    """
    wanted = schemes(asked)
    troubles = [_lacking(tuple(held), scheme, asked, process, on) for scheme in wanted]
    return next(filter(None, troubles), "") if wanted else f"holds no {asked}"


def _lacking(held: tuple[Certificate, ...], wanted: Scheme, asked: str, process: str, on: str) -> str:
    same = [c for c in held if any(_same(own, wanted) for own in schemes(c.name))]
    if not same:
        return f"holds no {asked}"
    valid = [c for c in same if _is_valid(c, on)]
    if not valid:
        return f"{asked} ended on {max(c.valid_to for c in same)}, needed on {on}"
    if not any(_covers(c.scope, process) for c in valid):
        return f"{asked} covers {valid[0].scope} only"
    return ""


def _same(own: Scheme, wanted: Scheme) -> bool:
    """Whether a held scheme is the asked one, of at least its class."""
    if own.key != wanted.key or wanted.level is None:
        return own.key == wanted.key
    if own.level is None:
        return False
    better = _rules().get(own.key, {}).get("better", "")
    if better == "higher":
        return own.level >= wanted.level
    return own.level <= wanted.level if better == "lower" else own.level == wanted.level


def _valid(held: Iterable[Certificate], process: str, on: str) -> list[Scheme]:
    return [s for c in held if _is_valid(c, on) and _covers(c.scope, process) for s in schemes(c.name)]


def _is_valid(certificate: Certificate, on: str) -> bool:
    return not certificate.valid_to or not on or certificate.valid_to >= on


def _covers(scope: str, process: str) -> bool:
    return canonical(scope) is None or is_kind_of(process, scope) if scope else True
