"""The centres of a bare-board line: what an hour of each costs, and how long a lot keeps each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, reduce

import numpy as np

from manyworks.processes.frame import Array, Bench, Number, annuity
from manyworks.processes.tables import read_data

TEST = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Centres:
    """Columns of the table of centres, one entry a centre; ``kind`` one-hot over ``kinds``."""

    kinds: tuple[str, ...]
    capital: Array
    power_kw: Array
    floor_m2: Array
    operators: Array
    rate: Array
    setup_h: Array
    kind: Array


@cache
def centres() -> Centres:
    """All centres of the line, in the order of the work."""
    rows = list(read_data("pcb_centres")["centres"].values())
    kinds = tuple(dict.fromkeys(row["per"] for row in rows))

    def column(name: str) -> Array:
        return np.array([row[name] for row in rows], dtype=np.float64)

    return Centres(
        kinds=kinds,
        capital=column("capital"),
        power_kw=column("power_kw"),
        floor_m2=column("floor_m2"),
        operators=column("operators"),
        rate=column("rate"),
        setup_h=column("setup_minutes") / 60.0,
        kind=np.array([[float(row["per"] == kind) for row in rows] for kind in kinds]),
    )


def centre_hours(amounts: Mapping[str, Number], bench: Bench) -> Array:
    """Hours at each centre for the passes of each kind, shape (S or 1, centres)."""
    table = centres()
    columns = np.broadcast_arrays(*(np.atleast_2d(amounts.get(kind, 0.0)) for kind in table.kinds))
    passes: Array = np.concatenate(columns, axis=1) @ table.kind
    hours: Array = passes / table.rate / bench["speed_factor"] * bench.factor("run_time_factor")
    return hours


def over_centres(values: Array, fold: Callable[..., Array] = np.sum) -> Array:
    """A row of centres folded into one column (S or 1, 1)."""
    return np.asarray(fold(np.atleast_2d(values), axis=1, keepdims=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What an hour of each centre takes at each station, shape (S or 1, centres)."""

    rate: Array
    people: Array
    power_kw: Array
    wage: Array

    def money(self, hours: Array) -> Array:
        """Money of some hours at each centre, machine and people."""
        return over_centres(hours * (self.rate + self.people * self.wage))

    def at_test(self) -> tuple[Array, Array, Array]:
        """Machine money, people and kW of an hour at the test centre."""
        table = centres()
        tester = table.kind[table.kinds.index(TEST)].astype(bool)
        return (
            over_centres(self.rate[:, tester]),
            over_centres(self.people[:, tester]),
            over_centres(self.power_kw[:, tester]),
        )


def line(bench: Bench) -> Line:
    """The line of each station: its own price and draw where stated, shared out over the centres."""
    table = centres()
    power = bench.of_machine("power_kw", "power_kw") * table.power_kw / table.power_kw.sum()
    return Line(
        rate=_hours_cost(bench),
        people=np.atleast_2d(table.operators * bench["indirect_people_factor"]),
        power_kw=np.atleast_2d(power),
        wage=bench.rates["wage"] * bench["skill_wage_factor"],
    )


def _hours_cost(bench: Bench) -> Array:
    """Money of an hour of each centre without its people: annuity, upkeep and floor."""
    table, rates = centres(), bench.rates
    capital = bench.of_machine("capital", "capital") * table.capital / table.capital.sum()
    yearly = capital * (
        annuity(rates["interest"], bench.of_machine("life_years", "life_years")) + rates["maintenance"]
    )
    floor = bench.of_machine("floor_m2", "floor_m2") * table.floor_m2 / table.floor_m2.sum()
    cost: Array = (yearly + floor * rates["rent"]) / (rates["hours"] * bench.beyond_shifts())
    return cost


def slowest_hours(panels: Array, each_panel: Array, boards: Array, each_board: Array) -> Array:
    """Hours a lot keeps the slowest centre, shape (S, Q): what the clock sees of a line."""
    pairs = zip(each_panel.T, each_board.T, strict=True)
    busy = (panels * a[:, None] + boards * b[:, None] for a, b in pairs if a.any() or b.any())
    return reduce(np.maximum, busy, np.zeros((1, 1)))
