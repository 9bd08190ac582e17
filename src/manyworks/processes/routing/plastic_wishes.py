"""What is asked of a plastic part beside its shape: tolerance, finish, clean room, how it is printed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from manyworks.model import Item
from manyworks.processes.precision import tolerance_grade
from manyworks.processes.tables import read_data

_SPI = re.compile(r"\bspi[\s-]*([abcd])[\s-]*([123])\b", re.IGNORECASE)
_VDI = re.compile(r"\bvdi\s*(?:3400)?[\s-]*(\d{1,2})\b", re.IGNORECASE)
_RA = re.compile(r"\bra\s*[<=≤]*\s*(\d+(?:\.\d+)?)", re.IGNORECASE)
_CLASS = re.compile(r"\biso\s*(?:14644(?:-1)?)?\s*(?:class)?\s*([1-9])\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """None where nothing is asked; ``iso_class`` 0 for no clean room."""

    iso_class: int = 0
    tolerance_mm: float | None = None
    nominal_mm: float = 0.0
    nominal_stated: bool = True
    ra_um: float | None = None
    textured: bool = False
    infill: float | None = None
    layer_mm: float | None = None

    @property
    def it_grade(self) -> float | None:
        """Grade of ISO 286 of the tolerance at the size it is asked for."""
        if self.tolerance_mm is None:
            return None
        return tolerance_grade(self.tolerance_mm, self.nominal_mm)

    def told(self) -> tuple[str, ...]:
        """What was taken for granted in reading them."""
        if self.tolerance_mm is None or self.nominal_stated:
            return ()
        return (f"routing: the tolerance is asked over the largest side, {self.nominal_mm:g} mm",)

    def precision(self) -> dict[str, float]:
        """Drivers that every process of the part shares; left out where nothing is asked."""
        asked = {"it_grade": self.it_grade, "ra_um": self.ra_um}
        return {name: value for name, value in asked.items() if value is not None}


def wishes_of(item: Item, largest_mm: float) -> Wishes:
    """Read what an item's parameters, finish and description ask.

    Parameters are ``iso_class``, ``tolerance_mm``, ``nominal_mm``, ``ra_um``, ``infill``, ``layer_mm``; the
    finish may say ``SPI A-2``, ``VDI 27``, ``Ra 0.4``, ``mirror`` or ``textured``; a clean room may stand in
    the description. A tolerance without its size is taken at the part's largest.
    """
    stated = {p.name.lower().replace(" ", "_").replace("-", "_"): p.value for p in item.parameters}
    text = " ".join((item.finish or "", item.description))
    tolerance = _above_zero(stated, "tolerance_mm")
    ra = _above_zero(stated, "ra_um")
    return Wishes(
        iso_class=int(stated.get("iso_class", 0.0)) or _clean_room(text),
        tolerance_mm=tolerance,
        nominal_mm=_above_zero(stated, "nominal_mm") or largest_mm,
        nominal_stated=_above_zero(stated, "nominal_mm") is not None,
        ra_um=finish_ra_um(item.finish or "") if ra is None else ra,
        textured=_has(item.finish or "", "textured"),
        infill=_above_zero(stated, "infill"),
        layer_mm=_above_zero(stated, "layer_mm"),
    )


def _above_zero(stated: Mapping[str, float], name: str) -> float | None:
    value = stated.get(name)
    return value if value is not None and value > 0.0 else None


def _clean_room(text: str) -> int:
    found = _CLASS.search(text)
    return int(found.group(1)) if found and "clean" in text.lower() else 0


def _has(text: str, words: str) -> bool:
    lowered = text.lower()
    return any(word in lowered for word in read_data("route_plastics")["finish_words"][words])


def finish_ra_um(text: str) -> float | None:
    """Roughness that a finish means: by SPI grade, VDI 3400 reference (``Ra = 10^(n/20) / 10``) or ``Ra``."""
    grades = read_data("route_plastics")["spi_ra_um"]
    if spi := _SPI.search(text):
        return float(grades[f"{spi.group(1).upper()}{spi.group(2)}"])
    if vdi := _VDI.search(text):
        return float(10.0 ** (int(vdi.group(1)) / 20.0) / 10.0)
    if (ra := _RA.search(text)) and float(ra.group(1)) > 0.0:
        return float(ra.group(1))
    return float(grades["A1"]) if _has(text, "mirror") else None
