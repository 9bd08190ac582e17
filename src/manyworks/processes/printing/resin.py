"""What printing in liquid resin takes apart from hardening it: plates, washing, curing, supports."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from manyworks.model import Operation
from manyworks.processes.changeover import full_change
from manyworks.processes.frame import SECONDS, Array, Bench, Effort, Number
from manyworks.processes.printing.builds import build_side, charged_seconds, parts_on_bed

_KG_PER_MM3 = 1e-9
_MINUTE = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """A plate of one kind of part: parts on it, its layers."""

    parts: Number
    layers: Number


def plate_of(operation: Operation, bench: Bench) -> Plate:
    """How many parts stand on a plate, and in how many layers, feet of the supports included."""
    x, y, z, layer = bench.drivers(operation, "size_x_mm", "size_y_mm", "size_z_mm", "layer_mm")
    bed_x, bed_y = build_side(bench, 0, "bed_x_mm"), build_side(bench, 1, "bed_y_mm")
    return Plate(
        parts=parts_on_bed(bed_x, bed_y, x, y, bench["bed_gap_mm"]),
        layers=(z + bench["support_height_mm"]) / layer,
    )


def resin_mm3(operation: Operation, bench: Bench) -> Number:
    """Resin hardened for one part: the part, solid, and its supports."""
    volume, room = bench.drivers(operation, "volume_mm3", "support_mm3")
    return volume * (1.0 + bench["support_share"]) + room * bench["support_density"]


def printing(operation: Operation, starts: Array, bench: Bench, layer_s: Number, part_s: Number) -> Effort:
    """Effort of lots whose layers take ``layer_s`` a plate and whose parts take ``part_s`` more each."""
    density, price, carbon = bench.drivers(operation, "density", "liquid_usd", "liquid_co2e")
    volume, room = bench.drivers(operation, "volume_mm3", "support_mm3")
    plate = plate_of(operation, bench)
    builds = starts / plate.parts
    plate_s = plate.layers * layer_s
    start_s = bench["start_minutes"] * _MINUTE
    charged = charged_seconds(builds, start_s, plate_s, plate_s, bench["shared_fill"])
    # Washing and curing go by the plate, shared as the plate is shared.
    plates = charged / (start_s + plate_s)
    run_s = charged + starts * part_s
    change = full_change(operation, bench)
    supports = np.cbrt(volume + room) * bench["support_minutes_per_mm"]
    tending = plates * bench["plate_minutes"] + starts * (bench["part_minutes"] + supports)
    hardened = starts * resin_mm3(operation, bench) * _KG_PER_MM3 * density
    poured = hardened * (1.0 + bench["resin_loss"])
    solvent_kg = poured * bench["solvent_kg_per_kg"]
    washing = plates * bench["wash_per_plate"] + solvent_kg * bench["solvent_price"]
    return Effort(
        setup_s=change.held_s,
        run_s=run_s,
        setup_labour_s=change.people_s,
        labour_s=tending * _MINUTE,
        engineer_s=bench["preparation_minutes"] * _MINUTE,
        material=poured * price * bench.rates["material_factor"],
        consumables=run_s / SECONDS * bench["consumables_per_hour"] + washing,
        material_co2e_kg=poured * carbon,
        input_kg=poured,
        product_kg=starts * volume * _KG_PER_MM3 * density,
        chemicals_kg=solvent_kg,
    )
