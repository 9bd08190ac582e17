"""Sheets guessed from box, volume and surface alone, where a solid's features were not measured."""

from __future__ import annotations

import math

from manyworks.model import Item, SolidDesign
from manyworks.processes.materials import Material
from manyworks.processes.routing.blanks import METALS, Bending, Blank
from manyworks.processes.routing.drafts import told
from manyworks.processes.routing.sheet_routes import unknown_openings
from manyworks.processes.tables import default

_BENT = frozenset(("sheet-metal-bending", "sheet-metal-work"))
_CUT = _BENT | {"laser-cutting", "punching", "waterjet-cutting", "plasma-cutting", "sheet-metal-cutting"}
# Walls measured elsewhere may differ this much from the box's least side on a plate.
_LIKE = 0.1


def guess_blank(item: Item, design: SolidDesign, material: Material) -> Blank | None:
    """The flat piece a solid may be cut as; None where its box does not look like sheet.

    A plate's volume is area times thickness and its skin twice the area and the cut, so box, volume
    and surface give thickness, area and cut length; that no feature stops half way is assumed. A bent
    part is taken for one only where the item asks for sheet work.
    """
    asked = bool(_CUT & set(item.processes))
    # Plastics are moulded and printed into thin parts of many depths.
    plate = _plate(design, material, asked=asked) if asked or material.family != "plastic" else None
    if plate is not None:
        return plate
    bent = material.family in METALS and bool(_BENT & set(item.processes))
    return _bent(design, material) if bent else None


def _plate(design: SolidDesign, material: Material, *, asked: bool) -> Blank | None:
    thickness, wide, long = sorted(design.size_mm)
    most = default("thickest_plate_mm") if asked else default("unmeasured_plate_mm")
    if thickness > min(most, default("plate_from_box") * wide) or _other_wall(design, thickness):
        return None
    area = design.volume_mm3 / thickness
    cut = (design.surface_mm2 - 2.0 * area) / thickness
    # No outline is shorter than that of a circle of its area, and no area larger than its box.
    if area > 1.001 * long * wide or cut < 0.999 * 2.0 * math.sqrt(math.pi * area):
        return None
    outline = 2.0 * (long + wide)
    pierces = 1.0 + round(max(cut - outline, 0.0) / (math.pi * default("other_hole_mm")))
    return Blank(
        material=material,
        thickness_mm=thickness,
        length_mm=long,
        width_mm=wide,
        area_mm2=area,
        cut_mm=cut,
        pierces=pierces,
        openings=unknown_openings(cut, pierces, outline),
        told=(
            "routing: features not measured; taken as a flat plate cut through everywhere",
            *told("unmeasured_plate_mm", "other_hole_mm"),
        ),
    )


def _other_wall(design: SolidDesign, thickness: float) -> bool:
    """Whether walls were measured and are not those of a plate."""
    return design.wall_mm is not None and abs(design.wall_mm - thickness) > _LIKE * thickness


def _bent(design: SolidDesign, material: Material) -> Blank:
    """A bent sheet: thickness from the walls or twice volume over skin, the flat as long as the box."""
    _, middle, long = sorted(design.size_mm)
    thickness = design.wall_mm or 2.0 * design.volume_mm3 / design.surface_mm2
    area = design.volume_mm3 / thickness
    across = area / default("unmeasured_fill") / long
    outline = 2.0 * (long + across)
    return Blank(
        material=material,
        thickness_mm=thickness,
        length_mm=max(long, across),
        width_mm=min(long, across),
        area_mm2=area,
        cut_mm=outline,
        pierces=1.0,
        openings=unknown_openings(outline, 1.0, outline),
        bending=Bending(strokes=round(default("unmeasured_bends")), longest_mm=middle),
        told=(
            f"routing: features not measured; bent from {thickness:.3g} mm sheet as wide as its volume asks",
            *told("unmeasured_bends", "unmeasured_fill"),
        ),
    )
