"""What things of a harness are bought as: part numbers, makers, and what goes with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from manyworks.files.harnesses.words import plain_text, says_yes, text_of

PRODUCT_KEYS = ("pn", "mpn", "manufacturer", "supplier", "spn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """Part number, maker, seller and the user's own number, as written; ``wanted`` in the parts list."""

    mpn: str = ""
    manufacturer: str = ""
    supplier: str = ""
    spn: str = ""
    pn: str = ""
    wanted: bool = True
    extras: tuple[Extra, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """A further thing bought with a connector or cable: so many, times a measure of its owner."""

    name: str
    quantity: float
    unit: str
    times: str
    product: Product


def product_of(given: Mapping[Any, Any], index: int | None = None) -> Product:
    """Product keys of a thing; those that are lists have one entry for each core of a bundle.

    Raises
    ------
    ValueError
        A further component that is none.
    """

    def text(key: str) -> str:
        value = given.get(key)
        if isinstance(value, list) and index is not None:
            return plain_text(value[index]) if index < len(value) else ""
        return plain_text(value)

    extras = given.get("additional_components") or () if index is None else ()
    if not isinstance(extras, list | tuple):
        raise ValueError("additional_components takes a list")
    return Product(
        mpn=text("mpn"),
        manufacturer=text("manufacturer"),
        supplier=text("supplier"),
        spn=text("spn"),
        pn=text("pn"),
        wanted=not says_yes(given.get("ignore_in_bom")),
        extras=tuple(_extra(one) for one in extras),
    )


def _extra(given: object) -> Extra:
    if not isinstance(given, Mapping):
        raise ValueError("a further component takes keys such as type and qty")
    name = ", ".join(filter(None, (plain_text(given.get("type")), plain_text(given.get("subtype")))))
    if not name:
        raise ValueError("a further component has no type")
    amount, unit = _amount(given)
    return Extra(
        name=name,
        quantity=quantity_of(given.get("qty", 1)) * amount,
        unit=unit,
        times=text_of(given.get("qty_multiplier")),
        product=product_of({key: given.get(key) for key in PRODUCT_KEYS}),
    )


def _amount(given: Mapping[Any, Any]) -> tuple[float, str]:
    """How much one piece is, as in ``10 mm``; one of the unit where that is not told."""
    stated = given.get("amount")
    if stated is None:
        return 1.0, text_of(given.get("unit"))
    number, _, unit = text_of(stated).partition(" ")
    try:
        return quantity_of(float(number)), unit.strip()
    except ValueError:
        raise ValueError(f"amount {text_of(stated)[:40]!r}, expected one such as '10 mm'") from None


def quantity_of(value: object) -> float:
    """A quantity of a parts list.

    Raises
    ------
    ValueError
        No number, negative, or beyond what anybody orders.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1e7:
        raise ValueError(f"quantity {text_of(value)!r}, expected a number")
    return float(value)
