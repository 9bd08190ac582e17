"""Weldments: the operation that joins the parts of a bill whose step is welding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from manyworks.model import Item, Operation, OperationId, Requirement, SheetDesign, SolidDesign
from manyworks.processes.materials import Material, find_material
from manyworks.processes.routing.blanks import STEELS
from manyworks.processes.routing.drafts import told
from manyworks.processes.tables import default, read_data

WELDING_STEPS = ("welding", "mig-welding", "tig-welding", "stick-welding", "spot-welding", "arc-welding")
_SPOT = "spot-welding"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weldment:
    """A welding operation and what was assumed for it."""

    operation: Operation
    assumptions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A part that is welded in: ``quantity`` of it in one whole."""

    item: Item
    quantity: float


def weld_operation(
    item: Item, members: Sequence[Member], slug: str, *, step: str = "welding", weld_mm: float | None = None
) -> Weldment:
    """The operation that joins ``members`` into ``item``.

    Parameters
    ----------
    item
        The whole; its mass is taken where that of a member is not known.
    members
        Parts with their number; material, size and mass of their items are used where known.
    slug
        Of the routing it belongs to.
    step
        What the bill calls it: a process, or ``welding`` for the one that suits material and thickness.
    weld_mm
        Length of all seams where the design states it; else guessed from where the parts can meet.

    Notes
    -----
    A joint for each part beyond the first, as long as ``seam_share`` of the outline of the smaller part's
    end; a fillet of ``fillet_leg_share`` of the thinnest wall. No inputs: the caller states those.
    """
    material = _material(item, members)
    thin = _thinnest_mm(members, material)
    process = _process(step, material, thin)
    parts = sum(member.quantity for member in members)
    length = weld_mm if weld_mm is not None else _seams_mm(members)
    mass = mass_kg(members) or item.mass_kg or 0.0
    operation = Operation(
        id=OperationId(f"{item.id}/{slug}/weld"),
        name="Weld",
        process=process,
        requirement=Requirement(
            process=process,
            size_mm=item.size_mm,
            materials=(item.material or material.name,),
            thickness_mm=thin,
            weight_kg=mass or None,
            certificates=item.required_certificates,
        ),
        drivers=_drivers(process, material, thin, length, parts) | {"mass_kg": mass},
        setup_family=f"{process} {item.id}",
        setup_state={"fixture": str(item.id), "filler": material.family, "electrodes": f"{thin:g} mm"},
    )
    return Weldment(
        operation=operation,
        assumptions=_assumptions(weld_mm is None, process),
    )


def mass_kg(members: Sequence[Member]) -> float | None:
    """Mass of all members together; None where that of one is not known."""
    masses = [member.quantity * (member.item.mass_kg or 0.0) for member in members]
    return sum(masses) if all(masses) else None


def skin_mm2(members: Sequence[Member]) -> float:
    """Skin of all members together: of their solids, else of their boxes."""
    return sum(member.quantity * _skin_of(member.item) for member in members)


def _skin_of(item: Item) -> float:
    if isinstance(item.design, SolidDesign):
        return item.design.surface_mm2
    short, middle, long = _box(item)
    return 2.0 * (long * middle + middle * short + short * long)


def _box(item: Item) -> list[float]:
    """Sides of a part's box, short to long; of an ordinary piece of sheet where nothing is known."""
    design = item.design
    if isinstance(design, SolidDesign):
        return sorted(design.size_mm)
    sheet = default("sheet_steel_mm")
    if isinstance(design, SheetDesign):
        return sorted((*design.size_mm, design.thickness_mm or sheet))
    return sorted(item.size_mm or (sheet, 50.0, 50.0))


def _wall_mm(item: Item, density: float) -> float:
    """Thickness of a part where it is welded: stated or measured, else of what fills so much of its box.

    Twice the volume over the skin is the wall of a thin body. A part of known mass that fills less of its
    box than ``hollow_share`` is a hollow profile, ``V / (L 2 (b + h))``; one of unknown mass that is as
    thick as wide is taken for a tube.
    """
    design = item.design
    short, middle, long = _box(item)
    if isinstance(design, SheetDesign):
        return short
    if isinstance(design, SolidDesign):
        return min(design.wall_mm or short, 2.0 * design.volume_mm3 / design.surface_mm2)
    if item.mass_kg:
        volume = item.mass_kg / density * 1e9
        hollow = volume < default("hollow_share") * short * middle * long
        return min(volume / (2.0 * (short + middle) * long), short) if hollow else short
    square = middle < default("profile_slenderness") * short
    return min(short, default("member_wall_mm")) if square else short


def _drivers(process: str, material: Material, thin: float, length: float, parts: float) -> dict[str, float]:
    if process == _SPOT:
        spots = max(round(length / default("spot_pitch_mm")), 2.0 * max(parts - 1.0, 1.0))
        return {"spots": float(spots), "thickness_mm": thin, "parts": parts, "length_mm": length}
    return {
        "weld_mm": length,
        "leg_mm": max(thin * default("fillet_leg_share"), default("weld_leg_least_mm")),
        "seams": 2.0 * max(parts - 1.0, 1.0),
        "parts": parts,
        "thickness_mm": thin,
        "density": material.density,
        "filler_usd": material.price("bar") or material.price("sheet") or 0.0,
        "co2e": material.co2e,
    }


def _material(item: Item, members: Sequence[Member]) -> Material:
    """The whole's material, else the first one known of a part, else the usual one."""
    names = (item.material, *(member.item.material for member in members))
    usual = str(read_data("route_sheets")["usual"]["material"])
    found = next((material for name in (*names, usual) if name and (material := find_material(name))), None)
    if found is None:
        raise ValueError(usual)
    return found


def _thinnest_mm(members: Sequence[Member], material: Material) -> float:
    walls = [_wall_mm(member.item, material.density) for member in members]
    return min(walls, default=default("sheet_steel_mm"))


def _seams_mm(members: Sequence[Member]) -> float:
    """A share of the outline of each part's smaller face, the largest part left out."""
    outlines: list[float] = []
    for member in members:
        short, middle, _ = _box(member.item)
        outlines += [2.0 * (short + middle)] * max(round(member.quantity), 1)
    return default("seam_share") * sum(sorted(outlines)[:-1] or outlines)


def _process(step: str, material: Material, thin: float) -> str:
    """The welding process a step's words name, else the one that suits thickness and material."""
    words = read_data("route_sheets")["words"]
    for name in ("spot", "tig", "stick"):
        if any(word in step.lower() for word in words[name]):
            return f"{name}-welding"
    limit = "tig_steel_up_to_mm" if material.family in STEELS else "tig_up_to_mm"
    fine = thin <= default(limit) or material.family == "titanium"
    return "tig-welding" if fine and "mig" not in step.lower() else "mig-welding"


def _assumptions(guessed: bool, process: str) -> tuple[str, ...]:
    names = ["fillet_leg_share"] if process != _SPOT else ["spot_pitch_mm"]
    names += ["seam_share"] if guessed else []
    names += ["tig_up_to_mm", "tig_steel_up_to_mm", "member_wall_mm"]
    return told(*names)
