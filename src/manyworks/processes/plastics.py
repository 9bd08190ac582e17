"""Plastics: names, densities, prices in each form they are sold in, how they flow and cool."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from manyworks.processes.tables import read_data


@dataclass(frozen=True, slots=True, kw_only=True)
class Plastic:
    """A plastic as moulded and printed.

    ``density`` kg/m3; prices USD/kg by the form it is sold in, None where it is not: ``resin_usd``
    granules for moulding, ``filament_usd``, ``powder_usd`` and ``liquid_usd`` for printing.
    Of those that are moulded (not a number otherwise): ``diffusivity`` mm2/s; ``melt``, ``mould``
    and ``eject`` in degrees Celsius; ``pressure`` in the cavity, MPa, where the melt flows half as
    far as it can; ``flow_limit`` longest flow over wall thickness.
    """

    name: str
    density: float
    co2e: float
    resin_usd: float | None = None
    filament_usd: float | None = None
    powder_usd: float | None = None
    liquid_usd: float | None = None
    diffusivity: float = math.nan
    melt: float = math.nan
    mould: float = math.nan
    eject: float = math.nan
    pressure: float = math.nan
    flow_limit: float = math.nan

    @property
    def cooling(self) -> float:
        """Seconds until the middle of a plate 1 mm thick is cool enough to eject: `cooling_seconds`."""
        return cooling_seconds(self, 1.0)


def _spelled(table: str) -> dict[str, Plastic]:
    found: dict[str, Plastic] = {}
    for name, row in read_data("materials")[table].items():
        figures: dict[str, Any] = {key: value for key, value in row.items() if key != "names"}
        plastic = Plastic(name=name, **figures)
        found.update({_key(spelling): plastic for spelling in (name, *row["names"])})
    return found


@cache
def _plastics() -> Mapping[str, Plastic]:
    """Thermoplastics by every spelling."""
    return _spelled("materials")


@cache
def _photopolymers() -> Mapping[str, Plastic]:
    """Liquids that light hardens, by every spelling."""
    return _spelled("photopolymers")


def _key(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum() or letter == "/")


def known_plastics() -> tuple[str, ...]:
    """Names of the plastics there are figures for."""
    data = read_data("materials")
    return (*data["materials"], *data["photopolymers"])


def find_plastic(material: str) -> Plastic | None:
    """The plastic a free-text material means (``ABS black``, ``nylon``), ``None`` if none does.

    Thermoplastics win over photopolymers: ``ABS resin`` is what granules of ABS are called.
    """
    vague = read_data("materials")["meta"]["vague"]
    text = material.replace(",", " ").replace("(", " ").replace(")", " ")
    words = [word for word in text.split() if word.lower() not in vague]
    for table in (_plastics(), _photopolymers()):
        whole = table.get(_key(material))
        if whole is not None:
            return whole
    for table in (_plastics(), _photopolymers()):
        hits = {plastic.name: plastic for word in words if (plastic := table.get(_key(word)))}
        if hits:
            return next(iter(hits.values())) if len(hits) == 1 else None
    return None


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
