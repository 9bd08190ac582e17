"""What a bought part probably is, costs, weighs and measures when nobody says."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from manyworks.market.answers import PriceEstimate
from manyworks.market.lexicon import words
from manyworks.market.packages import Package, find_package, squeeze
from manyworks.market.part_numbers import exact_number, plain_kind
from manyworks.market.tables import toml_table
from manyworks.market.values import read_value
from manyworks.model import Item, Spread

P90_SIGMAS = 1.2815515655446004
"""Standard deviations from the middle to the 90 % quantile of a normal distribution."""

_MANY_PINS = 7
_NO_CHIPS = frozenset({"header", "connector", "switch", "led", "module", "relay", "speaker", "array", "sip"})
"""Families whose pins say nothing of what is inside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartClass:
    """A class of bought parts.

    Parameters
    ----------
    price_usd
        Low, likely and high price of one at 100 pieces (10 %, 50 % and 90 %).
    exponent
        The price falls with ``(quantity / 100) ** -exponent``.
    mass_g, size_mm
        Of one, ready to be packed.
    known
        False where the item fits no class and only its unit is known.
    """

    name: str
    price_usd: tuple[float, float, float]
    exponent: float
    mass_g: float
    size_mm: tuple[float, float, float]
    known: bool = True


def classify(item: Item) -> PartClass:
    """The class of a bought part, told by words, footprint, part number and pins."""
    return _classify(item.name, item.value, item.description, item.footprint, item.mpn, item.unit)


def estimate_price(item: Item, quantity: float = 100.0) -> PriceEstimate:
    """Range of what one unit of a part may cost, in USD, when ``quantity`` are bought.

    The middle is the class's likely price; low and high are taken as the 10 % and 90 %
    quantiles, with their own log-sigma on either side; the mean is that of the wider lognormal's
    two halves. Source and confidence are in ``basis``.
    """
    part = classify(item)
    most = float(_table()["quantity_most"])
    bought = min(max(quantity, 1.0), most) if math.isfinite(quantity) else most
    scale = (bought / _table()["quantity_reference"]) ** -part.exponent
    low, likely, high = (price * scale for price in part.price_usd)
    spread = Spread(mean=_mean(low, likely, high), p10=low, p50=likely, p90=high, own_sigma=_sigma(low, high))
    basis = (
        f"price of {_name(item)} assumed from {_class_words(part, item)}: {low:.3g} to {high:.3g}, "
        f"likely {likely:.3g} USD each at {bought:,.0f} ({_source()})"
    )
    return PriceEstimate(unit_price_usd=spread, basis=basis)


def part_mass_kg(item: Item) -> tuple[float, str]:
    """Mass of one unit in kg, and the assumption it rests on (empty where the item states it)."""
    if item.mass_kg is not None:
        return item.mass_kg, ""
    package = _package(item)
    if package:
        mass, what = package.mass_mg * 1e-6, f"the package {package.name}"
    else:
        part = classify(item)
        mass, what = part.mass_g * 1e-3, _class_words(part, item)
    return mass, f"mass of {_name(item)} assumed from {what}: {mass * 1e3:.3g} g ({_source()})"


def part_size_mm(item: Item) -> tuple[tuple[float, float, float], str]:
    """Room that one unit takes when packed, in mm, and the assumption (empty where the item states it).

    A part on carrier tape takes its length of tape: tape width x pocket distance x height with
    the tape's own thickness.
    """
    if item.size_mm is not None:
        return item.size_mm, ""
    package = _package(item)
    if package:
        size, what = _packed(package), f"the package {package.name}"
    else:
        part = classify(item)
        size, what = part.size_mm, _class_words(part, item)
    text = " x ".join(f"{side:g}" for side in size)
    return size, f"packed size of {_name(item)} assumed from {what}: {text} mm ({_source()})"


def _packed(package: Package) -> tuple[float, float, float]:
    if package.tape_mm is None or package.tape_pitch_mm is None:
        return package.body_mm
    return package.tape_mm, package.tape_pitch_mm, package.body_mm[2] + _table()["tape_thickness_mm"]


def _package(item: Item) -> Package | None:
    return find_package(item.footprint) if item.footprint and item.unit == "piece" else None


def _class_words(part: PartClass, item: Item) -> str:
    return f"the class '{part.name}'" if part.known else f"nothing but the unit '{item.unit}'"


def _name(item: Item) -> str:
    return item.mpn or " ".join(filter(None, (item.value, item.footprint))) or item.name or item.id


def _source() -> str:
    table = _table()
    return f"{table['source']}, {table['year']}, confidence {table['confidence']}"


@lru_cache(maxsize=65536)
def _classify(name: str, value: str, description: str, footprint: str, mpn: str, unit: str) -> PartClass:
    if unit != "piece":
        return _unit_class(unit)
    reading = read_value(value or name, footprint, f"{name} {description} {plain_kind(mpn)}")
    clues = (
        (_by_words, f" {' '.join(words(f'{name} {value} {description}'))} "),
        (_by_kind, "" if reading.assumed else reading.kind),
        (_by_number, exact_number(mpn or value)),
    )
    for fits, clue in clues:
        if clue.strip() and (found := _first(fits, clue)):
            return _class(found)
    return _by_shape(footprint) or _unit_class(unit)


def _by_shape(footprint: str) -> PartClass | None:
    """Many pins tell more than the family's name; few pins tell less."""
    package = find_package(footprint)
    named = _first(_by_footprint, squeeze(footprint)) if footprint else ""
    if package and package.family in _NO_CHIPS:
        return _class(named or _table()["family"][package.family])
    if package and (package.pins >= _MANY_PINS or not named):
        return _class(_by_pins(package.pins))
    return _class(named) if named else None


def _first(fits: Callable[[Mapping[str, Any], str], bool], clue: str) -> str:
    return next((name for name, row in _table()["class"].items() if fits(row, clue)), "")


def _by_words(row: Mapping[str, Any], text: str) -> bool:
    return any(f" {' '.join(words(phrase))} " in text for phrase in row.get("words", ()))


def _by_kind(row: Mapping[str, Any], kind: str) -> bool:
    return kind in row.get("kinds", ())


def _by_number(row: Mapping[str, Any], number: str) -> bool:
    return number.startswith(tuple(row.get("numbers", ())))


def _by_footprint(row: Mapping[str, Any], footprint: str) -> bool:
    return footprint.startswith(tuple(squeeze(beginning) for beginning in row.get("footprints", ())))


def _by_pins(pins: int) -> str:
    classes = ((name, row["pins_from"]) for name, row in _table()["class"].items() if "pins_from" in row)
    return next((name for name, least in classes if pins >= least), "chip-part")


def _unit_class(unit: str) -> PartClass:
    units = _table()["unit"]
    return _build(f"unit {unit}", units.get(unit, units["piece"]), known=False)


@cache
def _class(name: str) -> PartClass:
    return _build(name, _table()["class"][name], known=True)


def _build(name: str, row: Mapping[str, Any], *, known: bool) -> PartClass:
    low, likely, high = row["price"]
    length, width, height = row["size_mm"]
    return PartClass(
        name=name,
        price_usd=(low, likely, high),
        exponent=row["exponent"],
        mass_g=row["mass_g"],
        size_mm=(length, width, height),
        known=known,
    )


def _sigma(low: float, high: float) -> float:
    return math.log(high / low) / (2 * P90_SIGMAS)


def _mean(low: float, likely: float, high: float) -> float:
    """Mean of a split lognormal: each half with the log-sigma of its own side of the middle."""
    below, above = math.log(likely / low) / P90_SIGMAS, math.log(high / likely) / P90_SIGMAS
    lower = math.exp(below**2 / 2) * (1 - _phi(below))
    upper = math.exp(above**2 / 2) * _phi(above)
    return likely * (lower + upper)


def _phi(z: float) -> float:
    return (1 + math.erf(z / math.sqrt(2))) / 2


def _table() -> dict[str, Any]:
    return toml_table("part_classes.toml")
