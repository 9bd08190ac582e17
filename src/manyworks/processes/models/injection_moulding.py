"""Injection moulding; the mould is a tool, an item of its own.

Drivers: ``part_kg``, ``cool_s`` (see `manyworks.processes.plastics.cooling_seconds`), ``cavities``,
``clamp_t`` the part asks, ``soft_tool`` (1 or 0), ``resin_usd`` (USD/kg), ``resin_co2e`` (kg/kg).
"""

from __future__ import annotations

import numpy as np

from manyworks.model import Operation
from manyworks.processes.frame import Array, Bench, Effort, Lines, Number, drivers_of, price_effort

PROCESS = "injection-moulding"


def good_share(_operation: Operation, bench: Bench) -> Number:
    """Share of parts that are good."""
    return 1.0 - bench["scrap_share"]


def cycle_seconds(operation: Operation, bench: Bench) -> Number:
    """One shot: fill, pack, cool, open and eject; a soft tool cools worse and is helped by hand."""
    cool, soft = drivers_of(operation, "cool_s", "soft_tool")
    cooling = cool * (bench["soft_tool_cooling_factor"] if soft else 1.0)
    handling = bench["soft_tool_handling_seconds"] if soft else 0.0
    return bench["fill_seconds"] + bench["pack_seconds"] + cooling + bench["open_eject_seconds"] + handling


def _clamp(operation: Operation, bench: Bench) -> Array:
    """Clamp force of each press: its own where stated, else what the part asks; shape (S, 1)."""
    (asked,) = drivers_of(operation, "clamp_t")
    stated = [
        max((c.clamp_force_t or 0.0 for c in s.machine.capabilities if c.process == PROCESS), default=0.0)
        for s in bench.stations
    ]
    return np.array([force or asked for force in stated], dtype=np.float64)[:, None]


def _press_hour(bench: Bench, clamp: Array) -> Number:
    """Money of an hour of each press; price and floor grow with its clamp force."""
    typical = bench.of_machine("capital") + bench.of_machine("capital_per_t") * clamp
    capital = _own_or(bench, "capital", typical)
    typical_floor = bench.of_machine("floor_m2") + bench.of_machine("floor_per_t_m2") * clamp
    floor = _own_or(bench, "floor_m2", typical_floor)
    return bench.hour(capital, floor, bench.of_machine("life_years", "life_years"))


def _press_power(bench: Bench, clamp: Array) -> Number:
    typical = bench.of_machine("power_kw") + bench.of_machine("power_per_t_kw") * clamp
    return _own_or(bench, "power_kw", typical)


def _own_or(bench: Bench, attribute: str, typical: Number) -> Array:
    stated = [getattr(station.machine, attribute) for station in bench.stations]
    own = np.array([np.nan if value is None else value for value in stated], dtype=np.float64)[:, None]
    return np.where(np.isnan(own), typical, own)


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of moulding lots; shots are whole."""
    mass, cavities, price, carbon, soft = drivers_of(
        operation, "part_kg", "cavities", "resin_usd", "resin_co2e", "soft_tool"
    )
    shots = np.ceil(starts / cavities)
    run_s = shots * cycle_seconds(operation, bench)
    setup_s = (bench["setup_minutes"] + bench["sampling_minutes"]) * 60.0
    lost = bench["runner_share"] * (1.0 - bench["regrind_share"])
    resin_kg = starts * mass * (1.0 + lost) + bench["purge_kg"]
    clamp = _clamp(operation, bench)
    # Somebody stands by a hand-loaded tool the whole time.
    people = np.maximum(bench["operators"], soft)
    effort = Effort(
        setup_s=setup_s,
        run_s=run_s,
        setup_labour_s=setup_s * bench["setup_people"],
        labour_s=run_s * people,
        material=resin_kg * price * bench.rates["material_factor"],
        consumables=shots * bench["consumables_per_shot"],
        material_co2e_kg=resin_kg * carbon,
    )
    return price_effort(effort, bench, _press_hour(bench, clamp), _press_power(bench, clamp))
