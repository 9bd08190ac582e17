"""Numbers with a unit, a range or a name.

One unit per dimension everywhere else: mm, mm2, mm3 for geometry; litre for fluids; kg; kWh;
kg CO2e; seconds (days where a field says so); money as float in the network's currency.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """An amount whose unit is free (``piece``, ``m``, ``m2``, ``kg``, ``L``)."""

    value: float
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """What a customer states of a product by measure, e.g. the width of a window in mm."""

    name: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """An uncertain number.

    Parameters
    ----------
    mean, p10, p50, p90
        Expected value and quantiles, all in the unit of the field that holds the spread.
    shared_sigma, own_sigma
        Standard deviations of the logarithm: what is common to all numbers of the same source
        (a country's rates, a shop, a lane) and what is this number's own.
    """

    mean: float
    p10: float
    p50: float
    p90: float
    shared_sigma: float = 0.0
    own_sigma: float = 0.0


def exactly(value: float) -> Spread:
    """A spread without spread."""
    return Spread(mean=value, p10=value, p50=value, p90=value)
