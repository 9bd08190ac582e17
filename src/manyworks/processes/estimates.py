"""One door to all process models: operation, quantities, stations in; time, money, energy, CO2e out."""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from manyworks.model import Operation, error
from manyworks.processes import (
    board_fabrication,
    board_test,
    fdm_printing,
    final_assembly,
    hand_assembly,
    injection_moulding,
    mould_making,
    packing,
    smt_assembly,
    stencil_cutting,
)
from manyworks.processes.frame import COST_KINDS, Array, Bench, Lines, Model, Number, Station, Yield
from manyworks.processes.tables import ProcessesError, process_table

_MODELS: Mapping[str, tuple[Model, Yield]] = {
    "pcb-fabrication": (board_fabrication.take, board_fabrication.good_share),
    "smt-assembly": (smt_assembly.take, smt_assembly.good_share),
    "hand-assembly": (hand_assembly.take, hand_assembly.good_share),
    "board-test": (board_test.take, board_test.good_share),
    "fdm-printing": (fdm_printing.take, fdm_printing.good_share),
    "injection-moulding": (injection_moulding.take, injection_moulding.good_share),
    "mould-making": (mould_making.take, mould_making.good_share),
    "stencil-cutting": (stencil_cutting.take, stencil_cutting.good_share),
    "final-assembly": (final_assembly.take, final_assembly.good_share),
    "packing": (packing.take, packing.good_share),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What lots of an operation take at each station. Arrays are (stations, quantities).

    Parameters
    ----------
    starts
        Units to start so that the asked number is expected good.
    setup_s, run_s
        Machine time before and for the lot, seconds.
    attended_s
        Labour in all of it, person-seconds.
    energy_kwh, co2e_kg
        Of the lot; CO2e holds the energy and the material that the shop supplies.
    costs
        Network's currency by kind of cost line; they sum to `price`.
    own_sigma, shared_sigma
        Standard deviations of the logarithm of the price: the model's own, and what all
        estimates for one shop and country share.
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
    own_sigma: float
    shared_sigma: float
    assumptions: tuple[str, ...]

    @property
    def price(self) -> Array:
        """Sum of the cost lines, (stations, quantities)."""
        return _total(list(self.costs.values()))


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
    model, good_share = _MODELS[operation.process]
    shape = (len(stations), len(wanted))
    # A part in a billion under a whole number is rounding, not a further start.
    starts = _filled(np.ceil(wanted / good_share(operation, bench) * (1.0 - 1e-9)), shape)
    return _assemble(model(operation, starts, bench), starts, bench)


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


def _assemble(lines: Lines, starts: Array, bench: Bench) -> Estimate:
    rates = bench.rates
    energy = _filled(lines.energy_kwh, starts.shape)
    costs = [_filled(cost, starts.shape) for cost in (lines.setup, lines.machine, lines.labour)]
    costs.append(energy * rates["energy"])
    costs += [_filled(cost, starts.shape) for cost in (lines.material, lines.consumables)]
    below = _total(costs)
    administration = below * rates["administration"]
    costs += [administration, (below + administration) * rates["margin"]]
    return Estimate(
        starts=starts,
        setup_s=_filled(lines.setup_s, starts.shape),
        run_s=_filled(lines.run_s, starts.shape),
        attended_s=_filled(lines.attended_s, starts.shape),
        energy_kwh=energy,
        co2e_kg=energy * rates["grid"] + lines.material_co2e_kg,
        costs=dict(zip(COST_KINDS, costs, strict=True)),
        own_sigma=bench.table.own_sigma,
        shared_sigma=bench.table.shared_sigma,
        assumptions=bench.assumptions(),
    )
