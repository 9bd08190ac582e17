"""Names people write, folded so that spelling, case, word order and filler words do not matter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property, lru_cache
from typing import Any

from manyworks.market.tables import csv_rows

Key = tuple[str, ...]

_MAX_NAME = 200
_WIDE = re.compile(r"[㐀-鿿豈-﫿]")
_WIDE_BREAKS = re.compile(r"[\s\W_]+")
_BREAKS = re.compile(r"[^\w.+#]+|_|(?<!\d)\.|\.(?!\d)|\+")
_SCRIPTS = re.compile(r"[㐀-鿿豈-﫿]+|[^㐀-鿿豈-﫿]+")
_MOST_SCRIPTS = 4
_NO_NAMES = ("parents", "met_by")
_ISE = re.compile(r"iz(?=(?:e|ed|es|ing|er|ation)\b)")
_ROUND = re.compile(r"\(([^()]*)\)")
_TEMPER = re.compile(r"(?:t|h)\d{1,4}")
_MEASURE = re.compile(
    r"\b(?:(?:up\s+to|max\.?|min\.?|from|over|under)\s+)?\d+(?:[.,]\d+)?\s?"
    r"(?:mm|cm|m|in|inch(?:es)?|kg|g|t|tons?|tonnes?|kn|kw|l|lit(?:re|er)s?)\b",
    re.I,
)
_OF = re.compile(r"\s(?:of|for|on|in|into|from|using)\s", re.I)


@cache
def _spellings() -> tuple[tuple[str, str], ...]:
    return tuple((row["from"], row["to"]) for row in csv_rows("spelling.csv"))


def fold(text: str) -> str:
    """Lower case, no accents, one spelling, full-width forms made plain."""
    plain = text[:_MAX_NAME]
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", plain))
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = plain.casefold()
    for american, british in _spellings():
        plain = plain.replace(american, british)
    return _ISE.sub("is", plain)


def singular(word: str) -> str:
    """The word without the ending of an English plural."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word


def words(text: str) -> list[str]:
    """Folded words of a text, plurals made singular."""
    return list(_words_of(text[:_MAX_NAME]))


@lru_cache(maxsize=1024)
def _words_of(text: str) -> tuple[str, ...]:
    """Asked twice of every name of a table, one time right after the other."""
    return tuple(singular(word) for word in _BREAKS.split(fold(text)) if word)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing of a lexicon: its slug, its wider groups and its names in all languages."""

    slug: str
    parents: tuple[str, ...]
    names: tuple[str, ...]


class Lexicon:
    """Finds the canonical slug of a name, and what is a kind of what.

    Parameters
    ----------
    table
        Content of a data file with ``dropped`` words and one table of entries by slug.
    kind
        Name of that table (``process``, ``material``).
    forms
        Words that stand for another form of themselves (``milled`` for ``milling``).
    """

    def __init__(self, table: Mapping[str, Any], kind: str, forms: Mapping[str, str] | None = None) -> None:
        self._forms = forms or {}
        self._dropped = frozenset(singular(fold(word)) for word in table["dropped"])
        self._endings = tuple(table["dropped_endings"])
        self._neutral = self._dropped | {w for name in table.get("neutral", ()) for w in self._words(name)}
        self._neutral_wide = sorted(table.get("neutral_wide", ()), key=len, reverse=True)
        self._helping = frozenset(table.get("helping", ()))
        self._refusing = frozenset(table.get("refusing", ()))
        self.entries = {slug: _entry(slug, row) for slug, row in table[kind].items()}
        self._found: dict[str, str | None] = {}
        self._wider: dict[str, frozenset[str]] = {}

    @cached_property
    def _slugs(self) -> dict[Key, str]:
        """Keys of all names; made when a name is asked that is no slug."""
        short: dict[Key, set[str]] = {}
        full: dict[Key, set[str]] = {}
        for entry in self.entries.values():
            for name in entry.names:
                short.setdefault(self._short_key(name), set()).add(entry.slug)
                full.setdefault(self._full_key(name), set()).add(entry.slug)
        return {
            key: next(iter(s)) for named in (short, full) for key, s in named.items() if key and len(s) == 1
        }

    def claims(self) -> dict[Key, set[str]]:
        """Which slugs claim a name as written; more than one for a key is a fault of the data."""
        claims: dict[Key, set[str]] = {}
        for entry in self.entries.values():
            for name in entry.names:
                claims.setdefault(self._full_key(name), set()).add(entry.slug)
        return claims

    def find(self, name: str) -> str | None:
        """Canonical slug of a name, None where it is not known or says two things."""
        if plain := self._plainly(name):
            return plain
        if name not in self._found:
            if len(self._found) > 100_000:
                self._found.clear()
            self._found[name] = self._look_up(name)
        return self._found[name]

    def names_exactly(self, name: str) -> str | None:
        """Slug of a name that the table lists as it is, but for spelling and the order of words."""
        if plain := self._plainly(name):
            return plain
        return self._slugs.get(self._full_key(name))

    def _plainly(self, name: str) -> str:
        """The slug itself, however it is spelled, which no other entry may claim; empty otherwise."""
        slug = "-".join(fold(name).split())
        return slug if slug in self.entries else ""

    def key(self, name: str) -> Key:
        """Words of a name that tell something, in order of the alphabet: names that agree in them agree."""
        return self._short_key(name) or self._full_key(name)

    def is_kind_of(self, slug: str, wider: str) -> bool:
        """Whether ``slug`` is ``wider`` or a narrower kind of it."""
        return slug == wider or wider in self.wider(slug)

    def wider(self, slug: str) -> frozenset[str]:
        """All groups a slug belongs to, without itself."""
        if slug not in self._wider:
            parents = self.entries[slug].parents
            self._wider[slug] = frozenset(parents).union(*(self.wider(parent) for parent in parents))
        return self._wider[slug]

    def nearest(self, name: str) -> str:
        """A slug whose name looks like ``name``; empty where nothing does."""
        close = get_close_matches(fold(name), self._folded_names, n=1, cutoff=0.75)
        return self._folded_names[close[0]] if close else ""

    @cached_property
    def _folded_names(self) -> dict[str, str]:
        return {fold(name): entry.slug for entry in self.entries.values() for name in entry.names}

    def _look_up(self, name: str) -> str | None:
        if self._is_refused(name):
            return self.names_exactly(name)
        return next((slug for text in self._readings(name) if (slug := self._read(text))), None)

    def _readings(self, name: str) -> Iterator[str]:
        """A name as it is, without its measures (``up to 65 mm``), without words that only help it."""
        yield name
        unmeasured = _MEASURE.sub(" ", name)
        if unmeasured != name:
            yield unmeasured
        telling = [word for word in unmeasured.split() if fold(word) not in self._helping]
        if 0 < len(telling) < len(unmeasured.split()):
            yield " ".join(telling)

    def _read(self, name: str) -> str | None:
        whole = self._by_key(name)
        inner = [part for part in _ROUND.findall(name) if part.strip()]
        if whole or not inner:
            return whole or self._before_of(name)
        parts = [_ROUND.sub(" ", name), *inner]
        return self._narrowest(slug for part in parts if (slug := self._by_key(part)))

    def _before_of(self, name: str) -> str | None:
        """The thing of which the rest says only of what or for what it is (``quilting of mattress panels``).

        A single word is taken so only where it names no group: ``turning of bowls`` is another turning.
        """
        head, *rest = _OF.split(name, maxsplit=1)
        found = self._by_key(head) if rest and self._by_key(rest[0]) is None else None
        return found if found and (len(self._short_key(head)) > 1 or found not in self._groups) else None

    @cached_property
    def _groups(self) -> frozenset[str]:
        return frozenset(parent for entry in self.entries.values() for parent in entry.parents)

    def _is_refused(self, name: str) -> bool:
        """Whether the name says that the thing is not there (``no welding``, ``outsourced``)."""
        if _WIDE.search(name):
            return any(word in name for word in self._refusing)
        return not self._refusing.isdisjoint(self._words(name))

    def _narrowest(self, slugs: Iterable[str]) -> str | None:
        found = set(slugs)
        return next((slug for slug in sorted(found) if all(self.is_kind_of(slug, o) for o in found)), None)

    def _by_key(self, name: str) -> str | None:
        full = self._full_key(name)
        untempered = tuple(word for word in full if not _TEMPER.fullmatch(word))
        for key in (full, self._short_key(name), untempered):
            if key and key in self._slugs:
                return self._slugs[key]
        if _WIDE.search(name):
            return self._in_wide(full[0])
        unspaced = self._unspaced.get("".join(self._words(name)))
        return unspaced or self._within(frozenset(full)) or self._within(frozenset(untempered))

    @cached_property
    def _unspaced(self) -> dict[str, str]:
        """Names written as one word (``powdercoating``), where only one thing is called so."""
        claims: dict[str, set[str]] = {}
        for entry in self.entries.values():
            for name in entry.names:
                claims.setdefault("".join(self._words(name)), set()).add(entry.slug)
        return {text: next(iter(slugs)) for text, slugs in claims.items() if text and len(slugs) == 1}

    def _within(self, said: frozenset[str]) -> str | None:
        """The thing whose whole name is among the words, where the other words say nothing else.

        They name a wider group of it (``316L stainless steel``) or are neutral (``CNC milling of aluminium
        brackets``); ``metal injection moulding`` never is plain moulding.
        """
        keys = {frozenset(key) for word in said for key in self._by_word.get(word, ()) if said >= set(key)}
        widest = [key for key in keys if not any(key < other for other in keys)]
        told = {key: self._slugs[tuple(sorted(key))] for key in widest if not key <= self._neutral}
        rest = said.difference(*told) if told else said
        return self._narrowest(told.values()) if told and rest <= self._neutral else None

    @cached_property
    def _by_word(self) -> dict[str, list[Key]]:
        index: dict[str, list[Key]] = {}
        for key in self._slugs:
            for word in key:
                index.setdefault(word, []).append(key)
        return index

    def _in_wide(self, text: str) -> str | None:
        """A Chinese name within words that say nothing of kind (``不锈钢激光切割加工``)."""
        for _ in range(len(text)):
            shorter = self._peel(text)
            if shorter == text:
                break
            text = shorter
            for key in ((text,), self._short_key(text)):
                if key in self._slugs:
                    return self._slugs[key]
        parts = _SCRIPTS.findall(text)
        found = [self._by_key(part) for part in parts] if 1 < len(parts) <= _MOST_SCRIPTS else []
        return self._narrowest(slug for slug in found if slug) if found and all(found) else None

    def _peel(self, text: str) -> str:
        for word in self._neutral_wide:
            for rest in (text.removeprefix(word), text.removesuffix(word)):
                if rest != text and rest:
                    return rest
        return text

    def _words(self, name: str) -> list[str]:
        return [self._forms.get(word, word) for word in words(name)]

    def _full_key(self, name: str) -> Key:
        if _WIDE.search(name):
            return (_WIDE_BREAKS.sub("", fold(name)),)
        return tuple(sorted(self._words(name)))

    def _short_key(self, name: str) -> Key:
        if _WIDE.search(name):
            (text,) = self._full_key(name)
            ending = next((e for e in self._endings if text.endswith(e) and len(text) > len(e) + 1), "")
            return (text.removesuffix(ending),)
        return tuple(sorted(word for word in self._words(name) if word not in self._dropped))


def _entry(slug: str, row: Mapping[str, Any]) -> Entry:
    told = row.items()
    named = (names for field, names in told if field not in _NO_NAMES and isinstance(names, list))
    listed = (name for names in named for name in names)
    return Entry(
        slug=slug,
        parents=tuple(row.get("parents", ())),
        names=tuple(dict.fromkeys((slug.replace("-", " "), *listed))),
    )
