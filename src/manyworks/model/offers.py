"""Who sells what."""

from __future__ import annotations

from dataclasses import dataclass

from manyworks.model.ids import OfferId, ShopId


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceBreak:
    """From ``min_quantity`` units on, every unit costs ``unit_price`` (network's currency)."""

    min_quantity: float
    unit_price: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A seller's standing offer (ValueFlows intent).

    Parameters
    ----------
    seller
        The shop or market stall that sells.
    mpn, manufacturer, name, value, package
        What is sold: by manufacturer part number, by name, or by electrical value and package.
    unit
        Unit the price and quantities are in (``piece``, ``reel``, ``kg``, ``m``, ``m2``).
    units_per
        Pieces (or the item's own unit) in one sold unit: 4000 in a reel, 2500 in a kilogram.
    breaks
        Ascending; the first break's ``min_quantity`` is the smallest that may be bought.
    multiple, stock
        Sold in whole multiples of ``multiple``; None: no limit of stock.
    condition, grade, expected_yield
        ``new``, ``surplus`` or ``reclaimed``; share of pieces expected to be good.
    origin
        Country of origin, ISO alpha-2, for duty.
    """

    id: OfferId
    seller: ShopId
    breaks: tuple[PriceBreak, ...]
    mpn: str = ""
    manufacturer: str = ""
    name: str = ""
    value: str = ""
    package: str = ""
    unit: str = "piece"
    units_per: float = 1.0
    multiple: float = 1.0
    stock: float | None = None
    lead_days: float = 0.0
    condition: str = "new"
    grade: str = ""
    expected_yield: float = 1.0
    origin: str = ""
    mass_kg: float | None = None
    valid_to: str = ""
    where: str = ""
