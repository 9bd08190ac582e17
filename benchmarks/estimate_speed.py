"""Ten thousand estimates of an operation, shops times quantities, for every process."""

from __future__ import annotations

import numpy as np

from manyworks.model import Machine, MachineId, Operation, ShopId
from manyworks.processes import (
    Station,
    estimate,
    known_countries,
    process_table,
    processes,
    rate_card,
    typical_operation,
)
from table import Row, median_seconds, show

RUNS = 5
SHAPES = ((100, 100), (1_000, 10), (10_000, 1))
OWN_FIGURES = 4  # every so many shops state a few coefficients and a machine's price of their own


def measure() -> list[Row]:
    """Measure each process at each shape, and the slowest at the head."""
    stations = {process: _stations(process, max(shops for shops, _ in SHAPES)) for process in processes()}
    rows = [
        _row(process, stations[process][:shops], lots) for process in processes() for shops, lots in SHAPES
    ]
    slowest = max(rows, key=lambda row: row.value)
    head = Row(
        benchmark="estimate",
        what=f"slowest of all: {slowest.what}",
        value=slowest.value,
        unit="ms",
        target="50 ms",
        runs=RUNS,
    )
    return [head, *rows]


def _row(process: str, stations: list[Station], lots: int) -> Row:
    operation = typical_operation(process)
    quantities = np.geomspace(1.0, 1e5, lots).round() if lots > 1 else np.array([100.0])
    seconds = median_seconds(lambda: _ask(operation, quantities, stations), RUNS)
    what = f"{process}, {len(stations):,} shops x {lots} quantities"
    return Row(benchmark="estimate", what=what, value=1000.0 * seconds, unit="ms", target="50 ms", runs=RUNS)


def _ask(operation: Operation, quantities: np.ndarray, stations: list[Station]) -> None:
    estimate(operation, quantities, stations)


def _stations(process: str, number: int) -> list[Station]:
    cards = [rate_card(country, {"USD": 1.0}) for country in known_countries()]
    figures = [figure for figure in process_table(process).coefficients.values() if figure.high > figure.low]
    own = {figure.name: figure.high for figure in figures[:3]}
    return [
        Station(
            machine=Machine(
                id=MachineId(f"m{at}"),
                shop=ShopId(f"s{at}"),
                name="m",
                capabilities=(),
                capital=20_000.0 if at % OWN_FIGURES == 0 else None,
            ),
            rates=cards[at % len(cards)],
            coefficients=own if at % OWN_FIGURES == 0 else {},
        )
        for at in range(number)
    ]


if __name__ == "__main__":
    show(measure)
