"""Flat parts struck out of sheet by a turret press.

Time of a piece, seconds: ``holes / rate + nibbled / (step * nibble rate) + edges / (parting step * rate)``;
for each sheet laid on, it is exchanged and the turret turned once to each tool; parts are shaken out of
micro-joints while the next sheet runs, by the operator who attends the machine. Tool wear is a stroke's
share of punch and die, growing with strength times thickness (the work of a stroke: ``F = perimeter * t *
shear strength``, which also limits a stroke to the press's tonnage). Rates are between makers' 300 to 600
strokes a minute and what is reached over real distances; that punching overtakes the laser on perforated
sheet (twice as fast on many holes) is told by invest-un.com, a second source for the order only. Stated
error: ln-sigma 0.32 (own), 0.15 (shared).

>>> import numpy as np
>>> from manyworks.processes import estimate, make_operation, ordinary_station
>>> station = ordinary_station("GB")
>>> grille = {"holes": 400, "edge_mm": 640, "thickness_mm": 1.5, "length_mm": 200, "width_mm": 120}
>>> made = estimate(make_operation("punching", grille, material="S235"), np.array([500.0]), [station])
>>> f"{made.run_s[0, 0] / 500:.0f} s a piece, {made.setup_s[0, 0] / 60:.0f} min to set up"
'128 s a piece, 19 min to set up'
"""

from __future__ import annotations

import numpy as np

from manyworks.model import Operation
from manyworks.processes.changeover import full_change
from manyworks.processes.frame import (
    Array,
    Bench,
    Effort,
    Lines,
    Number,
    price_on_default_machine,
)
from manyworks.processes.sheet_stock import denest_s, sheet_material, sheets_of

_MINUTE = 60.0
_MM = 1e-3


def good_share(_operation: Operation, bench: Bench) -> Number:
    """Share of punched parts that are good."""
    return 1.0 - bench["scrap_share"]


def take(operation: Operation, starts: Array, bench: Bench) -> Lines:
    """Time and money of punching lots."""
    sheets = sheets_of(operation, starts, bench)
    material = sheet_material(operation, starts, sheets.charged_mm2, bench)
    change = full_change(operation, bench)
    tended_s = denest_s(operation, starts, bench)
    run_s = np.maximum(_run_s(operation, starts, sheets.laid, bench), tended_s)
    first_s = bench["first_part_minutes"] * _MINUTE
    effort = Effort(
        setup_s=change.held_s + first_s,
        run_s=run_s,
        setup_labour_s=change.people_s + first_s,
        labour_s=np.maximum(run_s * bench["operators"], tended_s) + _deburr_s(operation, starts, bench),
        engineer_s=bench["programming_minutes"] * _MINUTE,
        material=material.money,
        tools=starts * _strokes(operation, bench) * _wear(operation, bench),
        material_co2e_kg=material.co2e_kg,
        input_kg=material.input_kg,
        product_kg=material.product_kg,
    )
    return price_on_default_machine(effort, bench)


def _run_s(operation: Operation, starts: Array, sheets: Number, bench: Bench) -> Number:
    (tools,) = bench.drivers(operation, "tools")
    slow, fast = _single_strokes(operation, bench), _nibbles(operation, bench)
    piece_s = (slow / bench["hits_per_minute"] + fast / bench["nibbles_per_minute"]) * _MINUTE
    return starts * piece_s + sheets * (bench["exchange_seconds"] + tools * bench["index_seconds"])


def _single_strokes(operation: Operation, bench: Bench) -> Number:
    holes, edge = bench.drivers(operation, "holes", "edge_mm")
    return holes + edge / bench["parting_step_mm"]


def _nibbles(operation: Operation, bench: Bench) -> Number:
    (nibbled,) = bench.drivers(operation, "nibble_mm")
    return nibbled / bench["nibble_step_mm"]


def _strokes(operation: Operation, bench: Bench) -> Number:
    return _single_strokes(operation, bench) + _nibbles(operation, bench)


def _wear(operation: Operation, bench: Bench) -> Number:
    """Money of one stroke on punch and die."""
    tensile, thickness = bench.drivers(operation, "tensile", "thickness_mm")
    return bench["tool_usd_per_hit"] * tensile * thickness / bench["reference_work"]


def _deburr_s(operation: Operation, starts: Array, bench: Bench) -> Number:
    edge, nibbled = bench.drivers(operation, "edge_mm", "nibble_mm")
    return starts * (edge + nibbled) * _MM * bench["deburr_seconds_per_m"]
