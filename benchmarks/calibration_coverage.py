"""How often the next job of a simulated shop falls between the P10 and P90 that its finished jobs give.

Aimed at: 75 to 85 % with any number of jobs. Once under the model's own assumptions, and under two that
break them: noise with very heavy tails, and shops whose pace drifts from job to job.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import erf, exp, hypot, log, sqrt

import numpy as np

from manyworks.model import Machine, MachineId, ShopId
from manyworks.processes import Station, estimate, process_table, rate_card, typical_operation
from manyworks.processes.calibration import Job, calibrate
from manyworks.processes.log_ratios import Prior, belief, learn, unbiased
from table import Row, show

PROCESS = "final-assembly"
JOBS = (0, 1, 3, 10, 30, 100)
SHOPS = 120
SEED = 11
NEXT_JOBS = 50  # prices of so many next jobs are drawn for each shop and number of jobs
TAILS = 2.5  # degrees of freedom of the heavy tails
DRIFT = 0.04  # logarithmic standard deviation of a step, job to job


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """How shops really behave: noise of a job, drift of the level, and the chance to lie below a value."""

    name: str
    noise: Callable[[np.random.Generator, float, int], np.ndarray]
    below: Callable[[float, float], float]
    drift: float = 0.0


def measure() -> list[Row]:
    """Coverage of run times and of prices in each world at each number of jobs."""
    rows = [row for world in WORLDS for row in _cover(world, float("inf"))]
    return rows + _cover(replace(WORLDS[-1], name="drift, half-life 15 jobs"), 15.0)


def _cover(world: World, half_life: float) -> list[Row]:
    random = np.random.default_rng(SEED)
    seen = [_one_shop(world, half_life, random) for _ in range(SHOPS)]
    rows = []
    for at, jobs in enumerate(JOBS):
        time, width, price = np.mean([shop[at] for shop in seen], axis=0)
        error = np.std([shop[at][0] for shop in seen]) / sqrt(SHOPS)
        note = f"{SHOPS} shops, standard error {100 * error:.1f} %, P90 over P10 {exp(width):.2f}"
        what = f"{world.name}: next run time after {jobs} jobs"
        rows.append(_row(what, time, note))
        rows.append(_row(f"{world.name}: next price by price_at after {jobs} jobs", price, ""))
    return rows


def _row(what: str, share: float, note: str) -> Row:
    return Row(
        benchmark="calibration", what=what, value=100 * share, unit="%", target="75 to 85 %", note=note
    )


def _one_shop(
    world: World, half_life: float, random: np.random.Generator
) -> list[tuple[float, float, float]]:
    """Chance that the next run time and price lie between P10 and P90, and the width, by number of jobs."""
    own = process_table(PROCESS).own_sigma
    rest = exp(random.normal(-(own**2) / 2.0, own))
    paces = {what: _pace(world, what, own, random) for what in ("setup", "run")}
    quantities = np.exp(random.uniform(log(10), log(500), max(JOBS) + 1)).round()
    jobs = [_job(at, float(quantity), paces) for at, quantity in enumerate(quantities)]
    found = []
    for number in JOBS:
        low, high, coefficients = _learnt(jobs[:number], half_life, paces["run"].prior)
        run = paces["run"]
        centre = run.levels[number]
        share = world.below(high - centre, run.scatter) - world.below(low - centre, run.scatter)
        next_ratios = {
            what: np.exp(pace.levels[number] + world.noise(random, pace.scatter, NEXT_JOBS))
            for what, pace in paces.items()
        }
        found.append((share, high - low, _prices_hold(jobs[number], coefficients, next_ratios, rest)))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """A shop's own ratio of actual to model time: level and actual ratio of every job, logarithms."""

    prior: Prior
    scatter: float
    levels: np.ndarray
    ratios: np.ndarray


def _pace(world: World, what: str, own: float, random: np.random.Generator) -> Pace:
    prior = unbiased(own, belief(f"{what}_scatter"))
    scatter = _scatter(random, prior.scatter)
    levels = random.normal(prior.mean, own) + np.cumsum(random.normal(0.0, world.drift, max(JOBS) + 1))
    ratios = levels + world.noise(random, scatter, max(JOBS) + 1)
    return Pace(prior=prior, scatter=scatter, levels=levels, ratios=ratios)


def _job(at: int, quantity: float, paces: dict[str, Pace]) -> Job:
    model = estimate(OPERATION, np.array([quantity]), [_station()])
    return Job(
        operation=OPERATION,
        station=_station(),
        quantity=quantity,
        setup_s=float(model.setup_s[0, 0]) * exp(paces["setup"].ratios[at]),
        run_s=float(model.run_s[0, 0]) * exp(paces["run"].ratios[at]),
    )


def _learnt(jobs: list[Job], half_life: float, prior: Prior) -> tuple[float, float, dict[str, float]]:
    if not jobs:
        blank = learn(np.empty(0), np.empty(0), prior)
        return blank.next_low, blank.next_high, {}
    (fit,) = calibrate(jobs, half_life=half_life).fits
    return log(fit.run.next_low), log(fit.run.next_high), dict(fit.coefficients)


def _prices_hold(
    job: Job, coefficients: dict[str, float], ratios: dict[str, np.ndarray], rest: float
) -> float:
    """Share of next jobs whose real cost lies between the P10 and P90 of the new estimate."""
    quantity = np.array([job.quantity])
    model = estimate(OPERATION, quantity, [_station()])
    costs = {kind: float(line[0, 0]) for kind, line in model.costs.items()}
    below = sum(value for kind, value in costs.items() if kind not in ("administration", "margin"))
    timed = sum(costs[kind] for kind in ("machine", "labour", "energy"))
    real = costs["set-up"] * ratios["setup"] + timed * ratios["run"]
    real = (real + (below - costs["set-up"] - timed) * rest) * float(model.price[0, 0]) / below
    asked = estimate(OPERATION, quantity, [_station(coefficients)])
    return float(np.mean((asked.price_at(0.1)[0, 0] <= real) & (real <= asked.price_at(0.9)[0, 0])))


def _station(coefficients: dict[str, float] | None = None) -> Station:
    machine = Machine(id=MachineId("m"), shop=ShopId("shop"), name="m", capabilities=())
    return Station(machine=machine, rates=rate_card("GB", {"USD": 1.0}), coefficients=coefficients or {})


def _scatter(random: np.random.Generator, usual: float) -> float:
    """A shop's own scatter, from the prior."""
    worth = belief("scatter_weight")
    return usual * sqrt(worth / random.chisquare(worth))


def _own_noise(random: np.random.Generator, scatter: float, jobs: int) -> np.ndarray:
    odd = random.random(jobs) < belief("odd_share")
    return random.normal(0.0, np.where(odd, hypot(scatter, belief("odd_scatter")), scatter))


def _own_below(value: float, scatter: float) -> float:
    share = belief("odd_share")
    wide = hypot(scatter, belief("odd_scatter"))
    return (1.0 - share) * _normal_below(value / scatter) + share * _normal_below(value / wide)


def _normal_below(value: float) -> float:
    return 0.5 * (1.0 + erf(value / sqrt(2.0)))


def _heavy_noise(random: np.random.Generator, scatter: float, jobs: int) -> np.ndarray:
    return scatter * random.standard_t(TAILS, jobs)


def _heavy_below(value: float, scatter: float) -> float:
    return float(np.searchsorted(_HEAVY, value / scatter) / _HEAVY.size)


_HEAVY = np.sort(np.random.default_rng(SEED).standard_t(TAILS, 200_001))
OPERATION = typical_operation(PROCESS)
WORLDS = (
    World(name="as assumed", noise=_own_noise, below=_own_below),
    World(name="heavy tails", noise=_heavy_noise, below=_heavy_below),
    World(name="drift", noise=_own_noise, below=_own_below, drift=DRIFT),
)


if __name__ == "__main__":
    show(measure)
