"""Masses, sizes and travels as manifests and facility tables write them -> kg and mm."""

from __future__ import annotations

import math
import re
from typing import Any

# Exact by definition.
_MM = {"mm": 1.0, "cm": 10.0, "m": 1000.0, "in": 25.4, "inch": 25.4, "inches": 25.4, '"': 25.4, "um": 1e-3}
_KG = {"g": 1e-3, "kg": 1.0, "mg": 1e-6, "t": 1000.0, "lb": 0.45359237, "oz": 0.028349523125}
_NUMBER = r"([-+]?\d{1,12}(?:\.\d{0,12})?)"
_CUBE = re.compile(rf"cube\s*\(\s*(?:size\s*=\s*)?\[\s*{_NUMBER}\s*,\s*{_NUMBER}\s*,\s*{_NUMBER}\s*\]")
_ROUND = re.compile(rf"\b(h|r|d)\s*=\s*{_NUMBER}")
_LENGTH = re.compile(rf"^\s*{_NUMBER}\s*(mm|cm|m|inches|inch|in|um|\"|)\s*$", re.IGNORECASE)
_SIDES = (("width", "widht", "x"), ("depth", "length", "y"), ("height", "z"))


def number_of(value: object) -> float | None:
    """A finite number, also one written as text; None for anything else."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        number = float(str(value)[:40])
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def length_mm(text: object, unit: str = "") -> float | None:
    """``220mm``, ``9.8in``, ``630`` with a unit told elsewhere; None for what is no length above 0."""
    match = _LENGTH.match(str(text)[:60]) if text is not None else None
    if match is None:
        return None
    factor = _MM.get((match[2] or unit or "").lower())
    value = float(match[1]) * factor if factor is not None else 0.0
    return value if value > 0 else None


def mass_kg(value: object) -> float | None:
    """A mass: grams as a bare number (OKH-LOSH), or a mapping of value and unit."""
    if isinstance(value, list):
        value = value[0] if value else None
    unit = "g"
    if isinstance(value, dict):
        unit = str(value.get("unit") or "g").casefold()
        value = value.get("value")
    number = number_of(value)
    factor = _KG.get(unit)
    return round(number * factor, 9) if number and factor and number > 0 else None


def size_mm(value: object) -> tuple[float, float, float] | None:
    """Outer dimensions: width, depth, height in mm, or a box or cylinder as OpenSCAD writes them."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, str):
        return _drawn(value, 1.0)
    if not isinstance(value, dict):
        return None
    factor = _MM.get(str(value.get("unit") or "mm").casefold(), 1.0)
    drawn = value.get("openSCAD", value.get("openscad"))
    if isinstance(drawn, str):
        return _drawn(drawn, factor)
    sides = [_side(value, names) for names in _SIDES]
    if all(side is not None and side > 0 for side in sides):
        return _three([side * factor for side in sides if side is not None])
    return None


def _side(value: dict[Any, Any], names: tuple[str, ...]) -> float | None:
    return next((number_of(value[name]) for name in names if name in value), None)


def _drawn(text: str, factor: float) -> tuple[float, float, float] | None:
    cube = _CUBE.search(text[:500])
    if cube:
        return _three([float(side) * factor for side in cube.groups()])
    if "cylinder" not in text[:500]:
        return None
    sizes = {name: float(number) * factor for name, number in _ROUND.findall(text[:500])}
    across = sizes.get("d", 2 * sizes.get("r", 0.0))
    return _three([across, across, sizes.get("h", 0.0)])


def _three(sides: list[float]) -> tuple[float, float, float] | None:
    return (sides[0], sides[1], sides[2]) if min(sides) > 0 else None
