"""What is understood of the bought parts of a product: a line for each, and what looks misread."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from manyworks.market.packages import Package, find_package
from manyworks.market.part_numbers import exact_number, folded_number, near_numbers
from manyworks.market.passives import PassiveKey, passive_key
from manyworks.model import BillLine, Finding, Item, ItemId, Network, Product, info

_MOST_FINDINGS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """``words`` says of each bought part what it is taken for; parts nobody can place are left out."""

    words: Mapping[ItemId, str]
    findings: tuple[Finding, ...] = ()


def understand_parts(product: Product, network: Network | None = None) -> Understanding:
    """Say what the bought parts of a product are taken for.

    Passive parts get the key that any equal part shares (``resistor 4.7 k 0603 1 %``), others
    their package. A value that no maker sells, a multiplier out of this world and a package nobody
    knows are told, since they are mostly slips of reading or writing.

    Parameters
    ----------
    network
        Where given, part numbers that nobody in it offers but that are a slip away from one that is
        offered are told.
    """
    words: dict[ItemId, str] = {}
    findings: list[Finding] = []
    offered = _numbers_offered(network)
    for line in _bought_lines(product):
        item = product.items[line.item]
        if item.id in words:
            continue
        key = _key(item, line)
        words[item.id] = _words(item, key)
        findings.extend(_doubts(item, line, key))
        findings.extend(_near(item, line, offered))
    kept = findings[:_MOST_FINDINGS]
    if len(findings) > len(kept):
        text = f"{len(findings) - len(kept)} further doubts of that kind"
        kept.append(info("market.part.doubt", product.root, text))
    return Understanding(words={name: text for name, text in words.items() if text}, findings=tuple(kept))


def _bought_lines(product: Product) -> Iterator[BillLine]:
    for item in product.items.values():
        for line in item.bill:
            part = product.items.get(line.item)
            if part is not None and part.design is None and not part.bill and line.fitted:
                yield line


def _key(item: Item, line: BillLine) -> PassiveKey | None:
    designator = line.designators[0] if line.designators else ""
    return passive_key(item.value, item.footprint, item.description, mpn=item.mpn, designator=designator)


def _words(item: Item, key: PassiveKey | None) -> str:
    if key is not None:
        return key.text
    package = find_package(item.footprint) if item.footprint else None
    return _package_words(package) if package is not None else ""


def _package_words(package: Package) -> str:
    mount = "surface-mounted" if package.surface_mounted else "through-hole"
    return f"{package.name}, {package.joints} joints, {mount}"


def _doubts(item: Item, line: BillLine, key: PassiveKey | None) -> Iterator[Finding]:
    for doubt in key.doubts if key is not None else ():
        text = f"{item.value or item.name} is read as {key.text if key else ''}: {doubt}"
        yield info(
            "market.part.doubt", line.where or item.id, text, "correct the value or state a part number"
        )


def _near(item: Item, line: BillLine, offered: Mapping[str, str]) -> Iterator[Finding]:
    if not offered or not item.mpn or folded_number(item.mpn) in offered:
        return
    near = near_numbers(item.mpn, offered.values())
    if near:
        text = f"nobody offers {exact_number(item.mpn)}; offered is {' or '.join(near)}"
        yield info("market.part.near-number", line.where or item.id, text, "is the part number misspelt?")


def _numbers_offered(network: Network | None) -> dict[str, str]:
    if network is None:
        return {}
    numbers = (offer.mpn for offer in network.offers.values() if offer.mpn)
    return {folded_number(number): number for number in numbers}
