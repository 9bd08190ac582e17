"""Cutting injection moulds: hours by the points of Boothroyd, Dewhurst and Knight.

``hours = (geometry + size + ejectors) * (1 + finish + tolerance) * n^0.766 * metal``, plus a bought base
``1000 + 0.45 A h^0.4`` (USD, cm2, cm). Their hours are for a one-off in tool steel.

Drivers: ``projected_cm2`` of one part, ``cavities``, ``base_cm2`` (plates), ``base_cm`` (their height),
``soft`` (1 aluminium, 0 steel), ``mould_kg``.
"""

from __future__ import annotations

from manyworks.model import Operation
from manyworks.processes.frame import (
    SECONDS,
    Array,
    Bench,
    Effort,
    Lines,
    Number,
    drivers_of,
    price_on_default_machine,
)


def good_share(_operation: Operation, _bench: Bench) -> Number:
    """A mould is corrected until it is right; the hours of trial are in the model."""
    return 1.0


def cutting_hours(operation: Operation, bench: Bench) -> Number:
    """Hours at the machine for the cavities and cores of one mould."""
    area, cavities, soft = drivers_of(operation, "projected_cm2", "cavities", "soft")
    complexity = bench["patch_complexity"] * bench["surface_patches"]
    geometry = bench["geometry_hours_factor"] * complexity ** bench["geometry_exponent"]
    size = bench["size_hours_base"] + bench["size_hours_factor"] * area ** bench["size_exponent"]
    pins = bench["pin_hours"] * area**0.5
    adders = 1.0 + bench["finish_adder"] + bench["tolerance_adder"]
    metal = bench["soft_hours_factor"] if soft else bench["hard_hours_factor"]
    hours: Number = (geometry + size + pins) * adders * metal * cavities ** bench["cavity_exponent"]
    return hours


def _base_price(operation: Operation, bench: Bench) -> Number:
    area, height, soft = drivers_of(operation, "base_cm2", "base_cm", "soft")
    whole = bench["base_fixed"] + bench["base_per_area"] * area * height ** bench["base_exponent"]
    return whole * (bench["soft_base_share"] if soft else 1.0)


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of making moulds; the design is drawn once, each mould is cut."""
    mass, soft = drivers_of(operation, "mould_kg", "soft")
    hours = cutting_hours(operation, bench)
    run_h = starts * (hours + bench["trial_hours"])
    design_h = bench["design_base_hours"] + bench["design_share"] * hours
    setup_s = bench["setup_minutes"] * 60.0
    carbon = bench["aluminium_co2e"] if soft else bench["steel_co2e"]
    wear = run_h * bench["cutter_share"] * bench.default_hour()
    effort = Effort(
        setup_s=setup_s,
        run_s=run_h * SECONDS,
        setup_labour_s=setup_s,
        labour_s=run_h * SECONDS * bench["operators"],
        engineer_s=design_h * SECONDS,
        material=starts * _base_price(operation, bench),
        consumables=wear,
        material_co2e_kg=starts * mass * bench["stock_ratio"] * carbon,
    )
    return price_on_default_machine(effort, bench)
