"""Levels and scatter of logarithms of ratios, learnt from few numbers some of which are wrong.

``y = level + noise``: the level has a normal prior, the noise a scatter of its own (scaled inverse
chi-square prior) and, for a small share of jobs that went wrong, a much wider one. The posterior is
worked out on a grid that closes in on where it lies; nothing is sampled, so the same numbers always give
the same answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from manyworks.processes.frame import Array
from manyworks.processes.tables import Figure, read_data, read_figures

_LEVELS, _SCATTERS = 41, 25
_ROUNDS = 5
_REACH = 5.0
_LEAST_SCATTER, _MOST_SCATTER = 0.005, 3.0
_AT_ONCE = 256
_POINTS = 401
_Z90 = 1.2815515655446004


@cache
def beliefs() -> dict[str, Figure]:
    """What is believed before the first job."""
    return read_figures(read_data("calibration")["coefficients"])


def belief(name: str) -> float:
    """Value of one of `beliefs`."""
    return beliefs()[name].value


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """What is known of a level and a scatter beforehand: natural logarithms, standard deviations."""

    mean: float
    between: float
    scatter: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What is known afterwards.

    ``mean`` and ``sd`` of the level, ``scatter`` about it, 10 % and 90 % points of the level and of
    the next value, and how likely each value that was seen is an odd one.
    """

    mean: float
    sd: float
    scatter: float
    low: float
    high: float
    next_low: float
    next_high: float
    odd: Array

    @property
    def next_sd(self) -> float:
        """Standard deviation of the normal with the same 10 % and 90 % points as the next value."""
        return (self.next_high - self.next_low) / (2.0 * _Z90)

    @property
    def next_mean(self) -> float:
        """Expected ratio of the next value: the mean of that log-normal."""
        return float(np.exp((self.next_low + self.next_high) / 2.0 + self.next_sd**2 / 2.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grid:
    """Nodes of level and scatter, with the share of belief on each (levels, scatters)."""

    levels: Array
    scatters: Array
    weights: Array


@cache
def unbiased(between: float, scatter: float) -> Prior:
    """The prior under which the ratio that a model states is the expected one: its factor is 1."""
    blank = learn(np.empty(0), np.empty(0), Prior(mean=0.0, between=between, scatter=scatter))
    return Prior(mean=-(blank.next_sd**2) / 2.0, between=between, scatter=scatter)


def learn(values: Array, weights: Array, prior: Prior) -> Level:
    """Level and scatter from logarithms of ratios; a weight below 1 lets a value count for less."""
    grid = _settle(values, weights, prior)
    by_level = grid.weights.sum(axis=1)
    mean, sd = _moments(grid.levels, by_level)
    by_scatter = grid.weights.sum(axis=0)
    points, density, beyond = _next(grid)
    tenth = (0.1 - beyond) / (1.0 - 2.0 * beyond)
    return Level(
        mean=mean,
        sd=sd,
        scatter=float(np.sqrt(by_scatter @ grid.scatters**2)),
        low=quantile(grid.levels, by_level, 0.1),
        high=quantile(grid.levels, by_level, 0.9),
        next_low=quantile(points, density, tenth),
        next_high=quantile(points, density, 1.0 - tenth),
        odd=_odd(values, grid),
    )


def _settle(values: Array, weights: Array, prior: Prior) -> _Grid:
    reach = _REACH * prior.between
    low, high = prior.mean - reach, prior.mean + reach
    if values.size:
        low, high = min(low, float(values.min())), max(high, float(values.max()))
    least, most = np.log(_LEAST_SCATTER), np.log(_MOST_SCATTER)
    for turn in range(_ROUNDS):
        grid = _weigh(
            np.linspace(low, high, _LEVELS), np.linspace(least, most, _SCATTERS), values, weights, prior
        )
        if turn < _ROUNDS - 1:
            low, high = _closer(grid.levels, grid.weights.sum(axis=1))
            least, most = _closer(np.log(grid.scatters), grid.weights.sum(axis=0))
            least, most = max(least, np.log(_LEAST_SCATTER)), min(most, np.log(_MOST_SCATTER))
    return grid


def _closer(nodes: Array, shares: Array) -> tuple[float, float]:
    mean, sd = _moments(nodes, shares)
    reach = _REACH * max(sd, float(nodes[1] - nodes[0]) / 2.0)
    return mean - reach, mean + reach


def _moments(nodes: Array, shares: Array) -> tuple[float, float]:
    mean = float(nodes @ shares)
    return mean, float(np.sqrt(max(float((nodes - mean) ** 2 @ shares), 0.0)))


def _weigh(levels: Array, log_scatters: Array, values: Array, weights: Array, prior: Prior) -> _Grid:
    scatters = np.exp(log_scatters)
    belief_in_level = -0.5 * ((levels - prior.mean) / prior.between) ** 2
    # Scaled inverse chi-square on the variance, as a density over the logarithm of the scatter.
    worth = belief("scatter_weight")
    belief_in_scatter = -worth * log_scatters - 0.5 * worth * (prior.scatter / scatters) ** 2
    total = belief_in_level[:, None] + belief_in_scatter[None, :]
    for at in range(0, values.size, _AT_ONCE):
        some, counts = values[at : at + _AT_ONCE], weights[at : at + _AT_ONCE]
        plain, odd = _densities(some, levels, scatters)
        total = total + np.tensordot(counts, np.log(plain + odd), axes=1)
    share = np.exp(total - total.max())
    return _Grid(levels=levels, scatters=scatters, weights=share / share.sum())


def _densities(values: Array, levels: Array, scatters: Array) -> tuple[Array, Array]:
    """Density of values under ordinary and under odd noise, (values, levels, scatters)."""
    off = (values[:, None, None] - levels[None, :, None]) ** 2
    wide = scatters**2 + belief("odd_scatter") ** 2
    share = belief("odd_share")
    plain = (1.0 - share) / scatters * np.exp(-0.5 * off / scatters**2)
    odd = share / np.sqrt(wide) * np.exp(-0.5 * off / wide)
    # Beyond any belief both are nil; a trace of the odd one keeps the logarithm finite.
    return plain, np.maximum(odd, 1e-250)


def _next(grid: _Grid) -> tuple[Array, Array, float]:
    """Density of the next value at points, and the chance to lie beyond them on either side.

    The points are close enough for ordinary values; what odd ones lie farther off is shared by both sides.
    """
    centre, sd = _moments(grid.levels, grid.weights.sum(axis=1))
    widest = float(np.sqrt(grid.weights.sum(axis=0) @ grid.scatters**2))
    reach = 6.0 * float(np.hypot(sd, widest))
    points = np.linspace(centre - reach, centre + reach, _POINTS)
    density = np.zeros(_POINTS)
    for at in range(0, _POINTS, _AT_ONCE):
        plain, odd = _densities(points[at : at + _AT_ONCE], grid.levels, grid.scatters)
        density[at : at + _AT_ONCE] = np.tensordot(plain + odd, grid.weights, axes=2)
    total = float(density.sum())
    within = total * float(points[1] - points[0]) / math.sqrt(2.0 * math.pi)
    return points, density / total, min(max((1.0 - within) / 2.0, 0.0), 0.05)


def _odd(values: Array, grid: _Grid) -> Array:
    """How likely each value is an odd one."""
    likely = np.zeros(values.size)
    for at in range(0, values.size, _AT_ONCE):
        plain, odd = _densities(values[at : at + _AT_ONCE], grid.levels, grid.scatters)
        likely[at : at + _AT_ONCE] = np.tensordot(odd / (plain + odd), grid.weights, axes=2)
    return likely


def quantile(nodes: Array, shares: Array, share: float) -> float:
    """Where a density on even nodes has this share below it."""
    below = np.cumsum(shares) - shares / 2.0
    return float(np.interp(share, below, nodes))
