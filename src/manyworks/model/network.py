"""One frozen snapshot of everybody who can make, sell and carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from manyworks.model.hashing import content_hash
from manyworks.model.ids import MachineId, OfferId, PlaceId, ShopId, ToolId, WorkerId
from manyworks.model.offers import Offer
from manyworks.model.places import Lane, Place
from manyworks.model.shops import Machine, Shop, Tool, Worker


@dataclass(frozen=True, kw_only=True)
class Network:
    """Shops, machines, people, tools, offers and lanes as of one day (ISA-95 enterprise).

    ``currency`` is ISO 4217; every price inside is in it. ``exchange`` says what one unit of
    another currency is worth in it. ``as_of`` is an ISO date.
    """

    name: str
    currency: str
    as_of: str
    places: Mapping[PlaceId, Place] = field(default_factory=dict)
    shops: Mapping[ShopId, Shop] = field(default_factory=dict)
    machines: Mapping[MachineId, Machine] = field(default_factory=dict)
    workers: Mapping[WorkerId, Worker] = field(default_factory=dict)
    tools: Mapping[ToolId, Tool] = field(default_factory=dict)
    offers: Mapping[OfferId, Offer] = field(default_factory=dict)
    lanes: tuple[Lane, ...] = ()
    exchange: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def hash(self) -> str:
        """Name of this snapshot: equal content, equal hash."""
        return content_hash(self)

    def with_places(self, *places: Place) -> Network:
        """The same network with further places (a buyer's door) on its map; offers and shops as they are."""
        return replace(self, places={**self.places, **{place.id: place for place in places}})

    def place_of(self, shop: ShopId) -> Place:
        """Where a shop stands."""
        return self.places[self.shops[shop].place]
