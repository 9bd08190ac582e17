"""One door to all process models: operation, quantities, stations in; time, money, energy, CO2e out."""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from statistics import NormalDist

import numpy as np

from manyworks.model import Operation, error
from manyworks.processes.frame import COST_KINDS, SECONDS, Array, Bench, Lines, Model, Number, Station, Yield
from manyworks.processes.tables import ProcessesError, process_table


@functools.cache
def _model(process: str) -> tuple[Model, Yield]:
    """The two functions of a process's module, which is loaded when it is first asked for."""
    module = import_module(f"manyworks.processes.models.{process.replace('-', '_')}")
    return module.take, module.good_share


_MOST_SCRAP = 0.95
"""Share of bad pieces beyond which no number of starts is sensible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What lots of an operation take at each station. Arrays are (stations, quantities).

    Parameters
    ----------
    starts
        Units to start so that the asked number is expected good, to the nearest piece.
    setup_s, run_s
        Machine time before and for the lot, seconds.
    attended_s
        Labour in all of it, person-seconds.
    energy_kwh, co2e_kg
        Of the lot; CO2e holds the energy and the material that the shop supplies.
    costs
        Network's currency by kind of cost line; they sum to `price`.
    water_l, chemicals_kg
        Used by the lot.
    input_kg, product_kg
        Material the shop puts in, and what the good pieces hold of it; the rest is waste.
    own_sigma
        Standard deviation of the logarithm of the price by station, shape (S,): the model's own, or
        a shop's ``spread`` where its finished jobs say better.
    shared_sigma
        The same for what all estimates of one process and country share, shape (S,): less where a shop's
        jobs have shown how it differs.
    assumptions
        Every default that was used, with value, unit, source and confidence.
    """

    starts: Array
    setup_s: Array
    run_s: Array
    attended_s: Array
    energy_kwh: Array
    co2e_kg: Array
    costs: Mapping[str, Array]
    water_l: Array
    chemicals_kg: Array
    input_kg: Array
    product_kg: Array
    own_sigma: Array
    shared_sigma: Array
    assumptions: tuple[str, ...]

    @property
    def price(self) -> Array:
        """Sum of the cost lines, (stations, quantities)."""
        return _total(list(self.costs.values()))

    @property
    def waste_kg(self) -> Array:
        """Material put in that is not in good pieces: swarf, skeletons, runners, rejects."""
        return self.input_kg - self.product_kg

    @property
    def sigma(self) -> Array:
        """Standard deviation of the logarithm of the price in all, shape (S,)."""
        return np.hypot(self.own_sigma, self.shared_sigma)

    def price_at(self, share: float) -> Array:
        """Price that the true one stays below with this probability (0.1: P10), (stations, quantities).

        Log-normal, with `price` as its mean.
        """
        sigma = self.sigma[:, None]
        quantile: Array = self.price * np.exp(NormalDist().inv_cdf(share) * sigma - sigma**2 / 2.0)
        return quantile


def estimate(operation: Operation, quantities: Array, stations: Sequence[Station]) -> Estimate:
    """What each station would take and ask for handing on each of ``quantities`` good units.

    Inputs and tools of the operation are not in it: their number follows from ``starts``.

    Parameters
    ----------
    operation
        From `route`, or any with the drivers that the process's module names.
    quantities
        Shape (Q,), good units, above 0; yields of later operations are the caller's.
    stations
        Machines with their rates, S of them.

    Raises
    ------
    ProcessesError
        No such process, a driver missing, quantities not above 0, a coefficient that cannot be.
    """
    table = process_table(operation.process)
    wanted = _checked(operation, quantities)
    bench = Bench(table, stations)
    model, good_share = _model(operation.process)
    shape = (len(stations), len(wanted))
    good = 1.0 - np.minimum((1.0 - good_share(operation, bench)) * bench.factor("scrap_factor"), _MOST_SCRAP)
    starts = _filled(_starts(wanted, good), shape)
    return _assemble(model(operation, starts, bench), starts, bench, wanted)


def _starts(wanted: Array, good: Number) -> Array:
    """Whole pieces to start: the expected number, to the nearest piece, never fewer than are wanted.

    A lot of one with 2 % scrap starts one piece, not two: the odd piece that fails is made again. A
    part in a billion over a whole number is rounding, not a further start.
    """
    least = np.ceil(wanted * (1.0 - 1e-9))
    return np.maximum(least, np.floor(wanted / good + 0.5))


def _checked(operation: Operation, quantities: Array) -> Array:
    wanted = np.atleast_1d(np.asarray(quantities, dtype=np.float64))
    if wanted.ndim != 1 or not np.all(np.isfinite(wanted) & (wanted > 0.0)):
        message = f"quantities {np.asarray(quantities).tolist()!r}; expected a row of numbers above 0"
        raise ProcessesError([error("processes.quantity.value", operation.id, message)])
    return wanted


def _total(arrays: Sequence[Array]) -> Array:
    return functools.reduce(operator.add, arrays)


def _filled(value: Number, shape: tuple[int, int]) -> Array:
    full: Array = np.empty(shape)
    full[...] = value
    return full


def _assemble(lines: Lines, starts: Array, bench: Bench, wanted: Array) -> Estimate:
    rates = bench.rates
    energy = _filled(lines.energy_kwh, starts.shape)
    office_h = bench["office_minutes"] / 60.0
    office = office_h * rates["wage"] * bench["office_wage_factor"]
    costs = [_filled(cost, starts.shape) for cost in (lines.setup + office, lines.machine, lines.labour)]
    costs.append(energy * rates["energy"])
    costs += [_filled(cost, starts.shape) for cost in (lines.material, lines.tools, lines.consumables)]
    below = _total(costs)
    administration = below * rates["administration"]
    costs += [administration, (below + administration) * rates["margin"]]
    return Estimate(
        starts=starts,
        setup_s=_filled(lines.setup_s, starts.shape),
        run_s=_filled(lines.run_s, starts.shape),
        attended_s=_filled(lines.attended_s + office_h * SECONDS, starts.shape),
        energy_kwh=energy,
        co2e_kg=energy * rates["grid"] + lines.material_co2e_kg,
        costs=dict(zip(COST_KINDS, costs, strict=True)),
        water_l=_filled(lines.water_l, starts.shape),
        chemicals_kg=_filled(lines.chemicals_kg, starts.shape),
        input_kg=_filled(lines.input_kg, starts.shape),
        product_kg=_filled(lines.product_kg * (wanted / starts), starts.shape),
        own_sigma=np.ravel(_filled(bench.factor("spread"), (len(starts), 1))),
        shared_sigma=np.ravel(_filled(bench.factor("shared_spread"), (len(starts), 1))),
        assumptions=bench.assumptions(),
    )
