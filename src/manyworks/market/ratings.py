"""Whether what is sold meets what is asked of an electrical part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from manyworks.market.values import Reading, dielectric_serves


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """A rating that does not hold (``unsaid`` False) or that the seller does not state."""

    reason: str
    unsaid: bool


def shortfalls(asked: Reading, sold: Reading) -> list[Shortfall]:
    """Ratings asked that the sold part does not meet or does not state."""
    return [fault for fault in _compare(asked, sold) if fault]


def _compare(asked: Reading, sold: Reading) -> Iterator[Shortfall | None]:
    yield _at_most("tolerance", "%", asked.tolerance_percent, sold.tolerance_percent)
    yield _at_least("voltage", "V", asked.voltage_v, sold.voltage_v)
    yield _at_least("power", "W", asked.power_w, sold.power_w)
    if asked.dielectric:
        yield _dielectric(asked.dielectric, sold.dielectric)
    if asked.load_pf:
        yield _same("load capacitance", asked.load_pf, sold.load_pf)


def _at_most(noun: str, unit: str, asked: float | None, sold: float | None) -> Shortfall | None:
    holds = asked is None or (sold is not None and sold <= asked)
    return None if holds else _fault(noun, f"{asked:g} {unit}", None if sold is None else f"{sold:g} {unit}")


def _at_least(noun: str, unit: str, asked: float | None, sold: float | None) -> Shortfall | None:
    holds = asked is None or (sold is not None and sold >= asked)
    return None if holds else _fault(noun, f"{asked:g} {unit}", None if sold is None else f"{sold:g} {unit}")


def _same(noun: str, asked: str, sold: str) -> Shortfall | None:
    return None if asked == sold else _fault(noun, f"{asked} pF", f"{sold} pF" if sold else None)


def _dielectric(asked: str, sold: str) -> Shortfall | None:
    if sold and dielectric_serves(sold, asked):
        return None
    return _fault("dielectric", asked, sold or None)


def _fault(noun: str, asked: str, sold: str | None) -> Shortfall:
    if sold is None:
        return Shortfall(reason=f"does not say its {noun}, asked {asked}", unsaid=True)
    return Shortfall(reason=f"has {noun} {sold}, asked {asked}", unsaid=False)
