"""Printing with melted filament, many parts on a plate, plates filled up to a day's print.

Drivers: ``volume_mm3``, ``surface_mm2``, ``size_x_mm``, ``size_y_mm``, ``size_z_mm``, ``density``
(kg/m3), ``filament_usd`` (USD/kg), ``filament_co2e`` (kg/kg).
"""

from __future__ import annotations

import numpy as np

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

_MM3 = 1e-9


def good_share(_operation: Operation, bench: Bench) -> Number:
    """Share of prints that come out."""
    return 1.0 - bench["failure_share"]


def printed_mm3(operation: Operation, bench: Bench) -> Number:
    """Plastic in one part: its shell solid, the rest filled sparsely, with its supports."""
    volume, surface = drivers_of(operation, "volume_mm3", "surface_mm2")
    shell = np.minimum(surface * bench["shell_mm"], volume)
    return (shell + bench["infill"] * (volume - shell)) * (1.0 + bench["support_share"])


def _seconds_of_part(operation: Operation, bench: Bench) -> Number:
    flow = bench["flow_mm3_per_s"] * bench["flow_efficiency"]
    return printed_mm3(operation, bench) / flow


def _per_plate(operation: Operation, bench: Bench, part_s: Number) -> Number:
    """Parts on one plate: as many as lie on the bed and print within the longest print."""
    x, y = drivers_of(operation, "size_x_mm", "size_y_mm")
    gap = bench["bed_gap_mm"]
    wide, long = bench["bed_x_mm"] + gap, bench["bed_y_mm"] + gap
    upright = np.floor(wide / (x + gap)) * np.floor(long / (y + gap))
    turned = np.floor(wide / (y + gap)) * np.floor(long / (x + gap))
    in_time = np.floor(bench["longest_plate_hours"] * SECONDS / part_s)
    many: Number = np.maximum(np.minimum(np.maximum(upright, turned), in_time), 1.0)
    return many


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of printing lots on one machine."""
    height, density, price, carbon = drivers_of(
        operation, "size_z_mm", "density", "filament_usd", "filament_co2e"
    )
    part_s = _seconds_of_part(operation, bench)
    plates = np.ceil(starts / _per_plate(operation, bench, part_s))
    layers_s = height / bench["layer_height_mm"] * bench["layer_seconds"]
    run_s = starts * part_s + plates * (layers_s + bench["warm_up_minutes"] * 60.0)
    setup_s = bench["setup_minutes"] * 60.0
    tending = plates * bench["plate_minutes"] + starts * bench["finish_minutes"]
    spool_kg = starts * printed_mm3(operation, bench) * _MM3 * density * (1.0 + bench["material_waste"])
    dollar = bench.rates["material_factor"] * bench["filament_premium"]
    effort = Effort(
        setup_s=setup_s,
        run_s=run_s,
        setup_labour_s=setup_s * bench["operators"],
        labour_s=tending * 60.0,
        engineer_s=bench["slicing_minutes"] * 60.0,
        material=spool_kg * price * dollar,
        consumables=run_s / SECONDS * bench["consumables_per_hour"],
        material_co2e_kg=spool_kg * carbon,
    )
    return price_on_default_machine(effort, bench, bench["hours_factor"])
