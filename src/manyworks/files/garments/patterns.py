"""A sewing pattern as its file has it, and the garment design made of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from manyworks.files.garments.limits import FINDINGS_PER_KIND
from manyworks.files.garments.markers import Cloth, lay_markers
from manyworks.files.garments.vocabulary import vocabulary
from manyworks.model import Finding, GarmentDesign, Panel, Seam, info, warning
from manyworks.shapes.contour_sets import area_of, length_of

Point: TypeAlias = tuple[float, float]
Path: TypeAlias = list[Point]


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternPiece:
    """One piece, mm: its cut line, openings cut into it, and how often one garment needs it."""

    name: str
    outline: Path
    cut_outs: tuple[Path, ...] = ()
    pieces: int = 1
    fabric: str = ""
    grain_deg: float | None = None
    notches: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """All pieces of one garment in one size.

    ``seam_mm`` and ``hem_mm`` are what the file tells of sewing; ``allowance_mm`` the seam allowance that
    the outlines hold, None where they hold none or nothing tells; ``add_mm`` what a marker adds around.
    """

    pieces: tuple[PatternPiece, ...]
    seams: tuple[Seam, ...]
    seam_mm: float
    hem_mm: float
    unit: str
    unit_source: str
    size_name: str = ""
    allowance_mm: float | None = None
    add_mm: float = 0.0


def build_garment(pattern: Pattern, where: str, findings: list[Finding]) -> GarmentDesign:
    """Measure a pattern and lay its pieces on the usual cloth widths."""
    panels = tuple(map(_panel, pattern.pieces))
    findings.extend(_say_seams(pattern.seams, where))
    marker = lay_markers(_cloths(pattern), pattern.add_mm, where, findings)
    return GarmentDesign(
        panels=panels,
        seams=pattern.seams,
        pieces=sum(panel.pieces for panel in panels),
        area_mm2=sum(panel.area_mm2 * panel.pieces for panel in panels),
        cut_mm=sum(panel.perimeter_mm * panel.pieces for panel in panels),
        seam_mm=pattern.seam_mm,
        hem_mm=pattern.hem_mm,
        size_name=pattern.size_name,
        unit=pattern.unit,
        unit_source=pattern.unit_source,
        allowance_mm=pattern.allowance_mm,
        marker=marker,
    )


def _panel(piece: PatternPiece) -> Panel:
    """Openings are cut too: their edges count in the perimeter and their area does not."""
    openings = sum(map(area_of, piece.cut_outs))
    return Panel(
        name=piece.name,
        outline_mm=tuple(piece.outline),
        area_mm2=max(0.0, area_of(piece.outline) - openings),
        perimeter_mm=length_of(piece.outline, closed=True)
        + sum(length_of(one, closed=True) for one in piece.cut_outs),
        pieces=piece.pieces,
        fabric=piece.fabric,
        grain_deg=piece.grain_deg,
        notches=piece.notches,
    )


def _cloths(pattern: Pattern) -> list[Cloth]:
    """Pieces by fabric, in the order in which fabrics appear."""
    by_fabric: dict[str, list[PatternPiece]] = {}
    for piece in pattern.pieces:
        by_fabric.setdefault(piece.fabric, []).append(piece)
    return [
        Cloth(
            fabric=fabric,
            outlines=tuple(piece.outline for piece in pieces for _ in range(piece.pieces)),
            grains=tuple(piece.grain_deg for piece in pieces for _ in range(piece.pieces)),
        )
        for fabric, pieces in by_fabric.items()
    ]


def _say_seams(seams: Sequence[Seam], where: str) -> Iterable[Finding]:
    """Edges sewn together should be equally long, or one is gathered."""
    uneven = [seam for seam in seams if seam.ease > vocabulary()["cutting"]["ease"]]
    for seam in uneven[:FINDINGS_PER_KIND]:
        text = (
            f"{seam.first} ({seam.first_mm:,.0f} mm) is sewn to {seam.second} ({seam.second_mm:,.0f} mm): "
            f"{seam.ease:.0%} longer"
        )
        yield warning("files.garment.ease", where, text, "gather or ease the longer edge, or correct it")
    if len(uneven) > FINDINGS_PER_KIND:
        text = f"{len(uneven) - FINDINGS_PER_KIND} further seams join edges of different length"
        yield warning("files.garment.ease", where, text)


def say_assumed_allowance(add_mm: float, where: str) -> Finding:
    """Say that a marker adds a seam allowance the pattern does not have."""
    text = f"the outlines hold no seam allowance; markers add {add_mm:g} mm all around (assumed)"
    return info("files.garment.allowance", where, text, "state the allowance that is really cut")
