"""Rate cards: what people, floor, power and money cost at a place."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from types import MappingProxyType

from manyworks.model import Finding, RateCard, error
from manyworks.processes.tables import Figure, ProcessesError, read_data, read_figures

_SHARED = "everywhere"
# Ratios that also carry the worth of a dollar, because catalogue prices are in dollars.
_RATIOS = ("capital_factor", "material_factor")
_NOT_NUMBERS = ("country", "sources")


def known_countries() -> tuple[str, ...]:
    """Countries of the rate book, ISO 3166 alpha-2, sorted."""
    return tuple(sorted({*read_data("rate_book"), *read_data("rate_book_world")} - {_SHARED}))


@cache
def _figures(country: str) -> Mapping[str, Figure]:
    """Rows that hold in a country; of an unknown one only those that hold everywhere."""
    book = read_data("rate_book")
    rows = book[country] if country in book else read_data("rate_book_world").get(country, {})
    return {**read_figures(book[_SHARED]), **read_figures(rows)}


@cache
def _rate_names() -> tuple[str, ...]:
    return tuple(field.name for field in fields(RateCard) if field.name not in _NOT_NUMBERS)


def _check(country: str, exchange: Mapping[str, float], overrides: Mapping[str, float]) -> list[Finding]:
    found = []
    missing = [name for name in _rate_names() if name not in _figures(country) and name not in overrides]
    if missing:
        message = f"no rates for country {country!r}: {', '.join(missing)}"
        hint = f"state them as the shop's own, or use one of {', '.join(known_countries())}"
        found.append(error("processes.rates.country", country, message, hint))
    dollar = exchange.get("USD", math.nan)
    if not 0.0 < dollar < math.inf:
        found.append(
            error(
                "processes.rates.exchange",
                country,
                f"the worth of a USD is {exchange.get('USD')!r}; expected a number above 0",
                "add USD to the network's exchange rates",
            )
        )
    return found + [
        finding for name, value in overrides.items() for finding in _check_one(country, name, value)
    ]


def _check_one(country: str, name: str, value: float) -> list[Finding]:
    if name not in _rate_names():
        known = ", ".join(_rate_names())
        return [error("processes.rates.field", country, f"unknown rate {name!r}", f"known: {known}")]
    divisor = name == "machine_hours_per_year"
    if not 0.0 <= value < math.inf or (divisor and value == 0.0):
        expected = "above 0" if divisor else "0 or more"
        return [error("processes.rates.value", country, f"{name} = {value!r}; expected a number {expected}")]
    return []


def _in_currency(name: str, figure: Figure, dollar: float) -> float:
    return figure.value * dollar if "USD" in figure.unit or name in _RATIOS else figure.value


def rate_card(
    country: str, exchange: Mapping[str, float], overrides: Mapping[str, float] = MappingProxyType({})
) -> RateCard:
    """What an hour and a unit cost in a country, in the network's currency.

    Parameters
    ----------
    country
        ISO 3166 alpha-2.
    exchange
        Worth of one unit of a currency in the network's currency; ``USD`` must be there.
    overrides
        A shop's own values for fields of the card, already in the network's currency. Its
        ``capital_factor`` and ``material_factor`` stay plain ratios to catalogue prices.

    Returns
    -------
    RateCard
        Its ``capital_factor`` and ``material_factor`` hold ratio times the worth of a dollar: they
        turn the process data's dollar prices into prices here.

    Raises
    ------
    ProcessesError
        Unknown country without all rates stated, no worth of a dollar, unknown or impossible
        overrides: all at once.
    """
    found = _check(country, exchange, overrides)
    if found:
        raise ProcessesError(found)
    dollar = exchange["USD"]
    book = {name: row for name, row in _figures(country).items() if name not in overrides}
    values = {name: _in_currency(name, row, dollar) for name, row in book.items()}
    own = {name: value * dollar if name in _RATIOS else value for name, value in overrides.items()}
    sources = tuple(f"{country}: {row}" for row in book.values())
    return RateCard(country=country, sources=sources, **values, **own)
