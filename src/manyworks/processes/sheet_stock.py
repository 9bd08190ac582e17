"""Sheet as it is bought: how much of it a lot takes, what it costs, what its skeleton brings back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from manyworks.model import Operation
from manyworks.processes.frame import Array, Bench, Number

_MM3 = 1e-9
_SIZES = ("small", "large")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheets:
    """What a lot takes of the store: mm2 charged, sheets laid on the machine (a share for a part of one)."""

    charged_mm2: Number
    laid: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetMaterial:
    """Sheet of a lot: money less what its scrap brings, kg put in and in the pieces, carbon."""

    money: Number
    input_kg: Number
    product_kg: Number
    co2e_kg: Number


def net_mm2(operation: Operation, bench: Bench) -> float:
    """Area of one piece: stated, else its box."""
    area, length, width = bench.drivers(operation, "area_mm2", "length_mm", "width_mm")
    return area if area > 0.0 else length * width


def sheets_of(operation: Operation, starts: Array, bench: Bench) -> Sheets:
    """Sheet for a lot of ``starts`` pieces, in the cheaper of the two standard sizes.

    Boxes in rows: ``floor((L - 2e + g) / (l + g)) * floor((W - 2e + g) / (w + g))`` to a sheet, the better of
    both ways round, ``g`` the gap (never less than the thickness), ``e`` the edge; a piece larger than a
    sheet takes as many whole ones as cover it. A lot is charged for what it takes and
    ``1 - remnant_share`` of what is left of its last sheet. Where the pieces
    were nested, ``nested_mm2`` stands for the boxes.
    """
    sizes = [_charged(operation, starts, bench, size) for size in _SIZES]
    charged: Number = np.minimum(sizes[0], sizes[1])
    return Sheets(charged_mm2=charged, laid=charged / _area(bench, "large"))


def _charged(operation: Operation, starts: Array, bench: Bench, size: str) -> Number:
    sheet, kept = _area(bench, size), bench["remnant_share"]
    taken = starts * _sheet_share(operation, bench, size)
    whole = np.ceil(taken - 1e-9)
    charged: Number = sheet * (kept * taken + (1.0 - kept) * np.maximum(whole, taken))
    return charged


def _area(bench: Bench, size: str) -> Number:
    return bench[f"{size}_sheet_length_mm"] * bench[f"{size}_sheet_width_mm"]


def _sheet_share(operation: Operation, bench: Bench, size: str) -> Number:
    """Sheets that one item takes: as nested, or as boxes in rows where those lie closer."""
    nested, pieces = bench.drivers(operation, "nested_mm2", "pieces")
    if nested <= 0.0:
        return pieces * _box_share(operation, bench, size)
    share = max(nested, net_mm2(operation, bench)) / _area(bench, size)
    return share if pieces > 1.0 else np.minimum(share, _box_share(operation, bench, size))


def _box_share(operation: Operation, bench: Bench, size: str) -> Number:
    """Sheets that one box takes."""
    length, width, thickness = bench.drivers(operation, "length_mm", "width_mm", "thickness_mm")
    gap, edge = np.maximum(bench["part_gap_mm"], thickness), 2.0 * bench["sheet_edge_mm"]
    long, wide = bench[f"{size}_sheet_length_mm"] - edge + gap, bench[f"{size}_sheet_width_mm"] - edge + gap
    cell, row = length + gap, width + gap
    upright = np.floor(long / cell) * np.floor(wide / row)
    turned = np.floor(long / row) * np.floor(wide / cell)
    over = np.minimum(np.ceil(cell / long) * np.ceil(row / wide), np.ceil(row / long) * np.ceil(cell / wide))
    fitting = np.maximum(upright, turned)
    share: Number = np.where(fitting > 0.0, 1.0 / np.maximum(fitting, 1.0), over)
    return share


def sheet_material(operation: Operation, starts: Array, charged_mm2: Number, bench: Bench) -> SheetMaterial:
    """Money, mass and carbon of the sheet of a lot, clean scrap sold (never above what it cost)."""
    thickness, density, price, scrap, co2e = bench.drivers(
        operation, "thickness_mm", "density", "sheet_usd", "scrap_usd", "co2e"
    )
    kg_per_mm2 = thickness * density * _MM3
    input_kg = charged_mm2 * kg_per_mm2
    product_kg = starts * net_mm2(operation, bench) * kg_per_mm2
    product_kg = np.minimum(product_kg, input_kg)
    returned = (input_kg - product_kg) * min(scrap, price) * bench["scrap_return_share"]
    return SheetMaterial(
        money=(input_kg * price - returned) * bench.rates["material_factor"],
        input_kg=input_kg,
        product_kg=product_kg,
        co2e_kg=input_kg * co2e,
    )


def denest_s(operation: Operation, starts: Array, bench: Bench) -> Number:
    """Person-seconds to take a lot's pieces out of their sheets."""
    pieces, thickness, density = bench.drivers(operation, "pieces", "thickness_mm", "density")
    kg = net_mm2(operation, bench) * thickness * density * _MM3
    return starts * (pieces * bench["denest_seconds"] + kg * bench["denest_seconds_per_kg"])
