"""Printing in a bed of plastic powder, by laser (SLS) or by ink and lamps (MJF): nests, powder, hands.

With the build room ``X Y Z`` (mm) and boxes of parts with a gap around them::

    parts  = min(nest X Y Z / box, packing X Y Z / volume)          in a full nest
    print  = Z / rate           full build = warm-up + print * (1 + cooling in the machine)
    powder = max(parts, refresh * cake)                             new powder, kg

``nest`` is how full of boxes a nest is, ``packing`` the share of solid plastic that the heat allows. Parts
are nested in three dimensions, so an order pays by its boxes for builds of its own or for room in
shared ones, whichever is cheaper (see
`manyworks.processes.printing.builds.charged_seconds`). Of the powder around the
parts (``cake``) a share is spent by the heat and replaced; where the parts take more than that anyway,
nothing is thrown away. Work at the builds (nest, change, break out, sieve) is paid as the builds are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from manyworks.model import Operation
from manyworks.processes.changeover import full_change
from manyworks.processes.frame import SECONDS, Array, Bench, Effort, Number
from manyworks.processes.printing.builds import build_side, charged_seconds

_KG_PER_MM3 = 1e-9
_MINUTE = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Nest:
    """A full build of one kind of part: parts in it, the powder of its cake, its hours by cause."""

    parts: Number
    room_mm3: Number
    warm_s: Number
    print_s: Number
    least_s: Number


def nest_of(operation: Operation, bench: Bench) -> Nest:
    """What a full build holds and takes."""
    x, y, z, volume = bench.drivers(operation, "size_x_mm", "size_y_mm", "size_z_mm", "volume_mm3")
    sides = [build_side(bench, axis, name) for axis, name in enumerate(("bed_x_mm", "bed_y_mm", "bed_z_mm"))]
    room = sides[0] * sides[1] * sides[2]
    gap = bench["gap_mm"]
    box = (x + gap) * (y + gap) * (z + gap)
    fitting = np.minimum(bench["nest_share"] * room / box, bench["packing_share"] * room / volume)
    pace = (1.0 + bench["cooling_in_machine"]) * SECONDS / bench["rate_mm_per_hour"]
    return Nest(
        parts=np.maximum(fitting, 1.0),
        room_mm3=room,
        warm_s=bench["warm_up_minutes"] * _MINUTE,
        print_s=sides[2] * pace,
        least_s=np.minimum(min(x, y, z) + gap, sides[2]) * pace,
    )


def new_powder_kg(operation: Operation, nest: Nest, bench: Bench) -> Number:
    """New powder for one part: what it holds, or what the heat spends around it if that is more."""
    volume, density = bench.drivers(operation, "volume_mm3", "density")
    part = volume * _KG_PER_MM3 * density
    cake = nest.room_mm3 / nest.parts * _KG_PER_MM3 * density * bench["powder_density_share"]
    return np.maximum(part, bench["refresh_share"] * cake)


def printing(operation: Operation, starts: Array, bench: Bench) -> Effort:
    """Effort of lots."""
    volume, surface, density = bench.drivers(operation, "volume_mm3", "surface_mm2", "density")
    price, carbon = bench.drivers(operation, "powder_usd", "powder_co2e")
    nest = nest_of(operation, bench)
    run_s = charged_seconds(
        starts / nest.parts, nest.warm_s, nest.print_s, nest.least_s, bench["shared_fill"]
    )
    builds = run_s / (nest.warm_s + nest.print_s)
    skin = math.sqrt(max(surface, 6.0 * volume ** (2.0 / 3.0)))
    clean = bench["part_minutes"] + bench["blast_minutes_per_mm"] * skin
    tending = builds * bench["build_minutes"] + starts * clean
    change = full_change(operation, bench)
    product = starts * volume * _KG_PER_MM3 * density
    powder = starts * new_powder_kg(operation, nest, bench) * (1.0 + bench["powder_loss"])
    inked = product * bench["agent_per_kg"]
    return Effort(
        setup_s=change.held_s,
        run_s=run_s,
        setup_labour_s=change.people_s,
        labour_s=tending * _MINUTE,
        engineer_s=bench["preparation_minutes"] * _MINUTE,
        material=powder * price * bench.rates["material_factor"],
        consumables=run_s / SECONDS * bench["consumables_per_hour"] + inked,
        material_co2e_kg=powder * carbon,
        input_kg=powder,
        product_kg=product,
    )
