"""What one unit weighs and takes up once it is packed for moving."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import prod

from manyworks.logistics.tables import Row, constant, explain_constant, read_table
from manyworks.model import BoardDesign, Item, ItemId, Product, SolidDesign

_MM3_PER_M3 = 1e9


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """Mass in kg and volume in m3 of one unit with its share of the carton."""

    mass_kg: float
    volume_m3: float
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Weight:
    """Mass of one unit, whether that already holds its packing, and what it rests on."""

    mass_kg: float
    with_packing: bool = False
    assumptions: tuple[str, ...] = ()


@cache
def _lookup(table: str, key: str) -> Mapping[str, Row]:
    return {row[key].lower(): row for row in read_table(table)}


def _density(material: str | None) -> Row:
    """Row of the density table whose name appears as a word in the material's name."""
    rows = _lookup("densities", "material")
    words = re.findall(r"[a-z0-9]+", (material or "").lower())
    return next((rows[word] for word in words if word in rows), rows["*"])


def _designed_weight(item: Item) -> _Weight | None:
    """Volume times density; None for an item without a design."""
    design = item.design
    if isinstance(design, SolidDesign):
        row, volume = _density(item.material), design.volume_mm3
    elif isinstance(design, BoardDesign):
        row, volume = _density("fr4"), design.area_mm2 * design.thickness_mm
    else:
        return None
    kilograms = volume / _MM3_PER_M3 * float(row["value"])
    figures = f"its volume at {row['value']} kg/m3 ({row['source']}; {row['confidence']} confidence)"
    return _Weight(mass_kg=kilograms, assumptions=(f"{item.id} weighs {kilograms * 1000:.3g} g: {figures}",))


def _package_row(item: Item) -> Row | None:
    """Row of the part table for the longest package name in footprint, value or name."""
    rows = _lookup("part_masses", "package")
    # A library's name before the colon (Package_DFN_QFN:QFN-20) names its whole family.
    footprint = item.footprint.rpartition(":")[2]
    words = re.findall(r"[a-z]+\d*|\d{4}", f"{footprint} {item.value} {item.name}".lower())
    found = [rows[key] for word in words for key in (word, word.rstrip("0123456789")) if key in rows]
    return max(found, key=lambda row: len(row["package"]), default=None)


def _part_weight(item: Item) -> _Weight | None:
    row = _package_row(item) if item.footprint or item.mpn else None
    if row is None:
        return None
    kilograms = float(row["value"])
    text = f"{item.id} weighs {kilograms * 1000:.3g} g, as parts in {row['package']} do ({row['source']})"
    return _Weight(mass_kg=kilograms, with_packing=True, assumptions=(text,))


def _unit_weight(item: Item) -> _Weight | None:
    """Weight of an item counted by length, area, volume or weight; None for pieces."""
    row = _lookup("unit_masses", "unit").get(item.unit.lower())
    if row is None:
        return None
    text = f"{item.id}: {row['what']} weighs {row['value']} kg ({row['source']})"
    by_definition = row["confidence"] == "high"
    return _Weight(mass_kg=float(row["value"]), assumptions=() if by_definition else (text,))


def _default_weight(item: Item) -> _Weight:
    if item.size_mm is not None:
        kilograms = prod(item.size_mm) / _MM3_PER_M3 * constant("packed_density")
        return _Weight(mass_kg=kilograms, assumptions=(f"{item.id}: {explain_constant('packed_density')}",))
    made = bool(item.bill or item.processes or item.material)
    name = "made_unit_mass" if made else "part_packed_mass"
    text = f"{item.id} has no weight: {explain_constant(name)}"
    return _Weight(mass_kg=constant(name), with_packing=not made, assumptions=(text,))


def _assembled_weight(item: Item, product: Product | None, known: dict[ItemId, _Weight]) -> _Weight | None:
    """The item's own body with everything its bill puts on it; None without a bill to look into."""
    if product is None or item.id not in product.items or not any(line.fitted for line in item.bill):
        return None
    body = _designed_weight(item) or _Weight(mass_kg=0.0)
    lines = [line for line in item.bill if line.fitted and line.item in product.items]
    parts = [(line.quantity, _weigh(product.items[line.item], product, known)) for line in lines]
    kilograms = body.mass_kg + sum(quantity * part.mass_kg for quantity, part in parts)
    if not kilograms:
        return None
    text = f"{item.id} weighs {kilograms * 1000:.3g} g: the sum of what it is made of"
    return _Weight(mass_kg=kilograms, assumptions=(*body.assumptions, text))


def _weigh(item: Item, product: Product | None, known: dict[ItemId, _Weight]) -> _Weight:
    """Mass of one unit; ``known`` keeps what was weighed, as many parents may share one part."""
    if item.mass_kg is not None:
        return _Weight(mass_kg=item.mass_kg)
    if item.id not in known:
        known[item.id] = (
            _assembled_weight(item, product, known)
            or _designed_weight(item)
            or _unit_weight(item)
            or _part_weight(item)
            or _default_weight(item)
        )
    return known[item.id]


def _bulk(item: Item) -> float | None:
    """Volume in m3 of one unit, not yet in a carton; None where nothing tells it."""
    if item.size_mm is not None:
        return prod(item.size_mm) / _MM3_PER_M3
    if isinstance(item.design, SolidDesign):
        return prod(item.design.size_mm) / _MM3_PER_M3
    return None


def packed(item: Item, product: Product | None = None) -> Packed:
    """Mass and volume of one unit as a carrier meets it.

    Mass is the item's own; else the sum of its bill where ``product`` holds the items of the bill;
    else worked out from its design (volume times density), its unit, the package of a bought part,
    or a default. The carton and filling are added. Volume is the item's size with the air in a
    carton, else the mass over the usual density of packed goods. Whatever is not the item's own
    figure is listed in ``assumptions``.
    """
    weight = _weigh(item, product, {})
    tare = 1.0 if weight.with_packing else 1 + constant("carton_tare")
    mass = weight.mass_kg * tare
    bulk = _bulk(item)
    volume = mass / constant("packed_density") if bulk is None else bulk * constant("carton_void")
    space = explain_constant("packed_density" if bulk is None else "carton_void")
    filling = () if weight.with_packing else (explain_constant("carton_tare"),)
    return Packed(mass_kg=mass, volume_m3=volume, assumptions=(*weight.assumptions, space, *filling))
