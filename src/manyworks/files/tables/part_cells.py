"""Cells that name a part: makers' numbers, sellers' numbers and links, each put where it belongs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from manyworks.files.tables.designators import plain_letters
from manyworks.files.tables.grid import Row
from manyworks.files.tables.roles import Columns
from manyworks.files.tables.sellers import (
    Link,
    could_be_sold_by,
    has_numbers,
    likely_seller,
    read_link,
    seller_named,
    seller_of,
    split_links,
)
from manyworks.files.vocabulary import names_nothing

# Between numbers in one cell; blanks are single where this is asked.
_SEVERAL = re.compile(r"\n|;|\||, | (?:or|oder|ou|alt\.?) | / |、", re.IGNORECASE)
_BLANKS = re.compile(r"[^\S\n]+")
_WHOLE = re.compile(r"^(?=\S*[A-Za-z]\S*[A-Za-z])(?=(?:\D*\d){2})\S{7,}$")
_BLANK = re.compile(r"\s")
_SLASHES = 2
_SOLD = frozenset({"supplier_part", "alternative_supplier_part"})
_LINKS = frozenset({"supplier_link", "alternative_supplier_link", "mpn", *_SOLD})


@dataclass(frozen=True, slots=True, kw_only=True)
class PartNames:
    """How a row names its part, with words on whatever was not taken as it stands.

    Parameters
    ----------
    mpn, alternatives
        The maker's number, and further ones that serve as well.
    seller, supplier_part
        Who sells it under which number.
    link
        Where to buy it, as written.
    description
        Text found where a number was expected.
    understood
        What was read out of the cells, in words.
    doubts
        What of it somebody should look at.
    """

    mpn: str = ""
    alternatives: tuple[str, ...] = ()
    seller: str = ""
    supplier_part: str = ""
    link: str = ""
    description: str = ""
    understood: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    def told(self, text: str) -> PartNames:
        """The same with one more thing understood."""
        return replace(self, understood=(*self.understood, text))

    def doubted(self, text: str) -> PartNames:
        """The same with one more thing to look at."""
        return replace(self, doubts=(*self.doubts, text))


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of a row that name its part, without the links in them."""

    mpn: str
    maker: str
    sold: tuple[tuple[str, str], ...]
    alternatives: tuple[str, ...]
    links: tuple[Link, ...]
    shop: str


def read_part_names(columns: Columns, row: Row) -> PartNames:
    """Numbers, sellers and links of a row.

    A seller's number in the maker's column is moved, several numbers in one cell become alternatives,
    a link's number is taken where no cell states one. Everything moved is told.
    """
    cells = _cells(columns, row)
    names = _maker_numbers(cells)
    names = _sold_numbers(cells, names)
    names = _from_links(cells, names)
    further = []
    for number in cells.alternatives:
        seller = seller_of(number)
        if seller:
            names = names.told(
                f"{number} in a column of alternatives is a number of {seller}; it is not used"
            )
        elif number != names.mpn:
            further.append(number)
    return replace(names, alternatives=tuple(dict.fromkeys((*names.alternatives, *further))))


def _cells(columns: Columns, row: Row) -> _Cells:
    links: list[Link] = []
    texts: list[tuple[str, str, str]] = []
    for cell, role, seller in zip(row.cells, columns.roles, columns.sellers, strict=False):
        rest, urls = split_links(cell)
        found = map(read_link, urls)
        links += [link for link in found if role in _LINKS or link.seller]
        texts.append((role, "" if names_nothing(rest) else rest, seller))
    links += [link for link in map(read_link, row.links) if link.seller or not links]
    stated = columns.cell(row, "supplier")
    return _Cells(
        mpn=next((text for role, text, _ in texts if role == "mpn"), ""),
        maker=columns.cell(row, "manufacturer"),
        sold=tuple((own or stated, text) for role, text, own in texts if role in _SOLD and text),
        alternatives=tuple(
            number
            for role, text, _ in texts
            if role == "alternative_mpn"
            for number in _split(text)
            if not names_nothing(number)
        ),
        links=tuple(links),
        shop=next((text for role, text, _ in texts if role == "supplier_link" and text), ""),
    )


def _maker_numbers(cells: _Cells) -> PartNames:
    """The maker's numbers of a row; sellers' numbers among them go where they belong."""
    if not cells.mpn:
        return PartNames()
    plain = plain_letters(cells.mpn)
    numbers = [number for number in _split(plain) if not names_nothing(number)]
    names = PartNames()
    if plain != cells.mpn:
        names = names.doubted(f"letters of another alphabet in {cells.mpn[:40]!r} read as {plain[:40]!r}")
    supplier = next((seller for seller, _ in cells.sold), "")
    makers: list[str] = []
    for number in numbers:
        seller = seller_of(number) or (seller_named(supplier) if could_be_sold_by(number, supplier) else "")
        if seller and not names.supplier_part:
            names = replace(names, seller=seller, supplier_part=number)
            names = names.told(f"{number} in the column of makers' numbers is a number of {seller}")
        else:
            makers.append(number)
            likely = "" if cells.maker or seller else likely_seller(number)
            if likely:
                names = names.doubted(f"{number} is taken for a maker's number; it may be one of {likely}")
    if len(makers) > 1:
        names = names.told(f"several numbers in one cell: {makers[0]} first, then {', '.join(makers[1:])}")
    return replace(names, mpn=makers[0] if makers else "", alternatives=tuple(makers[1:]))


def _split(cell: str) -> list[str]:
    """The numbers in a cell; a slash without blanks parts them only where both sides are whole numbers."""
    found: list[str] = []
    for part in _SEVERAL.split(_BLANKS.sub(" ", cell[:2000])):
        pieces = part.split("/")
        whole = len(pieces) > 1 and all(_WHOLE.match(piece) for piece in pieces)
        found.extend(pieces if whole else [part])
    return list(dict.fromkeys(piece.strip(" \"'") for piece in found if piece.strip(" \"'")))


def _sold_numbers(cells: _Cells, names: PartNames) -> PartNames:
    """Seller's number of a row; text in its column (``Generic C/10nF/X7R``) describes the part."""
    for stated, written in cells.sold:
        seller, text = _seller_first(stated, written)
        numbers = [number for number in _split(text) if not names_nothing(number)]
        if not numbers:
            continue
        if _is_text(text, seller):
            names = replace(names, description=text)
            names = names.told(f"{text[:60]!r} in the column of sellers' numbers describes the part")
        elif not names.supplier_part:
            own = seller_of(numbers[0]) or seller_named(seller) or seller
            names = replace(names, supplier_part=numbers[0], seller=own)
            for other in numbers[1:]:
                names = names.told(f"a further number of {own}: {other}")
        elif names.supplier_part != numbers[0]:
            names = names.told(f"a further number of {seller or 'a seller'}: {numbers[0]}")
    return names


def _seller_first(stated: str, text: str) -> tuple[str, str]:
    """Seller and number of a cell that may begin with the seller's name: ``LCSC C15850``."""
    first, _, rest = text.partition(" ")
    named = seller_named(first.strip(":,"))
    return (named, rest.strip()) if named and rest.strip() else (stated, text)


def _is_text(text: str, seller: str) -> bool:
    """Whether a cell for the number of a seller whose numbers are known holds words instead."""
    if not has_numbers(seller) or any(could_be_sold_by(number, seller) for number in _split(text)):
        return False
    return bool(_BLANK.search(text)) or text.count("/") >= _SLASHES


def _from_links(cells: _Cells, names: PartNames) -> PartNames:
    for link in cells.links:
        if not names.link:
            names = replace(names, link=link.url)
        if link.part and not names.supplier_part:
            names = replace(names, supplier_part=link.part.upper(), seller=link.seller)
            names = names.told(f"{link.seller} {link.part.upper()} read from its link")
        if link.mpn and not names.mpn:
            names = replace(names, mpn=link.mpn)
            names = names.told(f"part number {link.mpn} read from the link to {link.seller}")
    return names if names.link else replace(names, link=cells.shop)


def spoiled_number(number: str) -> str:
    """What a spreadsheet may have made of a part number: ``a date``, ``a power of ten``, or nothing."""
    text = number.strip()
    for words, pattern in _SPOILED:
        if pattern.match(text):
            return words
    return ""


_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_SPOILED = (
    ("a date", re.compile(r"^\d{4}-\d{2}-\d{2}(?: .*)?$")),
    (
        "a date",
        re.compile(rf"^(?:\d{{1,2}}-(?:{_MONTHS})(?:-\d{{2,4}})?|(?:{_MONTHS})-\d{{2,4}})$", re.IGNORECASE),
    ),
    ("a date", re.compile(r"^\d{1,2}[./]\d{1,2}[./](?:19|20)\d{2}$")),
    ("a power of ten", re.compile(r"^\d(?:[.,]\d+)?[eE]\+?\d{1,3}$")),
    ("a power of ten", re.compile(r"^\d{1,3}0{5,}$")),
)


def spoiled_cells(columns: Columns, row: Row) -> Iterator[tuple[str, str, str]]:
    """Role, text and what it looks like, of every cell a spreadsheet may have rewritten."""
    for cell, role in zip(row.cells, columns.roles, strict=False):
        if cell and role in _SPOILABLE:
            spoiled = spoiled_number(cell)
            if spoiled and (role != "value" or spoiled == "a date"):
                yield role, cell, spoiled


_SPOILABLE = frozenset({"mpn", "alternative_mpn", "supplier_part", "value", "footprint", "designator"})
