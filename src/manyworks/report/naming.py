"""Ids as names people know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from manyworks.model import (
    ItemId,
    Lane,
    MachineId,
    Network,
    OfferId,
    OperationId,
    PlaceId,
    Product,
    ShopId,
)
from manyworks.report.formats import UNKNOWN, capitalise, humanise


@dataclass(frozen=True, kw_only=True)
class Names:
    """Looks up what things are called in one product and one network; an unknown id names itself."""

    product: Product
    network: Network

    def item(self, item: ItemId) -> str:
        """Name of an item; ``<item>/bare`` made on the way is ``name, bare``."""
        found = self.product.items.get(item)
        if found is not None:
            return found.name or str(item)
        parent, _, made = item.rpartition("/")
        known = self.product.items.get(ItemId(parent))
        return f"{known.name}, {humanise(made)}" if known is not None else str(item)

    def part_note(self, item: ItemId) -> str:
        """Maker, part number, value and package of a bought part, without what its name already says."""
        found = self.product.items.get(item)
        if found is None:
            return ""
        package = found.footprint.rpartition(":")[2]
        said = {found.name, *found.name.replace(",", " ").split()}
        words = (found.manufacturer, found.mpn, found.value, package)
        return " ".join(word for word in dict.fromkeys(words) if word and word not in said)

    def unit(self, item: ItemId) -> str:
        """What an item is counted in; pieces where it is not known."""
        found = self.product.items.get(item)
        return found.unit if found is not None else "piece"

    def shop(self, shop: ShopId | None) -> str:
        """Name of a shop or seller; a dash for nobody."""
        if shop is None:
            return UNKNOWN
        found = self.network.shops.get(shop)
        return found.name if found is not None else str(shop)

    def shop_place(self, shop: ShopId | None) -> str:
        """Name of the place where a shop stands; empty for nobody."""
        found = self.network.shops.get(shop) if shop is not None else None
        return self.place(found.place) if found is not None else ""

    def machine(self, machine: MachineId) -> str:
        """Name of a machine."""
        found = self.network.machines.get(machine)
        return found.name if found is not None else str(machine)

    def place(self, place: PlaceId) -> str:
        """Name of a place."""
        found = self.network.places.get(place)
        return found.name if found is not None else str(place)

    def operation(self, operation: OperationId | None) -> str:
        """Last part of an operation's id in words: ``<item>/<routing>/place-parts``."""
        return "" if operation is None else capitalise(humanise(operation.rpartition("/")[2]))

    def offer(self, offer: OfferId | None) -> str:
        """What an offer sells, in the seller's words; empty where nothing more is known."""
        found = self.network.offers.get(offer) if offer is not None else None
        if found is None:
            return ""
        return " ".join(filter(None, [found.name, found.mpn])) or f"{found.value} {found.package}".strip()

    def offer_unit(self, offer: OfferId | None) -> str:
        """Unit an offer is sold in (``piece`` where nothing is known)."""
        found = self.network.offers.get(offer) if offer is not None else None
        return found.unit if found is not None else "piece"

    def anything(self, text: str) -> str:
        """Name of whatever a cost line points at: item, shop, lane, place, machine or plain text."""
        for known, name in self._finders:
            if text in known:
                return name(text)
        return text

    def what(self, text: str) -> str:
        """Name of what a cost line is for: as `anything`, else an operation's item and step in words."""
        named = self.anything(text)
        if named != text or "/" not in text:
            return named
        item, _, step = text.partition("/")
        known = self.product.items.get(ItemId(item))
        return text if known is None else f"{known.name or item}: {humanise(step.rpartition('/')[2])}"

    @cached_property
    def _finders(self) -> tuple[tuple[Any, Callable[[Any], str]], ...]:
        net, lanes = self.network, {str(lane.id): lane for lane in self.network.lanes}
        return (
            (self.product.items, self.item),
            (net.shops, self.shop),
            (net.machines, self.machine),
            (net.places, self.place),
            (net.offers, self.offer),
            (lanes, lambda text: _lane_name(lanes[text])),
        )


def _lane_name(lane: Lane) -> str:
    ends = lane.from_zone if lane.from_zone == lane.to_zone else f"{lane.from_zone} to {lane.to_zone}"
    return f"{capitalise(lane.mode)}, {ends}".replace("*", "anywhere")
