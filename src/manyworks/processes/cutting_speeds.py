"""How fast a beam, an arc, a jet or a saw goes through a material: laws by family.

``v = speed (P/P0)^power t^-thickness exp(-decay t / (P/P0)^reach)`` in m/min, P the beam's power in kW
(the arc's current in A), t the thickness in mm. The power law is the energy balance of the kerf (``v =
e P / (w t rho H)``: power that arrives over kerf width, thickness, density and melting enthalpy); the
exponential is what stays in the kerf of a sheet that is thick for the beam. Fitted to a published chart
(1 to 12 kW) and checked against a second maker's; sources and errors stand in ``cutting_speeds.toml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from manyworks.model import Finding, Operation, error
from manyworks.processes.frame import Bench, Number
from manyworks.processes.materials import Material, find_material
from manyworks.processes.tables import ProcessesError, read_data

USUAL_FAMILY = "steel"
LASER, PLASMA = "laser", "plasma"
_SLOWEST = 0.02
_MM = 1e-3
_NEXT_TO_NOTHING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedLaw:
    """One gas on one family of material; fields as ``cutting_speeds.toml`` explains them."""

    gas: str
    speed: float
    reference: float
    power: float
    thickness: float
    decay: float
    reach: float
    flow: float
    flow_growth: float
    thickest: float
    error: float
    source: str
    confidence: str
    co2: bool = False

    def m_per_min(self, thickness_mm: float, power: Number) -> Number:
        """Speed through ``thickness_mm`` with a beam of ``power`` (kW, A), never quite nothing."""
        strength = power / self.reference
        lost = np.exp(-self.decay * thickness_mm / strength**self.reach)
        fast: Number = self.speed * strength**self.power * thickness_mm**-self.thickness * lost
        return np.maximum(fast, _SLOWEST)

    def gas_m3_per_hour(self, thickness_mm: float) -> float:
        """Gas that flows while the beam is on."""
        return float(self.flow * max(thickness_mm, 1.0) ** self.flow_growth)


@cache
def _laws(tool: str) -> Mapping[str, tuple[SpeedLaw, ...]]:
    rows = read_data("cutting_speeds")[tool]
    return {family: tuple(SpeedLaw(**row) for row in gases) for family, gases in rows.items()}


def cutting_family(material: Material) -> str:
    """The family under which a material's cutting speeds are kept."""
    return str(read_data("cutting_speeds")["families"].get(material.family, material.family))


def speed_laws(family: str, tool: str = LASER) -> tuple[SpeedLaw, ...]:
    """The gases a family can be cut with; none where the tool does not cut it."""
    return _laws(tool).get(family, ())


def material_laws(material: Material, tool: str = LASER) -> tuple[SpeedLaw, ...]:
    """The gases a material can be cut with; none where its family is not cut, or where a beam spoils it."""
    spoilt = material.name in read_data("cutting_speeds")["spoilt"]
    return () if spoilt else speed_laws(cutting_family(material), tool)


def thickest_mm(material: Material, tool: str = LASER) -> float:
    """The thickest sheet of a material that ordinary machines cut well; 0 where none does."""
    return max((law.thickest for law in material_laws(material, tool)), default=0.0)


@cache
def _stated(materials: tuple[str, ...]) -> Material | None:
    """The first of the materials an operation requires that the store knows."""
    return next((material for text in materials if (material := find_material(text))), None)


def laws_of(
    operation: Operation, *, tool: str = LASER, metals_only: bool = False
) -> tuple[SpeedLaw, ...] | None:
    """Speed laws of the material an operation requires; None where it names no known one.

    ``metals_only`` for machines that have no CO2 laser.

    Raises
    ------
    ProcessesError
        The tool does not cut the material.
    """
    material = _stated(operation.requirement.materials)
    if material is None:
        return None
    laws = tuple(law for law in material_laws(material, tool) if not (metals_only and law.co2))
    if not laws:
        raise ProcessesError([_uncut(operation, material)])
    return laws


def _uncut(operation: Operation, material: Material) -> Finding:
    why = read_data("cutting_speeds")["spoilt"].get(material.name, f"it goes through no {material.family}")
    return error(
        "processes.cutting.material",
        operation.id,
        f"{operation.process} does not cut {material.name}: {why}",
        "waterjet cutting or punching takes it",
    )


def jet_machinability(operation: Operation) -> float | None:
    """Machinability number for an abrasive jet of the material an operation requires; None where unknown."""
    material = _stated(operation.requirement.materials)
    known = read_data("cutting_speeds")["waterjet"]
    number: float | None = known.get(cutting_family(material)) if material else None
    return number


def saw_rate(family: str) -> float | None:
    """Area of a family that a band saws in a minute, cm2; None where unknown."""
    rate: float | None = read_data("cutting_speeds")["sawing"].get(family)
    return rate


def stated_saw_rate(operation: Operation) -> float | None:
    """`saw_rate` of the material an operation requires; None where unknown."""
    material = _stated(operation.requirement.materials)
    return saw_rate(material.family) if material else None


def contour_s(cut_mm: float, contours: float, v: Number, bench: Bench) -> Number:
    """Seconds along contours at ``v`` m/s: ``L / v' + stops * v' / a``.

    ``v' = min(v, sqrt(L a / stops))`` is the fastest that pays where the head (``acceleration``) stops at
    ``corners`` on every contour, so that small contours are not cut faster than the machine moves.
    """
    length, a = cut_mm * _MM, bench["acceleration"]
    stops = np.maximum(bench["corners"] * contours, _NEXT_TO_NOTHING)
    reached = np.minimum(v, np.sqrt(length * a / stops))
    seconds: Number = length / np.maximum(reached, _NEXT_TO_NOTHING) + stops * reached / a
    return seconds
