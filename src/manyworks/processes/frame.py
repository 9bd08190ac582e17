"""The common frame of all process models: what a lot takes, priced line by line.

A lot of ``n`` starts costs set-up, machine time, attended labour, energy, material and consumables;
administration and margin come on top of all of them. The hour of a machine is built from its price,
its floor and its upkeep over the hours it runs in a year; energy is a line of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from manyworks.model import Finding, Machine, Operation, RateCard, error
from manyworks.processes.tables import (
    Figure,
    ProcessesError,
    ProcessTable,
    admissible,
    assumption_text,
    inadmissible,
)

Array = NDArray[np.float64]
Number = float | Array

SECONDS = 3600.0
COST_KINDS = (
    "set-up",
    "machine",
    "labour",
    "energy",
    "material",
    "tool wear",
    "consumables",
    "administration",
    "margin",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A machine with the rates of its shop.

    ``coefficients`` are the shop's and the machine's own values for coefficients of the process,
    merged, money in the network's currency; names of other processes are ignored.
    """

    machine: Machine
    rates: RateCard
    coefficients: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """What lots take on one machine. Each field broadcasts to (stations, quantities).

    Parameters
    ----------
    setup_s, run_s
        Machine time before and for the lot, seconds.
    setup_labour_s, labour_s
        Attended time of operators in the two, person-seconds.
    engineer_s
        Preparation away from the machine (programs, data), person-seconds.
    material, tools, consumables
        Network's currency: what goes into the pieces less what its scrap is sold for, what is worn
        out by cutting, pressing, drilling, and the rest that is used up.
    material_co2e_kg
        Embodied in what the shop supplies.
    input_kg, product_kg
        Mass of the material the shop puts in, and of what all started pieces hold of it.
    water_l, chemicals_kg
        Used and sent away.
    """

    setup_s: Number
    run_s: Number
    setup_labour_s: Number
    labour_s: Number
    engineer_s: Number = 0.0
    material: Number = 0.0
    tools: Number = 0.0
    consumables: Number = 0.0
    material_co2e_kg: Number = 0.0
    input_kg: Number = 0.0
    product_kg: Number = 0.0
    water_l: Number = 0.0
    chemicals_kg: Number = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Effort with its money: the lines below administration and margin."""

    setup_s: Number
    run_s: Number
    attended_s: Number
    energy_kwh: Number
    material_co2e_kg: Number
    setup: Number
    machine: Number
    labour: Number
    material: Number
    consumables: Number
    tools: Number = 0.0
    input_kg: Number = 0.0
    product_kg: Number = 0.0
    water_l: Number = 0.0
    chemicals_kg: Number = 0.0


class Bench:
    """The stations as columns: every figure is a float where all share it, else shaped (S, 1).

    Parameters
    ----------
    table
        The process's figures.
    stations
        Who is asked.
    """

    def __init__(self, table: ProcessTable, stations: Sequence[Station]) -> None:
        self.table = table
        self.stations = stations
        self.used: set[str] = set()
        self.unsaid: set[str] = set()
        self._known: dict[str, Number] = {}
        # Most shops state nothing of their own: only those that do are looked at, name by name.
        self._owners = [(at, s.coefficients) for at, s in enumerate(stations) if s.coefficients]
        self._overridden = {name for _, own in self._owners for name in own}
        self._machines: dict[str, list[float | None]] = {}
        self.rates = _rate_columns(stations)
        # An hour booked on a job carries the breaks, waits and errands of the hours that are paid.
        self.rates["wage"] = self.rates["wage"] * np.asarray(self["paid_hours_ratio"])

    def __getitem__(self, name: str) -> Number:
        """A coefficient of the process, money in the network's currency."""
        if name not in self._known:
            self._known[name] = self._coefficient(name)
        return self._known[name]

    def _coefficient(self, name: str) -> Number:
        figure = self.table.coefficients[name]
        default = self._priced(figure, "material_factor")
        full = f"{self.table.process}.{name}" if self._overridden else name
        if name not in self._overridden and full not in self._overridden:
            self.used.add(name)
            return default
        given: list[float | None] = [None] * len(self.stations)
        for at, own in self._owners:
            given[at] = own.get(full, own.get(name))
        return self._merge(figure, given, default)

    def factor(self, name: str) -> Number:
        """One of the coefficients every process has; that it is 1 by default is no assumption to tell."""
        known = name in self.used
        value = self[name]
        if not known:
            self.used.discard(name)
        return value

    def drivers(self, operation: Operation, *names: str) -> tuple[float, ...]:
        """The named drivers of an operation; those it does not state take the process's default.

        Raises
        ------
        ProcessesError
            Naming every driver that is missing and has no default.
        """
        stated, table = operation.drivers, self.table.drivers
        missing = [n for n in names if n not in stated and (n not in table or table[n].default is None)]
        if missing:
            raise ProcessesError([missing_driver(operation, name) for name in missing])
        self.unsaid.update(name for name in names if name not in stated)
        return tuple(float(stated[n] if n in stated else table[n].default or 0.0) for n in names)

    def of_machine(self, name: str, attribute: str = "") -> Number:
        """A figure of the default machine, replaced by the machine's own ``attribute`` where stated."""
        figure = self.table.machine[name]
        default = self._priced(figure, "capital_factor")
        if not attribute:
            self.used.add(name)
            return default
        if not self._machines:
            self._machines = _machine_columns(self.stations)
        return self._merge(figure, self._machines[attribute], default)

    def _priced(self, figure: Figure, factor: str) -> Number:
        return figure.value * self.rates[factor] if figure.unit.startswith("USD") else figure.value

    def _merge(self, figure: Figure, given: Sequence[float | None], default: Number) -> Number:
        stated = len(given) - given.count(None)
        if stated < len(given):
            self.used.add(figure.name)
        if not stated:
            return default
        own = np.array(given, dtype=np.float64)  # None becomes nan
        silent = np.isnan(own)
        least, most = own[~silent].min(initial=np.inf), own[~silent].max(initial=0.0)
        sound = np.count_nonzero(silent) == len(given) - stated
        if not (sound and admissible(figure, float(least)) and admissible(figure, float(most))):
            wrong = [value for value in given if value is not None and not admissible(figure, value)]
            raise ProcessesError([inadmissible(self.table.process, figure, value) for value in wrong])
        return np.where(silent, np.ravel(default), own)[:, None]

    def hour(
        self, capital: Number, floor_m2: Number, life_years: Number, hours_factor: Number = 1.0
    ) -> Number:
        """Money an hour of a machine costs: annuity of its price, floor and upkeep over its hours.

        ``capital * (crf + maintenance) + floor * rent`` a year, over the hours it runs in a year, with
        ``crf = i / (1 - (1 + i)^-life)`` (the ordinary annuity) and 1 / life where interest is nil.
        """
        rates = self.rates
        yearly = capital * (annuity(rates["interest"], life_years) + rates["maintenance"])
        return (yearly + floor_m2 * rates["rent"]) / (rates["hours"] * hours_factor)

    def beyond_shifts(self) -> Number:
        """How many times the shop's booked hours a machine runs that needs nobody, or runs in more shifts.

        The coefficient ``hours_factor``, as far as ``most_hours_per_year`` allows.
        """
        most = self["most_hours_per_year"] / self.rates["hours"]
        factor: Number = np.maximum(np.minimum(self["hours_factor"], most), 1.0)
        return factor

    def default_hour(self, hours_factor: Number = 1.0) -> Number:
        """`hour` of the process's ordinary machine with each machine's own figures where stated."""
        return self.hour(
            self.of_machine("capital", "capital"),
            self.of_machine("floor_m2", "floor_m2"),
            self.of_machine("life_years", "life_years"),
            hours_factor,
        )

    def assumptions(self) -> tuple[str, ...]:
        """Every default that was used, with its source."""
        process, drivers = self.table.process, self.table.drivers
        unsaid = tuple(
            f"{process}: {drivers[name].assumed()}, confidence low" for name in sorted(self.unsaid)
        )
        return (*(assumption_text(process, name) for name in sorted(self.used)), *unsaid)


def annuity(interest: Number, years: Number) -> Number:
    """Yearly share of a price that pays it back with interest (capital recovery factor)."""
    rate = np.maximum(interest, 1e-9)
    factor: Array = rate / -np.expm1(-years * np.log1p(rate))
    return factor


_RATE_FIELDS = {
    "wage": "wage_per_hour",
    "rent": "rent_per_m2_year",
    "energy": "energy_per_kwh",
    "hours": "machine_hours_per_year",
    "interest": "interest",
    "maintenance": "maintenance",
    "administration": "administration",
    "margin": "margin",
    "grid": "grid_kg_co2e_per_kwh",
    "capital_factor": "capital_factor",
    "material_factor": "material_factor",
}


_read_rates = attrgetter(*_RATE_FIELDS.values())


_MACHINE_FIELDS = ("capital", "power_kw", "floor_m2", "life_years")
_read_machine = attrgetter(*_MACHINE_FIELDS)


def _machine_columns(stations: Sequence[Station]) -> dict[str, list[float | None]]:
    columns = zip(*[_read_machine(station.machine) for station in stations], strict=True)
    filled = dict(zip(_MACHINE_FIELDS, map(list, columns), strict=False))
    return {name: filled.get(name, []) for name in _MACHINE_FIELDS}


def _rate_columns(stations: Sequence[Station]) -> dict[str, Array]:
    # Many machines share a card: each is read once.
    cards = {id(station.rates): station.rates for station in stations}
    place = {key: at for at, key in enumerate(cards)}
    rows = np.array([_read_rates(card) for card in cards.values()], dtype=np.float64)
    table = rows.reshape(len(cards), len(_RATE_FIELDS))[[place[id(station.rates)] for station in stations]]
    return {name: table[:, i : i + 1] for i, name in enumerate(_RATE_FIELDS)}


def price_effort(effort: Effort, bench: Bench, hour: Number, power_kw: Number) -> Lines:
    """Money for what lots take on one machine.

    ``hour`` is the machine's hour (network's currency), ``power_kw`` its draw while running. The
    shop's own time factors are applied here.
    """
    effort = _at_own_pace(effort, bench)
    wage = bench.rates["wage"]
    operator = wage * bench["skill_wage_factor"]
    engineer = wage * bench["engineer_wage_factor"] if np.any(effort.engineer_s) else 0.0
    setup = effort.setup_s * hour + effort.setup_labour_s * operator + effort.engineer_s * engineer
    return Lines(
        setup_s=effort.setup_s,
        run_s=effort.run_s,
        attended_s=effort.setup_labour_s + effort.labour_s + effort.engineer_s,
        energy_kwh=(effort.run_s + effort.setup_s * bench["setup_power_share"]) * power_kw / SECONDS,
        material_co2e_kg=effort.material_co2e_kg,
        setup=setup / SECONDS,
        machine=effort.run_s * hour / SECONDS,
        labour=effort.labour_s * operator / SECONDS,
        material=effort.material,
        consumables=effort.consumables,
        tools=effort.tools,
        input_kg=effort.input_kg,
        product_kg=effort.product_kg,
        water_l=effort.water_l,
        chemicals_kg=effort.chemicals_kg,
    )


def _at_own_pace(effort: Effort, bench: Bench) -> Effort:
    setup, run = bench.factor("setup_time_factor"), bench.factor("run_time_factor")
    return replace(
        effort,
        setup_s=effort.setup_s * setup,
        setup_labour_s=effort.setup_labour_s * setup,
        engineer_s=effort.engineer_s * setup,
        run_s=effort.run_s * run,
        labour_s=effort.labour_s * run,
    )


def price_on_default_machine(effort: Effort, bench: Bench, hours_factor: Number = 1.0) -> Lines:
    """`price_effort` on the process's ordinary machine."""
    hour = bench.default_hour(hours_factor)
    return price_effort(effort, bench, hour, bench.of_machine("power_kw", "power_kw"))


def drivers_of(operation: Operation, *names: str) -> tuple[float, ...]:
    """The named drivers of an operation.

    Raises
    ------
    ProcessesError
        Naming every driver that is missing.
    """
    missing = [name for name in names if name not in operation.drivers]
    if missing:
        raise ProcessesError([missing_driver(operation, name) for name in missing])
    return tuple(float(operation.drivers[name]) for name in names)


def missing_driver(operation: Operation, name: str) -> Finding:
    """The finding for a driver that an operation does not state."""
    return error(
        "processes.driver.missing",
        operation.id,
        f"{operation.process} needs the driver {name!r}",
        "make operations with manyworks.processes.route",
    )


def learned_units(units: Number, rate: Number, plateau: Number) -> Number:
    """How many practised times a worker takes for ``units`` pieces of a new kind.

    Each doubling takes the time of a piece to ``rate`` of it (Wright's law) until the practised
    time is reached at piece ``plateau``; integrated over the lot.
    """
    fall = -np.log2(rate)
    fresh = np.minimum(units, plateau)
    learning: Array = plateau**fall * fresh ** (1.0 - fall) / (1.0 - fall) + (units - fresh)
    return learning


Model = Callable[[Operation, Array, Bench], Lines]
Yield = Callable[[Operation, Bench], Number]
