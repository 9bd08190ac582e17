"""Under which customs heading an item likely falls, where its design does not say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from manyworks.logistics.tables import Row, read_table
from manyworks.model import BoardDesign, Item, SolidDesign


@dataclass(frozen=True, slots=True, kw_only=True)
class Commodity:
    """A commodity code (Harmonised System digits) and, where it was guessed, a sentence that says so."""

    code: str
    assumption: str = ""


@cache
def _table(name: str, key: str) -> dict[str, Row]:
    return {row[key]: row for row in read_table(name)}


def _words(text: str) -> list[str]:
    """Words of a text in lower case, each also without the digits at its end (``SOT23``)."""
    words = re.findall(r"[a-z]+\d*", text.lower())
    return [form for word in words for form in dict.fromkeys((word, word.rstrip("0123456789")))]


def _row(item: Item) -> Row | None:
    if isinstance(item.design, SolidDesign):
        rows = _table("commodity_materials", "material")
        return next((rows[word] for word in _words(item.material or "") if word in rows), None)
    # What the footprint says of the part is surer than what its name says in passing.
    said = (item.footprint.rpartition(":")[2], item.footprint, item.name, item.value, item.description)
    rows = _table("commodity_words", "word")
    return next((rows[word] for text in said for word in _words(text) if word in rows), None)


def find_commodity(item: Item) -> Commodity | None:
    """Customs heading of an item; None where nothing tells it.

    The item's own code comes first. A board without parts is a printed circuit; a solid falls
    under the articles of its material; a bought part under what its footprint, name, value and
    description say, in this order. An assembly is not guessed: what it does decides its heading.
    """
    if item.commodity_code:
        return Commodity(code=item.commodity_code)
    if item.bill:
        return None
    if isinstance(item.design, BoardDesign):
        return Commodity(code="853400", assumption=f"{item.id} is taken for a printed circuit (853400)")
    row = _row(item)
    if row is None:
        return None
    text = f"{item.id} is taken for {row['goods']} ({row['code']}; {row['source']})"
    return Commodity(code=row["code"], assumption=text)
