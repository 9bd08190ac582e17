"""Lots of a chain of operations at one place, as waterfalls and tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from manyworks.model import Operation
from manyworks.processes import Station, estimate, ordinary_station


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something is made: a country's rates with a shop's own figures over them."""

    name: str
    country: str
    rates: Mapping[str, float] = field(default_factory=dict)
    coefficients: Mapping[str, float] = field(default_factory=dict)

    def station(self) -> Station:
        """An ordinary machine here."""
        return ordinary_station(self.country, rates=self.rates, coefficients=self.coefficients)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """What a lot costs in USD by kind of cost; the kinds add up to ``price``."""

    name: str
    quantity: int
    costs: Mapping[str, float]

    @property
    def price(self) -> float:
        """Of the whole lot."""
        return sum(self.costs.values())

    @property
    def each(self) -> float:
        """Of one piece."""
        return self.price / self.quantity

    def with_cost(self, kind: str, amount: float) -> Lot:
        """The lot with one more cost, such as a tool or a freight, of the whole lot."""
        costs = {**self.costs, kind: self.costs.get(kind, 0.0) + amount}
        return Lot(name=self.name, quantity=self.quantity, costs=costs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table with its heads."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case told: tables, and lots to be drawn as waterfalls of one piece."""

    grids: Sequence[Grid]
    lots: Sequence[Lot]


def make_lot(name: str, operations: Sequence[Operation], quantity: int, place: Place) -> Lot:
    """Estimate a chain of operations, the first done first, for ``quantity`` good pieces at its end."""
    costs: dict[str, float] = {}
    wanted = float(quantity)
    for operation in reversed(operations):
        made = estimate(operation, np.array([wanted]), [place.station()])
        wanted = float(made.starts[0, 0])
        for kind, amounts in made.costs.items():
            costs[kind] = costs.get(kind, 0.0) + float(amounts[0, 0])
    return Lot(name=name, quantity=quantity, costs=costs)


def break_even(first: Callable[[int], float], second: Callable[[int], float], most: int = 10_000_000) -> int:
    """The least quantity from which ``second`` is cheaper than ``first`` and dearer just below.

    Both give the price of a lot; ``second`` must be dearer at one piece and cheaper at ``most``.
    """
    low, high = 1, most
    if second(low) < first(low) or second(high) >= first(high):
        raise ValueError("the second way does not overtake the first one")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if second(middle) < first(middle) else (middle, high)
    return high
