"""The checks as data: limits by number, and what names of packages tell."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files as resources
from typing import Any

# Files of fabrication data write micrometres; chords of arcs lie inside them by as much.
_ROUNDING_MM = 0.001
# Shorter words must stand alone: "pla" is no part of "steel plate".
_LONG = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One threshold of one check.

    Parameters
    ----------
    number
        Of the check (1 to 48); several limits may share it.
    name
        Of the threshold: what shops and users override.
    measure
        What is compared with it.
    processes
        For which it holds.
    sense
        ``at least`` or ``at most``.
    value, by
        The threshold, and other values for named variants (``abs``, ``copper 70``, ``layers 2``).
    unit
        ``mm``, ``mm2``, ``mm3``, ``C``, ``pieces`` or empty for ratios.
    severity
        ``remove from quote``, ``required change`` or ``advisory``.
    capability
        Field of a machine's capability that states the same, empty where there is none.
    hint, source, year, confidence
        What to do; where the figure comes from.
    """

    number: int
    name: str
    measure: str
    processes: tuple[str, ...]
    sense: str
    value: float
    unit: str
    severity: str
    hint: str
    source: str
    year: int
    confidence: str
    capability: str = ""
    by: Mapping[str, float] = field(default_factory=dict)

    def holds(self, measured: float, threshold: float) -> bool:
        """Whether a measured value keeps to a threshold; equal is kept, as is what files round away."""
        slack = _ROUNDING_MM if self.unit == "mm" else 1e-9 * max(abs(threshold), 1.0)
        return measured >= threshold - slack if self.sense == "at least" else measured <= threshold + slack

    def worst(self, values: list[float]) -> float:
        """The value nearest to failing."""
        return min(values) if self.sense == "at least" else max(values)

    def usual(self, variant: str) -> float:
        """The threshold for a variant, the general one where none is given for it."""
        return self.by.get(variant, self.value)


def _load(name: str) -> dict[str, Any]:
    text = resources("manyworks.manufacturability").joinpath(f"data/{name}").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def limits() -> tuple[Limit, ...]:
    """All limits, by number."""
    rows: list[dict[str, Any]] = _load("checks.toml")["limit"]
    return tuple(Limit(**{**row, "processes": tuple(row["processes"])}) for row in rows)


@cache
def _packages() -> dict[str, Any]:
    return _load("packages.toml")


@cache
def _pattern(family: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in _packages()[family]["patterns"]), re.IGNORECASE)


def is_of(family: str, footprint: str) -> bool:
    """Whether a footprint's name is one of a family: hidden_joints, balls, fiducials, turned."""
    return bool(_pattern(family).search(footprint.rpartition(":")[2][:200]))


@cache
def chip_length_mm(footprint: str) -> float | None:
    """Length of a chip part by the imperial code in its footprint's name; None where there is none.

    Where both codes stand (``R_0603_1608Metric``) the first is the imperial one.
    """
    lengths: dict[str, float] = _packages()["chips"]["length_mm"]
    name = footprint.rpartition(":")[2][:200]
    codes = re.findall(r"(?<![\d.])(01005|\d{4})(?![\d.])", name)
    return lengths.get(codes[0]) if codes else None


@cache
def _materials() -> dict[str, Any]:
    return _load("materials.toml")


@cache
def material_family(material: str) -> str:
    """The family a material's name belongs to, empty where no word of it is known."""
    text = material.casefold()
    words = text.replace("-", " ").replace("/", " ").replace(",", " ").split()
    for family, marks in _materials()["families"].items():
        if isinstance(marks, list) and any(m in words or (len(m) >= _LONG and m in text) for m in marks):
            return str(family)
    return ""


def is_plastic(family: str) -> bool:
    """Whether a family of materials is a plastic."""
    return family in _materials()["plastics"]["names"]


def usual_thicknesses_mm() -> list[float]:
    """Thicknesses boards are usually made in, mm."""
    found: list[float] = _materials()["board_thicknesses"]["values_mm"]
    return found
