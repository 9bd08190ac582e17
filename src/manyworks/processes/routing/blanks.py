"""A flat piece of sheet as the cutting processes see it, whatever design it was read from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from manyworks.processes.materials import Material
from manyworks.processes.tables import read_data

_MM3 = 1e-9
STEELS = ("steel", "alloy steel", "tool steel")
METALS = frozenset(
    (
        *STEELS,
        "stainless",
        "aluminium",
        "brass",
        "copper",
        "titanium",
        "magnesium",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Openings:
    """What a turret press sees of a piece: openings made by one stroke, by tool; the rest.

    ``tools`` names the different tools; ``nibble_mm`` are curves and large openings, ``edge_mm``
    straight edges, ``smallest_mm`` the smallest opening across (None where there is none).
    """

    strokes: float
    tools: tuple[str, ...]
    nibble_mm: float
    edge_mm: float
    smallest_mm: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bending:
    """Bends of a piece: how many, the longest, inside radii.

    ``leg_mm`` is the shortest leg, ``opening_mm`` how near an opening lies to a bend; None where not known.
    """

    strokes: int
    longest_mm: float
    radii_mm: tuple[float, ...] = ()
    leg_mm: float | None = None
    opening_mm: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """A flat piece. Lengths in mm, areas in mm2; ``nested_mm2`` 0 where it was not nested.

    ``told`` are the assumptions made on the way here.
    """

    material: Material
    thickness_mm: float
    length_mm: float
    width_mm: float
    area_mm2: float
    cut_mm: float
    pierces: float
    openings: Openings
    pieces: float = 1.0
    engrave_mm: float = 0.0
    nested_mm2: float = 0.0
    bending: Bending | None = None
    told: tuple[str, ...] = ()

    @property
    def mass_kg(self) -> float:
        """Mass of one."""
        return self.area_mm2 * self.thickness_mm * _MM3 * self.material.density

    @property
    def skin_mm2(self) -> float:
        """Both sides and the cut edges."""
        return 2.0 * self.area_mm2 + self.cut_mm * self.thickness_mm

    @property
    def is_metal(self) -> bool:
        """Whether it can be punched, bent and coated."""
        return self.material.family in METALS

    def drivers(self) -> dict[str, float]:
        """The numbers that all cutting processes grow with."""
        return {
            "thickness_mm": self.thickness_mm,
            "length_mm": self.length_mm,
            "width_mm": self.width_mm,
            "area_mm2": self.area_mm2,
            "nested_mm2": self.nested_mm2,
            "pieces": self.pieces,
            **stock_drivers(self.material, "sheet"),
        }


def stock_drivers(material: Material, form: str) -> dict[str, float]:
    """Density, price, scrap and carbon of a material as the cutting processes name them."""
    return {
        "density": material.density,
        f"{form}_usd": material.price(form) or 0.0,
        "scrap_usd": material.scrap,
        "co2e": material.co2e,
    }


def least_radius_ratio(material: Material) -> float:
    """Inside bend radius over thickness below which the material cracks."""
    known: Mapping[str, float] = read_data("route_sheets")["least_radius"]
    return known.get(material.name, 0.0)


def sorted_tools(names: Sequence[str]) -> tuple[str, ...]:
    """Different tools in a fixed order."""
    return tuple(sorted(set(names)))
