"""Parts hung on racks, washed, sprayed with powder and baked.

A batch plant: seconds ``hang + mask + prepare + spray + pack`` for each piece by hand; each rack is washed
and cured, ``(1 - overlap)`` of which the plant does not work at another rack. Racks are filled by the
parts' outline with gaps; the room of a part-filled rack is shared with other orders for ``pooled_share``. A
conveyor line (coefficient ``conveyor`` = 1): ``pieces * pitch / (line speed * fill)`` with ``pitch`` the
length of line a part takes of the window's height, several people along the line.

Powder: ``area * film * density / (first-pass efficiency + reclaimed share of the rest)``: the coverage
formula of the trade (192.3 ft2/lb at one mil over density, one m2 at 75 um and 1.6 takes 120 g;
chemquest.com and powdercoatedtough.com agree). Mill scale, rust and old paint are blasted off by hand first
(``blasted``). Energy: fans, booth and losses of the plant while it runs; the parts are heated with gas,
which is bought beside it (mass times 0.49 kJ/(kg K) times 170 K over a third). A change between standard
colours takes 10 to 15 minutes and spoils powder. Hooks are picked while the plant coats another lot. Prices
of 2 to 5 USD a square foot are told for small batches and a least charge of 25 to 100 USD
(reliantfinishingsystems.com), which a single small part comes to here; racks and colours explain the rest
of the range. Stated error: ln-sigma 0.45 (own), 0.15 (shared).

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("GB")
>>> panel = {"area_mm2": 1e6, "length_mm": 1000, "width_mm": 500, "depth_mm": 20, "mass_kg": 8}
>>> made = estimate(make_operation("powder-coating", panel), np.array([50.0]), [station])
>>> f"{made.input_kg[0, 0] / 50 * 1000:.0f} g of powder and {made.water_l[0, 0] / 50:.0f} L of water a panel"
'201 g of powder and 12 L of water a panel'
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from manyworks.model import Operation
from manyworks.processes.changeover import full_change
from manyworks.processes.frame import SECONDS, Array, Bench, Effort, Lines, Number, price_effort

_MM2 = 1e-6
_MM = 1e-3
_UM = 1e-6
_MINUTE = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Passage:
    """A lot through a plant: seconds of the plant, person-seconds."""

    run_s: Number
    labour_s: Number


def good_share(_operation: Operation, bench: Bench) -> Number:
    """Share of parts that are good, coated twice where need be."""
    return 1.0 - bench["scrap_share"]


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of coating lots."""
    coats = starts * (1.0 + bench["recoat_share"])
    passage = _passage(operation, coats, bench)
    blast_m2 = _blast_m2(operation, starts, bench)
    change = full_change(operation, bench)
    first_s = bench["first_part_minutes"] * _MINUTE
    used_kg, film_kg = _powder_kg(operation, starts, coats, bench)
    used_kg = used_kg + change.scrap_kg
    (price,) = bench.drivers(operation, "powder_usd")
    square_m = coats * _square_m(operation, bench)
    chemicals_kg = square_m * bench["chemicals_kg_per_m2"]
    fuel_kwh = _fuel_kwh(operation, coats, bench)
    bought = chemicals_kg * bench["chemicals_usd_per_kg"] + fuel_kwh * bench["fuel_usd_per_kwh"]
    bought = bought + blast_m2 * bench["blast_usd_per_m2"]
    effort = Effort(
        setup_s=change.held_s + first_s,
        run_s=passage.run_s,
        setup_labour_s=change.people_s + first_s,
        labour_s=passage.labour_s + blast_m2 / bench["blast_m2_per_hour"] * SECONDS,
        engineer_s=bench["programming_minutes"] * _MINUTE,
        material=used_kg * price * bench.rates["material_factor"],
        consumables=bought + coats * _hooks(operation, bench),
        material_co2e_kg=used_kg * bench["powder_co2e"] + fuel_kwh * bench["fuel_co2e"],
        input_kg=used_kg,
        product_kg=film_kg,
        water_l=square_m * bench["water_l_per_m2"],
        chemicals_kg=chemicals_kg,
    )
    return price_effort(effort, bench, _hour(bench), bench.of_machine("power_kw", "power_kw"))


def _square_m(operation: Operation, bench: Bench) -> float:
    (area,) = bench.drivers(operation, "area_mm2")
    return area * _MM2


def _blast_m2(operation: Operation, starts: Array, bench: Bench) -> Number:
    """Skin of a lot that is blasted clean; what is coated again is not blasted again."""
    (blasted,) = bench.drivers(operation, "blasted")
    return starts * blasted * _square_m(operation, bench)


def _passage(operation: Operation, coats: Array, bench: Bench) -> _Passage:
    """The lot through the kind of plant each station has."""
    batch, line = _batch(operation, coats, bench), _line(operation, coats, bench)
    conveyor = bench["conveyor"] >= 0.5
    return _Passage(
        run_s=np.where(conveyor, line.run_s, batch.run_s),
        labour_s=np.where(conveyor, line.labour_s, batch.labour_s),
    )


def _batch(operation: Operation, coats: Array, bench: Bench) -> _Passage:
    hands_s, spray_s = _hands_s(operation, coats, bench), _spray_s(operation, coats, bench)
    racks = _racks(operation, coats, bench)
    wash_s, cure_s = bench["wash_minutes"] * _MINUTE, bench["cure_minutes"] * _MINUTE
    run_s = spray_s + racks * (wash_s + cure_s) * (1.0 - bench["overlap"])
    tended = hands_s + spray_s + racks * wash_s * bench["wash_attendance"]
    return _Passage(run_s=run_s, labour_s=tended * bench["operators"])


def _line(operation: Operation, coats: Array, bench: Bench) -> _Passage:
    """Hung along a conveyor in rows one above the other."""
    length, width = bench.drivers(operation, "length_mm", "width_mm")
    (masked,) = bench.drivers(operation, "masked")
    gap = bench["rack_gap_mm"]
    metres = (length + gap) * (width + gap) / bench["line_height_mm"] * _MM
    run_s = coats * metres / (bench["line_m_per_min"] * bench["line_fill"]) * _MINUTE
    return _Passage(
        run_s=run_s, labour_s=run_s * bench["line_operators"] + coats * masked * bench["mask_seconds"]
    )


def _racks(operation: Operation, coats: Array, bench: Bench) -> Number:
    """Racks a lot takes, with its share of the last one."""
    length, width, depth = bench.drivers(operation, "length_mm", "width_mm", "depth_mm")
    gap = bench["rack_gap_mm"]
    rows = np.maximum(depth / bench["rack_depth_mm"], 1.0)
    taken = coats * (length + gap) * (width + gap) * rows / bench["rack_mm2"]
    pooled = bench["pooled_share"]
    return pooled * taken + (1.0 - pooled) * np.maximum(np.ceil(taken - 1e-9), taken)


def _hands_s(operation: Operation, coats: Array, bench: Bench) -> Number:
    mass, masked = bench.drivers(operation, "mass_kg", "masked")
    hung = bench["hang_seconds"] + mass * bench["hang_seconds_per_kg"] + masked * bench["mask_seconds"]
    per_m2 = bench["prepare_seconds_per_m2"] + bench["pack_seconds_per_m2"]
    return coats * (hung + _square_m(operation, bench) * per_m2)


def _spray_s(operation: Operation, coats: Array, bench: Bench) -> Number:
    sprayed = _square_m(operation, bench) / bench["spray_m2_per_min"] * _MINUTE
    return coats * (bench["spray_seconds"] + sprayed)


def _powder_kg(operation: Operation, starts: Array, coats: Array, bench: Bench) -> tuple[Number, Number]:
    """Powder used up, and what the parts carry."""
    (film,) = bench.drivers(operation, "film_um")
    coat_kg = _square_m(operation, bench) * film * _UM * bench["powder_density"]
    first = bench["transfer_efficiency"]
    kept = first + (1.0 - first) * bench["reclaimed_share"]
    return coats * coat_kg / kept, starts * coat_kg


def _hooks(operation: Operation, bench: Bench) -> Number:
    (masked,) = bench.drivers(operation, "masked")
    return bench["hooks_usd_per_piece"] + masked * bench["masking_usd"]


def _fuel_kwh(operation: Operation, coats: Array, bench: Bench) -> Number:
    """Gas burnt to heat the parts and what they hang on."""
    (mass,) = bench.drivers(operation, "mass_kg")
    return coats * mass * bench["heat_kwh_per_kg"]


def _hour(bench: Bench) -> Number:
    """Hour of a batch plant, or of a line where that is what a station has."""
    batch = bench.default_hour()
    line = bench.hour(
        bench.of_machine("capital", "capital") * bench["line_capital_factor"],
        bench.of_machine("floor_m2", "floor_m2"),
        bench.of_machine("life_years", "life_years"),
    )
    return np.where(bench["conveyor"] >= 0.5, line, batch)
