"""Markers: all pieces of a garment laid on cloth of the usual widths, along the grain."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from manyworks.files.garments.vocabulary import vocabulary
from manyworks.model import Finding, Nesting, info, warning
from manyworks.shapes.contour_sets import Path, area_of
from manyworks.shapes.nesting import lay_out

# Where a pattern has no grain line: upright, as pieces are drawn when they hang.
_UPRIGHT = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloth:
    """Pieces of one fabric, each as often as it is needed, mm, with their grain lines in degrees."""

    fabric: str
    outlines: tuple[Path, ...]
    grains: tuple[float | None, ...]


def lay_markers(
    cloths: Sequence[Cloth], add: float, where: str, findings: list[Finding]
) -> tuple[Nesting, ...]:
    """Lay one garment on every usual width, fabric by fabric; what is assumed is said."""
    _say_assumed(cloths, where, findings)
    markers: list[Nesting] = []
    for cloth in cloths:
        outlines = _along_the_roll(cloth, add)
        for row in vocabulary()["cloth"]:
            marker = _marker(cloth.fabric, outlines, float(row["usable_mm"]), add)
            if marker is not None:
                markers.append(marker)
        if outlines and not any(True for one in markers if _is_of(one, cloth.fabric)):
            text = f"no usual width of cloth takes all pieces{_of(cloth.fabric)}"
            findings.append(warning("files.garment.too-wide", where, text, "turn them, or split the largest"))
    return tuple(markers)


def _of(fabric: str) -> str:
    return f" of {fabric!r}" if fabric else ""


def _is_of(marker: Nesting, fabric: str) -> bool:
    return marker.method.endswith(f"fabric {fabric}") if fabric else "fabric " not in marker.method


def _along_the_roll(cloth: Cloth, add: float) -> list[Path]:
    """Pieces turned so that the grain runs along x, as the roll does, with the allowance added."""
    import shapely

    outlines: list[Path] = []
    for outline, grain in zip(cloth.outlines, cloth.grains, strict=True):
        angle = -math.radians(_UPRIGHT if grain is None else grain)
        cos, sin = math.cos(angle), math.sin(angle)
        turned: Path = [(x * cos - y * sin, x * sin + y * cos) for x, y in outline]
        if add > 0:
            grown = shapely.Polygon(turned).buffer(add, join_style="mitre", mitre_limit=2.0)
            if grown.geom_type == "Polygon":
                turned = [(float(x), float(y)) for x, y in grown.exterior.coords][:-1]
        outlines.append(turned)
    return outlines


def _marker(fabric: str, outlines: Sequence[Path], width: float, add: float) -> Nesting | None:
    cutting = vocabulary()["cutting"]
    gap = float(cutting["gap_mm"])
    layout = lay_out(outlines[: cutting["pieces"]], width, gap=gap)
    if layout.left or not layout.placements:
        return None
    length, method = layout.length, "bottom-left on a grid, grain along the cloth, turned by 180 degrees"
    if len(outlines) > len(layout.placements):
        share = sum(map(area_of, outlines)) / sum(map(area_of, outlines[: cutting["pieces"]]))
        length *= share
        method += f"; {len(layout.placements)} of {len(outlines)} pieces laid, the rest at the same yield"
    if add > 0:
        method += f"; {add:g} mm allowance added"
    if fabric:
        method += f"; fabric {fabric}"
    return Nesting(
        sheet_mm=(width, length), pieces=len(outlines), used_share=layout.used, gap_mm=gap, method=method
    )


def _say_assumed(cloths: Sequence[Cloth], where: str, findings: list[Finding]) -> None:
    grains = [grain for cloth in cloths for grain in cloth.grains]
    missing = sum(1 for grain in grains if grain is None)
    if missing:
        text = f"{missing} of {len(grains)} pieces have no grain line: upright as drawn is taken"
        findings.append(info("files.garment.grain", where, text, "draw grain lines"))
