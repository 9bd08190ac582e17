"""Small networks for the market's tests."""

from __future__ import annotations

from typing import Any

from manyworks.market import Market
from manyworks.model import (
    Capability,
    Certificate,
    Item,
    ItemId,
    Machine,
    MachineId,
    Network,
    Offer,
    OfferId,
    PlaceId,
    PriceBreak,
    Shop,
    ShopId,
)

DAY = "2026-06-01"


def shop(name: str = "shop", *certificates: Certificate, **fields: Any) -> Shop:
    return Shop(id=ShopId(name), name=name, place=PlaceId("here"), certificates=certificates, **fields)


def machine(name: str, *capabilities: Capability, at: str = "shop", **fields: Any) -> Machine:
    return Machine(id=MachineId(name), shop=ShopId(at), name=name, capabilities=capabilities, **fields)


def market(*machines: Machine, shops: tuple[Shop, ...] = (), offers: tuple[Offer, ...] = ()) -> Market:
    return Market(
        Network(
            name="test",
            currency="GBP",
            as_of=DAY,
            shops={s.id: s for s in (shops or (shop(),))},
            machines={m.id: m for m in machines},
            offers={o.id: o for o in offers},
        )
    )


def offer(called: str = "offer", **fields: Any) -> Offer:
    known = {"seller": ShopId("shop"), "breaks": (PriceBreak(min_quantity=1, unit_price=0.1),)}
    return Offer(id=OfferId(called), **{**known, **fields})


def item(name: str = "thing", **fields: Any) -> Item:
    return Item(id=ItemId("item"), name=name, **fields)
