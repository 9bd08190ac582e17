"""Who sells a part: by part number, else by value and package, else by name."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from manyworks.market.answers import OfferCandidate, OfferMatch, Refusal
from manyworks.market.lexicon import fold, singular, words
from manyworks.market.packages import packages, same_package
from manyworks.market.part_numbers import (
    exact_number,
    folded_number,
    looks_like_number,
    maker,
    part_numbers,
    plain_kind,
)
from manyworks.market.ratings import shortfalls
from manyworks.market.tables import toml_table
from manyworks.market.values import Reading, read_value
from manyworks.model import Item, Offer, Shop, ShopId

MOST_REFUSALS = 20
"""Near misses listed for one item."""

_LONGEST_SUFFIX = 8
_SHORTEST_STEM = 5
_HEAD = re.compile(r"[/(,\s]")


@dataclass(slots=True)
class _Finds:
    offers: list[OfferCandidate] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def answer(self) -> OfferMatch:
        return OfferMatch(offers=tuple(self.offers), refusals=tuple(self.refusals[:MOST_REFUSALS]))


class OfferIndex:
    """Finds the offers that sell an item.

    Parameters
    ----------
    offers, shops
        Of the network; an offer by a shop that is not open is refused.
    as_of
        ISO date; an offer that ended before it is refused.
    """

    def __init__(self, offers: Iterable[Offer], shops: Mapping[ShopId, Shop], as_of: str) -> None:
        self._shops = shops
        self._as_of = as_of
        self._numbers: dict[str, list[Offer]] = {}
        self._values: dict[tuple[str, str], list[tuple[Reading, Offer]]] = {}
        self._names: dict[str, list[tuple[frozenset[str], Offer]]] = {}
        for offer in offers:
            self._add(offer)
        self._sorted_numbers = sorted(self._numbers)

    def find(self, item: Item) -> OfferMatch:
        """Offers that sell ``item``, and near ones with the reason why they do not."""
        found = _Finds()
        numbers = _numbers_of(item)
        self._by_number(item, numbers, found)
        if found.offers:
            return found.answer()
        stated = part_numbers(item.mpn)
        if not stated or plain_kind(stated[0]):
            self._by_value(item, _reading_of(item), stated, found)
        if not found.offers and not stated:
            self._by_name(item, found)
        if not found.offers:
            self._near_numbers(numbers, found)
        return found.answer()

    def _add(self, offer: Offer) -> None:
        for number in dict.fromkeys(folded_number(number) for number in part_numbers(offer.mpn)):
            self._numbers.setdefault(number, []).append(offer)
        reading = _reading_of_offer(offer)
        if reading.kind and reading.value:
            self._values.setdefault((reading.kind, reading.value), []).append((reading, offer))
        name = _name_words(offer.name)
        for word in name:
            self._names.setdefault(word, []).append((name, offer))

    def _by_number(self, item: Item, numbers: tuple[str, ...], found: _Finds) -> None:
        seen = set()
        for number in numbers:
            for offer in self._numbers.get(folded_number(number), ()):
                if offer.id not in seen:
                    seen.add(offer.id)
                    note = _number_note(item, number, offer)
                    self._judge(offer, _number_faults(item, offer), "mpn", note, found)

    def _by_value(self, item: Item, asked: Reading, stated: tuple[str, ...], found: _Finds) -> None:
        if not (asked.kind and asked.value and asked.package):
            return
        for sold, offer in self._values.get((asked.kind, asked.value), ()):
            faults = list(_value_faults(asked, sold))
            self._judge(offer, faults, "parameters", _value_note(item, asked, stated), found)

    def _by_name(self, item: Item, found: _Finds) -> None:
        asked = _name_words(item.name)
        rarest = min((self._names.get(word, []) for word in asked), key=len, default=[])
        for sold, offer in rarest:
            if asked <= sold:
                faults = list(_name_faults(item, offer, sold - asked))
                self._judge(offer, faults, "name", f"named '{offer.name}'", found)

    def _near_numbers(self, numbers: tuple[str, ...], found: _Finds) -> None:
        """A number that goes on where the asked one ends, or ends sooner, may be the same part."""
        for number in numbers:
            for near in self._beginnings(folded_number(number)):
                for offer in self._numbers[near]:
                    reason = f"sells {offer.mpn}, asked {number}: perhaps the same part with another suffix"
                    found.refusals.append(_refusal(offer, "unknown", "near_number", reason))

    def _beginnings(self, number: str) -> Iterator[str]:
        if len(number) < _SHORTEST_STEM:
            return
        for at in range(bisect_left(self._sorted_numbers, number), len(self._sorted_numbers)):
            longer = self._sorted_numbers[at]
            if not longer.startswith(number):
                break
            if longer != number and len(longer) - len(number) <= _LONGEST_SUFFIX:
                yield longer
        shortest = max(_SHORTEST_STEM, len(number) - _LONGEST_SUFFIX)
        yield from (n for end in range(shortest, len(number)) if (n := number[:end]) in self._numbers)

    def _judge(self, offer: Offer, faults: list[_Fault], by: str, note: str, found: _Finds) -> None:
        faults = [*self._unusable(offer), *faults]
        if not faults:
            found.offers.append(OfferCandidate(offer=offer, by=by, note=note))
            return
        faults.sort(key=lambda fault: fault.unsaid)
        verdict = "unknown" if faults[0].unsaid else "no_match"
        reason = "; ".join(fault.reason for fault in faults)
        found.refusals.append(_refusal(offer, verdict, faults[0].code, reason))

    def _unusable(self, offer: Offer) -> Iterator[_Fault]:
        shop = self._shops.get(offer.seller)
        if shop is not None and shop.status.strip().casefold() != "open":
            yield _Fault(code="closed", reason=f"is not open (status '{shop.status}')")
        if offer.valid_to and offer.valid_to < self._as_of:
            yield _Fault(
                code="expired", reason=f"the offer ended on {offer.valid_to}, asked on {self._as_of}"
            )
        if offer.stock is not None and offer.stock <= 0:
            yield _Fault(code="stock", reason="has none in stock")
        if not offer.breaks:
            yield _Fault(code="price", reason="states no price", unsaid=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fault:
    code: str
    reason: str
    unsaid: bool = False


def _refusal(offer: Offer, verdict: str, code: str, reason: str) -> Refusal:
    code = f"market.offer.{code}"
    return Refusal(
        shop=offer.seller,
        machine=None,
        verdict=verdict,
        code=code,
        reason=reason,
        codes=(code,),
        offer=offer.id,
    )


def _numbers_of(item: Item) -> tuple[str, ...]:
    """Part numbers an item states; where it has none, a value or a one-word name that looks like one."""
    if stated := part_numbers(item.mpn):
        return stated
    for text in (item.value, item.name):
        head = _HEAD.split(text.strip(), maxsplit=1)[0]
        whole = text is item.value or head == text.strip()
        if whole and looks_like_number(head) and not read_value(head, item.footprint).value:
            return part_numbers(head)
    return ()


def _number_faults(item: Item, offer: Offer) -> list[_Fault]:
    faults = []
    asked, sold = maker(item.manufacturer), maker(offer.manufacturer)
    if asked and sold and asked != sold:
        reason = f"sells {offer.mpn} made by {offer.manufacturer}, asked {item.manufacturer}"
        faults.append(_Fault(code="maker", reason=reason, unsaid=True))
    if item.footprint and offer.package and same_package(item.footprint, offer.package) is False:
        faults.append(_Fault(code="package", reason=f"sells it in {offer.package}, asked {item.footprint}"))
    return faults


def _number_note(item: Item, number: str, offer: Offer) -> str:
    note = f"part number {number}"
    if not part_numbers(item.mpn):
        note += f" read from '{item.value or item.name}'"
    if exact_number(offer.mpn) != number:
        note += f", sold as {offer.mpn} (breaks and packing suffix ignored)"
    return note


def _value_faults(asked: Reading, sold: Reading) -> Iterator[_Fault]:
    if not sold.package:
        yield _Fault(code="package", reason=f"does not say its package, asked {asked.package}", unsaid=True)
    elif sold.package != asked.package:
        unsaid = not {sold.package, asked.package} <= packages().keys()
        reason = f"sells it in {sold.package}, asked {asked.package}"
        yield _Fault(code="package", reason=reason, unsaid=unsaid)
    for fault in shortfalls(asked, sold):
        yield _Fault(code="rating", reason=fault.reason, unsaid=fault.unsaid)


def _value_note(item: Item, asked: Reading, stated: tuple[str, ...]) -> str:
    note = f"same value and package: {asked.kind} {item.value or item.name} {asked.package}"
    if asked.assumed:
        note += f"; '{item.value}' read as a {asked.kind}"
    return note + (f"; not the named part {stated[0]}, which nobody offers" if stated else "")


def _name_faults(item: Item, offer: Offer, extra: frozenset[str]) -> Iterator[_Fault]:
    if telling := sorted(extra - _attributes()):
        reason = f"sells '{offer.name}', asked '{item.name}': may be another thing ({', '.join(telling)})"
        yield _Fault(code="name", reason=reason, unsaid=True)
    if item.footprint and not (offer.package and same_package(item.footprint, offer.package)):
        unsaid = not offer.package or same_package(item.footprint, offer.package) is None
        reason = f"sells it in {offer.package or 'a package not stated'}, asked {item.footprint}"
        yield _Fault(code="package", reason=reason, unsaid=unsaid)
    if item.value and fold(item.value) not in (fold(item.name), fold(offer.value), ""):
        reason = f"sells value {offer.value or 'not stated'}, asked {item.value}"
        yield _Fault(code="value", reason=reason, unsaid=not offer.value)


def _reading_of(item: Item) -> Reading:
    text = f"{item.name} {item.description} {plain_kind(item.mpn)}"
    return read_value(item.value or item.name, item.footprint, text)


def _reading_of_offer(offer: Offer) -> Reading:
    return read_value(offer.value or offer.name, offer.package, f"{offer.name} {plain_kind(offer.mpn)}")


def _name_words(name: str) -> frozenset[str]:
    table = toml_table("names.toml")
    joined = re.sub(rf"(?<=\d)\s+(?=(?:{'|'.join(table['units'])})\b)", "", name, flags=re.I)
    return frozenset(word for word in words(joined) if word not in _dropped())


@cache
def _dropped() -> frozenset[str]:
    return frozenset(singular(fold(word)) for word in toml_table("names.toml")["dropped"])


@cache
def _attributes() -> frozenset[str]:
    return frozenset(singular(fold(word)) for word in toml_table("names.toml")["attributes"])
