"""How far a quote may be off: the chosen chain, drawn a few thousand times.

What is common (a country's wages, a seller, a lane) is drawn once for everything that shares it,
what is a line's own for itself; a maximum of lead times stays a maximum.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from manyworks.model import Spread
from manyworks.quoting.evaluate import Assessment
from manyworks.quoting.timeline import finish

DRAWS = 2000

Draws = npt.NDArray[np.float64]


class Dice:
    """Log-normal factors of mean 1; one stream of random numbers a name, so that order does not matter."""

    def __init__(self, seed: int, draws: int = DRAWS) -> None:
        self.seed, self.draws = seed, draws
        self._normals: dict[str, Draws] = {}

    def normal(self, name: str) -> Draws:
        """Standard normal draws of a name, always the same ones."""
        if name not in self._normals:
            key = [self.seed, *name.encode()]
            self._normals[name] = np.random.Generator(np.random.PCG64(key)).standard_normal(self.draws)
        return self._normals[name]

    def factor(self, name: str, sigma: float) -> Draws | float:
        """Factors with standard deviation ``sigma`` of the logarithm and mean 1."""
        return np.exp(sigma * self.normal(name) - sigma * sigma / 2) if sigma and name else 1.0


def price_draws(assessment: Assessment, dice: Dice) -> Draws:
    """Landed price of the whole quantity in every draw."""
    total = np.zeros(dice.draws)
    for (shared, shared_sigma, own, own_sigma), amount in _grouped(assessment).items():
        total += amount * dice.factor(shared, shared_sigma) * dice.factor(own, own_sigma)
    return total


def _grouped(assessment: Assessment) -> dict[tuple[str, float, str, float], float]:
    """Lines that move together, added up: those of one operation at one shop share their own luck."""
    groups: dict[tuple[str, float, str, float], float] = {}
    for line in assessment.lines:
        key = (line.shared, line.shared_sigma, f"{line.what} at {line.where}", line.own_sigma)
        groups[key] = groups.get(key, 0.0) + line.amount
    return groups


def lead_draws(assessment: Assessment, dice: Dice) -> Draws:
    """Days until all is there in every draw."""
    days: list[Draws] = [
        np.asarray(
            stretch.days
            * dice.factor(stretch.shared, stretch.shared_sigma)
            * dice.factor(f"time of {stretch.name} {position}", stretch.own_sigma)
        )
        for position, stretch in enumerate(assessment.timeline)
    ]
    return np.broadcast_to(finish(assessment.timeline, days), (dice.draws,))


def co2e_draws(assessment: Assessment, dice: Dice) -> Draws:
    """Kg CO2e of the whole quantity in every draw; emission factors of one kind are off together."""
    total = np.zeros(dice.draws)
    for part in assessment.footprints:
        total += part.kg * dice.factor(f"carbon {part.shared}", part.sigma)
    return total


def spread_of(draws: Draws, mean: float | None = None) -> Spread:
    """Quantiles of draws; ``mean`` replaces their average where the expected value is known exactly."""
    p10, p50, p90 = (float(value) for value in np.quantile(draws, (0.1, 0.5, 0.9)))
    return Spread(mean=float(draws.mean()) if mean is None else mean, p10=p10, p50=p50, p90=p90)


def spreads(assessment: Assessment, quantity: int, dice: Dice) -> tuple[Spread, Spread, Spread]:
    """Unit price, lead time in days and kg CO2e of the whole quantity, each with its spread."""
    runs: Sequence[tuple[Callable[[Assessment, Dice], Draws], float | None, float]] = (
        (price_draws, assessment.total / quantity, 1.0 / quantity),
        (lead_draws, None, 1.0),
        (co2e_draws, assessment.co2e_kg, 1.0),
    )
    unit, lead, carbon = (spread_of(draw(assessment, dice) * scale, mean) for draw, mean, scale in runs)
    return unit, lead, carbon
