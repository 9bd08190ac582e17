"""Thermoplastics: names, densities, prices, and how fast they cool."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from manyworks.processes.tables import read_data


@dataclass(frozen=True, slots=True, kw_only=True)
class Plastic:
    """A thermoplastic as moulded and printed.

    ``density`` kg/m3; prices USD/kg, ``filament_usd`` None where it is not sold as filament;
    ``diffusivity`` mm2/s; temperatures in degrees Celsius; ``pressure`` in the cavity, MPa.
    """

    name: str
    density: float
    resin_usd: float
    diffusivity: float
    melt: float
    mould: float
    eject: float
    pressure: float
    co2e: float
    filament_usd: float | None = None


@cache
def _plastics() -> Mapping[str, Plastic]:
    found: dict[str, Plastic] = {}
    for name, row in read_data("materials")["materials"].items():
        figures: dict[str, Any] = {key: value for key, value in row.items() if key != "names"}
        plastic = Plastic(name=name, **figures)
        found.update({_key(spelling): plastic for spelling in (name, *row["names"])})
    return found


def _key(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum() or letter == "/")


def known_plastics() -> tuple[str, ...]:
    """Names of the plastics there are figures for."""
    return tuple(read_data("materials")["materials"])


def find_plastic(material: str) -> Plastic | None:
    """The plastic a free-text material means (``ABS black``, ``nylon``), ``None`` if none does."""
    whole = _plastics().get(_key(material))
    if whole is not None:
        return whole
    words = material.replace(",", " ").replace("(", " ").replace(")", " ").split()
    hits = {plastic.name: plastic for word in words if (plastic := _plastics().get(_key(word)))}
    return next(iter(hits.values())) if len(hits) == 1 else None


def describe_figure(plastic: Plastic, what: str, value: float, unit: str) -> str:
    """How a material's figure is told in a quote's assumptions."""
    meta = read_data("materials")["meta"]
    return (
        f"{plastic.name} {what} = {value:g} {unit} (within a factor of {meta['range']:g}; {meta['source']}, "
        f"{meta['year']}, confidence {meta['confidence']})"
    )


def cooling_seconds(plastic: Plastic, wall_mm: float) -> float:
    """Seconds until the middle of a plate of ``wall_mm`` is cool enough to eject.

    ``s^2 / (pi^2 a) * ln(4/pi * (melt - mould) / (eject - mould))``: the first term of the series for
    the mid-plane temperature of a plate (with 8/pi^2 in place of 4/pi it would be the mean one).
    """
    ratio = (plastic.melt - plastic.mould) / (plastic.eject - plastic.mould)
    return wall_mm**2 / (math.pi**2 * plastic.diffusivity) * math.log(4.0 / math.pi * ratio)
