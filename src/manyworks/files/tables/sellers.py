"""Sellers' own numbers and shop links: whose they are, and what part they name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote

from manyworks.files.vocabulary import squeeze, vocabulary

_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"']{3,2000}", re.IGNORECASE)
_LONGEST = 60
_LONGEST_LINK = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link to a shop, and the seller's and the maker's number of the part as far as the link says."""

    url: str
    seller: str = ""
    part: str = ""
    mpn: str = ""


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], bool], ...]:
    return tuple(
        (row["name"], re.compile(row["number"], re.IGNORECASE), bool(row.get("only_named")))
        for row in vocabulary()["distributor"]
        if "number" in row
    )


@cache
def _known_sellers() -> dict[str, str]:
    rows = vocabulary()["distributor"]
    return {squeeze(word): row["name"] for row in rows for word in (row["name"], *row.get("called", ()))}


def seller_of(number: str) -> str:
    """The seller whose numbers look like this; empty for anything else.

    Numbers that could as well be a maker's (seven digits, ``123-4567``) are nobody's here: see
    `could_be_sold_by`.
    """
    return _seller(number, named=False)


def could_be_sold_by(number: str, seller: str) -> bool:
    """Whether a number has the form of a seller's numbers, the seller being named beside it."""
    own = seller_named(seller)
    return any(
        name == own and pattern.fullmatch(number.strip())
        for name, pattern, _ in _patterns()
        if len(number) <= _LONGEST
    )


def has_numbers(seller: str) -> bool:
    """Whether the form of a seller's numbers is known."""
    own = seller_named(seller)
    return any(name == own for name, _, _ in _patterns())


def likely_seller(number: str) -> str:
    """A seller whose numbers have this form though makers' numbers may have it too; empty for none."""
    return "" if _seller(number, named=False) else _seller(number, named=True)


def _seller(number: str, *, named: bool) -> str:
    text = number.strip()
    if len(text) > _LONGEST:
        return ""
    return next(
        (name for name, pattern, only in _patterns() if only <= named and pattern.fullmatch(text)), ""
    )


def seller_named(name: str) -> str:
    """A seller under its usual name; empty where it is not one of those known."""
    key = squeeze(name)
    exact = _known_sellers().get(key, "")
    return exact or next(
        (own for word, own in _known_sellers().items() if len(word) > 3 and key.startswith(word)), ""
    )


def split_links(cell: str) -> tuple[str, tuple[str, ...]]:
    """A cell without the links in it, and the links."""
    if "://" not in cell and "www." not in cell.casefold():
        return cell, ()
    links = tuple(match[0].rstrip(").,;") for match in _URL.finditer(cell))
    return " ".join(_URL.sub(" ", cell).split()).strip("<>()[] "), links


@cache
def _link_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row["seller"], re.compile(row["pattern"], re.IGNORECASE)) for row in vocabulary()["link"])


def read_link(url: str) -> Link:
    """What a link to a shop names: LCSC's ``C15850``, Digi-Key's maker and number, Farnell's order code."""
    plain = unquote(url[:_LONGEST_LINK])
    for seller, pattern in _link_patterns():
        match = pattern.search(plain)
        if match:
            groups = match.groupdict()
            return Link(url=url, seller=seller, part=groups.get("part") or "", mpn=groups.get("mpn") or "")
    return Link(url=url)
