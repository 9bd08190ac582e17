"""Printing with melted filament, many parts on a plate, plates filled up to a day's print.

A part takes ``volume / (Q e)`` seconds: ``Q`` (mm3/s) is what nozzle and heater can melt, ``e`` the share
of the time they do so in corners and on travels; a plate adds ``layers * t`` and warming up, and takes
``layers * t_set`` at least: a layer has to set before the next, so that small parts alone on a plate
print slowly. The
volume printed is the shell solid (``skin * shell``, at most the part), the rest filled sparsely, and
supports as open as they are. Somebody empties and starts plates and takes supports off; between that the
printer is alone, through the night too, so that it runs more hours a year than its shop.

Rates: 8 to 15 mm3/s ordinary, 20 to 30 fast (general knowledge, checked against slicers' limits of 11.5 to
15 mm3/s for common hot ends). Second source for the form of the formula: docs.phas.io, pricing of FDM by
volume and layers. Stated error: a third either way (log sigma 0.26 own, 0.17 shared); infill and
orientation decide.

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("GB")
>>> part = {"volume_mm3": 8000, "surface_mm2": 9000, "size_x_mm": 60, "size_y_mm": 40, "size_z_mm": 10}
>>> made = estimate(make_operation("fdm-printing", part, material="PLA"), np.array([10.0]), [station])
>>> f"{made.run_s[0, 0] / 3600:.1f} h for ten, {made.input_kg[0, 0]:.3f} kg of filament"
'3.6 h for ten, 0.112 kg of filament'
"""

from __future__ import annotations

import numpy as np

from manyworks.model import Operation
from manyworks.processes.changeover import full_change
from manyworks.processes.frame import (
    SECONDS,
    Array,
    Bench,
    Effort,
    Lines,
    Number,
    price_on_default_machine,
)
from manyworks.processes.printing.builds import build_side, parts_on_bed

_KG_PER_MM3 = 1e-9
_MM3_PER_CM3 = 1e3
_MINUTE = 60.0


def good_share(_operation: Operation, bench: Bench) -> Number:
    """Share of prints that come out."""
    return 1.0 - bench["failure_share"]


def part_mm3(operation: Operation, bench: Bench) -> Number:
    """Plastic that stays in one part: its shell solid, the rest filled sparsely."""
    volume, surface, infill = bench.drivers(operation, "volume_mm3", "surface_mm2", "infill")
    shell = np.minimum(surface * bench["shell_mm"], volume)
    return shell + infill * (volume - shell)


def support_mm3(operation: Operation, bench: Bench) -> Number:
    """Plastic in the supports of one part."""
    (room,) = bench.drivers(operation, "support_mm3")
    return room * bench["support_density"]


def printed_mm3(operation: Operation, bench: Bench) -> Number:
    """Plastic that goes through the nozzle for one part."""
    return part_mm3(operation, bench) + support_mm3(operation, bench)


def _seconds_of_part(operation: Operation, bench: Bench) -> Number:
    flow = bench["flow_mm3_per_s"] * bench["flow_efficiency"]
    return printed_mm3(operation, bench) / flow


def _per_plate(operation: Operation, bench: Bench, part_s: Number) -> Number:
    """Parts on one plate: as many as lie on the bed and print within the longest print."""
    x, y = bench.drivers(operation, "size_x_mm", "size_y_mm")
    bed_x, bed_y = build_side(bench, 0, "bed_x_mm"), build_side(bench, 1, "bed_y_mm")
    lying = parts_on_bed(bed_x, bed_y, x, y, bench["bed_gap_mm"])
    in_time = np.floor(bench["longest_plate_hours"] * SECONDS / part_s)
    many: Number = np.maximum(np.minimum(lying, in_time), 1.0)
    return many


def _run_seconds(operation: Operation, starts: Array, plates: Array, part_s: Number, bench: Bench) -> Array:
    """Laying all parts and layers of the plates, no layer faster than it sets, and warming each plate up."""
    height, layer = bench.drivers(operation, "size_z_mm", "layer_mm")
    layers = plates * height / layer
    laying = starts * part_s + layers * bench["layer_seconds"]
    setting = layers * bench["least_layer_seconds"]
    lasting: Array = np.maximum(laying, setting) + plates * bench["warm_up_minutes"] * _MINUTE
    return lasting


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of printing lots on one machine."""
    density, price, carbon = bench.drivers(operation, "density", "filament_usd", "filament_co2e")
    part_s = _seconds_of_part(operation, bench)
    plates = np.ceil(starts / _per_plate(operation, bench, part_s))
    run_s = _run_seconds(operation, starts, plates, part_s, bench)
    change = full_change(operation, bench)
    supports = support_mm3(operation, bench) / _MM3_PER_CM3 * bench["support_minutes_per_cm3"]
    tending = plates * bench["plate_minutes"] + starts * (bench["finish_minutes"] + supports)
    spool_kg = (
        starts * printed_mm3(operation, bench) * _KG_PER_MM3 * density * (1.0 + bench["material_waste"])
    )
    dollar = bench.rates["material_factor"] * bench["filament_premium"]
    effort = Effort(
        setup_s=change.held_s,
        run_s=run_s,
        setup_labour_s=change.people_s,
        labour_s=tending * _MINUTE,
        engineer_s=bench["slicing_minutes"] * _MINUTE,
        material=spool_kg * price * dollar,
        consumables=run_s / SECONDS * bench["consumables_per_hour"],
        material_co2e_kg=spool_kg * carbon,
        input_kg=spool_kg,
        product_kg=starts * part_mm3(operation, bench) * _KG_PER_MM3 * density,
    )
    return price_on_default_machine(effort, bench, bench.beyond_shifts())
