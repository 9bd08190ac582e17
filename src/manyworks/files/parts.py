"""Rows of parts lists -> bought items with stable ids, and the bill lines that name them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from manyworks.files.tables import Part
from manyworks.model import BillLine, Item, ItemId

_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
_LETTERS = str.maketrans(
    {"\u00b5": "u", "\u03bc": "u", "\u03a9": "ohm", "\u2126": "ohm", "±": "", "°": "deg"}
)


def slug(text: str) -> str:
    """Lower-case letters, digits and hyphens; a hash where nothing of the text is left."""
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS)).encode("ascii", "ignore").decode()
    short = _NOT_PLAIN.sub("-", plain.lower()).strip("-")[:80].strip("-")
    return short or "x" + hashlib.sha256(text.encode(errors="replace")).hexdigest()[:8]


def part_id(part: Part) -> ItemId:
    """``part/<part number>``, else ``part/<value>-<package>``, else by name or seller's number."""
    package = part.footprint.rpartition(":")[2]
    if part.mpn:
        text = part.mpn
    elif part.value or part.name:
        text = " ".join(filter(None, (part.value or part.name, package)))
    else:
        text = part.supplier or part.description or package
    return ItemId(f"part/{slug(text)}")


def item_of(part: Part) -> Item:
    """The bought item a row speaks of."""
    described = "; ".join(filter(None, (part.description, part.supplier)))
    return Item(
        id=part_id(part),
        name=part.name or part.mpn or part.value or part.description or part.supplier,
        unit=part.unit,
        material=part.material or None,
        description=described,
        manufacturer=part.manufacturer,
        mpn=part.mpn,
        value=part.value,
        footprint=part.footprint,
    )


class Catalogue:
    """Items collected from several lists: the same part is one item, different parts never share an id."""

    def __init__(self, items: Iterable[Item] = ()) -> None:
        self.items: dict[ItemId, Item] = {item.id: item for item in items}

    def add(self, part: Part) -> ItemId:
        """The item of a row, entered unless it is there."""
        return self._enter(item_of(part))

    def _enter(self, item: Item) -> ItemId:
        known = self.items.get(item.id)
        if known is not None and _identity(known) != _identity(item):
            marked = hashlib.sha256("|".join(_identity(item)).encode(errors="replace")).hexdigest()[:6]
            item = replace(item, id=ItemId(f"{item.id}-{marked}"))
        self.items.setdefault(item.id, item)
        return item.id

    def lines(self, parts: Iterable[Part]) -> tuple[BillLine, ...]:
        """A bill line for every row, with the items of the rows entered."""
        return tuple(self._line(part) for part in parts)

    def _line(self, part: Part) -> BillLine:
        return BillLine(
            item=self.add(part),
            quantity=part.quantity,
            designators=part.designators,
            fitted=part.fitted,
            substitutes=tuple(self._substitute(part, mpn) for mpn in part.alternatives),
            where=part.where,
        )

    def _substitute(self, part: Part, mpn: str) -> ItemId:
        other = replace(part, mpn=mpn, manufacturer="", supplier="", name="")
        return self._enter(item_of(other))


def _identity(item: Item) -> tuple[str, ...]:
    """What makes two rows the same part: the part number alone, else everything electrical."""
    if item.mpn:
        return (item.mpn, item.unit)
    return (item.name, item.value, item.footprint.rpartition(":")[2], item.unit)
